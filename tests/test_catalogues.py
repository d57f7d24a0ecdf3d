"""The Russian catalogues say everything the code says, nothing else, and are compiled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from smm_inbox.channels.registry import Options

PACKAGE = Path(__file__).parents[1] / "smm_inbox"
FOLDER = PACKAGE / "locale" / "ru" / "LC_MESSAGES"
CATALOGUES = sorted(FOLDER.glob("*.po"))
FIELD = re.compile(r"\{[^{}]*\}")
NO_RUSSIAN = re.compile(r"[^а-яё]*", re.IGNORECASE)
RUSSIAN_PLURAL = (
    "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"
)


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="ru", abort_invalid=True)


def messages(path: Path) -> Iterator[Message]:
    return (message for message in catalogue(path) if message.id)


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def called(tree: ast.Module) -> Iterator[tuple[tuple[str, ...], int]]:
    """Sentences given to ``tr`` and ``ntr`` as plain strings, with their line."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        wanted = {"tr": 1, "ntr": 2}.get(name, 0)
        values = [
            arg.value
            for arg in node.args[:wanted]
            if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if wanted and len(values) == wanted:
            yield tuple(values), node.lineno


def test_there_are_catalogues() -> None:
    assert {"cli", "config", "ui"} <= {path.stem for path in CATALOGUES}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_the_compiled_catalogue_is_the_source(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = {ids(message): strings(message) for message in read_mo(file) if message.id}
    assert compiled == {ids(message): strings(message) for message in messages(path)}, (
        "run pybabel compile"
    )


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_sentence_is_translated_with_its_fields(path: Path) -> None:
    assert catalogue(path).plural_expr.replace(" ", "") == RUSSIAN_PLURAL.replace(" ", "")
    for message in messages(path):
        assert not message.fuzzy, message.id
        assert len(strings(message)) == (1 if isinstance(message.id, str) else 3), message.id
        fields = set(FIELD.findall(ids(message)[-1]))
        for text in strings(message):
            assert text, message.id
            assert set(FIELD.findall(text)) == fields, message.id
            assert text.endswith("\n") == ids(message)[0].endswith("\n"), message.id


def test_every_sentence_of_the_code_has_a_translation() -> None:
    known = {ids(message) for path in CATALOGUES for message in messages(path)}
    missing = [
        f"{path.relative_to(PACKAGE)}:{line}: {sentence[0]!r}"
        for path, tree in sources()
        for sentence, line in called(tree)
        if sentence not in known
    ]
    assert missing == []


def test_every_explanation_of_an_option_has_a_translation() -> None:
    known = {ids(message) for path in CATALOGUES for message in messages(path)}
    helps = [spec.help for options in Options().values() for spec in options]
    assert [text for text in helps if (text,) not in known] == []


def test_no_translation_is_left_over() -> None:
    # Tables of commands and the like keep their sentences as data and translate them when shown.
    said = {
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    unused = [
        f"{path.name}: {sentence!r}"
        for path in CATALOGUES
        for message in messages(path)
        for sentence in ids(message)
        if sentence not in said
    ]
    assert unused == []


def test_one_sentence_has_one_translation() -> None:
    # All catalogues are merged: of two translations one would silently win everywhere.
    seen: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    clashes = []
    for path in CATALOGUES:
        for message in messages(path):
            first, texts = seen.setdefault(ids(message), (path.stem, strings(message)))
            if texts != strings(message):
                clashes.append(f"{first} and {path.stem}: {message.id!r}")
    assert clashes == []
