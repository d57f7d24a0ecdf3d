"""Channels, comments under their posts, mentions and groups of the sandbox network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from telethon import errors, events, functions, types, utils

from smm_inbox.sandbox.telegram import Message, TelegramSandbox
from smm_inbox.sandbox.telegram.world import (
    ANNA,
    BORIS,
    BOT,
    CHANNEL_ID,
    COLLEAGUE,
    DISCUSSION_ID,
    ELENA,
    IGOR,
    ME,
    NEIGHBOURS_ID,
    OTHER_CHANNEL_ID,
    SHIFT_ID,
)
from tests.channels.sandbox.telegram_desk import Heard, connected


@pytest.fixture
def tg() -> Iterator[TelegramSandbox]:
    with TelegramSandbox(seed=1) as sandbox:
        yield sandbox
        assert sandbox.state.failures == []
        assert sandbox.state.unknown == []


@pytest.fixture
def post(tg: TelegramSandbox) -> Message:
    return tg.publish_post("Сегодня тыквенный суп", media="photo")


async def places(client: Any) -> tuple[Any, Any, Any]:
    """Channel, discussion group and neighbours as the client addresses them."""
    await client.get_dialogs()
    numbers = (CHANNEL_ID, DISCUSSION_ID, NEIGHBOURS_ID)
    channel, discussion, neighbours = [
        await client.get_input_entity(types.PeerChannel(number)) for number in numbers
    ]
    return channel, discussion, neighbours


async def test_a_post_appears_in_the_discussion_by_itself(
    tg: TelegramSandbox, post: Message
) -> None:
    copy = tg.copy_of_post(post)
    async with connected(tg) as client:
        _, discussion, _ = await places(client)
        shown = await client.get_messages(discussion, ids=tg.id_of(copy))
        assert shown.fwd_from.channel_post == tg.id_of(post)
        assert shown.fwd_from.saved_from_msg_id == tg.id_of(post)
        assert (shown.from_id.channel_id, shown.raw_text) == (CHANNEL_ID, post.text)
        assert shown.photo


async def test_comments_and_their_answers_carry_their_thread(
    tg: TelegramSandbox, post: Message
) -> None:
    copy = tg.copy_of_post(post)
    async with connected(tg) as client:
        channel, *_ = await places(client)
        heard = Heard(client, events.NewMessage())
        asked = tg.customer_comments(post, ANNA, "а без сливок?")
        nested = tg.customer_comments(post, BORIS, "и мне", reply_to=asked)
        first, second = await heard.first(2)
        assert (first.message.reply_to.reply_to_msg_id, first.message.reply_to.reply_to_top_id) == (
            tg.id_of(copy),
            None,
        )
        assert second.message.reply_to.reply_to_msg_id == tg.id_of(asked)
        assert second.message.reply_to.reply_to_top_id == tg.id_of(copy)
        assert (await first.get_reply_message()).raw_text == post.text
        under = await client.get_messages(channel, reply_to=tg.id_of(post), limit=10)
        assert [item.id for item in under] == [tg.id_of(nested), tg.id_of(asked)]
        shown = await client.get_messages(channel, ids=tg.id_of(post))
        assert (shown.replies.replies, shown.replies.channel_id) == (2, DISCUSSION_ID)


async def test_we_comment_under_our_post_and_answer_in_its_thread(
    tg: TelegramSandbox, post: Message
) -> None:
    asked = tg.customer_comments(post, ANNA, "а без сливок?")
    async with connected(tg) as client:
        channel, discussion, _ = await places(client)
        await client.send_message(channel, "приходите!", comment_to=tg.id_of(post))
        await client.send_message(discussion, "можно", reply_to=tg.id_of(asked))
        found = await client(
            functions.messages.GetDiscussionMessageRequest(channel, post.ids[post.chat])
        )
        assert found.messages[0].id == tg.id_of(tg.copy_of_post(post))
    comment, answer = tg.sent
    assert (comment.reply_to, comment.peer) == (tg.id_of(tg.copy_of_post(post)), DISCUSSION_ID)
    assert answer.reply_to == tg.id_of(asked)
    assert tg.message(answer.uid).thread == tg.copy_of_post(post).uid


async def test_authors_can_be_channels_and_anonymous_admins(
    tg: TelegramSandbox, post: Message
) -> None:
    async with connected(tg) as client:
        await places(client)
        heard = Heard(client, events.NewMessage())
        tg.customer_comments(post, IGOR, "афиша вас любит", as_channel=OTHER_CHANNEL_ID)
        tg.admin_comments_from_phone(post, "спасибо", as_channel=DISCUSSION_ID)
        channel, anonymous = await heard.first(2)
        assert channel.message.from_id == types.PeerChannel(OTHER_CHANNEL_ID)
        assert (await channel.get_sender()).title == "Афиша района"
        assert anonymous.message.from_id == types.PeerChannel(DISCUSSION_ID)


async def test_a_full_channel_names_its_discussion_and_its_size(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        channel, discussion, _ = await places(client)
        full = await client(functions.channels.GetFullChannelRequest(channel))
        assert full.full_chat.linked_chat_id == DISCUSSION_ID
        assert full.full_chat.participants_count == 1834
        back = await client(functions.channels.GetFullChannelRequest(discussion))
        assert back.full_chat.linked_chat_id == CHANNEL_ID
        members = await client.get_participants(discussion)
        assert ANNA in {item.id for item in members}


async def test_a_mention_is_pushed_and_stays_unread_until_seen(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        _, _, neighbours = await places(client)
        heard = Heard(client, events.NewMessage())
        tg.group_message(BORIS, "соседи, где вкусный кофе?")
        named = tg.mention_in_group(ANNA, "вот у @Warm_Corner_Cafe вкусный")
        plain, mention = await heard.first(2)
        assert (plain.message.mentioned, mention.message.mentioned) == (False, True)
        assert isinstance(mention.message.entities[0], types.MessageEntityMention)
        request = functions.messages.GetUnreadMentionsRequest(neighbours, 0, 0, 10, 0, 0)
        found = await client(request)
        assert [item.id for item in found.messages] == [tg.id_of(named)]
        counts = {item.entity.id: item.unread_mentions_count for item in await client.get_dialogs()}
        assert counts[NEIGHBOURS_ID] == 1
        await client.send_read_acknowledge(neighbours, clear_mentions=True)
        assert (await client(request)).messages == []


async def test_an_answer_to_us_counts_as_a_mention(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        _, _, neighbours = await places(client)
        heard = Heard(client, events.NewMessage())
        ours = await client.send_message(neighbours, "заходите к нам")
        tg.group_message(BORIS, "зайду", reply_to=tg.message(tg.sent[0].uid))
        (event,) = await heard.first()
        assert event.message.mentioned
        assert event.message.reply_to_msg_id == ours.id


async def test_strangers_in_groups_are_incomplete_until_fetched(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        await client.get_me()
        heard = Heard(client, events.NewMessage())
        tg.mention_in_group(IGOR, "привет")
        (event,) = await heard.first()
        assert event.message.sender.min
        assert event.message.input_sender is None
        wrong = types.InputPeerUser(IGOR, 1)
        with pytest.raises(errors.PeerIdInvalidError):
            await client.send_message(wrong, "привет")
        neighbours = await client.get_input_entity(types.PeerChannel(NEIGHBOURS_ID))
        through = types.InputPeerUserFromMessage(neighbours, event.id, IGOR)
        await client.send_message(through, "напишу лично")
    assert tg.sent[0].peer == IGOR


async def test_a_basic_group_shares_its_ids_with_private_chats(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        await client.get_dialogs()
        heard = Heard(client, events.NewMessage(), events.MessageDeleted())
        said = tg.group_message(COLLEAGUE, "молоко кончается", group=SHIFT_ID)
        (event,) = await heard.first()
        assert event.chat_id == -SHIFT_ID
        await event.reply("заказал")
        tg.customer_deletes(said)
        gone = (await heard.first(2))[1]
        assert (gone.deleted_ids, gone.chat_id) == ([tg.id_of(said)], None)
    assert (tg.sent[0].peer, tg.sent[0].reply_to) == (SHIFT_ID, tg.id_of(said))


async def test_in_a_supergroup_edits_and_deletions_name_it(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        await places(client)
        heard = Heard(client, events.MessageEdited(), events.MessageDeleted())
        said = tg.mention_in_group(ANNA, "вы открыты?")
        tg.customer_edits(said, "@warm_corner_cafe вы сегодня открыты?")
        tg.customer_deletes(said)
        edited, gone = await heard.first(2)
        assert edited.raw_text == "@warm_corner_cafe вы сегодня открыты?"
        marked = utils.get_peer_id(types.PeerChannel(NEIGHBOURS_ID))
        assert (gone.deleted_ids, gone.chat_id) == ([tg.id_of(said)], marked)


async def test_admins_delete_what_others_may_not(tg: TelegramSandbox, post: Message) -> None:
    rude = tg.customer_comments(post, ANNA, "спам")
    theirs = tg.group_message(ANNA, "спам")
    async with connected(tg) as client:
        _, discussion, neighbours = await places(client)
        await client.delete_messages(discussion, [tg.id_of(rude)])
        with pytest.raises(errors.MessageDeleteForbiddenError):
            await client.delete_messages(neighbours, [tg.id_of(theirs)])
    assert tg.message(rude.uid).deleted
    assert not tg.message(theirs.uid).deleted


async def test_slow_mode_and_silence_hold_for_members(tg: TelegramSandbox) -> None:
    tg.state.channels[NEIGHBOURS_ID].slow_mode = 30
    async with connected(tg) as client:
        channel, _, neighbours = await places(client)
        await client.send_message(neighbours, "раз")
        with pytest.raises(errors.SlowModeWaitError) as caught:
            await client.send_message(neighbours, "два")
        assert 0 < caught.value.seconds <= 30
        tg.state.channels[NEIGHBOURS_ID].silenced = True
        with pytest.raises(errors.ChatWriteForbiddenError):
            await client.send_message(neighbours, "три")
        tg.state.channels[CHANNEL_ID].admins = [COLLEAGUE]
        with pytest.raises(errors.ChatAdminRequiredError):
            await client.send_message(channel, "пост")
        with pytest.raises(errors.MsgIdInvalidError):
            await client.get_messages(channel, reply_to=424242, limit=1)


async def test_a_closed_group_we_are_not_in_stays_closed(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        _, discussion, _ = await places(client)
        tg.state.channels[DISCUSSION_ID].members.remove(ME)
        with pytest.raises(errors.ChannelPrivateError):
            await client.get_messages(discussion, limit=1)


async def test_a_bot_with_privacy_hears_only_what_is_meant_for_it(tg: TelegramSandbox) -> None:
    async with connected(tg, BOT) as client:
        await client.get_me()
        heard = Heard(client, events.NewMessage())
        tg.group_message(ANNA, "между собой")
        tg.group_message(ELENA, "@warm_corner_bot столик?")
        (event,) = await heard.first()
        assert event.raw_text == "@warm_corner_bot столик?"
        await event.reply("Напишите нам")
    assert tg.sent[0].account == BOT


async def test_notices_are_not_messages(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        _, _, neighbours = await places(client)
        tg.service_notice(NEIGHBOURS_ID, "pinned", who=ANNA)
        (newest,) = await client.get_messages(neighbours, limit=1)
        assert isinstance(newest.action, types.MessageActionPinMessage)


async def test_posts_are_suggested_to_the_channel_and_answered_in_its_name(
    tg: TelegramSandbox,
) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        wished = tg.customer_suggests(ANNA, "напишите про веранду!", media="photo")
        (event,) = await heard.first()
        assert event.message.saved_peer_id == types.PeerUser(ANNA)
        assert event.message.suggested_post is not None
        await client.get_dialogs()
        letterbox = await client.get_entity(event.chat_id)
        assert (letterbox.monoforum, letterbox.linked_monoforum_id) == (True, CHANNEL_ID)
        anna = await client.get_input_entity("anya_kovaleva_x")
        for reply in (None, types.InputReplyToMessage(tg.id_of(wished), monoforum_peer_id=anna)):
            request = functions.messages.SendMessageRequest(
                letterbox, "напишем", random_id=7, reply_to=reply
            )
            if reply is None:
                with pytest.raises(errors.BadRequestError, match="MONOFORUM"):
                    await client(request)
            else:
                await client(request)
        (ours,) = await client.get_messages(letterbox, limit=1)
        assert (ours.from_id, ours.saved_peer_id) == (
            types.PeerChannel(CHANNEL_ID),
            types.PeerUser(ANNA),
        )


async def test_usernames_are_found(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        assert (await client.get_entity("@Anya_Kovaleva_X")).id == ANNA
        assert (await client.get_entity("afisha_sadovaya")).id == OTHER_CHANNEL_ID
        with pytest.raises(ValueError, match="nobody_here"):
            await client.get_entity("nobody_here")
        full = await client(functions.users.GetFullUserRequest("anya_kovaleva_x"))
        assert full.full_user.id == ANNA
