"""The Telegram half of the demo: a running network, its story, and a login for the app."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smm_inbox.sandbox.telegram.server import TelegramSandbox
from smm_inbox.sandbox.telegram.story import PACE, TelegramStory

SESSION = "telegram.session"
"""Name of the session file in the account's folder."""


@dataclass(frozen=True, slots=True)
class DemoTelegram:
    """A running cafe's day on Telegram."""

    config: dict[str, object]
    """The options of one account, as they would stand under [accounts.<name>]."""
    tg: TelegramSandbox
    story: TelegramStory

    def log_in(self, folder: Path) -> None:
        """Put a logged-in session into an account's folder, so that the demo asks for no code."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.tg.write_session(folder / SESSION)


@contextmanager
def demo_telegram(folder: Path, seed: int = 7, pace: float = PACE) -> Iterator[DemoTelegram]:
    """Run the sandbox Telegram with the cafe's morning in it until the block ends.

    Args:
        folder: Where the file of the network's public key is put.
        seed: The same seed tells the same story.
        pace: Seconds between two arrivals, counted from the app's first call.
    """
    with TelegramSandbox(seed=seed) as tg:
        key = folder / "telegram-demo.pem"
        key.write_text(tg.public_key_pem, encoding="ascii")
        with TelegramStory(tg, seed, pace) as story:
            yield DemoTelegram(
                config={
                    "channel": "telegram",
                    "api_id": tg.api_id,
                    "api_hash": tg.api_hash,
                    "phone": tg.phone,
                    "server": {
                        "host": tg.host,
                        "port": tg.port,
                        "dc": tg.dc,
                        "public_key": str(key),
                    },
                },
                tg=tg,
                story=story,
            )
