"""Choosing a file to attach: a path with completion, nothing to learn."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr

from .. import format as fmt
from .. import safe
from ..widgets.painted import Line, PaintedLines

_SHOWN = 10
_QUOTED = re.compile(r"""(?:^|/)(["'])(?P<path>.+)\1$""")


def meant(typed: str) -> str:
    """The path that is meant by what stands in the field.

    A path that was pasted or dropped behind the folder that stood there counts alone; terminals
    hand it over in quotes, with escaped spaces or as a ``file://`` address.
    """
    text = typed.strip()
    if found := _QUOTED.search(text):
        text = found["path"]
    elif "file://" in text:
        text = unquote(text.rpartition("file://")[2])
    text = text[max(text.rfind("//") + 1, text.rfind("/~/") + 1) :]
    path = os.path.expanduser(text)
    if "\\" in path and os.sep == "/" and not os.path.exists(path):
        path = re.sub(r"\\(.)", r"\1", path)
    return path


def matches(typed: str, limit: int = 200) -> list[Path]:
    """Files and folders whose path begins as ``typed``; folders first."""
    typed = meant(typed or "~/")
    path = Path(typed)
    whole = typed.endswith(("/", os.sep))
    folder, start = (path, "") if whole else (path.parent, path.name)
    found: list[tuple[bool, str, Path]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                hidden = name.startswith(".") and not start.startswith(".")
                if hidden or not name.casefold().startswith(start.casefold()):
                    continue
                found.append((not entry.is_dir(), name.casefold(), folder / name))
    except OSError:
        return []
    return [path for _, _, path in sorted(found)][:limit]


def common_start(paths: Sequence[Path]) -> str:
    """The longest beginning all paths share; of a single folder also the separator."""
    if not paths:
        return ""
    if len(paths) == 1:
        return f"{paths[0]}{os.sep}" if paths[0].is_dir() else str(paths[0])
    return _shared([str(path) for path in paths])


def _shared(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    size = next((at for at, char in enumerate(first) if char != last[at : at + 1]), len(first))
    return first[:size]


class AttachScreen(ModalScreen[Path | None]):
    """Asks for a path; ``None`` when the operator changed their mind."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("tab", "complete", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
    ]

    def __init__(self, start: str, *, max_size: int = 0) -> None:
        super().__init__()
        self._begin = start
        self._max_size = max_size
        self._found: list[Path] = []
        self._at = -1

    def compose(self) -> ComposeResult:
        """Build the panel."""
        hint = tr("Tab — complete, ↓ ↑ — choose, Enter — attach, Esc — back")
        with Vertical(classes="panel"):
            yield Static(safe.content(tr("Attach a file")), classes="panel-title")
            yield Input(self._begin, id="file-path", select_on_focus=False)
            yield PaintedLines(id="file-matches")
            yield Static(safe.content(hint), classes="panel-hint")

    def on_mount(self) -> None:
        """Show what is there."""
        self.query_one(Input).focus()
        self._look()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look again."""
        event.stop()
        self._look()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Attach the file, or step into the folder."""
        event.stop()
        chosen = self._found[self._at] if self._at >= 0 else None
        path = chosen or Path(meant(event.value))
        if path.is_dir():
            self._fill(f"{path}{os.sep}")
        elif not path.is_file():
            self._say(tr("There is no such file. Tab completes the name."))
        elif self._max_size and path.stat().st_size > self._max_size:
            limit = fmt.size(self._max_size)
            self._say(tr("The file is too large: at most {limit}.").format(limit=limit))
        else:
            self.dismiss(path)

    def action_leave(self) -> None:
        """Attach nothing."""
        self.dismiss(None)

    def action_complete(self) -> None:
        """Complete the path as far as it is clear."""
        field = self.query_one(Input)
        if self._at >= 0:
            self._fill(common_start([self._found[self._at]]))
        elif self._found:
            start = common_start(self._found)
            if len(start) > len(meant(field.value)):
                self._fill(start)

    def action_step(self, step: int) -> None:
        """Choose among what was found."""
        if self._found:
            self._at = min(max(-1, self._at + step), min(_SHOWN, len(self._found)) - 1)
            self._show()

    def _fill(self, text: str) -> None:
        field = self.query_one(Input)
        field.value = text
        field.cursor_position = len(text)

    def _look(self) -> None:
        self._found = matches(self.query_one(Input).value)
        self._at = -1
        self._show()

    def _say(self, sentence: str) -> None:
        self.query_one(PaintedLines).show(Line(((sentence, "alarm"),)))

    def _show(self) -> None:
        lines: list[Line] = []
        for at, path in enumerate(self._found[:_SHOWN]):
            picked = at == self._at
            name = clean_line(path.name)
            if path.is_dir():
                right: tuple[tuple[str, str], ...] = ((tr("folder"), "quiet"),)
                name = clean_line(name + "/")
            else:
                right = ((_size(path), "quiet"),)
            mark = ("▌" if picked else " ", "key")
            lines.append(Line((mark, (name, "plain")), right, "cursor" if picked else ""))
        if not lines:
            lines.append(Line(((tr("Nothing here begins like that."), "quiet"),)))
        self.query_one(PaintedLines).show(*lines)


def _size(path: Path) -> str:
    try:
        return fmt.size(path.stat().st_size)
    except OSError:
        return ""
