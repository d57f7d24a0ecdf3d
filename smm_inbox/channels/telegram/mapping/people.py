"""Users, groups and channels as contacts and as places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from telethon.tl import types

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

from .harvest import Chat, Memory
from .keys import SITE, channel_peer, person


def learn(memory: Memory, entities: Iterable[object]) -> None:
    """Remember the users and chats that came along with an answer or an update."""
    for entity in entities:
        if isinstance(entity, types.User):
            _learn_user(memory, entity)
        elif isinstance(entity, types.Channel | types.ChannelForbidden):
            _learn_channel(memory, entity)
        elif isinstance(entity, types.Chat):
            peer = -int(entity.id)
            title = clean_line(entity.title, limit=200)
            memory.chats.put(peer, Chat(peer, title, outside=bool(entity.left)))
            memory.people.put(peer, Contact(person(peer), name=title))


def contact(user: types.User) -> Contact:
    """A user; Telegram knows neither their city nor their followers."""
    number = int(user.id)
    first = clean_line(user.first_name, limit=100)
    last = clean_line(user.last_name, limit=100)
    handle = username(user)
    return Contact(
        person(number),
        name=SafeText(f"{first} {last}".strip()),
        handle=handle,
        url=f"{SITE}/{handle}" if handle else "",
        photo_url=_portrait(handle, user.photo),
        note=_note(user),
    )


def username(entity: types.User | types.Channel) -> SafeText:
    """The name after the @: the only one, or the first active one of several."""
    if entity.username:
        return clean_line(entity.username, limit=64)
    for entry in entity.usernames or ():
        if entry.active:
            return clean_line(entry.username, limit=64)
    return SafeText("")


def _learn_user(memory: Memory, user: types.User) -> None:
    number = int(user.id)
    if user.bot:
        memory.bots.put(number, None)
    known = memory.people.get(number)
    if user.min and known is not None and known.name:
        # A shortened profile may lack what the full one had.
        return
    memory.people.put(number, contact(user))


def _learn_channel(memory: Memory, channel: types.Channel | types.ChannelForbidden) -> None:
    peer = channel_peer(int(channel.id))
    title = clean_line(channel.title, limit=200)
    if isinstance(channel, types.ChannelForbidden):
        memory.chats.put(peer, Chat(peer, title, broadcast=bool(channel.broadcast), outside=True))
        return
    known = memory.chats.get(peer)
    if channel.min and known is not None:
        return
    handle = username(channel)
    rights = channel.admin_rights
    subscribers = channel.participants_count
    if subscribers is None and known is not None:
        subscribers = known.subscribers
    memory.chats.put(
        peer,
        Chat(
            peer,
            title,
            handle,
            broadcast=bool(channel.broadcast),
            monoforum=bool(channel.monoforum),
            has_link=bool(channel.has_link),
            ours=bool(channel.creator or rights),
            may_delete=bool(channel.creator or (rights and rights.delete_messages)),
            outside=bool(channel.left),
            subscribers=subscribers,
        ),
    )
    memory.people.put(
        peer,
        Contact(
            person(peer),
            name=title,
            handle=handle,
            followers=subscribers,
            url=f"{SITE}/{handle}" if handle else "",
            photo_url=_portrait(handle, channel.photo),
        ),
    )


def measure(memory: Memory, peer: int, subscribers: int) -> None:
    """Note how many people a channel reaches."""
    chat, known = memory.chats.get(peer), memory.people.get(peer)
    if chat is not None:
        memory.chats.put(peer, replace(chat, subscribers=subscribers))
    if known is not None:
        memory.people.put(peer, replace(known, followers=subscribers))


def _portrait(handle: str, photo: object) -> str:
    """Address of a picture, as Telegram's own pages show it: for those with a public name only."""
    if not handle or not isinstance(photo, types.UserProfilePhoto | types.ChatPhoto):
        return ""
    return f"{SITE}/i/userpic/320/{handle}.jpg"


def _note(user: types.User) -> SafeText:
    if user.deleted:
        return SafeText(tr("account deleted"))
    if user.scam or user.fake:
        return SafeText(tr("Telegram warns of this account"))
    phone = clean_line(user.phone, limit=20)
    if phone:
        return SafeText(tr("phone {number}").format(number=f"+{phone.lstrip('+')}"))
    return SafeText("")
