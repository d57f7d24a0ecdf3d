"""Signing an account in from the screen: picture, code, password, and clear ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.errors import Rejected
from smm_inbox.domain.ids import AccountId
from smm_inbox.domain.login import LoginStage, LoginStep
from smm_inbox.domain.text import SafeText
from smm_inbox.ui.app import InboxApp
from smm_inbox.ui.screens.health import HealthScreen
from smm_inbox.ui.screens.login import LoginScreen, qr_picture
from tests.ui.small_app import FakeServices, painted, small_app, until
from tests.ui.test_help import account

pytestmark = pytest.mark.usefixtures("english")

CODE = tuple(tuple((x * y) % 3 == 0 for x in range(37)) for y in range(37))
SCAN = LoginStep(LoginStage.SCAN, SafeText("Point the camera [/] here."), modules=CODE)
DONE = LoginStep(LoginStage.DONE, SafeText("Logged in as Anna."))


def step(stage: LoginStage, problem: str = "") -> LoginStep:
    return LoginStep(stage, SafeText(f"Type the {stage}."), SafeText(problem))


Seen = tuple[InboxApp, Pilot[int], FakeServices]


class PaperLogin:
    """A login of a test: the phone scans when it is told to, "12345" and "secret" are right."""

    def __init__(self) -> None:
        self.scanned = asyncio.Event()
        self.protected = False
        self.refuse = ""
        self.given: list[str] = []
        self.phones: list[str] = []
        self.closed = 0
        self._stage = LoginStage.CODE

    async def start(self) -> LoginStep:
        if self.refuse:
            raise Rejected(self.refuse)
        return SCAN

    async def wait(self) -> LoginStep:
        await self.scanned.wait()
        return self._on()

    def _on(self) -> LoginStep:
        if not self.protected:
            return DONE
        self._stage = LoginStage.PASSWORD
        return step(self._stage)

    async def by_code(self, phone: str = "") -> LoginStep:
        self.phones.append(phone)
        return step(LoginStage.CODE)

    async def answer(self, text: str) -> LoginStep:
        self.given.append(text)
        right = "12345" if self._stage is LoginStage.CODE else "secret"
        if text != right:
            return step(self._stage, "That was wrong.")
        return self._on() if self._stage is LoginStage.CODE else DONE

    async def close(self) -> None:
        self.closed += 1


@asynccontextmanager
async def health(login: PaperLogin, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Seen]:
    """The health screen of an account that waits for a person."""
    services = FakeServices(None, account(HealthState.NEEDS_LOGIN, id="tg"), account(id="vk"))
    services.logins.by_account[AccountId("tg")] = login
    app = small_app(services)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press("g", "n")
        await until(lambda: "Sign in" in painted(app))
        assert painted(app).count("Sign in") == 1
        await pilot.press("enter")  # who has to sign in came here for that
        await until(lambda: isinstance(app.screen, LoginScreen))
        yield app, pilot, services


async def test_the_picture_is_scanned_and_the_account_connects() -> None:
    login = PaperLogin()
    async with health(login) as (app, _, services):
        await until(lambda: "Point the camera [/] here." in painted(app).replace("\n", " "))
        rows = qr_picture(CODE).plain.splitlines()
        assert all(row in painted(app) for row in rows)
        login.scanned.set()
        await until(lambda: isinstance(app.screen, HealthScreen))
        await until(lambda: services.logins.finished == ["tg"])
        await until(lambda: "Logged in as Anna." in painted(app))
        assert login.closed == 1


async def test_a_code_and_a_password_that_nobody_reads() -> None:
    login = PaperLogin()
    login.protected = True
    async with health(login) as (app, pilot, _):
        await until(lambda: "Point the camera" in painted(app))
        await pilot.press("с")  # the physical key of "c" in the Russian layout
        await until(lambda: "The phone of the account" in painted(app))
        await pilot.press(*"+79", "enter")
        await until(lambda: "Type the code." in painted(app))
        await pilot.press(*"1", "enter")
        await until(lambda: "That was wrong." in painted(app))
        await pilot.press(*"12345", "enter")
        await until(lambda: "Type the password." in painted(app))
        assert "That was wrong." not in painted(app)
        await pilot.press(*"secret")
        assert "secret" not in painted(app)
        assert "••••••" in painted(app)
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, HealthScreen))
        assert login.phones == ["+79"]
        assert login.given == ["1", "12345", "secret"]


async def test_a_refusal_is_a_sentence_and_esc_leads_back() -> None:
    login = PaperLogin()
    login.refuse = "The network [/] says no."
    async with health(login) as (app, pilot, _):
        await until(lambda: "The network [/] says no." in painted(app))
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, HealthScreen))
        await until(lambda: login.closed == 1)


async def test_cancelling_in_the_middle_of_typing_ends_the_login() -> None:
    login = PaperLogin()
    async with health(login) as (app, pilot, services):
        await until(lambda: "Point the camera" in painted(app))
        await pilot.press("c")
        await until(lambda: "The phone of the account" in painted(app))
        assert isinstance(app.focused, Input)
        await pilot.press("q", "escape")
        await until(lambda: isinstance(app.screen, HealthScreen))
        await until(lambda: login.closed == 1)
        # What the account had before goes on.
        assert services.logins.finished == ["tg"]


async def test_a_window_too_small_for_the_picture_says_so() -> None:
    async with health(PaperLogin(), (60, 18)) as (app, _, _):
        await until(lambda: "does not fit" in " ".join(painted(app).split()))
        assert "▀" not in painted(app)
