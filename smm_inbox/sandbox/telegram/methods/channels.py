"""Channels and supergroups: what they are and who is in them."""

from __future__ import annotations

from typing import Any

from smm_inbox.sandbox.telegram import profiles, shapes
from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import RpcError
from smm_inbox.sandbox.telegram.methods.registry import method
from smm_inbox.sandbox.telegram.model import Channel, channel_chat, number_of
from smm_inbox.sandbox.telegram.pushing import unread
from smm_inbox.sandbox.telegram.tl import types


@method("channels.getChannels")
def get_channels(context: Context, request: Any) -> object:
    """Channels by id."""
    wanted = [context.chat(item) for item in request.id]
    return types.messages.Chats(profiles.places(context.state, context.me, wanted))


@method("channels.getFullChannel")
def get_full_channel(context: Context, request: Any) -> object:
    """A whole channel, with its discussion group or the channel it discusses."""
    chat = context.chat(request.channel)
    state = context.state
    channel = state.channels[number_of(chat)]
    admin = context.me in channel.admins
    full = types.ChannelFull(
        id=channel.id,
        about=channel.about,
        read_inbox_max_id=context.own.read_in.get(chat, 0),
        read_outbox_max_id=context.own.read_out.get(chat, 0),
        unread_count=unread(state, chat, context.me),
        chat_photo=types.PhotoEmpty(0),
        notify_settings=shapes.SILENT,
        bot_info=[],
        pts=state.box(chat).pts,
        can_view_participants=admin or not channel.broadcast,
        participants_count=channel.subscribers or len(channel.members),
        admins_count=len(channel.admins) if admin else None,
        linked_chat_id=channel.linked or None,
        slowmode_seconds=channel.slow_mode or None,
        default_send_as=_send_as(context, channel),
    )
    shown = profiles.places(state, context.me, [chat])
    return types.messages.ChatFull(full_chat=full, chats=shown, users=[])


def _send_as(context: Context, channel: Channel) -> Any:
    if context.me in channel.anonymous:
        return types.PeerChannel(channel.id)
    return None


@method("channels.getParticipant")
def get_participant(context: Context, request: Any) -> object:
    """One member."""
    channel = context.state.channels[number_of(context.chat(request.channel))]
    person = context.user(request.participant)
    if person.id not in channel.members:
        raise RpcError("USER_NOT_PARTICIPANT")
    return types.channels.ChannelParticipant(
        participant=_participant(context, channel, person.id),
        chats=[profiles.channel(context.state, context.me, channel)],
        users=[profiles.user(context.state, context.me, person)],
    )


@method("channels.getParticipants")
def get_participants(context: Context, request: Any) -> object:
    """Members, page by page; of a channel only for its admins."""
    channel = context.state.channels[number_of(context.chat(request.channel))]
    if channel.broadcast and context.me not in channel.admins:
        raise RpcError("CHAT_ADMIN_REQUIRED")
    admins_only = isinstance(request.filter, types.ChannelParticipantsAdmins)
    everybody = channel.admins if admins_only else channel.members
    page = everybody[request.offset : request.offset + request.limit]
    return types.channels.ChannelParticipants(
        count=len(everybody),
        participants=[_participant(context, channel, number) for number in page],
        chats=[profiles.channel(context.state, context.me, channel)],
        users=[
            profiles.user(context.state, context.me, context.state.users[number])
            for number in page
            if number in context.state.users
        ],
    )


def _participant(context: Context, channel: Channel, number: int) -> Any:
    everything = types.ChatAdminRights(
        post_messages=channel.broadcast, delete_messages=True, other=True
    )
    if channel.admins and number == channel.admins[0]:
        return types.ChannelParticipantCreator(user_id=number, admin_rights=everything)
    if number in channel.admins:
        return types.ChannelParticipantAdmin(
            user_id=number,
            promoted_by=channel.admins[0],
            date=channel.date,
            admin_rights=everything,
            is_self=number == context.me,
        )
    if number == context.me:
        return types.ChannelParticipantSelf(user_id=number, inviter_id=number, date=channel.date)
    return types.ChannelParticipant(user_id=number, date=channel.date)


@method("channels.joinChannel", people_only=True)
def join(context: Context, request: Any) -> object:
    """Become a member of a public channel or group."""
    channel = context.state.channels[number_of(context.chat(request.channel))]
    if context.me not in channel.members:
        channel.members.append(context.me)
        context.state.dirty = True
    return _changed(context, channel)


@method("channels.leaveChannel", people_only=True)
def leave(context: Context, request: Any) -> object:
    """Leave."""
    channel = context.state.channels[number_of(context.chat(request.channel))]
    if context.me in channel.members:
        channel.members.remove(context.me)
        context.state.dirty = True
    return _changed(context, channel)


def _changed(context: Context, channel: Channel) -> Any:
    return types.Updates(
        updates=[types.UpdateChannel(channel_id=channel.id)],
        users=[],
        chats=profiles.places(context.state, context.me, [channel_chat(channel.id)]),
        date=context.state.now(),
        seq=0,
    )


@method("channels.getSendAs", people_only=True)
def get_send_as(context: Context, request: Any) -> object:
    """In whose name the caller may write there."""
    channel = context.state.channels[number_of(context.chat(request.peer))]
    peers = [types.SendAsPeer(types.PeerUser(context.me))]
    own = [
        item
        for item in context.state.channels.values()
        if item.broadcast and context.me in item.admins
    ]
    peers += [types.SendAsPeer(types.PeerChannel(item.id)) for item in own]
    return types.channels.SendAsPeers(
        peers=peers,
        chats=[profiles.channel(context.state, context.me, item) for item in [channel, *own]],
        users=[profiles.user(context.state, context.me, context.state.users[context.me])],
    )
