"""Between Python values and columns: JSON, domain rows."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Root
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import LocalFile
from smm_inbox.domain.parts import Attachment, AttachmentKind
from smm_inbox.domain.text import SafeText

from .times import from_us, maybe_time, maybe_us, to_us


def dump_attachments(attachments: tuple[Attachment, ...]) -> str:
    """Attachments as JSON; empty fields are left out."""
    return json.dumps(
        [
            {
                key: value
                for key, value in (
                    ("kind", str(item.kind)),
                    ("name", item.name),
                    ("size", item.size),
                    ("url", item.url),
                    ("duration", item.duration),
                    ("text", item.text),
                    ("ref", item.ref),
                )
                if value not in (None, "")
            }
            for item in attachments
        ],
        ensure_ascii=False,
    )


def load_attachments(text: str) -> tuple[Attachment, ...]:
    """Attachments from JSON; kinds of a newer version become ``other``."""
    items: list[Attachment] = []
    for raw in json.loads(text):
        try:
            kind = AttachmentKind(raw["kind"])
        except ValueError:
            kind = AttachmentKind.OTHER
        items.append(
            Attachment(
                kind=kind,
                name=SafeText(raw.get("name", "")),
                size=raw.get("size"),
                url=raw.get("url", ""),
                duration=raw.get("duration"),
                text=SafeText(raw.get("text", "")),
                ref=raw.get("ref", ""),
            )
        )
    return tuple(items)


def dump_people(people: tuple[Contact, ...]) -> str:
    """Addressees as JSON: address, name and handle are all that is kept."""
    return json.dumps(
        [{"id": who.remote_id, "name": who.name, "handle": who.handle} for who in people],
        ensure_ascii=False,
    )


def load_people(text: str) -> tuple[Contact, ...]:
    """Addressees from JSON."""
    return tuple(
        Contact(RemoteId(raw["id"]), SafeText(raw["name"]), SafeText(raw["handle"]))
        for raw in json.loads(text)
    )


def dump_files(files: tuple[LocalFile, ...]) -> str:
    """Local files as JSON."""
    return json.dumps(
        [{"path": str(f.path), "kind": str(f.kind), "name": f.name, "size": f.size} for f in files],
        ensure_ascii=False,
    )


def load_files(text: str) -> tuple[LocalFile, ...]:
    """Local files from JSON."""
    return tuple(
        LocalFile(
            path=Path(raw["path"]),
            kind=AttachmentKind(raw["kind"]),
            name=SafeText(raw["name"]),
            size=raw["size"],
        )
        for raw in json.loads(text)
    )


def contact_from(row: sqlite3.Row, prefix: str = "") -> Contact:
    """Contact from the columns of ``contacts``, each behind ``prefix``."""
    return Contact(
        remote_id=RemoteId(row[f"{prefix}remote_id"]),
        name=SafeText(row[f"{prefix}name"]),
        handle=SafeText(row[f"{prefix}handle"]),
        followers=row[f"{prefix}followers"],
        city=SafeText(row[f"{prefix}city"]),
        url=row[f"{prefix}url"],
        photo_url=row[f"{prefix}photo_url"],
        note=SafeText(row[f"{prefix}note"]),
    )


def root_from(row: sqlite3.Row) -> Root:
    """Root from a row of ``roots``."""
    return Root(
        remote_id=RemoteId(row["remote_id"]),
        kind=row["kind"],
        text=SafeText(row["text"]),
        url=row["url"],
        author=SafeText(row["author"]),
        posted_at=maybe_time(row["posted_at"]),
    )


__all__ = [
    "contact_from",
    "dump_attachments",
    "dump_files",
    "dump_people",
    "from_us",
    "load_attachments",
    "load_files",
    "load_people",
    "maybe_time",
    "maybe_us",
    "root_from",
    "to_us",
]
