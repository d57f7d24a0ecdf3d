"""Where an answer goes: a peer, or a place for comments with its own method and parameters."""

from __future__ import annotations

from dataclasses import dataclass

from smm_inbox.domain.conversation import Place
from smm_inbox.domain.errors import Rejected
from smm_inbox.domain.ids import Token
from smm_inbox.domain.message import Outgoing
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from .mapping import raw
from .mapping.keys import Section, Subject, parse_comment, parse_root, parse_thread
from .rights import Rights

_CREATE = {
    Section.WALL: "wall.createComment",
    Section.PHOTO: "photos.createComment",
    Section.VIDEO: "video.createComment",
    Section.MARKET: "market.createComment",
    Section.BOARD: "board.createComment",
}
_READ = {
    Section.WALL: "wall.getComments",
    Section.PHOTO: "photos.getComments",
    Section.VIDEO: "video.getComments",
    Section.MARKET: "market.getComments",
    Section.BOARD: "board.getComments",
}
_ID_PARAM = {
    Section.WALL: "post_id",
    Section.PHOTO: "photo_id",
    Section.VIDEO: "video_id",
    Section.MARKET: "item_id",
    Section.BOARD: "topic_id",
}


@dataclass(frozen=True, slots=True)
class CommentTarget:
    """A place for a comment of ours."""

    subject: Subject
    root: int | None
    """Root comment of the thread; ``None`` directly under the post or in a discussion."""
    reply_to: int | None
    speaks_to: int | None
    """Whom to name in the text, where VK has no replies."""

    @property
    def method(self) -> str:
        """Method that writes the comment."""
        return _CREATE[self.subject.section]

    @property
    def read_method(self) -> str:
        """Method that reads comments of this place."""
        return _READ[self.subject.section]

    def can_look(self, rights: Rights) -> bool:
        """Whether some token can read the comments here."""
        return rights.can(self.read_method)

    def where(self) -> dict[str, object]:
        """Parameters that name the place."""
        subject = self.subject
        named: dict[str, object] = {_ID_PARAM[subject.section]: subject.id}
        if subject.section is Section.BOARD:
            return {"group_id": abs(subject.owner), **named}
        return {"owner_id": subject.owner, **named}

    def params(self, group_id: int, text: str, guid: str) -> dict[str, object]:
        """Parameters of the method that writes."""
        params = self.where()
        # On the wall from_group is the community's number, everywhere else a flag.
        params["from_group"] = group_id if self.subject.section is Section.WALL else 1
        params["message"] = text
        params["guid"] = guid
        if self.reply_to is not None and self.subject.section is not Section.BOARD:
            params["reply_to_comment"] = self.reply_to
        return params


def peer_of(place: Place) -> int | None:
    """The peer of a private conversation or chat; ``None`` for places of comments."""
    return raw.integer(str(place.conversation))


def place_of_comments(place: Place) -> CommentTarget:
    """Where a comment in ``place`` would go; raises ``Rejected`` when none could."""
    return comment_target(Outgoing(place, SafeText(""), Token("")))


def comment_target(message: Outgoing) -> CommentTarget:
    """Where a comment goes; raises ``Rejected`` for a place that is not one of ours."""
    name = str(message.place.conversation)
    post = parse_root(name)
    if post is not None:
        return CommentTarget(post, None, _answered(message, post), None)
    thread = parse_thread(name)
    if thread is None:
        raise Rejected(tr("This conversation has no place on VK where an answer could go."))
    subject, root = thread
    if subject.section is Section.BOARD:
        return CommentTarget(subject, None, None, root if root > 0 else None)
    return CommentTarget(subject, root, _answered(message, subject) or root, None)


def _answered(message: Outgoing, subject: Subject) -> int | None:
    found = parse_comment(message.reply_to) if message.reply_to else None
    if found is None:
        return None
    section, owner, number = found
    return number if section is subject.section and owner == subject.owner else None
