"""From a key to the whole frame, at 1 000 and at 1 000 000 conversations.

    python -m bench.keys [--small 1000] [--large 1000000] [--presses 60] [--keep FOLDER]

Prints medians in a pty (120 x 36), CPU time a key and a new arrival at the top of the list,
memory, and the ratio of large to small. ``--keep`` reuses the seeded databases of an earlier run.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.seed import seed
from bench.terminal import Terminal

_ROOT = Path(__file__).parent.parent
_KEYS = {"down": b"j", "page down": b"\x1b[6~"}


@dataclass(slots=True)
class _Result:
    frames: dict[str, float]
    key_cpu: float
    arrival_cpu: float
    memory: float


def _measure(folder: Path, presses: int) -> _Result:
    terminal = Terminal([sys.executable, "-m", "bench.inbox", str(folder)], _ROOT)
    try:
        terminal.frame(containing="Без ответа".encode())
        terminal.settle(1.0)
        key_cpu = _cpu(terminal, presses, lambda: terminal.press(b"j"))
        # Back to the top first: a list of 1 000 has its end within reach.
        terminal.press(b"gg")
        terminal.settle(0.5)
        frames = {name: _press(terminal, key, presses) for name, key in _KEYS.items()}
        arrival_cpu = _cpu(terminal, presses, lambda: terminal.signal(signal.SIGUSR1))
        return _Result(frames, key_cpu, arrival_cpu, terminal.memory())
    finally:
        terminal.close()


def _press(terminal: Terminal, key: bytes, presses: int) -> float:
    taken = []
    for number in range(presses):
        if number % 10 == 9:
            terminal.press(b"gg")
            terminal.settle(0.3)
        pressed = terminal.press(key)
        taken.append(terminal.frame() - pressed)
        terminal.settle(0.12)  # what is drawn later (the conversation) does not count as the next
    return statistics.median(taken)


def _cpu(terminal: Terminal, times: int, act: object) -> float:
    terminal.settle(0.5)
    before = terminal.cpu()
    for _ in range(times):
        act()  # type: ignore[operator]
        terminal.settle(0.25)
    return (terminal.cpu() - before) / times


def main() -> None:
    """Measure both sizes and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = args.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        results = []
        for size in (args.small, args.large):
            place = folder / str(size)
            if not (place / "inbox.db").exists():
                seed(place, size)
            results.append(_measure(place, args.presses))
    small, large = results
    print(f"{'':28}{args.small:>12,}{args.large:>12,}   ratio")
    for name in _KEYS:
        _line(f"{name}, ms to the frame", small.frames[name] * 1e3, large.frames[name] * 1e3)
    _line("CPU a key, ms", small.key_cpu * 1e3, large.key_cpu * 1e3)
    _line("CPU an arrival on top, ms", small.arrival_cpu * 1e3, large.arrival_cpu * 1e3)
    _line("memory, MiB", small.memory, large.memory)


def _line(name: str, small: float, large: float) -> None:
    print(f"{name:28}{small:12.1f}{large:12.1f}   {large / small:5.2f}")


if __name__ == "__main__":
    main()
