"""messages.send, edit and delete: what changes a conversation in the community's name."""

from __future__ import annotations

from smm_inbox.sandbox.vk import traffic
from smm_inbox.sandbox.vk.errors import TEXTS, VkError, invalid
from smm_inbox.sandbox.vk.methods.registry import Context, method
from smm_inbox.sandbox.vk.model import CHAT_BASE, Delivery, Json, Message
from smm_inbox.sandbox.vk.params import Params
from smm_inbox.sandbox.vk.shapes import quoted
from smm_inbox.sandbox.vk.tokens import COMMUNITY_OR_USER

MAX_TEXT = 4096
MAX_ATTACHMENTS = 10
DAY = 24 * 3600


@method("messages.send", COMMUNITY_OR_USER, "messages")
def send(ctx: Context, p: Params) -> object:
    """A message to one peer answers its id, to several a list with errors per peer."""
    random_id = p.number("random_id")
    if not -(2**31) <= random_id < 2**31:
        random_id = (random_id + 2**31) % 2**32 - 2**31  # VK's field is an int32 and wraps
    if p.has("peer_ids"):
        return [_to_one_of_many(ctx, p, peer, random_id) for peer in p.numbers("peer_ids")]
    return _deliver(ctx, p, _peer(p), random_id).id


@method("messages.edit", COMMUNITY_OR_USER, "messages")
def edit(ctx: Context, p: Params) -> object:
    """Change our own message within a day."""
    item = _find(ctx, p)
    if not item.out:
        raise VkError(15, f"{TEXTS[15].split(':', maxsplit=1)[0]}: can't edit this message")
    if ctx.state.clock() - item.date > DAY:
        raise VkError(909)
    text = p.text("message")
    if len(text) > MAX_TEXT:
        raise VkError(914)
    words = p.words("attachment")
    keeps = item.attachments if p.flag("keep_forward_messages") and not words else []
    if not text and not words and not keeps:
        raise invalid("message is empty or invalid")
    traffic.edit_message(ctx.state, item, text, ctx.state.attached(words) or keeps)
    return 1


@method("messages.delete", COMMUNITY_OR_USER, "messages")
def delete(ctx: Context, p: Params) -> object:
    """Delete messages; for everybody only our own and only within a day. Makes no event."""
    state = ctx.state
    found: list[Message | None] = [state.message(number) for number in p.numbers("message_ids")]
    peer = p.number("peer_id", 0)
    numbers = p.numbers("cmids") or p.numbers("conversation_message_ids")
    found += [state.dialog(peer).find(number) for number in numbers]
    answers: list[Json] = []
    for item in found:
        if item is None:
            answers.append({"peer_id": peer, "message_id": 0, "response": 0})
            continue
        if p.flag("delete_for_all") and (not item.out or state.clock() - item.date > DAY):
            raise VkError(924)
        item.deleted = True
        answers.append(
            {
                "peer_id": item.peer_id,
                "message_id": item.id,
                "conversation_message_id": item.cmid,
                "response": 1,
            }
        )
    return answers


def _peer(p: Params) -> int:
    if p.has("peer_id"):
        return p.number("peer_id")
    if p.has("chat_id"):
        return CHAT_BASE + p.number("chat_id")
    return p.number("user_id")


def _to_one_of_many(ctx: Context, p: Params, peer: int, random_id: int) -> Json:
    try:
        item = _deliver(ctx, p, peer, random_id)
    except VkError as error:
        return {
            "peer_id": peer,
            "message_id": 0,
            "conversation_message_id": 0,
            "error": {"code": error.code, "description": error.text},
        }
    return {"peer_id": peer, "message_id": item.id, "conversation_message_id": item.cmid}


def _deliver(ctx: Context, p: Params, peer: int, random_id: int) -> Message:
    state = ctx.state
    known = state.repeated("message", peer, random_id) if random_id else None
    if known is not None:
        return state.messages[known]
    if reason := state.can_write(peer):
        raise VkError(reason if reason in TEXTS else 901)
    text = p.text("message")
    words = p.words("attachment")
    if len(text) > MAX_TEXT:
        raise VkError(914)
    reply_to, forwards = _forwarded(ctx, p, peer)
    if not text and not words and not forwards and not p.has("sticker_id"):
        raise invalid("message is empty or invalid")
    if len(words) > MAX_ATTACHMENTS:
        raise invalid("attachment: too many attachments")
    item = traffic.put_message(
        state,
        peer,
        state.owner,
        text,
        attachments=state.attached(words),
        reply_to=reply_to,
        forwards=forwards,
        random_id=random_id,
    )
    if random_id:
        state.remember(item.id, "message", peer, random_id)
    state.delivered(
        Delivery("message", peer, item.cmid, text, str(random_id), reply_to, tuple(words))
    )
    return item


def _forwarded(ctx: Context, p: Params, peer: int) -> tuple[int, list[Json]]:
    """The conversation id replied to and the forwarded messages."""
    state = ctx.state
    if p.has("reply_to"):
        target = state.message(p.number("reply_to"))
        if target is None or target.peer_id != peer:
            raise VkError(10)  # what VK answers to a conversation id in this place
        return target.cmid, []
    forward = p.json("forward")
    if not forward:
        return 0, []
    source = forward.get("peer_id", peer)
    numbers = forward.get("conversation_message_ids", [])
    if not isinstance(source, int) or not isinstance(numbers, list):
        raise invalid("forward is invalid")
    found = [item for number in numbers if (item := state.dialog(source).find(int(number)))]
    if len(found) != len(numbers):
        raise invalid("forward: messages not found")
    if forward.get("is_reply") and found:
        return found[0].cmid, []
    return 0, [quoted(item) for item in found]


def _find(ctx: Context, p: Params) -> Message:
    number = p.number("conversation_message_id", 0) or p.number("cmid", 0)
    item = (
        ctx.state.dialog(p.number("peer_id")).find(number)
        if number
        else ctx.state.message(p.number("message_id"))
    )
    if item is None:
        raise invalid("message_id is invalid")
    return item
