"""Plain-text answers with the letter they answer below, in the manner of each program."""

# ruff: noqa: E501 - the letters themselves have long lines

from __future__ import annotations

from .build import Case, plain

_NEW = "Да, на субботу подходит."


def _below(name: str, quote: str, *, new: str = _NEW) -> Case:
    """New text, an empty line, then ``quote``, all of which must be folded."""
    return Case(f"quote-{name}", plain(f"{new}\n\n{quote}\n"), new, quote)


_PREFIXED = "> Подойдёт ли вам суббота?\n> Анна"
_BARE = "Подойдёт ли вам суббота?\n\nАнна"

CASES = [
    _below(
        "gmail", f"пн, 21 сент. 2026 г. в 09:54, Тёплый угол <info@cafe.example>:\n\n{_PREFIXED}"
    ),
    _below(
        "gmail-wrapped",
        f"пн, 21 сент. 2026 г. в 09:54, Кафе Тёплый угол на Садовой\n<info@cafe.example>:\n\n{_PREFIXED}",
    ),
    _below(
        "gmail-old",
        f"21 сентября 2026 г., 9:54 пользователь Анна <info@cafe.example>\nнаписал:\n\n{_PREFIXED}",
    ),
    _below("gmail-older", f"2026-09-21 9:54 GMT+03:00 Анна <info@cafe.example>:\n\n{_PREFIXED}"),
    _below(
        "gmail-english",
        f"On Mon, Sep 21, 2026 at 9:54 AM Cafe <info@cafe.example> wrote:\n\n{_PREFIXED}",
    ),
    _below(
        "gmail-english-wrapped",
        f"On Mon, Sep 21, 2026 at 9:54 AM The Warm Corner Cafe on Garden street <\ninfo@cafe.example> wrote:\n\n{_PREFIXED}",
    ),
    _below(
        "mailru",
        f"Понедельник, 21 сентября 2026, 9:54 +03:00 от Тёплый угол <info@cafe.example>:\n\n{_PREFIXED}",
    ),
    _below(
        "mailru-bare",
        f"Понедельник, 21 сентября 2026, 9:54 +03:00 от Тёплый угол <info@cafe.example>:\n\n{_BARE}",
    ),
    _below(
        "mailru-signature-after",
        f"Понедельник, 21 сентября 2026, 9:54 +03:00 от Анна <info@cafe.example>:\n\n{_PREFIXED}\n\n--\nМария Ковалёва\nОтправлено из Почты Mail",
    ),
    _below("yandex", f'21.09.2026, 09:54, "Тёплый угол" <info@cafe.example>:\n\n{_PREFIXED}'),
    _below("yandex-bare", f'21.09.2026, 09:54, "Тёплый угол" <info@cafe.example>:\n\n{_BARE}'),
    _below(
        "yandex-with-rule",
        f'----------------\nКому: Мария (maria@mail.example);\nТема: Бронь;\n21.09.2026, 09:54, "Тёплый угол" <info@cafe.example>:\n\n{_BARE}',
    ),
    _below("yandex-in", f'21.09.2026, в 09:54, "Анна" <info@cafe.example>:\n{_PREFIXED}'),
    _below(
        "outlook",
        f"От: Тёплый угол <info@cafe.example>\nОтправлено: 21 сентября 2026 г. 9:54\nКому: Мария <maria@mail.example>\nТема: Бронь\n\n{_BARE}",
    ),
    _below(
        "outlook-rule",
        f"________________________________\nОт: Анна <info@cafe.example>\nОтправлено: 21 сентября 2026 г. 9:54\nКому: Мария\nТема: Бронь\n\n{_BARE}",
    ),
    _below(
        "outlook-behalf",
        f"От: robot@cafe.example от имени Анна <info@cafe.example>\nОтправлено: понедельник, 21 сентября 2026 г. 9:54\nКому: Мария\nКопия: Игорь\nТема: Бронь\n\n{_BARE}",
    ),
    _below(
        "outlook-original",
        f"-----Исходное сообщение-----\nОт: Анна\nОтправлено: 21 сентября 2026 г. 9:54\nКому: Мария\nТема: Бронь\n\n{_BARE}",
    ),
    _below(
        "outlook-english",
        f"-----Original Message-----\nFrom: Anna\nSent: Monday, September 21, 2026 9:54 AM\nTo: Maria\nSubject: Booking\n\n{_BARE}",
    ),
    _below(
        "outlook-stars",
        f"*От:* Анна <info@cafe.example>\n*Отправлено:* 21 сентября 2026 г. 9:54\n*Кому:* Мария\n*Тема:* Бронь\n\n{_BARE}",
    ),
    _below(
        "outlook-mobile",
        f"Получить Outlook для iOS\n________________________________\nFrom: Anna <info@cafe.example>\nSent: Monday, September 21, 2026 9:54:00 AM\nTo: Maria\nSubject: Booking\n\n{_BARE}",
    ),
    _below("thunderbird", f"21.09.2026 09:54, Анна пишет:\n{_PREFIXED}"),
    _below("thunderbird-english", f"On 21.09.2026 09:54, Anna wrote:\n{_PREFIXED}"),
    _below(
        "apple", f"21 сент. 2026 г., в 09:54, Анна <info@cafe.example> написал(а):\n\n{_PREFIXED}"
    ),
    _below(
        "apple-quoted-intro",
        f"> 21 сент. 2026 г., в 9:54, Анна <info@cafe.example> написал(а):\n>\n{_PREFIXED}",
    ),
    _below(
        "apple-female",
        f"21 сент. 2026 г., в 09:54, Анна <info@cafe.example> написала:\n{_PREFIXED}",
    ),
    _below(
        "apple-english", f"On 21 Sep 2026, at 09:54, Anna <info@cafe.example> wrote:\n\n{_PREFIXED}"
    ),
    _below(
        "the-bat",
        "Вы писали 21 сентября 2026 г., 9:54:13:\n\nТУ> Подойдёт ли вам суббота?\nТУ> Анна",
    ),
    _below(
        "the-bat-nested",
        "Вы писали 21 сентября 2026 г., 9:54:13:\n\n>> Подойдёт ли вам суббота?\nА> В какое время?",
    ),
    _below("evolution", f"В Пн, 21/09/2026 в 09:54 +0300, Анна пишет:\n{_PREFIXED}"),
    _below(
        "claws",
        f"On Mon, 21 Sep 2026 09:54:00 +0300\nAnna <info@cafe.example> wrote:\n\n{_PREFIXED}",
    ),
    _below(
        "k9", f"21 сентября 2026 г. 9:54:00 GMT+03:00, Анна <info@cafe.example> пишет:\n{_PREFIXED}"
    ),
    _below("roundcube", f"Анна писал 2026-09-21 09:54:\n{_PREFIXED}"),
    _below("roundcube-date-first", f"2026-09-21 09:54, Анна писал:\n{_PREFIXED}"),
    _below(
        "samsung",
        f"-------- Исходное сообщение --------\nОт: Анна <info@cafe.example>\nДата: 21.09.2026 09:54 (GMT+03:00)\nКому: Мария\nТема: Бронь\n\n{_BARE}",
    ),
    _below(
        "kmail",
        f"В письме от понедельник, 21 сентября 2026 г. 09:54:00 MSK пользователь Анна написал:\n{_PREFIXED}",
    ),
    _below("user-wrote", f"Пользователь Анна <info@cafe.example> написал:\n{_PREFIXED}"),
    _below(
        "proton",
        f"------- Original Message -------\nOn Monday, September 21st, 2026 at 9:54 AM, Anna <info@cafe.example> wrote:\n\n{_PREFIXED}",
    ),
    _below(
        "zoho",
        f"---- Включено Пн, 21 сен 2026 09:54:00 +0300 Анна <info@cafe.example> написал(а) ----\n\n{_BARE}",
    ),
    _below(
        "em-client",
        f'------ Исходное сообщение ------\nОт: "Анна" <info@cafe.example>\nКому: "Мария" <maria@mail.example>\nДата: 21.09.2026 9:54:00\nТема: Бронь\n\n{_BARE}',
    ),
    _below("mutt", f"On Mon, Sep 21, 2026 at 09:54:00AM +0300, Anna wrote:\n{_PREFIXED}"),
    _below(
        "yahoo",
        f"On Monday, September 21, 2026 at 09:54:00 AM GMT+3, Anna <info@cafe.example> wrote:\n\n{_BARE}",
    ),
    _below("german", f"Am 21.09.2026 um 09:54 schrieb Anna <info@cafe.example>:\n{_PREFIXED}"),
    _below("without-introduction", _PREFIXED),
    _below("nested", "> Подойдёт ли вам суббота?\n>> А в субботу можно?\n>> Мария"),
    _below("own-program", f"21.09.2026, 09:54, Анна <info@cafe.example> пишет:\n{_PREFIXED}"),
    Case(
        "bottom-posting",
        plain(
            "On 21.09.2026 09:54, Anna wrote:\n> Подойдёт ли вам суббота?\n> Анна\n\nДа, подходит.\n"
        ),
        "Да, подходит.",
        "On 21.09.2026 09:54, Anna wrote:\n> Подойдёт ли вам суббота?\n> Анна",
    ),
    Case(
        "interleaved",
        plain(
            "21.09.2026 09:54, Анна пишет:\n> Подойдёт ли вам суббота?\n\nДа.\n\n> Сколько вас будет?\n\nДвое.\n"
        ),
        "> Подойдёт ли вам суббота?\n\nДа.\n\n> Сколько вас будет?\n\nДвое.",
        "21.09.2026 09:54, Анна пишет:",
    ),
    Case(
        "interleaved-with-tail",
        plain("> Суббота?\nДа.\n> Двое?\nТрое.\n> С уважением,\n> Анна\n"),
        "> Суббота?\nДа.\n> Двое?\nТрое.",
        "> С уважением,\n> Анна",
    ),
    Case(
        "quote-only",
        plain("> Подойдёт ли вам суббота?\n> Анна\n"),
        "> Подойдёт ли вам суббота?\n> Анна",
    ),
    # Traps: words that only look like the beginning of a quote.
    Case(
        "trap-wrote",
        plain("Мне вчера Анна написала:\nприходите в семь. Это в силе?"),
        "Мне вчера Анна написала:\nприходите в семь. Это в силе?",
    ),
    Case(
        "trap-date",
        plain("Нам нужен стол 21.09.2026 в 19:00:\nдвое взрослых и ребёнок."),
        "Нам нужен стол 21.09.2026 в 19:00:\nдвое взрослых и ребёнок.",
    ),
    Case(
        "trap-from", plain("От: метро Садовая\nдо вас далеко?"), "От: метро Садовая\nдо вас далеко?"
    ),
    Case("trap-arrow", plain("a > b, правда?\n3>2"), "a > b, правда?\n3>2"),
    Case("trap-one-initial", plain("Скидка>10% бывает?"), "Скидка>10% бывает?"),
    Case(
        "trap-rule",
        plain("Заказ:\n--------\nторт, 2 шт.\nсуп, 1 шт.\n--------\nКогда будет готово?"),
        "Заказ:\n--------\nторт, 2 шт.\nсуп, 1 шт.\n--------\nКогда будет готово?",
    ),
    Case(
        "trap-rule-without-question",
        plain("Заказ:\n-----\nторт вишнёвый\nсуп дня"),
        "Заказ:\n-----\nторт вишнёвый\nсуп дня",
    ),
    Case(
        "trap-subject-line",
        plain("Тема: день рождения\nСколько гостей можно?"),
        "Тема: день рождения\nСколько гостей можно?",
    ),
]

_FW = "Fwd: Бронь"


def _forward(
    name: str, marker: str, *, subject: str = _FW, note: str = "Анна, посмотрите, пожалуйста."
) -> Case:
    body = (
        f"{note}\n\n{marker}\n\nХотим столик на троих.\n> А когда?\nС уважением,\nИгорь"
        if note
        else f"{marker}\n\nХотим столик на троих."
    )
    return Case(f"forward-{name}", plain(body, subject=subject), body, subject=subject)


CASES += [
    _forward(
        "gmail",
        "---------- Forwarded message ---------\nОт: Игорь <igor@mail.example>\nDate: пн, 21 сент. 2026 г. в 09:54\nSubject: Бронь\nTo: Мария <maria@mail.example>",
    ),
    _forward(
        "yandex",
        '-------- Пересылаемое сообщение --------\n21.09.2026, 09:54, "Игорь" <igor@mail.example>:',
    ),
    _forward(
        "mailru",
        "-------- Пересылаемое сообщение --------\nОт кого: Игорь <igor@mail.example>\nКому: Мария <maria@mail.example>\nДата: Понедельник, 21 сентября 2026, 9:54 +03:00\nТема: Бронь",
    ),
    _forward(
        "thunderbird",
        "-------- Перенаправленное сообщение --------\nТема: \tБронь\nДата: \tMon, 21 Sep 2026 09:54:00 +0300\nОт: \tИгорь <igor@mail.example>\nКому: \tМария",
    ),
    _forward(
        "apple",
        "Начало переадресованного сообщения:\n\nОт: Игорь <igor@mail.example>\nДата: 21 сентября 2026 г., 09:54\nКому: Мария\nТема: Бронь",
    ),
    _forward(
        "apple-english",
        "Begin forwarded message:\n\nFrom: Igor <igor@mail.example>\nSubject: Booking\nDate: 21 September 2026\nTo: Maria",
    ),
    _forward(
        "outlook",
        "От: Игорь <igor@mail.example>\nОтправлено: 21 сентября 2026 г. 9:54\nКому: Мария\nТема: Бронь",
        subject="FW: Бронь",
    ),
    _forward(
        "outlook-russian",
        "От: Игорь <igor@mail.example>\nОтправлено: 21 сентября 2026 г. 9:54\nКому: Мария\nТема: Бронь",
        subject="Пересл: Бронь",
    ),
    _forward(
        "without-note",
        "---------- Forwarded message ---------\nFrom: Igor <igor@mail.example>\nDate: Mon\nSubject: x\nTo: y",
        note="",
    ),
    _forward(
        "without-subject-mark",
        "-------- Пересылаемое сообщение --------\nОт: Игорь",
        subject="Бронь",
    ),
    Case(
        "forward-after-signature",
        plain(
            "Посмотрите.\n\n-- \nМария\n\n-------- Пересылаемое сообщение --------\nОт: Игорь\n\nПривет"
        ),
        "Посмотрите.\n\n-------- Пересылаемое сообщение --------\nОт: Игорь\n\nПривет",
        "--\nМария",
    ),
    Case(
        "forward-inside-a-quote",
        plain(
            "Спасибо!\n\nпн, 21 сент. 2026 г. в 09:54, Анна <info@cafe.example>:\n\n> ---------- Forwarded message ---------\n> От: Игорь\n> Привет\n"
        ),
        "Спасибо!",
        "пн, 21 сент. 2026 г. в 09:54, Анна <info@cafe.example>:\n\n> ---------- Forwarded message ---------\n> От: Игорь\n> Привет",
    ),
]
