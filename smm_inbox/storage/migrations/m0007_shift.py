"""Promises, the Today board, colleagues, the playbook and shifts."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE facts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        folded TEXT NOT NULL UNIQUE,
        value TEXT NOT NULL,
        expires_at INTEGER,
        updated_at INTEGER NOT NULL,
        operator TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    """
    CREATE TABLE promises (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        -- The answer that gives it: taken back, it takes the promise along.
        message_id INTEGER REFERENCES messages (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open',
        phrase TEXT NOT NULL,
        due_at INTEGER NOT NULL,
        remind_at INTEGER NOT NULL,
        reminded INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        settled_at INTEGER,
        operator TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE INDEX promises_open ON promises (due_at, id) WHERE state = 'open'",
    "CREATE INDEX promises_to_remind ON promises (remind_at) WHERE state = 'open' AND reminded = 0",
    "CREATE INDEX promises_by_conversation ON promises (conversation_id, state)",
    "CREATE INDEX promises_by_message ON promises (message_id) WHERE message_id IS NOT NULL",
    """
    CREATE TABLE colleagues (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        topics TEXT NOT NULL DEFAULT '',
        contact TEXT NOT NULL DEFAULT '',
        phrase TEXT NOT NULL DEFAULT '',
        place INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    # Whom a conversation waits for; conversations.waiting_colleague says whether.
    """
    CREATE TABLE asks (
        conversation_id INTEGER PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
        colleague TEXT NOT NULL,
        asked_at INTEGER NOT NULL,
        operator TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    # The playbook as the business edits it: one TOML text, checked before it is stored.
    """
    CREATE TABLE playbook (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        text TEXT NOT NULL,
        updated_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE shifts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        operator TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        handover TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    # What a hand-over lists:
    "CREATE INDEX open_complaints ON conversations (box, rank, tie, id) WHERE type = 'complaint'",
    "CREATE INDEX shifts_by_time ON shifts (started_at)",
)
