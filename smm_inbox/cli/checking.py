"""``doctor`` and ``config check``: what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from smm_inbox.config.loader import ConfigError
from smm_inbox.config.model import Settings
from smm_inbox.locale import ntr, tr

from .exits import Exit
from .output import Asker, complain, say, say_json

if TYPE_CHECKING:
    from smm_inbox.services.container import Services
    from smm_inbox.services.doctor import Check


async def examine(services: Services, *, fix: bool, as_json: bool) -> Exit:
    """Run every check, offer repairs when asked, print the result."""
    from smm_inbox.services import doctor  # noqa: PLC0415 - only this command needs it

    with Asker() as ask:
        checks = await doctor.examine(services, fix=fix, confirm=ask)
    report(checks, as_json=as_json, fixing=fix)
    return Exit.FINE if all(check.ok for check in checks) else Exit.ACCOUNT


def report(checks: Sequence[Check], *, as_json: bool, fixing: bool) -> None:
    """Print checks for a person or as JSON."""
    if as_json:
        say_json({"ok": all(check.ok for check in checks), "checks": list(_objects(checks))})
        return
    for check in checks:
        mark = tr("[ fine ]") if check.ok else tr("[WRONG ]")
        where = f"{check.account}: " if check.account else ""
        # The name of a check is a stable word for scripts; the sentence says it to a person.
        say(f"{mark} {where}{check.sentence}")
    if not fixing and any(check.fixable and not check.ok for check in checks):
        say(tr("Some of this can be put right here: smm-inbox doctor --fix"))


def _objects(checks: Iterable[Check]) -> Iterable[dict[str, object]]:
    for check in checks:
        yield {
            "account": check.account or None,
            "name": check.name,
            "ok": check.ok,
            "sentence": check.sentence,
            "fixable": check.fixable,
        }


def report_config(error: ConfigError, *, as_json: bool) -> Exit:
    """Tell what is wrong with the config file in the shape of the other checks."""
    if not as_json:
        complain(error.sentence)
        return Exit.USAGE
    say_json(
        {
            "ok": False,
            "checks": [
                {
                    "account": None,
                    "name": "config",
                    "ok": False,
                    "sentence": problem.sentence,
                    "fixable": False,
                }
                for problem in error.problems
            ],
        }
    )
    return Exit.USAGE


def config_is_fine(settings: Settings) -> str:
    """The sentence of ``config check`` when nothing is wrong."""
    count = len(settings.accounts)
    accounts = ntr("{count} account", "{count} accounts", count).format(count=count)
    return tr("{file} is fine: {accounts}; messages are kept in {folder}").format(
        file=settings.source, accounts=accounts, folder=settings.data_dir
    )
