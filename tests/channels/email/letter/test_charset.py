"""Undeclared and wrongly declared Russian is told apart by its letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.channels.email.letter.charset import codec_name, decode

SENTENCES = (
    "Добрый день! Можно ли заказать торт на субботу?",
    "Здравствуйте, я забыла у вас зонт вчера вечером.",
    "ПОЧЕМУ МНЕ НИКТО НЕ ОТВЕЧАЕТ ВТОРОЙ ДЕНЬ",
    "Хотим забронировать стол на двоих, у окна, если можно",
    "Ёлка у вас замечательная, спасибо! Счёт оплатили.",
    "Суп был холодный. Верните, пожалуйста, деньги",
    "Во сколько вы открываетесь в воскресенье?",
    "ООО «Ромашка», акт сверки за сентябрь 2026 г.",
    "Re: Заказ №5 от 21.09.2026 — подтверждение",
    "Есть ли у вас веганское меню и эклеры?",
    "Объявление про щенка ещё висит? Подъезд 2",
    "Игорь, Юля и Эдуард придут к семи часам",
)
SHORT = "5 ч,Б,щи,яна,200 МБ,ъ,Да,К,€,№ 5,Größe,naïve,Ё,日本,😀,Ελληνικά,שלום,İş,Łódź"
CODECS = ("cp1251", "koi8-r", "cp866", "mac-cyrillic", "utf-8")


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("codec", CODECS)
def test_undeclared(text: str, codec: str) -> None:
    raw = text.encode(codec, "ignore")
    assert decode(raw) == raw.decode(codec)


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("codec", CODECS)
def test_declared(text: str, codec: str) -> None:
    raw = text.encode(codec, "ignore")
    assert decode(raw, codec) == raw.decode(codec)


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("cp1251", "iso-8859-1"),
        ("cp1251", "koi8-r"),
        ("koi8-r", "windows-1251"),
        ("cp866", "windows-1251"),
        ("utf-8", "windows-1251"),
        ("utf-8", "koi8-r"),
        ("cp1251", "utf-8"),
    ],
)
def test_declared_wrongly(text: str, codec: str, label: str) -> None:
    raw = text.encode(codec, "ignore")
    assert decode(raw, label) == raw.decode(codec)


@pytest.mark.parametrize(
    "text",
    SHORT.split(","),
)
def test_short_utf8_is_left_alone(text: str) -> None:
    assert decode(text.encode()) == text


NO_CHARSETS = ["zip", "hex", "punycode", "idna", "rot13", "unicode_escape", "undefined", "../x"]
LABELS = ["", "utf-8", "koi8-r", "utf-7", "utf-16", "gb2312", "iso-2022-jp", "hz-gb-2312", "x"]


@pytest.mark.parametrize("label", NO_CHARSETS)
def test_python_codecs_that_are_no_charsets_are_out_of_reach(label: str) -> None:
    assert codec_name(label) == ""
    assert decode("Привет, мир".encode(), label) == "Привет, мир"


@given(st.binary(max_size=400), st.sampled_from(LABELS))
def test_any_bytes_give_text(raw: bytes, label: str) -> None:
    assert isinstance(decode(raw, label), str)
