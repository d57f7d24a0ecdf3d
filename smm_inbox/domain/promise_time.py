"""Moments in Russian sentences: "до 18:00", "завтра утром", "через час", "до пятницы"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from .hours import BusinessHours


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment named in a sentence: where it stands there, and when it is over (UTC)."""

    start: int
    end: int
    due: datetime


_COUNT = {
    "один": 1, "одного": 1, "одну": 1, "два": 2, "две": 2, "двух": 2, "пару": 2, "пары": 2,
    "пара": 2, "три": 3, "трех": 3, "несколько": 3, "нескольких": 3, "четыре": 4, "четырех": 4,
    "пять": 5, "пяти": 5, "шесть": 6, "шести": 6, "семь": 7, "семи": 7, "восемь": 8, "восьми": 8,
    "девять": 9, "девяти": 9, "десять": 10, "десяти": 10, "одиннадцать": 11, "одиннадцати": 11,
    "двенадцать": 12, "двенадцати": 12, "пятнадцать": 15, "пятнадцати": 15, "двадцать": 20,
    "двадцати": 20, "тридцать": 30, "тридцати": 30, "сорок": 40, "сорока": 40, "пол": 0.5,
    "полтора": 1.5, "полутора": 1.5, "час": 1, "часу": 1, "часа": 1,
}  # fmt: skip
_MONTHS = ["янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
_DAYS = (
    ("понедельник", 0), ("вторник", 1), ("сред", 2), ("четверг", 3), ("пятниц", 4),
    ("суббот", 5), ("воскресень", 6), ("пн", 0), ("вт", 1), ("ср", 2), ("чт", 3), ("пт", 4),
    ("сб", 5), ("вс", 6),
)  # fmt: skip

_N = r"(?:\d{1,3}(?:[.,]\d)?|" + "|".join(sorted(_COUNT, key=len, reverse=True)) + ")"
_UNIT = r"(?:минут[уы]?|мин\.?|час(?:а|ов|ика?|ик)?|ч\.?|дн(?:я|ей)|день|сут(?:ки|ок)|недел[юиь])"
_CLOCK = r"(?:[01]?\d|2[0-4])[:.][0-5]\d|(?:[01]?\d|2[0-4])"
_PART = r"(?:утра|дня|вечера|ночи)"
_HOUR_WORD = (
    r"(?:один|два|двух|три|трех|четыре|четырех|пять|пяти|шесть|шести|семь|семи|восемь|восьми"
    r"|девять|девяти|десять|десяти|одиннадцать|одиннадцати|двенадцать|двенадцати)"
)
_AT = (
    rf"(?:(?P<clock>{_CLOCK})(?P<o>\s*(?:ч(?:ас(?:ов|а|ам)?)?\.?))?(?:\s+(?P<part>{_PART}))?"
    rf"|(?P<word>{_HOUR_WORD})(?:\s+час(?:ов|а|ам))?(?:\s+(?P<wpart>{_PART}))?"
    r"|(?P<noon>полудня|полудню|полдень|полночи|полуночи))"
)
_TIME = re.compile(
    rf"(?<![\w.,:])(?P<prep>до|к|ко|в|после|около|не позже|не позднее|примерно в)\s+{_AT}"
    r"(?![\w:]|\.\d|[,]\d|\s*(?:%|руб|₽|шт|мин|недел|процент|гост|человек|персон|дн|день|сут|тыс))"
)
_SPAN = re.compile(rf"(?<!\w)с\s+(?:{_CLOCK})\s*(?:до|по)\s+(?P<until>{_CLOCK})(?![\w:])")
_AFTER = re.compile(
    rf"(?<!\w)(?:через|в течени[еи]|не позже чем через|максимум через|за)\s+"
    rf"(?:(?:ближайш(?:его|их|ие|ий)|примерно|максимум|следующ(?:его|их|ие))\s+)?"
    rf"(?:(?P<n>{_N})[- ]?)?(?P<unit>{_UNIT}|полчаса|получаса)(?!\w)"
)
_TURNED = re.compile(
    rf"(?<!\w)(?P<unit>минут|час(?:а|ов|ик)?|дн(?:я|ей))\s+через\s+(?P<n>{_N})(?!\w)"
)
_HALF = re.compile(r"(?<!\w)(?:через|в течени[еи]|за)\s+(?:пол|полу)часа(?!\w)")
_NAMED = re.compile(
    r"(?<!\w)(?P<prep>до|к|ко|на)?\s*"
    r"(?P<day>послезавтра|завтра(?:шн\w+)?|сегодня(?:шн\w+)?)(?!\w)"
)
_WEEKDAY = re.compile(
    r"(?<!\w)(?P<prep>до|к|ко|в|во|на)\s+(?:(?P<which>следующ\w+|эт\w+|ближайш\w+)\s+)?"
    r"(?P<day>понедельник[ауе]?|вторник[ауе]?|сред[ауые]|четверг[ауе]?|пятниц[ауые]|суббот[ауые]"
    r"|воскресень[еяю]|пн|вт|ср|чт|пт|сб|вс)(?!\w)"
)
_DATE = re.compile(
    r"(?<![\w.,])(?:(?P<prep>до|к|на)\s+)?(?:"
    r"(?P<d>[0-3]?\d)(?:-?го)?\s+(?P<m>январ|феврал|март|апрел|ма[яй]|июн|июл|август|сентябр"
    r"|октябр|ноябр|декабр)\w*"
    r"|(?P<dd>[0-3]\d)\.(?P<mm>[01]\d)(?:\.(?P<yy>20\d\d|\d\d))?)(?![\d:])"
)
_PARTS = re.compile(
    r"(?<!\w)(?P<what>до конца (?:рабочего )?дня|к концу (?:рабочего )?дня|в течени[еи] дня"
    r"|до конца недели|к концу недели|на этой неделе|в течени[еи] недели|на следующей неделе"
    r"|(?:на|в|за) выходны[ех]|в ближайшее время|в ближайши[ей] (?:пару )?час\w*"
    r"|в ближайши[ей] (?:пару )?(?:дн\w+|день)|на днях|до обеда|к обеду|после обеда|до вечера"
    r"|к вечеру|вечером|утром|днем|сейчас|прямо сейчас|сразу|минутку|скоро)(?!\w)"
)
_MORNING, _LUNCH, _DAYTIME, _EVENING = time(12), time(13), time(17), time(21)
_SOON = timedelta(minutes=15)


def moments(sentence: str, now: datetime, hours: BusinessHours) -> Iterator[Moment]:
    """Moments of a lower-case sentence (ё written as е), in any order, never in the past.

    A day and a time beside it are one moment. "До пятницы" is over when Friday opens: what was
    promised earlier harms nobody.
    """
    reader = _Reader(sentence, now, hours)
    taken: list[tuple[int, int]] = []
    for read in (
        reader.dates, reader.weekdays, reader.named_days, reader.spans, reader.turned,
        reader.after, reader.parts, reader.times,
    ):  # fmt: skip
        for moment in read():
            if any(moment.start < end and start < moment.end for start, end in taken):
                continue
            taken.append((moment.start, moment.end))
            yield moment


class _Reader:
    """Finds moments of one sentence, one way of saying them a method."""

    def __init__(self, sentence: str, now: datetime, hours: BusinessHours) -> None:
        self._text = sentence
        self._now = now
        self._hours = hours
        self._local = now.astimezone(hours.zone)

    def dates(self) -> Iterator[Moment]:
        """Like "5 декабря", "до 05.12"."""
        for match in _DATE.finditer(self._text):
            day = self._date(match)
            if day is not None:
                yield self._on_day(match, day, by=match["prep"] in {"до", "к"})

    def weekdays(self) -> Iterator[Moment]:
        """Like "в пятницу", "до пятницы", "в следующий вторник"."""
        for match in _WEEKDAY.finditer(self._text):
            wanted = next(n for name, n in _DAYS if match["day"].startswith(name))
            ahead = (wanted - self._local.weekday()) % 7 or 7
            if (match["which"] or "").startswith("следующ") and ahead < 7 - self._local.weekday():
                ahead += 7
            day = self._local.date() + timedelta(days=ahead)
            yield self._on_day(match, day, by=match["prep"] in {"до", "к", "ко"})

    def named_days(self) -> Iterator[Moment]:
        """Like "сегодня", "завтра утром", "до завтра"."""
        for match in _NAMED.finditer(self._text):
            word = match["day"]
            ahead = 2 if word.startswith("после") else 1 if word.startswith("завтра") else 0
            day = self._local.date() + timedelta(days=ahead)
            by = match["prep"] in {"до", "к", "ко"} and ahead > 0
            yield self._on_day(match, day, by=by)

    def spans(self) -> Iterator[Moment]:
        """Like "с 10 до 12"."""
        for match in _SPAN.finditer(self._text):
            at = _clock(match["until"], "")
            if at is not None:
                yield Moment(match.start(), match.end(), self._next(at))

    def turned(self) -> Iterator[Moment]:
        """Like "минут через 15"."""
        for match in _TURNED.finditer(self._text):
            yield Moment(*match.span(), self._now + self._stretch(match["n"], match["unit"]))

    def after(self) -> Iterator[Moment]:
        """Like "через час", "в течение двух дней", "через полчаса"."""
        for match in _HALF.finditer(self._text):
            yield Moment(*match.span(), self._now + timedelta(minutes=30))
        for match in _AFTER.finditer(self._text):
            unit = match["unit"]
            if unit == "день" and match["n"] is None and "течени" in match.group():
                continue  # "в течение дня" is today
            yield Moment(*match.span(), self._now + self._stretch(match["n"], unit))

    def parts(self) -> Iterator[Moment]:
        """Like "до конца дня", "вечером", "на днях"."""
        for match in _PARTS.finditer(self._text):
            due = self._part(match["what"])
            yield Moment(*match.span(), max(due, self._now + timedelta(minutes=1)))

    def times(self) -> Iterator[Moment]:
        """Like "до 18:00", "в шесть вечера", "после 15"."""
        for match in _TIME.finditer(self._text):
            at = _time_of(match)
            if at is None or not _is_time(match):
                continue
            due = self._next(at)
            if match["prep"] == "после":
                due += timedelta(hours=1)
            yield Moment(*match.span(), due)

    # Days

    def _on_day(self, match: re.Match[str], day: date, *, by: bool) -> Moment:
        """A day, with the time beside it when one is named."""
        start, end = match.span()
        opened, closed = self._hours.bounds(day)
        if beside := self._beside(match):
            at, (first, last) = beside
            due = self._utc(day, at)
            start, end = min(start, first), max(end, last)
        else:
            due = opened if by else closed
        if due <= self._now:
            due = max(closed, self._now + _SOON)
        return Moment(start, end, due)

    def _beside(self, match: re.Match[str]) -> tuple[time, tuple[int, int]] | None:
        """The time of day next to a day: behind it, or just before."""
        tail = self._text[match.end() : match.end() + 28]
        head_from = max(0, match.start() - 22)
        head = self._text[head_from : match.start()]
        if found := re.match(
            r"\s*,?\s*(?:до обеда|утром|к обеду|днем|после обеда|до вечера|к вечеру|вечером"
            r"|с утра|с самого утра)",
            tail,
        ):
            return _DAY_PARTS[_part_of(found.group())], (match.end(), match.end() + found.end())
        if found := re.match(rf"\s*,?\s*с\s+(?:{_CLOCK})\s*(?:до|по)\s+(?P<until>{_CLOCK})", tail):
            at = _clock(found["until"], "")
            if at is not None:
                return at, (match.end(), match.end() + found.end())
        found = re.match(r"\s*,?\s*" + _TIME.pattern.replace(r"(?<![\w.,:])", ""), tail)
        if found and (at := _time_of(found)) is not None:
            return at, (match.end(), match.end() + found.end())
        for found in _TIME.finditer(head):
            if head[found.end() :].strip(" ,") == "" and (at := _time_of(found)) is not None:
                return at, (head_from + found.start(), match.start())
        if found := re.search(r"(утром|вечером|днем)\s*$", head):
            return _DAY_PARTS[_part_of(found.group())], (head_from + found.start(), match.start())
        return None

    def _date(self, match: re.Match[str]) -> date | None:
        if match["dd"] is not None:
            day, month = int(match["dd"]), int(match["mm"])
            year = match["yy"]
        else:
            day = int(match["d"])
            month = next(
                n for n, name in enumerate(_MONTHS, 1)
                if match["m"].startswith(name) and (name != "ма" or match["m"] in {"мая", "май"})
            )  # fmt: skip
            year = None
        today = self._local.date()
        chosen = today.year if year is None else int(year) + (2000 if len(year) == 2 else 0)
        try:
            found = date(chosen, month, day)
            if year is None and found < today:
                found = date(chosen + 1, month, day)
        except ValueError:
            return None
        return found if found >= today else None

    # Stretches and parts of a day

    def _stretch(self, count: str | None, unit: str) -> timedelta:
        number = 1.0 if count is None else float(_COUNT.get(count) or count.replace(",", "."))
        if unit in {"полчаса", "получаса"}:
            return timedelta(minutes=30)
        if unit.startswith("мин"):
            return timedelta(minutes=number)
        if unit.startswith("ч"):
            return timedelta(hours=number)
        if unit.startswith("нед"):
            return timedelta(weeks=number)
        return timedelta(days=number)

    def _part(self, what: str) -> datetime:
        today = self._local.date()
        if what in {"сейчас", "прямо сейчас", "сразу", "минутку"}:
            return self._now + _SOON
        if what == "скоро" or "ближайшее время" in what or "час" in what:
            return self._hours.add(self._now, 120)
        if what == "на днях" or what.startswith("в ближайши"):
            return self._hours.bounds(today + timedelta(days=2))[1]
        if "выходны" in what:
            ahead = (6 - self._local.weekday()) % 7
            return self._hours.bounds(today + timedelta(days=ahead))[1]
        if "недел" in what:
            ahead = max(0, 4 - self._local.weekday()) + (7 if "следующ" in what else 0)
            if "следующ" in what and self._local.weekday() > 4:
                ahead = 7 - self._local.weekday() + 4
            return self._hours.bounds(today + timedelta(days=ahead))[1]
        if " дня" in what:
            return self._hours.end_of_day(self._now)
        return self._next(_DAY_PARTS[_part_of(what)])

    def _next(self, at: time) -> datetime:
        """The next time the clock shows ``at``."""
        due = self._utc(self._local.date(), at)
        return due if due > self._now else self._utc(self._local.date() + timedelta(days=1), at)

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self._hours.zone).astimezone(UTC)


_DAY_PARTS = {"утро": _MORNING, "обед": _LUNCH, "день": _DAYTIME, "под вечер": time(18),
              "вечер": _EVENING}  # fmt: skip


def _part_of(words: str) -> str:
    if "утр" in words:
        return "утро"
    if "после обеда" in words or "днем" in words:
        return "день"
    if "обед" in words:
        return "обед"
    return "вечер" if "вечером" in words else "под вечер"


def _time_of(match: re.Match[str]) -> time | None:
    if match["noon"]:
        return time(12) if "полд" in match["noon"] else time(23, 59)
    if match["word"]:
        hour = int(_COUNT[match["word"]])
        return _clock(str(hour), match["wpart"] or ("" if hour > 8 else "дня"))
    return _clock(match["clock"], match["part"] or "")


def _is_time(match: re.Match[str]) -> bool:
    """A bare number is a time behind "до" and "к"; behind "в" it needs minutes or a word."""
    if match["noon"] or match["word"]:
        return (
            match["noon"] is not None
            or bool(match["wpart"])
            or "час" in match.group()
            or (match["prep"] in {"до", "к"})
        )
    marked = any(sign in match["clock"] for sign in ":.") or match["o"] or match["part"]
    return (
        bool(marked)
        or match["prep"] in {"до", "к", "после", "не позже", "не позднее"}
        or (match["prep"] in {"в", "примерно в", "около"} and int(match["clock"]) >= 8)
    )


def _clock(text: str, part: str) -> time | None:
    hour_text, _, minute_text = text.replace(".", ":").partition(":")
    hour, minute = int(hour_text), int(minute_text or 0)
    if part in {"дня", "вечера"} and hour < 12:
        hour += 12
    elif part in {"ночи", "утра"} and hour == 12:
        hour = 0
    if hour == 24:
        return time(23, 59)
    return time(hour, minute) if hour < 24 else None
