"""The keys of the screen and the state of the connections, shown to a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from textual.containers import VerticalScroll

from smm_inbox.domain.channel import Health, HealthState, Identity, Limitation
from smm_inbox.domain.ids import AccountId
from smm_inbox.domain.message import Gap
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import set_language
from smm_inbox.services.accounts import AccountView
from smm_inbox.services.bus import HealthChanged
from smm_inbox.ui.commands import CommandRegistry, Context
from smm_inbox.ui.screens.health import HealthScreen, facts, head
from smm_inbox.ui.screens.help import HelpScreen, help_text
from tests.ui.hostile import HOSTILE, is_harmless
from tests.ui.small_app import NOW, FakeServices, clickable, first_screen, painted, small_app, until

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    set_language("ru")
    yield
    set_language("en")


def account(state: HealthState = HealthState.ONLINE, **changes: object) -> AccountView:
    name = SafeText(str(changes.pop("name", "Тёплый угол")))
    return AccountView(
        id=AccountId(str(changes.pop("id", "cafe"))),
        channel="vk",
        short="ВК",
        title=name,
        health=Health(state, **changes),  # type: ignore[arg-type]
        capabilities=None,
        identity=Identity("1", name, SafeText("ugol")),
    )


def test_every_command_is_explained_once_wherever_help_is_asked_for() -> None:
    registry = CommandRegistry.default()
    for context in (Context.FEED, Context.CONVERSATION, Context.COMPOSER):
        text = " ".join(help_text(registry, (context, Context.GLOBAL), 60).plain.split())
        for command in registry:
            assert text.count(" ".join(command.shown_help.split())) == 1, command.id
            assert command.first_key in text


def test_what_works_here_comes_first() -> None:
    registry = CommandRegistry.default()
    text = help_text(registry, (Context.COMPOSER, Context.GLOBAL), 80).plain
    assert text.index("Отправить ответ.") < text.index("В другом месте")
    assert text.index("В другом месте") < text.index("Ответить там, где написал клиент.")


def test_remapped_keys_are_the_ones_shown() -> None:
    registry = CommandRegistry.default({"reply.in_place": ("f9",)})
    line = next(
        line
        for line in help_text(registry, (Context.FEED,), 80).plain.split("\n")
        if "Ответить там" in line
    )
    assert line.split()[0] == "F9"


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_help_opens_scrolls_and_closes(size: tuple[int, int]) -> None:
    app = small_app()
    async with app.run_test(size=size) as pilot:
        await pilot.press(",")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        assert "Перемещение" in painted(app)
        await pilot.press("G")
        await pilot.pause()
        body = app.screen.query_one("#help-body", VerticalScroll)
        assert body.scroll_y == body.max_scroll_y > 0
        await pilot.press("й")
        await pilot.pause()
        assert app.screen_stack == [first_screen(app)]


def test_a_waiting_account_says_when_it_tries_again() -> None:
    view = account(
        HealthState.WAITING,
        until=NOW + timedelta(seconds=40),
        why=SafeText("Сеть не отвечает."),
        last_success=NOW - timedelta(hours=1),
        gaps=(Gap(NOW - timedelta(days=1), NOW, SafeText("Комментарии.")),),
        limitations=(Limitation("comments.delete", SafeText("Удалять нельзя.")),),
    )
    assert head(view, NOW).plain == "◐ ВК · Тёплый угол — повторит через 40 с"
    assert facts(view, NOW, MOSCOW) == [
        "Сеть не отвечает.",
        "Подключён как Тёплый угол @ugol",
        "Последний раз на связи: 13:18",
        "! Нет данных: вчера 14:18 — 14:18. Комментарии.",
        "· Удалять нельзя.",
    ]


async def test_connections_follow_the_engine_and_retry() -> None:
    services = FakeServices(None, account(id="cafe"), account(HealthState.BROKEN, id="gone"))
    app = small_app(services)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("п", "т")
        await pilot.pause()
        assert isinstance(app.screen, HealthScreen)
        assert "● ВК" in painted(app)
        assert "✕ ВК" in painted(app)
        await pilot.press("enter")
        await pilot.pause()
        assert services.accounts.retried == ["cafe"]
        await pilot.press("о", "enter")
        await until(lambda: "Аккаунта [/] больше нет." in painted(app))
        services.accounts.views = (account(HealthState.NEEDS_LOGIN), *services.accounts.views[1:])
        app.services.bus.publish(HealthChanged(AccountId("cafe")))
        await pilot.pause()
        assert "нужен новый вход" in painted(app)
        await pilot.press("escape")
        assert app.screen_stack == [first_screen(app)]


async def test_without_accounts_it_says_what_to_do() -> None:
    app = small_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("g", "n")
        await pilot.pause()
        assert "smm-inbox demo" in painted(app)


@pytest.mark.parametrize("trick", HOSTILE)
async def test_hostile_names_stay_text(trick: str) -> None:
    text = HOSTILE[trick]
    services = FakeServices(None, account(HealthState.BROKEN, name=text, why=SafeText(text)))
    app = small_app(services)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("g", "n")
        await pilot.pause()
        assert clickable(app) == []
        assert is_harmless(painted(app).replace("\n", ""))
