"""Suggestions and the check before sending, over a real file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.check import Rule
from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import MessageType
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Batch
from smm_inbox.domain.prepared import INTERIM_FOLDER, Wording
from smm_inbox.domain.text import SafeText
from smm_inbox.services.suggest import Suggestion
from tests.services.desk import CAFE, Desk, came, direct, thread

GUESTS = tuple(
    Contact(RemoteId(handle), SafeText(name))
    for handle, name in (("maria", "Мария Ковалёва"), ("igor", "Игорь Лебедев"))
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    one = await Desk(tmp_path).open()
    await one.services.ingest.store(CAFE, Batch(contacts=GUESTS))
    yield one
    await one.close()


async def suggested(desk: Desk, text: str, guest: str = "maria") -> list[Suggestion]:
    number = len(await desk.db.all("SELECT id FROM messages"))
    await desk.store(came(f"q{number}", text, place=direct(guest), author=guest, minute=number))
    return list(await desk.services.suggest.for_message(await desk.talk(direct(guest)), None))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("А до скольки вы сегодня открыты?", "Когда работаем"),
        ("Здравствуйте! Столик на двоих на 19:00 найдётся?", "Бронь: уточнить"),
        ("Суп принесли холодный, ждали сорок минут", "Долго ждали"),
        ("Сделаете торт на день рождения на 10 человек?", "Торт на заказ"),
        ("У ребёнка аллергия на орехи, в пироге они есть?", "Состав блюда"),
        ("Вчера забыла у вас зонт", "Забыли вещь: ищем"),
        ("Ищу работу бариста, есть вакансии?", "Ищете сотрудников?"),
        ("Спасибо, всё было очень вкусно!", "Спасибо за отзыв"),
        ("Официантка нахамила моей маме", "Грубо ответили"),
        ("Сколько стоит доставка на Баумана?", "Условия доставки"),
        ("Где мой заказ? Курьера нет уже час", "Где мой заказ"),
        ("Я блогер, 40 тысяч подписчиков, предлагаю бартер", "Блогер просит бартер"),
        ("Хотим провести у вас корпоратив на двадцать человек", "Банкет"),
        ("Почему капучино так подорожал?", "Почему подорожало"),
        ("Есть что-нибудь веганское без глютена?", "Без глютена, веган"),
    ],
)
async def test_the_starter_set_answers_what_a_cafe_is_asked(
    desk: Desk, asked: str, name: str
) -> None:
    found = await suggested(desk, asked)
    assert name in [one.name for one in found], [one.name for one in found]
    assert len(found) <= 3


async def test_nonsense_gets_a_word_that_somebody_looks_into_it(desk: Desk) -> None:
    found = await suggested(desk, "Ъъъ?")
    assert [one.source.folder for one in found if not isinstance(one.source, str)] == [
        INTERIM_FOLDER
    ]


async def test_what_this_operator_used_for_similar_messages_comes_first(desk: Desk) -> None:
    scripts = desk.services.scripts
    which = await scripts.add(
        Wording(SafeText("Разное"), SafeText("Веранда"), SafeText("Тёплая терраса во дворе"))
    )
    asked = "Можно с собакой посидеть на веранде вечером?"
    for number in range(2):
        place = direct("igor")
        await desk.store(came(f"i{number}", asked, place=place, author="igor", minute=number))
        await scripts.note_insertion(await desk.talk(place), which)
        await desk.answer("Да, тёплая терраса во дворе", place=place)
    found = await suggested(desk, "А с собаками к вам можно?")
    assert found[0].name == "Веранда"


async def test_an_answer_by_hand_is_offered_again_without_the_name_of_the_other(
    desk: Desk,
) -> None:
    await suggested(desk, "Пускаете ли вы с кальяном на крышу?", "igor")
    await desk.answer("Игорь, на крышу пускаем, кальян свой нельзя", place=direct("igor"))
    found = await suggested(desk, "Кальян на крыше разрешён?")
    again = [one for one in found if isinstance(one.source, str)]
    assert [one.source for one in again] == ["{имя}, на крышу пускаем, кальян свой нельзя"]
    filled = await desk.services.scripts.fill_in(
        again[0].source, await desk.talk(direct("maria")), None
    )
    assert filled.text.startswith("Мария, на крышу")


async def test_an_answer_taken_back_is_not_learned(desk: Desk) -> None:
    await suggested(desk, "Пускаете ли вы с кальяном на крышу?", "igor")
    await desk.answer("На крышу пускаем, кальян свой нельзя", place=direct("igor"), undo=True)
    await desk.services.undo.last()
    found = await suggested(desk, "Кальян на крыше разрешён?")
    assert not [one for one in found if isinstance(one.source, str)]
    assert await desk.db.all("SELECT * FROM answer_search WHERE answer_search MATCH 'кальян'") == []


async def test_the_customers_words_cannot_be_a_query(desk: Desk) -> None:
    for text in ('" OR * NEAR(', "words:x AND NOT (", "a" * 5_000, "' ; DROP TABLE scripts; --"):
        await suggested(desk, text)


async def test_nothing_is_suggested_for_our_own_words(desk: Desk) -> None:
    await suggested(desk, "Есть столик?")
    await desk.answer("Есть")
    row = (await desk.shown())[-1]
    assert await desk.services.suggest.for_message(await desk.talk(), row.id) == ()


# The check before sending


async def rules(desk: Desk, text: str, kind: ReplyKind = ReplyKind.IN_PLACE) -> list[Rule]:
    card = await desk.card(thread("maria"))
    return [one.rule for one in await desk.services.checks.findings(card, text, kind, None)]


async def test_the_check_knows_the_conversation(desk: Desk) -> None:
    await desk.store(
        came("c", "Мой телефон 8 916 123-45-67, позвоните", place=thread("maria"), author="maria")
    )
    assert await rules(desk, "Мария, позвоним на +7 916 123-45-67") == [Rule.THEIR_CONTACT]
    assert await rules(desk, "Мария, позвоним на +7 916 123-45-67", ReplyKind.PRIVATE) == []
    assert await rules(desk, "Игорь, позвоним!") == [Rule.WRONG_NAME]
    assert await rules(desk, "Маша, позвоним!") == []
    assert await rules(desk, "") == []


async def test_a_complaint_wants_an_apology_once(desk: Desk) -> None:
    place = thread("maria")
    await desk.store(came("c", "Суп был хороший, но ждали долго", place=place, author="maria"))
    assert await rules(desk, "Разберёмся") == []
    await desk.services.triage.set_type([await desk.talk(place)], MessageType.COMPLAINT)
    assert await rules(desk, "Разберёмся") == [Rule.NO_APOLOGY]
    await desk.answer("Простите нас!", place=place)
    assert await rules(desk, "Разобрались") == []


async def test_an_old_question_is_told_as_configured(desk: Desk) -> None:
    await desk.store(came("c", "Есть пирог?", place=thread("maria"), author="maria"))
    desk.clock.pass_by(days=8)
    assert await rules(desk, "Есть!") == [Rule.OLD]
    assert timedelta(days=desk.settings.check_old_days) == timedelta(days=7)


async def test_the_telephone_of_the_business_may_be_read_by_everybody(desk: Desk) -> None:
    await desk.store(came("c", "Как позвонить?", place=thread("maria"), author="maria"))
    assert await rules(desk, "Звоните: +7 495 111-22-33") == [Rule.CONTACT]
    await desk.services.scripts.add(
        Wording(SafeText("Часы"), SafeText("Телефон"), SafeText("8 (495) 111-22-33"))
    )
    assert await rules(desk, "Звоните: +7 495 111-22-33") == []
