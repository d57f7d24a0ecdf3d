"""Reading messages: history, search, comments, mentions, single ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from smm_inbox.sandbox.telegram import profiles, shapes
from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import RpcError
from smm_inbox.sandbox.telegram.methods.dialogs import letterbox
from smm_inbox.sandbox.telegram.methods.registry import method
from smm_inbox.sandbox.telegram.model import Message, is_channel
from smm_inbox.sandbox.telegram.shapes import comments_under, copy_of
from smm_inbox.sandbox.telegram.tl import stamp, types

MOST = 100
_FILTERS: dict[str, Callable[[Message], bool]] = {
    "InputMessagesFilterEmpty": lambda _: True,
    "InputMessagesFilterPhotos": lambda item: _kind(item) == "photo",
    "InputMessagesFilterVideo": lambda item: _kind(item) == "video",
    "InputMessagesFilterPhotoVideo": lambda item: _kind(item) in {"photo", "video"},
    "InputMessagesFilterDocument": lambda item: _kind(item) == "document",
    "InputMessagesFilterVoice": lambda item: _kind(item) == "voice",
    "InputMessagesFilterUrl": lambda item: any(part.kind == "url" for part in item.entities),
}


def _kind(item: Message) -> str:
    return item.media.kind if item.media else ""


def answer(context: Context, chat: str, every: list[Message], page: list[Message]) -> Any:
    """A page of messages, in the form that belongs to the kind of chat."""
    state = context.state
    users, chats = profiles.people(state, context.me, page)
    shared = {
        "messages": [shapes.message(state, context.me, item) for item in page],
        "topics": [],
        "chats": chats,
        "users": users,
    }
    if is_channel(chat):
        return types.messages.ChannelMessages(**shared, pts=state.box(chat).pts, count=len(every))
    if len(page) == len(every):
        return types.messages.Messages(**shared)
    return types.messages.MessagesSlice(**shared, count=len(every))


def cut(context: Context, every: list[Message], request: Any) -> list[Message]:
    """The page a client asked for; ``every`` comes newest first.

    Works like the real one: find the place of the offset, step by ``add_offset``, take ``limit``,
    then drop what lies outside ``min_id`` and ``max_id``.
    """
    start = 0
    before = stamp(getattr(request, "offset_date", None))
    if request.offset_id:
        start = sum(1 for item in every if context.id_of(item) >= request.offset_id)
    elif before:
        start = sum(1 for item in every if item.date >= before)
    start += request.add_offset
    page = every[max(start, 0) : max(start + min(request.limit, MOST), 0)]
    return [
        item
        for item in page
        if (not request.max_id or context.id_of(item) < request.max_id)
        and context.id_of(item) > request.min_id
    ]


@method("messages.getHistory", people_only=True)
def get_history(context: Context, request: Any) -> object:
    """A page of a chat."""
    chat = context.chat(request.peer)
    every = context.state.history(chat, context.me)
    return answer(context, chat, every, cut(context, every, request))


@method("messages.getSavedHistory", people_only=True)
def get_topic(context: Context, request: Any) -> object:
    """A page of what one person and a channel wrote to each other."""
    chat = letterbox(context, request.parent_peer)
    person = context.user(request.peer).id
    every = [m for m in context.state.history(chat, context.me) if m.letter_of == person]
    return answer(context, chat, every, cut(context, every, request))


@method("messages.search", people_only=True)
def search(context: Context, request: Any) -> object:
    """Messages of a chat with a word, of a person, of a kind."""
    chat = context.chat(request.peer)
    fits = _FILTERS.get(type(request.filter).__name__)
    if isinstance(request.filter, types.InputMessagesFilterMyMentions):
        numbers = context.own.unread_mentions.get(chat, [])
        every = [m for m in context.state.history(chat, context.me) if context.id_of(m) in numbers]
        return answer(context, chat, every, cut(context, every, request))
    if fits is None:
        raise RpcError("SEARCH_FILTER_UNSUPPORTED")
    author = context.user(request.from_id).id if request.from_id is not None else 0
    words = request.q.casefold()
    every = [
        item
        for item in context.state.history(chat, context.me)
        if words in item.text.casefold()
        and fits(item)
        and (not author or item.author == author)
        and _within(item, request)
    ]
    return answer(context, chat, every, cut(context, every, request))


def _within(item: Message, request: Any) -> bool:
    before = stamp(request.max_date)
    return item.date >= stamp(request.min_date) and (not before or item.date <= before)


@method("messages.getMessages")
def get_messages(context: Context, request: Any) -> object:
    """Messages of private chats and basic groups by id."""
    return _singly(context, request.id, context.any_message, "")


@method("channels.getMessages")
def get_channel_messages(context: Context, request: Any) -> object:
    """Messages of a channel by id."""
    chat = context.chat(request.channel)
    return _singly(context, request.id, partial(context.message, chat), chat)


def _singly(
    context: Context, wanted: list[Any], find: Callable[[int], Message | None], chat: str
) -> Any:
    state = context.state
    numbers = [int(getattr(item, "id", item)) for item in wanted]
    found = [find(number) for number in numbers]
    for place, item in enumerate(wanted):
        if isinstance(item, types.InputMessageReplyTo):
            # Not the message itself is wanted but the one it answers.
            target = state.messages.get(reply.reply_to) if (reply := found[place]) else None
            found[place] = None if target is None or target.deleted else target
    living = [item for item in found if item is not None]
    users, chats = profiles.people(state, context.me, living)
    shown = [
        types.MessageEmpty(id=number, peer_id=None)
        if item is None
        else shapes.message(state, context.me, item)
        for item, number in zip(found, numbers, strict=True)
    ]
    if not chat:
        return types.messages.Messages(messages=shown, topics=[], chats=chats, users=users)
    return types.messages.ChannelMessages(
        pts=state.box(chat).pts,
        count=len(shown),
        messages=shown,
        topics=[],
        chats=chats,
        users=users,
    )


@method("messages.getReplies", people_only=True)
def get_replies(context: Context, request: Any) -> object:
    """Comments under a post, or answers in a thread of a group."""
    top = _top(context, request.peer, request.msg_id)
    every = sorted(comments_under(context.state, top), key=lambda item: item.uid, reverse=True)
    return answer(context, top.chat, every, cut(context, every, request))


@method("messages.getDiscussionMessage", people_only=True)
def get_discussion(context: Context, request: Any) -> object:
    """The copy of a post in the discussion group."""
    top = _top(context, request.peer, request.msg_id)
    state = context.state
    under = comments_under(state, top)
    users, chats = profiles.people(state, context.me, [top])
    return types.messages.DiscussionMessage(
        messages=[shapes.message(state, context.me, top)],
        unread_count=0,
        chats=chats,
        users=users,
        max_id=max((context.id_of(item) for item in under), default=None),
        read_inbox_max_id=context.own.read_in.get(top.chat),
    )


def _top(context: Context, peer: Any, msg_id: int) -> Message:
    message = context.message(context.chat(peer), msg_id)
    if message is None:
        raise RpcError("MSG_ID_INVALID")
    if not context.broadcast(message.chat):
        return message
    copy = copy_of(context.state, message)
    if copy is None or copy.deleted:
        raise RpcError("MSG_ID_INVALID")
    return copy


@method("messages.readDiscussion", people_only=True)
def read_discussion(context: Context, request: Any) -> object:
    """A thread was read up to a message: nobody is told."""
    _top(context, request.peer, request.msg_id)
    return True


@method("messages.getUnreadMentions", people_only=True)
def unread_mentions(context: Context, request: Any) -> object:
    """Messages of a chat that mention the caller and were not looked at."""
    chat = context.chat(request.peer)
    numbers = context.own.unread_mentions.get(chat, [])
    every = [
        item for item in context.state.history(chat, context.me) if context.id_of(item) in numbers
    ]
    return answer(context, chat, every, cut(context, every, request))
