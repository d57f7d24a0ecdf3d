"""Read a letter: the one core behind whole letters and letters fetched in pieces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from smm_inbox.domain.text import clean, clean_line

from . import automatic, reports
from .addresses import is_address, is_robot, read_addresses
from .charset import codec_name, decode
from .choose import Choice, choose, listed, wanted
from .fold import fold
from .forms import ReadForm, read_form
from .headers import Head, message_ids, read_head, sent_time
from .html import html_lines
from .lines import LONGEST_BODY, Line, flowed_lines, join_lines, plain_lines
from .mime import LONGEST_TEXT, take_apart, with_newlines
from .model import Address, Letter, PartBody, PartInfo, Report, Robot
from .pictures import Pictures, attachment
from .threads import is_forward
from .transfer import undo

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,30})", re.I)
_EMPTY_PLAIN = re.compile(
    r"не поддержива\w+ (?:просмотр |отображени\w+ )?html|не может (?:показать|отобразить) html|"
    r"html-верси|просмотр\w* (?:этого )?(?:письма|сообщения) (?:необходим|нужен|требуется)|"
    r"does(?: not|n't) support html|html (?:version|viewer|capable|email client)|"
    r"view (?:this|it) (?:message|email|e-mail)? ?in (?:your|a) browser|"
    r"this is an? html message|html[- ]?(?:письмо|формат)|enable html",
    re.IGNORECASE,
)
_LOOKS_LIKE_HTML = re.compile(r"\A\s*<(?:!doctype|html|head|body|div|table|p)\b", re.IGNORECASE)
_MOST_REFERENCES = 100


def parse_letter(raw: bytes, *, ours: frozenset[str], arrived: datetime | None = None) -> Letter:
    """Read a whole letter. Any bytes give a letter.

    ``ours`` are the lower-case addresses of the business; ``arrived`` is the server's own time of
    arrival, used when the letter's date is missing or in the future.
    """
    anatomy = take_apart(raw)
    bodies = {part.number: anatomy.body(part.number) for part in wanted(anatomy.parts)}
    return _assemble(anatomy.head, anatomy.parts, bodies, ours, arrived)


def read_letter(
    headers: bytes,
    parts: Sequence[PartBody],
    skeleton: Sequence[PartInfo],
    *,
    ours: frozenset[str],
    arrived: datetime | None = None,
) -> Letter:
    """Read a letter fetched in pieces.

    ``headers`` is BODY[HEADER]; ``skeleton`` is what ``read_structure`` made of BODYSTRUCTURE;
    ``parts`` are the contents of ``wanted_parts(skeleton)``, cut at 1 MiB or so.
    """
    head, _ = read_head(with_newlines(headers))
    bodies = {part.number: part for part in parts}
    return _assemble(head, skeleton, bodies, ours, arrived)


def _assemble(
    head: Head,
    parts: Sequence[PartInfo],
    bodies: Mapping[str, PartBody],
    ours: frozenset[str],
    arrived: datetime | None,
) -> Letter:
    head = replace(head, hint=_hint(parts))
    choice = choose(parts)
    pictures = Pictures(parts)
    subject = head.text("subject")
    lines: list[Line] = []
    for group in choice.texts:
        piece = _body_lines(group, bodies, pictures)
        if piece and lines:
            lines.append(Line(""))
        lines += piece
    sender = next(iter(read_addresses(head, "from") or read_addresses(head, "sender")), None)
    reply_to = read_addresses(head, "reply-to")
    form = _form(lines, subject, sender, reply_to, ours)
    if form is not None:
        text, folded = form.text, form.footer
    else:
        divided = fold(lines, forwarding=is_forward(subject), may_be_empty=bool(choice.attachments))
        text, folded = divided.text, divided.folded
    machine = automatic.robot(head, ours)
    if form is not None and machine is not Robot.BOUNCE:
        machine = None  # the site's mailer marks its letters, but a customer waits behind it
    failed: tuple[str, ...] = ()
    report: Report | None = None
    if machine is not None:
        failed, report = _report(choice, bodies, head, join_lines(lines))
    shown = listed(choice.attachments, pictures.only_in(folded, text))
    return Letter(
        message_id=next(iter(message_ids(head.raw("message-id"))), ""),
        in_reply_to=next(iter(message_ids(head.raw("in-reply-to"))), ""),
        references=message_ids(head.raw("references"))[-_MOST_REFERENCES:],
        subject=subject,
        sender=sender,
        reply_to=reply_to,
        to=read_addresses(head, "to"),
        cc=read_addresses(head, "cc"),
        sent_at=sent_time(head, arrived),
        text=clean(text),
        folded=clean(folded),
        attachments=tuple(attachment(part) for part in shown),
        robot=machine,
        form=form.lead if form else None,
        contact=_contact(form, sender, reply_to, ours),
        list_id=clean_line(head.text("list-id"), limit=200),
        list_post=automatic.list_address(head),
        failed=failed,
        report=report,
    )


def _report(
    choice: Choice, bodies: Mapping[str, PartBody], head: Head, text: str
) -> tuple[tuple[str, ...], Report | None]:
    """Whom a report could not reach, and with which letter."""

    def content(part: PartInfo | None) -> bytes:
        body = bodies.get(part.number) if part is not None else None
        return undo(body.raw[:LONGEST_TEXT], part.encoding) if part and body else b""

    found = reports.failure(content(choice.report), head, text)
    original = reports.original_id(choice.original, content(choice.original), head, text)
    if not found.failed or not original:
        return found.failed, None
    return found.failed, Report(original, found.status, found.said)


def _hint(parts: Sequence[PartInfo]) -> str:
    """Charset of the text: bare 8-bit headers are most likely in the same."""
    for part in parts:
        if part.type.startswith("text/") and codec_name(part.charset):
            return part.charset
    return ""


def _form(
    lines: Sequence[Line],
    subject: str,
    sender: Address | None,
    reply_to: Sequence[Address],
    ours: frozenset[str],
) -> ReadForm | None:
    if any(line.depth for line in lines):
        return None  # somebody answers: a form letter quotes nobody
    return read_form(
        join_lines(lines), subject=subject, sender=sender, reply_to=reply_to, ours=ours
    )


def _contact(
    form: ReadForm | None,
    sender: Address | None,
    reply_to: Sequence[Address],
    ours: frozenset[str],
) -> Address | None:
    if form is not None:
        return form.lead.contact
    usable = (
        address
        for address in reply_to
        if address.key not in ours and is_address(address.address) and not is_robot(address.address)
    )
    answer = next(usable, None)
    if answer is None or (sender is not None and answer.key == sender.key):
        return sender
    if not answer.name and sender is not None:
        return Address(sender.name, answer.address)
    return answer


def _body_lines(
    group: Sequence[PartInfo], bodies: Mapping[str, PartBody], pictures: Pictures
) -> list[Line]:
    """Lines of one text: of its plain form when that says anything, else of its HTML."""
    markup = ""
    plain = ""
    flowed: PartInfo | None = None
    for part in group:
        body = bodies.get(part.number)
        if body is None:
            continue
        text = _decode_part(part, body)
        if part.type == "text/html" or _LOOKS_LIKE_HTML.match(text):
            markup = markup or text
        elif not plain.strip():
            plain, flowed = text, part
    if markup.strip() and _says_nothing(plain):
        lines = html_lines(markup, pictures.show)
        if any(not line.blank for line in lines) or not plain.strip():
            return lines
    if flowed is not None and flowed.flowed:
        return flowed_lines(pictures.show_in_plain(plain), flowed.delsp)
    return plain_lines(pictures.show_in_plain(plain))


def _decode_part(part: PartInfo, body: PartBody) -> str:
    content = undo(body.raw[:LONGEST_TEXT], part.encoding)
    label = part.charset
    if part.type == "text/html" and not codec_name(label):
        match = _META_CHARSET.search(content[:4096])
        label = match[1].decode("ascii") if match else label
    return decode(content, label)[: LONGEST_BODY * 8]


def _says_nothing(plain: str) -> bool:
    text = plain.strip()
    return len(text) < 3 or (len(text) < 600 and _EMPTY_PLAIN.search(text) is not None)
