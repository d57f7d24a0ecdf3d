"""groups.*, users.* and utils.*: who we are, who they are, and the long-poll settings."""

from __future__ import annotations

from smm_inbox.sandbox.vk import shapes
from smm_inbox.sandbox.vk.errors import VkError, invalid
from smm_inbox.sandbox.vk.methods.registry import Context, method
from smm_inbox.sandbox.vk.model import Json
from smm_inbox.sandbox.vk.params import Params
from smm_inbox.sandbox.vk.tokens import (
    ANY,
    COMMUNITY_ONLY,
    COMMUNITY_OR_USER,
    SCOPES,
    TokenKind,
)

_LONG_POLL_OFF = (
    "One of the parameters specified was missing or invalid: longpoll for this group is not enabled"
)


def own_group(ctx: Context, p: Params) -> None:
    """The call is about our community, or error 100."""
    if p.number("group_id", ctx.state.group.id) != ctx.state.group.id:
        raise invalid("group_id is invalid")


@method("groups.getById", ANY)
def get_by_id(ctx: Context, p: Params) -> object:
    """5.199 answers an object with groups and profiles."""
    group = ctx.state.group
    names = {str(group.id), group.screen_name, f"club{group.id}", f"-{group.id}"}
    asked = p.words("group_ids") or p.words("group_id")
    if not asked and ctx.token.kind is not TokenKind.COMMUNITY:
        raise invalid("group_ids is undefined")
    found = not asked or names.intersection(asked)
    return {"groups": [shapes.group(group, ctx.state.base)] if found else [], "profiles": []}


@method("groups.getTokenPermissions", COMMUNITY_ONLY)
def get_token_permissions(ctx: Context, p: Params) -> object:
    """The rights of the community token."""
    scopes = SCOPES if ctx.token.scopes is None else ctx.token.scopes
    held = {name: bit for name, bit in SCOPES.items() if name in scopes}
    return {
        "mask": sum(held.values()),
        "permissions": [{"name": name, "setting": bit} for name, bit in held.items()],
    }


@method("groups.getLongPollServer", COMMUNITY_OR_USER, "manage")
def get_long_poll_server(ctx: Context, p: Params) -> object:
    """A key, an address and the ts to start from; error 29 when asked too often."""
    own_group(ctx, p)
    state = ctx.state
    if not state.events.enabled:
        raise VkError(100, _LONG_POLL_OFF)
    now = state.clock()
    state.server_calls = [at for at in state.server_calls if now - at < 3600]
    if state.limits.long_poll_servers and len(state.server_calls) >= state.limits.long_poll_servers:
        raise VkError(29)
    state.server_calls.append(now)
    key, ts = state.events.issue()
    return {"key": key, "server": f"{state.base}/lp/{state.group.id}", "ts": ts}


@method("groups.getLongPollSettings", COMMUNITY_OR_USER, "manage")
def get_long_poll_settings(ctx: Context, p: Params) -> object:
    """Which events are delivered and in which version's shape."""
    own_group(ctx, p)
    events = ctx.state.events
    return {
        "api_version": events.api_version,
        "is_enabled": events.enabled,
        "events": dict(events.ticked),
    }


@method("groups.setLongPollSettings", COMMUNITY_OR_USER, "manage")
def set_long_poll_settings(ctx: Context, p: Params) -> object:
    """Switch long poll, its version and single events."""
    own_group(ctx, p)
    events = ctx.state.events
    events.enabled = p.number("enabled", int(events.enabled)) == 1
    events.api_version = p.text("api_version", events.api_version)
    for name in events.ticked:
        if p.has(name):
            events.ticked[name] = int(p.flag(name))
    return 1


@method("users.get", ANY)
def users_get(ctx: Context, p: Params) -> object:
    """Profiles by id or screen name; unknown ones are left out."""
    state = ctx.state
    by_name = {person.screen_name: person for person in state.users.values()}
    asked = p.words("user_ids") or ([str(ctx.token.user_id)] if ctx.token.user_id else [])
    if len(asked) > 1000 or not asked:
        raise VkError(113)
    found: list[Json] = []
    for word in asked:
        number = word.removeprefix("id")
        person = state.users.get(int(number)) if number.isdigit() else by_name.get(word)
        if person is not None:
            found.append(shapes.user(person, p.words("fields"), state.base))
    return found


@method("utils.resolveScreenName", ANY)
def resolve_screen_name(ctx: Context, p: Params) -> object:
    """What a short name belongs to; an empty list for nothing."""
    name = p.text("screen_name")
    group = ctx.state.group
    if name in {group.screen_name, f"club{group.id}"}:
        return {"type": "group", "object_id": group.id}
    for person in ctx.state.users.values():
        if name in {person.screen_name, f"id{person.id}"}:
            return {"type": "user", "object_id": person.id}
    return []


@method("utils.getServerTime", ANY)
def server_time(ctx: Context, p: Params) -> object:
    """The network's clock."""
    return ctx.state.now()
