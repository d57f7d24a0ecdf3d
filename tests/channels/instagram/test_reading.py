"""What comes from the network, over real sockets: all of it, once, and what changes in place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import AuthExpired, RateLimited
from smm_inbox.domain.message import AttachmentKind, Direction
from smm_inbox.sandbox.instagram import InstagramSandbox

from .conftest import Open
from .support import Stream, Time


async def test_a_first_start_brings_talks_comments_and_tags(
    ig: InstagramSandbox, opened: Open
) -> None:
    marina, timur = ig.add_person("marina_kofe", "Марина", followers=412), ig.add_person("timur")
    ig.customer_writes(marina, "Столик на двоих?")
    media = ig.publish("Новый круассан")
    top = ig.comments(media, timur, "Сколько стоит?")
    ig.comments(media, marina, "И мне интересно", reply_to=top)
    ig.tags_us("liza.croissant", "Завтрак в тёплом углу")
    stream = Stream(await opened())
    await stream.caught_up()
    kinds = {str(m.text): m.place.kind for m in stream.messages}
    assert kinds == {
        "Столик на двоих?": Kind.DIRECT,
        "Сколько стоит?": Kind.COMMENT,
        "И мне интересно": Kind.COMMENT,
        "Завтрак в тёплом углу": Kind.MENTION,
    }
    thread = [m for m in stream.messages if m.place.kind is Kind.COMMENT]
    assert {m.place.conversation for m in thread} == {top.id}
    assert {m.place.contact for m in thread} == {timur}
    roots = {root.remote_id: root for root in stream.all("roots")}
    assert roots[media.id].text == "Новый круассан"
    people = {c.remote_id: c for c in stream.all("contacts")}
    assert (people[marina].name, people[marina].followers) == ("Марина", 412)
    assert people[timur].followers is None, "unknown is not zero"


async def test_the_same_person_is_one_contact_in_comments_and_in_private(
    ig: InstagramSandbox, opened: Open
) -> None:
    marina = ig.add_person("marina_kofe")
    ig.customer_writes(marina, "в личке")
    ig.comments(ig.publish("Пост"), marina, "под постом")
    stream = Stream(await opened())
    await stream.caught_up()
    assert {m.author for m in stream.messages} == {marina}


async def test_nothing_comes_twice_and_a_restart_goes_on(
    ig: InstagramSandbox, opened: Open
) -> None:
    marina = ig.add_person("marina_kofe")
    ig.customer_writes(marina, "раз")
    stream = Stream(await opened())
    await stream.caught_up()
    ig.customer_writes(marina, "два")
    await stream.text("два")
    await stream.until(lambda batch: batch.caught_up)
    assert stream.texts == ["раз", "два"]
    await stream.close()
    ig.customer_writes(marina, "три")
    again = Stream(await opened(), stream.cursor)
    await again.caught_up()
    assert again.texts == ["три"]


async def test_an_unstored_batch_is_read_again(ig: InstagramSandbox, opened: Open) -> None:
    ig.customer_writes(ig.add_person("marina_kofe"), "раз")
    channel = await opened()
    lost = Stream(channel)
    await lost.text("раз")
    await lost.close()  # nobody asked for the next batch: the database did not take this one
    again = Stream(channel)
    await again.caught_up()
    assert again.texts == ["раз"]


async def test_an_edit_is_seen_by_comparing(ig: InstagramSandbox, opened: Open) -> None:
    message = ig.customer_writes(ig.add_person("marina_kofe"), "на 18:00")
    stream = Stream(await opened())
    await stream.caught_up()
    ig.edits(message, "на 18:30")
    edit = await stream.any("edits")
    assert (edit.remote_id, edit.text) == (message.id, "на 18:30")


async def test_an_edit_is_seen_when_the_last_run_was_killed_before_it_noted_what_it_stored(
    ig: InstagramSandbox, opened: Open
) -> None:
    marina = ig.add_person("marina_kofe")
    ig.customer_writes(marina, "Здравствуйте")
    stream = Stream(await opened())
    await stream.caught_up()
    said = ig.customer_writes(marina, "столик на 7")
    await stream.text("столик на 7")  # stored; the note of it comes with the next step
    await stream.close()
    ig.edits(said, "столик на 8")
    again = Stream(await opened(), stream.cursor)
    await again.caught_up()
    assert [str(edit.text) for edit in again.all("edits") if edit.remote_id == said.id] == [
        "столик на 8"
    ]


async def test_an_edit_made_while_the_program_was_off_is_seen(
    ig: InstagramSandbox, opened: Open
) -> None:
    message = ig.customer_writes(ig.add_person("marina_kofe"), "на 18:00")
    stream = Stream(await opened())
    await stream.caught_up()
    await stream.until(lambda batch: batch.caught_up)
    await stream.close()
    ig.edits(message, "на 18:30")
    again = Stream(await opened(), stream.cursor)
    assert (await again.any("edits")).text == "на 18:30"


async def test_an_unsent_message_and_a_deleted_comment_are_seen_by_absence(
    ig: InstagramSandbox, opened: Open
) -> None:
    marina = ig.add_person("marina_kofe")
    ig.customer_writes(marina, "остаётся")
    message = ig.customer_writes(marina, "ой, не туда")
    media = ig.publish("Пост")
    comment, kept = ig.comments(media, marina, "лишнее"), ig.comments(media, marina, "нужное")
    stream = Stream(await opened())
    await stream.caught_up()
    ig.unsends(message)
    ig.deletes_comment(comment)
    await stream.until(lambda _: len(stream.all("removals")) == 2)
    assert {removal.remote_id for removal in stream.all("removals")} == {message.id, comment.id}
    assert kept.id not in {removal.remote_id for removal in stream.all("removals")}


async def test_the_only_message_of_a_talk_is_missed_while_other_talks_are_listed(
    ig: InstagramSandbox, opened: Open
) -> None:
    message = ig.customer_writes(ig.add_person("timur"), "ой, не туда")
    ig.customer_writes(ig.add_person("marina_kofe"), "остаётся")
    stream = Stream(await opened())
    await stream.caught_up()
    ig.unsends(message)
    removal = await stream.any("removals")
    assert removal.remote_id == message.id


async def test_a_talk_that_is_not_listed_for_a_while_keeps_its_edits(
    ig: InstagramSandbox, opened: Open
) -> None:
    timur = ig.add_person("timur")
    message = ig.customer_writes(timur, "на 18:00")
    other = ig.add_person("marina_kofe")
    ig.customer_writes(other, "остаётся")
    stream = Stream(await opened())
    await stream.caught_up()
    hidden = ig.state.talks.pop(timur)
    looked = ig.faults.add("message", "error", error="permission", count=None)
    while not looked.hits:  # its message is asked for
        ig.customer_writes(other, "ещё")
        await stream.text("ещё")
    for number in range(3):  # and not again, while the talk stays away
        ig.customer_writes(other, f"и ещё {number}")
        await stream.text(f"и ещё {number}")
    assert looked.hits == 1
    ig.state.talks[timur] = hidden
    ig.edits(message, "на 18:30")
    assert (await stream.any("edits")).text == "на 18:30"
    assert stream.all("removals") == []


async def test_where_no_talk_is_listed_none_is_missed(ig: InstagramSandbox, opened: Open) -> None:
    timur = ig.add_person("timur")
    message = ig.customer_writes(timur, "раз")
    media = ig.publish("Пост")
    stream = Stream(await opened())
    await stream.caught_up()
    message.unsent = True  # as when Instagram keeps all talks back
    for number in range(3):
        ig.comments(media, timur, f"под постом {number}")
        await stream.text(f"под постом {number}")
    assert stream.all("removals") == []


async def test_comments_that_are_withheld_are_not_taken_for_deleted(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    ig.comments(ig.publish("Пост"), ig.add_person("timur"), "?")
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    ig.state.live_app = False
    start = time.now()
    await stream.until(lambda _: (time.now() - start).total_seconds() > 900)
    assert stream.all("removals") == []
    assert "comments.read" in {item.action for item in channel.limitations}
    checks = {check.name: check for check in await channel.diagnose()}
    assert not checks["comments"].ok


async def test_every_kind_of_message_becomes_a_row(ig: InstagramSandbox, opened: Open) -> None:
    olga = ig.add_person("olga_s_1987")
    ig.customer_writes(olga, "", attachments=[ig.photo()])
    ig.customer_writes(olga, "", attachments=[ig.file("audioclip-1.m4a"), ig.file("menu.pdf")])
    ig.customer_writes(olga, "", attachments=[{"id": "1", "hologram_data": {}}])
    ig.customer_writes(olga, "", shares=[{"link": "https://www.instagram.com/p/X/", "id": "7"}])
    ig.customer_writes(olga, "", unsupported=True)
    ig.customer_writes(olga, "")
    story = ig.publish("Фильтр дня", product="STORY")
    ig.replies_to_story(olga, "Это что за сорт?", story.id)
    ig.mentions_in_story(olga)
    stream = Stream(await opened())
    await stream.caught_up()
    kinds = sorted(tuple(a.kind for a in m.attachments) for m in stream.messages)
    kind = AttachmentKind
    assert kinds == sorted(
        [
            (kind.PHOTO,),
            (kind.VOICE, kind.DOCUMENT),
            (kind.OTHER,),
            (kind.POST,),
            (kind.OTHER,),
            (kind.OTHER,),
            (kind.STORY,),
            (kind.STORY,),
        ]
    )
    reply = next(m for m in stream.messages if m.text)
    assert reply.place.root == f"story:{story.id}"
    assert [m.mentions_us for m in stream.messages].count(True) == 1
    assert all(m.needs_answer for m in stream.messages)


async def test_a_reaction_is_shown_and_waits_for_nobody(ig: InstagramSandbox, opened: Open) -> None:
    olga = ig.add_person("olga_s_1987")
    ig.customer_writes(olga, "Спасибо")
    ours = ig.owner_writes(olga, "Ждём вас!")
    stream = Stream(await opened())
    await stream.caught_up()
    assert {m.direction for m in stream.messages} == {Direction.OUT, Direction.IN}
    ig.reacts(ours, olga, "❤️")
    heart = await stream.text("❤")
    assert heart.reply_to == ours.id
    assert not heart.needs_answer


async def test_the_window_follows_the_customers_last_word(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    olga = ig.add_person("olga_s_1987")
    ig.customer_writes(olga, "?")
    stream = Stream(await opened())
    access = await stream.any("access")
    assert (access.window_until - time.now()).total_seconds() == pytest.approx(86_400, abs=60)
    longer = Stream(await opened(human_agent=True))
    access = await longer.any("access")
    assert (access.window_until - time.now()).days in {6, 7}


async def test_more_than_twenty_at_once_leave_a_gap(ig: InstagramSandbox, opened: Open) -> None:
    olga = ig.add_person("olga_s_1987")
    ig.customer_writes(olga, "первое")
    stream = Stream(await opened())
    await stream.caught_up()
    await stream.until(lambda batch: batch.caught_up)
    await stream.close()
    now = ig.state.now()
    for number in range(30):
        ig.customer_writes(olga, f"{number}", at=now + 60 + number)
    again = Stream(await opened(), stream.cursor)
    await again.caught_up()
    assert len(again.messages) == 20
    assert len(again.all("gaps")) == 1


async def test_a_refused_profile_is_asked_for_once(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    olga = ig.add_person("olga_s_1987")
    ig.customer_writes(olga, "?")
    ig.state.people[olga].consented = False
    stream = Stream(await opened())
    await stream.caught_up()
    start = time.now()
    await stream.until(lambda _: (time.now() - start).total_seconds() > 600)
    assert [call.name for call in ig.calls].count("profile") == 1
    assert "?" in stream.texts


async def test_an_old_post_is_looked_at_when_its_count_changes(
    ig: InstagramSandbox, opened: Open
) -> None:
    now = ig.state.now()
    old = ig.publish("Старый пост", at=now - 9 * 86_400)
    for number in range(12):
        ig.publish(f"{number}", at=now - number)
    stream = Stream(await opened())
    await stream.caught_up()
    ig.comments(old, ig.add_person("timur"), "ещё работает?")
    assert (await stream.text("ещё работает?")).place.root == old.id


async def test_replies_beyond_the_first_page_are_followed(
    ig: InstagramSandbox, opened: Open
) -> None:
    media, now = ig.publish("Пост"), ig.state.now()
    timur = ig.add_person("timur")
    tops = [ig.comments(media, timur, f"к{n}", at=now - n) for n in range(55)]
    for number in range(53):
        ig.comments(media, timur, f"о{number}", reply_to=tops[0], at=now - 60 + number)
    stream = Stream(await opened())
    await stream.caught_up()
    assert len(stream.texts) == 108
    assert len(set(stream.texts)) == 108


async def test_a_dead_token_and_a_limit_end_the_stream_with_their_remedy(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    ig.state.usage, ig.state.regain_minutes = 100, 17
    with pytest.raises(RateLimited) as limited:
        await stream.until(lambda _: False)
    assert (limited.value.until - time.now()).total_seconds() == pytest.approx(17 * 60, abs=5)
    ig.state.usage = 0
    ig.kill_token()
    with pytest.raises(AuthExpired):
        await Stream(channel, stream.cursor).caught_up()


async def test_refused_comments_do_not_hold_up_private_messages(
    ig: InstagramSandbox, opened: Open
) -> None:
    ig.faults.add("media", "error", count=None, error="permission")
    ig.customer_writes(ig.add_person("marina_kofe"), "Вы открыты?")
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    assert stream.texts == ["Вы открыты?"]
    assert "comments.read" in {item.action for item in channel.limitations}


async def test_passing_faults_are_waited_out(ig: InstagramSandbox, opened: Open) -> None:
    ig.customer_writes(ig.add_person("marina_kofe"), "Вы открыты?")
    channel = await opened()
    for kind in ("http", "html", "empty", "truncated", "reset", "error_in_200"):
        ig.faults.add("conversations", kind)
        stream = Stream(channel)
        await stream.caught_up()
        assert stream.texts == ["Вы открыты?"], kind


async def test_a_field_nobody_knows_is_left_out_for_ever(
    ig: InstagramSandbox, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smm_inbox.channels.instagram import selection

    monkeypatch.setattr(selection, "MESSAGE", (*selection.MESSAGE, "mood"))
    ig.customer_writes(ig.add_person("marina_kofe"), "раз")
    stream = Stream(await opened())
    await stream.caught_up()
    await stream.until(lambda batch: batch.caught_up)
    assert stream.texts == ["раз"]
    refused = [call for call in ig.calls if call.name == "conversations" and call.status == 400]
    assert len(refused) == 1


async def test_too_much_at_once_is_asked_for_in_smaller_pages(
    ig: InstagramSandbox, opened: Open
) -> None:
    for number in range(30):
        ig.customer_writes(ig.add_person(f"guest{number}"), f"{number}")
    ig.faults.add("conversations", "error", error="reduce", count=2)
    stream = Stream(await opened())
    await stream.caught_up()
    assert sorted(stream.texts) == sorted(str(number) for number in range(30))


@pytest.mark.parametrize("noted", [True, False])
async def test_what_a_killed_run_stored_is_missed_when_it_is_gone(
    ig: InstagramSandbox, opened: Open, time: Time, noted: bool
) -> None:
    """The database stores a batch, the program is killed before it notes that, and then the
    comment, the message and the reaction are taken away."""
    ig.state.usage = 0
    marina = ig.add_person("marina_kofe")
    post = ig.publish("Пост")
    kept = ig.comments(post, marina, "Останется")
    question = ig.customer_writes(marina, "Тоже останется")
    stream = Stream(await opened())
    await stream.caught_up()
    comment = ig.comments(post, marina, "Исчезнет")
    message = ig.customer_writes(marina, "Тоже исчезнет")
    ig.reacts(question, marina, "👍")
    wanted = {"Исчезнет", "Тоже исчезнет", "👍"}
    while missing := wanted - set(stream.texts):
        await stream.until(lambda batch, new=missing: any(m.text in new for m in batch.messages))  # type: ignore[misc]
        if not noted:  # the batch is stored, and the run ends before anything else
            await stream.close()
            stream = Stream(await opened(), stream.cursor, stream.batches)
    if noted:
        await stream.until(lambda batch: batch.caught_up)
        await stream.close()
    ig.deletes_comment(comment)
    ig.unsends(message)
    question.reactions.clear()
    after = Stream(await opened(), stream.cursor)
    gone = {comment.id, message.id, f"{question.id}:reaction:{marina}"}
    await after.until(lambda _: gone <= {str(item.remote_id) for item in after.all("removals")})
    assert not {kept.id, question.id} & {str(item.remote_id) for item in after.all("removals")}


async def test_the_daily_round_sees_what_equal_counts_hide(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    """Under an old post one comment was deleted and another one came."""
    ig.state.usage = 0
    who = ig.add_person("timur")
    old = ig.publish("Старый пост", at=time() - 86_400)
    first = ig.comments(old, who, "Было")
    for number in range(12):
        ig.publish(f"Пост {number}", at=time() - 3600 + number)
    stream = Stream(await opened())
    await stream.caught_up()
    ig.deletes_comment(first)
    time.pass_by(minutes=1)
    ig.comments(old, who, "Стало")
    began = time.now()
    while "Стало" not in stream.texts:
        await stream.until(lambda _: True)
    assert timedelta(hours=20) < time.now() - began < timedelta(hours=25)
    while first.id not in {str(gone.remote_id) for gone in stream.all("removals")}:
        await stream.until(lambda _: True)


async def test_an_empty_page_is_not_the_end(ig: InstagramSandbox, opened: Open) -> None:
    """Privacy empties pages; only a missing "next" ends a list."""
    shy, timur = ig.add_person("shy"), ig.add_person("timur")
    ig.state.people[shy].restricted = True
    post = ig.publish("Пост")
    ig.comments(post, timur, "Под пустой страницей", at=ig.state.now() - 3600)
    for number in range(50):
        ig.comments(post, shy, "скрыто", at=ig.state.now() - 60 - number)
    stream = Stream(await opened())
    await stream.caught_up()
    assert "Под пустой страницей" in stream.texts
    assert "скрыто" not in stream.texts
