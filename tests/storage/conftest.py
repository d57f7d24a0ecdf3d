"""A real database file for every test, and short words to fill it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smm_inbox.locale import set_language
from smm_inbox.storage.database import Database


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "inbox.db"


@pytest.fixture
async def db(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path)
    yield database
    await database.close()
