"""The cafe's mailbox as the operator finds it: who wrote what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from smm_inbox.sandbox.mail import paper, texts
from smm_inbox.sandbox.mail.customers import Customers
from smm_inbox.sandbox.mail.people import OUR_NAME, OURS, Person
from smm_inbox.sandbox.mail.write import letter

_MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


@dataclass(frozen=True, slots=True)
class _Sheet:
    at: datetime
    raw: bytes
    sent: bool
    """A letter of ours, from the web page."""


class Morning:
    """Writes the past into the mailbox, every time counted back from now."""

    def __init__(self, mail: Customers, people: dict[str, Person]) -> None:
        self._mail = mail
        self._people = people
        self._now = mail.state.now().replace(microsecond=0)
        self._sheets: list[_Sheet] = []

    def write(self) -> None:
        """Everything that came before the app's first login."""
        self._finished_talks()
        self._outlook_thread()
        self._plain_letters()
        self._from_the_site()
        self._odd_shapes()
        self._robots()
        for sheet in sorted(self._sheets, key=lambda sheet: sheet.at):
            # numbers in a folder grow with the time of arrival
            if sheet.sent:
                self._mail.operator_writes(sheet.raw, at=sheet.at)
            else:
                self._mail.customer_writes(sheet.raw, at=sheet.at)

    # --- shapes -----------------------------------------------------------------------------------

    def _ago(self, minutes: float) -> datetime:
        return self._now - timedelta(minutes=minutes)

    @staticmethod
    def _name(who: str, minutes: float) -> str:
        """A Message-ID that repeats with the story."""
        return f"<{who}.{minutes:g}@morning.example>"

    def _keep(self, minutes: float, raw: bytes, *, sent: bool = False) -> bytes:
        self._sheets.append(_Sheet(self._ago(minutes), raw, sent))
        return raw

    def _letter(
        self, who: str, minutes: float, subject: str, text: str, *, answers: str = ""
    ) -> str:
        """A plain letter of a customer; gives its Message-ID."""
        name = self._name(who, minutes)
        self._keep(minutes, self._written(who, minutes, subject, text, answers=answers))
        return name

    def _written(
        self, who: str, minutes: float, subject: str, text: str, *, answers: str = ""
    ) -> bytes:
        return letter(
            text,
            sender=self._people[who].sender,
            to=(OURS,),
            subject=subject,
            message_id=self._name(who, minutes),
            at=self._ago(minutes),
            answers=answers,
        )

    def _ours(self, who: str, minutes: float, subject: str, text: str, *, answers: str) -> bytes:
        """What a colleague answered on the web page; gives the letter."""
        raw = letter(
            text,
            sender=(OUR_NAME, OURS),
            to=(self._people[who].address,),
            subject=subject,
            message_id=f"<{who}.{minutes:g}@warm-corner.example>",
            at=self._ago(minutes),
            answers=answers,
        )
        return self._keep(minutes, raw, sent=True)

    # --- what came --------------------------------------------------------------------------------

    def _plain_letters(self) -> None:
        self._letter("marta", 74, "Ждали пятьдесят минут", texts.COMPLAINT)
        self._letter("prokhor", 118, "Булочная Гладкова", texts.HISTORY)
        self._letter("agata", 41, "Журнал «Город»: три вопроса", texts.PRESS)
        self._letter("gennady", 29, "Fwd: куда делась скамейка", texts.FORWARDED)
        self._letter(
            "robert",
            13,
            "Бронь",
            "столик на двоих завтра в 20:00, у окна. спасибо\n\nОтправлено с iPhone",
        )

    def _finished_talks(self) -> None:
        asked = self._letter(
            "lyuba", 1490, "Торт «Наполеон»", "Здравствуйте! Можно заказать «Наполеон» на вечер?"
        )
        done = self._ours(
            "lyuba",
            1440,
            "Re: Торт «Наполеон»",
            "Люба, добрый день! Да, к 18:00 будет готов, 2 100 ₽. Ждём вас!",
            answers=asked,
        )
        thanks = "Спасибо большое!"
        person = self._people["lyuba"]
        self._keep(660, paper.reply(person, thanks, done, self._ago(660), self._name("lyuba", 660)))

    def _outlook_thread(self) -> None:
        asked = self._letter("olga", 2890, "Новогодний вечер, 20 человек", texts.PARTY_FIRST)
        self._ours(
            "olga", 2700, "RE: Новогодний вечер, 20 человек", texts.PARTY_OURS, answers=asked
        )
        body = texts.PARTY_THREAD.format(
            text=texts.PARTY_SECOND,
            answered=self._russian(2700),
            asked=self._russian(2890),
            told=self._russian(2960),
        )
        raw = letter(
            body,
            sender=self._people["olga"].sender,
            to=(OURS,),
            cc=("Gleb Norkin <g.norkin@sevveter.example>",),
            subject="RE: Новогодний вечер, 20 человек",
            message_id=self._name("olga", 52),
            at=self._ago(52),
            answers="<olga.2700@warm-corner.example>",
            charset="windows-1251",
            headers={"X-Mailer": "Microsoft Outlook 16.0"},
        )
        self._keep(52, raw)

    def _russian(self, minutes: float) -> str:
        at = self._ago(minutes)
        return f"{at.day} {_MONTHS[at.month - 1]} {at.year} г. {at:%H:%M}"

    def _from_the_site(self) -> None:
        kirill = self._people["kirill"]
        fields = {
            "Имя": kirill.name,
            "Телефон": "+7 (900) 000-00-12",
            "E-mail": kirill.address,
            "Гостей": "20",
            "Дата": "ближайшая суббота, 17:00",
            "Сообщение": "Хотим банкет на 20 человек.\nЕсть ли пандус? Будет коляска.",
        }
        name = self._name("form", 35)
        self._keep(
            35,
            paper.form(
                fields,
                "Заявка с сайта: банкет",
                self._ago(35),
                name,
                reply_to=kirill.address,
            ),
        )
        call = {
            "Имя": "Тамара",
            "Телефон": "8 900 000-00-58",
            "Комментарий": "Вчера оставила у вас зонт, перезвоните",
        }
        name = self._name("form", 97)
        self._keep(97, paper.form(call, "Заказ обратного звонка", self._ago(97), name))

    def _odd_shapes(self) -> None:
        nina, zhanna = self._people["nina"], self._people["zhanna"]
        name = self._name("nina", 63)
        subject = "Просьба о дне рождения"
        self._keep(63, paper.koi8(nina, subject, texts.PENSIONERS, self._ago(63), name))
        name = self._name("zhanna", 22)
        subject = "Заказ №418: завтраки в офис"
        self._keep(22, paper.html_only(zhanna, subject, texts.OFFICE_ORDER, self._ago(22), name))
        cake = self._written("alevtina", 86, "Торт с лисой на субботу", texts.CAKE)
        files = (
            ("эскиз торта.png", "image/png", paper.picture()),
            ("Начинка и чего нельзя.pdf", "application/pdf", paper.page("Bez orekhov!")),
        )
        self._keep(86, paper.with_files(cake, files))
        invoice = self._written("bank", 171, "Счёт № 118", texts.INVOICE)
        bill = (("Счёт 118.pdf", "application/pdf", paper.page("Schet 118")),)
        self._keep(171, paper.with_files(invoice, bill))
        self._letter("trickster", 47, "[bold]Вы выиграли[/] \x1b[31m!\x1b[0m", texts.HOSTILE)

    def _robots(self) -> None:
        asked = self._letter(
            "supplier", 1600, "График поставок", "Добрый день! Пришлите, пожалуйста, заявку."
        )
        sent = self._ours(
            "supplier",
            190,
            "Re: График поставок",
            "Здравствуйте! Заявка: 12 кг эспрессо-смеси к пятнице.",
            answers=asked,
        )
        away = "Я в отпуске до понедельника. По срочным вопросам: 8 900 000-00-77."
        person = self._people["supplier"]
        name = self._name("supplier", 189)
        self._keep(189, paper.auto_answer(person, away, sent, self._ago(189), name))

        lost = self._ours(
            "ignat",
            152,
            "Ваша бронь на пятницу",
            "Игнат, здравствуйте! Столик на пятницу, 19:00, за вами.",
            answers="",
        )
        address = self._people["ignat"].address
        name = self._name("daemon", 151)
        self._keep(151, paper.bounce(address, lost, self._ago(151), name))

        news = letter(
            "Эфиопия Гуджи, Кения АА, Колумбия Уила: прайс-лист внутри.",
            html=texts.NEWS,
            sender=self._people["roasters"].sender,
            to=(OURS,),
            subject="☕️ Новый урожай и минус 15 % до воскресенья",
            message_id=self._name("roasters", 205),
            at=self._ago(205),
            headers={
                "List-Unsubscribe": "<https://obzharka-club.example/u/1>",
                "List-Id": "<news.obzharka-club.example>",
                "Precedence": "bulk",
            },
        )
        self._keep(205, news)
