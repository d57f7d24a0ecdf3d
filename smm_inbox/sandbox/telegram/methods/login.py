"""The end of every login, and the messages Telegram writes about them."""

from __future__ import annotations

from typing import Any

from smm_inbox.sandbox.telegram import profiles
from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import unauthorised
from smm_inbox.sandbox.telegram.model import SERVICE_ID, private
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.tl import types
from smm_inbox.sandbox.telegram.traffic import Draft, put


def enter(context: Context, account: int, *, proven: bool = False) -> Any:
    """Log the caller's key in, or ask for the password first.

    Args:
        context: The caller.
        account: Whose code, QR token or bot token was right.
        proven: The password was right too.

    Raises:
        RpcError: SESSION_PASSWORD_NEEDED.
    """
    state, key = context.state, context.key
    state.dirty = True
    if state.accounts[account].password and not proven:
        key.halfway = account
        raise unauthorised("SESSION_PASSWORD_NEEDED")
    key.account, key.halfway, key.scanned, key.revoked = account, 0, 0, False
    me = profiles.user(state, account, state.users[account])
    return types.auth.Authorization(user=me)


def tell_code(state: State, account: int, code: str) -> None:
    """Telegram writes the code to sessions that are logged in already."""
    if not state.rules.login_messages:
        return
    if any(key.account == account and not key.revoked for key in state.keys.values()):
        text = f"Login code: {code}. Do not give this code to anyone, even if they say they are"
        put(
            state,
            Draft(private(SERVICE_ID, account), SERVICE_ID, f"{text} from Telegram!"),
        )
