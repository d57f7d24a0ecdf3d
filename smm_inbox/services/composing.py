"""Composing: an answer is checked against its place, network and files before it is queued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smm_inbox.channels.base import SupportsPrivateReply
from smm_inbox.domain.blanks import BLANK
from smm_inbox.domain.channel import Capabilities, ReplyKind
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.feed import ConversationCard, Draft, ReplyOption
from smm_inbox.domain.ids import AccountId, ConversationId, RemoteId
from smm_inbox.domain.message import REPLY_ALL, LocalFile
from smm_inbox.domain.text import LengthUnit, clean, length_in, split_text
from smm_inbox.locale import ntr, tr
from smm_inbox.storage import reading
from smm_inbox.storage.database import Database
from smm_inbox.storage.reading import ConversationFacts

from . import permissions
from .accounts import Accounts
from .feed import Feed


class ReplyRefused(InboxError):
    """The answer cannot be queued as it is; the draft is kept."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked answer, ready to be written down."""

    account: AccountId
    written_in: ConversationId
    written_kind: Kind
    place: Place | None
    """Where it goes when not into the conversation it was written in."""
    kind: Kind
    parts: tuple[str, ...]
    files: tuple[LocalFile, ...]
    reply_to: RemoteId | None
    addressee: RemoteId | None
    addressee_id: int | None
    notes: Mapping[str, str]
    """For ``Outgoing.extra``."""


class Composing:
    """Turns what stands in the composer into a plan, or refuses it with a sentence."""

    def __init__(self, db: Database, accounts: Accounts, feed: Feed) -> None:
        self._db = db
        self._accounts = accounts
        self._feed = feed

    async def plan(self, conversation: ConversationId, draft: Draft) -> Plan:
        """Check the draft of a conversation; raises ``ReplyRefused`` when it cannot leave so."""
        facts = await reading.facts(self._db, conversation)
        if facts is None:
            raise ReplyRefused(tr("There is no such conversation any more."))
        await self._learn_limits(facts.account)
        card = await self._feed.card(conversation)
        if card is None:
            raise ReplyRefused(tr("There is no such conversation any more."))
        text = clean(draft.text).strip()
        if not text and not draft.files:
            raise ReplyRefused(tr("The answer is empty: write something first."))
        if blank := BLANK.search(text):
            raise ReplyRefused(tr("Fill in the blank first: {blank}").format(blank=blank[0]))
        option = next((item for item in card.options if item.kind is draft.reply_kind), None)
        if option is None:
            raise ReplyRefused(tr("This way of answering is not possible here."))
        if option.closed:
            raise ReplyRefused(option.closed)
        caps = self._accounts.capabilities(facts.account)
        files = self._files(draft.files, option, caps)
        parts = self._parts(text, option, caps)
        private = draft.reply_kind is ReplyKind.PRIVATE
        target = await self._target(facts, card, draft)
        place = None
        if private:
            place = self._private_place(facts, target.author_remote)
        quote = target.remote_id
        named = caps is not None and caps.private_needs_source
        notes = _reply_all(draft, option)
        # An answer to all goes to the addressees of exactly the message it was written under.
        latest = target.is_latest and notes.get(REPLY_ALL) != "1"
        if (private and not named) or (facts.kind is Kind.DIRECT and latest):
            quote = None  # quoting the very message above says nothing
        return Plan(
            account=facts.account,
            written_in=conversation,
            written_kind=facts.kind,
            place=place,
            kind=Kind.DIRECT if private else facts.kind,
            parts=parts,
            files=files,
            reply_to=quote,
            addressee=target.author_remote,
            addressee_id=None if facts.kind is Kind.DIRECT else target.author_id,
            notes=notes,
        )

    async def _learn_limits(self, account: AccountId) -> None:
        """What the network takes is known without asking it, from its channel: load that first."""
        live = self._accounts.live(account)
        if live is None or not live.settings.enabled:
            return  # the card says why nothing can be answered
        try:
            await self._accounts.load_channel(live)
        except InboxError as error:
            raise ReplyRefused(error.sentence) from error

    def _parts(self, text: str, option: ReplyOption, caps: Capabilities | None) -> tuple[str, ...]:
        unit = LengthUnit.CODE_POINTS if caps is None else caps.unit
        over = length_in(text, unit) - option.max_text
        if over <= 0:
            return (text,)
        if not option.splits:
            sentence = ntr(
                "The answer is {n} character too long for this network: shorten it.",
                "The answer is {n} characters too long for this network: shorten it.",
                over,
            )
            raise ReplyRefused(sentence.format(n=over))
        return tuple(split_text(text, option.max_text, unit))

    def _files(
        self, paths: Sequence[str], option: ReplyOption, caps: Capabilities | None
    ) -> tuple[LocalFile, ...]:
        if not paths:
            return ()
        if len(paths) > option.max_files:
            raise ReplyRefused(
                tr("Files cannot be sent here.")
                if not option.max_files
                else tr("Too many files: at most {n}.").format(n=option.max_files)
            )
        found: list[LocalFile] = []
        for path in paths:
            try:
                item = permissions.local_file(path)
            except (OSError, ValueError, RuntimeError) as error:
                raise ReplyRefused(
                    tr("The file cannot be read: {path}").format(path=clean(path))
                ) from error
            if item.size == 0:
                raise ReplyRefused(tr("The file is empty: {name}").format(name=item.name))
            if caps is not None and caps.max_file_size and item.size > caps.max_file_size:
                raise ReplyRefused(
                    tr("The file is too big for this network ({limit} MB at most): {name}").format(
                        limit=caps.max_file_size // 2**20, name=item.name
                    )
                )
            found.append(item)
        return tuple(found)

    async def _target(
        self, facts: ConversationFacts, card: ConversationCard, draft: Draft
    ) -> _Target:
        wanted = draft.reply_to or card.reply_target
        if wanted is None:
            contact = facts.contact
            return _Target(None, None if contact is None else contact.remote_id, None, True)
        row = await self._db.one(
            "SELECT m.remote_id, m.author_id, m.direction, c.remote_id AS author_remote "
            "FROM messages m LEFT JOIN contacts c ON c.id = m.author_id "
            "WHERE m.id = ? AND m.kind = ? AND m.account = ?",
            (wanted, facts.kind, facts.account),
        )
        if row is None:
            raise ReplyRefused(tr("The message you answer is gone: choose another one."))
        inbound = row["direction"] == "in"
        return _Target(
            remote_id=None if row["remote_id"] is None else RemoteId(row["remote_id"]),
            author_remote=RemoteId(row["author_remote"])
            if inbound and row["author_remote"]
            else None,
            author_id=row["author_id"] if inbound else None,
            is_latest=wanted == card.reply_target,
        )

    def _private_place(self, facts: ConversationFacts, author: RemoteId | None) -> Place:
        live = self._accounts.live(facts.account)
        channel = None if live is None else live.channel
        if author is None or not isinstance(channel, SupportsPrivateReply):
            raise ReplyRefused(tr("A private answer is not possible here."))
        return channel.private_place(author)


@dataclass(frozen=True, slots=True)
class _Target:
    """The message an answer goes to."""

    remote_id: RemoteId | None
    author_remote: RemoteId | None
    author_id: int | None
    is_latest: bool


def _reply_all(draft: Draft, option: ReplyOption) -> dict[str, str]:
    """The choice between the customer alone and all, written down where the network has it."""
    if option.reply_all is None:
        return {}
    everybody = option.reply_all if draft.reply_all is None else draft.reply_all
    return {REPLY_ALL: "1" if everybody else "0"}
