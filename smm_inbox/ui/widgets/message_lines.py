"""One message of the open conversation as lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.domain.parts import Attachment, Direction, InState
from smm_inbox.locale import ntr, tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.safe import cells, clip, wrap

from .painted import Line, Span

if TYPE_CHECKING:
    from smm_inbox.domain.feed import MessageRow

FOLD = 24
"""A text of more lines than this is folded until it is asked for."""
_KEPT = 16
_SHORTEST_ADDRESS = 16
_INDENT = 3
"""Our own messages stand this far to the right: who speaks is seen without colour."""


@dataclass(frozen=True, slots=True)
class MessageLook:
    """Everything besides the message that its lines depend on."""

    width: int
    now: datetime
    zone: tzinfo
    opened: bool
    """Long texts in full, and what they said before edits."""
    keys: Callable[[str], str]
    """Command id to the key that runs it."""


def is_live(message: MessageRow) -> bool:
    """Whether the lines change with every second: an answer that counts down."""
    return message.state in {OutState.QUEUED, OutState.SENDING} and message.outbox is not None


def is_unsent(message: MessageRow) -> bool:
    """Whether the operator has to decide about this answer, or about what was done to it."""
    state = message.action_state or message.state
    return message.outbox is not None and state in {OutState.FAILED, OutState.AMBIGUOUS}


def message_lines(message: MessageRow, look: MessageLook) -> tuple[Line, ...]:
    """Lines of a message, without the blank line that follows it."""
    ours = message.direction is Direction.OUT
    indent = _INDENT if ours else 0
    width = max(8, look.width - indent)
    lines = [_head(message, look)]
    if message.reply_to:
        quoted = f"{message.reply_to_author}: " if message.reply_to_author else ""
        lines.append(Line(((clip(f"↩ {quoted}{message.reply_to}", width), "quiet"),)))
    lines.extend(_body(message, width, look))
    for item in message.attachments:
        lines.extend(_attachment(item, width, look))
    if message.reaction:
        lines.append(Line(((tr("our reaction: {emoji}").format(emoji=message.reaction), "quiet"),)))
    lines.extend(_delivery(message, width, look))
    if not indent:
        return tuple(lines)
    return tuple(Line(((" " * indent, "plain"), *line.left), line.right) for line in lines)


def _head(message: MessageRow, look: MessageLook) -> Line:
    spans: list[Span] = [(fmt.moment(message.sent_at, look.now, look.zone) + "  ", "quiet")]
    if message.direction is Direction.OUT:
        spans.append((tr("We"), "strong"))
        if message.operator:
            spans.append((f" · {message.operator}", "quiet"))
        if message.automatic:
            spans.append((" · " + tr("automatic"), "quiet"))
    else:
        name = message.author.name if message.author and message.author.name else tr("No name")
        spans.append((name, "strong"))
        if message.automatic:
            spans.append((" · " + tr("automatic"), "quiet"))
    if message.hidden_at is not None:
        spans.append((" · " + tr("hidden from everybody"), "warn"))
    if message.mentions_us:
        spans.append((" · " + tr("mentions us"), "key"))
    if message.revisions:
        count = len(message.revisions)
        words = ntr("edited {n}×", "edited {n}×", count).format(n=count)
        spans.append((f" · {words}", "quiet"))
    author = message.author
    if message.direction is Direction.IN and author and author.handle not in {"", author.name}:
        # Last: of all this a narrow pane can do without the handle.
        spans.append((f"  {fmt.handle(author.handle)}", "quiet"))
    state = _state(message, look.now)
    return Line(tuple(spans), (state,) if state else ())


def _state(message: MessageRow, now: datetime) -> Span | None:
    """Where the message stands, in a word with a sign."""
    state = message.state
    if message.deleted_at is not None and not is_unsent(message) and not is_live(message):
        return (tr("deleted"), "alarm")
    if isinstance(state, InState):
        return (tr("waiting"), "warn") if state is InState.AWAITING else None
    if state is OutState.QUEUED:
        if message.not_before is not None and message.not_before > now:
            left = fmt.countdown(message.not_before, now)
            return (tr("↗ queued {time}").format(time=left), "good")
        return (tr("↗ queued"), "good")
    if message.by_hand:
        return (tr("answered elsewhere"), "note")
    inks = {OutState.SENDING: "good", OutState.SENT: "quiet"}
    return (fmt.out_state_word(state), inks.get(state, "alarm"))


def _body(message: MessageRow, width: int, look: MessageLook) -> list[Line]:
    # Reactions, service lines, machines: shown, but nobody waits for an answer to them.
    aside = message.state is InState.DISMISSED or message.automatic
    ink = "quiet" if aside or message.deleted_at is not None else "plain"
    lines: list[Line] = []
    if message.text:
        rows = wrap(message.text, width)
        shown = rows if look.opened or len(rows) <= FOLD else rows[:_KEPT]
        lines.extend(Line(((row, ink),)) for row in shown)
        if hidden := len(rows) - len(shown):
            more = ntr("… {count} more line", "… {count} more lines", hidden)
            words = more.format(count=fmt.number(hidden))
            lines.append(Line(((f"{words}, {_show(look, 'root.toggle')}", "key"),)))
    elif not message.attachments and not message.folded:
        lines.append(Line(((tr("no text"), "quiet"),)))
    lines.extend(_folded(message, width, look))
    if look.opened:
        for revision in message.revisions:
            when = fmt.moment(revision.replaced_at, look.now, look.zone)
            lines.append(Line(((tr("before {when} it said:").format(when=when), "quiet"),)))
            lines.extend(Line((("  " + row, "quiet"),)) for row in wrap(revision.text, width - 2))
    return lines


def _folded(message: MessageRow, width: int, look: MessageLook) -> list[Line]:
    """Quoted letters and the signature: one line until somebody asks for them."""
    if not message.folded:
        return []
    count = message.folded.count("\n") + 1
    many = ntr("quote and signature, {n} line", "quote and signature, {n} lines", count)
    words = many.format(n=fmt.number(count))
    if not look.opened:
        return [Line(((clip(f"▸ {words}, {_show(look, 'message.unfold')}", width), "key"),))]
    rows = wrap(message.folded, width - 2)
    return [Line(((clip(f"▾ {words}", width), "quiet"),)), *(_quiet(row) for row in rows)]


def _quiet(row: str) -> Line:
    return Line((("  " + row, "quiet"),))


def _show(look: MessageLook, command: str) -> str:
    return tr("{key} — show").format(key=look.keys(command))


def _attachment(item: Attachment, width: int, look: MessageLook) -> list[Line]:
    """Kind, name and size; the start of its address, all of it when opened."""
    what = clip(fmt.attachment(item), width)
    left: list[Span] = [(what, "plain")]
    address = item.url.partition("://")[2]
    room = width - cells(what) - 2
    if address and not look.opened and room >= _SHORTEST_ADDRESS:
        left.append(("  " + clip(address, room), "quiet"))
    lines = [Line(tuple(left))]
    if item.text:
        lines.extend(Line((("   " + part, "quiet"),)) for part in wrap(item.text, width - 3)[:3])
    if item.url and look.opened:
        lines.extend(Line(((row, "key"),)) for row in wrap(item.url, width))
    return lines


def _delivery(message: MessageRow, width: int, look: MessageLook) -> list[Line]:
    """Why an answer has not arrived, and the keys that help."""
    if message.outbox is None:
        return []
    lines: list[Line] = []
    unsent = is_unsent(message)
    if doing := _doing(message, unsent):
        lines.append(Line(((doing, "alarm" if unsent else "quiet"),)))
    if message.reason:
        ink = "alarm" if unsent else "quiet"
        lines.extend(Line(((row, ink),)) for row in wrap(message.reason, width))
    if message.reason_url:
        # The whole address: half a link leads nowhere.
        lines.extend(Line(((row, "key"),)) for row in wrap(message.reason_url, width))
        if unsent:
            opens = tr("{key} — open the link").format(key=look.keys("browser.open"))
            lines.append(Line(((opens, "key"),)))
    if unsent:
        hints = [("delivery.retry", tr("send again"))]
        if message.action is OutAction.SEND and message.state is OutState.AMBIGUOUS:
            hints.append(("delivery.confirm", tr("it did arrive")))
        if message.action is OutAction.SEND:
            hints.append(("delivery.take_back", tr("back to the draft")))
        hints.append(("delivery.discard", tr("drop")))
        words = " · ".join(f"{look.keys(name)} {title}" for name, title in hints)
        lines.extend(Line(((row, "key"),)) for row in wrap(words, width))
    return lines


def _doing(message: MessageRow, failed: bool) -> str:
    """What is being done to a message besides sending it, or what could not be done."""
    match message.action:
        case OutAction.EDIT:
            return tr("not changed on the network") if failed else tr("the change is on its way")
        case OutAction.DELETE:
            return tr("not deleted on the network") if failed else tr("the deletion is on its way")
        case OutAction.HIDE:
            return tr("not hidden: everybody still sees it") if failed else tr("is being hidden")
        case OutAction.SHOW:
            return tr("still hidden") if failed else tr("is being shown again")
        case OutAction.REACT:
            return tr("the reaction was not put") if failed else tr("the reaction is on its way")
        case OutAction.UNREACT:
            return tr("the reaction is still there") if failed else tr("the reaction is taken back")
        case OutAction.SPAM:
            return tr("is moving to the network's spam")
        case OutAction.NOT_SPAM:
            return tr("is moving back from the network's spam")
        case _:
            return ""
