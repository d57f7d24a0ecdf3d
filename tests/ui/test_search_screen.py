"""Search at the keyboard: typing finds, Enter opens at the message, lists are kept and counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.ui.screens.search import SearchScreen
from smm_inbox.ui.widgets.found_list import marked
from tests.ui.hostile import HOSTILE, is_harmless
from tests.ui.inbox_desk import Desk, Screen, open_desk, running, until


async def fill(desk: Desk) -> None:
    await desk.direct("Мария", "А столик на двоих найдётся?", ago=30)
    await desk.direct("Игорь", "Суп холодный", "Верните деньги", ago=20)
    await desk.comment("Ольга", "Столики все заняты?", ago=10)


def search(screen: Screen) -> SearchScreen:
    found = screen.app.screen
    assert isinstance(found, SearchScreen)
    return found


async def found(screen: Screen, count: int) -> None:
    """Wait until that many hits of what stands in the field are on the screen."""
    page = search(screen)

    def there() -> bool:
        return page._shown == page.text and len(page.found.hits) == count

    try:
        await until(there)
    except AssertionError:
        raise AssertionError(f"{count} hits expected:\n{screen.text}") from None


@pytest.mark.parametrize("key", ["slash", "full_stop"])
async def test_typing_finds_and_enter_opens_in_both_layouts(tmp_path: Path, key: str) -> None:
    async with open_desk(tmp_path) as desk:
        await fill(desk)
        async with running(desk) as screen:
            await screen.press(key)
            await screen.sees("What to look for?", "Any form of a word")
            await screen.write("столика")
            await found(screen, 2)
            await screen.sees("2 found", "А столик на двоих найдётся?", "Столики все заняты?")
            await screen.press("down", "enter")
            await until(lambda: screen.app.screen is screen.inbox)
            ids = {await desk.id_of("Мария"), await desk.id_of("Ольга")}
            assert screen.inbox.pinned in ids
            await until(lambda: screen.inbox.talk.conversation == screen.inbox.pinned)


async def test_a_message_far_up_is_opened_where_it_stands(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Иголка в стоге", ago=300)
        for number in range(4):
            await desk.direct("Мария", *(f"Сено {number}-{n}" for n in range(40)), ago=100 - number)
        async with running(desk) as screen:
            await screen.press("slash")
            await screen.write("иголку")
            await found(screen, 1)
            await screen.press("enter")
            await screen.sees("Иголка в стоге")
            await until(
                lambda: (
                    (one := screen.inbox.talk.selected) is not None and one.text == "Иголка в стоге"
                )
            )


async def test_words_are_marked_not_by_colour_alone(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await fill(desk)
        async with running(desk) as screen:
            await screen.press("slash")
            await screen.write("супы ")
            await found(screen, 1)
            strips = search(screen).app.screen._compositor.render_strips()
            words = [part for strip in strips for part in strip if part.text == "Суп"]
            assert words
            assert all(part.style and part.style.bold and part.style.underline for part in words)
    assert marked("a b", [(2, 3)]) == [("a ", "plain"), ("b", "found")]


async def test_a_slip_is_told_and_nothing_found_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await fill(desk)
        async with running(desk) as screen:
            await screen.press("slash")
            await screen.write("вид:личое столик")
            await screen.sees("Did you mean “личное”?", "А столик на двоих")
            await screen.press("ctrl+u")
            await screen.write("носорог")
            await screen.sees("Nothing found.")


async def test_the_order_switches_and_the_query_is_kept(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "столик", ago=60)
        await desk.direct("Игорь", "столики", ago=5)
        async with running(desk) as screen:
            await screen.press("slash")
            await screen.write("столик ")
            await found(screen, 2)
            assert [str(hit.name) for hit in search(screen).found.hits] == ["Мария", "Игорь"]
            await screen.press("tab")
            await until(
                lambda: [str(hit.name) for hit in search(screen).found.hits] == ["Игорь", "Мария"]
            )
            await screen.press("escape")
            await until(lambda: screen.app.screen is screen.inbox)
            await screen.press("slash")
            assert search(screen).text == "столик "
            await found(screen, 2)
            assert str(search(screen).found.hits[0].name) == "Игорь"


async def test_scrolling_loads_on_without_an_end(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        for number in range(6):
            await desk.direct("Мария", *(f"Суп {number} {n}" for n in range(40)), ago=90 - number)
        async with running(desk) as screen:
            await screen.press("slash")
            await screen.write("суп ")
            await screen.sees("50+ found")
            for _ in range(40):
                await screen.press("pagedown")
                await screen.pilot.pause()
            await until(lambda: len(search(screen).found.hits) == 240)
            await screen.sees("240 found")


async def test_a_search_becomes_a_list_with_numbers_that_live(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await fill(desk)
        async with running(desk) as screen:
            await screen.press("slash")
            await screen.write("столик")
            await found(screen, 2)
            await screen.press("ctrl+s")
            await screen.sees("Name of the list")
            # What is typed takes the place of the query that is offered.
            await screen.write("Столы")
            await screen.press("enter")
            await until(lambda: screen.app.screen is screen.inbox)
            await screen.sees("Столы · by deadline")
            await until(lambda: "Столы 2" in screen.inbox.sidebar.text)
            assert screen.inbox.feed.model.query.search == "столик"
            await desk.direct("Павел", "столик на субботу", ago=1)
            await until(lambda: "Столы 3" in screen.inbox.sidebar.text)
            await until(lambda: screen.inbox.feed.model.total == 3)


async def test_lists_are_renamed_removed_and_brought_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await fill(desk)
        await desk.services.search.save("Столы", "столик")
        async with running(desk) as screen:
            await until(lambda: "Столы" in screen.inbox.sidebar.text)
            lines = screen.inbox.sidebar.text.splitlines()
            line = next(at for at, text in enumerate(lines) if "Столы" in text)
            await screen.pilot.click("#sidebar", offset=(3, line))
            await screen.sees("Столы · by deadline")
            await screen.press("g", "V")
            await screen.sees("New name of the list")
            await screen.write("Места")
            await screen.press("enter")
            await until(lambda: "Места" in screen.inbox.sidebar.text)
            await screen.press("g", "x")
            await until(lambda: "Места" not in screen.inbox.sidebar.text)
            await screen.press("z")
            await until(lambda: "Места" in screen.inbox.sidebar.text)
            await screen.press("z")
            await until(lambda: "Столы" in screen.inbox.sidebar.text)


async def test_an_open_list_stays_open_when_its_tag_is_renamed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await fill(desk)
        tag = await desk.services.tags.create("бронь")
        await desk.services.tags.put(tag.id, [await desk.id_of("Мария")])
        await desk.services.search.save("Брони", "тег:бронь")
        async with running(desk) as screen:
            await until(lambda: "Брони" in screen.inbox.sidebar.text)
            lines = screen.inbox.sidebar.text.splitlines()
            line = next(at for at, text in enumerate(lines) if "Брони" in text)
            await screen.pilot.click("#sidebar", offset=(3, line))
            await screen.sees("Брони · by deadline")
            await desk.services.tags.rename(tag.id, "столик у окна")
            query = 'тег:"столик у окна"'
            await until(lambda: screen.inbox.feed.model.query.search == query)
            await until(lambda: screen.inbox.feed.model.total == 1)
            await screen.sees("Брони · by deadline")
            await screen.press("z")
            await until(lambda: screen.inbox.feed.model.query.search == "тег:бронь")
            await until(lambda: screen.inbox.feed.model.total == 1)


async def test_what_is_looked_through_once_is_shown_in_the_feed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await fill(desk)
        async with running(desk) as screen:
            await screen.press("slash")
            await screen.write("столик")
            await found(screen, 2)
            await screen.press("f3")
            await until(lambda: screen.app.screen is screen.inbox)
            await until(lambda: screen.inbox.feed.model.total == 2)
            await screen.sees("Search: столик")
            await screen.press("escape")
            await until(lambda: screen.inbox.feed.model.query.search == "")


async def test_a_hit_is_opened_with_the_mouse(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await fill(desk)
        async with running(desk) as screen:
            await screen.press("slash")
            await screen.write("столик")
            await found(screen, 2)
            await screen.pilot.click("#search-found", offset=(10, 2))
            await until(lambda: screen.app.screen is screen.inbox)
            assert screen.inbox.pinned is not None


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (50, 16)])
async def test_hostile_words_stay_words(tmp_path: Path, size: tuple[int, int]) -> None:
    async with open_desk(tmp_path) as desk:
        for number, text in enumerate(HOSTILE.values()):
            await desk.direct(f"Гость {number} {text}", f"суп {text}", ago=number)
        async with running(desk, size) as screen:
            await screen.press("slash")
            await screen.write("суп")
            await until(lambda: len(search(screen).found.hits) > 0)
            for _ in range(len(HOSTILE)):
                await screen.press("down")
                assert all(map(is_harmless, screen.text.split("\n")))
            for text in HOSTILE.values():
                search(screen).query_one("Input").value = text  # type: ignore[attr-defined]
                await screen.pilot.pause()
            assert all(map(is_harmless, screen.text.split("\n")))
