"""Remote ids: how VK's numbers become the opaque names of the inbox, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from smm_inbox.domain.ids import RemoteId

CHAT_BASE = 2_000_000_000
"""Peers above it are group chats."""

SITE = "https://vk.com"


class Section(StrEnum):
    """Places where comments are written."""

    WALL = "wall"
    PHOTO = "photo"
    VIDEO = "video"
    MARKET = "market"
    BOARD = "board"


_ROOT_WORD = {
    Section.WALL: "post",
    Section.PHOTO: "photo",
    Section.VIDEO: "video",
    Section.MARKET: "product",
    Section.BOARD: "topic",
}
_SECTION_OF = {word: section for section, word in _ROOT_WORD.items()}

_COMMENT = re.compile(r"(wall|photo|video|market)(-?\d+)_(\d+)")
_BOARD_COMMENT = re.compile(r"(board)(-?\d+)_(\d+)_(\d+)")
_THREAD = re.compile(r"(wall|photo|video|market|board)(-?\d+)_(\d+):(-?\d+)")
_ROOT = re.compile(r"(post|photo|video|product|topic)(-?\d+)_(\d+)")
_MESSAGE = re.compile(r"(-?\d+)_(m?)(\d+)")


@dataclass(frozen=True, slots=True)
class Subject:
    """What comments hang on: a post, photo, video, product or topic."""

    section: Section
    owner: int
    id: int

    @property
    def root(self) -> RemoteId:
        """Name of its snapshot."""
        return RemoteId(f"{_ROOT_WORD[self.section]}{self.owner}_{self.id}")

    @property
    def root_kind(self) -> str:
        """Kind of its snapshot."""
        return _ROOT_WORD[self.section]

    @property
    def url(self) -> str:
        """Its page."""
        match self.section:
            case Section.MARKET:
                return f"{SITE}/market{self.owner}?w=product{self.owner}_{self.id}"
            case Section.BOARD:
                return f"{SITE}/topic{self.owner}_{self.id}"
            case _:
                return f"{SITE}/{self.section}{self.owner}_{self.id}"

    def thread(self, root: int) -> RemoteId:
        """Name of the conversation under the root comment ``root``; on a board: with ``root``."""
        return RemoteId(f"{self.section}{self.owner}_{self.id}:{root}")

    def comment(self, comment: int) -> RemoteId:
        """Name of one comment."""
        if self.section is Section.BOARD:
            return RemoteId(f"board{self.owner}_{self.id}_{comment}")
        return RemoteId(f"{self.section}{self.owner}_{comment}")

    def comment_url(self, comment: int, thread: int | None) -> str:
        """Page of one comment, as exact as VK's addresses allow."""
        if self.section is Section.WALL:
            branch = f"&thread={thread}" if thread and thread != comment else ""
            return f"{self.url}?reply={comment}{branch}"
        if self.section is Section.BOARD:
            return f"{self.url}?post={comment}"
        return self.url


@dataclass(frozen=True, slots=True)
class MessageKey:
    """A private or chat message. Chats number by ``cmid`` only, ``id`` is the global number."""

    peer: int
    cmid: int | None
    id: int | None = None

    @property
    def remote_id(self) -> RemoteId:
        """Name of the message; ``m`` marks the global number, known before the other one."""
        if self.cmid is not None:
            return RemoteId(f"{self.peer}_{self.cmid}")
        return RemoteId(f"{self.peer}_m{self.id}")


def is_chat(peer: int) -> bool:
    """Whether ``peer`` is a group chat."""
    return peer > CHAT_BASE


def parse_message(name: str) -> MessageKey | None:
    """The key behind a message's remote id."""
    found = _MESSAGE.fullmatch(name)
    if not found:
        return None
    peer, number = int(found[1]), int(found[3])
    return MessageKey(peer, None, number) if found[2] else MessageKey(peer, number)


def parse_comment(name: str) -> tuple[Section, int, int] | None:
    """Section, owner and number behind a comment's remote id."""
    found = _COMMENT.fullmatch(name)
    if found:
        return Section(found[1]), int(found[2]), int(found[3])
    found = _BOARD_COMMENT.fullmatch(name)
    return (Section.BOARD, int(found[2]), int(found[4])) if found else None


def parse_thread(name: str) -> tuple[Subject, int] | None:
    """Subject and root comment (board: author) behind a conversation's remote id."""
    found = _THREAD.fullmatch(name)
    if not found:
        return None
    return Subject(Section(found[1]), int(found[2]), int(found[3])), int(found[4])


def parse_root(name: str) -> Subject | None:
    """The subject behind a snapshot's remote id."""
    found = _ROOT.fullmatch(name)
    return Subject(_SECTION_OF[found[1]], int(found[2]), int(found[3])) if found else None


def person(number: int) -> RemoteId:
    """Name of a contact: a user's number, or a community's with a minus."""
    return RemoteId(str(number))


def person_url(number: int) -> str:
    """Page of a user or community."""
    return f"{SITE}/id{number}" if number > 0 else f"{SITE}/club{-number}"
