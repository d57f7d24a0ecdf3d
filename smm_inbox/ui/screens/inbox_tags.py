"""Commands of the inbox that put aside, tag and mark with a star."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from smm_inbox.domain.conversation import UNTIL_ANSWER
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.listing import View
from smm_inbox.locale import tr

from .. import format as fmt
from .inbox_triage import InboxTriage


class InboxTags(InboxTriage):
    """Snoozing, tags and stars."""

    # Snoozing

    def action_snooze_ask(self) -> None:
        """Ask until when the conversation is put aside."""
        targets = self.targets
        if not targets:
            return
        from .snooze import SnoozeScreen  # noqa: PLC0415 - when it is first shown

        row = self.subject_row
        screen = SnoozeScreen(
            self.now,
            self.services.settings.hours,
            many=len(targets),
            waits=len(targets) == 1 and row is not None and row.awaiting > 0,
        )

        def answered(until: datetime | None) -> None:
            if until is not None:
                self._snooze(targets, until)

        self.app.push_screen(screen, answered)

    def _snooze(self, targets: tuple[ConversationId, ...], until: datetime) -> None:
        zone = self.services.settings.hours.zone
        if until >= UNTIL_ANSWER:
            said = tr("Put aside until they write")
        else:
            when = fmt.ahead(until, self.now(), zone)
            said = tr("Put aside until {when}").format(when=when)

        async def change(ids: Collection[ConversationId]) -> int:
            return await self.services.triage.snooze(ids, until)

        self.sort_these(targets, change, said, leaves=not self.lists(View.SNOOZED))

    # Stars

    def action_star_toggle(self) -> None:
        """Mark with a star, or take it away."""
        row = self.subject_row
        value = not (row is not None and row.starred)

        async def change(ids: Collection[ConversationId]) -> int:
            return await self.services.triage.star(ids, value)

        said = tr("Marked with a star") if value else tr("The star is taken away")
        self.sort(change, said, leaves=not value and self.lists(View.STARRED))

    # Tags

    def action_tags_open(self) -> None:
        """Tags of the conversation or of the selection."""
        from .tags import TagScreen  # noqa: PLC0415 - when it is first shown

        screen = TagScreen(
            self.services.tags, self.services.undo, self.targets, self.counts.tags, self.command
        )
        self.app.push_screen(screen)

    def counted(self) -> None:
        """A list of a tag that is gone would be empty for ever."""
        query = self.feed.model.query
        if query.tag is not None and all(one.tag.id != query.tag for one in self.counts.tags):
            self.take_off_tag()
