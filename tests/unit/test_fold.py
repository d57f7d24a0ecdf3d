"""Folding, splitting into words, and the stem that all forms of a word share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.fold import LONGEST, fold, stem, stems, words
from smm_inbox.domain.layout import LETTERS, retype


@pytest.mark.parametrize(
    "forms",
    [
        "доставка доставки доставку доставкой доставок доставками",
        "заказ заказа заказу заказом заказы заказов заказами заказать заказал закажу",
        "столик столика столику столиком столики столиков",
        "подарок подарка подарку подарки подарков",
        "чашка чашки чашку чашкой чашек",
        "круассан круассана круассану круассаны круассанов",
        "холодный холодная холодное холодного холодной холодные",
        "забронировать забронировал забронировала забронируйте забронирую",
        "готовить готовите готовлю готовят готовил",
        "оплата оплаты оплатил оплачу",
        "человек человека люди людей",
        "ребёнок ребёнка дети детей",
        "прийти приду придёт пришёл пришла",
        "ждать жду ждёт ждали",
        "день дня дню дней",
        "отзыв отзыва отзывы отзывов",
        "order orders",
        "delivery deliveries",
        "book booking booked",
    ],
)
def test_every_form_of_a_word_has_one_stem(forms: str) -> None:
    assert len(set(stems(forms))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("суп", "сыр"),
        ("торт", "тариф"),
        ("доставка", "достать"),
        ("друг", "другой"),
        ("курьер", "куры"),
        ("столик", "стойка"),
        ("кофе", "кафе"),
        ("банан", "баня"),
    ],
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_folding_evens_out_case_yo_and_compatibility() -> None:
    assert fold("ЁЛКА ﬁ ①") == "елка fi 1"


def test_words_leave_out_marks_and_emoji() -> None:
    text = "Ёлка, 10-й стол! :) «кофе»… a_b@c.ru"
    assert words(text) == ["елка", "10", "й", "стол", "кофе", "a", "b", "c", "ru"]
    assert words("🙂 — …") == []


@given(st.text())
def test_any_text_has_words_of_letters_and_digits_only(text: str) -> None:
    for word in words(text):
        assert 0 < len(word) <= LONGEST
        assert "_" not in word
        assert not any(char.isspace() for char in word)


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=30))
def test_a_stem_is_never_empty(word: str) -> None:
    assert stem(fold(word))


@given(st.from_regex(r"[0-9]{1,12}", fullmatch=True))
def test_numbers_are_found_as_they_are(number: str) -> None:
    assert stem(number) == number


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ghbdtn", "привет"), ("[jhjij", "хорошо"), (";fkj,f", "жалоба"), ("ыездщ", "stplo")],
)
def test_a_word_in_the_wrong_layout_is_read_in_the_other_one(typed: str, meant: str) -> None:
    assert retype(typed) == meant


@given(st.text(alphabet=st.sampled_from(sorted(LETTERS)), min_size=1, max_size=30))
def test_what_was_meant_in_russian_is_read_back_whatever_the_layout(meant: str) -> None:
    assert retype(retype(meant)) == meant
