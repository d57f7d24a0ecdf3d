"""What can happen in the network: a message comes, changes, goes, is read; with its updates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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
from smm_inbox.sandbox.telegram.pushing import (
    Origin,
    deletion,
    push,
    push_message,
    read_update,
    unread,
)
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.texts import find_entities, mentioned_names
from smm_inbox.sandbox.telegram.tl import types


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
    letter_of: int = 0
    suggested: bool = False
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
        letter_of=draft.letter_of,
        suggested=draft.suggested,
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
    push_message(state, message, "new", origin)
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
    push_message(state, message, "edit", origin)


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
            push(state, viewer, "delete", [deletion(event)], ([], []), origin)
    if not only:
        for item in messages:
            item.deleted = True


def read_by_them(state: State, chat: str, viewer: int, max_id: int) -> None:
    """The other side read what an account wrote."""
    state.accounts[viewer].read_out[chat] = max_id
    if is_channel(chat):
        update = types.UpdateReadChannelOutbox(channel_id=number_of(chat), max_id=max_id)
    else:
        event = _step(state, viewer, "read_out", chat, max_id)
        update = read_update(state, viewer, event)
    push(state, viewer, "read_out", [update], ([], []), None)


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
        push(state, viewer, "read_in", [update], ([], []), origin)
        return None
    event = _step(state, viewer, "read_in", chat, max_id)
    push(state, viewer, "read_in", [read_update(state, viewer, event)], ([], []), origin)
    return event


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
