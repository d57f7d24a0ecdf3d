"""Nothing in the repository tells of one machine, and no secret lies around in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a machine's path": "|".join(
        ("/" + "work/", "/" + "opt/", "/" + "root/", "/" + r"home/(?!anna\b)\w", "bash" + "_jobs")
    ),
    "a package registry": "|".join(
        ("py" + r"pi\.org", "python" + r"hosted\.org", "index" + "-url")
    ),
    "a note to nobody": "|".join(
        r"\b" + word + r"\b" for word in ("TO" + "DO", "FIX" + "ME", "X" + "XX")
    ),
    "a live token": r"vk1\.a\.[\w-]{60,}",
    "a merge left open": r"^(<{7}|>{7}) ",
}
BINARY = {".mo", ".png", ".ogg", ".db", ".eml"}


def tracked() -> list[Path]:
    try:
        done = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in done.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and file.suffix not in BINARY]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    found = [
        f"{file.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for file in tracked()
        for text in [file.read_text(encoding="utf-8")]
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_every_module_says_what_it_is_for_in_one_sentence() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "smm_inbox").rglob("*.py")
        if not re.match(r'r?"""[^\n]+', file.read_text(encoding="utf-8"))
    ]
    assert silent == []
