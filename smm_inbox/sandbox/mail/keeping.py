"""Mailboxes in a file between two runs."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path

from smm_inbox.sandbox.mail.model import Folder, State, Stored
from smm_inbox.sandbox.mail.profiles import Access


def save(state: State, file: Path) -> None:
    """Write every mailbox; a reader never sees half of it."""
    with state.lock:
        shown = {
            user.address: {
                "password": user.access.password,
                "token": user.access.token,
                "folders": [_folder(folder) for folder in user.folders.values()],
            }
            for user in state.users.values()
        }
    fresh = file.with_name(file.name + ".new")
    fresh.write_text(json.dumps(shown, ensure_ascii=False), encoding="utf-8")
    fresh.replace(file)


def load(state: State, file: Path) -> None:
    """Read the mailboxes back."""
    stored = json.loads(file.read_text(encoding="utf-8"))
    for address, row in stored.items():
        user = state.add_user(address, Access(password=row["password"], token=row["token"]))
        user.folders = {}
        for item in row["folders"]:
            letters = item.pop("letters")
            folder = Folder(**item)
            for letter in letters:
                folder.letters[letter["uid"]] = Stored(
                    letter["uid"],
                    base64.b64decode(letter["raw"]),
                    frozenset(letter["flags"]),
                    datetime.fromisoformat(letter["at"]),
                    letter["modseq"],
                )
            user.folders[folder.name] = folder


def _folder(folder: Folder) -> dict[str, object]:
    return {
        "name": folder.name,
        "use": folder.use,
        "uidvalidity": folder.uidvalidity,
        "uidnext": folder.uidnext,
        "modseq": folder.modseq,
        "letters": [
            {
                "uid": item.uid,
                "raw": base64.b64encode(item.raw).decode(),
                "flags": sorted(item.flags),
                "at": item.at.isoformat(),
                "modseq": item.modseq,
            }
            for item in folder.letters.values()
        ],
    }
