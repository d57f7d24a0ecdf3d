"""Commands for sorting conversations: status, type, tags, snooze, selection."""

from __future__ import annotations

from ..commands import Command, Group
from .places import BOTH, FEED

TRIAGE = (
    Command(
        "status.close",
        "Close",
        "Close the conversation, no answer needed, and go to the next one.",
        ("e",),
        BOTH,
        Group.TRIAGE,
        show_in_footer=True,
    ),
    Command(
        "status.in_progress",
        "In progress",
        "An interim answer was given, the result is still owed.",
        ("w",),
        BOTH,
        Group.TRIAGE,
        show_in_footer=True,
    ),
    Command(
        "status.reopen", "Reopen", "Open a closed conversation again.", ("E",), BOTH, Group.TRIAGE
    ),
    Command("type.question", "Question", "Mark as a question.", ("1",), BOTH, Group.TRIAGE),
    Command("type.thanks", "Thanks", "Mark as thanks.", ("2",), BOTH, Group.TRIAGE),
    Command("type.complaint", "Complaint", "Mark as a complaint.", ("3",), BOTH, Group.TRIAGE),
    Command("type.neutral", "Neutral", "Mark as neutral.", ("4",), BOTH, Group.TRIAGE),
    Command("spam.toggle", "Spam", "Mark as spam, or not spam.", ("!",), BOTH, Group.TRIAGE),
)

TAGS = (
    Command(
        "snooze.ask",
        "Put aside",
        "Put aside until a moment in words: “2h”, “tomorrow 10”, “until reply”.",
        ("h",),
        BOTH,
        Group.TRIAGE,
        show_in_footer=True,
    ),
    Command(
        "tags.open",
        "Tags",
        "Put tags on and take them off; create, rename, merge and colour them.",
        ("t",),
        BOTH,
        Group.TRIAGE,
        show_in_footer=True,
    ),
    Command(
        "star.toggle", "Star", "Mark with a star, or take it away.", ("=",), BOTH, Group.TRIAGE
    ),
    Command(
        "select.toggle",
        "Select",
        "Select the row: what sorts then changes everything selected.",
        ("x",),
        FEED,
        Group.TRIAGE,
    ),
    Command(
        "select.down",
        "Select downwards",
        "Select this row and the next one.",
        ("J",),
        FEED,
        Group.TRIAGE,
    ),
    Command(
        "select.up",
        "Select upwards",
        "Select this row and the one above.",
        ("K",),
        FEED,
        Group.TRIAGE,
    ),
    Command(
        "select.all",
        "Select all",
        "Select everything in this list; Esc selects nothing.",
        ("*",),
        FEED,
        Group.TRIAGE,
    ),
)
