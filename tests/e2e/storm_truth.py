"""What must be true after a storm: the network and the ledger held against the database."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHAT_BASE = 2_000_000_000


@dataclass(frozen=True)
class Deed:
    """One thing the operator began; ``done`` when the program said that it was done."""

    what: str
    tag: str
    where: int
    text: str
    done: bool


class Truth:
    """The sandbox's memory, the operator's ledger and the database of one storm.

    ``account`` is the one of the sandbox, where several stand in the database.
    """

    def __init__(
        self, database: Path, ledger: Path, state: dict[str, Any], account: str = ""
    ) -> None:
        self.database = database
        self.state = state
        self.account = account
        self.deeds = _deeds(ledger)
        if account:
            here = {row["id"] for row in self.mine("SELECT id FROM conversations WHERE true")}
            self.deeds = [deed for deed in self.deeds if deed.where in here]

    def rows(self, sql: str, *params: object) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.database)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, params)]

    def mine(self, sql: str) -> list[dict[str, Any]]:
        """Rows of this account; ``sql`` ends in a condition."""
        return self.rows(f"{sql} AND (? = '' OR account = ?)", self.account, self.account)

    # --- the file ---------------------------------------------------------------------------------

    def file_is_whole(self) -> None:
        assert self.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert self.rows("PRAGMA foreign_key_check") == []

    # --- inbound ----------------------------------------------------------------------------------

    def every_message_is_here_once(self, *, history_lost: bool = False) -> None:
        """``history_lost``: edits and deletions may be missing, no history tells of them."""
        found = {
            row["remote_id"]: row
            for row in self.mine("SELECT * FROM messages WHERE remote_id IS NOT NULL")
        }
        for name, item in {**self._messages(), **self._comments()}.items():
            row = found.pop(name, None)
            if item["deleted"]:
                told = row is None or row["deleted_at"] is not None
                assert told or history_lost, item
                continue
            assert row is not None, f"{name} is lost: {item}"
            assert (row["direction"] == "out") == (item["from_id"] < 0), item
            assert row["deleted_at"] is None, item
            assert history_lost or row["text"] == item["text"], (row["text"], item["text"])
        assert not found, f"nobody wrote {found}"

    def the_journal_tells_each_once(self) -> None:
        for event, direction in (("arrived", "in"), ("sent", "out")):
            told = Counter(
                row["message_id"]
                for row in self.rows("SELECT message_id FROM journal WHERE event = ?", event)
            )
            assert set(told.values()) <= {1}, event
            own = " AND own = 1" if direction == "out" else ""
            stored = self.rows(f"SELECT id FROM messages WHERE direction = '{direction}'{own}")
            assert set(told) == {row["id"] for row in stored}, event

    # --- outbound ---------------------------------------------------------------------------------

    def every_answer_left_once(self) -> None:
        """What the program said it queued left once; what it was killed over, at most once."""
        assert self.rows("SELECT * FROM outbox") == []
        sent = [_plain(entry["text"]) for entry in self.state["sent"]]
        stored = [
            row["text"]
            for row in self.mine("SELECT text FROM messages WHERE own = 1 AND state = 'sent'")
        ]
        assert len(stored) == len(self.mine("SELECT 1 FROM messages WHERE own = 1"))
        assert Counter(sent) == Counter(stored), Counter(sent) - Counter(stored)
        taken_back = {deed.tag: deed.done for deed in self.deeds if deed.what == "take_back"}
        known = set()
        for deed in self._last("send"):
            parts = [text for text in sent if _is_part(deed.tag, text)]
            known.update(parts)
            if taken_back.get(deed.tag):
                assert parts == [], f"{deed.tag} was taken back and left all the same"
                continue
            if parts or (deed.done and deed.tag not in taken_back):
                assert " ".join(parts).split() == deed.text.split(), f"{deed.tag}: {parts}"
        assert known == set(sent), "something left that nobody wrote"

    def drafts_are_kept(self) -> None:
        """The last thing done in a conversation, when that was a draft."""
        last: dict[int, Deed] = {deed.where: deed for deed in self.deeds}
        kept = {row["conversation_id"]: row["text"] for row in self.rows("SELECT * FROM drafts")}
        for where, deed in last.items():
            if deed.what == "draft" and deed.done:
                assert kept.get(where) == deed.text, deed

    # --- what is maintained -----------------------------------------------------------------------

    def counters_equal_a_recount(self) -> None:
        counted = self.rows(
            "SELECT account, box, kind, mention, count(*) AS total, sum(awaiting > 0) AS awaiting, "
            "sum(draft) AS drafts, sum(unsent > 0) AS unsent, sum(pending > 0) AS pending, "
            "sum(starred) AS starred "
            "FROM conversations GROUP BY account, box, kind, mention ORDER BY 1, 2, 3, 4"
        )
        kept = self.rows("SELECT * FROM counters WHERE total <> 0 ORDER BY 1, 2, 3, 4")
        assert kept == counted
        assert self.rows("SELECT * FROM counters WHERE total = 0 AND awaiting + drafts <> 0") == []
        for row in self.rows(
            "SELECT c.id, c.awaiting, c.awaiting_since, c.pending, c.unsent, c.draft, "
            "(SELECT count(*) FROM messages m WHERE m.conversation_id = c.id "
            "   AND m.state = 'awaiting' AND m.deleted_at IS NULL) AS waiting, "
            "(SELECT min(m.sent_at) FROM messages m WHERE m.conversation_id = c.id "
            "   AND m.state = 'awaiting' AND m.deleted_at IS NULL) AS since, "
            "EXISTS (SELECT 1 FROM drafts d WHERE d.conversation_id = c.id) AS drafted "
            "FROM conversations c"
        ):
            assert (row["awaiting"], row["awaiting_since"]) == (row["waiting"], row["since"]), row
            assert (row["pending"], row["unsent"], row["draft"]) == (0, 0, row["drafted"]), row
        self.every_message_can_be_searched()

    def every_message_can_be_searched(self) -> None:
        """A message is in the index or waits for it, and the index knows every document once."""
        assert (
            self.rows(
                "SELECT id FROM messages WHERE id NOT IN (SELECT message_id FROM search_backlog) "
                "AND id NOT IN (SELECT message_id FROM search_docs WHERE message_id IS NOT NULL)"
            )
            == []
        )
        assert self.rows("SELECT doc FROM search_docs ORDER BY doc") == self.rows(
            'SELECT rowid AS doc FROM found WHERE found MATCH \'facet : ("in" OR "out")\' '
            "ORDER BY rowid"
        )

    def nobody_waits_under_an_answer(self) -> None:
        """An inbound message is awaiting or answered, and what answered it is known to be sent."""
        assert (
            self.rows(
                "SELECT m.id FROM messages m LEFT JOIN messages a ON a.id = m.answer_id "
                "WHERE m.answer_id IS NOT NULL AND (m.state = 'awaiting' OR a.state <> 'sent')"
            )
            == []
        )

    # --- helpers ----------------------------------------------------------------------------------

    def _messages(self) -> dict[str, dict[str, Any]]:
        return {
            f"{item['peer_id']}_{item['cmid']}": item
            for item in self.state["messages"]
            if item["peer_id"] < CHAT_BASE
        }

    def _comments(self) -> dict[str, dict[str, Any]]:
        found = {}
        for item in self.state["comments"]:
            kind, owner = item["kind"], item["owner_id"]
            topic = f"_{item['object_id']}" if kind == "board" else ""
            found[f"{kind}{owner}{topic}_{item['id']}"] = {**item, "text": _plain(item["text"])}
        return found

    def _last(self, what: str) -> Iterable[Deed]:
        return {deed.tag: deed for deed in self.deeds if deed.what == what}.values()


def _deeds(ledger: Path) -> list[Deed]:
    found = []
    for line in ledger.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        found.append(Deed(raw["deed"], raw["tag"], raw["where"], raw.get("text", ""), raw["done"]))
    return found


def _is_part(tag: str, text: str) -> bool:
    return any(word == tag or word.startswith(f"{tag}:") for word in text.split())


def _plain(text: str) -> str:
    """In discussions an answer begins with whom it answers: ``[id1|Анна], …``."""
    return text.partition("], ")[2] if text.startswith("[id") else text
