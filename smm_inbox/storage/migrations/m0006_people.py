"""Notes, merged people and manual entries."""

from __future__ import annotations

# AUTOINCREMENT: an undo may still hold the number of a row that is gone.

_TABLES = (
    """
    CREATE TABLE persons (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created_at INTEGER NOT NULL
    ) STRICT
    """,
    # Contacts the operator joined are one person; NULL: joined with nobody.
    "ALTER TABLE contacts ADD COLUMN person_id INTEGER REFERENCES persons (id)",
    """
    CREATE TABLE contact_details (
        contact_id INTEGER PRIMARY KEY REFERENCES contacts (id),
        address TEXT NOT NULL DEFAULT '',
        reach TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    # Phones, e-mail addresses, links and handles out of ``reach``, in one spelling.
    """
    CREATE TABLE contact_ways (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        contact_id INTEGER NOT NULL REFERENCES contacts (id),
        PRIMARY KEY (kind, key, contact_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER REFERENCES conversations (id),
        contact_id INTEGER REFERENCES contacts (id),
        text TEXT NOT NULL,
        operator TEXT NOT NULL DEFAULT '',
        written_at INTEGER NOT NULL,
        edited_at INTEGER,
        CHECK ((conversation_id IS NULL) <> (contact_id IS NULL))
    ) STRICT
    """,
    # What is being written and will never leave; apart from drafts of answers.
    """
    CREATE TABLE note_drafts (
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        purpose TEXT NOT NULL,
        text TEXT NOT NULL,
        updated_at INTEGER NOT NULL,
        PRIMARY KEY (conversation_id, purpose)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE manual_entries (
        conversation_id INTEGER PRIMARY KEY REFERENCES conversations (id),
        source TEXT NOT NULL,
        rating INTEGER,
        due_at INTEGER,
        -- The same row of a table imported again; NULL for what was typed.
        digest TEXT UNIQUE
    ) STRICT
    """,
    # Names, to find a person by: SQLite folds the letters of every script here.
    "CREATE VIRTUAL TABLE contact_words USING fts5 (name, handle, city, "
    "tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')",
)

_INDEXES = (
    "CREATE INDEX contacts_by_person ON contacts (person_id) WHERE person_id IS NOT NULL",
    "CREATE INDEX contacts_by_handle ON contacts (lower(handle)) WHERE handle <> ''",
    "CREATE INDEX contacts_by_name ON contacts (name, city) WHERE name <> '' AND city <> ''",
    "CREATE INDEX ways_by_contact ON contact_ways (contact_id)",
    "CREATE INDEX notes_by_conversation ON notes (conversation_id, written_at, id) "
    "WHERE conversation_id IS NOT NULL",
    "CREATE INDEX notes_by_contact ON notes (contact_id, written_at, id) "
    "WHERE contact_id IS NOT NULL",
)


def _words(row: str) -> str:
    name = f"replace(replace({row}.name, 'ё', 'е'), 'Ё', 'Е')"
    city = f"replace(replace({row}.city, 'ё', 'е'), 'Ё', 'Е')"
    return f"{name}, {row}.handle, {city}"


_TRIGGERS = (
    f"""
    CREATE TRIGGER contact_words_insert AFTER INSERT ON contacts
    WHEN NEW.name <> '' OR NEW.handle <> ''
    BEGIN
        INSERT INTO contact_words (rowid, name, handle, city) VALUES (NEW.id, {_words("NEW")});
    END
    """,
    f"""
    CREATE TRIGGER contact_words_update AFTER UPDATE OF name, handle, city ON contacts
    WHEN OLD.name <> NEW.name OR OLD.handle <> NEW.handle OR OLD.city <> NEW.city
    BEGIN
        DELETE FROM contact_words WHERE rowid = OLD.id;
        INSERT INTO contact_words (rowid, name, handle, city) VALUES (NEW.id, {_words("NEW")});
    END
    """,
    """
    CREATE TRIGGER contact_words_delete AFTER DELETE ON contacts
    BEGIN
        DELETE FROM contact_words WHERE rowid = OLD.id;
    END
    """,
)

# People known before this step.
_FILL = (
    f"INSERT INTO contact_words (rowid, name, handle, city) SELECT c.id, {_words('c')} "
    "FROM contacts c WHERE c.name <> '' OR c.handle <> ''",
)

STATEMENTS: tuple[str, ...] = (*_TABLES, *_INDEXES, *_TRIGGERS, *_FILL)
