"""Signatures, what phones add, notices, and words that only look like them."""

# ruff: noqa: E501 - the letters themselves have long lines

from __future__ import annotations

from .build import Case, plain

_NEW = "Работаете ли вы 1 января?"


def _signed(name: str, signature: str, *, new: str = _NEW, gap: str = "\n\n") -> Case:
    return Case(f"signature-{name}", plain(f"{new}{gap}{signature}\n"), new, signature)


def _kept(name: str, text: str) -> Case:
    return Case(f"kept-{name}", plain(text), text)


CASES = [
    Case(
        "signature-dashes",
        plain(f"{_NEW}\n-- \nМария Ковалёва\n+7 916 000-00-00"),
        _NEW,
        "--\nМария Ковалёва\n+7 916 000-00-00",
    ),
    _signed("dashes-bare", "--\nМария Ковалёва\nдизайнер"),
    _signed("long-dash", "—\nМария"),
    _signed("underscores", "_______________\nМария Ковалёва\nтел. +7 916 000-00-00"),
    _signed("regards", "С уважением,\nМария Ковалёва"),
    _signed("regards-one-line", "С уважением, Мария"),
    _signed(
        "regards-company",
        "С уважением,\nМария Ковалёва\nООО «Ромашка»\nменеджер по закупкам\nтел. +7 (495) 000-00-00\nwww.romashka.example",
    ),
    _signed("best-wishes", "С наилучшими пожеланиями,\nИгорь Лебедев"),
    _signed("all-the-best", "Всего доброго!\nМария"),
    _signed("sincerely", "Искренне Ваша,\nМария"),
    _signed("english", "Best regards,\nMaria Kovaleva\nSent from my iPhone"),
    _signed("kind-regards", "Kind regards,\nMaria"),
    _signed("iphone", "Отправлено с iPhone"),
    _signed("iphone-english", "Sent from my iPhone"),
    _signed("yandex-mobile", "Отправлено из мобильной Яндекс Почты"),
    _signed("mailru-mobile", "Отправлено из мобильной Почты Mail.Ru"),
    _signed("mailru", "Отправлено из Почты Mail"),
    _signed("android", "Отправлено с устройства Samsung Galaxy"),
    _signed("outlook-ios", "Получить Outlook для iOS"),
    _signed("outlook-link", "Get Outlook for Android<https://aka.ms/x>"),
    _signed("dashes-and-phone", "--\nОтправлено из Mail.ru для Android"),
    _signed("proton", "Sent with Proton Mail secure email."),
    _signed("name-then-phone", "С уважением,\nМария\n\nОтправлено с iPhone"),
    _signed(
        "notice",
        "Это сообщение и любые вложения могут содержать конфиденциальную информацию. Если вы получили его по ошибке, удалите его.",
    ),
    _signed(
        "regards-and-notice",
        "С уважением,\nМария\n\nThis e-mail and any attachments are confidential.",
    ),
    _signed("antivirus", "Без вирусов. www.avast.ru"),
    _signed(
        "list-footer",
        "-- \nВы получили это сообщение, поскольку подписаны на группу.\nЧтобы отписаться, напишите stop@list.example".replace(
            "-- ", "--"
        ),
    ),
    Case(
        "signature-above-quote",
        plain(
            "Да, спасибо!\n\nС уважением,\nМария\n\n21.09.2026 09:54, Анна пишет:\n> Ждём вас.\n"
        ),
        "Да, спасибо!",
        "С уважением,\nМария\n\n21.09.2026 09:54, Анна пишет:\n> Ждём вас.",
    ),
    Case(
        "signature-below-quote",
        plain("Да!\n\n> Ждём вас.\n\n--\nМария\nОтправлено из Почты Mail"),
        "Да!",
        "> Ждём вас.\n\n--\nМария\nОтправлено из Почты Mail",
    ),
    Case(
        "only-signature-above-quote",
        plain("С уважением,\nМария\n\n21.09.2026 09:54, Анна пишет:\n> Ждём вас.\n"),
        "С уважением,\nМария",
        "21.09.2026 09:54, Анна пишет:\n> Ждём вас.",
    ),
    _kept("only-signature", "С уважением,\nМария"),
    _kept("sentence", "С уважением отношусь к вашей кухне, но суп был холодный."),
    _kept("postscript", "Спасибо за вечер!\n\nС уважением,\nМария\n\nP.S. Забыла у вас зонт"),
    _kept("question-below", "Добрый день\n\nС уважением,\nМария\n\nА зонт вы не находили?"),
    _kept("your-order", "Ваш заказ я не получила"),
    _kept("dash-list", "Нам нужно:\n- торт\n- свечи"),
    _kept("dialogue", "— Можно торт?\n— Можно"),
    _kept("sent-from", "Отправлено с вашего сайта подтверждение, но его нет. Где оно?"),
    _kept("thanks", "Спасибо, всего доброго не скажешь после такого супа"),
    _kept("middle-dashes", "Раз\n--\nдва, и ещё вопрос: когда открываетесь?"),
]
