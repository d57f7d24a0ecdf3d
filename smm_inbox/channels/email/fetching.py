"""Letters fetched in pieces: headers, structure and text, never the whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from smm_inbox.locale import tr

from .failures import Garbled, Refused
from .imap import Imap
from .letter import Letter, PartBody, PartInfo, parse_letter, read_letter, read_structure
from .letter import wanted_parts as wanted
from .letter.headers import Head, read_head
from .letter.mime import LONGEST_TEXT

HEAD_BYTES = 128 * 1024
"""Of the headers; a longer head is an accident or an attack."""
_MOST_TEXT = 4 * 1024 * 1024
"""Text of one letter in all its parts."""
_OVERVIEW = (
    "FLAGS",
    "INTERNALDATE",
    "RFC822.SIZE",
    f"BODY.PEEK[HEADER]<0.{HEAD_BYTES}>",
)
_PLAIN_TEXT = 256 * 1024
ANSWERED, DELETED, DRAFT = "\\answered", "\\deleted", "\\draft"
"""Flags that decide over a letter, in lower case."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One letter as the server gave it."""

    uid: int
    flags: frozenset[str]
    """Lower case."""
    arrived: datetime
    """INTERNALDATE, UTC."""
    size: int
    head: bytes
    parts: tuple[PartInfo, ...] | None
    """``None``: the structure could not be read, the text is taken as it stands."""
    bodies: tuple[PartBody, ...] = ()
    known_as: str = ""
    """Fingerprint under which it came before, when that was taken without its structure or is
    now."""

    def read(self, ours: frozenset[str]) -> Letter:
        """The letter itself."""
        if self.parts is None:
            raw = self.head + b"".join(body.raw for body in self.bodies)
            return parse_letter(raw, ours=ours, arrived=self.arrived)
        return read_letter(self.head, self.bodies, self.parts, ours=ours, arrived=self.arrived)

    @property
    def print(self) -> str:
        """Fingerprint: the same for copies of one letter, whatever way they came.

        Message-ID alone would not do: broken mailers repeat one for ever.
        """
        if self.known_as:
            return self.known_as
        parts = "".join(f"{part.number} {part.type} {part.size}\n" for part in self.parts or ())
        named = bool(parts) and bool(self._head.raw("message-id"))
        return self._digest(b"" if named else self._weight, parts)

    @property
    def rough_print(self) -> str:
        """Fingerprint that needs no structure; copies that came in different ways differ in it."""
        return self._digest(self._weight, "")

    @property
    def _head(self) -> Head:
        return read_head(self.head)[0]

    @property
    def _weight(self) -> bytes:
        return b"%d %d\n" % (self.size, int(self.arrived.timestamp()))

    def _digest(self, weight: bytes, parts: str) -> str:
        digest = hashlib.sha256()
        for name in ("message-id", "date", "from", "subject"):
            digest.update(self._head.raw(name) + b"\n")
        digest.update(weight)
        digest.update(parts.encode("utf-8", "replace"))
        return digest.hexdigest()[:24]


def overview(imap: Imap, uids: Sequence[int]) -> list[Fetched]:
    """Everything but the text, in the order of ``uids``; what is gone meanwhile is left out.

    A letter whose structure the library cannot read does not hold up its neighbours.
    """
    try:
        rows = imap.fetch(uids, [*_OVERVIEW, "BODYSTRUCTURE"])
    except (Garbled, Refused):
        if not imap.alive:
            raise
        rows = {}
        for uid in uids:
            rows |= _alone(imap, uid)
    return [_fetched(uid, rows[uid]) for uid in uids if uid in rows]


def bare(imap: Imap, uid: int) -> list[Fetched]:
    """One letter without its structure: for those that break the connection."""
    row = imap.fetch([uid], _OVERVIEW).get(uid)
    letter = None if row is None else with_text(imap, _fetched(uid, row))
    return [] if letter is None else [letter]


def placeholder(imap: Imap, uid: int) -> list[Fetched]:
    """A letter that cannot be read at all: the operator learns at least that it is there."""
    row = imap.fetch([uid], ["INTERNALDATE", "RFC822.SIZE"]).get(uid)
    if row is None:
        return []
    said = tr("This letter cannot be shown here: open the mailbox on its web page.")
    letter = _fetched(uid, row)
    head = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    return [replace(letter, head=head, bodies=(PartBody("", said.encode()),))]


def with_text(imap: Imap, letter: Fetched) -> Fetched | None:
    """The letter with its text parts, about 1 MB of each at most; ``None`` when it is gone.

    Raises ``Garbled`` when the server keeps back the text of a letter that is there.
    """
    if letter.parts is None:
        row = _row(imap, letter, [f"BODY.PEEK[TEXT]<0.{_PLAIN_TEXT}>"])
        if row is None:
            return None
        return replace(letter, bodies=tuple(PartBody("", value) for _, value in _texts(row)))
    left = _MOST_TEXT
    numbers: list[str] = []
    for part in wanted(letter.parts):
        if left <= 0:
            break
        left -= min(part.size, LONGEST_TEXT)
        numbers.append(part.number)
    if not numbers:
        return letter
    row = _row(imap, letter, [f"BODY.PEEK[{number}]<0.{LONGEST_TEXT}>" for number in numbers])
    if row is None:
        return None
    return replace(letter, bodies=tuple(PartBody(number, value) for number, value in _texts(row)))


def _row(imap: Imap, letter: Fetched, items: list[str]) -> dict[bytes, object] | None:
    """What the server gives of a letter; ``None``: somebody took it away meanwhile.

    Stored without its text it would stay so, also when it is put back.
    """
    row = imap.fetch([letter.uid], items).get(letter.uid)
    if row is not None and not any(key.startswith(b"BODY[") for key in row):
        row = None  # news of its flags, not what was asked for
    if row is None and imap.search("UID", str(letter.uid)):
        raise Garbled("a letter without its text")
    return row


def _alone(imap: Imap, uid: int) -> dict[int, dict[bytes, object]]:
    try:
        return imap.fetch([uid], [*_OVERVIEW, "BODYSTRUCTURE"])
    except (Garbled, Refused):
        if not imap.alive:
            raise
        return imap.fetch([uid], _OVERVIEW)


def _texts(row: dict[bytes, object]) -> Iterator[tuple[str, bytes]]:
    for key, value in row.items():
        if key.startswith(b"BODY[") and isinstance(value, bytes):
            yield key[5 : key.index(b"]")].decode("ascii", "replace"), value


def _fetched(uid: int, row: dict[bytes, object]) -> Fetched:
    structure = row.get(b"BODYSTRUCTURE")
    parts = read_structure(structure) if structure is not None else None
    arrived = row.get(b"INTERNALDATE")
    if not isinstance(arrived, datetime):
        arrived = datetime.now(UTC)
    flags = row.get(b"FLAGS")
    size = row.get(b"RFC822.SIZE")
    head = next((value for _, value in _texts(row)), b"")
    return Fetched(
        uid=uid,
        flags=frozenset(
            flag.decode("ascii", "replace").lower()
            for flag in (flags if isinstance(flags, tuple) else ())
            if isinstance(flag, bytes)
        ),
        arrived=arrived.astimezone(UTC),
        size=size if isinstance(size, int) else 0,
        head=head,
        parts=parts or None,
    )
