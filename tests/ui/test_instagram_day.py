"""A morning of the demo on Instagram, at the keyboard: answered in place and privately, a rude
comment hidden, a dead token explained, and nobody lost meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from smm_inbox import bootstrap
from smm_inbox.channels.instagram import channel, search
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.feed import FeedQuery, FeedRow, View
from smm_inbox.domain.ids import AccountId
from smm_inbox.sandbox.instagram.demo import DemoInstagram, demo_instagram
from smm_inbox.services.container import Services
from smm_inbox.ui.app import InboxApp
from tests.ui.inbox_desk import Screen, until

pytestmark = pytest.mark.usefixtures("english")

IG = AccountId("demo-ig")
STORY, PHOTO, COMMENT = "а торт на заказ", "Вот такой хочу", "Сколько стоит круассан"
THREAD, RUDE, LATER = "и я хотела спросить!", "Отрава и хамство", "Вы сегодня до скольки?"
PATIENCE = 45.0


class Day:
    """The demo's network, the engine and the screen."""

    def __init__(self, demo: DemoInstagram, services: Services, screen: Screen) -> None:
        self.ig = demo.ig
        self.services = services
        self.screen = screen
        self.watching = False
        self.died = False

    @property
    def locked_out(self) -> bool:
        return self.services.accounts.health(IG).state is HealthState.NEEDS_LOGIN

    @property
    def token_is_good(self) -> bool:
        return not any(token.dead for token in self.ig.state.tokens.values())

    async def until(self, done: Callable[[], bool]) -> None:
        async def look() -> bool:
            await self.mend()
            return done()

        await until(look, PATIENCE)

    async def mend(self) -> None:
        """On a slow machine the story's token dies before its scene is reached."""
        if self.watching or not self.locked_out:
            return
        self.died = True
        if self.token_is_good:
            await self.screen.press("ctrl+r")

    async def arrives(self, words: str) -> FeedRow:
        """Wait until somebody waits with these words."""
        found: list[FeedRow] = []

        async def there() -> bool:
            await self.mend()
            rows = (await self.services.feed.page(FeedQuery(View.AWAITING), limit=200)).rows
            found[:] = [row for row in rows if words in row.preview]
            return bool(found)

        await until(there, PATIENCE)
        return found[0]

    async def goes_to(self, words: str) -> None:
        """Go down the list to a conversation, with the keyboard."""
        wanted = (await self.arrives(words)).id
        await self.screen.press("g", "w")
        await self.until(lambda: self.screen.inbox.feed.current is not None)
        await self.screen.press("home")
        for _ in range(80):
            current = self.screen.inbox.feed.current
            if current is not None and current.id == wanted:
                await self.until(lambda: self.screen.inbox.talk.conversation == wanted)
                return
            await self.screen.press("j")
        raise AssertionError(f"{words} is not in the list:\n{self.screen.text}")

    async def answers(self, key: str, text: str) -> None:
        """Answer the conversation under the cursor."""
        composer = self.screen.inbox.composer
        await self.screen.press(key)
        await self.until(lambda: composer.active)
        await self.screen.write(text)
        await self.screen.press("ctrl+s")
        await self.until(lambda: not (composer.draft and composer.draft.text))
        await self.screen.press("escape")

    def left(self, kind: str, text: str) -> bool:
        """Whether an answer took effect on the network, once."""
        return [item.text for item in self.ig.sent if item.kind == kind].count(text) == 1


@asynccontextmanager
async def day(folder: Path) -> AsyncIterator[Day]:
    with demo_instagram(seed=7, pace=1.8) as demo:
        options = {key: value for key, value in demo.config.items() if key != "channel"}
        account = AccountSettings(IG, "instagram", "IG", options=options)
        at_once = {"direct": timedelta(), "comment": timedelta()}
        settings = Settings(
            data_dir=folder, operator="Анна", accounts=(account,), language="en", undo=at_once
        )
        async with bootstrap.open_services(settings) as services:
            app = InboxApp(services)
            async with app.run_test(size=(140, 40), notifications=True) as pilot:
                screen = Screen(app, pilot)
                await until(lambda: screen.inbox.feed.model.loaded)
                yield Day(demo, services, screen)
                demo.story.stop()
                await nobody_is_lost(demo, services)
        assert demo.ig.state.failures == []


async def nobody_is_lost(demo: DemoInstagram, services: Services) -> None:
    """Everything customers wrote and did not take back is here."""
    ig, unsent = demo.ig, "deleted_at IS NULL AND remote_id IS NOT NULL"
    with ig.state.lock:
        said = {
            message.id
            for talk in ig.state.talks.values()
            for message in talk.messages
            if message.from_id != ig.user_id and not message.unsent
        } | {
            comment.id
            for comment in ig.state.comments.values()
            if comment.from_id != ig.user_id and not comment.deleted
        }

    async def all_here() -> bool:
        rows = await services.db.all(f"SELECT remote_id FROM messages WHERE {unsent}")
        return said <= {row["remote_id"] for row in rows}

    await until(all_here, PATIENCE)


@pytest.mark.timeout(180)
async def test_the_demos_morning_on_instagram(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9/")  # usual on a desktop; no harm here
    monkeypatch.setattr(search, "LOOKS", (0.5, 1.0))
    monkeypatch.setattr(channel, "_USUAL", 240)  # comments every two seconds
    async with day(tmp_path) as cafe:
        screen, ig = cafe.screen, cafe.ig
        # A reply to a story: the story is named, and the answer goes into the talk.
        await cafe.goes_to(STORY)
        await screen.sees(STORY, "answer to your story")
        await cafe.answers("r", "Да, к пятнице успеем")
        await cafe.until(lambda: cafe.left("message", "Да, к пятнице успеем"))
        # A private message with a photo.
        await cafe.goes_to(PHOTO)
        await screen.sees(PHOTO, "photo")
        await cafe.answers("r", "Торт 2400 р.")
        await cafe.until(lambda: cafe.left("message", "Торт 2400 р."))
        # A rude comment is hidden, not deleted.
        await cafe.goes_to(RUDE)
        await screen.press("enter")
        await cafe.until(lambda: screen.inbox.can_change("message_hide"))
        await screen.press("H")
        (rude,) = [one for one in ig.state.comments.values() if RUDE in one.text]
        await cafe.until(lambda: rude.hidden)
        await screen.sees("· hidden from everybody")
        assert not rude.deleted
        await screen.press("escape")
        # A thread of comments: in place, and privately.
        await cafe.goes_to(COMMENT)
        await cafe.answers("r", "240 рублей")
        await cafe.until(lambda: cafe.left("reply", "240 рублей"))
        await cafe.goes_to(THREAD)
        await cafe.answers("R", "Пишем лично")
        await cafe.until(
            lambda: cafe.left("private_reply", "Пишем лично") or cafe.left("message", "Пишем лично")
        )
        # The token dies: the program says so and what to do; answers wait.
        cafe.watching = True
        if cafe.died:
            ig.kill_token()
        await cafe.until(lambda: cafe.locked_out)
        await screen.press("g", "n")
        await screen.sees("needs you", "make a new one", "Generate token")
        await screen.press("escape")
        await cafe.goes_to("столик у окна")
        await cafe.answers("r", "Столик есть")
        if cafe.died:
            ig.revive_token()
        await cafe.until(lambda: cafe.token_is_good)
        assert not cafe.left("message", "Столик есть")
        await screen.press("ctrl+r")  # as after a new token: try every network now
        await cafe.until(lambda: not cafe.locked_out)
        await cafe.until(lambda: cafe.left("message", "Столик есть"))
        await cafe.arrives(LATER)  # wrote while the token was dead
