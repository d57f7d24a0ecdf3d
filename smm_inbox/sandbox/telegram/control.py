"""The JSON control API: another process directs the sandbox and reads what it received."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import asdict, is_dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from smm_inbox.sandbox.telegram.keeping import pack
from smm_inbox.sandbox.telegram.model import Channel, File, Group, Media, Message, User
from smm_inbox.sandbox.telegram.server import TelegramSandbox

ACTIONS = frozenset(
    {
        "admin_comments_from_phone",
        "admin_deletes_from_phone",
        "admin_edits_from_phone",
        "admin_replies_from_phone",
        "customer_comments",
        "customer_deletes",
        "customer_edits",
        "customer_reacts",
        "customer_reads",
        "customer_suggests",
        "customer_types",
        "customer_writes",
        "cut",
        "drop_connections",
        "expire_file_references",
        "forget_keys",
        "forget_random_ids",
        "group_message",
        "limit_account",
        "login_code",
        "mention_in_group",
        "publish_post",
        "restore",
        "revoke_sessions",
        "rotate_salts",
        "scan_qr",
        "service_notice",
        "set_password",
    }
)
"""Script calls taken as they are; the body's keys are their parameters. Messages (``message``,
``post``, ``reply_to``) are named by uid; ``media`` is the name of a kind."""
_MESSAGES = frozenset({"message", "post", "reply_to"})
_MADE = {"add_user": User, "add_channel": Channel, "add_group": Group}
Json = dict[str, object]


def control(tg: TelegramSandbox, name: str, body: object) -> Json:
    """Run one control request; mistakes come back as `{"error": …}`."""
    if not isinstance(body, dict):
        return {"error": "the body must be a JSON object"}
    try:
        answer = _act(tg, name, {str(key): value for key, value in body.items()})
    except (KeyError, TypeError, ValueError, LookupError, AttributeError, RuntimeError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    tg.keep()
    return answer


def _act(tg: TelegramSandbox, name: str, body: Json) -> Json:
    if name in {"sent", "calls", "state"}:
        return _read(tg, name)
    if name == "faults/add":
        tg.faults.add(**body)  # type: ignore[arg-type]
        return {"ok": True}
    if name == "faults/clear":
        tg.faults.clear()
        return {"ok": True}
    if name == "rules":
        for key, value in body.items():
            if not hasattr(tg.rules, key):
                raise ValueError(f"no rule {key!r}")
            setattr(tg.rules, key, value)
        return {"ok": True}
    if name in _MADE:
        getattr(tg, name)(_MADE[name](**body))
        return {"ok": True}
    if name not in ACTIONS:
        return {"error": f"no such action {name!r}"}
    arguments = {
        key: tg.message(_number(value)) if key in _MESSAGES and value is not None else value
        for key, value in body.items()
    }
    if name == "customer_deletes":
        tg.customer_deletes(tg.message(_number(body["message"])))
        return {"ok": True}
    return _told(getattr(tg, name)(**arguments))


def _read(tg: TelegramSandbox, name: str) -> Json:
    state = tg.state
    with state.lock:
        match name:
            case "sent":
                return {"sent": [asdict(item) for item in state.sent]}
            case "calls":
                return {"calls": [asdict(item) for item in state.calls]}
            case _:
                return {
                    "connects": state.connects,
                    "messages": [_shown(item) for item in state.messages.values()],
                    "unknown": list(state.unknown),
                    "failures": list(state.failures),
                }


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is not a number")
    return value


def _told(result: object) -> Json:
    return {"ok": True} if result is None else {"ok": True, "result": _shown(result)}


def _shown(value: object) -> object:
    if isinstance(value, Message | User | Channel | Group | Media | File) and is_dataclass(value):
        return asdict(value)
    return pack(value)


class ControlServer:
    """Serves the control API on a loopback port of its own."""

    def __init__(self, tg: TelegramSandbox, port: int = 0) -> None:
        handler = type("Handler", (_Handler,), {"tg": tg})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to serve."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """`GET` and `POST /control/<action>` with a JSON object."""

    tg: TelegramSandbox
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Read something."""
        self._answer({})

    def do_POST(self) -> None:
        """Do something."""
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            body = None
        self._answer(body)

    def _answer(self, body: object) -> None:
        name = self.path.removeprefix("/control/").partition("?")[0]
        result = json.dumps(control(self.tg, name, body), ensure_ascii=False, default=str)
        raw = result.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the screen may share this terminal."""
