"""Logging in by QR code or by code and password, step by step, without ever asking by itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import segno
from telethon import TelegramClient

from smm_inbox.domain.errors import Rejected, Retry
from smm_inbox.domain.login import LoginStage, LoginStep
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from . import errors, session
from .account import Account
from .client import Wire
from .failures import Failure, Refused
from .mapping import people

_log = logging.getLogger(__name__)

_PICTURE = 25.0
"""Seconds one QR code is shown; Telegram gives it about thirty."""
_SLOW = 60.0
"""Checking the password takes a second of arithmetic and two calls."""
_BORDER = 2

_DEAD_KEY = ("AuthKeyNotFound", "AuthKeyDuplicatedError")
_WRONG_CODE = ("PhoneCodeInvalidError", "PhoneCodeEmptyError")


class TelegramLogin:
    """One login from its beginning to its end."""

    def __init__(self, account: Account, hang_up: Callable[[], Awaitable[None]]) -> None:
        self._account = account
        self._hang_up = hang_up
        self._wire: Wire | None = None
        self._qr: Any = None
        self._scan: asyncio.Task[Any] | None = None
        self._phone = ""
        self._stage = LoginStage.SCAN

    async def start(self) -> LoginStep:
        """Connect and show a QR code; for a bot, log in at once."""
        await self._hang_up()
        token = self._account.settings.bot_token
        try:
            await self._connect()
            if token:
                return await self._arrived(await self._run(lambda c: c.sign_in(bot_token=token)))
            self._qr = await self._run(lambda client: client.qr_login())
        except Failure as failure:
            raise await self._broken(failure) from None
        self._watch()
        return self._picture()

    async def wait(self) -> LoginStep:
        """Wait until the QR code is scanned, or until it is replaced by a fresh one."""
        scan = self._scan
        if scan is None:
            raise Rejected(_over())
        try:
            user = await asyncio.shield(scan)
            if user is not None:
                return await self._arrived(user)
            await self._run(lambda _: self._qr.recreate())
        except Refused as failure:
            if failure.is_a("SessionPasswordNeededError"):
                return self._password()
            raise await self._broken(failure) from None
        except Failure as failure:
            raise await self._broken(failure) from None
        self._watch()
        return self._picture()

    async def by_code(self, phone: str = "") -> LoginStep:
        """Send a code instead; ``phone`` stands in for the one of the config file."""
        self._phone = phone or self._account.settings.phone
        if not self._phone:
            raise Rejected(tr("Add the phone of the account to the config file first: phone."))
        self._stop_watching()
        try:
            await self._run(lambda client: client.send_code_request(self._phone))
        except Refused as failure:
            if failure.is_a("PhoneNumberInvalidError"):
                raise Rejected(
                    tr("Telegram does not know this phone: write it as +79991234567.")
                ) from None
            raise await self._broken(failure) from None
        except Failure as failure:
            raise await self._broken(failure) from None
        return self._code()

    async def answer(self, text: str) -> LoginStep:
        """Give the code or the password; a wrong one comes back as the same step."""
        if self._stage is LoginStage.PASSWORD:
            return await self._check_password(text)
        if self._stage is not LoginStage.CODE:
            raise Rejected(_over())
        code = "".join(char for char in text if char.isdigit())
        try:
            user = await self._run(lambda client: client.sign_in(self._phone, code or "0"))
        except Refused as failure:
            if failure.is_a("SessionPasswordNeededError"):
                return self._password()
            if failure.is_a(*_WRONG_CODE):
                return self._code(tr("The code is wrong: look again and type it once more."))
            if failure.is_a("PhoneCodeExpiredError"):
                await self.by_code(self._phone)
                return self._code(tr("The code is too old; a new one is on its way."))
            if failure.is_a("PhoneNumberUnoccupiedError"):
                raise Rejected(
                    tr("There is no Telegram account with this phone: create it in the app first.")
                ) from None
            raise await self._broken(failure) from None
        except Failure as failure:
            raise await self._broken(failure) from None
        return await self._arrived(user)

    async def close(self) -> None:
        """End, whether logged in or not; may be called twice."""
        self._stop_watching()
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close()

    # --- steps ------------------------------------------------------------------------------------

    def _picture(self) -> LoginStep:
        self._stage = LoginStage.SCAN
        link = str(self._qr.url)
        code = segno.make(link, error="l", micro=False)
        modules = tuple(
            tuple(bool(cell) for cell in row) for row in code.matrix_iter(border=_BORDER)
        )
        return LoginStep(
            self._stage,
            SafeText(
                tr(
                    "On the phone: Telegram → Settings → Devices → Link desktop device; point the "
                    "camera at this picture."
                )
            ),
            link=link,
            modules=modules,
            until=self._account.context.clock.now() + timedelta(seconds=_PICTURE),
        )

    def _code(self, problem: str = "") -> LoginStep:
        self._stage = LoginStage.CODE
        return LoginStep(
            self._stage,
            SafeText(
                tr(
                    "Telegram has sent a code to the app on your other devices, not by SMS: type "
                    "it here."
                )
            ),
            SafeText(problem),
        )

    def _password(self, problem: str = "") -> LoginStep:
        self._stop_watching()
        self._stage = LoginStage.PASSWORD
        return LoginStep(
            self._stage,
            SafeText(
                tr("The account is protected by a password (two-step verification): type it.")
            ),
            SafeText(problem),
        )

    async def _check_password(self, text: str) -> LoginStep:
        try:
            user = await self._run(lambda client: client.sign_in(password=text), within=_SLOW)
        except Refused as failure:
            if failure.is_a("PasswordHashInvalidError", "SrpPasswordChangedError"):
                return self._password(tr("The password is wrong: try once more."))
            raise await self._broken(failure) from None
        except Failure as failure:
            raise await self._broken(failure) from None
        return await self._arrived(user)

    async def _arrived(self, user: Any) -> LoginStep:
        """Logged in: close the session, so that the channel itself can open it."""
        known = people.contact(user)
        await self.close()
        self._stage = LoginStage.DONE
        name = known.name or known.handle or known.remote_id
        return LoginStep(
            self._stage, SafeText(tr("Logged in to Telegram as {name}.").format(name=name))
        )

    # --- the connection ---------------------------------------------------------------------------

    async def _connect(self) -> None:
        try:
            await self._open()
        except Refused as failure:
            if not failure.is_a(*_DEAD_KEY):
                raise
            # Telegram has forgotten the key of this session: it opens nothing any more.
            session.forget(self._account.context.data_dir)
            await self._open()

    async def _open(self) -> None:
        # Telethon connects anew while it moves to the account's data centre.
        wire = Wire(
            self._account.settings,
            self._account.context.data_dir,
            lambda _: None,
            may_move=True,
        )
        await wire.open()
        self._wire = wire

    async def _run(
        self, act: Callable[[TelegramClient], Awaitable[Any]], within: float = 30.0
    ) -> Any:
        if self._wire is None:
            raise Retry(_over())
        return await self._wire.run(act, within)

    def _watch(self) -> None:
        """Wait for the scan from now on: what is scanned while nobody waits is lost."""
        qr = self._qr

        async def scanned(_: TelegramClient) -> Any:
            try:
                return await qr.wait(_PICTURE)
            except TimeoutError:
                return None

        self._scan = asyncio.create_task(self._run(scanned, within=_PICTURE + _SLOW))
        self._scan.add_done_callback(lambda task: task.cancelled() or task.exception())

    def _stop_watching(self) -> None:
        scan, self._scan = self._scan, None
        if scan is not None:
            scan.cancel()

    async def _broken(self, failure: Failure) -> Exception:
        with contextlib.suppress(Failure):
            await self.close()
        return errors.translate(failure, effect=False, now=self._account.context.clock.now())


def _over() -> str:
    return tr("This login is over: begin again.")
