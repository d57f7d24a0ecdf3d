"""Commands of the inbox on what others wrote: hide, show, delete, put an emoji on it."""

from __future__ import annotations

from smm_inbox.domain.ids import MessageId
from smm_inbox.locale import tr

from ..widgets.painted import Line
from .inbox_download import InboxDownload


class InboxModeration(InboxDownload):
    """Hiding and deleting on the network."""

    def action_message_hide(self) -> None:
        """Hide the selected message on the network from everybody, or show it again."""
        message = self.talk.selected
        if message is not None and message.can_hide:
            self._hide(message.id, message.hidden_at is None)

    def _hide(self, message: MessageId, hidden: bool) -> None:
        self.command(self._hidden(message, hidden), "hide a message")

    async def _hidden(self, message: MessageId, hidden: bool) -> None:
        await self.services.moderation.hide(message, hidden=hidden)
        said = tr("Is being hidden from everybody") if hidden else tr("Is being shown again")
        self.notice(tr("{done} · {key} — undo").format(done=said, key=self.key_of("undo")))

    def action_message_react(self) -> None:
        """Put an emoji on the selected message, or take it back."""
        message = self.talk.selected
        if message is None or not message.reactions:
            return
        if len(message.reactions) == 1:
            [only] = message.reactions
            self._react(message.id, "" if message.reaction else only)
            return

        def picked(emoji: str | None) -> None:
            if emoji is not None:
                self._react(message.id, emoji)

        lines: list[tuple[Line, str | None]] = [
            (Line(((emoji, "plain"),)), emoji) for emoji in message.reactions
        ]
        if message.reaction:
            lines.append((Line(((tr("take the reaction back"), "plain"),)), ""))
        from .inbox_pick import PickScreen  # noqa: PLC0415 - when it is first shown

        start = str(message.reaction) or message.reactions[0]
        self.app.push_screen(PickScreen(tr("Reaction"), lines, start=start), picked)

    def _react(self, message: MessageId, emoji: str) -> None:
        self.command(self._reacted(message, emoji), "react")

    async def _reacted(self, message: MessageId, emoji: str) -> None:
        await self.services.reactions.put(message, emoji)
        words = tr("{emoji} goes to the customer") if emoji else tr("The reaction is taken back")
        said = words.format(emoji=emoji)
        self.notice(tr("{done} · {key} — undo").format(done=said, key=self.key_of("undo")))

    def action_message_delete(self) -> None:
        """Delete the selected message on the network, after asking."""
        message = self.talk.selected
        if message is None or not message.can_delete:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.command(self.services.published.delete(message.id), "delete a message")

        question = tr("Delete this message on the network? This cannot be undone.")
        from .confirm import ConfirmScreen  # noqa: PLC0415 - when it is first shown

        self.app.push_screen(ConfirmScreen(question, yes=tr("Delete"), no=tr("Keep")), answered)

    def can_change(self, action: str) -> bool:
        """Whether a command on the selected message makes sense."""
        message = self.talk.selected if self.talk.has_focus else None
        if message is None or message.outbox is not None:
            return False
        return {
            "message_edit": message.can_edit,
            "message_delete": message.can_delete,
            "message_hide": message.can_hide,
            "message_react": bool(message.reactions),
        }[action]

    def can_fetch(self) -> bool:
        """Whether something that could be saved or opened came with the message."""
        message, card = self.talk.selected, self.card
        if message is None or card is None or not message.attachments:
            return False
        return bool(self.choices(message, card.row.account))
