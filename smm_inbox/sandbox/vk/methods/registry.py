"""The table of API methods: who may call each and what runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smm_inbox.sandbox.vk import tokens
from smm_inbox.sandbox.vk.errors import VkError
from smm_inbox.sandbox.vk.model import Call, Json
from smm_inbox.sandbox.vk.params import Params
from smm_inbox.sandbox.vk.state import State
from smm_inbox.sandbox.vk.tokens import Token, TokenKind


@dataclass(frozen=True, slots=True)
class Context:
    """The network and the token of one call."""

    state: State
    token: Token

    @property
    def actor(self) -> int:
        """Who acts: the community for its token, else the token's user."""
        return self.state.owner if self.token.kind is TokenKind.COMMUNITY else self.token.user_id


Handler = Callable[[Context, Params], object]


@dataclass(frozen=True, slots=True)
class Method:
    """One API method."""

    run: Handler
    kinds: frozenset[TokenKind]
    scope: str


METHODS: dict[str, Method] = {}


def method(name: str, kinds: frozenset[TokenKind], scope: str = "") -> Callable[[Handler], Handler]:
    """Register a method with the kinds of tokens it takes and the right it needs."""

    def register(run: Handler) -> Handler:
        METHODS[name] = Method(run, kinds, scope)
        return run

    return register


def call(state: State, name: str, raw: dict[str, str]) -> Json:
    """Run one call under the network's lock; the answer is VK's JSON."""
    with state.lock:
        kind, outcome = "", "ok"
        try:
            token = tokens.find(state.tokens, raw.get("access_token", ""))
            kind = token.kind.value
            answer: Json = {"response": _run(state, token, name, raw)}
        except VkError as error:
            outcome = f"error {error.code}"
            answer = error.body(name, raw)
        note(state, name, raw, kind, outcome)
        return answer


def note(state: State, name: str, raw: dict[str, str], kind: str, outcome: str) -> None:
    """Keep a call for the record, without its token."""
    params = {key: value for key, value in raw.items() if key != "access_token"}
    state.calls.append(Call(name, params, kind, outcome))


def _run(state: State, token: Token, name: str, raw: dict[str, str]) -> object:
    if token.revoked:
        raise VkError(5)
    if state.limits.rate:
        token.pace(state.clock())
    known = METHODS.get(name)
    if known is None:
        raise VkError(3)
    token.may(known.kinds, known.scope)
    return known.run(Context(state, token), Params(raw))
