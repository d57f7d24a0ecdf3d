"""Letters of every shape a mailbox meets: old charsets, forms, reports, forwards, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from email import message_from_bytes, policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from smm_inbox.sandbox.common.files import png_of
from smm_inbox.sandbox.mail.people import DAEMON, OURS, SITE, Habit, Person
from smm_inbox.sandbox.mail.write import letter

_MONTHS = [
    "янв.",
    "февр.",
    "мар.",
    "апр.",
    "мая",
    "июн.",
    "июл.",
    "авг.",
    "сент.",
    "окт.",
    "нояб.",
    "дек.",
]


def koi8(person: Person, subject: str, text: str, at: datetime, name: str) -> bytes:
    """A letter of a very old program: everything in koi8-r, eight bits as they are."""
    head = {
        "From": f"{Header(person.name, 'koi8-r').encode()} <{person.address}>",
        "To": OURS,
        "Subject": Header(subject, "koi8-r", header_name="Subject").encode(),
        "Date": format_datetime(at),
        "Message-ID": name,
        "X-Mailer": "The Bat! (v1.39) Educational",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=koi8-r",
        "Content-Transfer-Encoding": "8bit",
    }
    lines = [f"{key}: {value}" for key, value in head.items()]
    return "\n".join(lines).encode("ascii") + b"\n\n" + text.encode("koi8-r", "replace") + b"\n"


def html_only(person: Person, subject: str, html: str, at: datetime, name: str) -> bytes:
    """A letter that has no plain text at all."""
    made = _opened(
        letter("", sender=person.sender, to=(OURS,), subject=subject, at=at, message_id=name)
    )
    made.set_content(html, subtype="html", charset="utf-8")
    return made.as_bytes()


def with_files(raw: bytes, files: Iterable[tuple[str, str, bytes]]) -> bytes:
    """The letter with attachments: name, type (`image/png`) and content of each."""
    made = _opened(raw)
    for file, kind, content in files:
        main, _, sub = kind.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=file)
    return made.as_bytes()


def form(
    fields: Mapping[str, str], subject: str, at: datetime, name: str, *, reply_to: str = ""
) -> bytes:
    """What the site sends when somebody fills in a form."""
    rows = [
        f"{label}:\n{value}" if "\n" in value else f"{label}: {value}"
        for label, value in fields.items()
    ]
    footer = "-- \nЭто сообщение отправлено с сайта «Тёплый угол» (https://warm-corner.example)"
    return letter(
        "\n".join([*rows, "", footer]),
        sender=SITE,
        to=(OURS,),
        subject=subject,
        at=at,
        message_id=name,
        reply_to=reply_to,
        headers={"X-WPCF7-Content-Type": "text/plain", "Auto-Submitted": "auto-generated"},
    )


def auto_answer(person: Person, text: str, ours: bytes, at: datetime, name: str) -> bytes:
    """What a machine answers while its owner is away."""
    read = _opened(ours)
    return letter(
        text,
        sender=person.sender,
        to=(OURS,),
        subject=f"Автоответ: {read['Subject']}",
        at=at,
        message_id=name,
        answers=str(read["Message-ID"]),
        headers={"Auto-Submitted": "auto-replied", "Precedence": "bulk"},
    )


def bounce(address: str, ours: bytes, at: datetime, name: str) -> bytes:
    """What the mail system says of a letter that nobody could be given."""
    read = _opened(ours)
    head = "\n".join(
        f"{key}: {value}" for key, value in message_from_bytes(ours).items() if key != "Received"
    )
    return f"""Return-Path: <>
From: {formataddr(DAEMON)}
To: {OURS}
Subject: Undelivered Mail Returned to Sender
Date: {format_datetime(at)}
Message-ID: {name}
In-Reply-To: {read["Message-ID"]}
References: {read["Message-ID"]}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="returned"

This is a MIME-encapsulated message.

--returned
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Письмо не доставлено: такого адреса нет.

<{address}>: host mx.{address.partition("@")[2]} said:
    550 5.1.1 Recipient address rejected: User unknown

--returned
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.warm-corner.example
Arrival-Date: {format_datetime(at)}

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--returned
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

{head}

--returned--
""".encode()


def reply(person: Person, text: str, ours: bytes, at: datetime, name: str) -> bytes:
    """How a customer's program answers a letter of ours: in its thread, with its habits."""
    read = _opened(ours)
    subject = str(read["Subject"])
    if not subject.lower().startswith("re:"):
        subject = f"Re: {subject}"
    text += _below(person, read)
    outlook = person.habit is Habit.OUTLOOK and _fits(text, "windows-1251")
    return letter(
        text,
        sender=person.sender,
        to=(OURS,),
        subject=subject,
        at=at,
        message_id=name,
        answers=str(read["Message-ID"]),
        charset="windows-1251" if outlook else "utf-8",
    )


def body_of(raw: bytes) -> str:
    """The plain text of a letter of ours, without the signature."""
    part = _opened(raw).get_body(("plain",))
    text = "" if part is None else str(part.get_content())
    return text.replace("\r\n", "\n").partition("\n-- \n")[0].strip()


def picture(ink: tuple[int, int, int] = (224, 122, 95)) -> bytes:
    """A small PNG: a warm corner, naturally."""
    width, height = 240, 160
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            near = max(0.0, 1 - ((x - 40) ** 2 + (y - 40) ** 2) ** 0.5 / 260)
            rows += bytes(int(part * (0.35 + 0.65 * near)) for part in ink)
    return png_of(width, height, bytes(rows))


def page(line: str) -> bytes:
    """A PDF of one page with one line of Latin letters on it."""
    drawing = f"BT /F1 24 Tf 72 720 Td ({line}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 6\n0000000000 65535 f \n"
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(made)


def _below(person: Person, ours: EmailMessage) -> str:
    """What the program puts under the answer."""
    at = ours["Date"].datetime
    day = f"{at.day} {_MONTHS[at.month - 1]} {at.year} г."
    who = str(ours["From"]).replace('"', "")
    part = ours.get_body(("plain",))
    lines = [] if part is None else str(part.get_content()).strip().splitlines()
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    match person.habit:
        case Habit.WEB:
            return f"\n\n{day} в {at:%H:%M}, {who}:\n\n{quoted}\n"
        case Habit.PHONE:
            return (
                "\n\nОтправлено с iPhone\n\n"
                f"> {day}, в {at:%H:%M}, {who} написал(а):\n>\n{quoted}\n"
            )
        case Habit.OUTLOOK:
            head = f"От: {who}\nОтправлено: {day} {at:%H:%M}\nКому: {person.name}"
            signed = f"С уважением,\n{person.name}"
            below = "\n".join(lines)
            return f"\n\n{signed}\n\n{head}\nТема: {ours['Subject']}\n\n{below}\n"
        case Habit.BARE:
            return "\n"


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _opened(raw: bytes) -> EmailMessage:
    made = message_from_bytes(raw, policy=policy.SMTP)
    if not isinstance(made, EmailMessage):
        raise TypeError(type(made))
    return made
