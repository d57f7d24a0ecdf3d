"""People, groups and channels as TL objects, as one viewer sees them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from smm_inbox.sandbox.telegram.media_shapes import DC
from smm_inbox.sandbox.telegram.model import (
    Channel,
    Group,
    Message,
    User,
    channel_chat,
    is_channel,
    number_of,
    other_side,
)
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.tl import types

_RIGHTS = {
    "change_info": True,
    "delete_messages": True,
    "ban_users": True,
    "invite_users": True,
    "pin_messages": True,
    "other": True,
}


def user(state: State, viewer: int, person: User, *, small: bool = False) -> Any:
    """A user; ``small`` ones are incomplete and cannot be addressed by their hash."""
    own = person.id == viewer
    return types.User(
        id=person.id,
        is_self=own,
        contact=person.shows_phone,
        deleted=person.deleted,
        bot=person.bot,
        verified=person.verified,
        premium=person.premium,
        min=small,
        contact_require_premium=person.closed,
        access_hash=state.access_hash(viewer, "user", person.id),
        first_name=None if person.deleted else person.first_name,
        last_name=person.last_name or None,
        username=person.username or None,
        phone=person.phone if own or (person.shows_phone and not small) else None,
        photo=types.UserProfilePhoto(person.photo, DC) if person.photo else None,
        status=None if person.bot or person.deleted else types.UserStatusRecently(),
        bot_info_version=1 if person.bot else None,
    )


def group(viewer: int, place: Group) -> Any:
    """A basic group."""
    return types.Chat(
        id=place.id,
        title=place.title,
        photo=types.ChatPhotoEmpty(),
        participants_count=len(place.members),
        date=place.date,
        version=1,
        left=viewer not in place.members,
        admin_rights=types.ChatAdminRights(**_RIGHTS) if viewer in place.admins else None,
    )


def channel(state: State, viewer: int, place: Channel) -> Any:
    """A channel or supergroup."""
    rights, inside = None, viewer in place.members
    if viewer in place.admins:
        rights = types.ChatAdminRights(
            **_RIGHTS,
            post_messages=place.broadcast,
            edit_messages=place.broadcast,
            anonymous=viewer in place.anonymous,
        )
    return types.Channel(
        id=place.id,
        title=place.title,
        photo=types.ChatPhotoEmpty(),
        date=place.date,
        creator=bool(place.admins) and place.admins[0] == viewer,
        left=viewer not in place.members,
        broadcast=place.broadcast,
        megagroup=not place.broadcast,
        signatures=place.signatures,
        has_link=bool(place.linked),
        broadcast_messages_allowed=place.broadcast and bool(place.letterbox),
        monoforum=place.is_letterbox,
        linked_monoforum_id=place.letterbox or None,
        slowmode_enabled=bool(place.slow_mode),
        access_hash=state.access_hash(viewer, "channel", place.id),
        username=place.username or None,
        admin_rights=rights,
        default_banned_rights=types.ChatBannedRights(
            until_date=0x7FFFFFFF, send_messages=place.silenced
        ),
        # Strangers learn it only when they ask for the whole channel.
        participants_count=(place.subscribers or len(place.members)) if inside else None,
    )


def people(
    state: State, viewer: int, items: Iterable[Message], *, small: bool = False
) -> tuple[list[Any], list[Any]]:
    """Users and chats that belong into an answer beside its messages."""
    persons: dict[int, None] = {viewer: None}
    chats: dict[str, None] = {}
    for item in items:
        if item.chat.startswith("u:"):
            persons[other_side(item.chat, viewer)] = None
        else:
            chats[item.chat] = None
        if item.author and not item.as_channel:
            persons[item.author] = None
        if item.letter_of:
            persons[item.letter_of] = None
        if item.as_channel:
            chats[channel_chat(item.as_channel)] = None
        if item.forward and item.forward.user:
            persons[item.forward.user] = None
        if item.forward and item.forward.channel:
            chats[channel_chat(item.forward.channel)] = None
    return _users(state, viewer, persons, small), places(state, viewer, chats)


def _users(state: State, viewer: int, numbers: Iterable[int], small: bool) -> list[Any]:
    known = state.accounts[viewer].known if viewer in state.accounts else []
    return [
        user(
            state,
            viewer,
            state.users[number],
            small=small and number != viewer and number not in known,
        )
        for number in numbers
        if number in state.users
    ]


def places(state: State, viewer: int, chats: Iterable[str]) -> list[Any]:
    """Groups and channels."""
    shown: list[Any] = []
    for chat in chats:
        number = number_of(chat)
        if is_channel(chat) and number in state.channels:
            shown.append(channel(state, viewer, state.channels[number]))
            beside = (state.channels[number].linked, state.channels[number].letterbox)
            shown += [
                channel(state, viewer, state.channels[other])
                for other in beside
                if other in state.channels and channel_chat(other) not in chats
            ]
        elif chat.startswith("g:") and number in state.groups:
            shown.append(group(viewer, state.groups[number]))
    return shown
