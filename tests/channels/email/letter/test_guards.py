"""Letters made to break readers cost a few seconds and megabytes at most."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from smm_inbox.channels.email.letter import Letter, parse_letter
from tests.channels.email.letter.corpus.build import OURS, head, multi, page, part, plain

MEGABYTE = 1024 * 1024
CPU_SECONDS = 3
ADDRESS_SPACE = 100 * MEGABYTE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits a child of fork")


def _many_parts() -> bytes:
    return head() + multi("mixed", *(part(f"часть {number}") for number in range(10_000)))


def _deep_parts() -> bytes:
    nest = "Content-Type: multipart/mixed; boundary=d{0}\r\n\r\n--d{0}\r\n"
    return head() + "".join(nest.format(number) for number in range(5_000)).encode() + part("дно")


def _same_boundary_deep() -> bytes:
    nest = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    return head() + nest * 100_000


def _huge_header() -> bytes:
    return b"X-Huge: " + b"a" * (100 * MEGABYTE) + b"\r\n" + plain("Текст")


def _huge_folded_header() -> bytes:
    return b"X-Huge: a" + b"\r\n b" * (5 * MEGABYTE) + b"\r\n" + plain("Текст")


def _many_headers() -> bytes:
    return b"X: y\r\n" * (2 * MEGABYTE) + plain("Текст")


def _open_fonts() -> bytes:
    fonts = "".join(f"<font size={number}>" for number in range(1_400))
    return page(f"<p>{fonts}{'<p>x' * 50_000}")


LETTERS: dict[str, Callable[[], bytes]] = {
    "many-parts": _many_parts,
    "deep-parts": _deep_parts,
    "same-boundary-deep": _same_boundary_deep,
    "boundary-of-dashes": lambda: head()
    + multi("mixed", b"-" * (40 * MEGABYTE), boundary="-" * 70),
    "almost-boundaries": lambda: head() + multi("mixed", b"--b1x\r\n" * MEGABYTE),
    "huge-header": _huge_header,
    "huge-folded-header": _huge_folded_header,
    "many-headers": _many_headers,
    "huge-references": lambda: plain("x", "References: " + "<a@b> " * MEGABYTE),
    "huge-recipients": lambda: plain("x", "Cc: " + "a@b.example, " * MEGABYTE),
    "recipients-of-brackets": lambda: plain("x", 'Cc: "((((<<<<' * 20_000),
    "many-words": lambda: head(subject="=?utf-8?B?0J8=?= " * 500_000) + part("x"),
    "words-never-closed": lambda: head(subject="=?utf-8?B?" * 500_000) + part("x"),
    "many-parameters": lambda: head()
    + part("x", "text/plain" + "".join(f"; name*{n}*=x" for n in range(200_000))),
    "deep-tags": lambda: page("<div>" * 200_000 + "дно"),
    "deep-tags-few": lambda: page("<div>" * 58_000 + "дно"),
    "deep-tables-few": lambda: page("<table><tr><td><div>" * 14_000 + "дно"),
    "deep-bold": lambda: page("<b>" * 200_000 + "дно"),
    "deep-quotes": lambda: page("<blockquote>" * 200_000 + "дно"),
    "open-fonts": _open_fonts,
    "many-attributes": lambda: page("<p " + " ".join(f"a{n}=1" for n in range(150_000)) + ">x"),
    "many-items": lambda: page("<ol>" + "<li>x" * 200_000),
    "many-tables": lambda: page("<table><tr><td>" * 60_000),
    "many-links": lambda: page("<a href='https://x.example/'>y</a>" * 30_000),
    "only-brackets": lambda: page("<" * MEGABYTE),
    "open-comments": lambda: page("<!--" * 250_000),
    "huge-page": lambda: page("<p>слово</p>" * 2_000_000),
    "huge-text": lambda: plain("слово " * 5_000_000),
    "huge-line": lambda: plain("a" * (50 * MEGABYTE)),
    "only-newlines": lambda: plain("\n" * (5 * MEGABYTE)),
    "only-quotes": lambda: plain("> x\n" * (5 * MEGABYTE)),
    "deep-quote-line": lambda: plain(">" * (5 * MEGABYTE)),
    "introductions": lambda: plain("On 21.09.2026 at 09:54, a@b.example\n" * 200_000),
    "wrote": lambda: plain("a" * 390 + " wrote\n" + "b" * 300 + ":\n" * 100_000),
    "headers-of-quotes": lambda: plain("От: x\nКому: y\n\n" * 200_000),
    "signatures": lambda: plain("-- \nС уважением,\nА\n" * 200_000),
    "forms": lambda: head(sender="noreply@x.example") + part("Имя: x\nТелефон: 1\n" * 200_000),
    "addresses": lambda: head(sender="noreply@x.example")
    + part("Имя: x\nE-mail: " + "a" * 500_000 + "@" + "b" * 500_000),
    "huge-attachment": lambda: head()
    + multi("mixed", part("Текст"), part(b"\0" * (37 * MEGABYTE), "x/y", encoding="base64")),
    "huge-base64-text": lambda: head() + part("слово " * 3_000_000, encoding="base64"),
    "half-utf8": lambda: head() + part(b"\xd0" * (20 * MEGABYTE)),
    "doubled": lambda: plain("Р—Р°РєР°Р·" * 400_000),
    "zalgo": lambda: plain("з" + "\u0300" * 2_000_000),
    "hz": lambda: head() + part(b"~{" * (5 * MEGABYTE), "text/plain; charset=hz-gb-2312"),
}  # fmt: skip


def _measured(build: Callable[[], bytes]) -> None:
    raw = build()
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + ADDRESS_SPACE
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    letter = parse_letter(raw, ours=OURS)
    assert isinstance(letter, Letter)
    assert len(letter.text) <= 100_000
    assert len(letter.attachments) <= 200


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # forking beside threads of a plugin
@pytest.mark.parametrize("name", LETTERS)
def test_a_hostile_letter_is_read_within_three_seconds_and_100_megabytes(name: str) -> None:
    child = multiprocessing.get_context("fork").Process(target=_measured, args=(LETTERS[name],))
    child.start()
    child.join(60)
    if child.is_alive():
        child.kill()
    assert child.exitcode == 0


def test_what_can_be_read_of_hostile_letters_is_read() -> None:
    def read(name: str) -> Letter:
        return parse_letter(LETTERS[name](), ours=OURS)

    assert read("many-parts").text.startswith("часть 0\n\nчасть 1\n")
    assert read("huge-header").text == "Текст"
    assert read("huge-folded-header").text == "Текст"
    assert read("deep-tags").text == "дно"
    assert read("many-links").text.startswith("y <https://x.example/>")
    assert read("huge-attachment").attachments[0].ref == "2"
