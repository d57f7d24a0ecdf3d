"""Where the sequence of updates stands, and what a client missed of it."""

from __future__ import annotations

from typing import Any

from smm_inbox.sandbox.telegram import profiles, shapes
from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import RpcError
from smm_inbox.sandbox.telegram.methods.registry import method
from smm_inbox.sandbox.telegram.model import Event, Message, channel_chat, number_of
from smm_inbox.sandbox.telegram.pushing import deletion, message_update, read_update
from smm_inbox.sandbox.telegram.tl import stamp, types


def state_shape(context: Context, pts: int | None = None) -> Any:
    """The caller's place in the sequence."""
    box = context.state.box(str(context.me))
    return types.updates.State(
        pts=box.pts if pts is None else pts,
        qts=0,
        date=context.state.now(),
        seq=0,
        unread_count=0,
    )


@method("updates.getState")
def get_state(context: Context, _: Any) -> object:
    """Where the sequence stands now."""
    return state_shape(context)


@method("updates.getDifference")
def get_difference(context: Context, request: Any) -> object:
    """What happened since a pts: private chats, basic groups, and a hint about channels."""
    state = context.state
    box = state.box(str(context.me))
    if request.pts > box.pts:
        raise RpcError("PERSISTENT_TIMESTAMP_INVALID")
    missed = [event for event in box.events if event.pts > request.pts]
    hints = _channel_hints(context, stamp(request.date))
    if len(missed) > state.rules.too_long:
        return types.updates.DifferenceTooLong(pts=box.pts)
    if not missed and not hints:
        return types.updates.DifferenceEmpty(date=state.now(), seq=0)
    part = missed[: state.rules.slice]
    fresh, others = _split(context, part)
    users, chats = profiles.people(
        state, context.me, [*fresh, *(state.messages[e.uid] for e in part if e.kind == "edit")]
    )
    shared = {
        "new_messages": [shapes.message(state, context.me, item) for item in fresh],
        "new_encrypted_messages": [],
        "chats": chats,
        "users": users,
    }
    if len(part) < len(missed):
        return types.updates.DifferenceSlice(
            **shared,
            other_updates=others,
            intermediate_state=state_shape(context, part[-1].pts),
        )
    return types.updates.Difference(
        **shared, other_updates=[*others, *hints], state=state_shape(context)
    )


def _channel_hints(context: Context, since: int) -> list[Any]:
    """Channels in which something happened since: the client asks for each itself."""
    hints: list[Any] = []
    for channel in context.state.channels.values():
        box = context.state.box(channel_chat(channel.id))
        if context.me in channel.members and box.events and box.events[-1].date >= since > 0:
            hints.append(types.UpdateChannelTooLong(channel_id=channel.id, pts=box.pts))
    return hints


def _split(context: Context, events: list[Event]) -> tuple[list[Message], list[Any]]:
    """New messages that still live, and everything else as updates."""
    state, me = context.state, context.me
    fresh: list[Message] = []
    others: list[Any] = []
    for event in events:
        if event.kind == "delete":
            others.append(deletion(event))
        elif event.kind in {"read_in", "read_out"}:
            others.append(read_update(state, me, event))
        else:
            message = state.messages[event.uid]
            if message.deleted or not state.visible(me, message):
                continue
            if event.kind == "new":
                fresh.append(message)
            else:
                others.append(message_update(state, me, message, event))
    return fresh, others


@method("updates.getChannelDifference")
def get_channel_difference(context: Context, request: Any) -> object:
    """What happened in one channel since a pts."""
    state = context.state
    chat = context.chat(request.channel)
    box = state.box(chat)
    if request.pts <= 0:
        raise RpcError("PERSISTENT_TIMESTAMP_EMPTY")
    if request.pts > box.pts:
        raise RpcError("PERSISTENT_TIMESTAMP_INVALID")
    if context.me not in state.channels[number_of(chat)].members:
        raise RpcError("CHANNEL_PRIVATE")
    missed = [event for event in box.events if event.pts > request.pts]
    if not missed:
        return types.updates.ChannelDifferenceEmpty(pts=box.pts, final=True, timeout=30)
    if len(missed) > state.rules.too_long:
        return _too_long(context, chat)
    part = missed[: max(1, min(request.limit, state.rules.slice))]
    fresh, others = _split(context, part)
    users, chats = profiles.people(
        state, context.me, [*fresh, *(state.messages[e.uid] for e in part if e.kind == "edit")]
    )
    return types.updates.ChannelDifference(
        pts=part[-1].pts,
        new_messages=[shapes.message(state, context.me, item) for item in fresh],
        other_updates=others,
        chats=chats,
        users=users,
        final=len(part) == len(missed),
        timeout=30,
    )


def _too_long(context: Context, chat: str) -> Any:
    from smm_inbox.sandbox.telegram.methods.dialogs import dialog_shape  # noqa: PLC0415

    state = context.state
    newest = state.history(chat, context.me)[:20]
    users, chats = profiles.people(state, context.me, newest)
    return types.updates.ChannelDifferenceTooLong(
        dialog=dialog_shape(context, chat),
        messages=[shapes.message(state, context.me, item) for item in newest],
        chats=chats,
        users=users,
        final=True,
        timeout=30,
    )
