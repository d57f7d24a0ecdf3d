"""Logging in step by step: what a network wants next, as data for any screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .text import SafeText


class LoginStage(StrEnum):
    """What is wanted of the person now."""

    SCAN = "scan"
    """Scan a QR code with the phone."""
    CODE = "code"
    """Type the code the network has sent."""
    PASSWORD = "password"  # noqa: S105 - the name of a stage
    """Type the password of the second step."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class LoginStep:
    """One step of a login."""

    stage: LoginStage
    sentence: SafeText
    """What to do, in words."""
    problem: SafeText = SafeText("")
    """What was wrong with the last answer; empty when nothing was."""
    link: str = ""
    """What the QR code says; opening it on a device that is logged in does the same."""
    modules: tuple[tuple[bool, ...], ...] = ()
    """The QR code row by row with its quiet border; true is dark."""
    until: datetime | None = None
    """When this picture is replaced by another."""
