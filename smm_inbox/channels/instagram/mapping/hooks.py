"""Webhook payloads: the same messages under the same keys as polling finds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from smm_inbox.domain.conversation import Kind, Place, Root
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Attachment, Direction, Edit, NetworkMessage, Removal
from smm_inbox.domain.text import SafeText, clean
from smm_inbox.locale import tr

from . import attachments, comments, messages, people, raw
from .harvest import Harvest, Lens

IdOf = Callable[[str], str]


def harvest(payload: object, lens: Lens, id_of: IdOf) -> Harvest:
    """Everything a payload tells; entries of other accounts and unknown ones are left out."""
    found = Harvest()
    for entry in raw.items(raw.obj(payload).get("entry")):
        told = raw.identifier(entry.get("id"))
        if told and lens.us.user_id and not lens.us.is_us(told):
            continue
        at = raw.moment(entry.get("time")) or lens.now
        for event in raw.items(entry.get("messaging")):
            _messaging(found, event, lens)
        # Facebook's samples wrap changes, Instagram Login's put them into the entry.
        for change in [*raw.items(entry.get("changes")), entry]:
            _change(found, change, at, lens, id_of)
    return found


def _messaging(into: Harvest, event: raw.Raw, lens: Lens) -> None:
    sender = raw.identifier(raw.obj(event.get("sender")).get("id"))
    receiver = raw.identifier(raw.obj(event.get("recipient")).get("id"))
    ours = lens.us.is_us(sender)
    person = receiver if ours else sender
    if not person or lens.us.is_us(person):
        return
    at = raw.moment(event.get("timestamp")) or lens.now
    edit, told = raw.obj(event.get("message_edit")), raw.obj(event.get("message"))
    if edit:
        key = raw.identifier(edit.get("mid"))
        if key:
            into.edits.append(Edit(Kind.DIRECT, RemoteId(key), clean(edit.get("text")), at))
        return
    key = raw.identifier(told.get("mid"))
    if not key:
        return
    if told.get("is_deleted") is True:
        into.removals.append(Removal(Kind.DIRECT, RemoteId(key), at))
        return
    into.messages.append(_message(told, key, person, at, ours=ours))
    into.contacts.setdefault(RemoteId(person), people.brief(RemoteId(person), ""))


def _message(told: raw.Raw, key: str, person: str, at: datetime, *, ours: bool) -> NetworkMessage:
    story = raw.obj(raw.obj(told.get("reply_to")).get("story"))
    files: list[Attachment] = [attachments.hooked(a) for a in raw.items(told.get("attachments"))]
    if story:
        files += attachments.of_message({"story": {"reply_to": story}})
    text = clean(told.get("text"))
    if not text.strip() and not files:
        files = [attachments.unsupported()]
    mention = any(a.get("type") == "story_mention" for a in raw.items(told.get("attachments")))
    return NetworkMessage(
        place=messages.place(person),
        remote_id=RemoteId(key),
        direction=Direction.OUT if ours else Direction.IN,
        text=text,
        sent_at=at,
        author=None if ours else RemoteId(person),
        attachments=tuple(files),
        mentions_us=mention and not ours,
        url=attachments.INBOX,
    )


def _change(into: Harvest, change: raw.Raw, at: datetime, lens: Lens, id_of: IdOf) -> None:
    value = raw.obj(change.get("value"))
    match change.get("field"):
        case "comments" | "live_comments":
            _comment(into, value, at, lens, id_of)
        case "mentions":
            _mention(into, value, at)
        case _:
            return


def _comment(into: Harvest, value: raw.Raw, at: datetime, lens: Lens, id_of: IdOf) -> None:
    media = raw.identifier(raw.obj(value.get("media")).get("id"))
    parent = raw.identifier(value.get("parent_id"))
    if not media:
        return
    post = Root(RemoteId(media), "post")
    top: raw.Raw | None = {"id": parent} if parent else None
    _, username = comments.author_of(value)
    found = comments.comment(value, post, top, lens, who=id_of(username))
    if found is None:
        return
    into.messages.append(replace(found, sent_at=raw.moment(value.get("timestamp")) or at))
    if found.author is not None:
        into.contacts[found.author] = people.brief(found.author, username)


def _mention(into: Harvest, value: raw.Raw, at: datetime) -> None:
    """Somebody else's post names us; with this login only the ids are told."""
    media = raw.identifier(value.get("media_id"))
    comment = raw.identifier(value.get("comment_id"))
    if not media:
        return
    words = (
        tr("You are mentioned in a comment under somebody's post: open Instagram to read it.")
        if comment
        else tr("You are mentioned in somebody's post: open Instagram to read it.")
    )
    key = f"{media}:{comment}" if comment else media
    into.messages.append(
        NetworkMessage(
            place=Place(
                Kind.MENTION,
                RemoteId(comments.AT + key),
                public=True,
                url="https://www.instagram.com/",
            ),
            remote_id=RemoteId(comments.AT + key),
            direction=Direction.IN,
            text=SafeText(words),
            sent_at=at,
            mentions_us=True,
            url="https://www.instagram.com/",
        )
    )
