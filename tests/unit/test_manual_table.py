"""Tables of reviews and leads: broken rows are named, the rest is exact."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.hours import BusinessHours
from smm_inbox.domain.manual import Source
from smm_inbox.domain.manual_table import ManualTable, TableRefused, read_table
from smm_inbox.locale import set_language
from smm_inbox.services.manual_words import reason, refusal
from tests.ui.hostile import HOSTILE, is_harmless

HOURS = BusinessHours(ZoneInfo("Europe/Moscow"))
NOW = datetime(2026, 11, 23, 11, 32, tzinfo=UTC)
HEAD = "источник;имя;телефон;оценка;текст;дата;срок;ссылка\n"


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


def read(text: str, encoding: str = "utf-8") -> ManualTable:
    return read_table(text.encode(encoding), NOW, HOURS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    rows = [
        ["Источник", "Имя", "Телефон", "Оценка", "Текст", "Дата", "Срок", "Ссылка"],
        ["2ГИС", "Пётр", "", "2/5", '"Грязно, шумно; и ""долго"""', "20.11.2026 14:30", "пт",
         "https://2gis.ru/1"],
        ["звонок", "Мария", "8 916 123-45-67", "", "торт", "2026-11-21", "", ""],
    ]  # fmt: skip
    table = read("\r\n".join(delimiter.join(row) for row in rows), encoding)
    assert table.broken == ()
    (first, _), (second, _) = table.entries
    assert (first.source, first.name, first.rating) == (Source.GIS, "Пётр", 2)
    assert first.text == 'Грязно, шумно; и "долго"'
    assert first.written_at == datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
    assert first.due_at == datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    assert (second.source, second.phone) == (Source.CALL, "+79161234567")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("зум;А;;;текст;;;", "unknown source"),
        (";А;12;;текст;;;", "no phone"),
        (";А;;7;текст;;;", "no rating"),
        (";А;;;текст;31.02.2026;;", "no date"),
        (";А;;;текст;01.01.2027;;", "not come yet"),
        (";А;;;текст;;вчера;", "no due time"),
        (";А;;;текст;;;просто", "no link"),
        (";А;;;текст;;;;лишнее", "more cells"),
        ("книга;;;;;;;", "nothing is said"),
    ],
)
def test_a_broken_row_is_named_and_the_others_are_exact(row: str, why: str) -> None:
    table = read(f"{HEAD}книга;Иванова;;;холодный суп;;;\n\n{row}\nвизит;;;;хамство;;;\n")
    assert [one.number for one in table.broken] == [4]
    assert why in reason(table.broken[0])
    assert [entry.text for entry, _ in table.entries] == ["холодный суп", "хамство"]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    table = read(f'{HEAD};А;;;"раз\nдва";;;\n;Б;;9;;;;\n')
    assert [one.number for one in table.broken] == [3]
    assert table.entries[0][0].text == "раз\nдва"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "name the columns"),
        (b"one;two\n1;2\n", "name the columns"),
        ("текст;отзыв\n1;2\n".encode(), "mean the same"),
        (b"PK\x03\x04rest", "no CSV"),
        (b"text\n\x00\x01", "no CSV"),
        ("текст\n\x98".encode("latin-1", "ignore") + b"\x98\xff", "letters"),
        ('текст\nцелая\n"не закрыта\nещё\n'.encode(), "Row 3"),
        ('текст\n"так" нельзя\n'.encode(), "Row 2"),
    ],
)
def test_what_is_no_table_is_refused_whole(raw: bytes, says: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read_table(raw, NOW, HOURS)
    assert says in refusal(refused.value)


def test_the_same_row_has_the_same_digest_and_another_one_another() -> None:
    one = read(f"{HEAD}2гис;Пётр;;2;Грязно;20.11.2026;;\n2гис;Пётр;;2;Грязно;21.11.2026;;\n")
    again = read(f"{HEAD}2гис;ПЁТР;;2/5; грязно ;20.11.2026;пт;\n")
    assert one.entries[0][1] == again.entries[0][1] != one.entries[1][1]
    numbered = read("id,источник,текст\n7,2гис,Грязно\n7,2гис,Грязно!\n8,2гис,Грязно\n")
    first, second, third = (digest for _, digest in numbered.entries)
    assert first == second != third


def test_excels_own_line_and_unknown_columns_do_no_harm() -> None:
    table = read("sep=;\nтекст;что-то\nсуп;1\n")
    assert [entry.text for entry, _ in table.entries] == ["суп"]


def test_a_link_names_the_source() -> None:
    table = read("отзыв,ссылка\nплохо,https://yandex.ru/maps/org/1\n")
    assert table.entries[0][0].source is Source.YANDEX


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: f"текст;имя\n{t}".encode()))
def test_no_file_breaks_it(raw: bytes) -> None:
    try:
        table = read_table(raw, NOW, HOURS)
    except TableRefused:
        return
    for entry, digest in table.entries:
        assert is_harmless(f"{entry.name}{entry.link}")
        assert len(digest) == 64


@pytest.mark.parametrize("trick", [key for key in HOSTILE if key not in {"surrogate", "nul"}])
def test_hostile_cells_are_harmless_fields(trick: str) -> None:
    cell = HOSTILE[trick].replace('"', '""')
    table = read(f'имя,текст,ссылка\n"{cell}","{cell}",\nМ,т,"{cell}"\n')
    for entry, _ in table.entries:
        assert is_harmless(entry.name)
        assert is_harmless(entry.text.replace("\n", "").replace("\t", ""))
    for broken in table.broken:
        assert is_harmless(reason(broken))
