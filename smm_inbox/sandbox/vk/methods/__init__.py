"""The API methods of the sandbox VK, by section."""

from smm_inbox.sandbox.vk.methods import (
    comments,
    files,
    groups,
    items,
    messages,
    newsfeed,
    sending,
    wall,
)
from smm_inbox.sandbox.vk.methods.registry import METHODS, call, note

__all__ = [
    "METHODS",
    "call",
    "comments",
    "files",
    "groups",
    "items",
    "messages",
    "newsfeed",
    "note",
    "sending",
    "wall",
]
