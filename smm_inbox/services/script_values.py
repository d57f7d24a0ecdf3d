"""What the variables of scripts stand for in one conversation at one moment."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from smm_inbox.config.model import Settings
from smm_inbox.domain.feed import ConversationCard, MessageRow
from smm_inbox.domain.fold import fold
from smm_inbox.domain.hours import BusinessHours
from smm_inbox.domain.message import Direction
from smm_inbox.domain.script import Values
from smm_inbox.domain.text import SafeText, one_line
from smm_inbox.locale import tr
from smm_inbox.storage import facts
from smm_inbox.storage.database import Database

from .names import Names

_SOON = timedelta(minutes=10)
"""A deadline nearer than this is no time to promise anything by."""
_ROUND = 5
_POST = 60


async def values_of(
    db: Database,
    settings: Settings,
    operator: str,
    names: Names,
    card: ConversationCard,
    message: MessageRow | None,
    now: datetime,
) -> Values:
    """Values for an answer to ``message`` (to the conversation, without one)."""
    author = card.contact
    if message is not None and message.direction is Direction.IN and message.author is not None:
        author = message.author
    name = author.name if author is not None else card.row.name
    board = await facts.current(db)
    return Values(
        names=await names.forms(name) if name else {},
        city=author.city if author is not None else "",
        post=_post(card),
        me=operator,
        hours=hours_in_words(settings.hours),
        due=due_in_words(card.row.red_at, now, settings.hours),
        facts={fold(fact.name): fact for fact in board},
    )


def _post(card: ConversationCard) -> str:
    if card.root is None or not card.root.text:
        return ""
    line = one_line(card.root.text.strip().partition("\n")[0])
    if len(line) > _POST:
        line = SafeText(line[:_POST].rsplit(" ", 1)[0].rstrip(" ,.;:—-") + "…")
    return tr("“{name}”").replace("{name}", line)


def due_in_words(due: datetime | None, now: datetime, hours: BusinessHours) -> str:
    """The reply deadline as something to promise: ``сегодня до 18:00``; empty when too near."""
    if due is None or due - now < _SOON:
        return ""
    local = due.astimezone(hours.zone)
    local -= timedelta(minutes=local.minute % _ROUND)
    days = (local.date() - now.astimezone(hours.zone).date()).days
    at = f"{local:%H:%M}"
    if days == 0:
        return tr("today by {time}").format(time=at)
    if days == 1:
        return tr("tomorrow by {time}").format(time=at)
    return tr("by {time} on {day}").format(time=at, day=f"{local:%d.%m}")


def hours_in_words(hours: BusinessHours) -> str:
    """Opening hours in one line: ``пн–пт 09:00–21:00, сб 10:00–18:00``; empty when not set."""
    if not hours.week:
        return ""
    days = tr("Mon Tue Wed Thu Fri Sat Sun").split()
    runs: list[tuple[int, int, str]] = []
    for day in range(7):
        spans = ", ".join(_span(opens, closes) for opens, closes in hours.week.get(day, ()))
        if runs and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    if len(runs) == 1:
        return tr("daily {spans}").format(spans=runs[0][2])
    return ", ".join(
        f"{days[first] if first == last else f'{days[first]}–{days[last]}'} {spans}"
        for first, last, spans in runs
        if spans
    )


def _span(opens: time, closes: time) -> str:
    if opens == closes:
        return tr("round the clock")
    # A closing time of 00:00 is midnight.
    return f"{opens:%H:%M}–{closes:%H:%M}" if closes != time() else f"{opens:%H:%M}–24:00"
