"""Logging an account in or out: the same for the command line and the screen."""

from __future__ import annotations

from smm_inbox.channels.base import Login, SupportsLogin
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId
from smm_inbox.locale import tr

from .accounts import Accounts


class Logins:
    """Logins of the accounts that have one."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def possible(self, account: AccountId) -> bool:
        """Whether the account is logged in by a person, as far as its channel is loaded."""
        live = self._accounts.live(account)
        return live is not None and isinstance(live.channel, SupportsLogin)

    async def begin(self, account: AccountId) -> Login:
        """A login of the account, not started yet; raises ``InboxError`` when it has none."""
        return (await self._channel(account)).login()

    async def finish(self, account: AccountId) -> None:
        """Connect with the new login at once, when the account is being read."""
        await self._accounts.retry_now(account)

    async def log_out(self, account: AccountId) -> None:
        """End the account's session on the network and forget it here."""
        await (await self._channel(account)).log_out()

    async def _channel(self, account: AccountId) -> SupportsLogin:
        live = self._accounts.live(account)
        channel = None if live is None else await self._accounts.load_channel(live)
        if not isinstance(channel, SupportsLogin):
            raise InboxError(
                tr("“{account}” needs no login: its token stands in the config file.").format(
                    account=account
                )
            )
        return channel


__all__ = ["Login", "Logins"]
