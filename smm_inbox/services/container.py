"""All services over one database: what the screen and the command line are given."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

from smm_inbox.config.model import Settings
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId
from smm_inbox.storage.database import Database
from smm_inbox.storage.standing import left_on_the_wire, on_duty, snoozed_until_min
from smm_inbox.storage.times import to_us

from .accounts import Accounts, FactoryOf
from .bus import Bus
from .deadlines import Deadlines
from .duty import Duty
from .feed import Feed
from .place import Places
from .tasks import TaskSet
from .undo import Undo

if TYPE_CHECKING:
    from .attachments import Attachments
    from .attention import Attentive
    from .board import Board
    from .checks import Checks
    from .colleagues import Colleagues
    from .courtesy import Courtesy
    from .ingest import Ingest
    from .logins import Logins
    from .manual import Manual
    from .moderation import Moderation
    from .names import Names
    from .notes import Notes
    from .outbox import Outbox
    from .people import People
    from .playbooks import Playbooks
    from .promises import Promises
    from .published import Published
    from .reactions import Reactions
    from .replies import Replies
    from .script_uses import ScriptUses
    from .scripts import Scripts
    from .search import Search
    from .shifts import Shifts
    from .suggest import Suggest
    from .sync import Sync
    from .tags import Tags
    from .triage import Triage
    from .unsent import Unsent

_log = logging.getLogger(__name__)

_STOP_WITHIN = 3.0
_LONGEST_NAP = 60.0


class Services:
    """The engine of the inbox; runs without a screen.

    What the first frame needs is made at once; the commands and the engine are made, and their
    modules loaded, when they are first used.
    """

    def __init__(
        self, settings: Settings, db: Database, clock: Clock, factory_of: FactoryOf
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.db = db
        self.bus = Bus()
        self.undo = Undo()
        self.deadlines = Deadlines(settings)
        self.accounts = Accounts(settings, db, clock, self.bus, factory_of)
        self.feed = Feed(db, clock, self.accounts)
        self.duty = Duty(settings.operator)
        self.places = Places(db, self.accounts)
        self._tasks = TaskSet()
        self._deadlines_hold = True

    @cached_property
    def ingest(self) -> Ingest:
        """From batches to the database."""
        from .ingest import Ingest  # noqa: PLC0415 - after the first frame

        return Ingest(self.db, self.clock, self.deadlines, self.bus)

    @cached_property
    def courtesy(self) -> Courtesy:
        """Courtesies towards the customer: "read" and "is typing"."""
        from .courtesy import Courtesy  # noqa: PLC0415 - after the first frame

        return Courtesy(self.accounts, self.clock)

    @cached_property
    def attention(self) -> Attentive:
        """Where the operator looks, for networks that have to be asked."""
        from .attention import Attentive  # noqa: PLC0415 - after the first frame

        return Attentive(self.accounts)

    @cached_property
    def outbox(self) -> Outbox:
        """The worker that delivers answers."""
        from .outbox import Outbox  # noqa: PLC0415 - after the first frame

        return Outbox(
            self.db,
            self.clock,
            self.accounts,
            self.deadlines,
            self.bus,
            self.duty,
            self.courtesy,
        )

    @cached_property
    def replies(self) -> Replies:
        """Commands of the composer."""
        from .composing import Composing  # noqa: PLC0415 - after the first frame
        from .replies import Replies  # noqa: PLC0415

        return Replies(
            self.settings,
            self.db,
            self.clock,
            self.accounts,
            self.deadlines,
            self.bus,
            Composing(self.db, self.accounts, self.feed),
            self.unsent,
            self.outbox,
            self.undo,
            self.courtesy,
            self.duty,
            self.promises,
            self.script_uses,
        )

    @cached_property
    def scripts(self) -> Scripts:
        """Prepared replies."""
        from .scripts import Scripts  # noqa: PLC0415 - after the first frame

        return Scripts(
            self.settings, self.db, self.clock, self.feed, self.undo, self.names, self.duty
        )

    @cached_property
    def names(self) -> Names:
        """First names in their cases."""
        from .names import Names  # noqa: PLC0415 - after the first frame

        return Names()

    @cached_property
    def checks(self) -> Checks:
        """The check before sending."""
        from .checks import Checks  # noqa: PLC0415 - after the first frame

        return Checks(self.settings, self.db, self.clock, self.feed, self.scripts, self.names)

    @cached_property
    def script_uses(self) -> ScriptUses:
        """What a sent answer says about the scripts it was made from."""
        from .script_uses import ScriptUses  # noqa: PLC0415 - after the first frame

        return ScriptUses(self.settings, self.db, self.clock, self.duty, self.triage, self.tags)

    @cached_property
    def suggest(self) -> Suggest:
        """Scripts that fit a message."""
        from .suggest import Suggest  # noqa: PLC0415 - after the first frame

        return Suggest(self.db, self.feed, self.scripts, self.duty)

    @cached_property
    def promises(self) -> Promises:
        """Promises given to customers."""
        from .promises import Promises  # noqa: PLC0415 - after the first frame

        return Promises(
            self.settings, self.db, self.clock, self.bus, self.undo, self.deadlines, self.duty
        )

    @cached_property
    def board(self) -> Board:
        """Facts of the day."""
        from .board import Board  # noqa: PLC0415 - after the first frame

        return Board(self.settings, self.db, self.clock, self.undo, self.duty)

    @cached_property
    def playbooks(self) -> Playbooks:
        """The playbook of the business."""
        from .playbooks import Playbooks  # noqa: PLC0415 - after the first frame

        return Playbooks(self.db, self.clock, self.undo, self.duty)

    @cached_property
    def colleagues(self) -> Colleagues:
        """Who can help."""
        from .colleagues import Colleagues  # noqa: PLC0415 - after the first frame

        return Colleagues(
            self.settings,
            self.db,
            self.clock,
            self.bus,
            self.undo,
            self.deadlines,
            self.feed,
            self.outbox,
            self.unsent,
            self.duty,
        )

    @cached_property
    def shifts(self) -> Shifts:
        """Who is on duty, and handing over."""
        from .shifts import Shifts  # noqa: PLC0415 - after the first frame

        return Shifts(
            self.settings,
            self.db,
            self.clock,
            self.undo,
            self.duty,
            self.feed,
            self.accounts,
            self.promises,
            self.board,
        )

    @cached_property
    def unsent(self) -> Unsent:
        """Commands on answers that did not arrive yet."""
        from .unsent import Unsent  # noqa: PLC0415 - after the first frame

        return Unsent(
            self.db,
            self.clock,
            self.accounts,
            self.deadlines,
            self.bus,
            self.outbox,
            self.undo,
            self.duty,
        )

    @cached_property
    def published(self) -> Published:
        """Commands on our messages on the networks."""
        from .published import Published  # noqa: PLC0415 - after the first frame

        return Published(
            self.db,
            self.clock,
            self.accounts,
            self.deadlines,
            self.bus,
            self.feed,
            self.outbox,
        )

    @cached_property
    def triage(self) -> Triage:
        """Commands on conversations."""
        from .triage import Triage  # noqa: PLC0415 - after the first frame

        return Triage(
            self.db,
            self.clock,
            self.deadlines,
            self.bus,
            self.undo,
            self.duty,
            self.moderation,
            self.promises,
        )

    @cached_property
    def tags(self) -> Tags:
        """Tags and what carries them."""
        from .tags import Tags  # noqa: PLC0415 - after the first frame

        return Tags(self.db, self.clock, self.bus, self.undo, self.duty)

    @cached_property
    def moderation(self) -> Moderation:
        """Hiding on the network, and the network's own spam."""
        from .moderation import Moderation  # noqa: PLC0415 - after the first frame

        return Moderation(
            self.db,
            self.clock,
            self.accounts,
            self.deadlines,
            self.bus,
            self.feed,
            self.outbox,
            self.undo,
        )

    @cached_property
    def notes(self) -> Notes:
        """Notes, which never leave."""
        from .notes import Notes  # noqa: PLC0415 - after the first frame

        return Notes(self.db, self.clock, self.bus, self.undo, self.settings.operator)

    @cached_property
    def people(self) -> People:
        """The cards of authors, and who is the same person."""
        from .people import People  # noqa: PLC0415 - after the first frame

        return People(self.db, self.clock, self.bus, self.undo, self.settings.operator)

    @cached_property
    def manual(self) -> Manual:
        """What was entered by hand."""
        from .manual import Manual  # noqa: PLC0415 - after the first frame

        return Manual(self.settings, self.db, self.clock, self.deadlines, self.bus, self.undo)

    @cached_property
    def reactions(self) -> Reactions:
        """Emoji on customers' messages."""
        from .reactions import Reactions  # noqa: PLC0415 - after the first frame

        return Reactions(
            self.db,
            self.clock,
            self.accounts,
            self.deadlines,
            self.bus,
            self.feed,
            self.outbox,
            self.undo,
        )

    @cached_property
    def attachments(self) -> Attachments:
        """Files of customers, fetched when they are wanted."""
        from .attachments import Attachments  # noqa: PLC0415 - after the first frame

        return Attachments(self.settings, self.db, self.accounts)

    @cached_property
    def logins(self) -> Logins:
        """Logging accounts in from the screen."""
        from .logins import Logins  # noqa: PLC0415 - after the first frame

        return Logins(self.accounts)

    @cached_property
    def search(self) -> Search:
        """Search over the archive, and saved searches."""
        from .search import Search  # noqa: PLC0415 - after the first frame

        return Search(self.settings, self.db, self.clock, self.accounts, self.bus, self.undo)

    @cached_property
    def sync(self) -> Sync:
        """The supervisor of the accounts."""
        from .sync import Sync  # noqa: PLC0415 - after the first frame

        return Sync(self.db, self.clock, self.accounts, self.ingest)

    async def prepare(self) -> None:
        """What must be true before the first frame: identities, deadlines, leftovers of a crash."""
        await self.accounts.load()
        self._deadlines_hold = await self.deadlines.apply(self.db)
        self.duty.takes(await on_duty(self.db))
        if await left_on_the_wire(self.db):
            await self.outbox.recover()

    async def start(self, only: Collection[AccountId] | None = None) -> None:
        """Begin to read and to deliver; ``only`` limits it to some accounts."""
        self.accounts.learn_shorts()
        self.sync.start(only)
        self.outbox.start()
        self.search.start()
        self._tasks.spawn(self._wake_snoozed(), "snooze")
        self._tasks.spawn(self._remind(), "promises")
        if not self._deadlines_hold:
            self._tasks.spawn(self.deadlines.catch_up(self.db, self.bus), "deadlines")

    async def stop(self) -> None:
        """End everything in order: outbox, sync, channels. At most three seconds."""
        made = vars(self)
        try:
            async with asyncio.timeout(_STOP_WITHIN):
                await self._tasks.stop(0.5)
                for part in ("courtesy", "outbox", "sync", "search"):
                    if part in made:
                        await made[part].stop()
                await self.accounts.close()
        except TimeoutError:
            _log.warning("stopping took too long; the rest is looked at on the next start")

    async def _wake_snoozed(self) -> None:
        snoozed = self.triage.snoozed
        while True:
            until: int | None = None
            snoozed.clear()
            try:
                until = await snoozed_until_min(self.db)
                if until is not None and until <= to_us(self.clock.now()):
                    await self.triage.wake()
            except InboxError as error:
                _log.warning("snoozed conversations cannot be brought back yet: %s", error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_nap(until, to_us(self.clock.now()))):
                    await snoozed.wait()

    async def _remind(self) -> None:
        while True:
            until: int | None = None
            try:
                until = await self.promises.next_reminder()
                if until is not None and until <= to_us(self.clock.now()):
                    await self.promises.remind()
            except InboxError as error:
                _log.warning("promises cannot be looked at yet: %s", error)
            await asyncio.sleep(_nap(until, to_us(self.clock.now())))


def _nap(until: int | None, now: int) -> float:
    """Seconds until the next of them is due; never long: the clock of a laptop may jump."""
    if until is None:
        return _LONGEST_NAP
    return min(max((until - now) / 1_000_000, 0.1), _LONGEST_NAP)
