"""`python -m smm_inbox.sandbox.instagram`: the sandbox Instagram as a process of its own."""

from __future__ import annotations

from functools import partial

from smm_inbox.sandbox.common.process import http_options, run_until, stop_signal
from smm_inbox.sandbox.instagram.control import snapshot
from smm_inbox.sandbox.instagram.model import Json
from smm_inbox.sandbox.instagram.server import InstagramSandbox


def main() -> int:
    """Serve until SIGTERM or Ctrl+C; print the address as one JSON line."""
    options = http_options("smm_inbox.sandbox.instagram", __doc__)
    stop = stop_signal()
    with InstagramSandbox(seed=options.seed, port=options.port, control=options.control) as ig:
        head: Json = {
            "url": ig.url,
            "token": ig.token,
            "user_id": ig.user_id,
            "username": ig.username,
            "app_secret": ig.app_secret,
        }
        run_until(stop, head, options.state, partial(snapshot, ig))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
