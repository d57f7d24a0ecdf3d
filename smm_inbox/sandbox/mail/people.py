"""Who writes letters in the demo: invented people, firms and robots."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

OURS = "info@warm-corner.example"
OUR_NAME = "Кафе «Тёплый угол»"
SITE = ("Сайт «Тёплый угол»", "wordpress@warm-corner.example")
DAEMON = ("Mail Delivery System", "mailer-daemon@mx.warm-corner.example")


class Habit(StrEnum):
    """How somebody's program answers a letter."""

    WEB = "web"
    """Above the quote, as web mail does."""
    PHONE = "phone"
    """In a word or two, with the phone's own line below."""
    OUTLOOK = "outlook"
    """With a signature, over the whole letter as it came."""
    BARE = "bare"
    """Without a quote."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a mailbox."""

    name: str
    address: str
    sex: int = 0
    """1 for a woman, 2 for a man."""
    habit: Habit = Habit.WEB
    away: bool = False
    """On leave: a machine answers first."""
    dead: bool = False
    """The address does not exist."""

    @property
    def sender(self) -> tuple[str, str]:
        """Name and address as a letter shows them."""
        return self.name, self.address


_CAST = """
nina      |Нина Аркадьевна Полозова   |polozova.na@tula-mail.example     |1|bare
olga      |Ольга Миронова             |o.mironova@sevveter.example       |1|outlook
kirill    |Кирилл Дёмин               |demin.kirill@pochta.example       |2|web
alevtina  |Алевтина Сергеева          |alevtina.s@pochta.example         |1|web
zhanna    |Жанна Тэн                  |office@kvadrat-studio.example     |1|web
gennady   |Геннадий Яхонтов           |yahont@pochta.example             |2|web
marta     |Марта Вишневская           |vishnya.marta@post.example        |1|phone
supplier  |ООО «Зерно и обжарка»      |sales@zerno-obzharka.example      |2|outlook|away
roasters  |Клуб обжарщиков            |news@obzharka-club.example        |0|bare
prokhor   |Прохор Ильич               |prohor1951@tula-mail.example      |2|bare
agata     |Агата Лебедь               |agata@gorod-zhurnal.example       |1|web
denis     |Денис Чалый                |chaly.barista@pochta.example      |2|phone
elvira    |Эльвира Назаровна          |elvira.naz@post.example           |1|phone
bank      |Бухгалтерия «Лист и клён»  |buh@list-klen.example             |1|outlook
trickster |[b]Приз[/b] Вам[/]         |win@priz.example                  |0|bare
ignat     |Игнат Петров               |ignat.petrov@gmial.example        |2|web|dead
school    |Тамара Львовна, 5-я школа  |school5@edu-sad.example           |1|outlook
robert    |Роберт Авакян              |r.avakyan@pochta.example          |2|phone
lyuba     |Люба                       |lyubasha@post.example             |1|phone
yuri      |Юрий Стрельцов             |strelets@kalug.example            |2|web
"""
_FIRST = {
    1: "Маргарита Инга Ульяна Олеся Снежана Диана Раиса Евгения",
    2: "Валентин Артур Эмиль Богдан Григорий Степан Вячеслав Аркадий",
}
_LAST = [
    "Жаров",
    "Колесов",
    "Бережной",
    "Мухин",
    "Рябинин",
    "Столяров",
    "Тарасов",
    "Филин",
    "Щеглов",
    "Юдин",
]
_LETTERS = {
    **dict(zip("абвгдеёзийклмнопрстуфхцыэ", "abvgdeeziyklmnoprstufhcye", strict=True)),
    **{"ж": "zh", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"},
}


def cast() -> dict[str, Person]:
    """The people of the story by their short names."""
    people: dict[str, Person] = {}
    for line in _CAST.strip().splitlines():
        key, name, address, sex, habit, *flags = (word.strip() for word in line.split("|"))
        people[key] = Person(
            name, address, int(sex), Habit(habit), away="away" in flags, dead="dead" in flags
        )
    return people


def stranger(dice: random.Random, number: int) -> Person:
    """Somebody new, for when the written story has run out."""
    sex = dice.choice((1, 2))
    first = dice.choice(_FIRST[sex].split())
    last = dice.choice(_LAST)
    if sex == 1:
        last = last.removesuffix("ой") + "ая" if last.endswith("ой") else last + "а"
    login = "".join(_LETTERS.get(letter, letter) for letter in f"{first}.{last}".lower())
    habit = dice.choice((Habit.WEB, Habit.WEB, Habit.PHONE, Habit.BARE))
    return Person(f"{first} {last}", f"{login}{number}@pochta.example", sex, habit)
