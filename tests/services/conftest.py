"""Desks that are closed after the test, whatever happened to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smm_inbox.locale import set_language
from tests.services.desk import BAR, CAFE, Desk


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A program with one account, not connected yet."""
    made = await Desk(tmp_path).open()
    yield made
    await made.close()


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Desk]:
    """A program with two accounts, not connected yet."""
    made = await Desk(tmp_path, CAFE, BAR).open()
    yield made
    await made.close()
