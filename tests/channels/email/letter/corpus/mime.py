"""Structure: nested, broken, wrongly labelled; attachments and their names."""

# ruff: noqa: E501 - the letters themselves have long lines

from __future__ import annotations

from urllib.parse import quote

from .build import Case, head, multi, part, word

_PDF = b"%PDF-1.4 tiny"
_PNG = b"\x89PNG tiny"


def _file(name_header: str, kind: str = "application/pdf", data: bytes = _PDF) -> bytes:
    return part(data, kind, name_header, encoding="base64")


def _named(case: str, disposition: str, shown: str, kind: str = "application/pdf") -> Case:
    raw = head() + multi("mixed", part("Смотрите"), _file(disposition, kind))
    return Case(f"name-{case}", raw, "Смотрите", attachments=(f"document {shown}",))


_CONTINUED = "".join(
    f"; filename*{number}*={'utf-8' + chr(39) * 2 if number == 0 else ''}{quote(piece)}"
    for number, piece in enumerate(["Меню на ", "неделю ", "(новое).pdf"])
)
_NAMES = [
    _named("plain", 'Content-Disposition: attachment; filename="menu.pdf"', "menu.pdf"),
    _named("bare", "Content-Disposition: attachment; filename=menu.pdf", "menu.pdf"),
    _named("word", f'Content-Disposition: attachment; filename="{word("меню.pdf")}"', "меню.pdf"),
    _named(
        "koi8-word",
        f'Content-Disposition: attachment; filename="{word("меню.pdf", "koi8-r", "Q")}"',
        "меню.pdf",
    ),
    _named(
        "rfc2231",
        f"Content-Disposition: attachment; filename*=utf-8''{quote('меню.pdf')}",
        "меню.pdf",
    ),
    _named(
        "rfc2231-1251",
        f"Content-Disposition: attachment; filename*=windows-1251'ru'{quote('меню.pdf', encoding='cp1251')}",
        "меню.pdf",
    ),
    _named(
        "continued", f"Content-Disposition: attachment{_CONTINUED}", "Меню на неделю (новое).pdf"
    ),
    _named(
        "plain-continued",
        'Content-Disposition: attachment; filename*0="long na"; filename*1="me.pdf"',
        "long name.pdf",
    ),
    _named(
        "both",
        f"Content-Disposition: attachment; filename=\"menu.pdf\"; filename*=utf-8''{quote('меню.pdf')}",
        "меню.pdf",
    ),
    _named("raw-utf8", 'Content-Disposition: attachment; filename="меню.pdf"', "меню.pdf"),
    _named(
        "only-in-type",
        "Content-Disposition: attachment",
        "menu.pdf",
        'application/pdf; name="menu.pdf"',
    ),
    _named(
        "word-in-type",
        "Content-Disposition: attachment",
        "меню.pdf",
        f'application/pdf; name="{word("меню.pdf")}"',
    ),
    _named(
        "path", 'Content-Disposition: attachment; filename="../../etc/passwd"', "_.._etc_passwd"
    ),
    _named(
        "windows-path",
        'Content-Disposition: attachment; filename="C:\\\\Users\\\\Anna\\\\menu.pdf"',
        "menu.pdf",
    ),
    _named("hidden", 'Content-Disposition: attachment; filename=".bashrc"', "bashrc"),
    _named(
        "bidi",
        f'Content-Disposition: attachment; filename="{word("меню" + chr(0x202E) + "fdp.exe")}"',
        "менюfdp.exe",
    ),
    _named(
        "escape", 'Content-Disposition: attachment; filename="=?utf-8?Q?a=1B[2J.pdf?="', "a[2J.pdf"
    ),
    _named(
        "newline",
        'Content-Disposition: attachment; filename="=?utf-8?Q?a=0D=0AX:_b.pdf?="',
        "a X_ b.pdf",
    ),
    _named("device", 'Content-Disposition: attachment; filename="con.txt"', "_con.txt"),
    _named("semicolon", 'Content-Disposition: attachment; filename="a;b.pdf"', "a;b.pdf"),
    _named("none", "Content-Disposition: attachment", "file-2.pdf"),
    _named("empty", 'Content-Disposition: attachment; filename=""', "file-2.pdf"),
    _named("empty-section", "Content-Disposition: attachment; filename*=", "file-2.pdf"),
    _named("star-alone", "Content-Disposition: attachment; filename*", "file-2.pdf"),
    _named(
        "long", f'Content-Disposition: attachment; filename="{"x" * 300}.pdf"', "x" * 115 + "….pdf"
    ),
    _named(
        "winmail",
        'Content-Disposition: attachment; filename="winmail.dat"',
        "winmail.dat",
        "application/ms-tnef",
    ),
    _named(
        "winmail-unnamed", "Content-Disposition: attachment", "winmail.dat", "application/ms-tnef"
    ),
    _named("unknown-type", "Content-Disposition: attachment", "file-2.bin", "weird"),
]
_HTML = part("<p>Из HTML</p>", "text/html; charset=utf-8")
_TEXT = part("Из текста")
_IMAGE = part(
    _PNG,
    "image/png",
    "Content-ID: <pic1>",
    'Content-Disposition: inline; filename="суп.png"',
    encoding="base64",
)
_PHOTO = part(
    _PNG, "image/jpeg", 'Content-Disposition: attachment; filename="photo.jpg"', encoding="base64"
)
_STRUCTURES = [
    Case("alternative-prefers-text", head() + multi("alternative", _TEXT, _HTML), "Из текста"),
    Case("alternative-html-first", head() + multi("alternative", _HTML, _TEXT), "Из текста"),
    Case("alternative-empty-text", head() + multi("alternative", part("  \n"), _HTML), "Из HTML"),
    Case(
        "alternative-placeholder",
        head() + multi("alternative", part("Ваш почтовый клиент не поддерживает HTML"), _HTML),
        "Из HTML",
    ),
    Case(
        "alternative-english-placeholder",
        head()
        + multi("alternative", part("Your mail program does not support HTML messages."), _HTML),
        "Из HTML",
    ),
    Case(
        "alternative-html-in-text",
        head() + multi("alternative", part("<html><body>x</body></html>"), _HTML),
        "x",
    ),
    Case("html-only", head() + _HTML, "Из HTML"),
    Case(
        "related",
        head()
        + multi(
            "related",
            part('<p>Вот фото <img src="cid:pic1"></p>', "text/html; charset=utf-8"),
            _IMAGE,
        ),
        "Вот фото [picture: суп.png]",
        attachments=("photo суп.png",),
    ),
    Case(
        "related-in-alternative-in-mixed",
        head()
        + multi(
            "mixed",
            multi(
                "alternative",
                part("Ответ"),
                multi("related", _HTML, _IMAGE, boundary="b3"),
                boundary="b2",
            ),
            _PHOTO,
        ),
        "Ответ",
        attachments=("photo суп.png", "photo photo.jpg"),
    ),
    Case(
        "outlook-cid-in-text",
        head() + multi("mixed", part("Смотрите [cid:pic1] сами"), _IMAGE),
        "Смотрите [picture: суп.png] сами",
        attachments=("photo суп.png",),
    ),
    Case(
        "gmail-image-in-text",
        head() + multi("related", part("Смотрите [image: суп.png]"), _IMAGE),
        "Смотрите [picture: суп.png]",
        attachments=("photo суп.png",),
    ),
    Case(
        "cid-without-part",
        head() + part('<p>Фото: <img src="cid:zzz" alt="торт"></p>', "text/html; charset=utf-8"),
        "Фото: [picture: торт]",
    ),
    Case(
        "remote-picture",
        head()
        + part(
            '<p>Раз <img src="https://x.example/a.png" alt="Баннер"> <img src="https://x.example/t.gif" width="1" height="1" alt="t"></p>',
            "text/html; charset=utf-8",
        ),
        "Раз [picture: Баннер]",
    ),
    Case(
        "apple-text-picture-text",
        head() + multi("mixed", part("Вот столик:"), _PHOTO, part("А вот стул.")),
        "Вот столик:\n\nА вот стул.",
        attachments=("photo photo.jpg",),
    ),
    Case(
        "text-attachment",
        head()
        + multi(
            "mixed",
            part("Список внутри"),
            part(
                "раз\nдва",
                "text/plain; charset=utf-8; name=list.txt",
                "Content-Disposition: attachment",
            ),
        ),
        "Список внутри",
        attachments=("document list.txt",),
    ),
    Case(
        "letter-attached",
        head()
        + multi(
            "mixed",
            part("Пересылаю вложением"),
            part(head(subject="Old order") + part("Старое"), "message/rfc822"),
        ),
        "Пересылаю вложением",
        attachments=("forward Old order.eml",),
    ),
    Case(
        "calendar",
        head()
        + multi(
            "alternative",
            part("Приглашение"),
            part("BEGIN:VCALENDAR", "text/calendar; charset=utf-8; method=REQUEST"),
        ),
        "Приглашение",
        attachments=("document file-2.ics",),
    ),
    Case(
        "signed",
        head()
        + multi(
            "signed",
            part("Подписано"),
            part(
                b"sig",
                "application/pgp-signature",
                'Content-Disposition: attachment; filename="s.asc"',
            ),
        ),
        "Подписано",
    ),
    Case(
        "voice-and-video",
        head()
        + multi(
            "mixed",
            part("Слушайте"),
            part(b"OggS", "audio/ogg", encoding="base64"),
            part(b"mp4", "video/mp4; name=v.mp4", encoding="base64"),
        ),
        "Слушайте",
        attachments=("audio file-2.ogg", "video v.mp4"),
    ),
    Case("only-attachment", head() + _PHOTO, "", attachments=("photo photo.jpg",)),
    Case(
        "only-picture",
        head() + part(_PNG, "image/png", encoding="base64"),
        "",
        attachments=("photo picture-1.png",),
    ),
    Case(
        "no-closing-boundary",
        head() + multi("mixed", part("Обрыв"), _PHOTO).removesuffix(b"--b1--\r\n"),
        "Обрыв",
        attachments=("photo photo.jpg",),
    ),
    Case(
        "cut-in-base64",
        head() + part("Привет, это длинный текст письма", encoding="base64")[:-9],
        "Привет, это длинный текст пис",
    ),
    Case(
        "wrong-boundary",
        head() + multi("mixed", part("Нашёлся")).replace(b'boundary="b1"', b'boundary="zz"'),
        "Нашёлся",
    ),
    Case(
        "no-boundary",
        head() + multi("mixed", part("Нашёлся")).replace(b'; boundary="b1"', b""),
        "Нашёлся",
    ),
    Case(
        "multipart-without-parts",
        head() + b'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n' + "Просто текст".encode(),
        "Просто текст",
    ),
    Case(
        "preamble-ignored",
        head()
        + multi("mixed", part("Текст")).replace(
            b"\r\n\r\n--b1", b"\r\n\r\nThis is a MIME letter.\r\n--b1", 1
        ),
        "Текст",
    ),
    Case("epilogue-ignored", head() + multi("mixed", part("Текст")) + b"junk after", "Текст"),
    Case(
        "boundary-prefix-of-inner",
        head()
        + multi("mixed", multi("alternative", part("Внутри"), _HTML, boundary="b1x"), _PHOTO),
        "Внутри",
        attachments=("photo photo.jpg",),
    ),
    Case(
        "part-without-headers",
        head()
        + b'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\n\r\n'
        + "Голый".encode()
        + b"\r\n--b1--",
        "Голый",
    ),
    Case("type-garbage", head("Content-Type: ;;;") + b"\r\n" + "Текст".encode(), "Текст"),
    Case(
        "flowed",
        head()
        + part(
            "Это длинная строка, \nкоторая продолжается.\nА это новая.",
            "text/plain; charset=utf-8; format=flowed",
        ),
        "Это длинная строка, которая продолжается.\nА это новая.",
    ),
    Case(
        "flowed-delsp",
        head() + part("Длинноес \nлово", "text/plain; charset=utf-8; format=flowed; delsp=yes"),
        "Длинноеслово",
    ),
    Case(
        "flowed-stuffed",
        head() + part(" From Moscow\n >не цитата", "text/plain; charset=utf-8; format=flowed"),
        "From Moscow\n>не цитата",
    ),
    Case(
        "uuencoded-part",
        head()
        + part(
            b"begin 644 a.txt\r\n%:&5L;&\\\r\n`\r\nend\r\n", "text/plain", encoding="x-uuencode"
        ),
        "hello",
    ),
    Case(
        "deep",
        head()
        + b"".join(
            f'Content-Type: multipart/mixed; boundary="d{n}"\r\n\r\n--d{n}\r\n'.encode()
            for n in range(15)
        )
        + part("На дне"),
        "На дне",
    ),
]
CASES = _NAMES + _STRUCTURES
