"""The registry: complete, free of clashes, and strict about ``[keys]``."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from smm_inbox.locale import set_language, tr
from smm_inbox.ui.commands import CommandRegistry, Context, Group, markdown_table, validate
from smm_inbox.ui.keynames import KeyNameError, chord_text, parse_chord, pressed


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


def test_the_defaults_have_no_problem() -> None:
    defaults = {command.id: command.keys for command in CommandRegistry.default()}
    assert validate(defaults) == []


def test_ids_and_actions_are_unique() -> None:
    commands = list(CommandRegistry.default())
    assert len({command.action for command in commands}) == len(commands)


def test_every_title_help_and_heading_is_russian_in_russian() -> None:
    set_language("ru")
    cyrillic = re.compile("[а-яё]", re.IGNORECASE)
    for command in CommandRegistry.default():
        assert cyrillic.search(command.shown_title), command.id
        assert cyrillic.search(command.shown_help), command.id
    assert all(cyrillic.search(tr(group.value)) for group in Group)


@pytest.mark.parametrize(
    ("keys", "found", "expected"),
    [
        ({"reply.inplace": ("x",)}, "reply.inplace", "name of a command"),
        ({"reply.in_place": ("ctrl+h",)}, "ctrl+h", "terminals take"),
        ({"reply.in_place": ("ctrl+ш",)}, "ctrl+ш", "terminals take"),
        ({"reply.in_place": ("alt+r",)}, "alt+r", "without Alt"),
        ({"reply.in_place": ("ctrl+1",)}, "ctrl+1", "without Alt"),
        ({"reply.in_place": ("hyper+r",)}, "hyper+r", "a key such as"),
        ({"reply.in_place": ("",)}, "", "a key such as"),
        ({"composer.send": ("s",)}, "s", "edits the text"),
        ({"composer.send": ("ctrl+a",)}, "ctrl+a", "edits the text"),
        ({"composer.send": ("f9 f9",)}, "f9 f9", "one key"),
        ({"reply.in_place": ("e",)}, "e", "status.close"),
        ({"reply.in_place": ("у",)}, "e", "status.close"),
        ({"reply.in_place": ("g",)}, "g", "already belongs to"),
        ({"reply.in_place": ("q x",)}, "q x", "app.quit"),
        ({"composer.send": ("f1",)}, "f1", "app.help"),
    ],
)
def test_a_wrong_line_is_named(keys: dict[str, tuple[str, ...]], found: str, expected: str) -> None:
    (problem,) = validate(keys)
    assert problem.command == next(iter(keys))
    assert problem.found == found
    assert expected in problem.expected


def test_a_mistyped_command_or_key_gets_a_suggestion() -> None:
    assert validate({"reply.inplace": ("x",)})[0].hint == "reply.in_place"
    assert validate({"reply.in_place": ("entr",)})[0].hint == "enter"


def test_swapping_two_keys_is_no_clash() -> None:
    assert validate({"reply.in_place": ("e",), "status.close": ("r",)}) == []


def test_all_problems_are_told_at_once() -> None:
    keys = {"nobody": ("x",), "reply.in_place": ("alt+r",), "status.close": ("q",)}
    assert [p.command for p in validate(keys)] == list(keys)


def test_a_refused_key_locks_nobody_out() -> None:
    registry = CommandRegistry.default({"composer.send": ("x", "f9"), "nobody": ("x",)})
    assert registry["composer.send"].keys == ("f9",)


@pytest.mark.parametrize(
    ("written", "chord"),
    [
        ("g i", ("g", "i")),
        ("п ш", ("g", "i")),
        ("Ctrl+S", ("ctrl+s",)),
        ("esc", ("escape",)),
        ("shift+g", ("G",)),
        ("?", ("?",)),
        ("shift+Tab", ("shift+tab",)),
        ("F8", ("f8",)),
        ("ctrl+shift+ы", ("ctrl+shift+s",)),
    ],
)
def test_keys_are_read_as_people_write_them(written: str, chord: tuple[str, ...]) -> None:
    assert parse_chord(written) == chord


@pytest.mark.parametrize("written", ["", "ctrl+", "+", "word", "g word", "\x1b", "++"])
def test_what_is_no_key_is_refused_or_one_character(written: str) -> None:
    if written == "+":
        assert parse_chord(written) == ("+",)
    else:
        with pytest.raises(KeyNameError):
            parse_chord(written)


def test_what_the_terminal_reports_is_named_the_same() -> None:
    assert pressed("question_mark", "?") == "?"
    assert pressed("о", "о") == "j"
    assert pressed("space", " ") == "space"
    assert pressed("ctrl+ы", None) == "ctrl+s"
    assert pressed("ctrl+s", "\x13") == "ctrl+s"


def test_keys_are_shown_as_on_the_keyboard() -> None:
    shown = [chord_text(key) for key in ("ctrl+s", "g i", "escape", "shift+tab", "G", "pagedown")]
    assert shown == ["Ctrl+S", "g i", "Esc", "Shift+Tab", "G", "PgDn"]


def test_the_readme_table_names_every_command_once() -> None:
    table = markdown_table("ru")
    for command in CommandRegistry.default():
        assert table.count(f"`{command.id}`") == 1
    assert "Отправить ответ." in table
    assert tr("Send the answer.") == "Send the answer."


def test_the_footer_offers_what_belongs_to_the_context() -> None:
    registry = CommandRegistry.default()
    writing = {command.id for command in registry.footer((Context.COMPOSER, Context.GLOBAL))}
    assert {"composer.send", "composer.leave"} <= writing
    assert "status.close" not in writing


def test_checking_keys_needs_no_screen() -> None:
    code = (
        "import sys\n"
        "from smm_inbox.ui.commands import validate, markdown_table\n"
        "validate({'reply.in_place': ('r',)}); markdown_table('en')\n"
        "import smm_inbox.ui.keymap, smm_inbox.ui.layout\n"
        "sys.exit('textual' in sys.modules or 'rich' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
