"""What the command line prints: harmless to a terminal, exact for a program."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.cli import output
from smm_inbox.cli.exporting import COLUMNS, Table, jsonl
from smm_inbox.services.export import FIELDS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
HOSTILE = "\x1b]52;c;x\x07\x9b31m\u202eтекст\u2066\u2028\x00\x7f\ufeff\U000e0001"
RECORD: dict[str, object] = {
    "id": 1,
    "account": "cafe",
    "channel": "vk",
    "kind": "comment",
    "conversation": 5,
    "thread": None,
    "direction": "in",
    "remote_id": "wall-1_2",
    "author": {
        "remote_id": "7",
        "name": "=HYPERLINK(1)",
        "handle": "@anna",
        "followers": None,
        "city": "Казань",
        "url": "https://vk.com/id7",
    },
    "text": '-1+1 "да";\nвторая, строка',
    "sent_at": "2026-11-23T02:09:21.000Z",
    "edited": True,
    "deleted": False,
    "state": "awaiting",
    "automatic": False,
    "status": "new",
    "tags": ["жалоба", "суп"],
    "attachments": [{"kind": "photo", "name": "суп.jpg", "url": "https://x/1"}, {"kind": "voice"}],
    "root": {"kind": "post", "text": "Меню", "url": "https://vk.com/wall-1_1"},
    "reply_to": None,
}


@given(JSON)
def test_json_means_the_same_and_holds_nothing_that_acts(value: object) -> None:
    line = output.json_line(value)
    assert json.loads(line) == value
    assert "\n" not in line
    acting = [c for c in line if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"}]
    assert acting == []
    assert not set(line) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\ufeff\u061c")


def test_json_keeps_russian_and_emoji_families_readable() -> None:
    assert output.json_line({"а": "👩‍👧 ёж"}) == '{"а": "👩‍👧 ёж"}'


def test_a_lone_surrogate_is_escaped() -> None:
    output.json_line("\ud800").encode("utf-8")


@pytest.mark.parametrize("put", [output.say, output.complain])
def test_hostile_text_is_printed_without_its_powers(
    put: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(put)
    put(f"имя {HOSTILE}\n[/]")
    captured = capsys.readouterr()
    text = captured.out + captured.err
    assert text.endswith("\n[/]\n")
    assert not [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c != "\n"]


def test_a_terminal_that_cannot_speak_russian_does_not_stop_us(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    output.say("да, yes")
    output.say_json({"x": "да"})
    assert raw.getvalue() == b"??, yes\n" + '{"x": "да"}\n'.encode()


def table(*rows: dict[str, object], delimiter: str = ",") -> list[list[str]]:
    shape = Table(delimiter)
    text = shape.head + "".join(shape(row) for row in rows)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_message_is_one_row_of_the_table(delimiter: str) -> None:
    head, row = table(RECORD, delimiter=delimiter)
    assert tuple(head) == COLUMNS
    cells = dict(zip(head, row, strict=True))
    assert cells["author_name"] == "'=HYPERLINK(1)"
    assert cells["author_handle"] == "'@anna"
    assert cells["text"] == "'" + str(RECORD["text"])
    assert (cells["edited"], cells["deleted"]) == ("true", "false")
    assert (cells["author_followers"], cells["thread"], cells["id"]) == ("", "", "1")
    assert cells["tags"] == "жалоба; суп"
    assert cells["attachments"] == "photo суп.jpg https://x/1; voice"
    assert (cells["root_kind"], cells["root_text"]) == ("post", "Меню")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "\x00=", "\u202e="])
def test_no_cell_is_a_formula(start: str) -> None:
    _, row = table({**RECORD, "text": f"{start}1+1"})
    assert row[COLUMNS.index("text")][0] in "'\n1"


@given(st.text(st.characters(codec="utf-8")), st.sampled_from([",", ";", "\t"]))
def test_any_text_keeps_the_table_whole(text: str, delimiter: str) -> None:
    head, row = table({**RECORD, "text": text, "tags": [text]}, delimiter=delimiter)
    assert len(row) == len(head)
    assert row[COLUMNS.index("id")] == "1"
    assert row[-1] == ""


def test_the_table_has_a_column_for_every_field() -> None:
    starts = {column.partition("_")[0] for column in COLUMNS} | set(COLUMNS)
    assert [field for field in FIELDS if field not in starts] == []
    assert set(RECORD) == set(FIELDS)


def test_a_line_of_json_has_every_field_in_order() -> None:
    assert list(json.loads(jsonl(RECORD))) == list(FIELDS)
