"""The open conversation: lines, places and scrolling without a screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.feed import MessageRow
from smm_inbox.domain.ids import MessageId, OutboxId, RemoteId
from smm_inbox.domain.message import Attachment, AttachmentKind, Direction, InState, Revision
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.domain.text import SafeText, clean
from smm_inbox.ui.safe import cells
from smm_inbox.ui.widgets.message_flow import MessageFlow
from smm_inbox.ui.widgets.message_lines import FOLD, MessageLook, message_lines
from tests.ui.inbox_desk import open_desk, running, until
from tests.ui.inbox_rows import NOW

pytestmark = pytest.mark.usefixtures("english")


def message(number: int, text: str = "Вы открыты?", **changes: object) -> MessageRow:
    row = MessageRow(
        id=MessageId(number),
        direction=Direction.IN,
        author=Contact(RemoteId("1"), SafeText("Анна")),
        operator=SafeText(""),
        text=clean(text),
        sent_at=NOW + timedelta(minutes=number),
        state=InState.ANSWERED,
        automatic=False,
        attachments=(),
        revisions=(),
        deleted_at=None,
        reply_to=SafeText(""),
        reply_to_author=SafeText(""),
        url="",
        outbox=None,
        action=None,
        not_before=None,
        reason=SafeText(""),
        reason_url="",
        mentions_us=False,
        can_edit=False,
        can_delete=False,
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def ours(number: int, state: OutState, **changes: object) -> MessageRow:
    values: dict[str, object] = {
        "direction": Direction.OUT,
        "author": None,
        "state": state,
        "outbox": OutboxId(number),
        "action": OutAction.SEND,
    }
    values.update(changes)
    return message(number, "Да", **values)


def key(command: str) -> str:
    return {"root.toggle": "v", "delivery.retry": "s", "delivery.confirm": "S"}.get(command, "?")


def text_of(row: MessageRow, *, opened: bool = False, width: int = 60) -> str:
    look = MessageLook(width, NOW, UTC, opened, key)
    lines = message_lines(row, look)
    for line in lines:
        assert cells("".join(text for text, _ in line.left)) <= max(width, 60) + 60
    return "\n".join(line.text for line in lines)


def test_every_delivery_state_has_words_of_its_own() -> None:
    waiting = ours(1, OutState.QUEUED, not_before=NOW + timedelta(seconds=3))
    assert "↗ queued 3 s" in text_of(waiting)
    assert "leaving" in text_of(ours(1, OutState.SENDING))
    assert "✓ delivered" in text_of(ours(1, OutState.SENT, outbox=None))
    failed = text_of(ours(1, OutState.FAILED, reason=SafeText("Анна закрыла сообщения.")))
    assert "✕ not sent" in failed
    assert "Анна закрыла сообщения." in failed
    assert "s send again" in failed
    assert "it did arrive" not in failed
    unsure = text_of(ours(1, OutState.AMBIGUOUS))
    assert "? being checked" in unsure
    assert "S it did arrive" in unsure


def test_marks_of_a_message_are_words() -> None:
    row = message(
        1,
        "Стало",
        state=InState.AWAITING,
        revisions=(Revision(SafeText("Было"), NOW),),
        mentions_us=True,
        reply_to=SafeText("а порция большая?"),
        reply_to_author=SafeText("Игорь"),
        attachments=(Attachment(AttachmentKind.DOCUMENT, SafeText("меню.pdf"), 1400),),
    )
    shown = text_of(row)
    for words in ("waiting", "edited 1×", "mentions us", "↩ Игорь: а порция большая?", "меню.pdf"):
        assert words in shown
    assert "Было" not in shown
    assert "Было" in text_of(row, opened=True)
    assert "deleted" in text_of(message(1, deleted_at=NOW))
    assert "automatic" in text_of(ours(1, OutState.SENT, automatic=True))


def test_an_attachment_shows_where_it_is_and_all_of_its_address_when_opened() -> None:
    address = "https://files.example/" + "long-name/" * 12 + "menu.pdf"
    file = Attachment(AttachmentKind.DOCUMENT, SafeText("меню.pdf"), 1400, url=address)
    row = message(1, attachments=(file,))
    assert "меню.pdf” 1.4 KB  files.example/" in text_of(row)
    assert address not in text_of(row).replace("\n", "")
    assert address in text_of(row, opened=True).replace(" \n", "")


def test_the_page_an_answer_waits_for_is_shown_whole() -> None:
    page = "https://id.example/not_robot?" + "token=abcdef&" * 12
    row = ours(1, OutState.FAILED, reason=SafeText("Prove it."), reason_url=page)
    assert page in text_of(row).replace("\n", "").replace(" ", "")
    assert "— open the link" in text_of(row)


def test_that_a_message_is_gone_is_seen_before_its_handle(  # a narrow pane cuts from the right
) -> None:
    author = Contact(RemoteId("1"), SafeText("Анна"), SafeText("a" * 60))
    row = message(1, author=author, mentions_us=True, deleted_at=NOW)
    head = message_lines(row, MessageLook(48, NOW, UTC, False, str))[0]
    assert "mentions us" in head.text[:40]
    assert head.right[0][0] == "deleted"
    assert "delivered" not in text_of(ours(1, OutState.SENT, deleted_at=NOW))


def test_a_long_text_is_folded_until_asked_for() -> None:
    row = message(1, "слово " * 20_000)
    folded = text_of(row)
    assert "more lines, v — show" in folded
    assert len(folded.splitlines()) < FOLD
    assert len(text_of(row, opened=True).splitlines()) > 1_000


def flow(rows: list[MessageRow], height: int = 10, width: int = 40) -> MessageFlow:
    made = MessageFlow(UTC, key)
    made.lay(tuple(rows), (width, height), False, NOW)
    return made


def seen(made: MessageFlow) -> list[int]:
    return sorted({row.id for row, _ in made.visible()})


def test_it_opens_at_the_first_message_that_waits() -> None:
    rows = [message(n, state=InState.AWAITING if n >= 6 else InState.ANSWERED) for n in range(20)]
    made = flow(rows)
    made.open_place()
    assert made.visible()[0][0].id == 6
    made = flow([message(n) for n in range(20)])
    made.open_place()
    assert 19 in seen(made)


def test_new_data_keeps_the_place() -> None:
    made = flow([message(n) for n in range(10, 30)])
    made.scroll(30)
    anchor, before = made.anchor(), made.visible()[0][0].id
    made.lay(tuple(message(n) for n in range(30)), (40, 10), False, NOW)
    made.return_to(anchor)
    assert made.visible()[0][0].id == before


def test_a_message_higher_than_the_pane_is_read_before_the_next() -> None:
    made = flow([message(1), message(2, "строка\n" * 20), message(3)], height=8)
    made.open_place()
    made.offset = 0
    made.selected = MessageId(1)
    made.step(1)
    assert made.selected == 2
    steps = 0
    while made.selected == 2 and steps < 20:
        made.step(1)
        steps += 1
    assert made.selected == 3
    assert 3 < steps < 12


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 40), max_size=12),
    st.integers(1, 14),
    st.lists(st.sampled_from(["down", "up", "page", "back", "first", "last", "grow"]), max_size=30),
)
def test_the_selected_message_stays_in_view(
    sizes: list[int], height: int, steps: list[str]
) -> None:
    rows = [message(n, "строка\n" * size) for n, size in enumerate(sizes)]
    made = flow(rows, height)
    made.open_place()
    for step in steps:
        if step in {"down", "up"}:
            made.step(1 if step == "down" else -1)
            if rows:
                assert made.selected in seen(made)
        elif step in {"page", "back"}:
            made.page(1 if step == "page" else -1)
        elif step in {"first", "last"}:
            made.pick_end(last=step == "last")
        else:
            anchor = made.anchor()
            rows = [*rows, message(1000 + len(rows))]
            made.lay(tuple(rows), (40, height), False, NOW)
            made.return_to(anchor)
        assert made.offset >= 0
        assert len(made.visible()) <= height


async def test_earlier_messages_come_when_the_top_is_reached(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", *[f"Сообщение {n} ." for n in range(130)])
        async with running(desk) as screen:
            await screen.press("enter")
            await until(lambda: len(screen.inbox.talk.messages) == 50)
            await screen.press("home")
            await until(lambda: len(screen.inbox.talk.messages) == 100)
            await screen.press("home")
            await until(lambda: len(screen.inbox.talk.messages) == 130)
            await screen.press("home")
            await screen.sees("Сообщение 0 .")


async def test_lines_broken_anew_are_painted_anew(tmp_path: Path) -> None:
    """A message found by a search is read before its pane is shown, and would stay blank."""
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Суп холодный")
        async with running(desk) as screen:
            await screen.sees("Суп холодный")
            talk = screen.inbox.talk
            painted: list[object] = []
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(talk, "refresh", lambda *regions, **_: painted.append(regions))
                talk.on_resize()
            assert painted


async def test_the_whole_post_is_a_key_away(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.comment("Мария", "Суп холодный")
        async with running(desk) as screen:
            await screen.sees("POST", "Новое меню")
            await screen.press("v")
            await screen.sees("Приходите погреться!", "https://vk.example/wall-1_1")
