"""The inbox over a given data directory; SIGUSR1 lets one more customer write.

Run by the other measurements, not by hand.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bench.seed import settings
from smm_inbox.bootstrap import open_services
from smm_inbox.config import logs
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import AccountId, RemoteId
from smm_inbox.domain.message import Batch, Direction, NetworkMessage
from smm_inbox.domain.text import clean
from smm_inbox.locale import set_language

_ACCOUNT = AccountId("bench")


async def main(folder: Path) -> None:
    """Open the screen and wait for signals."""
    from smm_inbox.ui.app import InboxApp

    numbers = count(1)
    arrivals: set[asyncio.Task[object]] = set()
    async with open_services(settings(folder, _ACCOUNT)) as services:

        def arrive() -> None:
            peer = RemoteId(f"new{next(numbers)}")
            message = NetworkMessage(
                place=Place(Kind.DIRECT, peer, contact=peer),
                remote_id=RemoteId(f"{peer}_1"),
                direction=Direction.IN,
                # Long overdue: such a customer goes to the very top of the list.
                sent_at=datetime(2020, 1, 1, tzinfo=UTC),
                text=clean("Здравствуйте, я пишу первый раз"),
                author=peer,
            )
            batch = Batch(messages=(message,))
            arrivals.add(asyncio.ensure_future(services.ingest.store(_ACCOUNT, batch)))

        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, arrive)
        await InboxApp(services).run_async()


if __name__ == "__main__":
    set_language("ru")
    logs.set_up(Path(sys.argv[1]))
    asyncio.run(main(Path(sys.argv[1])))
