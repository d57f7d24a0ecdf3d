"""The author card as lines: who this is, how to address and reach them, notes, what they wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from smm_inbox.domain.ids import AccountId, ContactId, ConversationId
from smm_inbox.domain.note import Note
from smm_inbox.domain.person import AuthorCard, Likeness, Person
from smm_inbox.domain.text import one_line
from smm_inbox.locale import tr

from .. import format as fmt
from ..safe import clip
from ..widgets.painted import Line, Span

_TITLE = 16
_WIDTH = 78


class Act(StrEnum):
    """What picking a line does."""

    CONVERSATION = "conversation"
    PAGE = "page"
    ADDRESS = "address"
    REACH = "reach"
    NOTE = "note"
    NEW_NOTE = "new note"
    JOIN = "join"
    SPLIT = "split"
    FIND = "find"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class AuthorChoice:
    """What a line of the card leads to."""

    act: Act
    conversation: ConversationId | None = None
    url: str = ""
    note: Note | None = None
    contact: ContactId | None = None


@dataclass(frozen=True, slots=True)
class CardLook:
    """What the lines depend on besides the card."""

    channels: Mapping[AccountId, str]
    now: datetime
    zone: tzinfo
    browsable: Callable[[str], bool]
    city: str = ""
    """What the list knew, when the contact does not say."""


CardLine = tuple[Line, AuthorChoice | None]


def card_lines(card: AuthorCard, look: CardLook) -> list[CardLine]:
    """All lines of the card, each with what picking it does."""
    return [
        *_facts(card, look),
        *_manners(card),
        *_notes(card, look),
        *_same(card, look),
        *_written(card, look),
    ]


def _fact(title: str, value: str) -> CardLine:
    return Line(((f"{title:<{_TITLE}}", "quiet"), (value or fmt.UNKNOWN, "plain"))), None


def _page(title: str, url: str, look: CardLook) -> CardLine:
    shown = clip(url, _WIDTH - _TITLE)
    if not look.browsable(url):
        return _fact(title, shown)
    line = Line(((f"{title:<{_TITLE}}", "quiet"), (shown, "key")))
    return line, AuthorChoice(Act.PAGE, url=url)


def _facts(card: AuthorCard, look: CardLook) -> list[CardLine]:
    contact = card.contact
    handle = fmt.handle(contact.handle) if contact.handle else ""
    lines = [
        _fact(tr("Channel"), look.channels.get(card.account, "") or tr("by hand")),
        _fact(tr("Handle"), clip(handle, _WIDTH - _TITLE)),
        _fact(tr("Followers"), fmt.followers(contact.followers)),
        _fact(tr("City"), clip(contact.city or look.city, _WIDTH - _TITLE)),
    ]
    if contact.note:
        lines.append(_fact(tr("Account"), clip(contact.note, _WIDTH - _TITLE)))
    if contact.url:
        lines.append(_page(tr("Page"), contact.url, look))
    if contact.photo_url:
        lines.append(_page(tr("Photo"), contact.photo_url, look))
    return lines


def _manners(card: AuthorCard) -> list[CardLine]:
    """How to address and reach them; Enter changes it."""

    def line(key: str, title: str, value: str, act: Act) -> CardLine:
        spans: tuple[Span, ...] = (
            (f"{title:<{_TITLE}}", "quiet"),
            (
                clip(value, _WIDTH - _TITLE - 4) if value else tr("not noted"),
                "note" if value else "quiet",
            ),
        )
        return Line(spans, ((f"{key} ", "key"),)), AuthorChoice(act)

    return [
        line("a", tr("Address as"), card.details.address, Act.ADDRESS),
        line("c", tr("Reach by"), card.details.reach, Act.REACH),
        (Line(), None),
    ]


def _notes(card: AuthorCard, look: CardLook) -> list[CardLine]:
    lines: list[CardLine] = []
    for note in reversed(card.notes):
        when = fmt.moment(note.written_at, look.now, look.zone)
        spans: tuple[Span, ...] = (
            (f" {tr('NOTE')} ", "note-word"),
            (f" {clip(one_line(note.text[:500]), _WIDTH - 30)}", "note"),
        )
        who = f"{note.operator} · " if note.operator else ""
        right = ((f"{clip(who, 14)}{when} ", "quiet"),)
        lines.append((Line(spans, right), AuthorChoice(Act.NOTE, note=note)))
    new = Line((("+ " + tr("note on the author"), "key"),), (("m ", "key"),))
    lines.append((new, AuthorChoice(Act.NEW_NOTE)))
    lines.append((Line(), None))
    return lines


def _who(person: Person, look: CardLook) -> str:
    contact = person.contact
    channel = look.channels.get(person.account, "") or tr("by hand")
    handle = f" {fmt.handle(contact.handle)}" if contact.handle else ""
    return clip(f"{channel} {contact.name or tr('No name')}{handle}", _WIDTH - 40)


def _same(card: AuthorCard, look: CardLook) -> list[CardLine]:
    """Who is the same person, and who may be."""
    lines: list[CardLine] = []
    for person in card.linked:
        spans: tuple[Span, ...] = (
            (f"{tr('Same person'):<{_TITLE}}", "quiet"),
            (_who(person, look), "strong"),
        )
        right = ((tr("Enter — separate") + " ", "quiet"),)
        lines.append((Line(spans, right), AuthorChoice(Act.SPLIT, contact=person.id)))
    for person in card.proposals:
        spans = (
            (f"{tr('Perhaps also'):<{_TITLE}}", "warn"),
            (_who(person, look), "plain"),
            (f"  {_reason(person)}", "quiet"),
        )
        right = ((tr("Enter — join") + " ", "quiet"),)
        lines.append((Line(spans, right), AuthorChoice(Act.JOIN, contact=person.id)))
    find = Line((("+ " + tr("the same person on another channel"), "key"),), (("s ", "key"),))
    lines.append((find, AuthorChoice(Act.FIND)))
    lines.append((Line(), None))
    return lines


def _reason(person: Person) -> str:
    if person.why is None:
        return ""
    return {
        Likeness.PHONE: tr("the same phone"),
        Likeness.EMAIL: tr("the same e-mail address"),
        Likeness.LINK: tr("the same link"),
        Likeness.HANDLE: tr("the same handle"),
        Likeness.NAME: tr("the same name and city"),
    }[person.why]


def _written(card: AuthorCard, look: CardLook) -> list[CardLine]:
    written = card.written
    if not written.rows:
        return [(Line(((tr("There are no other conversations."), "quiet"),)), None)]
    heading = tr("Other conversations: {count}").format(count=fmt.number(written.total))
    lines: list[CardLine] = [(Line(((heading, "strong"),)), None)]
    for other in written.rows:
        channel = look.channels.get(other.account, "")
        place = f"{channel} {fmt.kind_word(other.kind)}".strip() + "  "
        when = fmt.moment(other.last_at, look.now, look.zone)
        waiting: tuple[Span, ...] = ((tr("waiting"), "warn"), ("  ", "plain"))
        spans = (
            (place, "quiet"),
            *(waiting if other.awaiting else ()),
            (clip(other.preview or tr("no text"), _WIDTH - 34), "plain"),
        )
        choice = AuthorChoice(Act.CONVERSATION, conversation=other.id)
        lines.append((Line(spans, ((f"{when} ", "quiet"),)), choice))
    if (left := written.total - len(written.rows)) > 0:
        words = tr("… {count} more").format(count=fmt.number(left))
        lines.append((Line(((words, "key"),)), AuthorChoice(Act.MORE)))
    return lines
