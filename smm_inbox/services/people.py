"""People: how to address and reach them, who is the same person, everything they wrote."""

from __future__ import annotations

from dataclasses import replace

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ContactId, ConversationId
from smm_inbox.domain.person import MAX_DETAIL, AuthorCard, Details, Margin, Person
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr
from smm_inbox.storage import journal, likeness, notes, people
from smm_inbox.storage.database import Database, Transaction

from .bus import Bus, FeedChanged
from .undo import Undo, Undone

FIRST = 50
"""Conversations the card shows before it is asked for more."""


class PersonRefused(InboxError):
    """The card cannot be changed so."""


class People:
    """Questions and commands of the author card; every change can be taken back."""

    def __init__(self, db: Database, clock: Clock, bus: Bus, undo: Undo, operator: str) -> None:
        self._db = db
        self._clock = clock
        self._bus = bus
        self._undo = undo
        self._operator = operator

    async def margin(self, conversation: ConversationId, contact: ContactId | None) -> Margin:
        """What stands beside a conversation: notes on it, how to address and reach its author."""
        on_it = await notes.on_conversation(self._db, conversation)
        if contact is None:
            return Margin(notes=on_it)
        about, written = await people.margin(self._db, contact)
        return Margin(await people.details(self._db, contact), on_it, about, written)

    async def card(
        self, contact: ContactId, *, besides: ConversationId | None = None, limit: int = FIRST
    ) -> AuthorCard | None:
        """The card of an author with their first ``limit`` conversations, one left out."""
        who = await people.one(self._db, contact)
        if who is None:
            return None
        return AuthorCard(
            id=contact,
            account=who.account,
            contact=who.contact,
            details=await people.details(self._db, contact),
            notes=await notes.on_person(self._db, contact),
            linked=await people.linked(self._db, contact),
            proposals=await likeness.proposals(self._db, contact),
            written=await people.written(self._db, contact, besides=besides, limit=limit),
        )

    async def search(self, typed: str, besides: ContactId) -> tuple[Person, ...]:
        """People by the beginnings of their names, handles and cities."""
        return await likeness.search(self._db, typed, besides)

    # --- details ----------------------------------------------------------------------------------

    async def set_address(self, contact: ContactId, text: str) -> None:
        """Note how to address somebody; an empty text forgets it."""
        before = await people.own_details(self._db, contact)
        await self._set(contact, before, replace(before, address=_line(text)))

    async def set_reach(self, contact: ContactId, text: str) -> None:
        """Note how else to reach somebody; phones and addresses in it make people recognisable."""
        before = await people.own_details(self._db, contact)
        await self._set(contact, before, replace(before, reach=_line(text)))

    async def _set(self, contact: ContactId, before: Details, after: Details) -> None:
        if before == after:
            return
        async with self._db.transaction() as tx:
            await self._journal(tx, journal.Event.ADDRESS, contact)
            await people.save_details(tx, contact, after)
        self._undo.push(lambda: self._unset(contact, before, after))
        self._tell()

    async def _unset(self, contact: ContactId, before: Details, after: Details) -> Undone | None:
        async with self._db.transaction() as tx:
            if await people.own_details(tx, contact) != after:
                return None
            await people.save_details(tx, contact, before)
            await self._journal(tx, journal.Event.UNDONE, contact)
        self._tell()
        return Undone(SafeText(tr("The card says again what it said before.")))

    # --- the same person --------------------------------------------------------------------------

    async def merge(self, first: ContactId, second: ContactId) -> None:
        """Say that two contacts are one person, together with everybody joined with either."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            before = await people.memberships(tx, first, second)
            await self._check(tx, first, second)
            if first == second or (before[first] is not None and before[first] == before[second]):
                raise PersonRefused(tr("This is the same person already."))
            person = await people.new_person(tx, now)
            after: dict[ContactId, int | None] = dict.fromkeys(before, person)
            await people.join(tx, after)
            await self._journal(tx, journal.Event.MERGED, first, other=second)
        self._remember(before, after, first)

    async def split(self, contact: ContactId) -> None:
        """Say that a contact is a person of its own after all."""
        async with self._db.transaction() as tx:
            await self._check(tx, contact)
            before = await people.memberships(tx, contact)
            if len(before) < 2:
                raise PersonRefused(tr("This contact is joined with nobody."))
            left = [one for one in before if one != contact]
            # Of two, both are on their own again.
            alone: list[ContactId] = [contact, *left] if len(left) == 1 else [contact]
            after = {one: None if one in alone else person for one, person in before.items()}
            await people.join(tx, after)
            await self._journal(tx, journal.Event.SPLIT, contact)
        self._remember(before, after, contact)

    def _remember(
        self,
        before: dict[ContactId, int | None],
        after: dict[ContactId, int | None],
        contact: ContactId,
    ) -> None:
        self._undo.push(lambda: self._rejoin(before, after, contact))
        self._tell()

    async def _rejoin(
        self,
        before: dict[ContactId, int | None],
        after: dict[ContactId, int | None],
        contact: ContactId,
    ) -> Undone | None:
        async with self._db.transaction() as tx:
            present = await people.memberships(tx, *before)
            if any(present[one] != person for one, person in after.items()):
                return None
            await people.join(tx, before)
            await self._journal(tx, journal.Event.UNDONE, contact)
        self._tell()
        return Undone(SafeText(tr("Taken back: the people are as they were.")))

    async def _check(self, tx: Transaction, *contacts: ContactId) -> None:
        for contact in contacts:
            if await people.account_of(tx, contact) is None:
                raise PersonRefused(tr("There is no such author any more."))

    async def _journal(
        self, tx: Transaction, event: journal.Event, contact: ContactId, other: int = 0
    ) -> None:
        account = await people.account_of(tx, contact)
        if account is None:
            raise PersonRefused(tr("There is no such author any more."))
        await journal.write(
            tx,
            event,
            account,
            self._clock.now(),
            operator=self._operator,
            contact=contact,
            other=other,
        )

    def _tell(self) -> None:
        self._bus.publish(FeedChanged(frozenset()))


def _line(text: str) -> SafeText:
    line = clean_line(text, limit=MAX_DETAIL)
    return SafeText("" if line in {"—", "-"} else line)
