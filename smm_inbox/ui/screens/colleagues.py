"""Who can help: by topic, how to reach them, what to tell the customer meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType

from smm_inbox.domain.colleague import Colleague, read_colleague
from smm_inbox.domain.ids import ConversationId
from smm_inbox.locale import tr
from smm_inbox.services.colleagues import Colleagues
from smm_inbox.services.undo import Undo

from ..safe import clip
from ..widgets.painted import Line
from ..widgets.panel_keys import PanelKey
from .list_panel import ListPanel, Run
from .one_line import LineScreen

_NAME = 24
_TOPICS = 26


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to ask about the conversation, and how; without a colleague the question is over."""

    colleague: Colleague | None
    by_mail: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """The line that says who was asked already."""

    name: str


class ColleagueScreen(ListPanel[Colleague | Waits, Asked]):
    """Colleagues a line each; for a conversation Enter asks, otherwise it changes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,n,plus", "new", show=False),
        Binding("e", "edit", show=False),
        Binding("m", "mail", show=False),
        Binding("number_sign,delete", "remove", show=False),
    ]

    def __init__(
        self,
        colleagues: Colleagues,
        undo: Undo,
        run: Run,
        conversation: ConversationId | None = None,
    ) -> None:
        super().__init__(undo, run)
        self._colleagues = colleagues
        self._about = conversation

    def heading(self) -> str:
        """Title of the panel."""
        return tr("Whom to ask?") if self._about is not None else tr("Who can help")

    def keys(self) -> Sequence[PanelKey]:
        """Keys of the panel."""
        edit = PanelKey("e", tr("change"), "edit")
        more = (
            PanelKey("c", tr("new colleague"), "new"),
            PanelKey("#", tr("delete"), "remove"),
            PanelKey("z", tr("undo"), "undo"),
        )
        if self._about is None:
            return (PanelKey("Enter", tr("change"), "pick"), *more)
        ask = [PanelKey("Enter", tr("copy the question"), "pick")]
        if self._colleagues.mailbox() is not None:
            ask.append(PanelKey("m", tr("send it by mail"), "mail"))
        return (*ask, edit, *more)

    def empty(self) -> str:
        """What an empty list says."""
        return tr(
            "Nobody is written down yet. Press c and write: “Oleg, chef | menu, allergens | "
            "+7 900 000-00-00 | I will ask the chef and come back to you”. The last part is what "
            "the customer is told meanwhile."
        )

    async def read(self) -> list[tuple[Line, Colleague | Waits | None]]:
        """A line each colleague; those who know about the matter first."""
        if self._about is None:
            return [(_line(one), one) for one in await self._colleagues.all()]
        found: list[tuple[Line, Colleague | Waits | None]] = []
        if name := await self._colleagues.asked(self._about):
            words = tr("{name} was asked: Enter when the answer is there").format(name=name)
            found.append((Line(((words, "warn"),)), Waits(name)))
        people = await self._colleagues.for_conversation(self._about)
        return [*found, *((_line(one), one) for one in people)]

    def pick(self, item: Colleague | Waits) -> None:
        """Ask, or change."""
        if isinstance(item, Waits):
            self.dismiss(Asked(None))
        elif self._about is not None:
            self.dismiss(Asked(item))
        else:
            self._ask(item)

    def action_mail(self) -> None:
        """Ask by mail."""
        item = self.current
        if self._about is None or not isinstance(item, Colleague):
            return
        if self._colleagues.mailbox() is None:
            self.say(tr("No mailbox is connected: copy the question instead."), "warn")
        elif not item.address:
            self.say(tr("There is no e-mail address among the contacts: press e."), "warn")
        else:
            self.dismiss(Asked(item, by_mail=True))

    def action_edit(self) -> None:
        """Change the colleague."""
        if isinstance(item := self.current, Colleague):
            self._ask(item)

    def action_new(self) -> None:
        """Write a new colleague down."""
        self._ask(None)

    def _ask(self, item: Colleague | None) -> None:
        known = 0 if item is None else item.id

        def done(line: str | None) -> None:
            if line is not None:
                self.do(self._colleagues.put(line, known), tr("Written down"), "put a colleague")

        self.app.push_screen(
            LineScreen(
                tr("Name | what about | how to reach | what to tell the customer"),
                start="" if item is None else item.line,
                placeholder=tr("Oleg, chef | menu, allergens | +7 900 … | I will ask the chef"),
                preview=_preview,
                rows=4,
                limit=1000,
            ),
            done,
        )

    def action_remove(self) -> None:
        """Forget the colleague."""
        if isinstance(item := self.current, Colleague):
            self.do(self._colleagues.remove(item.id), tr("Deleted"), "remove a colleague")


def _line(one: Colleague) -> Line:
    left = (
        (clip(one.name, _NAME), "strong"),
        ("  ", "plain"),
        (clip(one.topics, _TOPICS), "plain"),
    )
    return Line(left, ((clip(one.contact, 28) + " ", "quiet"),))


def _preview(line: str) -> Sequence[Line]:
    one = read_colleague(line)
    titles = (tr("Name"), tr("About"), tr("Reach"), tr("Customer"))
    values = ("", "", "", "") if one is None else (one.name, one.topics, one.contact, one.phrase)
    return tuple(
        Line(((f"{title:<9}", "quiet"), (clip(value, 68) or "—", "plain")))
        for title, value in zip(titles, values, strict=True)
    )
