"""Token kinds and scopes, and what each may call."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from smm_inbox.sandbox.vk.errors import NO_TOKEN_TEXT, OTHER_IP_TEXT, SCOPE_TEXT, VkError

COMMUNITY_TOKEN = "vk1.a.community-demo"  # noqa: S105 - opens nothing but the sandbox
SERVICE_TOKEN = "service-demo"  # noqa: S105
USER_TOKEN = "vk1.a.user-demo"  # noqa: S105
SCOPES = {"photos": 4, "messages": 4096, "wall": 8192, "docs": 131072, "manage": 262144}
"""A community token's rights and their bits in groups.getTokenPermissions."""


class TokenKind(StrEnum):
    """The three kinds of tokens VK knows."""

    COMMUNITY = "community"
    SERVICE = "service"
    USER = "user"


ANY = frozenset(TokenKind)
COMMUNITY_OR_USER = frozenset({TokenKind.COMMUNITY, TokenKind.USER})
SERVICE_OR_USER = frozenset({TokenKind.SERVICE, TokenKind.USER})
USER_ONLY = frozenset({TokenKind.USER})
COMMUNITY_ONLY = frozenset({TokenKind.COMMUNITY})


@dataclass(slots=True)
class Token:
    """One token and its state."""

    kind: TokenKind
    scopes: set[str] | None = None
    """None: every right of its kind."""
    user_id: int = 0
    revoked: bool = False
    other_ip: bool = False
    rps: int = 3
    stamps: deque[float] = field(default_factory=deque)

    def may(self, kinds: frozenset[TokenKind], scope: str) -> None:
        """Pass, or raise the error VK answers.

        Raises:
            VkError: 5, 27, 28 or 15 with subcode 1133.
        """
        if self.revoked:
            raise VkError(5)
        if self.other_ip:
            raise VkError(5, OTHER_IP_TEXT)
        if self.kind not in kinds:
            raise VkError({TokenKind.COMMUNITY: 27, TokenKind.SERVICE: 28}.get(self.kind, 15))
        if scope and self.scopes is not None and scope not in self.scopes:
            raise VkError(15, SCOPE_TEXT, error_subcode=1133)

    def pace(self, now: float) -> None:
        """Count this call against the token's limit per second.

        Raises:
            VkError: 6, too many requests per second.
        """
        while self.stamps and now - self.stamps[0] >= 1.0:
            self.stamps.popleft()
        if len(self.stamps) >= self.rps:
            raise VkError(6)
        self.stamps.append(now)


def default_tokens(admin_id: int) -> dict[str, Token]:
    """The three tokens of the default world, with all the rights a kind can have."""
    return {
        COMMUNITY_TOKEN: Token(TokenKind.COMMUNITY, set(SCOPES), rps=20),
        SERVICE_TOKEN: Token(TokenKind.SERVICE),
        USER_TOKEN: Token(TokenKind.USER, user_id=admin_id),
    }


def find(tokens: dict[str, Token], presented: str) -> Token:
    """The token presented by a call.

    Raises:
        VkError: 5 when there is none or it is unknown.
    """
    if not presented:
        raise VkError(5, NO_TOKEN_TEXT)
    token = tokens.get(presented)
    if token is None:
        raise VkError(5)
    return token
