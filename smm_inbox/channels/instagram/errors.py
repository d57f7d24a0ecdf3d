"""One table: Instagram's code and subcode, what to do about it, and the operator's sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from smm_inbox.domain.errors import (
    Ambiguous,
    AuthExpired,
    ChannelError,
    RateLimited,
    Rejected,
    Retry,
    Unsupported,
)
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr

from .failures import ApiFailure, Failure, TransportFailure, Trouble


class Remedy(StrEnum):
    """What helps against an error."""

    TOKEN = "token"  # noqa: S105 - the name of a remedy
    SECONDS = "seconds"
    MINUTES = "minutes"
    PASSING = "passing"
    SMALLER = "smaller"
    WINDOW = "window"
    NO_WRITING = "no_writing"
    """The customer cannot be written to: holds for the whole conversation."""
    GONE = "gone"
    CONSENT = "consent"
    FIELD = "field"
    CURSOR = "cursor"
    REJECTED = "rejected"
    NO_RIGHT = "no_right"
    USED_UP = "used_up"


class CannotWrite(Rejected):
    """Refused for the whole conversation."""


class WindowClosed(CannotWrite):
    """The time for an answer is over, or the app has no access: the error is the same."""


class Gone(Rejected):
    """What the call is about does not exist any more, or is not shown to us."""


class NoConsent(Rejected):
    """The person's profile is not shown to us."""


class NoField(Rejected):
    """The flavour of the API does not know a field; ``name`` says which."""

    def __init__(self, sentence: str, name: str) -> None:
        super().__init__(sentence)
        self.name = name


class DeadCursor(Retry):
    """A page cursor died with its item: begin at the top."""


class TooMuch(Retry):
    """The answer would be too big: ask for less."""


class UsedUp(Rejected):
    """The one private answer to this comment has been given, or it is too late."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table."""

    remedy: Remedy
    sentence: str
    """English message id."""


def _(sentence: str) -> str:
    """Mark a sentence of the table for translation; it is translated when it is shown."""
    return sentence


_TOKEN = _(
    "Instagram does not accept the token any more: make a new one in Meta's app dashboard "
    "(Instagram, API setup, Generate token) and put it into the config file."
)
_NO_TOKEN = _("Instagram did not get the token: check it in the config file.")
_SLOW_DOWN = _("Instagram asks to slow down; we will go on in a moment.")
_LIMIT = _("Instagram's limit of calls is reached; we will go on by ourselves when it is lifted.")
_FAULT = _("Instagram answers with a fault of its own; we will try again.")
_WINDOW = _(
    "Instagram's time for an answer is over: it becomes possible when the customer writes again."
)
_AGENT = _(
    "Meta has not approved Human Agent for your app: remove human_agent from the config file; "
    "answers are possible for 24 hours."
)
_PERMISSION = _(
    "The token lacks a permission: make a new one with messages and comments allowed in Meta's "
    "app dashboard."
)
_ACCESS = _(
    "Meta lets your app answer only its testers so far: publish the app and ask for Advanced "
    "Access in Meta's app dashboard."
)
_SWITCH = _(
    "Access to messages is switched off: on the phone open Instagram's settings, Messages, "
    "Connected tools, and allow access to messages."
)
_UNAVAILABLE = _("The customer cannot be written to: they blocked the account or left Instagram.")
_RESTRICTED = _(
    "Instagram has restricted the account for now: open Instagram on the phone and see what it "
    "says."
)
_NOBODY = _("Instagram knows no such person any more.")
_BAD_MESSAGE = _("Instagram did not take the text: shorten it or write it differently.")
_PRIVATE = _(
    "A private answer to this comment is not possible: it was given already, or the comment is "
    "older than 7 days."
)
_GONE = _("This is no longer on Instagram, or Instagram does not show it to your app.")
_MESSAGE_GONE = _("The message is no longer on Instagram.")
_CONSENT = _("Instagram shows the profile only of people who wrote to you.")
_OUR_FAULT = _("Instagram did not understand the request, repeating will not help: {detail}.")
_ROLE = _(
    "Instagram does not serve your app for this account: in Meta's app dashboard add the account "
    "as an Instagram tester and accept the invitation in Instagram's settings."
)

TABLE: dict[tuple[int, int], Entry] = {
    (104, 0): Entry(Remedy.TOKEN, _NO_TOKEN),
    (4, 0): Entry(Remedy.MINUTES, _LIMIT),
    (17, 0): Entry(Remedy.MINUTES, _LIMIT),
    (32, 0): Entry(Remedy.MINUTES, _LIMIT),
    (613, 0): Entry(Remedy.MINUTES, _LIMIT),
    (80002, 0): Entry(Remedy.MINUTES, _LIMIT),
    (613, 2534040): Entry(Remedy.SECONDS, _SLOW_DOWN),
    (10, 2534022): Entry(Remedy.WINDOW, _WINDOW),
    (10, 2018278): Entry(Remedy.WINDOW, _WINDOW),
    (10, 2018108): Entry(Remedy.NO_WRITING, _UNAVAILABLE),
    (551, 1545041): Entry(Remedy.NO_WRITING, _UNAVAILABLE),
    (200, 1545041): Entry(Remedy.NO_WRITING, _UNAVAILABLE),
    (551, 0): Entry(Remedy.NO_WRITING, _UNAVAILABLE),
    (10, 0): Entry(Remedy.NO_RIGHT, _PERMISSION),
    (200, 0): Entry(Remedy.NO_RIGHT, _PERMISSION),
    (200, 2534041): Entry(Remedy.NO_RIGHT, _SWITCH),
    (10, 1893063): Entry(Remedy.REJECTED, _RESTRICTED),
    (100, 2534029): Entry(Remedy.REJECTED, _RESTRICTED),
    (368, 0): Entry(Remedy.REJECTED, _RESTRICTED),
    (25, 2207050): Entry(Remedy.REJECTED, _RESTRICTED),
    (100, 2534014): Entry(Remedy.NO_WRITING, _NOBODY),
    (100, 2534015): Entry(Remedy.REJECTED, _BAD_MESSAGE),
    (100, 2534025): Entry(Remedy.USED_UP, _PRIVATE),
    (100, 33): Entry(Remedy.GONE, _GONE),
    (100, 0): Entry(Remedy.REJECTED, _OUR_FAULT),
    (230, 0): Entry(Remedy.CONSENT, _CONSENT),
    (2500, 0): Entry(Remedy.REJECTED, _OUR_FAULT),
    (9000001, 0): Entry(Remedy.GONE, _MESSAGE_GONE),
    (1, 0): Entry(Remedy.PASSING, _FAULT),
    (2, 0): Entry(Remedy.PASSING, _FAULT),
}
_ANY_SUBCODE = frozenset({4, 17, 32, 80002, 1, 2, 368, 551, 230, 2500, 9000001})

_BY_WORDS: tuple[tuple[int, str, Entry], ...] = (
    (10, "human agent", Entry(Remedy.REJECTED, _AGENT)),
    (200, "advanced access", Entry(Remedy.NO_RIGHT, _ACCESS)),
    (100, "nonexisting field", Entry(Remedy.FIELD, _OUR_FAULT)),
    (100, "invalid cursor", Entry(Remedy.CURSOR, _FAULT)),
    (100, "unsupported request - method type", Entry(Remedy.NO_RIGHT, _ROLE)),
    (1, "reduce the amount of data", Entry(Remedy.SMALLER, _FAULT)),
)
"""Errors that share a code and differ by their words only."""

LIMIT_PAUSE = timedelta(minutes=15)
"""Pause when the headers do not name one."""


def translate(
    failure: Failure, *, effect: bool, now: datetime, limit_pause: timedelta = LIMIT_PAUSE
) -> ChannelError:
    """The error by remedy; ``effect``: the call may have changed something."""
    match failure:
        case ApiFailure():
            return _api(failure, effect=effect, now=now, limit_pause=limit_pause)
        case TransportFailure():
            return _transport(failure, effect=effect)
        case _:
            raise AssertionError(f"an unknown failure: {type(failure).__name__}")


def lookup(failure: ApiFailure) -> Entry | None:
    """The row for an error; ``None`` for one that nobody has documented."""
    words = failure.message.casefold()
    for code, phrase, entry in _BY_WORDS:
        if code == failure.code and phrase in words:
            return entry
    if failure.code == 190:
        return Entry(Remedy.TOKEN, _TOKEN)
    found = TABLE.get((failure.code, failure.subcode))
    if found is None and failure.code in _ANY_SUBCODE:
        found = TABLE.get((failure.code, 0))
    return found


def _api(
    failure: ApiFailure, *, effect: bool, now: datetime, limit_pause: timedelta
) -> ChannelError:
    entry = lookup(failure)
    if entry is None:
        if failure.transient:
            entry = Entry(Remedy.PASSING, _FAULT)
        elif not effect:
            return Retry(tr(_FAULT))
        else:
            entry = Entry(Remedy.REJECTED, _OUR_FAULT)
    detail = clean_line(failure.message, limit=200).rstrip(".") or str(failure.code)
    sentence = tr(entry.sentence).format(detail=detail)
    match entry.remedy:
        case Remedy.TOKEN:
            return AuthExpired(sentence)
        case Remedy.SECONDS:
            return RateLimited(sentence, now + timedelta(seconds=5))
        case Remedy.MINUTES:
            pause = timedelta(minutes=failure.regain) if failure.regain else limit_pause
            return RateLimited(sentence, now + pause)
        case Remedy.PASSING:
            return Ambiguous(sentence) if effect else Retry(sentence)
        case Remedy.SMALLER:
            return Ambiguous(sentence) if effect else TooMuch(sentence)
        case Remedy.WINDOW:
            return WindowClosed(sentence)
        case Remedy.NO_WRITING:
            return CannotWrite(sentence)
        case Remedy.GONE:
            return Gone(sentence)
        case Remedy.CONSENT:
            return NoConsent(sentence)
        case Remedy.FIELD:
            return NoField(sentence, _field_of(failure.message))
        case Remedy.CURSOR:
            return DeadCursor(sentence)
        case Remedy.NO_RIGHT:
            return Unsupported(sentence)
        case Remedy.USED_UP:
            return UsedUp(sentence)
        case Remedy.REJECTED:
            return Rejected(sentence)


def _field_of(message: str) -> str:
    _, _, rest = message.rpartition("(")
    return clean_line(rest.rstrip(" )."), limit=60)


def _transport(failure: TransportFailure, *, effect: bool) -> ChannelError:
    match failure.trouble:
        case Trouble.PROXY:
            sentence = tr(
                "The proxy of this account does not answer: check that it runs and its address "
                "in the config file."
            )
        case Trouble.UNREACHABLE:
            sentence = tr(
                "Instagram cannot be reached: check the internet. In Russia it opens only "
                "through a proxy: set proxy in the account."
            )
        case Trouble.CERTIFICATE:
            sentence = tr(
                "Something between us and Instagram shows a false certificate: check the proxy "
                "and the clock of this computer."
            )
        case Trouble.TIMEOUT:
            sentence = tr("Instagram did not answer in time.")
        case Trouble.BROKEN:
            sentence = tr("The connection to Instagram broke off.")
        case Trouble.SERVER:
            sentence = tr(_FAULT)
        case Trouble.NONSENSE:
            sentence = tr("Something that is not Instagram answers in its place.")
    return Ambiguous(sentence) if effect and failure.sent else Retry(sentence)
