"""One table: VK's error code, what to do about it, and the sentence for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from smm_inbox.domain.errors import (
    Ambiguous,
    AuthExpired,
    ChannelError,
    NeedsHuman,
    RateLimited,
    Rejected,
    Retry,
    Unsupported,
)
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr

from .failures import ApiFailure, Failure, TransportFailure, Trouble
from .rights import Role


class Remedy(StrEnum):
    """What helps against an error code."""

    RETRY = "retry"
    """Repeat; the call surely had no effect."""
    UNKNOWN_EFFECT = "unknown_effect"
    """Repeat; VK does not say whether the call had effect."""
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    HUMAN = "human"
    TOKEN = "token"  # noqa: S105 - the name of a remedy
    NO_RIGHT = "no_right"
    REJECTED = "rejected"
    GONE = "gone"
    NO_WRITING = "no_writing"
    """The customer cannot be written to: holds for the whole conversation."""


_PAUSES = {
    Remedy.SECONDS: timedelta(seconds=3),
    Remedy.MINUTES: timedelta(minutes=5),
    Remedy.HOURS: timedelta(hours=1),
}


class CannotWrite(Rejected):
    """Refused for the whole conversation: the customer cannot be written to."""


class Gone(Rejected):
    """What the call is about does not exist any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table."""

    remedy: Remedy
    sentence: str
    """English message id."""


def _(sentence: str) -> str:
    """Mark a sentence of the table for translation; it is translated when it is shown."""
    return sentence


_FAULT = _("VK answers with a fault of its own; we will try again.")
_SLOW_DOWN = _("VK asks to slow down; we will go on in a moment.")
_FLOOD = _("VK considers these messages too frequent; sending goes on in a few minutes.")
_QUOTA = _("VK's quota for today is used up; we will try again in an hour.")
_CAPTCHA = _("VK wants to see a human: open the link, pass the check and send the answer again.")
_CONFIRM = _("VK asks for a confirmation: open the link, confirm and send the answer again.")
_HUMAN_READING = _("VK wants to see a human: open the link and do what it says; we will try again.")
_TOKEN = _(
    "VK does not accept the community token any more: make a new one in the community's settings "
    "(API usage) and put it into the config file."
)
_FORBIDDEN = _("VK does not allow this with the token in use.")
_OUR_FAULT = _("VK did not understand the request, repeating will not help: {detail}.")
_GONE = _("This is no longer on VK: it was deleted or hidden.")
_NO_USER = _("VK knows no such person any more.")
_DELETED = _("The customer's page is deleted or blocked: they cannot be written to.")
_BLACKLIST = _("The customer is on the community's blacklist: take them off it to answer.")
_DENIED = _(
    "The customer does not allow messages from the community: answer where they can see it."
)
_PRIVACY = _("The customer's privacy settings do not let the community write to them.")
_NO_CHAT = _("The community is no longer a member of this chat.")
_TOO_LATE = _("VK does not let us answer here any more: too much time has passed.")
_NO_CONTACT = _("VK has no conversation with this customer: they have to write first.")
_NO_ADMIN = _("VK refuses: the community may not write in this conversation.")
_EDIT_LATE = _("The message is too old to be edited: send a correction instead.")
_DELETE_LATE = _("VK no longer lets us delete this message for everybody.")
_TOO_LONG = _("The text is too long for VK: shorten it and send it again.")
_EDIT_KIND = _("VK does not let this message be edited.")
_PINNED = _("The message is pinned: unpin it on VK to change it.")
_CLOSED = _("Comments are closed here: answer in a private message.")
_NO_COMMENT = _("VK does not let us at this comment: it is deleted, or commenting is restricted.")
_LINKS = _("VK does not allow links in comments here: remove the link and send it again.")
_MANY_COMMENTS = _("VK takes no more comments here for now; sending goes on in a few minutes.")

TABLE: dict[int, Entry] = {
    1: Entry(Remedy.UNKNOWN_EFFECT, _FAULT),
    5: Entry(Remedy.TOKEN, _TOKEN),
    6: Entry(Remedy.SECONDS, _SLOW_DOWN),
    7: Entry(Remedy.NO_RIGHT, _FORBIDDEN),
    9: Entry(Remedy.MINUTES, _FLOOD),
    10: Entry(Remedy.UNKNOWN_EFFECT, _FAULT),
    14: Entry(Remedy.HUMAN, _CAPTCHA),
    15: Entry(Remedy.NO_RIGHT, _FORBIDDEN),
    17: Entry(Remedy.HUMAN, _CONFIRM),
    18: Entry(Remedy.NO_WRITING, _DELETED),
    20: Entry(Remedy.NO_RIGHT, _FORBIDDEN),
    24: Entry(Remedy.HUMAN, _CONFIRM),
    27: Entry(Remedy.NO_RIGHT, _FORBIDDEN),
    28: Entry(Remedy.TOKEN, _TOKEN),
    29: Entry(Remedy.HOURS, _QUOTA),
    36: Entry(Remedy.UNKNOWN_EFFECT, _FAULT),
    43: Entry(Remedy.RETRY, _FAULT),
    100: Entry(Remedy.REJECTED, _OUR_FAULT),
    104: Entry(Remedy.GONE, _GONE),
    113: Entry(Remedy.REJECTED, _NO_USER),
    203: Entry(Remedy.NO_RIGHT, _FORBIDDEN),
    211: Entry(Remedy.REJECTED, _NO_COMMENT),
    212: Entry(Remedy.REJECTED, _NO_COMMENT),
    213: Entry(Remedy.REJECTED, _CLOSED),
    222: Entry(Remedy.REJECTED, _LINKS),
    223: Entry(Remedy.MINUTES, _MANY_COMMENTS),
    260: Entry(Remedy.NO_RIGHT, _FORBIDDEN),
    601: Entry(Remedy.MINUTES, _FLOOD),
    801: Entry(Remedy.REJECTED, _CLOSED),
    900: Entry(Remedy.NO_WRITING, _BLACKLIST),
    901: Entry(Remedy.NO_WRITING, _DENIED),
    902: Entry(Remedy.NO_WRITING, _PRIVACY),
    909: Entry(Remedy.REJECTED, _EDIT_LATE),
    914: Entry(Remedy.REJECTED, _TOO_LONG),
    915: Entry(Remedy.NO_WRITING, _DENIED),
    916: Entry(Remedy.NO_WRITING, _BLACKLIST),
    917: Entry(Remedy.NO_WRITING, _NO_CHAT),
    918: Entry(Remedy.NO_WRITING, _NO_ADMIN),
    920: Entry(Remedy.REJECTED, _EDIT_KIND),
    924: Entry(Remedy.REJECTED, _DELETE_LATE),
    932: Entry(Remedy.NO_WRITING, _NO_ADMIN),
    936: Entry(Remedy.NO_WRITING, _NO_CONTACT),
    945: Entry(Remedy.NO_WRITING, _NO_CHAT),
    949: Entry(Remedy.REJECTED, _PINNED),
    950: Entry(Remedy.NO_WRITING, _TOO_LATE),
    1012: Entry(Remedy.NO_WRITING, _NO_CHAT),
    1116: Entry(Remedy.TOKEN, _TOKEN),
    1117: Entry(Remedy.TOKEN, _TOKEN),
    1401: Entry(Remedy.REJECTED, _CLOSED),
    3300: Entry(Remedy.HUMAN, _CAPTCHA),
}
"""Sources: VK's schema errors.json, dev.vk.com/ru/reference/errors, and the reasons of
``conversation.can_write`` (915, 916, 918), which carry the same numbers."""

# 15 is said about a method ("no access to call this method", subcode 1133) and about one object
# ("Access denied" for somebody else's message); only the first is a missing right.
_SCOPE_SUBCODE = 1133
_ABOUT_ONE_OBJECT = frozenset({7, 203, 260})


def lacks_right(failure: Failure, *, effect: bool) -> bool:
    """Whether the token may not call this method at all, so that it is never tried again."""
    if not isinstance(failure, ApiFailure):
        return False
    if failure.code in {20, 27}:
        return True
    if failure.code == 28:
        return "unavailable" in failure.message.casefold()
    if failure.code == 15:
        words = failure.message.casefold()
        return failure.subcode == _SCOPE_SUBCODE or "method" in words or "scope" in words
    # Said to a read these mean the whole section; said to a send they may mean one conversation.
    return failure.code in _ABOUT_ONE_OBJECT and not effect


def is_about_the_token(failure: Failure) -> bool:
    """Of a failure that lacks a right: whether no visit to VK's settings can give it."""
    return isinstance(failure, ApiFailure) and failure.code not in _ABOUT_ONE_OBJECT


def token_is_dead(failure: Failure) -> bool:
    """Whether VK does not accept the token itself."""
    if not isinstance(failure, ApiFailure) or lacks_right(failure, effect=True):
        return False
    entry = TABLE.get(failure.code)
    return entry is not None and entry.remedy is Remedy.TOKEN


def cannot_write(code: int) -> str:
    """Sentence why a conversation cannot be written to, for an error or a ``can_write`` reason.

    Empty when the code does not mean that.
    """
    if code == 203:
        return tr(_NO_ADMIN)
    entry = TABLE.get(code)
    return tr(entry.sentence) if entry and entry.remedy is Remedy.NO_WRITING else ""


def translate(failure: Failure, *, effect: bool, now: datetime) -> ChannelError:
    """The remedy for ``failure``. ``effect``: the call changes something on VK."""
    if isinstance(failure, ApiFailure):
        return _from_api(failure, effect=effect, now=now)
    if isinstance(failure, TransportFailure):
        return _from_transport(failure, effect=effect)
    return Retry(tr(_FAULT))


def missing_token(role: Role) -> Unsupported:
    """The account has no token that could do it."""
    return Unsupported(needs(role))


def needs(role: Role) -> str:
    """Sentence: which token an action lacks."""
    if role is Role.USER:
        return tr("This needs an administrator's token: add user_token to the account.")
    if role is Role.SERVICE:
        return tr("This needs the service key of a VK app: add service_key to the account.")
    return tr("The community token lacks a right: make a new one with all rights ticked.")


def dead(role: Role) -> str:
    """Sentence: an optional token is not accepted any more."""
    if role is Role.SERVICE:
        return tr(
            "VK does not accept the service key any more: replace service_key in the account."
        )
    return tr(
        "VK does not accept the administrator's token any more: replace user_token in the account."
    )


def unfinished(*, started: bool, effect: bool) -> ChannelError:
    """VK was given up on after a while."""
    if started and effect:
        return Ambiguous(tr("VK did not answer in time; we are checking whether it arrived."))
    return Retry(tr("VK does not answer in time; we will try again."))


def _from_api(failure: ApiFailure, *, effect: bool, now: datetime) -> ChannelError:
    entry = TABLE.get(failure.code)
    detail = clean_line(failure.message, limit=160).rstrip(".")
    if entry is None:
        return Rejected(
            tr("VK refused with the error {code}: {detail}.").format(
                code=failure.code, detail=detail or "—"
            )
        )
    sentence = tr(entry.sentence)
    match entry.remedy:
        case Remedy.RETRY:
            return Retry(sentence)
        case Remedy.UNKNOWN_EFFECT:
            return Ambiguous(sentence) if effect else Retry(sentence)
        case Remedy.SECONDS | Remedy.MINUTES | Remedy.HOURS:
            return RateLimited(sentence, until=now + _PAUSES[entry.remedy])
        case Remedy.HUMAN:
            return NeedsHuman(sentence if effect else tr(_HUMAN_READING), failure.url)
        case Remedy.TOKEN:
            return _token_error(failure, sentence)
        case Remedy.NO_RIGHT:
            if lacks_right(failure, effect=effect) or failure.code != 15:
                return Unsupported(sentence)
            return Rejected(sentence)
        case Remedy.NO_WRITING:
            return CannotWrite(sentence)
        case Remedy.GONE:
            return Gone(sentence)
        case Remedy.REJECTED:
            # Only the row of code 100 has a place for VK's own words.
            return Rejected(sentence.replace("{detail}", detail or "—"))


def _token_error(failure: ApiFailure, sentence: str) -> ChannelError:
    words = failure.message.casefold()
    if lacks_right(failure, effect=True):
        return Unsupported(tr(_FORBIDDEN))
    if "another ip" in words:
        return AuthExpired(
            tr(
                "VK does not accept the token from this network: it was issued for another "
                "address. Make a new one in the community's settings."
            )
        )
    if "expired" in words:
        return AuthExpired(
            tr("The VK token has expired: make a new one and put it into the config file.")
        )
    return AuthExpired(sentence)


def _from_transport(failure: TransportFailure, *, effect: bool) -> ChannelError:
    if failure.sent and effect:
        return Ambiguous(
            tr("The connection to VK broke off while sending; we are checking whether it arrived.")
        )
    return Retry(_transport_sentence(failure))


def _transport_sentence(failure: TransportFailure) -> str:
    match failure.trouble:
        case Trouble.PROXY:
            return tr(
                "The proxy of this account does not answer: check the proxy in the config file."
            )
        case Trouble.UNREACHABLE:
            return tr("VK cannot be reached: check the internet connection.")
        case Trouble.CERTIFICATE:
            return tr("The connection to VK is not trusted: check the computer's date and network.")
        case Trouble.TIMEOUT:
            return tr("VK does not answer in time; we will try again.")
        case Trouble.SERVER:
            return tr("VK's servers are out of order; we will try again.")
        case Trouble.NONSENSE:
            return tr("Something that is not VK answers in its place; we will try again.")
        case Trouble.BROKEN:
            return tr("The connection to VK broke off; we will try again.")
