"""The mail part of the demo: a running provider, its story, and how to get at the mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from smm_inbox.sandbox.mail.people import OUR_NAME, OURS
from smm_inbox.sandbox.mail.server import MailSandbox
from smm_inbox.sandbox.mail.story import PACE, MailStory


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A running cafe's day by mail."""

    config: dict[str, object]
    """The options of one account, as they would stand under [accounts.<name>]."""
    mail: MailSandbox
    story: MailStory


@contextmanager
def demo_mail(
    seed: int = 7, pace: float = PACE, thinking: float | None = None
) -> Iterator[DemoMail]:
    """Run the sandbox mail with the cafe's morning in it until the block ends.

    Args:
        seed: The same seed tells the same story.
        pace: Seconds between two letters, counted from the app's first login.
        thinking: Seconds a customer takes to answer; about `pace` when absent.
    """
    with (
        MailSandbox(address=OURS, seed=seed) as mail,
        MailStory(mail, seed, pace, thinking) as story,
    ):
        yield DemoMail(
            config={
                "channel": "email",
                "address": OURS,
                "password": mail.access.password,
                "name": OUR_NAME,
                "imap": {"host": "127.0.0.1", "port": mail.imap_port, "security": "none"},
                "smtp": {"host": "127.0.0.1", "port": mail.smtp_port, "security": "none"},
                "greeting": "Здравствуйте!",
                "signature": "С теплом, Анна\nкафе «Тёплый угол», Садовая, 12",
            },
            mail=mail,
            story=story,
        )
