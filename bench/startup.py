"""First frame of the inbox with 100 000 stored messages, against a bare Textual app.

    python -m bench.startup [--messages 100000] [--runs 9]

Also prints resident memory after the first frame. Both programs run in turns, in one pty each.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from bench.seed import seed
from bench.terminal import Terminal

_ROOT = Path(__file__).parent.parent


def _once(command: list[str], text: bytes) -> tuple[float, float]:
    terminal = Terminal([sys.executable, *command], _ROOT)
    try:
        ready = terminal.frame(containing=text) - terminal.started
        terminal.settle()
        return ready, terminal.memory()
    finally:
        terminal.close()


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=9)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seed(Path(folder), args.messages // 5, 5)
        bare, ours = [], []
        for _ in range(args.runs):
            bare.append(_once(["-m", "bench.bare"], b"READY"))
            ours.append(_once(["-m", "bench.inbox", folder], "Без ответа".encode()))
    base, base_memory = (statistics.median(column) for column in zip(*bare, strict=True))
    time_, memory = (statistics.median(column) for column in zip(*ours, strict=True))
    print(f"bare Textual app   first frame {base * 1000:6.0f} ms   memory {base_memory:5.1f} MiB")
    print(f"inbox              first frame {time_ * 1000:6.0f} ms   memory {memory:5.1f} MiB")
    print(f"ratio              {time_ / base:.2f} (goal 1.5)        {memory / base_memory:.2f}")


if __name__ == "__main__":
    main()
