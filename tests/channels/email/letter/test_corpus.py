"""Every letter of the corpus is read exactly as a person would read it."""

from __future__ import annotations

from collections import Counter

import pytest

from smm_inbox import locale
from smm_inbox.channels.email.letter import parse_letter
from tests.channels.email.letter.corpus import (
    charsets,
    headers,
    machines,
    mime,
    pages,
    quotes,
    signatures,
)
from tests.channels.email.letter.corpus.build import OURS, Case, expected, shown

CASES: list[Case] = [
    *charsets.CASES,
    *headers.CASES,
    *mime.CASES,
    *quotes.CASES,
    *signatures.CASES,
    *pages.CASES,
    *machines.CASES,
]


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.set_language("en")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_letter_is_read_as_expected(case: Case) -> None:
    assert shown(parse_letter(case.raw, ours=OURS)) == expected(case)


def test_the_corpus_is_large_and_has_no_letter_twice() -> None:
    assert len(CASES) >= 200
    assert Counter(case.id for case in CASES).most_common(1)[0][1] == 1
