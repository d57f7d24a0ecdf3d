"""Doctor: looks at every account and the database, says what is wrong, repairs on consent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from smm_inbox.channels.base import Check as ChannelCheck
from smm_inbox.channels.base import SupportsDiagnosis
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId
from smm_inbox.locale import tr
from smm_inbox.storage.database import Database

from .accounts import Accounts, LiveAccount
from .container import Services

_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    account: AccountId | None
    """``None``: about the program itself."""
    name: str
    ok: bool
    sentence: str
    fixable: bool = False


async def examine(
    services: Services,
    *,
    fix: bool = False,
    confirm: Callable[[str], bool] = lambda _: False,
) -> list[Check]:
    """Check the database and every enabled account; with ``fix`` repair what ``confirm`` allows.

    ``confirm`` is called with a question about one account, on a worker thread.
    """
    accounts = services.accounts
    findings = [await _database(services.db)]
    for account in accounts.all().values():
        if account.settings.enabled:
            findings.extend(await _account(accounts, account, fix=fix, confirm=confirm))
    return findings


async def _database(db: Database) -> Check:
    try:
        row = await db.one("PRAGMA quick_check(1)")
    except InboxError as error:
        return Check(None, "database", ok=False, sentence=error.sentence)
    ok = row is not None and row[0] == "ok"
    sentence = (
        tr("The database is sound.")
        if ok
        else tr("The database is damaged: put back a copy from the folder “backups” beside it.")
    )
    return Check(None, "database", ok=ok, sentence=sentence)


async def _account(
    accounts: Accounts, account: LiveAccount, *, fix: bool, confirm: Callable[[str], bool]
) -> list[Check]:
    try:
        channel = await accounts.load_channel(account)
        if not isinstance(channel, SupportsDiagnosis):
            await asyncio.wait_for(channel.connect(), _TIMEOUT)
            return [Check(account.id, "connect", ok=True, sentence=tr("The network answers."))]
        checks = await asyncio.wait_for(channel.diagnose(), _TIMEOUT)
        broken = [check for check in checks if not check.ok and check.fixable]
        if fix and broken:
            question = tr("{account}: may I change the settings on the network? {what}").format(
                account=account.settings.title, what=" ".join(c.sentence for c in broken)
            )
            if await asyncio.to_thread(confirm, question):
                checks = await asyncio.wait_for(channel.repair(), _TIMEOUT)
        return [_line(account.id, check) for check in checks]
    except InboxError as error:
        return [Check(account.id, "connect", ok=False, sentence=error.told)]
    except TimeoutError:
        sentence = tr("The network did not answer in time: check the internet and the proxy.")
        return [Check(account.id, "connect", ok=False, sentence=sentence)]


def _line(account: AccountId, check: ChannelCheck) -> Check:
    return Check(account, check.name, check.ok, check.sentence, check.fixable)
