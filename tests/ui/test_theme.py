"""The look: readable in light and dark, and with sixteen colours."""

from __future__ import annotations

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import Theme

from smm_inbox.ui.theme import THEMES

TAGS = ("tag-red", "tag-yellow", "tag-green", "tag-blue", "tag-violet")
TEXTS = ("overdue", "soon", "public", "failed", "good", "quiet", "name", "ours", "note", *TAGS)
GROUNDS = ("background", "surface", "panel", "cursor-row", "side", "bar")


def colour(theme: Theme, name: str) -> Color:
    return Color.parse(theme.variables.get(name) or getattr(theme, name))


def contrast(one: Color, other: Color) -> float:
    """WCAG contrast ratio."""

    def luminance(color: Color) -> float:
        parts = [part / 255 for part in color.rgb]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", ["foreground", *TEXTS])
def test_text_stands_out_from_every_ground(theme: Theme, text: str, ground: str) -> None:
    assert contrast(colour(theme, text), colour(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", ["foreground", *TEXTS])
def test_sixteen_colours_never_swallow_the_text(theme: Theme, text: str, ground: str) -> None:
    shown = [
        RichColor.parse(colour(theme, name).hex6).downgrade(ColorSystem.STANDARD).number
        for name in (text, ground)
    ]
    assert shown[0] != shown[1]
