"""Comments under posts, photos, videos, goods and in discussions."""

from __future__ import annotations

from collections.abc import Callable

from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Direction, Edit, NetworkMessage, Removal

from . import raw
from .attachments import attached
from .harvest import Harvest, Lens, Malformed
from .keys import Section, Subject, person
from .mentions import addressee, mentions, readable
from .raw import Raw

_OBJECT_FIELD = {
    Section.WALL: "post_id",
    Section.PHOTO: "photo_id",
    Section.VIDEO: "video_id",
    Section.MARKET: "item_id",
    Section.BOARD: "topic_id",
}
_OWNER_FIELDS = {
    Section.WALL: ("post_owner_id", "owner_id"),
    Section.PHOTO: ("photo_owner_id", "owner_id"),
    Section.VIDEO: ("video_owner_id", "owner_id"),
    Section.MARKET: ("market_owner_id", "owner_id"),
    Section.BOARD: ("topic_owner_id", "owner_id"),
}

Handler = Callable[[Harvest, Raw, Lens], None]


def handlers(section: Section) -> dict[str, Handler]:
    """Handlers by the ending of the event's type."""
    return {
        "new": lambda into, event, lens: comment_new(into, event, lens, section),
        "edit": lambda into, event, lens: comment_edit(into, event, lens, section),
        "delete": lambda into, event, lens: comment_delete(into, event, lens, section),
        "restore": lambda into, event, lens: comment_restore(into, event, lens, section),
    }


def comment_new(into: Harvest, event: Raw, lens: Lens, section: Section) -> None:
    """A new comment, ours or somebody's."""
    take(into, event, lens, subject_of(event, lens, section))


def comment_edit(into: Harvest, event: Raw, lens: Lens, section: Section) -> None:
    """An edited comment; VK does not say when, so the time of arrival counts."""
    subject, number = subject_of(event, lens, section), _number(event)
    for kind in _kinds(subject, lens):
        into.edits.append(
            Edit(
                kind=kind,
                remote_id=subject.comment(number),
                text=readable(event.get("text")),
                edited_at=lens.now,
                attachments=attached(event),
            )
        )


def comment_delete(into: Harvest, event: Raw, lens: Lens, section: Section) -> None:
    """A deleted comment: only its numbers come."""
    subject, number = subject_of(event, lens, section), _number(event)
    for kind in _kinds(subject, lens):
        into.removals.append(Removal(kind, subject.comment(number), lens.now))


def comment_restore(into: Harvest, event: Raw, lens: Lens, section: Section) -> None:
    """A restored comment comes whole: it may have been deleted before we ever saw it."""
    subject, number = subject_of(event, lens, section), _number(event)
    take(into, event, lens, subject)
    for kind in _kinds(subject, lens):
        into.removals.append(Removal(kind, subject.comment(number), lens.now, restored=True))


def take(into: Harvest, comment: Raw, lens: Lens, subject: Subject) -> None:
    """Take one comment under ``subject``, from an event or from a list."""
    number = _number(comment)
    if raw.truthy(comment.get("deleted")):
        into.removals.append(Removal(Kind.COMMENT, subject.comment(number), lens.now))
        return
    author = raw.integer(comment.get("from_id"))
    if not author:
        raise Malformed("a comment without an author")
    ours = author == lens.us.owner
    into.subjects.add(subject)
    into.people.add(author)
    text = comment.get("text")
    speaks_to = _speaks_to(comment, lens)
    into.messages.append(
        NetworkMessage(
            place=_place(into, comment, lens, subject, number),
            remote_id=subject.comment(number),
            direction=Direction.OUT if ours else Direction.IN,
            text=readable(text),
            sent_at=raw.moment(comment.get("date")) or lens.now,
            author=None if ours else person(author),
            attachments=attached(comment),
            reply_to=_reply_to(comment, subject),
            addressee=person(speaks_to) if ours and speaks_to else None,
            needs_answer=not ours,
            mentions_us=not ours and mentions(text, lens.us),
            url=subject.comment_url(number, _thread_root(comment, lens, subject, number)),
        )
    )


def subject_of(event: Raw, lens: Lens, section: Section) -> Subject:
    """What a comment hangs on. A missing owner is ourselves: events tell about our own pages."""
    number = raw.positive(event.get(_OBJECT_FIELD[section]))
    if number is None:
        raise Malformed(f"a comment without {_OBJECT_FIELD[section]}")
    owners = (raw.integer(event.get(name)) for name in _OWNER_FIELDS[section])
    owner = next((found for found in owners if found), lens.us.owner)
    return Subject(section, owner, number)


def _number(comment: Raw) -> int:
    number = raw.positive(comment.get("id"))
    if number is None:
        raise Malformed("a comment without a number")
    return number


def _place(into: Harvest, comment: Raw, lens: Lens, subject: Subject, number: int) -> Place:
    author = raw.integer(comment.get("from_id"))
    ours = author == lens.us.owner
    if subject.section is Section.BOARD:
        return _board_place(comment, lens, subject, number)
    root = _thread_root(comment, lens, subject, number)
    lens.memory.thread_of.put(subject.comment(number), root)
    if ours and root == number and subject.root in lens.memory.mention_posts:
        # Our comment right under a visitor's post is the answer to that post.
        return post_place(subject)
    conversation = subject.thread(root)
    if root == number:
        if not ours and author:
            lens.memory.opened_by.put(conversation, person(author))
    else:
        began = subject.comment(root)
        if began not in lens.memory.thread_of or began in lens.memory.untold:
            into.threads.add((subject, root))
    return Place(
        Kind.COMMENT,
        conversation,
        contact=lens.memory.opened_by.get(conversation),
        public=True,
        root=subject.root,
        thread=subject.comment(root),
        url=subject.comment_url(root, None),
    )


def _board_place(comment: Raw, lens: Lens, subject: Subject, number: int) -> Place:
    """Discussions have no threads: one conversation for each author who writes in a topic."""
    name = subject.comment(number)
    with_whom = lens.memory.thread_of.get(name)
    if with_whom is None:
        with_whom = _in_discussion(comment, lens, subject)
        lens.memory.thread_of.put(name, with_whom)
    opened = with_whom if with_whom != lens.us.owner else None
    return Place(
        Kind.COMMENT,
        subject.thread(with_whom),
        contact=person(opened) if opened else None,
        public=True,
        root=subject.root,
        url=subject.url,
    )


def _in_discussion(comment: Raw, lens: Lens, subject: Subject) -> int:
    """Whose conversation a comment belongs to: its author's, or of the one we speak to.

    Our own words that name nobody are for the only one who has no answer yet; where several wait,
    they are for nobody in particular.
    """
    author = raw.integer(comment.get("from_id")) or 0
    asking = lens.memory.asking.get(subject.root) or frozenset()
    if author != lens.us.owner:
        lens.memory.asking.put(subject.root, asking | {author})
        return author
    whom = _speaks_to(comment, lens)
    if whom is None and len(asking) == 1:
        (whom,) = asking
    if whom is not None:
        lens.memory.asking.put(subject.root, asking - {whom})
    return whom or author


def post_place(subject: Subject, *, root: RemoteId | None = None) -> Place:
    """Where a post that is a conversation of its own stands."""
    return Place(Kind.MENTION, subject.root, public=True, root=root, url=subject.url)


def _thread_root(comment: Raw, lens: Lens, subject: Subject, number: int) -> int:
    stack = raw.integers(comment.get("parents_stack"))
    if stack and stack[0] > 0:
        return stack[0]
    answered = raw.positive(comment.get("reply_to_comment"))
    if answered is None or answered == number:
        return number
    # Photos, videos and goods tell the answered comment only; its own thread may be known.
    return lens.memory.thread_of.get(subject.comment(answered)) or answered


def _reply_to(comment: Raw, subject: Subject) -> RemoteId | None:
    answered = raw.positive(comment.get("reply_to_comment"))
    return subject.comment(answered) if answered else None


def _speaks_to(comment: Raw, lens: Lens) -> int | None:
    for number in (raw.integer(comment.get("reply_to_user")), addressee(comment.get("text"))):
        if number and number != lens.us.owner:
            return number
    return None


def _kinds(subject: Subject, lens: Lens) -> tuple[Kind, ...]:
    """Under a post that is a conversation itself, our own comment stands among the mentions."""
    if subject.root in lens.memory.mention_posts:
        return (Kind.COMMENT, Kind.MENTION)
    return (Kind.COMMENT,)
