"""The search language: words, phrases, exclusions, operators in two languages and any nonsense."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.conversation import Kind, MessageType
from smm_inbox.domain.ids import AccountId
from smm_inbox.domain.query import MAX_TERMS, SearchQuery, parse, renamed
from smm_inbox.domain.query_words import Slip, Vocabulary, Wanted

VK, MAIL = AccountId("cafe-vk"), AccountId("info-mail")
MOSCOW = timezone(timedelta(hours=3))
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
WORDS = Vocabulary(
    channels={
        "вк": frozenset({VK}),
        "vk": frozenset({VK}),
        "почта": frozenset({MAIL}),
        "mail": frozenset({MAIL}),
    },
    tags={"бронь": 1, "жалоба": 2, "день рождения": 3},
)


def read(text: str, *, typing: bool = True) -> SearchQuery:
    return parse(text, WORDS, now=NOW, zone=MOSCOW, typing=typing)


def local(*day: int) -> datetime:
    return datetime(*day, tzinfo=MOSCOW)  # type: ignore[arg-type,misc]


def test_words_are_folded_and_the_last_one_is_still_being_typed() -> None:
    first, last = read("Ёлка сто").terms
    assert (first.readings[0], first.prefix) == (("елка",), False)
    assert (last.readings[0], last.prefix) == (("сто",), True)
    assert not any(term.prefix for term in read("Ёлка сто ").terms)
    assert not any(term.prefix for term in read("Ёлка сто", typing=False).terms)


def test_a_word_is_read_in_the_other_layout_too() -> None:
    assert ("привет",) in read("ghbdtn").terms[0].readings
    assert ("хорошо",) in read("[jhjij").terms[0].readings


def test_quotes_make_a_phrase_of_exact_words() -> None:
    for text in ('"Холодный суп"', "«холодный суп»"):
        (term,) = read(text).terms
        assert (term.readings, term.exact, term.prefix) == ((("холодный", "суп"),), True, False)
    (unfinished,) = read('"холодный су').terms
    assert unfinished.exact
    assert unfinished.prefix


def test_a_minus_excludes() -> None:
    soup, cold = read("суп -холодный").terms
    assert (soup.negative, cold.negative) == (False, True)
    assert read("10-й").terms[0].readings[0] == ("10", "й")
    assert read('-"холодный суп"').terms[0].negative


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("канал:вк", Wanted(accounts=frozenset({VK}))),
        ("channel:vk,mail", Wanted(accounts=frozenset({VK, MAIL}))),
        ("-канал:вк", Wanted(accounts=frozenset({MAIL}))),
        ("канал:поч", Wanted(accounts=frozenset({MAIL}))),
        ("rfyfk:dr", Wanted(accounts=frozenset({VK}))),
        ("тег:бронь", Wanted(tags=(frozenset({1}),))),
        ('tag:"День рождения"', Wanted(tags=(frozenset({3}),))),
        ("-тег:жалоба", Wanted(not_tags=frozenset({2}))),
        ("вид:комментарий", Wanted(kinds=frozenset({Kind.COMMENT}))),
        ("kind:direct,review", Wanted(kinds=frozenset({Kind.DIRECT, Kind.REVIEW}))),
        ("тип:жалоба", Wanted(types=frozenset({MessageType.COMPLAINT}))),
        ("type:none", Wanted(types=frozenset({None}))),
        ("статус:закрыто", Wanted(statuses=frozenset({"closed"}))),
        ("status:snoozed", Wanted(statuses=frozenset({"snoozed"}))),
        ("есть:вложение", Wanted(attachment=True)),
        ("-has:attachment", Wanted(attachment=False)),
        ("ждёт", Wanted(waiting=True)),
        ("-waiting", Wanted(waiting=False)),
        ("до:20.11", Wanted(before=local(2026, 11, 20))),
        ("до:1.12", Wanted(before=local(2025, 12, 1))),
        ("after:2026-11-20", Wanted(after=local(2026, 11, 20))),
        ("после:вчера", Wanted(after=local(2026, 11, 24))),
        ("после:пн", Wanted(after=local(2026, 11, 23))),
        ("after:7d", Wanted(after=local(2026, 11, 18))),
        ("после:2н", Wanted(after=local(2026, 11, 11))),
    ],
)
def test_operators_in_both_languages(text: str, wanted: Wanted) -> None:
    query = read(text)
    assert (query.terms, query.problems) == ((), ())
    assert query.wanted == wanted


def test_an_author_is_looked_for_in_names_only() -> None:
    for text in ("автор:Мария", "author:Мария"):
        (term,) = read(text).terms
        assert term.author
        assert ("мария",) in term.readings


def test_conditions_narrow_each_other() -> None:
    query = read("вид:личное,отзыв вид:отзыв до:20.11 до:10.11 тег:бронь тег:жалоба суп")
    assert query.wanted == Wanted(
        kinds=frozenset({Kind.REVIEW}),
        before=local(2026, 11, 10),
        tags=(frozenset({1}), frozenset({2})),
    )
    assert [term.readings[0] for term in query.terms] == [("суп",)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("тег:брнь", ("value", "брнь", "тег", "бронь")),
        ("канал:xyz", ("value", "xyz", "канал", "")),
        ("до:когданибудь", ("day", "когданибудь", "", "")),
        ("до:31.02", ("day", "31.02", "", "")),
        ("канла:вк", ("operator", "", "канла", "канал")),
        ("тип:", ("no_value", "", "", "")),
    ],
)
def test_a_slip_is_told_and_the_rest_is_searched(text: str, problem: tuple[str, ...]) -> None:
    query = read(f"суп {text}")
    (told,) = query.problems
    assert (told.slip, told.value, told.name, told.close) == problem
    assert query.terms[0].readings[0] == ("суп",)


def test_values_that_are_possible_are_named() -> None:
    assert read("канал:").problems[0].choices == ("вк", "vk", "почта", "mail")
    assert parse("тег:", Vocabulary(), now=NOW, zone=MOSCOW).problems[0].slip is Slip.NO_TAGS


def test_a_condition_that_nothing_fulfils_finds_nothing_once_it_is_finished() -> None:
    for text in ("тег:нетакого", "канал:xyz суп", "до:никогда"):
        assert read(text).wanted.nothing is None
        assert read(text, typing=False).wanted.nothing
    assert read("тег:бронь,нетакого", typing=False).wanted.nothing is None


def test_times_and_addresses_are_words() -> None:
    query = read("в 19:00 http://cafe.example/menu")
    assert query.problems == ()
    assert [term.readings[0] for term in query.terms] == [
        ("в",),
        ("19", "00"),
        ("http", "cafe", "example", "menu"),
    ]


def test_marks_alone_are_nothing_to_look_for() -> None:
    for text in ("", "   ", "-", '"', '""', "🙂 …", "*", "NOT"):
        assert read(text).empty is (text != "NOT")


def test_too_many_words_are_cut_with_a_sentence() -> None:
    query = read(" ".join(f"слово{n}" for n in range(40)))
    assert len(query.terms) == MAX_TERMS
    assert query.problems


@given(
    st.text(max_size=600)
    | st.lists(
        st.sampled_from(
            [
                "канал:",
                "тег:",
                "до:",
                "после:",
                "-",
                '"',
                "«",
                "суп",
                "ждёт",
                ":",
                "*",
                "(",
                ")",
                "NEAR",
                "OR",
                "{text}",
                "99999999999999999999.1",
                "9999-12-31",
                "0001-01-01",
                "9999d",
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_read(text: str) -> None:
    query = read(text)
    for term in query.terms:
        for reading in term.readings:
            assert reading
            assert all(word and word == word.strip() for word in reading)


@pytest.mark.parametrize(
    ("query", "now"),
    [
        ("тег:бронь", "тег:столик"),
        ("суп -Тег:БРОНЬ ждёт", "суп -Тег:столик ждёт"),
        ("тег:бро", "тег:столик"),  # a beginning that stands for one tag only
        ("тег:жалоба,бронь", "тег:жалоба,столик"),
        ('тег:"бронь,день рождения" чай', 'тег:"столик,день рождения" чай'),
        ("тег:жалоба", "тег:жалоба"),
        ("тег:бронь,столик", "тег:столик"),  # merged into the other one
        ("тег:бронь тег:бронь", "тег:столик тег:столик"),
        ("бронь автор:бронь", "бронь автор:бронь"),  # words, not the tag
        ("тег:", "тег:"),
        ("", ""),
    ],
)
def test_a_query_follows_a_tag_to_its_new_name(query: str, now: str) -> None:
    assert renamed(query, 1, "столик", WORDS) == now


@pytest.mark.parametrize("name", ["столик у окна", "VIP «золотой»", "столик, веранда", "б"])
def test_under_its_new_name_the_same_tag_is_meant(name: str) -> None:
    after = Vocabulary(tags={name.casefold(): 1, "жалоба": 2, "день рождения": 3})
    for query in ("тег:бронь", "суп -тег:бронь", "тег:бронь,жалоба"):
        new = renamed(query, 1, name, WORDS)
        meant = parse(new, after, now=NOW, zone=MOSCOW, typing=False)
        assert meant.wanted == read(query, typing=False).wanted, new
        assert meant.terms == read(query, typing=False).terms, new


def test_a_tag_typed_in_the_other_layout_is_followed_too() -> None:
    assert renamed("ntu:ltym", 3, "столик", WORDS) == "ntu:столик"


def test_a_beginning_goes_on_to_mean_the_others_too() -> None:
    both = Vocabulary(tags={"бронь": 1, "броня": 2})
    assert renamed("тег:бро", 1, "столик", both) == "тег:бро,столик"


@given(st.text(), st.text(min_size=1))
def test_any_query_can_follow_a_tag(query: str, name: str) -> None:
    renamed(query, 1, name, WORDS)
