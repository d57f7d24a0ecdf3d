"""Deadlines follow the settings, however many wait, and never hold up the first frame."""

from __future__ import annotations

from smm_inbox.domain.hours import Limit
from smm_inbox.domain.ids import RemoteId
from tests.services.desk import Desk, batch, came, direct, eventually

MANY = 450
TIGHT = {"direct": Limit(5, 10)}


async def _crowd(desk: Desk) -> None:
    letters = (
        came(f"n{n}", place=direct(f"guest{n}"), author=f"guest{n}", minute=n) for n in range(MANY)
    )
    await desk.services.ingest.store(desk.settings.accounts[0].id, batch(*letters))


async def _late(desk: Desk) -> int:
    """How many deadlines are still those of the former limits, or ranked by them."""
    row = await desk.db.one(
        "SELECT count(*) AS n FROM conversations "
        "WHERE red_at <> awaiting_since + 600000000 OR rank <> red_at / 60000000"
    )
    assert row is not None
    return int(row["n"])


async def test_a_crowd_gets_its_new_deadlines_behind_the_first_frame(desk: Desk) -> None:
    await _crowd(desk)
    await desk.close()
    other = Desk(desk.settings.data_dir, limits=TIGHT)
    await other.open()
    left = await _late(other)
    await other.services.start(only=())

    async def done() -> bool:
        return await _late(other) == 0

    await eventually(done, tell="some deadlines are still those of the former limits")
    await other.close()
    await desk.open()
    assert 0 < left < MANY, "a bounded part is done at once, the rest afterwards"


async def test_what_was_cut_short_starts_over(desk: Desk) -> None:
    await _crowd(desk)
    await desk.close()
    other = Desk(desk.settings.data_dir, limits=TIGHT)
    await other.open()
    await other.close()  # before it was started
    again = Desk(desk.settings.data_dir, limits=TIGHT)
    await again.open()
    assert await _late(again) > 0
    await again.services.start(only=())

    async def done() -> bool:
        return await _late(again) == 0

    await eventually(done)
    await again.close()
    await desk.open()


async def test_the_windows_of_the_network_bound_new_deadlines(desk: Desk) -> None:
    await desk.store(came("1"))
    async with desk.db.transaction() as tx:
        await tx.run(
            "UPDATE conversations SET window_until = awaiting_since + 60000000 WHERE remote_id = ?",
            (RemoteId("talk-maria"),),
        )
    await desk.close()
    other = Desk(desk.settings.data_dir, limits=TIGHT)
    await other.open()
    row = await other.db.one(
        "SELECT red_at - awaiting_since AS red, amber_at, red_at FROM conversations"
    )
    assert row is not None
    assert row["red"] == 60_000_000
    assert row["amber_at"] <= row["red_at"]
    await other.close()
    await desk.open()
