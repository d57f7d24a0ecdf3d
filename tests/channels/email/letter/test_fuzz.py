"""Any bytes in, a letter out; and a letter that is safe to show."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from smm_inbox.channels.email.letter import Letter, parse_letter
from smm_inbox.domain.text import clean, clean_line
from tests.channels.email.letter.corpus.build import OURS
from tests.channels.email.letter.test_corpus import CASES

SEEDS = [case.raw for case in CASES if len(case.raw) < 20_000]
PIECES = [
    b"\r\n",
    b"\r\n\r\n",
    b"--b1",
    b"--b1--",
    b"=?utf-8?B?",
    b"?=",
    b"\x00",
    b"\x1b[2J",
    b"\xff\xfe",
    b"Content-Type: multipart/mixed; boundary=b1\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Type: text/html\r\n",
    b"; filename*0*=",
    b"<div style='display:none'>",
    b"<blockquote>",
    b"</",
    b"> ",
    b"-- \r\n",
    "От: a\r\nКому: b\r\nТема: c\r\n".encode(),
    b"\xe2\x80\xae",
]


def is_safe(letter: Letter) -> bool:
    lines: list[str] = [letter.subject, letter.list_id]
    lines += [item.name for item in letter.attachments]
    for address in (letter.sender, letter.contact, *letter.to, *letter.cc, *letter.reply_to):
        if address is not None:
            lines += [address.name, address.address]
    texts = [letter.text, letter.folded]
    if letter.form is not None:
        texts += [item.value for item in letter.form.fields]
    ids = [letter.message_id, letter.in_reply_to, *letter.references]
    return (
        all(clean_line(line, limit=10_000) == line for line in lines)
        and all(clean(text) == text for text in texts)
        and all(item.isprintable() and " " not in item for item in ids)
    )


@given(st.binary(max_size=2000))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_safe_letter(raw: bytes) -> None:
    assert is_safe(parse_letter(raw, ours=OURS))


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=30), max_size=40))
@settings(max_examples=300, deadline=None)
def test_scraps_of_letters_give_a_safe_letter(scraps: list[bytes]) -> None:
    assert is_safe(parse_letter(b"".join(scraps), ours=OURS))


@given(
    st.sampled_from(SEEDS),
    st.lists(
        st.tuples(
            st.floats(0, 1), st.integers(0, 60), st.sampled_from(PIECES) | st.binary(max_size=8)
        ),
        min_size=1,
        max_size=6,
    ),
)
@settings(max_examples=500, deadline=None)
def test_damaged_letters_of_the_corpus_give_a_safe_letter(
    seed: bytes, damages: list[tuple[float, int, bytes]]
) -> None:
    raw = seed
    for place, cut, scrap in damages:
        at = int(place * len(raw))
        raw = raw[:at] + scrap + raw[at + cut :]
    assert is_safe(parse_letter(raw, ours=OURS))
