"""Hiding, windows and slow files on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smm_inbox.channels.base import ChannelContext, ProgressReport
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import Rejected
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Attachment, AttachmentKind, Batch, WriteAccess
from smm_inbox.domain.text import SafeText
from tests.ui import inbox_desk
from tests.ui.inbox_desk import NO_WAIT, VK, Desk, PaperChannel, PaperFactory, Screen, until

pytestmark = pytest.mark.usefixtures("english")


class AbleChannel(PaperChannel):
    """A paper network that hides comments and has files, slow ones."""

    capabilities = replace(PaperChannel.capabilities, hide=frozenset({Kind.COMMENT}))

    def __init__(self, context: ChannelContext) -> None:
        super().__init__(context)
        self.hidden: list[bool] = []
        self.refuse_hiding = ""
        self.cancelled = 0

    async def hide(self, place: Place, remote_id: RemoteId, *, hidden: bool) -> None:
        if self.refuse_hiding:
            raise Rejected(self.refuse_hiding)
        self.hidden.append(hidden)

    async def download(
        self, place: Place, remote_id: RemoteId, ref: str, target: Path, progress: ProgressReport
    ) -> Path:
        try:
            progress(1_200_000, 4_000_000)
            if ref == "slow":
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        target.write_bytes(b"menu")
        return target


class AbleFactory(PaperFactory):
    def create(self, context: ChannelContext) -> PaperChannel:
        self.made.append(AbleChannel(context))
        return self.made[-1]


@pytest.fixture(autouse=True)
def _able(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_desk, "PaperFactory", AbleFactory)


def able(desk: Desk) -> AbleChannel:
    assert isinstance(desk.network, AbleChannel)
    return desk.network


@asynccontextmanager
async def opened(desk: Desk, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Screen]:
    """The first conversation is open and its account connected."""
    async with inbox_desk.running(desk, size) as screen:
        await screen.press("enter")
        await until(lambda: bool(desk.services.accounts.channel_of(VK)))
        yield screen


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_rude_comment_is_hidden_shown_and_never_called_deleted(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with inbox_desk.open_desk(tmp_path) as desk:
        await desk.comment("Мария", "Дураки!")
        async with opened(desk, size) as screen:
            await until(lambda: screen.inbox.can_change("message_hide"))
            await screen.press("H")
            await until(lambda: able(desk).hidden == [True])
            await screen.sees("hidden from everybody")
            assert "delete" not in screen.text.lower()
            await screen.press("z")
            await until(lambda: able(desk).hidden == [True, False])
            await until(lambda: "hidden from everybody" not in screen.text)


async def test_a_refused_hiding_says_that_everybody_still_sees_it(tmp_path: Path) -> None:
    async with inbox_desk.open_desk(tmp_path) as desk:
        await desk.comment("Мария", "Дураки!")
        async with opened(desk) as screen:
            able(desk).refuse_hiding = "Only the owner may hide."
            await until(lambda: screen.inbox.can_change("message_hide"))
            await screen.press("H")
            await screen.sees("not hidden: everybody still sees it", "Only the owner", "send again")
            able(desk).refuse_hiding = ""
            await screen.press("s")
            await until(lambda: able(desk).hidden == [True])


async def test_a_private_message_cannot_be_hidden(tmp_path: Path) -> None:
    async with inbox_desk.open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Дураки!")
        async with opened(desk) as screen:
            await until(lambda: screen.inbox.talk.selected is not None)
            assert not screen.inbox.can_change("message_hide")
            await screen.press("H")
            assert able(desk).hidden == []


async def _with_files(desk: Desk, *files: Attachment) -> None:
    person = desk._person("Анна")
    place = Place(Kind.DIRECT, person.remote_id, contact=person.remote_id)
    await desk._store(person, place, ("Вот",), 5, files)


SLOW = Attachment(AttachmentKind.DOCUMENT, SafeText("видео.mov"), 4_000_000, ref="slow")
QUICK = Attachment(AttachmentKind.DOCUMENT, SafeText("меню.pdf"), 4_000_000, ref="quick")
LINK = Attachment(AttachmentKind.PHOTO, url="https://vk.example/1.jpg")


@pytest.mark.parametrize("key", ["escape", "z"])
async def test_saving_shows_how_far_it_is_and_can_be_stopped(tmp_path: Path, key: str) -> None:
    async with inbox_desk.open_desk(tmp_path, downloads_dir=tmp_path / "down") as desk:
        await _with_files(desk, SLOW)
        async with opened(desk, (80, 24)) as screen:
            await until(screen.inbox.can_fetch)
            await screen.press("p")
            await screen.sees("Saving “видео.mov”: 1.2 MB of 4 MB · Esc — cancel")
            await screen.press(key)
            await screen.sees("Not saved: cancelled.")
            assert able(desk).cancelled == 1
            # The key did nothing else.
            assert screen.inbox.talk.has_focus
            assert list((tmp_path / "down").iterdir()) == []


async def test_of_several_attachments_one_is_chosen_or_all_are_saved(tmp_path: Path) -> None:
    async with inbox_desk.open_desk(tmp_path, downloads_dir=tmp_path / "down") as desk:
        await _with_files(desk, QUICK, LINK, replace(QUICK, name=SafeText("карта.pdf")))
        async with opened(desk) as screen:
            await until(screen.inbox.can_fetch)
            await screen.press("p")
            await screen.sees("меню.pdf", "open in the browser", "Save all: 2")
            await screen.press("down", "down", "down", "enter")
            await screen.sees("Saved: 2 files in")
            names = sorted(path.name for path in (tmp_path / "down").iterdir())
            assert names == ["карта.pdf", "меню.pdf"]


async def test_a_link_alone_is_opened_and_never_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_pages: list[str] = []

    async def browse(url: str) -> bool:
        opened_pages.append(url)
        return True

    monkeypatch.setattr("smm_inbox.ui.outside.browse", browse)
    async with inbox_desk.open_desk(tmp_path, downloads_dir=tmp_path / "down") as desk:
        await _with_files(desk, LINK, Attachment(AttachmentKind.DOCUMENT, url="file:///etc/passwd"))
        async with opened(desk) as screen:
            await until(screen.inbox.can_fetch)
            await screen.press("p")
            await until(lambda: opened_pages == ["https://vk.example/1.jpg"])
            assert not (tmp_path / "down").exists()


async def test_the_composer_closes_with_its_reason_when_the_window_is_over(tmp_path: Path) -> None:
    async with inbox_desk.open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Анна", "А торт?")
        person = desk._person("Анна")
        until_when = desk.clock.now() + timedelta(minutes=30)
        access = WriteAccess(Kind.DIRECT, person.remote_id, SafeText(""), until_when)
        await desk.services.ingest.store(VK, Batch(access=(access,)))
        async with opened(desk, (120, 36)) as screen:
            await screen.sees("window 29 m", "answers until")
            await screen.press("r")
            await screen.write("Есть")
            desk.clock.ahead = timedelta(minutes=31)
            await screen.sees("✕ The network's time for an answer is over", "window closed")
            await screen.write("!")
            assert screen.inbox.composer.area.text == "Есть"
            await screen.press("ctrl+s")
            assert desk.network.sent == []
