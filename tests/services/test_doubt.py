"""Answers in doubt: looked for again after a start, and never repeated blindly."""

from __future__ import annotations

import pytest

from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.errors import Retry
from smm_inbox.storage import outbox as store
from tests.services.desk import CAFE, Desk, came, eventually
from tests.services.network import Effect


@pytest.fixture
async def ready(desk: Desk) -> Desk:
    await desk.store(came("1"))
    await desk.online()
    return desk


async def test_what_the_network_would_not_tell_is_asked_for_again_at_the_next_start(
    ready: Desk,
) -> None:
    ready.channel().find = ready.channel().cannot_tell
    ready.channel().outcomes.append(Effect())
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "ambiguous")
    ready.later(seconds=1)

    async def left_to_the_operator() -> bool:
        row = await store.get(ready.db, queued.outbox[0])
        return row is not None and store.only_operator_can_tell(row)

    await eventually(left_to_the_operator)
    await ready.restart()  # with a token that may look
    await ready.online()
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


async def test_sending_again_keeps_the_token_while_the_network_may_tell(ready: Desk) -> None:
    async def away(message: object) -> object:
        raise Retry("Away.")

    ready.channel().outcomes.append(Effect())
    ready.channel().find = away  # type: ignore[assignment]
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "ambiguous")
    ready.later(hours=5)
    await eventually(lambda: ready.services.accounts.health(CAFE).state is HealthState.ONLINE)
    await ready.services.unsent.retry(queued.outbox[0])
    await ready.settled(queued)
    # With a fresh token the second call would have been a second letter.
    assert len({call.token for call in ready.world().calls}) == 1
