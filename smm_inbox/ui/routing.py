"""From a key press to the action of a command, wherever the focus is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.keys import _character_to_key
from textual.screen import ModalScreen

from . import safe
from .commands import Command, CommandRegistry, Context
from .keymap import Cancelled, Keymap, Run, Wait
from .keynames import chord_text, is_typed, owned_by_text, parse_chord, pressed
from .layout import physical
from .messages import KeyHint, KeysPending


class RoutedApp(App[int], inherit_bindings=False):
    """An app whose keys come from the command registry and work in the Russian layout."""

    def __init__(self, registry: CommandRegistry) -> None:
        super().__init__()
        self.registry = registry
        self._keys = Keymap(registry)

    async def on_event(self, event: events.Event) -> None:
        """Take keys of commands before the widgets see them; pass on the rest in Latin."""
        if isinstance(event, events.Key) and not event.is_forwarded and self.screen_stack:
            if not self.app_focus:
                # Textual takes the focus away with the terminal's; the key shows it is back.
                self.app_focus = True
            if await self._take_key(event):
                return
            event = self._in_latin(event)
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            # Text fields send what they hold to the terminal as it is.
            event = events.Paste(safe.plain(event.text))
        await super().on_event(event)

    @property
    def key_contexts(self) -> tuple[Context, ...]:
        """Where keys are looked up now, the nearest first; empty on a modal screen."""
        nodes: Sequence[DOMNode] = [self.screen]
        if self.focused is not None:
            nodes = self.focused.ancestors_with_self
        for node in nodes:
            context = getattr(node, "KEY_CONTEXT", None)
            if isinstance(context, Context):
                return (context, Context.GLOBAL)
        return () if isinstance(self.screen, ModalScreen) else (Context.GLOBAL,)

    @property
    def footer_commands(self) -> tuple[Command, ...]:
        """Commands for the footer: those that a key runs at this moment, with those keys."""
        offered = (c for c in self.registry.footer(self.key_contexts) if self.available(c))
        return tuple(command for c in offered if (command := self._with_working_keys(c)).keys)

    @property
    def available_commands(self) -> tuple[Command, ...]:
        """Every command that can work at this moment."""
        offered = (c for c in self.registry.within(self.key_contexts) if self.available(c))
        return tuple(self._with_working_keys(command) for command in offered)

    def _with_working_keys(self, command: Command) -> Command:
        """Leave out keys that would be typed into the text field that has the focus."""
        if not self._in_text:
            return command
        return replace(
            command, keys=tuple(k for k in command.keys if not owned_by_text(parse_chord(k)[0]))
        )

    def available(self, command: Command) -> bool:
        """Whether somebody implements ``command`` here and does not rule it out now."""
        node = self._implementer(command)
        return node is not None and bool(node.check_action(command.action, ()))

    async def run_command(self, command_id: str) -> bool:
        """Run a command; ``False`` when nobody here implements it."""
        command = self.registry[command_id]
        node = self._implementer(command)
        if node is None:
            return False
        # Not possible now: the footer does not offer it, and the key does nothing.
        if node.check_action(command.action, ()):
            await self.run_action(command.action, default_namespace=node)
        return True

    def _implementer(self, command: Command) -> DOMNode | None:
        name = f"action_{command.action}"
        nodes: list[DOMNode] = [self.screen, self]
        if self.focused is not None:
            nodes = [*self.focused.ancestors_with_self]
        return next((node for node in nodes if callable(getattr(node, name, None))), None)

    @property
    def _in_text(self) -> bool:
        # Asked like this, no text field is loaded before one is shown.
        return self.focused is not None and self.focused.check_consume_key("a", "a")

    async def _take_key(self, event: events.Key) -> bool:
        contexts = self.key_contexts
        waiting = self._keys.pending
        key = pressed(event.key, event.character)
        if not contexts:
            self._keys.reset()
            return self._asks_for_all(key) and self.offer_panel()
        outcome = self._keys.press(key, contexts, in_text=self._in_text)
        if isinstance(outcome, Wait):
            hints = (KeyHint(chord_text(key), c.shown_title) for key, c in outcome.choices)
            self.screen.post_message(KeysPending(outcome.shown, tuple(hints)))
            return True
        if waiting:
            self.screen.post_message(KeysPending("", ()))
        if isinstance(outcome, Run):
            return await self.run_command(outcome.command.id)
        return isinstance(outcome, Cancelled)

    def _asks_for_all(self, key: str) -> bool:
        if self._in_text and is_typed(key):
            return False
        return any(parse_chord(one) == (key,) for one in self.registry["app.palette"].keys)

    def offer_panel(self) -> bool:
        """Show everything the panel on top can do; ``False`` when it offers nothing."""
        return False

    def _in_latin(self, event: events.Key) -> events.Key:
        """The same key named after the Latin layout, unless it types a letter."""
        if event.key == "numero_sign" and not self._in_text:
            return events.Key("number_sign", "#")  # no Latin layout has this sign
        latin = physical(event.key)
        if latin == event.key or getattr(self.screen, "RAW_KEYS", False):
            return event
        if "+" in latin:
            return events.Key(latin, event.character)
        return event if self._in_text else events.Key(_character_to_key(latin), latin)
