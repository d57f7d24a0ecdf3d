"""Words for moments and stretches of time, folded: lower case, ё as е."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar


class Span(StrEnum):
    """Units of time."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Part(StrEnum):
    """Parts of a day."""

    MORNING = "morning"
    NOON = "noon"
    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"
    CLOSING = "closing"


T = TypeVar("T")


def _table(*lines: tuple[T, str]) -> dict[str, T]:
    return {word: value for value, words in lines for word in words.split()}


UNTIL_WRITES = frozenset(
    {
        *("до ответа", "ответ", "до ответа клиента", "до его ответа", "до ее ответа"),
        *("до сообщения", "до нового сообщения", "пока не ответит", "пока не напишет"),
        *("until reply", "until a reply", "until answer", "until an answer", "till reply"),
        *("reply", "answer", "until they write", "until they reply", "until they answer"),
    }
)

SPANS = _table(
    (Span.MINUTE, "м мин минут минуту минута минуты минуток минутку m min mins minute minutes"),
    (Span.HOUR, "ч час часа часов часик часок h hr hrs hour hours"),
    (Span.DAY, "д дн день дня дней денек сутки суток d day days"),
    (Span.WEEK, "н нед неделя неделю недели недель неделе w wk week weeks"),
    (Span.MONTH, "мес месяц месяца месяцев месяце month months mo"),
)
NUMBERS = _table(
    (1, "один одну одна one a an"),
    (2, "два две пару пара two couple"),
    (3, "три three"),
    (4, "четыре four"),
    (5, "пять five"),
    (6, "шесть six"),
    (7, "семь seven"),
    (8, "восемь eight"),
    (9, "девять nine"),
    (10, "десять ten"),
    (15, "пятнадцать fifteen"),
    (20, "двадцать twenty"),
    (30, "тридцать thirty"),
    (40, "сорок forty"),
)
HALVES: dict[str, tuple[float, Span | None]] = {
    "полчаса": (0.5, Span.HOUR),
    "полчасика": (0.5, Span.HOUR),
    "пол": (0.5, None),
    "half": (0.5, None),
    "полтора": (1.5, None),
    "полторы": (1.5, None),
}
DAYS = _table(
    (0, "сегодня today"),
    (1, "завтра tomorrow tmr tmrw tom"),
    (2, "послезавтра overmorrow"),
)
NEXT = _table((True, "следующий следующая следующую следующее следующем следующей next"))
WEEKDAYS = _table(
    (0, "пн пон понедельник понедельника понедельнику mon monday"),
    (1, "вт вто вторник вторника вторнику tue tues tuesday"),
    (2, "ср среда среду среды среде wed wednesday"),
    (3, "чт чет четверг четверга четвергу thu thur thurs thursday"),
    (4, "пт пят пятница пятницу пятницы пятнице fri friday"),
    (5, "сб суб суббота субботу субботы субботе sat saturday выходные выходных weekend"),
    (6, "вс вск воскресенье воскресенья воскресенью sun sunday"),
)
MONTHS = _table(
    (1, "янв января январь jan january"),
    (2, "фев февр февраля февраль feb february"),
    (3, "мар марта март mar march"),
    (4, "апр апреля апрель apr april"),
    (5, "мая май may"),
    (6, "июн июня июнь jun june"),
    (7, "июл июля июль jul july"),
    (8, "авг августа август aug august"),
    (9, "сен сент сентября сентябрь sep sept september"),
    (10, "окт октября октябрь oct october"),
    (11, "ноя нояб ноября ноябрь nov november"),
    (12, "дек декабря декабрь dec december"),
)
DAY_PARTS = _table(
    (Part.MORNING, "утро утром утра утру открытия открытию открытие morning opening"),
    (Part.NOON, "полдень полудня обед обеда обеду noon lunch"),
    (Part.DAY, "днем дня afternoon"),
    (Part.EVENING, "вечер вечером вечера вечеру evening"),
    (Part.NIGHT, "ночь ночью ночи tonight night"),
    (Part.CLOSING, "eod закрытия закрытию закрытие closing"),
)
PHRASES = (
    ("после обеда", "днем"),
    ("после полудня", "днем"),
    ("конца дня", "eod"),
    ("концу дня", "eod"),
    ("конце дня", "eod"),
    ("конец дня", "eod"),
    ("end of the day", "eod"),
    ("end of day", "eod"),
    ("day after tomorrow", "overmorrow"),
    ("half an hour", "полчаса"),
)
"""Words that mean something else together."""
ABSOLUTE = frozenset({"в", "к", "ко", "до", "at", "by", "until", "till"})
"""With one of these in front ``5 часов`` is a time of day, not a stretch of time."""
FILLERS = frozenset(
    {
        *(
            "до",
            "на",
            "через",
            "в",
            "во",
            "к",
            "ко",
            "с",
            "по",
            "и",
            "этот",
            "эту",
            "этой",
            "время",
        ),
        *(
            "of",
            "the",
            "for",
            "until",
            "till",
            "in",
            "at",
            "on",
            "by",
            "after",
            "this",
            "o",
            "clock",
        ),
    }
)
