"""Phones, addresses, links and handles in what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.ways import WayKind, find_ways, phone_number, phone_shown, way_keys
from tests.ui.hostile import HOSTILE


@pytest.mark.parametrize(
    "text",
    [
        "89161234567",
        "+79161234567",
        "+7 (916) 123-45-67",
        "8 916 123 45 67",
        "8-916-123-45-67",
        "9161234567",
        "тел.: 8 (916) 123–45–67, звонить после 18",
        "89161234567 2 порции",
        "+7 916 123-45-67 19:00",
    ],
)
def test_a_phone_is_one_key_in_every_spelling(text: str) -> None:
    assert [(way.kind, way.key) for way in find_ways(text)] == [(WayKind.PHONE, "+79161234567")]
    assert phone_shown("+79161234567") == "+7 916 123-45-67"


@pytest.mark.parametrize(
    "text",
    ["заказ 12345678901", "20.11.2026 18:00", "чек № 0012345678", "1234567", "++79161234567", "8"],
)
def test_other_numbers_are_no_phones(text: str) -> None:
    assert not [way for way in find_ways(text) if way.kind is WayKind.PHONE]


def test_addresses_links_and_handles() -> None:
    text = "maria@mail.ru, https://vk.com/Maria_K. t.me/maria_k, @maria.k и www.2gis.ru/kazan/1)"
    found = [(way.kind, way.key) for way in find_ways(text)]
    assert found == [
        (WayKind.EMAIL, "maria@mail.ru"),
        (WayKind.LINK, "vk.com/maria_k"),
        (WayKind.LINK, "t.me/maria_k"),
        (WayKind.HANDLE, "maria.k"),
        (WayKind.LINK, "2gis.ru/kazan/1"),
    ]
    assert (WayKind.HANDLE, "maria_k") in way_keys("vk.com/maria_k")


@given(st.text(alphabet="+78916 2345()-@.аяz/", max_size=60))
def test_ways_stand_in_the_text_and_do_not_overlap(text: str) -> None:
    at = 0
    for way in find_ways(text):
        assert at <= way.start < way.end <= len(text)
        at = way.end
        if way.kind is WayKind.PHONE:
            assert phone_number(text[way.start : way.end]) == way.key


@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_text_is_only_text(trick: str) -> None:
    find_ways(HOSTILE[trick])
