"""The demo morning is full, every kind is there, and customers react to answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from smm_inbox.sandbox.common.lines import answer_to
from smm_inbox.sandbox.vk.demo import DemoVk, demo_vk


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def call(net: DemoVk, method: str, **params: object) -> Any:
    form = {"access_token": str(net.config["token"]), **{k: str(v) for k, v in params.items()}}
    return requests.post(f"{net.vk.url}/method/{method}", data=form, timeout=10).json()["response"]


def listen(net: DemoVk) -> None:
    server = call(net, "groups.getLongPollServer", group_id=net.config["group_id"])
    query = {"act": "a_check", "key": server["key"], "ts": server["ts"], "wait": "0"}
    requests.get(server["server"], params=query, timeout=10)


def test_forty_conversations_of_every_kind_wait() -> None:
    with demo_vk(pace=60) as net:
        state = net.vk.state
        dialogs = [dialog for dialog in state.dialogs.values() if dialog.living]
        roots = [c for c in state.comments.values() if not c.parents and not c.deleted]
        kinds = Counter(comment.kind for comment in roots)
        assert len(dialogs) + len(roots) >= 40
        assert set(kinds) == {"wall", "photo", "video", "market", "board"}
        assert kinds["wall"] >= 8
        attached = {a["type"] for d in dialogs for m in d.messages for a in m.attachments}
        assert attached >= {"photo", "audio_message", "doc", "sticker", "gift", "hologram"}
        everything = [m for d in dialogs for m in d.messages]
        assert any(m.update_time for m in everything)
        assert any(m.admin_author_id for m in everything)
        assert any(m.forwards for m in everything)
        assert any(len(m.text) > 1500 for m in everything)
        assert any("\x1b" in m.text for m in everything)
        assert any(d.peer_id > 2_000_000_000 for d in dialogs)
        people = [state.users[d.peer_id] for d in dialogs if d.peer_id in state.users]
        assert any(p.deactivated for p in people)
        assert any(p.closed for p in people)
        times = [m.date for m in everything]
        assert max(times) <= state.now()
        assert max(times) - min(times) > 3600
        assert [m.id for m in sorted(everything, key=lambda m: m.date)] == sorted(
            m.id for m in everything
        )


def test_the_same_seed_tells_the_same_morning() -> None:
    def texts() -> list[str]:
        with demo_vk(seed=5, pace=60) as net:
            dialogs = net.vk.state.dialogs.values()
            return [message.text for dialog in dialogs for message in dialog.messages]

    assert texts() == texts()


def test_the_day_waits_for_a_listener_then_goes_on_without_end() -> None:
    with demo_vk(pace=0.01) as net:
        events = net.vk.state.events
        before = events.published
        assert events.polls == 0
        listen(net)
        until(lambda: events.published > before + 200)
        posts = net.vk.state.posts.values()
        assert any(post.post_type == "suggest" for post in posts)
        assert any(post.repost_of for post in posts)
        assert net.vk.state.failures == []


def test_a_customer_reacts_to_an_answer() -> None:
    with demo_vk(pace=0.05) as net:
        who = next(u.id for u in net.vk.state.users.values() if u.first_name == "Катя")
        dialog = net.vk.state.dialogs[who]
        listen(net)
        # a reaction may be a mere like, so ask until words come
        for number in range(1, 4):
            call(net, "messages.send", peer_id=who, message="Ждём вас!", random_id=number)
        until(lambda: any(not m.out and m.cmid > 2 for m in dialog.messages))
        assert dialog.out_read


def test_answers_fit_what_was_said() -> None:
    assert "Спасибо! До встречи" in answer_to("Забронировали столик, ждём вас")
    assert "Нас будет четверо" in answer_to("А сколько человек придёт?")
    assert any("извинения" in said for said in answer_to("Извините нас, пожалуйста"))


def test_a_process_of_its_own_is_directed_over_http(tmp_path: Path) -> None:
    report = tmp_path / "vk.json"
    command = [sys.executable, "-m", "smm_inbox.sandbox.vk", "--control", "--state", str(report)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        head = json.loads(process.stdout.readline())
        assert json.loads(report.read_text(encoding="utf-8"))["pid"] == process.pid

        def post(path: str, **body: object) -> Any:
            return requests.post(f"{head['url']}/control/{path}", json=body, timeout=10).json()

        message = post("customer_writes", user_id=1900000101, text="привет")["result"]
        post("customer_edits", peer_id=message["peer_id"], cmid=message["cmid"], text="ой, привет")
        comment = post("customer_comments", post_id=512, user_id=1900000101, text="!")["result"]
        assert post("delete_comment", comment_id=comment["id"]) == {"ok": True}
        assert post("faults/add", target="messages.send", kind="error", code=9) == {"ok": True}
        assert "error" in post("customer_writes", nonsense=1)
        assert "error" in post("no_such_action")
        form = {
            "access_token": head["token"],
            "peer_id": "1900000101",
            "message": "да",
            "random_id": "4",
        }
        url = f"{head['url']}/method/messages.send"
        assert requests.post(url, data=form, timeout=5).json()["error"]["error_code"] == 9
        requests.post(url, data=form, timeout=5)
        sent = requests.get(f"{head['url']}/control/sent", timeout=5).json()["sent"]
        assert [(item["text"], item["token"]) for item in sent] == [("да", "4")]
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0
    final = json.loads(report.read_text(encoding="utf-8"))
    assert final["messages"][0]["text"] == "ой, привет"
    assert final["comments"][0]["deleted"] is True
