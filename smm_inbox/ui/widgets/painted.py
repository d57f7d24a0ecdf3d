"""Widgets that paint their own lines: fixed size, cached strips, no layout on a keypress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from smm_inbox.ui.safe import cells, clip


@dataclass(frozen=True, slots=True)
class Ink:
    """How a piece of text looks; colours are names of theme variables."""

    color: str = ""
    ground: str = ""
    """Background; empty for that of the widget or of the line."""
    bold: bool = False
    reverse: bool = False
    underline: bool = False


INKS: dict[str, Ink] = {
    "plain": Ink("foreground"),
    "quiet": Ink("quiet"),
    "strong": Ink("name", bold=True),
    "alarm": Ink("overdue", bold=True),
    "warn": Ink("soon", bold=True),
    "good": Ink("good"),
    "public": Ink("public", bold=True, reverse=True),
    "private": Ink("ours", bold=True),
    "key": Ink("ours"),
    "note": Ink("note"),
    "note-word": Ink("note", bold=True, reverse=True),
    "found": Ink("ours", bold=True, underline=True),
    "cursor": Ink(ground="cursor-row"),
    "cursor-idle": Ink(ground="bar"),
    "head": Ink(ground="bar"),
    "tag-red": Ink("tag-red"),
    "tag-yellow": Ink("tag-yellow"),
    "tag-green": Ink("tag-green"),
    "tag-blue": Ink("tag-blue"),
    "tag-violet": Ink("tag-violet"),
}
"""Styles a painted widget may use. Data instead of component classes: matching a dozen of those for
every widget is a sixth of the time to the first frame."""

Span = tuple[str, str]
"""Text and the name of its ink."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the screen: spans from the left, spans at the right end, a background."""

    left: tuple[Span, ...] = ()
    right: tuple[Span, ...] = ()
    ground: str = ""
    """Ink whose background the line stands on; empty for the widget's own."""

    @property
    def text(self) -> str:
        """What the line says."""
        return " ".join("".join(text for text, _ in ends) for ends in (self.left, self.right))


class Painted(Widget):
    """A widget that gives the compositor ready strips.

    Subclasses implement ``paint``. Repainting never runs a layout: the size is the style sheet's
    business, which keeps a keypress at a few milliseconds.
    """

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._inks: dict[tuple[str, str], Style] = {}

    def paint(self, width: int, height: int) -> Sequence[Strip]:
        """Lines of the widget from the top; missing ones stay blank."""
        raise NotImplementedError

    def ink(self, name: str, ground: str = "") -> Style:
        """Style of an ink, on the widget's own background or on that of the ink ``ground``."""
        style = self._inks.get((name, ground))
        if style is None:
            ink, base = INKS[name], self.rich_style
            under = ink.ground or (INKS[ground].ground if ground else "")
            style = base + Style(
                color=self._colour(ink.color),
                bgcolor=self._colour(under),
                bold=ink.bold or None,
                reverse=ink.reverse or None,
                underline=ink.underline or None,
            )
            self._inks[name, ground] = style
        return style

    def _colour(self, variable: str) -> RichColor | None:
        value = self.app.theme_variables.get(variable) if variable else None
        return None if value is None else Color.parse(value).rich_color

    def notify_style_update(self) -> None:
        """Forget colours: the theme or the focus has changed."""
        super().notify_style_update()
        self._inks = {}
        self.restyled()

    def restyled(self) -> None:
        """Called when cached strips have the wrong colours."""

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Take the room there is."""
        return container.width

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines for the compositor, with the app's colour filters applied."""
        width, height = self.size
        strips = list(self.paint(width, height))[:height]
        if len(strips) < height:
            blank = Strip.blank(width, self.rich_style)
            strips.extend([blank] * (height - len(strips)))
        strips = strips[crop.y : crop.bottom]
        for line_filter in self.app.get_line_filters():
            background = self.background_colors[1]
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.x or crop.width != width:
            strips = [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def strip(self, spans: Sequence[Span], width: int, ground: str = "") -> Strip:
        """Spans from left to right as one strip of exactly ``width`` cells, clipped at its end."""
        segments: list[Segment] = []
        left = width
        for text, name in spans:
            if left <= 0:
                break
            shown = clip(text, left)
            segments.append(Segment(shown, self.ink(name, ground)))
            left -= cells(shown)
        if left > 0:
            segments.append(Segment(" " * left, self.ink("plain", ground)))
        return Strip(segments, width)

    def strip_of(self, line: Line, width: int) -> Strip:
        """A line as a strip; its left end is clipped to leave the right one room."""
        ending = span_cells(line.right)
        if not ending or ending + 8 > width:
            return self.strip(line.left, width, line.ground)
        start = self.strip(line.left, width - ending - 1, line.ground)
        end = [Segment(text, self.ink(name, line.ground)) for text, name in line.right]
        return Strip([*start, Segment(" ", self.ink("plain", line.ground)), *end], width)


def span_cells(spans: Sequence[Span]) -> int:
    """Width of spans on the screen."""
    return sum(cells(text) for text, _ in spans)


class PaintedLines(Painted):
    """A few lines that change now and then."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Line, ...] = ()

    def show(self, *lines: Line) -> None:
        """Replace the lines."""
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    @property
    def text(self) -> str:
        """What the lines say."""
        return "\n".join(line.text for line in self._lines)

    def paint(self, width: int, height: int) -> Sequence[Strip]:
        """Paint the lines."""
        return [self.strip_of(line, width) for line in self._lines[:height]]
