"""The network's settings, and people."""

from __future__ import annotations

from typing import Any

from smm_inbox.sandbox.telegram import profiles, shapes
from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import RpcError
from smm_inbox.sandbox.telegram.media_shapes import DC, photo
from smm_inbox.sandbox.telegram.methods.registry import method
from smm_inbox.sandbox.telegram.model import Channel, User
from smm_inbox.sandbox.telegram.tl import types

DAY = 86_400


@method("help.getConfig", open=True)
def config(context: Context, _: Any) -> object:
    """The settings; there is one data centre, and it is this one."""
    now = context.state.now()
    host, port = context.state.address
    return types.Config(
        date=now,
        expires=now + DAY,
        test_mode=False,
        this_dc=DC,
        dc_options=[types.DcOption(id=DC, ip_address=host, port=port)],
        dc_txt_domain_name="",
        chat_size_max=200,
        megagroup_size_max=200_000,
        forwarded_count_max=100,
        online_update_period_ms=210_000,
        offline_blur_timeout_ms=5_000,
        offline_idle_timeout_ms=30_000,
        online_cloud_timeout_ms=300_000,
        notify_cloud_delay_ms=30_000,
        notify_default_delay_ms=1_500,
        push_chat_period_ms=60_000,
        push_chat_limit=2,
        edit_time_limit=context.state.rules.edit_seconds,
        revoke_time_limit=0x7FFFFFFF,
        revoke_pm_time_limit=0x7FFFFFFF,
        rating_e_decay=2_419_200,
        stickers_recent_limit=200,
        channels_read_media_period=604_800,
        call_receive_timeout_ms=20_000,
        call_ring_timeout_ms=90_000,
        call_connect_timeout_ms=30_000,
        call_packet_timeout_ms=10_000,
        me_url_prefix="https://t.me/",
        caption_length_max=1_024,
        message_length_max=4_096,
        webfile_dc_id=DC,
        revoke_pm_inbox=True,
    )


@method("help.getNearestDc", open=True)
def nearest(context: Context, _: Any) -> object:
    """The nearest data centre is the only one."""
    del context
    return types.NearestDc(country="RU", this_dc=DC, nearest_dc=DC)


@method("users.getUsers")
def get_users(context: Context, request: Any) -> object:
    """Short profiles; whom the caller may not see comes back empty."""
    found: list[object] = []
    for wanted in request.id:
        try:
            found.append(_shown(context, context.user(wanted)))
        except RpcError:
            found.append(types.UserEmpty(getattr(wanted, "user_id", 0)))
    return found


@method("users.getFullUser")
def get_full_user(context: Context, request: Any) -> object:
    """A whole profile."""
    person = context.user(request.id)
    full = types.UserFull(
        id=person.id,
        settings=types.PeerSettings(),
        notify_settings=shapes.SILENT,
        common_chats_count=0,
        about=person.about or None,
        profile_photo=photo(context.state, person.photo) if person.photo else None,
    )
    return types.users.UserFull(full_user=full, chats=[], users=[_shown(context, person)])


@method("contacts.resolveUsername")
def resolve(context: Context, request: Any) -> object:
    """Who or what has this username."""
    wanted = request.username.lower()
    state = context.state
    for person in state.users.values():
        if person.username.lower() == wanted:
            shown = [_shown(context, person)]
            return types.contacts.ResolvedPeer(types.PeerUser(person.id), [], shown)
    for channel in state.channels.values():
        if channel.username.lower() == wanted:
            return _resolved_channel(context, channel)
    raise RpcError("USERNAME_NOT_OCCUPIED")


def _resolved_channel(context: Context, channel: Channel) -> Any:
    shown = profiles.channel(context.state, context.me, channel)
    return types.contacts.ResolvedPeer(types.PeerChannel(channel.id), [shown], [])


def _shown(context: Context, person: User) -> Any:
    return profiles.user(context.state, context.me, person)


@method("contacts.getContacts", people_only=True)
def contacts(context: Context, _: Any) -> object:
    """People whose phone the caller has."""
    known = [
        person
        for person in context.state.users.values()
        if person.shows_phone and person.id != context.me
    ]
    return types.contacts.Contacts(
        contacts=[types.Contact(person.id, mutual=False) for person in known],
        saved_count=0,
        users=[_shown(context, person) for person in known],
    )


@method("account.updateStatus", people_only=True)
def update_status(context: Context, _: Any) -> object:
    """Online or not: nobody looks."""
    del context
    return True
