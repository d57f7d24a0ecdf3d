"""How fast ingest stores messages, against raw ``executemany`` into the same table.

python -m bench.ingest [--messages 5000] [--batch 100]
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from smm_inbox.channels import registry
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import AccountId, Cursor, RemoteId
from smm_inbox.domain.message import Batch, Direction, NetworkMessage
from smm_inbox.domain.text import clean
from smm_inbox.services.clock import SystemClock
from smm_inbox.services.container import Services
from smm_inbox.storage.database import Database

_ACCOUNT = AccountId("bench")
_START = datetime(2026, 1, 1, tzinfo=UTC)


def _message(number: int) -> NetworkMessage:
    peer = RemoteId(str(number % 500))
    return NetworkMessage(
        place=Place(Kind.DIRECT, peer, contact=peer),
        remote_id=RemoteId(f"{peer}_{number}"),
        direction=Direction.IN,
        text=clean(f"Здравствуйте! А столик на двоих найдётся? {number}"),
        sent_at=_START + timedelta(seconds=number),
        author=peer,
    )


async def _ingest(folder: Path, count: int, size: int) -> float:
    db = await Database.open(folder / "ingest.db")
    settings = Settings(folder, accounts=(AccountSettings(_ACCOUNT, "vk", "VK"),))
    services = Services(settings, db, SystemClock(), registry.factory)
    await services.prepare()
    began = time.perf_counter()
    for start in range(0, count, size):
        batch = Batch(
            messages=tuple(_message(n) for n in range(start, min(start + size, count))),
            contacts=tuple(
                Contact(RemoteId(str(n % 500)), clean("Мария")) for n in range(start, start + size)
            ),
            cursor=Cursor(str(start)),
        )
        await services.ingest.store(_ACCOUNT, batch)
    spent = time.perf_counter() - began
    await services.stop()
    await db.close()
    return spent


def _raw(folder: Path, count: int, size: int) -> float:
    async def create() -> None:
        await (await Database.open(folder / "raw.db")).close()

    asyncio.run(create())
    db = sqlite3.connect(folder / "raw.db", isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    db.execute(
        "INSERT INTO conversations (id, account, kind, remote_id) VALUES (1, 'b', 'direct', '1')"
    )
    began = time.perf_counter()
    for start in range(0, count, size):
        db.execute("BEGIN IMMEDIATE")
        db.executemany(
            "INSERT INTO messages (conversation_id, account, kind, remote_id, direction, text, "
            "sent_at, stored_at, state) VALUES (1, 'b', 'direct', ?, 'in', ?, ?, ?, 'awaiting')",
            [(str(n), f"Здравствуйте! {n}", n, n) for n in range(start, min(start + size, count))],
        )
        db.execute("COMMIT")
    spent = time.perf_counter() - began
    db.close()
    return spent


def main() -> None:
    """Print both rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=100)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        raw = _raw(Path(folder), args.messages, args.batch)
        ours = asyncio.run(_ingest(Path(folder), args.messages, args.batch))
    print(f"raw executemany  {args.messages / raw:10.0f} messages/s")
    print(f"ingest           {args.messages / ours:10.0f} messages/s")
    print(f"ratio            {ours / raw:10.1f} x the time of the raw insert")


if __name__ == "__main__":
    main()
