"""Answering from the keyboard, until the network has the words."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.domain.feed import View
from smm_inbox.domain.text import SafeText
from smm_inbox.ui.screens import inbox_base
from tests.ui.inbox_desk import NO_WAIT, Desk, Screen, open_desk, running, until

pytestmark = pytest.mark.usefixtures("english")


def area(screen: Screen) -> str:
    return screen.inbox.composer.area.text


async def test_an_answer_reaches_the_network_and_the_next_customer_follows(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Вы открыты?", ago=30)
        await desk.direct("Борис", "А кофе есть?", ago=20)
        async with running(desk) as screen:
            await screen.press("r")
            await screen.sees("PRIVATE", "↩ Анна: Вы открыты?", "0 / 4\u00a0096")
            await screen.write("Да\nдо девяти")
            await screen.press("ctrl+s")
            await until(lambda: [out.text for out in desk.network.sent] == ["Да\nдо девяти"])
            await screen.stands_on("Борис")
            assert screen.inbox.feed.has_focus
            assert not screen.inbox.composer.active
            await until(lambda: screen.inbox.feed.model.total == 1)


async def test_letters_after_the_key_belong_into_the_answer(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?", ago=30)
        await desk.direct("Борис", "А кофе есть?", ago=20)
        async with running(desk, (80, 24)) as screen:
            await screen.press("r", "e", "q", "3", "exclamation_mark")
            assert area(screen) == "eq3!"
            assert screen.inbox.feed.model.total == 2


async def test_a_hand_quicker_than_the_fields_for_writing_loses_no_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_base, "_FIELDS_PAUSE", 3600)  # only a key makes them
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk) as screen:
            await screen.press("r", "o", "k")
            assert area(screen) == "ok"
            await screen.press("f4")
            await until(lambda: screen.inbox.note_box.active)
            await screen.press("exclamation_mark")
            await until(lambda: screen.inbox.note_box.text == "ok!")


async def test_the_russian_layout_answers_and_sends(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk) as screen:
            await screen.press("к")
            await screen.write("да")
            await screen.press("ctrl+ы")
            await until(lambda: [out.text for out in desk.network.sent] == ["да"])


async def test_undo_takes_the_answer_back_into_the_composer(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?", ago=30)
        await desk.direct("Борис", "А кофе есть?", ago=20)
        async with running(desk) as screen:
            await screen.press("r")
            await screen.write("Нет")
            await screen.press("f5")
            await screen.sees("Leaves in", "z — take back")
            await screen.stands_on("Борис")
            await screen.press("z")
            await until(lambda: screen.inbox.composer.active)
            assert area(screen) == "Нет"
            assert screen.inbox.composer.conversation == await desk.id_of("Анна")
            assert desk.network.sent == []


async def test_send_and_close(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk) as screen:
            await screen.press("r")
            await screen.write("Да")
            await screen.press("f8")
            await until(lambda: len(desk.network.sent) == 1)
            await screen.press("g", "e")
            await screen.stands_on("Анна")


async def test_public_and_private_are_told_apart_by_words(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.comment("Мария", "Суп холодный")
        async with running(desk) as screen:
            await screen.sees("R answer privately")
            await screen.press("r")
            await screen.sees("◆ PUBLIC", "0 / 200")
            await screen.press("escape", "R")
            await screen.sees("✉ PRIVATE", "0 / 4\u00a0096")
            assert "◆" not in screen.text


async def test_a_draft_begun_privately_warns_before_everybody_reads_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.comment("Мария", "Суп холодный")
        async with running(desk) as screen:
            await screen.sees("R answer privately")
            await screen.press("R")
            await screen.write("Ваш телефон 123")
            await screen.press("escape", "r")
            await screen.sees("◆ PUBLIC", "Ваш телефон 123", "begun as a private answer")


async def test_leaving_keeps_the_draft_for_its_own_conversation(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?", ago=30)
        await desk.direct("Борис", "А кофе есть?", ago=20)
        async with running(desk) as screen:
            await screen.press("r")
            await screen.write("Начало")
            await screen.press("escape")
            await screen.sees("✎ draft")
            await screen.press("j", "r")
            assert area(screen) == ""
            await screen.press("escape", "k", "r")
            assert area(screen) == "Начало"
            card = await desk.services.feed.card(await desk.id_of("Борис"))
            assert card is not None
            assert card.draft is None


async def test_quitting_in_the_middle_of_a_word_loses_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk) as screen:
            await screen.press("r")
            await screen.write("Полсл")
            await screen.press("ctrl+q")
        card = await desk.services.feed.card(await desk.id_of("Анна"))
        assert card is not None
        assert card.draft is not None
        assert card.draft.text == "Полсл"


async def test_a_click_into_the_list_keeps_the_draft(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?", ago=30)
        await desk.direct("Борис", "А кофе есть?", ago=20)
        async with running(desk) as screen:
            await screen.press("r")
            await screen.write("Начало")
            await screen.pilot.click("#feed", offset=(20, 5))
            await until(lambda: not screen.inbox.composer.active)
            await screen.stands_on("Борис")
            await screen.press("r")
            assert area(screen) == ""
            card = await desk.services.feed.card(await desk.id_of("Анна"))
            assert card is not None
            assert card.draft is not None
            assert card.draft.text == "Начало"


async def test_deleting_the_whole_text_forgets_the_draft(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk) as screen:
            await screen.press("r")
            await screen.write("ой")
            await screen.press("backspace", "backspace", "escape")
            await until(lambda: not screen.inbox.composer.active)
            card = await desk.services.feed.card(await desk.id_of("Анна"))
            assert card is not None
            assert card.draft is None


async def test_nothing_and_too_much_are_refused_with_a_sentence(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.comment("Мария", "Суп холодный")
        async with running(desk) as screen:
            await screen.sees("R answer privately")
            await screen.press("r", "ctrl+s")
            await screen.sees("nothing to send yet")
            screen.inbox.composer.replace_text("Очень " * 50)
            await screen.sees("! 300 / 200")
            await screen.press("ctrl+s")
            await screen.sees("Too long")
            assert screen.inbox.composer.active
            assert desk.network.sent == []


async def test_a_refused_answer_stays_with_its_reason_until_decided(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk) as screen:
            await until(lambda: bool(desk.services.accounts.capabilities(desk.account)))
            desk.network.refuse = "Анна закрыла личные сообщения."
            await screen.press("r")
            await screen.write("Да")
            await screen.press("ctrl+s")
            await screen.sees("✕ not sent 1")
            await screen.press("g", "o")
            await screen.stands_on("Анна")
            await screen.sees("Анна закрыла личные сообщения.", "s send again", "D drop")
            await screen.press("Z")
            await until(lambda: screen.inbox.composer.active)
            assert area(screen) == "Да"
            desk.network.refuse = ""
            await screen.press("ctrl+s")
            await until(lambda: len(desk.network.sent) == 1)


async def test_the_page_the_network_asks_for_is_a_key_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk) as screen:
            opened: list[str] = []
            monkeypatch.setattr(screen.app, "browse", opened.append)
            await until(lambda: bool(desk.services.accounts.capabilities(desk.account)))
            desk.network.page = "https://id.example/not_robot?" + "session=abcdefgh&" * 8
            await screen.press("r")
            await screen.write("Да")
            await screen.press("ctrl+s")
            await screen.sees("✕ not sent 1")
            await screen.press("g", "o")
            await screen.stands_on("Анна")
            await screen.sees("Prove that you are no robot.", "b — open the link")
            await screen.press("b")
            await until(lambda: bool(opened))
            # With the customer's message selected as well: the answer waits for this page.
            await screen.press("enter", "k", "b")
            await until(lambda: len(opened) == 2)
            assert set(opened) == {desk.network.page}


async def test_sending_again_after_a_refusal(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk, (80, 24)) as screen:
            await until(lambda: bool(desk.services.accounts.capabilities(desk.account)))
            desk.network.refuse = "Нельзя."
            await screen.press("r")
            await screen.write("Да")
            await screen.press("ctrl+s")
            await screen.sees("✕ not sent 1")
            desk.network.refuse = ""
            await screen.press("g", "o")
            await screen.stands_on("Анна")
            await screen.press("s")
            await until(lambda: len(desk.network.sent) == 1)
            await screen.sees("Everything was sent")


async def _answered(desk: Desk, screen: Screen) -> None:
    await screen.press("r")
    await screen.write("Да")
    await screen.press("ctrl+s")
    await until(lambda: len(desk.network.sent) == 1)
    await screen.press("g", "i")
    await screen.stands_on("Анна")
    await screen.press("enter", "G")
    await screen.sees("delivered")


async def test_changing_and_deleting_what_was_sent(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk) as screen:
            await _answered(desk, screen)
            await screen.press("y")
            await screen.sees("changing what was sent")
            await screen.write("!")
            await screen.press("ctrl+s")
            await until(lambda: [text for _, text in desk.network.edited] == ["Да!"])
            await screen.press("G", "number_sign")
            await screen.sees("Delete this message on the network?")
            await screen.press("n")
            assert desk.network.deleted == []
            await screen.press("number_sign")
            await screen.sees("Delete this message on the network?")
            await screen.press("y")
            await until(lambda: len(desk.network.deleted) == 1)


async def test_in_a_thread_the_selected_message_is_answered(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Первый вопрос", "Второй вопрос")
        async with running(desk) as screen:
            await screen.press("enter", "k", "r")
            await screen.sees("↩ Анна: Первый вопрос")


async def test_pasted_escapes_do_not_reach_the_text(tmp_path: Path) -> None:
    from textual import events

    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk) as screen:
            await screen.press("r")
            screen.inbox.composer.area.post_message(events.Paste("a\x1b]52;c;x\x07b\u202ec[/]"))
            await until(lambda: area(screen) == "a]52;c;xbc[/]")


async def test_a_file_goes_with_the_answer(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "меню.pdf").write_bytes(b"x" * 1500)
    (folder / "большое.pdf").write_bytes(b"x" * 1_500_000)
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Пришлите меню")
        async with running(desk) as screen:
            await until(lambda: bool(desk.services.accounts.capabilities(desk.account)))
            await screen.press("r", "ctrl+o")
            await screen.sees("Attach a file")
            field = screen.app.screen.query_one("#file-path")
            field.value = f"{folder}/"  # type: ignore[attr-defined]
            await screen.sees("меню.pdf", "большое.pdf", "1.5 KB")
            await screen.press("down", "enter")
            await screen.sees("The file is too large")
            await screen.press("end", "м", "tab", "enter")
            await screen.sees("📎 меню.pdf 1.5 KB")
            await screen.write("Вот оно")
            await screen.press("ctrl+s")
            await until(lambda: len(desk.network.sent) == 1)
            assert [file.name for file in desk.network.sent[0].files] == ["меню.pdf"]


async def test_resizing_while_writing_keeps_every_letter(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk, (120, 36)) as screen:
            await screen.press("r")
            await screen.write("Да")
            await screen.pilot.resize_terminal(80, 24)
            await screen.write("до девяти")
            await screen.pilot.resize_terminal(200, 50)
            await screen.write("вечера")
            assert area(screen) == "Дадо девятивечера"
            await screen.sees("Дадо девятивечера", "Private messages")


async def test_the_view_of_drafts_brings_one_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Вы открыты?")
        async with running(desk, (80, 24)) as screen:
            await screen.press("r")
            await screen.write("Поз")
            await screen.press("escape", "g", "d")
            await until(lambda: screen.inbox.feed.model.query.view is View.DRAFTS)
            await screen.stands_on("Анна")
            await screen.press("r")
            assert area(screen) == "Поз"


async def test_the_footer_offers_no_choice_of_addressees_where_there_is_none(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Есть столик?")
        async with running(desk, size=(200, 50)) as screen:
            await screen.stands_on("Мария")
            await screen.press("к")
            await until(lambda: screen.inbox.composer.active)
            await screen.sees("Ctrl+S", "Ctrl+O")
            assert "Ctrl+T" not in screen.text


async def test_what_a_script_could_not_do_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "Вы открыты?")

        async def fails(*_: object) -> SafeText:
            return SafeText("The tag [b]was[/b] not put on.")

        monkeypatch.setattr(desk.services.script_uses, "act", fails)
        async with running(desk) as screen:
            await screen.stands_on("Анна")
            await screen.press("r")
            await screen.write("Да")
            await screen.press("ctrl+s")
            await screen.sees("The tag [b]was[/b] not put on.")
