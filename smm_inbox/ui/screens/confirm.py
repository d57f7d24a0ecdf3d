"""A yes or no question, for the few things that cannot be undone."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from smm_inbox.locale import tr

from .. import safe

_YES = frozenset("yYдД")
# «н» stands on the key of «y»: here letters mean what they say, and «т» is the key of “n”.
_NO = frozenset("nNнНтТ")


class ConfirmScreen(ModalScreen[bool]):
    """Asks ``question``; ``True`` only when the operator said yes."""

    RAW_KEYS: ClassVar[bool] = True
    """Letters are taken as typed, not as physical keys."""

    def __init__(self, question: str, *, yes: str = "", no: str = "") -> None:
        super().__init__()
        self._question = question
        self._yes = yes or tr("Yes")
        self._no = no or tr("No")

    def compose(self) -> ComposeResult:
        """Build the question and two buttons."""
        with Vertical(classes="panel small"):
            yield Static(safe.content(self._question), classes="panel-title")
            with Horizontal(classes="buttons"):
                yield Button(safe.content(self._yes), id="yes")
                yield Button(safe.content(self._no), id="no")
            yield Static(safe.content(tr("y — yes, n or Esc — no")), classes="panel-hint")

    def on_mount(self) -> None:
        """Stand on the answer that changes nothing."""
        self.query_one("#no", Button).focus()

    def on_key(self, event: events.Key) -> None:
        """Answer from the keyboard."""
        answer: bool | None = None
        if event.key == "escape" or event.character in _NO:
            answer = False
        elif event.character in _YES:
            answer = True
        elif event.key in {"left", "right", "up", "down"}:
            event.stop()
            self.focus_next() if event.key in {"right", "down"} else self.focus_previous()
        if answer is not None:
            event.stop()
            self.dismiss(answer)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer with the mouse or Enter."""
        event.stop()
        self.dismiss(event.button.id == "yes")
