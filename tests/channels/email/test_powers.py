"""Deleting, spam, seen marks and attachments on demand."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from smm_inbox.channels.base import (
    SupportsDelete,
    SupportsDiagnosis,
    SupportsDownload,
    SupportsEdit,
    SupportsMarkRead,
    SupportsSpam,
    SupportsTyping,
)
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import ChannelError, Rejected
from smm_inbox.sandbox.mail import MailSandbox, letter

from .support import Stream, eventually, reading

PROFILES = ("plain", "yandex", "mailru", "gmail")


@pytest.fixture(params=PROFILES)
def mail(request: pytest.FixtureRequest) -> Iterator[MailSandbox]:
    with MailSandbox(request.param) as sandbox:
        yield sandbox


@pytest.fixture
def plain() -> Iterator[MailSandbox]:
    with MailSandbox() as sandbox:
        yield sandbox


async def test_deleting_moves_to_the_trash(mail: MailSandbox, tmp_path: Path) -> None:
    mail.customer_writes(letter("раз", message_id="<1@m.example>"))
    mail.customer_writes(letter("два", message_id="<2@m.example>"))
    async with reading(mail, tmp_path) as (channel, stream):
        first = next(m for m in stream.messages if m.text == "раз")
        await channel.delete(first.place, first.remote_id)
        await channel.delete(first.place, first.remote_id)
        await stream.until(lambda batch: bool(batch.removals))
    assert [item.header("Message-ID") for item in mail.letters()] == ["<2@m.example>"]
    assert len(mail.letters(r"\Trash")) == 1


async def test_spam_goes_to_its_folder_and_comes_back(mail: MailSandbox, tmp_path: Path) -> None:
    mail.customer_writes(letter("выигрыш!", message_id="<1@m.example>"))
    async with reading(mail, tmp_path) as (channel, stream):
        [message] = stream.messages
        await channel.mark_spam(message.place, spam=True)
        assert len(mail.letters(r"\Junk")) == 1
        await stream.until(lambda batch: bool(batch.removals))
        await channel.mark_spam(message.place, spam=False)
        assert len(mail.letters()) == 1
        await stream.until(lambda batch: any(r.restored for r in batch.removals))
    assert len({m.remote_id for m in stream.messages}) == 1


async def test_seen_is_set_only_when_asked(plain: MailSandbox, tmp_path: Path) -> None:
    stored = plain.customer_writes(letter("раз", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        assert stored.flags == frozenset()
        await channel.mark_read(stream.messages[0].place)
    assert stored.flags == frozenset({r"\Seen"})


async def test_a_renumbered_folder_never_has_the_wrong_letter_deleted(
    plain: MailSandbox, tmp_path: Path
) -> None:
    first = plain.customer_writes(letter("раз", message_id="<1@m.example>"))
    plain.customer_writes(letter("два", message_id="<2@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        victim = next(m for m in stream.messages if m.text == "раз")
        with plain.state.lock:
            plain.folder("INBOX").remove(first.uid)
            plain.folder("INBOX").renumber()  # "два" now has the UID that "раз" had
        await channel.delete(victim.place, victim.remote_id)
    assert [item.header("Message-ID") for item in plain.letters()] == ["<2@m.example>"]


async def test_nor_when_the_reader_notices_the_renumbering_first(
    plain: MailSandbox, tmp_path: Path
) -> None:
    first = plain.customer_writes(letter("раз", message_id="<1@m.example>"))
    second = plain.customer_writes(letter("два", message_id="<2@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        victim = next(m for m in stream.messages if m.text == "раз")
        fault = plain.faults.add("imap:select", "delay", seconds=2.0)
        deleting = asyncio.create_task(channel.delete(victim.place, victim.remote_id))
        await eventually(lambda: fault.hits)
        with plain.state.lock:
            plain.folder("INBOX").remove(first.uid)
            plain.renumber()  # "два" now has the UID that "раз" had
        with contextlib.suppress(ChannelError):
            await stream.rounds()
        again = Stream(channel, stream.cursor)
        await again.until(lambda _: bool(stream.removals + again.removals))
        assert not deleting.done()
        await asyncio.gather(deleting, return_exceptions=True)
        await again.close()
    assert [item.header("Message-ID") for item in plain.letters()] == ["<2@m.example>"]
    assert second.flags == frozenset()


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "7bit"])
async def test_an_attachment_is_fetched_piece_by_piece(
    plain: MailSandbox, tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smm_inbox.channels.email import posting

    monkeypatch.setattr(posting, "CHUNK", 1000)
    content = b"line of text = yes\r\n" * 500
    if encoding == "base64":
        content = bytes(range(256)) * 40
        raw = letter("вот", files=[("отчёт.pdf", content)], message_id="<1@m.example>")
    else:
        import quopri

        coded = quopri.encodestring(content, header=False) if "quoted" in encoding else content
        raw = (
            b"From: a@m.example\r\nMessage-ID: <1@m.example>\r\n"
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
            b"Content-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\n"
            b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + coded + b"\r\n--b--"
        )
    plain.customer_writes(raw)
    seen: list[tuple[int, int]] = []
    target = tmp_path / "down" / "файл.bin"
    async with reading(plain, tmp_path / "mail") as (channel, stream):
        [message] = stream.messages
        ref = message.attachments[0].ref
        arguments = (message.place, message.remote_id, ref, target)
        first = await channel.download(*arguments, lambda done, size: seen.append((done, size)))
        second = await channel.download(*arguments, lambda *_: None)
        await eventually(lambda: seen and seen[-1][0] == seen[-1][1])
    assert first == target
    assert second.name == "файл (2).bin"
    assert first.read_bytes().replace(b"\r\n", b"\n") == content.replace(b"\r\n", b"\n")
    assert len(seen) > 3
    assert all(done <= size for done, size in seen)
    assert len({size for _, size in seen}) == 1
    assert sorted(file.name for file in target.parent.iterdir()) == ["файл (2).bin", "файл.bin"]


async def test_a_cancelled_download_leaves_nothing(
    plain: MailSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smm_inbox.channels.email import posting

    monkeypatch.setattr(posting, "CHUNK", 1000)
    plain.customer_writes(letter("вот", files=[("a.bin", b"x" * 200_000)], message_id="<1@m.ex>"))
    folder = tmp_path / "down"
    started = asyncio.Event()
    async with reading(plain, tmp_path / "mail") as (channel, stream):
        [message] = stream.messages
        plain.faults.add("imap:uid fetch", "hang", skip=5)
        task = asyncio.create_task(
            channel.download(
                message.place, message.remote_id, "2", folder / "a", lambda *_: started.set()
            )
        )
        await asyncio.wait_for(started.wait(), 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await eventually(lambda: not list(folder.iterdir()))


@pytest.mark.parametrize("ref", ["99", "2\r\nA1 LOGOUT", "", "2.", "../2"])
async def test_an_attachment_that_is_not_there_is_said_so(
    plain: MailSandbox, tmp_path: Path, ref: str
) -> None:
    plain.customer_writes(letter("вот", files=[("a.bin", b"x")], message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        [message] = stream.messages
        with pytest.raises(Rejected):
            await channel.download(
                message.place, message.remote_id, ref, tmp_path / "a", lambda *_: None
            )
        assert channel.capabilities.kinds == {Kind.DIRECT}


async def test_what_is_declared_is_there_and_nothing_else(
    plain: MailSandbox, tmp_path: Path
) -> None:
    async with reading(plain, tmp_path) as (channel, _):
        caps = channel.capabilities
        for power in (SupportsDelete, SupportsDownload, SupportsMarkRead, SupportsSpam):
            assert isinstance(channel, power)
        assert isinstance(channel, SupportsDiagnosis)
        assert not isinstance(channel, SupportsEdit)
        assert not isinstance(channel, SupportsTyping)
        assert caps.delete_theirs == {Kind.DIRECT}
        assert caps.mark_read
        assert not caps.typing
        assert not caps.edit
        assert channel.limitations == ()


def test_a_letter_of_50_megabytes_costs_under_30(tmp_path: Path) -> None:
    """In a process of its own, so that the sandbox's own copy does not count."""
    with MailSandbox() as mail:
        head = (
            b"From: anna@m.example\r\nSubject: video\r\nMessage-ID: <1@m.example>\r\n"
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
            b"Content-Type: text/plain\r\n\r\nsee the file\r\n--b\r\n"
            b"Content-Type: video/mp4; name=v.mp4\r\nContent-Disposition: attachment\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n"
        )
        mail.customer_writes(head + (b"QUJD" * 19 + b"\r\n") * 650_000 + b"--b--\r\n")
        code = textwrap.dedent(
            f"""
            import asyncio, resource, sys
            from pathlib import Path
            from tests.channels.email.support import Stream, make
            server = {{"host": "127.0.0.1", "security": "none"}}
            table = {{
                "address": "info@cafe.example", "password": "letmein",
                "imap": {{**server, "port": {mail.imap_port}}},
                "smtp": {{**server, "port": {mail.smtp_port}}},
            }}
            folder = Path({str(tmp_path)!r})
            def peak():
                return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            async def main():
                channel = make(table, folder / "mail")
                await channel.connect()
                before = peak()
                stream = Stream(channel)
                await stream.caught_up()
                [message] = stream.messages
                assert message.text.strip() == "see the file", message.text
                got = await channel.download(
                    message.place, message.remote_id, "2", folder / "v.mp4", lambda *_: None
                )
                assert got.stat().st_size > 35_000_000
                await stream.close()
                await channel.close()
                print(peak() - before)
            asyncio.run(main())
            """
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=100
        )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 30 * 1024, done.stdout
