"""Loopback networks that the demo and the tests talk to over real sockets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

__all__ = ["DemoAccount", "DemoNetwork", "NotStarted", "demo_network"]

_log = logging.getLogger(__name__)

Table = dict[str, object]
"""The options of an account, as they would stand under [accounts.<name>]."""

_QUIET_MAIL = 1.5
"""Letters are rarer than messages."""


class NotStarted(Exception):
    """A network of the demo does not run; the log says why."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the part of one network is given."""

    folder: Path
    home: Path
    """Folder of the account, for session files."""
    seed: int
    pace: float


# A network is loaded when somebody first wants it: the first frame must not pay for it.


def _vk(wish: _Wish, stack: ExitStack) -> Table:
    from smm_inbox.sandbox.vk.demo import demo_vk  # noqa: PLC0415

    return stack.enter_context(demo_vk(wish.seed, wish.pace)).config


def _telegram(wish: _Wish, stack: ExitStack) -> Table:
    from smm_inbox.sandbox.telegram.demo import demo_telegram  # noqa: PLC0415

    running = stack.enter_context(demo_telegram(wish.folder, wish.seed, wish.pace))
    running.log_in(wish.home)
    return running.config


def _instagram(wish: _Wish, stack: ExitStack) -> Table:
    from smm_inbox.sandbox.instagram.demo import demo_instagram  # noqa: PLC0415

    return stack.enter_context(demo_instagram(wish.seed, wish.pace)).config


def _mail(wish: _Wish, stack: ExitStack) -> Table:
    from smm_inbox.sandbox.mail.demo import demo_mail  # noqa: PLC0415

    return stack.enter_context(demo_mail(wish.seed, wish.pace * _QUIET_MAIL, wish.pace)).config


_DAYS: dict[str, tuple[str, str, Callable[[_Wish, ExitStack], Table]]] = {
    "vk": ("demo-vk", "ВК", _vk),
    "telegram": ("demo-tg", "TG", _telegram),
    "instagram": ("demo-ig", "IG", _instagram),
    "email": ("demo-mail", "Почта", _mail),
}
"""Channel to the name of its account, the title, and what starts it."""


class DemoAccount:
    """One account of the demo; its network starts when its options are first asked for."""

    def __init__(self, channel: str, start: Callable[[DemoAccount], Table]) -> None:
        self.channel = channel
        self.name, self.title, _ = _DAYS[channel]
        self._start = start

    @cached_property
    def options(self) -> Table:
        """The options, without "channel" and "title".

        Raises:
            NotStarted: the network does not start; asking again tries again.
        """
        try:
            table = self._start(self)
        except Exception as error:
            # whatever is wrong with one network, the demo goes on with the others
            _log.exception("the demo's %s network does not start", self.channel)
            raise NotStarted(self.channel) from error
        return {key: value for key, value in table.items() if key != "channel"}


@dataclass(frozen=True, slots=True)
class DemoNetwork:
    """A cafe's day on every network that is wanted."""

    parts: tuple[DemoAccount, ...]

    @property
    def accounts(self) -> dict[str, Table]:
        """Account name to its whole table; starts every network, leaves out what does not start."""
        found: dict[str, Table] = {}
        for part in self.parts:
            try:
                options = part.options
            except NotStarted:
                continue
            found[part.name] = {"channel": part.channel, "title": part.title, **options}
        return found


@contextmanager
def demo_network(
    folder: Path, seed: int = 7, pace: float = 7.0, channels: Iterable[str] = tuple(_DAYS)
) -> Iterator[DemoNetwork]:
    """Run the cafe's day on the sandbox networks until the block ends.

    Args:
        folder: The program's data folder: what an account keeps is put into accounts/NAME.
        seed: The same seed tells the same story.
        pace: Seconds between two arrivals of one network alone; several take turns.
        channels: Which networks; those that nobody plays here are left out.
    """
    wanted = [channel for channel in _DAYS if channel in set(channels)]
    each = pace * max(len(wanted) / 2, 1.0)
    with ExitStack() as stack:

        def start(account: DemoAccount) -> Table:
            home = folder / "accounts" / account.name
            run = _DAYS[account.channel][2]
            with ExitStack() as own:
                table = run(_Wish(folder, home, seed, each), own)
                stack.push(own.pop_all())  # only what runs is there to be ended
            return table

        yield DemoNetwork(tuple(DemoAccount(channel, start) for channel in wanted))
