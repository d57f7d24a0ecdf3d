"""Searching real files: word forms, operators, order, pages, and an index that misses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.found import FoundKey, Hit, Ranking
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId, RemoteId
from smm_inbox.domain.message import (
    Attachment,
    AttachmentKind,
    Direction,
    InState,
    NetworkMessage,
)
from smm_inbox.domain.query import SearchQuery, parse
from smm_inbox.domain.query_words import Vocabulary
from smm_inbox.domain.text import SafeText
from smm_inbox.storage import (
    contacts,
    conversations,
    messages,
    own,
    search,
    search_index,
    searches,
)
from smm_inbox.storage.database import Database
from tests.storage.filling import NOW, due, fill

VK, MAIL = AccountId("cafe-vk"), AccountId("info-mail")
WORDS = Vocabulary(channels={"вк": frozenset({VK}), "почта": frozenset({MAIL})})


def query(text: str, *, typing: bool = True) -> SearchQuery:
    return parse(text, WORDS, now=NOW, zone=UTC, typing=typing)


@dataclass
class Archive:
    """A database to write into and to search."""

    db: Database
    number: int = 0

    async def write(
        self,
        text: str,
        *,
        name: str = "Мария Ковалёва",
        talk: str | None = None,
        account: AccountId = VK,
        kind: Kind = Kind.DIRECT,
        ago: int | None = None,
        title: str = "",
        state: InState = InState.ANSWERED,
        attachments: tuple[Attachment, ...] = (),
    ) -> MessageId:
        """Store a message of a customer; later ones are newer unless ``ago`` (minutes) says so."""
        self.number += 1
        place = Place(kind, RemoteId(talk or name), title=SafeText(title))
        person = Contact(RemoteId(name), SafeText(name), SafeText(name.partition(" ")[0].lower()))
        async with self.db.transaction() as tx:
            author = await contacts.upsert(tx, account, person, NOW)
            where = await conversations.ensure(tx, account, place, contact=author, root=None)
            stored = await messages.insert(
                tx,
                account,
                where,
                NetworkMessage(
                    place=place,
                    remote_id=RemoteId(f"m{self.number}"),
                    direction=Direction.IN,
                    text=SafeText(text),
                    sent_at=NOW - timedelta(minutes=1000 - self.number if ago is None else ago),
                    attachments=attachments,
                ),
                author=author,
                state=state,
                deleted_at=None,
                now=NOW,
            )
            await conversations.refresh(tx, [where], due)
        return stored

    async def index(self) -> None:
        """Put everything that waits into the index."""
        while (await search_index.fill(self.db))[0]:
            pass

    async def hits(self, text: str, ranking: Ranking = Ranking.TIME) -> list[Hit]:
        """Everything found, through pages of two."""
        await self.index()
        found: list[Hit] = []
        after: FoundKey | None = None
        while True:
            page = await search.page(self.db, query(text), ranking, after=after, limit=2)
            found += page.hits
            assert len(page.hits) <= 2
            if page.next is None:
                return found
            after = page.next

    async def texts(self, text: str, ranking: Ranking = Ranking.TIME) -> list[str]:
        return [str(hit.text) for hit in await self.hits(text, ranking)]


@pytest.fixture
def archive(db: Database) -> Archive:
    return Archive(db)


@pytest.mark.parametrize(
    "typed",
    ["столик", "столика", "СТОЛИКАМИ", "стол", "cnjkbr", "столик на", '"столик на двоих"', "Маш"],
)
async def test_a_message_is_found_by_any_form_layout_and_beginning(
    archive: Archive, typed: str
) -> None:
    await archive.write("Есть столики на двоих?", name="Игорь")
    await archive.write("А столик на двоих найдётся?", name="Маша Ёлкина")
    await archive.write("Доставка есть?", name="Павел")
    found = await archive.texts(typed)
    assert "А столик на двоих найдётся?" in found
    assert "Доставка есть?" not in found
    assert ("Есть столики на двоих?" in found) is (typed not in {'"столик на двоих"', "Маш"})


async def test_yo_is_ye_and_case_does_not_count(archive: Archive) -> None:
    await archive.write("Ждём ВСЁ ещё счёт")
    for typed in ("счет", "СЧЁТ", "все еще", '"ещё счет"'):
        assert await archive.texts(typed) == ["Ждём ВСЁ ещё счёт"]


async def test_words_of_name_handle_subject_and_files_are_found(archive: Archive) -> None:
    photo = Attachment(AttachmentKind.DOCUMENT, SafeText("Смета банкета.pdf"))
    await archive.write("Посмотрите", name="Олег Громов", title="Юбилей", attachments=(photo,))
    for typed in ("громов", "автор:Олега", "юбилея", "смета", "громов посмотрите юбилей"):
        assert await archive.texts(typed) == ["Посмотрите"], typed
    assert await archive.texts("автор:смета") == []


async def test_a_phone_is_found_however_it_is_written(archive: Archive) -> None:
    await archive.write("Мой номер +7 (916) 123-45-67, жду")
    for typed in ("89161234567", "+79161234567", "9161234567"):
        assert len(await archive.texts(typed)) == 1, typed
    assert await archive.texts("89161234568") == []


async def test_exclusion_and_conditions(archive: Archive) -> None:
    await archive.write("Суп холодный", name="А", state=InState.AWAITING)
    await archive.write("Суп горячий", name="Б", account=MAIL, kind=Kind.COMMENT)
    photo = Attachment(AttachmentKind.PHOTO)
    await archive.write("Суп с фото", name="В", attachments=(photo,), ago=60 * 24 * 9)
    assert await archive.texts("суп") == ["Суп горячий", "Суп холодный", "Суп с фото"]
    assert await archive.texts("суп -холодного") == ["Суп горячий", "Суп с фото"]
    assert await archive.texts("-холодный") == ["Суп горячий", "Суп с фото"]
    assert await archive.texts("суп канал:почта") == ["Суп горячий"]
    assert await archive.texts("суп -канал:почта") == ["Суп холодный", "Суп с фото"]
    assert await archive.texts("вид:комментарий") == ["Суп горячий"]
    assert await archive.texts("суп вид:комментарий") == ["Суп горячий"]
    assert await archive.texts("есть:вложение") == ["Суп с фото"]
    assert await archive.texts("суп -есть:вложение") == ["Суп горячий", "Суп холодный"]
    assert await archive.texts("ждёт") == ["Суп холодный"]
    assert await archive.texts("суп ждёт") == ["Суп холодный"]
    assert await archive.texts("до:3д") == ["Суп с фото"]
    assert await archive.texts("суп до:3д") == ["Суп с фото"]
    assert await archive.texts("суп после:3д") == ["Суп горячий", "Суп холодный"]


async def test_conditions_of_status_type_and_tag(archive: Archive) -> None:
    for name in ("А", "Б", "В"):
        await archive.write(f"Суп {name}", name=name)
    async with archive.db.transaction() as tx:
        await tx.run("UPDATE conversations SET status = 'closed' WHERE remote_id = 'А'")
        await tx.run("UPDATE conversations SET type = 'complaint' WHERE remote_id = 'Б'")
        await tx.run("UPDATE conversations SET spam = 1 WHERE remote_id = 'В'")
    assert await archive.texts("суп") == ["Суп Б", "Суп А"], "spam is not searched unasked"
    assert await archive.texts("суп статус:спам") == ["Суп В"]
    assert await archive.texts("суп статус:закрыто") == ["Суп А"]
    assert await archive.texts("статус:закрыто,новое") == ["Суп Б", "Суп А"]
    assert await archive.texts("суп тип:жалоба") == ["Суп Б"]
    assert await archive.texts("тип:нет") == ["Суп А"]


async def test_relevance_puts_the_very_words_first(archive: Archive) -> None:
    await archive.write("холодный был ваш суп", ago=50)
    await archive.write("холодный суп", ago=60)
    await archive.write("супы холодные", ago=5)
    await archive.write("холодный суп опять", ago=40)
    assert await archive.texts("холодный суп", Ranking.RELEVANCE) == [
        "холодный суп опять",
        "холодный суп",
        "холодный был ваш суп",
        "супы холодные",
    ]
    assert (await archive.texts("холодный суп"))[0] == "супы холодные"


async def test_pages_go_on_without_an_end(archive: Archive) -> None:
    for number in range(45):
        await archive.write(f"Суп {number}" if number % 3 else f"Супы {number}")
    for ranking in Ranking:
        found = await archive.hits("суп ", ranking)
        assert len({hit.message for hit in found}) == len(found) == 45
    by_time = [hit.sent_at for hit in await archive.hits("суп ")]
    assert by_time == sorted(by_time, reverse=True)


async def test_stretches_of_the_archive_miss_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RANKED", 3)
    monkeypatch.setattr(search, "STEP", 3)
    monkeypatch.setattr(search, "_MOMENT", -1.0)  # every stretch is a page of its own
    for number in range(20):
        await archive.write("холодный суп" if number % 4 == 0 else "чай", name=f"Гость {number}")
    for text, count in (("холодный суп", 5), ("супы", 5), ("вид:личное", 20), ("суп -суп", 0)):
        for ranking in Ranking:
            found = await archive.hits(text, ranking)
            assert len({hit.conversation for hit in found}) == len(found) == count


async def test_what_was_edited_is_found_by_its_new_words_only(archive: Archive) -> None:
    message = await archive.write("Торт на субботу")
    assert await archive.texts("торт") == ["Торт на субботу"]
    async with archive.db.transaction() as tx:
        await messages.change_text(
            tx, message, "Торт на субботу", SafeText("Пирог на субботу"), None, NOW
        )
    assert await archive.texts("торт") == []
    assert await archive.texts("пирога") == ["Пирог на субботу"]
    assert len(await archive.texts("суббота")) == 1


async def test_a_new_name_is_found_and_the_old_one_is_not(archive: Archive) -> None:
    await archive.write("Привет", name="Настя")
    async with archive.db.transaction() as tx:
        await tx.run("UPDATE contacts SET name = 'Анастасия', handle = 'nastya'")
    assert await archive.texts("автор:Анастасия") == ["Привет"]
    assert await archive.texts("автор:Настя") == []


async def test_an_answer_taken_back_is_gone(archive: Archive) -> None:
    message = await archive.write("Возьмите назад")
    await archive.index()
    async with archive.db.transaction() as tx:
        await own.erase(tx, message)
    assert await archive.texts("возьмите") == []


async def test_what_is_not_indexed_waits_in_the_file(db: Database, archive: Archive) -> None:
    await archive.write("Суп")
    await db.close()
    again = await Database.open(db.path)
    try:
        archive.db = again
        assert await search_index.backlog(again) == 1
        assert await archive.texts("суп") == ["Суп"]
        assert await search_index.backlog(again) == 0
    finally:
        await again.close()


async def test_a_failure_in_the_middle_of_indexing_loses_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    await archive.write("Суп")
    await archive.write("Суп")
    whole = search_index.document

    def broken(row: object) -> tuple[str, str, str, str]:
        raise OSError("the disk is gone")

    monkeypatch.setattr(search_index, "document", broken)
    with pytest.raises(OSError, match="the disk"):
        await search_index.fill(archive.db)
    monkeypatch.setattr(search_index, "document", whole)
    assert await archive.texts("суп") == ["Суп", "Суп"]


async def test_messages_of_one_moment_are_all_found(archive: Archive) -> None:
    for number in range(12):
        await archive.write(f"Суп {number}", ago=5)
    assert len(await archive.texts("суп ")) == 12


async def test_conversations_of_a_query_are_found_whole_and_one_by_one(archive: Archive) -> None:
    for number in range(30):
        await archive.write("Суп" if number % 2 else "Чай", name=f"Гость {number}")
    await archive.index()
    for text in ("супом", "вид:личное", "суп вид:личное", "-чай", "канал:почта"):
        wanted = query(text, typing=False)
        whole = await search.conversations_of(archive.db, wanted)
        every = [ConversationId(number) for number in range(1, 31)]
        one_by_one: set[ConversationId] = set()
        for one in every:
            one_by_one |= await search.conversations_of(archive.db, wanted, [one])
        assert whole == one_by_one
        assert len(whole) == {"вид:личное": 30, "канал:почта": 0}.get(text, 15)


NONSENSE = [
    *('"', "'", "суп", "*", "^", "(", ")", "NEAR(", "OR", "NOT", "AND", "-", "text:", "rowid:"),
    *(";--", "\x00", "а\u0301", "канал:вк", "ждёт", "{", "}"),
]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(NONSENSE),
        max_size=8,
    ).map(" ".join)
)  # fmt: skip
async def test_nothing_typed_breaks_the_search(path_factory: list[Database], typed: str) -> None:
    db = path_factory[0]
    for ranking in Ranking:
        page = await search.page(db, query(typed), ranking)
        assert len(page.hits) <= 1
    await search.conversations_of(db, query(typed))
    await search.conversations_of(db, query(typed), [ConversationId(1)])


@pytest.fixture
async def path_factory(archive: Archive) -> list[Database]:
    await archive.write("Холодный суп NOT OR")
    await archive.index()
    return [archive.db]


async def test_the_order_is_that_of_time_whatever_the_order_of_arrival(archive: Archive) -> None:
    moments: list[datetime] = []
    for ago in (5, 900, 50, 300, 1):
        await archive.write("Суп", ago=ago)
        await archive.index()
    moments = [hit.sent_at for hit in await archive.hits("суп")]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == 5


@pytest.mark.parametrize("seed", range(4))
async def test_index_and_lists_equal_a_recount_whatever_happens(db: Database, seed: int) -> None:
    async with db.transaction() as tx:
        wanted = await searches.open_for(tx, "вопрос")
    filler = await fill(db, seed, 120)
    archive = Archive(db)
    await archive.index()
    look = query("вопрос", typing=False)
    await searches.note(db, wanted, await search.conversations_of(db, look), [])
    for _ in range(80):
        async with db.transaction() as tx:
            touched = await filler.step(tx)
            await conversations.refresh(tx, touched, due)
        await archive.index()
        found = await search.conversations_of(db, look, sorted(touched))
        await searches.note(db, wanted, found, touched - found)

    rows = await db.all(
        "SELECT DISTINCT c.id, c.awaiting, c.last_at, c.rank, c.tie FROM conversations c "
        "JOIN messages m ON m.conversation_id = c.id WHERE m.text LIKE 'Вопрос%' "
        "AND c.spam = 0 ORDER BY c.id"
    )
    kept = await db.all(
        "SELECT conversation_id, waits, last_at, rank, tie FROM search_hits ORDER BY 1"
    )
    assert [tuple(row) for row in kept] == [
        (row["id"], int(row["awaiting"] > 0), row["last_at"], row["rank"], row["tie"])
        for row in rows
    ]
    (one,) = await db.all("SELECT total, awaiting FROM searches")
    assert tuple(one) == (len(rows), sum(row["awaiting"] > 0 for row in rows))
    every = await db.all(
        "SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id "
        "WHERE m.text LIKE 'Ответ%' AND c.spam = 0"
    )
    assert {hit.message for hit in await archive.hits("ответы")} == {row["id"] for row in every}
