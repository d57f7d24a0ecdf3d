"""The index of words, what is not in it yet, and saved searches with their conversations."""

from __future__ import annotations

# Time in the row number of a document gives every search its order for nothing: milliseconds in
# front, the number of the message behind. A changed message gets a new document; the index keeps no
# text, so the former one cannot be taken out of it, only lose its message.

_TABLES = (
    """
    CREATE VIRTUAL TABLE found USING fts5(
        text, stems, who, facet, content = '', columnsize = 0, tokenize = 'ascii'
    )
    """,
    """
    CREATE TABLE search_docs (
        doc INTEGER PRIMARY KEY,
        -- NULL: of a message as it was before it changed.
        message_id INTEGER UNIQUE
    ) STRICT
    """,
    "CREATE TABLE search_backlog (message_id INTEGER PRIMARY KEY) STRICT",
    """
    CREATE TABLE searches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        query TEXT NOT NULL UNIQUE,
        -- Empty: looked through once, not saved.
        name TEXT NOT NULL DEFAULT '',
        folded TEXT NOT NULL DEFAULT '',
        ready INTEGER NOT NULL DEFAULT 0,
        -- Maintained by triggers:
        total INTEGER NOT NULL DEFAULT 0,
        awaiting INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE UNIQUE INDEX searches_by_name ON searches (folded) WHERE name <> ''",
    # A copy of what lists are sorted by: a page walks one index, however long the list is.
    """
    CREATE TABLE search_hits (
        search_id INTEGER NOT NULL REFERENCES searches (id),
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        waits INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        rank INTEGER NOT NULL,
        tie INTEGER NOT NULL,
        PRIMARY KEY (search_id, conversation_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX hits_rank ON search_hits (search_id, rank, tie, conversation_id)",
    "CREATE INDEX hits_newest ON search_hits (search_id, last_at, conversation_id)",
    "CREATE INDEX hits_by_conversation ON search_hits (conversation_id)",
    "CREATE INDEX conversations_newest ON conversations (last_at, id)",
)

# Not OR IGNORE: inside a trigger the conflict rule of the statement that fired it would win.
_LATER = "INSERT INTO search_backlog (message_id)"
_ONCE = "ON CONFLICT DO NOTHING"

_TRIGGERS = (
    "CREATE TRIGGER index_new AFTER INSERT ON messages BEGIN "
    f"{_LATER} VALUES (NEW.id) {_ONCE}; END",
    f"""
    CREATE TRIGGER index_changed
    AFTER UPDATE OF text, folded, attachments, author_id, conversation_id ON messages
    WHEN OLD.text <> NEW.text OR OLD.folded <> NEW.folded OR OLD.attachments <> NEW.attachments
        OR OLD.author_id IS NOT NEW.author_id OR OLD.conversation_id <> NEW.conversation_id
    BEGIN {_LATER} VALUES (NEW.id) {_ONCE}; END
    """,
    """
    CREATE TRIGGER index_gone AFTER DELETE ON messages BEGIN
        DELETE FROM search_backlog WHERE message_id = OLD.id;
        UPDATE search_docs SET message_id = NULL WHERE message_id = OLD.id;
    END
    """,
    f"""
    CREATE TRIGGER index_renamed AFTER UPDATE OF name, handle ON contacts
    WHEN OLD.name <> NEW.name OR OLD.handle <> NEW.handle
    BEGIN {_LATER} SELECT id FROM messages WHERE author_id = NEW.id {_ONCE}; END
    """,
    f"""
    CREATE TRIGGER index_retitled AFTER UPDATE OF title ON conversations
    WHEN OLD.title <> NEW.title
    BEGIN {_LATER} SELECT id FROM messages WHERE conversation_id = NEW.id {_ONCE}; END
    """,
    """
    CREATE TRIGGER follow_hits AFTER UPDATE OF awaiting, last_at, rank, tie ON conversations
    WHEN (OLD.awaiting > 0) <> (NEW.awaiting > 0) OR OLD.last_at <> NEW.last_at
        OR OLD.rank <> NEW.rank OR OLD.tie <> NEW.tie
    BEGIN
        UPDATE search_hits SET waits = NEW.awaiting > 0, last_at = NEW.last_at, rank = NEW.rank,
            tie = NEW.tie WHERE conversation_id = NEW.id;
    END
    """,
    """
    CREATE TRIGGER hits_gone BEFORE DELETE ON conversations BEGIN
        DELETE FROM search_hits WHERE conversation_id = OLD.id;
    END
    """,
    """
    CREATE TRIGGER hit_insert AFTER INSERT ON search_hits BEGIN
        UPDATE searches SET total = total + 1, awaiting = awaiting + NEW.waits
        WHERE id = NEW.search_id;
    END
    """,
    """
    CREATE TRIGGER hit_delete AFTER DELETE ON search_hits BEGIN
        UPDATE searches SET total = total - 1, awaiting = awaiting - OLD.waits
        WHERE id = OLD.search_id;
    END
    """,
    """
    CREATE TRIGGER hit_update AFTER UPDATE OF waits ON search_hits WHEN OLD.waits <> NEW.waits
    BEGIN
        UPDATE searches SET awaiting = awaiting + NEW.waits - OLD.waits WHERE id = NEW.search_id;
    END
    """,
)

STATEMENTS: tuple[str, ...] = (
    *_TABLES,
    *_TRIGGERS,
    # What an older version stored is indexed little by little, in the background.
    f"{_LATER} SELECT id FROM messages",
)
