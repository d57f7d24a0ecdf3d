"""The sandbox IMAP server speaks to the unmodified client library the way real servers do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from smm_inbox.sandbox.mail import MailSandbox, letter
from smm_inbox.sandbox.mail.mime import MAX_DEPTH, parse
from smm_inbox.sandbox.mail.wire import decode_name, encode_name

PROFILES = ("plain", "yandex", "mailru", "gmail")


@pytest.fixture(params=PROFILES)
def mail(request: pytest.FixtureRequest) -> Iterator[MailSandbox]:
    with MailSandbox(request.param) as sandbox:
        yield sandbox


@pytest.fixture
def plain() -> Iterator[MailSandbox]:
    with MailSandbox() as sandbox:
        yield sandbox


def enter(mail: MailSandbox, timeout: float = 5) -> IMAPClient:
    client = IMAPClient("127.0.0.1", mail.imap_port, ssl=False, timeout=timeout)
    client.login(mail.address, "letmein")
    return client


def test_a_letter_that_arrives_can_be_read_in_parts(mail: MailSandbox) -> None:
    mail.customer_writes(
        letter("Есть торт?", html="<p>Есть торт?</p>", files=[("смета.pdf", b"%PDF" * 100)])
    )
    client = enter(mail)
    assert client.select_folder("INBOX")[b"EXISTS"] == 1
    row = client.fetch([1], ["BODYSTRUCTURE", "BODY.PEEK[1.1]", "BODY.PEEK[2]<0.8>", "FLAGS"])[1]
    inner, pdf = row[b"BODYSTRUCTURE"][0]
    assert inner[1] == b"ALTERNATIVE"
    assert pdf[8][1] == (b"filename*", b"utf-8''%D1%81%D0%BC%D0%B5%D1%82%D0%B0.pdf")
    assert row[b"BODY[1.1]"].decode().strip() == "Есть торт?"
    assert len(row[b"BODY[2]<0>"]) == 8
    assert row[b"FLAGS"] == ()


def test_reading_without_peek_marks_as_seen(plain: MailSandbox) -> None:
    stored = plain.customer_writes(letter("Привет"))
    client = enter(plain)
    client.select_folder("INBOX")
    client.fetch([1], ["BODY.PEEK[]"])
    assert r"\Seen" not in stored.flags
    client.fetch([1], ["BODY[]"])
    assert r"\Seen" in stored.flags


def test_folders_are_told_with_their_uses_where_the_provider_tells_them(mail: MailSandbox) -> None:
    client = enter(mail)
    names = [name for _, _, name in client.list_folders()]
    assert names == list(mail.state.profile.folders)
    told = any(b"\\Sent" in flags for flags, _, _ in client.list_folders())
    assert told is ("SPECIAL-USE" in mail.state.profile.has)
    if client.has_capability("XLIST"):
        assert any(b"\\Sent" in flags for flags, _, _ in client.xlist_folders())


def test_idle_tells_about_arrivals_removals_and_flags(plain: MailSandbox) -> None:
    first = plain.customer_writes(letter("раз"))
    client = enter(plain)
    client.select_folder("INBOX")
    client.idle()
    plain.customer_writes(letter("два"))
    assert (2, b"EXISTS") in client.idle_check(5)
    plain.flag(first, r"\Answered")
    assert client.idle_check(5)[0][1] == b"FETCH"
    plain.delete(first)
    assert (1, b"EXPUNGE") in client.idle_check(5)
    client.idle_done()
    assert client.search(["UID", "1:*"]) == [2]


def test_mailru_knows_neither_idle_nor_condstore_nor_search_by_header() -> None:
    with MailSandbox("mailru") as mail:
        mail.customer_writes(letter("раз", message_id="<1@mail.example>"))
        client = enter(mail)
        client.select_folder("INBOX")
        assert not client.has_capability("IDLE")
        assert not client.has_capability("CONDSTORE")
        with pytest.raises(IMAPClientError):
            client.search(["FROM", "anna"])
        with pytest.raises(IMAPClientError):
            client.search(["HEADER", "Message-ID", "<1@mail.example>"])
        assert client.search(["UID", "1:*"]) == [1]


def test_changes_since_a_modseq(plain: MailSandbox) -> None:
    letters = [plain.customer_writes(letter(f"№ {n}")) for n in range(3)]
    client = enter(plain)
    assert b"HIGHESTMODSEQ" not in client.select_folder("INBOX")
    typ, _ = client._imap._simple_command("SELECT", '"INBOX"', "(CONDSTORE)")
    assert typ == "OK"
    known = int(client._imap.untagged_responses["HIGHESTMODSEQ"][-1])
    plain.flag(letters[1], r"\Answered")
    changed = client.fetch([1, 2, 3], ["FLAGS"], [f"CHANGEDSINCE {known}"])
    assert list(changed) == [2]
    assert changed[2][b"MODSEQ"] == (known + 1,)


def test_moving_copying_and_expunging_by_uid(plain: MailSandbox) -> None:
    for n in range(3):
        plain.customer_writes(letter(f"№ {n}"))
    client = enter(plain)
    client.select_folder("INBOX")
    client.move([2], "Trash")
    client.add_flags([1, 3], [r"\Deleted"])
    client.uid_expunge([3])
    assert client.search(["UID", "1:*"]) == [1]
    assert len(plain.letters(r"\Trash")) == 1


def test_append_files_a_letter_with_flags_and_time(mail: MailSandbox) -> None:
    client = enter(mail)
    sent = mail.state.profile.special(r"\Sent")
    answer = client.append(sent, letter("Ждём вас"), [r"\Seen"])
    assert b"APPENDUID" in answer
    [stored] = mail.letters(r"\Sent")
    assert stored.flags == frozenset({r"\Seen"})


def test_a_renumbered_folder_throws_its_readers_out(plain: MailSandbox) -> None:
    for n in range(3):
        plain.customer_writes(letter(f"№ {n}"))
    client = enter(plain)
    before = client.select_folder("INBOX")[b"UIDVALIDITY"]
    plain.renumber()
    with pytest.raises((IMAPClientAbortError, OSError)):
        client.noop()
    assert enter(plain).select_folder("INBOX")[b"UIDVALIDITY"] != before


def test_each_refusal_of_a_login_has_the_words_of_its_provider() -> None:
    for profile, words in (
        ("gmail", "Application-specific password"),
        ("mailru", "Application password is REQUIRED"),
        ("yandex", "IMAP is disabled"),
    ):
        with MailSandbox(profile) as mail:
            client = IMAPClient("127.0.0.1", mail.imap_port, ssl=False, timeout=5)
            with pytest.raises(LoginError, match=words):
                client.login(mail.address, mail.access.main_password)
            with pytest.raises(LoginError):
                client.login(mail.address, "nonsense")


def test_an_expired_token_is_challenged_before_the_no(plain: MailSandbox) -> None:
    client = IMAPClient("127.0.0.1", plain.imap_port, ssl=False, timeout=5)
    answers = iter([f"user={plain.address}\1auth=Bearer sandbox-token\1\1", ""])
    plain.expire_token()
    with pytest.raises(LoginError):
        client.sasl_login("XOAUTH2", lambda _: next(answers))
    assert next(answers, None) is None
    plain.renew_token("fresh")
    client = IMAPClient("127.0.0.1", plain.imap_port, ssl=False, timeout=5)
    client.oauth2_login(plain.address, "fresh")


def test_faults_strike_where_they_were_planned(plain: MailSandbox) -> None:
    plain.customer_writes(letter("раз"))
    client = enter(plain)
    client.select_folder("INBOX")
    plain.faults.add("imap:noop", "reply", text="Busy")
    with pytest.raises(IMAPClientError, match="Busy"):
        client.noop()
    client.noop()
    plain.faults.add("imap:uid fetch", "cut")
    with pytest.raises((IMAPClientAbortError, OSError)):
        client.fetch([1], ["BODY.PEEK[]"])
    plain.faults.add("imap:select", "bye")
    with pytest.raises((IMAPClientAbortError, OSError)):
        enter(plain).select_folder("INBOX")


def test_a_silent_server_keeps_the_connection_and_says_nothing(plain: MailSandbox) -> None:
    client = enter(plain, timeout=0.2)
    plain.silence_all()
    with pytest.raises(OSError, match="timed out"):
        client.noop()
    assert plain.connections == 1


def test_a_mailbox_survives_in_its_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("mail") / "state.json"
    with MailSandbox(file=file) as mail:
        mail.customer_writes(letter("раз"), flags=[r"\Seen"])
        validity = mail.folder("INBOX").uidvalidity
    with MailSandbox(file=file) as mail:
        client = enter(mail)
        row = client.select_folder("INBOX")
        assert (row[b"EXISTS"], row[b"UIDVALIDITY"]) == (1, validity)
        assert client.get_flags([1]) == {1: (rb"\Seen",)}


@pytest.mark.parametrize("name", ["INBOX", "Отправленные", "A&B", "日本/тест", 'a b"c\\d'])
def test_folder_names_survive_modified_utf7(name: str) -> None:
    assert encode_name(name).isascii()
    assert decode_name(encode_name(name)) == name


def test_a_letter_nested_too_deeply_is_taken_as_one_piece() -> None:
    raw = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(500)
    )
    part, depth = parse(raw), 0
    while part.parts:
        part, depth = part.parts[0], depth + 1
    assert depth == MAX_DEPTH
