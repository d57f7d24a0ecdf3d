"""A letter fetched in pieces over IMAP reads the same as the whole letter."""

from __future__ import annotations

import pytest

from smm_inbox import locale
from smm_inbox.channels.email.letter import (
    PartBody,
    parse_letter,
    read_letter,
    read_structure,
    wanted_parts,
)
from smm_inbox.channels.email.letter.mime import take_apart
from tests.channels.email.letter.corpus.build import OURS, Case, multi, part, plain
from tests.channels.email.letter.test_corpus import CASES

_PLAIN = (b"TEXT", b"PLAIN", (b"CHARSET", b"koi8-r", b"FORMAT", b"flowed"), None, None, b"8BIT", 120, 4, None, None, None)  # fmt: skip # noqa: E501
_HTML = (b"text", b"html", (b"charset", b"utf-8"), None, None, b"quoted-printable", 900, 20)
_IMAGE = (b"image", b"png", (b"name", b"x.png"), b"<pic1>", None, b"base64", 5000, None, (b"inline", (b"filename", b"=?utf-8?B?0YHRg9C/LnBuZw==?=")))  # fmt: skip # noqa: E501
_LETTER = (b"message", b"rfc822", None, None, None, b"7bit", 700, (b"Mon", b"=?utf-8?B?0JfQsNC60LDQtw==?=", None, None, None, None, None, None, None, None), _PLAIN, 10, None, (b"attachment", None))  # fmt: skip # noqa: E501


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.set_language("en")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_pieces_read_like_the_whole(case: Case) -> None:
    anatomy = take_apart(case.raw)
    header = case.raw if not anatomy.head.items else case.raw[: _body_start(case.raw)]
    bodies: list[PartBody] = [anatomy.body(item.number) for item in wanted_parts(anatomy.parts)]
    assert read_letter(header, bodies, anatomy.parts, ours=OURS) == parse_letter(
        case.raw, ours=OURS
    )


def _body_start(raw: bytes) -> int:
    marks = (b"\r\n\r\n", b"\n\n", b"\r\r")
    return min((raw.find(mark) + len(mark) for mark in marks if mark in raw), default=len(raw))


def test_a_single_part_is_number_one() -> None:
    (only,) = read_structure(_PLAIN)
    assert (only.number, only.type, only.charset, only.encoding) == (
        "1",
        "text/plain",
        "koi8-r",
        "8bit",
    )
    assert only.flowed
    assert only.size == 120


@pytest.mark.parametrize("gathered", [True, False])
def test_both_shapes_of_a_multipart_are_understood(gathered: bool) -> None:
    def joined(children: list[object], subtype: bytes) -> tuple[object, ...]:
        return (children, subtype, None) if gathered else (*children, subtype, None)

    inner = joined([_PLAIN, joined([_HTML, _IMAGE], b"RELATED")], b"ALTERNATIVE")
    parts = read_structure(joined([inner, _LETTER], b"MIXED"))
    assert [(item.number, item.type) for item in parts] == [
        ("1.1", "text/plain"),
        ("1.2.1", "text/html"),
        ("1.2.2", "image/png"),
        ("2", "message/rfc822"),
    ]
    assert [c.subtype for c in parts[1].within] == ["mixed", "alternative", "related"]
    assert parts[2].name == "суп.png"
    assert parts[2].content_id == "pic1"
    assert parts[2].disposition == "inline"
    assert parts[3].name == "Заказ.eml"
    assert [item.number for item in wanted_parts(parts)] == ["1.1", "1.2.1"]


ODD: list[object] = [None, (), b"x", 5, (None,), ([], b"mixed"), (b"text",), ((),), [[[[]]]]]


@pytest.mark.parametrize("odd", [*ODD, (b"text", b"plain", 5, 6, 7, 8, b"9")])
def test_odd_structures_give_fewer_parts_never_an_error(odd: object) -> None:
    read_structure(odd)


def test_endless_nesting_ends() -> None:
    nested: object = _PLAIN
    for _ in range(5000):
        nested = ([nested], b"mixed")
    assert read_structure(nested) == ()


def test_attachments_are_not_wanted_and_keep_their_number_and_size() -> None:
    raw = plain("x").partition(b"Content-Type")[0] + multi(
        "mixed",
        part("Текст"),
        part(b"\0" * 57_000, "application/pdf; name=a.pdf", encoding="base64"),
    )
    anatomy = take_apart(raw)
    assert [item.number for item in wanted_parts(anatomy.parts)] == ["1"]
    (attachment,) = parse_letter(raw, ours=OURS).attachments
    assert attachment.ref == "2"
    assert attachment.size is not None
    assert abs(attachment.size - 57_000) < 1000


def test_a_missing_body_leaves_the_rest_of_the_letter() -> None:
    anatomy = take_apart(plain("Текст"))
    letter = read_letter(plain("").partition(b"Content-Type")[0], [], anatomy.parts, ours=OURS)
    assert letter.text == ""
    assert letter.subject == "Вопрос"
