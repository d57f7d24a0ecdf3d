"""Commands of the inbox that answer with prepared replies and look an answer over."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.timer import Timer

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from .. import safe
from ..widgets.suggestion_line import SuggestionLine
from .inbox_reply import InboxReply

if TYPE_CHECKING:
    from smm_inbox.domain.feed import ConversationCard
    from smm_inbox.domain.prepared import Script
    from smm_inbox.services.suggest import Suggestion

_PAUSE = 0.15
"""Seconds the selection must rest before suggestions are looked for."""
_CHECK_PAUSE = 0.4
"""Seconds without a letter before the answer is looked over."""


class InboxScripts(InboxReply):
    """Scripts, suggestions, and the check before sending."""

    _rest_suggest: Timer | None = None
    _rest_check: Timer | None = None
    _found: tuple[SafeText, ...] = ()
    """What the check said about the answer as it last rested."""
    _found_for: ConversationId | None = None

    # Suggestions, beside the message and off the key path

    async def _read_talk(self, conversation: ConversationId | None, at_least: int = 0) -> None:
        await super()._read_talk(conversation, at_least)
        self._suggest_soon()

    def on_conversation_selected(self) -> None:
        """Another message may want another answer."""
        self._suggest_soon()

    def _suggest_soon(self) -> None:
        if self.suggested.about is not None and self.suggested.about != self._asked():
            self.suggested.show(None, ())
        if self._rest_suggest is not None:
            self._rest_suggest.stop()
        self._rest_suggest = self.set_timer(_PAUSE, self._suggest)

    def _asked(self) -> tuple[ConversationId, MessageId | None] | None:
        """The message an answer would go to now."""
        talk, target = self.talk, self.composer.target if self.answering else None
        if target is not None:
            return target.conversation, target.reply_to
        if self.subject is None:
            return None
        here = talk.conversation == self.subject
        if here and talk.has_focus:
            return self.subject, talk.reply_target
        return self.subject, talk.card.reply_target if here and talk.card else None

    @work(group="suggest", exclusive=True, exit_on_error=False)
    async def _suggest(self) -> None:
        about, card = self._asked(), self.talk.card
        if (
            about is None
            or card is None
            or card.row.id != about[0]
            or not card.row.awaiting
            or not _answerable(card)
        ):
            self.suggested.show(None, ())
            return
        try:
            found = await self.services.suggest.for_message(*about)
        except InboxError:
            return  # whoever asks for scripts is told
        if about == self._asked():
            self.suggested.show(about, found)

    def show_frame(self) -> None:
        """Name the key that works now in front of the suggestions as well."""
        super().show_frame()
        # While an answer is written, a letter is a letter.
        self.suggested.behind(self.key_of("composer.scripts" if self.answering else "script.open"))

    async def on_suggestion_line_taken(self, message: SuggestionLine.Taken) -> None:
        """A suggestion was clicked."""
        about, found = self.suggested.about, self.suggested.suggestions
        if about is not None and message.number <= len(found):
            await self._take(*about, found[message.number - 1].source)

    # The panel

    async def action_script_open(self) -> None:
        """Answer with a prepared reply."""
        await self._open_scripts()

    async def action_composer_scripts(self) -> None:
        """Put a prepared reply in at the cursor."""
        await self.composer.settled()
        await self._open_scripts()

    async def _open_scripts(self, folder: str = "") -> None:
        from .scripts import Occasion, ScriptsScreen  # noqa: PLC0415 - when it is first shown

        about, services = self._asked(), self.services
        writing = self.composer.active
        try:
            found = await self._suggestions(folder)
            may = writing or (about is not None and await self._may_answer(about[0]))
        except InboxError as error:
            self.complain(error.sentence)
            return
        occasion = Occasion(
            conversation=about[0] if about else None,
            message=about[1] if about else None,
            suggestions=found if may else (),
            folder=folder,
            reply=self.composer.area.text.strip() if writing else "",
            may_insert=may,
        )
        take = partial(self._take, *about) if about else _nowhere
        screen = ScriptsScreen(services.scripts, services.undo, occasion, take, self.command)
        await self.app.push_screen(screen)

    async def _suggestions(self, folder: str) -> tuple[Suggestion, ...]:
        about = self._asked()
        if about is None:
            return ()
        if folder:
            return await self.services.suggest.inside(folder)
        if self.suggested.about == about and self.suggested.suggestions:
            return self.suggested.suggestions
        return await self.services.suggest.for_message(*about)

    async def _may_answer(self, conversation: ConversationId) -> bool:
        card = await self.services.feed.card(conversation)
        return card is not None and _answerable(card)

    async def _take(
        self, conversation: ConversationId, message: MessageId | None, source: Script | str
    ) -> bool:
        """Put a script into the answer, which is begun when it is not open yet."""
        before = self.composer.conversation
        await self.command_now(self._put_in(conversation, message, source))
        return before is not None or self.composer.conversation == conversation

    async def _put_in(
        self, conversation: ConversationId, message: MessageId | None, source: Script | str
    ) -> None:
        composer = self.composer
        if not composer.active or composer.conversation != conversation:
            await self._write(conversation, ReplyKind.IN_PLACE, message)
        target = composer.target
        if target is None or target.conversation != conversation or composer.area.frozen:
            return
        filled = await self.services.scripts.fill_in(source, conversation, target.reply_to)
        if not isinstance(source, str) and target.editing is None:
            await self.services.scripts.note_insertion(conversation, source.id)
        composer.insert(filled.text.strip("\n"))
        if filled.blanks:
            self._to_fill(filled.blanks[0])

    def _to_fill(self, blank: str) -> None:
        words = tr("Fill in: {blank} · {key} — the next one")
        key = self.key_of("composer.blank")
        self.notice(words.replace("{key}", key).replace("{blank}", safe.plain(blank)))

    # In progress, and a word to the customer that it is

    async def action_status_in_progress(self) -> None:
        """Mark as in progress, and offer the words that tell the customer so."""
        from smm_inbox.domain.prepared import INTERIM_FOLDER  # noqa: PLC0415 - after the first frame

        targets, row = self.targets, self.subject_row
        await super().action_status_in_progress()
        alone = len(targets) == 1 and row is not None and targets[0] == row.id == self.subject
        if alone and row is not None and row.awaiting and await self._may_answer(row.id):
            await self._open_scripts(INTERIM_FOLDER)

    # Blanks

    async def action_composer_blank(self) -> None:
        """Go to the next blank."""
        await self.composer.settled()
        if blank := self.composer.to_next_blank():
            self._to_fill(blank[2:-1].strip())
        else:
            self.notice(tr("There is nothing left to fill in."))

    # The check before sending

    def _check(self) -> None:
        target, card = self.composer.target, self.talk.card
        if target is None or card is None or card.row.id != target.conversation:
            return
        if self._found_for != target.conversation:
            self._found, self._found_for = (), target.conversation
        text = self.composer.area.text
        known = self.services.replies.warnings(card, text, target.kind)
        self.composer.show_warnings((*known, *self._found))
        if self._rest_check is not None:
            self._rest_check.stop()
        self._rest_check = self.set_timer(_CHECK_PAUSE, self._look_over)

    @work(group="check", exclusive=True, exit_on_error=False)
    async def _look_over(self) -> None:
        target = self.composer.target
        try:
            found = await self._findings()
        except InboxError:
            return  # sending tells what is wrong with the database
        if self.composer.target is target and target is not None and found != self._found:
            self._found = found
            card, text = self.talk.card, self.composer.area.text
            if card is not None and card.row.id == target.conversation:
                known = self.services.replies.warnings(card, text, target.kind)
                self.composer.show_warnings((*known, *found))

    async def _findings(self) -> tuple[SafeText, ...]:
        target, card = self.composer.target, self.talk.card
        if target is None or card is None or card.row.id != target.conversation:
            return ()
        text = self.composer.area.text
        return await self.services.checks.warnings(card, text, target.kind, target.reply_to)

    async def action_composer_check(self) -> None:
        """Say everything the check finds, or that it finds nothing."""
        await self.composer.settled()
        await self.command_now(self._checked())

    async def _checked(self) -> None:
        target, card = self.composer.target, self.talk.card
        if target is None or card is None:
            return
        text = self.composer.area.text
        known = self.services.replies.warnings(card, text, target.kind)
        found = (*known, *await self._findings())
        if found:
            safe.toast(self.app, "\n".join(f"• {one}" for one in found), severity="warning")
        else:
            self.notice(tr("Looked over: nothing to say against it."))


def _answerable(card: ConversationCard) -> bool:
    return any(one.kind is ReplyKind.IN_PLACE and not one.closed for one in card.options)


async def _nowhere(_: Script | str) -> bool:
    return False
