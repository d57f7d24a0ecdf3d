"""The set-up of a community on VK: who we are, rights of the token, settings of the long poll."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from smm_inbox.channels.base import Check
from smm_inbox.domain.channel import Identity, Limitation
from smm_inbox.domain.errors import AuthExpired, ChannelError, Rejected, Unsupported
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

from .account import Account
from .client import API_VERSION
from .mapping import events, people, raw
from .mapping.mentions import Ourselves
from .mapping.raw import Raw
from .rights import Role

_log = logging.getLogger(__name__)

NEEDED_RIGHTS = ("messages", "manage", "photos", "docs", "wall")


@dataclass(frozen=True, slots=True)
class LongPoll:
    """Settings of the community's long poll."""

    enabled: bool
    version: str
    missing: tuple[str, ...]
    """Event types that are not ticked."""

    @property
    def fine(self) -> bool:
        """Whether events come whole and of every kind."""
        return self.enabled and self.version == API_VERSION and not self.missing


async def introduce(account: Account) -> Identity:
    """Ask VK who we are; the first call of every connection, so a dead token shows here."""
    group = account.us.group_id
    answer = await account.api.call("groups.getById", {"group_ids": group, "fields": people.FIELDS})
    groups = raw.items(raw.obj(answer).get("groups", answer))
    ours = next((entry for entry in groups if raw.integer(entry.get("id")) == group), None)
    contact = people.community(ours) if ours else None
    if contact is None:
        raise Rejected(
            tr("VK knows no community {number}: check group_id in the account.").format(
                number=group
            )
        )
    screen_name = clean_line((ours or {}).get("screen_name"), limit=64)
    account.us = Ourselves(group, screen_name)
    account.memory.names.put(account.us.owner, contact.name)
    return Identity(str(account.us.owner), contact.name, contact.handle, contact.url)


async def missing_rights(account: Account) -> tuple[str, ...] | None:
    """Rights the community token lacks; ``None`` when VK does not tell."""
    try:
        answer = raw.obj(await account.api.call("groups.getTokenPermissions", {}))
    except AuthExpired:
        raise
    except ChannelError as error:
        _log.info("rights of the token are not known: %s", type(error).__name__)
        return None
    granted = {entry.get("name") for entry in raw.items(answer.get("permissions"))}
    return tuple(name for name in NEEDED_RIGHTS if name not in granted)


async def long_poll(account: Account) -> LongPoll | None:
    """Settings of the long poll; ``None`` when VK does not tell."""
    try:
        answer = raw.obj(
            await account.api.call("groups.getLongPollSettings", {"group_id": account.us.group_id})
        )
    except AuthExpired:
        raise
    except ChannelError as error:
        _log.info("settings of the long poll are not known: %s", type(error).__name__)
        return None
    return _read_settings(answer)


async def no_events(account: Account, refusal: ChannelError) -> ChannelError:
    """Why VK gives no events and what helps, in place of ``refusal``; a new community has none."""
    if isinstance(refusal, Unsupported):
        missing = await missing_rights(account)
        return Unsupported(_rights_sentence(missing)) if missing else refusal
    settings = await long_poll(account)
    if settings is None or settings.enabled:
        return refusal
    return Rejected(_what_to_do(settings))


async def limitations(account: Account) -> tuple[Limitation, ...]:
    """What the set-up lacks, for the health of the account."""
    found: list[Limitation] = []
    missing = await missing_rights(account)
    if missing:
        found.append(Limitation("token.rights", SafeText(_rights_sentence(missing))))
    settings = await long_poll(account)
    if settings is not None and not settings.fine:
        found.append(Limitation("events", SafeText(_what_to_do(settings))))
    return tuple(found)


async def diagnose(account: Account) -> list[Check]:
    """Examine the set-up; changes nothing and never raises."""
    try:
        identity = await introduce(account)
    except ChannelError as error:
        return [Check("token", False, error.told)]
    named = tr("The community token works: {name}.").format(name=identity.name)
    checks = [Check("token", True, named)]
    try:
        missing = await missing_rights(account)
        settings = await long_poll(account)
    except ChannelError as error:
        return [*checks, Check("rights", False, error.told)]
    checks.append(_rights_check(missing))
    checks.append(_settings_check(settings))
    checks.extend(await _extra_tokens(account))
    return checks


async def repair(account: Account) -> list[Check]:
    """Switch the long poll on with the version and the events we read, then examine again."""
    params: dict[str, object] = {
        "group_id": account.us.group_id,
        "enabled": 1,
        "api_version": API_VERSION,
        **dict.fromkeys(events.WANTED, 1),
    }
    try:
        await account.api.act("groups.setLongPollSettings", params, repeatable=True)
    except ChannelError as error:
        return [Check("events", False, error.told)]
    return await diagnose(account)


def _read_settings(answer: Raw) -> LongPoll:
    ticked = raw.obj(answer.get("events"))
    # A type that VK does not list cannot be ticked: only those listed and off are missing.
    missing = tuple(
        name for name in events.WANTED if name in ticked and not raw.truthy(ticked[name])
    )
    version = answer.get("api_version")
    return LongPoll(
        raw.truthy(answer.get("is_enabled")), version if isinstance(version, str) else "", missing
    )


def _rights_check(missing: tuple[str, ...] | None) -> Check:
    if missing is None:
        return Check("rights", False, tr("VK does not tell which rights the token has."))
    if missing:
        return Check("rights", False, _rights_sentence(missing))
    return Check("rights", True, tr("The community token has all the rights it needs."))


def _settings_check(settings: LongPoll | None) -> Check:
    if settings is None:
        return Check(
            "events",
            False,
            tr("VK does not show the settings of events: the right manage is missing."),
        )
    if settings.fine:
        return Check("events", True, tr("VK reports every kind of message and comment."))
    return Check("events", False, _settings_sentence(settings), fixable=True)


async def _extra_tokens(account: Account) -> list[Check]:
    """Try the optional tokens with the lightest call each of them must be able to do."""
    checks: list[Check] = []
    extras = (
        (Role.SERVICE, "service_key", tr("The service key works.")),
        (Role.USER, "user_token", tr("The administrator's token works.")),
    )
    for role, name, works in extras:
        if role not in account.api.rights.roles:
            continue
        try:
            await account.api.probe(role, "users.get", {"user_ids": 1})
        except ChannelError as error:
            checks.append(Check(name, False, error.told))
        else:
            checks.append(Check(name, True, works))
    return checks


def _rights_sentence(missing: tuple[str, ...]) -> str:
    return tr(
        "The community token lacks the rights {names}: make a new one in the community's settings "
        "(API usage) with all of them ticked."
    ).format(names=", ".join(f"{_right(name)} ({name})" for name in missing))


def _right(name: str) -> str:
    """A right as VK's own page calls it."""
    return {
        "messages": tr("community messages"),
        "manage": tr("management"),
        "photos": tr("photos"),
        "docs": tr("files"),
        "wall": tr("wall"),
    }.get(name, name)


def _what_to_do(settings: LongPoll) -> str:
    return f"{_settings_sentence(settings)} {tr('Run: smm-inbox doctor --fix')}"


def _settings_sentence(settings: LongPoll) -> str:
    if not settings.enabled:
        return tr("The community does not report events to programs: nothing would arrive.")
    if settings.version != API_VERSION:
        return tr("VK reports events in an old format ({version}): parts may be missing.").format(
            version=clean_line(settings.version, limit=20) or "—"
        )
    return tr("VK does not report everything; not ticked: {names}.").format(
        names=", ".join(settings.missing)
    )
