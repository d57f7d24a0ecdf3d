"""The list of chats, drafts, and marks of reading."""

from __future__ import annotations

from typing import Any

from smm_inbox.sandbox.telegram import profiles, shapes
from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import RpcError
from smm_inbox.sandbox.telegram.methods.registry import method
from smm_inbox.sandbox.telegram.methods.updates import state_shape
from smm_inbox.sandbox.telegram.model import (
    Message,
    channel_chat,
    group_chat,
    is_channel,
    number_of,
    other_side,
)
from smm_inbox.sandbox.telegram.pushing import tell, unread
from smm_inbox.sandbox.telegram.tl import stamp, types
from smm_inbox.sandbox.telegram.traffic import read_by_us


def chats_of(context: Context) -> dict[str, Message]:
    """Every chat of the caller with its newest message, the newest chat first."""
    state, me = context.state, context.me
    newest: dict[str, Message] = {}
    names = [str(me)]
    names += [channel_chat(item.id) for item in state.channels.values() if me in item.members]
    for name in names:
        for uid in state.box(name).messages.values():
            item = state.messages[uid]
            if not state.visible(me, item):
                continue
            known = newest.get(item.chat)
            if known is None or (item.date, item.uid) >= (known.date, known.uid):
                newest[item.chat] = item
    return dict(sorted(newest.items(), key=lambda pair: (pair[1].date, pair[1].uid), reverse=True))


def dialog_shape(context: Context, chat: str) -> Any:
    """One chat as it stands in the list."""
    state, account = context.state, context.own
    newest = state.history(chat, context.me)
    draft = account.drafts.get(chat)
    return types.Dialog(
        peer=shapes.peer(chat, context.me),
        top_message=context.id_of(newest[0]) if newest else 0,
        read_inbox_max_id=account.read_in.get(chat, 0),
        read_outbox_max_id=account.read_out.get(chat, 0),
        unread_count=unread(state, chat, context.me),
        unread_mentions_count=len(account.unread_mentions.get(chat, [])),
        unread_reactions_count=0,
        unread_poll_votes_count=0,
        notify_settings=shapes.SILENT,
        pts=state.box(chat).pts if is_channel(chat) else None,
        draft=types.DraftMessage(message=draft, date=state.now()) if draft else None,
    )


@method("messages.getDialogs", people_only=True)
def get_dialogs(context: Context, request: Any) -> object:
    """A page of the list of chats."""
    every = chats_of(context)
    found = list(every.items())
    if before := stamp(request.offset_date):
        # Chats of the same second are told apart by the offset chat, which comes last on its page.
        seen = _offset_chat(context, request.offset_peer)
        at = next((place for place, (chat, _) in enumerate(found) if chat == seen), -1)
        found = found[at + 1 :] if at >= 0 else [pair for pair in found if pair[1].date < before]
    page = found[: request.limit]
    tops = [message for _, message in page]
    users, chats = profiles.people(context.state, context.me, tops)
    shared = {
        "dialogs": [dialog_shape(context, chat) for chat, _ in page],
        "messages": [shapes.message(context.state, context.me, item) for item in tops],
        "chats": chats,
        "users": users,
    }
    if len(page) == len(every):
        return types.messages.Dialogs(**shared)
    return types.messages.DialogsSlice(**shared, count=len(every))


def _offset_chat(context: Context, peer: Any) -> str:
    return "" if isinstance(peer, types.InputPeerEmpty) else context.chat(peer)


@method("messages.getPinnedDialogs", people_only=True)
def get_pinned(context: Context, _: Any) -> object:
    """Pinned chats: there are none."""
    return types.messages.PeerDialogs([], [], [], [], state_shape(context))


@method("messages.getPeerDialogs", people_only=True)
def get_peer_dialogs(context: Context, request: Any) -> object:
    """Some chats of the list."""
    wanted = [context.chat(item.peer) for item in request.peers]
    tops = [newest[0] for chat in wanted if (newest := context.state.history(chat, context.me))]
    users, chats = profiles.people(context.state, context.me, tops)
    return types.messages.PeerDialogs(
        dialogs=[dialog_shape(context, chat) for chat in wanted],
        messages=[shapes.message(context.state, context.me, item) for item in tops],
        chats=chats,
        users=users,
        state=state_shape(context),
    )


@method("messages.getSavedDialogs", people_only=True)
def get_topics(context: Context, request: Any) -> object:
    """Who wrote to a channel: the topics of its letterbox, the newest first."""
    chat = letterbox(context, request.parent_peer)
    newest: dict[int, Message] = {}
    for item in context.state.history(chat, context.me):
        if item.letter_of:
            newest.setdefault(item.letter_of, item)
    found = sorted(newest.items(), key=lambda pair: context.id_of(pair[1]), reverse=True)
    if request.offset_id:
        found = [pair for pair in found if context.id_of(pair[1]) < request.offset_id]
    page = found[: request.limit]
    tops = [message for _, message in page]
    users, chats = profiles.people(context.state, context.me, tops)
    shared = {
        "dialogs": [
            types.MonoForumDialog(
                peer=types.PeerUser(person),
                top_message=context.id_of(message),
                read_inbox_max_id=0,
                read_outbox_max_id=0,
                unread_count=0,
                unread_reactions_count=0,
            )
            for person, message in page
        ],
        "messages": [shapes.message(context.state, context.me, item) for item in tops],
        "chats": chats,
        "users": users,
    }
    if len(page) == len(newest):
        return types.messages.SavedDialogs(**shared)
    return types.messages.SavedDialogsSlice(**shared, count=len(newest))


def letterbox(context: Context, peer: Any) -> str:
    """The letterbox of a channel the caller runs.

    Raises:
        RpcError: It is none, or somebody else's.
    """
    chat = context.chat(peer) if peer is not None else ""
    if not is_channel(chat) or not context.state.channels[number_of(chat)].is_letterbox:
        raise RpcError("PARENT_PEER_INVALID")
    if not context.is_admin(chat):
        raise RpcError("CHAT_ADMIN_REQUIRED")
    return chat


@method("messages.readHistory", people_only=True)
def read_history(context: Context, request: Any) -> object:
    """Everything in a chat up to a message was read."""
    chat = context.chat(request.peer)
    newest = context.state.history(chat, context.me)
    top = context.id_of(newest[0]) if newest else 0
    max_id = min(request.max_id, top) if request.max_id else top
    event = read_by_us(context.state, chat, context.me, max_id, context.origin)
    pts = event.pts if event else context.state.box(str(context.me)).pts
    return types.messages.AffectedMessages(pts=pts, pts_count=event.count if event else 0)


@method("channels.readHistory", people_only=True)
def read_channel(context: Context, request: Any) -> object:
    """Everything in a channel up to a message was read."""
    chat = context.chat(request.channel)
    newest = context.state.history(chat, context.me)
    top = context.id_of(newest[0]) if newest else 0
    read_by_us(
        context.state,
        chat,
        context.me,
        min(request.max_id, top) if request.max_id else top,
        context.origin,
    )
    return True


@method("messages.readMentions", people_only=True)
def read_mentions(context: Context, request: Any) -> object:
    """Every mention in a chat was seen."""
    chat = context.chat(request.peer)
    context.own.unread_mentions.pop(chat, None)
    context.state.dirty = True
    name = context.state.box_name(chat, context.me)
    return types.messages.AffectedHistory(pts=context.state.box(name).pts, pts_count=0, offset=0)


@method("messages.readMessageContents", people_only=True)
def read_contents(context: Context, request: Any) -> object:
    """A voice message was heard, a mention seen."""
    for numbers in context.own.unread_mentions.values():
        numbers[:] = [number for number in numbers if number not in request.id]
    pts = context.state.box(str(context.me)).pts
    return types.messages.AffectedMessages(pts=pts, pts_count=0)


@method("messages.setTyping")
def set_typing(context: Context, request: Any) -> object:
    """Show the others in the chat that the caller writes."""
    chat = context.chat(request.peer)
    if chat.startswith("u:"):
        there = other_side(chat, context.me)
        if there in context.state.accounts and there != context.me:
            tell(context.state, there, types.UpdateUserTyping(context.me, request.action))
    return True


@method("messages.saveDraft", people_only=True)
def save_draft(context: Context, request: Any) -> object:
    """Keep a draft on the network."""
    chat = context.chat(request.peer)
    context.own.drafts[chat] = request.message
    context.state.dirty = True
    return True


@method("messages.getAllDrafts", people_only=True)
def all_drafts(context: Context, _: Any) -> object:
    """Every draft."""
    updates = [
        types.UpdateDraftMessage(
            peer=shapes.peer(chat, context.me),
            draft=types.DraftMessage(message=text, date=context.state.now()),
        )
        for chat, text in context.own.drafts.items()
        if text
    ]
    return types.Updates(updates=updates, users=[], chats=[], date=context.state.now(), seq=0)


@method("messages.getChats", people_only=False)
def get_chats(context: Context, request: Any) -> object:
    """Basic groups by id."""
    wanted = [group_chat(number) for number in request.id if number in context.state.groups]
    return types.messages.Chats(profiles.places(context.state, context.me, wanted))


@method("messages.getFullChat")
def get_full_chat(context: Context, request: Any) -> object:
    """A whole basic group."""
    chat = context.chat(types.InputPeerChat(request.chat_id))
    group = context.state.groups[number_of(chat)]
    members = [
        types.ChatParticipant(user_id=number, inviter_id=group.members[0], date=group.date)
        for number in group.members
    ]
    full = types.ChatFull(
        id=group.id,
        about="",
        participants=types.ChatParticipants(chat_id=group.id, participants=members, version=1),
        notify_settings=shapes.SILENT,
    )
    users = [
        profiles.user(context.state, context.me, context.state.users[number])
        for number in group.members
        if number in context.state.users
    ]
    return types.messages.ChatFull(
        full_chat=full, chats=[profiles.group(context.me, group)], users=users
    )
