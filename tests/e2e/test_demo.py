"""The demo as a stranger sees it: four networks at once, and an answer to somebody on each."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from smm_inbox.bootstrap import _demo_settings, load_settings
from smm_inbox.sandbox import demo_network
from tests.e2e.terminal import Terminal, terminal

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX"),
]

# Mail first: its undo window is the longest, and runs while the others are answered.
ACCOUNTS = {"demo-mail": "Почта", "demo-vk": "ВК", "demo-tg": "TG", "demo-ig": "IG"}

EMPTY = re.compile(r"\b0 / \d[\d\s]{3}")
"""Length and limit of an answer that is not written yet."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    command = [sys.executable, "-m", "smm_inbox", "demo", "--pace", "20"]
    with terminal(command, tmp_path, TMPDIR=str(tmp_path)) as screen:
        yield screen


def rows(folder: Path, sql: str, *params: object) -> list[tuple[Any, ...]]:
    """Committed rows of the demo's throw-away database."""
    [database] = folder.glob("smm-inbox-demo-*/inbox.db")
    with closing(connect(database)) as connection:
        return connection.execute(sql, params).fetchall()


def line_of(screen: Terminal, title: str) -> int:
    """Where an account stands in the list on the left; 0 while it is not there and healthy."""
    for number, line in enumerate(screen.lines, 1):
        if line[:24].lstrip("▌ ").startswith(f"● {title}"):
            return number
    return 0


def click(screen: Terminal, line: int) -> None:
    screen.press(f"\x1b[<0;6;{line}M\x1b[<0;6;{line}m")


def test_somebody_of_every_network_waits_and_is_answered(demo: Terminal, tmp_path: Path) -> None:
    demo.shows("Тёплый угол", "Почта")
    for title in ACCOUNTS.values():
        demo.until(lambda title=title: line_of(demo, title), f"a healthy {title}")  # type: ignore[misc]
    for name, title in ACCOUNTS.items():
        click(demo, line_of(demo, title))
        demo.shows(f"Без ответа · {title}")
        demo.press("G")
        demo.rest()
        demo.press("r")
        demo.until(lambda: EMPTY.search(demo.text), "a composer")
        demo.press(f"Здравствуйте! Уточним и вернёмся к вам, {name}.", "ctrl+s")
        demo.shows("Уйдёт через")
        demo.press("escape")
        demo.until(lambda: not EMPTY.search(demo.text), "the feed")
    sent: set[str] = set()

    def everybody_is_answered() -> bool:
        sql = "SELECT c.account, m.text FROM messages m JOIN conversations c "
        sql += "ON c.id = m.conversation_id WHERE m.own = 1 AND m.state = 'sent'"
        sent.update(account for account, text in rows(tmp_path, sql) if account in text)
        return sent == set(ACCOUNTS)

    demo.until(everybody_is_answered, "an answer to each", seconds=60)
    waiting = dict(
        rows(tmp_path, "SELECT account, sum(awaiting > 0) FROM conversations GROUP BY account")
    )
    assert all(waiting[name] >= 5 for name in ACCOUNTS)


def test_the_end_is_quick_and_leaves_nothing_behind(demo: Terminal, tmp_path: Path) -> None:
    for title in ACCOUNTS.values():
        demo.until(lambda title=title: line_of(demo, title), f"a healthy {title}")  # type: ignore[misc]
    [log] = tmp_path.glob("smm-inbox-demo-*/smm-inbox.log")
    told = log.read_text(encoding="utf-8")
    assert "ERROR" not in told
    assert "WARNING" not in told
    begun = time.monotonic()
    demo.press("q")
    assert demo.ended() == 0
    # less than the patience of any part that would hang; a second is what is aimed at
    assert time.monotonic() - begun < 4
    assert not list(tmp_path.glob("smm-inbox-demo-*"))


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def test_accounts_are_what_the_same_config_file_would_give(tmp_path: Path) -> None:
    with demo_network(tmp_path, pace=60) as network:
        lines = []
        for name, table in network.accounts.items():
            lines += [f"[accounts.{name}]", *(f"{k} = {toml(v)}" for k, v in table.items())]
        config = tmp_path / "config.toml"
        config.write_text("\n".join(lines), encoding="utf-8")
        config.chmod(0o600)
        read = load_settings(config, tmp_path).accounts
        made = _demo_settings(network, tmp_path, "ru").accounts
    assert {a.id for a in made} == set(ACCOUNTS)
    for ours, theirs in zip(made, read, strict=True):
        assert (ours.id, ours.channel, ours.title) == (theirs.id, theirs.channel, theirs.title)
        assert dict(ours.options) == dict(theirs.options)
