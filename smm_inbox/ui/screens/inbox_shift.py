"""Commands of the inbox for the shift: promises, the Today board, colleagues, the playbook."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING

from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from .. import format as fmt
from .. import safe
from .inbox_entries import InboxEntries

if TYPE_CHECKING:
    from smm_inbox.domain.promise import Promise

    from ..widgets.composer_head import Target


class InboxShift(InboxEntries):
    """What helps to keep one's word. Panels are loaded when they are first shown."""

    # Promises

    _declined: ConversationId | None = None
    """Whose answer is not to be written down as a promise."""

    async def _findings(self) -> tuple[SafeText, ...]:
        """What the check says, and what would be written down as a promise."""
        found = await super()._findings()
        target = self.composer.target
        if target is None or target.editing is not None:
            return found
        promised = self.services.promises.found_in(self.composer.area.text)
        if not promised:
            return found
        when = fmt.until(promised[0].due, self.now(), self.services.settings.hours.zone)
        words = tr("Promise {when}: I will remind you · {key} — do not write it down")
        if not self.writes_promises(target.conversation):
            words = tr("Promise {when}: not written down · {key} — write it down")
        key = self.key_of("composer.promise")
        return (*found, SafeText(words.format(when=when, key=key)))

    async def _open_composer(self, target: Target, text: str, files: tuple[str, ...] = ()) -> None:
        self._declined = None
        await super()._open_composer(target, text, files)

    def writes_promises(self, conversation: ConversationId) -> bool:
        """Whether what an answer promises is written down with it."""
        return self._declined != conversation

    def action_composer_promise(self) -> None:
        """Write the promise of this answer down, or do not."""
        target = self.composer.target
        if target is not None:
            declined = self.writes_promises(target.conversation)
            self._declined = target.conversation if declined else None
            self._check()

    def action_promises_open(self) -> None:
        """Show what was promised."""
        from .promises import PromisePicked, PromiseScreen  # noqa: PLC0415 - when first shown

        def picked(choice: PromisePicked | None) -> None:
            if choice is None:
                return
            self.hold(choice.conversation)
            if choice.interim:
                self.command(self._interim(choice.conversation), "interim answer")

        self.app.push_screen(
            PromiseScreen(
                self.services.promises,
                self.services.undo,
                self.command,
                now=self.now,
                zone=self.services.settings.hours.zone,
                channels=self._channels,
            ),
            picked,
        )

    async def _interim(self, conversation: ConversationId) -> None:
        """Go to the conversation and do what the key of “in progress” does there."""
        await self._read_talk(conversation)
        await self.desk.run_command("status.in_progress")

    def action_promise_add(self) -> None:
        """Write down what was promised here: on the telephone, say."""
        conversation = self.subject
        if conversation is None:
            return
        from .one_line import LineScreen  # noqa: PLC0415 - when first shown
        from .promises import promise_preview  # noqa: PLC0415

        promises, zone = self.services.promises, self.services.settings.hours.zone

        def done(line: str | None) -> None:
            promised = None if line is None else promises.read(line)
            if promised is not None:
                when = fmt.until(promised.due, self.now(), zone)
                work = promises.add(conversation, promised.phrase, promised.due)
                said = tr("Promised {when}").format(when=when)
                self.command(self._noted(work, said), "add a promise")

        self.app.push_screen(
            LineScreen(
                tr("What did we promise, and by when?"),
                placeholder=tr("give the money back by Friday"),
                preview=lambda line: promise_preview(promises.read(line), self.now(), zone),
                rows=1,
            ),
            done,
        )

    async def _noted(self, work: Coroutine[object, object, object], said: str) -> None:
        await work
        self.notice(tr("{done} · {key} — undo").format(done=said, key=self.key_of("undo")))

    def tell_promise(self, promise: Promise) -> None:
        """A promise is nearly due: say it, whatever is on the screen."""
        left = fmt.left(promise.due, self.now())
        words = tr("Promised to {name}: “{phrase}”. Left: {time}. {key} — all promises")
        safe.toast(
            self.app,
            words.replace("{name}", promise.customer or tr("No name"))
            .replace("{time}", left)
            .replace("{key}", self.key_of("promises.open"))
            .replace("{phrase}", promise.phrase),
            severity="warning",
        )

    # The board and the colleagues

    def action_board_open(self) -> None:
        """Show what is so today."""
        from .board import BoardScreen  # noqa: PLC0415 - when first shown

        services = self.services
        zone = services.settings.hours.zone
        self.app.push_screen(
            BoardScreen(services.board, services.undo, self.command, services.clock, zone)
        )

    def action_colleagues_open(self) -> None:
        """Show who can help."""
        from .colleagues import ColleagueScreen  # noqa: PLC0415 - when first shown

        services = self.services
        self.app.push_screen(ColleagueScreen(services.colleagues, services.undo, self.command))

    def action_colleague_ask(self) -> None:
        """Ask a colleague about this conversation."""
        conversation, message = self.subject, self._meant()
        if conversation is None:
            return
        from .colleagues import Asked, ColleagueScreen  # noqa: PLC0415 - when first shown

        def chosen(asked: Asked | None) -> None:
            if asked is not None:
                work = self._ask_colleague(conversation, message, asked)
                self.command(work, "ask a colleague")

        services = self.services
        self.app.push_screen(
            ColleagueScreen(services.colleagues, services.undo, self.command, conversation),
            chosen,
        )

    async def _ask_colleague(
        self, conversation: ConversationId, message: MessageId | None, asked: object
    ) -> None:
        from .colleagues import Asked  # noqa: PLC0415 - loaded by the panel already

        if not isinstance(asked, Asked):
            return
        colleagues = self.services.colleagues
        if asked.colleague is None:
            await colleagues.end([conversation])
            self.notice(tr("The colleague has answered: now the customer."))
            return
        digest = await colleagues.digest(conversation)
        who = asked.colleague
        if asked.by_mail:
            await colleagues.mail(who, digest)
            said = tr("The question leaves by mail")
        else:
            self.desk.copy_to_clipboard(digest)
            said = tr("The question is copied")
        await colleagues.ask([conversation], who.name)
        if who.phrase:
            await self._put_in(conversation, message, who.phrase)
        words = tr("{done}; waiting for: {name}").replace("{name}", who.name)
        self.notice(words.replace("{done}", said))

    # The playbook

    def action_playbook_open(self) -> None:
        """Ask what kind of message it is, and say what to do."""
        if self.subject is not None:
            self.command(self._open_playbook(self.subject, self._meant()), "playbook")

    def _meant(self) -> MessageId | None:
        """The message that is looked at: what a panel begins to write goes to its author."""
        about = self._asked()
        return about[1] if about is not None and about[0] == self.subject else None

    async def _open_playbook(self, conversation: ConversationId, message: MessageId | None) -> None:
        from .playbook import Advised, PlaybookScreen  # noqa: PLC0415 - when first shown

        card = await self.services.feed.card(conversation)
        if card is None:
            return
        book = await self.services.playbooks.current()

        def done(advised: Advised | None) -> None:
            if advised is not None:
                work = self._follow_advice(conversation, message, advised)
                self.command(work, "follow the playbook")

        asked = self.talk.message(message)
        author = asked.author.name if asked is not None and asked.author is not None else ""
        name = author or card.row.name or (card.contact.name if card.contact else "")
        screen = PlaybookScreen(
            book, name=name or tr("No name"), public=card.row.public, kind=card.row.type
        )
        await self.app.push_screen(screen, done)

    async def _follow_advice(
        self, conversation: ConversationId, message: MessageId | None, advised: object
    ) -> None:
        from .playbook import Advised, Then  # noqa: PLC0415 - loaded by the panel already

        if not isinstance(advised, Advised):
            return
        await self.services.playbooks.record(conversation, advised.chosen, advised.advice)
        match advised.then:
            case Then.WRITE:
                await self._put_in(conversation, message, advised.advice.skeleton)
            case Then.SCRIPTS:
                await self._open_scripts(advised.advice.folder)
            case Then.ASK:
                self.action_colleague_ask()
            case Then.CLOSE:
                self.action_status_close()
            case Then.NOTHING:
                outcome = advised.advice.outcome.title
                self.notice(tr("Noted: {outcome}").replace("{outcome}", outcome))

    # The shift

    def action_shift_open(self) -> None:
        """Show who is on duty and what happened before."""
        from .shift import ShiftScreen  # noqa: PLC0415 - when first shown

        def done(what: str | None) -> None:
            if what == "handover":
                self._hand_over()

        services = self.services
        self.app.push_screen(
            ShiftScreen(
                services.shifts,
                services.duty,
                services.undo,
                self.command,
                now=self.now,
                zone=services.settings.hours.zone,
            ),
            done,
        )

    def _hand_over(self) -> None:
        from .shift import HandoverScreen  # noqa: PLC0415 - when first shown

        self.app.push_screen(HandoverScreen(self.services.shifts, self.command))

    async def tell_before(self) -> None:
        """Say at the start what the one before left, where shifts are kept."""
        before = await self.services.shifts.news()
        if before is None:
            return
        from .shift import before_words  # noqa: PLC0415 - when it is needed

        words = tr("Before you came: {what}. {key} — the shift")
        shown = words.replace("{key}", self.key_of("shift.open"))
        safe.toast(self.app, shown.replace("{what}", before_words(before)))
