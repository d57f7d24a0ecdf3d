"""What every test shares: how many of them run at once."""

from __future__ import annotations

import os

_MOST = 8


def pytest_xdist_auto_num_workers() -> int:
    """Workers of ``-n auto``: twice the cores, because most tests wait for sockets."""
    return min(_MOST, 2 * (os.cpu_count() or 1))
