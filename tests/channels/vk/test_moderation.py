"""Changing what stands on VK, capabilities, and the examination of the set-up."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.channels.base import (
    SupportsDelete,
    SupportsDiagnosis,
    SupportsEdit,
    SupportsMarkRead,
    SupportsPrivateReply,
    SupportsTyping,
)
from smm_inbox.channels.vk.channel import VkChannel
from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import Rejected, Retry, Unsupported
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import AttachmentKind, LocalFile
from smm_inbox.domain.text import SafeText
from smm_inbox.sandbox.vk import FaultKind, VkSandbox
from smm_inbox.sandbox.vk.model import BOARD, MARKET, PHOTO, VIDEO, WALL
from smm_inbox.sandbox.vk.world import ANNA, IGOR, POST_ID

from .conftest import Open
from .doubles import dead_port
from .support import Stream, answer, context


async def test_our_message_is_edited(vk: VkSandbox, opened: Open) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    vk.customer_writes(ANNA, "вопрос")
    question = await stream.text("вопрос")
    receipt = await channel.send(answer(question, "атвет"))
    await channel.edit(question.place, receipt.remote_id, "ответ")
    batch = await stream.until(lambda batch: bool(batch.edits))
    assert (batch.edits[-1].remote_id, batch.edits[-1].text) == (receipt.remote_id, "ответ")


@pytest.mark.parametrize("kind", ["direct", WALL, PHOTO, VIDEO, MARKET, BOARD])
async def test_what_hangs_on_an_answer_stays_when_its_text_is_edited(
    vk: VkSandbox, opened: Open, tmp_path: Path, kind: str
) -> None:
    channel = await opened(user=True)
    stream = Stream(channel)
    await stream.caught_up()
    if kind == "direct":
        vk.customer_writes(ANNA, "где меню?")
    else:
        vk.comment_on(kind, None, ANNA, "где меню?")
    question = await stream.text("где меню?")
    menu = tmp_path / "menu.pdf"
    menu.write_bytes(b"%PDF")
    file = LocalFile(menu, AttachmentKind.DOCUMENT, SafeText(menu.name), 4)
    receipt = await channel.send(answer(question, "вод оно", files=(file,)))
    if kind != "direct":
        vk.comment_on(kind, None, IGOR, "и мне")
    await channel.edit(question.place, receipt.remote_id, "вот оно")
    batch = await stream.until(lambda batch: bool(batch.edits))
    (edit,) = batch.edits
    assert edit.text.endswith("вот оно")
    assert [found.kind for found in edit.attachments or ()] == [AttachmentKind.DOCUMENT]


async def test_our_message_is_deleted_for_everybody_and_twice_is_fine(
    vk: VkSandbox, opened: Open
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    vk.customer_writes(ANNA, "вопрос")
    question = await stream.text("вопрос")
    receipt = await channel.send(answer(question, "лишнее"))
    vk.faults.add("messages.delete", FaultKind.RESET, after=True)
    with pytest.raises(Retry):
        await channel.delete(question.place, receipt.remote_id)
    await channel.delete(question.place, receipt.remote_id)
    (call, *_) = [call for call in vk.calls if call.method == "messages.delete"]
    assert call.params["delete_for_all"] == "1"
    assert vk.state.dialog(ANNA).messages[-1].deleted


async def test_an_admin_token_deletes_comments_of_others(vk: VkSandbox, opened: Open) -> None:
    channel = await opened(user=True)
    assert channel.capabilities.delete_theirs == {Kind.COMMENT}
    stream = Stream(channel)
    await stream.caught_up()
    vk.customer_comments(POST_ID, IGOR, "спам спам")
    spam = await stream.text("спам")
    await channel.delete(spam.place, spam.remote_id)
    batch = await stream.until(lambda batch: bool(batch.removals))
    assert batch.removals[0].remote_id == spam.remote_id


async def test_without_it_deleting_is_not_offered(vk: VkSandbox, opened: Open) -> None:
    channel = await opened()
    assert channel.capabilities.delete_theirs == frozenset()
    assert "comments.delete" in {limit.action for limit in channel.limitations}
    stream = Stream(channel)
    await stream.caught_up()
    vk.customer_comments(POST_ID, IGOR, "спам")
    spam = await stream.text("спам")
    with pytest.raises(Unsupported, match="user_token"):
        await channel.delete(spam.place, spam.remote_id)


async def test_an_own_comment_is_edited_with_an_admin_token(vk: VkSandbox, opened: Open) -> None:
    channel = await opened(user=True)
    stream = Stream(channel)
    await stream.caught_up()
    vk.customer_comments(POST_ID, IGOR, "вопрос")
    question = await stream.text("вопрос")
    receipt = await channel.send(answer(question, "атвет"))
    await channel.edit(question.place, receipt.remote_id, "ответ")
    batch = await stream.until(lambda batch: bool(batch.edits))
    assert batch.edits[0].text.endswith("ответ")


async def test_what_is_not_ours_to_change_is_refused(opened: Open) -> None:
    channel = await opened(user=True)
    place = channel.private_place(RemoteId(str(ANNA)))
    with pytest.raises(Rejected):
        await channel.delete(place, RemoteId("nonsense"))


async def test_reading_and_typing_are_shown_in_private_only(vk: VkSandbox, opened: Open) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    vk.customer_writes(ANNA, "вопрос")
    private = (await stream.text("вопрос")).place
    vk.customer_comments(POST_ID, IGOR, "публично")
    public = (await stream.text("публично")).place
    vk.state.calls.clear()
    for place in (private, public):
        await channel.mark_read(place)
        await channel.typing(place)
    assert [call.method for call in vk.calls] == ["messages.markAsRead", "messages.setActivity"]


async def test_what_is_declared_is_implemented(opened: Open) -> None:
    channel = await opened(user=True)
    can = channel.capabilities
    assert isinstance(channel, SupportsEdit)
    assert isinstance(channel, SupportsDelete)
    assert isinstance(channel, SupportsMarkRead)
    assert isinstance(channel, SupportsTyping)
    assert isinstance(channel, SupportsPrivateReply)
    assert isinstance(channel, SupportsDiagnosis)
    assert can.mark_read
    assert can.typing
    assert can.idempotent_send
    assert can.reply_kinds[Kind.COMMENT] == {ReplyKind.IN_PLACE, ReplyKind.PRIVATE}
    assert can.reply_kinds[Kind.DIRECT] == {ReplyKind.IN_PLACE}
    assert set(can.max_text) == can.kinds


async def test_a_right_that_is_refused_is_no_longer_offered(vk: VkSandbox, opened: Open) -> None:
    channel = await opened(user=True)
    stream = Stream(channel)
    await stream.caught_up()
    vk.customer_comments(POST_ID, IGOR, "спам")
    spam = await stream.text("спам")
    vk.faults.add("wall.deleteComment", FaultKind.ERROR, code=27, count=None)
    with pytest.raises(Unsupported):
        await channel.delete(spam.place, spam.remote_id)
    assert channel.capabilities.delete_theirs == frozenset()


async def test_what_is_refused_for_now_is_asked_for_again_after_connecting(
    vk: VkSandbox, opened: Open
) -> None:
    channel = await opened(service=True)
    vk.faults.add("wall.get", FaultKind.ERROR, code=203, count=None)
    await Stream(channel).caught_up()
    assert "comments.read" in {limit.action for limit in channel.limitations}
    vk.faults.clear()
    await channel.connect()
    assert "comments.read" not in {limit.action for limit in channel.limitations}


async def test_the_examination_finds_what_is_wrong_and_repairs_it(
    vk: VkSandbox, opened: Open
) -> None:
    vk.state.events.api_version = "5.92"
    vk.state.events.set_events({"wall_reply_*": 0})
    channel = await opened()
    assert "events" in {limit.action for limit in channel.limitations}
    checks = {check.name: check for check in await channel.diagnose()}
    assert checks["token"].ok
    assert checks["rights"].ok
    assert not checks["events"].ok
    assert checks["events"].fixable
    assert vk.state.events.api_version == "5.92", "looking changes nothing"

    repaired = {check.name: check for check in await channel.repair()}
    assert repaired["events"].ok
    assert vk.state.events.api_version == "5.199"
    assert vk.state.events.ticked["wall_reply_new"] == 1


async def test_missing_rights_are_named(vk: VkSandbox, opened: Open) -> None:
    vk.state.tokens[vk.token].scopes = {"messages", "manage"}
    channel = await opened()
    (rights,) = [limit for limit in channel.limitations if limit.action == "token.rights"]
    for name in ("photos", "docs", "wall"):
        assert name in rights.sentence


async def test_a_token_without_the_right_to_events_still_connects(
    vk: VkSandbox, opened: Open
) -> None:
    vk.state.tokens[vk.token].scopes = {"messages", "photos", "docs", "wall"}
    channel = await opened()
    checks = {check.name: check for check in await channel.diagnose()}
    assert not checks["events"].ok


async def test_the_examination_never_raises(vk: VkSandbox, opened: Open) -> None:
    vk.revoke_token("user")
    checks = {check.name: check for check in await (await opened(user=True)).diagnose()}
    assert not checks["user_token"].ok
    vk.revoke_token("community")
    channel = await opened(connect=False)
    (token,) = await channel.diagnose()
    assert not token.ok
    options: dict[str, object] = {"group_id": 1, "token": "x"}
    options["api_url"] = f"http://127.0.0.1:{dead_port()}"
    away = VkChannel(context(options))
    (token,) = await away.diagnose()
    assert not token.ok
    await away.close()


async def test_a_wrong_community_is_told_by_its_number(vk: VkSandbox) -> None:
    options = {"group_id": 5, "token": vk.token, "api_url": vk.url}
    channel = VkChannel(context(options))
    with pytest.raises(Rejected, match="5"):
        await channel.connect()
    await channel.close()


def test_an_account_without_its_options_is_refused() -> None:
    with pytest.raises(Rejected, match="group_id"):
        VkChannel(context({"token": "x"}))
