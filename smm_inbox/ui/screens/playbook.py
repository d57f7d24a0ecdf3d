"""The playbook on the screen: questions answered by digits, then what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smm_inbox.domain.conversation import MessageType
from smm_inbox.domain.playbook import Advice, Playbook, Question
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from .. import safe
from ..widgets.painted import Line
from ..widgets.panel_keys import PanelKey, PanelKeys
from .inbox_pick import PickLines

_DIGITS = "123456789"
_MEANS = {
    MessageType.QUESTION: "question",
    MessageType.THANKS: "kind",
    MessageType.COMPLAINT: "trouble",
}
"""What a conversation is marked as, to the answer of the first question."""


class Then(StrEnum):
    """What the operator does with the advice."""

    WRITE = "write"
    SCRIPTS = "scripts"
    ASK = "ask"
    CLOSE = "close"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Advised:
    """Where the playbook led, and what comes next."""

    advice: Advice
    chosen: dict[str, str]
    then: Then


class PlaybookScreen(ModalScreen[Advised | None]):
    """One question at a time; ``None`` when the questions were not answered to their end."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("left,backspace,u", "back", show=False),
        Binding("j,down,tab", "step(1)", show=False),
        Binding("k,up,shift+tab", "step(-1)", show=False),
        Binding("pagedown,space", "scroll(1)", show=False),
        Binding("pageup", "scroll(-1)", show=False),
        Binding("enter,o,r", "go", show=False),
        Binding("a", "then('scripts')", show=False),
        Binding("f", "then('ask')", show=False),
        Binding("e", "then('close')", show=False),
    ]

    def __init__(
        self, book: Playbook, *, name: str, public: bool, kind: MessageType | None = None
    ) -> None:
        """Ask about one conversation.

        Args:
            book: The playbook in force.
            name: Who wrote, for the title.
            public: Whether everybody sees it, told beside the question.
            kind: What the operator has marked the conversation as already.
        """
        super().__init__()
        self._book = book
        self._about = name
        self._public = public
        self._kind = kind
        self._chosen: dict[str, str] = {}
        self._asked: list[tuple[Question, SafeText]] = []
        self._question = book.next_question({})
        self._advice: Advice | None = None

    def compose(self) -> ComposeResult:
        """Build the panel."""
        with Vertical(classes="panel picker", id="playbook"):
            yield Static(id="playbook-title", classes="panel-title")
            with VerticalScroll(classes="panel-body", id="playbook-body", can_focus=False):
                yield Static(id="playbook-text")
            yield PickLines([], 0, id="playbook-answers")
            yield PanelKeys((), id="playbook-keys")

    def on_mount(self) -> None:
        """Ask the first question."""
        self.query_one(PickLines).focus()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Use the height there is."""
        self._show()

    # What is shown

    def _show(self) -> None:
        who = safe.clip(self._about, 40)
        title = tr("Playbook · {name}").replace("{name}", who)
        self.query_one("#playbook-title", Static).update(safe.content(title))
        question, answers = self._question, self.query_one(PickLines)
        if question is not None:
            text = self._question_text(question)
            lines = [
                (Line(((f" {digit}  ", "key"), (answer.text, "plain"))), True)
                for digit, answer in zip(_DIGITS, question.answers, strict=False)
            ]
        else:
            text, lines = self._advice_text(), []
        answers.display = bool(lines)
        answers.styles.height = len(lines)
        answers.replace(lines, self._likely(question))
        body = self.query_one("#playbook-body", VerticalScroll)
        body.styles.max_height = max(4, self.app.size.height - len(lines) - 9)
        body.scroll_home(animate=False)
        self.query_one("#playbook-text", Static).update(text)
        self.query_one("#playbook-keys", PanelKeys).offer(self._keys())

    def _question_text(self, question: Question) -> Content:
        parts: list[Content] = []
        for asked, said in self._asked:
            parts.append(safe.content(f"{asked.text} — {said}\n", "$quiet"))
        if self._asked:
            parts.append(Content("\n"))
        parts.append(safe.content(question.text, "bold"))
        hints = [question.hint] if question.hint else []
        if question.id == "public":
            hints.append(SafeText(self._seen_by()))
        parts.extend(safe.content(f"\n{hint}", "$quiet") for hint in hints)
        parts.append(Content("\n"))
        return Content.assemble(*parts)

    def _likely(self, question: Question | None) -> int:
        """The answer the program knows; the cursor begins there, the operator decides."""
        if question is None:
            return 0
        known = ""
        if question.id == "public":
            known = "ours" if self._public else "private"
        elif question.id == "kind" and self._kind is not None:
            known = _MEANS.get(self._kind, "")
        return next((at for at, one in enumerate(question.answers) if one.id == known), 0)

    def _seen_by(self) -> str:
        if self._public:
            return tr("This conversation is public: everybody sees the answer.")
        return tr("This conversation is private.")

    def _advice_text(self) -> Content:
        advice = self._advice
        if advice is None:
            return Content("")
        outcome = advice.outcome
        parts = [
            safe.content(outcome.title + "\n", "bold $name"),
            safe.content(outcome.text + "\n\n"),
        ]
        if advice.problem is not None:
            parts.append(safe.content(advice.problem.title + "\n", "bold"))
        for number, step in enumerate(advice.steps, 1):
            if advice.problem is not None and number == len(advice.problem.steps) + 1:
                parts.append(safe.content(tr("And always") + "\n", "bold"))
            parts += [safe.content(f"□ {number}. ", "$ours"), safe.content(step + "\n")]
        if advice.skeleton:
            parts.append(safe.content("\n" + tr("The answer begins like this:") + "\n", "bold"))
            parts.append(safe.content(advice.skeleton, "$ours"))
        return Content.assemble(*parts)

    def _keys(self) -> Sequence[PanelKey]:
        leave = PanelKey("Esc", tr("back"), "leave")
        back = PanelKey("←", tr("previous question"), "back")
        if self._question is not None:
            digits = PanelKey(f"1–{len(self._question.answers)}", tr("answer"), "go")
            return (digits, *((back,) if self._asked else ()), leave)
        ask = PanelKey("f", tr("ask a colleague"), "then('ask')")
        if self._advice is None or not self._advice.outcome.answers:
            return (PanelKey("e", tr("close, no answer"), "then('close')"), ask, back, leave)
        return (
            PanelKey("Enter", tr("begin the answer"), "go"),
            PanelKey("a", tr("scripts"), "then('scripts')"),
            ask,
            back,
            leave,
        )

    # Answers

    def on_key(self, event: events.Key) -> None:
        """A digit answers."""
        char = event.character or ""
        if len(char) == 1 and char in _DIGITS and self._question is not None:
            event.stop()
            self._answer(_DIGITS.index(char))

    def on_pick_lines_picked(self) -> None:
        """An answer was clicked."""
        self.action_go()

    def _answer(self, at: int) -> None:
        question = self._question
        if question is None or at >= len(question.answers):
            return
        answer = question.answers[at]
        self._chosen[question.id] = answer.id
        self._asked.append((question, answer.text))
        self._question = self._book.next_question(self._chosen)
        self._advice = self._book.advice(self._chosen) if self._question is None else None
        self._show()

    def action_back(self) -> None:
        """Ask the previous question again."""
        if not self._asked:
            return
        question, _ = self._asked.pop()
        del self._chosen[question.id]
        self._question, self._advice = question, None
        self._show()

    def action_step(self, step: int) -> None:
        """Move the cursor, or scroll the advice."""
        if self._question is not None:
            self.query_one(PickLines).move(step)
        else:
            self.action_scroll(step, by=1)

    def action_scroll(self, step: int, by: int = 8) -> None:
        """Scroll the text."""
        body = self.query_one("#playbook-body", VerticalScroll)
        body.scroll_relative(y=step * by, animate=False)

    def action_go(self) -> None:
        """Take the answer under the cursor, or begin to write."""
        if self._question is not None:
            self._answer(self.query_one(PickLines).cursor)
        elif self._advice is not None and self._advice.outcome.answers:
            self._end(Then.WRITE)

    def action_then(self, what: str) -> None:
        """Follow the advice."""
        if self._advice is None:
            return
        then = Then(what)
        if then is Then.SCRIPTS and not self._advice.outcome.answers:
            return
        if then is Then.CLOSE and self._advice.outcome.answers:
            return
        self._end(then)

    def action_leave(self) -> None:
        """Close; advice that was reached stays in the journal."""
        if self._advice is None:
            self.dismiss(None)
        else:
            self._end(Then.NOTHING)

    def _end(self, then: Then) -> None:
        if self._advice is not None:
            self.dismiss(Advised(self._advice, dict(self._chosen), then))
