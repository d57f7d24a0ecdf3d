"""The author card: details, the same person on several channels, everything they wrote."""

from __future__ import annotations

import pytest

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import AccountId, ContactId, RemoteId
from smm_inbox.domain.manual import parse
from smm_inbox.domain.message import Batch
from smm_inbox.domain.person import AuthorCard, Likeness
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.services.people import PersonRefused
from tests.services.desk import BAR, CAFE, Desk, came
from tests.ui.hostile import HOSTILE, is_harmless


async def known(
    desk: Desk, account: AccountId, remote: str, name: str, handle: str = "", city: str = ""
) -> ContactId:
    """Somebody wrote privately."""
    person = Contact(RemoteId(remote), clean_line(name), clean_line(handle), city=clean_line(city))
    place = Place(Kind.DIRECT, RemoteId(f"talk-{remote}"), contact=person.remote_id)
    message = came(f"{account}-{remote}", place=place, author=remote)
    await desk.services.ingest.store(account, Batch(messages=(message,), contacts=(person,)))
    row = await desk.db.one(
        "SELECT id FROM contacts WHERE account = ? AND remote_id = ?", (account, remote)
    )
    assert row is not None
    return ContactId(row["id"])


async def card(desk: Desk, contact: ContactId) -> AuthorCard:
    found = await desk.services.people.card(contact)
    assert found is not None
    return found


async def test_how_to_address_and_reach_is_seen_before_answering(desk: Desk) -> None:
    maria = await known(desk, CAFE, "m", "Мария")
    people = desk.services.people
    await people.set_address(maria, "на Вы,  Мария\x1b[31m")
    await people.set_reach(maria, "8 916 123-45-67, после 18")

    row = await desk.db.one("SELECT id FROM conversations")
    assert row is not None
    margin = await people.margin(row["id"], maria)
    assert (margin.details.address, margin.details.reach) == (
        "на Вы, Мария[31m",
        "8 916 123-45-67, после 18",
    )
    await desk.services.undo.last()
    assert (await card(desk, maria)).details.reach == ""
    assert (await card(desk, maria)).details.address != ""


@pytest.mark.parametrize(
    ("mine", "theirs", "why"),
    [
        ("8 916 123 45 67", "+7 (916) 123-45-67", Likeness.PHONE),
        ("Maria@Mail.ru", "почта maria@mail.ru", Likeness.EMAIL),
        ("https://vk.com/mk", "vk.com/mk", Likeness.LINK),
    ],
)
async def test_equal_ways_are_proposed_and_never_joined(
    two: Desk, mine: str, theirs: str, why: Likeness
) -> None:
    first, second = await known(two, CAFE, "m", "Мария"), await known(two, BAR, "k", "МК")
    await two.services.people.set_reach(first, mine)
    await two.services.people.set_reach(second, theirs)

    found = await card(two, first)
    assert [(one.id, one.why) for one in found.proposals] == [(second, why)]
    assert found.linked == ()
    assert found.written.total == 1


async def test_handles_addresses_and_names_are_proposed(two: Desk) -> None:
    maria = await known(two, CAFE, "m", "Мария Ковалёва", "MKovaleva", "Казань")
    same = await known(two, BAR, "a", "mk", "mkovaleva")
    namesake = await known(two, BAR, "b", "Мария Ковалёва", "other", "Казань")
    await known(two, BAR, "c", "Мария Ковалёва", "third", "Москва")
    letter = await known(two, BAR, "d", "М. К.", "m@mail.ru")
    await two.services.people.set_reach(maria, "m@mail.ru, @mk_insta")
    insta = await known(two, BAR, "e", "mk", "mk_insta")

    found = {one.id: one.why for one in (await card(two, maria)).proposals}
    assert found == {
        letter: Likeness.EMAIL,
        same: Likeness.HANDLE,
        insta: Likeness.HANDLE,
        namesake: Likeness.NAME,
    }


async def test_a_name_everybody_has_proves_nothing(two: Desk) -> None:
    anna = await known(two, CAFE, "a", "Анна", city="Казань")
    for number in range(5):
        await known(two, BAR, f"a{number}", "Анна", city="Казань")
    assert (await card(two, anna)).proposals == ()


async def test_joined_contacts_share_everything_until_it_is_taken_back(two: Desk) -> None:
    people = two.services.people
    first, second = await known(two, CAFE, "m", "Мария"), await known(two, BAR, "k", "МК")
    third = await known(two, BAR, "z", "М")
    await people.set_address(first, "на ты")
    talk = (await card(two, second)).written.rows[0].id
    await two.services.notes.write(talk, "аллергия", author=second)

    await people.merge(first, second)
    await people.merge(second, third)

    for one in (first, second, third):
        found = await card(two, one)
        assert {other.id for other in found.linked} == {first, second, third} - {one}
        assert found.written.total == 3
        assert found.details.address == "на ты"
        assert [note.text for note in found.notes] == ["аллергия"]
    opened = await two.services.feed.card(talk)
    assert opened is not None
    assert len(opened.others) == 2
    with pytest.raises(PersonRefused):
        await people.merge(first, third)

    await two.services.undo.last()
    assert [one.id for one in (await card(two, first)).linked] == [second]
    assert (await card(two, third)).linked == ()
    await two.services.undo.last()
    assert (await card(two, first)).linked == ()
    assert (await card(two, second)).details.address == ""


async def test_separating_and_its_undo(two: Desk) -> None:
    people = two.services.people
    first, second = await known(two, CAFE, "m", "Мария"), await known(two, BAR, "k", "МК")
    await people.merge(first, second)
    await people.split(second)
    assert (await card(two, first)).linked == ()
    with pytest.raises(PersonRefused):
        await people.split(first)

    await two.services.undo.last()
    assert [one.id for one in (await card(two, first)).linked] == [second]
    events = [row["event"] for row in await two.db.all("SELECT event FROM journal ORDER BY id")]
    assert events[-3:] == ["merged", "split", "undone"]


async def test_an_undo_that_is_overtaken_does_nothing(two: Desk) -> None:
    people = two.services.people
    first, second = await known(two, CAFE, "m", "Мария"), await known(two, BAR, "k", "МК")
    await people.merge(first, second)
    async with two.db.transaction() as tx:
        await tx.run("UPDATE contacts SET person_id = NULL WHERE id = ?", (second,))
    assert await two.services.undo.last() is None


async def test_people_are_found_by_the_beginnings_of_words(two: Desk) -> None:
    me = await known(two, CAFE, "x", "Я")
    alena = await known(two, BAR, "m", "Алёна Ковалёва", "alyona_k", "Казань")
    await known(two, BAR, "n", "Пётр", "petr")
    for typed in ("ален", "АЛЁНА ков", "ковалева каз", "alyona", "каз алена"):
        found = await two.services.people.search(typed, me)
        assert [one.id for one in found] == [alena], typed
    assert await two.services.people.search("алена", alena) == ()


@pytest.mark.parametrize("trick", HOSTILE)
async def test_hostile_text_breaks_neither_search_nor_details(two: Desk, trick: str) -> None:
    maria = await known(two, CAFE, "m", HOSTILE[trick] or "Мария")
    people = two.services.people
    for typed in (HOSTILE[trick], f'"{HOSTILE[trick]}" OR *', "NEAR(a b)", "name:x", '"', "^a -b"):
        await people.search(typed, maria)
    await people.set_address(maria, HOSTILE[trick])
    await people.set_reach(maria, HOSTILE[trick])
    found = await card(two, maria)
    assert is_harmless(found.details.address)
    assert is_harmless(found.details.reach)
    assert len(found.details.reach) <= 300


async def test_somebody_entered_by_hand_is_proposed_by_their_phone(desk: Desk) -> None:
    maria = await known(desk, CAFE, "m", "Мария")
    await desk.services.people.set_reach(maria, "89161234567")
    line = "звонок Мария 8 916 123-45-67 где торт"
    talk = await desk.services.manual.add(parse(line, desk.clock.now(), desk.settings.hours))
    opened = await desk.services.feed.card(talk)
    assert opened is not None
    assert opened.contact_id is not None
    found = await card(desk, opened.contact_id)
    assert [(one.id, one.why) for one in found.proposals] == [(maria, Likeness.PHONE)]
    assert found.details.reach == SafeText("+7 916 123-45-67")
