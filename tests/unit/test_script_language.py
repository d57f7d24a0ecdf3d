"""The template language: variables, cases, facts, nesting, blanks; it never raises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain import script
from smm_inbox.domain.board import Fact
from smm_inbox.domain.fold import fold
from smm_inbox.domain.script import BLANK, Case, Values, next_blank, parse, render
from smm_inbox.domain.text import SafeText, clean
from tests.ui.hostile import HOSTILE, is_harmless

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARIA = Values(
    names={Case.NOMINATIVE: "Мария", Case.DATIVE: "Марии", Case.GENITIVE: "Марии"},
    city="Казань",
    post="«Новое меню»",
    me="Анна",
    hours="пн–вс 09:00–21:00",
    due="до 18:00",
    facts={
        "столики": Fact(SafeText("столики"), SafeText("3"), NOW + timedelta(hours=1)),
        "суп": Fact(SafeText("Суп"), SafeText("кончился"), NOW),
    },
)


def filled(
    source: str, values: Values = MARIA, others: Mapping[str, str] | None = None, name: str = ""
) -> str:
    known = {fold(key): text for key, text in (others or {}).items()}
    return render(source, values, known, NOW, name=name).text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Здравствуйте, {имя}!", "Здравствуйте, Мария!"),
        ("Спасибо {имя:дат}", "Спасибо Марии"),
        ("Thanks to {name:dat}, {NAME}", "Thanks to Марии, Мария"),
        ("С {имя:твор} знакомы", "С Мария знакомы"),
        ("{ имя : дат }", "Марии"),
        ("{город}/{city} {пост}/{post}", "Казань/Казань «Новое меню»/«Новое меню»"),
        (
            "{я} {me} {часы} {hours} {срок} {due}",
            "Анна Анна" + " пн–вс 09:00–21:00" * 2 + " до 18:00" * 2,
        ),
        ("свободно: {столики}", "свободно: 3"),
        ("свободно: {Столики}", "свободно: 3"),
        ("{{имя}} }} {{", "{имя} } {"),
        ("номер {?номер заказа}", "номер {?номер заказа}"),
        ("без скобок", "без скобок"),
    ],
)
def test_variables_are_filled_in(source: str, text: str) -> None:
    assert filled(source) == text
    assert not parse(source).problems


@pytest.mark.parametrize("variable", ["город", "пост", "я", "часы", "срок", "столики"])
def test_what_is_unknown_becomes_a_blank(variable: str) -> None:
    text = filled(f"вот: {{{variable}}}.", Values())
    assert BLANK.search(text), text


def test_an_expired_fact_is_not_put_in() -> None:
    found = render("Суп {суп}", MARIA, {}, NOW)
    assert "кончился" not in found.text
    assert len(found.blanks) == 1
    earlier = render("Суп {суп}", MARIA, {}, NOW - timedelta(minutes=1))
    assert earlier.text == "Суп кончился"
    assert [fact.value for fact in earlier.facts] == ["кончился"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Здравствуйте, {имя}!", "Здравствуйте!"),
        ("{имя}, здравствуйте!", "Здравствуйте!"),
        ("Спасибо.\n{имя}, ждём вас", "Спасибо.\nЖдём вас"),
        ("Добрый день, {имя}\nМы тут", "Добрый день\nМы тут"),
        ("Добрый день, {имя}, ждём", "Добрый день, ждём"),
        ("Спасибо {имя:дат} за визит", "Спасибо за визит"),
    ],
)
def test_a_customer_without_a_name_leaves_no_hole(source: str, text: str) -> None:
    assert filled(source, Values()) == text


def test_scripts_stand_in_each_other() -> None:
    others = {"Адрес": "ул. Мира, 5 ({>этаж})", "этаж": "2 этаж"}
    assert filled("Ждём: {>адрес}!", others=others) == "Ждём: ул. Мира, 5 (2 этаж)!"
    assert BLANK.search(filled("{>нет такого}", others=others))


def test_a_script_that_puts_in_itself_ends_in_a_blank() -> None:
    others = {"а": "а{>б}", "б": "б{>а}"}
    assert BLANK.search(filled(others["а"], others=others, name="а"))
    assert filled("{>а}", others=others).startswith("аб{?")


def test_scripts_that_multiply_stop() -> None:
    others = {f"s{n}": f"{{>s{n + 1}}}" * 2 for n in range(40)}
    assert len(filled("{>s0}", others=others)) < 50_000
    big = {"big": "я" * 9_000, "ten": "{>big}" * 10}
    assert len(filled("{>ten}", others=big)) < 50_000


@pytest.mark.parametrize("source", ["{имя:кто}", "{}", "{>}", "{ не закрыта", "{город:дат}"])
def test_what_is_not_understood_is_told_and_stays(source: str) -> None:
    assert parse(source).problems
    assert filled(source) == source


def test_a_customer_cannot_write_blanks_or_commands() -> None:
    values = Values(names={Case.NOMINATIVE: "{?x} {>y} {имя}\n\x1b[2J"}, city="{?z}")
    found = render("{имя} {город}", values, {}, NOW)
    assert not found.blanks
    assert is_harmless(found.text)
    assert "{" not in found.text


@pytest.mark.parametrize("trick", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_scripts_are_harmless(trick: str) -> None:
    values = Values(
        names={Case.NOMINATIVE: trick}, facts={"f": Fact(SafeText("f"), SafeText(trick), None)}
    )
    found = render(trick + "{имя}{f}{?" + trick + "}", values, {}, NOW)
    assert is_harmless(found.text.replace("\n", "").replace("\t", ""))


_WORDS = st.sampled_from(
    ["{", "}", "{{", "}}", "{имя", ":дат}", "{?", "{>а}", "{>б}", "{столики}", "?", ">", ":", "\n",
     ", ", "имя", "{имя}", "!", "\ue000", "{суп}", "{?a b}"]
)  # fmt: skip
_SOURCES = st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=14).map("".join))


@given(_SOURCES, _SOURCES, _SOURCES, st.text(max_size=12))
def test_no_text_breaks_the_language(source: str, first: str, second: str, name: str) -> None:
    values = Values(names={Case.NOMINATIVE: name})
    found = render(source, values, {"а": first, "б": second}, NOW, name="а")
    assert len(found.blanks) == len(BLANK.findall(found.text))
    assert script._NOBODY not in found.text
    assert is_harmless(found.text.replace("\n", "").replace("\t", ""))


@given(_SOURCES)
def test_doubled_braces_say_the_text_itself(source: str) -> None:
    text = clean(source).replace("\ue000", "")
    escaped = text.replace("{", "{{").replace("}", "}}")
    assert filled(escaped) == text
    assert not parse(escaped).problems


@given(st.text(max_size=30), st.text(max_size=30), st.integers(0, 80))
def test_the_next_blank_is_found_from_anywhere(left: str, right: str, start: int) -> None:
    text = left.replace("{", "") + "{?раз}" + right.replace("{", "")
    found = next_blank(text, start)
    assert found is not None
    assert text[found[0] : found[1]] == "{?раз}"
    assert next_blank("ничего", start) is None
