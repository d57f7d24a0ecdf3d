"""What stands around the text of an answer: to whom, who reads it, how long it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.contact import Contact
from smm_inbox.domain.feed import Draft, ReplyOption
from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.domain.text import LengthUnit, SafeText, clean_line, length_in
from smm_inbox.locale import ntr, tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.safe import cells, clip, wrap

from .painted import Line, Span, span_cells

_PEOPLE = 8
"""Lines of addresses at most: the words of the answer need room too."""
_NO_LIMIT = 1_000_000
"""A limit this high is none: the account has not told its own yet."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an answer goes."""

    conversation: ConversationId
    channel: str
    name: SafeText
    public: bool
    """Whether everybody will read the answer."""
    option: ReplyOption
    unit: LengthUnit
    reply_to: MessageId | None = None
    quoted: SafeText = SafeText("")
    """Author and first line of the message answered."""
    editing: MessageId | None = None
    """Our sent message that is being changed, instead of a new answer."""
    author: Contact | None = None
    """Who gets the answer, where it may go to others as well."""
    people: tuple[Contact, ...] = ()
    """Who else the message was addressed to."""
    reply_all: bool | None = None
    """Whether they get the answer too; ``None``: the network has no such choice."""

    @property
    def kind(self) -> ReplyKind:
        """Way of answering."""
        return self.option.kind

    @property
    def may_choose(self) -> bool:
        """Whether the operator chooses between the author alone and all."""
        return bool(self.people) and self.reply_all is not None and self.editing is None

    @property
    def may_split(self) -> bool:
        """Whether a long answer may leave in parts."""
        return self.option.splits and self.editing is None

    def too_long(self, text: str) -> bool:
        """Whether ``text`` cannot leave at all."""
        limit = self.option.max_text
        return not self.may_split and 0 < limit < length_in(text, self.unit)


def head_line(target: Target, text: str, width: int) -> Line:
    """Channel, name, who reads it; the counter at the right."""
    counter = _counter(target, text)
    word = f"◆ {fmt.public_word(True)} " if target.public else "✉ " + tr("PRIVATE")
    most = max(10, width - span_cells(counter) - cells(word) - 6)
    who = clip(f"{target.channel} · {target.name}", most)
    left: list[Span] = [(f" {who} · ", "strong")]
    if target.public:
        seen = word + "— " + tr("everyone sees it") + " "
        taken = span_cells([*left, *counter]) + 1
        left.append((seen if taken + cells(seen) <= width else word, "public"))
    else:
        left.append((word, "private"))
    return Line(tuple(left), counter, "head")


def _counter(target: Target, text: str) -> tuple[Span, ...]:
    used, most = length_in(text, target.unit), target.option.max_text
    if not 0 < most < _NO_LIMIT:
        return ((f"{fmt.number(used)} ", "quiet"),)
    shown = f"{fmt.number(used)} / {fmt.number(most)} "
    if used <= most:
        return ((shown, "quiet"),)
    return ((f"! {shown}", "warn" if target.may_split else "alarm"),)


def quote_lines(target: Target, width: int) -> list[Line]:
    """The message answered, or why writing is impossible."""
    if target.option.closed:
        rows = wrap(f"✕ {target.option.closed}", max(10, width - 2))
        return [Line(((f" {row}", "alarm"),)) for row in rows[:4]]
    if target.editing is not None:
        return [Line(((" ✎ " + tr("changing what was sent"), "warn"),))]
    if target.quoted:
        return [Line(((f" ↩ {target.quoted}", "quiet"),))]
    return []


def people_lines(target: Target, width: int) -> list[Line]:
    """To whom a letter goes: before an answer to all every address is read."""
    if not target.may_choose:
        return []
    first = _addressee(target.author) if target.author is not None else str(target.name)
    others = len(target.people)
    if not target.reply_all:
        more = ntr("without {n} more", "without {n} more", others).format(n=others)
        return [Line(((f" {tr('To:')} {first}", "plain"),), ((f"{more} ", "quiet"),))]
    everybody = ", ".join([first, *map(_addressee, target.people)])
    words = tr("To all ({n}): {people}").format(n=others + 1, people=everybody)
    rows = wrap(words, max(10, width - 2))
    lines = [Line(((f" {row}", "warn"),)) for row in rows[:_PEOPLE]]
    if len(rows) > _PEOPLE:
        last = clip(rows[_PEOPLE - 1], max(8, width - 4)).rstrip("…") + " …"
        lines[-1] = Line(((f" {last}", "warn"),))
    return lines


def _addressee(who: Contact) -> str:
    address = str(who.handle or who.remote_id)
    return address if who.name in {"", address} else f"{who.name} <{address}>"


def file_lines(files: tuple[str, ...], width: int) -> list[Line]:
    """Attached files with their sizes; one that is gone says so."""
    lines: list[Line] = []
    for name in files:
        path = Path(name)
        shown = clip(clean_line(path.name), max(8, width - 24))
        try:
            size = fmt.size(path.stat().st_size)
        except OSError:
            lines.append(Line(((f" 📎 {shown} ", "plain"), (tr("the file is gone"), "alarm"))))
            continue
        lines.append(Line(((f" 📎 {shown} ", "plain"), (size, "quiet"))))
    return lines


def draft_of(target: Target, text: str, files: tuple[str, ...]) -> Draft | None:
    """What is worth keeping of an answer; ``None`` when nothing is."""
    if not text.strip() and not files:
        return None
    return Draft(
        text=text,
        reply_kind=target.kind,
        reply_to=target.reply_to,
        files=files,
        reply_all=target.reply_all,
    )
