"""Messages, their edits and deletions."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from telethon.tl import types

from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import (
    Attachment,
    AttachmentKind,
    Direction,
    Edit,
    NetworkMessage,
    Removal,
)
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from . import places
from .attachments import attached
from .harvest import Harvest, Lens
from .keys import channel_peer, is_channel, is_person, marked, message_name, person, post_name
from .places import KIND, Scope
from .text import readable

_log = logging.getLogger(__name__)


def bundles(messages: Iterable[object]) -> list[list[types.Message]]:
    """Messages in the order of their numbers, the parts of an album together."""
    found: dict[tuple[int, int], list[types.Message]] = {}
    usable = (
        entry for entry in messages if isinstance(entry, types.Message | types.MessageService)
    )
    for message in sorted(usable, key=lambda entry: int(entry.id)):
        peer = marked(message.peer_id)
        if peer is None:
            continue
        album = int(message.grouped_id or 0)
        found.setdefault((peer, album) if album else (peer, -int(message.id)), []).append(message)
    return [_once(parts) for parts in found.values()]


def _once(parts: list[types.Message]) -> list[types.Message]:
    return list({int(part.id): part for part in parts}.values())


def add(into: Harvest, parts: Sequence[types.Message], lens: Lens) -> None:
    """Add one message, or one album, when it concerns us."""
    first = parts[0]
    for part in parts:
        places.note(part, lens, into)
    kind = places.scope(first, lens)
    if kind is Scope.POST:
        return
    author = places.author_of(first, lens)
    found = places.place(first, kind, author, lens)
    if found is None:
        return
    message = (
        _call(first, found, author, lens)
        if isinstance(first, types.MessageService)
        else _message(parts, found, author, lens)
    )
    if message is None:
        return
    _remember(parts, found, lens)
    root = places.root_of(found, lens.memory)
    if root is not None:
        into.roots.setdefault(root.remote_id, root)
    for name in (message.author, found.contact):
        if name is not None:
            into.people.add(int(name))
    into.messages.append(message)


def _message(
    parts: Sequence[types.Message], found: Place, author: int | None, lens: Lens
) -> NetworkMessage | None:
    first = parts[0]
    peer = marked(first.peer_id)
    if peer is None:
        return None
    memory, ours = lens.memory, places.is_ours(first, author, lens)
    told = next((part for part in parts if part.message), first)
    in_group = not is_person(peer) and found.kind is not Kind.DIRECT
    return NetworkMessage(
        place=found,
        remote_id=_new_name(first, lens),
        direction=Direction.OUT if ours else Direction.IN,
        text=readable(told.message, told.entities),
        sent_at=_moment(first.date) or lens.now,
        author=person(author) if author is not None else None,
        attachments=_attached(parts, lens),
        reply_to=_reply_to(first, peer, lens),
        addressee=_addressee(first, peer, found, lens) if ours else None,
        automatic=_automatic(first, author, lens),
        needs_answer=not ours,
        mentions_us=in_group and bool(first.mentioned) and not ours,
        operator=places.operator_of(first, author, lens) if ours else SafeText(""),
        edited_at=edited_at(told),
        url=places.url_of(found, int(first.id), memory),
    )


def name_of(message: types.Message, lens: Lens) -> RemoteId:
    """Name of a message that is known; a part of an album goes by the name of the first."""
    peer, number = marked(message.peer_id) or 0, int(message.id)
    known = lens.memory.albums.get(int(message.grouped_id or 0))
    if message.grouped_id and known is not None and known[0] == peer:
        number = min(number, known[1])
    return message_name(peer, number)


def _new_name(first: types.Message, lens: Lens) -> RemoteId:
    """Name of a new message or album. A part that comes late goes by its own: it is not lost."""
    peer, number = marked(first.peer_id) or 0, int(first.id)
    if first.grouped_id:
        known = lens.memory.albums.get(int(first.grouped_id))
        if known is None or known[1] > number:
            lens.memory.albums.put(int(first.grouped_id), (peer, number))
    return message_name(peer, number)


def _attached(parts: Sequence[types.Message], lens: Lens) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    for index, part in enumerate(parts):
        entries = attached(part, f"{marked(part.peer_id)}_{int(part.id)}", lens.memory)
        # An album that was forwarded says so once and not with every picture.
        found.extend(e for e in entries if not index or e.kind is not AttachmentKind.FORWARD)
    if not found and not any(part.message for part in parts):
        found.append(Attachment(AttachmentKind.OTHER))
    return tuple(found)


def _automatic(message: types.Message, author: int | None, lens: Lens) -> bool:
    """Telegram's own away messages, and bots other than ourselves: no person wrote them."""
    if message.via_business_bot_id or (message.out and message.offline):
        return True
    return author is not None and author != lens.us.user and author in lens.memory.bots


def _reply_to(message: types.Message, peer: int, lens: Lens) -> RemoteId | None:
    parent = places.answered(message)
    if parent is None or (peer, parent) in lens.memory.copies:
        return None
    return message_name(peer, parent)


def _addressee(message: types.Message, peer: int, found: Place, lens: Lens) -> RemoteId | None:
    if found.kind in {Kind.DIRECT, Kind.MENTION}:
        return found.contact
    parent = places.answered(message)
    author = lens.memory.authors.get((peer, parent)) if parent is not None else None
    if author is None or author == lens.us.user or author in lens.memory.ours_in(peer):
        return None
    return person(author)


def _call(
    message: types.MessageService, found: Place, author: int | None, lens: Lens
) -> NetworkMessage | None:
    """A phone call in a private chat; other notices are no messages."""
    action = message.action
    if not isinstance(action, types.MessageActionPhoneCall):
        return None
    ours = bool(message.out)
    duration = int(action.duration) if action.duration else None
    name = SafeText("" if duration else tr("not answered"))
    return NetworkMessage(
        place=found,
        remote_id=_new_name(message, lens),
        direction=Direction.OUT if ours else Direction.IN,
        text=SafeText(""),
        sent_at=_moment(message.date) or lens.now,
        author=person(author) if author is not None else None,
        attachments=(Attachment(AttachmentKind.CALL, name=name, duration=duration),),
        addressee=found.contact if ours else None,
        # A call that nobody took is an answer to nobody.
        automatic=ours and duration is None,
        needs_answer=not ours and duration is None,
    )


def _remember(parts: Sequence[types.Message], found: Place, lens: Lens) -> None:
    for part in parts:
        peer = marked(part.peer_id)
        if peer is not None and not is_channel(peer):
            lens.memory.kinds.put(int(part.id), found.kind)


def add_edit(into: Harvest, message: object, lens: Lens) -> None:
    """Add what an edit changed: a known message, a post, or a mention that is new."""
    if not isinstance(message, types.Message):
        return
    at, peer = edited_at(message), marked(message.peer_id)
    kind = places.scope(message, lens)
    if at is None or peer is None:
        return
    if kind is Scope.POST:
        name = post_name(peer, int(message.id))
        if name in lens.memory.roots:
            places.snapshot(message, peer, int(message.id), lens, into)
        return
    if kind is Scope.COPY:
        places.note(message, lens, into)
        return
    if kind not in KIND:
        return
    if kind is Scope.GROUP and message.mentioned:
        add(into, [message], lens)
    into.edits.append(
        Edit(
            KIND[kind],
            name_of(message, lens),
            readable(message.message, message.entities),
            at,
            # One part of an album cannot speak for the others.
            None if message.grouped_id else _attached([message], lens),
        )
    )


def add_removals(into: Harvest, numbers: Iterable[int], channel: int | None, lens: Lens) -> None:
    """Add deletions; outside channels Telegram does not say in which chat they happened."""
    memory = lens.memory
    for number in numbers:
        if channel is not None:
            peer = channel_peer(channel)
            name = message_name(peer, number)
            kinds: tuple[Kind, ...] = (_channel_kind(peer, lens),)
        else:
            name = RemoteId(str(number))
            known = memory.kinds.get(number)
            kinds = (known,) if known is not None else (Kind.DIRECT, Kind.MENTION)
        into.removals.extend(Removal(kind, name, lens.now) for kind in kinds)


def _channel_kind(peer: int, lens: Lens) -> Kind:
    if peer in lens.memory.links:
        return Kind.COMMENT
    chat = lens.memory.chats.get(peer)
    return Kind.DIRECT if chat is not None and chat.monoforum else Kind.MENTION


def edited_at(message: types.Message) -> datetime | None:
    """When the words were changed; reactions and buttons are no edits."""
    return None if message.edit_hide else _moment(message.edit_date)


def _moment(value: object) -> datetime | None:
    return value.astimezone(UTC) if isinstance(value, datetime) else None
