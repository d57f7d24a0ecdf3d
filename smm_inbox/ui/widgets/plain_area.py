"""A text field for words: pasted text is cleaned, Enter is a new line, Tab does nothing."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from smm_inbox.domain.text import clean


class PlainArea(TextArea):
    """The ground of every field in which more than a line is written."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab,shift+tab", "stay", show=False)]

    frozen = False
    """Swallow what is typed: the text is being stored, or writing here is closed."""

    async def _on_key(self, event: events.Key) -> None:
        if self.frozen:
            event.stop()
            event.prevent_default()
        else:
            await super()._on_key(event)

    def action_stay(self) -> None:
        """Tab does nothing: a tab character has no business in a letter to a customer."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if not self.frozen:
            # Pasted text is foreign text: it would reach the terminal as it is.
            await super()._on_paste(events.Paste(clean(event.text)))
