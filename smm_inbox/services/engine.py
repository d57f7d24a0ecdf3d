"""The engine: what reads from the networks, keeps, and delivers; made when it is first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from smm_inbox.config.model import Settings
from smm_inbox.domain.clock import Clock
from smm_inbox.storage.database import Database

from .accounts import Accounts, FactoryOf
from .bus import Bus
from .deadlines import Deadlines
from .duty import Duty
from .feed import Feed
from .place import Places
from .undo import Undo

if TYPE_CHECKING:
    from .attachments import Attachments
    from .attention import Attentive
    from .courtesy import Courtesy
    from .ingest import Ingest
    from .logins import Logins
    from .moderation import Moderation
    from .outbox import Outbox
    from .promises import Promises
    from .published import Published
    from .reactions import Reactions
    from .replies import Replies
    from .script_uses import ScriptUses
    from .sync import Sync
    from .tags import Tags
    from .triage import Triage
    from .unsent import Unsent


class Engine:
    """Services over one database that the inbox cannot do without.

    What the first frame needs is made at once; the rest is made, and its modules are loaded, when
    it is first used.
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
    def promises(self) -> Promises:
        """Promises given to customers."""
        from .promises import Promises  # noqa: PLC0415 - after the first frame

        return Promises(
            self.settings, self.db, self.clock, self.bus, self.undo, self.deadlines, self.duty
        )

    @cached_property
    def script_uses(self) -> ScriptUses:
        """What a sent answer says about the scripts it was made from."""
        from .script_uses import ScriptUses  # noqa: PLC0415 - after the first frame

        return ScriptUses(self.settings, self.db, self.clock, self.duty, self.triage, self.tags)

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
    def sync(self) -> Sync:
        """The supervisor of the accounts."""
        from .sync import Sync  # noqa: PLC0415 - after the first frame

        return Sync(self.db, self.clock, self.accounts, self.ingest)

    @cached_property
    def tags(self) -> Tags:
        """Tags and what carries them."""
        from .tags import Tags  # noqa: PLC0415 - after the first frame

        return Tags(self.db, self.clock, self.bus, self.undo, self.duty)
