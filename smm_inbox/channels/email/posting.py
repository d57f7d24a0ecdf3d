"""Blocking errands on a mailbox: finding, filing, flagging, moving and fetching letters."""

from __future__ import annotations

import binascii
import re
import time
from collections.abc import Callable, Iterator, Sequence

from . import fetching
from .failures import Garbled, Refused
from .folders import Layout
from .imap import Imap, Listed
from .index import Index, Known
from .letter import read_structure

RECENT = 50
"""Letters of the sent folder whose Message-IDs are compared where the server does not search."""
CHUNK = 512 * 1024
"""Bytes of an attachment in one request."""

_REF = re.compile(r"\d{1,5}(\.\d{1,5}){0,30}")
_SAFE_ID = re.compile(r"<[\w.+@-]{3,250}>", re.ASCII)


class Gone(Exception):
    """The letter is not where it was."""


def in_sent(imap: Imap, layout: Layout, message_id: str) -> bool:
    """Whether the sent folder has a letter of ours with this Message-ID."""
    if layout.sent is None:
        return False
    imap.select(layout.sent)
    return bool(called(imap, message_id))


def called(imap: Imap, message_id: str) -> list[int]:
    """Letters of the selected folder with this Message-ID."""
    if not _SAFE_ID.fullmatch(message_id):
        return []  # nothing of a letter goes into a command unchecked
    try:
        return imap.search("HEADER", "Message-ID", message_id)
    except (Refused, Garbled):  # Mail.ru does not search by header
        uids = imap.search("ALL")[-RECENT:]
        rows = imap.fetch(uids, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        wanted = message_id.encode()
        return [
            uid
            for uid, row in rows.items()
            if any(isinstance(value, bytes) and wanted in value for value in row.values())
        ]


def patiently(look: Callable[[], bool], when: Sequence[float]) -> bool:
    """Look at each of these moments, in seconds from now, until it is found."""
    start = time.monotonic()
    for moment in when:
        pause = start + moment - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        if look():
            return True
    return False


def locate(imap: Imap, layout: Layout, index: Index, remote_id: str, *, writable: bool) -> int:
    """Open the folder a letter lies in; returns its UID. Raises ``Gone``."""
    for name, uidvalidity, uid in index.places(remote_id):
        folder = layout.named(name)
        if folder is None:
            continue
        selected = imap.select(folder, writable=writable)
        if selected.uidvalidity != uidvalidity:
            continue  # renumbered since: the number may be another letter's by now
        if imap.search("UID", str(uid)) == [uid]:
            return uid
    raise Gone


def transfer(
    imap: Imap,
    layout: Layout,
    index: Index,
    letters: Sequence[Known],
    target: Listed,
    *,
    source: Listed | None = None,
) -> None:
    """Move letters to a folder; those whose place is not known are looked for in ``source``."""
    for letter in letters:
        try:
            uids = [locate(imap, layout, index, letter.remote_id, writable=True)]
        except Gone:
            if source is None:
                continue
            imap.select(source, writable=True)
            uids = called(imap, letter.message_id)
        if uids and imap.selected != target.name:
            imap.move(uids, target)


def flag(imap: Imap, layout: Layout, index: Index, remote_ids: Sequence[str], *flags: str) -> None:
    """Set flags on letters that are still there."""
    for remote_id in remote_ids:
        try:
            uid = locate(imap, layout, index, remote_id, writable=True)
        except Gone:
            continue
        imap.add_flags([uid], *flags)


def text_of(imap: Imap, layout: Layout, index: Index, remote_id: str, ours: frozenset[str]) -> str:
    """The visible text of a letter; empty when it is gone."""
    try:
        uid = locate(imap, layout, index, remote_id, writable=False)
    except Gone:
        return ""
    letters = fetching.overview(imap, [uid])
    letter = fetching.with_text(imap, letters[0]) if letters else None
    return "" if letter is None else letter.read(ours).text


def content(
    imap: Imap,
    layout: Layout,
    index: Index,
    remote_id: str,
    ref: str,
    tell: Callable[[int, int], None],
) -> Iterator[bytes]:
    """The decoded content of an attachment piece by piece.

    ``tell`` hears how many bytes came of how many, as they travel: in Base64 a third more.
    """
    if not _REF.fullmatch(ref):
        raise Gone
    uid = locate(imap, layout, index, remote_id, writable=False)
    row = imap.fetch([uid], ["BODYSTRUCTURE"]).get(uid, {})
    part = next(
        (item for item in read_structure(row.get(b"BODYSTRUCTURE")) if item.number == ref), None
    )
    if part is None:
        raise Gone
    size = part.size
    pieces = _pieces(imap, uid, ref, lambda done: tell(done, max(done, size)))
    return _decoded(pieces, part.encoding)


def _pieces(imap: Imap, uid: int, ref: str, tell: Callable[[int], None]) -> Iterator[bytes]:
    at = 0
    while True:
        row = imap.fetch([uid], [f"BODY.PEEK[{ref}]<{at}.{CHUNK}>"]).get(uid)
        if row is None:
            raise Gone
        piece = next((v for k, v in row.items() if k.startswith(b"BODY[")), None)
        if not isinstance(piece, bytes):
            return
        yield piece
        at += len(piece)
        tell(at)
        if len(piece) < CHUNK:
            return


def _decoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    match encoding:
        case "base64":
            return _base64(pieces)
        case "quoted-printable":
            return _quoted_printable(pieces)
        case _:
            return pieces


def _base64(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decode; what does not belong to the alphabet is skipped, an incomplete end dropped."""
    rest = b""
    for piece in pieces:
        rest += re.sub(rb"[^A-Za-z0-9+/]", b"", piece)
        whole = len(rest) // 4 * 4
        ready, rest = rest[:whole], rest[whole:]
        yield binascii.a2b_base64(ready)
    if len(rest) > 1:
        yield binascii.a2b_base64(rest + b"=" * (-len(rest) % 4))


def _quoted_printable(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        rest += piece
        end = rest.rfind(b"\n") + 1
        yield binascii.a2b_qp(rest[:end])
        rest = rest[end:]
    yield binascii.a2b_qp(rest)
