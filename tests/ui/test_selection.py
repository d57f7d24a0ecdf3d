"""Growing, shrinking and changing a selection."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.ids import ConversationId
from smm_inbox.ui.selection import Selection


def one(number: int) -> ConversationId:
    return ConversationId(number)


def test_a_row_is_selected_and_taken_out_again() -> None:
    selection = Selection()
    selection.toggle(one(2))
    selection.toggle(one(1))
    assert list(selection.ids) == [2, 1]
    assert one(1) in selection
    selection.toggle(one(2))
    assert list(selection.ids) == [
        1,
    ]


def test_going_back_lets_go_of_what_was_just_taken() -> None:
    selection = Selection()
    selection.extend(one(1), one(2), 1)
    selection.extend(one(2), one(3), 1)
    assert list(selection.ids) == [1, 2, 3]
    selection.extend(one(3), one(2), -1)
    assert list(selection.ids) == [1, 2]
    selection.extend(one(2), one(3), 1)
    assert list(selection.ids) == [1, 2, 3]


def test_going_back_beyond_the_beginning_grows_the_other_way() -> None:
    selection = Selection()
    selection.extend(one(5), one(6), 1)
    selection.extend(one(6), one(5), -1)
    assert list(selection.ids) == [
        5,
    ]
    selection.extend(one(5), one(4), -1)
    assert set(selection.ids) == {5, 4}


def test_another_beginning_keeps_what_was_selected_before() -> None:
    selection = Selection()
    selection.toggle(one(9))
    selection.extend(one(1), one(2), 1)
    selection.extend(one(2), one(1), -1)
    assert list(selection.ids) == [9, 1]


@given(st.lists(st.sampled_from([1, -1]), max_size=30))
def test_a_walk_selects_everything_between_its_ends(steps: list[int]) -> None:
    selection, at = Selection(), 100
    for step in steps:
        selection.extend(one(at), one(at + step), step)
        at += step
    if steps:
        assert {100, at} <= set(selection.ids)
        low, high = min(selection.ids), max(selection.ids)
        assert set(selection.ids) == set(range(low, high + 1))


def test_every_change_is_told() -> None:
    selection = Selection()
    versions = [selection.version]
    selection.replace([one(1), one(2)])
    versions.append(selection.version)
    selection.extend(one(2), one(3), 1)
    versions.append(selection.version)
    selection.clear()
    versions.append(selection.version)
    assert len(set(versions)) == len(versions)
    selection.clear()
    assert selection.version == versions[-1]
