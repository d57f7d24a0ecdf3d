"""Scripts: prepared replies, which answers were made from them, and what was answered to what."""

from __future__ import annotations

_TABLES = (
    """
    CREATE TABLE scripts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        folder TEXT NOT NULL,
        name TEXT NOT NULL,
        folded TEXT NOT NULL UNIQUE,
        body TEXT NOT NULL,
        asked TEXT NOT NULL DEFAULT '',
        actions TEXT NOT NULL DEFAULT '{}',
        -- Stems to find it by, with spaces between:
        words TEXT NOT NULL,
        position INTEGER NOT NULL,
        uses INTEGER NOT NULL DEFAULT 0,
        used_at INTEGER,
        updated_at INTEGER NOT NULL
    ) STRICT
    """,
    # Scripts that stand in the draft of a conversation: counted when it is sent.
    """
    CREATE TABLE draft_scripts (
        conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        script_id INTEGER NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
        PRIMARY KEY (conversation_id, script_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE answer_scripts (
        message_id INTEGER NOT NULL,
        script_id INTEGER NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
        conversation_id INTEGER NOT NULL,
        PRIMARY KEY (message_id, script_id)
    ) STRICT, WITHOUT ROWID
    """,
    # What customers asked, by the answer that was given to it.
    """
    CREATE TABLE answer_memory (
        message_id INTEGER PRIMARY KEY,
        words TEXT NOT NULL,
        answer TEXT NOT NULL,
        operator TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    """
    CREATE VIRTUAL TABLE answer_search USING fts5 (
        words, content='answer_memory', content_rowid='message_id',
        tokenize="unicode61 remove_diacritics 0"
    )
    """,
)

_INDEXES = ("CREATE INDEX answer_scripts_by_script ON answer_scripts (script_id)",)

_TRIGGERS = (
    """
    CREATE TRIGGER remember AFTER INSERT ON answer_memory BEGIN
        INSERT INTO answer_search (rowid, words) VALUES (NEW.message_id, NEW.words);
    END
    """,
    """
    CREATE TRIGGER forget AFTER DELETE ON answer_memory BEGIN
        INSERT INTO answer_search (answer_search, rowid, words)
        VALUES ('delete', OLD.message_id, OLD.words);
    END
    """,
    # An answer that is taken back was not given: its scripts stand in the draft again.
    """
    CREATE TRIGGER scripts_return AFTER DELETE ON messages WHEN OLD.direction = 'out' BEGIN
        DELETE FROM answer_memory WHERE message_id = OLD.id;
        UPDATE scripts SET uses = uses - 1 WHERE id IN (
            SELECT script_id FROM answer_scripts WHERE message_id = OLD.id);
        INSERT OR IGNORE INTO draft_scripts (conversation_id, script_id)
            SELECT a.conversation_id, a.script_id FROM answer_scripts a
            JOIN conversations c ON c.id = a.conversation_id WHERE a.message_id = OLD.id;
        DELETE FROM answer_scripts WHERE message_id = OLD.id;
    END
    """,
)

STATEMENTS: tuple[str, ...] = (*_TABLES, *_INDEXES, *_TRIGGERS)
