"""Writing a script: its name, folder, text, the words customers ask in, and what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from smm_inbox.domain import script as language
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.fold import fold
from smm_inbox.domain.prepared import Actions, Script, Wording
from smm_inbox.domain.text import SafeText, clean, clean_line
from smm_inbox.locale import tr
from smm_inbox.services.script_actions import actions_in_words, read_actions
from smm_inbox.services.script_words import trouble_in_words
from smm_inbox.services.scripts import Filling, Scripts

from .. import safe
from ..widgets.painted import Line, PaintedLines
from ..widgets.panel_keys import PanelKey, PanelKeys

_VARIABLES = "{имя} {имя:дат} {город} {пост} {я} {часы} {срок} {?…} {>…}"


class BodyArea(TextArea):
    """The text of a script: pasted text is cleaned."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        await super()._on_paste(events.Paste(clean(event.text)))


class ScriptEditScreen(ModalScreen[str | None]):
    """Gives a sentence about what was kept; ``None`` when nothing was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("ctrl+s,f5", "save", show=False, priority=True),
        Binding("tab,down", "next_field", show=False),
        Binding("shift+tab,up", "previous_field", show=False),
    ]

    def __init__(
        self,
        scripts: Scripts,
        script: Script | None,
        wording: Wording,
        folders: Sequence[str],
        filling: Filling | None,
    ) -> None:
        super().__init__()
        self._scripts = scripts
        self._script = script
        self._first = wording
        self._folders = tuple(folders)
        self._filling = filling
        self._warned = False
        self._saving = False

    def compose(self) -> ComposeResult:
        """Build the panel."""
        first = self._first
        title = tr("A new script") if self._script is None else tr("Script")
        with Vertical(id="script-edit", classes="panel"):
            yield Static(safe.content(title), classes="panel-title")
            yield from self._field(tr("Name"), first.name, "script-name")
            yield from self._field(tr("Folder"), first.folder, "script-folder")
            yield BodyArea(
                clean(first.body),
                soft_wrap=True,
                compact=True,
                id="script-body",
                tab_behavior="focus",
            )
            yield from self._field(tr("Asked like"), first.asked, "script-asked")
            yield from self._field(
                tr("When sent"), actions_in_words(first.actions), "script-actions"
            )
            yield PaintedLines(id="script-said")
            yield PanelKeys(
                [
                    PanelKey("Ctrl+S", tr("keep"), "save"),
                    PanelKey("Tab", tr("next field"), "next_field"),
                    PanelKey("Esc", tr("back"), "leave"),
                ],
                id="script-keys",
            )

    @staticmethod
    def _field(label: str, value: str, name: str) -> ComposeResult:
        with Horizontal(classes="script-field"):
            yield Static(safe.content(label), classes="script-label")
            yield Input(safe.plain(value), id=name, select_on_focus=False)

    def on_mount(self) -> None:
        """Begin where something is missing."""
        self.query_one("#script-asked", Input).placeholder = tr("opening hours, until when")
        self.query_one("#script-actions", Input).placeholder = tr("type complaint, tag, close")
        first = "#script-body" if self._first.name else "#script-name"
        self.set_focus(self.query_one(first), scroll_visible=False)
        self._look()

    # Looking over

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look again."""
        event.stop()
        self._look()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Look again."""
        event.stop()
        self._look()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the next field."""
        event.stop()
        self.action_next_field()

    def _line(self, name: str) -> SafeText:
        return clean_line(self.query_one(f"#{name}", Input).value, limit=600)

    def _wording(self) -> Wording | SafeText:
        actions = read_actions(self._line("script-actions"))
        if not isinstance(actions, Actions):
            return actions
        return Wording(
            folder=self._line("script-folder"),
            name=self._line("script-name"),
            body=clean(self.query_one(BodyArea).text),
            asked=self._line("script-asked"),
            actions=actions,
        )

    def _look(self) -> None:
        self._warned = False
        wording = self._wording()
        if not isinstance(wording, Wording):
            self._say(wording, "warn")
            return
        problems = language.parse(wording.body).problems
        if problems:
            self._say(trouble_in_words(problems[0]), "warn")
            return
        folder = fold(wording.folder)
        near = [f for f in self._folders if folder and fold(f).startswith(folder)]
        if near and wording.folder not in near and self.focused is not None:
            words = tr("Folders: {names}").replace("{names}", ", ".join(near[:4]))
            self._say(words, "quiet")
            return
        self._say(f"{tr('Variables:')} {_VARIABLES}", "quiet")

    def _say(self, sentence: str, ink: str) -> None:
        said = self.query_one("#script-said", PaintedLines)
        rows = safe.wrap(sentence, max(20, said.size.width - 1))[:2]
        said.show(*(Line(((row, ink),)) for row in rows))

    # Keys

    def action_next_field(self) -> None:
        """Go to the next field."""
        self.focus_next()

    def action_previous_field(self) -> None:
        """Go to the field above."""
        self.focus_previous()

    def action_leave(self) -> None:
        """Leave; what was changed asks to be kept, once."""
        wording = self._wording()
        if wording == self._first or self._warned:
            self.dismiss(None)
            return
        self._warned = True
        self._say(tr("Not kept yet: Ctrl+S — keep, Esc once more — throw away."), "warn")

    def action_save(self) -> None:
        """Keep it."""
        wording = self._wording()
        if isinstance(wording, Wording) and not self._saving:
            self._saving = True
            self.run_worker(self._save(wording), exit_on_error=False)
        elif not isinstance(wording, Wording):
            self._say(wording, "warn")

    async def _save(self, wording: Wording) -> None:
        body = SafeText(wording.body.strip("\n"))
        wording = replace(wording, body=body)
        try:
            if self._script is None:
                await self._scripts.add(wording)
            elif wording != self._script.wording:
                await self._scripts.change(self._script.id, wording)
            else:
                self.dismiss(None)
                return
        except InboxError as error:
            self._say(error.sentence, "warn")
            return
        finally:
            self._saving = False
        self.dismiss(tr("Kept: {name}").replace("{name}", wording.name))
