"""The first frame is drawn before anything is loaded that only later frames need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_CONFIG = """
[accounts.cafe]
channel = "vk"
group_id = 1
token = "made-up"
enabled = false
"""
_UNTIL_THE_FIRST_FRAME = """
import asyncio, sys
from pathlib import Path
from smm_inbox import bootstrap
from smm_inbox.ui.app import InboxApp


loaded = []


def begin(app: InboxApp) -> None:
    loaded.extend(sorted(sys.modules))
    app.exit(0)


async def look() -> None:
    folder = Path(sys.argv[1])
    async with bootstrap.open_services(bootstrap.load_settings(folder / "c.toml", folder)) as made:
        await InboxApp(made).run_async(headless=True, size=(120, 36))


InboxApp._begin = begin
asyncio.run(look())
print("\\n".join(loaded))
"""
LATER = (
    # Fields for writing, hidden until something is written.
    *("textual.widgets._text_area", "textual.document._document"),
    *("smm_inbox.ui.widgets.composer", "smm_inbox.ui.widgets.composer_head"),
    *("smm_inbox.ui.widgets.note_box", "smm_inbox.ui.widgets.plain_area"),
    # The open conversation: the list comes first.
    *("smm_inbox.domain.feed", "smm_inbox.domain.person", "smm_inbox.domain.promise"),
    *("smm_inbox.services.opened", "smm_inbox.storage.reading", "smm_inbox.storage.rows"),
    "smm_inbox.ui.widgets.conversation_head",
    # Overlays.
    *("smm_inbox.ui.screens.inbox_pick", "smm_inbox.ui.screens.help", "smm_inbox.ui.palette"),
    # The engine, which starts after the first frame, and what only it and its commands use.
    *("smm_inbox.channels.base", "smm_inbox.domain.message", "smm_inbox.domain.contact"),
    *("smm_inbox.domain.login", "smm_inbox.domain.found", "smm_inbox.services.sync"),
    *("smm_inbox.services.outbox", "smm_inbox.services.scripts", "smm_inbox.services.replies"),
    *("vk_api", "requests", "keyring"),
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Modules that are there when a fresh program has drawn its first frame."""
    folder = tmp_path_factory.mktemp("first")
    config = folder / "c.toml"
    config.write_text(_CONFIG, encoding="utf-8")
    config.chmod(0o600)
    done = subprocess.run(
        [sys.executable, "-c", _UNTIL_THE_FIRST_FRAME, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    return set(done.stdout.split())


def test_the_inbox_is_what_is_drawn_first(loaded: set[str]) -> None:
    assert {"smm_inbox.ui.screens.inbox", "smm_inbox.ui.widgets.feed"} <= loaded


def test_nothing_is_loaded_before_the_first_frame_that_it_does_not_show(loaded: set[str]) -> None:
    assert sorted(loaded.intersection(LATER)) == []
