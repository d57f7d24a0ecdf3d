"""The cast of the demo on Instagram: invented people who know the cafe."""

from __future__ import annotations

from dataclasses import dataclass

from smm_inbox.sandbox.instagram.customers import Customers

_CAST = """
olga    |olga.sweet      |Ольга Сладкова      |3412
liza    |liza.croissant  |Лиза | еда и город  |48210
timur   |timur.latte     |Тимур               |1890
marina  |marina_kofe     |Марина Кофейная     |412
guram   |guram_bakes     |                    |17
vera    |vera.v.kadre    |Вера в кадре        |15600
nina    |nina_nina_87    |                    |96
arsen   |arsen.grill     |Арсен               |720
polya   |polya_tort      |Поля | торты        |2250
egor    |egor_na_velo    |Егор                |305
rude    |pravdorub_77    |                    |4
kira    |kira.sketch     |Кира рисует         |6100
lesha   |lesha.dj        |Лёша DJ             |980
zina    |zinaida_petrova |Зинаида Петровна    |31
hostile |[@click=app.quit]|\u202eсечорп\u202c [/] \x1b[31m|666
"""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of the cast."""

    id: str
    username: str


def cast(ig: Customers) -> dict[str, Guest]:
    """Create the people; by their short names."""
    people: dict[str, Guest] = {}
    for line in _CAST.strip().splitlines():
        key, username, *names, followers = (word.strip() for word in line.split("|"))
        name = " | ".join(name for name in names if name) or None
        who = ig.add_person(username, name, followers=int(followers))
        people[key] = Guest(who, username)
    return people
