"""The command of the inbox that writes down what reached the business outside the networks."""

from __future__ import annotations

from smm_inbox.locale import tr

from ..widgets.painted import Line
from .inbox_authors import InboxAuthors


class InboxEntries(InboxAuthors):
    """Entries made by hand, in one line."""

    def action_entry_add(self) -> None:
        """Ask for the line."""
        from smm_inbox.domain.manual import MAX_LINE  # noqa: PLC0415 - when it is first shown

        from .manual_lines import ROWS  # noqa: PLC0415 - when it is first shown
        from .one_line import LineScreen  # noqa: PLC0415 - when it is first shown

        screen = LineScreen(
            tr("Write down: a call, a visit, the guest book, a review"),
            placeholder=tr("book Smith 89161234567 cold soup by fri"),
            hint=tr("A colon after the name ends it: “Smith: cold soup”."),
            preview=self._entry_lines,
            rows=ROWS,
            limit=MAX_LINE,
        )
        self.app.push_screen(screen, self._entry_typed)

    def _entry_lines(self, line: str) -> list[Line]:
        from .manual_lines import field_lines, in_layout  # noqa: PLC0415 - shown already

        meant = in_layout(line)
        entry = self.services.manual.parse(meant)
        zone = self.services.settings.hours.zone
        return [Line(), *field_lines(entry, self.now(), zone, anew=meant != line)]

    def _entry_typed(self, line: str | None) -> None:
        if line is not None:
            self.command(self._add_entry(line), "write down")

    async def _add_entry(self, line: str) -> None:
        from .manual_lines import in_layout  # noqa: PLC0415 - shown already

        manual = self.services.manual
        await manual.add(manual.parse(in_layout(line)))
        done = tr("Written down")
        self.notice(tr("{done} · {key} — undo").format(done=done, key=self.key_of("undo")))
