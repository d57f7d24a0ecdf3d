"""Writing down what came from outside the networks, in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.domain.feed import FeedQuery, View
from tests.ui.hostile import HOSTILE, is_harmless
from tests.ui.inbox_desk import NO_WAIT, Desk, Screen, open_desk, running, until

LINE = "книга Иванова 89161234567 холодный суп до пт"


async def entries(desk: Desk) -> list[str]:
    page = await desk.services.feed.page(FeedQuery(view=View.REVIEWS))
    return [str(row.name) for row in page.rows]


async def listed(desk: Desk, *names: str) -> None:
    async def there() -> bool:
        return await entries(desk) == list(names)

    await until(there)


async def ask(screen: Screen, key: str = "c") -> None:
    await screen.press(key)
    await screen.sees("Write down", "Source")


@pytest.mark.parametrize(
    ("key", "line"), [("c", LINE), ("с", LINE), ("с", "rybuf Bdfyjdf 89161234567 [jkjlysq ceg")]
)
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_fields_are_seen_while_the_line_is_typed(
    tmp_path: Path, key: str, line: str, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path) as desk, running(desk, size) as screen:
        await ask(screen, key)
        await screen.write(line)
        await screen.sees("guest book", "Иванова", "+7 916 123-45-67", "холодный суп")
        assert ("other layout" in screen.text) == (line != LINE)
        await screen.press("enter")
        await listed(desk, "Иванова")
        await screen.press("g", "r")
        await screen.sees("Иванова", "+7 916", "guest book", "холодный суп", "waiting 1")
        await screen.press("enter")
        await screen.sees("GUEST BOOK", "reach by: +7 916 123-45-67")
        await screen.press("z")
        await listed(desk)


async def test_an_answer_given_elsewhere_is_written_down(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.services.manual.add(desk.services.manual.parse(LINE))
        async with running(desk) as screen:
            await screen.stands_on("Иванова")
            await screen.press("к")
            await screen.sees("ANSWERED ELSEWHERE", "nothing is sent")
            await screen.write("позвонили")
            await screen.press("ctrl+s")
            await screen.sees("waiting 0")
            await screen.press("g", "i", "enter")
            await screen.sees("позвонили", "answered elsewhere")
            assert await desk.services.db.all("SELECT * FROM outbox") == []
            await screen.press("z")
            await screen.sees("waiting 1")


async def test_nothing_said_is_nothing_written(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk, running(desk) as screen:
        await ask(screen)
        await screen.press("enter")
        await screen.write("книга")
        await screen.press("enter")
        await screen.sees("nothing to write down")
        assert await entries(desk) == []


@pytest.mark.parametrize("trick", ["escape", "markup", "bidi", "zalgo", "wide", "words", "braces"])
async def test_hostile_lines_do_no_harm(tmp_path: Path, trick: str) -> None:
    async with open_desk(tmp_path) as desk:
        manual = desk.services.manual
        await manual.add(manual.parse(f"2гис Мария 1/5 {HOSTILE[trick]}"))
        async with running(desk, (80, 24)) as screen:
            await screen.press("enter")
            await screen.sees("2GIS", "★☆☆☆☆")
            assert is_harmless(screen.text.replace("\n", ""))
            await screen.press("c")
            await screen.sees("Source")
            from textual import events

            screen.app.screen.post_message(events.Paste(HOSTILE[trick][:200]))
            await screen.pilot.pause()
            assert is_harmless(screen.text.replace("\n", ""))
