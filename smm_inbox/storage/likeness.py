"""Who may be the same person: equal phones, addresses, handles, names; and people by their name."""

from __future__ import annotations

from collections.abc import Iterable

from smm_inbox.domain.fold import words
from smm_inbox.domain.ids import ContactId
from smm_inbox.domain.person import Likeness, Person
from smm_inbox.domain.ways import WayKind

from .database import Database
from .kin import WHO
from .people import person_from

_MOST = 5
_COMMON = 3
"""A name and city more people share than this proves nothing."""
_OF_WAY = {
    WayKind.PHONE: Likeness.PHONE,
    WayKind.EMAIL: Likeness.EMAIL,
    WayKind.LINK: Likeness.LINK,
    WayKind.HANDLE: Likeness.HANDLE,
}


async def proposals(db: Database, contact: ContactId) -> tuple[Person, ...]:
    """Contacts that may be the same person, the strongest reason first; never joined by itself."""
    mine = await db.all(f"SELECT * FROM contacts WHERE id IN ({WHO})", (contact, contact))
    known = {int(row["id"]) for row in mine}
    found: dict[int, Likeness] = {}

    def add(ids: Iterable[int], why: Likeness) -> None:
        for number in ids:
            if number not in known:
                found.setdefault(number, why)

    ways = await db.all(
        f"SELECT DISTINCT kind, key FROM contact_ways WHERE contact_id IN ({WHO})",
        (contact, contact),
    )
    keys = [(WayKind(row["kind"]), str(row["key"])) for row in ways]
    for row in mine:
        if handle := str(row["handle"]).lower():
            keys.append((WayKind.EMAIL if "@" in handle else WayKind.HANDLE, handle))
    for kind in WayKind:
        for key in sorted({key for one, key in keys if one is kind}):
            add(await _by_way(db, kind, key), _OF_WAY[kind])
    for row in mine:
        if row["name"] and row["city"]:
            same = await db.all(
                "SELECT id FROM contacts WHERE name = ? AND city = ? AND account <> ? LIMIT ?",
                (row["name"], row["city"], row["account"], _COMMON + 1),
            )
            if len(same) <= _COMMON:
                add((one["id"] for one in same), Likeness.NAME)
    result: list[Person] = []
    for number, why in list(found.items())[:_MOST]:
        one = await db.one("SELECT * FROM contacts WHERE id = ?", (number,))
        if one is not None:
            person = person_from(one)
            result.append(Person(person.id, person.account, person.contact, why))
    return tuple(result)


async def _by_way(db: Database, kind: WayKind, key: str) -> list[int]:
    rows = await db.all(
        "SELECT contact_id AS id FROM contact_ways WHERE kind = ? AND key = ? LIMIT ?",
        (kind, key, _MOST + 1),
    )
    if kind in {WayKind.EMAIL, WayKind.HANDLE}:
        rows += await db.all(
            "SELECT id FROM contacts WHERE lower(handle) = ? AND handle <> '' LIMIT ?",
            (key, _MOST + 1),
        )
    return [int(row["id"]) for row in rows]


async def search(
    db: Database, typed: str, besides: ContactId, *, limit: int = 20
) -> tuple[Person, ...]:
    """People whose name, handle or city has words beginning with those typed, in any order."""
    wanted = words(typed)[:8]
    if not wanted:
        return ()
    # Words of letters and digits only, each in quotes: nothing of it is syntax to the index.
    query = " ".join(f'"{word}"*' for word in wanted)
    rows = await db.all(
        f"""
        SELECT c.* FROM (
            SELECT rowid AS id FROM contact_words WHERE contact_words MATCH ? LIMIT ?) w
        JOIN contacts c ON c.id = w.id WHERE c.id NOT IN ({WHO}) LIMIT ?
        """,
        (query, limit * 5, besides, besides, limit),
    )
    return tuple(person_from(row) for row in rows)
