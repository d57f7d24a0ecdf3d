"""Sending: text, attachments, albums; each random_id takes effect once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smm_inbox.sandbox.telegram import profiles
from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import RpcError, forbidden
from smm_inbox.sandbox.telegram.methods.files import media_of
from smm_inbox.sandbox.telegram.methods.registry import method
from smm_inbox.sandbox.telegram.model import (
    Delivery,
    Entity,
    Event,
    Media,
    Message,
    is_channel,
    number_of,
    other_side,
)
from smm_inbox.sandbox.telegram.pushing import last_event, message_update
from smm_inbox.sandbox.telegram.texts import units
from smm_inbox.sandbox.telegram.tl import types
from smm_inbox.sandbox.telegram.traffic import Draft, put

LONGEST_TEXT, LONGEST_CAPTION, LARGEST_ALBUM = 4096, 1024, 10


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a send."""

    random_id: int
    text: str
    media: Media | None
    entities: list[Entity]


@method("messages.sendMessage")
def send_message(context: Context, request: Any) -> object:
    """Send a text."""
    if again := _repeated(context, [request.random_id]):
        return again
    chat = _writable(context, request.peer)
    if not request.message.strip():
        raise RpcError("MESSAGE_EMPTY")
    if units(request.message) > LONGEST_TEXT:
        raise RpcError("MESSAGE_TOO_LONG")
    part = Part(request.random_id, request.message, None, marked(context, request.entities))
    (message,) = _send(context, chat, [part], request)
    if chat.startswith("u:"):
        event = last_event(context.state, str(context.me))
        return types.UpdateShortSentMessage(
            id=context.id_of(message),
            pts=event.pts,
            pts_count=event.count,
            date=message.date,
            out=True,
        )
    return _told(context, [message])


@method("messages.sendMedia")
def send_media(context: Context, request: Any) -> object:
    """Send an attachment with a caption."""
    if again := _repeated(context, [request.random_id]):
        return again
    chat = _writable(context, request.peer)
    _check_caption(request.message)
    part = Part(
        request.random_id,
        request.message,
        media_of(context, request.media),
        marked(context, request.entities),
    )
    return _told(context, _send(context, chat, [part], request))


@method("messages.sendMultiMedia")
def send_album(context: Context, request: Any) -> object:
    """Send an album."""
    if again := _repeated(context, [item.random_id for item in request.multi_media]):
        return again
    chat = _writable(context, request.peer)
    if not 1 <= len(request.multi_media) <= LARGEST_ALBUM:
        raise RpcError("MULTI_MEDIA_TOO_LONG")
    parts: list[Part] = []
    for item in request.multi_media:
        _check_caption(item.message)
        if not isinstance(item.media, types.InputMediaPhoto | types.InputMediaDocument):
            raise RpcError("MEDIA_INVALID")
        marks = marked(context, item.entities)
        parts.append(Part(item.random_id, item.message, media_of(context, item.media), marks))
    return _told(context, _send(context, chat, parts, request))


def _check_caption(text: str) -> None:
    if units(text) > LONGEST_CAPTION:
        raise RpcError("MEDIA_CAPTION_TOO_LONG")


def _repeated(context: Context, random_ids: list[int]) -> Any:
    """The first result once more, None for something new.

    Raises:
        RpcError: RANDOM_ID_DUPLICATE, as the network answers on other days; RANDOM_ID_EMPTY.
    """
    if not all(random_ids):
        raise RpcError("RANDOM_ID_EMPTY")
    state = context.state
    uids = [uid for number in random_ids for uid in state.remembered(context.me, number)]
    if not uids:
        return None
    if state.rules.repeat == "error":
        raise RpcError("RANDOM_ID_DUPLICATE", 500)
    return _told(context, [state.messages[uid] for uid in uids], again=True)


def _writable(context: Context, peer: Any) -> str:
    """The chat, if the caller may write there now.

    Raises:
        RpcError: Why not.
    """
    chat = context.chat(peer)
    if chat.startswith("u:"):
        _check_person(context, chat)
    elif is_channel(chat):
        _check_channel(context, chat)
    return chat


def _check_person(context: Context, chat: str) -> None:
    state = context.state
    person = state.users[other_side(chat, context.me)]
    if person.deleted:
        raise RpcError("INPUT_USER_DEACTIVATED")
    if person.blocked_us:
        raise forbidden("USER_IS_BLOCKED") if context.own.bot_token else RpcError("USER_IS_BLOCKED")
    written_to_us = any(
        item.chat == chat and item.author == person.id for item in state.messages.values()
    )
    if context.own.bot_token and not written_to_us:
        raise forbidden("PEER_ID_INVALID")
    if not written_to_us and not person.shows_phone and person.id != context.me:
        if context.own.limited:
            raise RpcError("PEER_FLOOD")
        if person.closed:
            raise forbidden("PRIVACY_PREMIUM_REQUIRED")


def _check_channel(context: Context, chat: str) -> None:
    state = context.state
    channel = state.channels[number_of(chat)]
    admin = context.me in channel.admins
    if channel.broadcast and not admin:
        raise forbidden("CHAT_ADMIN_REQUIRED")
    if channel.silenced and not admin:
        raise forbidden("CHAT_WRITE_FORBIDDEN")
    if context.me not in channel.members and not channel.linked:
        raise forbidden("CHAT_WRITE_FORBIDDEN")
    if channel.slow_mode and not admin:
        last = state.last_written.get(f"{chat}:{context.me}", 0.0)
        wait = last + channel.slow_mode - state.clock()
        if wait > 0:
            raise RpcError(f"SLOWMODE_WAIT_{int(wait) + 1}", 420)


def marked(context: Context, entities: list[Any] | None) -> list[Entity]:
    """Marks a client puts on its text; plain ones the network finds itself."""
    found: list[Entity] = []
    for item in entities or []:
        match item:
            case types.InputMessageEntityMentionName():
                person = context.user(item.user_id)
                found.append(Entity("name", item.offset, item.length, user=person.id))
            case types.MessageEntityTextUrl():
                found.append(Entity("link", item.offset, item.length, url=item.url))
            case types.MessageEntityBold():
                found.append(Entity("bold", item.offset, item.length))
    return found


def _send(context: Context, chat: str, parts: list[Part], request: Any) -> list[Message]:
    state = context.state
    target = _target(context, chat, request.reply_to)
    letter_of = _letter_of(context, chat, request.reply_to)
    voice, signature = _voice(context, chat, getattr(request, "send_as", None))
    album = state.number() if len(parts) > 1 else 0
    sent: list[Message] = []
    for part in parts:
        message = put(
            state,
            Draft(
                chat=chat,
                author=context.me,
                text=part.text,
                media=part.media,
                entities=part.entities,
                reply_to=target.uid if target else 0,
                as_channel=voice,
                signature=signature,
                album=album,
                letter_of=letter_of,
                random_id=part.random_id,
            ),
            context.origin,
        )
        state.randoms[f"{context.me}:{part.random_id}"] = [message.uid]
        sent.append(message)
        state.delivered(delivery(context, "message", message, target))
    state.last_written[f"{chat}:{context.me}"] = state.clock()
    return sent


def _target(context: Context, chat: str, reply: Any) -> Message | None:
    if reply is None or isinstance(reply, types.InputReplyToMonoForum):
        return None
    if not isinstance(reply, types.InputReplyToMessage):
        raise RpcError("REPLY_TO_INVALID")
    place = context.chat(reply.reply_to_peer_id) if reply.reply_to_peer_id else chat
    found = context.message(place, reply.reply_to_msg_id)
    if found is None:
        # A message that is gone: the real network refuses comments to it too.
        raise RpcError("MSG_ID_INVALID")
    return found


def _letter_of(context: Context, chat: str, reply: Any) -> int:
    """Whose correspondence in a letterbox an answer belongs to; 0 anywhere else."""
    if not is_channel(chat) or not context.state.channels[number_of(chat)].is_letterbox:
        return 0
    person = getattr(reply, "monoforum_peer_id", None)
    if person is None:
        raise RpcError("REPLY_TO_MONOFORUM_PEER_INVALID")
    return context.user(person).id


def _voice(context: Context, chat: str, send_as: Any) -> tuple[int, str]:
    """In whose name it is shown, and the signature under a post."""
    if not is_channel(chat):
        return 0, ""
    channel = context.state.channels[number_of(chat)]
    if channel.is_letterbox:
        return channel.letterbox, ""
    if channel.broadcast:
        name = context.state.users[context.me].first_name
        return channel.id, name if channel.signatures else ""
    if send_as is not None and not isinstance(send_as, types.InputPeerSelf):
        as_chat = context.chat(send_as)
        if is_channel(as_chat) and context.is_admin(as_chat):
            return number_of(as_chat), ""
        raise RpcError("SEND_AS_PEER_INVALID")
    return (channel.id, "") if context.me in channel.anonymous else (0, "")


def delivery(
    context: Context, kind: str, message: Message, target: Message | None = None
) -> Delivery:
    """The record of an effect."""
    private = message.chat.startswith("u:")
    peer = other_side(message.chat, context.me) if private else number_of(message.chat)
    media = (f"{message.media.kind}:{message.media.name}",) if message.media else ()
    return Delivery(
        kind=kind,
        account=context.me,
        chat=message.chat,
        id=context.id_of(message),
        text=message.text,
        random_id=message.random_id if kind == "message" else 0,
        reply_to=context.id_of(target) if target else 0,
        media=media,
        uid=message.uid,
        peer=peer,
    )


def _told(context: Context, messages: list[Message], *, again: bool = False) -> Any:
    """The answer: which id each random_id got, and the messages themselves."""
    state = context.state
    numbered = [
        types.UpdateMessageID(id=context.id_of(item), random_id=item.random_id) for item in messages
    ]
    shown = [
        message_update(state, context.me, item, _event(context, item, again=again))
        for item in messages
        if not item.deleted
    ]
    users, chats = profiles.people(state, context.me, messages)
    return types.Updates(
        updates=[*numbered, *shown], users=users, chats=chats, date=state.now(), seq=0
    )


def _event(context: Context, message: Message, *, again: bool) -> Event:
    name = context.state.box_name(message.chat, context.me)
    box = context.state.box(name)
    if again:
        return Event(box.pts, 0, "new", message.date, uid=message.uid, chat=message.chat)
    return next(
        event for event in reversed(box.events) if event.uid == message.uid and event.kind == "new"
    )
