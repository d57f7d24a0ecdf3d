"""The default world: a cafe's community, its people, posts, photos and discussion topics."""

from __future__ import annotations

from smm_inbox.sandbox.vk.model import (
    BOARD,
    CHAT_BASE,
    MARKET,
    PHOTO,
    VIDEO,
    Item,
    Post,
    User,
)
from smm_inbox.sandbox.vk.state import State

POST_ID = 512
PHOTO_ID = 457239021
VIDEO_ID = 456239100
PRODUCT_ID = 7700012
TOPIC_ID = 48000555
CHAT_PEER = CHAT_BASE + 7
CHAT_TITLE = "Соседи с Садовой"

ANNA, BORIS, ELENA, IGOR, DELETED, MARIA = range(1900000101, 1900000107)

_PEOPLE = (
    User(
        ANNA,
        "Анна",
        "Ковалёва",
        "anya_kovaleva_x",
        sex=1,
        city=(2, "Санкт-Петербург"),
        followers=318,
        online=True,
    ),
    User(BORIS, "Борис", "Ёлкин", sex=2, followers=12),
    User(
        ELENA,
        "Елена",
        "Ан",
        "lenochka.an",
        sex=1,
        city=(1, "Москва"),
        followers=20451,
        verified=True,
    ),
    User(IGOR, "Игорь", "Петров-Водкин", "igor_pv", sex=2, city=(49, "Екатеринбург"), followers=0),
    User(DELETED, "DELETED", deactivated="deleted"),
    User(MARIA, "Мария", "Сергеевна", "m_sergeevna_x", sex=1, closed=True),
)
_FRIDAY = (
    "В пятницу открываемся в 8:00 и наливаем первым десяти гостям капучино за 99 ₽ ☕️\n\n"
    "Ждём на Садовой, 12!"
)


def copy(person: User) -> User:
    """A person of one's own: the sandbox changes who may be written to."""
    return User(
        id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        screen_name=person.screen_name,
        sex=person.sex,
        city=person.city,
        followers=person.followers,
        closed=person.closed,
        deactivated=person.deactivated,
        verified=person.verified,
        online=person.online,
        can_write=person.can_write,
        allowed=person.allowed,
    )


def furnish(state: State) -> None:
    """Fill a fresh network with the default world; makes no events."""
    for person in _PEOPLE:
        state.users[person.id] = copy(person)
    state.users[state.admin_id] = User(
        state.admin_id, "Анна", "Смирнова", "anna_warm_corner", sex=1, city=(1, "Москва")
    )
    now, own = state.now(), state.owner
    photo = state.media.photo(own, id=PHOTO_ID, text="Новый фильтр-кофе недели: Эфиопия Гуджи")
    state.posts[own, POST_ID] = Post(
        own,
        POST_ID,
        own,
        now - 24 * 3600,
        _FRIDAY,
        attachments=[photo],
        likes=57,
        views=2104,
    )
    for item in (
        Item(PHOTO, own, PHOTO_ID, now - 24 * 3600, text="Новый фильтр-кофе недели: Эфиопия Гуджи"),
        Item(VIDEO, own, VIDEO_ID, now - 48 * 3600, "Как мы варим раф", duration=34),
        Item(
            MARKET,
            own,
            PRODUCT_ID,
            now - 72 * 3600,
            "Подарочный набор «Тёплый вечер»",
            "Зерно 250 г, кружка и имбирное печенье",
            price=1490,
        ),
        Item(BOARD, own, TOPIC_ID, now - 96 * 3600, "Ваши предложения"),
    ):
        state.items[item.kind, item.owner_id, item.id] = item
    state.dialog(CHAT_PEER).title = CHAT_TITLE
