"""A person at the keyboard: Russian layout, any window, a quick hand, a pulled plug."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from smm_inbox.sandbox.vk import User, VkSandbox
from smm_inbox.sandbox.vk.world import ANNA, BORIS, ELENA
from tests.e2e.cafe import ONLINE, Cafe
from tests.e2e.terminal import Terminal, terminal

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX"),
]

CTRL_Y = "\x1b[1099;5u"
"""Ctrl+Ы as terminals with the new keyboard protocol tell it: the key of Ctrl+S."""
WRITING = "✉ ЛИЧНО"
LEAVES = "Уйдёт через"


def waits(vk: VkSandbox, number: int, first: int = 0) -> list[str]:
    """``number`` customers who wait, the longest waiting first."""
    names = []
    for index in range(first, first + number):
        name = f"Гость{index:02}"
        names.append(name)
        vk.add_user(User(1_900_002_000 + index, name, screen_name=f"guest{index}"))
        vk.customer_writes(
            1_900_002_000 + index, f"Вопрос {index}", at=time.time() - 3600 + index * 90
        )
    return names


def head(screen: Terminal) -> str:
    """The first line of the open conversation; in a wide window the list stands beside it."""
    return screen.lines[1]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
def test_russian_keys_do_everything(cafe: Cafe, vk: VkSandbox, size: tuple[int, int]) -> None:
    names = waits(vk, 3)
    cafe.collect()
    with cafe.screen(size) as screen:
        screen.shows(*names)
        screen.press("о")  # j: down
        screen.press("щ")  # o: open
        screen.until(lambda: names[1] in head(screen), "the second customer in the head")
        screen.press("к")  # r: answer
        screen.shows(WRITING)
        screen.press("Ждём вас, ждём!")
        screen.shows("Ждём вас, ждём!")
        screen.press(CTRL_Y)
        screen.shows(LEAVES)
        screen.press("я")  # z: take back
        screen.shows(WRITING, "Ждём вас, ждём!")
        screen.press("f5")
        screen.shows(LEAVES)
        screen.until(lambda: vk.sent, "an answer on the network")
        screen.hides("в очереди")
        screen.press("гпш")  # u, g i: back, all open
        screen.shows("Открытые ·")
        screen.press("пц")  # g w: those who wait
        screen.shows("Без ответа ·", names[0], names[2])
        screen.until(lambda: names[1] not in screen.text, "one customer less")
        screen.press("у")  # e: close
        screen.until(lambda: names[0] not in screen.text, "two customers less")
        screen.press("я")  # z: not after all
        screen.shows(names[0])
        screen.press("й")  # q
        assert screen.ended() == 0
    (answer,) = vk.sent
    assert (answer.target, answer.text) == (1_900_002_001, "Ждём вас, ждём!")


def test_a_window_that_changes_its_size(cafe: Cafe, vk: VkSandbox) -> None:
    names = waits(vk, 3)
    cafe.collect()
    with cafe.screen((120, 36)) as screen:
        screen.shows(*names)
        screen.press("j", "r")
        screen.shows(WRITING)
        screen.press("Черновик в дороге")
        for size in ((80, 24), (200, 50), (60, 16), (120, 36)):
            screen.resize(*size)
            screen.shows("Черновик в дороге", names[1])
            assert all(len(line) <= size[0] for line in screen.lines)
        screen.leave(WRITING)
        screen.resize(80, 24)
        screen.shows(*names, "✎")
        screen.press("q")
        assert screen.ended() == 0


def test_a_quick_hand_answers_whom_it_meant(cafe: Cafe, vk: VkSandbox) -> None:
    """Keys that arrive faster than the screen can follow act on what they were pressed for."""
    names = waits(vk, 12)
    cafe.collect()
    with cafe.screen((160, 48)) as screen:
        screen.shows(*names, ONLINE)
        for index in range(1, 11):
            screen.press("oujo")  # open, back, next, open
            screen.until(lambda: names[index] in head(screen), names[index])  # noqa: B023
            screen.press("u")
        screen.press("ggoujor")
        screen.shows(WRITING)
        screen.press("Это вам")
        screen.shows("Это вам")
        screen.press("f5")
        screen.shows(LEAVES)
        screen.until(lambda: vk.sent, "an answer on the network")
    assert [answer.target for answer in vk.sent] == [1_900_002_001]


def test_arrivals_do_not_move_the_row_under_the_cursor(cafe: Cafe, vk: VkSandbox) -> None:
    names = waits(vk, 4)
    cafe.collect()
    with cafe.screen((120, 36)) as screen:
        screen.shows(*names, ONLINE)
        screen.press("j")
        screen.until(lambda: names[1] in head(screen), "the second customer in the head")
        before = row_of(screen, names[1])
        for user, text in ((ANNA, "Ау!"), (BORIS, "Есть кто?"), (ELENA, "Алло")):
            vk.customer_writes(user, text, at=time.time() - 7200)  # waiting longest: to the top
        screen.shows("ждут 7")
        screen.press("r")
        screen.shows(WRITING)
        assert names[1] in screen.text.split(WRITING)[0].splitlines()[-1]
        assert row_of(screen, names[1]) == before


def row_of(screen: Terminal, name: str) -> int:
    """Where a customer stands in the list."""
    return next(i for i, line in enumerate(screen.lines) if name in line[:70] and i > 1)


def test_ten_customers_a_pulled_plug_and_nothing_is_missing(cafe: Cafe, vk: VkSandbox) -> None:
    names = waits(vk, 12)
    cafe.collect()
    with cafe.screen() as screen:
        screen.shows(names[0], ONLINE)
        for index in range(6):
            answer(screen, names[index], f"Ответ {index}", left=11 - index)
        screen.press("r")
        screen.shows(WRITING, names[6])
        screen.press("Недописанный ответ")
        screen.until(lambda: kept(cafe) == ["Недописанный ответ"], "draft on the disk")
        screen.kill()  # some answers have left, some wait out their seconds, one is half written
    with cafe.screen() as screen:
        screen.shows(names[6], "✎")
        screen.press("r")
        screen.shows("Недописанный ответ")
        screen.press(" — дописан")
        screen.press("f5")
        screen.shows(LEAVES, "ждут 5")
        for index in range(7, 10):
            answer(screen, names[index], f"Ответ {index}", left=11 - index)
        screen.until(lambda: len(vk.sent) == 10, "ten answers on the network")
        screen.until(lambda: not cafe.rows("SELECT 1 FROM outbox"), "an empty outbox")
        screen.press("q")
        assert screen.ended() == 0
    wanted = [f"Ответ {index}" for index in range(10)]
    wanted[6] = "Недописанный ответ — дописан"
    assert sorted(a.text for a in vk.sent) == sorted(wanted)
    assert {a.target: a.text for a in vk.sent} == {
        1_900_002_000 + index: text for index, text in enumerate(wanted)
    }
    assert cafe.rows("SELECT count(*) FROM messages WHERE direction = 'in'") == [(12,)]
    assert cafe.rows("SELECT count(*) FROM messages WHERE state = 'awaiting'") == [(2,)]


def answer(screen: Terminal, name: str, text: str, *, left: int) -> None:
    """Answer the customer under the cursor, who must be ``name``; ``left`` others still wait."""
    screen.press("r")
    screen.shows(WRITING)
    assert name in next(line for line in screen.lines if WRITING in line)
    screen.press(text)
    screen.shows(text)
    screen.press("f5")
    screen.hides(WRITING)
    screen.shows(f"ждут {left}")


def kept(cafe: Cafe) -> list[str]:
    return [text for (text,) in cafe.rows("SELECT text FROM drafts")]


def test_the_demo_needs_no_set_up(tmp_path: Path) -> None:
    """A stranger's first minute: the morning is there, and it says that nothing leaves."""
    words = [sys.executable, "-m", "smm_inbox", "demo", "--pace", "60"]
    with terminal(words, tmp_path, (120, 36), LANG="ru_RU.UTF-8") as screen:
        screen.shows("выдуманы")
        screen.shows("Тёплый угол", "Без ответа ·", ONLINE)
        screen.press("о", "щ")
        screen.shows("обращени")
        screen.press("г", "й")
        assert screen.ended() == 0
    assert not (tmp_path / ".local").exists()
    assert not (tmp_path / ".config").exists()
