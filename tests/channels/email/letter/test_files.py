"""Letters kept as files, where every byte matters, are read exactly."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from smm_inbox import locale
from smm_inbox.channels.email.letter import parse_letter
from tests.channels.email.letter.corpus.build import OURS, shown

FOLDER = Path(__file__).parents[3] / "fixtures" / "email"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_file_is_read_as_expected(name: str) -> None:
    locale.set_language("en")
    letter = shown(parse_letter((FOLDER / f"{name}.eml").read_bytes(), ours=OURS))
    wanted = {"folded": "", "robot": "", "attachments": [], **EXPECTED[name]}
    wanted.setdefault("contact", wanted["sender"])
    wanted["attachments"] = tuple(wanted["attachments"])
    assert letter == wanted


def test_every_file_has_an_expectation() -> None:
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(EXPECTED)
