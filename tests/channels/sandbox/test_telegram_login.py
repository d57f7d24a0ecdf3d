"""An unmodified telethon logs in and out of the sandbox network in every way there is."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from telethon import errors, functions
from telethon.sessions import SQLiteSession

from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.world import BOT, ME
from tests.channels.sandbox.telegram_desk import connected, make_client, session_for, until


@pytest.fixture
def tg() -> Iterator[TelegramSandbox]:
    with TelegramSandbox(seed=1) as sandbox:
        yield sandbox
        assert sandbox.state.failures == []
        assert sandbox.state.unknown == []


async def test_a_phone_and_its_code_log_in(tg: TelegramSandbox) -> None:
    async with connected(tg, None) as client:
        assert not await client.is_user_authorized()
        await client.send_code_request(tg.phone)
        with pytest.raises(errors.PhoneCodeInvalidError):
            await client.sign_in(tg.phone, "00000")
        me = await client.sign_in(tg.phone, tg.login_code())
        assert me.id == ME
        assert await client.is_user_authorized()


async def test_an_unknown_phone_cannot_sign_up(tg: TelegramSandbox) -> None:
    async with connected(tg, None) as client:
        await client.send_code_request("+79990007777")
        code = tg.login_code("+79990007777")
        with pytest.raises(errors.PhoneNumberUnoccupiedError):
            await client.sign_in("+79990007777", code)
        with pytest.raises(errors.PhoneNumberInvalidError):
            await client.send_code_request("+7")


async def test_the_second_factor_is_asked_for_and_checked(tg: TelegramSandbox) -> None:
    tg.set_password("сырники")
    async with connected(tg, None) as client:
        await client.send_code_request(tg.phone)
        with pytest.raises(errors.SessionPasswordNeededError):
            await client.sign_in(tg.phone, tg.login_code())
        with pytest.raises(errors.PasswordHashInvalidError):
            await client.sign_in(password="оладьи")
        assert (await client.sign_in(password="сырники")).id == ME


@pytest.mark.parametrize("password", ["", "сырники"])
async def test_a_scanned_qr_code_logs_in(tg: TelegramSandbox, password: str) -> None:
    tg.set_password(password)
    async with connected(tg, None) as client:
        shown = await client.qr_login()
        waiting = asyncio.ensure_future(shown.wait(5))
        await asyncio.sleep(0)
        tg.scan_qr(shown.url)
        if not password:
            assert (await waiting).id == ME
            return
        with pytest.raises(errors.SessionPasswordNeededError):
            await waiting
        assert (await client.sign_in(password=password)).id == ME


async def test_another_client_can_accept_the_qr_code(tg: TelegramSandbox) -> None:
    async with connected(tg, None) as client, connected(tg) as phone:
        shown = await client.qr_login()
        await phone(functions.auth.AcceptLoginTokenRequest(shown.token))
        again = await client(functions.auth.ExportLoginTokenRequest(tg.api_id, tg.api_hash, []))
        assert again.authorization.user.id == ME


async def test_a_bot_logs_in_with_its_token_and_may_do_less(tg: TelegramSandbox) -> None:
    async with connected(tg, None) as client:
        with pytest.raises(errors.AccessTokenInvalidError):
            await client.sign_in(bot_token="1:wrong")
        assert (await client.sign_in(bot_token=tg.bot_token)).id == BOT
        assert await client.is_bot()
        with pytest.raises(errors.BotMethodInvalidError):
            await client.get_dialogs()


async def test_logging_out_ends_the_session(tg: TelegramSandbox) -> None:
    session = session_for(tg, ME)
    key = session.auth_key
    client = make_client(tg, session)
    await client.connect()
    assert await client.log_out()
    again = session_for(tg)
    again.auth_key = key
    async with connected(tg, session=again) as later:
        assert not await later.is_user_authorized()


async def test_a_revoked_session_is_told_so(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        await client.get_me()
        tg.revoke_sessions()
        with pytest.raises(errors.SessionRevokedError):
            await client.get_dialogs()


async def test_a_forgotten_key_ends_the_connection(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        gone = client.disconnected
        tg.forget_keys()
        with pytest.raises(errors.AuthKeyNotFound):
            await client.get_dialogs()
        with pytest.raises(errors.AuthKeyNotFound):
            await gone


async def test_a_session_file_needs_neither_key_nor_login(
    tg: TelegramSandbox, tmp_path: Path
) -> None:
    file = tg.write_session(tmp_path / "cafe")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with connected(tg, session=SQLiteSession(str(file))) as client:
        assert (await client.get_me()).id == ME


async def test_the_code_is_also_written_to_sessions_that_are_in(tg: TelegramSandbox) -> None:
    async with connected(tg) as inside, connected(tg, None) as outside:
        await inside.get_me()
        await outside.send_code_request(tg.phone)
        newest = (await inside.get_dialogs())[0]
        assert newest.id == 777000
        assert tg.login_code() in newest.message.message


async def test_the_network_names_itself_as_the_only_data_centre(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        config = await client(functions.help.GetConfigRequest())
        assert config.this_dc == 2
        assert [(dc.ip_address, dc.port) for dc in config.dc_options] == [(tg.host, tg.port)]


async def test_new_salts_are_learnt_on_the_way(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        await client.get_me()
        tg.rotate_salts()
        assert (await client.get_me()).id == ME
        await until(lambda: tg.online == 1)
