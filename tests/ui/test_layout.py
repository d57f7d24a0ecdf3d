"""The Russian layout: the same physical key is the same command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.ui.commands import WRITING, CommandRegistry, Context
from smm_inbox.ui.keymap import Keymap, Run, Wait
from smm_inbox.ui.keynames import owned_by_text, parse_chord, pressed
from smm_inbox.ui.layout import LETTERS, physical, retype, twin

CYRILLIC_OF = {latin: cyrillic for cyrillic, latin in LETTERS.items()}
SHIFTED_DIGITS = {"/": ".", "?": ",", "#": "№"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("о", "j"), ("О", "J"), ("х", "["), ("ё", "`"), ("ctrl+ы", "ctrl+s"), ("ctrl+л", "ctrl+k")],
)
def test_a_cyrillic_key_is_its_latin_neighbour(typed: str, meant: str) -> None:
    assert physical(typed) == meant


@pytest.mark.parametrize("key", ["enter", "f8", "ctrl+s", "?", "1", "left_square_bracket"])
def test_other_keys_stay(key: str) -> None:
    assert physical(key) == key


def test_punctuation_has_a_second_reading() -> None:
    assert [twin("."), twin(","), twin("№"), twin("j")] == ["/", "?", "#", None]


@given(st.text(alphabet=st.sampled_from(sorted(CYRILLIC_OF)), max_size=20))
def test_retyping_twice_gives_the_text_back(latin: str) -> None:
    cyrillic = retype(latin)
    assert not any(char in CYRILLIC_OF for char in cyrillic)
    assert retype(cyrillic) == latin


def _russian(key: str) -> str:
    """What a terminal reports for a key of the Latin layout while the Russian one is on."""
    *modifiers, name = key.split("+")
    name = SHIFTED_DIGITS.get(name, CYRILLIC_OF.get(name, name))
    return "+".join([*modifiers, name])


@pytest.mark.parametrize(
    "context", [Context.FEED, Context.CONVERSATION, Context.COMPOSER, Context.NOTE]
)
def test_every_default_key_runs_its_command_in_both_layouts(context: Context) -> None:
    registry = CommandRegistry.default()
    in_text = context in WRITING
    for command in registry.within((context, Context.GLOBAL)):
        for chord in command.keys:
            parts = parse_chord(chord)
            if in_text and owned_by_text(parts[0]):
                continue
            for layout in (parts, tuple(_russian(part) for part in parts)):
                keymap = Keymap(registry)
                for key in layout:
                    name = pressed(key, key if len(key) == 1 else None)
                    outcome = keymap.press(name, (context, Context.GLOBAL), in_text=in_text)
                assert isinstance(outcome, Run), (chord, layout)
                assert outcome.command.id == command.id


@given(st.characters())
def test_no_character_breaks_the_reading_of_keys(char: str) -> None:
    keymap = Keymap(CommandRegistry.default())
    contexts = (Context.FEED, Context.GLOBAL)
    assert keymap.press(pressed(char, char), contexts, in_text=True) is None
    outcome = keymap.press(pressed(char, char), contexts)
    assert outcome is None or isinstance(outcome, Run | Wait)
