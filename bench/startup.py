"""First frame of the inbox with 100 000 stored messages, against a bare Textual app.

    python -m bench.startup [--messages 100000] [--runs 9]

Both programs run in turns, in one pty each. CPU time to the first frame is printed too: it hardly
depends on what else the machine is doing.
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
_CONFIG = """
[accounts.bench]
channel = "vk"
group_id = 1
token = "made-up"
enabled = false
"""
_ROWS = (("first frame, ms", 1e3), ("CPU to the first frame, ms", 1e3), ("memory, MiB", 1.0))


def _once(command: list[str], text: bytes) -> tuple[float, float, float]:
    terminal = Terminal([sys.executable, *command], _ROOT)
    try:
        ready = terminal.frame(containing=text) - terminal.started
        cpu = terminal.cpu()
        terminal.settle()
        return ready, cpu, terminal.memory()
    finally:
        terminal.close()


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=9)
    args = parser.parse_args()
    bare, ours = [], []
    with tempfile.TemporaryDirectory() as folder:
        seed(Path(folder), args.messages // 5, 5)
        config = Path(folder) / "config.toml"
        config.write_text(_CONFIG, encoding="utf-8")
        config.chmod(0o600)
        inbox = ["-m", "smm_inbox", "--config", str(config), "--data-dir", folder]
        for _ in range(args.runs + 1):
            bare.append(_once(["-m", "bench.bare"], b"READY"))
            ours.append(_once(inbox, "Без ответа".encode()))
    # The first start of each only warms the caches: bytecode, files, the name of the time zone.
    del bare[0], ours[0]
    print(f"{'':28}{'bare Textual':>14}{'inbox':>10}   ratio")
    for (name, scale), base, mine in zip(
        _ROWS, zip(*bare, strict=True), zip(*ours, strict=True), strict=True
    ):
        one, two = statistics.median(base) * scale, statistics.median(mine) * scale
        print(f"{name:28}{one:14.0f}{two:10.0f}   {two / one:5.2f}")


if __name__ == "__main__":
    main()
