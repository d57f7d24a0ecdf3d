"""How the accounts of a chat learn what happened: updates, and the faults that strike them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smm_inbox.sandbox.telegram import profiles, shapes
from smm_inbox.sandbox.telegram.faults import FaultKind
from smm_inbox.sandbox.telegram.model import Event, Message, is_channel, number_of
from smm_inbox.sandbox.telegram.state import Push, State
from smm_inbox.sandbox.telegram.tl import serialise, types


@dataclass(frozen=True, slots=True)
class Origin:
    """The session whose call caused something: it learns from the answer, not from a push."""

    account: int
    key: int
    session: int


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


def push_message(state: State, message: Message, kind: str, origin: Origin | None) -> None:
    """Tell every account in a chat of a new or changed message."""
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
        about = profiles.people(state, viewer, [message], small=small)
        if not message.chat.startswith("g:") and not small:
            _now_known(state, viewer, message)
        update = message_update(state, viewer, message, event)
        push(state, viewer, kind, [update], about, origin, message.chat)


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


def push(
    state: State,
    viewer: int,
    kind: str,
    updates: list[Any],
    about: tuple[list[Any], list[Any]],
    origin: Origin | None,
    chat: str = "",
) -> None:
    """Send updates to the sessions of an account, unless a fault says otherwise."""
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
