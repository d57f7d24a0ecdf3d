"""The demo's day on Instagram: every kind is there, people react, and a dead token loses nobody."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from smm_inbox.sandbox.instagram.demo import DemoInstagram, demo_instagram
from smm_inbox.sandbox.instagram.lines import WRITTEN


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def call(net: DemoInstagram, method: str, path: str, **body: object) -> httpx.Response:
    head = {"Authorization": f"Bearer {net.ig.token}"}
    url = f"{net.ig.url}/v25.0/{path}"
    return httpx.request(method, url, json=body or None, headers=head, trust_env=False)


def test_the_morning_has_every_kind() -> None:
    with demo_instagram(pace=60) as net:
        state = net.ig.state
        messages = [message for talk in state.talks.values() for message in talk.messages]
        assert len(state.talks) >= 8
        assert any(message.story for message in messages)
        assert any(message.unsupported for message in messages)
        assert any(message.attachments for message in messages)
        assert any(message.shares for message in messages)
        assert len(state.comments) >= 7
        assert state.tags
        assert state.failures == []


def test_the_day_goes_on_once_somebody_listens_and_people_react() -> None:
    with demo_instagram(pace=0.02) as net:
        state = net.ig.state
        before = len(state.comments)
        assert not net.story._due
        call(net, "GET", "me")
        until(lambda: len(state.comments) > before + 2)
        talk = next(talk for talk in state.talks.values() if talk.heard_at)
        said = len(talk.messages)
        until(lambda: not any(token.dead for token in state.tokens.values()))
        recipient = {"id": talk.person_id}
        until(
            lambda: (
                call(
                    net, "POST", "me/messages", recipient=recipient, message={"text": "Ждём вас!"}
                ).is_success
            )
        )
        until(lambda: len(talk.messages) > said + 1 or talk.messages[-1].reactions)
        assert state.failures == []


def test_the_token_dies_and_comes_back_while_customers_go_on_writing() -> None:
    assert "token" in {arrival.kind for arrival in WRITTEN}
    with demo_instagram(pace=0.05) as net:
        call(net, "GET", "me")
        state = net.ig.state
        until(lambda: any(token.dead for token in state.tokens.values()))
        assert call(net, "GET", "me").json()["error"]["code"] == 190
        people = len(state.talks)
        until(lambda: not any(token.dead for token in state.tokens.values()))
        assert len(state.talks) >= people
        assert call(net, "GET", "me").is_success
