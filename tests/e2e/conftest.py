"""What the tests of the whole program share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smm_inbox.sandbox.vk import VkSandbox

pytest.register_assert_rewrite(
    "tests.e2e.storm_truth",
    "tests.e2e.storm_mail",
    "tests.e2e.storm_telegram",
    "tests.e2e.storm_instagram",
    "tests.e2e.terminal",
)

from tests.e2e.cafe import Cafe  # noqa: E402


@pytest.fixture
def vk() -> Iterator[VkSandbox]:
    with VkSandbox(seed=1) as sandbox:
        yield sandbox
        assert sandbox.state.failures == []


@pytest.fixture
def cafe(tmp_path: Path, vk: VkSandbox) -> Cafe:
    return Cafe(tmp_path, vk)
