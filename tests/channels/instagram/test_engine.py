"""The whole engine over the loopback Instagram: answers settle, and the token is in no table."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from smm_inbox import bootstrap
from smm_inbox.channels.instagram import search
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.channel import HealthState, ReplyKind
from smm_inbox.domain.feed import Draft, FeedQuery, FeedRow, View
from smm_inbox.domain.ids import AccountId, OutboxId
from smm_inbox.domain.outgoing import OutState
from smm_inbox.sandbox.instagram import InstagramSandbox
from smm_inbox.services.container import Services
from smm_inbox.storage import outbox

IG = AccountId("cafe-ig")


def settings(ig: InstagramSandbox, folder: Path) -> Settings:
    options: dict[str, object] = {
        "token": ig.token,
        "base_url": ig.url,
        "poll_seconds": 2,
        "calls_per_hour": 100_000,
    }
    account = AccountSettings(id=IG, channel="instagram", title="Instagram", options=options)
    return Settings(data_dir=folder, operator="Анна", accounts=(account,))


async def eventually(what: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(20):
        while not await what():
            await asyncio.sleep(0.01)


async def rows(services: Services, view: View = View.AWAITING) -> list[FeedRow]:
    return list((await services.feed.page(FeedQuery(view))).rows)


async def row(services: Services, preview: str) -> FeedRow:
    async def there() -> bool:
        return any(preview in found.preview for found in await rows(services))

    await eventually(there)
    return next(found for found in await rows(services) if preview in found.preview)


async def answer(services: Services, to: FeedRow, text: str, kind: ReplyKind) -> OutState:
    queued = await services.replies.send(to.id, Draft(text, kind, None), undo=False)
    state, _, _ = await services.outbox.settled(queued.outbox[0], 20)
    return state


async def test_customers_are_answered_in_place_and_privately_over_lost_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOKS", (0.1, 0.1))
    with InstagramSandbox(seed=3) as ig:
        timur, marina = ig.add_person("timur.latte"), ig.add_person("marina_kofe")
        ig.comments(ig.publish("Пост"), timur, "Сколько стоит?")
        ig.customer_writes(marina, "Столик есть?")
        async with bootstrap.open_services(settings(ig, tmp_path)) as services:
            await services.start()
            asked, question = (
                await row(services, "Сколько стоит?"),
                await row(services, "Столик есть?"),
            )
            ig.faults.add("send", "reset", after=True)
            ig.faults.add("reply", "reset", after=True, late=0.05)
            states = await asyncio.gather(
                answer(services, question, "Есть, ждём", ReplyKind.IN_PLACE),
                answer(services, asked, "240 ₽", ReplyKind.IN_PLACE),
            )
            assert set(states) == {OutState.SENT}
            state = await answer(services, asked, "Прайс в личке", ReplyKind.PRIVATE)
            assert state is OutState.SENT
            assert sorted((item.kind, item.text) for item in ig.sent) == [
                ("message", "Есть, ждём"),
                ("private_reply", "Прайс в личке"),
                ("reply", "240 ₽"),
            ]

            async def nobody_waits() -> bool:
                return not await rows(services)

            await eventually(nobody_waits)
            ig.customer_writes(marina, "Спасибо, а с собакой можно?")
            again = await row(services, "с собакой")
            assert again.id == question.id
        assert ig.state.failures == []
        token_free(ig, tmp_path)


async def asked_for(services: Services, queued: OutboxId) -> str:
    """Wait until only a person can tell what became of an answer; returns what they are told."""

    async def left() -> bool:
        found = await outbox.get(services.db, queued)
        return found is not None and outbox.only_operator_can_tell(found)

    await eventually(left)
    found = await outbox.get(services.db, queued)
    assert found is not None
    return str(found.reason)


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_instagram_does_not_show_the_operator_decides_and_nothing_is_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    monkeypatch.setattr(search, "LOOKS", (0.05, 0.05))
    with InstagramSandbox(seed=3) as ig:
        ig.customer_writes(ig.add_person("marina_kofe"), "Столик есть?")
        async with bootstrap.open_services(settings(ig, tmp_path)) as services:
            await services.start()
            question = await row(services, "Столик есть?")
            ig.faults.add("send", "reset", after=arrived, late=10_000)
            draft = Draft("Есть, ждём", ReplyKind.IN_PLACE, None)
            queued = (await services.replies.send(question.id, draft, undo=False)).outbox[0]
            assert "Look there before it is repeated" in await asked_for(services, queued)
            assert len(ig.sent) == int(arrived), "nothing is repeated before somebody decides"
            if arrived:
                await services.unsent.confirm_sent(queued)
            else:
                await services.unsent.retry(queued)

            async def nobody_waits() -> bool:
                return not await rows(services) and len(ig.sent) == 1

            await eventually(nobody_waits)
        assert [item.text for item in ig.sent] == ["Есть, ждём"]


async def test_an_answer_that_shows_after_all_looks_settles_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOKS", (0.05, 0.05))
    ahead = 0.0
    with InstagramSandbox(seed=3, clock=lambda: time.time() + ahead) as ig:
        ig.customer_writes(ig.add_person("marina_kofe"), "Столик есть?")
        async with bootstrap.open_services(settings(ig, tmp_path)) as services:
            await services.start()
            question = await row(services, "Столик есть?")
            ig.faults.add("send", "reset", after=True, late=300)
            draft = Draft("Есть, ждём", ReplyKind.IN_PLACE, None)
            queued = (await services.replies.send(question.id, draft, undo=False)).outbox[0]
            await asked_for(services, queued)
            ahead = 301.0
            state, remote_id, _ = await services.outbox.settled(queued, 20)
            assert (state, remote_id) == (OutState.SENT, ig.sent[0].id)
        assert len(ig.sent) == 1


async def test_a_rude_comment_is_hidden_and_shown_again(tmp_path: Path) -> None:
    with InstagramSandbox(seed=3) as ig:
        rude = ig.comments(ig.publish("Пост"), ig.add_person("rude"), "Отрава и хамство")
        async with bootstrap.open_services(settings(ig, tmp_path)) as services:
            await services.start()
            found = await row(services, "Отрава")
            (message,) = (await services.feed.messages(found.id)).messages
            assert message.can_hide
            await services.moderation.hide(message.id, hidden=True)

            async def hidden() -> bool:
                return rude.hidden

            await eventually(hidden)
            await services.undo.last()

            async def shown() -> bool:
                return not rude.hidden

            await eventually(shown)


async def test_a_dead_token_is_explained_and_nobody_is_lost_meanwhile(tmp_path: Path) -> None:
    with InstagramSandbox(seed=3) as ig:
        marina = ig.add_person("marina_kofe")
        ig.customer_writes(marina, "раз")
        async with bootstrap.open_services(settings(ig, tmp_path)) as services:
            await services.start()
            await row(services, "раз")
            ig.kill_token()

            async def needs_login() -> bool:
                return services.accounts.health(IG).state is HealthState.NEEDS_LOGIN

            await eventually(needs_login)
            assert "token" in services.accounts.health(IG).why
            ig.customer_writes(marina, "два")
            ig.revive_token()
            await services.accounts.retry_now(IG)
            await row(services, "два")
        token_free(ig, tmp_path)


def token_free(ig: InstagramSandbox, folder: Path) -> None:
    """Everything the program wrote, but for the private file the token lives in."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "token.json":
            content = path.read_bytes()
            assert not [token for token in ig.state.tokens if token.encode() in content], path
