"""Web forms and automatic mail."""

# ruff: noqa: E501 - the letters themselves have long lines

from __future__ import annotations

from .build import Case, head, multi, page, part, plain, word

_SITE = "Сайт <noreply@site.example>"
_SITE_RAW = f"{word('Сайт')} <noreply@site.example>"


def _form(
    name: str,
    body: str,
    text: str,
    *extra: str,
    folded: str = "",
    contact: str = "Сергей <sergey@mail.example>",
    sender: str = _SITE,
    html: bool = False,
    subject: str = "Заявка с сайта",
    robot: str = "",
) -> Case:
    raw_sender = _SITE_RAW if sender == _SITE else sender
    kind = "text/html; charset=utf-8" if html else "text/plain; charset=utf-8"
    raw = head(*extra, sender=raw_sender, subject=word(subject)) + part(body, kind)
    return Case(f"form-{name}", raw, text, folded, sender, subject, contact=contact, robot=robot)


_FIELDS = "Имя: Сергей\nТелефон: +7 916 000-00-00\nE-mail: sergey@mail.example\nСообщение: Банкет на 20 человек"
_REPLY = "Reply-To: sergey@mail.example"
CASES = [
    _form("plain", _FIELDS, _FIELDS, _REPLY),
    _form("address-from-body", _FIELDS, _FIELDS),
    _form("reply-to-is-ours", _FIELDS, _FIELDS, "Reply-To: info@cafe.example"),
    _form("reply-to-is-robot", _FIELDS, _FIELDS, "Reply-To: noreply@site.example"),
    _form("reply-to-broken", _FIELDS, _FIELDS, "Reply-To: sergey at mail"),
    _form(
        "first-valid-reply-to", _FIELDS, _FIELDS, "Reply-To: info@cafe.example, sergey@mail.example"
    ),
    _form("from-ourselves", _FIELDS, _FIELDS, _REPLY, sender="info@cafe.example"),
    _form("site-address", _FIELDS, _FIELDS, _REPLY, sender="admin@site.example"),
    _form(
        "marked-automatic",
        _FIELDS,
        _FIELDS,
        _REPLY,
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
    ),
    _form(
        "phone-only",
        "Имя: Сергей\nТелефон: 8 (916) 000-00-00",
        "Имя: Сергей\nТелефон: 8 (916) 000-00-00",
        contact="",
    ),
    _form("intro", f"Новая заявка!\n\n{_FIELDS}", f"Новая заявка!\n\n{_FIELDS}", _REPLY),
    _form(
        "footer",
        f"{_FIELDS}\n\n-- \nЭто письмо отправлено с сайта кафе",
        _FIELDS,
        _REPLY,
        folded="--\nЭто письмо отправлено с сайта кафе",
    ),
    _form(
        "tilda",
        "Request details:\nName: Сергей\nPhone: +7 916 000-00-00\nEmail: sergey@mail.example\nTextarea: Торт на субботу\n\nAdditional information:\nTransaction ID: 1:2\nBlock ID: rec1",
        "Request details:\n\nName: Сергей\nPhone: +7 916 000-00-00\nEmail: sergey@mail.example\nTextarea: Торт на субботу",
        folded="Additional information:\nTransaction ID: 1:2\nBlock ID: rec1",
    ),
    _form(
        "long-message",
        "Имя: Сергей\nEmail: sergey@mail.example\nСообщение:\nПервая строка.\n\nВторая строка.",
        "Имя: Сергей\nEmail: sergey@mail.example\nСообщение:\nПервая строка.\n\nВторая строка.",
        _REPLY,
    ),
    _form(
        "label-then-value",
        "Имя\nСергей\nТелефон\n+7 916 000-00-00\nE-mail\nsergey@mail.example",
        "Имя: Сергей\nТелефон: +7 916 000-00-00\nE-mail: sergey@mail.example",
        _REPLY,
    ),
    _form(
        "unknown-label",
        "Имя: Сергей\nТелефон: +7 916 000-00-00\nНачинка: вишня",
        "Имя: Сергей\nТелефон: +7 916 000-00-00\nНачинка: вишня",
        _REPLY,
    ),
    _form(
        "table",
        "<table><tr><td>Имя</td><td>Сергей</td></tr><tr><td>Телефон:</td><td>+7 916 000-00-00</td></tr><tr><td>Комментарий</td><td>Столик у окна</td></tr></table>",
        "Имя: Сергей\nТелефон: +7 916 000-00-00\nКомментарий: Столик у окна",
        _REPLY,
        html=True,
    ),
    _form(
        "bold-labels",
        "<p><b>Имя:</b> Сергей<br><b>E-mail:</b> <a href='mailto:sergey@mail.example'>sergey@mail.example</a><br><b>Вопрос:</b> Есть ли веранда?</p>",
        "Имя: Сергей\nE-mail: sergey@mail.example\nВопрос: Есть ли веранда?",
        html=True,
    ),
    _form(
        "hostile-name",
        "Имя: [/]\x1b[31m\nEmail: sergey@mail.example\nСообщение: x",
        "Имя: [/][31m\nEmail: sergey@mail.example\nСообщение: x",
        _REPLY,
        contact="[/][31m <sergey@mail.example>",
    ),
    _form(
        "message-with-colon",
        "Имя: Сергей\nEmail: sergey@mail.example\nСообщение: Хочу так: торт, кофе",
        "Имя: Сергей\nEmail: sergey@mail.example\nСообщение: Хочу так: торт, кофе",
        _REPLY,
    ),
    Case(
        "not-a-form-from-a-person",
        plain("Имя: Мария\nТелефон: +7 916 000-00-00\nперезвоните мне"),
        "Имя: Мария\nТелефон: +7 916 000-00-00\nперезвоните мне",
    ),
    Case(
        "not-a-form-newsletter",
        head("List-Unsubscribe: <https://x.example/u>", sender="noreply@shop.example")
        + part("Скидки недели!\nТолько до пятницы."),
        "Скидки недели!\nТолько до пятницы.",
        sender="noreply@shop.example",
        robot="list",
    ),
]


def _robot(name: str, reason: str, *extra: str) -> Case:
    return Case(
        f"robot-{name}",
        plain("Я в отпуске до понедельника.", *extra),
        "Я в отпуске до понедельника.",
        robot=reason,
    )


CASES += [
    _robot("auto-replied", "auto_reply", "Auto-Submitted: auto-replied"),
    _robot("auto-generated", "auto_reply", "Auto-Submitted: Auto-Generated; owner=x"),
    _robot("auto-no", "", "Auto-Submitted: no"),
    _robot("x-autoreply", "auto_reply", "X-Autoreply: yes"),
    _robot("x-autorespond", "auto_reply", "X-Autorespond: Out of office"),
    _robot("precedence-auto", "auto_reply", "Precedence: auto_reply"),
    _robot("precedence-bulk", "list", "Precedence: bulk"),
    _robot("precedence-junk", "list", "Precedence: junk"),
    _robot("precedence-list", "list", "Precedence: list"),
    _robot("precedence-normal", "", "Precedence: first-class"),
    _robot("list-id", "list", "List-Id: News <news.shop.example>"),
    _robot("suppress", "auto_reply", "X-Auto-Response-Suppress: All"),
    _robot("suppress-none", "", "X-Auto-Response-Suppress: None"),
    _robot("null-sender", "bounce", "Return-Path: <>"),
    _robot("ordinary-sender", "", "Return-Path: <maria@mail.example>"),
    _robot("our-own-list", "", "List-Id: <info.cafe.example>", "Precedence: list"),
    _robot(
        "our-list-by-post", "", "List-Post: <mailto:info@cafe.example>", "List-Id: x <y.example>"
    ),
    Case(
        "robot-subject-is-weak",
        plain("Вернусь и отвечу", subject="Out of office"),
        "Вернусь и отвечу",
        subject="Out of office",
    ),
    Case(
        "bounce",
        head(
            "Return-Path: <>",
            sender="MAILER-DAEMON@mail.example",
            subject="Undelivered Mail Returned to Sender",
        )
        + multi(
            "report",
            part("Письмо не доставлено: ящик не существует."),
            part(
                "Final-Recipient: rfc822; nobody@mail.example\nAction: failed\nStatus: 5.1.1",
                "message/delivery-status",
            ),
            part(head(subject="Re: Order") + part("Да"), "message/rfc822"),
            more="; report-type=delivery-status",
        ),
        "Письмо не доставлено: ящик не существует.",
        sender="MAILER-DAEMON@mail.example",
        subject="Undelivered Mail Returned to Sender",
        attachments=("forward Re_ Order.eml",),
        robot="bounce",
    ),
    Case(
        "read-receipt",
        head()
        + multi(
            "report",
            part("Прочитано"),
            part("Disposition: displayed", "message/disposition-notification"),
            more="; report-type=disposition-notification",
        ),
        "Прочитано",
        robot="auto_reply",
    ),
    Case(
        "newsletter",
        page(
            '<div style="display:none">Превью</div><p>Новости недели</p>',
            "List-Unsubscribe: <mailto:u@shop.example>",
        ),
        "Новости недели",
        robot="list",
    ),
]
