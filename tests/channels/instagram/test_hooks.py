"""Webhooks: only signed ones are taken, they wait on the disk, and nothing comes twice."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_inbox.channels.instagram import hooks as intake_module
from smm_inbox.channels.instagram import spool
from smm_inbox.channels.instagram.hooks import Intake, Target
from smm_inbox.sandbox.instagram import InstagramSandbox

from .conftest import Open
from .support import Stream, load

SECRET = "app-secret"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[str]:
    intake = Intake([Target(tmp_path, SECRET, "слово"), Target(tmp_path, "other", "word")])
    port = await intake.start("127.0.0.1", 0)
    yield f"http://127.0.0.1:{port}/"
    await intake.close()


async def post(door: str, body: bytes, secret: str = SECRET, **headers: Any) -> int:
    made = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    async with httpx.AsyncClient(trust_env=False) as web:
        sent: dict[str, Any] = {"X-Hub-Signature-256": made, **headers}
        return (await web.post(door, content=body, headers=sent)).status_code


def payload(ig: InstagramSandbox, person: str, mid: str, text: str) -> Any:
    made = load("46_webhook_message")
    event = made["entry"][0]["messaging"][0]
    event["sender"]["id"], event["message"] = person, {"mid": mid, "text": text}
    event["timestamp"] = int(ig.state.now() * 1000)
    return made


async def test_a_signed_webhook_reaches_the_inbox_once_beside_polling(
    ig: InstagramSandbox, opened: Open, door: str, tmp_path: Path
) -> None:
    person = ig.add_person("marina_kofe")
    stream = Stream(await opened(app_secret=SECRET))
    await stream.caught_up()
    message = ig.customer_writes(person, "Вы открыты?")
    assert (
        await post(door, json.dumps(payload(ig, person, message.id, "Вы открыты?")).encode()) == 200
    )
    found = await stream.text("Вы открыты?")
    assert found.remote_id == message.id, "the key under which polling finds it as well"
    await stream.until(lambda batch: batch.caught_up)
    assert spool.waiting(tmp_path) == []


async def test_a_webhook_waits_until_it_is_stored(
    ig: InstagramSandbox, opened: Open, door: str, tmp_path: Path
) -> None:
    body = json.dumps(payload(ig, "99", "m1", "не потеряйте")).encode()
    assert await post(door, body) == 200
    channel = await opened(app_secret=SECRET)
    lost = Stream(channel)
    await lost.text("не потеряйте")
    await lost.close()
    again = Stream(channel)
    await again.text("не потеряйте")
    assert len(spool.waiting(tmp_path)) == 1


async def test_a_mention_elsewhere_comes_and_is_no_limitation_any_more(
    ig: InstagramSandbox, opened: Open, door: str
) -> None:
    without = await opened()
    assert "mentions.poll" in {item.action for item in without.limitations}
    channel = await opened(app_secret=SECRET)
    assert "mentions.poll" not in {item.action for item in channel.limitations}
    stream = Stream(channel)
    await stream.caught_up()
    await post(door, json.dumps(load("50_webhook_mention")).encode())
    mention = await stream.text("mentioned")
    assert mention.mentions_us
    assert channel.reply_closed(mention.place) == ""


@pytest.mark.parametrize("body", [b"{}", b"", b"nonsense", b"[]"])
async def test_only_the_very_bytes_that_were_signed_are_taken(
    door: str, tmp_path: Path, body: bytes
) -> None:
    assert await post(door, body, "wrong") == 403
    assert await post(door, body, "") == 403
    odd: dict[str, Any] = {"X-Hub-Signature-256": "sha256=é".encode()}
    assert await post(door, body, **odd) == 403
    assert spool.waiting(tmp_path) == []
    assert await post(door, body) == 200
    assert len(spool.waiting(tmp_path)) == int(body == b"{}")


async def test_the_address_is_confirmed_with_our_own_word(door: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as web:
        query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
        right = await web.get(door, params={**query, "hub.verify_token": "word"})
        wrong = await web.get(door, params={**query, "hub.verify_token": "wort"})
        script = await web.get(
            door, params={"hub.challenge": "<script>", "hub.verify_token": "word"}
        )
    assert (right.status_code, right.text) == (200, "1158201444")
    assert (wrong.status_code, script.status_code) == (403, 403)


async def test_too_much_is_refused_before_it_is_read(
    door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "MAX_BODY", 10)
    assert await post(door, b"x" * 11) == 413
