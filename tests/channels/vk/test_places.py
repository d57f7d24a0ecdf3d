"""Places that the tokens of an account cannot answer in are named before anybody writes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from smm_inbox.channels.base import ChannelContext, SupportsReplyCheck
from smm_inbox.channels.vk import factory
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import AccountId, RemoteId
from smm_inbox.services.clock import SystemClock

_PHOTO = Place(Kind.COMMENT, RemoteId("photo-999000001_700:9"), public=True)
_WALL = Place(Kind.COMMENT, RemoteId("wall-999000001_512:9001"), public=True)
_DIRECT = Place(Kind.DIRECT, RemoteId("1900000101"))


def _channel(tmp_path: Path, **tokens: str) -> SupportsReplyCheck:
    channel = factory.create(
        ChannelContext(
            account=AccountId("cafe"),
            options={"group_id": 999000001, "token": "vk1.a.c", **tokens},
            clock=SystemClock(),
            data_dir=tmp_path,
            backfill_since=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )
    assert isinstance(channel, SupportsReplyCheck)
    return channel


@pytest.mark.parametrize("place", [_WALL, _DIRECT])
def test_the_community_token_answers_on_the_wall_and_in_private(
    tmp_path: Path, place: Place
) -> None:
    assert _channel(tmp_path).reply_closed(place) == ""


def test_under_a_photo_an_administrator_is_needed(tmp_path: Path) -> None:
    assert _channel(tmp_path).reply_closed(_PHOTO) != ""
    assert _channel(tmp_path, user_token="vk1.a.u").reply_closed(_PHOTO) == ""


def test_a_place_that_is_not_one_of_ours_is_closed(tmp_path: Path) -> None:
    assert _channel(tmp_path).reply_closed(Place(Kind.COMMENT, RemoteId("nonsense"))) != ""
