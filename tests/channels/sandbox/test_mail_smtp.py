"""The sandbox SMTP server takes letters, refuses what it was told to, and breaks on demand."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from imapclient import IMAPClient

from smm_inbox.sandbox.mail import MailSandbox, letter

CUSTOMER = "anna@mail.example"


@pytest.fixture
def mail() -> Iterator[MailSandbox]:
    with MailSandbox() as sandbox:
        yield sandbox


def enter(mail: MailSandbox) -> smtplib.SMTP:
    client = smtplib.SMTP("127.0.0.1", mail.smtp_port, timeout=5)
    client.login(mail.address, "letmein")
    return client


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, secret


def test_a_letter_is_accepted_and_delivered_to_mailboxes_here(mail: MailSandbox) -> None:
    mail.add_user("friend@cafe.example")
    raw = letter("Обед\n.точка в начале строки\n", to=[CUSTOMER], message_id="<1@cafe.example>")
    enter(mail).sendmail(mail.address, [CUSTOMER, "friend@cafe.example"], raw)
    [sent] = mail.sent
    assert sent.recipients == (CUSTOMER, "friend@cafe.example")
    assert sent.header("Message-ID") == "<1@cafe.example>"
    assert "\r\n.точка".encode() in sent.raw
    assert len(mail.letters(user="friend@cafe.example")) == 1
    assert mail.letters(r"\Sent") == []


def test_gmail_files_the_sent_copy_itself() -> None:
    with MailSandbox("gmail") as mail:
        enter(mail).sendmail(mail.address, [CUSTOMER], letter("раз", message_id="<1@x.example>"))
        assert [item.header("Message-ID") for item in mail.letters(r"\Sent")] == ["<1@x.example>"]


def test_one_recipient_is_refused_and_the_others_get_it(mail: MailSandbox) -> None:
    mail.refuse("gone@mail.example")
    refused = enter(mail).sendmail(mail.address, ["gone@mail.example", CUSTOMER], letter("раз"))
    assert list(refused) == ["gone@mail.example"]
    assert mail.sent[0].recipients == (CUSTOMER,)


def test_nobody_sends_without_a_login_or_for_somebody_else(mail: MailSandbox) -> None:
    client = smtplib.SMTP("127.0.0.1", mail.smtp_port, timeout=5)
    with pytest.raises(smtplib.SMTPSenderRefused):
        client.sendmail(mail.address, [CUSTOMER], letter("раз"))
    with pytest.raises(smtplib.SMTPSenderRefused):
        enter(mail).sendmail("boss@cafe.example", [CUSTOMER], letter("раз"))
    assert mail.sent == ()


@pytest.mark.parametrize("after", [True, False])
def test_the_connection_breaks_after_the_final_dot(mail: MailSandbox, after: bool) -> None:
    mail.faults.add("smtp:body", "drop", after=after)
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        enter(mail).sendmail(mail.address, [CUSTOMER], letter("раз"))
    assert len(mail.sent) == int(after)


def test_codes_are_answered_as_planned(mail: MailSandbox) -> None:
    mail.faults.add("smtp:body", "reply", code=452, text="4.2.2 Mailbox full")
    with pytest.raises(smtplib.SMTPDataError) as caught:
        enter(mail).sendmail(mail.address, [CUSTOMER], letter("раз"))
    assert caught.value.smtp_code == 452
    mail.faults.add("smtp:rcpt anna@*", "reply", code=450, text="4.2.0 Greylisted")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        enter(mail).sendmail(mail.address, [CUSTOMER], letter("раз"))
    assert mail.sent == ()


@pytest.mark.parametrize("starttls", [True, False])
def test_tls_from_the_start_or_after_starttls(tmp_path: Path, starttls: bool) -> None:
    chain, key = certificate(tmp_path)
    trust = ssl.create_default_context(cafile=str(chain))
    with MailSandbox(certificate=(chain, key), starttls=starttls) as mail:
        if starttls:
            smtp = smtplib.SMTP("127.0.0.1", mail.smtp_port, timeout=5)
            smtp.starttls(context=trust)
            imap = IMAPClient("127.0.0.1", mail.imap_port, ssl=False, timeout=5)
            imap.starttls(trust)
        else:
            smtp = smtplib.SMTP_SSL("127.0.0.1", mail.smtp_port, timeout=5, context=trust)
            imap = IMAPClient("127.0.0.1", mail.imap_port, ssl_context=trust, timeout=5)
        smtp.login(mail.address, "letmein")
        smtp.sendmail(mail.address, [mail.address], letter("себе"))
        imap.login(mail.address, "letmein")
        assert imap.select_folder("INBOX")[b"EXISTS"] == 1
