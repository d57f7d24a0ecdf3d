"""Promises, today board, colleagues, playbook and shifts."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = ()
