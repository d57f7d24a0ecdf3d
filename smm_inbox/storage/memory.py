"""What was answered to what: the memory the suggestions are ranked by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smm_inbox.domain.fold import stems
from smm_inbox.domain.ids import MessageId, ScriptId

from .database import Database, Transaction

_KEPT = 5_000
"""Answers remembered; older ones say little about today's menu."""
_TRIM_EVERY = 50
_LONGEST = 200
"""Words of a question that are kept."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer that was given to a similar message."""

    answer: str
    score: float
    """BM25 of the question it answered; higher is nearer."""
    scripts: tuple[ScriptId, ...]
    """Scripts it was made from."""
    operator: str


async def note(tx: Transaction, answer: MessageId, text: str, operator: str) -> None:
    """Remember an answer with the messages it covers."""
    asked = await tx.all(
        "SELECT text FROM messages WHERE answer_id = ? AND direction = 'in' ORDER BY sent_at",
        (answer,),
    )
    words = stems("\n".join(row["text"] for row in asked))[:_LONGEST]
    if not words:
        return
    await tx.run(
        "INSERT OR REPLACE INTO answer_memory (message_id, words, answer, operator) "
        "VALUES (?, ?, ?, ?)",
        (answer, " ".join(words), text, operator),
    )
    if answer % _TRIM_EVERY == 0:
        await tx.run(
            "DELETE FROM answer_memory WHERE message_id IN (SELECT message_id FROM answer_memory "
            "ORDER BY message_id DESC LIMIT -1 OFFSET ?)",
            (_KEPT,),
        )


async def similar(db: Database, words: Sequence[str], *, limit: int = 20) -> tuple[Remembered, ...]:
    """Answers to messages that share stems with ``words``, the nearest first."""
    if not words:
        return ()
    # Only letters and digits are in a stem: each stands in quotes, none can be an operator.
    wanted = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
    found = await db.all(
        """
        SELECT a.message_id, a.answer, a.operator, -bm25(answer_search) AS score,
            (SELECT group_concat(script_id) FROM answer_scripts s
             WHERE s.message_id = a.message_id) AS scripts
        FROM answer_search JOIN answer_memory a ON a.message_id = answer_search.rowid
        WHERE answer_search MATCH ? ORDER BY bm25(answer_search) LIMIT ?
        """,
        (wanted, limit),
    )
    return tuple(
        Remembered(
            answer=row["answer"],
            score=row["score"],
            scripts=tuple(ScriptId(int(one)) for one in (row["scripts"] or "").split(",") if one),
            operator=row["operator"],
        )
        for row in found
    )
