"""Leaving while answers are still on their way: never without a word, never against one's will."""

from __future__ import annotations

import asyncio
import contextlib
import time
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from smm_inbox.domain.errors import InboxError
from smm_inbox.locale import ntr, tr

from .. import safe

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

_PATIENCE = 15.0
"""Seconds until the operator is told that the network does not answer; sending goes on."""
_LOOK = 0.1
_QUIT = frozenset("qQйЙ")


class Leaving(StrEnum):
    """How it ended."""

    QUIT = "quit"
    STAY = "stay"


def still_here(answers: int) -> str:
    """What is told when the program ends before its answers have left."""
    return ntr(
        "{n} answer has not left yet: it leaves when smm-inbox is started again.",
        "{n} answers have not left yet: they leave when smm-inbox is started again.",
        answers,
    ).format(n=answers)


class LeaveScreen(ModalScreen[Leaving]):
    """Offers to send what waits and to quit then; answers that failed meanwhile keep one here."""

    RAW_KEYS: ClassVar[bool] = True
    """Letters are taken as typed, not as physical keys."""

    def __init__(self, services: Services, answers: int) -> None:
        super().__init__()
        self._services = services
        self._said = Static(safe.content(still_here(answers)), classes="panel-body")

    def compose(self) -> ComposeResult:
        """Build the sentence and the three ways on."""
        with Vertical(classes="panel small"):
            yield Static(safe.content(tr("Quit?")), classes="panel-title")
            yield self._said
            with Vertical(classes="choices"):
                yield Button(safe.content(tr("Send now, then quit")), id="send")
                yield Button(safe.content(tr("Quit without sending")), id="quit")
                yield Button(safe.content(tr("Stay")), id="stay")
            yield Static(
                safe.content(tr("Enter — choose, q — quit, Esc — stay")), classes="panel-hint"
            )

    def on_mount(self) -> None:
        """Stand on the way that leaves nobody waiting."""
        self.query_one("#send", Button).focus()

    def on_key(self, event: events.Key) -> None:
        """Answer from the keyboard."""
        if event.key == "escape":
            event.stop()
            self.dismiss(Leaving.STAY)
        elif event.character in _QUIT or event.key == "ctrl+q":
            event.stop()
            self.dismiss(Leaving.QUIT)
        elif event.key in {"left", "right", "up", "down"}:
            event.stop()
            self.focus_next() if event.key in {"right", "down"} else self.focus_previous()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the chosen way."""
        event.stop()
        if event.button.id == "send":
            event.button.disabled = True
            self.query_one("#quit", Button).focus()
            self.send_first()
        else:
            self.dismiss(Leaving.QUIT if event.button.id == "quit" else Leaving.STAY)

    @work(exclusive=True, exit_on_error=False)
    async def send_first(self) -> None:
        """Send what waits, and leave when the last answer has."""
        self._said.update(safe.content(tr("Sending…")))
        unsent, began = self._services.unsent, time.monotonic()
        before = await self._failed()
        with contextlib.suppress(InboxError):  # a refusing database: the choice stays open
            await unsent.hasten()
            while await unsent.on_their_way():
                if time.monotonic() - began > _PATIENCE:
                    self._said.update(
                        safe.content(
                            tr(
                                "The network does not answer. What has not left leaves when "
                                "smm-inbox is started again."
                            )
                        )
                    )
                await asyncio.sleep(_LOOK)
            # What failed needs the operator: its reason is on the screen behind this one.
            stay = await self._failed() > before
            self.dismiss(Leaving.STAY if stay else Leaving.QUIT)

    async def _failed(self) -> int:
        return (await self._services.feed.counts()).not_sent
