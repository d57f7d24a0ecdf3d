"""Long poll: order, waking, ticked types, versions, echoes and the three kinds of failure."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import vk_api

from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.world import ANNA, BORIS, POST_ID

Poll = Callable[..., Any]
G = 999000001


def kinds(answer: Any) -> list[str]:
    return [update["type"] for update in answer["updates"]]


def test_events_come_in_order_and_once(vk: VkSandbox, poll: Poll) -> None:
    vk.customer_writes(ANNA, "раз")
    vk.customer_comments(POST_ID, BORIS, "два")
    answer = poll()
    assert kinds(answer) == ["message_new", "wall_reply_new"]
    assert answer["ts"] == "1002"
    assert poll(answer["ts"]) == {"ts": "1002", "updates": []}
    assert kinds(poll(1001)) == ["wall_reply_new"]


def test_a_waiting_poll_wakes_at_once(vk: VkSandbox, poll: Poll) -> None:
    waiting = threading.Thread(target=lambda: answers.append(poll(wait=60)))
    answers: list[Any] = []
    waiting.start()
    deadline = time.monotonic() + 10
    while not vk.state.events.polls and time.monotonic() < deadline:
        time.sleep(0.005)
    vk.customer_writes(ANNA, "ау")
    waiting.join(10)
    assert kinds(answers[0]) == ["message_new"]


def test_hundreds_wait_at_the_same_time(vk: VkSandbox, poll: Poll) -> None:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(poll(wait=60))) for _ in range(150)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 30
    while vk.state.events.polls < 150 and time.monotonic() < deadline:
        time.sleep(0.01)
    vk.customer_writes(ANNA, "всем привет")
    for thread in threads:
        thread.join(30)
    assert [kinds(answer) for answer in answers] == [["message_new"]] * 150


def test_failed_1_when_the_history_is_gone(vk: VkSandbox, poll: Poll) -> None:
    vk.state.events.retention = 2
    for number in range(4):
        vk.customer_writes(ANNA, str(number))
    assert poll() == {"failed": 1, "ts": 1004}
    assert len(poll(1002)["updates"]) == 2
    assert poll(5000)["failed"] == 1
    vk.forget_events()
    assert poll(1004) == {"failed": 1, "ts": 1005}


def test_failed_2_when_the_key_expired(vk: VkSandbox, api: Any, poll: Poll) -> None:
    vk.customer_writes(ANNA, "раз")
    vk.expire_key()
    assert poll() == {"failed": 2}
    key = api.groups.getLongPollServer(group_id=G)["key"]
    assert kinds(poll(1000, key=key)) == ["message_new"]
    assert poll(key="made-up") == {"failed": 2}


def test_failed_3_when_everything_was_lost(vk: VkSandbox, api: Any, poll: Poll) -> None:
    vk.customer_writes(ANNA, "раз")
    vk.restart_long_poll()
    assert poll() == {"failed": 3}
    server = api.groups.getLongPollServer(group_id=G)
    assert poll(server["ts"], key=server["key"]) == {"ts": "1000", "updates": []}


def test_an_unknown_failure_on_demand(vk: VkSandbox, poll: Poll) -> None:
    vk.faults.add("lp", "failed", code=4)
    assert poll() == {"failed": 4, "min_version": 0, "max_version": 19}
    assert poll()["updates"] == []


def test_redelivery_and_loss(vk: VkSandbox, poll: Poll) -> None:
    vk.customer_writes(ANNA, "раз")
    vk.faults.add("event:message_new", "lose")
    vk.customer_writes(ANNA, "два")
    vk.customer_writes(ANNA, "три")
    texts = [u["object"]["message"]["text"] for u in poll()["updates"]]
    assert texts == ["раз", "три"]
    vk.faults.add("lp", "redeliver", code=1)
    again = poll(1002)
    assert [u["object"]["message"]["text"] for u in again["updates"]] == ["три"]
    assert again["ts"] == "1002"


def test_what_nobody_was_told_is_not_told_again(vk: VkSandbox) -> None:
    queue = vk.state.events
    vk.customer_writes(ANNA, "до всех")
    key, began = queue.issue()
    vk.customer_writes(ANNA, "при нас")
    queue.repeat(5)
    again = queue.check(key, str(queue.ts))
    assert again is not None
    assert began != str(queue.ts)
    assert isinstance(updates := again["updates"], list)
    assert [u["object"]["message"]["text"] for u in updates] == ["при нас"]


def test_only_ticked_types_arrive_in_the_versions_shape(
    vk: VkSandbox, api: Any, poll: Poll
) -> None:
    api.groups.setLongPollSettings(group_id=G, enabled=1, wall_reply_new=0, api_version="5.92")
    settings = api.groups.getLongPollSettings(group_id=G)
    assert (settings["events"]["wall_reply_new"], settings["api_version"]) == (0, "5.92")
    vk.customer_comments(POST_ID, BORIS, "не видно")
    vk.customer_writes(ANNA, "видно")
    (update,) = poll()["updates"]
    assert (update["v"], update["object"]["text"]) == ("5.92", "видно")


def test_a_disabled_long_poll_and_a_quota(vk: VkSandbox, api: Any) -> None:
    vk.state.limits.long_poll_servers = 1
    api.groups.getLongPollServer(group_id=G)
    for code in (29, 100):
        with pytest.raises(vk_api.ApiError) as caught:
            api.groups.getLongPollServer(group_id=G)
        assert caught.value.code == code
        api.groups.setLongPollSettings(group_id=G, enabled=0)


def test_our_own_doings_come_back_as_events(vk: VkSandbox, api: Any, poll: Poll) -> None:
    vk.customer_writes(ANNA, "столик есть?")
    api.messages.send(peer_id=ANNA, message="есть", random_id=77)
    vk.admin_replies(ANNA, "и у окна тоже")
    asked = vk.customer_comments(POST_ID, BORIS, "а парковка?")
    api.wall.createComment(
        owner_id=-G, post_id=POST_ID, from_group=G, message="есть", reply_to_comment=asked.id
    )
    vk.delete_comment(asked, by=vk.state.admin_id)
    vk.restore_comment(asked)
    _, own, colleague, _, reply, gone, back = (u["object"] for u in poll()["updates"])
    assert (own["random_id"], own["out"], "admin_author_id" in own) == (77, 1, False)
    assert (colleague["admin_author_id"], colleague["random_id"]) == (vk.state.admin_id, 0)
    assert (reply["from_id"], reply["parents_stack"]) == (-G, [asked.id])
    assert (gone["deleter_id"], back["text"]) == (vk.state.admin_id, "а парковка?")
    before = vk.state.events.ts
    api.messages.delete(peer_id=ANNA, cmids=2, delete_for_all=1)
    assert vk.state.events.ts == before
