"""Reading an API call's parameters the way VK does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from smm_inbox.sandbox.vk.errors import invalid, missing
from smm_inbox.sandbox.vk.model import Json


@dataclass(frozen=True, slots=True)
class Params:
    """The form fields of one call."""

    raw: Mapping[str, str]

    def has(self, name: str) -> bool:
        """The parameter came and is not empty."""
        return bool(self.raw.get(name))

    def text(self, name: str, default: str = "") -> str:
        """A string parameter."""
        return self.raw.get(name, default)

    def flag(self, name: str) -> bool:
        """A 1/0 parameter; the word True is not one, exactly as in VK."""
        return self.raw.get(name) == "1"

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number, or error 100."""
        value = self.raw.get(name, "")
        if value == "":
            if default is None:
                raise missing(name)
            return default
        try:
            return int(value)
        except ValueError:
            raise invalid(f"{name} not integer") from None

    def numbers(self, name: str) -> list[int]:
        """A comma-separated list of whole numbers."""
        return [int(part) for part in self.words(name) if part.lstrip("-").isdigit()]

    def words(self, name: str) -> list[str]:
        """A comma-separated list."""
        return [part.strip() for part in self.raw.get(name, "").split(",") if part.strip()]

    def json(self, name: str) -> Json:
        """A JSON object in a string, or error 100."""
        if not self.has(name):
            return {}
        try:
            value = json.loads(self.raw[name])
        except ValueError:
            raise invalid(f"{name} should be valid JSON") from None
        if not isinstance(value, dict):
            raise invalid(f"{name} should be a JSON object")
        return value

    def page(self, default: int, largest: int) -> tuple[int, int]:
        """`offset` and `count` as a slice."""
        offset = max(self.number("offset", 0), 0)
        count = min(max(self.number("count", default), 0), largest)
        return offset, offset + count
