"""From many events to few messages: none is lost, however little it says."""

from __future__ import annotations

from collections.abc import Callable

from smm_inbox.domain.ids import ConversationId
from smm_inbox.services.bus import FeedChanged
from smm_inbox.ui.messages import Stale
from smm_inbox.ui.relay import Relay


def test_what_comes_during_a_pause_is_told_after_it_even_without_a_conversation() -> None:
    later: list[Callable[[], None]] = []
    told: list[Stale] = []
    relay = Relay(lambda _, call: later.append(call), told.append)
    relay.take(FeedChanged(frozenset({ConversationId(1)})))
    assert [one.conversations for one in told] == [{1}]
    # A list of a search has other numbers: no conversation differs.
    relay.take(FeedChanged(frozenset()))
    assert len(told) == 1
    later.pop(0)()
    assert len(told) == 2
    later.pop(0)()
    assert len(told) == 2
