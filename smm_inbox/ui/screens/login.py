"""Logging an account in: a picture to scan, a code, a password, one step after another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId
from smm_inbox.domain.login import LoginStage, LoginStep
from smm_inbox.locale import tr

from .. import safe

if TYPE_CHECKING:
    from smm_inbox.services.container import Services
    from smm_inbox.services.logins import Login

Ask = Callable[["Login"], Awaitable[LoginStep]]
Modules = tuple[tuple[bool, ...], ...]

_TEXT = 32
"""Cells the words beside the picture need."""
_AROUND = 6
"""Cells of the panel's padding and of the gap between picture and words."""


class LoginScreen(ModalScreen[bool]):
    """Walks through the steps of one login; ``True`` when it succeeded."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("c", "by_code", show=False),
    ]

    def __init__(self, services: Services, account: AccountId, title: str) -> None:
        super().__init__()
        self._services = services
        self._account = account
        self._title = title
        self._login: Login | None = None
        self._step: LoginStep | None = None
        self._phone_wanted = False
        self._ended = False

    def compose(self) -> ComposeResult:
        """Build the picture, the words and the field."""
        with Horizontal(classes="panel", id="login"):
            yield Static(id="login-picture")
            with Vertical(id="login-words"):
                title = tr("Signing in: {account}").format(account=self._title)
                yield Static(safe.content(title), classes="panel-title")
                yield Static(safe.content(tr("Connecting…")), id="login-text")
                yield Input(id="login-field")
                yield Static(id="login-problem")
                yield Static(id="login-hint", classes="panel-hint")

    def on_mount(self) -> None:
        """Begin."""
        self._show_hint()
        self.query_one(Input).display = False
        self._go(lambda login: login.start())

    async def on_unmount(self) -> None:
        """Let go of the login; the account goes on with what it has."""
        login, self._login = self._login, None
        if login is not None:
            await login.close()
        await self._services.logins.finish(self._account)

    def on_resize(self, event: events.Resize) -> None:
        """The picture may fit now, or not any more."""
        if self._step is not None:
            self._show_picture(self._step)

    # Steps

    @work(group="login", exclusive=True, exit_on_error=False)
    async def _go(self, ask: Ask) -> None:
        try:
            if self._login is None:
                self._login = await self._services.logins.begin(self._account)
            login = self._login
            step = await ask(login)
            self._show(step)
            while step.stage is LoginStage.SCAN:
                step = await login.wait()
                self._show(step)
        except InboxError as error:
            self._fail(error.sentence)
            return
        if step.stage is LoginStage.DONE:
            safe.toast(self.app, step.sentence)
            self.dismiss(True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the answer; the field forgets it at once."""
        event.stop()
        answer = event.value
        event.input.value = ""
        if self._phone_wanted:
            self._phone_wanted = False
            self._wait_with(tr("Asking for a code…"))
            self._go(lambda login: login.by_code(answer.strip()))
        elif answer:
            self._wait_with(tr("Checking…"))
            self._go(lambda login: login.answer(answer))

    def action_by_code(self) -> None:
        """Have a code sent instead of scanning; asks for the phone first."""
        if self._step is None or self._step.stage is not LoginStage.SCAN or self._ended:
            return
        self._phone_wanted = True
        words = tr(
            "The phone of the account, as +79991234567. Leave it empty to take the one from the "
            "config file."
        )
        self._say(words, field=True)

    def action_leave(self) -> None:
        """Sign in another time."""
        self.dismiss(False)

    # Showing

    def _show(self, step: LoginStep) -> None:
        self._step = step
        if self._phone_wanted and step.stage is LoginStage.SCAN:
            return  # a fresh picture must not take the phone away that is being typed
        self._show_picture(step)
        asked = step.stage in {LoginStage.CODE, LoginStage.PASSWORD}
        field = self.query_one(Input)
        field.password = step.stage is LoginStage.PASSWORD
        self._say(self._words(step), problem=step.problem, field=asked)

    def _words(self, step: LoginStep) -> str:
        if step.stage is LoginStage.SCAN and not self._fits(step.modules):
            return tr(
                "The picture to scan does not fit: make the window larger, or press c to sign in "
                "with a code."
            )
        return step.sentence

    def _fits(self, modules: Modules) -> bool:
        width, height = self.app.size
        side = len(modules)
        return 0 < side <= width - _TEXT - _AROUND and (side + 1) // 2 <= height

    def _show_picture(self, step: LoginStep) -> None:
        picture = self.query_one("#login-picture", Static)
        picture.display = step.stage is LoginStage.SCAN and self._fits(step.modules)
        if picture.display:
            picture.update(qr_picture(step.modules))

    def _wait_with(self, sentence: str) -> None:
        self._say(sentence)

    def _fail(self, sentence: str) -> None:
        self._ended = True
        self.query_one("#login-picture", Static).display = False
        self._say("", problem=sentence)

    def _say(self, sentence: str, *, problem: str = "", field: bool = False) -> None:
        self.query_one("#login-text", Static).update(safe.content(sentence))
        wrong = self.query_one("#login-problem", Static)
        wrong.update(safe.content(problem, "$failed") if problem else "")
        wrong.display = bool(problem)
        entry = self.query_one(Input)
        entry.display = field
        self.set_focus(entry if field else None)
        self._show_hint()

    def _show_hint(self) -> None:
        entry = self.query_one(Input)
        if entry.display:
            words = tr("Enter — go on, Esc — cancel")
        elif self._step is not None and self._step.stage is LoginStage.SCAN and not self._ended:
            words = tr("c — with a code instead, Esc — cancel")
        else:
            words = tr("Esc — back")
        self.query_one("#login-hint", Static).update(safe.content(words))


def qr_picture(modules: Modules) -> Content:
    """A QR code out of half blocks, dark on light in every theme: cameras want it so."""
    light = tuple(False for _ in modules[0])
    rows = [*modules, light] if len(modules) % 2 else [*modules]
    lines = (
        "".join(" ▄▀█"[2 * upper + lower] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    )
    return Content("\n".join(lines)).stylize("#000000 on #ffffff")
