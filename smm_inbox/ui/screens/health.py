"""Connections: how every account is doing, what is missing and what would help."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from .. import format as words
from .. import safe
from ..messages import Stale

if TYPE_CHECKING:
    from smm_inbox.services.accounts import AccountView
    from smm_inbox.services.container import Services

_COLOURS = {
    HealthState.ONLINE: "$good",
    HealthState.NEEDS_LOGIN: "$failed",
    HealthState.BROKEN: "$failed",
    HealthState.OFF: "$quiet",
}


class HealthScreen(ModalScreen[None]):
    """One block an account: state, last success, gaps, what it cannot do, a button to try now."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,u", "close", show=False),
        Binding("j,down,right", "app.focus_next", show=False),
        Binding("k,up,left", "app.focus_previous", show=False),
    ]

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    def compose(self) -> ComposeResult:
        """Build a block for every account."""
        accounts = self._services.accounts.list()
        with Vertical(classes="panel"):
            yield Static(safe.content(tr("Connections")), classes="panel-title")
            with VerticalScroll(classes="panel-body", id="health-body", can_focus=False):
                if not accounts:
                    yield Static(safe.content(no_accounts()))
                for index in range(len(accounts)):
                    # Account names are the user's own words: never widget ids.
                    with Vertical(classes="account"):
                        yield Static(id=f"account-{index}")
                        yield Static(id=f"facts-{index}", classes="facts")
                        with Horizontal(classes="choices"):
                            yield Button(safe.content(tr("Try now")), id=f"retry-{index}")
                            yield Button(safe.content(tr("Sign in")), id=f"login-{index}")
            hint = tr("Enter — press the button, ↑ ↓ — another one, Esc — close.")
            yield Static(safe.content(hint), classes="panel-hint")

    def on_mount(self) -> None:
        """Show the present state and keep the countdowns true."""
        self._refresh_all()
        for button in self.query(Button):
            if button.display and str(button.id).startswith("login-"):
                button.focus()  # whoever has to sign in came here for that
                break
        self.set_interval(1.0, self._refresh_all)

    def on_stale(self, message: Stale) -> None:
        """Show a changed state at once."""
        if message.accounts:
            self._refresh_all()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Try the account of the pressed button again, or sign in."""
        event.stop()
        what, _, index = (event.button.id or "retry-0").partition("-")
        accounts = self._services.accounts.list()
        if int(index) >= len(accounts):
            return
        account = accounts[int(index)]
        if what == "login":
            from .login import LoginScreen  # noqa: PLC0415 - when it is first shown

            self.app.push_screen(LoginScreen(self._services, account.id, account.title))
        else:
            self._retry(account)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()

    @work(group="retry", exit_on_error=False)
    async def _retry(self, account: AccountView) -> None:
        try:
            await self._services.accounts.retry_now(account.id)
        except InboxError as error:
            safe.toast(self.app, error.sentence, severity="error")
        else:
            safe.toast(self.app, tr("Trying {account} again.").format(account=account.title))

    def _refresh_all(self) -> None:
        now, zone = self._services.clock.now(), self._services.settings.hours.zone
        for index, account in enumerate(self._services.accounts.list()):
            # An account that came after the screen was built has no block yet.
            for block in self.query(f"#account-{index}").results(Static):
                block.update(head(account, now))
            for block in self.query(f"#facts-{index}").results(Static):
                block.update(safe.content("\n".join(facts(account, now, zone))))
            for button in self.query(f"#login-{index}").results(Button):
                button.display = self._can_sign_in(account)

    def _can_sign_in(self, account: AccountView) -> bool:
        """Whether a person can log the account in, and it waits for that."""
        if account.health.state is not HealthState.NEEDS_LOGIN:
            return False
        try:
            return self._services.logins.possible(account.id)
        except InboxError:
            return False


def no_accounts() -> str:
    """What to do when the config file names no account."""
    return tr(
        "No account is connected yet. Add one to the config file (config.example.toml shows how), "
        "then start the program again. “smm-inbox demo” shows everything without an account."
    )


def head(account: AccountView, now: datetime) -> Content:
    """Name and state of an account in one line."""
    health = account.health
    sign = words.health_sign(health.state)
    state = words.health_word(health.state)
    if health.state is HealthState.WAITING and health.until is not None:
        wait = words.countdown(health.until, now)
        state = tr("will try again in {time}").format(time=wait)
    colour = _COLOURS.get(health.state, "$soon")
    return Content.assemble(
        safe.content(f"{sign} ", colour),
        safe.content(f"{account.short} · {account.title}", "bold"),
        safe.content(f" — {state}", colour),
    )


def facts(account: AccountView, now: datetime, zone: tzinfo) -> list[str]:
    """Everything else worth knowing about an account, a line each."""
    health = account.health
    found: list[str] = []
    if health.why:
        found.append(health.why)
    if account.identity is not None:
        name = account.identity.name
        handle = account.identity.handle
        handle = SafeText(f" {words.handle(handle)}" if handle not in {"", name} else "")
        found.append(tr("Connected as {name}").format(name=f"{name}{handle}"))
    if health.last_success is None:
        found.append(tr("No successful connection yet."))
    else:
        when = words.moment(health.last_success, now, zone)
        found.append(tr("Last success: {time}").format(time=when))
    for gap in health.gaps:
        since, until = (words.moment(at, now, zone) for at in (gap.since, gap.until))
        span = tr("No data from {since} to {until}.").format(since=since, until=until)
        found.append(f"! {span} {gap.what}".rstrip())
    found.extend(f"· {limit.sentence}" for limit in health.limitations)
    return found
