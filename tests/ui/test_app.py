"""What every screen shares: keys, events of the engine, toasts, a quiet end."""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.widgets import TextArea

from smm_inbox.config.model import Settings
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId, ConversationId, OutboxId
from smm_inbox.domain.outgoing import OutState
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import set_language
from smm_inbox.services.bus import DeliveryChanged, FeedChanged, HealthChanged
from smm_inbox.ui import outside, safe
from smm_inbox.ui.screens.confirm import ConfirmScreen
from smm_inbox.ui.screens.message import MessageScreen
from tests.ui.hostile import HOSTILE, is_harmless
from tests.ui.small_app import (
    FakeServices,
    Field,
    clickable,
    first_screen,
    painted,
    small_app,
    until,
    with_keys,
)


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


async def test_keys_run_commands_in_both_layouts() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("j", "о", "g", "w", "п", "ц")
        assert first_screen(app).ran == ["move.down"] * 2 + ["view.awaiting"] * 2


async def test_a_command_ruled_out_now_does_nothing() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("e")
        assert first_screen(app).ran == []
        assert "status.close" not in {command.id for command in app.footer_commands}
        assert "status.close" not in {command.id for command in app.available_commands}


async def test_the_footer_shows_keys_that_work_while_writing() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        assert "?" in {command.first_key for command in app.footer_commands}
        await pilot.press("r")
        offered = {command.id: command.first_key for command in app.footer_commands}
        assert offered["app.help"] == "F1"
        assert offered["composer.send"] == "Ctrl+S"


async def test_the_footer_hears_how_a_sequence_may_go_on() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("g")
        await until(lambda: bool(first_screen(app).pending))
        hint = first_screen(app).pending[0]
        assert hint.pressed == "g"
        assert ("w", "Unanswered") in {(h.key, h.title) for h in hint.hints}
        await pilot.press("x")
        await until(lambda: len(first_screen(app).pending) == 2)
        assert first_screen(app).pending[1].hints == ()


async def test_a_text_field_gets_letters_and_gives_up_modified_keys() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("r")
        await pilot.press("о", "j", "question_mark", "comma", "enter", "g", "w")
        field = app.screen.query_one(Field)
        assert field.text == "оj?,\ngw"
        await pilot.press("ctrl+ы")
        assert first_screen(app).ran == ["composer.send"]
        await pilot.press("ctrl+я")
        assert field.text != "оj?,\ngw", "Ctrl+Я is the text field's own Ctrl+Z"
        await pilot.press("escape", "j")
        assert first_screen(app).ran == ["composer.send", "move.down"]


async def test_keys_of_the_config_file_are_in_force() -> None:
    app = small_app(FakeServices(with_keys(move__down=("н",))))
    async with app.run_test() as pilot:
        await pilot.press("j", "y", "н")
        assert first_screen(app).ran == ["move.down"] * 2


async def test_pasted_text_is_clean() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("r")
        for text in HOSTILE.values():
            # Cut: a field full of long letters only makes the test slow.
            app.post_message(events.Paste(text[:2000]))
        await pilot.pause()
        text = app.screen.query_one(TextArea).text
        assert "красный" in text
        assert is_harmless(text.replace("\n", "").replace("\t", ""))


@pytest.mark.parametrize("trick", HOSTILE)
async def test_hostile_text_stays_text_in_toasts_and_messages(trick: str) -> None:
    app = small_app()
    text = SafeText(HOSTILE[trick])
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        event = DeliveryChanged(ConversationId(1), OutboxId(1), OutState.FAILED, text)
        app.services.bus.publish(event)
        await until(lambda: not text or bool(app.screen.query("Toast")))
        app.push_screen(MessageScreen(text, title=text))
        await pilot.pause()
        app.push_screen(ConfirmScreen(text[:300]))
        await pilot.pause()
        shown = painted(app)
        assert clickable(app) == []
        assert is_harmless(shown.replace("\n", ""))
        if trick == "markup":
            assert "[@click=app.quit]" in shown


async def test_a_failed_answer_is_told_with_its_page() -> None:
    app = small_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        event = DeliveryChanged(
            ConversationId(1),
            OutboxId(1),
            OutState.FAILED,
            SafeText("ВК просит код."),
            "https://vk.example/c",
        )
        app.services.bus.publish(event)
        app.services.bus.publish(replace(event, state=OutState.SENT, sentence=SafeText("ушло")))
        await until(lambda: "ВК просит код. https://vk.example/c" in painted(app))
        assert "ушло" not in painted(app)
        await pilot.pause()


async def test_a_flood_of_events_is_few_messages_and_loses_nothing() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        for number in range(1000):
            app.services.bus.publish(FeedChanged(frozenset({ConversationId(number)}), 1))
        app.services.bus.publish(HealthChanged(AccountId("cafe")))
        screen = first_screen(app)
        await until(lambda: sum(message.arrived for message in screen.stale) == 1000)
        assert len(screen.stale) == 2
        assert frozenset().union(*(m.conversations for m in screen.stale)) == set(range(1000))
        assert screen.stale[-1].accounts == {"cafe"}
        await pilot.pause()


async def test_the_first_event_is_told_at_once() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        app.services.bus.publish(FeedChanged(frozenset({ConversationId(1)}), 1))
        await pilot.pause()
        assert len(first_screen(app).stale) == 1


async def test_the_engine_starts_after_the_first_frame_and_its_refusal_is_told() -> None:
    services = FakeServices()
    services.refusal = "База [/] занята."
    app = small_app(services)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(lambda: isinstance(app.screen, MessageScreen))
        await pilot.pause()
        assert services.started == 1
        assert "База [/] занята." in painted(app)
        await pilot.press("enter")
        assert app.screen is first_screen(app)


async def test_the_demo_says_that_nothing_leaves_the_machine() -> None:
    app = small_app(demo=True)
    async with app.run_test(size=(80, 24), notifications=True):
        await until(lambda: "This is a demo" in painted(app))


async def test_quitting_keeps_drafts_and_waits_for_nothing_else() -> None:
    app = small_app()
    never = asyncio.Event()

    async def hang() -> None:
        await never.wait()

    async with app.run_test() as pilot:
        screen = first_screen(app)
        app.background(hang(), name="a hung network")
        await pilot.press("й")
    assert screen.kept == 1
    assert app.return_code == 0


async def test_an_unexpected_error_ends_with_one_sentence_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = small_app()

    def explode() -> None:
        secret = "vk1.a.secret"
        raise RuntimeError(f"boom {len(secret)}")

    async def press_a_key() -> None:
        async with app.run_test() as pilot:
            monkeypatch.setattr(first_screen(app), "action_move_down", explode, raising=False)
            await pilot.press("j")

    with caplog.at_level(logging.CRITICAL), pytest.raises(RuntimeError):
        await press_a_key()
    assert app.return_code == 1
    said = capsys.readouterr()
    assert "The program stopped because of an error of its own." in said.err
    assert "Traceback" not in said.out + said.err
    assert "vk1.a.secret" not in said.out + said.err
    assert "boom" in caplog.text


async def test_a_refused_command_is_a_toast_and_a_broken_one_too() -> None:
    app = small_app()

    async def refuse() -> None:
        raise InboxError("Сеть [/] сказала нет.")

    async def break_down() -> None:
        raise RuntimeError("boom")

    async with app.run_test(size=(80, 30), notifications=True) as pilot:
        app.background(refuse(), name="refuse")
        app.background(break_down(), name="break")
        await until(lambda: "Сеть [/] сказала нет." in painted(app))
        await until(lambda: "That did not work" in painted(app))
        await pilot.pause()


async def test_the_same_toast_is_there_once_and_different_ones_beside_it() -> None:
    app = small_app()
    async with app.run_test(size=(80, 30), notifications=True) as pilot:
        for _ in range(5):
            await pilot.press("ctrl+c")
        safe.toast(app, "Другое дело.")
        await until(lambda: "Другое дело." in painted(app))
        assert painted(app).count("To quit, press q, Ctrl+Q.") == 1


async def test_ctrl_c_explains_how_to_quit() -> None:
    app = small_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("ctrl+c")
        await until(lambda: "To quit, press q, Ctrl+Q." in painted(app))


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("д", True),
        ("y", True),
        ("н", False),
        ("n", False),
        ("т", False),
        ("escape", False),
        ("enter", False),
    ],
)
async def test_a_question_takes_letters_as_they_read(key: str, answer: bool) -> None:
    app = small_app()
    answers: list[bool | None] = []
    async with app.run_test() as pilot:
        app.push_screen(ConfirmScreen("Удалить?"), answers.append)
        await pilot.pause()
        await pilot.press("l", "q")
        assert answers == []
        await pilot.press(key)
        await pilot.pause()
    assert answers == [answer]


@pytest.mark.parametrize("theme", ["dark", "light", "nord", "textual-light", "no such theme"])
async def test_every_theme_knows_our_colours(theme: str) -> None:
    app = small_app(FakeServices(Settings(data_dir=Path("."), theme=theme)))
    async with app.run_test() as pilot:
        dark = app.current_theme.dark
        await pilot.press("T")
        await pilot.pause()
        assert app.current_theme.dark is not dark


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "vk.example/wall",
        "https://",
        "https://a b",
        "https://x\x1b]0;y\x07",
        "https://[",
        "-e sh",
        "https://x/" + "a" * 3000,
    ],
)
def test_only_plain_web_addresses_reach_the_browser(url: str) -> None:
    assert not outside.browsable(url)


async def test_a_page_opens_without_a_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "xdg-open"
    script.write_text(
        f'#!/bin/sh\nprintf "%s" "$1" > {tmp_path}/part\nmv {tmp_path}/part {tmp_path}/got\n'
    )
    script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    url = "https://vk.example/wall?x=$(id)&y=`id`;z"
    app = small_app()
    async with app.run_test():
        app.browse(url)
        await until((tmp_path / "got").exists)
    assert (tmp_path / "got").read_text() == url


async def test_the_editor_gives_back_the_text(tmp_path: Path) -> None:
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\necho "ещё строка" >> "$1"\n')
    editor.chmod(0o700)
    assert await outside.edit([str(editor)], "Здравствуйте!\n") == "Здравствуйте!\nещё строка\n"
    assert await outside.edit(["false"], "текст") is None
    assert await outside.edit([str(tmp_path / "missing")], "текст") is None


def test_the_editor_comes_from_the_environment() -> None:
    assert outside.editor({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert outside.editor({"VISUAL": "'broken", "EDITOR": "vi -n"}) == ["vi", "-n"]
