"""What becomes known of letters later: answered elsewhere, or returned by the mail system."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .index import Index, Known
from .store import Store, micros, moment


class _Stage(StrEnum):
    NOTICED = "noticed"
    RIPE = "ripe"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter of ours that did not reach its customer."""

    message_id: str
    reason: str
    """A sentence."""
    at: datetime


class Tidings:
    """News of known letters; what was told is remembered, so that nothing is told twice."""

    def __init__(self, store: Store, index: Index) -> None:
        self._store = store
        self._index = index

    # --- answered in another program --------------------------------------------------------------

    def flagged(self, remote_ids: Collection[str], *, known: bool = False) -> None:
        r"""Letters carry ``\Answered``; ``known``: the inbox was told with the letter itself."""
        stage = _Stage.TOLD if known else _Stage.NOTICED
        with self._store.open() as db:
            db.executemany(
                "INSERT OR IGNORE INTO answered VALUES (?, ?)",
                [(remote_id, stage) for remote_id in remote_ids],
            )

    def ripen(self) -> None:
        """The sent folder is read after this: an answer that stands there tells more."""
        with self._store.open() as db:
            db.execute(
                "UPDATE answered SET stage = ? WHERE stage = ?", (_Stage.RIPE, _Stage.NOTICED)
            )

    def answered(self) -> list[Known]:
        """Letters answered elsewhere whose answer is nowhere to be read."""
        with self._store.open() as db:
            # Ours set the flag too, and an answer in the sent folder has told of itself.
            db.execute(
                "UPDATE answered SET stage = ? WHERE stage = ? AND (EXISTS ("
                "SELECT 1 FROM outgoing o WHERE o.answers = answered.remote_id "
                "AND o.state IN ('accepted', 'done')) OR EXISTS ("
                "SELECT 1 FROM letters l JOIN letters o ON o.thread = l.thread AND o.outgoing "
                "WHERE l.remote_id = answered.remote_id AND o.sent_at >= l.sent_at))",
                (_Stage.TOLD, _Stage.RIPE),
            )
            rows = db.execute(
                "SELECT remote_id FROM answered WHERE stage = ?", (_Stage.RIPE,)
            ).fetchall()
        found = (self._index.get(str(remote_id)) for (remote_id,) in rows)
        return [letter for letter in found if letter is not None and not letter.outgoing]

    def answered_told(self, remote_ids: Collection[str]) -> None:
        """The inbox has stored that these were answered."""
        with self._store.open() as db:
            db.executemany(
                "UPDATE answered SET stage = ? WHERE remote_id = ?",
                [(_Stage.TOLD, remote_id) for remote_id in remote_ids],
            )

    # --- returned by the mail system --------------------------------------------------------------

    def bounced(self, message_id: str, failed: Collection[str], reason: str, at: datetime) -> None:
        """A report says that a letter did not reach these addresses."""
        with self._store.open() as db:
            db.executemany(
                "INSERT OR IGNORE INTO bounced VALUES (?, ?, ?, ?, ?)",
                [(message_id, address, reason, micros(at), _Stage.NOTICED) for address in failed],
            )

    def returned(self) -> list[Returned]:
        """Letters of ours that did not reach the customer they answer.

        Others who should have read along do not count: the report stands in the conversation.
        Reports on letters that are not read yet wait for them.
        """
        with self._store.open() as db:
            rows = db.execute(
                "SELECT message_id, address, reason, at FROM bounced WHERE stage = ? ORDER BY at",
                (_Stage.NOTICED,),
            ).fetchall()
            found: dict[str, Returned] = {}
            for message_id, address, reason, at in rows:
                whom = self._whom(str(message_id))
                if whom == str(address):
                    found.setdefault(
                        str(message_id), Returned(str(message_id), str(reason), moment(int(at)))
                    )
        return list(found.values())

    def _whom(self, message_id: str) -> str:
        """The customer a letter of ours went to; empty when it is not known."""
        known = self._index.called(message_id)
        if known is not None:
            return known.contact if known.outgoing else ""
        with self._store.open() as db:
            row = db.execute(
                "SELECT answers, thread FROM outgoing WHERE message_id = ?", (message_id,)
            ).fetchone()
        if row is None:
            return ""
        answered = self._index.get(str(row[0]))
        return answered.contact if answered else self._index.correspondent(str(row[1]))

    def returned_told(self, message_ids: Collection[str]) -> None:
        """The inbox has stored that these came back."""
        with self._store.open() as db:
            db.executemany(
                "UPDATE bounced SET stage = ? WHERE message_id = ?",
                [(_Stage.TOLD, message_id) for message_id in message_ids],
            )
