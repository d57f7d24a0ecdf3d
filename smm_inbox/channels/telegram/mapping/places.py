"""Where a message stands: which chat, whose words, which thread."""

from __future__ import annotations

from enum import StrEnum

from telethon.tl import types

from smm_inbox.domain.conversation import Kind, Place, Root
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.text import SafeText, clean_line

from .attachments import attached
from .harvest import Chat, Harvest, Lens, Memory, Where
from .keys import (
    SERVICE_USERS,
    SITE,
    channel_number,
    chat_name,
    direct_name,
    is_channel,
    is_person,
    marked,
    mention_name,
    message_name,
    parse_place,
    person,
    post_name,
    suggestions_name,
    thread_name,
)
from .text import readable


class Scope(StrEnum):
    """What a message is to us, by the place it stands in."""

    DIRECT = "direct"
    SUGGESTION = "suggestion"
    """A message to a channel."""
    COMMENT = "comment"
    GROUP = "group"
    POST = "post"
    COPY = "copy"
    """The copy of a post in the discussion group."""
    NONE = "none"


KIND = {
    Scope.DIRECT: Kind.DIRECT,
    Scope.SUGGESTION: Kind.DIRECT,
    Scope.COMMENT: Kind.COMMENT,
    Scope.GROUP: Kind.MENTION,
}


def scope(message: types.Message, lens: Lens) -> Scope:
    """What ``message`` is to us."""
    peer = marked(message.peer_id)
    if peer is None:
        return Scope.NONE
    if is_person(peer):
        skipped = peer == lens.us.user or peer in SERVICE_USERS or peer in lens.memory.bots
        return Scope.NONE if skipped else Scope.DIRECT
    chat = lens.memory.chats.get(peer)
    if chat is not None and chat.monoforum:
        return Scope.SUGGESTION if chat.ours else Scope.NONE
    if chat is not None and chat.broadcast:
        return Scope.POST
    if peer in lens.memory.links:
        return Scope.COPY if copied_post(message) is not None else Scope.COMMENT
    return Scope.GROUP


def author_of(message: types.Message, lens: Lens) -> int | None:
    """The marked number of who wrote it; anonymous administrators write as their group."""
    sender, peer = marked(message.from_id), marked(message.peer_id)
    if sender is not None or peer is None:
        return sender
    if is_person(peer) and message.out:
        return lens.us.user
    return peer


def is_ours(message: types.Message, author: int | None, lens: Lens) -> bool:
    """Whether the business wrote it: we, a colleague, or the channel in its own name."""
    peer = marked(message.peer_id)
    if message.out or author == lens.us.user:
        return True
    if author is None or peer is None:
        return False
    if (wanted := marked(message.saved_peer_id)) is not None and scope(
        message, lens
    ) is Scope.SUGGESTION:
        return author != wanted
    return author in lens.memory.ours_in(peer)


def copied_post(message: types.Message) -> tuple[int, int] | None:
    """Channel and number of the post that ``message`` is the automatic copy of."""
    header = message.fwd_from
    if not isinstance(header, types.MessageFwdHeader) or not header.saved_from_msg_id:
        return None
    channel = marked(header.saved_from_peer)
    if channel is None or not is_channel(channel) or channel != marked(message.from_id):
        return None
    return channel, int(header.saved_from_msg_id)


def answered(message: types.Message) -> int | None:
    """The message in the same chat that this one answers."""
    header = message.reply_to
    if not isinstance(header, types.MessageReplyHeader) or not header.reply_to_msg_id:
        return None
    elsewhere = marked(header.reply_to_peer_id)
    if elsewhere is not None and elsewhere != marked(message.peer_id):
        return None
    return int(header.reply_to_msg_id)


def thread_top(message: types.Message) -> int | None:
    """The message a comment's thread hangs on, where Telegram tells."""
    header = message.reply_to
    top = header.reply_to_top_id if isinstance(header, types.MessageReplyHeader) else None
    return int(top) if top else None


def note(message: types.Message, lens: Lens, into: Harvest | None = None) -> None:
    """Remember of a message in a group what later ones refer to."""
    memory, peer = lens.memory, marked(message.peer_id)
    if peer is None or is_person(peer):
        return
    here = (peer, int(message.id))
    author = author_of(message, lens)
    if author is not None:
        memory.authors.put(here, author)
        if is_person(author):
            memory.seen_in.put(author, here)
    if message.mentioned:
        memory.mentioned.put(here, None)
    post = copied_post(message)
    if post is not None:
        name = post_name(*post)
        memory.copies.put(here, name)
        snapshot(message, *post, lens, into)
        return
    _note_thread(message, here, lens)


def _note_thread(message: types.Message, here: Where, lens: Lens) -> None:
    memory, (peer, number) = lens.memory, here
    parent, top = answered(message), thread_top(message)
    if parent is None or (peer, parent) in memory.copies:
        root, top = number, parent
    else:
        root = memory.thread_of.get((peer, parent)) or number
        top = top or memory.top_of.get((peer, parent))
    memory.thread_of.put(here, root)
    if top is not None:
        memory.top_of.put(here, top)
    author = author_of(message, lens)
    if root == number and author is not None and not is_ours(message, author, lens):
        memory.opened_by.put(here, author)


def missing(message: types.Message, lens: Lens) -> list[Where]:
    """Messages that have to be looked at before this one can be placed."""
    memory, peer = lens.memory, marked(message.peer_id)
    if peer is None or is_person(peer):
        return []
    parent, top = answered(message), thread_top(message)
    kind = scope(message, lens)
    wanted: list[Where] = []
    if kind is Scope.COMMENT:
        for number in (parent, top):
            where = (peer, number or 0)
            if number and where not in memory.thread_of and where not in memory.copies:
                wanted.append(where)
    elif kind is Scope.GROUP and message.out and parent and (peer, parent) not in memory.authors:
        wanted.append((peer, parent))
    return wanted


def snapshot(
    message: types.Message, channel: int, post: int, lens: Lens, into: Harvest | None = None
) -> Root:
    """What a post says, kept for the day it disappears."""
    name = post_name(channel, post)
    chat = lens.memory.chats.get(channel)
    text = readable(message.message, message.entities)
    if not text:
        inner = attached(message, "", lens.memory)
        text = next((entry.name or entry.text for entry in inner if entry.name or entry.text), text)
    root = Root(
        name,
        "post",
        text=text,
        url=post_url(chat, channel, post),
        author=chat.title if chat is not None else SafeText(""),
        posted_at=message.date,
    )
    lens.memory.roots.put(name, root)
    if into is not None:
        into.roots[name] = root
    return root


def chat_root(peer: int, memory: Memory) -> Root:
    """A group as what a mention hangs on."""
    chat = memory.chats.get(peer)
    return Root(
        chat_name(peer),
        "chat",
        text=chat.title if chat is not None else SafeText(""),
        url=chat_url(chat),
    )


def place(message: types.Message, kind: Scope, author: int | None, lens: Lens) -> Place | None:
    """The conversation a message belongs to; ``None`` when it belongs to none of ours."""
    peer = marked(message.peer_id)
    if peer is None:
        return None
    match kind:
        case Scope.DIRECT:
            return direct_place(peer, lens.memory)
        case Scope.SUGGESTION:
            return _suggestion_place(peer, message, lens)
        case Scope.COMMENT:
            return _comment_place(peer, message, lens)
        case Scope.GROUP:
            return _mention_place(peer, message, author, lens)
        case _:
            return None


def direct_place(peer: int, memory: Memory) -> Place:
    """The private conversation with a person."""
    known = memory.people.get(peer)
    return Place(
        Kind.DIRECT,
        direct_name(peer),
        contact=person(peer),
        url=known.url if known is not None else "",
    )


def _suggestion_place(peer: int, message: types.Message, lens: Lens) -> Place | None:
    who = marked(message.saved_peer_id)
    if who is None:
        return None
    chat = lens.memory.chats.get(peer)
    return Place(
        Kind.DIRECT,
        suggestions_name(peer, who),
        contact=person(who),
        title=chat.title if chat is not None else SafeText(""),
    )


def _comment_place(group: int, message: types.Message, lens: Lens) -> Place:
    memory, here = lens.memory, (group, int(message.id))
    root = memory.thread_of.get(here) or here[1]
    top = memory.top_of.get(here)
    post = memory.copies.get((group, top)) if top is not None else None
    opener = memory.opened_by.get((group, root))
    return Place(
        Kind.COMMENT,
        thread_name(group, root),
        contact=person(opener) if opener is not None else None,
        public=True,
        root=post or chat_name(group),
        thread=message_name(group, root),
        url=comment_url(group, root, post, memory),
    )


def _mention_place(
    peer: int, message: types.Message, author: int | None, lens: Lens
) -> Place | None:
    memory = lens.memory
    if is_ours(message, author, lens):
        # Our words in a group are an answer when they answer somebody who spoke to us.
        parent = answered(message)
        if parent is None or (peer, parent) not in memory.mentioned:
            return None
        author = memory.authors.get((peer, parent))
    elif not message.mentioned:
        return None
    if author is None:
        return None
    chat = memory.chats.get(peer)
    return Place(
        Kind.MENTION,
        mention_name(peer, author),
        contact=person(author),
        public=True,
        root=chat_name(peer),
        title=chat.title if chat is not None else SafeText(""),
        url=message_url(chat, peer, int(message.id)),
    )


def root_of(found: Place, memory: Memory) -> Root | None:
    """The snapshot a conversation hangs on, as far as it is known."""
    if found.root is None:
        return None
    known = memory.roots.get(found.root)
    if known is not None:
        return known
    name = str(found.root)
    return chat_root(int(name.removeprefix("chat")), memory) if name.startswith("chat") else None


def chat_url(chat: Chat | None) -> str:
    """Page of a public group or channel; empty for a private one."""
    return f"{SITE}/{chat.handle}" if chat is not None and chat.handle else ""


def post_url(chat: Chat | None, channel: int, post: int) -> str:
    """Page of a post."""
    return message_url(chat, channel, post)


def message_url(chat: Chat | None, peer: int, number: int) -> str:
    """Page of a message in a group or channel; basic groups have none."""
    if chat is not None and chat.handle:
        return f"{SITE}/{chat.handle}/{number}"
    return f"{SITE}/c/{channel_number(peer)}/{number}" if is_channel(peer) else ""


def comment_url(group: int, number: int, post: RemoteId | None, memory: Memory) -> str:
    """Page of a comment: under its post where that is public, otherwise in its group."""
    root = memory.roots.get(post) if post is not None else None
    if root is not None and root.url and f"{SITE}/c/" not in root.url:
        return f"{root.url}?comment={number}"
    return message_url(memory.chats.get(group), group, number)


def url_of(found: Place, number: int, memory: Memory) -> str:
    """Page of a message in a conversation; private ones have none."""
    target = parse_place(found)
    if target is None or found.kind is Kind.DIRECT:
        return ""
    if found.kind is Kind.COMMENT:
        return comment_url(target.peer, number, found.root, memory)
    return message_url(memory.chats.get(target.peer), target.peer, number)


def operator_of(message: types.Message, author: int | None, lens: Lens) -> SafeText:
    """Who of the business wrote it, where Telegram tells."""
    if message.post_author:
        return clean_line(message.post_author, limit=100)
    if author is None or author == lens.us.user or not is_person(author):
        return SafeText("")
    known = lens.memory.people.get(author)
    return known.name if known is not None else SafeText("")
