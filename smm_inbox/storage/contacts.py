"""Contacts and roots: upserted snapshots of people and of what comments hang on."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Root
from smm_inbox.domain.ids import AccountId, ContactId, RemoteId

from .database import Param, Transaction
from .rows import maybe_us, to_us

_UPSERT = """
    INSERT INTO contacts
        (account, remote_id, name, handle, followers, city, url, photo_url, note, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (account, remote_id) DO UPDATE SET
        name = iif(excluded.name <> '', excluded.name, name),
        handle = iif(excluded.handle <> '', excluded.handle, handle),
        followers = coalesce(excluded.followers, followers),
        city = iif(excluded.city <> '', excluded.city, city),
        url = iif(excluded.url <> '', excluded.url, url),
        photo_url = iif(excluded.photo_url <> '', excluded.photo_url, photo_url),
        note = iif(excluded.name <> '' OR excluded.note <> '', excluded.note, note),
        updated_at = excluded.updated_at
"""


def _values(account: AccountId, contact: Contact, now: datetime) -> tuple[Param, ...]:
    return (
        account,
        contact.remote_id,
        contact.name,
        contact.handle,
        contact.followers,
        contact.city,
        contact.url,
        contact.photo_url,
        contact.note,
        to_us(now),
    )


async def upsert(tx: Transaction, account: AccountId, contact: Contact, now: datetime) -> ContactId:
    """Store what is known of a contact; unknown fields never overwrite known ones."""
    row = await tx.one(f"{_UPSERT} RETURNING id", _values(account, contact, now))
    return ContactId(row["id"] if row is not None else 0)


async def upsert_all(
    tx: Transaction, account: AccountId, people: Collection[Contact], now: datetime
) -> dict[RemoteId, ContactId]:
    """The same for many at once: a statement each, but one way to the database and back."""
    if not people:
        return {}
    await tx.many(_UPSERT, [_values(account, contact, now) for contact in people])
    rows = await tx.all(
        "SELECT remote_id, id FROM contacts WHERE account = ? "
        "AND remote_id IN (SELECT value FROM json_each(?))",
        (account, json.dumps([contact.remote_id for contact in people])),
    )
    return {RemoteId(row["remote_id"]): ContactId(row["id"]) for row in rows}


async def ensure(
    tx: Transaction, account: AccountId, remote_id: RemoteId, now: datetime
) -> ContactId:
    """Id of a contact, creating an empty one when nothing is known yet."""
    row = await tx.one(
        "SELECT id FROM contacts WHERE account = ? AND remote_id = ?", (account, remote_id)
    )
    if row is not None:
        return ContactId(row["id"])
    return await upsert(tx, account, Contact(remote_id), now)


async def upsert_root(tx: Transaction, account: AccountId, root: Root) -> int:
    """Store the snapshot of a root; an empty snapshot never overwrites a full one."""
    row = await tx.one(
        """
        INSERT INTO roots (account, remote_id, kind, text, url, author, posted_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (account, remote_id) DO UPDATE SET
            text = iif(excluded.text <> '', excluded.text, text),
            url = iif(excluded.url <> '', excluded.url, url),
            author = iif(excluded.author <> '', excluded.author, author),
            posted_at = coalesce(excluded.posted_at, posted_at)
        RETURNING id
        """,
        (
            account,
            root.remote_id,
            root.kind,
            root.text,
            root.url,
            root.author,
            maybe_us(root.posted_at),
        ),
    )
    return int(row["id"]) if row is not None else 0


async def root_id(tx: Transaction, account: AccountId, remote_id: RemoteId) -> int | None:
    """Row id of a stored root."""
    row = await tx.one(
        "SELECT id FROM roots WHERE account = ? AND remote_id = ?", (account, remote_id)
    )
    return None if row is None else int(row["id"])
