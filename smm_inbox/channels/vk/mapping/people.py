"""Profiles of users and communities as contacts."""

from __future__ import annotations

from collections.abc import Iterable

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

from . import raw
from .keys import person, person_url
from .raw import Raw

FIELDS = "screen_name,city,followers_count,photo_100,verified,online"
"""What to ask for with every profile."""


def user(profile: Raw) -> Contact | None:
    """A profile of ``users.get`` or of an ``extended`` answer."""
    number = raw.positive(profile.get("id"))
    if number is None:
        return None
    first = clean_line(profile.get("first_name"), limit=100)
    last = clean_line(profile.get("last_name"), limit=100)
    handle = clean_line(profile.get("screen_name") or profile.get("domain"), limit=64)
    # VK gives this in place of the name of a page that is gone; the note says it in words.
    gone = profile.get("deactivated") and first == "DELETED"
    return Contact(
        person(number),
        name=SafeText("" if gone else f"{first} {last}".strip()),
        # id123 is no name of its own: it says nothing more than the link.
        handle=SafeText("") if handle == f"id{number}" else handle,
        followers=raw.count(profile.get("followers_count")),
        city=clean_line(raw.obj(profile.get("city")).get("title"), limit=80),
        url=person_url(number),
        photo_url=raw.address(profile.get("photo_100")),
        note=_note(profile),
    )


def _note(profile: Raw) -> SafeText:
    deactivated = profile.get("deactivated")
    if deactivated == "deleted":
        return SafeText(tr("page deleted"))
    if isinstance(deactivated, str) and deactivated:
        return SafeText(tr("page blocked"))
    if profile.get("can_access_closed") is False:
        return SafeText(tr("closed profile"))
    return SafeText("")


def community(group: Raw) -> Contact | None:
    """A community of ``groups.getById`` or of an ``extended`` answer."""
    number = raw.positive(group.get("id"))
    if number is None:
        return None
    handle = clean_line(group.get("screen_name"), limit=64)
    return Contact(
        person(-number),
        name=clean_line(group.get("name"), limit=200),
        handle=SafeText("") if handle in {f"club{number}", f"public{number}"} else handle,
        followers=raw.count(group.get("members_count")),
        city=clean_line(raw.obj(group.get("city")).get("title"), limit=80),
        url=person_url(-number),
        photo_url=raw.address(group.get("photo_100")),
        note=SafeText(tr("page blocked")) if group.get("deactivated") else SafeText(""),
    )


def everybody(answer: object) -> dict[int, Contact]:
    """All profiles and communities that came along with an ``extended`` answer."""
    source = raw.obj(answer)
    found: dict[int, Contact] = {}
    _add(found, (user(entry) for entry in raw.items(source.get("profiles"))))
    _add(found, (community(entry) for entry in raw.items(source.get("groups"))))
    return found


def _add(found: dict[int, Contact], contacts: Iterable[Contact | None]) -> None:
    for contact in contacts:
        if contact is not None:
            found[int(contact.remote_id)] = contact
