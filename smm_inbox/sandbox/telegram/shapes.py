"""Messages as TL objects, as one viewer sees them."""

from __future__ import annotations

from typing import Any

from smm_inbox.sandbox.telegram.media_shapes import media_shape
from smm_inbox.sandbox.telegram.model import (
    Entity,
    Message,
    is_channel,
    number_of,
    other_side,
)
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.tl import types

SILENT = types.PeerNotifySettings()


def peer(chat: str, viewer: int) -> Any:
    """A chat as a Peer."""
    if chat.startswith("u:"):
        return types.PeerUser(other_side(chat, viewer))
    if is_channel(chat):
        return types.PeerChannel(number_of(chat))
    return types.PeerChat(number_of(chat))


def message(state: State, viewer: int, item: Message) -> Any:
    """A message or notice; an empty one when the viewer cannot see it."""
    name = state.box_name(item.chat, viewer)
    number = item.ids.get(name, 0)
    if item.deleted or not number or not state.visible(viewer, item):
        return nothing(number)
    shared = {
        "id": number,
        "peer_id": peer(item.chat, viewer),
        "date": item.date,
        "out": item.author == viewer,
        "mentioned": viewer in item.mentions,
        "media_unread": _unread(state, viewer, item, number),
        "post": _posted(state, item),
        "from_id": _author(state, item, viewer),
        "reply_to": _reply(state, item, name),
    }
    if item.service:
        return types.MessageService(**shared, action=_action(item))
    return types.Message(
        **shared,
        message=item.text,
        fwd_from=_forward(state, item),
        media=media_shape(state, item.media) if item.media else None,
        entities=[_entity(part) for part in item.entities] or None,
        views=item.views or None,
        forwards=0 if item.views else None,
        replies=_replies(state, item),
        edit_date=item.edited or None,
        post_author=item.signature or None,
        grouped_id=item.album or None,
        via_bot_id=item.via_bot or None,
        reactions=reactions(item) if item.reactions else None,
        saved_peer_id=types.PeerUser(item.letter_of) if item.letter_of else None,
        suggested_post=types.SuggestedPost() if item.suggested else None,
    )


def nothing(number: int) -> Any:
    """The place of a message that is gone or was never there."""
    return types.MessageEmpty(id=number, peer_id=None)


def reactions(item: Message) -> Any:
    """What people put under a message."""
    return types.MessageReactions(
        results=[
            types.ReactionCount(reaction=types.ReactionEmoji(sign), count=count)
            for sign, count in item.reactions.items()
        ]
    )


def _posted(state: State, item: Message) -> bool:
    place = state.channels.get(number_of(item.chat)) if is_channel(item.chat) else None
    return place is not None and place.broadcast


def _author(state: State, item: Message, viewer: int) -> Any:
    if item.as_channel:
        return None if _posted(state, item) else types.PeerChannel(item.as_channel)
    if item.chat.startswith("u:") and item.author != viewer:
        return None
    return types.PeerUser(item.author)


def _unread(state: State, viewer: int, item: Message, number: int) -> bool:
    account = state.accounts.get(viewer)
    return account is not None and number in account.unread_mentions.get(item.chat, [])


def _reply(state: State, item: Message, name: str) -> Any:
    target = state.messages.get(item.reply_to)
    if target is None or name not in target.ids:
        return None
    top = state.messages.get(item.thread)
    shown = top.ids.get(name) if top is not None and item.thread != item.reply_to else None
    return types.MessageReplyHeader(reply_to_msg_id=target.ids[name], reply_to_top_id=shown)


def _forward(state: State, item: Message) -> Any:
    source = item.forward
    if source is None:
        return None
    origin = None
    if source.channel:
        origin = types.PeerChannel(source.channel)
    elif source.user:
        origin = types.PeerUser(source.user)
    return types.MessageFwdHeader(
        date=source.date,
        from_id=origin,
        from_name=source.name or None,
        channel_post=source.post or None,
        saved_from_peer=origin if source.automatic else None,
        saved_from_msg_id=source.post if source.automatic else None,
    )


def _replies(state: State, item: Message) -> Any:
    """How many comments or answers: under posts and under their copies only."""
    if not is_channel(item.chat):
        return None
    place = state.channels[number_of(item.chat)]
    if place.broadcast:
        copy = copy_of(state, item)
        if copy is None:
            return None
        under = comments_under(state, copy)
        number = copy.chat
        return types.MessageReplies(
            replies=len(under),
            replies_pts=state.box(number).pts,
            comments=True,
            channel_id=place.linked,
            max_id=max((part.ids[number] for part in under), default=None),
        )
    if item.forward is not None and item.forward.automatic:
        return types.MessageReplies(
            replies=len(comments_under(state, item)), replies_pts=state.box(item.chat).pts
        )
    return None


def copy_of(state: State, post: Message) -> Message | None:
    """The copy of a channel's post in the linked group."""
    number = post.ids.get(post.chat)
    return next(
        (
            item
            for item in state.messages.values()
            if item.forward is not None
            and item.forward.automatic
            and (item.forward.channel, item.forward.post) == (number_of(post.chat), number)
        ),
        None,
    )


def comments_under(state: State, top: Message) -> list[Message]:
    """Living messages of the thread under a message, oldest first."""
    return [
        item
        for item in state.messages.values()
        if not item.deleted and top.uid in {item.thread, item.reply_to}
    ]


def _action(item: Message) -> Any:
    match item.service:
        case "joined":
            return types.MessageActionChatAddUser([item.author])
        case "pinned":
            return types.MessageActionPinMessage()
        case "created":
            return types.MessageActionChannelCreate(item.text)
        case _:
            return types.MessageActionCustomAction(item.service)


def _entity(part: Entity) -> Any:
    where = {"offset": part.offset, "length": part.length}
    match part.kind:
        case "mention":
            return types.MessageEntityMention(**where)
        case "name":
            return types.MessageEntityMentionName(**where, user_id=part.user)
        case "url":
            return types.MessageEntityUrl(**where)
        case "link":
            return types.MessageEntityTextUrl(**where, url=part.url)
        case "hashtag":
            return types.MessageEntityHashtag(**where)
        case "command":
            return types.MessageEntityBotCommand(**where)
        case "bold":
            return types.MessageEntityBold(**where)
        case _:
            return types.MessageEntityUnknown(**where)
