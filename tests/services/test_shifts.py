"""Who is on duty, what they sign, what they leave to the next one and find when they come."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from smm_inbox.domain.conversation import MessageType
from smm_inbox.domain.errors import InboxError, Rejected
from tests.services.desk import Desk, came, direct
from tests.ui.hostile import HOSTILE, is_harmless


async def test_the_one_on_duty_signs_and_stands_in_the_journal(desk: Desk) -> None:
    await desk.services.shifts.begin("Олег")
    await desk.store(came("1"))
    await desk.answer("Да, ждём")
    assert (await desk.shown())[-1].operator == "Олег"
    row = await desk.db.one("SELECT operator FROM journal WHERE event = 'queued'")
    assert row is not None
    assert row["operator"] == "Олег"


async def test_the_shift_survives_a_killed_program(desk: Desk) -> None:
    await desk.services.shifts.begin("Олег")
    await desk.restart()
    assert desk.services.duty.operator == "Олег"
    present = await desk.services.shifts.present()
    assert present is not None
    assert present.operator == "Олег"


async def test_without_a_shift_the_settings_say_who_it_is(desk: Desk) -> None:
    assert desk.services.duty.operator == "Анна"
    await desk.services.shifts.begin("Олег")
    await desk.services.shifts.end()
    assert desk.services.duty.operator == "Анна"
    assert await desk.services.shifts.present() is None


async def test_beginning_and_ending_are_taken_back(desk: Desk) -> None:
    shifts, undo = desk.services.shifts, desk.services.undo
    await shifts.begin("Олег")
    await shifts.begin("Вера")
    await undo.last()
    assert desk.services.duty.operator == "Олег"
    await shifts.end("всё спокойно")
    await undo.last()
    assert desk.services.duty.operator == "Олег"
    present = await shifts.present()
    assert present is not None
    assert present.operator == "Олег"
    await undo.last()
    assert desk.services.duty.operator == "Анна"
    assert await shifts.present() is None


async def test_a_shift_needs_a_name(desk: Desk) -> None:
    with pytest.raises(InboxError):
        await desk.services.shifts.begin("  ")


async def test_the_handover_names_what_the_next_one_must_know(desk: Desk) -> None:
    await desk.store(
        came("1", "Есть столик на семь?", place=direct("maria")),
        came("2", "Суп был холодный", place=direct("igor"), author="igor"),
        came("3", "Орехи есть?", place=direct("olga"), author="olga"),
    )
    services = desk.services
    await services.triage.set_type([await desk.talk(direct("igor"))], MessageType.COMPLAINT)
    await services.colleagues.ask([await desk.talk(direct("olga"))], "Повар Олег")
    await services.board.put("столиков 3 до 18:00")
    await desk.answer("Перезвоним через час")
    text = await services.shifts.handover()
    for words in ("Анна", "Суп был холодный", "Перезвоним через час", "Повар Олег", "столиков: 3"):
        assert words in text
    assert "Есть столик на семь?" not in text  # answered: nobody waits there


async def test_the_handover_names_answers_that_did_not_leave(desk: Desk) -> None:
    await desk.online()
    await desk.store(came("1", "Есть столик?", place=direct("maria")))
    assert "did not leave" not in await desk.services.shifts.handover()
    desk.channel().outcomes.append(Rejected("The guest blocked us."))
    queued = await desk.answer("Да, есть")
    await desk.reaches(queued.outbox[0], "failed")
    text = await desk.services.shifts.handover()
    assert "Answers that did not leave:" in text


async def test_an_empty_handover_says_so(desk: Desk) -> None:
    assert "Nobody waits" in await desk.services.shifts.handover()


async def test_many_waiting_are_counted_not_listed(desk: Desk) -> None:
    for number in range(20):
        guest = f"guest-{number}"
        await desk.store(came(guest, "Вопрос", place=direct(guest), author=guest))
    text = await desk.services.shifts.handover()
    assert "20 wait" in text
    assert "and 5 more" in text


async def test_who_comes_learns_what_happened_before(desk: Desk) -> None:
    shifts = desk.services.shifts
    await shifts.begin("Вера")
    await shifts.end()
    desk.clock.pass_by(hours=8)
    await shifts.begin("Олег")
    await desk.store(came("1"), came("2", "И ещё вопрос"))
    desk.clock.pass_by(hours=8)
    await shifts.end("Ждём поставку муки.")
    desk.clock.pass_by(minutes=5)
    found = await shifts.before("Вера")
    assert found is not None
    assert (found.arrived, found.waiting) == (2, 1)
    assert (found.handover, found.left_by) == ("Ждём поставку муки.", "Олег")
    assert desk.clock.now() - found.since == timedelta(hours=16, minutes=5)


async def test_nothing_happened_is_nothing_to_tell(desk: Desk) -> None:
    assert await desk.services.shifts.before("Вера") is None


@pytest.mark.parametrize("trick", HOSTILE)
async def test_hostile_names_and_texts_stay_text(desk: Desk, trick: str) -> None:
    text = HOSTILE[trick]
    if text.strip():
        await desk.services.shifts.begin("и" + text)
        await desk.services.board.put(f"факт: и{text}")
        await desk.services.colleagues.put(f"и{text} | {text}")
    handover = await desk.services.shifts.handover()
    assert is_harmless(handover.replace("\n", ""))
    assert len(desk.services.duty.operator) <= 60


async def test_a_hand_over_that_does_not_fit_on_the_disk_leaves_no_half(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    folder = tmp_path / "down"
    desk = await Desk(tmp_path, downloads_dir=folder).open()
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, most[1]))
        try:
            with pytest.raises(InboxError):
                await desk.services.shifts.save("я" * 2_000_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, most)
        assert list(folder.iterdir()) == []
        whole = await desk.services.shifts.save("Всё спокойно.")
        assert whole.read_text(encoding="utf-8") == "Всё спокойно."
    finally:
        await desk.close()
