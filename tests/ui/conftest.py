"""What the tests of the screen share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smm_inbox.locale import set_language


@pytest.fixture
def english() -> Iterator[None]:
    """The interface in English; afterwards as the other tests expect it."""
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def russian() -> Iterator[None]:
    """The interface in Russian."""
    set_language("ru")
    yield
    set_language("en")
