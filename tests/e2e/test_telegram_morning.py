"""The demo's Telegram, answered through a network that is cut and restored in the middle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from smm_inbox.bootstrap import load_settings, open_services
from smm_inbox.domain.channel import HealthState, ReplyKind
from smm_inbox.domain.feed import Draft
from smm_inbox.domain.ids import ConversationId
from smm_inbox.sandbox.telegram.demo import DemoTelegram, demo_telegram
from smm_inbox.sandbox.telegram.world import ANNA, BORIS, DISCUSSION_ID, IGOR, NEIGHBOURS_ID
from smm_inbox.services.container import Services
from tests.e2e.network import write_config

pytestmark = pytest.mark.e2e

ACCOUNT = "demo-tg"
SECONDS = 30.0
"""Far more than anything here takes: a busy machine is no failure."""


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[DemoTelegram]:
    with demo_telegram(tmp_path, pace=3600) as running:
        yield running


@dataclass
class Desk:
    """The engine of the program and what its database holds."""

    services: Services
    folder: Path

    async def rows(self, sql: str, *params: str | int) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.services.db.all(sql, params)]

    async def until(self, done: Callable[[], Any], what: str) -> Any:
        """The first true answer of ``done``."""
        end = time.monotonic() + SECONDS
        while not (answer := await done()):
            assert time.monotonic() < end, what
            await asyncio.sleep(0.02)
        return answer

    async def message(self, text: str) -> dict[str, Any]:
        """Wait for a message with these words."""
        sql = "SELECT * FROM messages WHERE text LIKE ? AND deleted_at IS NULL"
        [row, *more] = await self.until(lambda: self.rows(sql, f"%{text}%"), text)
        assert not more, f"twice: {text}"
        return dict(row)

    async def health(self, *states: HealthState) -> None:
        async def reached() -> bool:
            return {a.health.state for a in self.services.accounts.list()} <= set(states)

        await self.until(reached, str(states))

    async def answer(self, conversation: int, text: str) -> None:
        draft = Draft(text, ReplyKind.IN_PLACE, None)
        await self.services.replies.send(ConversationId(conversation), draft, undo=False)

    async def delivered(self) -> None:
        async def empty() -> bool:
            return not await self.rows("SELECT id FROM outbox")

        await self.until(empty, "everything delivered")


@asynccontextmanager
async def desk(morning: DemoTelegram, folder: Path) -> AsyncIterator[Desk]:
    options = {k: v for k, v in morning.config.items() if k != "server"}
    server = morning.config["server"]
    assert isinstance(server, dict)
    options |= {f"server.{name}": value for name, value in server.items()}
    account = folder / "data" / "accounts" / ACCOUNT
    account.mkdir(parents=True, mode=0o700)
    morning.log_in(account)
    for private in (folder / "data", account.parent):
        private.chmod(0o700)
    settings = load_settings(write_config(folder, {ACCOUNT: options}), None)
    undo = {"direct": timedelta(), "comment": timedelta()}
    async with open_services(replace(settings, undo=undo)) as services:
        await services.start()
        found = Desk(services, folder)
        await found.health(HealthState.ONLINE)
        yield found


async def test_a_long_answer_leaves_in_parts_as_telegram_counts_them(
    morning: DemoTelegram, tmp_path: Path
) -> None:
    tg = morning.tg
    async with desk(morning, tmp_path) as inbox:
        letter = tg.customer_writes(ANNA, "Что у вас в меню?")
        row = await inbox.message(letter.text)
        # Each of these is one character here and two in Telegram's limit of 4096.
        menu = " ".join(["🍰🥐☕️"] * 1500)
        await inbox.answer(row["conversation_id"], menu)
        await inbox.delivered()
        parts = [item.text for item in tg.sent if item.kind == "message"]
        assert len(parts) > 2
        assert " ".join(parts).split() == menu.split()
        answered = await inbox.message(letter.text)
        assert answered["state"] != "awaiting"


async def test_a_letter_a_comment_and_a_mention_survive_a_cut(
    morning: DemoTelegram, tmp_path: Path
) -> None:
    tg = morning.tg
    async with desk(morning, tmp_path) as inbox:
        post = tg.publish_post("Тыквенный суп вернулся")
        letter = tg.customer_writes(ANNA, "Столик на семерых есть?")
        comment = tg.customer_comments(post, BORIS, "А порция большая?")
        mention = tg.mention_in_group(IGOR, "кто пробовал суп?")
        rows = [await inbox.message(m.text) for m in (letter, comment, mention)]
        assert [row["state"] for row in rows] == ["awaiting"] * 3
        where = [row["conversation_id"] for row in rows]
        [said] = await inbox.rows(
            "SELECT r.text FROM roots r JOIN conversations c ON c.root_id = r.id WHERE c.id = ?",
            where[1],
        )
        assert said["text"] == post.text, "the post stands above its comment"

        tg.cut()
        await inbox.health(HealthState.WAITING, HealthState.CONNECTING)
        for place, text in zip(where, ("Да, у окна", "Триста грамм", "Мы!"), strict=True):
            await inbox.answer(place, text)
        tg.customer_edits(letter, "Столик на восьмерых есть?")
        late = tg.customer_writes(IGOR, "Вы ещё открыты?")
        assert [item for item in tg.sent if item.kind == "message"] == []
        tg.restore()

        await inbox.message(late.text)
        await inbox.message("Столик на восьмерых")
        await inbox.delivered()
        await inbox.health(HealthState.ONLINE)
        sent = [item for item in tg.sent if item.kind == "message"]
        assert {item.text: (item.peer, item.reply_to) for item in sent} == {
            "Да, у окна": (ANNA, 0),
            "Триста грамм": (DISCUSSION_ID, tg.id_of(comment)),
            "Мы!": (NEIGHBOURS_ID, tg.id_of(mention)),
        }
        assert len(sent) == 3

        tg.customer_edits(comment, "А порция точно большая?")
        await inbox.message("точно большая")
        for message in (letter, mention, late):
            tg.customer_deletes(message)

        async def gone() -> bool:
            sql = "SELECT remote_id FROM messages WHERE deleted_at IS NOT NULL"
            return len(await inbox.rows(sql)) == 3

        await inbox.until(gone, "what customers deleted is marked")
        for item in sent:
            row = await inbox.message(item.text)
            assert (row["own"], row["state"]) == (1, "sent"), "ours, and no echo beside it"
