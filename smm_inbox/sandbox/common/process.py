"""A sandbox network as a process of its own: options, the first line, and the end on a signal."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

Json = dict[str, object]


def options_for(program: str, about: str | None = None) -> argparse.ArgumentParser:
    """The options of every network; the caller adds its own."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=about)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=0, help="repeats codes, keys, ids and faults")
    return parser


def http_options(program: str, about: str | None) -> argparse.Namespace:
    """The options given to a network that speaks HTTP."""
    parser = options_for(program, about)
    parser.add_argument("--state", type=Path, help="address at start, everything seen at the end")
    parser.add_argument("--control", action="store_true", help="allow /control/ requests")
    return parser.parse_args()


def stop_signal() -> threading.Event:
    """Set by SIGTERM or Ctrl+C; ask for it before anything runs that must be ended in order."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def announce(head: Json) -> None:
    """Tell whoever started the process where the network is, as one JSON line."""
    sys.stdout.write(json.dumps(head) + "\n")
    sys.stdout.flush()


def run_until(
    stop: threading.Event, head: Json, state: Path | None, snapshot: Callable[[], Json]
) -> None:
    """Announce a running network and wait for its end.

    Args:
        stop: Ends the wait.
        head: Where the network is and what opens it; the process id is added.
        state: Gets the head at once, and the snapshot with it at the end.
        snapshot: Everything that exists.
    """
    head = head | {"pid": os.getpid()}
    _keep(state, head)
    announce(head)
    stop.wait()
    _keep(state, head | snapshot())


def _keep(path: Path | None, value: Json) -> None:
    """Replace the file in one step: a reader never sees half of it."""
    if path is None:
        return
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)
