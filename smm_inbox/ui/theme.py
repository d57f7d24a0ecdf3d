"""Own light and dark looks: quiet text, colour only for what burns and for the cursor."""

from __future__ import annotations

from types import MappingProxyType

from textual.theme import Theme

DARK = "dark"
LIGHT = "light"

_OWN_DARK = MappingProxyType(
    {
        "overdue": "#f0857d",
        "soon": "#deb06c",
        "public": "#deb06c",
        "failed": "#f0857d",
        "good": "#94bd8f",
        "quiet": "#9aa3ab",
        "faint": "#6d767e",
        "name": "#eef1f3",
        "ours": "#9dbcdb",
        "tag-red": "#f0857d",
        "tag-yellow": "#deb06c",
        "tag-green": "#94bd8f",
        "tag-blue": "#7fb2e6",
        "tag-violet": "#d29be8",
        "note": "#cba6de",
        "cursor-row": "#2a3947",
        "side": "#171b1f",
        "bar": "#22282e",
    }
)
_OWN_LIGHT = MappingProxyType(
    {
        "overdue": "#a3211a",
        "soon": "#7a4d00",
        "public": "#7a4d00",
        "failed": "#a3211a",
        "good": "#2a6335",
        "quiet": "#565d64",
        "faint": "#7f868c",
        "name": "#101417",
        "ours": "#24557c",
        "tag-red": "#a3211a",
        "tag-yellow": "#6e5200",
        "tag-green": "#1f6b2e",
        "tag-blue": "#1d4f91",
        "tag-violet": "#7a2f8f",
        "note": "#6d3a87",
        "cursor-row": "#d3e2ee",
        "side": "#eeece7",
        "bar": "#e3e0d9",
    }
)

_CONTROLS_DARK = {
    "footer-key-foreground": "#9dbcdb",
    "input-selection-background": "#7aa2c9 40%",
    "block-cursor-background": "#2a3947",
    "block-cursor-foreground": "#eef1f3",
    "block-cursor-text-style": "bold",
    "button-focus-text-style": "bold underline",
}
_CONTROLS_LIGHT = {
    "footer-key-foreground": "#24557c",
    "input-selection-background": "#2f6690 30%",
    "block-cursor-background": "#d3e2ee",
    "block-cursor-foreground": "#101417",
    "block-cursor-text-style": "bold",
    "button-focus-text-style": "bold underline",
}

THEMES = (
    Theme(
        name=DARK,
        primary="#7aa2c9",
        secondary="#8a97a3",
        accent="#9dbcdb",
        warning="#deb06c",
        error="#f0857d",
        success="#94bd8f",
        foreground="#d3d8dc",
        background="#14171a",
        surface="#1b2025",
        panel="#22282e",
        dark=True,
        variables={**_OWN_DARK, **_CONTROLS_DARK},
    ),
    Theme(
        name=LIGHT,
        primary="#2f6690",
        secondary="#6b747c",
        accent="#24557c",
        warning="#7a4d00",
        error="#a3211a",
        success="#2a6335",
        foreground="#24292d",
        background="#f7f6f3",
        surface="#efede8",
        panel="#e3e0d9",
        dark=False,
        variables={**_OWN_LIGHT, **_CONTROLS_LIGHT},
    ),
)


def own_variables(*, dark: bool) -> dict[str, str]:
    """Our own colour names for a theme that does not define them, such as one of Textual's."""
    return dict(_OWN_DARK if dark else _OWN_LIGHT)
