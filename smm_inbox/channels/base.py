"""The port: what the engine asks of every network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from smm_inbox.config.options import OptionSpec
from smm_inbox.domain.channel import Attention, Capabilities, Identity, Limitation
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import AccountId, Cursor, RemoteId
from smm_inbox.domain.login import LoginStep
from smm_inbox.domain.message import Batch, Outgoing, SendReceipt

ProgressReport = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


class Channel(Protocol):
    """One connected account.

    Every coroutine has a timeout of its own, is cancellable, and raises only the classes of
    ``domain.errors``. All text in what it returns is ``SafeText``; all times are aware UTC.
    """

    account: AccountId

    @property
    def capabilities(self) -> Capabilities:
        """What can be offered now; may shrink when a token turns out to lack a right."""
        ...

    @property
    def limitations(self) -> tuple[Limitation, ...]:
        """What this account cannot do and what would help, as learnt so far."""
        ...

    async def connect(self) -> Identity:
        """Check the credentials and learn who we are; repeated after every loss of connection."""
        ...

    def updates(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        """Yield what happened since ``cursor``: catch-up first, then live, for ever.

        The first batch with nothing older left to fetch has ``caught_up`` set (it may be empty).
        ``None`` means a first start. The next batch is asked for only after the former is stored.
        """
        ...

    async def send(self, message: Outgoing) -> SendReceipt:
        """Deliver one message. Returns only when the network gave an id.

        Raises ``Ambiguous`` when the effect is unknown and ``Retry`` only when it surely had none.
        """
        ...

    async def find_sent(self, message: Outgoing) -> SendReceipt | None:
        """Look whether an ambiguous message did arrive; ``None`` when it surely did not.

        Raises ``Unsupported`` when the network cannot tell: then the operator decides.
        """
        ...

    async def close(self) -> None:
        """Let go of everything in under a second; may be called twice and at any moment."""
        ...


@runtime_checkable
class SupportsEdit(Protocol):
    """Can change our own sent messages."""

    async def edit(self, place: Place, remote_id: RemoteId, text: str) -> None:
        """Replace the text of our own message; idempotent."""
        ...


@runtime_checkable
class SupportsDelete(Protocol):
    """Can delete messages on the network: our own, and others' where capabilities say so."""

    async def delete(self, place: Place, remote_id: RemoteId) -> None:
        """Delete for everybody; deleting what is gone already is fine."""
        ...


@runtime_checkable
class SupportsHide(Protocol):
    """Can hide other people's public messages on the network and show them again."""

    async def hide(self, place: Place, remote_id: RemoteId, *, hidden: bool) -> None:
        """Hide or show for everybody; idempotent."""
        ...


@runtime_checkable
class SupportsReact(Protocol):
    """Can put an emoji on a customer's message."""

    async def react(self, place: Place, remote_id: RemoteId, emoji: str) -> None:
        """Put our emoji on a message, in place of a former one; an empty one takes it back.

        Idempotent. ``emoji`` is one of those in the capabilities.
        """
        ...


@runtime_checkable
class SupportsMarkRead(Protocol):
    """Can tell the customer that the message was read."""

    async def mark_read(self, place: Place) -> None:
        """Mark everything in the conversation as read."""
        ...


@runtime_checkable
class SupportsTyping(Protocol):
    """Can show the customer that somebody is writing."""

    async def typing(self, place: Place) -> None:
        """Show "is typing" for a few seconds."""
        ...


@runtime_checkable
class SupportsPrivateReply(Protocol):
    """Can answer the author of a public message privately."""

    def private_place(self, contact: RemoteId) -> Place:
        """The direct conversation with ``contact``; it need not exist yet."""
        ...


@runtime_checkable
class SupportsReplyCheck(Protocol):
    """Knows places that this account's credentials cannot answer in."""

    def reply_closed(self, place: Place) -> str:
        """Why an answer in ``place`` is impossible now; empty when it is possible. No network."""
        ...


@runtime_checkable
class SupportsAttention(Protocol):
    """Has to ask its network for news, and may ask more often while the operator looks."""

    def attend(self, attention: Attention) -> None:
        """Learn how closely the operator looks now; touches no network and returns at once."""
        ...


@runtime_checkable
class SupportsSpam(Protocol):
    """Has a spam folder on the network."""

    async def mark_spam(self, place: Place, *, spam: bool) -> None:
        """Put a conversation's inbound messages into the network's spam, or take them out."""
        ...


@runtime_checkable
class SupportsDownload(Protocol):
    """Fetches the content of attachments on demand."""

    async def download(
        self, place: Place, remote_id: RemoteId, ref: str, target: Path, progress: ProgressReport
    ) -> Path:
        """Write an attachment to ``target``, or beside it when that name is taken.

        Returns the file that was written. Cancelling leaves no file behind.
        """
        ...


class Login(Protocol):
    """One login, step by step; every step says what is wanted next. Asks nobody by itself.

    Raises only the classes of ``domain.errors``; after an error or ``DONE`` it is over.
    """

    async def start(self) -> LoginStep:
        """Connect and give the first step."""
        ...

    async def wait(self) -> LoginStep:
        """At ``SCAN``: wait for the scan, or for a picture that replaces an old one."""
        ...

    async def by_code(self, phone: str = "") -> LoginStep:
        """At ``SCAN``: ask the network to send a code instead."""
        ...

    async def answer(self, text: str) -> LoginStep:
        """At ``CODE`` and ``PASSWORD``: give it; a wrong one comes back with ``problem`` set."""
        ...

    async def close(self) -> None:
        """Let go; may be called at any moment and twice."""
        ...


@runtime_checkable
class SupportsLogin(Protocol):
    """Is logged in by a person, not by a token of the config file."""

    def login(self) -> Login:
        """Begin to log in; the channel is offline until the login is over."""
        ...

    async def log_out(self) -> None:
        """End the session on the network and forget it here."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """One line of ``doctor``: what was looked at, whether it is fine, and what to do if not."""

    name: str
    ok: bool
    sentence: str
    fixable: bool = False
    """``doctor --fix`` can put it right after asking."""


@runtime_checkable
class SupportsDiagnosis(Protocol):
    """Can examine its own set-up."""

    async def diagnose(self) -> list[Check]:
        """Examine tokens, rights and settings on the network; changes nothing."""
        ...

    async def repair(self) -> list[Check]:
        """Put right what ``diagnose`` called fixable, then examine again."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class ChannelContext:
    """What a channel is given to live with. Has no ``repr`` of its fields: they hold secrets."""

    account: AccountId
    options: Mapping[str, object]
    """The account's table of the config file, checked against the channel's ``options``, with
    secrets resolved to their values."""
    clock: Clock
    data_dir: Path
    """Private folder of the account (0700) for session files."""
    backfill_since: datetime
    """A first start fetches nothing older than this."""


class ChannelFactory(Protocol):
    """What a channel package registers under ``smm_inbox.channels``."""

    name: str
    """Word in the config: ``channel = "vk"``."""
    short: str
    """Short word in the feed: ``ВК``."""
    options: tuple[OptionSpec, ...]
    """Keys of the account's table in the config file; light to import, no vendor library."""

    def create(self, context: ChannelContext) -> Channel:
        """Build an account's channel without touching the network."""
        ...


__all__ = [
    "Channel",
    "ChannelContext",
    "ChannelFactory",
    "Check",
    "Kind",
    "Login",
    "ProgressReport",
    "SupportsAttention",
    "SupportsDelete",
    "SupportsDiagnosis",
    "SupportsDownload",
    "SupportsEdit",
    "SupportsHide",
    "SupportsLogin",
    "SupportsMarkRead",
    "SupportsPrivateReply",
    "SupportsReact",
    "SupportsReplyCheck",
    "SupportsSpam",
    "SupportsTyping",
]
