"""The fork server of ``storm_driver`` with Telegram: a quick pace, and more steps to die at."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from smm_inbox.channels.telegram import account, client
from tests.e2e import storm_driver

PACE = (200.0, 100)
"""Calls a second and at once, as a storm has time for."""


class TelegramSteps(storm_driver.Steps):
    """Dies also between two exchanges with Telegram and around its session file."""

    def install(self) -> None:
        super().install()
        exchange: Any = client.Wire.run
        keep: Any = client.Wire.keep

        async def called(this: Any, *args: Any, **more: Any) -> object:
            self.step()
            answer = await exchange(this, *args, **more)
            self.step()
            return answer

        async def kept(this: Any) -> None:
            self.step()
            await keep(this)
            self.step()

        client.Wire.run = called  # type: ignore[method-assign, assignment]
        client.Wire.keep = kept  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    from smm_inbox.channels.telegram import channel  # noqa: F401 - not in every child anew

    account.PACE = PACE
    storm_driver.Steps = TelegramSteps  # type: ignore[misc]
    storm_driver.serve(Path(sys.argv[1]), Path(sys.argv[2]))
