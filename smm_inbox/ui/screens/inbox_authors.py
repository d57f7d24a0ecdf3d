"""The command of the inbox that shows who an author is and what else they wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.note import Purpose
from smm_inbox.locale import tr

from .inbox_notes import InboxNotes

if TYPE_CHECKING:
    from smm_inbox.domain.feed import ConversationCard

    from .author_lines import AuthorChoice


class InboxAuthors(InboxNotes):
    """The author card."""

    def action_author_card(self) -> None:
        """Show the author and their other conversations."""
        if self.subject is not None:
            self.command(self._show_author(self.subject), "author card")

    async def _show_author(self, conversation: ConversationId) -> None:
        card = self.card or await self.services.feed.card(conversation)
        if card is None or card.contact_id is None:
            self.notice(tr("Nobody knows who wrote this."))
            return
        author = await self.services.people.card(card.contact_id, besides=conversation)
        if author is None:
            return
        from .author import AuthorScreen  # noqa: PLC0415 - when it is first shown

        channels, city = self._channels, card.row.city

        def picked(choice: AuthorChoice | None) -> None:
            if choice is not None:
                self._author_picked(choice, card)

        screen = AuthorScreen(self.services, author, conversation, channels, city=city)
        self.app.push_screen(screen, picked)

    def _author_picked(self, choice: AuthorChoice, card: ConversationCard) -> None:
        from .author_lines import Act  # noqa: PLC0415 - after the first frame

        where = card.row.id
        if choice.act is Act.CONVERSATION and choice.conversation is not None:
            self.hold(choice.conversation)
        elif choice.act is Act.PAGE:
            self.desk.browse(choice.url)
        elif choice.act is Act.NOTE and choice.note is not None:
            self.command(self._take_up(where, Purpose.AUTHOR, note=choice.note), "change a note")
        elif choice.act is Act.NEW_NOTE:
            work = self._take_up(where, Purpose.AUTHOR, author=card.contact_id)
            self.command(work, "note on the author")
