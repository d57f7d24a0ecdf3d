"""The panel of tags, the tags in the feed and in the sidebar: by keys of both layouts and mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App

from smm_inbox.domain.feed import FeedQuery, View
from smm_inbox.domain.tag import Colour, Tag
from smm_inbox.ui.screens.inbox_pick import PickLines
from smm_inbox.ui.screens.tags import TagScreen
from smm_inbox.ui.widgets.painted import Line
from tests.ui.hostile import HOSTILE
from tests.ui.inbox_desk import Desk, Screen, open_desk, running, until

pytestmark = pytest.mark.usefixtures("english")


async def guests(desk: Desk, *tags: str) -> None:
    """Three who wait; ``tags`` on the first one, the first tag on the second one as well."""
    for number in range(3):
        await desk.direct(f"Гость {number}", "Вы открыты?", ago=60 - number)
    service = desk.services.tags
    for at, name in enumerate(tags):
        tag = await service.create(name)
        who = ["Гость 0", "Гость 1"] if at == 0 else ["Гость 0"]
        await service.put(tag.id, [await desk.id_of(one) for one in who])


async def names(desk: Desk, guest: str) -> list[str]:
    card = await desk.services.feed.card(await desk.id_of(guest))
    assert card is not None
    return [tag.name for tag in card.row.tags]


async def panel(screen: Screen, key: str = "t") -> TagScreen:
    await screen.press(key)
    await until(lambda: isinstance(screen.app.screen, TagScreen))
    await screen.pilot.pause()
    found = screen.app.screen
    assert isinstance(found, TagScreen)
    return found


async def have(desk: Desk, guest: str, *tags: str) -> None:
    async def so() -> bool:
        return await names(desk, guest) == list(tags)

    await until(so)


@pytest.mark.parametrize("key", ["t", "е"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_first_tag_is_created_by_typing_it(
    tmp_path: Path, key: str, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk)
        async with running(desk, size) as screen:
            await panel(screen, key)
            await screen.sees("There are no tags yet", "Enter on / off", "F2 name", "F8 delete")
            await screen.write("Бронь стола")
            await screen.sees("Create #Бронь стола")
            await screen.press("enter")
            await screen.sees("#Бронь стола is on", "✓ 1 #Бронь стола")
            await have(desk, "Гость 0", "Бронь стола")
            await screen.press("escape")
            await screen.sees("#Бронь стола")
            await screen.press("z")
            await have(desk, "Гость 0")


async def test_digits_are_the_frequent_tags_until_something_is_typed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, "бронь", "жалоба")
        async with running(desk) as screen:
            await screen.press("j", "j")
            await screen.stands_on("Гость 2")
            await panel(screen)
            await screen.sees("1 #бронь", "2 #жалоба")
            await screen.press("2")
            await have(desk, "Гость 2", "жалоба")
            # The digits stay where they are while the panel is open.
            await screen.press("1")
            await have(desk, "Гость 2", "бронь", "жалоба")
            await screen.press("1")
            await have(desk, "Гость 2", "жалоба")
            await screen.write("стол 2")
            await screen.sees("Create #стол 2")


async def test_fuzzy_search_in_either_layout(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, "бронь", "жалоба", "доставка")
        async with running(desk) as screen:
            await panel(screen)
            await screen.write("lcnd")  # «дств»
            await screen.sees("#доставка")
            await until(lambda: "#бронь" not in _lines(screen))
            await screen.press("enter")
            await have(desk, "Гость 0", "бронь", "жалоба")


def _lines(screen: Screen) -> str:
    lines = screen.app.screen.query_one(PickLines)
    return "\n".join(line.text for line, _ in lines._lines)


async def test_a_selection_is_tagged_as_a_whole_and_half_of_it_is_told(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, "бронь")
        async with running(desk) as screen:
            await screen.press("*")
            await screen.sees("selected 3")
            await panel(screen)
            await screen.sees("Tags · selected 3", "– 1 #бронь")
            await screen.press("enter")
            await screen.sees("✓ 1 #бронь")
            await have(desk, "Гость 2", "бронь")
            await screen.press("enter")
            await have(desk, "Гость 0")
            await screen.press("ctrl+z")
            await have(desk, "Гость 2", "бронь")
            await screen.press("ctrl+z")
            await have(desk, "Гость 2")
            await have(desk, "Гость 1", "бронь")


async def test_renaming_refuses_a_taken_name_and_can_be_left(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, "бронь", "жалоба")
        async with running(desk) as screen:
            await panel(screen)
            await screen.sees("#бронь")
            await screen.press("f2")
            await screen.sees("A new name for #бронь")
            for _ in range(5):
                await screen.press("backspace")
            await screen.write("жалоба")
            await screen.press("enter")
            await screen.sees("There is a tag #жалоба already")
            for _ in range(6):
                await screen.press("backspace")
            await screen.write("столик")
            await screen.press("enter")
            await screen.sees("Now it is #столик")
            await have(desk, "Гость 1", "столик")
            await screen.press("f2", "escape")
            await until(lambda: isinstance(screen.app.screen, TagScreen))
            await screen.sees("F2 name")


async def test_merging_colouring_deleting(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, "бронь", "жалоба", "столик")
        tags = desk.services.tags
        async with running(desk) as screen:
            await panel(screen)
            await screen.sees("#столик")
            await screen.press("down", "down", "f3")
            await screen.sees("Merge #столик into which tag?")
            assert "#столик" not in _lines(screen)
            await screen.write("бр")
            await screen.press("enter")
            await screen.sees("Merged into #бронь")
            await have(desk, "Гость 0", "бронь", "жалоба")
            await screen.press("f4")

            async def red() -> bool:
                return (await tags.all())[0].tag.colour is Colour.RED

            await until(red)
            await screen.press("f8")
            await screen.sees("#бронь is deleted, its conversations stay")
            await have(desk, "Гость 0", "жалоба")
            await screen.press("escape", "z")
            await have(desk, "Гость 0", "бронь", "жалоба")


async def test_the_mouse_does_it_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, "бронь", "жалоба")
        async with running(desk, (80, 24)) as screen:
            await panel(screen)
            await screen.sees("2 #жалоба")
            await screen.pilot.click("#tags-lines", offset=(5, 1))
            await have(desk, "Гость 0", "бронь")
            rows = screen.text.splitlines()
            y = next(at for at, row in enumerate(rows) if "F2 name" in row)
            await screen.pilot.click(offset=(rows[y].index("F2 name"), y))
            await screen.sees("A new name for")


async def test_a_tag_of_the_sidebar_filters_the_list(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, "бронь", "жалоба")
        await desk.services.triage.close([await desk.id_of("Гость 0")])
        async with running(desk) as screen:
            await until(lambda: "●" in screen.inbox.sidebar.text)  # no line comes or goes any more
            await until(lambda: "#бронь" in screen.inbox.sidebar.text)
            side = screen.inbox.sidebar.text.splitlines()
            assert not any("#жалоба" in line for line in side), "nobody open has it"
            at = next(y for y, line in enumerate(side) if "#бронь" in line)
            await screen.pilot.click("#sidebar", offset=(4, at))
            await screen.sees("All open · #бронь", "1 of 1")
            await screen.stands_on("Гость 1")
            await screen.press("g", "e")
            await screen.sees("Closed · #бронь")
            await screen.stands_on("Гость 0")
            await screen.pilot.click("#sidebar", offset=(4, at))
            await until(lambda: screen.inbox.feed.model.query == FeedQuery(View.CLOSED))


async def test_every_tag_is_in_the_overlay_and_an_empty_filter_says_how_to_leave(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk)
        await desk.services.tags.create("потеряшка")
        async with running(desk, (80, 24)) as screen:
            await until(lambda: len(screen.inbox.counts.tags) == 1)
            await screen.press("l", *["pagedown"] * 4)
            await screen.sees("#потеряшка")
            await screen.press("enter")
            await screen.sees("Only a part is shown", "#потеряшка")
            await screen.press("escape")
            await until(lambda: screen.inbox.feed.model.query == FeedQuery())


async def test_a_list_whose_tag_is_deleted_shows_everything_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, "бронь")
        tag = (await desk.services.tags.all())[0].tag
        async with running(desk) as screen:
            screen.inbox.choose_list(FeedQuery(tag=tag.id))
            await until(lambda: screen.inbox.feed.model.total == 2)
            await desk.services.tags.delete(tag.id)
            await until(lambda: screen.inbox.feed.model.query == FeedQuery())
            await until(lambda: screen.inbox.feed.model.total == 3)


@pytest.mark.parametrize("trick", ["markup", "escape", "braces", "zalgo", "wide", "family"])
async def test_hostile_names_are_shown_as_text(tmp_path: Path, trick: str) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, HOSTILE[trick][:40])
        async with running(desk, (80, 24)) as screen:
            await panel(screen)
            await until(lambda: bool(_lines(screen)))
            await screen.press("1")
            await screen.sees("is off")
            await screen.press("1", "f2", "escape", "f3", "escape", "f8", "escape")
            await until(lambda: len(screen.app.screen_stack) == 1)
            assert "\x1b" not in screen.text


async def test_many_tags_do_not_push_the_words_out_of_a_row(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, *(f"очень длинное имя тега номер {number}" for number in range(9)))
        for size in ((80, 24), (120, 36)):
            async with running(desk, size) as screen:
                await screen.sees("Гость 0", "Вы открыты?", "#очень длинное")


def test_colours_go_round() -> None:
    seen, colour = [], Colour.NONE
    for _ in Colour:
        colour = colour.next
        seen.append(colour)
    assert set(seen) == set(Colour)
    assert seen[-1] is Colour.NONE
    assert Tag(1, "а").colour is Colour.NONE  # type: ignore[arg-type]


async def test_what_was_just_created_is_what_the_next_key_is_about(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await guests(desk, "бронь", "торт")
        async with running(desk) as screen:
            await panel(screen)
            await screen.write("пятница")
            await screen.press("enter")
            await until_tag(desk, "пятница")
            await screen.sees("#пятница is on")
            await screen.press("f2")
            await screen.sees("A new name for #пятница")
            await screen.write("!")
            await screen.press("enter")
            await until_tag(desk, "пятница!")
            assert {one.tag.name for one in await desk.services.tags.all()} == {
                "бронь", "торт", "пятница!"
            }  # fmt: skip


async def until_tag(desk: Desk, name: str) -> None:
    async def so() -> bool:
        return await desk.services.tags.named(name) is not None

    await until(so)


async def test_what_stands_above_the_first_choice_can_be_read() -> None:
    text = [(Line(((f"строка {at}", "plain"),)), False) for at in range(30)]
    lines = PickLines([*text, (Line((("Анна", "plain"),)), True)], 30, id="lines")

    def shown() -> str:
        return "\n".join(strip.text for strip in lines.paint(40, 10))

    async with App[None]().run_test() as pilot:
        await pilot.app.mount(lines)
        assert "Анна" in shown()
        for _ in range(3):
            lines.move(-10)
        assert "строка 0" in shown()
        lines.move(1)
        assert "Анна" in shown()
