"""The operator's desk: what turns the feed into a place of work; made when it is first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .engine import Engine

if TYPE_CHECKING:
    from .board import Board
    from .checks import Checks
    from .colleagues import Colleagues
    from .manual import Manual
    from .names import Names
    from .notes import Notes
    from .people import People
    from .playbooks import Playbooks
    from .scripts import Scripts
    from .search import Search
    from .shifts import Shifts
    from .suggest import Suggest


class Desk(Engine):
    """Scripts, checks, search, notes, people, the board and the shift over the engine."""

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
    def suggest(self) -> Suggest:
        """Scripts that fit a message."""
        from .suggest import Suggest  # noqa: PLC0415 - after the first frame

        return Suggest(self.db, self.feed, self.scripts, self.duty)

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

        return Manual(
            self.settings,
            self.db,
            self.clock,
            self.deadlines,
            self.bus,
            self.undo,
            self.promises,
        )

    @cached_property
    def search(self) -> Search:
        """Search over the archive, and saved searches."""
        from .search import Search  # noqa: PLC0415 - after the first frame

        return Search(self.settings, self.db, self.clock, self.accounts, self.bus, self.undo)
