"""What further networks bring: hiding, their own spam, files on demand, answers to all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from smm_inbox.channels.base import ProgressReport
from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import InboxError, Rejected, Retry, Unsupported
from smm_inbox.domain.feed import Draft, View
from smm_inbox.domain.ids import AccountId, RemoteId
from smm_inbox.domain.message import Attachment, AttachmentKind
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.domain.text import SafeText
from smm_inbox.services.attachments import file_name
from smm_inbox.services.bus import DeliveryChanged
from smm_inbox.services.composing import ReplyRefused
from tests.services.desk import CAFE, Desk, came, eventually, thread
from tests.services.network import Factory, ScriptedChannel, World

PAPER = b"menu" * 1000


class AbleChannel(ScriptedChannel):
    """A scripted network with every further power."""

    def __init__(self, account: AccountId, world: World) -> None:
        super().__init__(account, world)
        self.capabilities = replace(
            self.capabilities, hide=frozenset({Kind.COMMENT}), reply_all=False
        )
        self.hidden: list[tuple[str, bool]] = []
        self.spam: list[tuple[str, bool]] = []
        self.pause = asyncio.Event()
        self.pause.set()
        self.targets: list[Path] = []

    async def hide(self, place: Place, remote_id: RemoteId, *, hidden: bool) -> None:
        await self._play(lambda: self.hidden.append((str(remote_id), hidden)))
        self.hidden.append((str(remote_id), hidden))

    async def mark_spam(self, place: Place, *, spam: bool) -> None:
        await self._play(lambda: None)
        self.spam.append((str(place.conversation), spam))

    async def download(
        self, place: Place, remote_id: RemoteId, ref: str, target: Path, progress: ProgressReport
    ) -> Path:
        self.targets.append(target)
        progress(0, len(PAPER))
        await self.pause.wait()
        target.write_bytes(PAPER)
        return target


class AbleFactory(Factory):
    def channel(self, account: AccountId) -> ScriptedChannel:
        if account not in self.channels:
            world = self.worlds.setdefault(account, World())
            self.channels[account] = AbleChannel(account, world)
        return self.channels[account]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path, downloads_dir=tmp_path / "down")
    made.factory = AbleFactory()
    await made.open()
    yield made
    await made.close()


def able(desk: Desk) -> AbleChannel:
    channel = desk.channel()
    assert isinstance(channel, AbleChannel)
    return channel


# --- hiding ---------------------------------------------------------------------------------------


async def test_a_comment_is_hidden_and_shown_again_by_undo(desk: Desk) -> None:
    await desk.store(came("1", "Дураки!", place=thread()))
    await desk.online()
    message = await desk.message_id("1")
    [row] = await desk.shown(thread())
    assert row.can_hide
    await desk.services.moderation.hide(message, hidden=True)
    await eventually(lambda: able(desk).hidden == [("1", True)])

    async def settled() -> bool:
        return (await desk.shown(thread()))[0].hidden_at is not None

    await eventually(settled)
    # Hiding is no answer: who waits goes on waiting.
    assert await desk.awaiting(thread()) == 1
    undone = await desk.services.undo.last()
    assert undone is not None
    await eventually(lambda: able(desk).hidden == [("1", True), ("1", False)])

    async def shown() -> bool:
        return (await desk.shown(thread()))[0].hidden_at is None

    await eventually(shown)


async def test_hiding_survives_a_kill_and_a_bad_line(desk: Desk) -> None:
    await desk.store(came("1", "Дураки!", place=thread()))
    await desk.online()
    message = await desk.message_id("1")
    able(desk).outcomes.append(Retry("The line broke."))
    await desk.services.moderation.hide(message, hidden=True)

    async def tried() -> bool:
        return (await desk.shown(thread()))[0].reason == "The line broke."

    await eventually(tried)
    await desk.restart()
    desk.clock.pass_by(minutes=10)
    await desk.online()
    await eventually(lambda: able(desk).hidden == [("1", True)])


async def test_a_refused_hiding_is_seen_until_the_operator_decides(desk: Desk) -> None:
    await desk.store(came("1", "Дураки!", place=thread()))
    await desk.online()
    message = await desk.message_id("1")
    able(desk).outcomes.append(Rejected("Only the owner of the post may hide."))
    await desk.services.moderation.hide(message, hidden=True)

    async def failed() -> bool:
        return (await desk.shown(thread()))[0].action_state is OutState.FAILED

    await eventually(failed)
    [row] = await desk.shown(thread())
    assert (row.action, row.reason) == (OutAction.HIDE, "Only the owner of the post may hide.")
    assert await desk.listed(View.NOT_SENT) == [await desk.talk(thread())]
    assert row.outbox is not None
    await desk.services.unsent.retry(row.outbox)
    await eventually(lambda: able(desk).hidden == [("1", True)])


async def test_what_the_network_cannot_hide_is_not_offered(desk: Desk) -> None:
    await desk.store(came("1", "Дураки!"))
    await desk.online()
    assert not (await desk.shown())[0].can_hide
    with pytest.raises(ReplyRefused):
        await desk.services.moderation.hide(await desk.message_id("1"), hidden=True)


# --- the network's own spam -----------------------------------------------------------------------


async def test_spam_goes_to_the_network_s_spam_and_back(desk: Desk) -> None:
    await desk.store(came("1", "Купите гараж"))
    await desk.online()
    talk = await desk.talk()
    await desk.services.triage.spam([talk])
    await eventually(lambda: able(desk).spam == [("talk-maria", True)])
    await desk.services.undo.last()
    await eventually(lambda: able(desk).spam == [("talk-maria", True), ("talk-maria", False)])
    assert await desk.listed() == [talk]


async def test_spam_taken_back_before_it_moved_never_moves(desk: Desk) -> None:
    await desk.store(came("1", "Купите гараж"))
    await desk.online()
    live = desk.services.accounts.live(CAFE)
    assert live is not None
    live.ready.clear()
    talk = await desk.talk()
    await desk.services.triage.spam([talk])
    await desk.services.triage.reopen([talk])
    live.ready.set()
    assert await desk.db.one("SELECT 1 FROM outbox") is None
    assert able(desk).spam == []


@pytest.mark.parametrize("error", [Rejected("The folder is full."), Unsupported("No folder.")])
async def test_a_network_that_refuses_leaves_the_decision_alone(
    desk: Desk, error: Rejected | Unsupported
) -> None:
    await desk.store(came("1", "Купите гараж"))
    await desk.online()
    able(desk).outcomes.append(error)
    talk = await desk.talk()
    await desk.services.triage.spam([talk])

    async def gone() -> bool:
        return await desk.db.one("SELECT 1 FROM outbox") is None

    await eventually(gone)
    assert await desk.listed(View.SPAM) == [talk]
    assert await desk.listed(View.NOT_SENT) == []
    told = [e.sentence for e in desk.events if isinstance(e, DeliveryChanged) and e.sentence]
    # A network without a spam folder is no news; a refusal is.
    assert told == ([] if isinstance(error, Unsupported) else ["The folder is full."])


# --- files ----------------------------------------------------------------------------------------

FILE = Attachment(AttachmentKind.DOCUMENT, SafeText("меню.pdf"), 4000, ref="2")


async def test_a_file_is_saved_with_progress(desk: Desk) -> None:
    await desk.store(came("1", attachments=(FILE,)))
    await desk.online()
    seen: list[tuple[int, int]] = []
    message = await desk.message_id("1")
    path = await desk.services.attachments.save(message, 0, lambda *done: seen.append(done))
    assert path == desk.settings.data_dir / "down" / "меню.pdf"
    assert path.read_bytes() == PAPER
    assert seen == [(0, 4000)]


async def test_what_cannot_be_saved_is_told_in_a_sentence(desk: Desk) -> None:
    link = Attachment(AttachmentKind.PHOTO, url="https://vk.example/1.jpg")
    await desk.store(came("1", attachments=(FILE, link)))
    message = await desk.message_id("1")
    save = desk.services.attachments.save
    with pytest.raises(InboxError, match="cannot be saved from here"):
        await save(message, 1, lambda *_: None)
    await desk.online()
    live = desk.services.accounts.live(CAFE)
    assert live is not None
    live.ready.clear()
    with pytest.raises(InboxError, match="No connection"):
        await save(message, 0, lambda *_: None)
    live.ready.set()
    (desk.settings.data_dir / "down").write_text("in the way")
    with pytest.raises(InboxError, match="a file is in the way"):
        await save(message, 0, lambda *_: None)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("меню.pdf", "меню.pdf"),
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/", "document"),
        ("", "document"),
        ("...", "document"),
        (".bashrc", "bashrc"),
        ("con.txt", "_con.txt"),
        ("a:b*c?.doc", "a_b_c_.doc"),
        ("\x1b]0;x\x07\u202egnp.exe", "]0;xgnp.exe"),
        ("имя.", "имя"),
    ],
)
def test_names_of_files_lead_nowhere(name: str, shown: str) -> None:
    assert file_name(Attachment(AttachmentKind.DOCUMENT, SafeText(name))) == shown


def test_a_long_name_is_cut_before_its_ending() -> None:
    name = file_name(Attachment(AttachmentKind.DOCUMENT, SafeText("щ" * 280 + ".pdf")))
    assert name.endswith("щ.pdf")
    assert len(name.encode()) <= 200
    nameless = file_name(Attachment(AttachmentKind.PHOTO))
    assert nameless == "photo.jpg"


# --- answers to all -------------------------------------------------------------------------------

OTHERS = (
    Contact(RemoteId("petr@x"), SafeText("Пётр"), SafeText("petr@x")),
    Contact(RemoteId("boss@x"), handle=SafeText("boss@x")),
)


async def test_the_choice_of_addressees_survives_draft_queue_and_taking_back(desk: Desk) -> None:
    await desk.store(came("1", people=OTHERS))
    await desk.online()
    assert (await desk.shown())[0].people == OTHERS
    talk = await desk.talk()
    draft = Draft("Всем", ReplyKind.IN_PLACE, await desk.message_id("1"), reply_all=True)
    await desk.services.replies.save_draft(talk, draft)
    assert (await desk.card()).draft == draft
    await desk.services.replies.send(talk, draft)
    undone = await desk.services.undo.last()
    assert undone is not None
    assert undone.draft_restored
    assert (await desk.card()).draft == draft
    await desk.services.replies.send(talk, draft, undo=False)
    await eventually(lambda: len(desk.world().delivered) == 1)
    [sent] = desk.world().delivered
    assert sent.extra["reply_all"] == "1"
    # It goes to the addressees of exactly the letter on the screen.
    assert sent.reply_to == "1"


async def test_without_a_word_the_account_decides(desk: Desk) -> None:
    await desk.store(came("1", people=OTHERS))
    await desk.online()
    await desk.answer("Одной")
    await eventually(lambda: len(desk.world().delivered) == 1)
    able(desk).capabilities = replace(able(desk).capabilities, reply_all=True)
    await desk.answer("Всем")
    await eventually(lambda: len(desk.world().delivered) == 2)
    able(desk).capabilities = replace(able(desk).capabilities, reply_all=None)
    await desk.answer("Так")
    await eventually(lambda: len(desk.world().delivered) == 3)
    notes = [message.extra.get("reply_all") for message in desk.world().delivered]
    assert notes == ["0", "1", None]
