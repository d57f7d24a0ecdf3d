"""Channels are found by name, and nothing of a network is loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from smm_inbox.channels.registry import factory, names
from smm_inbox.domain.errors import InboxError
from smm_inbox.locale import set_language


def test_the_vk_channel_is_known_with_its_options() -> None:
    assert "vk" in names()
    found = factory("vk")
    assert (found.name, found.short) == ("vk", "VK")
    required = {spec.name for spec in found.options if spec.required}
    assert required == {"group_id", "token"}


def test_a_channel_is_named_in_the_language_of_the_interface() -> None:
    set_language("ru")
    try:
        assert factory("vk").short == "ВК"
    finally:
        set_language("en")


def test_an_unknown_name_is_answered_with_a_close_one() -> None:
    with pytest.raises(InboxError, match=r"vkk.*vk"):
        factory("vkk")
    with pytest.raises(InboxError, match="There are"):
        factory("pigeon post")


def test_asking_for_a_factory_loads_no_vendor_library() -> None:
    program = (
        "import sys; from smm_inbox.channels.registry import factory; factory('vk').options;"
        "sys.exit(any(name in sys.modules for name in ('vk_api', 'requests', 'urllib3')))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
