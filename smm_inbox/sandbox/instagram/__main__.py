"""`python -m smm_inbox.sandbox.instagram`: the sandbox Instagram as a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from smm_inbox.sandbox.instagram.control import snapshot
from smm_inbox.sandbox.instagram.model import Json
from smm_inbox.sandbox.instagram.server import InstagramSandbox


def main() -> int:
    """Serve until SIGTERM or Ctrl+C; print the address as one JSON line."""
    parser = argparse.ArgumentParser(
        prog="python -m smm_inbox.sandbox.instagram", description=__doc__
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=0, help="repeats ids and faults")
    parser.add_argument("--state", type=Path, help="address at start, everything seen at the end")
    parser.add_argument("--control", action="store_true", help="allow /control/ requests")
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with InstagramSandbox(seed=options.seed, port=options.port, control=options.control) as ig:
        head: Json = {
            "url": ig.url,
            "pid": os.getpid(),
            "token": ig.token,
            "user_id": ig.user_id,
            "username": ig.username,
            "app_secret": ig.app_secret,
        }
        _keep(options.state, head)
        sys.stdout.write(json.dumps(head) + "\n")
        sys.stdout.flush()
        stop.wait()
        _keep(options.state, head | snapshot(ig))
    return 0


def _keep(path: Path | None, value: Json) -> None:
    """Replace the file in one step: a reader never sees half of it."""
    if path is None:
        return
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


if __name__ == "__main__":
    raise SystemExit(main())
