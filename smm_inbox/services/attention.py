"""Tells the networks that have to be asked how closely the operator looks."""

from __future__ import annotations

from smm_inbox.channels.base import SupportsAttention
from smm_inbox.domain.channel import Attention
from smm_inbox.domain.ids import AccountId

from .accounts import Accounts


class Attentive:
    """Where the operator looks; a channel that is loaded later learns it too."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._present: bool | None = None
        self._talk: AccountId | None = None
        accounts.on_change(self._tell)

    def look(self, *, present: bool, talk: AccountId | None) -> None:
        """Say where the operator looks; cheap enough to be said every second.

        Args:
            present: The program is in the foreground.
            talk: The account of the private talk that is open; ``None`` when none is.
        """
        if (present, talk) == (self._present, self._talk):
            return
        self._present, self._talk = present, talk
        for account in self._accounts.all():
            self._tell(account)

    def _tell(self, account: AccountId) -> None:
        live = self._accounts.live(account)
        if live is not None and isinstance(live.channel, SupportsAttention):
            live.channel.attend(self._at(account))

    def _at(self, account: AccountId) -> Attention:
        if self._present is None:
            return Attention.NOBODY
        if not self._present:
            return Attention.AWAY
        return Attention.TALKING if account == self._talk else Attention.HERE
