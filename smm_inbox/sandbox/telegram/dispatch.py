"""From a decrypted call to its answer: who may call, which fault strikes, what is kept first."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from typing import Any

from smm_inbox.sandbox.telegram import methods
from smm_inbox.sandbox.telegram.connection import Connection
from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import RpcError, unauthorised
from smm_inbox.sandbox.telegram.faults import Fault, FaultKind
from smm_inbox.sandbox.telegram.model import CallRecord
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.tl import Call, unwrap

Answer = tuple[int, object]
"""(error code or 0, value or error text)."""


class Dispatch:
    """Answers calls of every connection."""

    def __init__(self, state: State, flush: Callable[[], None]) -> None:
        self._state = state
        self._flush = flush
        """Writes the state file and sends what waits: nothing is answered that a kill could undo,
        and what happened before a call is told before its answer."""
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, link: Connection, msg_id: int, request: Any) -> None:
        """Answer one call, at once or when its fault allows."""
        call = unwrap(request)
        fault = self._state.faults.take(call.name)
        if fault is None:
            self._reply(link, msg_id, call, self._run(link, call))
            return
        if fault.after or fault.kind is FaultKind.DELAY:
            answer = self._run(link, call)
        else:
            answer = (0, None)
            self._note(link, call, fault.kind.value)
        task = asyncio.get_running_loop().create_task(
            self._strike(fault, link, msg_id, call, answer)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up on everything that hangs."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _strike(
        self, fault: Fault, link: Connection, msg_id: int, call: Call, answer: Answer
    ) -> None:
        match fault.kind:
            case FaultKind.ERROR:
                self._reply(link, msg_id, call, (fault.code, fault.text))
            case FaultKind.RESET:
                link.reset()
            case FaultKind.DROP:
                link.close()
            case FaultKind.DELAY:
                await asyncio.sleep(fault.seconds or 1.0)
                self._reply(link, msg_id, call, answer)
            case FaultKind.HANG if fault.seconds is not None:
                await asyncio.sleep(fault.seconds)
                link.close()
            case _:
                return

    def _reply(self, link: Connection, msg_id: int, call: Call, answer: Answer) -> None:
        self._flush()
        code, value = answer
        if code:
            link.error(msg_id, code, str(value))
        elif call.name in {"ping", "pingDelayDisconnect"}:
            link.pong(msg_id, call.request.ping_id)
        elif value is not None:
            link.result(msg_id, value)

    def _run(self, link: Connection, call: Call) -> Answer:
        state = self._state
        with state.lock:
            try:
                value = self._value(link, call)
            except RpcError as error:
                self._note(link, call, error.text)
                return error.code, error.text
            except Exception:
                state.failures.append(traceback.format_exc())
                return 400, "SANDBOX_FAILURE"
            self._note(link, call, "ok")
            return 0, value

    def _value(self, link: Connection, call: Call) -> object:
        if call.name in {"ping", "pingDelayDisconnect"}:
            return True
        method = methods.TABLE.get(call.name)
        if method is None:
            self._state.unknown.append(call.name)
            raise RpcError("INPUT_METHOD_INVALID")
        key = link.key
        if key is None:
            raise unauthorised()
        account = self._state.accounts.get(key.account)
        if account is None and not method.open:
            raise unauthorised("SESSION_REVOKED" if key.revoked else "AUTH_KEY_UNREGISTERED")
        if account is not None:
            self._state.polls += 1
            if account.bot_token and method.people_only:
                raise RpcError("BOT_METHOD_INVALID")
            if not call.silent:
                link.listening = True
        context = Context(self._state, key, link.session, account)
        value = method.handler(context, call.request)
        if key.account and not call.silent:
            link.listening = True
        return value

    def _note(self, link: Connection, call: Call, outcome: str) -> None:
        account = link.key.account if link.key is not None else 0
        self._state.calls.append(CallRecord(call.name, account, outcome))
