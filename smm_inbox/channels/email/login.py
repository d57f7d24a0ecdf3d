"""Secrets at the moment of a login: the password, or a token fetched anew."""

from __future__ import annotations

from dataclasses import dataclass

from smm_inbox.config import secrets

from .failures import NoSecret
from .settings import MailSettings


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What opens a mailbox now; ``repr`` shows nothing."""

    user: str
    password: str = ""
    token: str = ""

    @property
    def plain_ascii(self) -> bool:
        """Whether LOGIN can carry them; the rest goes through AUTHENTICATE PLAIN."""
        return self.user.isascii() and self.password.isascii()

    @property
    def sasl_plain(self) -> bytes:
        """The answer of SASL PLAIN, before Base64."""
        return b"\0".join([b"", self.user.encode(), self.password.encode()])

    @property
    def xoauth2(self) -> bytes:
        """The answer of SASL XOAUTH2, before Base64."""
        return f"user={self.user}\1auth=Bearer {self.token}\1\1".encode()


def fetch(settings: MailSettings) -> Credentials:
    """The credentials for one login; blocking, because a token may come from a program.

    Raises ``NoSecret``.
    """
    if not settings.token:
        return Credentials(settings.login, password=settings.password)
    try:
        return Credentials(settings.login, token=secrets.resolve(settings.token))
    except secrets.SecretError as error:
        raise NoSecret(error.sentence) from None
