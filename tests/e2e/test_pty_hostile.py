"""Whatever customers, colleagues and servers write, the terminal gets our own sequences only."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from smm_inbox.sandbox.vk import User, VkSandbox
from smm_inbox.sandbox.vk.errors import TEXTS
from tests.e2e.cafe import ONLINE, Cafe
from tests.e2e.terminal import Terminal, terminal
from tests.ui.hostile import HOSTILE

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX"),
]

EVIL = (
    "\x1b]52;c;cm0gLXJmIC8=\x07\x1b]8;;http://evil.example\x1b\\Жми\x1b]8;;\x1b\\\x1b[31m\x1b[2J"
    "\x9b2J\x9d0;взлом\x9c\x90q\x9c[/][b][@click=app.quit]тут[/]\u202e\u2066\u200f\x00\x07\x08\x7f"
)
"""All the tricks in one line; what is left of it may be read and nothing else."""

PANELS = (
    (("g", "n"), "Подключения"),
    (("l",), "Списки, аккаунты и теги"),
    (("g", "b"), "Обещания"),
    (("g", "u"), "Смена"),
    (("t",), "Теги"),
    (("d",), "Матрица"),
    (("f",), "Кого спросить?"),
    (("?",), "Раскладка не важна"),
    (("ctrl+p",), "Что сделать?"),
)
PEOPLE = 1_900_001_000

# What Textual's driver writes by itself: colours, the cursor's place, and the modes it switches.
_OURS = re.compile(
    rb"\x1b\[[0-9;:]*m"
    rb"|\x1b\[[0-9]*;?[0-9]*H"
    rb"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
    rb"|\x1b\[\?(?:2026|2048)\$p"
    rb"|\x1b\[>\d+u|\x1b\[<u"
    rb"|\x1b\[22;2t|\x1b\[23;2t"
    rb"|\x1b\]22;[a-z]+(?:\x07|\x1b\\)"
    rb"|\x1b\]2;smm-inbox(?:\x07|\x1b\\)"
)
_ACTING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


def harmless(raw: bytes, *, screen: bool = True) -> None:
    """Nothing but our own sequences, and text that only prints."""
    text = (_OURS.sub(b"", raw) if screen else raw).decode("utf-8")
    found = _ACTING.search(text)
    assert found is None, repr(text[max(0, found.start() - 60) : found.end() + 60])


def crowd(vk: VkSandbox) -> list[str]:
    """One customer for every trick, in private and in public; what can be read of each."""
    shown = []
    for number, (trick, text) in enumerate([*HOSTILE.items(), ("all", EVIL)]):
        name = f"Имя{number:02}"
        evil = text[:200]
        person = User(
            PEOPLE + number,
            f"{name}{evil}",
            evil,
            screen_name=f"h{number}{evil}",
            city=(1, evil),
            followers=7,
        )
        vk.add_user(person)
        file = vk.media.doc(person.id, f"{evil}.pdf")
        vk.customer_writes(person.id, f"Вопрос{number} {text}", attachments=[file])
        root = vk.customer_comments(None, person.id, f"Коммент{number} {text}")
        vk.customer_comments(None, person.id, evil or trick, reply_to=root)
        shown.append(name)
    return shown


@pytest.fixture
def hostile(cafe: Cafe, vk: VkSandbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    vk.state.group.name = f"Кафе {EVIL}"
    vk.state.group.screen_name = EVIL
    post = next(iter(vk.state.posts.values()))
    post.text = f"Пост {EVIL} конец"
    monkeypatch.setitem(TEXTS, 100, f"Отказ {EVIL}")
    names = crowd(vk)
    message = vk.customer_writes(PEOPLE, "Сначала так")
    vk.customer_edits(message, f"Потом {EVIL}")
    vk.admin_replies(PEOPLE + 1, f"Коллега {EVIL}")
    cafe.collect()
    return names


@pytest.mark.timeout(240)
@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
def test_every_screen_over_hostile_customers(
    cafe: Cafe, vk: VkSandbox, hostile: list[str], size: tuple[int, int]
) -> None:
    with cafe.screen(size) as screen:
        screen.shows("Без ответа", *([ONLINE] if size[0] > 100 else []))
        for view, name, mark in (("p", "Личные", "личное"), ("c", "Комментарии", "ПУБЛИЧНО")):
            screen.press("g", view)
            screen.shows(f"{name} ·")
            screen.press("g", "g")
            assert visit_all(screen, hostile, mark) == set(hostile)
        for keys, word in PANELS:
            screen.press(*keys)
            screen.shows(word)
            screen.leave(word)
        fails_to_send(screen, vk)
        assert screen.alive
        assert vk.sent == []
        screen.press("u", "q")
        assert screen.ended() == 0
    harmless(bytes(screen.raw))


def visit_all(screen: Terminal, names: list[str], mark: str) -> set[str]:
    """Open every conversation of a list, whole, and its author's card; the names seen."""
    seen: set[str] = set()

    def new() -> set[str]:
        head = screen.lines[1]
        return {name for name in names if mark in head and name in head} - seen

    for _ in names:
        screen.press("o")
        screen.until(new, "next name in the head")
        seen.update(new())
        screen.press("v")
        if mark == "личное":
            screen.press("i")
            screen.shows("Страница")
            screen.leave("Страница")
        screen.press("u", "j")
    return seen


def fails_to_send(screen: Terminal, vk: VkSandbox) -> None:
    """An answer pasted with tricks in it, refused by the server with tricks in its words."""
    vk.faults.add("messages.send", "error", code=100, count=None)
    screen.press("g", "p")
    screen.shows("Личные ·")
    screen.press("g", "g", "r")
    screen.shows("✉ ЛИЧНО")
    pasted = "\x1b[200~Ответ \x9b2J\u202eбиди\u2066 \x9d0;x\x9c[/][@click=app.quit]тут\x1b[201~"
    screen.press(pasted)
    screen.shows("Ответ")
    screen.press("f5")
    screen.shows("Отказ")
    screen.press("g", "o")
    screen.shows("Не ушло ·")
    screen.press("o")
    screen.rest(0.3)


@pytest.mark.timeout(120)
def test_a_pasted_draft_comes_back_harmless(cafe: Cafe, vk: VkSandbox) -> None:
    vk.customer_writes(next(iter(vk.state.users)), "Здравствуйте")
    cafe.collect()
    for _ in range(2):  # written, then read from the database
        with cafe.screen() as screen:
            screen.shows("Здравствуйте")
            screen.press("r")
            screen.shows("✉ ЛИЧНО")
            screen.press("\x1b[200~Черновик \x9b2J\u202eбиди [/]\x1b[201~")
            screen.shows("Черновик")
            screen.press("escape")
            screen.shows("✎")
            screen.kill()
        harmless(bytes(screen.raw))


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "words",
    [
        ("sync", "--once"),
        ("export",),
        ("export", "--format", "csv"),
        ("doctor",),
        ("doctor", "--json"),
        ("config", "check"),
        ("send", "--conversation", "1", "--text", f"Да {EVIL}".replace("\x00", "")),
        ("send", "--conversation", EVIL.replace("\x00", ""), "--text", "x"),
        ("sync", "--once", "--account", EVIL.replace("\x00", "")),
    ],
    ids=range(9),
)
def test_every_command_in_a_terminal(
    cafe: Cafe, vk: VkSandbox, hostile: list[str], words: tuple[str, ...]
) -> None:
    assert hostile
    vk.faults.add("messages.send", "error", code=100, count=None)
    with terminal(cafe.command(*words), cafe.folder) as running:
        running.ended()
    assert running.raw
    # Spreadsheets are told by the first character that the table is in UTF-8.
    harmless(bytes(running.raw).removeprefix("\ufeff".encode()), screen=False)


def test_a_hostile_config_file_is_told_harmlessly(tmp_path: Path, cafe: Cafe) -> None:
    (cafe.folder / "config.toml").write_text(
        'language = "\\u001b]52;c;eA==\\u0007\\u009b2J"\n["\\u001b[2J\\u202e"]\nx = 1\n',
        encoding="utf-8",
    )
    with terminal(cafe.command("config", "check"), tmp_path) as running:
        assert running.ended() == 2
    harmless(bytes(running.raw), screen=False)
