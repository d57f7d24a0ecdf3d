"""Tags, what the feed needs to page by them, and counters that know tags and stars."""

from __future__ import annotations

# A tagged conversation carries a copy of what its list is sorted by: a page of a tag walks one
# index from end to end, however many conversations there are. Triggers keep the copies true.

_COUNTED = "total, awaiting, drafts, unsent, pending, starred"

_TABLES = (
    """
    CREATE TABLE tags (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        folded TEXT NOT NULL UNIQUE,
        colour TEXT NOT NULL DEFAULT '',
        -- Conversations with it, in every list:
        uses INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    """
    CREATE TABLE conversation_tags (
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        tag_id INTEGER NOT NULL REFERENCES tags (id),
        box TEXT NOT NULL,
        awaiting INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        rank INTEGER NOT NULL,
        tie INTEGER NOT NULL,
        PRIMARY KEY (conversation_id, tag_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE tag_counters (
        box TEXT NOT NULL,
        tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
        account TEXT NOT NULL,
        kind TEXT NOT NULL,
        mention INTEGER NOT NULL,
        total INTEGER NOT NULL DEFAULT 0,
        awaiting INTEGER NOT NULL DEFAULT 0,
        drafts INTEGER NOT NULL DEFAULT 0,
        unsent INTEGER NOT NULL DEFAULT 0,
        pending INTEGER NOT NULL DEFAULT 0,
        starred INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (box, tag_id, account, kind, mention)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE counters ADD COLUMN starred INTEGER NOT NULL DEFAULT 0",
)

_INDEXES = (
    "CREATE INDEX tag_rank ON conversation_tags (tag_id, box, rank, tie, conversation_id)",
    "CREATE INDEX tag_newest ON conversation_tags (tag_id, box, last_at, conversation_id)",
    "CREATE INDEX tag_awaiting_newest ON conversation_tags (tag_id, box, last_at, conversation_id) "
    "WHERE awaiting > 0",
    "CREATE INDEX tag_counters_by_tag ON tag_counters (tag_id)",
    "CREATE INDEX feed_starred_rank ON conversations (rank, tie, id) WHERE starred = 1",
    "CREATE INDEX feed_starred_newest ON conversations (last_at, id) WHERE starred = 1",
)


def _facts(row: str, sign: str) -> str:
    """What one conversation adds to the counters, or takes away."""
    return (
        f"{row}.account, {row}.box, {row}.kind, {row}.mention, {sign}1, "
        f"{sign}({row}.awaiting > 0), {sign}{row}.draft, {sign}({row}.unsent > 0), "
        f"{sign}({row}.pending > 0), {sign}{row}.starred"
    )


_SUMS = ", ".join(f"{name} = {name} + excluded.{name}" for name in _COUNTED.split(", "))


def _count(row: str, sign: str) -> str:
    return f"""
        INSERT INTO counters (account, box, kind, mention, {_COUNTED})
        VALUES ({_facts(row, sign)})
        ON CONFLICT (account, box, kind, mention) DO UPDATE SET {_SUMS};
    """


def _count_tags(row: str, sign: str, source: str, tag: str) -> str:
    return f"""
        INSERT INTO tag_counters (tag_id, account, box, kind, mention, {_COUNTED})
        SELECT {tag}, {_facts(row, sign)} FROM {source}
        ON CONFLICT (box, tag_id, account, kind, mention) DO UPDATE SET {_SUMS};
    """


_CHANGED = " OR ".join(
    [
        *(f"OLD.{one} <> NEW.{one}" for one in ("box", "mention", "account", "kind")),
        *(f"OLD.{one} <> NEW.{one}" for one in ("draft", "starred")),
        *(f"(OLD.{one} > 0) <> (NEW.{one} > 0)" for one in ("awaiting", "unsent", "pending")),
    ]
)
_COUNTED_COLUMNS = (
    "account, kind, mention, spam, snoozed_until, status, awaiting, draft, unsent, pending, starred"
)
_ITS_TAGS = "conversation_tags t WHERE t.conversation_id = NEW.id"
_TAGGED = "EXISTS (SELECT 1 FROM conversation_tags t WHERE t.conversation_id = NEW.id)"

_TRIGGERS = (
    "DROP TRIGGER count_insert",
    "DROP TRIGGER count_delete",
    "DROP TRIGGER count_update",
    "CREATE TRIGGER count_insert AFTER INSERT ON conversations BEGIN" + _count("NEW", "+") + "END",
    "CREATE TRIGGER count_delete AFTER DELETE ON conversations BEGIN" + _count("OLD", "-") + "END",
    f"CREATE TRIGGER count_update AFTER UPDATE OF {_COUNTED_COLUMNS} ON conversations "
    f"WHEN {_CHANGED} BEGIN" + _count("OLD", "-") + _count("NEW", "+") + "END",
    f"CREATE TRIGGER count_tags_update AFTER UPDATE OF {_COUNTED_COLUMNS} ON conversations "
    f"WHEN ({_CHANGED}) AND {_TAGGED} BEGIN"
    + _count_tags("OLD", "-", _ITS_TAGS, "t.tag_id")
    + _count_tags("NEW", "+", _ITS_TAGS, "t.tag_id")
    + "END",
    f"""
    CREATE TRIGGER follow_tags
    AFTER UPDATE OF spam, snoozed_until, status, awaiting, last_at, rank, tie ON conversations
    WHEN {_TAGGED} AND (OLD.box <> NEW.box OR OLD.awaiting <> NEW.awaiting
        OR OLD.last_at <> NEW.last_at OR OLD.rank <> NEW.rank OR OLD.tie <> NEW.tie)
    BEGIN
        UPDATE conversation_tags SET box = NEW.box, awaiting = NEW.awaiting, last_at = NEW.last_at,
            rank = NEW.rank, tie = NEW.tie WHERE conversation_id = NEW.id;
    END
    """,
    """
    CREATE TRIGGER untag_deleted BEFORE DELETE ON conversations BEGIN
        DELETE FROM conversation_tags WHERE conversation_id = OLD.id;
    END
    """,
    "CREATE TRIGGER tag_insert AFTER INSERT ON conversation_tags BEGIN"
    + _count_tags("c", "+", "conversations c WHERE c.id = NEW.conversation_id", "NEW.tag_id")
    + "UPDATE tags SET uses = uses + 1 WHERE id = NEW.tag_id; END",
    "CREATE TRIGGER tag_delete AFTER DELETE ON conversation_tags BEGIN"
    + _count_tags("c", "-", "conversations c WHERE c.id = OLD.conversation_id", "OLD.tag_id")
    + "UPDATE tags SET uses = uses - 1 WHERE id = OLD.tag_id; END",
)

STATEMENTS: tuple[str, ...] = (*_TABLES, *_INDEXES, *_TRIGGERS)
