"""The smallest useful Textual app: the baseline of start-up and memory."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Static


class Bare(App[None]):
    """A header, a text and a footer."""

    def compose(self) -> ComposeResult:
        """Three widgets."""
        yield Header()
        yield Static("READY")
        yield Footer()


if __name__ == "__main__":
    Bare().run()
