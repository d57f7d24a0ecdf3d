"""The scene a mailbox is built for: four letters, two customers, a line that breaks twice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from sqlite3 import Row

import pytest

from smm_inbox.bootstrap import open_services
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.channel import HealthState, ReplyKind
from smm_inbox.domain.feed import Draft, MessageRow
from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.sandbox.mail.demo import DemoMail, demo_mail
from smm_inbox.sandbox.mail.model import Stored
from smm_inbox.services.container import Services

pytestmark = pytest.mark.e2e

POST = AccountId("demo-mail")
NINA, OLGA, KIRILL = "polozova.na@tula-mail.example", "o.mironova@sevveter.example", "demin.kirill@pochta.example"  # fmt: skip # noqa: E501
ANSWERS = {
    NINA: "Нина Аркадьевна, ждём вас в четверг в два. Обед 450 рублей на человека.",
    OLGA: "Ольга, 18 декабря весь зал за вами. Договор пришлём сегодня.",
    KIRILL: "Кирилл, банкет в субботу возможен, пандус есть.",
}
DEADLINE = 60.0


@pytest.fixture
def demo() -> Iterator[DemoMail]:
    # Nobody else writes during the scene. Letters carry whole seconds: a reply takes some.
    with demo_mail(pace=3600, thinking=3) as running:
        yield running


async def eventually(what: Callable[[], Awaitable[object]], tell: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while not await what():
        assert time.monotonic() < deadline, f"never came true: {tell}"
        await asyncio.sleep(0.05)


def engine(demo: DemoMail, folder: Path) -> Settings:
    account = AccountSettings(id=POST, channel="email", title="Почта", options=demo.config)
    return Settings(data_dir=folder, operator="Анна", accounts=(account,))


async def online(services: Services) -> bool:
    return all(one.health.state is HealthState.ONLINE for one in services.accounts.list())


class Scene:
    """What the operator sees, in short words."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def talk(self, address: str) -> Row:
        """The newest conversation with somebody."""
        row = await self._services.db.one(
            "SELECT c.* FROM conversations c JOIN contacts p ON p.id = c.contact_id "
            "WHERE p.remote_id = ? ORDER BY c.last_at DESC LIMIT 1",
            (address,),
        )
        assert row is not None, address
        return row

    async def messages(self, address: str) -> list[MessageRow]:
        talk = ConversationId((await self.talk(address))["id"])
        return list((await self._services.feed.messages(talk)).messages)

    async def answer(self, address: str, text: str) -> None:
        talk = ConversationId((await self.talk(address))["id"])
        draft = Draft(text, ReplyKind.IN_PLACE, None)
        await self._services.replies.send(talk, draft, undo=False)

    async def nothing_is_on_its_way(self) -> bool:
        left = await self._services.db.all("SELECT 1 FROM outbox WHERE state <> 'failed'")
        return not left

    async def wrote_back(self, address: str) -> bool:
        return str((await self.messages(address))[-1].direction) == "in"


def read(raw: bytes) -> EmailMessage:
    made = message_from_bytes(raw, policy=policy.default)
    assert isinstance(made, EmailMessage)
    return made


def words(raw: bytes) -> str:
    part = read(raw).get_body(("plain",))
    return "" if part is None else str(part.get_content())


def asked(demo: DemoMail, subject: str) -> Stored:
    """The newest letter of the inbox under this subject."""
    found = [item for item in demo.mail.letters() if subject in str(read(item.raw)["Subject"])]
    return found[-1]


async def test_the_scene(demo: DemoMail, tmp_path: Path) -> None:
    letters = {
        NINA: asked(demo, "дне рождения"),
        OLGA: asked(demo, "Новогодний вечер"),
        KIRILL: asked(demo, "Заявка с сайта"),
    }
    settings = engine(demo, tmp_path)
    async with open_services(settings) as services:
        scene = Scene(services)
        await services.start()
        await eventually(lambda: online(services), "the mailbox is read")
        await all_four_are_here(scene)
        demo.mail.drop_all()  # the first cut: while the program waits for news
        cut = demo.mail.faults.add("smtp:data", "drop")  # the second: in the middle of an answer
        for address, text in ANSWERS.items():
            await scene.answer(address, text)
        await eventually(scene.nothing_is_on_its_way, "every answer left")
        for address in ANSWERS:
            await eventually(lambda a=address: scene.wrote_back(a), f"{address} writes back")  # type: ignore[misc]
        await eventually(lambda: online(services), "the mailbox is read again")
        for address, letter in letters.items():
            await answered_in_the_thread(scene, demo, address, letter)
    assert cut.hits == 1
    once_each(demo)
    async with open_services(settings) as services:  # and the next morning
        before = await services.db.all("SELECT id, state FROM messages")
        await services.start()
        await eventually(lambda: online(services), "the mailbox is read")
        after = await services.db.all("SELECT id, state FROM messages")
        assert [tuple(row) for row in after] == [tuple(row) for row in before]
    once_each(demo)


async def all_four_are_here(scene: Scene) -> None:
    nina = await scene.messages(NINA)
    assert "совет ветеранов Заречного района" in nina[-1].text
    assert (await scene.talk(NINA))["awaiting"] == 1

    olga = await scene.messages(OLGA)
    assert [str(m.direction) for m in olga] == ["in", "out", "in"]
    assert olga[-1].text.startswith("Анна, добрый день!")
    assert "Депозит 2 500" not in olga[-1].text  # eighty lines of quotes are folded
    assert olga[-1].folded.count("Отправлено: ") == 3
    assert (await scene.talk(OLGA))["awaiting"] == 1

    kirill = await scene.messages(KIRILL)
    assert "Есть ли пандус?" in kirill[-1].text
    assert kirill[-1].author is not None
    assert kirill[-1].author.name == "Кирилл Дёмин"

    ignat = await scene.messages("ignat.petrov@gmial.example")
    assert [m.automatic for m in ignat] == [False, True]
    assert str(ignat[0].state) == "failed"
    assert "ignat.petrov@gmial.example" in ignat[0].reason
    row = await scene.talk("ignat.petrov@gmial.example")
    assert (row["awaiting"], row["unsent"]) == (0, 1)


async def answered_in_the_thread(
    scene: Scene, demo: DemoMail, address: str, letter: Stored
) -> None:
    [left] = [item for item in demo.mail.sent if ANSWERS[address] in words(item.raw)]
    assert left.recipients == (address,)
    assert left.header("In-Reply-To") == letter.header("Message-ID")
    assert letter.header("Message-ID") in left.header("References")
    subject = str(read(letter.raw)["Subject"])
    said = str(read(left.raw)["Subject"])
    assert said.casefold() == f"re: {subject.removeprefix('RE: ')}".casefold()
    assert r"\Answered" in letter.flags
    shown = await scene.messages(address)
    mine = [m for m in shown if m.text == ANSWERS[address]]
    assert [str(m.state) for m in mine] == ["sent"]
    assert shown[-1].sent_at >= mine[0].sent_at  # the customer's reply stands below it
    assert str(shown[-1].direction) == "in"


def once_each(demo: DemoMail) -> None:
    """Every answer reached its customer once, and the sent folder holds it once."""
    for where in (demo.mail.sent, demo.mail.letters(r"\Sent")):
        found = Counter(
            address
            for item in where
            for address, text in ANSWERS.items()
            if text in words(item.raw)
        )
        assert found == dict.fromkeys(ANSWERS, 1)
