"""The top of the conversation that never scrolls away: who writes, where, under what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from smm_inbox.domain.feed import ConversationCard
from smm_inbox.domain.ids import MANUAL
from smm_inbox.domain.person import Margin
from smm_inbox.domain.text import one_line
from smm_inbox.locale import ntr, tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.safe import clip, wrap

from .feed_row import tag_span
from .painted import Line, Span

_SHORT = 64
"""Below this width the reach is a number without its word."""


@dataclass(frozen=True, slots=True)
class HeadLook:
    """What the head depends on besides the conversation."""

    width: int
    now: datetime
    zone: tzinfo
    channel: str
    opened: bool
    """The post in full, in at most ``room`` lines."""
    room: int
    margin: Margin
    """How to address and reach the author, and notes on them."""
    key: str = "i"
    """Opens the author card."""


def head_lines(card: ConversationCard, look: HeadLook) -> list[Line]:
    """Two to six lines, more when opened; the author and how to address them first."""
    lines = [_author(card), _about(card, look), *_manners(look)]
    if _says_more(card):
        lines.append(Line(((f" {card.title}", "plain"),), (), "head"))
    lines.extend(_owed(card, look))
    lines.extend(_root(card, look))
    if card.thread_root is not None:
        root = card.thread_root
        author = root.author.name if root.author and root.author.name else tr("No name")
        text = one_line(root.text[:500]) or tr("no text")
        lines.append(Line(((f" └ {author}: ", "quiet"), (text, "quiet")), (), "head"))
    return lines


def _owed(card: ConversationCard, look: HeadLook) -> list[Line]:
    """What was promised here, and whose word is waited for."""
    lines: list[Line] = []
    if card.promises:
        first = card.promises[0]
        late = first.due <= look.now
        when = tr("promised {when}").format(when=fmt.until(first.due, look.now, look.zone))
        more = f"  +{len(card.promises) - 1}" if len(card.promises) > 1 else ""
        ink = "alarm" if late else "warn"
        spans = ((f" {'! ' if late else ''}{when}: ", ink), (first.phrase + more, "plain"))
        lines.append(Line(spans, (), "head"))
    if card.row.colleague:
        words = tr("waits for {name}").replace("{name}", card.row.colleague)
        lines.append(Line(((f" {words}", "warn"),), (), "head"))
    return lines


def _says_more(card: ConversationCard) -> bool:
    """Whether the title tells what neither the name nor the post does."""
    known = {card.contact.name if card.contact else "", card.row.name, ""}
    return card.title not in known and not (card.root and card.root.text == card.title)


def _author(card: ConversationCard) -> Line:
    contact = card.contact
    name = (contact.name if contact else "") or card.row.name or card.title or tr("No name")
    handle = (contact.handle if contact else "") or card.row.handle
    left: list[Span] = [(f" {name}", "strong")]
    if handle and handle != name:
        left.append((f"  {fmt.handle(handle)}", "quiet"))
    if contact and contact.note:
        left.append((f"  {contact.note}", "warn"))
    if card.row.starred:
        left.append(("  ★", "key"))
    left.extend(part for tag in card.row.tags for part in (("  ", "plain"), tag_span(tag)))
    mark = "public" if card.row.public else "private"
    return Line(tuple(left), ((fmt.public_word(card.row.public), mark), (" ", "plain")), "head")


def _manners(look: HeadLook) -> list[Line]:
    """How to address and reach the author, and that there are notes: read before writing."""
    margin, room = look.margin, max(10, look.width - 2)
    lines: list[Line] = []
    if margin.details.address:
        words = tr("address as: {words}").format(words=margin.details.address)
        lines.append(Line(((f" {clip(words, room)}", "note"),), (), "head"))
    if margin.details.reach:
        words = tr("reach by: {words}").format(words=margin.details.reach)
        lines.append(Line(((f" {clip(words, room)}", "note"),), (), "head"))
    if margin.about:
        many = ntr("{count} note on the author", "{count} notes on the author", margin.about)
        words = f"{many.format(count=margin.about)} — {look.key}"
        lines.append(Line(((f" {clip(words, room)}", "note"),), (), "head"))
    return lines


def _about(card: ConversationCard, look: HeadLook) -> Line:
    contact = card.contact
    city = (contact.city if contact else "") or card.row.city
    followers = contact.followers if contact else card.row.followers
    place = f"{look.channel} {fmt.kind_word(card.row.kind)}"
    if card.row.source:
        place = fmt.entry_word(card.row.source, card.row.kind)
    parts = [place, city or fmt.UNKNOWN]
    if look.width < _SHORT:
        parts.append(fmt.followers(followers))
    elif followers is None:
        parts.append(tr("followers —"))
    else:
        many = ntr("{count} follower", "{count} followers", _plural_of(followers))
        parts.append(many.format(count=fmt.followers(followers)))
    until = card.row.window_until
    if until is not None and until > look.now:
        when = fmt.moment(until, look.now, look.zone)
        # Before what a narrow pane can do without.
        parts.insert(1, tr("answers until {when}").format(when=when))
    # The present conversation counts too.
    count = max(len(card.others) + 1, look.margin.written)
    written = tr("conversations: {count}").format(count=fmt.number(count))
    return Line(((" " + " · ".join(parts), "quiet"),), ((written + " ", "quiet"),), "head")


def _plural_of(count: int) -> int:
    """Russian says "1,2 тыс. подписчиков" whatever the last digit is."""
    return count if count < 1000 else 1000


def _root(card: ConversationCard, look: HeadLook) -> list[Line]:
    root = card.root
    if root is None:
        return []
    word = fmt.root_word(root.kind)
    day = f" {fmt.day(root.posted_at, look.now, look.zone)}" if root.posted_at else ""
    # A group chat has a name at most: without one there is nothing to miss.
    # What was entered by hand has stars at most.
    silent = root.kind == "chat" or card.row.account == MANUAL
    text = root.text or ("" if silent else tr("no text"))
    start: Span = (f" {word}{day} ", "key")
    if not look.opened:
        quoted: str = one_line(root.text[:500])
        if card.row.account != MANUAL:
            quoted = tr("“{text}”").format(text=quoted) if root.text else text
        return [Line((start, (quoted, "plain")), (), "head")]
    lines = [Line((start, (root.author, "quiet")), (), "head")]
    rows = wrap(text, look.width - 2)
    room = max(1, look.room - 5)
    shown = rows[:room]
    lines.extend(Line(((f" {row}", "plain"),), (), "head") for row in shown)
    if hidden := len(rows) - len(shown):
        more = ntr("… {count} more line", "… {count} more lines", hidden)
        lines.append(Line(((" " + more.format(count=fmt.number(hidden)), "quiet"),), (), "head"))
    if root.url:
        lines.append(Line(((" " + clip(root.url, look.width - 2), "quiet"),), (), "head"))
    return lines
