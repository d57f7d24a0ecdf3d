"""A reader that is cancelled half-way never leaves the database looking at the past."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest

from smm_inbox.storage.database import Database

MANY = (
    "SELECT value FROM json_each('[' || substr(replace(hex(zeroblob(2000)), '00', ',1'), 2) || ']')"
)


@pytest.fixture
def _no_garbage_collector() -> Iterator[None]:
    """As during start-up: nothing closes by itself."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_garbage_collector")
async def test_reads_cancelled_at_any_step_do_not_hold_the_past(db: Database) -> None:
    kept: list[asyncio.Task[object]] = []
    for steps in range(200):
        reading: asyncio.Task[object] = asyncio.create_task(db.one(MANY))
        for _ in range(steps % 20):
            await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait({reading})
        kept.append(reading)
        async with db.transaction() as tx:
            await tx.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('step', ?)", (steps,))
        row = await db.one("SELECT value FROM meta WHERE key = 'step'")
        assert row is not None
        assert int(row["value"]) == steps
