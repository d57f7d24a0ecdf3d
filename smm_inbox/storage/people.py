"""People behind contacts: details, joining and separating, and everything they wrote."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from smm_inbox.domain.ids import AccountId, ContactId, ConversationId
from smm_inbox.domain.person import Details, Person, Written
from smm_inbox.domain.text import SafeText
from smm_inbox.domain.ways import way_keys

from . import kin
from .database import Database, Transaction
from .kin import THEIRS, WHO
from .rows import contact_from, maybe_time, to_us

# --- Details --------------------------------------------------------------------------------------


async def details(db: Database | Transaction, contact: ContactId) -> Details:
    """Details of a contact; what it lacks is taken from the contacts joined with it."""
    rows = await db.all(
        f"SELECT d.* FROM contact_details d WHERE d.contact_id IN ({WHO}) "
        "ORDER BY d.contact_id <> ?, d.contact_id",
        (contact, contact, contact),
    )
    return Details(
        SafeText(next((row["address"] for row in rows if row["address"]), "")),
        SafeText(next((row["reach"] for row in rows if row["reach"]), "")),
    )


async def own_details(tx: Transaction | Database, contact: ContactId) -> Details:
    """Details of a contact alone."""
    row = await tx.one("SELECT * FROM contact_details WHERE contact_id = ?", (contact,))
    if row is None:
        return Details()
    return Details(SafeText(row["address"]), SafeText(row["reach"]))


async def save_details(tx: Transaction, contact: ContactId, value: Details) -> None:
    """Replace the details of a contact, and what it can be recognised by."""
    await tx.run(
        "INSERT INTO contact_details (contact_id, address, reach) VALUES (?, ?, ?) "
        "ON CONFLICT (contact_id) DO UPDATE SET address = excluded.address, "
        "reach = excluded.reach",
        (contact, value.address, value.reach),
    )
    await tx.run("DELETE FROM contact_ways WHERE contact_id = ?", (contact,))
    await tx.many(
        "INSERT INTO contact_ways (kind, key, contact_id) VALUES (?, ?, ?)",
        [(kind, key, contact) for kind, key in sorted(way_keys(value.reach))],
    )


# --- Joining --------------------------------------------------------------------------------------


async def memberships(tx: Transaction, *contacts: ContactId) -> dict[ContactId, int | None]:
    """Everybody who is one of these people, with the number they are joined under."""
    found: dict[ContactId, int | None] = {}
    for contact in contacts:
        rows = await tx.all(
            f"SELECT id, person_id FROM contacts WHERE id IN ({WHO})", (contact, contact)
        )
        found.update({ContactId(row["id"]): row["person_id"] for row in rows})
    return found


async def new_person(tx: Transaction, now: datetime) -> int:
    """A number to join contacts under."""
    return await tx.insert("INSERT INTO persons (created_at) VALUES (?)", (to_us(now),))


async def join(tx: Transaction, members: Mapping[ContactId, int | None]) -> None:
    """Put contacts under the given numbers; ``None`` sets one apart."""
    await tx.many(
        "UPDATE contacts SET person_id = ? WHERE id = ?",
        [(person, contact) for contact, person in members.items()],
    )


async def linked(db: Database, contact: ContactId) -> tuple[Person, ...]:
    """Other contacts of the same person."""
    rows = await db.all(
        f"SELECT * FROM contacts WHERE id IN ({WHO}) AND id <> ? ORDER BY id",
        (contact, contact, contact),
    )
    return tuple(person_from(row) for row in rows)


async def account_of(tx: Transaction | Database, contact: ContactId) -> AccountId | None:
    """The account a contact belongs to; ``None`` when there is no such contact."""
    row = await tx.one("SELECT account FROM contacts WHERE id = ?", (contact,))
    return None if row is None else AccountId(row["account"])


async def one(db: Database, contact: ContactId) -> Person | None:
    """One contact."""
    row = await db.one("SELECT * FROM contacts WHERE id = ?", (contact,))
    return None if row is None else person_from(row)


def person_from(row: sqlite3.Row) -> Person:
    """A contact out of its row."""
    return Person(ContactId(row["id"]), AccountId(row["account"]), contact_from(row))


# --- What they wrote ------------------------------------------------------------------------------


async def written(
    db: Database, contact: ContactId, *, besides: ConversationId | None = None, limit: int
) -> Written:
    """The first conversations of a person and how many there are, one left out."""
    row = await db.one(
        f"""
        {THEIRS}
        SELECT count(*) AS total, coalesce(sum(c.awaiting > 0), 0) AS awaiting,
            min(c.last_at) AS since
        FROM theirs JOIN conversations c ON c.id = theirs.id WHERE c.id <> ?
        """,
        (contact, contact, besides or 0),
    )
    if row is None:
        return Written()
    rows = await kin.conversations(db, contact, besides=besides, limit=limit)
    return Written(rows, row["total"], row["awaiting"], maybe_time(row["since"]))


async def margin(db: Database, contact: ContactId) -> tuple[int, int]:
    """How many notes there are on the person, and how many conversations with them."""
    row = await db.one(
        f"""
        {THEIRS}
        SELECT (SELECT count(*) FROM notes n JOIN who ON n.contact_id = who.id) AS about,
            (SELECT count(*) FROM theirs) AS written
        """,
        (contact, contact),
    )
    return (0, 1) if row is None else (row["about"], max(1, row["written"]))
