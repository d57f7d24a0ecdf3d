"""One sentence in the middle of the screen: something went wrong, and what to do."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from smm_inbox.locale import tr

from .. import safe


class MessageScreen(ModalScreen[None]):
    """Says ``sentence`` until the operator goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "close", show=False),
    ]

    def __init__(self, sentence: str, *, title: str = "", button: str = "") -> None:
        super().__init__()
        self._sentence = sentence
        self._title = title or tr("Something went wrong")
        self._button = button or tr("Go on")

    def compose(self) -> ComposeResult:
        """Build the title, the sentence and one button."""
        with Vertical(classes="panel small"):
            yield Static(safe.content(self._title), classes="panel-title")
            with VerticalScroll(classes="panel-body", can_focus=False):
                yield Static(safe.content(self._sentence))
            with Horizontal(classes="buttons"):
                yield Button(safe.content(self._button), id="go-on")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go on with the mouse."""
        event.stop()
        self.dismiss()

    def action_close(self) -> None:
        """Go on from the keyboard."""
        self.dismiss()
