"""What the network can be asked."""

from smm_inbox.sandbox.telegram.methods import (
    auth,
    changing,
    channels,
    dialogs,
    files,
    history,
    login,
    people,
    sending,
    updates,
)
from smm_inbox.sandbox.telegram.methods.registry import TABLE, Method

__all__ = [
    "TABLE",
    "Method",
    "auth",
    "changing",
    "channels",
    "dialogs",
    "files",
    "history",
    "login",
    "people",
    "sending",
    "updates",
]
