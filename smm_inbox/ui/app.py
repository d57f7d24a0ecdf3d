"""The application: the first screen, the look, events of the engine, and a quiet way to fail."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from rich.text import Text
from textual._path import CSSPathType
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.screen import Screen

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId
from smm_inbox.domain.outgoing import OutState
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr
from smm_inbox.services.bus import DeliveryChanged, Event, HealthChanged, PromiseDue

from . import clipboard, outside, safe
from .commands import CommandRegistry, Context
from .messages import Stale
from .relay import Relay
from .routing import RoutedApp
from .theme import DARK, LIGHT, THEMES, own_variables

if TYPE_CHECKING:
    from smm_inbox.domain.promise import Promise
    from smm_inbox.services.container import Services

_log = logging.getLogger(__name__)
_QUIT_WAIT = 0.5
_BELL_PAUSE = 5.0


@runtime_checkable
class KeepsDrafts(Protocol):
    """A screen with something to store before the program ends."""

    async def keep_drafts(self) -> None:
        """Store what was typed and not stored yet."""
        ...


@runtime_checkable
class TellsPromises(Protocol):
    """A screen that says when a promise is nearly due, and what happened before one came."""

    async def tell_before(self) -> None:
        """Say what the one before left."""
        ...

    def tell_promise(self, promise: Promise) -> None:
        """Say it."""
        ...


class InboxApp(RoutedApp):
    """The inbox on the screen; ``run()`` ends with the exit code."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["styles/base.tcss", "styles/inbox.tcss"]
    ENABLE_COMMAND_PALETTE = False  # Textual's own is in English; ours is ``palette``.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "how_to_quit", show=False, system=True)
    ]

    def __init__(
        self,
        services: Services,
        *,
        demo: bool = False,
        first: Callable[[Services], Screen[None]] | None = None,
    ) -> None:
        """Prepare the app; nothing is read or started before the first frame.

        Args:
            services: The open engine; started by the app after the first frame.
            demo: Say that this is a demo and that nothing leaves the machine.
            first: Builds the first screen; the inbox when left out.
        """
        super().__init__(CommandRegistry.default(services.settings.keys))
        self.services = services
        self._demo = demo
        self._first = first
        self._running_tasks: set[asyncio.Task[None]] = set()
        self._relay = Relay(self.set_timer, self._tell_screens)
        self._unsubscribe: Callable[[], None] | None = None
        self._warned: set[tuple[AccountId, str]] = set()
        self._away = False
        self._last_bell = 0.0
        for theme in THEMES:
            self.register_theme(theme)
        wanted = services.settings.theme
        self._dress(wanted if wanted in self.available_themes else DARK)

    def _dress(self, theme: str) -> None:
        """Start in a theme; every style is yet to be parsed, and once is enough.

        Setting ``theme`` is for later: it has everything parsed anew.
        """
        self.set_reactive(InboxApp.theme, theme)
        dark = self.current_theme.dark
        names = {f"-theme-{theme}": True, "-dark-mode": dark, "-light-mode": not dark}
        self.update_classes(names, update=False)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our colour names also in a theme that does not know them."""
        return own_variables(dark=self.current_theme.dark)

    def get_default_screen(self) -> Screen[None]:
        """The first screen is the inbox itself: no empty screen below it."""
        if self._first is not None:
            return self._first(self.services)
        from .screens.inbox import InboxScreen  # noqa: PLC0415 - the screen knows the app's rooms

        screen = InboxScreen(self.services)
        screen.fit(self.size)
        return screen

    def on_mount(self) -> None:
        """Name the window, listen to the engine, and start it after the first frame."""
        self._set_title(push=True)
        self._unsubscribe = self.services.bus.subscribe(self._heard)
        self.call_after_refresh(self._begin)

    async def on_unmount(self) -> None:
        """Stop listening; what is being stored gets a moment to finish."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        if self._running_tasks:
            await asyncio.wait(self._running_tasks, timeout=_QUIT_WAIT)
        for task in self._running_tasks:
            task.cancel()

    def background(self, work: Coroutine[object, object, None], *, name: str) -> None:
        """Run a command of the operator to its end, even when the screen goes away meanwhile.

        A refusal is told in a toast; anything else goes to the log and a toast.
        """
        task = asyncio.create_task(self._guarded(work, name), name=name)
        self._running_tasks.add(task)
        task.add_done_callback(self._running_tasks.discard)

    async def _guarded(self, work: Coroutine[object, object, None], name: str) -> None:
        try:
            await work
        except InboxError as error:
            safe.toast(self, error.sentence, severity="error")
        except Exception:
            _log.exception("%s failed", name)
            safe.toast(
                self,
                tr("That did not work: an error in the program. The log has the details."),
                severity="error",
            )

    # Start and end

    def _begin(self) -> None:
        if not gc.isenabled():
            # The first frame is drawn: from here on garbage is collected; what start-up made stays.
            gc.freeze()
            gc.enable()
        if self._demo:
            text = tr("This is a demo: invented customers, nothing leaves this computer.")
            safe.toast(self, text)
        self.background(self._start_services(), name="start services")

    async def _start_services(self) -> None:
        try:
            await self.services.start()
            for screen in self.screen_stack:
                if isinstance(screen, TellsPromises):
                    await screen.tell_before()
        except InboxError as error:
            from .screens.message import MessageScreen  # noqa: PLC0415 - when it is first shown

            await self.push_screen(MessageScreen(error.sentence, title=tr("Could not connect")))

    async def action_app_quit(self) -> None:
        """Store what was typed and leave; never waits for a network."""
        keepers = [screen for screen in self.screen_stack if isinstance(screen, KeepsDrafts)]
        stored = asyncio.gather(*(screen.keep_drafts() for screen in keepers))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stored, _QUIT_WAIT)
        answers = await self._answers_on_their_way()
        if not answers:
            self.exit(0)
            return
        from .screens.leaving import LeaveScreen, Leaving  # noqa: PLC0415 - when it is first shown

        def leave(way: Leaving | None) -> None:
            if way is Leaving.QUIT:
                self.background(self._leave(), name="leave")

        if isinstance(self.screen, LeaveScreen):
            self.screen.dismiss(Leaving.QUIT)  # asked once is enough
        else:
            self.push_screen(LeaveScreen(self.services, answers), leave)

    async def _answers_on_their_way(self) -> int:
        """How many answers would be left behind; the end never waits long for the database."""
        try:
            async with asyncio.timeout(_QUIT_WAIT):
                return await self.services.unsent.on_their_way()
        except (TimeoutError, InboxError):
            return 0

    async def _leave(self) -> None:
        """Quit; what is left behind is said once more, where the operator looks then."""
        answers = await self._answers_on_their_way()
        if answers:
            from .screens.leaving import still_here  # noqa: PLC0415 - shown a moment ago

            self.exit(0, message=Text(still_here(answers)))
        else:
            self.exit(0)

    def action_how_to_quit(self) -> None:
        """Answer the reflex of pressing Ctrl+C."""
        keys = self.registry["app.quit"].shown_keys.replace("  ", ", ")
        safe.toast(self, tr("To quit, press {keys}.").format(keys=keys))

    def _handle_exception(self, error: Exception) -> None:
        """Leave with one sentence: a traceback would show names, texts and tokens."""
        _log.critical("the screen failed", exc_info=error)
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            sentence = tr(
                "The program stopped because of an error of its own. Drafts and answers on their "
                "way are stored; the log has the details. Start it again to go on."
            )
            self._exit_renderables.append(Text(sentence))
        self._close_messages_no_wait()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: safe.Severity = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a toast; said again while it is still there, it takes the place of the former."""
        for toast in tuple(self._notifications):
            if (toast.message, toast.title, toast.severity) == (message, title, severity):
                self._unnotify(toast, refresh=False)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    # What the engine says

    def _heard(self, event: Event) -> None:
        self._relay.take(event)
        if isinstance(event, HealthChanged):
            self._warn(event.account)
        if isinstance(event, PromiseDue):
            self._tell_promise(event.promise)
            return
        if not isinstance(event, DeliveryChanged) or not event.sentence:
            return
        if event.state in {OutState.FAILED, OutState.AMBIGUOUS}:
            text = f"{event.sentence} {event.url}" if event.url else event.sentence
            safe.toast(self, text, severity="error")

    def _tell_promise(self, promise: Promise) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, TellsPromises):
                screen.tell_promise(promise)
        if not self.app_focus and self.services.settings.bell:
            self._ring()

    def _warn(self, account: AccountId) -> None:
        """Say once what needs somebody: a token that ends must not wait for a look."""
        for limit in self.services.accounts.health(account).limitations:
            if limit.urgent and (account, limit.action) not in self._warned:
                self._warned.add((account, limit.action))
                safe.toast(self, limit.sentence, severity="warning")

    def _tell_screens(self, message: Stale) -> None:
        for screen in self.screen_stack:
            screen.post_message(Stale(message.conversations, message.arrived, message.accounts))
        if message.arrived and not self.app_focus and self.services.settings.bell:
            self._ring()

    def _ring(self) -> None:
        now = time.monotonic()
        if not self._away and now - self._last_bell >= _BELL_PAUSE:
            self._last_bell = now
            self.bell()

    # Commands of the whole program

    def action_app_help(self) -> None:
        """Show the keys of this screen."""
        contexts = self.key_contexts or (Context.GLOBAL,)
        from .screens.help import HelpScreen  # noqa: PLC0415 - when it is first shown

        self.push_screen(HelpScreen(self.registry, contexts))

    def action_app_palette(self) -> None:
        """Ask for a command by its name."""
        from .palette import PaletteScreen  # noqa: PLC0415 - when it is first shown

        self.push_screen(PaletteScreen(self.available_commands), self._run_chosen)

    def offer_panel(self) -> bool:
        """Show everything the panel on top can do, by its name."""
        from .widgets.panel_keys import PanelKeys  # noqa: PLC0415 - a panel has loaded it

        panel = self.screen
        offered = [one for keys in panel.query(PanelKeys) for one in keys.keys]
        if not offered:
            return False
        from .palette import PaletteScreen, of_panel  # noqa: PLC0415 - when it is first shown

        async def run(action: str | None) -> None:
            if action is not None:
                await panel.run_action(action)

        self.push_screen(PaletteScreen(of_panel(offered)), run)
        return True

    async def _run_chosen(self, command: str | None) -> None:
        if command is not None:
            await self.run_command(command)

    def action_app_health(self) -> None:
        """Show how the accounts are connected."""
        from .screens.health import HealthScreen  # noqa: PLC0415 - when it is first shown

        self.push_screen(HealthScreen(self.services))

    def action_app_theme(self) -> None:
        """Switch between light and dark."""
        self.theme = LIGHT if self.current_theme.dark else DARK

    def action_accounts_retry(self) -> None:
        """Ask every network for new messages now."""
        self.background(self._retry_accounts(), name="retry accounts")
        safe.toast(self, tr("Checking for messages."))

    async def _retry_accounts(self) -> None:
        for account in self.services.accounts.list():
            await self.services.accounts.retry_now(account.id)

    # Other programs

    def browse(self, url: str) -> None:
        """Open a page in the browser; without one, show and copy its address."""
        self.background(self._browse(url), name="open the browser")

    async def _browse(self, url: str) -> None:
        if not outside.browsable(url):
            safe.toast(self, tr("There is no page to open here."), severity="warning")
        elif not await outside.browse(url):
            self.copy_to_clipboard(url)
            safe.toast(
                self,
                tr("No browser was found. The address is copied: {url}").format(url=url),
                severity="warning",
            )

    def copy_to_clipboard(self, text: str) -> None:
        """Copy clean text through the terminal and, where there is one, the system's helper."""
        clean = safe.plain(text)
        super().copy_to_clipboard(clean)
        if not self.is_headless and (command := clipboard.helper()):
            self.background(self._fill_clipboard(command, clean), name="copy")

    async def _fill_clipboard(self, command: list[str], text: str) -> None:
        if not await clipboard.fill(command, text):
            _log.info("the clipboard program %s did not take the text", command[0])

    async def edit_outside(self, text: str) -> str | None:
        """Let the operator write in their own editor; ``None`` leaves the text as it was.

        The engine goes on meanwhile; nothing is painted over the editor.
        """
        command = outside.editor()
        if command is None:
            safe.toast(self, tr("No editor was found; set $EDITOR."), severity="warning")
            return None
        self._away = True
        try:
            with self.batch_update(), self.suspend():
                edited = await outside.edit(command, text)
        except SuspendNotSupported:
            safe.toast(self, tr("This terminal cannot show an editor."), severity="warning")
            return None
        finally:
            self._away = False
        if edited is None:
            safe.toast(self, tr("The editor failed; the text is as it was."), severity="warning")
            return None
        return safe.plain(edited)

    def _set_title(self, *, push: bool) -> None:
        if self.is_headless or self._driver is None:
            return
        name = clean_line(self.services.settings.business) or "smm-inbox"
        # The old title is kept on the terminal's own stack and comes back when the program ends.
        self._driver.write(f"\x1b[22;2t\x1b]2;{name}\x07" if push else "\x1b[23;2t")
