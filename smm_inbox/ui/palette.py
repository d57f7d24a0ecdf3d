"""The command palette: every command that works now, found by its name in either layout."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import FuzzySearch
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from smm_inbox.domain.text import fold
from smm_inbox.locale import tr

from . import safe
from .commands import Command, Group
from .layout import retype
from .widgets.panel_keys import PanelKey

_TITLE = 26
_KEYS = 12


def search(commands: Iterable[Command], typed: str) -> list[Command]:
    """Commands that match ``typed``, best first; all of them in their order when it is empty.

    Titles are searched in the language of the interface and in English, ids too, and a query typed
    in the wrong layout is read in the other one.
    """
    query = fold(typed.strip())
    if not query:
        return list(commands)
    queries = {query, fold(retype(typed.strip()))}
    fuzzy = FuzzySearch(case_sensitive=False)
    scored: list[tuple[float, int, Command]] = []
    for index, command in enumerate(commands):
        names = (command.shown_title, command.title, command.id, command.shown_help)
        # The sentence of help is the weakest witness: half of the alphabet is in it in some order.
        weights = (3.0, 2.0, 1.0, 1.0)
        score = max(
            _score(fuzzy, wanted, fold(name), weight, sentence=name is command.shown_help)
            for wanted in queries
            for name, weight in zip(names, weights, strict=True)
        )
        if score > 0:
            scored.append((score, -index, command))
    return [command for _, _, command in sorted(scored, key=lambda hit: hit[:2], reverse=True)]


def _score(fuzzy: FuzzySearch, wanted: str, name: str, weight: float, *, sentence: bool) -> float:
    if wanted in name:
        start = name.startswith(wanted) or f" {wanted}" in name
        return weight * (100 if start else 50)
    if sentence:
        return 0.0
    score, _ = fuzzy.match(wanted, name)
    return weight * score


def of_panel(keys: Iterable[PanelKey]) -> list[Command]:
    """What a panel offers as entries of the palette.

    The id of each is the action it runs; its key, in words already, stands where commands have
    their help.
    """
    return [
        Command(one.action, one.word, one.key, (), (), Group.PROGRAM) for one in keys if one.action
    ]


class PaletteScreen(ModalScreen[str | None]):
    """Asks for a command; gives its id, or ``None`` when the operator changed their mind."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("ctrl+p,ctrl+k", "cancel", show=False, priority=True),
        Binding("down", "cursor('down')", show=False, priority=True),
        Binding("up", "cursor('up')", show=False, priority=True),
        Binding("pagedown", "cursor('page_down')", show=False, priority=True),
        Binding("pageup", "cursor('page_up')", show=False, priority=True),
    ]

    def __init__(self, commands: Iterable[Command]) -> None:
        super().__init__()
        self._all = tuple(commands)
        self._shown: list[Command] = []

    def compose(self) -> ComposeResult:
        """Build the field and the list."""
        with Vertical(id="palette", classes="panel"):
            yield Input(placeholder=tr("What to do?"), id="palette-input")
            yield OptionList(id="palette-list", markup=False)

    def on_mount(self) -> None:
        """Show everything at first."""
        self.query_one(OptionList).can_focus = False
        self._fill("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    @on(Input.Submitted)
    def _chosen(self, event: Input.Submitted) -> None:
        event.stop()
        index = self.query_one(OptionList).highlighted
        if index is not None and index < len(self._shown):
            self.dismiss(self._shown[index].id)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index].id)

    def action_cancel(self) -> None:
        """Leave without a command."""
        self.dismiss(None)

    def action_cursor(self, where: str) -> None:
        """Move the mark in the list while the field keeps the focus."""
        options = self.query_one(OptionList)
        moves: dict[str, Callable[[], None]] = {
            "down": options.action_cursor_down,
            "up": options.action_cursor_up,
            "page_down": options.action_page_down,
            "page_up": options.action_page_up,
        }
        moves[where]()

    def _fill(self, typed: str) -> None:
        self._shown = search(self._all, typed)
        options = self.query_one(OptionList)
        options.clear_options()
        if self._shown:
            options.add_options(Option(_prompt(command)) for command in self._shown)
            options.highlighted = 0
        else:
            nothing = tr("No such command. Try another word.")
            options.add_option(Option(safe.content(nothing), disabled=True))


def _prompt(command: Command) -> Content:
    """One line: title, key, what it does."""
    return Content.assemble(
        safe.content(safe.fit(command.shown_title, _TITLE)),
        " ",
        safe.content(safe.fit(command.first_key, _KEYS), "$ours"),
        safe.content(command.shown_help, "$quiet"),
    )
