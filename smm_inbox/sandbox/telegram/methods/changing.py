"""Changing and deleting what was sent."""

from __future__ import annotations

from typing import Any

from smm_inbox.sandbox.telegram import profiles
from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import RpcError, forbidden
from smm_inbox.sandbox.telegram.methods.files import media_of
from smm_inbox.sandbox.telegram.methods.registry import method
from smm_inbox.sandbox.telegram.methods.sending import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    delivery,
)
from smm_inbox.sandbox.telegram.model import Message
from smm_inbox.sandbox.telegram.pushing import last_event, message_update
from smm_inbox.sandbox.telegram.texts import units
from smm_inbox.sandbox.telegram.tl import types
from smm_inbox.sandbox.telegram.traffic import delete, edit


@method("messages.editMessage")
def edit_message(context: Context, request: Any) -> object:
    """Replace the text of an own message."""
    chat = context.chat(request.peer)
    message = context.message(chat, request.id)
    if message is None or message.service:
        raise RpcError("MESSAGE_ID_INVALID")
    _check_author(context, message)
    text = message.text if request.message is None else request.message
    if not text.strip() and not message.media:
        raise RpcError("MESSAGE_EMPTY")
    if units(text) > (LONGEST_CAPTION if message.media else LONGEST_TEXT):
        raise RpcError("MESSAGE_TOO_LONG")
    media = media_of(context, request.media) if request.media is not None else None
    if text == message.text and media is None:
        raise RpcError("MESSAGE_NOT_MODIFIED")
    state = context.state
    edit(state, message, text, media, context.origin)
    state.delivered(delivery(context, "edit", message))
    event = last_event(state, state.box_name(chat, context.me))
    users, chats = profiles.people(state, context.me, [message])
    return types.Updates(
        updates=[message_update(state, context.me, message, event)],
        users=users,
        chats=chats,
        date=state.now(),
        seq=0,
    )


def _check_author(context: Context, message: Message) -> None:
    post = context.broadcast(message.chat) and context.is_admin(message.chat)
    if message.author != context.me and not post:
        raise forbidden("MESSAGE_AUTHOR_REQUIRED")
    if not post and context.state.now() - message.date > context.state.rules.edit_seconds:
        raise RpcError("MESSAGE_EDIT_TIME_EXPIRED")


@method("messages.deleteMessages")
def delete_messages(context: Context, request: Any) -> object:
    """Delete in private chats and basic groups; what is gone already counts for nothing."""
    state = context.state
    found = [item for number in request.id if (item := context.any_message(number)) is not None]
    count = len(found)
    for item in found:
        in_group = not item.chat.startswith("u:")
        if in_group and item.author != context.me and not context.is_admin(item.chat):
            raise forbidden("MESSAGE_DELETE_FORBIDDEN")
    for chat in {item.chat for item in found}:
        gone = [item for item in found if item.chat == chat]
        delete(state, gone, context.origin, only=0 if request.revoke else context.me)
        for item in gone:
            state.delivered(delivery(context, "delete", item))
    return types.messages.AffectedMessages(pts=state.box(str(context.me)).pts, pts_count=count)


@method("channels.deleteMessages")
def delete_channel_messages(context: Context, request: Any) -> object:
    """Delete in a channel or supergroup: own ones, or any as an admin."""
    state = context.state
    chat = context.chat(request.channel)
    found = [item for number in request.id if (item := context.message(chat, number)) is not None]
    if not context.is_admin(chat) and any(item.author != context.me for item in found):
        raise forbidden("MESSAGE_DELETE_FORBIDDEN")
    delete(state, found, context.origin)
    for item in found:
        state.delivered(delivery(context, "delete", item))
    return types.messages.AffectedMessages(pts=state.box(chat).pts, pts_count=len(found))
