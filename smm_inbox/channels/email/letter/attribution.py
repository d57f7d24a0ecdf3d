"""Recognise the line or block that introduces a quoted letter, in the words of each program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .lines import Line

_LONGEST_LINE = 400
_MOST_LINES = 4
# Introductions are wrapped by some programs: Gmail breaks before ``<address>``.

_WEEKDAYS = (
    r"(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|среду|четверг|пятница|пятницу|суббота|"
    r"субботу|воскресенье)"
)
_DATE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d\d?-\d\d?\b|"
    r"\b\d{1,2}(?:st|nd|rd|th)?\s+(?:янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-zа-я]*\.?,?\s+\d{4}|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2},?\s+\d{4}",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_WHO = re.compile(r"<?[^\s<>\"]{1,64}@[^\s<>\"]{1,200}>?")
_VERB = re.compile(
    r"(?:\b(?:пишет|пишут|писал|писала|писал\(а\)|написал|написала|написал\(а\)|написали|"
    r"wrote|writes|schrieb|escribió)|a écrit)\s*:\s*$",
    re.IGNORECASE,
)
_VERB_THEN_DATE = re.compile(
    r"\b(?:пишет|писал|писала|написал|написала|написал\(а\)|wrote)\s.{0,40}\d[\d:.]*:$",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:on|am|le|el|в письме от|пользователь)\s", re.IGNORECASE)
_FAMOUS = re.compile(
    # Gmail, Mail.ru, Yandex, Evolution, KMail, K-9, old Gmail: their shape is their own.
    rf"^{_WEEKDAYS},?\s+\d{{1,2}}\s+\w+\.?\s+\d{{4}}\s*(?:г\.?)?,?\s*(?:в\s*)?\d{{1,2}}:\d\d.*:$|"
    rf"^{_WEEKDAYS},\s+\d{{1,2}}\s+\w+\s+\d{{4}},?\s*(?:г\.,?)?\s*\d{{1,2}}:\d\d.*\sот\s.*:$|"
    r"^\d{1,2}\.\d{1,2}\.\d{2,4},?\s+(?:в\s+)?\d{1,2}:\d\d,?\s+[\"«]?[^<>]{0,120}[\"»]?\s*<[^<>]+@[^<>]+>:?$|"
    r"^\d{1,2}\s+\w+\.?\s+\d{4}\s*(?:г\.)?,?\s*(?:в\s*)?\d{1,2}:\d\d.*\bпользователь\b.*:$|"
    r"^\d{4}-\d\d-\d\d\s+\d{1,2}:\d\d\s+(?:GMT|UTC)?[+-]\d\d:?\d\d\s+.*<[^<>]+@[^<>]+>:$|"
    r"^в письме от .*(?:написал|написала|написал\(а\)|пишет|писал)[^:]{0,60}:$|"
    r"^вы писали\b.*\d.*:?$|^you wrote\b.*\d.*:?$|"
    r"^on\s.*\d.*\bwrote:$|^am\s.*\d.*\bschrieb\b.*:$|^le\s.*\d.*a écrit\s*:$|"
    r"^-{2,}\s*(?:on|включено|во?)\s.*(?:wrote|написал\(а\)|написал|написала)\s*-{2,}$|"
    r"^.{0,120}\(\d{1,2}\.\d{1,2}\.\d{2,4},? \d{1,2}:\d\d\)\s*(?:пишет|написал\(а\)|wrote):$",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"^\s*(?:_{5,}|-{5,}|\*{5,}|={5,}|—{3,}|"
    r"[-_=*\s]{2,}\s*(?:исходное сообщение|исходное письмо|оригинальное сообщение|"
    r"первоначальное сообщение|original message|original-nachricht|reply message|"
    r"ответное сообщение|reply above this line|ответ выше этой линии)\s*[-_=*\s]{0,60})\s*$",
    re.IGNORECASE,
)
_NAMED_RULE = re.compile(
    r"^[-_=*\s]{2,}\s*(?:исходное сообщение|исходное письмо|оригинальное сообщение|"
    r"первоначальное сообщение|original message|reply message)",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"^[-_=*>\s]{0,60}(?:пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|"
    r"переадресованное сообщение|пересылаемое письмо|пересланное письмо|"
    r"начало переадресованного сообщения|начало пересылаемого сообщения|"
    r"конец пересылаемого сообщения|forwarded message|begin forwarded message|"
    r"forwarded by|forwarded email)\b[^\n]{0,120}$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*\*?(?:от кого|от|отправитель|from|von|de)\*?\s*:\*?\s*\S", re.IGNORECASE)
_OTHERS = re.compile(
    r"^\s*\*?(?:отправлено|дата|кому|тема|копия|когда|ответить|важность|sent|date|to|cc|subject|"
    r"gesendet|an|betreff|reply-to|importance)\*?\s*:",
    re.IGNORECASE,
)
_ABOVE = re.compile(r"^\s*(?:кому|копия|тема|to|cc|subject)\s*:.*;?\s*$", re.IGNORECASE)
_GREETING = re.compile(r"^здравствуйте,.{0,80}$", re.IGNORECASE)
_BAT = re.compile(r"^вы писали\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Introduction:
    """An introduction of a quoted letter."""

    first: int
    """Index of its first line."""
    end: int
    """Index behind its last line."""
    sure: bool
    """Its own shape proves it; otherwise only quoted lines below do."""
    block: bool = False
    """The From/Sent/To/Subject block of Outlook and its kin, also used for forwarding."""


def is_forward_marker(line: Line) -> bool:
    """Whether a line says that a forwarded letter follows."""
    return len(line.text) < 200 and _FORWARD.match(line.text) is not None


def introduction_at(lines: Sequence[Line], at: int) -> Introduction | None:
    """The introduction that begins at line ``at``, if one does."""
    line = lines[at]
    if line.blank or len(line.text) > _LONGEST_LINE:
        return None
    return _block(lines, at) or _sentence(lines, at)


def _block(lines: Sequence[Line], at: int) -> Introduction | None:
    start = at
    named = _NAMED_RULE.match(lines[at].text) is not None
    if _RULE.match(lines[at].text):
        at = _skip_blank(lines, at + 1)
    if at >= len(lines):
        return None
    if not _FROM.match(lines[at].text):
        return Introduction(start, start + 1, sure=True) if named else None
    others = 0
    end = at + 1
    for place in range(at + 1, min(at + 12, len(lines))):
        if _OTHERS.match(lines[place].text):
            others += 1
            end = place + 1
        elif lines[place].blank and others >= 2:
            break
    if others >= 2 or (named and others):
        return Introduction(start, end, sure=True, block=True)
    return None


def _sentence(lines: Sequence[Line], at: int) -> Introduction | None:
    text = ""
    # Only a line that already speaks of a time or a person can go on in the next one.
    most = _MOST_LINES if _OPENS.match(lines[at].text) or _DATE.search(lines[at].text) else 1
    for end in range(at, min(at + most, len(lines))):
        piece = lines[end].text.strip()
        if not piece or len(text) > _LONGEST_LINE or lines[end].depth != lines[at].depth:
            return None
        text = f"{text} {piece}".strip()
        if not text.endswith((":", "-", ">")):
            continue
        if _FAMOUS.match(text):
            return Introduction(at, end + 1, sure=True)
        if not text.endswith(":"):
            continue
        verb = (_VERB.search(text) or _VERB_THEN_DATE.search(text)) is not None
        when = _DATE.search(text) is not None
        who = _WHO.search(text) is not None
        if when and who and (verb or _TIME.search(text)):
            return Introduction(at, end + 1, sure=True)
        if verb or (who and when):
            return Introduction(at, end + 1, sure=False)
        if end > at:
            return None
    return None


def _skip_blank(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and lines[at].blank:
        at += 1
    return at


def reach_up(lines: Sequence[Line], first: int, floor: int) -> int:
    """Where the introduction at ``first`` really begins: rules and Yandex's "Кому:" above it.

    The greeting that The Bat! writes above "Вы писали" belongs to it as well. Does not go above
    line ``floor``.
    """
    at = first
    place = first - 1
    bat = _BAT.match(lines[first].text) is not None
    while place >= floor:
        line = lines[place]
        if _RULE.match(line.text) or _ABOVE.match(line.text):
            at = place
        elif not line.blank and not (bat and _GREETING.match(line.text)):
            break
        elif bat and _GREETING.match(line.text):
            at = place
            break
        place -= 1
    return at
