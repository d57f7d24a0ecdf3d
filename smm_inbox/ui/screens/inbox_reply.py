"""Commands of the inbox that answer: beginning, sending, leaving, taking up a draft again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId
from smm_inbox.domain.parts import Direction
from smm_inbox.domain.text import LengthUnit, SafeText, one_line
from smm_inbox.locale import ntr, tr

from .. import format as fmt
from .. import safe
from .inbox_tags import InboxTags

if TYPE_CHECKING:
    from smm_inbox.domain.feed import ConversationCard, Draft, MessageRow, ReplyOption
    from smm_inbox.services.replies import Queued

    from ..widgets.composer import Composer
    from ..widgets.composer_head import Target


class InboxReply(InboxTags):
    """Answering."""

    # Beginning

    async def action_reply_in_place(self) -> None:
        """Answer where the customer wrote."""
        await self._begin(ReplyKind.IN_PLACE)

    async def action_reply_private(self) -> None:
        """Answer the author of a public message in private."""
        await self._begin(ReplyKind.PRIVATE)

    async def _begin(self, kind: ReplyKind) -> None:
        conversation = self.subject
        if conversation is None:
            return
        chosen = self.talk.reply_target if self._reading(conversation) else None
        await self.command_now(self._write(conversation, kind, chosen))

    def _reading(self, conversation: ConversationId) -> bool:
        """Whether the operator picks messages in the pane: then the picked one is answered."""
        return self.talk.has_focus and self.talk.conversation == conversation

    async def _write(
        self, conversation: ConversationId, kind: ReplyKind, chosen: MessageId | None
    ) -> None:
        if self.composer.active and not await self._keep_and_close():
            return
        card = await self.services.feed.card(conversation)
        if card is None:
            return
        option = next((one for one in card.options if one.kind is kind), None)
        if option is None:
            self.complain(tr("This network gives no way to answer privately here."))
            return
        draft = card.draft
        self.keeper.know(conversation, draft)
        reply_to = chosen or (draft.reply_to if draft else None) or card.reply_target
        if self.talk.conversation != conversation:
            page = await self.services.feed.messages(conversation)
            self.pinned = conversation
            self.talk.show(card, page, await self.margin_of(card))
        target = self._target(card, option, reply_to)
        await self._open_composer(target, draft.text if draft else "", draft.files if draft else ())
        if draft is not None and draft.text and draft.reply_kind is not kind:
            words = tr("This draft was begun as a private answer: make sure everybody may read it.")
            other = tr("This draft was begun as a public answer; now it goes privately.")
            warning = words if target.public else other
            safe.toast(self.app, warning, severity="warning")

    def _target(
        self, card: ConversationCard, option: ReplyOption, reply_to: MessageId | None
    ) -> Target:
        message = self.talk.message(reply_to)
        people = () if message is None else message.people
        reply_all = option.reply_all
        if reply_all is not None:
            # To all only when everybody is known and shown.
            wanted = card.draft.reply_all if card.draft is not None else None
            reply_all = bool(people) and (reply_all if wanted is None else wanted)
        name = card.row.name or (card.contact.name if card.contact else "") or card.title
        if message is not None and message.author is not None and message.author.name:
            name = message.author.name
        from ..widgets.composer_head import Target  # noqa: PLC0415 - when an answer is begun

        return Target(
            conversation=card.row.id,
            channel=self._channels.get(card.row.account, ""),
            name=SafeText(name or tr("No name")),
            public=card.row.public and option.kind is ReplyKind.IN_PLACE,
            option=option,
            unit=self._unit(card),
            reply_to=reply_to,
            quoted=_quoted(message),
            author=message.author if message is not None else None,
            people=people,
            reply_all=reply_all,
        )

    def _unit(self, card: ConversationCard) -> LengthUnit:
        for account in self.services.accounts.list():
            if account.id == card.row.account and account.capabilities is not None:
                return account.capabilities.unit
        return LengthUnit.CODE_POINTS

    async def _open_composer(self, target: Target, text: str, files: tuple[str, ...] = ()) -> None:
        await self.lay_out_fields()
        self._from_list = self.feed.has_focus
        self.pinned = target.conversation
        self.add_class("-talking")
        self.composer.open(target, text, files)
        self._check()
        self.show_frame()

    async def resume_draft(self, conversation: ConversationId) -> None:
        """Put the draft of a conversation back into the composer."""
        card = await self.services.feed.card(conversation)
        if card is not None and card.draft is not None:
            await self._write(conversation, card.draft.reply_kind, card.draft.reply_to)

    def _private_talk(self) -> AccountId | None:
        """The account of the private talk that is being read or answered."""
        card = self.talk.card
        if card is None or card.row.kind is not Kind.DIRECT:
            return None
        return card.row.account if self.talk.has_focus or self.answering else None

    # Editing what was sent

    async def action_message_edit(self) -> None:
        """Change our answer that is already on the network."""
        message, card = self.talk.selected, self.card
        if message is None or card is None or not message.can_edit:
            return
        option = next((one for one in card.options if one.kind is ReplyKind.IN_PLACE), None)
        if option is not None:
            target = self._target(card, replace(option, closed=SafeText("")), None)
            await self._open_composer(replace(target, editing=message.id), message.text)

    # While writing

    async def _read_talk(self, conversation: ConversationId | None, at_least: int = 0) -> None:
        await super()._read_talk(conversation, at_least)
        self._recheck()

    def _tick(self) -> None:
        super()._tick()
        self.services.attention.look(present=self.app.app_focus, talk=self._private_talk())
        until = self.talk.card.row.window_until if self.talk.card else None
        if not self.answering:
            return
        target = self.composer.target
        if target is None or until is None or until > self.now() or target.option.closed:
            return
        here = target.conversation == self.talk.conversation
        if here and target.kind is ReplyKind.IN_PLACE:
            self.refresh_data()

    def _recheck(self) -> None:
        """The way to answer may have closed while the answer is written, or opened again."""
        if not self.answering:
            return
        target, card = self.composer.target, self.talk.card
        if target is None or card is None or card.row.id != target.conversation:
            return
        option = next((one for one in card.options if one.kind is target.kind), None)
        if option is not None and target.editing is None and option != target.option:
            self.composer.retarget(replace(target, option=option))

    def draft_changed(self, conversation: ConversationId, draft: Draft | None) -> None:
        """Keep the draft and look it over."""
        super().draft_changed(conversation, draft)
        self._check()

    def _check(self) -> None:
        """Show what the check before sending finds."""
        target, card = self.composer.target, self.talk.card
        if target is not None and card is not None and card.row.id == target.conversation:
            text = self.composer.area.text
            self.composer.show_warnings(self.services.replies.warnings(card, text, target.kind))

    def on_composer_refused(self, message: Composer.Refused) -> None:
        """Say why not."""
        safe.toast(self.app, message.sentence, severity="warning")

    async def action_composer_leave(self) -> None:
        """Leave; the draft is stored before the next key is looked at."""
        await self.command_now(self.leave_answer())

    async def leave_answer(self) -> None:
        """Leave the answer being written; the draft is kept."""
        if self.composer.active and await self._keep_and_close():
            self._back()

    async def _keep_and_close(self) -> bool:
        """Close the composer, unless its draft could not be stored: then the text stays."""
        await self.keep_drafts()
        if self.keeper.unsaved:
            return False
        self.composer.close()
        return True

    def _back(self) -> None:
        """To where the answer was begun: the list, or the open conversation."""
        if self._from_list or self.feed.has_focus:
            self.release()
        else:
            self.set_focus(self.talk, scroll_visible=False)
        self.show_frame()

    # Sending

    async def action_composer_send(self) -> None:
        """Send."""
        await self.command_now(self._send(close_after=False))

    async def action_composer_send_close(self) -> None:
        """Send and close the conversation."""
        await self.command_now(self._send(close_after=True))

    async def _send(self, *, close_after: bool) -> None:
        composer, replies = self.composer, self.services.replies
        await composer.settled()
        target, draft = composer.target, composer.ready()
        if target is None or draft is None:
            return
        try:
            await self.keeper.flush()
            if target.editing is not None:
                await self.services.published.edit(target.editing, draft.text)
            else:
                queued = await replies.send(
                    target.conversation,
                    draft,
                    close_after=close_after,
                    promises=self.writes_promises(target.conversation),
                )
                self.keeper.sent(target.conversation)
                self.leaving(queued.not_before, self._besides(queued, close_after=close_after))
                if queued.not_done:
                    safe.toast(self.app, queued.not_done, severity="warning")
        finally:
            composer.busy(False)
        composer.close()
        await self._read_talk(self.talk.conversation)
        self.talk.to_the_end()
        self._back()

    def writes_promises(self, conversation: ConversationId) -> bool:
        """Whether what an answer promises is written down with it."""
        return True

    def _besides(self, queued: Queued, *, close_after: bool) -> str:
        """What is said beside the countdown: who keeps it open, and what was promised."""
        said: list[str] = []
        if close_after and queued.waiting:
            words = ntr(
                "stays open: {count} more message waits",
                "stays open: {count} more messages wait",
                queued.waiting,
            )
            said.append(words.format(count=queued.waiting))
        if queued.promises:
            zone = self.services.settings.hours.zone
            when = fmt.until(queued.promises[0].due, self.now(), zone)
            said.append(tr("written down: promised {when}").format(when=when))
        return " · ".join(said)

    # Files and the operator's own editor

    def on_composer_attach_wanted(self) -> None:
        """Ask for a file."""
        files = self.composer.files
        start = f"{Path(files[-1]).parent}/" if files else f"{Path.home()}/"
        from .inbox_attach import AttachScreen  # noqa: PLC0415 - when it is first shown

        self.app.push_screen(AttachScreen(start, max_size=self._max_file()), self._attached)

    def _attached(self, path: Path | None) -> None:
        if path is not None:
            self.composer.attach(str(path))
        self.composer.area.focus()

    def _max_file(self) -> int:
        card = self.talk.card
        for account in self.services.accounts.list():
            if card is not None and account.id == card.row.account and account.capabilities:
                return account.capabilities.max_file_size
        return 0

    def action_composer_editor(self) -> None:
        """Write the answer in the operator's own editor."""
        if self.composer.active:
            self.desk.background(self._edit_outside(), name="external editor")

    async def _edit_outside(self) -> None:
        await self.keep_drafts()
        conversation = self.composer.conversation
        edited = await self.desk.edit_outside(self.composer.area.text)
        # The answer belongs to its conversation, whatever was opened meanwhile.
        if edited is not None and self.composer.conversation == conversation:
            self.composer.replace_text(edited)


def _quoted(message: MessageRow | None) -> SafeText:
    if message is None:
        return SafeText("")
    author = message.author.name if message.author else ""
    if message.direction is Direction.OUT:
        author = SafeText(tr("We"))
    text = one_line(message.text[:500]) or tr("no text")
    return SafeText(f"{author}: {text}" if author else text)
