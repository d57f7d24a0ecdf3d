"""The author card: shows a person, and lets the operator say who they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId, ContactId, ConversationId
from smm_inbox.domain.person import AuthorCard, Person
from smm_inbox.locale import tr

from .. import safe
from ..outside import browsable
from ..widgets.panel_keys import PanelKey, PanelKeys
from .author_lines import Act, AuthorChoice, CardLine, CardLook, card_lines
from .inbox_pick import PickLines

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

_MORE = 200
"""Further conversations shown when more are asked for."""


class AuthorScreen(ModalScreen[AuthorChoice | None]):
    """Gives what the operator wants to open or to write; everything else happens here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,u,i", "leave", show=False),
        Binding("j,down,tab", "step(1)", show=False),
        Binding("k,up,shift+tab", "step(-1)", show=False),
        Binding("pagedown", "step(10)", show=False),
        Binding("pageup", "step(-10)", show=False),
        Binding("home", "step(-100000)", show=False),
        Binding("end", "step(100000)", show=False),
        Binding("enter,o,space", "pick", show=False),
        Binding("a", "address", show=False),
        Binding("c", "reach", show=False),
        Binding("m", "note", show=False),
        Binding("s", "find", show=False),
        Binding("d,delete", "delete", show=False),
        Binding("z", "undo", show=False),
    ]

    def __init__(
        self,
        services: Services,
        card: AuthorCard,
        conversation: ConversationId,
        channels: Mapping[AccountId, str],
        *,
        city: str = "",
    ) -> None:
        super().__init__()
        self._services = services
        self._card = card
        self._conversation = conversation
        self._channels = channels
        self._city = city
        self._limit = len(card.written.rows)
        self._entries: list[CardLine] = self._lines()

    def _lines(self) -> list[CardLine]:
        zone = self._services.settings.hours.zone
        now = self._services.clock.now()
        return card_lines(
            self._card, CardLook(self._channels, now, zone, browsable, city=self._city)
        )

    def compose(self) -> ComposeResult:
        """Build the panel."""
        name = self._card.contact.name or tr("No name")
        lines = [(line, choice is not None) for line, choice in self._entries]
        with Vertical(classes="panel picker", id="author"):
            yield Static(safe.content(name), classes="panel-title", id="author-name")
            yield PickLines(lines, self._first_conversation(), id="author-lines")
            yield PanelKeys(
                (
                    PanelKey("Enter", tr("open or change"), "pick"),
                    PanelKey("a", tr("how to address"), "address"),
                    PanelKey("c", tr("how to reach"), "reach"),
                    PanelKey("m", tr("note"), "note"),
                    PanelKey("d", tr("delete the note"), "delete"),
                    PanelKey("s", tr("same person"), "find"),
                    PanelKey("z", tr("undo"), "undo"),
                    PanelKey("Esc", tr("back"), "leave"),
                ),
                id="author-keys",
            )

    def on_mount(self) -> None:
        """As high as the lines, as far as the screen allows."""
        self._fit()
        self.query_one(PickLines).focus()

    def _fit(self) -> None:
        height = max(1, min(len(self._entries), self.app.size.height - 9))
        self.query_one(PickLines).styles.height = height

    def on_resize(self) -> None:
        """As high as the lines."""
        if self.is_mounted:
            self._fit()

    def _first_conversation(self) -> int:
        return self._at(lambda choice: choice.act is Act.CONVERSATION)

    def _at(self, wanted: Callable[[AuthorChoice], bool]) -> int:
        return next((at for at, (_, one) in enumerate(self._entries) if one and wanted(one)), -1)

    # Moving

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)

    def action_step(self, step: int) -> None:
        """Move the cursor."""
        self.query_one(PickLines).move(step)

    def on_pick_lines_picked(self) -> None:
        """A line was clicked."""
        self.action_pick()

    @property
    def _choice(self) -> AuthorChoice | None:
        at = self.query_one(PickLines).cursor
        return self._entries[at][1] if 0 <= at < len(self._entries) else None

    def action_pick(self) -> None:
        """Do what the line under the cursor says."""
        choice = self._choice
        if choice is None:
            return
        match choice.act:
            case Act.CONVERSATION | Act.PAGE | Act.NOTE | Act.NEW_NOTE:
                self.dismiss(choice)
            case Act.ADDRESS:
                self.action_address()
            case Act.REACH:
                self.action_reach()
            case Act.FIND:
                self.action_find()
            case Act.JOIN if choice.contact is not None:
                self._join(choice.contact)
            case Act.SPLIT if choice.contact is not None:
                self._do(lambda: self._split(choice.contact))
            case Act.MORE:
                self._limit += _MORE
                self._reload()

    # Changing

    def action_address(self) -> None:
        """Note how to address the author."""
        set_address, who = self._services.people.set_address, self._card.id

        def typed(line: str | None) -> None:
            if line is not None:
                self._do(lambda: set_address(who, line))

        title = tr("How to address the author")
        self._ask(title, self._card.details.address, tr("formally, Maria"), typed)

    def action_reach(self) -> None:
        """Note how to reach the author."""
        set_reach, who = self._services.people.set_reach, self._card.id

        def typed(line: str | None) -> None:
            if line is not None:
                self._do(lambda: set_reach(who, line))

        title = tr("How else to reach the author: phone, e-mail address, links")
        example = tr("8 916 123-45-67 after six, maria@mail.ru")
        self._ask(title, self._card.details.reach, example, typed)

    def _ask(
        self, title: str, start: str, example: str, typed: Callable[[str | None], None]
    ) -> None:
        from .one_line import LineScreen  # noqa: PLC0415 - when it is first shown

        screen = LineScreen(
            title,
            start=start,
            placeholder=example,
            hint=tr("Seen before every answer. An empty line forgets it."),
            may_be_empty=True,
        )
        self.app.push_screen(screen, typed)

    def action_note(self) -> None:
        """Write a note on the author."""
        self.dismiss(AuthorChoice(Act.NEW_NOTE))

    def action_delete(self) -> None:
        """Delete the note under the cursor."""
        choice = self._choice
        if choice is not None and choice.note is not None:
            note = choice.note.id
            self._do(lambda: self._services.notes.delete(note, self._conversation))

    def action_find(self) -> None:
        """Look for the same person among all authors."""
        from .join import JoinScreen  # noqa: PLC0415 - when it is first shown

        screen = JoinScreen(self._services, self._card.id, self._channels)
        self.app.push_screen(screen, self._found)

    def _found(self, person: Person | None) -> None:
        if person is not None:
            self._join(person.id)

    def _join(self, other: ContactId) -> None:
        self._do(lambda: self._services.people.merge(self._card.id, other))

    async def _split(self, contact: ContactId | None) -> None:
        if contact is not None:
            await self._services.people.split(contact)

    def action_undo(self) -> None:
        """Take back the last thing done."""
        self._do(self._undo)

    async def _undo(self) -> None:
        undone = await self._services.undo.last()
        safe.toast(self.app, undone.sentence if undone else tr("There is nothing to take back."))

    @work(group="author", exit_on_error=False)
    async def _do(self, change: Callable[[], Awaitable[object]]) -> None:
        try:
            await change()
            await self._read()
        except InboxError as error:
            safe.toast(self.app, error.sentence, severity="error")

    @work(group="author", exit_on_error=False)
    async def _reload(self) -> None:
        try:
            await self._read()
        except InboxError as error:
            safe.toast(self.app, error.sentence, severity="error")

    async def _read(self) -> None:
        """Read the card again; the cursor stays with what it stood on."""
        card = await self._services.people.card(
            self._card.id, besides=self._conversation, limit=max(1, self._limit)
        )
        if card is None or not self.is_mounted:
            return
        former, lines = self._choice, self.query_one(PickLines)
        at = lines.cursor
        self._card = card
        self._entries = self._lines()
        same = self._at(lambda choice: choice == former)
        if same < 0 and former is not None:
            same = self._at(lambda choice: choice.act is former.act)
        lines.fill([(line, one is not None) for line, one in self._entries], max(same, 0) or at)
        self._fit()
