"""Texts that try to leave the place they are shown in."""

from __future__ import annotations

HOSTILE = {
    "escape": "до\x1b[31mкрасный\x1b[0m после",
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07 привет",
    "title": "\x1b]0;взлом\x1b\\ имя",
    "c1": "a\x9b2Jb\x9d0;x\x9cc",
    "markup": "[/] [b]жирный[/b] [@click=app.quit]нажми[/] [link=http://x]y[/link]",
    "bidi": "счёт \u202e0001\u202c \u2066скрыто\u2069 \u200f",
    "nul": "a\x00b\x07c\x08d\x7f",
    "lines": "раз\r\nдва\u2028три\x0bчетыре\tпять",
    "family": "👨‍👩‍👧‍👦 👩🏽‍🚒 🏳️‍🌈 ❤️ 1️⃣ 🇷🇺",
    "zalgo": "з" + "\u0335\u0321\u0347\u0353" * 40 + "ло",
    "wide": "汉字漢字カタカナ한국어",
    "long": "аб" * 50_000,
    "words": "слово " * 17_000,
    "surrogate": "x\ud800y",
    "braces": "{name} {0} %s %(x)s $EDITOR `id`",
    "empty": "",
}
"""Name of the trick to the text."""


def is_harmless(text: str) -> bool:
    """Whether a terminal would only print ``text``."""
    return not any(
        ord(char) < 32
        or 0x7F <= ord(char) <= 0x9F
        or 0xD800 <= ord(char) <= 0xDFFF
        or char in "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\ufeff"
        or "\u2066" <= char <= "\u2069"
        for char in text
    )
