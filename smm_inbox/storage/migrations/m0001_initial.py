"""First schema: accounts, contacts, roots, conversations, messages, outbox, drafts, journal."""

from __future__ import annotations

# Times are UTC microseconds, flags are 0 or 1, remote ids are text. AUTOINCREMENT where rows are
# deleted while somebody may still hold their number: a settled outbox row must not lend its number
# to the next answer, or that one would be taken for delivered.

_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE accounts (
        id TEXT PRIMARY KEY,
        channel TEXT NOT NULL,
        remote_id TEXT NOT NULL DEFAULT '',
        name TEXT NOT NULL DEFAULT '',
        handle TEXT NOT NULL DEFAULT '',
        url TEXT NOT NULL DEFAULT '',
        cursor TEXT,
        cursor_saved_at INTEGER,
        last_success INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE gaps (
        id INTEGER PRIMARY KEY,
        account TEXT NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        what TEXT NOT NULL,
        UNIQUE (account, since)
    ) STRICT
    """,
    """
    CREATE TABLE contacts (
        id INTEGER PRIMARY KEY,
        account TEXT NOT NULL,
        remote_id TEXT NOT NULL,
        name TEXT NOT NULL DEFAULT '',
        handle TEXT NOT NULL DEFAULT '',
        followers INTEGER,
        city TEXT NOT NULL DEFAULT '',
        url TEXT NOT NULL DEFAULT '',
        photo_url TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',
        updated_at INTEGER NOT NULL,
        UNIQUE (account, remote_id)
    ) STRICT
    """,
    """
    CREATE TABLE roots (
        id INTEGER PRIMARY KEY,
        account TEXT NOT NULL,
        remote_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL DEFAULT '',
        url TEXT NOT NULL DEFAULT '',
        author TEXT NOT NULL DEFAULT '',
        posted_at INTEGER,
        UNIQUE (account, remote_id)
    ) STRICT
    """,
    """
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL,
        kind TEXT NOT NULL,
        remote_id TEXT NOT NULL,
        contact_id INTEGER REFERENCES contacts (id),
        root_id INTEGER REFERENCES roots (id),
        thread TEXT,
        title TEXT NOT NULL DEFAULT '',
        url TEXT NOT NULL DEFAULT '',
        public INTEGER NOT NULL DEFAULT 0,
        status TEXT NOT NULL DEFAULT 'new',
        type TEXT,
        spam INTEGER NOT NULL DEFAULT 0,
        starred INTEGER NOT NULL DEFAULT 0,
        waiting_colleague INTEGER NOT NULL DEFAULT 0,
        snoozed_until INTEGER,
        blocked TEXT NOT NULL DEFAULT '',
        -- When the network stops taking answers:
        window_until INTEGER,
        mention INTEGER NOT NULL DEFAULT 0,
        -- Maintained by storage.conversations.refresh:
        awaiting INTEGER NOT NULL DEFAULT 0,
        awaiting_since INTEGER,
        amber_at INTEGER,
        red_at INTEGER,
        pending INTEGER NOT NULL DEFAULT 0,
        unsent INTEGER NOT NULL DEFAULT 0,
        draft INTEGER NOT NULL DEFAULT 0,
        last_at INTEGER NOT NULL DEFAULT 0,
        preview_id INTEGER,
        rank INTEGER NOT NULL DEFAULT 0,
        tie INTEGER NOT NULL DEFAULT 0,
        box TEXT NOT NULL GENERATED ALWAYS AS (
            CASE WHEN spam = 1 THEN 'spam'
                 WHEN snoozed_until IS NOT NULL THEN 'snoozed'
                 WHEN status = 'closed' THEN 'closed'
                 ELSE 'open' END
        ) VIRTUAL,
        UNIQUE (account, kind, remote_id)
    ) STRICT
    """,
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        account TEXT NOT NULL,
        kind TEXT NOT NULL,
        remote_id TEXT,
        direction TEXT NOT NULL,
        author_id INTEGER REFERENCES contacts (id),
        operator TEXT NOT NULL DEFAULT '',
        text TEXT NOT NULL,
        folded TEXT NOT NULL DEFAULT '',
        sent_at INTEGER NOT NULL,
        stored_at INTEGER NOT NULL,
        state TEXT NOT NULL,
        automatic INTEGER NOT NULL DEFAULT 0,
        -- Written here, not on the phone or in a browser:
        own INTEGER NOT NULL DEFAULT 0,
        mentions_us INTEGER NOT NULL DEFAULT 0,
        reply_to TEXT,
        addressee TEXT,
        attachments TEXT NOT NULL DEFAULT '[]',
        token TEXT,
        answer_id INTEGER REFERENCES messages (id),
        edited_at INTEGER,
        deleted_at INTEGER,
        url TEXT NOT NULL DEFAULT '',
        UNIQUE (account, kind, remote_id)
    ) STRICT
    """,
    """
    CREATE TABLE revisions (
        id INTEGER PRIMARY KEY,
        message_id INTEGER NOT NULL REFERENCES messages (id),
        text TEXT NOT NULL,
        replaced_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE tombstones (
        account TEXT NOT NULL,
        kind TEXT NOT NULL,
        remote_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (account, kind, remote_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL,
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        message_id INTEGER NOT NULL REFERENCES messages (id),
        action TEXT NOT NULL,
        state TEXT NOT NULL,
        token TEXT NOT NULL,
        text TEXT NOT NULL DEFAULT '',
        files TEXT NOT NULL DEFAULT '[]',
        extra TEXT NOT NULL DEFAULT '{}',
        -- The answer as it was written, to be taken back whole:
        draft TEXT NOT NULL DEFAULT '{}',
        after_id INTEGER REFERENCES outbox (id) ON DELETE SET NULL,
        close_after INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        first_attempt_at INTEGER,
        reason TEXT NOT NULL DEFAULT '',
        reason_url TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    """
    CREATE TABLE drafts (
        conversation_id INTEGER PRIMARY KEY REFERENCES conversations (id),
        text TEXT NOT NULL,
        reply_kind TEXT NOT NULL,
        reply_to INTEGER,
        files TEXT NOT NULL DEFAULT '[]',
        updated_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        event TEXT NOT NULL,
        account TEXT NOT NULL,
        conversation_id INTEGER,
        message_id INTEGER,
        operator TEXT NOT NULL DEFAULT '',
        details TEXT NOT NULL DEFAULT '{}'
    ) STRICT
    """,
    """
    CREATE TABLE counters (
        account TEXT NOT NULL,
        box TEXT NOT NULL,
        kind TEXT NOT NULL,
        mention INTEGER NOT NULL,
        total INTEGER NOT NULL DEFAULT 0,
        awaiting INTEGER NOT NULL DEFAULT 0,
        drafts INTEGER NOT NULL DEFAULT 0,
        unsent INTEGER NOT NULL DEFAULT 0,
        pending INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (account, box, kind, mention)
    ) STRICT, WITHOUT ROWID
    """,
)

# Lists of the feed read one of these from end to end in order; nothing sorts at run time.
_INDEXES = (
    "CREATE INDEX feed_rank ON conversations (box, rank, tie, id)",
    "CREATE INDEX feed_newest ON conversations (box, last_at, id)",
    "CREATE INDEX feed_kind_rank ON conversations (box, kind, rank, tie, id)",
    "CREATE INDEX feed_kind_newest ON conversations (box, kind, last_at, id)",
    "CREATE INDEX feed_account_rank ON conversations (account, box, rank, tie, id)",
    "CREATE INDEX feed_account_newest ON conversations (account, box, last_at, id)",
    "CREATE INDEX feed_awaiting_newest ON conversations (box, last_at, id) WHERE awaiting > 0",
    "CREATE INDEX feed_mention_rank ON conversations (box, rank, tie, id) WHERE mention = 1",
    "CREATE INDEX feed_mention_newest ON conversations (box, last_at, id) WHERE mention = 1",
    "CREATE INDEX feed_review_rank ON conversations (box, rank, tie, id) "
    "WHERE kind IN ('review', 'manual')",
    "CREATE INDEX feed_review_newest ON conversations (box, last_at, id) "
    "WHERE kind IN ('review', 'manual')",
    "CREATE INDEX feed_draft_rank ON conversations (rank, tie, id) WHERE draft = 1",
    "CREATE INDEX feed_draft_newest ON conversations (last_at, id) WHERE draft = 1",
    "CREATE INDEX feed_unsent_rank ON conversations (rank, tie, id) WHERE unsent > 0",
    "CREATE INDEX feed_unsent_newest ON conversations (last_at, id) WHERE unsent > 0",
    "CREATE INDEX overdue ON conversations (box, red_at) WHERE awaiting > 0",
    "CREATE INDEX snoozed ON conversations (snoozed_until) WHERE snoozed_until IS NOT NULL",
    "CREATE INDEX by_contact ON conversations (contact_id, last_at)",
    "CREATE INDEX by_time ON messages (conversation_id, sent_at, id)",
    "CREATE INDEX awaiting ON messages (conversation_id, sent_at, id) WHERE state = 'awaiting'",
    "CREATE INDEX by_author ON messages (author_id, conversation_id)",
    "CREATE INDEX by_token ON messages (account, token) WHERE token IS NOT NULL",
    "CREATE INDEX by_answer ON messages (answer_id) WHERE answer_id IS NOT NULL",
    "CREATE INDEX revisions_by_message ON revisions (message_id, id)",
    "CREATE INDEX outbox_due ON outbox (state, due_at)",
    "CREATE INDEX outbox_by_conversation ON outbox (conversation_id, id)",
    "CREATE INDEX outbox_by_message ON outbox (message_id)",
    "CREATE INDEX journal_by_time ON journal (at)",
    "CREATE INDEX journal_by_conversation ON journal (conversation_id, id)",
)


def _count(row: str, sign: str) -> str:
    return f"""
        INSERT INTO counters (account, box, kind, mention, total, awaiting, drafts, unsent, pending)
        VALUES ({row}.account, {row}.box, {row}.kind, {row}.mention, {sign}1,
                {sign}({row}.awaiting > 0), {sign}{row}.draft,
                {sign}({row}.unsent > 0), {sign}({row}.pending > 0))
        ON CONFLICT (account, box, kind, mention) DO UPDATE SET
            total = total + excluded.total, awaiting = awaiting + excluded.awaiting,
            drafts = drafts + excluded.drafts, unsent = unsent + excluded.unsent,
            pending = pending + excluded.pending;
    """


_TRIGGERS = (
    "CREATE TRIGGER count_insert AFTER INSERT ON conversations BEGIN" + _count("NEW", "+") + "END",
    "CREATE TRIGGER count_delete AFTER DELETE ON conversations BEGIN" + _count("OLD", "-") + "END",
    """
    CREATE TRIGGER count_update
    AFTER UPDATE OF account, kind, mention, spam, snoozed_until, status, awaiting, draft, unsent,
        pending ON conversations
    WHEN OLD.box <> NEW.box OR OLD.mention <> NEW.mention OR OLD.account <> NEW.account
        OR OLD.kind <> NEW.kind OR OLD.draft <> NEW.draft
        OR (OLD.awaiting > 0) <> (NEW.awaiting > 0) OR (OLD.unsent > 0) <> (NEW.unsent > 0)
        OR (OLD.pending > 0) <> (NEW.pending > 0)
    BEGIN
    """
    + _count("OLD", "-")
    + _count("NEW", "+")
    + "END",
)

STATEMENTS = (*_TABLES, *_INDEXES, *_TRIGGERS)
