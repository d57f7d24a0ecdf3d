"""Scripts over a real file: kept, filled in, counted when sent, taken back, imported, exported."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from smm_inbox.domain.board import Fact
from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.hours import BusinessHours, Interval
from smm_inbox.domain.ids import RemoteId, ScriptId
from smm_inbox.domain.message import Batch
from smm_inbox.domain.prepared import Actions, Script, Wording
from smm_inbox.domain.script import BLANK
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import set_language
from smm_inbox.services.composing import ReplyRefused
from smm_inbox.services.script_uses import reusable
from smm_inbox.services.script_values import hours_in_words
from smm_inbox.services.scripts import ImportRefused, ScriptRefused, starter_text
from smm_inbox.storage import facts
from tests.services.desk import CAFE, Desk, came
from tests.ui.hostile import HOSTILE, is_harmless


@pytest.fixture
def russian() -> Iterator[None]:
    set_language("ru")
    yield
    set_language("en")


MARIA = Contact(RemoteId("maria"), SafeText("Мария Ковалёва"), city=SafeText("Казань"))


def wording(name: str, body: str, folder: str = "Разное", **actions: object) -> Wording:
    return Wording(
        SafeText(folder),
        SafeText(name),
        SafeText(body),
        actions=replace(Actions(), **actions),  # type: ignore[arg-type]
    )


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    one = await Desk(tmp_path).open()
    await one.services.ingest.store(
        CAFE, Batch(messages=(came("1", "Сколько стоит торт на заказ?"),), contacts=(MARIA,))
    )
    yield one
    await one.close()


async def by_name(desk: Desk, name: str) -> Script:
    return next(one for one in await desk.services.scripts.all() if one.name == name)


async def test_the_starter_set_comes_once_and_stays_away_when_deleted(desk: Desk) -> None:
    scripts = desk.services.scripts
    first = await scripts.all()
    assert len(first) >= 40
    assert {"Часы", "Доставка", "Бронь", "Цена", "Аллергены", "Жалоба", "Благодарность",
            "Промежуточный ответ", "Извинение", "Забытая вещь", "Работа", "Партнёрство",
            } == {one.folder for one in first}  # fmt: skip
    for one in first:
        await scripts.remove(one.id)
    assert await scripts.all() == ()
    await desk.restart()
    assert await desk.services.scripts.all() == ()


async def test_every_starter_is_polite_and_whole(desk: Desk) -> None:
    for one in await desk.services.scripts.all():
        words = f" {one.body.lower()} "
        assert not any(f" {word} " in words for word in ("ты", "тебя", "тебе", "твой")), one.name
        filled = await desk.services.scripts.fill_in(one, await desk.talk(), None)
        assert "{" not in BLANK.sub("", filled.text), one.name


async def test_variables_come_from_the_conversation_and_the_business(
    desk: Desk, russian: None
) -> None:
    source = "{имя:дат} из {город}: {я}, {часы}, {срок}"
    found = await desk.services.scripts.fill_in(source, await desk.talk(), None)
    assert found.text.startswith("Марии из Казань: Анна, {?")
    assert "сегодня до" in found.text or "завтра до" in found.text


async def test_facts_of_the_board_are_put_in_until_they_expire(desk: Desk) -> None:
    now = desk.clock.now()
    async with desk.db.transaction() as tx:
        fact = Fact(SafeText("Столики"), SafeText("3"), now + timedelta(hours=1))
        await facts.put(tx, fact, now, "Анна")
    scripts, talk = desk.services.scripts, await desk.talk()
    assert (await scripts.fill_in("Есть {столики}", talk, None)).text == "Есть 3"
    desk.clock.pass_by(hours=2)
    found = await scripts.fill_in("Есть {столики}", talk, None)
    assert found.blanks
    with pytest.raises(ReplyRefused, match="столики"):
        await desk.answer(found.text)


@pytest.mark.parametrize("through", [False, True])
async def test_a_fact_that_expired_since_it_was_put_in_blocks_the_answer(
    desk: Desk, through: bool
) -> None:
    now = desk.clock.now()
    fact = Fact(SafeText("Столики"), SafeText("3"), now + timedelta(hours=1))
    async with desk.db.transaction() as tx:
        await facts.put(tx, fact, now, "Анна")
    scripts, talk = desk.services.scripts, await desk.talk()
    inner = await scripts.add(wording("Столики", "Свободно столиков: {столики}"))
    which = inner
    if through:
        which = await scripts.add(wording("Ждём", "Приходите к нам! {>столики}"))
    filled = await scripts.fill_in(
        next(one for one in await scripts.all() if one.id == which), talk, None
    )
    await scripts.note_insertion(talk, which)
    desk.clock.pass_by(hours=2)
    with pytest.raises(ReplyRefused, match="Столики: 3"):
        await desk.answer(filled.text)
    await desk.answer(filled.text.replace("3", "нет"))


async def test_a_blank_is_never_sent(desk: Desk) -> None:
    found = await desk.services.scripts.fill_in(
        "Ваш номер {?номер заказа}", await desk.talk(), None
    )
    with pytest.raises(ReplyRefused, match="номер заказа"):
        await desk.answer(found.text)


async def test_a_script_counts_when_its_answer_is_sent_and_acts(desk: Desk) -> None:
    scripts, talk = desk.services.scripts, await desk.talk()
    which = await scripts.add(
        wording(
            "Торт",
            "Печём торты к любому дню",
            type=MessageType.QUESTION,
            status=Status.IN_PROGRESS,
        )
    )
    await scripts.note_insertion(talk, which)
    assert (await by_name(desk, "Торт")).uses == 0
    await desk.answer("Мария, печём торты к любому дню!")
    row = (await desk.card()).row
    assert (await by_name(desk, "Торт")).uses == 1
    assert (row.type, row.status) == (MessageType.QUESTION, Status.IN_PROGRESS)
    assert "script_used" in await desk.journal()


async def test_one_undo_takes_back_the_answer_and_what_its_script_did(desk: Desk) -> None:
    scripts, talk = desk.services.scripts, await desk.talk()
    which = await scripts.add(wording("Торт", "Печём торты", type=MessageType.QUESTION))
    await scripts.note_insertion(talk, which)
    await desk.answer("Печём торты!", undo=True)
    undone = await desk.services.undo.last()
    assert undone is not None
    assert undone.draft_restored
    row = (await desk.card()).row
    assert (row.type, row.awaiting) == (None, 1)
    assert (await by_name(desk, "Торт")).uses == 0
    await desk.answer("Печём торты!")
    assert (await by_name(desk, "Торт")).uses == 1


async def test_a_script_that_was_written_over_does_not_count(desk: Desk) -> None:
    scripts, talk = desk.services.scripts, await desk.talk()
    which = await scripts.add(wording("Торт", "Печём торты к любому дню", close=True))
    await scripts.note_insertion(talk, which)
    await desk.answer("Здравствуйте, сейчас узнаю у кондитера")
    assert (await by_name(desk, "Торт")).uses == 0


async def test_a_script_may_close_once_the_answer_arrived(desk: Desk) -> None:
    scripts, talk = desk.services.scripts, await desk.talk()
    await desk.online()
    which = await scripts.add(wording("Пока", "До встречи в кафе", close=True))
    await scripts.note_insertion(talk, which)
    await desk.settled(await desk.answer("До встречи в кафе!"))
    assert (await desk.card()).row.status is Status.CLOSED


async def test_adding_changing_and_deleting_can_be_undone(desk: Desk) -> None:
    scripts, undo = desk.services.scripts, desk.services.undo
    before = await scripts.all()
    which = await scripts.add(wording("Новый", "Текст"))
    await scripts.change(which, wording("Другой", "Иначе", "Часы"))
    changed = await by_name(desk, "Другой")
    assert (changed.id, changed.folder) == (which, "Часы")
    await scripts.remove(which)
    await undo.last()
    assert await by_name(desk, "Другой") == changed
    await undo.last()
    assert (await by_name(desk, "Новый")).body == "Текст"
    await undo.last()
    assert await scripts.all() == before


async def test_a_deleted_script_comes_back_to_its_place_with_its_history(desk: Desk) -> None:
    scripts = desk.services.scripts
    before = await scripts.all()
    await scripts.remove(before[7].id)
    assert len(await scripts.all()) == len(before) - 1
    await desk.services.undo.last()
    assert await scripts.all() == before


@pytest.mark.parametrize(
    "bad",
    [
        wording("когда РАБОТАЕМ", "Текст"),
        wording("", "Текст"),
        wording("Имя", "  "),
        wording("Имя", "Текст", ""),
        wording("Имя", "{имя:кто}"),
        wording("и" * 81, "Текст"),
    ],
)
async def test_what_cannot_be_kept_is_told_and_changes_nothing(desk: Desk, bad: Wording) -> None:
    before = await desk.services.scripts.all()
    with pytest.raises(ScriptRefused):
        await desk.services.scripts.add(bad)
    assert await desk.services.scripts.all() == before


@pytest.mark.parametrize("trick", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_text_in_every_field_is_refused_or_harmless(desk: Desk, trick: str) -> None:
    scripts = desk.services.scripts
    for one in (wording(trick, "т"), wording("и", trick), wording("к", "т", trick)):
        told = ""
        try:
            await scripts.add(one)
        except ScriptRefused as refused:
            told = refused.sentence
        assert is_harmless(told)
    for script in await scripts.all():
        assert is_harmless(f"{script.name}{script.folder}")


async def test_export_and_import_give_the_same_scripts(desk: Desk, tmp_path: Path) -> None:
    text = await desk.services.scripts.export_text()
    wordings = [one.wording for one in await desk.services.scripts.all()]
    folder = tmp_path / "other"
    folder.mkdir()
    other = await Desk(folder).open()
    try:
        for one in await other.services.scripts.all():
            await other.services.scripts.remove(one.id)
        done = await other.services.scripts.import_text(text)
        assert done.added == len(wordings)
        assert [one.wording for one in await other.services.scripts.all()] == wordings
        again = await other.services.scripts.import_text(text)
        assert (again.added, again.changed, again.same) == (0, 0, len(wordings))
    finally:
        await other.close()


async def test_a_broken_file_imports_nothing_or_exactly_the_rest(desk: Desk) -> None:
    scripts = desk.services.scripts
    before = await scripts.all()
    text = (
        '[[script]]\nfolder="Ф"\nname="Первый"\ntext="раз"\n'
        '[[script]]\nfolder="Ф"\nname="Битый"\ntext=5\n'
        '[[script]]\nfolder="Ф"\nname="Ссылка"\ntext="{>Битый}"\n'
        '[[script]]\nfolder="Ф"\nname="Через ссылку"\ntext="{>ссылка}"\n'
        '[[script]]\nfolder="Ф"\nname="Адрес"\ntext="другой"\n'
    )
    with pytest.raises(ImportRefused) as refused:
        await scripts.import_text(text)
    assert len(refused.value.problems) >= 3
    assert await scripts.all() == before
    done = await scripts.import_text(text, skip=True)
    assert (done.added, done.changed) == (1, 0)
    names = {one.name for one in await scripts.all()} - {one.name for one in before}
    assert names == {"Первый"}
    assert "Битый" in "".join(done.left_out)
    assert (await by_name(desk, "Адрес")).body != "другой"


async def test_other_wordings_are_taken_only_when_asked(desk: Desk) -> None:
    scripts = desk.services.scripts
    old = await by_name(desk, "Адрес")
    text = '[[script]]\nfolder="Часы"\nname="Адрес"\ntext="ул. Мира, 5"\n'
    with pytest.raises(ImportRefused, match="Адрес"):
        await scripts.import_text(text)
    await scripts.import_text(text, overwrite=True)
    new = await by_name(desk, "Адрес")
    assert (new.id, new.body) == (old.id, "ул. Мира, 5")


async def test_the_starter_text_is_what_a_person_can_import(desk: Desk) -> None:
    await desk.services.scripts.all()
    done = await desk.services.scripts.import_text(starter_text())
    assert not done.added + done.changed


async def test_an_unknown_script_in_a_draft_harms_nothing(desk: Desk) -> None:
    await desk.services.scripts.note_insertion(await desk.talk(), ScriptId(99_999))
    await desk.answer("Ответ")


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("Мария, печём каждый день!", "{имя}, печём каждый день!"),
        ("Да, доставляем по городу", "Да, доставляем по городу"),
        ("Маша, конечно", ""),
        ("Здравствуйте, Ольга! Ждём", ""),
        ("Ваш заказ 4512 готов", ""),
        ("Пишите на a@b.ru", ""),
        ("Для Марии отложили", ""),
        ("Скидка {имя}", ""),
    ],
)
def test_only_answers_without_a_trace_of_the_customer_are_offered_again(
    text: str, again: str
) -> None:
    assert reusable(text, "Мария Ковалёва") == again


def test_opening_hours_are_told_in_words(russian: None) -> None:
    day: tuple[Interval, ...] = ((time(9), time(21)),)
    week = dict.fromkeys(range(5), day) | {5: ((time(10), time(14)), (time(15), time(0)))}
    assert hours_in_words(BusinessHours(ZoneInfo("Europe/Moscow"), week)) == (
        "пн–пт 09:00–21:00, сб 10:00–14:00, 15:00–24:00"
    )
    assert hours_in_words(BusinessHours(week=dict.fromkeys(range(7), day))) == (
        "ежедневно 09:00–21:00"
    )
    assert hours_in_words(BusinessHours()) == ""
