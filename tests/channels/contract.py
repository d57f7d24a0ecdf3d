"""The promises of the port: one suite that every channel passes over its own sandbox network.

A channel's test module makes a subclass of ``ChannelContract`` with a fixture ``bed``.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

import pytest

from smm_inbox.channels.base import (
    Channel,
    SupportsDelete,
    SupportsEdit,
    SupportsHide,
    SupportsMarkRead,
    SupportsPrivateReply,
    SupportsReact,
    SupportsTyping,
)
from smm_inbox.domain.channel import Capabilities, ReplyKind
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import (
    Ambiguous,
    AuthExpired,
    ChannelError,
    Retry,
    Unsupported,
)
from smm_inbox.domain.ids import Cursor, Token
from smm_inbox.domain.message import Batch, Direction, NetworkMessage, Outgoing, SendReceipt
from smm_inbox.domain.text import SafeText, clean
from tests.ui.hostile import HOSTILE, is_harmless

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds until something that must happen counts as not happening."""
AT_ONCE = 3.0
"""The promise is one second; a loaded machine gets more."""


class Trouble(StrEnum):
    """What a bed can do to its network."""

    REFUSE = "refuse"
    """The next answer is broken off before it has effect."""
    LOSE = "lose"
    """The next answer has effect, and the network's word for it is lost."""
    HANG_AFTER = "hang_after"
    """The next answer has effect, and the network never says a word."""
    SILENT = "silent"
    """Nothing is answered any more."""
    BROKEN = "broken"
    """Every connection is broken off."""
    NONSENSE = "nonsense"
    """Something else answers in the network's place."""
    LOCKED_OUT = "locked_out"
    """The credentials are not accepted any more."""


class ChannelBed(Protocol):
    """A sandbox network with one account, for one test. Its calls return at once."""

    secrets: frozenset[str]
    """What must not be seen anywhere: tokens, passwords."""

    def make(self) -> Channel:
        """A fresh channel of the account, as after a restart; touches no network."""
        ...

    def writes(self, text: str, customer: int = 0) -> object:
        """A customer writes in private. Returns what ``edits`` and ``deletes`` take."""
        ...

    def comes_hostile(self, text: str) -> None:
        """A customer with ``text`` for a name, handle and file name writes ``text``."""
        ...

    def edits(self, written: object, text: str) -> bool:
        """The customer changes the text; ``False`` when the network has no such thing."""
        ...

    def deletes(self, written: object) -> bool:
        """The customer takes it away; ``False`` when the network tells nobody."""
        ...

    def repeats(self) -> bool:
        """The network delivers its last news once more; ``False`` when it never does."""
        ...

    def delivered(self) -> list[str]:
        """Texts that reached customers in our name, in order."""
        ...

    def trouble(self, what: Trouble) -> None:
        """Let something go wrong."""
        ...

    def mend(self) -> None:
        """Everything works again."""
        ...


class Reading:
    """Reads a channel as the engine does: each batch with its cursor, known messages swallowed."""

    def __init__(self, channel: Channel, cursor: Cursor | None = None) -> None:
        self.batches: list[Batch] = []
        self.cursor = cursor
        self._updates = channel.updates(cursor)

    @property
    def messages(self) -> dict[tuple[Kind, str], NetworkMessage]:
        """What came, each once: the first telling counts."""
        found: dict[tuple[Kind, str], NetworkMessage] = {}
        for batch in self.batches:
            for message in batch.messages:
                found.setdefault((message.place.kind, message.remote_id), message)
        return found

    @property
    def texts(self) -> list[str]:
        """Texts of customers' messages, in order of time."""
        inbound = [m for m in self.messages.values() if m.direction is Direction.IN]
        return [m.text for m in sorted(inbound, key=lambda m: m.sent_at)]

    async def until(self, done: Callable[[], object]) -> None:
        """Read batches until ``done``."""
        async with asyncio.timeout(PATIENCE):
            while not done():
                batch = await anext(self._updates)
                self.batches.append(batch)
                self.cursor = batch.cursor or self.cursor

    async def caught_up(self) -> None:
        """Read the catch-up."""
        await self.until(lambda: any(batch.caught_up for batch in self.batches))

    async def close(self) -> None:
        """Stop reading."""
        closing = getattr(self._updates, "aclose", None)
        if closing is not None:
            await closing()


@asynccontextmanager
async def reading(channel: Channel, cursor: Cursor | None = None) -> AsyncIterator[Reading]:
    """Read until the block ends."""
    made = Reading(channel, cursor)
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def connected(bed: ChannelBed) -> AsyncIterator[Channel]:
    """A channel that is connected, closed at the end of the block."""
    channel = bed.make()
    try:
        await channel.connect()
        yield channel
    finally:
        await channel.close()


async def a_question(bed: ChannelBed, channel: Channel, text: str = "Вы открыты?") -> Outgoing:
    """A customer's question has come; an answer to it, not sent yet."""
    bed.writes(text)
    async with reading(channel) as read:
        await read.until(lambda: text in read.texts)
        question = next(m for m in read.messages.values() if m.text == text)
    return Outgoing(
        place=question.place,
        text=SafeText("Да, до девяти вечера"),
        token=Token("1234567"),
        reply_to=question.remote_id,
        addressee=question.author,
        first_attempt_at=datetime.now(UTC),
    )


async def found(channel: Channel, answer: Outgoing) -> SendReceipt | None:
    """``find_sent``, repeated and connected anew while the network is only slow to tell."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await channel.find_sent(answer)
            except Retry:
                await asyncio.sleep(0.05)
                await channel.connect()


class ChannelContract:
    """What the engine relies on."""

    @pytest.fixture
    def bed(self) -> Iterator[ChannelBed]:
        """The network; every channel brings its own."""
        raise NotImplementedError

    # --- what it can do ---------------------------------------------------------------------------

    async def test_capabilities_are_declared_exactly_when_implemented(
        self, bed: ChannelBed
    ) -> None:
        async with connected(bed) as channel:
            caps = channel.capabilities
            powers = {
                "edit": (bool(caps.edit), SupportsEdit),
                "delete": (bool(caps.delete_own or caps.delete_theirs), SupportsDelete),
                "hide": (bool(caps.hide), SupportsHide),
                "react": (bool(caps.react), SupportsReact),
                "mark_read": (caps.mark_read, SupportsMarkRead),
                "typing": (caps.typing, SupportsTyping),
                "private": (_offers_private(caps), SupportsPrivateReply),
            }
            declared = {name for name, (has, _) in powers.items() if has}
            implemented = {
                name for name, (_, power) in powers.items() if isinstance(channel, power)
            }
            assert declared == implemented

    async def test_capabilities_are_whole(self, bed: ChannelBed) -> None:
        async with connected(bed) as channel:
            caps = channel.capabilities
            assert set(caps.reply_kinds) <= caps.kinds
            for kind, ways in caps.reply_kinds.items():
                if ReplyKind.IN_PLACE in ways:
                    assert caps.max_text[kind] > 0
                if ReplyKind.PRIVATE in ways:
                    assert caps.max_text[Kind.DIRECT] > 0
            assert caps.splits <= set(caps.max_text)
            assert not caps.upload or caps.max_file_size > 0
            for limit in channel.limitations:
                assert limit.action
                assert limit.sentence == clean(limit.sentence) != ""

    async def test_making_a_channel_touches_no_network(self, bed: ChannelBed) -> None:
        bed.trouble(Trouble.BROKEN)
        channel = bed.make()
        assert channel.capabilities is not None
        await channel.close()

    async def test_we_learn_who_we_are(self, bed: ChannelBed) -> None:
        async with connected(bed) as channel:
            again = await channel.connect()
            assert again.remote_id
            assert again == await channel.connect()

    # --- reading ----------------------------------------------------------------------------------

    async def test_what_waits_is_read_first_and_then_it_is_live(self, bed: ChannelBed) -> None:
        bed.writes("Первый", customer=0)
        bed.writes("Второй", customer=1)
        async with connected(bed) as channel, reading(channel) as read:
            await read.caught_up()
            assert sorted(read.texts) == ["Второй", "Первый"]
            bed.writes("Третий")
            await read.until(lambda: "Третий" in read.texts)
        assert read.cursor

    async def test_a_cursor_goes_on_where_it_stopped(self, bed: ChannelBed) -> None:
        bed.writes("До")
        async with connected(bed) as channel, reading(channel) as read:
            await read.caught_up()
        bed.writes("Пока никого не было")
        async with connected(bed) as channel, reading(channel, read.cursor) as after:
            await after.until(lambda: "Пока никого не было" in after.texts)
            await after.caught_up()
        assert set(after.texts) <= {"До", "Пока никого не было"}

    async def test_a_reading_that_is_broken_off_loses_nothing(self, bed: ChannelBed) -> None:
        for number in range(5):
            bed.writes(f"Вопрос {number}", customer=number % 2)
        async with connected(bed) as channel, reading(channel) as read:
            await read.until(lambda: read.batches)  # a kill after the first batch
        async with connected(bed) as channel, reading(channel, read.cursor) as after:
            await after.caught_up()
        assert {*read.texts, *after.texts} == {f"Вопрос {number}" for number in range(5)}

    async def test_the_same_message_has_the_same_name_however_it_comes(
        self, bed: ChannelBed
    ) -> None:
        bed.writes("Раз")
        async with connected(bed) as channel, reading(channel) as live:
            await live.caught_up()
            bed.writes("Два")
            await live.until(lambda: "Два" in live.texts)
            if bed.repeats():
                bed.writes("Три")
                await live.until(lambda: "Три" in live.texts)
        async with connected(bed) as channel, reading(channel) as fresh:
            await fresh.until(lambda: set(live.texts) <= set(fresh.texts))
        assert len(live.texts) == len(set(live.texts))
        assert _names(live) == _names(fresh)

    async def test_edits_and_deletions_name_the_message(self, bed: ChannelBed) -> None:
        async with connected(bed) as channel, reading(channel) as read:
            await read.caught_up()
            first, second = bed.writes("Опечатка"), bed.writes("Лишнее", customer=1)
            await read.until(lambda: {"Опечатка", "Лишнее"} <= set(read.texts))
            names = {str(m.text): m.remote_id for m in read.messages.values()}
            if bed.edits(first, "Исправлено"):
                await read.until(lambda: any(batch.edits for batch in read.batches))
                (edit,) = [edit for batch in read.batches for edit in batch.edits][-1:]
                assert (edit.remote_id, edit.text) == (names["Опечатка"], "Исправлено")
            if bed.deletes(second):
                await read.until(lambda: any(batch.removals for batch in read.batches))
                (gone,) = [gone for batch in read.batches for gone in batch.removals][-1:]
                assert (gone.remote_id, gone.restored) == (names["Лишнее"], False)

    async def test_an_unusable_cursor_is_a_first_start(self, bed: ChannelBed) -> None:
        bed.writes("Вы открыты?")
        async with connected(bed) as channel, reading(channel, Cursor("{[ничего")) as read:
            await read.until(lambda: "Вы открыты?" in read.texts)

    @pytest.mark.parametrize("trick", sorted(HOSTILE))
    async def test_nothing_unsafe_comes_out(self, bed: ChannelBed, trick: str) -> None:
        bed.comes_hostile(HOSTILE[trick])
        bed.writes("Конец", customer=1)
        async with connected(bed) as channel, reading(channel) as read:
            await read.until(lambda: "Конец" in read.texts)
            await read.caught_up()
        for batch in read.batches:
            for part in _strings(batch):
                assert is_harmless(part.replace("\n", "").replace("\t", "")), repr(part[:200])
        assert len(read.texts) == 2

    async def test_times_are_aware_and_true(self, bed: ChannelBed) -> None:
        bed.writes("Вы открыты?")
        async with connected(bed) as channel, reading(channel) as read:
            await read.until(lambda: read.texts)
        for batch in read.batches:
            for moment in _values(batch, datetime):
                assert moment.utcoffset() == timedelta()
        (message,) = read.messages.values()
        assert abs(datetime.now(UTC) - message.sent_at) < timedelta(minutes=2)

    # --- sending ----------------------------------------------------------------------------------

    async def test_an_answer_arrives_and_has_a_name(self, bed: ChannelBed) -> None:
        async with connected(bed) as channel:
            answer = await a_question(bed, channel)
            receipt = await channel.send(answer)
            assert bed.delivered() == [answer.text]
            assert await found(channel, answer) is not None
            async with reading(channel) as read:
                await read.until(lambda: _ours(read))
            (echo,) = _ours(read)
            assert echo.text == answer.text
            assert echo.place.conversation == answer.place.conversation
            assert echo.remote_id == receipt.remote_id or echo.token == answer.token

    async def test_a_repeated_token_is_swallowed(self, bed: ChannelBed) -> None:
        async with connected(bed) as channel:
            if not channel.capabilities.idempotent_send:
                pytest.skip("this network does not know tokens: find_sent stands in")
            answer = await a_question(bed, channel)
            first = await channel.send(answer)
            assert await channel.send(answer) == first
            other = dataclasses.replace(answer, token=Token("7654321"))
            assert (await channel.send(other)).remote_id != first.remote_id
        assert bed.delivered() == [answer.text] * 2

    @pytest.mark.parametrize("restart", [False, True])
    async def test_a_lost_word_of_the_network_is_a_doubt_that_can_be_cleared(
        self, bed: ChannelBed, restart: bool
    ) -> None:
        async with connected(bed) as channel:
            answer = await a_question(bed, channel)
            bed.trouble(Trouble.LOSE)
            with pytest.raises(Ambiguous):
                await channel.send(answer)
            bed.mend()
            if not restart:
                await self._clear(bed, channel, answer)
        if restart:
            async with connected(bed) as channel:
                await self._clear(bed, channel, answer)

    async def test_killed_while_the_network_is_silent_it_is_found(self, bed: ChannelBed) -> None:
        async with connected(bed) as channel:
            answer = await a_question(bed, channel)
            bed.trouble(Trouble.HANG_AFTER)
            sending = asyncio.create_task(channel.send(answer))
            await _eventually(bed.delivered)
            await _cancelled(sending)
        bed.mend()
        async with connected(bed) as channel:
            await self._clear(bed, channel, answer)

    async def _clear(self, bed: ChannelBed, channel: Channel, answer: Outgoing) -> None:
        assert await found(channel, answer) is not None
        if channel.capabilities.idempotent_send:
            await channel.send(answer)
        assert bed.delivered() == [answer.text]

    async def test_what_did_not_arrive_is_sent_once_more(self, bed: ChannelBed) -> None:
        async with connected(bed) as channel:
            answer = await a_question(bed, channel)
            bed.trouble(Trouble.REFUSE)
            with pytest.raises((Ambiguous, Retry)):
                await channel.send(answer)
            bed.mend()
            assert bed.delivered() == []
            with suppress(Unsupported):
                assert await found(channel, answer) is None
            await channel.send(answer)
        assert bed.delivered() == [answer.text]

    async def test_somebody_elses_words_are_not_ours(self, bed: ChannelBed) -> None:
        """A customer who quotes our very answer does not make it sent."""
        async with connected(bed) as channel:
            answer = await a_question(bed, channel)
            bed.writes(str(answer.text))
            with suppress(Unsupported):
                assert await found(channel, answer) is None

    async def test_a_text_of_full_length_arrives_whole(self, bed: ChannelBed) -> None:
        async with connected(bed) as channel:
            answer = await a_question(bed, channel)
            length = min(channel.capabilities.max_text[Kind.DIRECT], 20_000)
            text = ("слово " * length)[: length - 1] + "!"
            await channel.send(dataclasses.replace(answer, text=SafeText(text)))
        assert [len(sent) for sent in bed.delivered()] == [length]

    # --- trouble ----------------------------------------------------------------------------------

    @pytest.mark.parametrize("what", [Trouble.BROKEN, Trouble.NONSENSE, Trouble.LOCKED_OUT])
    async def test_every_failure_is_named_by_its_remedy_and_keeps_secrets(
        self, bed: ChannelBed, what: Trouble, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        async with connected(bed) as channel, reading(channel) as read:
            answer = await a_question(bed, channel)
            await read.caught_up()
            bed.trouble(what)
            failures = [
                await _failure(channel.connect()),
                await _failure(channel.send(answer)),
                await _failure(read.until(lambda: False)),
            ]
            if _remembers(bed):
                assert await channel.find_sent(answer) is None
            else:
                failures.append(await _failure(channel.find_sent(answer)))
        if what is Trouble.LOCKED_OUT:
            assert isinstance(failures[0], AuthExpired)
        assert bed.delivered() == []
        for failure in failures:
            assert failure.sentence == clean(failure.sentence) != ""
            _tells_no_secret(bed, *_chain(failure))
        _tells_no_secret(bed, caplog.text, repr(channel), repr(channel.limitations))
        for record in caplog.records:
            _tells_no_secret(bed, repr(record.__dict__))

    async def test_it_recovers_without_being_made_anew(self, bed: ChannelBed) -> None:
        async with connected(bed) as channel:
            answer = await a_question(bed, channel)
            bed.trouble(Trouble.BROKEN)
            await _failure(channel.connect())
            bed.mend()
            await channel.connect()
            bed.writes("Снова на связи?")
            async with reading(channel) as read:
                await read.until(lambda: "Снова на связи?" in read.texts)
            await channel.send(answer)
        assert bed.delivered() == [answer.text]

    async def test_everything_can_be_cancelled_while_the_network_is_silent(
        self, bed: ChannelBed
    ) -> None:
        async with connected(bed) as channel:
            answer = await a_question(bed, channel)
            async with reading(channel) as read:
                await read.caught_up()
                bed.trouble(Trouble.SILENT)
                for work in _everything(bed, channel, answer, read):
                    task = asyncio.ensure_future(work)
                    await asyncio.sleep(0.05)
                    await _cancelled(task)

    async def test_closing_does_not_wait_for_a_silent_network(self, bed: ChannelBed) -> None:
        channel = bed.make()
        await channel.connect()
        answer = await a_question(bed, channel)
        read = Reading(channel)
        await read.caught_up()
        bed.trouble(Trouble.SILENT)
        tasks = [asyncio.ensure_future(work) for work in _everything(bed, channel, answer, read)]
        await asyncio.sleep(0.05)
        began = time.monotonic()
        await channel.close()
        await channel.close()
        assert time.monotonic() - began < AT_ONCE
        _, hanging = await asyncio.wait(tasks, timeout=AT_ONCE)
        for task in hanging:
            await _cancelled(task)
        for task in set(tasks) - hanging:
            assert isinstance(task.exception(), ChannelError | StopAsyncIteration | None)

    async def test_a_channel_that_never_connected_can_be_closed(self, bed: ChannelBed) -> None:
        channel = bed.make()
        await channel.close()
        await channel.close()


# --- helpers --------------------------------------------------------------------------------------


def _offers_private(caps: Capabilities) -> bool:
    return any(ReplyKind.PRIVATE in ways for ways in caps.reply_kinds.values())


def _ours(read: Reading) -> list[NetworkMessage]:
    return [m for m in read.messages.values() if m.direction is Direction.OUT]


def _names(read: Reading) -> dict[str, str]:
    return {m.text: m.remote_id for m in read.messages.values() if m.direction is Direction.IN}


def _remembers(bed: ChannelBed) -> bool:
    """Whether the channel knows by itself what it surely has not handed over."""
    return bool(getattr(bed, "remembers", False))


def _everything(
    bed: ChannelBed, channel: Channel, answer: Outgoing, read: Reading
) -> list[Awaitable[object]]:
    work: list[Awaitable[object]] = [channel.send(answer)]
    if not _remembers(bed):
        work.append(channel.find_sent(answer))
    # Connecting comes last: where a channel has but one connection it takes the old one away.
    return [*work, read.until(lambda: False), channel.connect()]


async def _eventually(what: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not what():
            await asyncio.sleep(0.01)


async def _cancelled(task: asyncio.Future[object] | asyncio.Task[SendReceipt]) -> None:
    """Cancel and see it end at once, by cancellation and nothing else."""
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=AT_ONCE)
    assert done, f"cannot be cancelled: {task}"
    assert task.cancelled(), task.exception()


async def _failure(work: Awaitable[object]) -> ChannelError:
    async with asyncio.timeout(PATIENCE * 2):
        with pytest.raises(ChannelError) as caught:
            await work
    return caught.value


def _chain(error: BaseException) -> Iterator[str]:
    """All that an error or those behind it could tell."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield from (str(following), repr(following), repr(vars(following)))
        following = following.__cause__ or following.__context__


def _tells_no_secret(bed: ChannelBed, *told: str) -> None:
    for secret in bed.secrets:
        for words in told:
            assert secret not in words, words[:500]


def _strings(value: object) -> Iterator[str]:
    yield from _values(value, str)


def _values(value: object, kind: type[T]) -> Iterator[T]:
    """Everything of a kind inside dataclasses and containers."""
    if isinstance(value, kind):
        yield value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if field.name != "cursor":  # opaque outside its channel, never shown
                yield from _values(getattr(value, field.name), kind)
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _values(pair, kind)
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _values(item, kind)
