"""One table: Telegram's error, what to do about it, and the sentence for the operator."""

from __future__ import annotations

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
from smm_inbox.locale import tr

from .failures import Failure, Lost, Refused, Trouble


class Remedy(StrEnum):
    """What helps against an error."""

    RETRY = "retry"
    UNKNOWN_EFFECT = "unknown_effect"
    """Repeat; Telegram does not say whether the call had effect."""
    WAIT = "wait"
    """Telegram says how many seconds."""
    HOUR = "hour"
    LOGIN = "login"
    NOBODY = "nobody"
    """Nobody has logged in with this session yet."""
    REJECTED = "rejected"
    GONE = "gone"
    UNSUPPORTED = "unsupported"


class Gone(Rejected):
    """What the call is about does not exist any more."""


class NeedsLogin(AuthExpired):
    """The session is over: the program's own login helps."""


class NotLoggedIn(NeedsLogin):
    """Nobody has logged in yet."""


def _(sentence: str) -> str:
    """Mark a sentence of the table for translation; it is translated when it is shown."""
    return sentence


_FAULT = _("Telegram answers with a fault of its own; we will try again.")
_FLOOD = _("Telegram asks to slow down; sending goes on by itself when the time is over.")
_SLOW_MODE = _("Slow mode is on in this group; the answer leaves by itself when it is our turn.")
_PEER_FLOOD = _(
    "Telegram has limited the account for writing to strangers: ask @SpamBot in Telegram when the "
    "limit ends; we try again in an hour."
)
_REVOKED = _(
    "The Telegram session was ended from another device: log in again with “smm-inbox login”."
)
_DUPLICATED = _(
    "Telegram ended the session because it was used in two places at once: log in again with "
    "“smm-inbox login”."
)
_BANNED = _("Telegram has blocked this account: write to recover@telegram.org from its owner.")
_API = _("Telegram does not know this api_id and api_hash: check both at my.telegram.org.")
_BOT_TOKEN = _("Telegram does not accept the bot token: get a new one from @BotFather.")
_BLOCKED = _("The customer has blocked us in Telegram: they cannot be written to.")
_PRIVACY = _("The customer takes private messages only from people they know: answer in place.")
_PREMIUM = _("The customer takes private messages only from Premium accounts: answer in place.")
_STRANGER = _("Telegram does not let us write to this person first: answer where they can see it.")
_DEACTIVATED = _("The customer's Telegram account is deleted: they cannot be written to.")
_NO_WRITING = _("We may not write in this chat: join it or ask its administrators.")
_NO_MEDIA = _("Files of this kind may not be sent in this chat: send the answer as text.")
_NOT_MEMBER = _("We are no longer a member of this chat: join it in Telegram to answer.")
_BANNED_HERE = _("We are banned in this chat: its administrators can change that.")
_NEEDS_ADMIN = _("Only administrators of the chat may do this.")
_GONE = _("This is no longer in Telegram: it was deleted.")
_NO_REPLY_TARGET = _("The message you answer was deleted in Telegram: answer without quoting it.")
_TOO_LONG = _("The text is too long for Telegram: shorten it and send it again.")
_CAPTION = _("The text under the picture is too long for Telegram: shorten it to 1024 characters.")
_EMPTY = _("Telegram does not send an empty message: write something.")
_EDIT_LATE = _("Telegram no longer lets us edit this message: send a correction instead.")
_NOT_OURS = _("Only our own messages can be edited.")
_DELETE_LATE = _("Telegram no longer lets us delete this message for everybody.")
_PICTURE = _("Telegram does not take this picture: save it as JPEG or PNG and try again.")
_FILE = _("Telegram does not take this file: send it again or choose another one.")
_FILE_BIG = _("The file is too big for Telegram.")
_SEND_AS = _("The channel may not write in this chat: switch off as_channel in the config file.")
_PAID = _("The customer asks for Telegram Stars for a first message: answer in place.")
_BOT = _("A Telegram bot cannot do this; only a person's account can.")
_LOST_FILE = _("The file is no longer in Telegram.")
_OTHER = _("Telegram refused: {detail}.")

_LOGIN = (Remedy.LOGIN, _REVOKED)
_NO_WRITE = (Remedy.REJECTED, _NO_WRITING)

TABLE: dict[str, tuple[Remedy, str]] = {
    "SlowModeWaitError": (Remedy.WAIT, _SLOW_MODE),
    "FloodWaitError": (Remedy.WAIT, _FLOOD),
    "FloodPremiumWaitError": (Remedy.WAIT, _FLOOD),
    "FloodTestPhoneWaitError": (Remedy.WAIT, _FLOOD),
    "PeerFloodError": (Remedy.HOUR, _PEER_FLOOD),
    "FloodError": (Remedy.WAIT, _FLOOD),
    "UserDeactivatedBanError": (Remedy.LOGIN, _BANNED),
    "PhoneNumberBannedError": (Remedy.LOGIN, _BANNED),
    "AuthKeyDuplicatedError": (Remedy.LOGIN, _DUPLICATED),
    "AuthKeyNotFound": _LOGIN,
    "AuthKeyError": _LOGIN,
    "AuthKeyUnregisteredError": (Remedy.NOBODY, _REVOKED),
    "UnauthorizedError": _LOGIN,
    "ApiIdInvalidError": (Remedy.REJECTED, _API),
    "ApiIdPublishedFloodError": (Remedy.REJECTED, _API),
    "AccessTokenExpiredError": (Remedy.LOGIN, _BOT_TOKEN),
    "AccessTokenInvalidError": (Remedy.LOGIN, _BOT_TOKEN),
    "UserIsBlockedError": (Remedy.REJECTED, _BLOCKED),
    "YouBlockedUserError": (Remedy.REJECTED, _BLOCKED),
    "UserPrivacyRestrictedError": (Remedy.REJECTED, _PRIVACY),
    "PrivacyPremiumRequiredError": (Remedy.REJECTED, _PREMIUM),
    "PeerIdInvalidError": (Remedy.REJECTED, _STRANGER),
    "UserIdInvalidError": (Remedy.REJECTED, _STRANGER),
    "InputUserDeactivatedError": (Remedy.REJECTED, _DEACTIVATED),
    "UserDeactivatedError": (Remedy.LOGIN, _BANNED),
    "ChatWriteForbiddenError": _NO_WRITE,
    "ChatGuestSendForbiddenError": _NO_WRITE,
    "ChatRestrictedError": _NO_WRITE,
    "ChatSendPlainForbiddenError": _NO_WRITE,
    "ChatForbiddenError": (Remedy.REJECTED, _NOT_MEMBER),
    "ChannelPrivateError": (Remedy.REJECTED, _NOT_MEMBER),
    "ChannelInvalidError": (Remedy.REJECTED, _NOT_MEMBER),
    "ChatIdInvalidError": (Remedy.REJECTED, _NOT_MEMBER),
    "UserNotParticipantError": (Remedy.REJECTED, _NOT_MEMBER),
    "UserBannedInChannelError": (Remedy.REJECTED, _BANNED_HERE),
    "ChatAdminRequiredError": (Remedy.REJECTED, _NEEDS_ADMIN),
    "ChatSendMediaForbiddenError": (Remedy.REJECTED, _NO_MEDIA),
    "ChatSendPhotosForbiddenError": (Remedy.REJECTED, _NO_MEDIA),
    "ChatSendDocsForbiddenError": (Remedy.REJECTED, _NO_MEDIA),
    "ChatSendVideosForbiddenError": (Remedy.REJECTED, _NO_MEDIA),
    "ChatSendVoicesForbiddenError": (Remedy.REJECTED, _NO_MEDIA),
    "ChatSendAudiosForbiddenError": (Remedy.REJECTED, _NO_MEDIA),
    "VoiceMessagesForbiddenError": (Remedy.REJECTED, _NO_MEDIA),
    "MessageIdInvalidError": (Remedy.GONE, _GONE),
    "MsgIdInvalidError": (Remedy.GONE, _GONE),
    "ReplyMessageIdInvalidError": (Remedy.GONE, _NO_REPLY_TARGET),
    "ReplyToInvalidError": (Remedy.GONE, _NO_REPLY_TARGET),
    "TopicDeletedError": (Remedy.GONE, _GONE),
    "MessageTooLongError": (Remedy.REJECTED, _TOO_LONG),
    "MediaCaptionTooLongError": (Remedy.REJECTED, _CAPTION),
    "MessageEmptyError": (Remedy.REJECTED, _EMPTY),
    "MessageEditTimeExpiredError": (Remedy.REJECTED, _EDIT_LATE),
    "MessageAuthorRequiredError": (Remedy.REJECTED, _NOT_OURS),
    "MessageDeleteForbiddenError": (Remedy.REJECTED, _DELETE_LATE),
    "PhotoInvalidDimensionsError": (Remedy.REJECTED, _PICTURE),
    "PhotoExtInvalidError": (Remedy.REJECTED, _PICTURE),
    "PhotoInvalidError": (Remedy.REJECTED, _PICTURE),
    "ImageProcessFailedError": (Remedy.REJECTED, _PICTURE),
    "PhotoSaveFileInvalidError": (Remedy.REJECTED, _PICTURE),
    "MediaInvalidError": (Remedy.REJECTED, _FILE),
    "MediaEmptyError": (Remedy.REJECTED, _FILE),
    "FilePartsInvalidError": (Remedy.REJECTED, _FILE),
    "FileReferenceExpiredError": (Remedy.GONE, _LOST_FILE),
    "FileReferenceInvalidError": (Remedy.GONE, _LOST_FILE),
    "FileIdInvalidError": (Remedy.GONE, _LOST_FILE),
    "FilePartTooBigError": (Remedy.REJECTED, _FILE_BIG),
    "SendAsPeerInvalidError": (Remedy.REJECTED, _SEND_AS),
    "AllowPaymentRequiredError": (Remedy.REJECTED, _PAID),
    "BotMethodInvalidError": (Remedy.UNSUPPORTED, _BOT),
    "UserIsBotError": (Remedy.REJECTED, _STRANGER),
    "ServerError": (Remedy.UNKNOWN_EFFECT, _FAULT),
    "TimedOutError": (Remedy.UNKNOWN_EFFECT, _FAULT),
    "RpcCallFailError": (Remedy.UNKNOWN_EFFECT, _FAULT),
    "InvalidDCError": (Remedy.RETRY, _FAULT),
}
"""By the names of Telethon's errors; the first base class that is listed decides."""


def translate(failure: Failure, *, effect: bool, now: datetime) -> ChannelError:
    """The remedy for a failure.

    Args:
        failure: What left the client.
        effect: Whether the call changes something others can see.
        now: The time from which waits are counted.
    """
    if isinstance(failure, Refused):
        return _refused(failure, effect=effect, now=now)
    if isinstance(failure, Lost):
        return _lost(failure, effect=effect)
    return Retry(tr(_FAULT))


def _refused(failure: Refused, *, effect: bool, now: datetime) -> ChannelError:
    remedy, sentence = next(
        (TABLE[name] for name in failure.names if name in TABLE), (Remedy.REJECTED, _OTHER)
    )
    said = tr(sentence)
    if sentence is _OTHER:
        said = said.format(detail=failure.names[0].removesuffix("Error"))
    match remedy:
        case Remedy.WAIT:
            return RateLimited(said, now + timedelta(seconds=max(1, failure.seconds or 60)))
        case Remedy.HOUR:
            return RateLimited(said, now + timedelta(hours=1))
        case Remedy.NOBODY:
            return NotLoggedIn(said)
        case Remedy.LOGIN:
            return NeedsLogin(said)
        case Remedy.UNKNOWN_EFFECT if effect:
            return Ambiguous(
                tr("Telegram answers with a fault; we are checking whether it arrived.")
            )
        case Remedy.RETRY | Remedy.UNKNOWN_EFFECT:
            return Retry(said)
        case Remedy.GONE:
            return Gone(said)
        case Remedy.UNSUPPORTED:
            return Unsupported(said)
        case _:
            return Rejected(said)


def _lost(failure: Lost, *, effect: bool) -> ChannelError:
    if effect and failure.left:
        return Ambiguous(tr("Telegram did not answer; we are checking whether it arrived."))
    match failure.trouble:
        case Trouble.PROXY:
            return Retry(
                tr("The proxy does not let us through to Telegram: check proxy in the config file.")
            )
        case Trouble.SILENT:
            return Retry(tr("Telegram does not answer; we will try again."))
        case Trouble.NONSENSE:
            return Retry(tr("Something that is not Telegram answers in its place."))
        case _:
            return Retry(
                tr(
                    "No connection to Telegram; we will try again. If this lasts, a SOCKS5 proxy "
                    "or a VPN helps."
                )
            )


def not_logged_in(account: str) -> NotLoggedIn:
    """Nobody has logged in yet."""
    return NotLoggedIn(
        tr("Log in to Telegram first: run “smm-inbox login {account}”.").format(account=account)
    )


def stranger() -> Rejected:
    """A person Telegram does not let us address."""
    return Rejected(tr(_STRANGER))


def not_a_member() -> Rejected:
    """A group or channel that we cannot see."""
    return Rejected(tr(_NOT_MEMBER))


def cannot_look() -> Unsupported:
    """A bot has no history to look into."""
    return Unsupported(
        tr("A bot cannot look into the chat: look in Telegram whether the answer is there.")
    )


def bad_file() -> Rejected:
    """An upload that Telegram did not turn into media."""
    return Rejected(tr(_FILE))


def not_yet() -> Retry:
    """The list of chats has not come yet."""
    return Retry(tr("Telegram is still telling us its chats; the answer leaves right after."))
