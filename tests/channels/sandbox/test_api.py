"""The unmodified vk_api library works against the sandbox, and tokens and sends behave as VK's."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import vk_api

from smm_inbox.sandbox.common.files import ogg, png
from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.world import ANNA, BORIS, DELETED, POST_ID

G = 999000001


def code_of(run: Callable[[], object]) -> int:
    with pytest.raises(vk_api.ApiError) as caught:
        run()
    return int(caught.value.code)


def test_the_same_random_id_gives_one_message(vk: VkSandbox, api: Any) -> None:
    vk.customer_writes(ANNA, "Здравствуйте!")
    first = api.messages.send(peer_id=ANNA, message="Ждём вас!", random_id=1733921)
    again = api.messages.send(peer_id=ANNA, message="Ждём вас!", random_id=1733921)
    assert first == again
    assert [(d.target, d.text, d.token) for d in vk.sent] == [(ANNA, "Ждём вас!", "1733921")]


def test_random_id_zero_protects_from_nothing(vk: VkSandbox, api: Any) -> None:
    vk.customer_writes(ANNA, "Здравствуйте!")
    ids = {api.messages.send(peer_id=ANNA, message="раз", random_id=0) for _ in range(2)}
    assert len(ids) == len(vk.sent) == 2


def test_an_hour_later_the_same_random_id_is_a_new_message() -> None:
    now = [1795165200.0]
    with VkSandbox(clock=lambda: now[0]) as vk:
        vk.customer_writes(ANNA, "Здравствуйте!")
        form = {
            "access_token": vk.token,
            "peer_id": str(ANNA),
            "message": "да",
            "random_id": "5",
            "v": "5.199",
        }
        url = f"{vk.url}/method/messages.send"
        first = requests.post(url, data=form, timeout=5).json()
        now[0] += 3599
        assert requests.post(url, data=form, timeout=5).json() == first
        now[0] += 2
        assert requests.post(url, data=form, timeout=5).json() != first


def test_who_may_not_be_written_to(vk: VkSandbox, api: Any) -> None:
    def send(peer: int) -> int:
        return code_of(lambda: api.messages.send(peer_id=peer, message="!", random_id=0))

    assert send(BORIS) == 901
    assert send(DELETED) == 18
    assert send(2_000_000_999) == 917
    assert send(42) == 936
    vk.customer_allows(BORIS)
    assert api.messages.isMessagesFromGroupAllowed(group_id=G, user_id=BORIS) == {"is_allowed": 1}
    assert api.messages.send(peer_id=BORIS, message="!", random_id=1) > 0
    vk.customer_denies(BORIS)
    assert send(BORIS) == 901


def test_many_peers_report_errors_one_by_one(vk: VkSandbox, api: Any) -> None:
    vk.customer_writes(ANNA, "Здравствуйте!")
    good, bad = api.messages.send(peer_ids=[ANNA, BORIS], message="!", random_id=3)
    assert good["conversation_message_id"] == 2
    assert bad["error"]["code"] == 901


def test_length_replies_edits_and_deletions(vk: VkSandbox, api: Any) -> None:
    asked = vk.customer_writes(ANNA, "Есть столик?")
    long = "я" * 4097
    assert code_of(lambda: api.messages.send(peer_id=ANNA, message=long, random_id=1)) == 914
    forward = json.dumps({"peer_id": ANNA, "conversation_message_ids": [asked.cmid], "is_reply": 1})
    sent = api.messages.send(peer_id=ANNA, message="Есть", random_id=2, forward=forward)
    item = api.messages.getById(message_ids=sent)["items"][0]
    assert item["reply_message"]["text"] == "Есть столик?"
    wrong = {"peer_id": ANNA, "message": "x", "random_id": 4, "reply_to": asked.cmid}
    assert code_of(lambda: api.messages.send(**wrong)) == 10
    assert code_of(lambda: api.messages.edit(peer_id=ANNA, message_id=asked.id, message="x")) == 15
    assert api.messages.edit(peer_id=ANNA, message_id=sent, message="Есть, у окна") == 1
    gone = api.messages.delete(message_ids=sent, delete_for_all=1)
    assert [item["response"] for item in gone] == [1]
    texts = [m["text"] for m in api.messages.getHistory(peer_id=ANNA)["items"]]
    assert texts == ["Есть столик?"]


def test_each_token_opens_its_own_doors(vk: VkSandbox, login: Callable[..., Any]) -> None:
    group, service = login().get_api(), login(vk.service_key).get_api()
    user = login(vk.user_token).get_api()
    comment = vk.customer_comments(POST_ID, ANNA, "А молоко овсяное?")

    def post(api: Any) -> Any:
        return api.wall.getById(posts=f"-{G}_{POST_ID}")

    assert code_of(lambda: post(group)) == 27
    assert post(service)["items"][0]["id"] == POST_ID
    assert code_of(service.messages.getConversations) == 28
    photo = vk.photo_comment(ANNA, "Какая подача!")
    reply = {"owner_id": -G, "photo_id": photo.object_id, "message": "Спасибо!", "from_group": 1}
    assert code_of(lambda: group.photos.createComment(**reply)) == 27
    assert user.photos.createComment(**reply) > photo.id
    here = {"owner_id": -G, "comment_id": comment.id}
    assert code_of(lambda: group.wall.deleteComment(**here)) == 27
    assert user.wall.deleteComment(**here) == 1
    assert code_of(lambda: user.wall.deleteComment(**here)) == 211


def test_a_missing_right_a_revoked_and_a_foreign_token(
    vk: VkSandbox, login: Callable[..., Any]
) -> None:
    api = login().get_api()
    scopes = vk.state.tokens[vk.token].scopes
    assert scopes is not None
    scopes.discard("photos")
    with pytest.raises(vk_api.ApiError) as caught:
        api.photos.getMessagesUploadServer(peer_id=ANNA)
    assert caught.value.code == 15
    assert caught.value.error["error_subcode"] == 1133
    assert "photos" not in [p["name"] for p in api.groups.getTokenPermissions()["permissions"]]
    vk.revoke_token("community", other_ip=True)
    with pytest.raises(vk_api.ApiError, match="another ip address"):
        api.groups.getById()
    vk.revoke_token("community")
    assert code_of(api.groups.getById) == 5
    vk.restore_token("community")
    assert api.groups.getById()["groups"][0]["screen_name"] == "warm_corner_cafe"
    assert code_of(login("vk1.a.stolen").get_api().groups.getById) == 5


def test_tokens_never_come_back(vk: VkSandbox, api: Any) -> None:
    with pytest.raises(vk_api.ApiError) as caught:
        api.messages.send(peer_id=BORIS, message="!", random_id=1)
    assert vk.token not in json.dumps(caught.value.error)
    assert all(vk.token not in repr(call) for call in vk.calls)
    assert vk.calls[-1].outcome == "error 901"


def test_a_token_in_the_header_is_as_good(vk: VkSandbox) -> None:
    answer = requests.get(
        f"{vk.url}/method/groups.getById",
        headers={"Authorization": f"Bearer {vk.token}"},
        timeout=5,
    ).json()
    assert answer["response"]["groups"][0]["id"] == G


def test_rate_limits_are_off_until_switched_on(vk: VkSandbox) -> None:
    def burst(token: str, calls: int) -> list[int]:
        url = f"{vk.url}/method/users.get"
        form = {"access_token": token, "user_ids": str(ANNA)}
        session = requests.Session()
        answers = [session.post(url, data=form, timeout=5).json() for _ in range(calls)]
        return [answer.get("error", {}).get("error_code", 0) for answer in answers]

    assert set(burst(vk.service_key, 10)) == {0}
    frozen = time.time()
    vk.state.clock = lambda: frozen
    vk.state.limits.rate = True
    assert burst(vk.service_key, 5) == [0, 0, 0, 6, 6]
    assert burst(vk.token, 21) == [0] * 20 + [6]


def test_uploads_through_the_librarys_own_uploader(
    vk: VkSandbox, login: Callable[..., Any]
) -> None:
    session = login()
    api, upload = session.get_api(), vk_api.VkUpload(session)
    vk.customer_writes(ANNA, "пришлите меню")
    picture = png(5)
    photo = upload.photo_messages(io.BytesIO(picture), peer_id=ANNA)[0]
    doc = upload.document_message(io.BytesIO(b"%PDF-1"), title="Меню.pdf", peer_id=ANNA)["doc"]
    voice = upload.audio_message(io.BytesIO(ogg()), peer_id=ANNA)
    assert voice["type"] == "audio_message"
    names = f"photo{photo['owner_id']}_{photo['id']}_{photo['access_key']}"
    names += f",doc{doc['owner_id']}_{doc['id']}"
    api.messages.send(peer_id=ANNA, attachment=names, random_id=9)
    kinds = [a["type"] for a in api.messages.getHistory(peer_id=ANNA)["items"][0]["attachments"]]
    assert kinds == ["photo", "doc"]
    assert requests.get(photo["sizes"][-1]["url"], timeout=5).content == picture
    assert requests.get(doc["url"], timeout=5).content == b"%PDF-1"
    fresh = requests.get(f"{vk.url}/file/voice/1_2.ogg", timeout=5)
    assert (fresh.content[:4], fresh.headers["content-type"]) == (b"OggS", "audio/ogg")


def test_what_is_not_a_picture_is_refused_with_200(vk: VkSandbox, api: Any) -> None:
    where = api.photos.getMessagesUploadServer(peer_id=ANNA)["upload_url"]
    answer = requests.post(where, files={"photo": ("кот.png", b"not a picture")}, timeout=5)
    assert (answer.status_code, answer.json()["photo"]) == (200, "[]")
    assert code_of(lambda: api.photos.saveMessagesPhoto(**answer.json())) == 129


def test_comments_with_one_guid_appear_once(vk: VkSandbox, api: Any) -> None:
    asked = vk.customer_comments(POST_ID, ANNA, "А собакам можно?")
    reply = {
        "owner_id": -G,
        "post_id": POST_ID,
        "from_group": G,
        "message": "Можно!",
        "reply_to_comment": asked.id,
        "guid": "7001",
    }
    first = api.wall.createComment(**reply)
    assert first == api.wall.createComment(**reply)
    assert first["parents_stack"] == [asked.id]
    assert [(d.kind, d.id, d.token) for d in vk.sent] == [("wall", first["comment_id"], "7001")]
    vk.state.posts[-G, POST_ID].open = False
    reply["guid"] = "7002"
    assert code_of(lambda: api.wall.createComment(**reply)) == 213
