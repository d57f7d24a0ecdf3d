"""Every command of the program as data: id, titles, default keys, where it works."""

from __future__ import annotations

from ..commands import Command
from .answering import ANSWER, DELIVERY, SCRIPTS, WRITING
from .desk import PEOPLE, PROGRAM, WORD
from .looking import FIND, LOOK, MOVE, VIEWS
from .sorting import TAGS, TRIAGE

COMMANDS: tuple[Command, ...] = (
    *ANSWER,
    *SCRIPTS,
    *TRIAGE,
    *TAGS,
    *MOVE,
    *VIEWS,
    *LOOK,
    *DELIVERY,
    *WRITING,
    *PEOPLE,
    *WORD,
    *FIND,
    *PROGRAM,
)
"""In the order of the footer and of the help screen."""
