"""What needs somebody is said by itself, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.channels.base import ChannelContext
from smm_inbox.domain.channel import HealthState, Limitation
from smm_inbox.domain.text import SafeText
from tests.ui import inbox_desk
from tests.ui.inbox_desk import VK, PaperChannel, PaperFactory, until

pytestmark = pytest.mark.usefixtures("english")

ENDS = Limitation("token.ends.7", SafeText("The token ends in 7 days."), urgent=True)
LATER = Limitation("token.ends.2", SafeText("The token ends in 2 days."), urgent=True)
QUIET = Limitation("mentions.poll", SafeText("Mentions elsewhere are not seen."))


class EndingFactory(PaperFactory):
    def create(self, context: ChannelContext) -> PaperChannel:
        made = PaperChannel(context)
        made.limitations = (ENDS, QUIET)
        self.made.append(made)
        return made


async def test_a_token_that_ends_is_said_once_and_again_when_it_is_nearer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_desk, "PaperFactory", EndingFactory)
    said: list[str] = []
    monkeypatch.setattr("smm_inbox.ui.safe.toast", lambda _, text, **more: said.append(str(text)))
    async with inbox_desk.open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Есть столик?")
        async with inbox_desk.running(desk, (120, 36)):
            accounts = desk.services.accounts
            await until(lambda: accounts.health(VK).state is HealthState.ONLINE)
            await until(lambda: "The token ends in 7 days." in said)
            accounts.set_health(VK, HealthState.CONNECTING)
            desk.network.limitations = (LATER, QUIET)
            accounts.set_health(VK, HealthState.ONLINE)
            await until(lambda: "The token ends in 2 days." in said)
    assert said.count("The token ends in 7 days.") == 1
    assert "Mentions elsewhere are not seen." not in said
