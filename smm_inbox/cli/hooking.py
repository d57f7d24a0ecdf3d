"""``hooks``: take Instagram's webhooks from a tunnel or relay and hand them to the inbox."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection

from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.config.paths import make_private
from smm_inbox.domain.ids import AccountId
from smm_inbox.locale import tr

from .exits import Exit, UsageError
from .output import say

_ADDRESS = re.compile(r"(?:(?P<host>\[[0-9a-fA-F:]+\]|[\w.-]+):)?(?P<port>\d{1,5})")


def address(text: str) -> tuple[str, int]:
    """``127.0.0.1:8080`` or ``8080`` as host and port.

    Raises:
        UsageError: it is neither.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None or int(found["port"]) > 65535:
        raise UsageError(
            tr("“{text}” is not an address: write it as 127.0.0.1:8080.").format(text=text)
        )
    return (found["host"] or "127.0.0.1").strip("[]"), int(found["port"])


def serve(settings: Settings, accounts: Collection[AccountId], listen: tuple[str, int]) -> Exit:
    """Listen until told to stop."""
    chosen = [
        account
        for account in settings.accounts
        if account.id in accounts and account.channel == "instagram" and _secret(account)
    ]
    if not chosen:
        raise UsageError(
            tr(
                "No Instagram account has app_secret: copy it from Meta's app dashboard into the "
                "account in the config file."
            )
        )
    return asyncio.run(_serve(settings, chosen, listen))


async def _serve(
    settings: Settings, accounts: list[AccountSettings], listen: tuple[str, int]
) -> Exit:
    from smm_inbox.channels.instagram.hooks import (  # noqa: PLC0415 - only this command needs it
        Intake,
        Target,
    )

    targets = [
        Target(
            make_private(settings.data_dir / "accounts" / account.id),
            _secret(account),
            str(account.options.get("verify_token") or ""),
        )
        for account in accounts
    ]
    intake = Intake(targets)
    host, port = listen
    try:
        port = await intake.start(host, port)
    except OSError as error:
        raise UsageError(
            tr("The address {host}:{port} cannot be listened on ({reason}).").format(
                host=host, port=port, reason=error.strerror or type(error).__name__
            )
        ) from None
    say(
        tr("Listening on {host}:{port}; the open inbox shows what comes. Ctrl+C ends it.").format(
            host=host, port=port
        )
    )
    try:
        await asyncio.Event().wait()
    finally:
        await intake.close()
    return Exit.FINE


def _secret(account: AccountSettings) -> str:
    value = account.options.get("app_secret")
    return value if isinstance(value, str) else ""
