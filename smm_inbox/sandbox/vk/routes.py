"""From an HTTP request to its answer: methods, long poll, uploads, files, and faults between."""

from __future__ import annotations

import asyncio
import json

from smm_inbox.sandbox.common.files import ogg, png
from smm_inbox.sandbox.common.http import Request, Response
from smm_inbox.sandbox.vk import methods
from smm_inbox.sandbox.vk.control import control
from smm_inbox.sandbox.vk.customers import Customers
from smm_inbox.sandbox.vk.errors import VkError
from smm_inbox.sandbox.vk.faults import Fault, FaultKind
from smm_inbox.sandbox.vk.methods.files import accept
from smm_inbox.sandbox.vk.model import Json
from smm_inbox.sandbox.vk.state import State

HTML = b"<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"
MAX_WAIT = 90.0


class Routes:
    """Answers requests out of the network's state; runs in the server's loop."""

    def __init__(self, state: State, customers: Customers | None) -> None:
        self._state = state
        self._customers = customers
        """Whose doings other processes may direct through /control/, None for nobody's."""
        self._waiting: set[asyncio.Future[None]] = set()

    def wake(self) -> None:
        """An event came: every waiting poll looks again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def answer(self, request: Request) -> Response:
        """One request, with the fault planned for it."""
        _, section, *rest = request.path.split("/")
        name = "/".join(rest)
        if section == "control":
            if self._customers is None:
                return _json({"error": "control is off"}, 404)
            body = json.loads(request.body or b"{}")
            return _json(control(self._customers, request.method, name, body))
        target = name if section == "method" else section
        fault = self._state.faults.take(target)
        if fault is not None and fault.kind is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds or 0.0)
            fault = None
        if fault is None:
            return await self._work(section, name, request)
        early = not fault.after and fault.kind not in {FaultKind.TRUNCATED, FaultKind.REFUSE}
        if early:
            if section == "method":
                with self._state.lock:
                    methods.note(self._state, name, request.form(), "", f"fault {fault.kind}")
            return self._struck(fault, section, name, request, None)
        if fault.kind is FaultKind.REFUSE:
            return self._upload(name, request, refuse=True)
        return self._struck(fault, section, name, request, await self._work(section, name, request))

    async def _work(self, section: str, name: str, request: Request) -> Response:
        match section:
            case "method":
                return _json(methods.call(self._state, name, request.form()))
            case "lp":
                return _json(await self._poll(request.query))
            case "upload":
                return self._upload(name, request, refuse=False)
            case "file":
                return self._file(name)
            case _:
                return Response(b"<html>404</html>", 404, "text/html")

    def _struck(
        self, fault: Fault, section: str, name: str, request: Request, real: Response | None
    ) -> Response:
        if (usual := fault.instead(real, HTML)) is not None:
            return usual
        match fault.kind:
            case FaultKind.FAILED:
                return _json(self._failed(fault.code))
            case FaultKind.REDELIVER:
                with self._state.lock:
                    self._state.events.repeat(fault.code)
                    return _json(self._checked(request.query) or self._state.events.empty())
            case _:
                return _json(VkError(fault.code).body(name or section, request.form()))

    def _failed(self, code: int) -> Json:
        with self._state.lock:
            events = self._state.events
            if code == 1:
                return {"failed": 1, "ts": events.ts}
            if code in {2, 3}:
                events.expire_keys(code)
            answer: Json = {"failed": code}
            return answer | {"min_version": 0, "max_version": 19} if code == 4 else answer

    async def _poll(self, query: dict[str, str]) -> Json:
        loop = asyncio.get_running_loop()
        wait = query.get("wait", "25")
        deadline = loop.time() + min(float(wait) if wait.isdigit() else 25.0, MAX_WAIT)
        while True:
            future: asyncio.Future[None] = loop.create_future()
            self._waiting.add(future)
            try:
                with self._state.lock:
                    found = self._checked(query)
                    if found is not None:
                        return found
                left = deadline - loop.time()
                if left <= 0:
                    return self._state.events.empty()
                await asyncio.wait({future}, timeout=left)
            finally:
                self._waiting.discard(future)

    def _checked(self, query: dict[str, str]) -> Json | None:
        return self._state.events.check(query.get("key", ""), query.get("ts", ""))

    def _upload(self, kind: str, request: Request, *, refuse: bool) -> Response:
        part = next((part for part in request.parts() if part.filename or part.content), None)
        if part is None:
            return _json({"error": "no file", "error_descr": "the file did not come"})
        with self._state.lock:
            name = part.filename or "file"
            return _json(accept(self._state, kind, name, part.content, refuse=refuse))

    def _file(self, name: str) -> Response:
        with self._state.lock:
            known = self._state.files.get(f"{self._state.base}/file/{name}")
        if name.endswith(".png") or (known or b"").startswith(b"\x89PNG"):
            return Response(known or png(sum(name.encode())), 200, "image/png")
        if name.endswith(".ogg"):
            return Response(known or ogg(), 200, "audio/ogg")
        text = known or f"Sandbox file {name}\n".encode()
        return Response(text, 200, "text/plain; charset=utf-8")


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value).encode(), status)
