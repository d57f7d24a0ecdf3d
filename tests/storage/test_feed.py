"""The feed: counters equal a recount, pages lose and double nothing, indexes carry every list."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from smm_inbox.domain.feed import Count, FeedKey, FeedQuery, FeedRow, Order, View
from smm_inbox.domain.ids import AccountId, ConversationId, TagId
from smm_inbox.domain.tag import Colour, Tag, TagCount
from smm_inbox.domain.text import SafeText
from smm_inbox.storage import conversations, feed, tags
from smm_inbox.storage.database import Database, Param
from smm_inbox.storage.rows import to_us
from tests.storage.filling import ACCOUNTS, NOW, Filler, due, fill

ACCOUNT_FILTERS: tuple[AccountId | None, ...] = (None, *ACCOUNTS)
TAG_FILTERS = (None, TagId(1))
QUERIES = [
    FeedQuery(view, account, order, tag)
    for view, account, order, tag in itertools.product(View, ACCOUNT_FILTERS, Order, TAG_FILTERS)
]
PLAIN = {
    View.AWAITING: "box = 'open' AND awaiting > 0",
    View.OPEN: "box = 'open'",
    View.DIRECT: "box = 'open' AND kind = 'direct'",
    View.COMMENTS: "box = 'open' AND kind = 'comment'",
    View.MENTIONS: "box = 'open' AND mention = 1",
    View.REVIEWS: "box = 'open' AND kind IN ('review', 'manual')",
    View.SNOOZED: "box = 'snoozed'",
    View.STARRED: "starred = 1",
    View.DRAFTS: "draft = 1",
    View.NOT_SENT: "unsent > 0",
    View.CLOSED: "box = 'closed'",
    View.SPAM: "box = 'spam'",
}


def name(query: FeedQuery) -> str:
    return f"{query.view}-{query.account}-{query.order}-{query.tag}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def full(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    path: Path = tmp_path_factory.mktemp("feed") / "inbox.db"
    db = await Database.open(path)
    await fill(db, seed=11, steps=1500)
    yield db
    await db.close()


async def plainly(db: Database, query: FeedQuery) -> list[ConversationId]:
    order = "rank, tie, id" if query.order is Order.DEADLINE else "last_at DESC, id DESC"
    found = await db.all(
        f"SELECT id FROM conversations WHERE ({PLAIN[query.view]}) "
        "AND (?1 IS NULL OR account = ?1) AND (?2 IS NULL OR id IN "
        f"(SELECT conversation_id FROM conversation_tags WHERE tag_id = ?2)) ORDER BY {order}",
        (query.account, query.tag),
    )
    return [ConversationId(row["id"]) for row in found]


async def forwards(db: Database, query: FeedQuery, limit: int) -> list[FeedRow]:
    rows: list[FeedRow] = []
    key: FeedKey | None = None
    while True:
        page = await feed.page(db, query, after=key, limit=limit)
        rows += page.rows
        if not page.more:
            return rows
        assert len(page.rows) == limit
        key = page.rows[-1].key


async def backwards(db: Database, query: FeedQuery, limit: int) -> list[FeedRow]:
    rows: list[FeedRow] = []
    key = FeedKey(10**18, 10**18, 10**18)
    while True:
        page = await feed.page(db, query, before=key, limit=limit)
        rows = [*page.rows, *rows]
        if not page.more:
            return rows
        key = page.rows[0].key


def test_the_random_morning_fills_every_list() -> None:
    assert set(PLAIN) == set(View)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("query", QUERIES, ids=name)
async def test_pages_lose_nothing_and_double_nothing(full: Database, query: FeedQuery) -> None:
    expected = await plainly(full, query)
    for limit in (1, 7, 1000):
        if limit == 1 and len(expected) > 40:
            continue
        ahead, back = await forwards(full, query, limit), await backwards(full, query, limit)
        assert [row.id for row in ahead] == expected
        assert back == ahead
    keys = [row.key for row in ahead]
    assert keys == sorted(keys)
    assert await feed.ids(full, query) == expected
    if query.account is None:
        assert expected, "the random morning should fill every list"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("query", QUERIES, ids=name)
async def test_the_length_of_a_list_is_known_without_counting(
    full: Database, query: FeedQuery
) -> None:
    expected = await plainly(full, query)
    assert await feed.total(full, query) == len(expected)
    if expected:
        row = (await feed.rows(full, [expected[-1]], query))[expected[-1]]
        assert await feed.count_before(full, query, row.key) == len(expected) - 1


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("query", QUERIES, ids=name)
async def test_rows_by_number_are_those_of_the_pages(full: Database, query: FeedQuery) -> None:
    everything = await full.all("SELECT id FROM conversations")
    ids = [ConversationId(row["id"]) for row in everything]
    found = await feed.rows(full, ids, query)
    assert found == {row.id: row for row in await forwards(full, query, 1000)}


class Recorder(Database):
    """Passes questions on and remembers how they were put."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.asked: list[tuple[str, Sequence[Param]]] = []

    async def all(self, sql: str, params: Sequence[Param] = ()) -> list[sqlite3.Row]:
        self.asked.append((sql, params))
        return await self.db.all(sql, params)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("query", QUERIES, ids=name)
async def test_an_index_carries_every_list(full: Database, query: FeedQuery) -> None:
    """Nothing is sorted while a list is read, and no page walks the whole table."""
    recorder = Recorder(full)
    key = FeedKey(5, 0, 5)
    await feed.page(recorder, query)
    await feed.page(recorder, query, after=key)
    await feed.page(recorder, query, before=key)
    for sql, params in recorder.asked:
        inner = re.search(r"FROM \(\s*(SELECT c\.\* .*? LIMIT \?)\s*\) c", sql, re.DOTALL)
        assert inner is not None
        plan = await full.all("EXPLAIN QUERY PLAN " + inner[1], params)
        steps = [row["detail"] for row in plan]
        assert not any("TEMP B-TREE" in step for step in steps), steps
        # A tagged list is led by the index of the tags; the rest is looked up one by one.
        looked_up = ("SEARCH c USING INTEGER PRIMARY KEY", "SEARCH ct USING PRIMARY KEY")
        led, *others = [step for step in steps if not step.startswith("CORRELATED")]
        assert re.search("USING (COVERING )?INDEX", led), steps
        assert all(step.startswith(looked_up) for step in others), steps
        whole = await full.all("EXPLAIN QUERY PLAN " + sql, params)
        assert not any(
            re.match(r"SCAN [a-z]+$", row["detail"]) and row["detail"] != "SCAN c" for row in whole
        )


# --- counters -------------------------------------------------------------------------------------


async def recount(db: Database) -> dict[View, Count]:
    result: dict[View, Count] = {}
    for view, condition in PLAIN.items():
        row = await db.one(
            "SELECT count(*) AS total, coalesce(sum(awaiting > 0), 0) AS awaiting "
            f"FROM conversations WHERE {condition}"
        )
        assert row is not None
        quiet = view in {View.DRAFTS, View.NOT_SENT, View.STARRED}  # there nobody asks who waits
        result[view] = Count(0 if quiet else row["awaiting"], row["total"])
    return result


async def recount_tags(db: Database) -> list[TagCount]:
    rows = await db.all(
        """
        SELECT t.id, t.name,
            coalesce(sum(c.box = 'open' AND c.awaiting > 0), 0) AS awaiting,
            coalesce(sum(c.box = 'open'), 0) AS total, count(c.id) AS uses
        FROM tags t LEFT JOIN conversation_tags ct ON ct.tag_id = t.id
        LEFT JOIN conversations c ON c.id = ct.conversation_id GROUP BY t.id ORDER BY t.folded
        """
    )
    return [
        TagCount(
            Tag(TagId(row["id"]), SafeText(row["name"])),
            row["awaiting"],
            row["total"],
            row["uses"],
        )
        for row in rows
    ]


async def assert_columns_are_true(db: Database) -> None:
    """Every maintained column equals what the messages, drafts and outbox say."""
    wrong = await db.all(
        """
        SELECT c.id FROM conversations c WHERE
            c.awaiting <> (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id
                AND m.state = 'awaiting' AND m.answer_id IS NULL AND m.deleted_at IS NULL)
            OR c.awaiting_since IS NOT (SELECT min(sent_at) FROM messages m
                WHERE m.conversation_id = c.id AND m.state = 'awaiting'
                AND m.answer_id IS NULL AND m.deleted_at IS NULL)
            OR c.draft <> (SELECT count(*) FROM drafts d WHERE d.conversation_id = c.id)
            OR c.pending <> (SELECT count(*) FROM outbox o WHERE o.conversation_id = c.id
                AND o.state IN ('queued', 'sending', 'ambiguous'))
            OR c.unsent <> (SELECT count(*) FROM outbox o WHERE o.conversation_id = c.id
                AND (o.state IN ('failed', 'ambiguous')
                     OR (o.state = 'queued' AND o.attempts > 0)))
            OR (c.awaiting > 0) <> (c.red_at IS NOT NULL)
            OR (c.awaiting > 0 AND c.status = 'closed')
        """
    )
    assert wrong == []
    stale = await db.all(
        "SELECT 1 FROM conversation_tags ct JOIN conversations c ON c.id = ct.conversation_id "
        "WHERE (ct.box, ct.awaiting, ct.last_at, ct.rank, ct.tie) "
        "IS NOT (c.box, c.awaiting, c.last_at, c.rank, c.tie)"
    )
    assert stale == []


@pytest.mark.parametrize("seed", range(4))
async def test_counters_equal_a_recount_whatever_happens(db: Database, seed: int) -> None:
    filler = await fill(db, seed, steps=0)
    for _ in range(30):
        async with db.transaction() as tx:
            for _ in range(12):
                await conversations.refresh(tx, await filler.step(tx), due)
        counts = await feed.counts(db, NOW)
        assert counts.views == await recount(db)
        assert counts.awaiting == counts.views[View.AWAITING].total
        assert list(counts.tags) == await recount_tags(db)
        assert counts.not_sent == counts.views[View.NOT_SENT].total
    await assert_columns_are_true(db)
    overdue = await db.one(
        "SELECT count(*) AS n FROM conversations WHERE box = 'open' AND red_at <= ?", (to_us(NOW),)
    )
    pending = await db.one("SELECT count(*) AS n FROM conversations WHERE pending > 0")
    assert overdue is not None
    assert pending is not None
    assert counts.overdue == overdue["n"] > 0
    assert counts.pending == pending["n"] > 0


async def test_counters_forget_a_conversation_that_is_gone(db: Database) -> None:
    filler = Filler(3)
    async with db.transaction() as tx:
        which = await filler.conversation(tx)
        await conversations.refresh(tx, [which], due)
        await tx.run("DELETE FROM messages")
        tag = await tags.create(tx, SafeText("бронь"), Colour.NONE)
        await tags.put_on(tx, tag.id, [which])
        await conversations.drop_if_empty(tx, which)
    counts = await feed.counts(db, NOW)
    assert all(count == Count(0, 0) for count in counts.views.values())
    assert counts.tags == (TagCount(tag),)


async def test_a_conversation_with_anything_in_it_is_not_dropped(db: Database) -> None:
    filler = Filler(3)
    async with db.transaction() as tx:
        which = await filler.conversation(tx)
        await conversations.drop_if_empty(tx, which)
        assert await conversations.exists(tx, which)


async def test_complaints_and_public_threads_stand_ahead_of_equals(db: Database) -> None:
    async with db.transaction() as tx:
        for number, (kind, public, type_) in enumerate(
            [
                ("direct", 0, None),
                ("comment", 1, None),
                ("direct", 0, "complaint"),
                ("comment", 1, "complaint"),
            ]
        ):
            which = await tx.insert(
                "INSERT INTO conversations (account, kind, remote_id, public, type) "
                "VALUES ('a', ?, ?, ?, ?)",
                (kind, str(number), public, type_),
            )
            await tx.run(
                "INSERT INTO messages (conversation_id, account, kind, remote_id, direction, text,"
                " sent_at, stored_at, state) VALUES (?, 'a', ?, ?, 'in', '', ?, 0, 'awaiting')",
                (which, kind, str(number), to_us(NOW + timedelta(seconds=number))),
            )
            await conversations.refresh(tx, [ConversationId(which)], due)
    page = await feed.page(db, FeedQuery())
    assert [row.id for row in page.rows] == [4, 3, 2, 1]


async def test_a_refresh_opens_what_was_closed_over_a_waiting_customer(db: Database) -> None:
    filler = Filler(5)
    async with db.transaction() as tx:
        which = await filler.conversation(tx)
        await tx.run("UPDATE messages SET state = 'awaiting'")
        await tx.run("UPDATE conversations SET status = 'closed' WHERE id = ?", (which,))
        await conversations.refresh(tx, [which], due)
    assert [row.id for row in (await feed.page(db, FeedQuery())).rows] == [which]
