"""The Today board, the playbook and the colleagues: every change is kept and taken back."""

from __future__ import annotations

import itertools
import json

import pytest

from smm_inbox.domain.colleague import Colleague
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.playbook import Playbook, PlaybookError, read_playbook
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import set_language
from smm_inbox.services.playbooks import PlaybookRefused, shipped
from tests.services.desk import Desk, came


async def test_facts_are_stored_replaced_and_taken_back(desk: Desk) -> None:
    board, undo = desk.services.board, desk.services.undo
    await board.put("столиков 3")
    await board.put("Столиков 5 всегда")
    await board.put("суп: тыквенный")
    assert [(one.name, one.value) for one in await board.facts()] == [
        ("Столиков", "5"),
        ("суп", "тыквенный"),
    ]
    await board.put("супчик: грибной", instead_of="суп")
    assert [one.name for one in await board.facts()] == ["Столиков", "супчик"]
    await undo.last()
    assert [one.name for one in await board.facts()] == ["Столиков", "суп"]
    assert await board.remove("СУП")
    assert not await board.remove("суп")
    await undo.last()
    await undo.last()
    await undo.last()
    assert [(one.name, one.value) for one in await board.facts()] == [("столиков", "3")]


async def test_a_line_without_a_value_is_refused(desk: Desk) -> None:
    with pytest.raises(InboxError):
        await desk.services.board.put("столики")


# Colleagues


async def test_colleagues_are_listed_by_what_the_customer_writes_about(desk: Desk) -> None:
    people = desk.services.colleagues
    await people.put("Вера | доставка, курьеры | +7 900 000-00-00 | Узнаю у курьера")
    await people.put("Олег, шеф | меню, аллергены, орехи | oleg@cafe.example | Уточню у шефа")
    await desk.store(came("1", "А в торте есть орехи? У меня аллергия"))
    found = await people.for_conversation(await desk.talk())
    assert [one.name for one in found] == ["Олег, шеф", "Вера"]
    assert found[0].address == "oleg@cafe.example"
    assert found[0].phrase == "Уточню у шефа"


async def test_colleagues_are_changed_and_forgotten_with_undo(desk: Desk) -> None:
    people, undo = desk.services.colleagues, desk.services.undo
    await people.put("Вера | доставка")
    (vera,) = await people.all()
    await people.put("Вера Иванова | доставка, такси", vera.id)
    assert [one.line for one in await people.all()] == ["Вера Иванова | доставка, такси"]
    assert await people.remove(vera.id)
    assert await people.all() == ()
    for expected in (["Вера Иванова | доставка, такси"], ["Вера | доставка"], []):
        await undo.last()
        assert [one.line for one in await people.all()] == expected
    with pytest.raises(InboxError):
        await people.put(" | доставка")


async def test_asking_a_colleague_leaves_the_customer_waiting(desk: Desk) -> None:
    people, undo = desk.services.colleagues, desk.services.undo
    await desk.store(came("1"))
    talk = await desk.talk()
    assert await people.ask([talk], "Олег") == 1
    assert await people.ask([talk], "Олег") == 0
    assert await people.asked(talk) == "Олег"
    assert await desk.awaiting() == 1
    await people.ask([talk], "Вера")
    await undo.last()
    assert await people.asked(talk) == "Олег"
    assert await people.end([talk]) == 1
    assert await people.asked(talk) == ""
    await undo.last()
    assert await people.asked(talk) == "Олег"
    assert {"asked", "ask_ended"} <= set(await desk.journal())


async def test_the_digest_has_everything_a_colleague_needs(desk: Desk) -> None:
    await desk.store(came("1", "В торте есть орехи?"), came("2", "И мёд?", minute=2))
    text = await desk.services.colleagues.digest(await desk.talk())
    assert text.index("В торте есть орехи?") < text.index("И мёд?")
    assert "\x1b" not in text


async def test_without_a_mailbox_the_question_is_copied(desk: Desk) -> None:
    assert desk.services.colleagues.mailbox() is None
    with pytest.raises(InboxError):
        await desk.services.colleagues.mail(
            Colleague(1, SafeText("Олег"), contact=SafeText("oleg@cafe.example")), "Вопрос"
        )


# The playbook


def ways(book: Playbook, chosen: dict[str, str]) -> list[dict[str, str]]:
    """Every way through the questions."""
    question = book.next_question(chosen)
    if question is None:
        return [chosen]
    return list(
        itertools.chain.from_iterable(
            ways(book, {**chosen, question.id: answer.id}) for answer in question.answers
        )
    )


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_way_through_the_shipped_playbook_ends_with_advice(language: str) -> None:
    set_language(language)
    book = read_playbook(shipped())
    set_language("en")
    seen = set()
    for chosen in ways(book, {}):
        advice = book.advice(chosen)
        seen.add(advice.outcome.id)
        # Whoever gets an answer learns that somebody works on it; nobody else gets a text.
        assert bool(advice.skeleton) == advice.outcome.answers
        assert advice.steps
    assert seen == {"А", "Б", "Г", "Д"}
    assert {one.id for one in book.problems} == {
        "broken",
        "cheated",
        "offended",
        "baseless",
        "justified",
    }


def test_both_languages_lead_to_the_same_advice() -> None:
    set_language("ru")
    russian = read_playbook(shipped())
    set_language("en")
    english = read_playbook(shipped())
    for chosen in ways(russian, {}):
        ours, theirs = russian.advice(chosen), english.advice(chosen)
        assert (ours.outcome.id, ours.folder) == (theirs.outcome.id, theirs.folder)


def test_everything_wrong_with_a_playbook_is_named_at_once() -> None:
    with pytest.raises(PlaybookError) as caught:
        read_playbook(
            """
            colour = "red"
            [[questions]]
            id = "kind"
            answers = [{ id = "a", text = "А" }]
            [[rules]]
            kind = "b"
            outcome = "Z"
            """
        )
    places = {fault.where for fault in caught.value.faults}
    assert places >= {
        "colour",
        "questions[1].text",
        "questions[1].answers",
        "rules[1].outcome",
        "rules[1].kind",
        "rules",
    }


async def test_a_playbook_of_ones_own_goes_round_and_back(desk: Desk) -> None:
    books = desk.services.playbooks
    text = await books.text()
    own = "# наша матрица\n" + text.replace("Answer in place", "Answer kindly")
    await books.replace(own)
    assert await books.text() == own
    assert (await books.current()).outcomes[0].title == "А · Answer kindly, officially"
    with pytest.raises(PlaybookRefused):
        await books.replace("[[questions]]")
    assert await books.text() == own
    await desk.restart()
    assert await desk.services.playbooks.text() == own
    await desk.services.playbooks.replace("")
    assert await desk.services.playbooks.text() == text
    await desk.services.undo.last()
    assert await desk.services.playbooks.text() == own


async def test_the_outcome_stays_in_the_journal(desk: Desk) -> None:
    await desk.store(came("1"))
    book = await desk.services.playbooks.current()
    chosen = {"kind": "empty"}
    await desk.services.playbooks.record(await desk.talk(), chosen, book.advice(chosen))
    row = await desk.db.one("SELECT details FROM journal WHERE event = 'playbook'")
    assert row is not None
    assert json.loads(row["details"]) == {"value": "Г", "problem": "", "answers": "kind=empty"}


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "{a = " * 3000,
        "a = " + "9" * 6000,
        '[[rules]]\noutcome = ["answer"]',
        "[[rules]]\noutcome = {answer = 1}",
    ],
)
async def test_a_text_made_to_break_the_reader_is_refused_like_any_other(
    desk: Desk, text: str
) -> None:
    before = await desk.services.playbooks.text()
    with pytest.raises(PlaybookRefused):
        await desk.services.playbooks.replace(text)
    assert await desk.services.playbooks.text() == before
