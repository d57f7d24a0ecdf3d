"""Promises in outgoing texts: what is one, when it is due, and what is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.hours import BusinessHours
from smm_inbox.domain.promise_text import read_moment, read_promise, recognise

MOSCOW = ZoneInfo("Europe/Moscow")
CAFE = BusinessHours(
    zone=MOSCOW, week={day: ((time(9), time(21)),) for day in range(7)}, holidays=frozenset()
)
NOW = datetime(2026, 11, 25, 14, 18, tzinfo=MOSCOW).astimezone(UTC)  # a Wednesday


def due(text: str, now: datetime = NOW) -> list[str]:
    return [f"{one.due.astimezone(MOSCOW):%d.%m %H:%M}" for one in recognise(text, now, CAFE)]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Перезвоним до 18:00", "25.11 18:00"),
        ("Перезвоним вам до 18.00!", "25.11 18:00"),
        ("Перезвоним до шести", "25.11 18:00"),
        ("Перезвоню в шесть вечера", "25.11 18:00"),
        ("Проверим и ответим до 12 часов дня", "26.11 12:00"),
        ("Ответим завтра", "26.11 21:00"),
        ("Ответим завтра утром, спасибо", "26.11 12:00"),
        ("Завтра до обеда перезвоним", "26.11 13:00"),
        ("Заказ будет готов завтра в 10", "26.11 10:00"),
        ("Послезавтра утром расскажем", "27.11 12:00"),
        ("до завтра решим", "26.11 09:00"),
        ("Вернусь с ответом через час", "25.11 15:18"),
        ("Через полчаса напишу", "25.11 14:48"),
        ("Доставим через 1,5 часа", "25.11 15:48"),
        ("Перезвоним через пару часов", "25.11 16:18"),
        ("Уточню у повара и отпишусь минут через 15", "25.11 14:33"),
        ("Сейчас уточню", "25.11 14:33"),
        ("Вернём деньги в течение двух дней", "27.11 14:18"),
        ("Разберёмся сегодня до конца дня", "25.11 21:00"),
        ("Ответим после обеда", "25.11 17:00"),
        ("Свяжемся с вами в ближайшее время", "25.11 16:18"),
        ("Дадим знать на днях", "27.11 21:00"),
        ("Сообщим до пятницы", "27.11 09:00"),
        ("В пятницу пришлём меню", "27.11 21:00"),
        ("Ответим в понедельник до 12", "30.11 12:00"),
        ("Пришлём на следующей неделе", "04.12 21:00"),
        ("Напишем 5 декабря", "05.12 21:00"),
        ("Отправим до 05.12", "05.12 09:00"),
        ("Привезём с 10 до 12", "26.11 12:00"),
        ("Будет готово к 19:00", "25.11 19:00"),
        ("ПЕРЕЗВОНИМ ДО 18:00", "25.11 18:00"),
        ("Мы работаем до 20:00, ответим завтра", "26.11 21:00"),
        ("Перезвоним", "25.11 21:00"),
    ],
)
def test_a_promise_is_due_when_it_was_said(text: str, when: str) -> None:
    assert due(text) == [when]


@pytest.mark.parametrize(
    "text",
    [
        "Мы работаем до 21:00.",
        "Не перезвоним до 18:00",
        "Перезвонить вам до 18:00?",
        "Мы ответим завтра?",
        "Если не дозвонимся, напишем завтра",
        "Ответили вам вчера в 18:00",
        "Ждём вас завтра в 10:00!",
        "Забронировали за вами столик на 19:00",
        "Скидка до 15% — сделаем",
        "Спасибо!",
        "",
    ],
)
def test_what_is_no_promise(text: str) -> None:
    assert due(text) == []


def test_what_is_late_today_is_meant_for_tomorrow() -> None:
    evening = datetime(2026, 11, 25, 20, 30, tzinfo=MOSCOW).astimezone(UTC)
    assert due("Перезвоним до 18:00", evening) == ["26.11 18:00"]
    assert due("Перезвоним сегодня", evening) == ["25.11 21:00"]
    night = datetime(2026, 11, 25, 23, 0, tzinfo=MOSCOW).astimezone(UTC)
    assert due("Перезвоним", night) == ["26.11 21:00"]


def test_two_promises_of_one_text_stand_in_their_order() -> None:
    text = "Через час перезвоним. А деньги вернём до пятницы."
    found = recognise(text, NOW, CAFE)
    assert [one.phrase for one in found] == ["Через час перезвоним.", "А деньги вернём до пятницы."]


def test_the_same_moment_is_one_promise() -> None:
    assert due("Уточним и ответим до 18:00, перезвоним до 18:00") == ["25.11 18:00"]


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("вернуть деньги до пятницы", "27.11 09:00"),
        ("перезвонить", "25.11 21:00"),
        ("give the money back by tomorrow 10:00", "26.11 10:00"),
        ("call back in 2h", "25.11 16:18"),
        ("завтра в 10", "26.11 10:00"),
    ],
)
def test_a_promise_written_by_hand_names_what_and_by_when(line: str, when: str) -> None:
    promised = read_promise(line, NOW, CAFE)
    assert promised is not None
    assert promised.phrase == line
    assert f"{promised.due.astimezone(MOSCOW):%d.%m %H:%M}" == when


def test_an_empty_line_promises_nothing() -> None:
    assert read_promise("  ", NOW, CAFE) is None
    assert read_moment("перезвонить", NOW, CAFE) is None


@given(st.text(max_size=100))
def test_any_line_is_read_without_a_fault(line: str) -> None:
    promised = read_promise(line, NOW, CAFE)
    assert promised is None or promised.due > NOW


@given(st.text(max_size=400))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    for one in recognise(text, NOW, CAFE):
        assert one.due > NOW
        assert "\n" not in one.phrase


_WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "перезвоним ответим вернём готово будет до в через завтра сегодня пятницы 18:00 5 25:99 "
        "час двух не если , . ? к 31.02 на следующей неделе понедельник утром минут 0 999",
    )
)


@given(
    st.lists(_WORDS, max_size=12).map(" ".join),
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
)
def test_a_promise_is_never_due_in_the_past(text: str, moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    found = recognise(text, now, CAFE)
    assert len(found) <= 5
    for one in found:
        assert now < one.due <= now + timedelta(days=1200)
    assert list(found) == sorted(found, key=lambda one: one.due)


@pytest.mark.parametrize(
    "text",
    [
        "перезвоним " * 9000,
        "перезвоним," * 9000,
        "сообщим до 18:00, " * 5500,
        "если" + " " * 99_000 + "перезвоним",
    ],
)
def test_a_book_pasted_into_an_answer_is_read_at_once(text: str) -> None:
    # Read over and over from its beginning, any of these takes minutes instead of a second.
    begun = process_time()
    recognise(text, NOW, CAFE)
    assert process_time() - begun < 10


@pytest.mark.parametrize("line", ["by " * 33_000, "завтра " * 14_000, "до" + " " * 100_000])
def test_a_book_pasted_into_a_line_is_read_at_once(line: str) -> None:
    begun = process_time()
    read_promise(line, NOW, CAFE)
    assert process_time() - begun < 10


def test_a_promise_behind_a_long_text_without_stops_is_found() -> None:
    assert due("спасибо что написали " * 300 + "перезвоним до 18:00") == ["25.11 18:00"]
