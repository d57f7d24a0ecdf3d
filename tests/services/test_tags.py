"""Tags: on and off, names and colours, merging, deleting, and that all of it comes back."""

from __future__ import annotations

import json

import pytest

from smm_inbox.domain.feed import FeedQuery, View
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.tag import LONGEST_NAME, Colour, Tag, TagCount, frequent, search
from smm_inbox.services import triage
from smm_inbox.services.export import export_messages
from smm_inbox.services.tags import TagRefused
from tests.services.desk import Desk, at, came, direct
from tests.ui.hostile import HOSTILE, is_harmless


@pytest.fixture
async def three(desk: Desk) -> Desk:
    """Three waiting guests."""
    for guest in ("maria", "igor", "olga"):
        await desk.store(came(guest, place=direct(guest), author=guest))
    return desk


async def everybody(desk: Desk) -> list[ConversationId]:
    return [await desk.talk(direct(guest)) for guest in ("maria", "igor", "olga")]


async def tagged(desk: Desk, tag: Tag, view: View = View.OPEN) -> list[ConversationId]:
    page = await desk.services.feed.page(FeedQuery(view, tag=tag.id))
    return [row.id for row in page.rows]


async def picture(desk: Desk) -> list[tuple[object, ...]]:
    """Everything about tags."""
    found: list[tuple[object, ...]] = []
    for sql in (
        "SELECT id, name, folded, colour, uses FROM tags",
        "SELECT tag_id, conversation_id, box, awaiting FROM conversation_tags",
        "SELECT tag_id, box, account, kind, total, awaiting FROM tag_counters WHERE total <> 0",
    ):
        found += [tuple(row) for row in await desk.db.all(sql + " ORDER BY 1, 2")]
    return found


async def test_a_tag_is_put_on_many_and_taken_back_at_once(three: Desk) -> None:
    tags, ids = three.services.tags, await everybody(three)
    booking = await tags.create("бронь")
    before = await picture(three)
    assert await tags.put(booking.id, ids) == 3
    assert sorted(await tagged(three, booking)) == sorted(ids)
    assert await tags.carried_by(ids) == {booking.id: 3}
    assert (await three.card()).row.tags == (booking,)
    assert await tags.all() == (TagCount(booking, awaiting=3, open=3, uses=3),)
    undone = await three.services.undo.last()
    assert undone is not None
    assert undone.conversation == ids[0]
    assert await picture(three) == before


async def test_only_what_was_changed_is_taken_back(three: Desk) -> None:
    tags, ids = three.services.tags, await everybody(three)
    booking = await tags.create("бронь")
    await tags.put(booking.id, ids[:1])
    assert await tags.put(booking.id, ids) == 2
    await three.services.undo.last()
    assert await tagged(three, booking) == ids[:1]
    assert await tags.put(booking.id, ids, on=False) == 1
    assert await tagged(three, booking) == []
    await three.services.undo.last()
    assert await tagged(three, booking) == ids[:1]


async def test_counts_follow_what_happens_to_the_conversations(three: Desk) -> None:
    tags, ids = three.services.tags, await everybody(three)
    booking = await tags.create("бронь")
    await tags.put(booking.id, ids)
    await three.services.triage.close(ids[:1])
    await three.services.triage.snooze(ids[1:2], at(60))
    assert await tags.all() == (TagCount(booking, awaiting=1, open=1, uses=3),)
    assert await tagged(three, booking, View.CLOSED) == ids[:1]
    assert await tagged(three, booking, View.SNOOZED) == ids[1:2]
    await three.store(came("back", place=direct("maria"), minute=5))
    assert await tags.all() == (TagCount(booking, awaiting=2, open=2, uses=3),)


async def test_the_same_name_is_the_same_tag_whatever_its_case(three: Desk) -> None:
    tags = three.services.tags
    first = await tags.create(" #Ёлка  2026 ")
    assert first.name == "Ёлка 2026"
    assert await tags.create("елка 2026") == first
    assert await tags.named("ЕЛКА 2026") == first


@pytest.mark.parametrize("name", ["", "   ", "#", "###", "\x1b\x07", "а" * (LONGEST_NAME + 1)])
async def test_a_name_that_is_none_is_refused(three: Desk, name: str) -> None:
    with pytest.raises(TagRefused) as refused:
        await three.services.tags.create(name)
    assert refused.value.sentence
    assert await three.services.tags.all() == ()


@pytest.mark.parametrize("trick", HOSTILE)
async def test_a_hostile_name_is_made_harmless_or_refused(three: Desk, trick: str) -> None:
    try:
        tag = await three.services.tags.create(HOSTILE[trick])
    except TagRefused:
        return
    assert is_harmless(tag.name)
    await three.services.tags.put(tag.id, [await three.talk()])
    assert (await three.card()).row.tags == (tag,)
    assert await three.services.tags.rename(tag.id, HOSTILE[trick] + "2") is not None


async def test_renaming_colouring_and_their_undo(three: Desk) -> None:
    tags, which = three.services.tags, [await three.talk()]
    tag = await tags.create("бронь")
    await tags.put(tag.id, which)
    await tags.rename(tag.id, "Бронь стола")
    assert (await tags.recolour(tag.id, Colour.RED)).name == "Бронь стола"
    row = (await three.card()).row
    assert [(one.name, one.colour) for one in row.tags] == [("Бронь стола", Colour.RED)]
    await three.services.undo.last()
    await three.services.undo.last()
    assert (await three.card()).row.tags == (tag,)


async def test_a_name_that_is_taken_is_not_given_twice(three: Desk) -> None:
    tags = three.services.tags
    first, second = await tags.create("бронь"), await tags.create("столик")
    with pytest.raises(TagRefused, match="бронь"):
        await tags.rename(second.id, "БРОНЬ")
    assert [one.tag for one in await tags.all()] == [first, second]
    assert (await tags.rename(first.id, "Бронь")).name == "Бронь"


async def test_merging_and_its_undo(three: Desk) -> None:
    tags, ids = three.services.tags, await everybody(three)
    first, second = await tags.create("бронь"), await tags.create("столик")
    await tags.put(first.id, ids[:2])
    await tags.put(second.id, ids[1:])
    before = await picture(three)
    assert await tags.merge(first.id, second.id) == 2
    assert sorted(await tagged(three, second)) == sorted(ids)
    assert [one.tag for one in await tags.all()] == [second]
    assert await tags.merge(second.id, second.id) == 0
    await three.services.undo.last()
    assert await picture(three) == before


async def test_deleting_leaves_the_conversations_and_comes_back(three: Desk) -> None:
    tags, ids = three.services.tags, await everybody(three)
    tag = await tags.create("бронь")
    await tags.put(tag.id, ids)
    before = await picture(three)
    assert await tags.delete(tag.id) == 3
    assert await tags.all() == ()
    assert sorted(await three.listed()) == sorted(ids)
    with pytest.raises(TagRefused):
        await tags.put(tag.id, ids)
    await three.services.undo.last()
    assert await picture(three) == before


async def test_a_deleted_tag_does_not_come_back_beside_its_namesake(three: Desk) -> None:
    tags = three.services.tags
    tag = await tags.create("бронь")
    await tags.delete(tag.id)
    await tags.create("Бронь")
    undo = three.services.undo
    assert await undo.last() is not None  # the new one is gone
    assert await undo.last() is not None  # the old one is back
    assert [one.tag for one in await tags.all()] == [tag]


async def test_many_are_changed_in_portions_and_come_back_whole(
    three: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage, "AT_ONCE", 2)
    tags, ids = three.services.tags, await everybody(three)
    tag = await tags.create("бронь")
    assert await tags.put(tag.id, [*ids, ids[0], ConversationId(999)]) == 3
    assert await three.services.triage.close(ids) == 3
    assert await three.listed() == []
    await three.services.undo.last()
    assert sorted(await three.listed()) == sorted(ids)
    await three.services.undo.last()
    assert await tagged(three, tag) == []


async def test_the_journal_says_what_was_tagged_and_by_whom(three: Desk) -> None:
    tags, which = three.services.tags, [await three.talk()]
    tag = await tags.create("бронь")
    await tags.put(tag.id, which)
    await tags.put(tag.id, which, on=False)
    await tags.rename(tag.id, "столик")
    other = await tags.create("стол")
    await tags.merge(tag.id, other.id)
    await tags.delete(other.id)
    rows = await three.db.all("SELECT * FROM journal WHERE event LIKE '%tag%' ORDER BY id")
    told = [(row["event"], row["conversation_id"], json.loads(row["details"])) for row in rows]
    assert [(event, number) for event, number, _ in told] == [
        ("tagged", which[0]),
        ("untagged", which[0]),
        ("tag_changed", None),
        ("tags_merged", None),
        ("tag_deleted", None),
    ]
    assert [details.get("value") or details["tag"] for *_, details in told] == [
        "бронь",
        "бронь",
        "бронь",
        "столик",
        "стол",
    ]
    assert {row["operator"] for row in rows} == {"Анна"}


async def test_tags_stand_in_the_export(three: Desk) -> None:
    tags = three.services.tags
    for name in ("столик", "бронь"):
        await tags.put((await tags.create(name)).id, [await three.talk()])
    records = [record async for record in export_messages(three.services)]
    assert [record["tags"] for record in records] == [["бронь", "столик"], [], []]


def count(number: int, name: str, uses: int = 0) -> TagCount:
    return TagCount(Tag(number, name), uses=uses)  # type: ignore[arg-type]


def test_the_frequent_ones_come_first_and_keep_their_digits() -> None:
    known = [count(3, "а", 2), count(1, "б", 2), count(2, "в", 5), count(4, "г")]
    assert [one.tag.id for one in frequent(known)] == [2, 1, 3, 4]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["бронь", "бронь стола", "доставка еды", "жалоба", "Ёлка"]),
        ("бро", ["бронь", "бронь стола"]),
        ("БРОНЬ СТ", ["бронь стола"]),
        ("еды", ["доставка еды"]),
        ("жлб", ["жалоба"]),
        ("елк", ["Ёлка"]),
        ("#бронь", ["бронь", "бронь стола"]),
        ("щщ", []),
    ],
)
def test_search_finds_by_beginnings_parts_and_letters(typed: str, found: list[str]) -> None:
    names = ["бронь", "бронь стола", "доставка еды", "жалоба", "Ёлка"]
    known = [count(number, name) for number, name in enumerate(names)]
    assert [one.tag.name for one in search(known, [typed])] == found
