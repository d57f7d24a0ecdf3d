"""A delivery report tells which letter came back, for whom and why."""

from __future__ import annotations

import pytest

from smm_inbox.channels.email.letter import Report, parse_letter, read_structure, wanted_parts
from smm_inbox.channels.email.letter.mime import take_apart
from tests.channels.email.letter.corpus.build import OURS, head, multi, part, plain

STATUS = (
    "Reporting-MTA: dns; mx.mail.example\n\n"
    "Final-Recipient: rfc822; Nobody@mail.example\nAction: failed\nStatus: 5.2.2\n"
    "Diagnostic-Code: smtp; 552 5.2.2 mailbox\n full\n"
)
ORIGINAL = "From: info@cafe.example\nMessage-ID: <42.post@cafe.example>\nSubject: Re: x\n\nтекст"


def report(status: str = STATUS, copy: bytes = b"") -> bytes:
    return head("Return-Path: <>") + multi(
        "report",
        part("Письмо не доставлено"),
        part(status, "message/delivery-status"),
        *([copy] if copy else []),
        more="; report-type=delivery-status",
    )


@pytest.mark.parametrize(
    "kind",
    ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"],
)
def test_the_letter_is_known_by_its_copy(kind: str) -> None:
    read = parse_letter(report(copy=part(ORIGINAL, kind)), ours=OURS)
    assert read.failed == ("nobody@mail.example",)
    assert read.report == Report("<42.post@cafe.example>", "5.2.2", "552 5.2.2 mailbox full")  # type: ignore[arg-type]


def test_a_copy_in_base64_is_read() -> None:
    copy = part(ORIGINAL.encode(), "text/rfc822-headers", encoding="base64")
    read = parse_letter(report(copy=copy), ours=OURS)
    assert read.report is not None
    assert read.report.original == "<42.post@cafe.example>"


def test_a_whole_letter_as_a_copy_is_not_fetched() -> None:
    raw = report(copy=part(ORIGINAL, "message/rfc822"))
    parts = take_apart(raw).parts
    assert [item.inner_id for item in parts] == ["", "", "<42.post@cafe.example>"]
    assert [item.number for item in wanted_parts(parts)] == ["1", "2"]


def test_the_structure_names_the_letter_inside() -> None:
    text = (b"TEXT", b"PLAIN", None, None, None, b"7BIT", 120, 4)
    envelope = (b"Mon", b"x", None, None, None, None, None, None, None, b"<42.post@cafe.example>")
    inner = (b"MESSAGE", b"RFC822", None, None, None, b"7BIT", 700, envelope, text, 10)
    (one,) = read_structure(([inner], b"REPORT"))
    assert one.inner_id == "<42.post@cafe.example>"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_did_not_fail_is_no_failure(action: str) -> None:
    raw = report(STATUS.replace("failed", action), part(ORIGINAL, "message/rfc822"))
    read = parse_letter(raw, ours=OURS)
    assert (read.failed, read.report) == ((), None)


def test_the_old_report_of_exim_is_understood() -> None:
    raw = plain(
        "This message was created automatically by mail delivery software.\n\n"
        "  nobody@mail.example\n    SMTP error: 550 5.1.1 no such user\n\n"
        "------ This is a copy of your message, including all the headers. ------\n\n"
        "Message-ID: <42.post@cafe.example>\nSubject: Re: x\n",
        "X-Failed-Recipients: nobody@mail.example",
        "Auto-Submitted: auto-replied",
        "Return-Path: <>",
    )
    read = parse_letter(raw, ours=OURS)
    assert read.failed == ("nobody@mail.example",)
    assert read.report == Report("<42.post@cafe.example>", "5.1.1")


def test_the_report_of_qmail_is_understood() -> None:
    raw = plain(
        "Hi. This is the qmail-send program at mx.mail.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
        "<nobody@mail.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\n"
        "Return-Path: <info@cafe.example>\nMessage-Id: <42.post@cafe.example>\n",
        "Return-Path: <>",
    )
    read = parse_letter(raw, ours=OURS)
    assert read.failed == ("nobody@mail.example",)
    assert read.report is not None
    assert (read.report.original, read.report.status) == ("<42.post@cafe.example>", "5.1.1")


def test_a_customer_who_quotes_a_report_reports_nothing() -> None:
    raw = plain(
        "Мне пришло вот это:\n\n> <nobody@mail.example>:\n> 550 5.1.1\n"
        "> Message-ID: <42.post@cafe.example>\n",
        "X-Failed-Recipients: nobody@mail.example",
    )
    read = parse_letter(raw, ours=OURS)
    assert (read.failed, read.report, read.robot) == ((), None, None)
