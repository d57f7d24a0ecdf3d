"""Logging in by QR code, by code and password, and what becomes of the session file."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from smm_inbox.channels.base import SupportsLogin
from smm_inbox.channels.telegram.session import NAME
from smm_inbox.domain.errors import AuthExpired, Rejected
from smm_inbox.domain.login import LoginStage
from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.world import ANNA

from .conftest import Open
from .support import SECONDS, Stream

PASSWORD = "пароль второго шага"


async def test_without_a_login_the_channel_asks_for_one(opened: Open) -> None:
    channel = await opened(login=False, connect=False)
    assert isinstance(channel, SupportsLogin)
    with pytest.raises(AuthExpired, match="smm-inbox login cafe-tg"):
        await channel.connect()


async def test_a_scanned_picture_logs_in(opened: Open, tg: TelegramSandbox) -> None:
    channel = await opened(login=False, connect=False)
    login = channel.login()
    step = await login.start()
    assert step.stage is LoginStage.SCAN
    assert step.link.startswith("tg://login?token=")
    assert len(step.modules) == len(step.modules[0]) >= 21
    tg.scan_qr(step.link)
    async with asyncio.timeout(SECONDS):
        done = await login.wait()
    assert done.stage is LoginStage.DONE
    assert "Тёплый угол" in done.sentence
    identity = await channel.connect()
    assert identity.handle == "warm_corner_cafe"
    stream = Stream(channel)
    await stream.caught_up()
    tg.customer_writes(ANNA, "Привет")
    await stream.text("Привет")


async def test_a_picture_that_grew_old_is_replaced(
    opened: Open, tg: TelegramSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smm_inbox.channels.telegram import login as module

    monkeypatch.setattr(module, "_PICTURE", 0.2)
    channel = await opened(login=False, connect=False)
    login = channel.login()
    first = await login.start()
    second = await login.wait()
    assert second.stage is LoginStage.SCAN
    assert second.link != first.link
    monkeypatch.setattr(module, "_PICTURE", SECONDS)
    third = await login.wait()
    tg.scan_qr(third.link)
    assert (await login.wait()).stage is LoginStage.DONE
    await login.close()


async def test_a_scan_may_want_the_password_too(opened: Open, tg: TelegramSandbox) -> None:
    tg.set_password(PASSWORD)
    channel = await opened(login=False, connect=False)
    login = channel.login()
    step = await login.start()
    tg.scan_qr(step.link)
    step = await login.wait()
    assert step.stage is LoginStage.PASSWORD
    step = await login.answer("не тот")
    assert step.stage is LoginStage.PASSWORD
    assert step.problem
    step = await login.answer(PASSWORD)
    assert step.stage is LoginStage.DONE
    await channel.connect()


async def test_a_code_logs_in_after_a_wrong_one(opened: Open, tg: TelegramSandbox) -> None:
    channel = await opened(login=False, connect=False, phone=tg.phone)
    login = channel.login()
    await login.start()
    step = await login.by_code()
    assert step.stage is LoginStage.CODE
    step = await login.answer("00000")
    assert step.stage is LoginStage.CODE
    assert step.problem
    code = tg.login_code()
    step = await login.answer(f" {code[:2]} {code[2:]} ")
    assert step.stage is LoginStage.DONE
    await channel.connect()


async def test_a_login_by_code_needs_a_phone(opened: Open) -> None:
    channel = await opened(login=False, connect=False)
    login = channel.login()
    await login.start()
    with pytest.raises(Rejected, match="phone"):
        await login.by_code()
    await login.close()


async def test_a_session_whose_key_is_dead_can_be_replaced(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel = await opened()
    tg.forget_keys()
    login = channel.login()
    step = await login.start()
    tg.scan_qr(step.link)
    assert (await login.wait()).stage is LoginStage.DONE
    await channel.connect()


async def test_only_the_owner_can_read_the_session(
    opened: Open, tg: TelegramSandbox, tmp_path: Path
) -> None:
    channel = await opened(login=False, connect=False)
    login = channel.login()
    tg.scan_qr((await login.start()).link)
    await login.wait()
    await channel.connect()
    folder = tmp_path / "account"
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    await channel.close()
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600


async def test_logging_out_forgets_the_session(
    opened: Open, tg: TelegramSandbox, tmp_path: Path
) -> None:
    channel = await opened()
    await channel.log_out()
    assert not (tmp_path / "account" / NAME).exists()
    with pytest.raises(AuthExpired):
        await channel.connect()


async def test_a_bot_logs_in_by_itself(opened: Open) -> None:
    identity = await (await opened(bot=True)).connect()
    assert identity.handle == "warm_corner_bot"


async def test_a_wrong_bot_token_says_so(opened: Open) -> None:
    channel = await opened(login=False, connect=False, bot_token="1:nonsense")
    with pytest.raises(AuthExpired, match="BotFather"):
        await channel.connect()


async def test_an_abandoned_login_leaves_nothing_running(opened: Open) -> None:
    before = asyncio.all_tasks()
    login = (await opened(login=False, connect=False)).login()
    await login.start()
    await login.close()
    await login.close()
    async with asyncio.timeout(SECONDS):
        while asyncio.all_tasks() - before:
            await asyncio.sleep(0.01)
