"""What the corpus does not compare: forms, times, lists, reports, inline pictures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smm_inbox import locale
from smm_inbox.channels.email.letter import parse_letter, safe_name, undo_transfer
from tests.channels.email.letter.corpus.build import OURS, head, multi, page, part, plain

_FORM = "Имя: Сергей\nТелефон: +7 916 000-00-00\nE-mail: sergey@mail.example\nКомментарий: Банкет"


def _form(*headers: str, body: str = _FORM) -> bytes:
    return head(*headers, sender="noreply@site.example") + part(body)


def test_a_form_is_fields_with_the_customer_as_contact() -> None:
    letter = parse_letter(_form("Reply-To: sergey@mail.example"), ours=OURS)
    form = letter.form
    assert form is not None
    assert [(item.label, item.value) for item in form.fields] == [
        ("Имя", "Сергей"),
        ("Телефон", "+7 916 000-00-00"),
        ("E-mail", "sergey@mail.example"),
        ("Комментарий", "Банкет"),
    ]
    assert (form.name, form.phone, form.message) == ("Сергей", "+7 916 000-00-00", "Банкет")
    assert form.contact is not None
    assert (form.contact.name, form.contact.address) == ("Сергей", "sergey@mail.example")
    assert form.confirmed


def test_an_address_from_the_text_waits_for_confirmation() -> None:
    form = parse_letter(_form(), ours=OURS).form
    assert form is not None
    assert form.contact is not None
    assert form.contact.address == "sergey@mail.example"
    assert not form.confirmed


def test_our_own_address_in_the_text_is_never_the_customer() -> None:
    body = "Имя: Сергей\nТелефон: +7 916 000-00-00\nСообщение: пишу на info@cafe.example"
    letter = parse_letter(_form(body=body), ours=OURS)
    assert letter.form is not None
    assert letter.form.contact is None
    assert letter.contact is None


@pytest.mark.parametrize(
    ("date", "sent"),
    [
        ("Mon, 21 Sep 2026 09:54:00 +0300", datetime(2026, 9, 21, 6, 54, tzinfo=UTC)),
        ("21 Sep 26 09:54 GMT", datetime(2026, 9, 21, 9, 54, tzinfo=UTC)),
        ("2026-09-21T09:54:00+03:00", datetime(2026, 9, 21, 6, 54, tzinfo=UTC)),
        ("Пн, 21 сен 2026 09:54:00 +0300", datetime(2026, 9, 21, 6, 54, tzinfo=UTC)),
        ("Mon, 21 Sep 2026 09:54:00 +0300 (MSK)", datetime(2026, 9, 21, 6, 54, tzinfo=UTC)),
        ("nonsense", None),
        ("Mon, 99 Sep 2026 99:99:99 +9999", None),
        ("Mon, 21 Sep 99999999999 09:54:00", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
    ],
)
def test_dates_of_every_shape(date: str, sent: datetime | None) -> None:
    raw = plain("x").replace(b"Mon, 21 Sep 2026 09:54:00 +0300", date.encode())
    assert parse_letter(raw, ours=OURS).sent_at == sent


def test_a_wrong_clock_yields_to_the_time_of_arrival() -> None:
    arrived = datetime(2026, 9, 21, 7, tzinfo=UTC)
    future = plain("x").replace(b"2026", b"2030")
    assert parse_letter(future, ours=OURS, arrived=arrived).sent_at == arrived
    missing = plain("x").replace(b"Date:", b"X-Date:")
    assert parse_letter(missing, ours=OURS, arrived=arrived).sent_at == arrived
    slightly = arrived - timedelta(minutes=6)
    assert parse_letter(plain("x"), ours=OURS, arrived=arrived).sent_at == slightly


def test_the_last_hop_tells_the_time_when_the_letter_does_not() -> None:
    raw = plain("x", "Received: from a by b; Mon, 21 Sep 2026 10:00:00 +0300")
    raw = raw.replace(b"\r\nDate: Mon", b"\r\nX-Date: Mon")
    assert parse_letter(raw, ours=OURS).sent_at == datetime(2026, 9, 21, 7, tzinfo=UTC)


def test_a_bounce_names_the_addresses_it_could_not_reach() -> None:
    report = (
        "Reporting-MTA: dns; x\n\n"
        "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n"
        "Final-Recipient: rfc822;c@d.example\nAction: delayed"
    )
    raw = head() + multi(
        "report",
        part("Не доставлено"),
        part(report, "message/delivery-status"),
        more="; report-type=delivery-status",
    )
    assert parse_letter(raw, ours=OURS).failed == ("a@b.example",)


def test_a_list_tells_its_address() -> None:
    letter = parse_letter(
        plain("x", "List-Id: News <news.x.example>", "List-Post: <mailto:news@x.example>"),
        ours=OURS,
    )
    assert (letter.list_id, letter.list_post) == ("News <news.x.example>", "news@x.example")


def _pictured(markup: str, size: int) -> bytes:
    picture = part(
        b"\x89PNG" + b"\0" * size, "image/png; name=logo.png", "Content-ID: <l>", encoding="base64"
    )
    return head() + multi("related", part(markup, "text/html; charset=utf-8"), picture)


def test_a_logo_of_a_signature_is_no_attachment_but_a_photo_is() -> None:
    signature = '<p>Текст</p><div class="gmail_signature"><img src="cid:l">Мария</div>'
    assert parse_letter(_pictured(signature, 100), ours=OURS).attachments == ()
    assert len(parse_letter(_pictured(signature, 100_000), ours=OURS).attachments) == 1
    assert len(parse_letter(_pictured('<img src="cid:l">', 100), ours=OURS).attachments) == 1


def test_pictures_are_named_in_the_language_of_the_interface() -> None:
    locale.set_language("ru")
    try:
        letter = parse_letter(_pictured('Вот <img src="cid:l">', 10), ours=OURS)
        assert letter.text == "Вот [картинка: logo.png]"
    finally:
        locale.set_language("en")


def test_very_long_text_is_cut_not_refused() -> None:
    letter = parse_letter(plain("слово " * 100_000), ours=OURS)
    assert 90_000 < len(letter.text) <= 100_000
    letter = parse_letter(page("<p>слово</p>" * 60_000), ours=OURS)
    assert len(letter.text) <= 100_000


def test_a_letter_is_never_folded_away_whole() -> None:
    for text in (
        "> x",
        "-- \nx",
        "С уважением,\nМария",
        "21.09.2026, 09:54, A <a@b.example>:\n> x",
    ):
        assert parse_letter(plain(text), ours=OURS).text


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("a/b\\c:d*e?.txt", "a_b_c_d_e_.txt"),
        ("..", ""),
        ("///", ""),
        ("nul", "_nul"),
        ("a\u202egpj.exe", "agpj.exe"),
        (" .hidden ", "hidden"),
        ("name.", "name"),
    ],
)
def test_file_names_are_safe_to_save_under(raw: str, name: str) -> None:
    assert safe_name(raw) == name


def test_transfer_encodings_are_undone_leniently() -> None:
    assert undo_transfer(b"0J/R\r\n gNC4 \r\n", "base64") == "При".encode()
    assert undo_transfer(b"aGk=aGk=", "base64") == b"hihi"
    assert undo_transfer(b"a=3Db=\r\nc=ZZ", "quoted-printable") == b"a=bc=ZZ"
    assert undo_transfer(b"as is", "x-unknown") == b"as is"
