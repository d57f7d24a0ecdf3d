"""Which rows of the feed are selected, and how a selection grows and shrinks."""

from __future__ import annotations

from collections.abc import Iterable

from smm_inbox.domain.ids import ConversationId


class Selection:
    """Selected conversations in the order they were selected; knows conversations, not places."""

    def __init__(self) -> None:
        self._ids: dict[ConversationId, None] = {}
        self._trail: list[ConversationId] = []
        self._step = 0
        self.version = 0
        """Another one after every change."""

    def __contains__(self, conversation: object) -> bool:
        return conversation in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> tuple[ConversationId, ...]:
        """The selected conversations."""
        return tuple(self._ids)

    def toggle(self, conversation: ConversationId) -> None:
        """Select a row, or take it out again."""
        if conversation in self._ids:
            del self._ids[conversation]
        else:
            self._ids[conversation] = None
        self._changed()

    def extend(self, current: ConversationId, target: ConversationId, step: int) -> None:
        """The cursor goes from ``current`` to the row beside it and takes it along.

        Going back over rows that were just taken lets go of them again.
        """
        back = len(self._trail) > 1 and self._trail[-1] == current and step == -self._step
        if back and self._trail[-2] == target:
            self._trail.pop()
            self._ids.pop(current, None)
            self.version += 1
            return
        if not self._trail or self._trail[-1] != current:
            self._trail = [current]
        self._step = step
        self._trail.append(target)
        self._ids |= {current: None, target: None}
        self.version += 1

    def replace(self, conversations: Iterable[ConversationId]) -> None:
        """Select these and no others."""
        self._ids = dict.fromkeys(conversations)
        self._changed()

    def clear(self) -> None:
        """Select nothing."""
        if self._ids:
            self.replace(())

    def _changed(self) -> None:
        self._trail, self._step = [], 0
        self.version += 1
