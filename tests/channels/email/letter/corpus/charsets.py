"""Charsets: true, false, missing and doubled."""

# ruff: noqa: E501 - the letters themselves have long lines

from __future__ import annotations

from .build import Case, head, part, word

_SOUP = "Добрый день! Суп принесли холодный, ждали сорок минут.\nКто за это отвечает?"
_TABLE = "Здравствуйте. А столик на 19:00 на двоих найдётся?"


def _letter(text: str, charset: str, kind: str, encoding: str = "8bit") -> bytes:
    return head() + part(text, kind, encoding=encoding, charset=charset)


def _misread(text: str, taken: str) -> str:
    """What UTF-8 looks like to a program that takes it for ``taken``."""
    out = []
    for byte in text.encode():
        try:
            out.append(bytes([byte]).decode(taken))
        except UnicodeDecodeError:
            out.append(chr(byte))
    return "".join(out)


_TRUE = [
    ("utf-8", "text/plain; charset=utf-8"),
    ("utf-8", 'text/plain; charset="UTF8"'),
    ("cp1251", "text/plain; charset=windows-1251"),
    ("cp1251", "text/plain; charset=Windows-1251"),
    ("cp1251", "text/plain; charset=cp-1251"),
    ("cp1251", "text/plain; charset=win-1251"),
    ("cp1251", "text/plain; charset=x-cp1251"),
    ("koi8-r", "text/plain; charset=koi8-r"),
    ("koi8-r", "text/plain; charset=KOI8-R; format=fixed"),
    ("koi8-r", "text/plain; charset=koi8"),
    ("cp866", "text/plain; charset=cp866"),
    ("cp866", "text/plain; charset=ibm866"),
    ("mac-cyrillic", "text/plain; charset=x-mac-cyrillic"),
    ("iso8859-5", "text/plain; charset=iso-8859-5"),
    ("utf-7", "text/plain; charset=utf-7"),
    ("utf-7", "text/plain; charset=unicode-1-1-utf-7"),
    ("utf-16", "text/plain; charset=utf-16"),
]
_FALSE = [
    # (really, claimed)
    ("cp1251", "text/plain; charset=iso-8859-1"),
    ("cp1251", "text/plain; charset=us-ascii"),
    ("cp1251", "text/plain; charset=utf-8"),
    ("cp1251", "text/plain; charset=koi8-r"),
    ("cp1251", "text/plain; charset=unknown-8bit"),
    ("cp1251", "text/plain; charset=_default"),
    ("koi8-r", "text/plain; charset=windows-1251"),
    ("koi8-r", "text/plain; charset=iso-8859-1"),
    ("koi8-r", "text/plain; charset=us-ascii"),
    ("cp866", "text/plain; charset=windows-1251"),
    ("cp866", "text/plain; charset=us-ascii"),
    ("mac-cyrillic", "text/plain; charset=windows-1251"),
    ("utf-8", "text/plain; charset=windows-1251"),
    ("utf-8", "text/plain; charset=iso-8859-1"),
    ("utf-8", "text/plain; charset=us-ascii"),
    ("utf-8", "text/plain; charset=koi8-r"),
    ("utf-8", "text/plain; charset=nonsense"),
    ("utf-8", "text/plain; charset=punycode"),
    ("utf-8", "text/plain; charset=zip"),
    ("cp1251", "text/plain"),
    ("koi8-r", "text/plain"),
    ("cp866", "text/plain"),
    ("mac-cyrillic", "text/plain"),
    ("utf-8", "text/plain"),
]
_PLAIN = [
    Case(f"true-{place}-{kind.partition('charset=')[2]}", _letter(_SOUP, real, kind), _SOUP)
    for place, (real, kind) in enumerate(_TRUE)
] + [
    Case(f"false-{real}-as-{place}-{kind[12:]}", _letter(_TABLE, real, kind), _TABLE)
    for place, (real, kind) in enumerate(_FALSE)
]
_ENCODED = [
    Case(
        f"{encoding}-{charset}",
        _letter(_SOUP, charset, f"text/plain; charset={charset}", encoding),
        _SOUP,
    )
    for encoding in ("base64", "quoted-printable")
    for charset in ("utf-8", "windows-1251", "koi8-r")
]
_DOUBLED = [
    Case(
        f"doubled-{taken}",
        _letter(_misread(_TABLE, taken), "utf-8", "text/plain; charset=utf-8"),
        _TABLE,
    )
    for taken in ("cp1251", "cp1252", "koi8-r", "cp866")
]
_MIXED_UP = [
    Case(
        f"utf8-of-{really}-read-as-{taken}",
        _letter(_SOUP.encode(really).decode(taken), "utf-8", "text/plain; charset=utf-8"),
        _SOUP,
    )
    for really, taken in (("koi8-r", "cp1251"), ("cp1251", "koi8-r"), ("cp1251", "cp1252"))
]
_OTHERS = [
    Case(
        "german",
        _letter("Größe und Grüße aus Köln", "cp1252", "text/plain; charset=iso-8859-1"),
        "Größe und Grüße aus Köln",
    ),
    Case(
        "french-unlabelled",
        _letter("Café à la carte, très bon déjeuner", "cp1252", "text/plain"),
        "Café à la carte, très bon déjeuner",
    ),
    Case(
        "polish",
        _letter("Zażółć gęślą jaźń", "iso8859-2", "text/plain; charset=iso-8859-2"),
        "Zażółć gęślą jaźń",
    ),
    Case(
        "ukrainian",
        _letter("Привіт, чи є у вас вільні столики?", "cp1251", "text/plain; charset=windows-1251"),
        "Привіт, чи є у вас вільні столики?",
    ),
    Case(
        "ukrainian-koi8-u",
        _letter("Привіт, чи є у вас їжа?", "koi8-u", "text/plain; charset=koi8-u"),
        "Привіт, чи є у вас їжа?",
    ),
    Case(
        "japanese",
        _letter("予約をお願いします", "iso2022_jp", "text/plain; charset=iso-2022-jp"),
        "予約をお願いします",
    ),
    Case(
        "shift-jis",
        _letter("予約をお願いします", "shift_jis", "text/plain; charset=Shift_JIS"),
        "予約をお願いします",
    ),
    Case(
        "chinese",
        _letter("你好，我想订位", "gb2312", "text/plain; charset=gb2312"),
        "你好，我想订位",
    ),
    Case(
        "emoji",
        _letter("Спасибо 👨‍👩‍👧‍👦 ❤️", "utf-8", "text/plain; charset=utf-8"),
        "Спасибо 👨‍👩‍👧‍👦 ❤️",
    ),
    Case("bom", head() + part(b"\xef\xbb\xbf" + "Привет".encode(), "text/plain"), "Привет"),
    Case("utf8-cut-in-a-character", head() + part("Привет, Анна".encode()[:-1]), "Привет, Анн"),
    Case(
        "utf8-with-a-stray-byte",
        head() + part("Когда вы открываетесь по воскресеньям".encode() + b"\xff?"),
        "Когда вы открываетесь по воскресеньям\ufffd?".replace("\ufffd", "\ufffd"),
    ),
    Case(
        "html-meta-charset",
        head()
        + part(
            '<meta charset="koi8-r"><p>Есть ли у вас веганское меню?</p>',
            "text/html",
            charset="koi8-r",
        ),
        "Есть ли у вас веганское меню?",
    ),
    Case(
        "html-meta-lies",
        head()
        + part(
            '<meta charset="windows-1251"><p>Есть ли у вас меню?</p>', "text/html; charset=utf-8"
        ),
        "Есть ли у вас меню?",
    ),
    Case(
        "base64-that-is-not",
        head()
        + part("Просто текст, без base64: так бывает.", encoding="8bit").replace(
            b": 8bit", b": base64"
        ),
        "Просто текст, без base64: так бывает.",
    ),
    Case(
        "subject-koi8-bare",
        head(subject="Заказ торта на субботу".encode("koi8-r"))
        + part("Да", "text/plain; charset=koi8-r", charset="koi8-r"),
        "Да",
        subject="Заказ торта на субботу",
    ),
    Case(
        "subject-1251-bare",
        head(subject="Заказ торта".encode("cp1251")) + part("Привет"),
        "Привет",
        subject="Заказ торта",
    ),
    Case(
        "subject-866-bare",
        head(subject="Заказ торта".encode("cp866")) + part("Привет"),
        "Привет",
        subject="Заказ торта",
    ),
    Case(
        "subject-utf8-bare",
        head(subject="Заказ торта") + part("Привет"),
        "Привет",
        subject="Заказ торта",
    ),
    Case(
        "subject-doubled",
        head(subject=word(_misread("Заказ торта на юбилей", "cp1251"))) + part("Да"),
        "Да",
        subject="Заказ торта на юбилей",
    ),
    Case(
        "subject-mac",
        head(
            subject=f"=?x-mac-cyrillic?Q?{''.join(f'={b:02X}' for b in 'Бронь'.encode('mac-cyrillic'))}?="
        )
        + part("Да"),
        "Да",
        subject="Бронь",
    ),
    Case(
        "subject-1251-said-koi8",
        head(
            subject="=?koi8-r?B?"
            + word("Можно ли заказать доставку", "cp1251").split("?")[3]
            + "?="
        )
        + part("Да"),
        "Да",
        subject="Можно ли заказать доставку",
    ),
]
CASES = _PLAIN + _ENCODED + _DOUBLED + _MIXED_UP + _OTHERS
