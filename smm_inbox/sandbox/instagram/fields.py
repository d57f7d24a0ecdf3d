"""Field selection: ``id,messages.limit(20){id,from},shares{link}`` as a tree."""

from __future__ import annotations

from dataclasses import dataclass

_STOPS = ",{}()."


@dataclass(frozen=True, slots=True)
class Field:
    """One wanted field with its arguments and its own fields."""

    name: str
    arguments: dict[str, str]
    fields: tuple[Field, ...] = ()


class BadFields(ValueError):
    """The expression cannot be read."""


def parse(text: str) -> tuple[Field, ...]:
    """Read a ``fields`` parameter; an empty one asks for the defaults.

    Raises:
        BadFields: braces or brackets do not match.
    """
    if not text.strip():
        return ()
    found, at = _list(text, 0)
    if at != len(text):
        raise BadFields(f"Syntax error at {at} in {text[:80]!r}")
    return found


def _list(text: str, at: int) -> tuple[tuple[Field, ...], int]:
    found: list[Field] = []
    while True:
        field, at = _one(text, at)
        found.append(field)
        if at >= len(text) or text[at] != ",":
            return tuple(found), at
        at += 1


def _one(text: str, at: int) -> tuple[Field, int]:
    name, at = _word(text, at)
    if not name:
        raise BadFields(f"Syntax error: a name is missing at {at}")
    arguments: dict[str, str] = {}
    while at < len(text) and text[at] == ".":
        key, at = _word(text, at + 1)
        if at >= len(text) or text[at] != "(":
            raise BadFields(f"Syntax error: an argument is missing at {at}")
        end = text.find(")", at)
        if end < 0:
            raise BadFields("Syntax error: a bracket is missing")
        arguments[key] = text[at + 1 : end]
        at = end + 1
    inner: tuple[Field, ...] = ()
    if at < len(text) and text[at] == "{":
        inner, at = _list(text, at + 1)
        if at >= len(text) or text[at] != "}":
            raise BadFields("Syntax error: a brace is missing")
        at += 1
    return Field(name, arguments, inner), at


def _word(text: str, at: int) -> tuple[str, int]:
    start = at
    while at < len(text) and text[at] not in _STOPS:
        at += 1
    return text[start:at].strip(), at
