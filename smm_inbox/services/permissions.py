"""What may be done with a message or a conversation now, by the capabilities of its account."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from smm_inbox.domain.channel import Capabilities, ReplyKind
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.feed import MessageRow, ReplyOption
from smm_inbox.domain.message import AttachmentKind, Direction, LocalFile
from smm_inbox.domain.outgoing import OutState
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

_PHOTOS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".heic"})
_EVERYTHING = 1_000_000


def can_edit(message: MessageRow, kind: Kind, caps: Capabilities | None, now: datetime) -> bool:
    """Whether the network lets us change this message of ours."""
    return (
        caps is not None
        and _ours_and_sent(message)
        and kind in caps.edit
        and _within(message.sent_at, caps.edit_window, now)
    )


def can_delete(message: MessageRow, kind: Kind, caps: Capabilities | None, now: datetime) -> bool:
    """Whether the network lets us delete this message for everybody."""
    if caps is None or message.deleted_at is not None:
        return False
    if message.direction is Direction.IN:
        return kind in caps.delete_theirs
    return (
        _ours_and_sent(message)
        and kind in caps.delete_own
        and _within(message.sent_at, caps.delete_window, now)
    )


def can_hide(message: MessageRow, kind: Kind, caps: Capabilities | None) -> bool:
    """Whether the network lets us hide this message of a customer, and show it again."""
    return (
        caps is not None
        and kind in caps.hide
        and message.direction is Direction.IN
        and message.deleted_at is None
    )


def reactions(message: MessageRow, kind: Kind, caps: Capabilities | None) -> tuple[str, ...]:
    """Emoji that the network lets us put on this message of a customer."""
    able = message.direction is Direction.IN and message.deleted_at is None
    return caps.react.get(kind, ()) if caps is not None and able and not message.is_reaction else ()


def _ours_and_sent(message: MessageRow) -> bool:
    return (
        message.direction is Direction.OUT
        and message.state is OutState.SENT
        and message.deleted_at is None
    )


def _within(sent_at: datetime, window: timedelta | None, now: datetime) -> bool:
    return window is None or now - sent_at <= window


def reply_options(
    kind: Kind, caps: Capabilities | None, closed: SafeText, *, known: bool
) -> tuple[ReplyOption, ...]:
    """Ways to answer a conversation of ``kind``; ``closed`` says why the place itself is closed.

    Without capabilities (the account is still starting) an answer in place can be written: before
    it is queued they are known, and it is checked by them. ``known`` is false when the account
    left the config.
    """
    if not known:
        why = SafeText(tr("This account is not in the config file any more: it cannot answer."))
        return (ReplyOption(ReplyKind.IN_PLACE, 0, splits=False, max_files=0, closed=why),)
    if caps is None:
        return (ReplyOption(ReplyKind.IN_PLACE, _EVERYTHING, True, 0, closed),)
    options: list[ReplyOption] = []
    kinds = caps.reply_kinds.get(kind, frozenset())
    if ReplyKind.IN_PLACE in kinds:
        options.append(
            ReplyOption(
                kind=ReplyKind.IN_PLACE,
                max_text=caps.max_text.get(kind, _EVERYTHING),
                splits=kind in caps.splits,
                max_files=caps.upload.get(kind, 0),
                closed=closed,
                reply_all=caps.reply_all,
            )
        )
    if ReplyKind.PRIVATE in kinds:
        options.append(
            ReplyOption(
                kind=ReplyKind.PRIVATE,
                max_text=caps.max_text.get(Kind.DIRECT, _EVERYTHING),
                splits=Kind.DIRECT in caps.splits,
                max_files=caps.upload.get(Kind.DIRECT, 0),
            )
        )
    if not options:
        why = closed or SafeText(tr("This network gives no way to answer here from the program."))
        options.append(ReplyOption(ReplyKind.IN_PLACE, 0, False, 0, why))
    return tuple(options)


def local_file(path: str) -> LocalFile:
    """Describe a file on this machine.

    Raises ``OSError``, ``ValueError`` or ``RuntimeError`` when it is absent, no ordinary file, or
    cannot be read.
    """
    real = Path(path).expanduser()
    if not real.is_file():  # opening a pipe would wait for ever
        raise FileNotFoundError(path)
    with real.open("rb"):
        size = real.stat().st_size
    photo = real.suffix.lower() in _PHOTOS
    return LocalFile(
        path=real.resolve(),
        kind=AttachmentKind.PHOTO if photo else AttachmentKind.DOCUMENT,
        name=clean_line(real.name),
        size=size,
    )
