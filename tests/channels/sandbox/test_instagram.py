"""The sandbox Instagram answers in the shapes, with the codes and within the rules of the facts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_inbox.sandbox.instagram import FaultKind, InstagramSandbox
from smm_inbox.sandbox.instagram.fields import BadFields, parse

FIXTURES = Path(__file__).parents[2] / "fixtures" / "instagram"
DAY = 86_400.0


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


class Time:
    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def ig(time: Time) -> Iterator[InstagramSandbox]:
    with InstagramSandbox(seed=1, clock=time) as sandbox:
        yield sandbox
        assert sandbox.state.failures == []


@pytest.fixture
def web(ig: InstagramSandbox) -> Iterator[httpx.Client]:
    head = {"Authorization": f"Bearer {ig.token}"}
    with httpx.Client(base_url=f"{ig.url}/v25.0/", headers=head, trust_env=False) as client:
        yield client


def get(web: httpx.Client, path: str, **query: Any) -> Any:
    return web.get(path, params=query).json()


def send(web: httpx.Client, person: str, text: str, **more: Any) -> httpx.Response:
    body = {"recipient": {"id": person}, "message": {"text": text}, **more}
    return web.post("me/messages", json=body)


def error(answer: httpx.Response) -> tuple[int, int, int]:
    told = answer.json()["error"]
    return answer.status_code, told["code"], told.get("error_subcode", 0)


def keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: keys(item) for key, item in value.items() if key != "next"}
    return [keys(value[0])] if isinstance(value, list) and value else type(value)


def test_fields_nest_and_take_arguments() -> None:
    first, second = parse("id,messages.limit(20).after(x=){from,shares{link}}")
    assert first.name == "id"
    assert second.arguments == {"limit": "20", "after": "x="}
    assert [inner.name for inner in second.fields] == ["from", "shares"]
    assert second.fields[1].fields[0].name == "link"
    for broken in ("a{b", "a,,b", "a.limit", "a.limit(3", "a}"):
        with pytest.raises(BadFields):
            parse(broken)


def test_a_conversation_has_the_shape_of_the_example(
    ig: InstagramSandbox, web: httpx.Client
) -> None:
    person = ig.add_person("marina_kofe")
    ig.customer_writes(person, "Столик на двоих?")
    fields = "id,updated_time,participants,messages.limit(20){id,created_time,from,to,message}"
    told = get(web, "me/conversations", platform="instagram", fields=fields)
    assert keys(told) == keys(fixture("04_conversations_expanded"))


def test_posts_with_comments_have_the_shape_of_the_example(
    ig: InstagramSandbox, web: httpx.Client
) -> None:
    person = ig.add_person("timur.latte")
    media = ig.publish("Новый круассан")
    ig.comments(media, person, "Сколько стоит?")
    fields = (
        "id,comments_count,permalink,comments.limit(50){id,text,timestamp,username,from,hidden,"
        "like_count,replies.limit(50){id,text,timestamp,username,parent_id}}"
    )
    assert keys(get(web, "me/media", fields=fields)) == keys(fixture("24_media_with_comments"))


def test_only_the_twenty_newest_messages_keep_their_details(
    ig: InstagramSandbox, web: httpx.Client, time: Time
) -> None:
    person = ig.add_person("olga_s_1987")
    first = ig.customer_writes(person, "первое")
    for number in range(20):
        time.now += 60
        ig.customer_writes(person, f"Сообщение {number}")
    talk = get(web, "me/conversations", platform="instagram")["data"][0]["id"]
    rows = get(web, f"{talk}/messages", fields="id,created_time,from,message", limit=50)["data"]
    assert ["message" in row for row in rows] == [True] * 20 + [False]
    assert error(web.get(first.id)) == (400, 9000001, 0)


def test_pages_go_on_by_next_and_may_be_short_or_empty(
    ig: InstagramSandbox, web: httpx.Client
) -> None:
    media = ig.publish("Пост")
    shy = ig.add_person("shy")
    ig.state.people[shy].restricted = True
    for number in range(4):
        ig.comments(media, shy, f"{number}", at=ig.state.now() + number)
    ig.comments(media, ig.add_person("loud"), "слышно", at=ig.state.now() - 9)
    first = get(web, f"{media.id}/comments", limit=2)
    assert first["data"] == []
    assert ig.token in first["paging"]["next"] or "after=" in first["paging"]["next"]
    texts: list[str] = []
    after = first["paging"]["cursors"]["after"]
    while after:
        page = get(web, f"{media.id}/comments", limit=2, after=after)
        texts += [item["text"] for item in page["data"]]
        after = page["paging"]["cursors"]["after"] if "next" in page["paging"] else ""
    assert texts == ["слышно"]


def test_tags_name_cursors_but_no_next_page(ig: InstagramSandbox, web: httpx.Client) -> None:
    for number in range(3):
        ig.tags_us("liza", f"{number}", at=ig.state.now() - number)
    page = get(web, "me/tags", fields="id,caption", limit=2)
    assert "next" not in page["paging"]
    rest = get(web, "me/tags", fields="caption", limit=2, after=page["paging"]["cursors"]["after"])
    assert [tag["caption"] for tag in rest["data"]] == ["2"]
    last = get(web, "me/tags", after=rest["paging"]["cursors"]["after"])
    assert last == {"data": []}


def test_the_window_is_counted_from_the_customers_last_word(
    ig: InstagramSandbox, web: httpx.Client, time: Time
) -> None:
    person = ig.add_person("marina_kofe")
    assert error(send(web, person, "Ждём!")) == (403, 10, 2534022)
    ig.customer_writes(person, "Вы открыты?")
    time.now += DAY - 1
    assert send(web, person, "Ждём!").json()["recipient_id"] == person
    time.now += 2
    assert error(send(web, person, "Ждём!")) == (403, 10, 2534022)
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    assert error(send(web, person, "Ждём!", **tagged)) == (403, 10, 0)
    ig.state.human_agent = True
    assert send(web, person, "Ждём!", **tagged).status_code == 200
    time.now += 6 * DAY
    assert error(send(web, person, "Ждём!", **tagged)) == (403, 10, 2534022)


def test_a_message_of_a_thousand_bytes_passes_and_one_more_does_not(
    ig: InstagramSandbox, web: httpx.Client
) -> None:
    person = ig.add_person("marina_kofe")
    ig.customer_writes(person, "?")
    assert send(web, person, "я" * 500).status_code == 200
    assert error(send(web, person, "я" * 500 + "!")) == (400, 100, 2534015)


def test_a_private_reply_goes_once_and_within_seven_days(
    ig: InstagramSandbox, web: httpx.Client, time: Time
) -> None:
    person = ig.add_person("timur.latte")
    media = ig.publish("Пост")
    comment, old = ig.comments(media, person, "Цена?"), ig.comments(media, person, "А это?")

    def reply(comment_id: str) -> httpx.Response:
        body = {"recipient": {"comment_id": comment_id}, "message": {"text": "Прайс"}}
        return web.post("me/messages", json=body)

    assert reply(comment.id).json()["recipient_id"] == person
    assert error(reply(comment.id)) == (400, 100, 2534025)
    time.now += 7 * DAY + 1
    assert error(reply(old.id)) == (400, 100, 2534025)
    assert error(send(web, person, "Ещё")) == (403, 10, 2534022), "it opens no window"


def test_comments_are_answered_hidden_shown_and_deleted(
    ig: InstagramSandbox, web: httpx.Client
) -> None:
    media = ig.publish("Пост")
    comment = ig.comments(media, ig.add_person("rude"), "ужас")
    answer = web.post(f"{comment.id}/replies", params={"message": "Почему?"}).json()
    under = web.post(f"{answer['id']}/replies", params={"message": "Ещё"}).json()
    assert ig.state.comments[under["id"]].parent_id == comment.id
    assert web.post(comment.id, params={"hide": "true"}).json() == fixture("28_success")
    assert ig.state.comments[comment.id].hidden
    assert error(web.post(f"{comment.id}/replies", params={"message": "?"})) == (400, 100, 0)
    web.post(comment.id, params={"hide": "false"})
    assert web.delete(comment.id).json() == fixture("28_success")
    assert error(web.get(comment.id)) == (400, 100, 33)
    assert [item.kind for item in ig.sent] == ["reply", "reply", "hide", "unhide", "delete"]


def test_a_profile_needs_consent_and_refuses_with_status_500(
    ig: InstagramSandbox, web: httpx.Client
) -> None:
    person = ig.add_person("guram_bakes", followers=17)
    assert error(web.get(person, params={"fields": "name,username"})) == (500, 230, 0)
    ig.customer_writes(person, "Привет")
    fields = (
        "name,username,profile_pic,follower_count,is_user_follow_business,"
        "is_business_follow_user,is_verified_user"
    )
    told = get(web, person, fields=fields)
    assert set(told) == set(fixture("22_user_profile_nulls"))
    assert told["name"] is None


def test_a_token_ages_dies_and_is_refreshed_only_alive(
    ig: InstagramSandbox, web: httpx.Client, time: Time
) -> None:
    def refresh() -> httpx.Response:
        query = {"grant_type": "ig_refresh_token", "access_token": ig.token}
        return httpx.get(f"{ig.url}/refresh_access_token", params=query, trust_env=False)

    assert set(refresh().json()) == set(fixture("34_refresh_token"))
    ig.state.issue(ig.token, age=3600)
    assert error(refresh())[1] == 100
    time.now += 61 * DAY
    assert error(web.get("me")) == (400, 190, 463)
    assert error(refresh()) == (400, 190, 463)


def test_an_unknown_field_and_a_wrong_path_are_told(
    ig: InstagramSandbox, web: httpx.Client
) -> None:
    assert error(web.get("me", params={"fields": "mentioned_comment.comment_id(1){id}"}))[1] == 100
    assert error(web.get("me/nonsense/here")) == (500, 2500, 0)


def test_without_access_comments_come_empty_although_they_are_counted(
    ig: InstagramSandbox, web: httpx.Client
) -> None:
    media = ig.publish("Пост")
    ig.comments(media, ig.add_person("a"), "?")
    ig.state.live_app = False
    told = get(web, media.id, fields="comments_count,comments{id}")
    assert told["comments_count"] == 1
    assert told["comments"]["data"] == []


def test_usage_headers_grow_with_the_calls(ig: InstagramSandbox, web: httpx.Client) -> None:
    answers = [web.get("me") for _ in range(5)]
    shares = [json.loads(answer.headers["x-app-usage"])["call_count"] for answer in answers]
    assert shares == sorted(shares)
    assert shares[-1] > 0
    ig.state.usage = 100
    assert error(web.get("me")) == (400, 80002, 0)


@pytest.mark.parametrize("after", [False, True])
def test_a_reset_connection_may_or_may_not_have_had_effect(
    ig: InstagramSandbox, web: httpx.Client, after: bool
) -> None:
    person = ig.add_person("marina_kofe")
    ig.customer_writes(person, "?")
    ig.faults.add("send", FaultKind.RESET, after=after)
    with pytest.raises(httpx.TransportError):
        send(web, person, "Ждём!")
    assert [item.text for item in ig.sent] == (["Ждём!"] if after else [])


def test_faults_answer_nonsense(ig: InstagramSandbox, web: httpx.Client) -> None:
    ig.faults.add("me", "html")
    ig.faults.add("me", "http", status=502)
    ig.faults.add("me", "empty")
    ig.faults.add("me", "truncated")
    ig.faults.add("me", "error_in_200", error="expired")
    answers = [web.get("me") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200, 502, 200, 200, 200, 200]
    assert answers[4].json()["error"]["code"] == 190
    assert answers[5].json()["id"]


def test_another_process_can_direct_it(time: Time) -> None:
    with InstagramSandbox(clock=time, control=True) as ig:

        def tell(what: str, **body: Any) -> Any:
            return httpx.post(f"{ig.url}/control/{what}", json=body, trust_env=False).json()

        person = tell("add_person", username="anna")["result"]
        message = tell("customer_writes", person_id=person, text="Привет")["result"]["id"]
        tell("edits", message=message, text="Здравствуйте")
        media = tell("publish", caption="Пост")["result"]["id"]
        comment = tell("comments", media=media, person_id=person, text="!")["result"]["id"]
        tell("deletes_comment", comment=comment)
        assert "error" in tell("nonsense")
        told = httpx.get(f"{ig.url}/control/state", trust_env=False).json()
    assert told["messages"][0]["text"] == "Здравствуйте"
    assert told["comments"][0]["deleted"]
