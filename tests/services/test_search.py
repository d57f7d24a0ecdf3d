"""Search as the operator meets it: what just arrived is found, saved lists count by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.feed import FeedQuery, View
from smm_inbox.domain.found import Ranking, SavedSearch
from smm_inbox.domain.ids import ConversationId, RemoteId
from smm_inbox.domain.message import Edit, Removal
from smm_inbox.domain.tag import Colour
from smm_inbox.domain.text import SafeText
from smm_inbox.storage import search_index
from tests.services.desk import BAR, CAFE, Desk, at, batch, came, direct, eventually, ours, thread


async def texts(desk: Desk, typed: str, ranking: Ranking = Ranking.TIME) -> list[str]:
    query = await desk.services.search.read(typed)
    return [str(hit.text) for hit in (await desk.services.search.page(query, ranking)).hits]


async def listed(desk: Desk, query: str) -> list[ConversationId]:
    await desk.services.search.ensure(query)
    wanted = FeedQuery(View.OPEN, search=query)
    while True:
        before = await desk.services.feed.total(wanted)
        page = await desk.services.feed.page(wanted)
        if before == await desk.services.feed.total(wanted):  # nothing changed in between
            assert len(page.rows) == before
            return [row.id for row in page.rows]


async def saved(desk: Desk) -> dict[str, tuple[int, int]]:
    """Name of every saved list: how many wait, how many there are."""
    return {str(one.name): (one.awaiting, one.total) for one in await desk.services.search.saved()}


async def counts(desk: Desk, name: str, awaiting: int, total: int) -> None:
    async def there() -> bool:
        return (await saved(desk)).get(name) == (awaiting, total)

    await eventually(there, tell=f"{name} is not {awaiting} of {total}")


async def test_what_arrived_a_moment_ago_is_found(desk: Desk) -> None:
    await desk.store(came("1", "Есть столик на двоих?"))
    assert await texts(desk, "столики") == ["Есть столик на двоих?"]


async def test_an_answer_is_found_as_soon_as_it_is_on_its_way(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.answer("Оставили вам место у окна", undo=True)
    assert await texts(desk, "места у окна") == ["Оставили вам место у окна"]
    await desk.services.undo.last()
    assert await texts(desk, "места у окна") == []


async def test_edits_are_followed_and_what_was_deleted_is_still_found(desk: Desk) -> None:
    await desk.store(came("1", "Торт"), came("2", "Кофе"))
    await desk.services.ingest.store(
        CAFE,
        replace(
            batch(),
            edits=(Edit(Kind.DIRECT, RemoteId("1"), SafeText("Пирог"), at(5), None),),
            removals=(Removal(Kind.DIRECT, RemoteId("2"), at(6)),),
        ),
    )
    assert await texts(desk, "торт") == []
    assert await texts(desk, "пирог") == ["Пирог"]
    assert await texts(desk, "кофе") == ["Кофе"]


async def test_a_customer_is_found_by_a_name_that_came_later(desk: Desk) -> None:
    await desk.store(came("1", "Добрый день"))
    person = Contact(RemoteId("maria"), SafeText("Мария Ковалёва"))
    await desk.services.ingest.store(CAFE, replace(batch(), contacts=(person,)))
    assert await texts(desk, "автор:ковалева") == ["Добрый день"]


async def test_channels_are_named_by_the_account(two: Desk) -> None:
    await two.store(came("1", "Суп"))
    await two.store(came("2", "Суп в баре"), account=BAR)
    assert await texts(two, "суп канал:bar") == ["Суп в баре"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("канал:bra", "“bra” is not known behind “канал:”. Did you mean “bar”?"),
        ("канал:xyzw", "“xyzw” is not known behind “канал:”. Possible here: "),
        ("тип:", "Possible here: вопрос, question"),
        ("канла:bar", "There is no “канла:”. Did you mean “канал:”?"),
        ("до:никогда", "“никогда” is no day. A day is written 20.11"),
        ("до:", "A day is written 20.11"),
        ("тег:бронь", "There are no tags yet."),
        (" ".join(f"слово{n}" for n in range(20)), "Only the first 16 words are looked for."),
    ],
)
async def test_a_slip_is_told_in_a_sentence(two: Desk, typed: str, said: str) -> None:
    query = await two.services.search.read(typed)
    (problem,) = (await two.services.search.page(query)).problems
    assert problem.startswith(said)


async def test_an_archive_of_before_is_indexed_in_the_background(desk: Desk) -> None:
    await desk.store(*(came(str(n), f"Суп {n}") for n in range(450)))
    await desk.restart()
    assert await search_index.backlog(desk.db) == 450
    await desk.services.start()

    async def done() -> bool:
        return await search_index.backlog(desk.db) == 0

    await eventually(done)
    assert len(await texts(desk, "суп ")) == 50


async def test_a_large_backlog_is_told_and_not_waited_for(desk: Desk) -> None:
    await desk.store(*(came(str(n), f"Суп {n}") for n in range(1100)))
    page = await desk.services.search.page(await desk.services.search.read("суп"))
    assert page.pending == 1100
    await desk.services.search.catch_up()
    page = await desk.services.search.page(await desk.services.search.read("суп"))
    assert (page.pending, len(page.hits)) == (0, 50)
    assert page.next is not None


# --- Saved lists ----------------------------------------------------------------------------------


async def test_a_saved_list_counts_by_itself(desk: Desk) -> None:
    await desk.services.start()
    await desk.store(came("1", "Суп холодный", place=direct("maria")))
    await desk.services.search.save("Супы", "суп")
    assert await saved(desk) == {"Супы": (1, 1)}
    await desk.store(came("2", "И у меня супа нет", place=direct("igor"), author="igor"))
    await counts(desk, "Супы", 2, 2)
    await desk.store(ours("3", place=direct("maria"), minute=9))
    await counts(desk, "Супы", 1, 2)


async def test_conditions_of_a_saved_list_are_followed(desk: Desk) -> None:
    await desk.services.start()
    await desk.store(came("1", place=direct("maria")), came("2", place=thread("igor")))
    await desk.services.search.save("Ждут", "ждёт")
    await desk.services.search.save("Закрытые", "статус:закрыто")
    await counts(desk, "Ждут", 2, 2)
    await desk.services.triage.close([await desk.talk(direct("maria"))])
    await counts(desk, "Ждут", 1, 1)
    await counts(desk, "Закрытые", 0, 1)
    await desk.services.undo.last()
    await counts(desk, "Ждут", 2, 2)
    await counts(desk, "Закрытые", 0, 0)


async def test_a_saved_list_follows_its_tag_to_another_name(desk: Desk) -> None:
    tags, undo = desk.services.tags, desk.services.undo
    await desk.services.start()
    await desk.store(came("1", place=direct("maria")), came("2", place=direct("igor")))
    booking, table = await tags.create("бронь"), await tags.create("столик")
    await tags.put(booking.id, [await desk.talk(direct("maria"))])
    await tags.put(table.id, [await desk.talk(direct("igor"))])
    await desk.services.search.save("Брони", "тег:бронь")
    await counts(desk, "Брони", 1, 1)
    await tags.rename(booking.id, "Бронь стола")
    await tags.put(booking.id, [await desk.talk(direct("igor"))])  # the list is alive
    await counts(desk, "Брони", 2, 2)
    await undo.last()
    await undo.last()
    await tags.merge(booking.id, table.id)
    await counts(desk, "Брони", 2, 2)
    await undo.last()
    await counts(desk, "Брони", 1, 1)
    [kept] = await desk.services.search.saved()
    assert kept.query == "тег:бронь"


async def test_a_list_follows_its_tag_also_to_where_another_search_looks(desk: Desk) -> None:
    tags, undo, search = desk.services.tags, desk.services.undo, desk.services.search
    await desk.services.start()
    await desk.store(came("1", place=direct("maria")), came("2", place=direct("igor")))
    urgent, weighty = await tags.create("срочно"), await tags.create("важно")
    await tags.put(urgent.id, [await desk.talk(direct("maria"))])
    await tags.put(weighty.id, [await desk.talk(direct("igor"))])
    await search.save("Срочные", "тег:срочно")
    await search.save("Важные", "тег:важно")
    await search.ensure("тег:скорее")  # looked through once, not saved
    await tags.rename(urgent.id, "скорее")
    await counts(desk, "Срочные", 1, 1)
    await undo.last()
    await tags.merge(urgent.id, weighty.id)
    for name in ("Срочные", "Важные"):
        await counts(desk, name, 2, 2)
    await undo.last()
    for name in ("Срочные", "Важные"):
        await counts(desk, name, 1, 1)
    assert [one.query for one in await search.saved()] == ["тег:срочно", "тег:важно"]


async def test_another_colour_leaves_a_saved_list_as_it_was_typed(desk: Desk) -> None:
    tag = await desk.services.tags.create("бронь")
    await desk.services.search.save("Брони", "тег:бро")
    await desk.services.tags.recolour(tag.id, Colour.RED)
    [kept] = await desk.services.search.saved()
    assert kept.query == "тег:бро"


async def test_a_saved_list_is_true_again_after_a_crash(desk: Desk) -> None:
    await desk.store(came("1", "Суп"))
    await desk.services.search.save("Супы", "суп")
    await desk.store(came("2", "Суп", place=direct("igor"), author="igor"))
    await desk.restart()
    assert await saved(desk) == {"Супы": (1, 1)}
    await desk.services.start()
    await counts(desk, "Супы", 2, 2)


async def test_a_day_that_has_passed_leaves_the_list(desk: Desk) -> None:
    await desk.services.start()
    await desk.store(came("1", "Суп"))
    await desk.services.search.save("Сегодня", "после:сегодня")
    await counts(desk, "Сегодня", 1, 1)
    # Whatever is left to be looked at anyway would hide that nobody looks at the rest.
    await eventually(lambda: not desk.services.search._touched)
    desk.clock.pass_by(days=1)
    await desk.store(came("2", "Чай", place=direct("igor"), author="igor", minute=60 * 24))
    today = [await desk.talk(direct("igor"))]

    async def only_today() -> bool:
        return await listed(desk, "после:сегодня") == today

    await eventually(only_today)
    await counts(desk, "Сегодня", 1, 1)


async def test_the_feed_lists_what_a_query_finds_in_every_box(desk: Desk) -> None:
    await desk.store(
        came("1", "Суп", place=direct("maria")),
        came("2", "Чай", place=direct("igor"), author="igor"),
        came("3", "Супчик и суп", place=direct("olga"), author="olga", minute=3),
    )
    maria, olga = await desk.talk(direct("maria")), await desk.talk(direct("olga"))
    await desk.services.triage.close([maria])
    assert await listed(desk, "суп") == [olga, maria]
    newest = FeedQuery(View.OPEN, search="суп")
    rows = await desk.services.feed.rows([maria, olga], newest)
    assert set(rows) == {maria, olga}
    assert await listed(desk, "чай") == [await desk.talk(direct("igor"))]


async def test_names_are_taken_once_and_undo_takes_back(desk: Desk) -> None:
    search = desk.services.search
    first = await search.save("Супы", "суп")
    with pytest.raises(InboxError, match="already"):
        await search.save("СУПЫ", "чай")
    with pytest.raises(InboxError, match="name"):
        await search.save(" ", "чай")
    with pytest.raises(InboxError, match="nothing"):
        await search.save("Пусто", "  ")
    await search.rename(first.id, "Первое")
    assert set(await saved(desk)) == {"Первое"}
    await desk.services.undo.last()
    assert set(await saved(desk)) == {"Супы"}
    await search.remove(first.id)
    assert await saved(desk) == {}
    await desk.services.undo.last()
    assert set(await saved(desk)) == {"Супы"}
    await desk.services.undo.last()
    assert await saved(desk) == {}


async def test_a_removed_list_comes_back_with_its_counts(desk: Desk) -> None:
    await desk.store(came("1", "Суп"))
    first: SavedSearch = await desk.services.search.save("Супы", "суп")
    await desk.services.search.remove(first.id)
    await desk.services.search.ensure("чай")  # what is looked through once takes its place
    await desk.services.undo.last()
    assert await saved(desk) == {"Супы": (1, 1)}
    assert await listed(desk, "суп") == [await desk.talk()]


async def test_looking_through_a_query_once_saves_nothing(desk: Desk) -> None:
    await desk.store(came("1", "Суп"))
    assert len(await listed(desk, "суп")) == 1
    assert await listed(desk, "чай") == []
    assert await saved(desk) == {}
    assert len(await desk.db.all("SELECT * FROM searches")) == 1


async def test_a_list_of_a_tag_goes_with_the_tag(desk: Desk) -> None:
    await desk.services.start()
    await desk.store(came("1", "Суп"), came("2", "Чай", place=direct("igor"), author="igor"))
    tag = await desk.services.tags.create("бронь")
    await desk.services.search.save("Бронь", "тег:бронь")
    assert await saved(desk) == {"Бронь": (0, 0)}
    await desk.services.tags.put(tag.id, [await desk.talk()])
    await counts(desk, "Бронь", 1, 1)
    assert await texts(desk, "суп тег:бронь") == ["Суп"]
    assert await texts(desk, "-тег:бронь") == ["Чай"]
    await desk.services.tags.delete(tag.id)
    await counts(desk, "Бронь", 0, 0)
    await desk.services.undo.last()
    await counts(desk, "Бронь", 1, 1)
