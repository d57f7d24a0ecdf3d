"""The default world: a cafe's account, bot, channel with discussion group, and its neighbours."""

from __future__ import annotations

from dataclasses import replace

from smm_inbox.sandbox.telegram.model import Account, Channel, Group, User, channel_chat, group_chat
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.traffic import Draft, put

ME, BOT = 7_000_000_001, 7_000_000_042
MY_PHONE = "+79990000001"
BOT_TOKEN = "7000000042:sandbox-bot-token"  # noqa: S105 - of a network that lives on loopback
API_ID, API_HASH = 999_000, "sandbox"
ANNA, BORIS, ELENA, IGOR, DELETED, COLLEAGUE = range(6_900_000_101, 6_900_000_107)
CHANNEL_ID, DISCUSSION_ID, NEIGHBOURS_ID, SHIFT_ID = (
    2_200_000_512,
    2_200_000_513,
    2_200_000_900,
    400_500_600,
)
SUGGESTIONS_ID = 2_200_000_514
"""The channel's letterbox: people write to the channel itself and suggest posts."""
OTHER_CHANNEL_ID = 2_200_000_777
"""A channel of somebody else, in whose name a comment can be written."""

_PEOPLE = (
    User(ANNA, "Анна", "Ковалёва", "anya_kovaleva_x", premium=True),
    User(BORIS, "Борис", "Ёлкин"),
    User(ELENA, "Елена", "Ан", "lenochka_an", phone="79990000103", shows_phone=True),
    User(IGOR, "Игорь", "Петров-Водкин", "igor_pv"),
    User(DELETED, deleted=True),
    User(COLLEAGUE, "Марина", "Смена", "marina_smena", phone="79990000106", shows_phone=True),
)
FIRST_POST = "В пятницу открываемся в 8:00 и наливаем первым десяти гостям капучино за 99 ₽ ☕️"


def furnish(state: State) -> None:
    """Fill a fresh network with the default world."""
    for person in _PEOPLE:
        state.users[person.id] = replace(person)  # every network has people of its own
    state.users[ME] = User(ME, "Тёплый угол", "", "warm_corner_cafe", phone=MY_PHONE[1:])
    state.users[BOT] = User(BOT, "Бот «Тёплого угла»", "", "warm_corner_bot", bot=True)
    state.accounts[ME] = Account(ME)
    state.accounts[BOT] = Account(BOT, bot_token=BOT_TOKEN)
    customers = [ANNA, BORIS, ELENA, IGOR]
    now = state.now()
    state.channels[CHANNEL_ID] = Channel(
        CHANNEL_ID,
        "Кофейня «Тёплый угол»",
        "warm_corner_news",
        broadcast=True,
        members=[ME, COLLEAGUE, *customers],
        admins=[ME],
        linked=DISCUSSION_ID,
        letterbox=SUGGESTIONS_ID,
        subscribers=1834,
        about="Кофе и сырники на Садовой, 12",
        date=now - 9_000_000,
    )
    state.channels[DISCUSSION_ID] = Channel(
        DISCUSSION_ID,
        "Тёплый угол: разговоры",
        members=[ME, COLLEAGUE, *customers],
        admins=[ME],
        linked=CHANNEL_ID,
        date=now - 9_000_000,
    )
    state.channels[SUGGESTIONS_ID] = Channel(
        SUGGESTIONS_ID,
        "Кофейня «Тёплый угол»",
        members=[ME],
        admins=[ME],
        letterbox=CHANNEL_ID,
        is_letterbox=True,
        date=now - 4_000_000,
    )
    state.channels[NEIGHBOURS_ID] = Channel(
        NEIGHBOURS_ID,
        "Соседи на Садовой",
        "sadovaya_sosedi",
        members=[ANNA, ME, *customers[1:], BOT],
        admins=[ANNA],
        subscribers=412,
        date=now - 5_000_000,
    )
    state.channels[OTHER_CHANNEL_ID] = Channel(
        OTHER_CHANNEL_ID,
        "Афиша района",
        "afisha_sadovaya",
        broadcast=True,
        members=[IGOR],
        admins=[IGOR],
        subscribers=15_200,
        date=now - 8_000_000,
    )
    state.groups[SHIFT_ID] = Group(
        SHIFT_ID, "Смена кофейни", [COLLEAGUE, ME], [COLLEAGUE], now - 1_000_000
    )
    post = put(
        state,
        Draft(channel_chat(CHANNEL_ID), ME, FIRST_POST, as_channel=CHANNEL_ID, at=now - 259_200),
    )
    post.views = 640
    # Every group begins with a notice; one without any message would not be in the list of chats.
    begun = now - 900_000
    put(state, Draft(channel_chat(NEIGHBOURS_ID), ME, service="joined", at=begun))
    put(state, Draft(group_chat(SHIFT_ID), COLLEAGUE, service="joined", at=begun))
    for chat in chats_of_all(state):
        name = state.box_name(chat, ME)
        state.accounts[ME].read_in[chat] = state.box(name).last_id
    state.pushes.clear()


def chats_of_all(state: State) -> set[str]:
    """Every chat that something was said in."""
    return {item.chat for item in state.messages.values()}
