"""Drafts and the composer's head: nothing typed is lost, everybody knows who reads it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.feed import Draft, ReplyOption
from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.domain.text import LengthUnit, SafeText
from smm_inbox.ui.widgets.composer_head import Target, draft_of, head_line, quote_lines
from smm_inbox.ui.widgets.draft_keeper import DraftKeeper
from tests.ui.inbox_desk import NO_WAIT, open_desk, running, until

pytestmark = pytest.mark.usefixtures("english")

ANNA, BORIS = ConversationId(1), ConversationId(2)


def draft(text: str) -> Draft:
    return Draft(text, ReplyKind.IN_PLACE, None)


class Shelf:
    """Where drafts are saved; may be slow or broken."""

    def __init__(self) -> None:
        self.saved: dict[ConversationId, Draft | None] = {}
        self.writes = 0
        self.broken = False
        self.gate: asyncio.Event | None = None
        self.complaints: list[str] = []

    async def save(self, conversation: ConversationId, what: Draft | None) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.broken:
            raise InboxError("The disk is full.")
        self.writes += 1
        self.saved[conversation] = what


async def test_changes_close_together_are_written_once() -> None:
    shelf = Shelf()
    keeper = DraftKeeper(shelf.save, failed=shelf.complaints.append, delay=0.01)
    for text in ("Д", "До", "Доб"):
        keeper.change(ANNA, draft(text))
    await until(lambda: keeper.unsaved == 0)
    assert shelf.saved == {ANNA: draft("Доб")}
    assert shelf.writes == 1


async def test_each_draft_goes_to_its_own_conversation() -> None:
    shelf = Shelf()
    keeper = DraftKeeper(shelf.save, failed=shelf.complaints.append)
    keeper.change(ANNA, draft("Анне"))
    keeper.change(BORIS, draft("Борису"))
    await keeper.flush()
    assert shelf.saved == {ANNA: draft("Анне"), BORIS: draft("Борису")}


async def test_a_letter_typed_while_saving_is_saved_too() -> None:
    shelf = Shelf()
    shelf.gate = asyncio.Event()
    keeper = DraftKeeper(shelf.save, failed=shelf.complaints.append)
    keeper.change(ANNA, draft("Д"))
    saving = asyncio.create_task(keeper.flush())
    await asyncio.sleep(0)
    keeper.change(ANNA, draft("Да"))
    shelf.gate.set()
    await saving
    assert shelf.saved == {ANNA: draft("Да")}


async def test_a_full_disk_keeps_the_draft_for_the_next_try() -> None:
    shelf = Shelf()
    shelf.broken = True
    keeper = DraftKeeper(shelf.save, failed=shelf.complaints.append)
    keeper.change(ANNA, draft("Да"))
    await keeper.flush()
    assert shelf.complaints == ["The disk is full."]
    assert keeper.unsaved == 1
    shelf.broken = False
    await keeper.flush()
    assert shelf.saved == {ANNA: draft("Да")}


async def test_a_sent_draft_is_not_written_again() -> None:
    shelf = Shelf()
    keeper = DraftKeeper(shelf.save, failed=shelf.complaints.append, delay=0.0)
    keeper.change(ANNA, draft("Да"))
    keeper.sent(ANNA)
    keeper.change(ANNA, None)
    await keeper.flush()
    assert shelf.writes == 0


def target(*, public: bool, closed: str = "", quoted: str = "", **more: object) -> Target:
    option = ReplyOption(
        ReplyKind.IN_PLACE,
        200,
        splits=bool(more.get("splits")),
        max_files=1,
        closed=SafeText(closed),
    )
    editing = more.get("editing")
    return Target(
        ANNA,
        "ВК",
        SafeText("Мария"),
        public,
        option,
        LengthUnit.UTF16,
        quoted=SafeText(quoted),
        editing=editing if isinstance(editing, int) else None,  # type: ignore[arg-type]
    )


def test_the_head_says_who_reads_it_at_any_width() -> None:
    for width in (20, 36, 50, 120):
        assert "◆ PUBLIC" in head_line(target(public=True), "", width).text
        assert "✉ PRIVATE" in head_line(target(public=False), "", width).text
    assert "everyone sees it" in head_line(target(public=True), "", 120).text


def test_the_counter_counts_as_the_network_does() -> None:
    assert "2 / 200" in head_line(target(public=False), "🍰", 80).text
    assert "! 201 / 200" in head_line(target(public=False), "a" * 201, 80).text


def test_a_long_text_may_leave_in_parts_but_not_as_a_change() -> None:
    assert target(public=False).too_long("a" * 201)
    assert not target(public=False, splits=True).too_long("a" * 201)
    assert target(public=False, splits=True, editing=MessageId(5)).too_long("a" * 201)


def test_why_writing_is_closed_stands_above_the_text() -> None:
    closed = target(public=False, closed="Анна закрыла сообщения.", quoted="Анна: да")
    assert "✕ Анна закрыла сообщения." in quote_lines(closed, 60)[0].text
    assert len(quote_lines(closed, 20)) == 2


def test_white_space_is_no_draft_but_a_file_is() -> None:
    assert draft_of(target(public=False), " \n", ()) is None
    assert draft_of(target(public=False), "", ("a.pdf",)) is not None


async def test_a_quick_hand_sends_every_letter(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Вы открыты?", ago=30)
        await desk.direct("Борис", "А кофе есть?", ago=20)
        async with running(desk) as screen:
            await screen.press("r")
            words = "Да, до девяти вечера"
            for char in words:
                screen.app.post_message(events.Key(char, char))
            screen.app.post_message(events.Key("ctrl+s", None))
            await until(lambda: [out.text for out in desk.network.sent] == [words])


async def test_keys_after_leaving_belong_to_the_list(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?", ago=30)
        await desk.direct("Борис", "А кофе есть?", ago=20)
        async with running(desk) as screen:
            await screen.press("r")
            for key in ("Д", "а", "escape", "j"):
                screen.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await screen.stands_on("Борис")
            card = await desk.services.feed.card(await desk.id_of("Анна"))
            assert card is not None
            assert card.draft is not None
            assert card.draft.text == "Да"


async def test_a_second_press_of_the_key_sends_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Вы открыты?", ago=30)
        await desk.direct("Борис", "А кофе есть?", ago=20)
        async with running(desk) as screen:
            await screen.press("r")
            await screen.write("Да")
            for _ in range(3):
                screen.app.post_message(events.Key("ctrl+s", None))
            await until(lambda: len(desk.network.sent) == 1)
            await screen.stands_on("Борис")
            page = await desk.services.feed.messages(await desk.id_of("Анна"))
            assert len(page.messages) == 2
