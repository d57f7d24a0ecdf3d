"""Updates by what they tell: new messages, edits, deletions, or that something was missed."""

from __future__ import annotations

from collections.abc import Iterable

from telethon.tl import types

NEW = (types.UpdateNewMessage, types.UpdateNewChannelMessage)
EDITED = (types.UpdateEditMessage, types.UpdateEditChannelMessage)
SHORT = (types.UpdateShortMessage, types.UpdateShortChatMessage)
"""Plain messages without their usual wrapping; Telethon hands them on as they are."""
DELETED = (types.UpdateDeleteMessages, types.UpdateDeleteChannelMessages)

INTERESTING = NEW + EDITED + SHORT + DELETED
GAPS = (types.UpdateChannelTooLong, types.UpdateChannel, types.UpdatePtsChanged)
"""After these a look at the chats tells what is new."""


def new_message(update: object) -> types.Message | None:
    """The message that an update brings, if it brings one."""
    if isinstance(update, NEW):
        message = update.message
        usable = isinstance(message, types.Message | types.MessageService)
        return message if usable else None
    if isinstance(update, types.UpdateShortMessage):
        return _whole(update, types.PeerUser(update.user_id), None)
    if isinstance(update, types.UpdateShortChatMessage):
        return _whole(update, types.PeerChat(update.chat_id), types.PeerUser(update.from_id))
    return None


def edited_message(update: object) -> types.Message | None:
    """The message that an update changes, if it changes one."""
    if isinstance(update, EDITED) and isinstance(update.message, types.Message):
        return update.message
    return None


def has_album(updates: Iterable[object]) -> bool:
    """Whether a part of an album is among ``updates``: the others are about to come."""
    return any(
        isinstance(update, NEW) and getattr(update.message, "grouped_id", None)
        for update in updates
    )


def _whole(update: object, peer: object, author: object) -> types.Message:
    """A short update as the message it stands for."""
    told = vars(update)
    same = ("id", "date", "message", "out", "mentioned", "media_unread", "silent", "fwd_from")
    more = ("via_bot_id", "reply_to", "entities", "ttl_period")
    return types.Message(
        peer_id=peer, from_id=author, **{name: told.get(name) for name in (*same, *more)}
    )
