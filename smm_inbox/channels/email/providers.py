"""What is known of the big providers before the first connection."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """Servers and habits of a mail provider."""

    name: str
    imap: str = ""
    smtp: str = ""
    domains: tuple[str, ...] = ()
    files_sent: bool | None = None
    """Whether SMTP files the sent copy by itself; ``None``: found out with the first answer."""


OWN = Provider("")
"""A server that nothing is known of."""

PROVIDERS: dict[str, Provider] = {
    provider.name: provider
    for provider in (
        Provider(
            "yandex",
            "imap.yandex.ru",
            "smtp.yandex.ru",
            ("yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz"),
        ),
        Provider(
            "mailru",
            "imap.mail.ru",
            "smtp.mail.ru",
            ("mail.ru", "bk.ru", "inbox.ru", "list.ru", "internet.ru", "xmail.ru"),
        ),
        Provider(
            "gmail",
            "imap.gmail.com",
            "smtp.gmail.com",
            ("gmail.com", "googlemail.com"),
            files_sent=True,
        ),
    )
}


def provider_of(name: str, address: str) -> Provider:
    """The provider called ``name``, or the one the address belongs to."""
    if name:
        return PROVIDERS.get(name, OWN)
    domain = address.rpartition("@")[2].lower()
    return next((item for item in PROVIDERS.values() if domain in item.domains), OWN)
