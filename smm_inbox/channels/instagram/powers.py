"""What an account can do now and what it lacks, in the words of the port."""

from __future__ import annotations

from smm_inbox.domain.channel import Capabilities, Limitation, ReplyKind
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.text import LengthUnit, SafeText

from . import setup
from .account import Account

MAX_MESSAGE = 1000
"""Bytes of UTF-8, about 500 Russian letters; Meta's messaging page."""
MAX_COMMENT = 2200
"""Characters; not on the API's pages, the limit that clients of it meet."""

HEART = "❤️"
"""The only reaction whose name ("love") Meta's pages tell."""

CAPABILITIES = Capabilities(
    kinds=frozenset({Kind.DIRECT, Kind.COMMENT, Kind.MENTION}),
    reply_kinds={
        Kind.DIRECT: frozenset({ReplyKind.IN_PLACE}),
        Kind.COMMENT: frozenset({ReplyKind.IN_PLACE, ReplyKind.PRIVATE}),
        Kind.MENTION: frozenset({ReplyKind.IN_PLACE}),
    },
    max_text={
        Kind.DIRECT: MAX_MESSAGE,
        # The composer counts bytes; a Russian letter takes two. The sender counts characters.
        Kind.COMMENT: MAX_COMMENT * 2,
        Kind.MENTION: MAX_COMMENT * 2,
    },
    unit=LengthUnit.BYTES,
    idempotent_send=False,
    delete_own=frozenset({Kind.COMMENT}),
    delete_theirs=frozenset({Kind.COMMENT}),
    hide=frozenset({Kind.COMMENT}),
    react={Kind.DIRECT: (HEART,)},
    mark_read=True,
    typing=True,
    private_needs_source=True,
)
"""No API edits or deletes a private message or takes a file from this machine."""


def limitations(account: Account) -> tuple[Limitation, ...]:
    """What is missing, each with what would help."""
    found: list[Limitation] = []
    warning = account.credentials.warning()
    if warning is not None:
        found.append(warning)
    if account.comments_withheld:
        found.append(Limitation("comments.read", SafeText(setup.comments_withheld()), True))
    if account.sending_withheld:
        found.append(Limitation("messages.send", SafeText(setup.sending_withheld()), True))
    for loop, sentence in account.troubles.items():
        found.append(Limitation(f"{loop}.read", SafeText(sentence)))
    if not account.hooked:
        found.append(Limitation("mentions.poll", SafeText(setup.elsewhere(hooked=False))))
    return tuple(found)
