"""Every error of VK has one remedy and a sentence in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from smm_inbox.channels.vk import errors
from smm_inbox.channels.vk.failures import ApiFailure, TransportFailure, Trouble
from smm_inbox.domain.errors import (
    Ambiguous,
    AuthExpired,
    ChannelError,
    NeedsHuman,
    RateLimited,
    Rejected,
    Retry,
    Unsupported,
)
from smm_inbox.locale import set_language, tr

from .support import ARRIVAL, load


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def failure(fixture: str) -> ApiFailure:
    error = load(fixture)["error"]
    return ApiFailure(
        error["error_code"],
        error["error_msg"],
        subcode=error.get("error_subcode", 0),
        url=error.get("redirect_uri", ""),
    )


READ_AND_SEND: list[tuple[str, type[ChannelError], type[ChannelError]]] = [
    ("error_1_unknown", Retry, Ambiguous),
    ("error_5_auth", AuthExpired, AuthExpired),
    ("error_5_auth_ip", AuthExpired, AuthExpired),
    ("error_6_too_many", RateLimited, RateLimited),
    ("error_7_permission", Unsupported, Unsupported),
    ("error_9_flood", RateLimited, RateLimited),
    ("error_10_internal", Retry, Ambiguous),
    ("error_14_captcha", NeedsHuman, NeedsHuman),
    ("error_14_captcha_redirect", NeedsHuman, NeedsHuman),
    ("error_15_access", Unsupported, Unsupported),
    ("error_15_scope", Unsupported, Unsupported),
    ("error_17_validation", NeedsHuman, NeedsHuman),
    ("error_18_deleted", Rejected, Rejected),
    ("error_27_group_auth", Unsupported, Unsupported),
    ("error_29_rate_limit", RateLimited, RateLimited),
    ("error_100_param", Rejected, Rejected),
    ("error_100_longpoll_disabled", Rejected, Rejected),
    ("error_113_user_id", Rejected, Rejected),
    ("error_211_comment", Rejected, Rejected),
    ("error_213_add_reply", Rejected, Rejected),
    ("error_222_links", Rejected, Rejected),
    ("error_223_too_many_replies", RateLimited, RateLimited),
    ("error_900_blacklist", Rejected, Rejected),
    ("error_901_no_permission", Rejected, Rejected),
    ("error_902_privacy", Rejected, Rejected),
    ("error_909_edit_expired", Rejected, Rejected),
    ("error_914_too_long", Rejected, Rejected),
    ("error_917_chat", Rejected, Rejected),
    ("error_924_delete_for_all", Rejected, Rejected),
    ("error_936_contact", Rejected, Rejected),
    ("error_950_reply_timed_out", Rejected, Rejected),
]


@pytest.mark.parametrize(("fixture", "read", "send"), READ_AND_SEND)
def test_each_error_has_its_remedy(
    fixture: str, read: type[ChannelError], send: type[ChannelError]
) -> None:
    assert isinstance(errors.translate(failure(fixture), effect=False, now=ARRIVAL), read)
    assert isinstance(errors.translate(failure(fixture), effect=True, now=ARRIVAL), send)


@pytest.mark.parametrize(
    ("code", "pause"),
    [
        (6, timedelta(seconds=3)),
        (9, timedelta(minutes=5)),
        (601, timedelta(minutes=5)),
        (223, timedelta(minutes=5)),
        (29, timedelta(hours=1)),
    ],
)
def test_limits_say_how_long_to_wait(code: int, pause: timedelta) -> None:
    error = errors.translate(ApiFailure(code, ""), effect=True, now=ARRIVAL)
    assert isinstance(error, RateLimited)
    assert error.until == ARRIVAL + pause


@pytest.mark.parametrize("code", [18, 900, 901, 902, 917, 932, 936, 945, 950, 1012])
def test_these_close_the_conversation(code: int) -> None:
    error = errors.translate(ApiFailure(code, ""), effect=True, now=ARRIVAL)
    assert isinstance(error, errors.CannotWrite)
    assert errors.cannot_write(code) == error.sentence


@pytest.mark.parametrize("code", [5, 14, 100, 214, 909, 914, 99999])
def test_these_do_not(code: int) -> None:
    assert not isinstance(
        errors.translate(ApiFailure(code, ""), effect=True, now=ARRIVAL), errors.CannotWrite
    )
    assert errors.cannot_write(code) == ""


def test_the_captcha_gives_the_page_to_open() -> None:
    error = errors.translate(failure("error_14_captcha_redirect"), effect=True, now=ARRIVAL)
    assert isinstance(error, NeedsHuman)
    assert error.url.startswith("https://id.example.invalid/not_robot_captcha")


def test_a_captcha_while_reading_speaks_of_no_answer_and_names_the_page() -> None:
    error = errors.translate(failure("error_14_captcha_redirect"), effect=False, now=ARRIVAL)
    assert isinstance(error, NeedsHuman)
    assert "answer" not in error.sentence
    assert error.told == f"{error.sentence} {error.url}"


def test_an_unknown_code_is_told_with_its_number() -> None:
    error = errors.translate(ApiFailure(4242, "Something\x1b[31m new"), effect=True, now=ARRIVAL)
    assert isinstance(error, Rejected)
    assert "4242" in error.sentence
    assert "\x1b" not in error.sentence


def test_a_denied_object_is_not_a_missing_right() -> None:
    about_one = ApiFailure(15, "Access denied")
    assert not errors.lacks_right(about_one, effect=True)
    assert isinstance(errors.translate(about_one, effect=True, now=ARRIVAL), Rejected)
    for fixture in ("error_15_access", "error_15_scope", "error_27_group_auth"):
        assert errors.lacks_right(failure(fixture), effect=True)


def test_a_forbidden_send_says_nothing_about_the_other_conversations() -> None:
    assert not errors.lacks_right(failure("error_7_permission"), effect=True)
    assert errors.lacks_right(failure("error_7_permission"), effect=False)


def test_code_28_is_a_dead_token_unless_it_speaks_of_the_method() -> None:
    dead = ApiFailure(28, "Application authorization failed: access_token has expired")
    assert errors.token_is_dead(dead)
    other = ApiFailure(28, "Application authorization failed: method is unavailable with app auth.")
    assert not errors.token_is_dead(other)
    assert errors.lacks_right(other, effect=False)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_lost_answer_to_a_send_is_of_unknown_fate(trouble: Trouble) -> None:
    lost = TransportFailure(trouble, "x", sent=True)
    assert isinstance(errors.translate(lost, effect=True, now=ARRIVAL), Ambiguous)
    assert isinstance(errors.translate(lost, effect=False, now=ARRIVAL), Retry)
    never_left = TransportFailure(trouble, "x", sent=False)
    assert isinstance(errors.translate(never_left, effect=True, now=ARRIVAL), Retry)


def test_a_dead_proxy_is_called_a_proxy() -> None:
    error = errors.translate(
        TransportFailure(Trouble.PROXY, "x", sent=False), effect=True, now=ARRIVAL
    )
    assert "proxy" in error.sentence


def test_every_sentence_of_the_table_is_said_in_russian() -> None:
    set_language("ru")
    for code, entry in errors.TABLE.items():
        assert tr(entry.sentence) != entry.sentence, code
        error = errors.translate(ApiFailure(code, "x"), effect=True, now=ARRIVAL)
        assert any("а" <= char <= "я" for char in error.sentence), code
        assert "{" not in error.sentence, code
