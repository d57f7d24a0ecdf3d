"""Files of scripts: what is written is read back, and every problem is told at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.fold import fold
from smm_inbox.domain.prepared import Actions, Wording
from smm_inbox.domain.text import SafeText, clean, clean_line
from smm_inbox.services.script_file import read, write
from tests.ui.hostile import HOSTILE


def lines(limit: int) -> st.SearchStrategy[SafeText]:
    return st.text(min_size=1, max_size=limit).map(clean_line).filter(bool)


def bodies() -> st.SearchStrategy[SafeText]:
    pieces = st.one_of(
        st.text(max_size=30),
        st.sampled_from(['"""', "\\", " \n", "\n", "\t", "''", "#", "\\u0020"]),
    )
    joined = st.lists(pieces, max_size=8).map("".join)
    plain = joined.map(lambda text: clean(text.replace("{", "(").replace("}", ")")))
    return plain.filter(lambda text: bool(text.strip()))


def scripts() -> st.SearchStrategy[Wording]:
    return st.builds(
        Wording,
        folder=lines(40),
        name=lines(40),
        body=bodies(),
        asked=st.just(SafeText("")) | lines(60),
        actions=st.builds(
            Actions,
            tags=st.lists(lines(20), max_size=3).map(tuple),
            type=st.none() | st.sampled_from(MessageType),
            status=st.none() | st.sampled_from(Status),
            snooze=st.sampled_from([SafeText(""), SafeText("2ч")]),
            close=st.booleans(),
        ),
    )


@given(st.lists(scripts(), max_size=4, unique_by=lambda one: fold(one.name)))
def test_what_is_written_is_read_back_exactly(wordings: list[Wording]) -> None:
    contents = read(write(wordings))
    assert not contents.problems
    assert list(contents.wordings) == wordings


def test_all_problems_are_told_at_once_and_the_rest_is_kept() -> None:
    contents = read(
        """
        [[script]]
        folder = "А"
        name = "Хороший"
        text = "Привет"

        [[script]]
        folder = "А"
        name = "хороший"
        text = "Второй"

        [[script]]
        name = ""
        text = 5
        tegs = ["x"]
        type = "вопрос"
        close = "да"
        tags = [" край "]
        status = 1
        snooze = "\\n"

        [[script]]
        folder = "А"
        name = "Скобки"
        text = "{имя:кто} {"
        """
    )
    told = "\n".join(problem.sentence for problem in contents.problems)
    assert [wording.name for wording in contents.wordings] == ["Хороший"]
    for word in ("хороший", "line 7", "folder", "text", "tags", "type", "question", "close",
                 "status", "«Скобки»", "line 22", "{имя:кто}", "snooze"):  # fmt: skip
        assert word in told, (word, told)
    assert len([problem for problem in contents.problems if "script 3" in problem.place]) == 9


@pytest.mark.parametrize(
    "text", ["[[script]\n", "script = 5", "[[script]]\nname=", "other = 1", "[script]\na=1"]
)
def test_what_is_no_file_of_scripts_is_told(text: str) -> None:
    contents = read(text)
    assert contents.problems
    assert not contents.wordings


@pytest.mark.parametrize("trick", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_read_without_harm(trick: str) -> None:
    quoted = trick.replace("\\", "\\\\").replace('"', '\\"')
    for text in (trick, f'[[script]]\nfolder="a"\nname="{quoted}"\ntext="{quoted}"'):
        for problem in read(text).problems:
            assert problem.sentence == clean(problem.sentence)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    read(text)


def test_the_russian_windows_file_is_read() -> None:
    text = '\ufeff[[script]]\r\nfolder = "А"\r\nname = "Б"\r\ntext = """\r\nраз\r\nдва"""\r\n'
    contents = read(text)
    assert not contents.problems
    assert contents.wordings[0].body == "раз\nдва"
