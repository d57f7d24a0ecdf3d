"""The author card at the keyboard and with the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.domain.ids import ContactId
from smm_inbox.ui.screens.author import AuthorScreen
from tests.ui.hostile import HOSTILE, is_harmless
from tests.ui.inbox_desk import Desk, Screen, open_desk, running, until


async def contact_of(desk: Desk, name: str) -> ContactId:
    card = await desk.services.feed.card(await desk.id_of(name))
    assert card is not None
    assert card.contact_id is not None
    return card.contact_id


async def card_shown(screen: Screen) -> None:
    await until(lambda: isinstance(screen.app.screen, AuthorScreen))


@pytest.mark.parametrize("keys", [("i", "a"), ("ш", "ф")])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_how_to_address_is_noted_and_seen_before_answering(
    tmp_path: Path, keys: tuple[str, str], size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?")
        async with running(desk, size) as screen:
            await screen.press(keys[0])
            await screen.sees("Address as", "not noted")
            await screen.press(keys[1])
            await screen.sees("How to address")
            await screen.write("на Вы")
            await screen.press("enter")
            await card_shown(screen)
            await screen.sees("на Вы")
            await screen.press("escape", "r")
            await screen.sees("address as: на Вы")


async def test_a_phone_is_seen_in_the_head_and_taken_back_with_z(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?")
        async with running(desk) as screen:
            await screen.press("i", "c")
            await screen.sees("How else to reach")
            await screen.write("8 916 123-45-67")
            await screen.press("enter")
            await card_shown(screen)
            await screen.sees("8 916 123-45-67")
            await screen.press("z")
            await until(lambda: screen.text.count("not noted") == 2)


async def test_a_note_on_the_author_is_written_changed_and_deleted(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?")
        async with running(desk) as screen:
            await screen.press("i", "m")
            await screen.sees("NOTE ON THE AUTHOR", "only you see it")
            await screen.write("аллергия")
            await screen.press("ctrl+s")
            await screen.sees("1 note on the author")
            await screen.press("i")
            await screen.sees("аллергия")
            person = await contact_of(desk, "Мария")
            await screen.press("home", *["j"] * 3)

            def on_note() -> bool:
                shown = screen.app.screen
                choice = shown._choice if isinstance(shown, AuthorScreen) else None
                return choice is not None and choice.note is not None

            await until(on_note)
            await screen.press("d")

            async def gone() -> bool:
                return await desk.services.notes.on_person(person) == ()

            await until(gone)
            await screen.press("z")
            await screen.sees("аллергия")


async def test_a_proposal_is_joined_and_separated_by_the_operator(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?", handle="maria")
        await desk.direct("МК", "А терраса?", handle="mk")
        people = desk.services.people
        await people.set_reach(await contact_of(desk, "Мария"), "89161234567")
        await people.set_reach(await contact_of(desk, "МК"), "+7 916 123 45 67")
        async with running(desk) as screen:
            await screen.stands_on("Мария")
            await screen.press("i")
            await screen.sees("Perhaps also", "МК", "the same phone", "no other conversations")
            maria = await contact_of(desk, "Мария")

            def at(word: str) -> int:
                return next(n for n, row in enumerate(screen.text.splitlines()) if word in row)

            await screen.pilot.click(offset=(40, at("Perhaps also")))
            await screen.sees("Same person", "Other conversations: 1", "А терраса?")
            card = await people.card(maria)
            assert card is not None
            assert len(card.linked) == 1
            await screen.pilot.click(offset=(40, at("Same person")))
            await screen.sees("Perhaps also")


async def test_somebody_is_found_by_name_in_either_layout(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?")
        await desk.direct("Алёна Ковалёва", "А терраса?", ago=1)
        async with running(desk) as screen:
            await screen.stands_on("Мария")
            await screen.press("i", "s")
            await screen.sees("Who else is this")
            await screen.write("fktyf")
            await screen.sees("Алёна Ковалёва")
            await screen.press("enter")
            await screen.sees("Same person", "А терраса?")


async def test_all_their_conversations_can_be_reached(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Столик есть?")
        maria = await contact_of(desk, "Мария")
        async with desk.services.db.transaction() as tx:
            for number in range(260):
                await tx.run(
                    "INSERT INTO conversations (account, kind, remote_id, contact_id, last_at) "
                    "VALUES ('cafe-vk', 'comment', ?, ?, ?)",
                    (f"old-{number}", maria, number + 1),
                )
        async with running(desk) as screen:
            await screen.press("i")
            await screen.sees("Other conversations: 260")
            await screen.press("end")
            await screen.sees("210 more")
            await screen.press("enter")
            await until(lambda: "210 more" not in screen.text)
            await screen.press("end")
            await screen.sees("10 more")


@pytest.mark.parametrize("trick", ["escape", "markup", "bidi", "zalgo", "wide", "braces", "words"])
async def test_a_hostile_author_does_no_harm(tmp_path: Path, trick: str) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct(HOSTILE[trick], "привет", handle=HOSTILE[trick], city=HOSTILE[trick])
        rows = (await desk.services.db.all("SELECT id FROM contacts"))[0]
        person = ContactId(rows["id"])
        await desk.services.people.set_address(person, HOSTILE[trick])
        await desk.services.people.set_reach(person, HOSTILE[trick])
        async with running(desk, (80, 24)) as screen:
            await screen.press("i")
            await screen.sees("Address as")
            assert is_harmless(screen.text.replace("\n", ""))
            await screen.press("s")
            await screen.sees("Who else")
            await screen.press(*"([/]")
            await screen.press("escape", "a")
            await screen.sees("How to address")
            assert is_harmless(screen.text.replace("\n", ""))
