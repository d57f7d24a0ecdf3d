"""What can happen in the network: a message comes, changes, goes, is read; with its updates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from smm_inbox.sandbox.telegram import shapes
from smm_inbox.sandbox.telegram.faults import FaultKind
from smm_inbox.sandbox.telegram.model import (
    Entity,
    Event,
    Forward,
    Media,
    Message,
    channel_chat,
    is_channel,
    number_of,
)
from smm_inbox.sandbox.telegram.state import Push, State
from smm_inbox.sandbox.telegram.texts import find_entities, mentioned_names
from smm_inbox.sandbox.telegram.tl import serialise, types


@dataclass(frozen=True, slots=True)
class Origin:
    """The session whose call caused something: it learns from the answer, not from a push."""

    account: int
    key: int
    session: int


@dataclass(slots=True)
class Draft:
    """A message before the network numbered it."""

    chat: str
    author: int
    text: str = ""
    media: Media | None = None
    reply_to: int = 0
    as_channel: int = 0
    signature: str = ""
    forward: Forward | None = None
    entities: Sequence[Entity] = field(default_factory=tuple)
    album: int = 0
    random_id: int = 0
    service: str = ""
    mentions: Sequence[int] = field(default_factory=tuple)
    at: float | None = None


def put(state: State, draft: Draft, origin: Origin | None = None) -> Message:
    """Put a message into a chat, number it in every box and push it."""
    target = state.messages.get(draft.reply_to)
    message = Message(
        uid=state.number(),
        chat=draft.chat,
        author=draft.author,
        date=int(draft.at) if draft.at is not None else state.now(),
        text=draft.text,
        as_channel=draft.as_channel,
        signature=draft.signature,
        media=draft.media,
        entities=[*draft.entities] or find_entities(draft.text),
        reply_to=draft.reply_to,
        thread=(target.thread or target.uid) if target is not None else 0,
        forward=draft.forward,
        album=draft.album,
        random_id=draft.random_id,
        service=draft.service,
        first_text=draft.text,
    )
    message.mentions = _mentioned(state, message, target, draft.mentions)
    state.messages[message.uid] = message
    for name in _box_names(state, message):
        box = state.box(name)
        box.last_id += 1
        message.ids[name] = box.last_id
        box.messages[box.last_id] = message.uid
    _note_mentions(state, message)
    _record(state, message, "new")
    _push_message(state, message, "new", origin)
    _copy_post(state, message)
    return message


def edit(
    state: State,
    message: Message,
    text: str,
    media: Media | None = None,
    origin: Origin | None = None,
) -> None:
    """Change a message, whoever wrote it."""
    message.text = text
    message.entities = find_entities(text)
    message.media = media or message.media
    message.edited = state.now()
    _record(state, message, "edit")
    _push_message(state, message, "edit", origin)


def delete(
    state: State, messages: Sequence[Message], origin: Origin | None = None, only: int = 0
) -> None:
    """Take messages of one chat away for everybody, or for one account only."""
    if not messages:
        return
    chat = messages[0].chat
    names = {name for item in messages for name in item.ids}
    for name in [str(only)] if only else sorted(names):
        box = state.box(name)
        gone = [item.ids[name] for item in messages if box.messages.pop(item.ids.get(name, 0), 0)]
        if not gone:
            continue
        box.pts += len(gone)
        event = Event(box.pts, len(gone), "delete", state.now(), ids=gone, chat=chat)
        box.events.append(event)
        state.dirty = True
        audience = state.audience(chat) if is_channel(chat) else [int(name)]
        for viewer in audience:
            _push(state, viewer, "delete", [deletion(event)], ([], []), origin)
    if not only:
        for item in messages:
            item.deleted = True


def deletion(event: Event) -> Any:
    """The update that tells of a deletion."""
    if is_channel(event.chat):
        return types.UpdateDeleteChannelMessages(
            channel_id=number_of(event.chat),
            messages=event.ids,
            pts=event.pts,
            pts_count=event.count,
        )
    return types.UpdateDeleteMessages(messages=event.ids, pts=event.pts, pts_count=event.count)


def read_by_them(state: State, chat: str, viewer: int, max_id: int) -> None:
    """The other side read what an account wrote."""
    state.accounts[viewer].read_out[chat] = max_id
    if is_channel(chat):
        update = types.UpdateReadChannelOutbox(channel_id=number_of(chat), max_id=max_id)
    else:
        event = _step(state, viewer, "read_out", chat, max_id)
        update = read_update(state, viewer, event)
    _push(state, viewer, "read_out", [update], ([], []), None)


def read_by_us(
    state: State, chat: str, viewer: int, max_id: int, origin: Origin | None = None
) -> Event | None:
    """An account read what was written to it; gives the step of its pts, if there is one."""
    account = state.accounts[viewer]
    if max_id <= account.read_in.get(chat, 0):
        return None
    account.read_in[chat] = max_id
    state.dirty = True
    if is_channel(chat):
        update = types.UpdateReadChannelInbox(
            channel_id=number_of(chat),
            max_id=max_id,
            still_unread_count=unread(state, chat, viewer),
            pts=state.box(chat).pts,
        )
        _push(state, viewer, "read_in", [update], ([], []), origin)
        return None
    event = _step(state, viewer, "read_in", chat, max_id)
    _push(state, viewer, "read_in", [read_update(state, viewer, event)], ([], []), origin)
    return event


def read_update(state: State, viewer: int, event: Event) -> Any:
    """The update that tells of reading in a private chat or basic group."""
    where = shapes.peer(event.chat, viewer)
    if event.kind == "read_out":
        return types.UpdateReadHistoryOutbox(
            peer=where, max_id=event.ids[0], pts=event.pts, pts_count=event.count
        )
    return types.UpdateReadHistoryInbox(
        peer=where,
        max_id=event.ids[0],
        still_unread_count=unread(state, event.chat, viewer),
        pts=event.pts,
        pts_count=event.count,
    )


def unread(state: State, chat: str, viewer: int) -> int:
    """Messages of others above the mark."""
    name = state.box_name(chat, viewer)
    mark = state.accounts[viewer].read_in.get(chat, 0)
    return sum(
        1 for item in state.history(chat, viewer) if item.ids[name] > mark and item.author != viewer
    )


def tell(state: State, viewer: int, update: Any) -> None:
    """Push an update that has no pts: typing, a reaction."""
    body = types.UpdateShort(update=update, date=state.now())
    state.push(Push(viewer, serialise(body)))


def message_update(state: State, viewer: int, message: Message, event: Event) -> Any:
    """The update that tells of a new or changed message."""
    shape = shapes.message(state, viewer, message)
    kinds = {
        ("new", False): types.UpdateNewMessage,
        ("new", True): types.UpdateNewChannelMessage,
        ("edit", False): types.UpdateEditMessage,
        ("edit", True): types.UpdateEditChannelMessage,
    }
    kind = kinds[event.kind, is_channel(message.chat)]
    return kind(message=shape, pts=event.pts, pts_count=event.count)


def last_event(state: State, name: str) -> Event:
    """The newest step of a box."""
    return state.box(name).events[-1]


def _step(state: State, viewer: int, kind: str, chat: str, max_id: int) -> Event:
    box = state.box(str(viewer))
    box.pts += 1
    event = Event(box.pts, 1, kind, state.now(), ids=[max_id], chat=chat)
    box.events.append(event)
    state.dirty = True
    return event


def _box_names(state: State, message: Message) -> list[str]:
    if is_channel(message.chat):
        return [message.chat]
    return [
        str(number) for number in state.audience(message.chat) if state.visible(number, message)
    ]


def _record(state: State, message: Message, kind: str) -> None:
    state.dirty = True
    for name in message.ids:
        box = state.box(name)
        box.pts += 1
        box.events.append(Event(box.pts, 1, kind, state.now(), uid=message.uid, chat=message.chat))


def _mentioned(
    state: State, message: Message, target: Message | None, named: Sequence[int]
) -> list[int]:
    if message.chat.startswith("u:"):
        return []
    names = mentioned_names(message.text)
    found = {*named, *(part.user for part in message.entities if part.kind == "name")}
    return [
        number
        for number in state.audience(message.chat)
        if number != message.author
        and (
            number in found
            or state.users[number].username.lower() in names
            or (target is not None and target.author == number and not target.as_channel)
        )
    ]


def _note_mentions(state: State, message: Message) -> None:
    for number in message.mentions:
        name = state.box_name(message.chat, number)
        if name in message.ids:
            unread_ids = state.accounts[number].unread_mentions.setdefault(message.chat, [])
            unread_ids.append(message.ids[name])


def _push_message(state: State, message: Message, kind: str, origin: Origin | None) -> None:
    for viewer in state.audience(message.chat):
        name = state.box_name(message.chat, viewer)
        if name not in message.ids or not state.visible(viewer, message):
            continue
        event = last_event(state, name)
        if kind == "new" and _is_plain(state, viewer, message):
            body = _short(viewer, message, name, event)
            _hand_over(state, viewer, kind, message.chat, serialise(body), origin)
            continue
        small = state.rules.min_users and is_channel(message.chat)
        about = shapes.people(state, viewer, [message], small=small)
        if not message.chat.startswith("g:") and not small:
            _now_known(state, viewer, message)
        update = message_update(state, viewer, message, event)
        _push(state, viewer, kind, [update], about, origin, message.chat)


def _now_known(state: State, viewer: int, message: Message) -> None:
    known = state.accounts[viewer].known
    if message.author and message.author not in known:
        known.append(message.author)


def _is_plain(state: State, viewer: int, message: Message) -> bool:
    account = state.accounts[viewer]
    return (
        state.rules.short_updates
        and message.chat.startswith("u:")
        and not account.bot_token
        and message.author in account.known
        and message.author != viewer
        and not (message.media or message.service or message.forward or message.album)
        and not (message.entities or message.reply_to or message.via_bot)
    )


def _short(viewer: int, message: Message, name: str, event: Event) -> Any:
    return types.UpdateShortMessage(
        id=message.ids[name],
        user_id=message.author,
        message=message.text,
        pts=event.pts,
        pts_count=event.count,
        date=message.date,
        out=message.author == viewer,
    )


def _push(
    state: State,
    viewer: int,
    kind: str,
    updates: list[Any],
    about: tuple[list[Any], list[Any]],
    origin: Origin | None,
    chat: str = "",
) -> None:
    users, chats = about
    body = types.Updates(updates=updates, users=users, chats=chats, date=state.now(), seq=0)
    _hand_over(state, viewer, kind, chat, serialise(body), origin)


def _hand_over(
    state: State, viewer: int, kind: str, chat: str, body: bytes, origin: Origin | None
) -> None:
    but = None
    if origin is not None and origin.account == viewer:
        but = (origin.key, origin.session)
    fault = state.faults.take(f"update:{kind}")
    if fault is not None and fault.kind is FaultKind.LOSE:
        return
    if fault is not None and fault.kind is FaultKind.TOO_LONG:
        body = serialise(_too_long(state, chat))
    times = 2 if fault is not None and fault.kind is FaultKind.DOUBLE else 1
    for _ in range(times):
        state.push(Push(viewer, body, but))


def _too_long(state: State, chat: str) -> Any:
    if not is_channel(chat):
        return types.UpdatesTooLong()
    update = types.UpdateChannelTooLong(channel_id=number_of(chat), pts=state.box(chat).pts)
    return types.UpdateShort(update=update, date=state.now())


def _copy_post(state: State, message: Message) -> None:
    """A channel's post appears in its discussion group by itself."""
    if not is_channel(message.chat) or message.service:
        return
    place = state.channels[number_of(message.chat)]
    if not place.broadcast or not place.linked:
        return
    post = message.ids[message.chat]
    put(
        state,
        Draft(
            chat=channel_chat(place.linked),
            author=0,
            as_channel=place.id,
            text=message.text,
            media=message.media,
            album=message.album,
            at=message.date,
            forward=Forward(date=message.date, channel=place.id, post=post, automatic=True),
        ),
    )
