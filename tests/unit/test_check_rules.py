"""The check before sending: what it finds, and what it leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.check import Answered, Finding, Rule, look_over, sounds_like_complaint
from tests.ui.hostile import HOSTILE

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAMES = {"Мария", "Маша", "Ольга", "Игорь", "Марии", "Александр", "Саша", "Анна-Мария", "Olga"}
PRIVATE = Answered(public=False, names=("Мария Ковалёва",))


def rules(text: str, answered: Answered = PRIVATE, old: int = 7) -> list[Rule]:
    found = look_over(text, answered, NOW, old=timedelta(days=old), is_name=NAMES.__contains__)
    return [one.rule for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "Мария, здравствуйте! Да, доставляем, напишите адрес.",
        "Здравствуйте, Маша! Ждём вас.",
        "Спасибо, Мария! Передадим Игорю на кухню.",
        "Да, конечно! Столик есть.",
        "Здравствуйте! Игорь, наш бариста, передаёт привет",
        "Вы пишете «ты мне нагрубил» — простите нас, напишите подробнее",
        "",
    ],
)
def test_a_good_answer_is_left_alone(text: str) -> None:
    if "Игорь, наш" in text:  # behind a full stop a name looks like an address: only told
        assert rules(text) == [Rule.WRONG_NAME]
    else:
        assert rules(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "У нас всё работает",
        "Проверили, у нас все в порядке",
        "Похоже, проблема на вашей стороне",
        "Ошибка, видимо, на вашей стороне",
        "Это ваши проблемы",
        "Вы сами виноваты",
        "Мы тут ни при чём",
        "Такого не может быть",
        "Никто кроме вас не жаловался",
        "Вам показалось",
        "Читайте внимательнее",
        "It works fine on our side",
    ],
)
def test_denials_are_found(text: str) -> None:
    assert Rule.DENIAL in rules(text)


@pytest.mark.parametrize(
    "text", ["Здравствуйте, Ольга!", "Ольга, здравствуйте", "Добрый день, Александр!", "Hello Olga"]
)
def test_the_name_of_another_customer_is_found(text: str) -> None:
    assert Rule.WRONG_NAME in rules(text)
    assert Rule.WRONG_NAME not in rules(text, Answered(public=False))


@pytest.mark.parametrize("text", ["Саша, привет!", "Здравствуйте, Александр!"])
def test_short_names_are_the_same_person(text: str) -> None:
    assert rules(text, Answered(public=False, names=("Aleksandra", "Александра П."))) == []


def test_mixed_ways_of_saying_you_are_found() -> None:
    assert rules("Напиши нам, и мы вам поможем") == [Rule.MIXED]
    assert rules("Ты где? Приходите!") == [Rule.MIXED]
    assert rules("Приходи, твой столик ждёт") == []


def test_a_complaint_wants_an_apology() -> None:
    sore = Answered(public=True, complaint=True)
    assert rules("Разберёмся и напишем", sore) == [Rule.NO_APOLOGY]
    assert rules("Простите нас, разберёмся", sore) == []
    assert rules("Нам очень жаль", sore) == []
    assert rules("Уже разобрались", Answered(public=True, complaint=True, apologised=True)) == []
    assert rules("", sore) == []


@pytest.mark.parametrize(
    ("text", "theirs", "ours", "rule"),
    [
        ("Звоните 8 916 123-45-67", "мой номер +7 (916) 123 45 67", "", Rule.THEIR_CONTACT),
        ("Перезвоним на +79161234567", "", "", Rule.CONTACT),
        ("Звоните: +7 495 000-00-00", "", "тел. 8 (495) 000-00-00", None),
        ("Пишем на Maria@Mail.ru", "maria@mail.ru", "", Rule.THEIR_CONTACT),
        ("Пишите на info@cafe.ru", "", "info@cafe.ru", None),
        ("Заказ 12345678 готов, 1500 руб.", "", "", None),
        ("Работаем 09:00-21:00, 10.12.2026", "", "", None),
    ],
)
def test_telephones_and_addresses_in_public(
    text: str, theirs: str, ours: str, rule: Rule | None
) -> None:
    public = Answered(public=True, their_texts=(theirs,), our_texts=(ours,))
    assert rules(text, public) == ([] if rule is None else [rule])
    assert rules(text, Answered(public=False, their_texts=(theirs,))) == []


def test_an_old_question_is_told() -> None:
    asked = Answered(public=False, asked_at=NOW - timedelta(days=8))
    found = look_over("Да", asked, NOW, old=timedelta(days=7), is_name=NAMES.__contains__)
    assert found == (Finding(Rule.OLD, "8"),)
    assert rules("Да", asked, old=9) == []
    assert rules("Да", asked, old=0) == []


def test_a_variable_typed_by_hand_is_told() -> None:
    assert rules("Свободно {столиков}, {имя:дат}") == [Rule.BRACES, Rule.BRACES]
    assert rules("Скобки { и } бывают: {}") == []


def test_blanks_are_told() -> None:
    assert rules("Заказ {?номер} и {?адрес}") == [Rule.BLANK, Rule.BLANK]


@pytest.mark.parametrize(
    ("text", "sore"),
    [
        ("Суп был холодный, ужас", True),
        ("Нам нахамили на кассе", True),
        ("Верните деньги", True),
        ("А столик на двоих найдётся?", False),
        ("Спасибо, очень вкусно!", False),
    ],
)
def test_complaints_are_heard(text: str, sore: bool) -> None:
    assert sounds_like_complaint(text) is sore


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_text_breaks_the_rules(text: str, name: str) -> None:
    answered = Answered(public=True, names=(name,), their_texts=(name,), complaint=True)
    look_over(text, answered, NOW, old=timedelta(days=1), is_name=lambda _: True)


@pytest.mark.parametrize("trick", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_looked_over(trick: str) -> None:
    answered = Answered(public=True, names=(trick[:300],), their_texts=(trick,), complaint=True)
    look_over(trick, answered, NOW, old=timedelta(days=1), is_name=lambda _: True)
    look_over("1-" * 20_000, answered, NOW, old=timedelta(days=1), is_name=lambda _: True)
    look_over("a" * 50_000 + "@", answered, NOW, old=timedelta(days=1), is_name=lambda _: True)
