"""`python -m smm_inbox.sandbox.telegram`: the sandbox Telegram as a process of its own."""

from __future__ import annotations

import os
from pathlib import Path

from smm_inbox.sandbox.common.process import announce, options_for, stop_signal
from smm_inbox.sandbox.telegram.control import ControlServer
from smm_inbox.sandbox.telegram.server import TelegramSandbox


def main() -> int:
    """Serve until SIGTERM or Ctrl+C; print addresses and credentials as one JSON line."""
    parser = options_for("smm_inbox.sandbox.telegram")
    parser.add_argument("--state", type=Path, help="memory that survives a kill")
    parser.add_argument("--control", action="store_true", help="a JSON control API over HTTP")
    parser.add_argument("--control-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--session", type=Path, help="write a logged-in session file here")
    options = parser.parse_args()
    stop = stop_signal()
    sandbox = TelegramSandbox(seed=options.seed, port=options.port, state_file=options.state)
    with sandbox as tg:
        head: dict[str, object] = {
            "host": tg.host,
            "port": tg.port,
            "dc": tg.dc,
            "public_key": tg.public_key_pem,
            "api_id": tg.api_id,
            "api_hash": tg.api_hash,
            "phone": tg.phone,
            "bot_token": tg.bot_token,
            "pid": os.getpid(),
        }
        if options.session:
            head["session"] = str(tg.write_session(options.session))
        control = ControlServer(tg, options.control_port) if options.control else None
        if control is not None:
            control.start()
            head["control"] = control.url
        announce(head)
        stop.wait()
        if control is not None:
            control.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
