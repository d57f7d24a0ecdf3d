"""Turn bytes of a letter into text, whatever charset they claim to be in."""

from __future__ import annotations

import codecs
import re

from .cyrillic import badness, repair

# Labels are looked up here and nowhere else: Python also knows "codecs" such as zip and punycode,
# which a letter must not reach.
_ALIASES = {
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "utf8bom": "utf-8",
    "unicode11utf8": "utf-8",
    "utf7": "utf-7",
    "unicode11utf7": "utf-7",
    "utf16": "utf-16",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "utf32": "utf-32",
    "win1251": "cp1251",
    "windows1251": "cp1251",
    "cp1251": "cp1251",
    "xcp1251": "cp1251",
    "1251": "cp1251",
    "ansi1251": "cp1251",
    "koi8r": "koi8-r",
    "koi8": "koi8-r",
    "koi8ru": "koi8-u",
    "koi8u": "koi8-u",
    "cskoi8r": "koi8-r",
    "cp866": "cp866",
    "ibm866": "cp866",
    "dos866": "cp866",
    "866": "cp866",
    "csibm866": "cp866",
    "maccyrillic": "mac-cyrillic",
    "xmaccyrillic": "mac-cyrillic",
    "xmacukrainian": "mac-cyrillic",
    "macukrainian": "mac-cyrillic",
    "iso88595": "iso8859-5",
    "cyrillic": "iso8859-5",
    "isoir144": "iso8859-5",
    "ptcp154": "ptcp154",
    "kz1048": "kz1048",
    "windows1250": "cp1250",
    "windows1252": "cp1252",
    "windows1253": "cp1253",
    "windows1254": "cp1254",
    "windows1255": "cp1255",
    "windows1256": "cp1256",
    "windows1257": "cp1257",
    "windows1258": "cp1258",
    "cp1250": "cp1250",
    "cp1252": "cp1252",
    "cp1254": "cp1254",
    "cp437": "cp437",
    "cp850": "cp850",
    "ibm850": "cp850",
    "cp855": "cp855",
    "latin1": "cp1252",
    "iso88591": "cp1252",
    "iso88592": "iso8859-2",
    "iso88593": "iso8859-3",
    "iso88594": "iso8859-4",
    "iso88596": "iso8859-6",
    "iso88597": "iso8859-7",
    "iso88598": "iso8859-8",
    "iso88598i": "iso8859-8",
    "iso88599": "iso8859-9",
    "iso885910": "iso8859-10",
    "iso885913": "iso8859-13",
    "iso885914": "iso8859-14",
    "iso885915": "iso8859-15",
    "iso885916": "iso8859-16",
    "macroman": "mac-roman",
    "macintosh": "mac-roman",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "hzgb2312": "hz",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "cp932": "cp932",
    "windows31j": "cp932",
    "eucjp": "euc_jp",
    "iso2022jp": "iso2022_jp_ext",
    "iso2022kr": "iso2022_kr",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "cp949": "cp949",
    "tis620": "cp874",
    "windows874": "cp874",
}
_ASCII_BASED = re.compile(r"utf-7|utf-16.*|utf-32|hz|iso2022.*")
_MULTIBYTE = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"})
_CYRILLIC = {"cp1251": 0.0, "koi8-r": 0.2, "cp866": 0.3, "mac-cyrillic": 0.6}
# With a handicap for the rarer ones: a single short word often fits two of them.
_ASCII = bytes(range(128))
_LABEL = re.compile(r"[^a-z0-9]+")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4000
# Bytes above 127 looked at when a charset is guessed: enough to be sure, quick on a megabyte.
_CHANCE = 2.0
# Badness from which even valid UTF-8 is doubted.
_TRUST = 0.4
_EVIDENCE = 3.0
_LEAST_TRUST = 0.04
# How much worse (in badness per letter) a declared Cyrillic charset must be to be overruled.


def codec_name(label: str) -> str:
    """Name of the Python codec for a charset label; empty for unknown and meaningless labels."""
    return _ALIASES.get(_LABEL.sub("", label.lower()[:60]), "")


def decode(raw: bytes, label: str = "") -> str:
    """Decode ``raw``; ``label`` is what the letter claims, and is believed only when plausible.

    Never fails: bytes that fit nowhere become replacement characters.
    """
    if not raw:
        return ""
    for bom, codec in _BOMS:
        if raw.startswith(bom):
            return raw.decode(codec, "replace").lstrip("\ufeff")
    codec = codec_name(label)
    if codec and _ASCII_BASED.fullmatch(codec):
        return _decode_shifting(raw, codec)
    if raw.isascii():
        return raw.decode("ascii")
    text = _as_utf8(raw)
    if text is not None and codec not in _MULTIBYTE:
        text = repair(text)
        if badness(text[:_SAMPLE]) < _CHANCE:
            return text
        # "Ёлка" in cp866 happens to be valid UTF-8 as well: a rare hieroglyph.
        other = _decode_single(raw, codec)
        russian = sum("\u0400" <= char < "\u0460" for char in other[:_SAMPLE]) > 1
        return other if russian and badness(other[:_SAMPLE]) < 1 else text
    if codec in _MULTIBYTE:
        return _decode_multibyte(raw, codec)
    return _decode_single(raw, codec)


def _decode_shifting(raw: bytes, codec: str) -> str:
    if not raw.isascii() and codec in {"utf-7", "hz"}:
        return decode(raw)
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        pass
    text = _as_utf8(raw)
    if text is not None and codec.startswith(("utf-16", "utf-32")) and b"\0" not in raw:
        return repair(text)
    return raw.decode(codec, "replace")


def _decode_multibyte(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        text = _as_utf8(raw)
        return text if text is not None else raw.decode(codec, "replace")


def _as_utf8(raw: bytes) -> str | None:
    """Decode UTF-8; a character cut off at the very end does no harm, nor do a few strays."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        rest = raw[: error.start]
        if len(rest) >= len(raw) - 3 and error.reason == "unexpected end of data":
            return None if rest.isascii() else rest.decode("utf-8")
    # A long UTF-8 text with a broken byte here and there stays UTF-8.
    sample = raw[:_SAMPLE]
    text = sample.decode("utf-8", "replace")
    good = len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")
    if good >= 20 and text.count("\ufffd") * 10 <= good:
        return raw.decode("utf-8", "replace")
    return None


def _decode_single(raw: bytes, codec: str) -> str:
    sample = _sample(raw)
    letters = len(sample.translate(None, _ASCII)) or 1
    scores = {
        name: badness(sample.decode(name, "replace")) + handicap / letters
        for name, handicap in _CYRILLIC.items()
    }
    # Much text may say it in a low voice: a charset that only garbles capitals is wrong as well.
    trust = max(_LEAST_TRUST, min(_TRUST, _EVIDENCE / letters))
    best = min(scores, key=lambda name: scores[name])
    if codec == "utf-8":
        codec = ""
    if codec and codec not in scores:
        # A western label on Cyrillic bytes is the commonest lie there is; on German it is true.
        declared = badness(sample.decode(codec, "replace"))
        chosen = best if scores[best] + trust < declared else codec
    elif codec:
        chosen = best if scores[best] + trust < scores[codec] else codec
    elif scores[best] + trust < badness(sample.decode("cp1252", "replace")):
        chosen = best
    else:
        chosen = "cp1252"
    return repair(raw.decode(chosen, "replace"))


def _sample(raw: bytes) -> bytes:
    """Enough of the text to judge, beginning where the first byte above 127 stands."""
    if len(raw) <= _SAMPLE:
        return raw
    first = next((at for at in range(0, len(raw), 512) if not raw[at : at + 512].isascii()), 0)
    return raw[max(0, first - 100) : first + _SAMPLE]
