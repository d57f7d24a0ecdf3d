"""Looking for the same person among everybody who ever wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId, ContactId
from smm_inbox.domain.person import Person
from smm_inbox.locale import tr

from .. import format as fmt
from .. import safe
from ..layout import retype
from ..widgets.painted import Line
from .inbox_pick import PickLines

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

_ROWS = 10


class JoinScreen(ModalScreen[Person | None]):
    """Asks whom an author is the same person as; ``None`` when the operator changed their mind."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("pagedown", "step(10)", show=False, priority=True),
        Binding("pageup", "step(-10)", show=False, priority=True),
    ]

    def __init__(
        self, services: Services, contact: ContactId, channels: Mapping[AccountId, str]
    ) -> None:
        super().__init__()
        self._services = services
        self._contact = contact
        self._channels = channels
        self._found: tuple[Person, ...] = ()

    def compose(self) -> ComposeResult:
        """Build the field and the list."""
        with Vertical(classes="panel picker", id="join"):
            title = tr("Who else is this? A name, a handle or a city")
            yield Static(safe.content(title), classes="panel-title")
            yield Input(id="join-field")
            yield PickLines((), 0, id="join-lines")
            hint = tr("Enter — the same person, ↑ ↓ — another one, Esc — cancel")
            yield Static(safe.content(hint), classes="panel-hint")

    def on_mount(self) -> None:
        """Type at once."""
        lines = self.query_one(PickLines)
        lines.can_focus = False
        lines.styles.height = _ROWS

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._search(event.value)

    @work(group="join", exclusive=True, exit_on_error=False)
    async def _search(self, typed: str) -> None:
        search = self._services.people.search
        try:
            found = await search(typed, self._contact)
            found = found or await search(retype(typed), self._contact)
        except InboxError as error:
            safe.toast(self.app, error.sentence, severity="error")
            return
        self._found = found
        lines = [(self._line(person), True) for person in found]
        if not lines and typed.strip():
            lines = [(Line(((tr("Nobody is called so."), "quiet"),)), False)]
        self.query_one(PickLines).fill(lines, 0)

    def _line(self, person: Person) -> Line:
        contact = person.contact
        channel = self._channels.get(person.account, "") or tr("by hand")
        handle = f"  {fmt.handle(contact.handle)}" if contact.handle else ""
        return Line(
            (
                (f"{channel}  ", "quiet"),
                (safe.clip(contact.name or tr("No name"), 36), "strong"),
                (safe.clip(handle, 24), "quiet"),
            ),
            ((f"{safe.clip(contact.city, 16)} ", "quiet"),),
        )

    @on(Input.Submitted)
    def _chosen(self, event: Input.Submitted) -> None:
        event.stop()
        self._take()

    def on_pick_lines_picked(self) -> None:
        """A line was clicked."""
        self._take()

    def _take(self) -> None:
        at = self.query_one(PickLines).cursor
        if 0 <= at < len(self._found):
            self.dismiss(self._found[at])

    def action_step(self, step: int) -> None:
        """Move the mark while the field keeps the focus."""
        self.query_one(PickLines).move(step)

    def action_leave(self) -> None:
        """Nobody."""
        self.dismiss(None)
