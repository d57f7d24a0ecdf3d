"""The config file: what it may say, and that everything wrong with it is told at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from smm_inbox.config.loader import ConfigError, load, peek_language, remapped_keys
from smm_inbox.config.model import DEFAULT_UNDO, Settings
from smm_inbox.config.options import OptionKind, OptionSpec
from smm_inbox.config.problems import Problem
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.hours import Limit
from smm_inbox.locale import set_language

CHANNELS = {
    "vk": (
        OptionSpec(
            "group_id", OptionKind.INTEGER, "Number.", required=True, unique=True, minimum=1
        ),
        OptionSpec("token", OptionKind.SECRET, "Community token.", required=True),
        OptionSpec("service_key", OptionKind.SECRET, "Service key."),
        OptionSpec("api_url", OptionKind.URL, "Gateway."),
        OptionSpec("proxy", OptionKind.PROXY, "Proxy."),
        OptionSpec("quiet", OptionKind.BOOLEAN, "Quiet.", default=True),
        OptionSpec("label", OptionKind.TEXT, "Label."),
    )
}
ACCOUNT = '[accounts.cafe-vk]\nchannel = "vk"\ngroup_id = 7\ntoken = "env:VK"\n'

Write = Callable[[str], Path]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    set_language("en")
    monkeypatch.setenv("VK", "token-of-the-cafe")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_bytes(text.encode())
        path.chmod(0o600)
        return path

    return put


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(path, CHANNELS)
    return caught.value.problems


def the_problem(path: Path) -> Problem:
    (problem,) = problems_of(path)
    return problem


def test_an_empty_file_gives_the_defaults(write: Write) -> None:
    settings = load(write(""), CHANNELS)
    assert settings == Settings(
        data_dir=settings.data_dir, source=settings.source, undo=dict(DEFAULT_UNDO)
    )
    assert settings.data_dir.name == "smm-inbox"
    assert settings.accounts == ()


def test_every_key_reaches_the_settings(write: Write, tmp_path: Path) -> None:
    settings = load(
        write(
            """
language = "auto"
data_dir = "inbox-data"
business = "Тёплый угол"
operator = "Анна"
timezone = "Asia/Vladivostok"
theme = "light"
bell = false
backfill_days = 3

[hours]
"пн-чт" = "9:00-21:00"
fri = "09:00-13:00, 14:00 – 23.30"
"sat,sun" = "18:00-02:00"
holidays = ["2026-12-31", 2027-01-01, "08.03.2027"]

[limits]
direct = { amber = 10, red = 20 }
vk = { red = 30 }
"vk.comment" = { amber = 5, red = 15 }

[undo]
direct = 0
comment = 2.5

[keys]
"reply.send" = "f5"
move.down = ["j", "down"]

[accounts.cafe-vk]
channel = "vk"
title = "Кафе"
group_id = 7
token = "env:VK"
mark_read = true
typing = true
api_url = "http://127.0.0.1:8080/"
proxy = "socks5://127.0.0.1:1080"
quiet = false
label = "a"
"""
        ),
        CHANNELS,
    )
    assert settings.language == "auto"
    assert settings.data_dir == tmp_path / "inbox-data"
    assert (settings.business, settings.operator) == ("Тёплый угол", "Анна")
    assert (settings.theme, settings.bell, settings.backfill_days) == ("light", False, 3)
    hours = settings.hours
    assert hours.zone.key == "Asia/Vladivostok"
    assert hours.week[0] == hours.week[3] == ((time(9), time(21)),)
    assert hours.week[4] == ((time(9), time(13)), (time(14), time(23, 30)))
    assert hours.week[5] == hours.week[6] == ((time(18), time(2)),)
    assert hours.holidays == {date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 8)}
    assert settings.limit("vk", Kind.DIRECT) == Limit(30, 30)
    assert settings.limit("vk", Kind.COMMENT) == Limit(5, 15)
    assert settings.limit("telegram", Kind.DIRECT) == Limit(10, 20)
    assert settings.undo_window("vk", Kind.DIRECT) == timedelta(0)
    assert settings.undo_window("vk", Kind.COMMENT) == timedelta(seconds=2.5)
    assert settings.undo["email"] == timedelta(seconds=15)
    assert settings.keys == {"reply.send": ("f5",), "move.down": ("j", "down")}
    (account,) = settings.accounts
    assert (account.id, account.channel, account.title) == ("cafe-vk", "vk", "Кафе")
    assert (account.mark_read, account.typing, account.enabled) == (True, True, True)
    assert dict(account.options) == {
        "group_id": 7,
        "token": "token-of-the-cafe",
        "api_url": "http://127.0.0.1:8080/",
        "proxy": "socks5://127.0.0.1:1080",
        "quiet": False,
        "label": "a",
    }
    assert settings.secrets == {"token-of-the-cafe"}


def test_all_problems_come_at_once_in_the_order_of_the_file(write: Write) -> None:
    path = write(
        'languge = "ru"\nbackfill_days = "ten"\nbell = "yes"\n'
        '[hours]\nmon-fri = "9 to 5"\nfunday = "closed"\n'
        "[limits]\ndirekt = { amber = 1, red = 2 }\n"
        '[undo]\ndirect = "5"\n'
        '[accounts.cafe]\nchannel = "vkk"\n'
        '[accounts.Bad_Name]\nchannel = "vk"\n'
        '[accounts.shop]\nchannel = "vk"\ngrup_id = 1\n'
    )
    found = [(problem.line, problem.key) for problem in problems_of(path)]
    assert found == [
        (1, "languge"),
        (2, "backfill_days"),
        (3, "bell"),
        (5, "hours.mon-fri"),
        (6, "hours.funday"),
        (8, "limits.direkt"),
        (10, "undo.direct"),
        (12, "accounts.cafe.channel"),
        (13, "accounts.Bad_Name"),
        (15, "accounts.shop.group_id"),
        (15, "accounts.shop.token"),
        (17, "accounts.shop.grup_id"),
    ]
    with pytest.raises(ConfigError) as caught:
        load(path, CHANNELS)
    story = caught.value.sentence
    assert story.startswith(f"12 things in {path}")
    for near in ("language", "direct", "vk", "group_id"):
        assert f"Did you mean {near}?" in story


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('language = "de"', "language", "«de»"),
        ('timezone = "Europe/Moskow"', "timezone", "Did you mean Europe/Moscow?"),
        ('timezone = "Europe"', "timezone", "a time zone"),
        ('timezone = "../../etc/passwd"', "timezone", "a time zone"),
        ("backfill_days = -1", "backfill_days", "from 0 to"),
        ("backfill_days = true", "backfill_days", "whole number"),
        ("hours = 5", "hours", "a table"),
        ('[hours]\nmon = "09:00-09:00"', "hours.mon", "opening times"),
        ('[hours]\nmon = "09:00-25:00"', "hours.mon", "opening times"),
        ('[hours]\nmon = "09:70-12:00"', "hours.mon", "opening times"),
        ("[hours]\nmon = 9", "hours.mon", "opening times"),
        ('[hours]\nmon-wed = "9-10"\ntue = "9-10"', "hours.tue", "tue is set already"),
        ('[hours]\nmon = "9-12, 11-14"', "hours", "overlap"),
        ('[hours]\nmon = "18-10"\ntue = "9-12"', "hours", "overlap"),
        ('[hours]\nholidays = ["31 December"]', "hours.holidays", "a list of days"),
        ("[limits]\ndirect = 5", "limits.direct", "amber"),
        ("[limits]\ndirect = { amber = 9, red = 3 }", "limits.direct", "later than red"),
        ("[limits]\ndirect = { ambre = 9 }", "limits.direct.ambre", "Did you mean amber?"),
        ("[limits]\nvk.coment = { red = 9 }", "limits.vk.coment", "no such key"),
        ("[undo]\ndirect = 100000", "undo.direct", "seconds"),
        ("[undo]\nmail = 1", "undo.mail", "Did you mean email?"),
        ("[keys]\nsend = 5", "keys.send", "a key such as"),
        ("accounts = 1", "accounts", "a table"),
        ("[accounts]\ncafe = 1", "accounts.cafe", "a table"),
        ("[accounts.cafe]", "accounts.cafe.channel", "Possible here: vk."),
        ('[accounts.manual]\nchannel = "vk"', "accounts.manual", "entered by hand"),
        ('data_dir = ["a"]', "data_dir", "path of a folder"),
        ('data_dir = "~nobody-here-by-this-name/x"', "data_dir", "path of a folder"),
    ],
)
def test_a_bad_value_is_named_with_what_was_expected(
    write: Write, text: str, key: str, said: str
) -> None:
    problem = the_problem(write(text))
    assert problem.key == key
    assert said in problem.sentence
    assert problem.sentence.startswith(str(write(text)))
    assert problem.line is not None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('group_id = "7"', "expected a whole number without quotes, found text"),
        ("group_id = -7", "from 1"),
        ("group_id = 99999999999999999999", "bigger"),
        ("proxy = 5", "socks5://"),
        ('proxy = "127.0.0.1:1080"', "socks5://"),
        ('proxy = "socks5://host"', "socks5://"),
        ('proxy = "ftp://host:1"', "socks5://"),
        ('api_url = "api.vk.ru"', "https://"),
        ('api_url = "https://"', "https://"),
        ('api_url = "https://host:port"', "https://"),
        ("quiet = 1", "true or false"),
        ("label = 1", "text in quotes"),
        ('token = ""', '"env:NAME"'),
        ("token = 5", '"env:NAME"'),
        ('mark_read = "no"', "true or false"),
    ],
)
def test_options_of_a_channel_are_checked_by_their_kind(write: Write, line: str, said: str) -> None:
    name = line.partition(" ")[0]
    lines = [row for row in ACCOUNT.splitlines() if not row.startswith(name)]
    problem = the_problem(write("\n".join([*lines, line])))
    assert problem.key == f"accounts.cafe-vk.{name}"
    assert said in problem.sentence


def test_the_same_community_twice_is_a_problem_unless_one_is_switched_off(write: Write) -> None:
    second = ACCOUNT.replace("cafe-vk", "other")
    problem = the_problem(write(ACCOUNT + second))
    assert problem.key == "accounts.other.group_id"
    assert "accounts.cafe-vk" in problem.sentence
    settings = load(write(ACCOUNT + second + "enabled = false\n"), CHANNELS)
    assert [account.enabled for account in settings.accounts] == [True, False]


def test_windows_line_ends_and_a_byte_order_mark_are_fine(write: Write) -> None:
    text = ("\ufeff" + 'business = "Кафе"\n' + ACCOUNT).replace("\n", "\r\n")
    settings = load(write(text), CHANNELS)
    assert settings.business == "Кафе"
    assert settings.accounts[0].options["group_id"] == 7


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\nlanguage = ru\n", 2, "double quotes"),
        ('a = 1\nlanguage = "ru\n', 2, "not TOML"),
        ('[hours]\nпн-пт = "9-10"\n', 2, "in quotes"),
        ('[hours]\nsat,sun = "9-10"\n', 2, "in quotes"),
        ('data_dir = "C:\\Users\\anna"\n', 1, "backslash"),
        ('language = "ru"\nlanguage = "en"\n', 2, "twice"),
        ("[hours]\n[hours]\n", 2, "twice"),
        ("x = [\n", 2, "not TOML"),
        ("x = " + "[" * 5000, None, "not TOML"),
        ("x = " + "1" * 5000, None, "not TOML"),
    ],
)
def test_what_is_not_toml_is_pointed_at_in_one_sentence(
    write: Write, text: str, line: int | None, said: str
) -> None:
    problem = the_problem(write(text))
    assert said in problem.sentence
    assert "\n" not in problem.sentence
    if line:
        assert problem.line == line


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'language = "ru"\n' + 'business = "Кафе"\n'.encode("cp1251"))
    problem = the_problem(path)
    assert problem.line == 2
    assert "UTF-8" in problem.sentence


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    problem = the_problem(tmp_path / "none.toml")
    assert "config.example.toml" in problem.sentence
    assert "smm-inbox demo" in problem.sentence


def test_a_folder_and_a_huge_file_are_told_apart_from_a_config_file(tmp_path: Path) -> None:
    assert "folder" in the_problem(tmp_path).sentence
    big = tmp_path / "big"
    big.write_bytes(b"#" * 1_000_001)
    assert "too big" in the_problem(big).sentence


def test_the_data_folder_of_the_command_line_wins(write: Write, tmp_path: Path) -> None:
    settings = load(write('data_dir = "a"'), CHANNELS, tmp_path / "b")
    assert settings.data_dir == tmp_path / "b"


def test_holidays_alone_close_only_the_holidays(write: Write) -> None:
    hours = load(write('[hours]\nholidays = ["2026-12-31"]'), CHANNELS).hours
    assert not hours.is_open(datetime(2026, 12, 31, 9, tzinfo=UTC))
    assert hours.is_open(datetime(2026, 12, 30, 20, 59, tzinfo=UTC))
    assert hours.is_open(datetime(2027, 1, 1, 3, tzinfo=UTC))


@pytest.mark.parametrize("word", ["closed", "выходной", "ЗАКРЫТО", ""])
def test_a_day_can_be_closed(write: Write, word: str) -> None:
    hours = load(write(f'[hours]\nmon-sat = "9-10"\nsun = "{word}"'), CHANNELS).hours
    assert hours.week[6] == ()


def test_days_may_go_round_the_end_of_the_week(write: Write) -> None:
    hours = load(write('[hours]\nsat-mon = "00:00-24:00"'), CHANNELS).hours
    assert set(hours.week) == {5, 6, 0}


def test_hostile_text_in_the_file_reaches_no_terminal(write: Write) -> None:
    path = write('operator = "\\u001b]52;c;x\\u0007Анна\\u202e"\n')
    assert load(path, CHANNELS).operator == "]52;c;xАнна"
    problem = the_problem(write('"\\u001b[31mred" = 1\n'))
    assert "\x1b" not in problem.sentence


def test_the_check_of_keys_speaks_through_the_problems(write: Write) -> None:
    class Complaint:
        command, found, expected, hint = "reply.sent", "f5", "a command", "reply.send"

    path = write('[keys]\n"reply.sent" = "f5"\n')
    with pytest.raises(ConfigError) as caught:
        load(path, CHANNELS, check_keys=lambda _: [Complaint()])
    (problem,) = caught.value.problems
    assert (problem.key, problem.line) == ("keys.reply.sent", 2)
    assert problem.sentence.endswith("expected a command, found «f5». Did you mean reply.send?")
    with pytest.raises(ConfigError):
        remapped_keys(path, lambda _: [Complaint()])
    assert remapped_keys(path, lambda _: []) == {"reply.sent": ("f5",)}
    assert remapped_keys(path.with_name("none"), lambda _: [Complaint()]) == {}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('language = "en"', "en"),
        ('x = broken\nlanguage = "en" # c', "en"),
        ("", "ru"),
        ("language = 5", "ru"),
        ('language = "../../x"', "ru"),
    ],
)
def test_the_language_of_a_broken_file_is_known(write: Write, text: str, language: str) -> None:
    assert peek_language(write(text)) == language


def test_the_language_of_a_missing_file_is_russian(tmp_path: Path) -> None:
    assert peek_language(tmp_path / "none") == "ru"
