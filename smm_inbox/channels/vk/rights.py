"""Which token can call which method: the published rule to start from, and what was learnt."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """Kinds of VK tokens."""

    COMMUNITY = "community"
    SERVICE = "service"
    USER = "user"


_SERVICE_OR_USER = (Role.SERVICE, Role.USER)
_USER = (Role.USER,)

# access_token_type of VK's schema 5.199 for the methods we call. Methods that are not listed are
# called with the community token. The schema may lag behind VK (communities now have a right
# "wall"), so a community token is still tried once where nothing else is at hand.
_RULE: dict[str, tuple[Role, ...]] = {
    "wall.get": _SERVICE_OR_USER,
    "wall.get:suggests": _USER,
    "wall.getById": _SERVICE_OR_USER,
    "wall.getComments": _SERVICE_OR_USER,
    "board.getComments": _SERVICE_OR_USER,
    "board.getTopics": _SERVICE_OR_USER,
    "photos.getById": _SERVICE_OR_USER,
    "newsfeed.search": _SERVICE_OR_USER,
    "wall.getComment": _USER,
    "wall.deleteComment": _USER,
    "wall.editComment": _USER,
    "photos.createComment": _USER,
    "video.createComment": _USER,
    "market.createComment": _USER,
    "board.createComment": _USER,
    "photos.editComment": _USER,
    "video.editComment": _USER,
    "market.editComment": _USER,
    "board.editComment": _USER,
    "photos.deleteComment": _USER,
    "video.deleteComment": _USER,
    "market.deleteComment": _USER,
    "photos.getComments": _USER,
    "photos.getAllComments": _USER,
    "video.getComments": _USER,
    "market.getComments": _USER,
    "video.get": _USER,
    "market.get": _USER,
    "market.getById": _USER,
    "photos.getWallUploadServer": _USER,
    "photos.saveWallPhoto": _USER,
    "newsfeed.getMentions": _USER,
}

# Comments carry the name of their author: an administrator's own token would do for these as well,
# but the community token is the one that always exists.
_COMMUNITY = (Role.COMMUNITY,)


class Rights:
    """What the tokens of one account can do, as far as is known."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self.roles = frozenset(roles)
        self._refused: set[tuple[Role, str]] = set()
        self._impossible: set[tuple[Role, str]] = set()
        self._proven: set[tuple[Role, str]] = set()
        self._dead: set[Role] = set()

    def candidates(self, method: str) -> tuple[Role, ...]:
        """Tokens worth trying for ``method``, best first; empty when none can do it."""
        rule = _RULE.get(method, _COMMUNITY)
        order = (*rule, *(role for role in _COMMUNITY if role not in rule))
        return tuple(
            role
            for role in order
            if role in self.roles and role not in self._dead and not self._no(role, method)
        )

    def can(self, *methods: str) -> bool:
        """Whether all ``methods`` may be offered: granted by the rule or seen to work."""
        return all(self._can(method) for method in methods)

    def _can(self, method: str) -> bool:
        rule = _RULE.get(method, _COMMUNITY)
        return any(
            role in rule or (role, method) in self._proven for role in self.candidates(method)
        )

    def lacks(self, method: str) -> Role:
        """The token that would make ``method`` possible."""
        return _RULE.get(method, _COMMUNITY)[0]

    def refuse(self, role: Role, method: str, *, for_good: bool = True) -> None:
        """Remember that ``role`` may not call ``method``: it is not tried again.

        With ``for_good`` it is the token itself that cannot, and only another token in the config
        file helps; otherwise the refusal lasts as long as the connection.
        """
        (self._impossible if for_good else self._refused).add((role, method))
        self._proven.discard((role, method))

    def prove(self, role: Role, method: str) -> None:
        """Remember that it worked."""
        self._proven.add((role, method))

    def bury(self, role: Role) -> None:
        """Remember that an optional token is dead."""
        self._dead.add(role)

    @property
    def dead(self) -> frozenset[Role]:
        """Optional tokens that VK does not accept any more."""
        return frozenset(self._dead)

    def _no(self, role: Role, method: str) -> bool:
        return (role, method) in self._impossible or (role, method) in self._refused

    def forget(self) -> None:
        """Start over with what may have changed while we were away; a token's kind cannot."""
        self._refused.clear()
        self._dead.clear()
