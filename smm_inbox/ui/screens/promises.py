"""What was promised to customers, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import ClassVar

from textual.binding import Binding, BindingType

from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.domain.promise import Promise, Promised, PromiseKind
from smm_inbox.locale import tr
from smm_inbox.services.promises import Promises
from smm_inbox.services.undo import Undo

from .. import format as fmt
from ..safe import clip, fit
from ..widgets.painted import Line
from ..widgets.panel_keys import PanelKey
from .list_panel import ListPanel, Run
from .one_line import LineScreen

_TIME = 9
_NAME = 20
_PHRASE = 36


@dataclass(frozen=True, slots=True)
class PromisePicked:
    """Where to go, and whether to give an interim answer there."""

    conversation: ConversationId
    interim: bool = False


class PromiseScreen(ListPanel[Promise, PromisePicked]):
    """A line each promise: how long is left, to whom, what."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "keep", show=False),
        Binding("h", "move", show=False),
        Binding("w", "interim", show=False),
        Binding("number_sign,delete", "drop", show=False),
    ]

    def __init__(
        self,
        promises: Promises,
        undo: Undo,
        run: Run,
        *,
        now: Callable[[], datetime],
        zone: tzinfo,
        channels: Mapping[AccountId, str],
    ) -> None:
        super().__init__(undo, run)
        self._promises = promises
        self._now = now
        self._zone = zone
        self._channels = channels

    def heading(self) -> str:
        """Title of the panel."""
        return tr("Promised")

    def keys(self) -> Sequence[PanelKey]:
        """Keys of the panel."""
        return (
            PanelKey("Enter", tr("open"), "pick"),
            PanelKey("e", tr("done"), "keep"),
            PanelKey("w", tr("interim answer"), "interim"),
            PanelKey("h", tr("another time"), "move"),
            PanelKey("#", tr("not a promise"), "drop"),
            PanelKey("z", tr("undo"), "undo"),
        )

    def empty(self) -> str:
        """What an empty list says."""
        return tr(
            "Nothing is promised. Write “we will call you back by 18:00” in an answer, and it "
            "stands here until it is done; a reminder comes in time."
        )

    async def read(self) -> list[tuple[Line, Promise | None]]:
        """A line each promise."""
        now = self._now()
        return [(self._line(one, now), one) for one in await self._promises.open_ones()]

    def _line(self, one: Promise, now: datetime) -> Line:
        late = one.due <= now
        left = ("!" if late else "") + fmt.left(one.due, now)
        ink = "alarm" if late else "warn" if one.remind_at <= now else "plain"
        name = clip(one.customer or tr("No name"), _NAME)
        mark = "↺ " if one.kind is PromiseKind.REPORT else ""
        spans = (
            (fit(left, _TIME, "right") + "  ", ink),
            (fit(name, _NAME) + "  ", "strong"),
            (mark + clip(one.phrase, _PHRASE), "plain"),
        )
        when = f"{self._channels.get(one.account, '')} {fmt.moment(one.due, now, self._zone)} "
        return Line(spans, ((when, "quiet"),))

    def pick(self, item: Promise) -> None:
        """Go to its conversation."""
        self.dismiss(PromisePicked(item.conversation))

    def action_interim(self) -> None:
        """Go there and say that somebody works on it."""
        if (item := self.current) is not None:
            self.dismiss(PromisePicked(item.conversation, interim=True))

    def action_keep(self) -> None:
        """It was done."""
        if (item := self.current) is not None:
            self.do(self._promises.keep(item.id), tr("Kept"), "keep a promise")

    def action_drop(self) -> None:
        """It is not owed."""
        if (item := self.current) is not None:
            self.do(self._promises.drop(item.id), tr("Not a promise"), "drop a promise")

    def action_move(self) -> None:
        """Another time was agreed."""
        if (item := self.current) is None:
            return
        promise = item.id

        def done(line: str | None) -> None:
            due = None if line is None else self._promises.moment(line)
            if due is not None:
                self.do(self._promises.move(promise, due), tr("Another time"), "move a promise")
            elif line is not None:
                self.say(tr("No time was named: “tomorrow 10:00”, “in two hours”."), "warn")

        self.app.push_screen(
            LineScreen(
                tr("Until when?"),
                placeholder=tr("tomorrow at 10:00"),
                preview=self._preview_moment,
                rows=1,
            ),
            done,
        )

    def _preview_moment(self, line: str) -> Sequence[Line]:
        due = self._promises.moment(line)
        if due is None:
            return (Line(((tr("a time: “until 18:00”, “tomorrow”, “in two hours”"), "quiet"),)),)
        return (Line(((fmt.until(due, self._now(), self._zone), "plain"),)),)


def promise_preview(promised: Promised | None, now: datetime, zone: tzinfo) -> Sequence[Line]:
    """What a line typed by hand promises."""
    if promised is None:
        return (Line(((tr("what, and by when"), "quiet"),)),)
    return (Line(((fmt.until(promised.due, now, zone), "plain"),)),)
