"""A row of the feed as two or three lines: who waits, where, how long, and what they said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.feed import FeedRow
from smm_inbox.locale import tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.safe import cells, clip, fit

from .painted import Line, Span

WIDE = 72
"""From this width on the author and the words share one line."""
_TIME = 7
_MARK = "▌"


@dataclass(frozen=True, slots=True)
class RowLook:
    """Everything besides the row itself that its lines depend on."""

    width: int
    now: datetime
    """Only its minute counts."""
    zone: tzinfo
    channel: str
    """Short word of the row's channel."""
    selected: bool
    focused: bool

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
    mark = (_MARK if look.selected else " ", "key")
    first = Line((mark, *_time(row, look), *_place(row, look)), _right(row, look), look.ground)
    words = _words(row)
    if row_height(look.width) == 2:
        who = _who(row, look.width * 6 // 10)
        return [first, Line((mark, (" ", "plain"), *who, ("  ", "plain"), *words), (), look.ground)]
    return [
        first,
        Line((mark, (" ", "plain"), *_who(row, look.width - 2)), (), look.ground),
        Line((mark, (" ", "plain"), *words), (), look.ground),
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
    spans: list[Span] = [(f"{look.channel} {fmt.kind_word(row.kind)}", "quiet")]
    if row.public:
        spans += [(" ", "plain"), (fmt.public_word(True), "public")]
    spans.extend(_flags(row, look))
    return tuple(spans)


def _flags(row: FeedRow, look: RowLook) -> list[Span]:
    spans: list[Span] = []
    if row.unsent:
        spans.append((tr("✕ not sent"), "alarm"))
    if row.pending:
        spans.append(("↗", "good"))
    if row.awaiting > 1:
        spans.append((f"×{row.awaiting}", "strong"))
    if row.draft:
        spans.append(("✎", "key"))
    if row.mention and not row.public:
        spans.append(("@", "key"))
    if row.status is Status.IN_PROGRESS:
        spans.append((fmt.status_word(row.status), "good"))
    if row.snoozed_until is not None and row.snoozed_until > look.now:
        until = fmt.moment(row.snoozed_until, look.now, look.zone)
        spans.append((tr("⏰ until {when}").format(when=until), "quiet"))
    return [span for flag in spans for span in ((" ", "plain"), flag)]


def _right(row: FeedRow, look: RowLook) -> tuple[Span, ...]:
    spans: list[Span] = []
    room = look.width // 3
    if row.type is not None:
        ink = "warn" if row.type is MessageType.COMPLAINT else "quiet"
        spans.append((fmt.type_word(row.type), ink))
        room -= cells(spans[-1][0])
    for tag in row.tags:
        shown = clip("#" + tag, 16)
        room -= cells(shown) + 1
        if room < 0:
            break
        spans.append((shown, "quiet"))
    return tuple(span for one in spans for span in (one, (" ", "plain")))


def _who(row: FeedRow, width: int) -> tuple[Span, ...]:
    """Name, handle, city and reach in at most ``width`` cells; the name is the last to shrink."""
    name = row.name or tr("No name")
    city = row.city or fmt.UNKNOWN
    extras = [f"@{row.handle}" if row.handle else "", clip(city, 14), fmt.followers(row.followers)]
    shown = [extra for extra in extras if extra]
    # What does not fit is left out from the least useful on: handle first, then the city.
    while shown and sum(cells(extra) + 2 for extra in shown) + min(cells(name), 16) > width:
        shown.pop(0)
    room = width - sum(cells(extra) + 2 for extra in shown)
    return ((clip(name, max(1, room)), "strong"), *(("  " + extra, "quiet") for extra in shown))


def _words(row: FeedRow) -> tuple[Span, ...]:
    spans: list[Span] = []
    if row.preview_out:
        spans.append((tr("We: "), "quiet"))
    ink = "plain" if row.awaiting else "quiet"
    if row.preview:
        spans.append((row.preview, ink))
    if row.attachments:
        count = f" {row.attachments}" if row.attachments > 1 else ""
        spans.insert(0 if not row.preview_out else 1, (f"📎{count} ", "quiet"))
    if not row.preview and not row.attachments:
        spans.append((tr("no text"), "quiet"))
    return tuple(spans)
