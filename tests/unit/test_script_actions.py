"""The line of actions: what is shown is read back, what is not understood is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.prepared import Actions
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import set_language
from smm_inbox.services.script_actions import actions_in_words, read_actions


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    set_language(request.param)
    yield request.param
    set_language("en")


@pytest.mark.parametrize("kind", [None, *MessageType])
@pytest.mark.parametrize("status", [None, Status.NEW, Status.IN_PROGRESS])
def test_what_is_shown_is_read_back(
    language: str, kind: MessageType | None, status: Status | None
) -> None:
    tags = (SafeText("бронь"), SafeText("день рождения"))
    for actions in (
        Actions(tags, kind, status, SafeText("2ч"), True),
        Actions((), kind, status),
    ):
        assert read_actions(actions_in_words(actions)) == actions
    shown = actions_in_words(Actions(type=kind))
    assert not (language == "ru" and kind and str(kind) in shown)


@pytest.mark.parametrize("line", ["жалоба", "тип", "тип новый", "тег", "отложить", "закройте"])
def test_what_is_not_understood_is_told(line: str) -> None:
    found = read_actions(f"закрыть, {line}")
    assert not isinstance(found, Actions)
    assert line in found


@given(st.text(max_size=60))
def test_no_line_breaks_the_reading(line: str) -> None:
    read_actions(line)
