"""The cast of the demo morning on Telegram: invented people who know the cafe."""

from __future__ import annotations

import random
from dataclasses import dataclass

from smm_inbox.sandbox.telegram.model import User

FIRST_ID = 6_910_000_201
_CAST = """
tanya     |Таня       |Соловьёва    |tanya_solo      |1|
viktor    |Виктор     |Палыч        |                |2|phone
katyusha  |Катюша     |             |kate_bakes      |1|premium
roman     |Роман      |Гаврилов     |roma_gav        |2|
liza      |Лиза       |Светлова     |lizasvet        |1|
denis     |Денис      |К.           |                |2|
nadezhda  |Надежда    |Ивановна     |nadezhda_iv     |1|phone
arseny    |Арсений    |Бодров       |bodry_arseny    |2|premium
zhanna    |Жанна      |             |zhanna_fit      |1|
timofey   |Тимофей    |Лосев        |                |2|
mila      |Мила       |Орехова      |milaorehova     |1|
george    |Георгий    |Туманян      |geo_tumanyan    |2|
sasha     |Саша       |Д            |                |1|
fyodor    |Фёдор      |Кузнецов     |fedya_k         |2|
alla      |Алла       |Борисовна    |                |1|
ilyas     |Ильяс      |Гарипов      |ilyas_g         |2|
vika      |Вика       |Черника      |vika_chernika   |1|
maxim     |Максим     |Буров        |burov_max       |2|
regina    |Регина     |             |reginaphoto     |1|premium
stepan    |Степан     |Пахомов      |                |2|
jester    |[b]Шут[/b] \u202eукеллечук\u202c|[@click=app.quit]🃏|jester_77 |2|
spammer   |Быстрый    |Заработок    |fast_money_77   |2|
ghost     |           |             |                |0|deleted
"""
_FIRST = {
    1: "Арина Вероника Кристина Злата Римма Софа Нелли Эмма",
    2: "Глеб Марк Савва Тарас Платон Эдик Родион Захар",
}
_LAST = ["Рощин", "Морозов", "Ягодин", "Кленов", "Ветров", "Лисицын", "Звонарёв", "Травин"]


@dataclass(frozen=True, slots=True)
class Guest:
    """A person of the story; ``sex`` decides between понял and поняла."""

    user: User
    sex: int


def cast() -> dict[str, Guest]:
    """The people of the story by their short names."""
    people: dict[str, Guest] = {}
    for number, line in enumerate(_CAST.strip().splitlines()):
        key, first, last, username, sex, flags = (word.strip() for word in line.split("|"))
        user = User(
            FIRST_ID + number,
            first,
            last,
            username,
            phone=f"7900000{number:04}" if "phone" in flags else "",
            shows_phone="phone" in flags,
            premium="premium" in flags,
            deleted="deleted" in flags,
        )
        people[key] = Guest(user, int(sex))
    return people


def stranger(dice: random.Random, number: int) -> Guest:
    """Somebody new, for when the written story has run out."""
    sex = dice.choice((1, 2))
    first = dice.choice(_FIRST[sex].split())
    last = dice.choice(_LAST) + ("а" if sex == 1 else "")
    username = "" if dice.random() < 0.4 else f"tg_guest_{number}"
    return Guest(User(FIRST_ID + 1000 + number, first, last, username), sex)
