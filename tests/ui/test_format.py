"""Short words for times, numbers and states."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.conversation import Kind, MessageType, Status
from smm_inbox.domain.feed import View
from smm_inbox.domain.message import Attachment, AttachmentKind
from smm_inbox.domain.outgoing import OutState
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import set_language
from smm_inbox.ui import format as words

NOW = datetime(2026, 3, 4, 11, 18, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    set_language("ru")
    yield
    set_language("en")


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (4, "4 м"),
        (0, "0 м"),
        (-12, "−12 м"),
        (100, "1 ч 40"),
        (65, "1 ч 05"),
        (120, "2 ч"),
        (-125, "−2 ч 05"),
        (11 * 60, "11 ч"),
        (3 * 24 * 60, "3 д"),
    ],
)
def test_time_left_to_the_deadline(minutes: int, shown: str) -> None:
    assert words.left(NOW + timedelta(minutes=minutes), NOW) == shown


def test_a_deadline_just_past_is_marked() -> None:
    assert words.left(NOW - timedelta(seconds=20), NOW) == "−0 м"
    assert words.left(None, NOW) == ""


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        (NOW, "14:18"),
        (NOW - timedelta(days=1), "вчера 14:18"),
        (NOW - timedelta(hours=15), "вчера 23:18"),
        (datetime(2026, 1, 20, 9, 5, tzinfo=UTC), "20 янв 12:05"),
        (datetime(2025, 11, 20, 9, 5, tzinfo=UTC), "20 ноя 2025"),
    ],
)
def test_moments_are_local_and_short(when: datetime, shown: str) -> None:
    assert words.moment(when, NOW, MOSCOW) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, "—"),
        (0, "0"),
        (812, "812"),
        (1_200, "1,2 тыс."),
        (12_449, "12,4 тыс."),
        (340_000, "340 тыс."),
        (999_960, "1 млн"),
        (3_000_000, "3 млн"),
    ],
)
def test_reach_is_short_and_unknown_is_never_zero(count: int | None, shown: str) -> None:
    assert words.followers(count) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(None, ""), (512, "512 Б"), (640_000, "640 КБ"), (1_400_000, "1,4 МБ"), (10**10, "10 ГБ")],
)
def test_sizes(count: int | None, shown: str) -> None:
    assert words.size(count) == shown


def test_durations_and_numbers() -> None:
    assert [words.duration(s) for s in (None, 0, 42, 3723)] == ["", "0:00", "0:42", "1:02:03"]
    assert words.number(12400) == "12\u00a0400"


def test_a_countdown_never_shows_zero() -> None:
    assert words.countdown(NOW + timedelta(seconds=2.2), NOW) == "3 с"
    assert words.countdown(NOW - timedelta(seconds=9), NOW) == "1 с"
    assert words.countdown(NOW + timedelta(minutes=4), NOW) == "4 м"


def test_attachments_say_what_they_are() -> None:
    menu = Attachment(AttachmentKind.DOCUMENT, SafeText("меню.pdf"), size=1_400_000)
    assert words.attachment(menu) == "📎 файл «меню.pdf» 1,4 МБ"
    voice = Attachment(AttachmentKind.VOICE, duration=42)
    assert words.attachment(voice) == "📎 голосовое 0:42"


def test_a_hostile_name_is_never_a_template() -> None:
    evil = Attachment(AttachmentKind.OTHER, SafeText("{name} {0} [/]"))
    assert "{name} {0} [/]" in words.attachment(evil)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_state_has_a_word(language: str) -> None:
    set_language(language)
    shown = [words.kind_word(kind) for kind in Kind]
    shown += [words.type_word(kind) for kind in MessageType]
    shown += [words.status_word(status) for status in Status]
    shown += [words.view_word(view) for view in View]
    shown += [words.out_state_word(state) for state in OutState]
    shown += [words.health_word(state) for state in HealthState]
    shown += [words.attachment_word(kind) for kind in AttachmentKind]
    assert all(shown)


def test_states_differ_without_colour() -> None:
    assert len({words.out_state_word(state)[0] for state in OutState}) == 4
    assert words.health_sign(HealthState.ONLINE) != words.health_sign(HealthState.BROKEN)
    assert words.public_word(True).isupper()
    assert not words.public_word(False).isupper()


def test_english_numbers_use_a_point() -> None:
    set_language("en")
    assert words.followers(12_400) == "12.4k"
    assert words.moment(NOW - timedelta(days=1), NOW, MOSCOW) == "yesterday 14:18"


def test_an_entry_made_by_hand_says_where_it_came_from() -> None:
    assert words.entry_word("call", Kind.MANUAL) == "звонок"
    assert words.entry_word("2gis", Kind.REVIEW) == "2ГИС отзыв"
    assert words.entry_word("other", Kind.MANUAL) == "вручную"
