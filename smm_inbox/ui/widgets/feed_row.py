"""A row of the feed as two or three lines: who waits, where, how long, and what they said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from smm_inbox.domain.conversation import UNTIL_ANSWER, Kind, MessageType, Status
from smm_inbox.domain.listing import FeedRow
from smm_inbox.domain.parts import AttachmentKind
from smm_inbox.domain.tag import Tag
from smm_inbox.locale import tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.safe import cells, clip, fit

from .painted import Line, Span, span_cells

WIDE = 72
"""From this width on the author and the words share one line."""
_TIME = 8
"""Cells of the longest time: an overdue ``!−1 h 40``."""
_SUBJECT = 48
"""Cells of a subject: what the letter says needs room too."""
_MARK = "▌"


@dataclass(frozen=True, slots=True)
class RowLook:
    """Everything besides the row itself that its lines depend on."""

    width: int
    now: datetime
    """In steps of some seconds, so that painted rows can be used again."""
    zone: tzinfo
    channel: str
    """Short word of the row's channel."""
    selected: bool
    focused: bool
    marked: bool = False
    """Part of the selection."""

    @property
    def ground(self) -> str:
        """Background of the row."""
        if not self.selected:
            return ""
        return "cursor" if self.focused else "cursor-idle"


def row_height(width: int) -> int:
    """Lines of a row in a feed of this width; the same for every row."""
    return 2 if width >= WIDE else 3


def row_lines(row: FeedRow, look: RowLook) -> list[Line]:
    """The lines of a row."""
    under = (_MARK if look.selected else " ", "key")
    mark = ("✓", "key") if look.marked else under
    indent = (" " * (_TIME + 2 if look.width >= 48 else 3), "plain")
    if row_height(look.width) == 2:
        place = _place(row, look)
        room = look.width - _TIME - 4 - span_cells(place)
        first = Line((mark, *_time(row, look), *_who(row, room, full=True)), place, look.ground)
        return [first, Line((under, indent, *_words(row)), _marks(row, look), look.ground)]
    seen: tuple[Span, ...] = ()
    if row.public:
        seen = ((fmt.public_word(True), "public"), (" ", "plain"))
    room = look.width - _TIME - 5 - span_cells(seen)
    about = [_where(row, look), *_window(row, look), *_about(row)]
    return [
        Line((mark, *_time(row, look), *_who(row, room, full=False)), seen, look.ground),
        Line((under, indent, (" · ".join(about), "quiet")), _marks(row, look), look.ground),
        Line((under, indent, *_words(row)), ((" ", "plain"),), look.ground),
    ]


def _time(row: FeedRow, look: RowLook) -> tuple[Span, ...]:
    """Time left to the deadline; how long ago the last message was when nobody waits."""
    if not row.awaiting:
        return ((fit(fmt.ago(row.last_at, look.now), _TIME, "right") + "  ", "quiet"),)
    if row.red_at is None:
        waited = fmt.ago(row.awaiting_since or row.last_at, look.now)
        return ((fit(waited, _TIME, "right") + "  ", "plain"),)
    shown = fmt.left(row.red_at, look.now)
    if row.red_at <= look.now:
        return ((fit("!" + shown, _TIME, "right"), "alarm"), ("  ", "plain"))
    amber = row.amber_at is not None and row.amber_at <= look.now
    return ((fit(shown, _TIME, "right"), "warn" if amber else "plain"), ("  ", "plain"))


def _place(row: FeedRow, look: RowLook) -> tuple[Span, ...]:
    """Channel, kind and who else reads it, for the right end of a wide row."""
    where = (f"{' · '.join([_where(row, look), *_window(row, look)])} ", "quiet")
    if not row.public:
        return (where,)
    return (where, (fmt.public_word(True), "public"), (" ", "plain"))


def _where(row: FeedRow, look: RowLook) -> str:
    if row.source:
        return fmt.entry_word(row.source, row.kind)
    return f"{look.channel} {fmt.kind_word(row.kind)}"


def _window(row: FeedRow, look: RowLook) -> list[str]:
    """How long the network still takes an answer; nothing where it has no such limit."""
    if row.window_until is None or not row.awaiting:
        return []
    if row.window_until <= look.now:
        return [tr("window closed")]
    return [tr("window {time}").format(time=fmt.left(row.window_until, look.now))]


def _marks(row: FeedRow, look: RowLook) -> tuple[Span, ...]:
    """What the operator or the program noted: state, type, tags."""
    spans = _flags(row, look)
    if row.type is not None:
        ink = "warn" if row.type is MessageType.COMPLAINT else "quiet"
        spans.append((fmt.type_word(row.type), ink))
    room = look.width // (3 if look.width >= WIDE else 2)
    room -= sum(cells(text) + 1 for text, _ in spans)
    for tag in row.tags:
        shown = tag_span(tag, 16)
        room -= cells(shown[0]) + 1
        if room < 0:
            break
        spans.append(shown)
    return tuple(part for span in spans for part in (span, (" ", "plain")))


def tag_span(tag: Tag, width: int = 24) -> Span:
    """A tag in its colour; it is told by its name and the sign in front of it."""
    return clip("#" + tag.name, width), tag_ink(tag)


def tag_ink(tag: Tag) -> str:
    """Ink of a tag."""
    return f"tag-{tag.colour}" if tag.colour else "quiet"


def until_words(until: datetime, now: datetime, zone: tzinfo) -> str:
    """Until when a conversation is put aside."""
    if until >= UNTIL_ANSWER:
        return tr("⏰ until they write")
    return tr("⏰ until {when}").format(when=fmt.moment(until, now, zone))


def _flags(row: FeedRow, look: RowLook) -> list[Span]:
    spans: list[Span] = [("★", "key")] if row.starred else []
    if row.unsent:
        spans.append((tr("✕ not sent"), "alarm"))
    if row.pending:
        spans.append((tr("↗ leaving"), "good"))
    if row.awaiting > 1:
        spans.append((f"×{row.awaiting}", "strong"))
    if row.draft:
        spans.append((tr("✎ draft"), "key"))
    if row.mention and row.kind is not Kind.MENTION:
        spans.append((tr("@us"), "key"))
    if row.status is Status.IN_PROGRESS:
        spans.append((fmt.status_word(row.status), "good"))
    if row.promise_due is not None:
        late = row.promise_due <= look.now
        when = fmt.until(row.promise_due, look.now, look.zone)
        words = tr("! promised {when}") if late else tr("promised {when}")
        spans.append((words.format(when=when), "alarm" if late else "warn"))
    if row.colleague:
        words = tr("waits for {name}").replace("{name}", clip(row.colleague, 14))
        spans.append((words, "quiet"))
    if row.snoozed_until is not None and row.snoozed_until > look.now:
        spans.append((until_words(row.snoozed_until, look.now, look.zone), "quiet"))
    return spans


def _about(row: FeedRow) -> list[str]:
    return [clip(row.city or fmt.UNKNOWN, 18), fmt.followers(row.followers)]


def _who(row: FeedRow, width: int, *, full: bool) -> tuple[Span, ...]:
    """Name and handle, with city and reach when ``full``; the name is the last to shrink."""
    name = row.name or tr("No name")
    extras = [fmt.handle(row.handle)] if row.handle and row.handle != name else []
    if full:
        extras += _about(row)
    # What does not fit is left out from the least useful on: handle first, then the city.
    while extras and sum(cells(extra) + 2 for extra in extras) + min(cells(name), 16) > width:
        extras.pop(0)
    room = width - sum(cells(extra) + 2 for extra in extras)
    return ((clip(name, max(1, room)), "strong"), *(("  " + extra, "quiet") for extra in extras))


def _words(row: FeedRow) -> tuple[Span, ...]:
    spans: list[Span] = []
    if row.preview_out:
        spans.append((tr("We: "), "quiet"))
    if row.preview_deleted:
        spans.append((tr("deleted") + ": ", "quiet"))
    ink = "plain" if row.awaiting else "quiet"
    if row.title and row.title != row.name:
        about = clip(row.title, _SUBJECT) + (" — " if row.preview else "")
        spans.append((about, "strong" if row.awaiting else ink))
    if row.preview:
        spans.append((row.preview, ink))
    if row.attachments:
        count = f" {row.attachments}" if row.attachments > 1 else ""
        spans.insert(1 if row.preview_out else 0, (f"📎{count} ", "quiet"))
    if not row.preview and (row.attachments or not row.title):
        word = fmt.attachment_word(AttachmentKind.OTHER) if row.attachments else tr("no text")
        spans.append((word, "quiet"))
    return tuple(spans)
