"""What reached the business outside the networks, out of one line as a cashier types it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from .conversation import Kind
from .due import Due, due_at_end
from .hours import BusinessHours
from .text import SafeText, clean, clean_line, fold, one_line
from .ways import WayKind, find_ways

MAX_LINE = 4000


class Source(StrEnum):
    """Where it came from."""

    BOOK = "book"
    CALL = "call"
    VISIT = "visit"
    GIS = "2gis"
    YANDEX = "yandex"
    GOOGLE = "google"
    OTZOVIK = "otzovik"
    SITE = "site"
    OTHER = "other"


_REVIEWS = frozenset({Source.GIS, Source.YANDEX, Source.GOOGLE, Source.OTZOVIK})
_WORDS = {
    Source.BOOK: "книга кн книге жалобная book guestbook",
    Source.CALL: "звонок звонил звонила звонили позвонил позвонила тел телефон call phone called",
    Source.VISIT: "визит зашел зашла пришел пришла лично гость visit visitor walkin walk-in",
    Source.GIS: "2гис дубльгис 2gis 2gisru дваГис",
    Source.YANDEX: "яндекс яндекс.карты яндекскарты yandex",
    Source.GOOGLE: "гугл гугл.карты google",
    Source.OTZOVIK: "отзовик otzovik",
    Source.SITE: "сайт форма site website form",
    Source.OTHER: "другое вручную other manual",
}
_SOURCES = {fold(word): source for source, words in _WORDS.items() for word in words.split()}
_SECOND = {
    Source.BOOK: {"отзывов", "жалоб"},
    Source.YANDEX: {"карты", "maps"},
    Source.GOOGLE: {"карты", "maps"},
}
"""Words that belong to the source when they follow it."""
_SITES = {
    Source.GIS: ("2gis.",),
    Source.YANDEX: ("yandex.",),
    Source.GOOGLE: ("google.", "goo.gl"),
    Source.OTZOVIK: ("otzovik.",),
}

_RATINGS = (
    re.compile(r"(?P<stars>[★⭐]{1,5})[☆️]*"),
    re.compile(r"(?<![\w/.,])(?P<n>[1-5])\s*/\s*5(?![\w/])"),
    re.compile(r"\b(?P<n>[1-5])\s+(?:из|out\s+of)\s+5\b", re.IGNORECASE),
    re.compile(r"\b(?P<n>[1-5])[\s-]*(?:зв[её]зд\w*|stars?|\*|★|⭐️?)(?!\w)", re.IGNORECASE),
    re.compile(
        r"\b(?:оценка|рейтинг|rating|rated)\s*:?\s*(?P<n>[1-5])(?![\w/:%]|[.,]\d)", re.IGNORECASE
    ),
)
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_ADJECTIVE = re.compile(
    r"(?:[ыо]й|[ыи]е|ое|ую|ого|его)$|(?<!ск)(?<!цк)ая$|(?<!ск)(?<!цк)(?<!р)(?<!л)ий$"
)
_FIRST_WORDS = """
    не нет да был была было были очень плохо хорошо вкусно невкусно долго грязно шумно
    холодно спасибо хочу хочет хотел хотела хотят просит просил просила жалуется жалоба
    заказ заказал заказала суп кофе торт пирог чай еда официант бариста доставка стол столик
    бронь банкет у в на по с и а но за из как когда где что почему сколько можно есть прошу
    пришлите всё все это нашел нашла нашли волос ждали ждал ждала курьер персонал кухня меню
    цена цены отлично ужас ужасно супер рекомендую верните вернуть забыл забыла потерял
    потеряла the a an it i we was not very bad good cold food service order please thanks
    soup coffee cake waiter table
"""
_NO_NAMES = frozenset(fold(_FIRST_WORDS).split())
"""Words an entry begins with that are no names, whatever their first letter."""
_MOST_NAME = 3
_SEPARATOR = re.compile(r"\s+[—–-]\s+|:\s+|:$")


@dataclass(frozen=True, slots=True)
class ManualEntry:
    """The fields of one entry; empty and ``None`` mean "not said"."""

    source: Source = Source.OTHER
    name: SafeText = SafeText("")
    phone: str = ""
    """``+79161234567``."""
    email: SafeText = SafeText("")
    rating: int | None = None
    """One to five."""
    text: SafeText = SafeText("")
    due_at: datetime | None = None
    link: SafeText = SafeText("")
    written_at: datetime | None = None
    """When the customer wrote or said it; ``None``: now."""

    @property
    def kind(self) -> Kind:
        """A review where everybody reads it, otherwise something entered by hand."""
        return Kind.REVIEW if self.source in _REVIEWS else Kind.MANUAL

    @property
    def empty(self) -> bool:
        """Whether nothing but the source was said."""
        return not (self.text or self.name or self.phone or self.email or self.rating or self.link)

    @property
    def stars(self) -> str:
        """The rating as stars: ``★★☆☆☆``; empty without one."""
        return stars(self.rating)


def stars(rating: int | None) -> str:
    """A rating as stars that are read without colour."""
    return "" if rating is None else "★" * rating + "☆" * (5 - rating)


def source_of(word: str) -> Source | None:
    """The source a word names, in either language."""
    return _SOURCES.get(fold(word.strip(' .,:;«»"()')))


def source_of_link(link: str) -> Source | None:
    """The review site a link leads to."""
    host = re.sub(r"^https?://", "", link.lower()).partition("/")[0]
    return next((one for one, hosts in _SITES.items() if any(h in host for h in hosts)), None)


def rating_of(text: str) -> int | None:
    """The rating a cell of a table holds: ``3``, ``3/5``, ``★★★``."""
    bare = text.strip()
    if bare in {"1", "2", "3", "4", "5"}:
        return int(bare)
    found = _rating(bare)
    return found[0] if found is not None and found[1:] == (0, len(bare)) else None


def parse(line: str, now: datetime, hours: BusinessHours) -> ManualEntry:
    """Take a line apart; what no field claims is the text.

    ``книга Иванова 89161234567 холодный суп до пт`` gives a source, a name, a phone, a text and a
    due time. Where a name cannot be told from the text, ``Иванова: холодный суп`` says it.
    """
    rest: str = one_line(clean(line, limit=MAX_LINE))
    source, rest = _take_source(rest)
    ways, gaps, contacts = _take_ways(rest)
    link, phone, email = (ways.get(k, "") for k in (WayKind.LINK, WayKind.PHONE, WayKind.EMAIL))
    if (rated := _rating(_without(rest, gaps))) is not None:
        gaps = [*gaps, rated[1:]]
    due = _due(rest, gaps, now, hours)
    if due is not None:
        gaps = [*gaps, (due.start, len(rest))]
    name, text = _name_and_text(rest, sorted(gaps), contacts)
    source = source or source_of_link(link) or Source.OTHER
    return ManualEntry(
        source=source,
        name=clean_line(name, limit=120),
        phone=phone,
        email=SafeText(email),
        rating=None if rated is None else rated[0],
        text=SafeText(text),
        due_at=None if due is None else due.at.astimezone(UTC),
        link=SafeText(link),
    )


_Gap = tuple[int, int]


def _take_source(line: str) -> tuple[Source | None, str]:
    first, _, rest = line.partition(" ")
    source = source_of(first)
    if source is None:
        return None, line
    second, _, more = rest.partition(" ")
    if fold(second.strip(".,:;")) in _SECOND.get(source, ()):
        rest = more
    return source, rest.lstrip(" ,:;—-")


def _take_ways(text: str) -> tuple[dict[WayKind, str], list[_Gap], frozenset[int]]:
    """The first link, phone and e-mail address; further ones stay in the text.

    Returns them, where they stood, and where a phone or an address begins: a name stands before it.
    """
    first: dict[WayKind, str] = {}
    gaps: list[_Gap] = []
    contacts: set[int] = set()
    for way in find_ways(text):
        if way.kind is not WayKind.HANDLE and way.kind not in first:
            first[way.kind] = way.key if way.kind is WayKind.PHONE else way.shown
            gaps.append((way.start, way.end))
            if way.kind is not WayKind.LINK:
                contacts.add(way.start)
    return first, gaps, frozenset(contacts)


def _without(text: str, gaps: Sequence[_Gap]) -> str:
    """The text with blanks in place of what was taken: every other place stays where it is."""
    for start, end in gaps:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _rating(text: str) -> tuple[int, int, int] | None:
    for pattern in _RATINGS:
        if found := pattern.search(text):
            groups = found.groupdict()
            value = int(groups["n"]) if groups.get("n") else len(groups["stars"])
            return value, found.start(), found.end()
    return None


def _due(rest: str, gaps: Sequence[_Gap], now: datetime, hours: BusinessHours) -> Due | None:
    bare = _without(rest, gaps)
    due = due_at_end(bare, now, hours)
    if due is None:
        return None
    # A field in the middle of the words means that they do not belong together.
    end = len(bare.rstrip())
    torn = any(due.start < start < end for start, _ in gaps)
    return None if torn else due


def _name_and_text(line: str, gaps: Sequence[_Gap], contacts: frozenset[int]) -> tuple[str, str]:
    """What is left between the fields: a name at the head of it, and the words of the customer."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in (*gaps, (len(line), len(line))):
        if piece := line[at:start].strip(" ,;—–"):
            pieces.append((piece, start in contacts))
        at = max(at, end)
    if not pieces:
        return "", ""
    (first, before_contact), *others = pieces
    name, rest = _split_name(first, alone=before_contact)
    return name.strip(" ,.;:"), " ".join(p for p in (rest, *(o for o, _ in others)) if p)


def _split_name(piece: str, *, alone: bool) -> tuple[str, str]:
    """A name at the head of ``piece``; ``alone``: a phone follows it, as after a name."""
    if divided := _SEPARATOR.search(piece):
        head = piece[: divided.start()]
        if _name_like(head.split()) and len(head.split()) <= _MOST_NAME:
            return head, piece[divided.end() :].strip()
    words = piece.split()
    if alone and len(words) == 1 and _name_like(words) and fold(words[0]) not in _NO_NAMES:
        return piece, ""
    taken = 0
    for word in words[:_MOST_NAME]:
        if not (_name_like([word]) and word[0].isupper() and _may_be_name(word)):
            break
        taken += 1
        if word.endswith(","):
            break
    return " ".join(words[:taken]), " ".join(words[taken:])


def _name_like(words: Sequence[str]) -> bool:
    return bool(words) and all(_NAME_WORD.fullmatch(word.rstrip(",")) for word in words)


def _may_be_name(word: str) -> bool:
    folded = fold(word.rstrip(".,"))
    return folded not in _NO_NAMES and not (len(folded) > 5 and _ADJECTIVE.search(folded))
