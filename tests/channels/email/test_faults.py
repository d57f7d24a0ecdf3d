"""A mail server that breaks, vanishes or talks nonsense is noticed and loses nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from smm_inbox.channels.email.account import Timing
from smm_inbox.channels.email.channel import EmailChannel
from smm_inbox.channels.email.imap import Imap
from smm_inbox.domain.errors import ChannelError, Retry
from smm_inbox.sandbox.mail import MailSandbox, letter

from .support import QUICK, Stream, make, options, reading


@pytest.fixture
def plain() -> Iterator[MailSandbox]:
    with MailSandbox() as sandbox:
        yield sandbox


async def stubborn(channel: EmailChannel, stream: Stream, wanted: int) -> Stream:
    """Read on through every loss of connection, as the engine does, until all letters came."""
    seen: list[Stream] = [stream]
    async with asyncio.timeout(30):
        while len({text for one in seen for text in one.texts}) < wanted:
            try:
                await channel.connect()
                current = Stream(channel, seen[-1].cursor)
                seen.append(current)
                await current.until(
                    lambda _: len({text for one in seen for text in one.texts}) >= wanted
                )
            except ChannelError:
                continue
            finally:
                await seen[-1].close()
    whole = Stream(channel)
    whole.batches = [batch for one in seen for batch in one.batches]
    whole.cursor = seen[-1].cursor
    return whole


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("imap:connect", "drop"),
        ("imap:login", "drop"),
        ("imap:list", "bye"),
        ("imap:examine", "drop"),
        ("imap:examine", "reply"),
        ("imap:uid search", "bye"),
        ("imap:uid fetch", "drop"),
        ("imap:uid fetch", "cut"),
        ("imap:uid fetch", "reply"),
        ("imap:idle", "drop"),
        ("imap:idle", "bad"),
    ],
)
async def test_a_fault_anywhere_costs_no_letter(
    plain: MailSandbox, tmp_path: Path, target: str, kind: str
) -> None:
    for n in range(25):
        plain.customer_writes(letter(f"письмо {n}", message_id=f"<{n}@m.example>"))
    plain.faults.add(target, kind, count=2)
    channel = make(options(plain), tmp_path)
    whole = await stubborn(channel, Stream(channel), 25)
    assert sorted(whole.texts) == sorted(f"письмо {n}" for n in range(25))
    await channel.close()


@pytest.mark.parametrize("how", ["drop", "bye", "silence"])
async def test_a_connection_lost_in_idle_is_noticed(
    plain: MailSandbox, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smm_inbox.channels.email import imap

    monkeypatch.setattr(imap, "DONE_SECONDS", 0.3)
    monkeypatch.setattr(imap, "READ_SECONDS", 1.0)
    async with reading(plain, tmp_path) as (_, stream):
        cut = {"drop": plain.drop_all, "bye": plain.say_bye, "silence": plain.silence_all}[how]

        async def later() -> None:
            while not plain.idling:
                await asyncio.sleep(0.01)
            cut()

        task = asyncio.create_task(later())
        with pytest.raises(Retry):
            await stream.until(lambda _: False)
        await task


def test_a_vanished_server_is_noticed_within_half_a_minute_by_default() -> None:
    from smm_inbox.channels.email import imap

    assert Timing().idle + imap.DONE_SECONDS <= 30


async def test_closing_is_quick_whatever_the_server_does(
    plain: MailSandbox, tmp_path: Path
) -> None:
    slow = Timing(idle=60.0, poll=60.0)
    channel = make(options(plain), tmp_path, timing=slow)
    await channel.connect()
    stream = Stream(channel)
    await stream.caught_up()
    waiting = asyncio.create_task(stream.until(lambda _: False, seconds=60))
    while not plain.idling:
        await asyncio.sleep(0.01)
    plain.silence_all()
    started = time.monotonic()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await stream.close()
    await channel.close()
    await channel.close()
    assert time.monotonic() - started < 1.0


async def test_a_news_in_one_piece_with_idling_is_not_left_lying(
    plain: MailSandbox, tmp_path: Path
) -> None:
    """The library keeps it in its buffer, where waiting on the socket does not see it."""
    slow = Timing(idle=30.0, poll=60.0)
    channel = make(options(plain), tmp_path, timing=slow)
    await channel.connect()
    stream = Stream(channel)
    await stream.caught_up()
    # Between EXAMINE and IDLE: the sandbox tells of it right behind "+ idling".
    plain.faults.add("imap:idle", "delay", seconds=0.3)
    reader = asyncio.create_task(stream.text("в щель"))
    while not any(command.startswith("imap:idle") for command in plain.commands):
        await asyncio.sleep(0.01)
    plain.customer_writes(letter("в щель", message_id="<1@m.example>"))
    await asyncio.wait_for(reader, 10)
    await stream.close()
    await channel.close()


async def test_a_letter_that_cannot_be_parsed_holds_up_nobody(
    plain: MailSandbox, tmp_path: Path
) -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(90))
    plain.customer_writes(letter("до", message_id="<1@m.example>"))
    plain.customer_writes("Subject: deep\nFrom: a@m.example\n" + deep + "\nдно\n")
    parts = "".join(f"--b\nContent-Type: text/plain\n\nчасть {n}\n" for n in range(10_000))
    plain.customer_writes(
        "Subject: wide\nFrom: b@m.example\nContent-Type: multipart/mixed; boundary=b\n\n" + parts
    )
    plain.customer_writes(b"\xff\xfe\x00\x01" * 50)
    plain.customer_writes(b"")
    plain.customer_writes(letter("после", message_id="<2@m.example>"))
    channel = make(options(plain), tmp_path)
    stream = await stubborn(channel, Stream(channel), 4)
    assert {"до", "после"} <= set(stream.texts)
    authors = {str(message.author) for message in stream.messages}
    assert {"a@m.example", "b@m.example"} <= authors
    await channel.close()


async def test_an_answer_without_end_is_given_up_and_the_letter_skipped(
    plain: MailSandbox, tmp_path: Path
) -> None:
    """A structure of more than a megabyte in one line: the library stops reading there."""
    names = "".join(
        f'--b\nContent-Type: application/x; name="{"n" * 700}{n}"\n\nx\n' for n in range(2000)
    )
    plain.customer_writes(
        "Subject: huge\nFrom: huge@m.example\nContent-Type: multipart/mixed; boundary=b\n\n" + names
    )
    plain.customer_writes(letter("следом", message_id="<2@m.example>"))
    channel = make(options(plain), tmp_path)
    stream = await stubborn(channel, Stream(channel), 2)
    assert "следом" in stream.texts
    assert {"huge@m.example", "anna@mail.example"} == {str(m.author) for m in stream.messages}
    await channel.close()


async def test_a_letter_whose_text_is_kept_back_is_told_all_the_same(
    plain: MailSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = Imap.fetch

    def forgetful(
        this: Imap, uids: Sequence[int], items: Sequence[str]
    ) -> dict[int, dict[bytes, object]]:
        rows = fetch(this, uids, items)
        texts = any(item.startswith(("BODY.PEEK[1]", "BODY.PEEK[TEXT]")) for item in items)
        return {uid: row for uid, row in rows.items() if not (texts and uid == hidden.uid)}

    monkeypatch.setattr(Imap, "fetch", forgetful)
    hidden = plain.customer_writes(letter("скрыто", message_id="<1@m.example>"))
    plain.customer_writes(letter("следом", message_id="<2@m.example>"))
    channel = make(options(plain), tmp_path)
    stream = await stubborn(channel, Stream(channel), 2)
    assert len(stream.texts) == 2
    assert "следом" in stream.texts
    assert "" not in stream.texts
    await channel.close()


async def test_a_header_of_many_megabytes_costs_its_beginning_only(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(
        b"From: long@m.example\nSubject: x\nX-Junk: " + b"j" * 20_000_000 + b"\n\nbody\n"
    )
    async with reading(plain, tmp_path) as (_, stream):
        [message] = stream.messages
    assert message.author == "long@m.example"
    assert message.text.strip() == "body"


async def test_a_storm_of_faults_loses_and_doubles_nothing(tmp_path: Path) -> None:
    for profile in ("plain", "mailru"):
        with MailSandbox(profile, seed=3) as mail:
            for target in ("imap:uid fetch", "imap:uid search", "imap:examine", "imap:idle"):
                for kind in ("drop", "cut", "bye", "reply"):
                    mail.faults.add(target, kind, probability=0.05, count=6)
            for n in range(40):
                mail.customer_writes(letter(f"письмо {n}", message_id=f"<{n}@m.example>"))
            channel = make(options(mail), tmp_path / profile, timing=QUICK)
            stream = await stubborn(channel, Stream(channel), 40)
            by_id = {m.remote_id: str(m.text) for m in stream.messages}
            assert sorted(by_id.values()) == sorted(f"письмо {n}" for n in range(40))
            await channel.close()
