"""The panel of scripts: found as one types, previewed filled in, put into the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.domain.prepared import Script, Wording, by_folder
from smm_inbox.domain.ranking import find
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr
from smm_inbox.services.scripts import Filling, Scripts
from smm_inbox.services.suggest import Suggestion
from smm_inbox.services.undo import Undo

from ..layout import retype
from ..widgets.painted import Line, PaintedLines, Span
from ..widgets.panel_keys import PanelKey, PanelKeys
from ..widgets.script_preview import preview_lines
from .inbox_pick import PickLines
from .list_panel import Run

Take = Callable[[Script | str], Awaitable[bool]]
"""Puts a script into the answer; the next key waits for it. Whether it could."""
_WIDE = 100


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the panel was opened for."""

    conversation: ConversationId | None
    message: MessageId | None
    suggestions: tuple[Suggestion, ...] = ()
    folder: str = ""
    """Folder to show first."""
    reply: str = ""
    """The answer as it stands, to make a script of."""
    may_insert: bool = True


class ScriptInput(Input):
    """A field that leaves the digits to the suggestions while it is empty."""

    digits = 0
    """How many suggestions there are."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is typed here rather than bound."""
        if not self.value and key in {"1", "2", "3"} and int(key) <= self.digits:
            return False
        return super().check_consume_key(key, character)


class ScriptLines(PickLines):
    """The list; the field above keeps the focus."""

    can_focus = False

    class Moved(Message):
        """Another line is under the cursor."""

    def move(self, step: int) -> None:
        """Go on, and tell."""
        super().move(step)
        self.post_message(self.Moved())


class ScriptsScreen(ModalScreen[None]):
    """Puts the script that is taken into the answer, and closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Run before the next key is looked at: what is pressed next belongs to the answer.
        Binding("1", "suggestion(1)", show=False, priority=True),
        Binding("2", "suggestion(2)", show=False, priority=True),
        Binding("3", "suggestion(3)", show=False, priority=True),
        Binding("enter", "pick", show=False, priority=True),
        Binding("escape,f2", "leave", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("pagedown", "step(8)", show=False, priority=True),
        Binding("pageup", "step(-8)", show=False, priority=True),
        Binding("tab", "folder(1)", show=False, priority=True),
        Binding("shift+tab", "folder(-1)", show=False, priority=True),
        Binding("f4", "edit", show=False, priority=True),
        Binding("f6", "new", show=False, priority=True),
        Binding("f8", "delete", show=False, priority=True),
        Binding("ctrl+z", "undo", show=False, priority=True),
    ]

    def __init__(
        self, scripts: Scripts, undo: Undo, occasion: Occasion, take: Take, run: Run
    ) -> None:
        super().__init__()
        self._put_in = take
        self._taking = False
        self._scripts = scripts
        self._undo = undo
        self._for = occasion
        self._run = run
        self._all: tuple[Script, ...] = ()
        self._filling: Filling | None = None
        self._folder = occasion.folder
        self._rows: list[Script | Suggestion | None] = []
        self._said = ""

    def compose(self) -> ComposeResult:
        """Build the panel."""
        with Vertical(id="scripts", classes="panel"):
            field = ScriptInput(placeholder=tr("Find a script"), id="scripts-find")
            field.digits = len(self._for.suggestions)
            yield field
            with Container(id="scripts-body"):
                yield ScriptLines([], 0, id="scripts-list")
                yield PaintedLines(id="scripts-preview")
            yield PaintedLines(id="scripts-said")
            yield PanelKeys(self._keys(), id="scripts-keys")

    def _keys(self) -> list[PanelKey]:
        fresh = tr("new from the answer") if self._for.reply else tr("new script")
        keys = [
            PanelKey("Tab", tr("folders"), "folder(1)"),
            PanelKey("F4", tr("edit"), "edit"),
            PanelKey("F6", fresh, "new"),
            PanelKey("F8", tr("delete"), "delete"),
            PanelKey("Esc", tr("back"), "leave"),
        ]
        if self._for.may_insert:
            keys.insert(0, PanelKey("Enter", tr("insert"), "pick"))
        return keys

    async def on_mount(self) -> None:
        """Show the suggestions at once; everything else as it is read."""
        self.set_focus(self.query_one(Input), scroll_visible=False)
        self._all = await self._scripts.all()
        self._fill()
        self.run_worker(self._learn(), exit_on_error=False)

    def on_resize(self, event: events.Resize) -> None:
        """List and preview beside each other where both fit."""
        self.set_class(event.size.width >= _WIDE, "-side")
        self.call_after_refresh(self._show_preview)

    async def _learn(self) -> None:
        if self._for.conversation is None:
            return
        if not self._for.may_insert:
            self._say(tr("Nothing can be answered here now."), "warn")
        try:
            self._filling = await self._scripts.filling(self._for.conversation, self._for.message)
        except InboxError as error:
            self._say(error.sentence, "warn")
        if self.is_mounted:
            self._show_preview()

    async def _reload(self) -> None:
        self._all = await self._scripts.all()
        await self._learn()
        if self.is_mounted:
            self._fill(keep=True)

    # What is shown

    @property
    def current(self) -> Script | str | None:
        """The script under the cursor."""
        at = self.query_one(ScriptLines).cursor
        row = self._rows[at] if 0 <= at < len(self._rows) else None
        return row.source if isinstance(row, Suggestion) else row

    def _fill(self, *, keep: bool = False) -> None:
        lines = self.query_one(ScriptLines)
        at = lines.cursor if keep else 0
        typed = self.query_one(Input).value
        shown: list[tuple[Line, Script | Suggestion | None]] = []
        if typed.strip():
            inside = [one for one in self._all if not self._folder or one.folder == self._folder]
            found = find(inside, typed, retype(typed))
            shown = [(_line(one, folder=True), one) for one in found]
        else:
            shown = self._browse()
        self._rows = [row for _, row in shown]
        if not shown:
            shown = [(Line(((f" {tr('Nothing found. F6 — a new script.')}", "quiet"),)), None)]
        lines.replace([(line, row is not None) for line, row in shown], at)
        self._show_preview()

    def _browse(self) -> list[tuple[Line, Script | Suggestion | None]]:
        shown: list[tuple[Line, Script | Suggestion | None]] = []
        if self._for.suggestions and not self._folder:
            shown.append((_heading(tr("Suggestions")), None))
            for number, one in enumerate(self._for.suggestions, start=1):
                shown.append((_suggestion(number, one), one))
        for folder, scripts in by_folder(self._all).items():
            if self._folder and folder != self._folder:
                continue
            shown.append((_heading(folder), None))
            shown += [(_line(one), one) for one in scripts]
        return shown

    def _show_preview(self) -> None:
        preview = self.query_one("#scripts-preview", PaintedLines)
        source, width = self.current, preview.size.width
        if source is None or width <= 0:
            preview.show()
            return
        filled = self._filling.fill(source) if self._filling is not None else None
        preview.show(*preview_lines(source, filled, width, preview.size.height))

    def _say(self, sentence: str, ink: str = "good") -> None:
        if not self.is_mounted:
            return
        said = self.query_one("#scripts-said", PaintedLines)
        said.show(Line(((f" {sentence}", ink),)) if sentence else Line())

    # Keys

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._say("")
        self._fill()

    async def on_pick_lines_picked(self) -> None:
        """A line was clicked."""
        await self.action_pick()

    def on_script_lines_moved(self) -> None:
        """Follow the cursor with the preview."""
        self._show_preview()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A digit takes a suggestion that is there."""
        if action != "suggestion":
            return True
        return isinstance(parameters[0], int) and parameters[0] <= len(self._for.suggestions)

    async def action_suggestion(self, number: int) -> None:
        """Take a suggestion by its number."""
        await self._take(self._for.suggestions[number - 1].source)

    async def action_pick(self) -> None:
        """Take the script under the cursor."""
        if (source := self.current) is not None:
            await self._take(source)

    async def _take(self, source: Script | str) -> None:
        if not self._for.may_insert:
            self._say(tr("Nothing can be answered here now."), "warn")
        elif not self._taking:
            self._taking = True
            try:
                await self._put_in(source)
            finally:
                self._taking = False
            self.dismiss(None)

    def action_leave(self) -> None:
        """Take nothing."""
        self.dismiss(None)

    def action_step(self, step: int) -> None:
        """Move the cursor."""
        self.query_one(ScriptLines).move(step)

    def action_folder(self, step: int) -> None:
        """Show the next folder, and all of them after the last one."""
        folders = ["", *by_folder(self._all)]
        at = folders.index(self._folder) if self._folder in folders else 0
        self._folder = folders[(at + step) % len(folders)]
        self._fill()

    # Changing

    def action_new(self) -> None:
        """Make a new script, of the answer as it stands."""
        self._edit(None, Wording(SafeText(self._folder), SafeText(""), SafeText(self._for.reply)))

    def action_edit(self) -> None:
        """Change the script under the cursor."""
        source = self.current
        if isinstance(source, Script):
            self._edit(source, source.wording)
        elif source is not None:
            self._edit(None, Wording(SafeText(""), SafeText(""), SafeText(source)))

    def _edit(self, script: Script | None, wording: Wording) -> None:
        from .script_edit import ScriptEditScreen  # noqa: PLC0415 - when it is first shown

        folders = tuple(by_folder(self._all))
        screen = ScriptEditScreen(self._scripts, script, wording, folders, self._filling)

        def edited(said: str | None) -> None:
            if said:
                self._changed(said)

        self.app.push_screen(screen, edited)

    def _changed(self, said: str) -> None:
        self._say(tr("{done} · {key} — undo").replace("{done}", said).replace("{key}", "Ctrl+Z"))
        self.run_worker(self._reload(), exit_on_error=False)

    def action_delete(self) -> None:
        """Delete the script under the cursor; it can be brought back."""
        source = self.current
        if isinstance(source, Script):
            self._run(self._deleted(source), "delete a script")

    async def _deleted(self, script: Script) -> None:
        try:
            await self._scripts.remove(script.id)
        except InboxError as error:
            self._say(error.sentence, "warn")
            return
        self._changed(tr("Deleted: {name}").replace("{name}", script.name))

    def action_undo(self) -> None:
        """Take back the last thing done."""
        self._run(self._taken_back(), "undo")

    async def _taken_back(self) -> None:
        try:
            undone = await self._undo.last()
        except InboxError as error:
            self._say(error.sentence, "warn")
            return
        self._say(undone.sentence if undone else tr("There is nothing to take back."))
        if self.is_mounted:
            await self._reload()


def _heading(text: str) -> Line:
    return Line(((text, "strong"),))


def _line(script: Script, *, folder: bool = False) -> Line:
    right: tuple[Span, ...] = ()
    if folder:
        right = ((f"{script.folder} ", "quiet"),)
    elif script.uses:
        right = ((f"{script.uses} ", "quiet"),)
    return Line(((f" {script.name}", "plain"),), right)


def _suggestion(number: int, one: Suggestion) -> Line:
    return Line(((f"{number} ", "key"), (str(one.name), "plain")))
