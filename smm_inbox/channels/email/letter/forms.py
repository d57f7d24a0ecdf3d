"""Recognise a filled-in web form in a letter and read its fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from smm_inbox.domain.text import SafeText, clean, clean_line

from .addresses import find_addresses, is_address, is_robot
from .model import Address, FormField, FormLead

_LONGEST = 30_000
_MOST_FIELDS = 60


class _Role(StrEnum):
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    MESSAGE = "message"
    OTHER = "other"


_LABELS: dict[_Role, str] = {
    _Role.NAME: (
        r"(?:ваше |контактное )?имя(?: клиента| отправителя| и фамилия)?|ф\.?\s?и\.?\s?о\.?|"
        r"как (?:к )?вам обращаться|как вас зовут|контактное лицо|(?:your |full )?name|your-name|"
        r"first name|имя, фамилия|фамилия и имя|отправитель|клиент"
    ),
    _Role.PHONE: (
        r"(?:ваш |контактный |мобильный )?(?:номер )?(?:телефон|телефона)(?: для связи)?|тел\.?|"
        r"(?:your |contact )?(?:phone|tel|telephone|mobile)(?: number)?|your-phone|whatsapp"
    ),
    _Role.EMAIL: (
        r"(?:ваш |контактный )?(?:адрес )?(?:электронн(?:ая почта|ой почты|ый адрес)|"
        r"e-?mail|почта|емейл|имейл|мейл)(?: адрес| для связи)?|"
        r"(?:your )?e-?mail(?: address)?|your-email"
    ),
    _Role.MESSAGE: (
        r"(?:ваше |текст )?(?:сообщение|сообщения|комментарий|вопрос|отзыв|пожелания|текст|"
        r"обращение|обращения)(?: к заказу)?|ваш (?:вопрос|отзыв|комментарий)|"
        r"комментарий клиента|примечание|(?:your |message )?(?:message|comments?|question|body)|"
        r"your-message|textarea|текст заявки|input_textarea"
    ),
    _Role.OTHER: (
        r"тема|дата|время|дата и время|количество (?:человек|гостей|персон)|гостей|город|адрес|"
        r"компания|организация|услуга|товар|заказ|форма|страница|откуда|источник|способ связи|"
        r"subject|company|city|date|time|guests|service|page|form|url|бюджет|должность|"
        r"адрес доставки|меню|повод|откуда узнали|согласие.{0,60}|your-subject|checkbox|select"
    ),
}
_ROLES = {
    role: re.compile(rf"(?:{pattern})\s*\*?", re.IGNORECASE) for role, pattern in _LABELS.items()
}
_FIELD = re.compile(r"^[\s*•·-]{0,4}([^\W\d_][^:\n]{0,60}?)\s*(?::\s*\*?|\s{2,}|\s[–—-]\s)(.*)$")
_FOOTER = re.compile(
    r"^\W{0,6}(?:это (?:письмо|сообщение) (?:было )?(?:отправлено|сгенерировано|создано)|"
    r"this (?:e-?mail|message|mail) (?:was|is) (?:sent|generated)|(?:письмо|сообщение|заявка) "
    r"(?:отправлен[оа]|сгенерирован[оа]|создан[оа]) (?:с|со|через|автоматически|из)|"
    r"additional information:|request details:?|дополнительная информация:|"
    r"ip[- ]?адрес|ip address|user[- ]?agent|referer|transaction id|block id|form name|"
    r"с уважением, (?:администрация|команда|робот)|не отвечайте на это)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"заявк|форм[аыу]|заказ|с сайта|обратн|бронир|бронь|лид\b|lead|form|site|feedback|contact|"
    r"обращени|вопрос|сообщение|request|submission|callback|звонок",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?\d(?:[\s()-]{0,3}\d){6,14}")


@dataclass(slots=True)
class _Field:
    label: str
    role: _Role
    values: list[str]

    @property
    def value(self) -> str:
        return "\n".join(self.values).strip()


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A form found in a letter, with the letter's text put in order."""

    lead: FormLead
    text: str
    """The fields, one a line, and whatever stood above them."""
    footer: str
    """Standing words of the site and its form builder."""


def read_form(
    text: str,
    *,
    subject: str,
    sender: Address | None,
    reply_to: Sequence[Address],
    ours: frozenset[str],
) -> ReadForm | None:
    """Read a form, or return ``None`` when the letter is not one.

    Two labelled lines are needed, one of them a way to reach the customer, in a letter from a robot
    or from ourselves, or one whose Reply-To is somebody else, or whose subject speaks of a form.
    """
    if sender is None:
        return None
    from_site = sender.key in ours or is_robot(sender.address)
    elsewhere = any(address.key != sender.key and address.key not in ours for address in reply_to)
    if not (from_site or (elsewhere and _SUBJECT.search(subject))):
        return None
    intro, fields, footer = _read_fields(text[:_LONGEST])
    known = [field for field in fields if field.role is not _Role.OTHER and field.value]
    reachable = any(field.role in {_Role.EMAIL, _Role.PHONE} for field in known) or elsewhere
    if len(known) < 2 or not reachable:
        return None
    lead = _lead(fields, "\n".join([text[:_LONGEST]]), reply_to, ours)
    shown = "\n".join(_show(field) for field in fields if field.value)
    whole = f"{intro}\n\n{shown}" if intro else shown
    return ReadForm(lead, whole.strip(), footer)


def _show(field: _Field) -> str:
    value = field.value
    return f"{field.label}:\n{value}" if "\n" in value else f"{field.label}: {value}"


def _read_fields(text: str) -> tuple[str, list[_Field], str]:
    intro: list[str] = []
    fields: list[_Field] = []
    rows = text.split("\n")
    for place, row in enumerate(rows):
        stripped = row.strip()
        if fields and (_FOOTER.match(stripped) or stripped in {"--", "---", "----"}):
            return "\n".join(intro).strip(), fields, "\n".join(rows[place:]).strip()
        found = _field(stripped, rows[place + 1] if place + 1 < len(rows) else "")
        if found is not None and len(fields) < _MOST_FIELDS:
            fields.append(found)
        elif not fields:
            intro.append(stripped)
        elif stripped or fields[-1].role is _Role.MESSAGE:
            fields[-1].values.append(stripped)
    return "\n".join(intro).strip(), fields, ""


def _field(row: str, following: str) -> _Field | None:
    if match := _FIELD.match(row):
        label, value = match[1].strip(" *"), match[2].strip(" *")
        role = _role(label)
        if role is not None:
            return _Field(label, role, [value] if value else [])
        # A label nobody knows is still a label beside a short value: "Начинка: вишня".
        if row.startswith(f"{match[1]}:") and len(label) <= 40 and label.count(" ") <= 4 and value:
            return _Field(label, _Role.OTHER, [value])
        return None
    label = row.strip(" *:")
    role = _role(label) if label and following.strip() else None
    if role is not None and role is not _Role.OTHER:
        return _Field(label, role, [])  # the value stands on the next line, as in narrow tables
    return None


def _role(label: str) -> _Role | None:
    return next((role for role, pattern in _ROLES.items() if pattern.fullmatch(label)), None)


def _value(fields: Sequence[_Field], role: _Role) -> str:
    return next((field.value for field in fields if field.role is role and field.value), "")


def _lead(
    fields: Sequence[_Field], text: str, reply_to: Sequence[Address], ours: frozenset[str]
) -> FormLead:
    name = clean_line(_value(fields, _Role.NAME), limit=120)
    contact = next(
        (
            a
            for a in reply_to
            if a.key not in ours and not is_robot(a.address) and is_address(a.address)
        ),
        None,
    )
    confirmed = contact is not None
    if contact is None:
        inside = [*find_addresses(_value(fields, _Role.EMAIL)), *find_addresses(text)]
        found = next((a for a in inside if a.lower() not in ours and not is_robot(a)), "")
        contact = Address(name, found) if found else None
    elif name:
        contact = Address(contact.name or name, contact.address)
    phone = _PHONE.search(_value(fields, _Role.PHONE))
    return FormLead(
        fields=tuple(
            FormField(clean_line(field.label, limit=80), clean(field.value, limit=10_000))
            for field in fields
            if field.value
        ),
        name=name,
        phone=clean_line(phone[0]) if phone else SafeText(""),
        message=clean(_value(fields, _Role.MESSAGE), limit=10_000),
        contact=contact,
        confirmed=confirmed,
    )
