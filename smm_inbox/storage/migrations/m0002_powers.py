"""Answers to all, hidden messages: what letters and comments of further networks bring."""

from __future__ import annotations

STATEMENTS = (
    # Who else a message was addressed to, as JSON:
    "ALTER TABLE messages ADD COLUMN people TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE messages ADD COLUMN hidden_at INTEGER",
    # NULL: as the account is set.
    "ALTER TABLE drafts ADD COLUMN reply_all INTEGER",
)
