"""A small first screen over the real app, for tests of what every screen shares."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static, TextArea

from smm_inbox.channels.base import Login
from smm_inbox.config.model import Settings
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId
from smm_inbox.services.accounts import AccountView
from smm_inbox.services.bus import Bus
from smm_inbox.services.container import Services
from smm_inbox.ui.app import InboxApp
from smm_inbox.ui.commands import Context
from smm_inbox.ui.messages import KeysPending, Stale

NOW = datetime(2026, 3, 4, 11, 18, tzinfo=UTC)


class Clock:
    """Stands still."""

    def now(self) -> datetime:
        return NOW


class FakeAccounts:
    """Accounts that only remember who was asked to try again."""

    def __init__(self, views: tuple[AccountView, ...]) -> None:
        self.views = views
        self.retried: list[AccountId] = []

    def list(self) -> tuple[AccountView, ...]:
        return self.views

    async def retry_now(self, account: AccountId) -> None:
        if account == "gone":
            raise InboxError("Аккаунта [/] больше нет.")
        self.retried.append(account)


class FakeLogins:
    """Logs the accounts in that a test gives a login."""

    def __init__(self) -> None:
        self.by_account: dict[AccountId, Login] = {}
        self.finished: list[AccountId] = []

    def possible(self, account: AccountId) -> bool:
        return account in self.by_account

    async def begin(self, account: AccountId) -> Login:
        return self.by_account[account]

    async def finish(self, account: AccountId) -> None:
        self.finished.append(account)


class FakeUnsent:
    """No answer is on its way."""

    async def on_their_way(self) -> int:
        return 0


class FakeServices:
    """The parts of the engine that the app itself touches."""

    def __init__(self, settings: Settings | None = None, *views: AccountView) -> None:
        self.settings = settings or Settings(data_dir=Path("."))
        self.bus = Bus()
        self.clock = Clock()
        self.accounts = FakeAccounts(views)
        self.logins = FakeLogins()
        self.unsent = FakeUnsent()
        self.started = 0
        self.refusal = ""

    async def start(self) -> None:
        self.started += 1
        if self.refusal:
            raise InboxError(self.refusal)


class Field(TextArea):
    """A text field that writes answers."""

    KEY_CONTEXT: ClassVar[Context] = Context.COMPOSER


class SmallScreen(Screen[None]):
    """Notes which commands ran and which messages came."""

    KEY_CONTEXT: ClassVar[Context] = Context.FEED
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self.ran: list[str] = []
        self.stale: list[Stale] = []
        self.pending: list[KeysPending] = []
        self.kept = 0

    def compose(self) -> ComposeResult:
        yield Static("лента")
        yield Field()

    def action_move_down(self) -> None:
        self.ran.append("move.down")

    def action_view_awaiting(self) -> None:
        self.ran.append("view.awaiting")

    def action_status_close(self) -> None:
        self.ran.append("status.close")

    def action_composer_send(self) -> None:
        self.ran.append("composer.send")

    def action_reply_in_place(self) -> None:
        self.set_focus(self.query_one(Field))

    def action_composer_leave(self) -> None:
        self.set_focus(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "status_close"

    def on_stale(self, message: Stale) -> None:
        self.stale.append(message)

    def on_keys_pending(self, message: KeysPending) -> None:
        self.pending.append(message)

    async def keep_drafts(self) -> None:
        self.kept += 1


def small_app(services: FakeServices | None = None, *, demo: bool = False) -> InboxApp:
    """The real app with a small first screen."""
    engine = services or FakeServices()
    return InboxApp(cast(Services, engine), demo=demo, first=lambda _: SmallScreen())


def first_screen(app: InboxApp) -> SmallScreen:
    """The screen at the bottom of the stack."""
    screen = app.screen_stack[0]
    assert isinstance(screen, SmallScreen)
    return screen


def painted(app: InboxApp) -> str:
    """Everything the top screen shows, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def clickable(app: InboxApp) -> list[object]:
    """Actions hidden in what the top screen shows."""
    strips = app.screen._compositor.render_strips()
    metas = [segment.style.meta for strip in strips for segment in strip if segment.style]
    return [meta["@click"] for meta in metas if "@click" in meta]


def with_keys(**keys: tuple[str, ...]) -> Settings:
    """Settings that remap ``reply__in_place`` and the like."""
    chosen = {name.replace("__", "."): value for name, value in keys.items()}
    return replace(Settings(data_dir=Path(".")), keys=chosen)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something the app is about to do."""
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        await asyncio.sleep(0.005)
