"""A fork server: the engine without a screen, started and killed hundreds of times.

Reads one JSON object a line: ``{"seed": 1, "seconds": 0.2}`` runs the engine with a busy operator
and kills it after that time, ``"steps": 90`` lets it kill itself at that step of its work,
``"settle": true`` runs it without an operator until nothing is left to do. Answers one line each.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite

from smm_inbox.bootstrap import load_settings, open_services
from smm_inbox.channels.vk import client as vk_client
from smm_inbox.config import logs
from smm_inbox.config.model import Settings
from smm_inbox.domain.channel import HealthState, ReplyKind
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.feed import Draft, FeedQuery, FeedRow, View
from smm_inbox.services.container import Services
from tests.e2e import storm_calm

UNDO = timedelta(milliseconds=60)
BUSY = 0.5
"""Part of its time that a child has a processor to itself on a quiet machine."""
LONGEST = 8.0
"""A child that waits for the network only is killed after so many times its time."""


class FastClock:
    """Six minutes ahead: pauses between attempts are over at once."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=6)


class Ledger:
    """What the operator did, in a file that outlives a kill: each deed before and after."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(self, **what: object) -> None:
        os.write(self._file, (json.dumps(what, ensure_ascii=False) + "\n").encode())


class Operator:
    """Answers, takes back, drafts and closes, without a pause for thought."""

    def __init__(self, services: Services, ledger: Ledger, name: str, dice: random.Random) -> None:
        self._services = services
        self._ledger = ledger
        self._name = name
        self._dice = dice
        self._count = 0

    async def work(self) -> None:
        while True:
            await asyncio.sleep(self._dice.random() * 0.03)
            await impatience(self._services)
            view = self._dice.choice([View.AWAITING, View.OPEN])
            rows = (await self._services.feed.page(FeedQuery(view), limit=20)).rows
            ready = all(account.capabilities for account in self._services.accounts.list())
            if not rows or not ready:
                continue
            deed = self._dice.choices(
                [self.answer, self.long_answer, self.change_mind, self.draft, self.close],
                [10, 2, 3, 2, 1],
            )[0]
            with contextlib.suppress(InboxError):
                await deed(self._dice.choice(rows))

    def _tag(self) -> str:
        self._count += 1
        return f"{self._name}-{self._count}"

    async def _send(self, row: FeedRow, tag: str, text: str, *, undo: bool) -> None:
        deed: dict[str, object] = {"deed": "send", "tag": tag, "text": text, "where": row.id}
        self._ledger.note(**deed, done=False)
        draft = Draft(text, ReplyKind.IN_PLACE, None)
        await self._services.replies.send(row.id, draft, undo=undo)
        self._ledger.note(**deed, done=True)

    async def answer(self, row: FeedRow) -> None:
        tag = self._tag()
        await self._send(row, tag, f"ответ {tag}", undo=False)

    async def long_answer(self, row: FeedRow) -> None:
        tag = self._tag()
        await self._send(row, tag, " ".join(f"{tag}:{n}" for n in range(700)), undo=False)

    async def change_mind(self, row: FeedRow) -> None:
        tag = self._tag()
        await self._send(row, tag, f"нет {tag}", undo=True)
        await asyncio.sleep(self._dice.random() * UNDO.total_seconds() * 1.5)
        deed: dict[str, object] = {"deed": "take_back", "tag": tag, "where": row.id}
        self._ledger.note(**deed, done=False)
        undone = await self._services.undo.last()
        if undone is not None and undone.draft_restored:
            self._ledger.note(**deed, done=True)

    async def draft(self, row: FeedRow) -> None:
        tag = self._tag()
        text = f"черновик {tag}"
        deed: dict[str, object] = {"deed": "draft", "tag": tag, "text": text, "where": row.id}
        self._ledger.note(**deed, done=False)
        await self._services.replies.save_draft(row.id, Draft(text, ReplyKind.IN_PLACE, None))
        self._ledger.note(**deed, done=True)

    async def close(self, row: FeedRow) -> None:
        await self._services.triage.no_answer([row.id])
        if self._dice.random() < 0.5:
            await self._services.undo.last()


async def impatience(services: Services) -> None:
    """Connect anew at once instead of after a pause."""
    for account in services.accounts.list():
        if account.health.state is HealthState.WAITING:
            await services.accounts.retry_now(account.id)


async def busy(settings: Settings, order: dict[str, Any], ledger: Ledger) -> None:
    dice = random.Random(order["seed"])
    async with open_services(settings) as services:
        await services.start()
        await Operator(services, ledger, str(order["name"]), dice).work()


async def settle(settings: Settings, order: dict[str, Any], ledger: Ledger) -> None:
    """Until every account is online and nothing waits in the outbox."""
    async with settling(settings) as services:
        await storm_calm.calm(services, partial(impatience, services), failed=True)


@contextlib.asynccontextmanager
async def settling(settings: Settings) -> AsyncIterator[Services]:
    """The program without an operator, with an outbox that need not wait for its pauses."""
    async with open_services(settings) as services:
        # The outbox only: edits of comments are ordered by the time they came.
        services.outbox._clock = FastClock()
        await services.start()
        yield services


class Steps:
    """Counts what the program does to the disk and the network, and dies at one of them."""

    def __init__(self, fatal: int) -> None:
        self.left = fatal

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        execute: Any = aiosqlite.Connection._execute
        method = vk_client.Client.method

        async def counted(this: Any, *args: Any, **more: Any) -> Any:
            self.step()
            result = await execute(this, *args, **more)
            self.step()
            return result

        def called(this: Any, *args: Any, **more: Any) -> object:
            self.step()
            result = method(this, *args, **more)
            self.step()
            return result

        aiosqlite.Connection._execute = counted  # type: ignore[method-assign, assignment]
        vk_client.Client.method = called  # type: ignore[method-assign, assignment]


def child(settings: Settings, order: dict[str, Any], ledger_path: Path) -> int:
    logs.set_up(settings.data_dir, settings.secrets)
    if steps := order.get("steps"):
        Steps(int(steps)).install()
    work: Callable[[Settings, dict[str, Any], Ledger], Coroutine[object, object, None]]
    work = settle if "settle" in order else busy
    try:
        asyncio.run(work(settings, order, Ledger(ledger_path)))
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


def serve(config: Path, ledger: Path) -> None:
    from smm_inbox.channels.vk import channel  # noqa: F401 - loaded once, not in every child

    settings = replace(load_settings(config, None), undo={"direct": UNDO, "comment": UNDO})
    for line in sys.stdin:
        order = json.loads(line)
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            os._exit(child(settings, order, ledger))
        status = _await(pid, float(order.get("seconds", storm_calm.LONGEST + 30)))
        report = {"status": status, "took": round(time.monotonic() - started, 3)}
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()


def _await(pid: int, seconds: float) -> int:
    """Wait for the child; kill it when its time is over.

    A loaded machine gives it longer: killed by our clock alone it would never come to anything.
    """
    began = time.monotonic()
    while not _over(pid, time.monotonic() - began, seconds):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _over(pid: int, passed: float, seconds: float) -> bool:
    if passed < seconds or passed > LONGEST * seconds:
        return passed > seconds
    return _worked(pid) > BUSY * seconds


def _worked(pid: int) -> float:
    """Seconds the process has had a processor; without ``/proc`` more than anybody asks for."""
    try:
        tasks = [(task / "schedstat").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return float("inf")
    return sum(int(task.split()[0]) for task in tasks) / 1e9


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]))
