"""Options, cursors and errors: what is refused, kept and said."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from telethon import errors as telethon_errors
from telethon.errors.common import AuthKeyNotFound

from smm_inbox.channels.telegram import settings
from smm_inbox.channels.telegram.client import failure_of
from smm_inbox.channels.telegram.cursor import MOST_MARKS, Position, load
from smm_inbox.channels.telegram.errors import TABLE, translate
from smm_inbox.channels.telegram.failures import Lost, Refused, Trouble
from smm_inbox.channels.telegram.mapping.keys import channel_peer
from smm_inbox.channels.telegram.targets import random_id
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import Ambiguous, AuthExpired, RateLimited, Rejected, Retry
from smm_inbox.domain.ids import AccountId, Cursor, RemoteId, Token
from smm_inbox.domain.message import Outgoing
from smm_inbox.domain.text import SafeText

BASE: dict[str, object] = {"api_id": 1, "api_hash": "hash-of-the-app"}
SECRET = "00112233445566778899aabbccddeeff"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
ACCOUNT = AccountId("cafe-tg")


def with_secret(secret: str) -> dict[str, object]:
    return {**BASE, "mtproxy": f"tg://proxy?server=proxy.example&port=443&secret={secret}"}


def test_a_proxy_is_read_with_its_password() -> None:
    found = settings.read({**BASE, "proxy": "socks5://anna:p%40ss@127.0.0.1:1080"})
    assert found.proxy is not None
    assert (found.proxy.kind, found.proxy.user, found.proxy.password) == ("socks5", "anna", "p@ss")
    assert "p@ss" not in repr(found)
    assert "hash" not in repr(found)


@pytest.mark.parametrize("secret", [SECRET, f"dd{SECRET}"])
def test_plain_and_dd_secrets_are_taken(secret: str) -> None:
    found = settings.read(with_secret(secret)).mtproxy
    assert found is not None
    assert (found.host, found.port, found.secret) == ("proxy.example", 443, secret)


def test_a_secret_in_base64_is_the_same_secret() -> None:
    encoded = base64.urlsafe_b64encode(bytes.fromhex(f"dd{SECRET}")).decode().rstrip("=")
    found = settings.read(with_secret(encoded)).mtproxy
    assert found is not None
    assert found.secret == f"dd{SECRET}"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (with_secret(f"ee{SECRET}7777772e6578616d706c65"), "begins with ee"),
        (with_secret("abc"), "damaged|complete"),
        ({**BASE, "mtproxy": "tg://proxy?server=x"}, "not complete"),
        ({**BASE, "proxy": "https://127.0.0.1:3128"}, "socks5"),
        ({"api_id": 1}, "api_id"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(options: dict[str, object], said: str) -> None:
    with pytest.raises(Rejected, match=said) as caught:
        settings.read(options)
    assert SECRET not in caught.value.sentence


def test_a_cursor_comes_back_as_it_was() -> None:
    position = Position()
    position.at = NOW
    position.advance(100, 7)
    position.advance(100, 5)
    position.advance(channel_peer(5), 3)
    position.links = {channel_peer(5): channel_peer(6)}
    position.hidden = (RemoteId("9"),)
    again = load(position.dump())
    assert (again.at, again.marks, again.links, again.hidden) == (
        NOW,
        {100: 7, channel_peer(5): 3},
        position.links,
        ("9",),
    )


@pytest.mark.parametrize(
    "broken", ["", "nonsense", "[]", '{"at": "x", "marks": [1], "floor": -5, "links": {"a": 1}}']
)
def test_a_broken_cursor_is_a_fresh_start(broken: str) -> None:
    position = load(Cursor(broken))
    assert (position.at, position.marks, position.floor) == (None, {}, 0)


def test_marks_are_bounded_and_nothing_new_is_below_the_floor() -> None:
    position = Position()
    for peer in range(1, MOST_MARKS + 101):
        position.advance(peer, peer * 10)
    assert len(position.marks) == MOST_MARKS
    assert position.floor == 1000
    assert position.mark(1) == position.floor
    assert position.mark(channel_peer(9)) == 0, "channels count for themselves"


def test_the_number_of_an_answer_is_always_the_same_and_its_own() -> None:
    def outgoing(token: str) -> Outgoing:
        return Outgoing(Place(Kind.DIRECT, RemoteId("1")), SafeText("Да"), Token(token))

    numbers = {
        random_id(ACCOUNT, outgoing(str(token)), part) for token in range(500) for part in "ab"
    }
    assert len(numbers) == 1000
    assert all(0 < number < 2**63 for number in numbers)
    assert random_id(ACCOUNT, outgoing("7")) == random_id(ACCOUNT, outgoing("7"))
    with pytest.raises(Rejected):
        random_id(ACCOUNT, outgoing(""))


def test_every_name_of_the_table_is_an_error_of_telethon_or_a_newer_one() -> None:
    newer = {
        "PrivacyPremiumRequiredError",
        "ChatSendDocsForbiddenError",
        "ChatSendAudiosForbiddenError",
        "ReplyMessageIdInvalidError",
        "ReplyToInvalidError",
        "AllowPaymentRequiredError",
        "AuthKeyNotFound",
    }
    assert {name for name in TABLE if not hasattr(telethon_errors, name)} <= newer


def test_an_error_telethon_has_no_class_for_is_named_by_its_code() -> None:
    error = telethon_errors.BadRequestError(None, "ALLOW_PAYMENT_REQUIRED_100")
    failure = failure_of(error)
    assert isinstance(failure, Refused)
    assert failure.is_a("AllowPaymentRequiredError", "BadRequestError")


@pytest.mark.parametrize(
    ("failure", "effect", "remedy"),
    [
        (Lost(Trouble.SILENT), True, Ambiguous),
        (Lost(Trouble.SILENT), False, Retry),
        (Lost(Trouble.BROKEN), True, Ambiguous),
        (Lost(Trouble.OFFLINE), True, Retry),
        (Lost(Trouble.UNREACHABLE), True, Retry),
        (failure_of(AuthKeyNotFound()), False, AuthExpired),
        (failure_of(telethon_errors.FloodWaitError(None, 90)), True, RateLimited),
        (failure_of(telethon_errors.RpcCallFailError(None)), True, Ambiguous),
        (failure_of(telethon_errors.RpcCallFailError(None)), False, Retry),
        (failure_of(telethon_errors.SessionRevokedError(None)), False, AuthExpired),
        (failure_of(ConnectionResetError()), True, Ambiguous),
    ],
)
def test_failures_become_remedies(failure: Lost | Refused, effect: bool, remedy: type) -> None:
    error = translate(failure, effect=effect, now=NOW)
    assert type(error) is remedy or isinstance(error, remedy)
    if isinstance(error, RateLimited):
        assert error.until == NOW + timedelta(seconds=90)


def test_no_sentence_of_the_table_is_without_an_end() -> None:
    assert all(sentence.endswith((".", "…")) for _, sentence in TABLE.values())
