"""Who is on duty: signs answers with their name, stands in the journal, hands over."""

from __future__ import annotations

from smm_inbox.domain.text import SafeText, clean_line

_LONGEST = 60


class Duty:
    """The operator of the moment: the one of the open shift, else the one of the settings."""

    def __init__(self, configured: str) -> None:
        self._configured = clean_line(configured, limit=_LONGEST)
        self._on_shift = SafeText("")

    @property
    def operator(self) -> SafeText:
        """Their name; empty when nobody said."""
        return self._on_shift or self._configured

    def takes(self, name: str) -> None:
        """Somebody is on duty from now on; an empty name leaves it to the settings."""
        self._on_shift = clean_line(name, limit=_LONGEST)
