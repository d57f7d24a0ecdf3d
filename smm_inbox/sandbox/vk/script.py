"""The network as a script sees it: state, faults, attachments, and what we sent."""

from __future__ import annotations

from smm_inbox.sandbox.vk.faults import Faults
from smm_inbox.sandbox.vk.media import Media
from smm_inbox.sandbox.vk.model import Call, Delivery, Json
from smm_inbox.sandbox.vk.state import State


class Script:
    """What every part of a script needs."""

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self.state.faults

    @property
    def media(self) -> Media:
        """Makes attachments."""
        return self.state.media

    @property
    def sent(self) -> list[Delivery]:
        """A copy of everything that took effect in the community's name."""
        with self.state.lock:
            return list(self.state.sent)

    @property
    def calls(self) -> list[Call]:
        """A copy of the log of calls, without tokens."""
        with self.state.lock:
            return list(self.state.calls)

    def event(self, kind: str, obj: Json) -> None:
        """Any event, also of a kind nobody knows."""
        with self.state.lock:
            self.state.events.publish(kind, obj)
