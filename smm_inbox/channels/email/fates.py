"""The fate of every answer, written down before and after each step of sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .store import Store, micros, moment


class Fate(StrEnum):
    """How far an answer got."""

    PREPARED = "prepared"
    """The letter surely has not left."""
    HANDED = "handed"
    """It was being handed over: nobody knows."""
    ACCEPTED = "accepted"
    """The server took it; the sent copy is still to be seen to."""
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sending:
    """An answer on its way."""

    token: str
    message_id: str
    thread: str
    answers: str
    """Remote id of the letter it answers, for ``\\Answered``; may be empty."""
    fate: Fate
    at: datetime
    note: str
    """A sentence to be told in the conversation."""


class Fates:
    """Answers of an account and what was learnt about its server."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def prepare(self, token: str, message_id: str, thread: str, answers: str, at: datetime) -> None:
        """An answer is about to be sent; its thread is known from now on."""
        with self._store.open() as db:
            db.execute(
                "INSERT INTO outgoing (token, message_id, thread, answers, state, at) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (token) DO UPDATE SET "
                "state = excluded.state, at = excluded.at",
                (token, message_id, thread, answers, Fate.PREPARED, micros(at)),
            )
            db.execute("INSERT OR IGNORE INTO threads VALUES (?, ?)", (message_id, thread))

    def settle(self, token: str, fate: Fate, note: str = "") -> None:
        """An answer got one step further."""
        with self._store.open() as db:
            db.execute(
                "UPDATE outgoing SET state = ?, note = CASE WHEN ? = '' THEN note ELSE ? END "
                "WHERE token = ?",
                (fate, note, note, token),
            )

    def sending(self, token: str) -> Sending | None:
        """What is known of an answer."""
        with self._store.open() as db:
            row = db.execute("SELECT * FROM outgoing WHERE token = ?", (token,)).fetchone()
        return None if row is None else _sending(row)

    def accepted(self) -> list[Sending]:
        """Answers whose sent copy is still to be seen to, oldest first."""
        return self._sendings("state = 'accepted'")

    def with_notes(self) -> list[Sending]:
        """Answers with a sentence that was not told yet."""
        return self._sendings("note <> ''")

    def note_told(self, token: str) -> None:
        """The sentence of an answer is in the inbox."""
        with self._store.open() as db:
            db.execute("UPDATE outgoing SET note = '' WHERE token = ?", (token,))

    def _sendings(self, where: str) -> list[Sending]:
        with self._store.open() as db:
            rows = db.execute(f"SELECT * FROM outgoing WHERE {where} ORDER BY at").fetchall()  # noqa: S608 - constants above
        return [_sending(row) for row in rows]

    # --- facts ------------------------------------------------------------------------------------

    def fact(self, name: str) -> str:
        """Something learnt about the server; empty when unknown."""
        with self._store.open() as db:
            row = db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def learn(self, name: str, value: str) -> None:
        """Remember something about the server."""
        with self._store.open() as db:
            db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def _sending(row: Sequence[object]) -> Sending:
    token, message_id, thread, answers, state, at, note = row
    return Sending(
        token=str(token),
        message_id=str(message_id),
        thread=str(thread),
        answers=str(answers),
        fate=Fate(str(state)),
        at=moment(int(str(at))),
        note=str(note),
    )
