"""messages.*: reading conversations, and marks that change nothing in them."""

from __future__ import annotations

from smm_inbox.sandbox.vk import shapes
from smm_inbox.sandbox.vk.errors import TEXTS, VkError
from smm_inbox.sandbox.vk.methods.registry import Context, method
from smm_inbox.sandbox.vk.model import CHAT_BASE, Dialog, Json, Message
from smm_inbox.sandbox.vk.params import Params
from smm_inbox.sandbox.vk.tokens import COMMUNITY_OR_USER


@method("messages.getConversations", COMMUNITY_OR_USER, "messages")
def get_conversations(ctx: Context, p: Params) -> object:
    """Conversations, the most recent first."""
    wanted = p.text("filter", "all")
    dialogs = [
        dialog for dialog in ctx.state.dialogs.values() if dialog.living and _passes(dialog, wanted)
    ]
    dialogs.sort(key=lambda dialog: (dialog.living[-1].date, dialog.living[-1].id), reverse=True)
    start, end = p.page(20, 200)
    page = dialogs[start:end]
    out: Json = {"count": len(dialogs)}
    unread = sum(_unread(dialog) > 0 for dialog in ctx.state.dialogs.values())
    if unread and page:
        out["unread_count"] = unread
    out["items"] = [
        {
            "conversation": _head(ctx, dialog),
            "last_message": shapes.message(dialog.living[-1], dialog),
        }
        for dialog in page
    ]
    people = {message.from_id for dialog in page for message in dialog.living[-1:]}
    people |= {dialog.peer_id for dialog in page}
    return out | _extended(ctx, p, people)


@method("messages.getConversationsById", COMMUNITY_OR_USER, "messages")
def get_conversations_by_id(ctx: Context, p: Params) -> object:
    """Heads of the conversations with these peers."""
    known = ctx.state.dialogs
    dialogs = [known[peer] for peer in p.numbers("peer_ids") if peer in known]
    out: Json = {"count": len(dialogs), "items": [_head(ctx, dialog) for dialog in dialogs]}
    return out | _extended(ctx, p, {dialog.peer_id for dialog in dialogs})


@method("messages.getHistory", COMMUNITY_OR_USER, "messages")
def get_history(ctx: Context, p: Params) -> object:
    """A conversation's messages, newest first unless rev=1."""
    peer = p.number("peer_id", 0) or p.number("user_id")
    if peer > CHAT_BASE and peer not in ctx.state.dialogs:
        raise VkError(917)
    dialog = ctx.state.dialogs.get(peer, Dialog(peer))
    items = dialog.living if p.flag("rev") else dialog.living[::-1]
    if p.has("start_cmid"):
        first = p.number("start_cmid")
        items = [m for m in items if (m.cmid >= first if p.flag("rev") else m.cmid <= first)]
    if p.has("start_message_id"):
        first = p.number("start_message_id")
        items = [m for m in items if (m.id >= first if p.flag("rev") else m.id <= first)]
    start, end = p.page(20, 200)
    page = items[start:end]
    out: Json = {
        "count": len(dialog.living),
        "items": [shapes.message(message, dialog) for message in page],
    }
    if p.flag("extended"):
        out |= _extended(ctx, p, {peer, *(message.from_id for message in page)})
        out["conversations"] = [_head(ctx, dialog)]
    return out


@method("messages.getById", COMMUNITY_OR_USER, "messages")
def get_by_id(ctx: Context, p: Params) -> object:
    """Messages by global ids, or by conversation ids with a peer."""
    found: list[Message | None] = [ctx.state.message(number) for number in p.numbers("message_ids")]
    if p.has("cmids"):
        dialog = ctx.state.dialog(p.number("peer_id"))
        found += [dialog.find(number) for number in p.numbers("cmids")]
    return _listed(ctx, p, found)


@method("messages.getByConversationMessageId", COMMUNITY_OR_USER, "messages")
def get_by_conversation_message_id(ctx: Context, p: Params) -> object:
    """Messages by conversation ids."""
    dialog = ctx.state.dialog(p.number("peer_id"))
    numbers = p.numbers("conversation_message_ids")
    return _listed(ctx, p, [dialog.find(number) for number in numbers])


@method("messages.search", COMMUNITY_OR_USER, "messages")
def search(ctx: Context, p: Params) -> object:
    """Messages that contain the words, newest first."""
    words = p.text("q").casefold()
    peer = p.number("peer_id", 0)
    hits = [
        message
        for message in ctx.state.messages.values()
        if words in message.text.casefold() and not message.deleted and peer in {0, message.peer_id}
    ][::-1]
    start, end = p.page(20, 100)
    dialogs = ctx.state.dialogs
    items = [shapes.message(hit, dialogs[hit.peer_id]) for hit in hits[start:end]]
    return {"count": len(hits), "items": items}


@method("messages.markAsRead", COMMUNITY_OR_USER, "messages")
def mark_as_read(ctx: Context, p: Params) -> object:
    """Everything the customer wrote is seen."""
    dialog = ctx.state.dialog(p.number("peer_id"))
    dialog.in_read = dialog.messages[-1].cmid if dialog.messages else 0
    return 1


@method("messages.markAsAnsweredConversation", COMMUNITY_OR_USER, "messages")
def mark_as_answered(ctx: Context, p: Params) -> object:
    """Take the conversation off VK's own list of unanswered ones."""
    ctx.state.dialog(p.number("peer_id")).answered = p.number("answered", 1) == 1
    return 1


@method("messages.setActivity", COMMUNITY_OR_USER, "messages")
def set_activity(ctx: Context, p: Params) -> object:
    """Typing is shown to the customer for some seconds; nothing to keep."""
    if reason := ctx.state.can_write(p.number("peer_id", 0) or p.number("user_id")):
        raise VkError(reason if reason in TEXTS else 901)
    return 1


@method("messages.isMessagesFromGroupAllowed", COMMUNITY_OR_USER, "messages")
def is_allowed(ctx: Context, p: Params) -> object:
    """Whether this person may be written to."""
    return {"is_allowed": int(ctx.state.can_write(p.number("user_id")) == 0)}


def _passes(dialog: Dialog, wanted: str) -> bool:
    match wanted:
        case "unread":
            return _unread(dialog) > 0
        case "unanswered":
            return not dialog.answered
        case "important":
            return dialog.important
        case _:
            return True


def _unread(dialog: Dialog) -> int:
    return sum(not item.out and item.cmid > dialog.in_read for item in dialog.living)


def _head(ctx: Context, dialog: Dialog) -> Json:
    reason = ctx.state.can_write(dialog.peer_id)
    can: Json = {"allowed": False, "reason": reason} if reason else {"allowed": True}
    return shapes.conversation(dialog, can)


def _listed(ctx: Context, p: Params, found: list[Message | None]) -> Json:
    items = [item for item in found if item is not None]
    out: Json = {
        "count": len(items),
        "items": [shapes.message(item, ctx.state.dialog(item.peer_id)) for item in items],
    }
    return out | _extended(ctx, p, {item.from_id for item in items})


def _extended(ctx: Context, p: Params, ids: set[int]) -> Json:
    if not p.flag("extended"):
        return {}
    return {
        "profiles": ctx.state.profiles(ids, p.words("fields")),
        "groups": ctx.state.groups({*ids, ctx.state.owner}),
    }
