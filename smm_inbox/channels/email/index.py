"""What the channel remembers of letters: where they lie and which thread they belong to.

The inbox itself is stored elsewhere; all of this can be read from the mailbox again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from .store import Store, micros, moment


@dataclass(frozen=True, slots=True)
class Known:
    """A letter as the index remembers it."""

    remote_id: str
    message_id: str
    """With angle brackets; may be empty."""
    thread: str
    outgoing: bool
    contact: str
    name: str
    """Name of the contact."""
    subject: str
    references: tuple[str, ...]
    """References and In-Reply-To of the letter itself, oldest first."""
    people: tuple[str, ...]
    """Everybody else who got it, for reply-all."""
    sent_at: datetime


class Index:
    """Letters, places and threads of an account. Every call is short and from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def forget(self) -> None:
        """Start over: the inbox knows nothing either. Threads keep their names all the same."""
        with self._store.open() as db:
            tables = ("letters", "places", "folders", "subjects", "prints", "news")
            for table in (*tables, "answered", "bounced"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables

    # --- threads: what letter.threads looks things up in ------------------------------------------

    def by_message_id(self, message_id: str) -> str | None:
        """The thread of the letter with this Message-ID, be it here or only referred to."""
        with self._store.open() as db:
            row = db.execute(
                "SELECT thread FROM threads WHERE message_id = ?", (message_id,)
            ).fetchone()
        return None if row is None else str(row[0])

    def by_subject(self, correspondent: str, subject: str, since: datetime) -> str | None:
        """The thread of this person's newest letter under this subject, if after ``since``."""
        with self._store.open() as db:
            row = db.execute(
                "SELECT thread FROM subjects WHERE contact = ? AND subject = ? AND at >= ?",
                (correspondent, subject, micros(since)),
            ).fetchone()
        return None if row is None else str(row[0])

    # --- letters ----------------------------------------------------------------------------------

    def add(self, letter: Known, *, aliases: Collection[str] = (), subject_key: str = "") -> None:
        """Remember a letter and what leads to its thread."""
        with self._store.open() as db:
            db.execute(
                "INSERT INTO letters (remote_id, message_id, thread, outgoing, contact, name, "
                "subject, refs, people, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (remote_id) DO NOTHING",
                (
                    letter.remote_id,
                    letter.message_id,
                    letter.thread,
                    letter.outgoing,
                    letter.contact,
                    letter.name,
                    letter.subject,
                    json.dumps(letter.references),
                    json.dumps(letter.people),
                    micros(letter.sent_at),
                ),
            )
            db.executemany(
                "INSERT OR IGNORE INTO threads VALUES (?, ?)",
                [(alias, letter.thread) for alias in aliases if alias],
            )
            if subject_key and letter.contact:
                db.execute(
                    "INSERT INTO subjects VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                    "thread = excluded.thread, at = excluded.at WHERE excluded.at >= at",
                    (letter.contact, subject_key, letter.thread, micros(letter.sent_at)),
                )

    def get(self, remote_id: str) -> Known | None:
        """A letter by its remote id."""
        return self._one("SELECT * FROM letters WHERE remote_id = ?", (remote_id,))

    def called(self, message_id: str) -> Known | None:
        """A letter by its Message-ID."""
        return self._one("SELECT * FROM letters WHERE message_id = ? LIMIT 1", (message_id,))

    def correspondent(self, thread: str) -> str:
        """Whom a thread is with: the contact of its first letter; empty for a new thread."""
        with self._store.open() as db:
            row = db.execute(
                "SELECT contact FROM letters WHERE thread = ? ORDER BY rowid LIMIT 1", (thread,)
            ).fetchone()
        return "" if row is None else str(row[0])

    def latest(self, thread: str, contact: str = "") -> Known | None:
        """The newest letter of a customer in a thread, of ``contact`` if given."""
        return self._one(
            "SELECT * FROM letters WHERE thread = ? AND outgoing = 0 AND gone = 0 "
            "AND (? = '' OR contact = ?) ORDER BY sent_at DESC LIMIT 1",
            (thread, contact, contact),
        )

    def inbound(self, thread: str, *, gone: bool = False) -> list[Known]:
        """The customers' letters of a thread that are here, or those that are gone."""
        with self._store.open() as db:
            rows = db.execute(
                "SELECT * FROM letters WHERE thread = ? AND outgoing = 0 AND gone = ? "
                "ORDER BY sent_at",
                (thread, gone),
            ).fetchall()
        return [_known(row) for row in rows]

    def _one(self, query: str, values: tuple[str, ...]) -> Known | None:
        with self._store.open() as db:
            row = db.execute(query, values).fetchone()
        return None if row is None else _known(row)

    # --- places -----------------------------------------------------------------------------------

    def put(self, folder: str, uids: Sequence[tuple[int, str]]) -> None:
        """Letters lie in a folder under these UIDs."""
        if not uids:
            return
        with self._store.open() as db:
            db.executemany(
                "INSERT OR REPLACE INTO places VALUES (?, ?, ?)",
                [(folder, uid, remote_id) for uid, remote_id in uids],
            )

    def validity(self, folder: str) -> int | None:
        """The UIDVALIDITY that the UIDs of a folder belong to."""
        with self._store.open() as db:
            row = db.execute("SELECT uidvalidity FROM folders WHERE name = ?", (folder,)).fetchone()
        return None if row is None else int(row[0])

    def numbered(self, folder: str, uidvalidity: int) -> None:
        """From now on the UIDs of a folder belong to this UIDVALIDITY."""
        with self._store.open() as db:
            db.execute("INSERT OR REPLACE INTO folders VALUES (?, ?)", (folder, uidvalidity))

    def places(self, remote_id: str) -> list[tuple[str, int, int]]:
        """Where a letter lies: folder, UIDVALIDITY and UID."""
        with self._store.open() as db:
            return [
                (str(folder), int(uidvalidity), int(uid))
                for folder, uidvalidity, uid in db.execute(
                    "SELECT p.folder, f.uidvalidity, p.uid FROM places p "
                    "JOIN folders f ON f.name = p.folder WHERE p.remote_id = ?",
                    (remote_id,),
                )
            ]

    def uids(self, folder: str, count: int) -> list[int]:
        """The newest ``count`` UIDs known in a folder, ascending."""
        with self._store.open() as db:
            rows = db.execute(
                "SELECT uid FROM places WHERE folder = ? ORDER BY uid DESC LIMIT ?",
                (folder, count),
            )
            return sorted(int(uid) for (uid,) in rows)

    def at(self, folder: str, uids: Collection[int]) -> list[str]:
        """Remote ids of the letters under these UIDs, as far as they are known."""
        with self._store.open() as db:
            return [
                str(row[0])
                for uid in uids
                for row in db.execute(
                    "SELECT remote_id FROM places WHERE folder = ? AND uid = ?", (folder, uid)
                )
            ]

    def drop(self, folder: str, uids: Collection[int]) -> None:
        """These UIDs are gone: their letters may lie nowhere now."""
        with self._store.open() as db:
            found = [
                row
                for uid in uids
                for row in db.execute(
                    "DELETE FROM places WHERE folder = ? AND uid = ? RETURNING remote_id",
                    (folder, uid),
                ).fetchall()
            ]
            db.executemany("INSERT OR IGNORE INTO news VALUES (?, 'perhaps')", found)

    def is_gone(self, remote_id: str) -> bool:
        """Whether a letter was deleted or moved out of sight earlier."""
        with self._store.open() as db:
            row = db.execute(
                "SELECT gone FROM letters WHERE remote_id = ?", (remote_id,)
            ).fetchone()
            return row is not None and bool(row[0])

    # --- fingerprints -----------------------------------------------------------------------------

    def printed(self, rough: str) -> str:
        """The fingerprint under which a letter was taken, by its rough one; empty when unknown."""
        with self._store.open() as db:
            row = db.execute("SELECT print FROM prints WHERE rough = ?", (rough,)).fetchone()
        return "" if row is None else str(row[0])

    def remember_print(self, rough: str, print_: str) -> None:
        """A letter was taken under a fingerprint: it stays its name, however it is read later."""
        with self._store.open() as db:
            db.execute("INSERT OR IGNORE INTO prints VALUES (?, ?)", (rough, print_))

    # --- letters that went and came back: kept until the inbox surely has heard of it -------------

    def came_back(self, remote_id: str) -> None:
        """A letter that was gone lies somewhere again."""
        with self._store.open() as db:
            db.execute("UPDATE letters SET gone = 0 WHERE remote_id = ?", (remote_id,))
            db.execute("INSERT OR REPLACE INTO news VALUES (?, 'back')", (remote_id,))

    def returned(self) -> list[str]:
        """Letters that came back."""
        with self._store.open() as db:
            rows = db.execute("SELECT remote_id FROM news WHERE what = 'back'").fetchall()
        return [str(remote_id) for (remote_id,) in rows]

    def lost(self) -> list[str]:
        """Letters that were dropped and lie nowhere else; they are marked as gone."""
        with self._store.open() as db:
            db.execute(
                "UPDATE news SET what = 'gone' "
                "WHERE NOT EXISTS (SELECT 1 FROM places p WHERE p.remote_id = news.remote_id)"
            )
            db.execute("DELETE FROM news WHERE what = 'perhaps'")
            db.execute(
                "UPDATE letters SET gone = 1 "
                "WHERE remote_id IN (SELECT remote_id FROM news WHERE what = 'gone')"
            )
            rows = db.execute("SELECT remote_id FROM news WHERE what = 'gone'").fetchall()
        return [str(remote_id) for (remote_id,) in rows]

    def heard(self, remote_ids: Collection[str], what: str) -> None:
        """The inbox has stored that these letters are ``gone`` or ``back``."""
        with self._store.open() as db:
            db.executemany(
                "DELETE FROM news WHERE remote_id = ? AND what = ?",
                [(remote_id, what) for remote_id in remote_ids],
            )

    def renumbered(self, folder: str, uidvalidity: int, below: int, since: datetime) -> None:
        """The UIDs of a folder mean nothing any more; what was read below ``below`` was told.

        Letters written after ``since`` will be met again, or else they are gone.
        """
        with self._store.open() as db:
            db.execute(
                "UPDATE letters SET told = 1 WHERE remote_id IN "
                "(SELECT remote_id FROM places WHERE folder = ? AND uid < ?)",
                (folder, below),
            )
            db.execute(
                "INSERT OR IGNORE INTO news SELECT p.remote_id, 'perhaps' "
                "FROM places p JOIN letters l USING (remote_id) "
                "WHERE p.folder = ? AND NOT l.outgoing AND l.sent_at >= ?",
                (folder, micros(since)),
            )
            db.execute("DELETE FROM places WHERE folder = ?", (folder,))
            self.numbered(folder, uidvalidity)

    def in_doubt(self) -> bool:
        """Whether letters may lie nowhere now."""
        with self._store.open() as db:
            row = db.execute("SELECT 1 FROM news WHERE what = 'perhaps' LIMIT 1").fetchone()
        return row is not None

    def told(self, remote_id: str) -> bool:
        """Whether the inbox surely has this letter."""
        with self._store.open() as db:
            row = db.execute(
                "SELECT told FROM letters WHERE remote_id = ?", (remote_id,)
            ).fetchone()
            return row is not None and bool(row[0])


def _known(row: Sequence[object]) -> Known:
    remote_id, message_id, thread, outgoing, contact, name, subject, refs, people, sent_at = row[
        :10
    ]
    return Known(
        remote_id=str(remote_id),
        message_id=str(message_id),
        thread=str(thread),
        outgoing=bool(outgoing),
        contact=str(contact),
        name=str(name),
        subject=str(subject),
        references=tuple(json.loads(str(refs))),
        people=tuple(json.loads(str(people))),
        sent_at=moment(int(str(sent_at))),
    )
