"""Read an IMAP BODYSTRUCTURE answer into the same part list a whole letter gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smm_inbox.domain.text import clean_line

from .headers import message_ids
from .mime import DEEPEST, MOST_PARTS, content_id, letter_name
from .model import Container, PartInfo
from .params import content_type, file_name, text_parameter
from .words import decode_words


def read_structure(structure: object) -> tuple[PartInfo, ...]:
    """Flatten a BODYSTRUCTURE given as nested sequences of bytes, numbers and ``None``.

    Both shapes of a multipart are understood: children side by side (RFC 3501) and children
    gathered in a list of their own (IMAPClient). Odd structures give fewer parts, never an error.
    """
    parts: list[PartInfo] = []
    _walk(structure, "", (), parts)
    return tuple(parts)


def _walk(node: object, number: str, within: tuple[Container, ...], parts: list[PartInfo]) -> None:
    if not isinstance(node, (list, tuple)) or not node or len(parts) >= MOST_PARTS:
        return
    children = _children(node)
    if children is None:
        parts.append(_leaf(node, number or "1", within))
        return
    if len(within) >= DEEPEST:
        return
    rest = node[1:] if isinstance(node[0], list) else node[len(children) :]
    inside = (*within, Container(number, _word(rest, 0) or "mixed"))
    for place, child in enumerate(children, 1):
        _walk(child, f"{number}.{place}" if number else str(place), inside, parts)


def _children(node: Sequence[object]) -> Sequence[object] | None:
    if isinstance(node[0], list):
        return node[0]
    if not isinstance(node[0], tuple):
        return None
    children: list[object] = []
    for item in node:
        if not isinstance(item, (tuple, list)):
            break
        children.append(item)
    return children


def _leaf(node: Sequence[object], number: str, within: tuple[Container, ...]) -> PartInfo:
    kind = content_type(f"{_word(node, 0)}/{_word(node, 1)}")
    parameters = _parameters(_at(node, 2))
    # Text parts carry a line count, letters an envelope, a structure and a line count.
    extra = {"text": 8, "message": 10 if kind == "message/rfc822" else 7}
    first = extra.get(kind.partition("/")[0], 7)
    disposition, more = _disposition(node, first + 1)
    name = file_name((text_parameter(more, "filename"), text_parameter(parameters, "name")))
    envelope = _at(node, 7) if kind == "message/rfc822" else None
    if not name:
        name = letter_name(clean_line(decode_words(_envelope(envelope, 1))))
    size = _at(node, 6)
    return PartInfo(
        number=number,
        type=kind,
        within=within,
        charset=text_parameter(parameters, "charset").strip()[:60],
        encoding=_word(node, 5),
        size=size if isinstance(size, int) and size >= 0 else 0,
        disposition=disposition,
        name=name,
        content_id=content_id(_bytes(_at(node, 3))),
        inner_id=next(iter(message_ids(_envelope(envelope, 9))), ""),
        flowed=parameters.get("format", b"").lower() == b"flowed",
        delsp=parameters.get("delsp", b"").lower() == b"yes",
    )


def _disposition(node: Sequence[object], place: int) -> tuple[str, Mapping[str, bytes]]:
    for item in (_at(node, place), *node[7:]):
        # Servers disagree about the fields before it; its shape (word, (pairs)) is its own.
        if isinstance(item, (tuple, list)) and len(item) == 2:
            word = _word(item, 0)
            if word in {"attachment", "inline", "form-data"}:
                return word, _parameters(item[1])
    return "", {}


def _envelope(envelope: object, place: int) -> bytes:
    return _bytes(_at(envelope, place)) if isinstance(envelope, (tuple, list)) else b""


def _parameters(pairs: object) -> Mapping[str, bytes]:
    if not isinstance(pairs, (tuple, list)):
        return {}
    found: dict[str, bytes] = {}
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        found.setdefault(_bytes(key).decode("ascii", "ignore").lower(), _bytes(value))
    return found


def _at(node: Sequence[object], place: int) -> object:
    return node[place] if place < len(node) else None


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else b""


def _word(node: Sequence[object], place: int) -> str:
    return _bytes(_at(node, place)).decode("ascii", "ignore").strip().lower()
