"""Authors: the same person in comments and private messages is one contact, by id."""

from __future__ import annotations

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr

from . import raw

_BY_NAME = "@"


def remote_id(who: str, username: str) -> RemoteId | None:
    """The key of a person: the id, or the user name where Instagram tells nothing else."""
    if who:
        return RemoteId(who)
    return RemoteId(_BY_NAME + username.casefold()) if username else None


def has_id(contact: RemoteId) -> bool:
    """Whether the person can be written to: their id is known."""
    return not contact.startswith(_BY_NAME)


def username(value: object) -> str:
    """A user name as Instagram allows it."""
    return clean_line(value, limit=64).lstrip("@")


def brief(contact: RemoteId, handle: str) -> Contact:
    """What a message or comment tells of its author."""
    return Contact(contact, handle=clean_line(handle, limit=64), url=page(handle))


def profile(who: str, answer: raw.Raw) -> Contact:
    """A profile; Instagram shows it of people who wrote to us."""
    handle = username(answer.get("username"))
    verified = answer.get("is_verified_user") is True
    return Contact(
        RemoteId(who),
        name=clean_line(answer.get("name"), limit=120),
        handle=clean_line(handle),
        followers=raw.count(answer.get("follower_count")),
        url=page(handle),
        photo_url=raw.address(answer.get("profile_pic")),
        note=clean_line(tr("verified by Instagram")) if verified else clean_line(""),
    )


def page(handle: str) -> str:
    """The address of a person's page."""
    return raw.address(f"https://www.instagram.com/{handle}/") if handle else ""
