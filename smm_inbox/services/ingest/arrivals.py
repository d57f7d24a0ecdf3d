"""Messages that a batch brings: in which conversation, from whom, and whether they wait."""

from __future__ import annotations

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.ids import ContactId, ConversationId
from smm_inbox.domain.message import Direction, Edit, InState, NetworkMessage
from smm_inbox.domain.triage import is_bare_thanks
from smm_inbox.storage import contacts, conversations, journal, messages, waiting
from smm_inbox.storage.rows import to_us

from . import changes, echoes
from .step import Pass


async def store(step: Pass, message: NetworkMessage) -> None:
    """Store a message with its author and conversation; what is known already changes nothing."""
    key = (str(message.place.kind), str(message.remote_id))
    if key in step.known:
        await _known(step, message)
        return
    step.known.add(key)
    author = await step.person(message.author)
    conversation = await _conversation(step, message, author)
    if message.direction is Direction.OUT:
        if not await echoes.recognise(step, conversation, message):
            await echoes.elsewhere(step, conversation, message, author)
    else:
        await _inbound(step, conversation, message, author)
    if message.mentions_us:
        await conversations.mark_mention(step.tx, conversation)
    step.touched.add(conversation)


async def _conversation(
    step: Pass, message: NetworkMessage, author: ContactId | None
) -> ConversationId:
    place = message.place
    contact = await step.person(place.contact)
    if contact is None and message.direction is Direction.IN:
        contact = author
    if (place, contact) in step.places:
        return step.places[place, contact]
    root = None
    if place.root is not None:
        root = await contacts.root_id(step.tx, step.account, place.root)
    step.places[place, contact] = await conversations.ensure(
        step.tx, step.account, place, contact=contact, root=root
    )
    return step.places[place, contact]


async def _known(step: Pass, message: NetworkMessage) -> None:
    """A message that came again: only a later edit of it is news."""
    edited = message.edited_at
    if edited is None:
        return
    row = await messages.find(step.tx, step.account, message.place.kind, message.remote_id)
    if row is None:
        return
    again = Edit(message.place.kind, message.remote_id, message.text, edited, message.attachments)
    if await changes.apply(step, row, again):
        step.touched.add(ConversationId(row["conversation_id"]))


async def _inbound(
    step: Pass,
    conversation: ConversationId,
    message: NetworkMessage,
    author: ContactId | None,
) -> None:
    tx = step.tx
    deleted = step.buried.get((message.place.kind, message.remote_id))
    state = await _first_state(step, conversation, message, author)
    stored = await messages.insert(
        tx,
        step.account,
        conversation,
        message,
        author=author,
        state=state,
        deleted_at=deleted,
        now=step.now,
    )
    if state is InState.AWAITING and deleted is None:
        step.reopened.add(conversation)
        step.arrived += 1
    step.lines.append(
        journal.line(
            journal.Event.ARRIVED,
            step.account,
            step.now,
            conversation=conversation,
            message=stored,
            state=str(state),
        )
    )


async def _first_state(
    step: Pass,
    conversation: ConversationId,
    message: NetworkMessage,
    author: ContactId | None,
) -> InState:
    if message.automatic or not message.needs_answer:
        return InState.DISMISSED
    if conversation not in step.answers:
        step.answers[conversation] = await waiting.last_answer_elsewhere(step.tx, conversation)
    latest = step.answers[conversation]
    if (
        latest is not None
        and latest >= to_us(message.sent_at)
        and await waiting.answered_later(
            step.tx,
            conversation,
            author=author,
            author_remote=message.author,
            direct=message.place.kind is Kind.DIRECT,
            opener=message.author is not None and message.author == message.place.contact,
            remote_id=message.remote_id,
            sent_at=message.sent_at,
        )
    ):
        return InState.ANSWERED
    if is_bare_thanks(message.text, message.attachments):
        authors = await waiting.authors(step.tx, conversation)
        if not authors and await waiting.we_wrote(step.tx, conversation):
            return InState.DISMISSED
    return InState.AWAITING
