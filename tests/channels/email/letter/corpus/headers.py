"""Headers: encoded words, addresses, names, hostile ones."""

from __future__ import annotations

import base64

from .build import MARIA, Case, head, part, word

_BODY = part("Да")


def _subject(name: str, raw: str | bytes, shown: str) -> Case:
    return Case(f"subject-{name}", head(subject=raw) + _BODY, "Да", subject=shown)


def _sender(name: str, raw: str | bytes, shown: str) -> Case:
    return Case(f"from-{name}", head(sender=raw) + _BODY, "Да", sender=shown)


def _split_bytes(text: str, size: int) -> str:
    """Encoded words cut without regard to characters."""
    raw = text.encode()
    return "\r\n ".join(
        f"=?utf-8?B?{base64.b64encode(raw[at : at + size]).decode()}?="
        for at in range(0, len(raw), size)
    )


def _split_base64(text: str, size: int) -> str:
    """Encoded words cut in the middle of the base64 itself."""
    whole = base64.b64encode(text.encode()).decode()
    return " ".join(f"=?utf-8?B?{whole[at : at + size]}?=" for at in range(0, len(whole), size))


_LONG = "Заказ банкета на двадцать человек в субботу вечером, нужны веганские блюда"
CASES = [
    _subject("base64", word("Заказ торта"), "Заказ торта"),
    _subject("quoted", word("Заказ торта", kind="Q"), "Заказ торта"),
    _subject("koi8-quoted", word("Заказ торта", "koi8-r", "Q"), "Заказ торта"),
    _subject("1251-base64", word("Заказ торта", "windows-1251"), "Заказ торта"),
    _subject("lower-case-kind", word("Заказ").replace("?B?", "?b?"), "Заказ"),
    _subject("split-in-characters", _split_bytes(_LONG, 15), _LONG),
    _subject("split-in-base64", _split_base64(_LONG, 37), _LONG),
    _subject("two-charsets", f"{word('Заказ ')} {word('торта', 'koi8-r')}", "Заказ торта"),
    _subject("words-and-text", f"Re: {word('Заказ')} No 5", "Re: Заказ No 5"),
    _subject("space-between-kept", f"{word('Заказ')} x {word('торта')}", "Заказ x торта"),
    _subject("spaces-in-quoted", "=?utf-8?Q?Order for Anna?=", "Order for Anna"),
    _subject("no-padding", word("Заказы").rstrip("=").rstrip("?").rstrip("=") + "?=", "Заказы"),
    _subject("language-tag", word("Привет").replace("utf-8", "utf-8*ru"), "Привет"),
    _subject("unknown-charset", word("Привет").replace("utf-8", "x-unheard-of"), "Привет"),
    _subject("never-closed", "=?utf-8?B?0J/RgNC40LLQtdGC", "=?utf-8?B?0J/RgNC40LLQtdGC"),
    _subject("folded", "Long subject\r\n that goes on", "Long subject that goes on"),
    _subject("folded-with-tab", "Long\r\n\tsubject", "Long subject"),
    _subject("empty", "", ""),
    _subject("injection", "=?utf-8?Q?Hi=0D=0ABcc:_victim@x.example?=", "Hi Bcc: victim@x.example"),
    _subject("escape", "=?utf-8?Q?=1B[2J=1B]52;c;AAAA=07Hello?=", "[2J]52;c;AAAAHello"),
    _subject("bidi", word("отчёт\u202efdp.exe"), "отчётfdp.exe"),
    _subject("nul", "=?utf-8?Q?a=00b?=", "ab"),
    _subject("markup", "[/] [@click=app.quit]x[/]", "[/] [@click=app.quit]x[/]"),
    _subject("line-separator", word("раз\u2028два"), "раз два"),
    _subject("huge", "A" * 100_000, "A" * 299 + "…"),
    _sender("plain", "maria@mail.example", "maria@mail.example"),
    _sender("angle", "<maria@mail.example>", "maria@mail.example"),
    _sender("quoted", '"Maria K." <maria@mail.example>', "Maria K. <maria@mail.example>"),
    _sender("escaped", r'"Maria \"M\" K" <maria@mail.example>', 'Maria "M" K <maria@mail.example>'),
    _sender("comment", "maria@mail.example (Maria K)", "Maria K <maria@mail.example>"),
    _sender(
        "bare-comma", "Kovaleva, Maria <maria@mail.example>", "Kovaleva, Maria <maria@mail.example>"
    ),
    _sender(
        "quoted-comma",
        '"Kovaleva, Maria" <maria@mail.example>',
        "Kovaleva, Maria <maria@mail.example>",
    ),
    _sender(
        "word-in-quotes", f'"{word("Мария")}" <maria@mail.example>', "Мария <maria@mail.example>"
    ),
    _sender(
        "koi8-word",
        f"{word('Мария', 'koi8-r', 'Q')} <maria@mail.example>",
        "Мария <maria@mail.example>",
    ),
    _sender("bare-1251", "Мария Ковалёва".encode("cp1251") + b" <maria@mail.example>", MARIA),
    _sender("bare-utf8", "Мария Ковалёва <maria@mail.example>", MARIA),
    _sender(
        "word-with-comma",
        f"{word('Ковалёва, Мария')} <maria@mail.example>",
        "Ковалёва, Мария <maria@mail.example>",
    ),
    _sender("split-name", f"{_split_bytes('Мария Ковалёва', 7)} <maria@mail.example>", MARIA),
    _sender("all-encoded", word("Мария <maria@mail.example>"), "Мария <maria@mail.example>"),
    _sender("no-space", '"Maria"<maria@mail.example>', "Maria <maria@mail.example>"),
    _sender("name-is-address", '"maria@mail.example" <maria@mail.example>', "maria@mail.example"),
    _sender(
        "two", "Maria <maria@mail.example>, Igor <igor@mail.example>", "Maria <maria@mail.example>"
    ),
    _sender("group", "Friends: Maria <maria@mail.example>;", "Maria <maria@mail.example>"),
    _sender(
        "false-address-in-name",
        '"boss@cafe.example" <evil@bad.example>',
        "boss@cafe.example <evil@bad.example>",
    ),
    _sender("cyrillic-domain", "<maria@кафе.рф>", "maria@кафе.рф"),
    _sender("unclosed-quote", '"Maria <maria@mail.example>', "Maria <maria@mail.example>"),
    _sender(
        "escape-in-name",
        "=?utf-8?Q?Maria=1B[31m?= <maria@mail.example>",
        "Maria[31m <maria@mail.example>",
    ),
    _sender(
        "newline-in-name",
        "=?utf-8?Q?Maria=0AX?= <maria@mail.example>",
        "Maria X <maria@mail.example>",
    ),
    _sender("nothing", "", ""),
    _sender("garbage", "who knows", ""),
    _sender("only-name", "Maria <>", ""),
    Case(
        "no-headers-at-all",
        "Здравствуйте\nэто просто текст".encode(),
        "Здравствуйте\nэто просто текст",
        sender="",
        subject="",
    ),
    Case("empty-letter", b"", "", sender="", subject=""),
    Case("only-headers", head(), ""),
    Case(
        "mbox-line-first",
        b"From maria@mail.example Mon Sep 21 09:54:00 2026\r\n" + head() + _BODY,
        "Да",
    ),
    Case("unix-line-ends", (head() + part("Раз\nдва")).replace(b"\r\n", b"\n"), "Раз\nдва"),
    Case("mac-line-ends", (head() + part("Раз\nдва")).replace(b"\r\n", b"\r"), "Раз\nдва"),
    Case("junk-between-headers", head("this is not a header", "X-After: 1") + _BODY, "Да"),
    Case("subject-header-twice", head("Subject: second") + _BODY, "Да"),
    Case(
        "reply-to-somebody-else",
        head(f"Reply-To: {word('Игорь')} <igor@mail.example>") + _BODY,
        "Да",
        contact="Игорь <igor@mail.example>",
    ),
    Case("reply-to-ourselves", head("Reply-To: info@cafe.example") + _BODY, "Да"),
    Case("reply-to-robot", head("Reply-To: noreply@mail.example") + _BODY, "Да"),
    Case("reply-to-broken", head("Reply-To: <none>") + _BODY, "Да"),
]
