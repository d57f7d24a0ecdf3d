"""Private messages and messages in group chats."""

from __future__ import annotations

from datetime import datetime

from smm_inbox.channels.vk.errors import cannot_write
from smm_inbox.domain.conversation import Kind, Place, Root
from smm_inbox.domain.ids import RemoteId, Token
from smm_inbox.domain.message import Direction, Edit, NetworkMessage, Removal, WriteAccess
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

from . import raw
from .attachments import attached
from .harvest import Harvest, Lens, Malformed
from .keys import CHAT_BASE, SITE, MessageKey, is_chat, person
from .mentions import Ourselves, addressee, mentions, readable
from .raw import Raw

_DENIED = 901


def message_new(into: Harvest, event: Raw, lens: Lens) -> None:
    """``message_new``: the message is inside; ``message_reply``: the event is the message."""
    inner = event.get("message")
    message = inner if isinstance(inner, dict) else event
    take(into, message, lens)
    peer = raw.positive(message.get("peer_id"))
    if peer is not None and not is_chat(peer) and raw.integer(message.get("from_id")) == peer:
        # Whoever writes to the community may be answered, whatever VK said of them before.
        into.access.append(WriteAccess(Kind.DIRECT, person(peer), SafeText("")))


def take(into: Harvest, message: Raw, lens: Lens) -> None:
    """Take one message; in a group chat only when it is ours or speaks to us."""
    key = _key(message)
    if is_chat(key.peer) and not _concerns_us(message, lens.us):
        return
    taken = _message(message, key, lens)
    into.messages.append(taken)
    author = raw.integer(message.get("from_id"))
    if author:
        into.people.add(author)
    if is_chat(key.peer):
        into.chats.add(key.peer)
    else:
        into.people.add(key.peer)


def message_edit(into: Harvest, event: Raw, lens: Lens) -> None:
    """An edited message. In a chat the edit may be what first speaks to us."""
    inner = event.get("message")
    message = inner if isinstance(inner, dict) else event
    key = _key(message)
    if is_chat(key.peer):
        take(into, message, lens)
    into.edits.append(
        Edit(
            kind=_kind(key.peer),
            remote_id=key.remote_id,
            text=readable(message.get("text")),
            edited_at=_edited(message) or lens.now,
            attachments=attached(message),
        )
    )


def message_allow(into: Harvest, event: Raw, lens: Lens) -> None:
    """The customer allowed messages from the community."""
    _access(into, event, "")


def message_deny(into: Harvest, event: Raw, lens: Lens) -> None:
    """The customer forbade messages from the community."""
    _access(into, event, cannot_write(_DENIED))


def reaction(into: Harvest, event: Raw, lens: Lens) -> None:
    """A reaction to a private message: shown, but nobody waits for an answer to it."""
    peer, cmid = raw.integer(event.get("peer_id")), raw.positive(event.get("cmid"))
    who = raw.integer(event.get("reacted_id"))
    if peer is None or cmid is None or who is None:
        raise Malformed("a reaction without peer, message or person")
    if is_chat(peer) or who != peer:
        return
    name = RemoteId(f"{peer}_{cmid}r{who}")
    if raw.integer(event.get("reaction_id")) is None:
        into.removals.append(Removal(Kind.DIRECT, name, lens.now))
        return
    into.people.add(who)
    into.messages.append(
        NetworkMessage(
            place=place(peer, lens.us),
            remote_id=name,
            direction=Direction.IN,
            text=SafeText(tr("Reacted to the message")),
            sent_at=lens.now,
            author=person(who),
            reply_to=MessageKey(peer, cmid).remote_id,
            needs_answer=False,
            reaction=True,
        )
    )


def conversation_access(into: Harvest, conversation: Raw) -> None:
    """Whether a conversation of ``getConversations`` can be written to."""
    peer = raw.integer(raw.obj(conversation.get("peer")).get("id"))
    can_write = raw.obj(conversation.get("can_write"))
    if peer is None or is_chat(peer) or "allowed" not in can_write:
        return
    reason = ""
    if can_write.get("allowed") is False:
        code = raw.integer(can_write.get("reason")) or 0
        reason = cannot_write(code) or tr("VK does not let the community write to this customer.")
    into.access.append(WriteAccess(Kind.DIRECT, person(peer), SafeText(reason)))


def chat_root(conversation: Raw, us: Ourselves) -> Root | None:
    """Snapshot of a group chat: its title."""
    peer = raw.integer(raw.obj(conversation.get("peer")).get("id"))
    if peer is None or not is_chat(peer):
        return None
    settings = raw.obj(conversation.get("chat_settings"))
    return Root(
        chat_name(peer),
        "chat",
        text=clean_line(settings.get("title"), limit=200),
        url=_url(peer, us),
    )


def chat_name(peer: int) -> RemoteId:
    """Name of a chat's snapshot."""
    return RemoteId(f"chat{peer}")


def place(peer: int, us: Ourselves) -> Place:
    """Where messages with ``peer`` stand."""
    if is_chat(peer):
        return Place(
            Kind.MENTION,
            RemoteId(str(peer)),
            public=True,
            root=chat_name(peer),
            url=_url(peer, us),
        )
    return Place(Kind.DIRECT, RemoteId(str(peer)), contact=person(peer), url=_url(peer, us))


def sent_at(message: Raw, lens: Lens) -> datetime:
    """When a message was sent; on arrival when VK does not say."""
    return raw.moment(message.get("date")) or lens.now


def _message(message: Raw, key: MessageKey, lens: Lens) -> NetworkMessage:
    author = raw.integer(message.get("from_id"))
    # A private message that names no author came from the one who sits at the other end.
    ours = author == lens.us.owner or (author is None and raw.truthy(message.get("out")))
    text = message.get("text")
    reply = raw.obj(message.get("reply_message"))
    return NetworkMessage(
        place=place(key.peer, lens.us),
        remote_id=key.remote_id,
        direction=Direction.OUT if ours else Direction.IN,
        text=readable(text),
        sent_at=sent_at(message, lens),
        author=None if ours else person(author if author is not None else key.peer),
        attachments=attached(message),
        reply_to=_reply_to(reply, key.peer),
        addressee=_speaks_to(text, reply, key.peer, lens.us) if ours else None,
        token=_token(message) if ours else None,
        automatic=ours and _by_bot(message),
        needs_answer=not ours and not raw.obj(message.get("action")),
        mentions_us=not ours and mentions(text, lens.us),
        operator=_operator(message, lens) if ours else SafeText(""),
        edited_at=_edited(message),
        url=_url(key.peer, lens.us),
    )


def _key(message: Raw) -> MessageKey:
    peer = raw.integer(message.get("peer_id"))
    if not peer:
        raise Malformed("a message without a peer")
    cmid = raw.positive(message.get("conversation_message_id"))
    number = raw.positive(message.get("id"))
    if cmid is None and number is None:
        raise Malformed("a message without a number")
    return MessageKey(peer, cmid, number)


def _kind(peer: int) -> Kind:
    return Kind.MENTION if is_chat(peer) else Kind.DIRECT


def _concerns_us(message: Raw, us: Ourselves) -> bool:
    if raw.integer(message.get("from_id")) == us.owner:
        return True
    reply = raw.obj(message.get("reply_message"))
    return mentions(message.get("text"), us) or raw.integer(reply.get("from_id")) == us.owner


def _reply_to(reply: Raw, peer: int) -> RemoteId | None:
    cmid = raw.positive(reply.get("conversation_message_id"))
    number = raw.positive(reply.get("id"))
    if cmid is None and number is None:
        return None
    return MessageKey(peer, cmid, number).remote_id


def _speaks_to(text: object, reply: Raw, peer: int, us: Ourselves) -> RemoteId | None:
    if not is_chat(peer):
        return person(peer)
    for number in (raw.integer(reply.get("from_id")), addressee(text)):
        if number is not None and number != us.owner:
            return person(number)
    return None


def _token(message: Raw) -> Token | None:
    number = raw.integer(message.get("random_id"))
    return Token(str(number)) if number else None


def _admin(message: Raw) -> int | None:
    return raw.positive(message.get("admin_author_id"))


def _by_bot(message: Raw) -> bool:
    # Buttons can only be put under a message by a program; people answer without them.
    return bool(raw.obj(message.get("keyboard"))) and _admin(message) is None


def _operator(message: Raw, lens: Lens) -> SafeText:
    admin = _admin(message)
    return (lens.memory.names.get(admin) or SafeText("")) if admin else SafeText("")


def _edited(message: Raw) -> datetime | None:
    return raw.moment(message.get("update_time"))


def _access(into: Harvest, event: Raw, sentence: str) -> None:
    who = raw.positive(event.get("user_id"))
    if who is None:
        raise Malformed("an event about nobody")
    into.access.append(WriteAccess(Kind.DIRECT, person(who), SafeText(sentence)))


def _url(peer: int, us: Ourselves) -> str:
    selected = f"c{peer - CHAT_BASE}" if is_chat(peer) else str(peer)
    return f"{SITE}/gim{us.group_id}?sel={selected}"
