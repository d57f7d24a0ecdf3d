"""What an account can do now and what it lacks, in the words of the port."""

from __future__ import annotations

from smm_inbox.domain.channel import Capabilities, Limitation, ReplyKind
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.text import LengthUnit, SafeText
from smm_inbox.locale import tr

from .account import Account
from .uploads import MAX_ALBUM, MAX_FILE

MAX_MESSAGE = 4096
"""UTF-16 units (core.telegram.org/method/messages.sendMessage); Telethon does not split."""

_KINDS = frozenset({Kind.DIRECT, Kind.COMMENT, Kind.MENTION})
_PUBLIC = frozenset({ReplyKind.IN_PLACE, ReplyKind.PRIVATE})


def capabilities(account: Account) -> Capabilities:
    """What can be offered, to a person's account or to a bot."""
    in_place = frozenset({ReplyKind.IN_PLACE})
    public = in_place if account.us.bot else _PUBLIC
    return Capabilities(
        kinds=_KINDS,
        reply_kinds={Kind.DIRECT: in_place, Kind.COMMENT: public, Kind.MENTION: public},
        max_text=dict.fromkeys(_KINDS, MAX_MESSAGE),
        unit=LengthUnit.UTF16,
        splits=_KINDS,
        idempotent_send=True,
        edit=_KINDS,
        edit_window=account.edit_window,
        delete_own=_KINDS,
        delete_theirs=frozenset({Kind.COMMENT} if _may_delete(account) else ()),
        mark_read=not account.us.bot,
        typing=True,
        upload=dict.fromkeys(_KINDS, MAX_ALBUM),
        max_file_size=MAX_FILE,
    )


def limitations(account: Account) -> tuple[Limitation, ...]:
    """What the account lacks, and what would help."""
    found: list[Limitation] = []
    if account.us.bot:
        found += [
            Limitation("history.read", SafeText(_bot_history())),
            Limitation("messages.first", SafeText(_bot_first())),
            Limitation("mentions.read", SafeText(_bot_groups())),
        ]
    for group in account.memory.links:
        chat = account.memory.chats.get(group)
        if chat is not None and chat.outside:
            sentence = tr(
                "Comments in “{group}” come with a delay: join this discussion group in Telegram."
            )
            found.append(Limitation("comments.live", SafeText(sentence.format(group=chat.title))))
    return tuple(found)


def _may_delete(account: Account) -> bool:
    chats = (account.memory.chats.get(group) for group in account.memory.links)
    return any(chat is not None and chat.may_delete for chat in chats)


def _bot_history() -> str:
    return tr(
        "A bot does not see what was written before it was started, and may miss messages of a "
        "long outage."
    )


def _bot_first() -> str:
    return tr("A bot cannot write to anybody who has not written to it first.")


def _bot_groups() -> str:
    return tr(
        "A bot sees comments only as an administrator of the discussion group, and in other groups "
        "only answers to it and mentions of it."
    )
