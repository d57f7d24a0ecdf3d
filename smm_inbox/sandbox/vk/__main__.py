"""`python -m smm_inbox.sandbox.vk`: the sandbox VK as a process of its own."""

from __future__ import annotations

from functools import partial

from smm_inbox.sandbox.common.process import http_options, run_until, stop_signal
from smm_inbox.sandbox.vk.control import snapshot
from smm_inbox.sandbox.vk.model import Json
from smm_inbox.sandbox.vk.server import VkSandbox


def main() -> int:
    """Serve until SIGTERM or Ctrl+C; print the address as one JSON line."""
    options = http_options("smm_inbox.sandbox.vk", __doc__)
    stop = stop_signal()
    with VkSandbox(seed=options.seed, port=options.port, control=options.control) as vk:
        head: Json = {
            "url": vk.url,
            "group_id": vk.group_id,
            "token": vk.token,
            "service_key": vk.service_key,
            "user_token": vk.user_token,
        }
        run_until(stop, head, options.state, partial(snapshot, vk))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
