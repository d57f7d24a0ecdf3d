"""Short words for times, numbers and states; pure functions that are given the present moment."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.conversation import Kind, MessageType, Status
from smm_inbox.domain.listing import View
from smm_inbox.domain.outgoing import OutState
from smm_inbox.domain.parts import Attachment, AttachmentKind
from smm_inbox.locale import language, tr

MINUS = "−"
UNKNOWN = "—"
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def left(due: datetime | None, now: datetime) -> str:
    """Time left to a deadline: ``4 м``, ``1 ч 40``, ``−12 м`` when it is past, empty without one.

    A deadline that is past by less than a minute is ``−0 м``: the sign matters, not the number.
    """
    if due is None:
        return ""
    seconds = int((due - now).total_seconds())
    return MINUS + span(-seconds) if seconds < 0 else span(seconds)


def ago(when: datetime, now: datetime) -> str:
    """How long ago: ``4 м``; a moment in the future counts as now."""
    return span(max(0, int((now - when).total_seconds())))


def span(seconds: int) -> str:
    """A stretch of time in at most six characters: ``4 м``, ``1 ч 40``, ``3 д``."""
    if seconds < _HOUR:
        return tr("{minutes} m").format(minutes=seconds // _MINUTE)
    if seconds < 10 * _HOUR:
        hours, rest = divmod(seconds, _HOUR)
        if minutes := rest // _MINUTE:
            return tr("{hours} h {minutes:02}").format(hours=hours, minutes=minutes)
        return tr("{hours} h").format(hours=hours)
    if seconds < 2 * _DAY:
        return tr("{hours} h").format(hours=seconds // _HOUR)
    return tr("{days} d").format(days=seconds // _DAY)


def countdown(until: datetime, now: datetime) -> str:
    """Seconds, later minutes, until something happens: ``3 с``; never below one second."""
    seconds = max(1, -int(-(until - now).total_seconds() // 1))
    return tr("{seconds} s").format(seconds=seconds) if seconds < _MINUTE else span(seconds)


def clock(when: datetime, zone: tzinfo) -> str:
    """Time of day: ``14:18``."""
    return f"{when.astimezone(zone):%H:%M}"


def moment(when: datetime, now: datetime, zone: tzinfo) -> str:
    """When something was: ``14:18``, ``вчера 14:18``, ``20 ноя 14:18``, ``20 ноя 2024``."""
    local, today = when.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return clock(when, zone)
    if local.date() == today.date() - timedelta(days=1):
        return tr("yesterday {time}").format(time=clock(when, zone))
    if local.year == today.year:
        return f"{day(when, now, zone)} {clock(when, zone)}"
    return day(when, now, zone)


def ahead(when: datetime, now: datetime, zone: tzinfo) -> str:
    """When something will be: ``сегодня, 18:00``, ``завтра, 10:00``, ``пт, 27 ноября, 10:00``."""
    local, today = when.astimezone(zone), now.astimezone(zone)
    time = clock(when, zone)
    days = (local.date() - today.date()).days
    if days == 0:
        return tr("today, {time}").format(time=time)
    if days == 1:
        return tr("tomorrow, {time}").format(time=time)
    weekday = tr("Mon Tue Wed Thu Fri Sat Sun").split()[local.weekday()]
    months = tr(
        "January February March April May June July August September October November December"
    )
    date = tr("{day} {month}").format(day=local.day, month=months.split()[local.month - 1])
    if local.year != today.year:
        date = f"{date} {local.year}"
    return f"{weekday}, {date}, {time}"


def since(when: datetime, now: datetime, zone: tzinfo) -> str:
    """When something began: ``с 18:00``, ``с 27 ноя 18:00``."""
    shown = clock(when, zone)
    if when.astimezone(zone).date() != now.astimezone(zone).date():
        shown = f"{day(when, now, zone)} {shown}"
    return tr("since {when}").format(when=shown)


def until(when: datetime, now: datetime, zone: tzinfo) -> str:
    """A due time: ``до 18:00``, ``до 27 ноя 18:00``."""
    local = when.astimezone(zone)
    shown = clock(when, zone)
    if local.date() != now.astimezone(zone).date():
        shown = f"{day(when, now, zone)} {shown}"
    return tr("until {when}").format(when=shown)


def day(when: datetime, now: datetime, zone: tzinfo) -> str:
    """Day of the year, with the year when it is another one: ``20 ноя``, ``20 ноя 2024``."""
    local = when.astimezone(zone)
    shown = f"{local.day} {_month(local.month)}"
    return shown if local.year == now.astimezone(zone).year else f"{shown} {local.year}"


def _month(number: int) -> str:
    names = tr("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
    return names[number - 1]


def number(value: int) -> str:
    """A whole number with its thousands apart: ``12 400``."""
    # A no-break space: a number is never torn apart at the end of a line.
    return f"{value:,}".replace(",", "\u00a0")


def followers(count: int | None) -> str:
    """Reach in a few characters: ``812``, ``1,2 тыс.``, ``3 млн``; ``—`` when unknown."""
    if count is None:
        return UNKNOWN
    if count < 1_000:
        return str(count)
    if count < 999_950:
        return tr("{number}k").format(number=_short(count / 1_000))
    return tr("{number}M").format(number=_short(count / 1_000_000))


def size(count: int | None) -> str:
    """Size of a file: ``640 КБ``, ``1,4 МБ``; empty when unknown."""
    if count is None:
        return ""
    if count < 1_000:
        return tr("{number} B").format(number=count)
    if count < 999_950:
        return tr("{number} KB").format(number=_short(count / 1_000))
    if count < 999_950_000:
        return tr("{number} MB").format(number=_short(count / 1_000_000))
    return tr("{number} GB").format(number=_short(count / 1_000_000_000))


def _short(value: float) -> str:
    """Two significant places at most: ``1,2``, ``12,4``, ``340``."""
    text = f"{value:.1f}" if value < 100 else f"{value:.0f}"
    text = text.removesuffix(".0")
    return text.replace(".", ",") if language() == "ru" else text


def duration(seconds: int | None) -> str:
    """Length of a recording: ``0:42``, ``1:02:03``; empty when unknown."""
    if seconds is None:
        return ""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def kind_word(kind: Kind) -> str:
    """Kind of a conversation in a row of the feed: ``коммент.``."""
    return {
        Kind.DIRECT: tr("direct"),
        Kind.COMMENT: tr("comment"),
        Kind.MENTION: tr("mention"),
        Kind.REVIEW: tr("review"),
        Kind.MANUAL: tr("by hand"),
    }[kind]


def entry_word(source: str, kind: Kind) -> str:
    """Where an entry made by hand came from, in a row of the feed: ``звонок``, ``2ГИС отзыв``."""
    word = root_word(source)
    return f"{word} {kind_word(kind)}" if kind is Kind.REVIEW else word.lower()


def public_word(public: bool) -> str:
    """Who reads the answer: ``ПУБЛИЧНО`` or ``личное``, told apart by shape as well."""
    return tr("PUBLIC") if public else tr("private")


def type_word(kind: MessageType | None) -> str:
    """What the customer wants; empty when nobody said."""
    if kind is None:
        return ""
    return {
        MessageType.QUESTION: tr("question"),
        MessageType.THANKS: tr("thanks"),
        MessageType.COMPLAINT: tr("complaint"),
        MessageType.NEUTRAL: tr("neutral"),
    }[kind]


def status_word(status: Status) -> str:
    """How far the work on a conversation is."""
    return {
        Status.NEW: tr("new"),
        Status.IN_PROGRESS: tr("in progress"),
        Status.CLOSED: tr("closed"),
    }[status]


def view_word(view: View) -> str:
    """Name of a list."""
    return {
        View.AWAITING: tr("Unanswered"),
        View.OPEN: tr("All open"),
        View.DIRECT: tr("Private messages"),
        View.COMMENTS: tr("Comments"),
        View.MENTIONS: tr("Mentions"),
        View.REVIEWS: tr("Reviews"),
        View.SNOOZED: tr("Snoozed"),
        View.STARRED: tr("Starred"),
        View.DRAFTS: tr("Drafts"),
        View.NOT_SENT: tr("Not sent"),
        View.CLOSED: tr("Closed"),
        View.SPAM: tr("Spam"),
    }[view]


def out_state_word(state: OutState) -> str:
    """Where our answer is, with a sign of its own."""
    return {
        OutState.QUEUED: tr("↗ queued"),
        OutState.SENDING: tr("↗ leaving"),
        OutState.SENT: tr("✓ delivered"),
        OutState.FAILED: tr("✕ not sent"),
        OutState.AMBIGUOUS: tr("? being checked"),
    }[state]


def health_sign(state: HealthState) -> str:
    """State of a connection: ``●`` works, ``◐`` on its way, ``✕`` needs you, ``○`` off."""
    return {
        HealthState.OFF: "○",
        HealthState.CONNECTING: "◐",
        HealthState.CATCHING_UP: "◐",
        HealthState.ONLINE: "●",
        HealthState.WAITING: "◐",
        HealthState.NEEDS_LOGIN: "✕",
        HealthState.BROKEN: "✕",
    }[state]


def health_word(state: HealthState) -> str:
    """State of a connection in one or two words."""
    return {
        HealthState.OFF: tr("off"),
        HealthState.CONNECTING: tr("connecting"),
        HealthState.CATCHING_UP: tr("catching up"),
        HealthState.ONLINE: tr("connected"),
        HealthState.WAITING: tr("will try again"),
        HealthState.NEEDS_LOGIN: tr("needs you to sign in"),
        HealthState.BROKEN: tr("needs your attention"),
    }[state]


def attachment_word(kind: AttachmentKind) -> str:
    """Kind of an attachment."""
    return {
        AttachmentKind.PHOTO: tr("photo"),
        AttachmentKind.VIDEO: tr("video"),
        AttachmentKind.AUDIO: tr("audio"),
        AttachmentKind.VOICE: tr("voice message"),
        AttachmentKind.DOCUMENT: tr("file"),
        AttachmentKind.STICKER: tr("sticker"),
        AttachmentKind.LINK: tr("link"),
        AttachmentKind.POST: tr("post"),
        AttachmentKind.COMMENT: tr("comment to the post"),
        AttachmentKind.PRODUCT: tr("product"),
        AttachmentKind.LOCATION: tr("place on the map"),
        AttachmentKind.CONTACT: tr("contact"),
        AttachmentKind.STORY: tr("story"),
        AttachmentKind.GIFT: tr("gift"),
        AttachmentKind.POLL: tr("poll"),
        AttachmentKind.CALL: tr("call"),
        AttachmentKind.FORWARD: tr("forwarded"),
        AttachmentKind.OTHER: tr("attachment"),
    }[kind]


def attachment(item: Attachment) -> str:
    """An attachment in one line: ``📎 файл «меню.pdf» 1,4 МБ``, ``📎 голосовое 0:42``."""
    parts = [f"📎 {attachment_word(item.kind)}"]
    if item.name:
        parts.append(tr("“{name}”").format(name=item.name))
    parts.extend(part for part in (duration(item.duration), size(item.size)) if part)
    return " ".join(parts)


def handle(name: str) -> str:
    """Handle of an author: ``@guest``; an address of a mailbox or a phone stays as it is."""
    return name if "@" in name or name.startswith("+") else f"@{name}"


def root_word(kind: str) -> str:
    """What a comment hangs on: ``ПОСТ``; a word this version does not know stays as it is."""
    return {
        "post": tr("POST"),
        "photo": tr("PHOTO"),
        "video": tr("VIDEO"),
        "product": tr("PRODUCT"),
        "topic": tr("TOPIC"),
        "story": tr("STORY"),
        "chat": tr("CHAT"),
        "book": tr("GUEST BOOK"),
        "call": tr("CALL"),
        "visit": tr("VISIT"),
        "2gis": tr("2GIS"),
        "yandex": tr("YANDEX"),
        "google": tr("GOOGLE"),
        "otzovik": tr("OTZOVIK"),
        "site": tr("SITE"),
        "other": tr("BY HAND"),
    }.get(kind, kind.upper())
