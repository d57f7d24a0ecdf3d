"""The READMEs say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smm_inbox.cli.exporting import COLUMNS
from smm_inbox.services.export import FIELDS
from smm_inbox.ui.commands import markdown_table

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.ru.md", "ru")])
def test_the_key_table_is_the_one_of_the_registry(name: str, language: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    table = re.search(r"<!-- keys: [^>]*-->\n(.*?)\n<!-- /keys -->", text, re.DOTALL)

    assert table is not None
    assert table[1].strip() == markdown_table(language).strip()


def test_every_field_of_the_export_is_documented() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text[text.index("### Export") :].partition("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    documented = [name for cell in first_cells for name in re.findall(r"`([a-z_]+)`", cell)]

    assert documented == list(FIELDS)
    grouped = {"author", "root"}
    assert {name for name in COLUMNS if name.partition("_")[0] not in grouped} | grouped == {
        *FIELDS
    }


@pytest.mark.parametrize("name", ["README.md", "README.ru.md"])
def test_pictures_and_pages_it_points_to_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (ROOT / target).exists(), target
