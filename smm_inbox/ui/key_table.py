"""The key table of the README, made from the registry so that it cannot drift."""

from __future__ import annotations

from smm_inbox import locale

from .commands import CommandRegistry, Group


def markdown(registry: CommandRegistry, language: str) -> str:
    """All commands as Markdown tables by chapter, in ``ru`` or ``en``."""
    before = locale.language()
    locale.set_language(language)
    try:
        return "\n".join(_chapter(registry, group) for group in Group)
    finally:
        locale.set_language(before)


def _chapter(registry: CommandRegistry, group: Group) -> str:
    tr = locale.tr
    lines = [f"**{tr(group.value)}**", "", f"| {tr('Key')} | {tr('What it does')} | `[keys]` |"]
    lines.append("|---|---|---|")
    for command in registry:
        if command.group is group:
            keys = " ".join(f"`{key}`" for key in command.shown_keys.split("  ") if key)
            lines.append(f"| {keys or '—'} | {command.shown_help} | `{command.id}` |")
    return "\n".join([*lines, ""])
