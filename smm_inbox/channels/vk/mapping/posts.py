"""Posts: our own as snapshots, those of visitors and those that mention us as conversations."""

from __future__ import annotations

from smm_inbox.domain.conversation import Kind, Place, Root
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Direction, NetworkMessage
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from . import raw
from .attachments import attached
from .comments import post_place
from .harvest import Harvest, Lens, Malformed
from .keys import Section, Subject, parse_root, person
from .mentions import mentions, readable
from .raw import Raw


def wall_post_new(into: Harvest, event: Raw, lens: Lens) -> None:
    """A post on our wall: ours, a visitor's, or suggested by a reader."""
    subject, author = _subject(event, lens), _author(event)
    into.roots[subject.root] = snapshot(event, subject, lens)
    if author != lens.us.owner:
        _conversation(into, event, lens, subject, author)


def wall_repost(into: Harvest, event: Raw, lens: Lens) -> None:
    """Somebody shared a post of ours: awaited only when their words seem to want an answer."""
    subject, author = _subject(event, lens), _author(event)
    if author == lens.us.owner:
        return
    original = next(iter(raw.items(event.get("copy_history"))), {})
    root: RemoteId | None = None
    number, owner = raw.positive(original.get("id")), raw.integer(original.get("owner_id"))
    if number and owner:
        source = Subject(Section.WALL, owner, number)
        root = source.root
        into.roots[root] = snapshot(original, source, lens)
    text = event.get("text")
    asks = isinstance(text, str) and "?" in text
    _conversation(
        into,
        event,
        lens,
        subject,
        author,
        root=root,
        needs_answer=asks or mentions(text, lens.us),
    )


def found_elsewhere(into: Harvest, item: Raw, lens: Lens) -> None:
    """A post or comment on a foreign page that a search found to mention us."""
    number, owner = raw.positive(item.get("id")), raw.integer(item.get("owner_id"))
    author = raw.integer(item.get("from_id")) or owner
    if not number or not owner or not author:
        raise Malformed("a post without number, owner or author")
    # What happens on our own wall comes as events; our own words are no mention.
    if lens.us.owner in (owner, author):
        return
    post = raw.positive(item.get("post_id"))
    if item.get("post_type") == "reply" and post:
        _foreign_comment(into, item, lens, Subject(Section.WALL, owner, post), number, author)
        return
    subject = Subject(Section.WALL, owner, number)
    into.roots[subject.root] = snapshot(item, subject, lens)
    _conversation(into, item, lens, subject, author)


def snapshot(post: Raw, subject: Subject, lens: Lens) -> Root:
    """What a post, photo, video, product or topic says, kept for the day it disappears."""
    text = readable(post.get("text") or post.get("title") or post.get("description"))
    if not text:
        original = next(iter(raw.items(post.get("copy_history"))), {})
        text = readable(original.get("text")) or _pictured(post)
    author = raw.integer(post.get("from_id"))
    return Root(
        subject.root,
        subject.root_kind,
        text=text,
        url=subject.url,
        author=(lens.memory.names.get(author) or SafeText("")) if author else SafeText(""),
        posted_at=raw.moment(post.get("date") or post.get("created")),
    )


def bare_snapshot(subject: Subject) -> Root:
    """All that is known of a subject that no token can read."""
    return Root(subject.root, subject.root_kind, url=subject.url)


def subject_of_root(root: RemoteId) -> Subject | None:
    """The subject behind a snapshot's name."""
    return parse_root(root)


def _conversation(
    into: Harvest,
    post: Raw,
    lens: Lens,
    subject: Subject,
    author: int,
    *,
    root: RemoteId | None = None,
    needs_answer: bool = True,
) -> None:
    into.people.add(author)
    lens.memory.mention_posts.put(subject.root, None)
    into.messages.append(
        NetworkMessage(
            place=_with(post_place(subject, root=root), author, _title(post, lens, subject)),
            remote_id=subject.root,
            direction=Direction.IN,
            text=readable(post.get("text")),
            sent_at=raw.moment(post.get("date")) or lens.now,
            author=person(author),
            attachments=attached(post),
            needs_answer=needs_answer,
            mentions_us=mentions(post.get("text"), lens.us),
            edited_at=raw.moment(post.get("edited")),
            url=subject.url,
        )
    )


def _foreign_comment(
    into: Harvest, item: Raw, lens: Lens, subject: Subject, number: int, author: int
) -> None:
    stack = raw.integers(item.get("parents_stack"))
    thread = stack[0] if stack and stack[0] > 0 else number
    into.people.add(author)
    into.subjects.add(subject)
    into.messages.append(
        NetworkMessage(
            place=Place(
                Kind.MENTION,
                subject.thread(number),
                contact=person(author),
                public=True,
                root=subject.root,
                url=subject.comment_url(number, thread),
            ),
            remote_id=subject.comment(number),
            direction=Direction.IN,
            text=readable(item.get("text")),
            sent_at=raw.moment(item.get("date")) or lens.now,
            author=person(author),
            attachments=attached(item),
            mentions_us=True,
            url=subject.comment_url(number, thread),
        )
    )


def _title(post: Raw, lens: Lens, subject: Subject) -> SafeText:
    """What sort of post this is: the text alone does not tell."""
    if post.get("post_type") == "suggest":
        return SafeText(tr("suggested post"))
    if raw.items(post.get("copy_history")):
        return SafeText(tr("repost"))
    if subject.owner == lens.us.owner:
        return SafeText(tr("post on our wall"))
    return SafeText(tr("post on another page"))


def _with(place: Place, author: int, title: SafeText) -> Place:
    return Place(
        place.kind,
        place.conversation,
        contact=person(author),
        public=place.public,
        root=place.root,
        title=title,
        url=place.url,
    )


def _subject(post: Raw, lens: Lens) -> Subject:
    number = raw.positive(post.get("id"))
    if number is None:
        raise Malformed("a post without a number")
    owner = raw.integer(post.get("owner_id")) or lens.us.owner
    return Subject(Section.WALL, owner, number)


def _author(post: Raw) -> int:
    author = raw.integer(post.get("from_id")) or raw.integer(post.get("owner_id"))
    if not author:
        raise Malformed("a post without an author")
    return author


def _pictured(post: Raw) -> SafeText:
    """First words under a picture, for posts that have no text of their own."""
    for entry in attached(post):
        if words := entry.text or entry.name:
            return words
    return SafeText("")
