"""Notes at the keyboard: written, switched to and from an answer, changed, and never sent."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from smm_inbox.domain.note import Purpose
from smm_inbox.locale import set_language
from tests.ui.hostile import HOSTILE, is_harmless
from tests.ui.inbox_desk import NO_WAIT, Desk, Screen, open_desk, running, until

UI = Path(__file__).parents[2] / "smm_inbox" / "ui"


async def sent(desk: Desk) -> int:
    """What was ever put on its way."""
    rows = await desk.services.db.all("SELECT 1 FROM messages WHERE direction = 'out'")
    queued = await desk.services.db.all("SELECT 1 FROM outbox")
    return len(rows) + len(queued) + len(desk.network.sent if desk._factory.made else [])


async def notes(desk: Desk, name: str = "Мария") -> list[str]:
    talk = await desk.id_of(name)
    return [str(one.text) for one in await desk.services.notes.on_conversation(talk)]


async def saved(desk: Desk, *texts: str) -> None:
    async def there() -> bool:
        return await notes(desk) == list(texts)

    await until(there)


async def writing(screen: Screen) -> None:
    await until(lambda: screen.inbox.note_box.active and screen.inbox.note_box.area.has_focus)


@pytest.mark.parametrize("keys", [("m", "ctrl+s", "f4"), ("ь", "ctrl+ы", "f4")])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_note_is_written_and_stands_in_the_conversation(
    tmp_path: Path, keys: tuple[str, str, str], size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Мария", "Столик есть?")
        async with running(desk, size) as screen:
            await screen.press(keys[0])
            await writing(screen)
            await screen.sees("NOTE", "only you see it")
            await screen.write("постоянный гость")
            await screen.press(keys[1])
            await saved(desk, "постоянный гость")
            await until(lambda: not screen.inbox.note_box.active)
            if size[0] == 80:
                await screen.press("enter")
            await screen.sees("NOTE", "┆ постоянный гость")
            assert await sent(desk) == 0


async def test_what_is_written_goes_along_to_the_note_and_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Мария", "Столик есть?")
        async with running(desk) as screen:
            await screen.press("r")
            await until(lambda: screen.inbox.composer.active)
            await screen.sees("PRIVATE")
            await screen.write("просит скидку")
            await screen.press("f4")
            await writing(screen)
            assert not screen.inbox.composer.active
            assert screen.inbox.note_box.text == "просит скидку"
            await screen.sees("NOTE", "only you see it")
            assert "PRIVATE" not in screen.text

            await screen.press("f4")
            await until(lambda: screen.inbox.composer.active)
            assert screen.inbox.composer.area.text == "просит скидку"
            assert not screen.inbox.note_box.active
            await screen.press("f4")
            await writing(screen)
            await screen.press("ctrl+s")
            await saved(desk, "просит скидку")
            card = await desk.services.feed.card(await desk.id_of("Мария"))
            assert card is not None
            assert card.draft is None
            assert await sent(desk) == 0


@pytest.mark.parametrize("key", ["ctrl+s", "ctrl+enter", "f5", "f8", "ctrl+ы"])
async def test_no_key_sends_a_note(tmp_path: Path, key: str) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.comment("Мария", "Суп холодный")
        async with running(desk) as screen:
            await screen.press("r")
            await until(lambda: screen.inbox.composer.active)
            await screen.write("грубит")
            await screen.press("f4", key)
            await saved(desk, "грубит")
            await until(lambda: not screen.inbox.note_box.active)
            assert await sent(desk) == 0


async def test_words_begun_as_a_note_warn_before_they_become_an_answer(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.comment("Мария", "Суп холодный")
        async with running(desk) as screen:
            await screen.press("m")
            await writing(screen)
            await screen.write("грубит")
            await screen.press("f4")
            await until(lambda: screen.inbox.composer.active)
            await screen.sees("begun as a note", "PUBLIC")
            assert screen.inbox.composer.area.text == "грубит"
            talk = await desk.id_of("Мария")
            assert await desk.services.notes.draft(talk, Purpose.CONVERSATION) == ""
            assert await sent(desk) == 0


async def test_answer_and_note_with_words_of_their_own_keep_them(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?")
        async with running(desk) as screen:
            await screen.press("m")
            await writing(screen)
            await screen.write("гость")
            await screen.press("escape", "r")
            await until(lambda: screen.inbox.composer.active)
            await screen.write("есть")
            await screen.press("f4")
            await writing(screen)
            assert screen.inbox.note_box.text == "гость"
            await screen.press("f4")
            await until(lambda: screen.inbox.composer.active)
            assert screen.inbox.composer.area.text == "есть"


async def test_what_was_begun_survives_leaving_and_a_restart(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?")
        async with running(desk) as screen:
            await screen.press("m")
            await writing(screen)
            await screen.write("недописано")
            await screen.press("ctrl+q")
            await until(lambda: screen.app._exit)
        async with running(desk) as screen:
            await screen.press("m")
            await writing(screen)
            assert screen.inbox.note_box.text == "недописано"


async def test_a_note_is_selected_changed_deleted_and_taken_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?")
        await desk.services.notes.write(await desk.id_of("Мария"), "раз")
        async with running(desk) as screen:
            await screen.press("enter", "G", "y")
            await writing(screen)
            await screen.sees("being changed")
            await screen.write(" два")
            await screen.press("f4", "ctrl+s")
            await saved(desk, "раз два")
            await until(lambda: screen.inbox.talk.has_focus)
            await screen.press("z")
            await saved(desk, "раз")
            await until(lambda: screen.inbox.feed.has_focus or screen.inbox.talk.has_focus)
            await screen.press("enter", "G", "delete")
            await saved(desk)
            await screen.press("z")
            await saved(desk, "раз")


async def test_a_click_into_the_list_keeps_the_note(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?")
        async with running(desk) as screen:
            await screen.press("m")
            await writing(screen)
            await screen.write("щёлк")
            await screen.pilot.click("#feed", offset=(10, 3))
            await until(lambda: not screen.inbox.note_box.active)
            talk = await desk.id_of("Мария")
            assert await desk.services.notes.draft(talk, Purpose.CONVERSATION) == "щёлк"


@pytest.mark.parametrize("trick", ["escape", "markup", "bidi", "zalgo", "wide", "family", "braces"])
async def test_hostile_notes_do_no_harm(tmp_path: Path, trick: str) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?")
        await desk.services.notes.write(await desk.id_of("Мария"), HOSTILE[trick])
        async with running(desk) as screen:
            await screen.sees("NOTE")
            assert is_harmless(screen.text.replace("\n", ""))
            await screen.press("enter", "G", "y")
            await writing(screen)
            assert is_harmless(screen.text.replace("\n", ""))


async def test_it_speaks_russian(tmp_path: Path) -> None:
    set_language("ru")
    try:
        async with open_desk(tmp_path) as desk:
            await desk.direct("Мария", "Столик есть?")
            async with running(desk, (80, 24)) as screen:
                await screen.press("ь")
                await screen.sees("ЗАМЕТКА", "видна только вам")
    finally:
        set_language("en")


@pytest.mark.parametrize("file", ["widgets/note_box.py", "widgets/note_lines.py"])
def test_the_field_of_notes_knows_nothing_that_sends(file: str) -> None:
    tree = ast.parse((UI / file).read_text(encoding="utf-8"))
    names = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in [node.module or "", *(alias.name for alias in node.names)]
    }
    assert not [name for name in names if "composer" in name or "repl" in name or "outbox" in name]


def test_the_room_of_notes_calls_nothing_that_sends() -> None:
    tree = ast.parse((UI / "screens" / "inbox_notes.py").read_text(encoding="utf-8"))
    services = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "services"
    }
    assert services == {"notes", "manual", "triage", "feed"}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert called.isdisjoint({"replies", "outbox", "send", "_send", "action_composer_send"})
