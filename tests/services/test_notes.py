"""Notes are written, changed, deleted and taken back; no network ever hears of them."""

from __future__ import annotations

import pytest

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.ids import ContactId
from smm_inbox.domain.note import MAX_NOTE, Purpose
from smm_inbox.services.notes import NoteRefused
from tests.services.desk import Desk, came, direct, thread
from tests.ui.hostile import HOSTILE, is_harmless


async def _events(desk: Desk) -> list[str]:
    rows = await desk.db.all("SELECT event FROM journal ORDER BY id")
    return [row["event"] for row in rows]


async def _author(desk: Desk) -> ContactId:
    card = await desk.card()
    assert card.contact_id is not None
    return card.contact_id


async def test_a_note_stands_on_its_conversation_and_changes_nothing_else(desk: Desk) -> None:
    await desk.store(came("1"))
    talk = await desk.talk()
    before = (await desk.card()).row

    await desk.services.notes.write(talk, "постоянный гость")

    (note,) = await desk.services.notes.on_conversation(talk)
    assert (note.text, note.operator, note.contact) == ("постоянный гость", "Анна", None)
    assert (await desk.card()).row == before
    assert (await _events(desk))[-1] == "note_written"


async def test_no_note_reaches_the_outbox_or_the_network(desk: Desk) -> None:
    await desk.online()
    await desk.store(came("1"))
    talk = await desk.talk()
    number = await desk.services.notes.write(talk, "скидку не давать")
    await desk.services.notes.edit(number, "скидку давать", talk)
    await desk.services.notes.write(talk, "спорит", author=await _author(desk))

    assert await desk.db.all("SELECT * FROM outbox") == []
    assert await desk.db.all("SELECT * FROM messages WHERE direction = 'out'") == []
    assert await desk.db.all("SELECT * FROM drafts") == []
    assert desk.world().calls == []


async def test_writing_is_taken_back_into_a_draft(desk: Desk) -> None:
    await desk.store(came("1"))
    talk = await desk.talk()
    await desk.services.notes.write(talk, "важное")

    undone = await desk.services.undo.last()

    assert undone is not None
    assert undone.conversation == talk
    assert await desk.services.notes.on_conversation(talk) == ()
    assert await desk.services.notes.draft(talk, Purpose.CONVERSATION) == "важное"


async def test_changing_and_deleting_are_taken_back(desk: Desk) -> None:
    await desk.store(came("1"))
    talk = await desk.talk()
    number = await desk.services.notes.write(talk, "раз")
    await desk.services.notes.edit(number, "два", talk)
    (changed,) = await desk.services.notes.on_conversation(talk)
    assert changed.edited_at is not None
    await desk.services.notes.delete(number, talk)
    assert await desk.services.notes.on_conversation(talk) == ()

    await desk.services.undo.last()
    assert await desk.services.notes.on_conversation(talk) == (changed,)
    await desk.services.undo.last()
    (note,) = await desk.services.notes.on_conversation(talk)
    assert (note.text, note.edited_at) == ("раз", None)
    assert (await _events(desk))[-5:] == [
        "note_written", "note_edited", "note_deleted", "undone", "undone",
    ]  # fmt: skip


async def test_a_note_on_the_author_is_seen_in_all_their_conversations(desk: Desk) -> None:
    await desk.store(came("1"), came("2", place=thread("maria")))
    await desk.services.notes.write(await desk.talk(), "аллергия", author=await _author(desk))

    margin = await desk.services.people.margin(
        await desk.talk(thread("maria")), await _author(desk)
    )
    assert (margin.notes, margin.about, margin.written) == ((), 1, 2)
    assert [one.text for one in await desk.services.notes.on_person(await _author(desk))] == [
        "аллергия"
    ]


@pytest.mark.parametrize("text", ["", "  \n ", "\x1b\x07", "я" * (MAX_NOTE + 1)])
async def test_what_cannot_be_kept_is_refused(desk: Desk, text: str) -> None:
    await desk.store(came("1"))
    with pytest.raises(NoteRefused):
        await desk.services.notes.write(await desk.talk(), text)


@pytest.mark.parametrize("trick", [key for key in HOSTILE if key not in {"empty", "long", "words"}])
async def test_hostile_text_is_harmless_when_it_is_stored(desk: Desk, trick: str) -> None:
    await desk.store(came("1"))
    talk = await desk.talk()
    await desk.services.notes.write(talk, HOSTILE[trick])
    await desk.services.notes.save_draft(talk, Purpose.CONVERSATION, HOSTILE[trick])

    (note,) = await desk.services.notes.on_conversation(talk)
    draft = await desk.services.notes.draft(talk, Purpose.CONVERSATION)
    for text in (note.text, draft):
        assert is_harmless(text.replace("\n", "").replace("\t", ""))


async def test_drafts_survive_a_restart_and_are_apart_from_answers(desk: Desk) -> None:
    await desk.store(came("1"))
    talk = await desk.talk()
    await desk.services.notes.save_draft(talk, Purpose.CONVERSATION, "недописано")
    await desk.restart()

    assert await desk.services.notes.draft(talk, Purpose.CONVERSATION) == "недописано"
    assert await desk.services.notes.draft(talk, Purpose.AUTHOR) == ""
    assert (await desk.card()).draft is None
    assert not (await desk.card()).row.draft


async def test_a_talk_with_a_note_outlives_the_answer_it_was_opened_for(desk: Desk) -> None:
    await desk.online()
    soup = thread("igor")
    await desk.store(came("2", place=soup, author="igor"))
    queued = await desk.answer(place=soup, to="2", kind=ReplyKind.PRIVATE, undo=True)
    private = await desk.talk(direct("igor"))
    await desk.services.notes.write(private, "перезвонить")

    await desk.services.unsent.take_back(queued.outbox[0])
    assert [one.text for one in await desk.services.notes.on_conversation(private)] == [
        "перезвонить"
    ]
