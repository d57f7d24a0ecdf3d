"""Keys to commands: contexts, sequences, text fields."""

from __future__ import annotations

from smm_inbox.ui.commands import CommandRegistry, Context
from smm_inbox.ui.keymap import Cancelled, Keymap, Run, Wait

FEED = (Context.FEED, Context.GLOBAL)
TALK = (Context.CONVERSATION, Context.GLOBAL)
WRITING = (Context.COMPOSER, Context.GLOBAL)


def keymap(**keys: tuple[str, ...]) -> Keymap:
    return Keymap(CommandRegistry.default({k.replace("__", "."): v for k, v in keys.items()}))


def run(keys: Keymap, *pressed: str, where: tuple[Context, ...] = FEED) -> str:
    outcome = None
    for key in pressed:
        outcome = keys.press(key, where)
    assert isinstance(outcome, Run)
    return outcome.command.id


def test_a_sequence_waits_shows_what_is_possible_and_runs() -> None:
    keys = keymap()
    waiting = keys.press("g", FEED)
    assert isinstance(waiting, Wait)
    assert waiting.shown == "g"
    choices = {key: command.id for key, command in waiting.choices}
    assert choices["w"] == "view.awaiting"
    assert choices["n"] == "app.health"
    assert run(keys, "w") == "view.awaiting"
    assert not keys.pending


def test_a_slip_ends_the_sequence_and_runs_nothing() -> None:
    keys = keymap()
    keys.press("g", FEED)
    assert keys.press("z", FEED) == Cancelled()
    assert run(keys, "e") == "status.close"


def test_escape_ends_a_sequence_before_it_means_back() -> None:
    keys = keymap()
    keys.press("g", TALK)
    assert keys.press("escape", TALK) == Cancelled()
    assert run(keys, "escape", where=TALK) == "move.back"


def test_letters_are_typed_in_a_text_field() -> None:
    keys = keymap()
    for key in ("e", "q", "?", "1", "enter", "tab", "ctrl+k", "ctrl+z", "space"):
        assert keys.press(key, WRITING, in_text=True) is None
    outcome = keys.press("ctrl+p", WRITING, in_text=True)
    assert isinstance(outcome, Run)
    assert outcome.command.id == "app.palette"


def test_a_text_field_forgets_a_sequence_begun_elsewhere() -> None:
    keys = keymap()
    keys.press("g", FEED)
    assert keys.press("w", WRITING, in_text=True) is None
    assert not keys.pending


def test_the_same_key_means_what_its_context_says() -> None:
    keys = keymap()
    assert run(keys, "escape", where=TALK) == "move.back"
    assert run(keys, "escape", where=WRITING) == "composer.leave"
    assert run(keys, "ctrl+r", where=TALK) == "accounts.retry"


def test_remapped_keys_replace_the_defaults() -> None:
    keys = keymap(reply__in_place=("к", "ctrl+t"), status__close=("x",))
    assert run(keys, "r") == "reply.in_place"
    assert run(keys, "ctrl+t") == "reply.in_place"
    assert run(keys, "x") == "status.close"
    assert keys.press("e", FEED) is None


def test_a_character_bound_itself_wins_over_its_second_reading() -> None:
    assert run(keymap(), ",") == "app.help"
    assert run(keymap(author__card=(",",)), ",") == "author.card"
