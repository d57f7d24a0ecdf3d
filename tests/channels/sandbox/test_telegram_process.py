"""The sandbox network as a process: directed over HTTP, killed without warning, started again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from telethon import TelegramClient, functions, types
from telethon.sessions import SQLiteSession

from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.world import ANNA, ME
from tests.channels.sandbox.telegram_desk import connected


class Network:
    """A running process and its control API."""

    def __init__(self, head: dict[str, Any], process: subprocess.Popen[str]) -> None:
        self.head = head
        self._process = process

    def do(self, action: str, **body: object) -> Any:
        url = f"{self.head['control']}/control/{action}"
        request = Request(url, data=json.dumps(body).encode(), method="POST")
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)


@contextmanager
def network(*options: str) -> Iterator[Network]:
    command = [sys.executable, "-m", "smm_inbox.sandbox.telegram", "--control", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Network(json.loads(process.stdout.readline()), process)
    finally:
        process.terminate()
        process.communicate(timeout=10)


@contextmanager
def client_of(file: Path) -> Iterator[Any]:
    yield TelegramClient(SQLiteSession(str(file)), 1, "x", auto_reconnect=False)


async def test_what_was_answered_survives_the_networks_kill(tmp_path: Path) -> None:
    state, file = tmp_path / "state.json", tmp_path / "cafe.session"
    with network("--state", str(state), "--session", str(file)) as first:
        asked = first.do("customer_writes", who=ANNA, text="до скольки вы?")["result"]
        port = first.head["port"]
        with client_of(file) as client:
            await client.connect()
            (dialog, *_) = await client.get_dialogs()
            request = functions.messages.SendMessageRequest(
                dialog.input_entity,
                "до десяти",
                random_id=4242,
                reply_to=types.InputReplyToMessage(asked["ids"][str(ME)]),
            )
            sent = await client(request)
            first.kill()
            await client.disconnect()
    with network("--state", str(state), "--port", str(port)) as second:
        with client_of(file) as client:
            await client.connect()
            second.do("rules", repeat="replay")
            again = await client(request)
            assert again.updates[0].id == sent.id
            await client.disconnect()
        (delivery,) = second.do("sent")["sent"]
        assert (delivery["text"], delivery["random_id"]) == ("до десяти", 4242)


def test_the_control_api_scripts_and_tells_mistakes() -> None:
    with network() as tg:
        post = tg.do("publish_post", text="суп дня")["result"]
        comment = tg.do("customer_comments", post=post["uid"], who=ANNA, text="вкусно")["result"]
        tg.do("customer_edits", message=comment["uid"], text="очень вкусно")
        tg.do("customer_writes", who=ANNA, media="voice")
        tg.do("faults/add", target="messages.sendMessage", kind="error", text="FLOOD_WAIT_9")
        texts = [item["text"] for item in tg.do("state")["messages"]]
        assert texts.count("суп дня") == 2
        assert "очень вкусно" in texts
        assert "error" in tg.do("customer_writes", nobody=1)
        assert "error" in tg.do("no_such_action")
        assert "error" in tg.do("rules", no_such_rule=1)


async def test_a_memory_read_back_is_the_same_network(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with TelegramSandbox(state_file=file) as tg:
        post = tg.publish_post("пост", media="photo")
        tg.customer_comments(post, ANNA, "комментарий @warm_corner_cafe")
        session = tg.write_session(tmp_path / "cafe")
        before = {uid: (item.text, item.ids) for uid, item in tg.state.messages.items()}
        port = tg.port
    with TelegramSandbox(state_file=file, port=port) as tg:
        assert {uid: (m.text, m.ids) for uid, m in tg.state.messages.items()} == before
        async with connected(tg, session=SQLiteSession(str(session))) as client:
            assert (await client.get_me()).id == ME
            counts = {d.name: d.unread_mentions_count for d in await client.get_dialogs()}
            assert counts["Тёплый угол: разговоры"] == 1
        assert tg.state.failures == []
