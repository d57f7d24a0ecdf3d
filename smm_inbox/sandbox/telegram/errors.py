"""Errors the network answers calls with."""

from __future__ import annotations


class RpcError(Exception):
    """A call that is refused: Telegram's code and text."""

    def __init__(self, text: str, code: int = 400) -> None:
        super().__init__(text)
        self.text = text
        self.code = code


def unauthorised(text: str = "AUTH_KEY_UNREGISTERED") -> RpcError:
    """Nobody is logged in on this key."""
    return RpcError(text, 401)


def forbidden(text: str) -> RpcError:
    """Not allowed to this account."""
    return RpcError(text, 403)
