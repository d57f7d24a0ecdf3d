"""Texts the business edits, as they are shipped: what stands here is only where one starts."""

from __future__ import annotations

from importlib.resources import files

from smm_inbox.locale import language


def shipped(name: str) -> str:
    """The text of a data file in the language of the interface: ``playbook.ru.toml``."""
    return (files(__name__) / f"{name}.{language()}.toml").read_text(encoding="utf-8")
