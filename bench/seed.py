"""Fill a database with made-up conversations, quickly and always the same."""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import time
from pathlib import Path

from smm_inbox.bootstrap import DATABASE_NAME
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.ids import AccountId
from smm_inbox.services.deadlines import Deadlines
from smm_inbox.storage.database import Database

_NAMES = ("Мария", "Игорь", "Ольга", "Сергей", "Анна", "Дмитрий", "Светлана", "Павел", "Юлия")
_LAST = ("Ковалёва", "Лебедев", "Смирнова", "Орлов", "Зайцева", "Громов", "Белова", "Котов")
_TEXTS = (
    "А столик на 19:00 на двоих найдётся?",
    "Суп принесли холодный, ждали сорок минут 😡",
    "Подскажите, пожалуйста, есть ли у вас безлактозное молоко и сколько стоит латте на нём?",
    "Спасибо, всё было очень вкусно! Обязательно вернёмся всей семьёй 👨‍👩‍👧‍👦",
    "Можно заказать торт на субботу? Хотим «Медовик» на 2 кг, с надписью",
)
_CITIES = ("Казань", "Москва", "Уфа", "", "Тверь")
_CHUNK = 20_000
_HOUR = 3_600_000_000


def settings(folder: Path, account: str = "bench") -> Settings:
    """Settings under which the made-up deadlines hold."""
    options = {"group_id": 1, "token": "made-up"}
    accounts = (AccountSettings(AccountId(account), "vk", "VK", options, enabled=False),)
    return Settings(folder, accounts=accounts)


def seed(folder: Path, conversations: int, messages_each: int = 1, account: str = "bench") -> Path:
    """Create ``folder``'s database with that many conversations; every fifth one awaits."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / DATABASE_NAME

    async def create() -> None:
        db = await Database.open(path)
        async with db.transaction() as tx:
            # What the program itself notes: the deadlines below are those of the default limits.
            await Deadlines(settings(folder, account)).note(tx)
        await db.close()

    asyncio.run(create())
    db = sqlite3.connect(path)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -200000")
    dice = random.Random(7)
    now = int(time.time() * 1_000_000)
    for start in range(1, conversations + 1, _CHUNK):
        ids = range(start, min(start + _CHUNK, conversations + 1))
        _fill(db, ids, messages_each, account, dice, now)
        db.commit()
    # A file in use has its words indexed: here nobody searches, and nothing is to be caught up.
    db.execute("DELETE FROM search_backlog")
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


def _fill(
    db: sqlite3.Connection,
    ids: range,
    each: int,
    account: str,
    dice: random.Random,
    now: int,
) -> None:
    contacts, conversations, messages = [], [], []
    for number in ids:
        name = f"{dice.choice(_NAMES)} {dice.choice(_LAST)}"
        contacts.append(
            (number, account, str(number), name, f"user{number}", number % 9000,
             dice.choice(_CITIES), now)
        )  # fmt: skip
        last = now - number * 1_000_000
        awaiting = number % 5 == 0
        kind = "comment" if number % 3 == 0 else "direct"
        first_message = (number - 1) * each + 1
        for index in range(each):
            newest = index == each - 1
            state = "awaiting" if awaiting and newest else "answered"
            messages.append(
                (first_message + index, number, account, kind, f"{number}_{index}", "in", number,
                 dice.choice(_TEXTS), last - (each - 1 - index) * 60_000_000, now, state)
            )  # fmt: skip
        red = last + 2 * _HOUR
        conversations.append(
            (number, account, kind, str(number), number, int(kind == "comment"), int(awaiting),
             last if awaiting else None, last + _HOUR if awaiting else None,
             red if awaiting else None, last, first_message + each - 1,
             red // 60_000_000 if awaiting else 10**17 - last,
             -int(kind == "comment") if awaiting else 0)
        )  # fmt: skip
    db.executemany(
        "INSERT INTO contacts (id, account, remote_id, name, handle, followers, city, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        contacts,
    )
    db.executemany(
        "INSERT INTO conversations (id, account, kind, remote_id, contact_id, public, awaiting, "
        "awaiting_since, amber_at, red_at, last_at, preview_id, rank, tie) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        conversations,
    )
    db.executemany(
        "INSERT INTO messages (id, conversation_id, account, kind, remote_id, direction, "
        "author_id, text, sent_at, stored_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        messages,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("conversations", type=int)
    parser.add_argument("--messages-each", type=int, default=1)
    args = parser.parse_args()
    began = time.perf_counter()
    seed(args.folder, args.conversations, args.messages_each)
    print(f"{args.conversations} conversations in {time.perf_counter() - began:.1f} s")
