"""A business mailbox on the screen: quotes, subjects, files, answers to all, the spam folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest

from smm_inbox.channels.base import ChannelFactory
from smm_inbox.channels.email import factory
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.ids import AccountId
from smm_inbox.sandbox.mail import MailSandbox
from smm_inbox.services.container import Services
from smm_inbox.storage.database import Database
from smm_inbox.ui.app import InboxApp
from tests.channels.email.support import SystemClock, eventually, options
from tests.ui.inbox_desk import NO_WAIT, Screen, until

pytestmark = pytest.mark.usefixtures("russian")

ASK = """Здравствуйте! Сколько стоит банкет на двадцать человек?

--
Мария Иванова
+7 916 000-00-00

> Добрый день, пришлите ваши пожелания.
> С уважением, «Тёплый угол»
"""


def banquet(mail: MailSandbox) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Мария Иванова <maria@guest.example>"
    message["To"] = f"Тёплый угол <{mail.address}>, Пётр Петров <petr@guest.example>"
    message["Cc"] = "boss@guest.example"
    message["Subject"] = "Банкет в пятницу"
    message["Message-ID"] = "<1@guest.example>"
    message["Date"] = datetime.now(UTC)
    message.set_content(ASK)
    message.add_attachment(
        b"menu " * 20_000,
        maintype="application",
        subtype="pdf",
        filename="../../..\\меню:на двоих.pdf",
    )
    return message


@pytest.fixture
def mail() -> Iterator[MailSandbox]:
    with MailSandbox() as sandbox:
        sandbox.customer_writes(banquet(sandbox))
        yield sandbox


@asynccontextmanager
async def inbox(
    mail: MailSandbox, folder: Path, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Screen]:
    """The whole program over the mailbox."""
    db = await Database.open(folder / "inbox.db")
    account = AccountSettings(AccountId("mail"), "email", "Почта", options(mail))
    settings = Settings(
        data_dir=folder,
        downloads_dir=folder / "Загрузки",
        business="Тёплый угол",
        operator="Анна",
        undo=NO_WAIT,
        accounts=(account,),
    )
    services = Services(settings, db, SystemClock(), lambda _: cast("ChannelFactory", factory))
    await services.prepare()
    app = InboxApp(services)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            screen = Screen(app, pilot)
            await screen.stands_on("Мария Иванова")
            yield screen
        await services.stop()
    finally:
        await db.close()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_letter_has_its_subject_and_folds_what_is_no_news(
    mail: MailSandbox, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with inbox(mail, tmp_path, size) as screen:
        await screen.sees("Банкет в пятницу — Здравст")
        await screen.press("enter")
        await screen.sees(" Банкет в пятницу", "maria@guest.example", "▸ цитата и подпись, ")
        assert "916" not in screen.text
        await screen.press("enter")
        await screen.sees("▾ цитата и подпись", "+7 916 000-00-00", "> Добрый день")
        await screen.press("щ")
        await screen.sees("▸ цитата и подпись, ")
        assert "916" not in screen.text


async def test_a_file_is_saved_under_a_name_that_leads_nowhere(
    mail: MailSandbox, tmp_path: Path
) -> None:
    async with inbox(mail, tmp_path) as screen:
        await screen.press("enter")
        await screen.sees("меню")
        await screen.press("p")
        folder = tmp_path / "Загрузки"
        await until(lambda: folder.exists() and len(list(folder.glob("*.pdf"))) == 1)
        await screen.sees("Сохранено: ")
        [saved] = folder.iterdir()
        assert saved.read_bytes() == b"menu " * 20_000
        await until(lambda: screen.inbox.cancel_saving() is False)
        await screen.press("p")
        await until(lambda: len(list(folder.glob("*.pdf"))) == 2)
    assert {path.parent for path in tmp_path.rglob("*.pdf")} == {folder}


async def test_before_an_answer_to_all_every_address_is_read(
    mail: MailSandbox, tmp_path: Path
) -> None:
    async with inbox(mail, tmp_path) as screen:
        await screen.press("r")
        await screen.sees("Кому: Мария Иванова <maria", "без ещё 2 адресатов")
        await screen.press("ctrl+t")
        await screen.sees("Всем (3)", "Пётр Петров <petr@guest.example>", "boss@guest.example")
        await screen.write("Да")
        await screen.press("escape", "r")
        await screen.sees("Всем (3)")
        await screen.press("ctrl+s")
        await eventually(lambda: len(mail.sent) == 1)
        everybody = {"maria@guest.example", "petr@guest.example", "boss@guest.example"}
        assert set(mail.sent[0].recipients) == everybody
        await screen.press("g", "i")
        await screen.stands_on("Мария Иванова")
        await screen.press("r")
        await screen.sees("без ещё 2 адресатов")
        await screen.write("И ещё")
        await screen.press("ctrl+s")
        await eventually(lambda: len(mail.sent) == 2)
        assert mail.sent[1].recipients == ("maria@guest.example",)


async def test_spam_moves_to_the_mailbox_s_own_folder_and_comes_back(
    mail: MailSandbox, tmp_path: Path
) -> None:
    async with inbox(mail, tmp_path) as screen:
        await screen.press("exclamation_mark")
        await eventually(lambda: len(mail.letters(r"\Junk")) == 1)
        assert mail.letters() == []
        await screen.press("z")
        await eventually(lambda: len(mail.letters()) == 1)
        assert mail.letters(r"\Junk") == []
        await screen.stands_on("Мария Иванова")
