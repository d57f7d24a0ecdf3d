"""Emoji on messages: our own, and messages that are nothing but one."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE messages ADD COLUMN reaction TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE messages ADD COLUMN is_reaction INTEGER NOT NULL DEFAULT 0",
)
