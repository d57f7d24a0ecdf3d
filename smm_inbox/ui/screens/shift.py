"""The shift: who is on duty, what happened before, and handing over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import ntr, tr
from smm_inbox.services.duty import Duty
from smm_inbox.services.shifts import Before, Shifts
from smm_inbox.services.undo import Undo

from .. import format as fmt
from .. import safe
from ..widgets.painted import Line, PaintedLines
from ..widgets.panel_keys import PanelKey, PanelKeys
from .list_panel import ListPanel, Run
from .one_line import LineScreen


class ShiftScreen(ListPanel[SafeText, str]):
    """Names to choose from, above them what happened before; ``handover`` is asked for by ``p``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,n,plus", "other", show=False),
        Binding("p", "hand_over", show=False),
    ]

    def __init__(
        self,
        shifts: Shifts,
        duty: Duty,
        undo: Undo,
        run: Run,
        *,
        now: Callable[[], datetime],
        zone: tzinfo,
    ) -> None:
        super().__init__(undo, run)
        self._shifts = shifts
        self._duty = duty
        self._now = now
        self._zone = zone

    def heading(self) -> str:
        """Title of the panel."""
        return tr("The shift")

    def keys(self) -> Sequence[PanelKey]:
        """Keys of the panel."""
        return (
            PanelKey("Enter", tr("come on duty"), "pick"),
            PanelKey("c", tr("another name"), "other"),
            PanelKey("p", tr("hand over"), "hand_over"),
            PanelKey("z", tr("undo"), "undo"),
        )

    def empty(self) -> str:
        """What an empty list says."""
        return tr("Nobody was on duty yet. Press c and write your name: it signs the answers.")

    async def read(self) -> list[tuple[Line, SafeText | None]]:
        """What happened, then who may come on duty."""
        present = await self._shifts.present()
        on_duty = self._duty.operator
        lines: list[tuple[Line, SafeText | None]] = []
        if on_duty:
            said = tr("On duty: {name}").replace("{name}", on_duty)
            if present is not None:
                said += f" · {fmt.since(present.started_at, self._now(), self._zone)}"
            lines += [(Line(((said, "strong"),)), None)]
        if (before := await self._shifts.before()) is not None:
            lines += [(Line(((words, "plain"),)), None) for words in self._happened(before)]
        lines.append((Line(), None))
        names = list(dict.fromkeys((*await self._shifts.names(), *((on_duty,) if on_duty else ()))))
        lines += [(Line(((" " + name, "key"),)), name) for name in names]
        if not names:
            return []
        return lines

    def _happened(self, before: Before) -> list[str]:
        since = fmt.since(before.since, self._now(), self._zone)
        found = [f"{since[:1].upper()}{since[1:]}: {before_words(before)}"]
        if before.handover:
            head = tr("{name} left this:").replace("{name}", before.left_by or "—")
            found += ["", head, *(f"  {row}" for row in self._wrapped(before.handover))]
        return found

    def _wrapped(self, text: str) -> list[str]:
        width = max(20, self.query_one("#list-lines").size.width - 6)
        return [row for row in safe.wrap(text, width) if row.strip()]

    def pick(self, item: SafeText) -> None:
        """This one is on duty."""
        self._begin(item)

    def action_other(self) -> None:
        """Somebody whose name is not there yet."""

        def done(line: str | None) -> None:
            if line is not None:
                self._begin(line)

        self.app.push_screen(LineScreen(tr("Who is on duty?"), placeholder=tr("Your name")), done)

    def _begin(self, name: str) -> None:
        said = tr("On duty: {name}").replace("{name}", name)
        self.do(self._shifts.begin(name), said, "begin a shift")

    def action_hand_over(self) -> None:
        """Show what the next one has to know."""
        self.dismiss("handover")


def before_words(before: Before) -> str:
    """What happened in one line: ``пришло 12, отвечено 9, ждут 5, обещаний 2``."""
    parts = [
        ntr("{count} came", "{count} came", before.arrived).format(count=before.arrived),
        ntr("{count} answered", "{count} answered", before.answered).format(count=before.answered),
        ntr("{count} waits", "{count} wait", before.waiting).format(count=before.waiting),
    ]
    if before.overdue:
        parts.append(tr("overdue {count}").format(count=before.overdue))
    if before.promises:
        parts.append(tr("promised {count}").format(count=before.promises))
    return ", ".join(parts)


class HandoverScreen(ModalScreen[None]):
    """The hand-over text: to copy, to save, and to leave to the next one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,u", "leave", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
        Binding("c,y", "copy", show=False),
        Binding("s", "save", show=False),
        Binding("e,enter", "end", show=False),
    ]

    def __init__(self, shifts: Shifts, run: Run) -> None:
        super().__init__()
        self._shifts = shifts
        self._run = run
        self._text = ""
        self._ending = False

    def compose(self) -> ComposeResult:
        """Build the panel."""
        with Vertical(classes="panel picker listing"):
            yield Static(safe.content(tr("Hand-over")), classes="panel-title")
            with VerticalScroll(classes="panel-body", id="handover-body", can_focus=False):
                yield Static(id="handover-text")
            yield PaintedLines(id="list-said")
            yield PanelKeys(
                (
                    PanelKey("c", tr("copy"), "copy"),
                    PanelKey("s", tr("save to a file"), "save"),
                    PanelKey("Enter", tr("end the shift"), "end"),
                    PanelKey("Esc", tr("back"), "leave"),
                ),
                id="handover-keys",
            )

    def on_mount(self) -> None:
        """Write the text."""
        self.query_one("#handover-body").styles.max_height = max(5, self.app.size.height - 9)
        self._read()

    @work(group="handover", exclusive=True, exit_on_error=False)
    async def _read(self) -> None:
        try:
            self._text = await self._shifts.handover()
        except InboxError as error:
            self._say(error.sentence, "warn")
            return
        self.query_one("#handover-text", Static).update(safe.content(self._text))

    def _say(self, sentence: str, ink: str = "good") -> None:
        if self.is_mounted:
            self.query_one("#list-said", PaintedLines).show(Line(((sentence, ink),)))

    def action_scroll(self, step: int) -> None:
        """Scroll the text."""
        self.query_one("#handover-body", VerticalScroll).scroll_relative(y=step, animate=False)

    def action_copy(self) -> None:
        """Into the clipboard."""
        if self._text:
            self.app.copy_to_clipboard(self._text)
            self._say(tr("Copied."))

    def action_save(self) -> None:
        """Into a file of the downloads folder."""
        if self._text:
            self._run(self._saved(), "save the hand-over")

    async def _saved(self) -> None:
        try:
            path = await self._shifts.save(self._text)
        except InboxError as error:
            self._say(error.sentence, "warn")
        else:
            self._say(tr("Saved: {file}").replace("{file}", str(path)))

    def action_end(self) -> None:
        """The shift is over; the text waits for the next one."""
        if not self._text or self._ending:
            return  # without the text nothing would be left; twice would end the next shift too
        self._ending = True
        self._run(self._ended(), "end the shift")

    async def _ended(self) -> None:
        try:
            await self._shifts.end(self._text)
        except InboxError as error:
            self._ending = False
            self._say(error.sentence, "warn")
            return
        safe.toast(self.app, tr("The shift is over: the next one will read this."))
        if self.is_mounted:
            self.dismiss(None)

    def action_leave(self) -> None:
        """The shift goes on."""
        self.dismiss(None)
