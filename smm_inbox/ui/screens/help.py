"""The keys of the current screen, made from the command registry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smm_inbox.locale import tr

from .. import safe
from ..commands import Command, CommandRegistry, Context, Group

_KEYS = 24
_WIDTH = 78


class HelpScreen(ModalScreen[None]):
    """All keys by chapter: first those that work where the operator is, then the others."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,u,question_mark,f1,enter", "close", show=False),
        Binding("j,down", "scroll('down')", show=False),
        Binding("k,up", "scroll('up')", show=False),
        Binding("pagedown,space", "scroll('page_down')", show=False),
        Binding("pageup", "scroll('page_up')", show=False),
        Binding("g,home", "scroll('home')", show=False),
        Binding("G,end", "scroll('end')", show=False),
    ]

    def __init__(self, registry: CommandRegistry, contexts: Iterable[Context]) -> None:
        super().__init__()
        self._registry = registry
        self._contexts = tuple(contexts)

    def compose(self) -> ComposeResult:
        """Build the scrollable list."""
        with Vertical(classes="panel"):
            yield Static(safe.content(tr("Keys")), classes="panel-title")
            with VerticalScroll(classes="panel-body", id="help-body"):
                yield Static(id="help-text")
            hint = tr("The Russian layout works too: о is j, к is r. Esc — close.")
            yield Static(safe.content(hint), classes="panel-hint")

    def on_mount(self) -> None:
        """Keep the scrollbar's place free: lines are broken before it is shown."""
        self.query_one("#help-body", VerticalScroll).styles.scrollbar_gutter = "stable"

    def on_resize(self) -> None:
        """Break the lines for the new width."""
        width = self.query_one("#help-body", VerticalScroll).scrollable_content_region.width
        text = help_text(self._registry, self._contexts, width or _WIDTH)
        self.query_one("#help-text", Static).update(text)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()

    def action_scroll(self, where: str) -> None:
        """Scroll the list."""
        body = self.query_one("#help-body", VerticalScroll)
        moves = {
            "down": body.scroll_down,
            "up": body.scroll_up,
            "page_down": body.scroll_page_down,
            "page_up": body.scroll_page_up,
            "home": body.scroll_home,
            "end": body.scroll_end,
        }
        moves[where](animate=False)


def help_text(registry: CommandRegistry, contexts: Sequence[Context], width: int) -> Content:
    """The text of the help screen for ``width`` cells."""
    here = registry.within(contexts)
    elsewhere = tuple(command for command in registry if command not in here)
    parts = [*_chapters(here, width)]
    if elsewhere:
        parts.append(safe.content(tr("Elsewhere") + "\n", "$quiet"))
        parts.extend(_chapters(elsewhere, width))
    return Content("\n").join(parts)


def _chapters(commands: Sequence[Command], width: int) -> list[Content]:
    """One block a group, in the order of the groups."""
    blocks: list[Content] = []
    for group in Group:
        lines = [_line(command, width) for command in commands if command.group is group]
        if lines:
            heading = safe.content(tr(group.value), "bold")
            blocks.append(Content("\n").join([heading, *lines, Content("")]))
    return blocks


def _line(command: Command, width: int) -> Content:
    first, *more = safe.wrap(command.shown_help, max(20, width - _KEYS - 2))
    keys = safe.content(safe.fit(command.shown_keys or "—", _KEYS), "$ours")
    parts: list[str | Content] = ["  ", keys, safe.content(first)]
    for text in more:
        parts += ["\n" + " " * (_KEYS + 2), safe.content(text)]
    return Content.assemble(*parts)
