"""The state machine of an outgoing action."""

from __future__ import annotations

from itertools import product

import pytest

from smm_inbox.domain.outgoing import (
    PENDING,
    TAKE_BACK,
    TRANSITIONS,
    IllegalTransition,
    OutState,
    check_transition,
)


@pytest.mark.parametrize(("old", "new"), list(product(OutState, OutState)))
def test_only_the_steps_of_the_machine_are_possible(old: OutState, new: OutState) -> None:
    if new in TRANSITIONS[old]:
        check_transition(old, new)
    else:
        with pytest.raises(IllegalTransition):
            check_transition(old, new)


def test_what_was_sent_stays_sent() -> None:
    assert TRANSITIONS[OutState.SENT] == frozenset()


def test_every_state_can_end_in_sent() -> None:
    # The echo of a message may come at any time: the network has the last word.
    assert all(
        OutState.SENT in steps for state, steps in TRANSITIONS.items() if state is not OutState.SENT
    )


def test_nothing_on_the_wire_can_be_taken_back() -> None:
    assert OutState.SENDING not in TAKE_BACK
    assert OutState.AMBIGUOUS not in TAKE_BACK
    assert OutState.SENT not in TAKE_BACK
    assert OutState.FAILED not in PENDING
