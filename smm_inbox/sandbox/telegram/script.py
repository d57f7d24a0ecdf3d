"""The network as a script sees it: state, faults, attachments, and what we sent."""

from __future__ import annotations

from smm_inbox.sandbox.telegram.faults import Faults
from smm_inbox.sandbox.telegram.media import MediaMaker
from smm_inbox.sandbox.telegram.model import CallRecord, Delivery, Media, Message, User
from smm_inbox.sandbox.telegram.state import Rules, State
from smm_inbox.sandbox.telegram.world import ME

Who = int | User
Attached = Media | str | None
"""An attachment, or the name of its kind."""


class Script:
    """What every part of a script needs."""

    me = ME
    """User id of the business account."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.media = MediaMaker(state)

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self.state.faults

    @property
    def rules(self) -> Rules:
        """Which way the network behaves where the real one wavers."""
        return self.state.rules

    @property
    def sent(self) -> list[Delivery]:
        """A copy of everything that took effect in our accounts' names through the API."""
        with self.state.lock:
            return list(self.state.sent)

    @property
    def calls(self) -> list[CallRecord]:
        """A copy of the log of calls."""
        with self.state.lock:
            return list(self.state.calls)

    def called(self, method: str) -> int:
        """How often a method was called."""
        return sum(1 for call in self.calls if call.method == method)

    def id_of(self, message: Message, viewer: int = ME) -> int:
        """The id an account knows a message by."""
        return message.ids[self.state.box_name(message.chat, viewer)]

    def message(self, uid: int) -> Message:
        """A message by its number in the sandbox."""
        with self.state.lock:
            return self.state.messages[uid]

    def _media(self, attached: Attached) -> Media | None:
        return self.media.named(attached) if isinstance(attached, str) else attached


def number(who: Who) -> int:
    """User id of somebody given as a user or an id."""
    return who.id if isinstance(who, User) else who
