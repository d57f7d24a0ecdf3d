"""Choosing a file: a path that is pasted or dropped is understood as it comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.ui.screens.inbox_attach import matches, meant


@pytest.fixture
def menu(tmp_path: Path) -> Path:
    path = tmp_path / "меню на лето.pdf"
    path.write_bytes(b"%PDF")
    return path


def test_a_path_dropped_behind_the_folder_that_stood_there_counts_alone(menu: Path) -> None:
    escaped = str(menu).replace(" ", "\\ ")
    for dropped in (str(menu), f"'{menu}'", f'"{menu}"', menu.as_uri(), escaped, f"{menu} "):
        assert meant(f"/home/anna/{dropped}") == str(menu), dropped
        assert meant(dropped) == str(menu), dropped


def test_a_home_folder_typed_behind_another_counts_alone() -> None:
    assert meant("/tmp/~/a.png") == str(Path.home() / "a.png")


def test_an_honest_name_with_a_quote_stays_as_it_is(tmp_path: Path) -> None:
    assert meant(f"{tmp_path}/it's") == f"{tmp_path}/it's"
    odd = tmp_path / "back\\slash.txt"
    odd.write_text("x")
    assert meant(str(odd)) == str(odd)


def test_what_is_found_begins_as_what_is_meant(menu: Path) -> None:
    assert matches(f"/home/anna/{menu.parent}/Меню") == [menu]
    assert matches(f"{menu.parent}/") == [menu]
