"""The cast of the demo morning: invented people who know the cafe."""

from __future__ import annotations

import random

from smm_inbox.sandbox.vk.model import User

FIRST_ID = 1900000201
CITIES = {
    "Москва": 1,
    "Санкт-Петербург": 2,
    "Казань": 60,
    "Екатеринбург": 49,
    "Тула": 146,
    "Мытищи": 857,
    "Нижний Новгород": 95,
    "Калуга": 61,
}
_CAST = """
katya     |Катя       |Воронина     |katya.voronina  |1|Москва          |412
dmitry    |Дмитрий    |Лапин        |                |2|Москва          |87
oksana    |Оксана     |Белякова     |oksi_belka      |1|Мытищи          |1264
marat     |Марат      |Хасанов      |marat_kh        |2|Казань          |953
sveta     |Светлана   |Ивановна     |                |1|                |
tolya     |Анатолий   |Гречкин      |tolya_grechkin  |2|Тула            |34
polina    |Полина     |Чайкина      |chaika_polina   |1|Москва          |15870|verified
lev       |Лев        |Осинский     |lev.osinsky     |2|Санкт-Петербург |2240
nastya    |Настя      |Кузьмина     |nastyakuzya     |1|Москва          |508
gleb      |Глеб       |Рощин        |                |2|                |19
vera      |Вера       |Павловна     |vera_pavlovna   |1|Калуга          |146
artyom    |Артём      |Снегирёв     |snegir_art      |2|Москва          |731
lida      |Лидия      |Фомина       |                |1|Москва          |62
ruslan    |Руслан     |Агаев        |ruslan.agaev    |2|Москва          |4410
yana      |Яна        |Мельник      |yanamelnik      |1|Нижний Новгород |377
pavel     |Павел      |Дроздов      |                |2|Москва          |205
alisa     |Алиса      |Громова      |gromova_eats    |1|Москва          |38200|verified
timur     |Тимур      |Сафин        |timsafin        |2|Казань          |640
zoya      |Зоя        |Климова      |                |1|                |     |closed
egor      |Егор       |Туманов      |tumanov_e       |2|Екатеринбург    |118
inna      |Инна       |Сорока       |soroka.inna     |1|Москва          |289
fedor     |Фёдор      |Ильич        |                |2|Тула            |11
masha     |Маша       |Липкина      |masha_lipa      |1|Москва          |976
stas      |Стас       |Бобров       |bobrov_stas     |2|                |     |closed
kira      |Кира       |Ладожская    |ladoga_kira     |1|Санкт-Петербург |3105
oleg      |Олег       |Тихонов      |                |2|Москва          |154
rita      |Рита       |Голубева     |rita.golub      |1|Москва          |821
misha     |Миша       |Ершов        |mish_ersh       |2|Мытищи          |47
darya     |Дарья      |Зимина       |zimina_darya    |1|Москва          |1190
semyon    |Семён      |Маркин       |                |2|Калуга          |73
lena      |Елена      |Добрая       |                |1|Москва          |266
nikita    |Никита     |Соболь       |sobol_n         |2|Москва          |590
galina    |Галина     |Петровна     |                |1|                |8
ilya      |Илья       |Ветров       |vetrov.ilya     |2|Санкт-Петербург |2718
sonya     |Соня       |Яблокова     |apple_sonya     |1|Москва          |1444
andrey    |Андрей     |Кот          |andrey_kot      |2|Москва          |333
tonya     |Антонина   |Лис          |                |1|Тула            |29
vlad      |Влад       |Северный     |vlad_sever      |2|Екатеринбург    |1802
ksenia    |Ксения     |Морозова     |frostksu        |1|Москва          |695
gosha     |Гоша       |Пуговкин     |pugovka_g       |2|Москва          |240
prankster |[b]Костя[/b] \u202eксечорп\u202c|[@click=app.quit]🤘|        |2|Москва          |666
gone      |DELETED    |             |                |0|                |     |deleted
"""
_FIRST = {
    1: "Алина Жанна Василиса Ульяна Тамара Эля Майя Нина Варя Есения Лариса Юля",
    2: "Кирилл Денис Матвей Юра Роман Захар Слава Вадим Костя Лёша Тихон Герман",
}
_LAST = "Берёзкин Соловьёв Орехов Снежин Лугов Ежов Медов Полянин Заречнов Журавлёв Калинин"


def cast() -> dict[str, User]:
    """The people of the story by their short names."""
    people: dict[str, User] = {}
    for number, line in enumerate(_CAST.strip().splitlines()):
        key, first, last, handle, sex, city, followers, *flags = (
            word.strip() for word in line.split("|")
        )
        people[key] = User(
            FIRST_ID + number,
            first,
            last,
            handle,
            sex=int(sex),
            city=(CITIES[city], city) if city else None,
            followers=int(followers) if followers else None,
            verified="verified" in flags,
            closed="closed" in flags,
            deactivated="deleted" if "deleted" in flags else "",
            online=number % 3 == 0,
        )
    return people


def stranger(dice: random.Random, number: int) -> User:
    """Somebody new, for when the written story has run out."""
    sex = dice.choice((1, 2))
    first = dice.choice(_FIRST[sex].split())
    last = dice.choice(_LAST.split()) + ("а" if sex == 1 else "")
    city = dice.choice(["", *CITIES])
    closed = dice.random() < 0.12
    return User(
        FIRST_ID + 1000 + number,
        first,
        last,
        "" if dice.random() < 0.4 else f"guest_{number}",
        sex=sex,
        city=(CITIES[city], city) if city else None,
        followers=None if closed else int(dice.paretovariate(0.8) * 40),
        closed=closed,
        online=True,
    )
