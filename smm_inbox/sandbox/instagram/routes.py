"""From an HTTP request to an answer: version, token, limits, faults, usage headers."""

from __future__ import annotations

import asyncio
import json
import re

from smm_inbox.sandbox.common.http import Request, Response
from smm_inbox.sandbox.instagram import reading, writing
from smm_inbox.sandbox.instagram import state as world
from smm_inbox.sandbox.instagram.control import control
from smm_inbox.sandbox.instagram.customers import Customers
from smm_inbox.sandbox.instagram.errors import GraphError
from smm_inbox.sandbox.instagram.faults import Fault, FaultKind
from smm_inbox.sandbox.instagram.model import Call, Json

HTML = b"<html><head><title>Sorry</title></head><body>Something went wrong.</body></html>"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "78da63f8cfc0000003010100f70341430000000049454e44ae426082"
)
"""One pixel."""
_VERSION = re.compile(r"v\d+\.\d+")
_DM_NAMES = frozenset({"conversations", "messages", "message"})


class Routes:
    """Answers requests on one network."""

    def __init__(self, customers: Customers, *, controlled: bool) -> None:
        self._customers = customers
        self._state = customers.state
        self._controlled = controlled

    async def answer(self, request: Request) -> Response:
        """The answer to one request; faults may take its place."""
        path = [part for part in request.path.split("/") if part]
        if path[:1] == ["control"] and self._controlled:
            body = json.loads(request.body) if request.body else {}
            return _json(control(self._customers, request.method, "/".join(path[1:]), body))
        if path[:1] == [world.CDN]:
            return await self._media(request)
        if path and _VERSION.fullmatch(path[0]):
            path = path[1:]
        values = _values(request)
        with self._state.lock:
            if request.method == "GET":
                name = reading.name_of(self._state, path)
            else:
                name = writing.name_of(request.method, path, values)
        fault = self._state.faults.take(name)
        if fault is None:
            return self._work(request, name, path, values)
        if fault.kind is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds or 0.0)
            return self._work(request, name, path, values)
        effect = fault.after or fault.kind is FaultKind.TRUNCATED
        with self._state.lock:
            self._state.late = fault.late
            real = self._work(request, name, path, values) if effect else None
            self._state.late = 0.0
        if real is None:
            self._note(request, name, 0)
        return self._struck(fault, real)

    async def _media(self, request: Request) -> Response:
        """A picture or a file: no token belongs here, and addresses die."""
        fault = self._state.faults.take("cdn")
        if "authorization" in request.headers or "access_token" in request.query:
            self._state.failures.append(f"a token was shown to {request.path}")
        picture = Response(PICTURE, 200, "image/png")
        with self._state.lock:
            alive = request.query.get("epoch") == str(self._state.epoch)
        self._note(request, "cdn", 200 if alive else 403)
        if fault is not None:
            return self._struck(fault, picture)
        return picture if alive else Response(b"URL signature expired", 403, "text/plain")

    def _work(self, request: Request, name: str, path: list[str], values: Json) -> Response:
        state = self._state
        with state.lock:
            try:
                token = _token(request)
                state.check_token(token)
                self._check_limits(name)
                if request.method == "GET":
                    text = {key: str(value) for key, value in values.items()}
                    body, status = reading.answer(state, path, text, token), 200
                else:
                    body, status = writing.act(state, request.method, path, values), 200
            except GraphError as error:
                body, status = error.body(), error.kind.status
            self._note(request, name, status)
            return _json(body, status, self._usage())

    def _note(self, request: Request, name: str, status: int) -> None:
        with self._state.lock:
            at = self._state.now()
            self._state.calls.append(Call(request.method, name, request.path, at, status))

    def _check_limits(self, name: str) -> None:
        state = self._state
        if state.usage_now() >= 100:
            raise GraphError("limit")
        if state.dm_rate is not None and name in _DM_NAMES:
            since = state.now() - 1.0
            recent = [call for call in list(state.calls)[-20:] if call.at > since]
            if sum(call.name in _DM_NAMES for call in recent) >= state.dm_rate:
                raise GraphError("dm_limit")

    def _usage(self) -> dict[str, str]:
        percent = self._state.usage_now()
        per_account = {
            world.USER_ID: [
                {
                    "type": "instagram",
                    "call_count": percent,
                    "total_cputime": percent // 3,
                    "total_time": percent // 2,
                    "estimated_time_to_regain_access": self._state.regain_minutes,
                }
            ]
        }
        app = {"call_count": percent, "total_time": percent // 2, "total_cputime": percent // 2}
        return {
            "X-App-Usage": json.dumps(app),
            "X-Business-Use-Case-Usage": json.dumps(per_account),
        }

    def _struck(self, fault: Fault, real: Response | None) -> Response:
        if (usual := fault.instead(real, HTML)) is not None:
            return usual
        error = GraphError(fault.error)
        status = 200 if fault.kind is FaultKind.ERROR_IN_200 else error.kind.status
        return _json(error.body(), status, self._usage())


def _values(request: Request) -> Json:
    values: Json = dict(request.form())
    if request.headers.get("content-type", "").startswith("application/json") and request.body:
        try:
            body = json.loads(request.body)
        except ValueError:
            body = None
        if isinstance(body, dict):
            values.update(body)
    return values


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return request.query.get("access_token", "")


def _json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    # Escaped, as Graph does: half a surrogate pair could not leave otherwise.
    return Response(json.dumps(value).encode(), status, headers=headers or {})
