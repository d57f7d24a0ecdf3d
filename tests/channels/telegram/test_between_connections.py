"""Between two connections an answer waits; it is not refused for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.channels.telegram.account import Account
from smm_inbox.channels.telegram.settings import read
from smm_inbox.domain.errors import Retry
from tests.channels.telegram.support import context

_OPTIONS = {"api_id": 1, "api_hash": "a" * 32}


async def test_a_peer_asked_for_between_two_connections_is_asked_for_again(tmp_path: Path) -> None:
    account = Account(context(_OPTIONS, tmp_path), read(_OPTIONS))
    account.caught_up = True  # by the connection that is just gone

    with pytest.raises(Retry):
        await account.input_peer(42)
