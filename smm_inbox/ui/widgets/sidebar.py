"""Lists with their counts and accounts with their health, at the left or in an overlay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.strip import Strip

from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.ids import AccountId, TagId
from smm_inbox.domain.listing import Count, Counts, FeedQuery, View
from smm_inbox.domain.tag import TagCount, frequent
from smm_inbox.locale import tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.safe import cells, clip

from .feed_row import tag_ink
from .painted import Line, Painted, Span

if TYPE_CHECKING:
    from smm_inbox.services.accounts import AccountView

VIEWS: tuple[View, ...] = (
    View.AWAITING,
    View.OPEN,
    View.DIRECT,
    View.COMMENTS,
    View.MENTIONS,
    View.REVIEWS,
    View.SNOOZED,
    View.STARRED,
    View.DRAFTS,
    View.NOT_SENT,
    View.CLOSED,
    View.SPAM,
)
"""In the order of the sidebar and of Tab."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a line of the sidebar leads to: a list, a tag, an account (``None``: all accounts)."""

    view: View | None = None
    account: AccountId | None = None
    tag: TagId | None = None
    search: str = ""
    """The query of a saved list."""


_TAGS = 10
"""Tags in the sidebar; the overlay has all of them."""
Entry = tuple[Line, Choice | None]


def entries(
    counts: Counts,
    accounts: Sequence[AccountView],
    query: FeedQuery,
    now: datetime,
    picked: Choice | None = None,
    *,
    every_tag: bool = False,
) -> list[Entry]:
    """Lines of the sidebar; those with a ``Choice`` can be picked.

    ``every_tag``: all tags by their names, not only the frequent ones with open conversations.
    """
    found: list[Entry] = []
    shown = None if query.search else query.view
    for view in VIEWS:
        choice = Choice(view=view)
        count = counts.views.get(view, Count())
        found.append((_view(view, count, shown is view, choice == picked), choice))
    if counts.searches:
        found.append((Line(), None))
    for saved in counts.searches:
        choice = Choice(search=saved.query)
        count = Count(saved.awaiting, saved.total)
        chosen = saved.query == query.search
        found.append((_named(saved.name, chosen, choice == picked, _numbers(count)), choice))
    if accounts:
        found.append((Line(), None))
    many = len(accounts) > 1
    if many:
        choice = Choice()
        line = _named(tr("All accounts"), query.account is None, choice == picked, ())
        found.append((line, choice))
    for account in accounts:
        choice = Choice(account=account.id)
        chosen = many and query.account == account.id
        count = counts.accounts.get(account.id, Count())
        found.extend(_account(account, count, chosen, choice, choice == picked, now))
    tags = counts.tags if every_tag else _frequent(counts.tags, query.tag)
    if tags:
        found.append((Line(), None))
    for one in tags:
        choice = Choice(tag=one.tag.id)
        found.append((_tag(one, query.tag == one.tag.id, choice == picked), choice))
    return found


def _frequent(tags: Sequence[TagCount], chosen: TagId | None) -> list[TagCount]:
    """The tags with most conversations among those with open ones, and the chosen one."""
    shown = [one for one in frequent(tags) if one.open][:_TAGS]
    missing = [one for one in tags if one.tag.id == chosen and one not in shown]
    return [*missing, *shown]


def _tag(one: TagCount, chosen: bool, picked: bool) -> Line:
    right: tuple[Span, ...] = ()
    if one.awaiting:
        right = ((fmt.number(one.awaiting), "strong"),)
        if one.open > one.awaiting:
            right = (*right, (f" / {fmt.number(one.open)}", "quiet"))
    elif one.open:
        right = ((fmt.number(one.open), "quiet"),)
    line = _named("", chosen, picked, right)
    ink = "strong" if (chosen or picked) and not one.tag.colour else tag_ink(one.tag)
    return Line((line.left[0], (f"#{one.tag.name}", ink)), line.right, line.ground)


def _view(view: View, count: Count, chosen: bool, picked: bool) -> Line:
    right: tuple[Span, ...] = ()
    if view in {View.AWAITING, View.NOT_SENT}:
        burns = view is View.NOT_SENT and count.total
        ink = "alarm" if burns else "strong" if count.total else "quiet"
        right = ((fmt.number(count.total), ink),)
    else:
        right = _numbers(count)
    return _named(fmt.view_word(view), chosen, picked, right)


def _numbers(count: Count) -> tuple[Span, ...]:
    if count.awaiting == count.total and count.total:
        return ((fmt.number(count.total), "strong"),)
    if count.awaiting:
        return (
            (fmt.number(count.awaiting), "strong"),
            (f" / {fmt.number(count.total)}", "quiet"),
        )
    return ((fmt.number(count.total), "quiet"),) if count.total else ()


def _named(name: str, chosen: bool, picked: bool, right: tuple[Span, ...]) -> Line:
    mark = "▌" if picked or chosen else " "
    ground = "cursor" if picked else "cursor-idle" if chosen else ""
    ink = "strong" if chosen or picked else "plain"
    ending = (*right, (" ", "plain")) if right else ()
    return Line(((mark, "key"), (name, ink)), ending, ground)


def _account(
    account: AccountView, count: Count, chosen: bool, choice: Choice, picked: bool, now: datetime
) -> list[Entry]:
    state = account.health.state
    sign = fmt.health_sign(state)
    ink = {HealthState.ONLINE: "good", HealthState.OFF: "quiet"}.get(state, "warn")
    if state in {HealthState.NEEDS_LOGIN, HealthState.BROKEN}:
        ink = "alarm"
    mark = "▌" if picked or chosen else " "
    ground = "cursor" if picked else "cursor-idle" if chosen else ""
    name = account.title or account.short
    right: tuple[Span, ...] = ()
    if count.awaiting:
        right = ((fmt.number(count.awaiting), "strong"), (" ", "plain"))
    found: list[Entry] = [
        (Line(((mark, "key"), (f"{sign} ", ink), (name, "plain")), right, ground), choice)
    ]
    if words := health_words(account, now):
        found.append((Line((("   ", "plain"), (words, "quiet"))), choice))
    return found


def health_words(account: AccountView, now: datetime) -> str:
    """State of a connection in words; empty when there is nothing to say."""
    health = account.health
    if health.state is HealthState.ONLINE:
        return ""
    if health.state is HealthState.WAITING and health.until is not None:
        return tr("again in {time}").format(time=fmt.countdown(health.until, now))
    return fmt.health_word(health.state)


class Sidebar(Painted):
    """The lists and accounts; a click picks one."""

    class Picked(Message):
        """A line was picked."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries: list[Entry] = []

    def show(self, entries: list[Entry]) -> None:
        """Replace the lines."""
        if entries != self._entries:
            self._entries = entries
            self.refresh()

    @property
    def text(self) -> str:
        """What the sidebar says."""
        return "\n".join(line.text for line, _ in self._entries)

    def on_click(self, event: events.Click) -> None:
        """Pick a line."""
        if 0 <= event.y < len(self._entries):
            choice = self._entries[event.y][1]
            if choice is not None:
                self.post_message(self.Picked(choice))

    def paint(self, width: int, height: int) -> Sequence[Strip]:
        """Paint the lines; long names are cut before the numbers are."""
        return [self.strip_of(_cut(line, width), width) for line, _ in self._entries[:height]]


def _cut(line: Line, width: int) -> Line:
    """Shorten the last span of the left end so that its ellipsis is seen beside the number."""
    ending = sum(cells(text) for text, _ in line.right)
    if not ending or not line.left:
        return line
    room = width - ending - 1 - sum(cells(text) for text, _ in line.left[:-1])
    text, ink = line.left[-1]
    return Line((*line.left[:-1], (clip(text, max(1, room)), ink)), line.right, line.ground)
