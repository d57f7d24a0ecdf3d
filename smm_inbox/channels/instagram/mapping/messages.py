"""Direct messages, story replies and story mentions."""

from __future__ import annotations

from smm_inbox.domain.conversation import Kind, Place, Root
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Direction, NetworkMessage
from smm_inbox.domain.text import SafeText, clean, clean_line

from . import attachments, raw
from .harvest import Lens

STORY = "story:"
_REACTION = ":reaction:"


def place(person: str, *, story: str = "") -> Place:
    """The private conversation with a person."""
    return Place(
        Kind.DIRECT,
        RemoteId(person),
        contact=RemoteId(person),
        root=RemoteId(STORY + story) if story else None,
        url=attachments.INBOX,
    )


def story_root(message: raw.Raw) -> Root | None:
    """The story a message hangs on; its link dies within a day."""
    story = attachments.story_id(message)
    if not story:
        return None
    told = raw.obj(message.get("story"))
    link = raw.obj(told.get("reply_to")) or raw.obj(told.get("mention"))
    return Root(RemoteId(STORY + story), "story", url=raw.address(link.get("link")))


def message(entry: raw.Raw, person: str, lens: Lens) -> NetworkMessage | None:
    """One message; ``None`` for one of which Instagram tells nothing any more."""
    key = raw.identifier(entry.get("id"))
    author = raw.obj(entry.get("from"))
    who = raw.identifier(author.get("id"))
    username = clean_line(author.get("username"), limit=64)
    if not key or not (who or username):
        return None
    ours = lens.us.is_us(who, username)
    text = clean(entry.get("message"))
    files = attachments.of_message(entry)
    if not text.strip() and not files:
        # Something is there that this API has no word for: a row says so, nothing is dropped.
        files = (attachments.unsupported(),)
    mention = bool(raw.obj(raw.obj(entry.get("story")).get("mention")))
    return NetworkMessage(
        place=place(person, story="" if ours else attachments.story_id(entry)),
        remote_id=RemoteId(key),
        direction=Direction.OUT if ours else Direction.IN,
        text=text,
        sent_at=raw.moment(entry.get("created_time")) or lens.now,
        author=None if ours else RemoteId(person),
        attachments=files,
        mentions_us=mention and not ours,
        url=attachments.INBOX,
    )


def reactions(entry: raw.Raw, lens: Lens) -> dict[str, str]:
    """Emoji by the id of who reacted, without our own."""
    found: dict[str, str] = {}
    for told in raw.data(entry.get("reactions")):
        emoji = clean_line(told.get("reaction"), limit=16)
        for user in raw.items(told.get("users")):
            who = raw.identifier(user.get("id"))
            if who and emoji and not lens.us.is_us(who):
                found[who] = emoji
    return found


def reaction_id(key: str, who: str) -> RemoteId:
    """The key of a reaction."""
    return RemoteId(f"{key}{_REACTION}{who}")


def reaction(to: NetworkMessage, who: str, emoji: str, lens: Lens) -> NetworkMessage:
    """A reaction as a line that nobody has to answer. Instagram tells no time of it."""
    return NetworkMessage(
        place=to.place,
        remote_id=reaction_id(to.remote_id, who),
        direction=Direction.IN,
        text=SafeText(emoji),
        sent_at=to.sent_at if lens.now < to.sent_at else lens.now,
        author=RemoteId(who),
        reply_to=to.remote_id,
        needs_answer=False,
        reaction=True,
    )
