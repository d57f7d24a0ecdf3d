"""Random conversations of every sort, written through the storage functions themselves."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.conversation import PUBLIC_KINDS, Kind, MessageType, Place, Status
from smm_inbox.domain.feed import Draft
from smm_inbox.domain.hours import Deadline
from smm_inbox.domain.ids import (
    AccountId,
    ConversationId,
    MessageId,
    OutboxId,
    RemoteId,
    TagId,
    Token,
)
from smm_inbox.domain.message import Direction, InState, NetworkMessage
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.domain.tag import Colour
from smm_inbox.domain.text import SafeText
from smm_inbox.storage import (
    contacts,
    conversations,
    drafts,
    messages,
    outbox,
    own,
    sorting,
    tags,
    waiting,
)
from smm_inbox.storage.database import Database, Transaction
from smm_inbox.storage.rows import to_us

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ACCOUNTS = (AccountId("cafe-vk"), AccountId("bar-vk"))
KINDS = tuple(Kind)
TAGS = ("бронь", "жалоба", "Доставка")


def due(account: AccountId, kind: Kind, since: datetime) -> Deadline:
    """Two hours for everything: equal deadlines are as frequent as in a real morning."""
    return Deadline(since + timedelta(hours=1), since + timedelta(hours=2))


@dataclass
class Filler:
    """Draws conversations and what happens in them from a seed."""

    seed: int
    chance: random.Random = field(init=False)
    number: int = 0
    known: list[ConversationId] = field(default_factory=list)
    tags: list[TagId] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def moment(self) -> datetime:
        """A time of the last hours, to the minute: ties are meant to happen."""
        return NOW - timedelta(minutes=self.chance.randrange(400))

    async def conversation(self, tx: Transaction) -> ConversationId:
        """A new conversation with a message in it."""
        self.number += 1
        kind = self.chance.choice(KINDS)
        place = Place(
            kind=kind,
            conversation=RemoteId(f"talk-{self.number}"),
            public=kind in PUBLIC_KINDS,
        )
        account = self.chance.choice(ACCOUNTS)
        contact = await contacts.ensure(tx, account, RemoteId(f"guest-{self.number}"), NOW)
        which = await conversations.ensure(tx, account, place, contact=contact, root=None)
        self.known.append(which)
        await self.message(tx, which, account, place)
        return which

    async def message(
        self, tx: Transaction, which: ConversationId, account: AccountId, place: Place
    ) -> MessageId:
        """One inbound message of a known conversation."""
        self.number += 1
        remote = RemoteId(f"message-{self.number}")
        author = await contacts.ensure(tx, account, RemoteId(f"guest-{which}"), NOW)
        return await messages.insert(
            tx,
            account,
            which,
            NetworkMessage(
                place=place,
                remote_id=remote,
                direction=Direction.IN,
                text=SafeText(f"Вопрос {self.number}"),
                sent_at=self.moment(),
            ),
            author=author,
            state=self.chance.choice([InState.AWAITING, InState.AWAITING, InState.ANSWERED]),
            deleted_at=None,
            now=NOW,
        )

    async def answer(self, tx: Transaction, which: ConversationId, account: AccountId) -> OutboxId:
        """An answer in the outbox that covers what waits."""
        token = Token(f"token-{self.chance.random()}")
        kind = Kind.DIRECT
        answer = await own.insert(
            tx,
            account,
            which,
            kind=kind,
            text="Ответ",
            token=token,
            reply_to=None,
            addressee=None,
            attachments=(),
            operator="Анна",
            now=NOW,
        )
        await waiting.cover(tx, which, answer, author=None)
        return await outbox.put(
            tx,
            account=account,
            conversation=which,
            message=answer,
            action=OutAction.SEND,
            token=token,
            text="Ответ",
            now=NOW,
            due_at=NOW,
        )

    async def step(self, tx: Transaction) -> set[ConversationId]:
        """One random thing that happens; returns what has to be refreshed."""
        if not self.known or self.chance.random() < 0.15:
            return {await self.conversation(tx)}
        which = self.chance.choice(self.known)
        row = await tx.one("SELECT * FROM conversations WHERE id = ?", (which,))
        assert row is not None
        account = AccountId(row["account"])
        place = Place(Kind(row["kind"]), RemoteId(row["remote_id"]))
        what = self.chance.randrange(15)
        if what == 0:
            await self.message(tx, which, account, place)
            await conversations.reopen(tx, [which])
        elif what == 1:
            await self.answer(tx, which, account)
        elif what == 2:
            await self._settle(tx, which)
        elif what == 3:
            await sorting.dismiss(tx, [which])
            await conversations.set_status(tx, which, Status.CLOSED)
        elif what == 4:
            await conversations.set_status(tx, which, self.chance.choice(list(Status)))
        elif what == 5:
            until = self.chance.choice([None, NOW + timedelta(hours=self.chance.randrange(1, 9))])
            await sorting.decide(
                tx, [which], {"snoozed_until": None if until is None else to_us(until)}
            )
        elif what == 6:
            await sorting.decide(tx, [which], {"spam": self.chance.random() < 0.5})
        elif what == 7:
            await drafts.save(tx, which, Draft("Начало", ReplyKind.IN_PLACE, None), NOW)
        elif what == 8:
            await drafts.drop(tx, which)
        elif what == 9:
            await self._delete(tx, which)
        elif what == 10:
            await conversations.mark_mention(tx, which)
        elif what == 11:
            await sorting.decide(tx, [which], {"starred": self.chance.random() < 0.7})
        elif what == 12:
            await tags.put_on(tx, self.chance.choice(self.tags), self.some())
        elif what == 13:
            await tags.take_off(tx, self.chance.choice(self.tags), self.some())
        else:
            kind = self.chance.choice([None, MessageType.COMPLAINT, MessageType.THANKS])
            await sorting.decide(tx, [which], {"type": kind})
        return {which}

    def some(self) -> list[ConversationId]:
        """A few of the known conversations."""
        return self.chance.sample(self.known, min(len(self.known), self.chance.randrange(1, 6)))

    async def _settle(self, tx: Transaction, which: ConversationId) -> None:
        rows = await tx.all("SELECT id FROM outbox WHERE conversation_id = ?", (which,))
        for found in rows:
            row = await outbox.get(tx, OutboxId(found["id"]))
            assert row is not None
            end = self.chance.choice(["sent", "failed", "doubt", "back"])
            if end == "sent":
                await own.set_state(tx, row.message, OutState.SENT)
                await waiting.settle_covered(tx, row.message)
                await outbox.remove(tx, row.id)
            elif end == "back":
                await waiting.uncover(tx, row.message)
                await outbox.remove(tx, row.id)
                await own.erase(tx, row.message)
            elif row.state is OutState.QUEUED and end == "failed":
                await outbox.move(tx, row, OutState.FAILED, reason="Нет")
                await waiting.uncover(tx, row.message)
            elif row.state is OutState.QUEUED:
                await outbox.begin_attempt(tx, row, NOW)

    async def _delete(self, tx: Transaction, which: ConversationId) -> None:
        row = await tx.one(
            "SELECT id, deleted_at FROM messages WHERE conversation_id = ? "
            "ORDER BY id DESC LIMIT 1",
            (which,),
        )
        if row is not None:
            at = NOW if row["deleted_at"] is None else None
            await messages.set_deleted(tx, MessageId(row["id"]), at)


async def fill(db: Database, seed: int, steps: int) -> Filler:
    """A database in which ``steps`` random things happened, each with its refresh."""
    filler = Filler(seed)
    async with db.transaction() as tx:
        for account in ACCOUNTS:
            await tx.run("INSERT INTO accounts (id, channel) VALUES (?, 'vk')", (account,))
        for name in TAGS:
            filler.tags.append((await tags.create(tx, SafeText(name), Colour.NONE)).id)
        for _ in range(steps):
            touched = await filler.step(tx)
            await conversations.refresh(tx, touched, due)
    return filler
