"""Changing what stands on VK already: edit, delete, mark as read, "is typing"."""

from __future__ import annotations

import logging

from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import ChannelError, Rejected
from smm_inbox.domain.ids import RemoteId
from smm_inbox.locale import tr

from . import errors
from .account import Account
from .api import OPERATOR, Params
from .failures import ApiFailure
from .mapping import raw
from .mapping.keys import (
    MessageKey,
    Section,
    parse_comment,
    parse_message,
    parse_root,
    parse_thread,
)
from .mapping.raw import Raw
from .targets import peer_of, place_of_comments
from .uploads import attachment_names

_log = logging.getLogger(__name__)

_GONE = 104
_EDIT = {
    Section.WALL: "wall.editComment",
    Section.PHOTO: "photos.editComment",
    Section.VIDEO: "video.editComment",
    Section.MARKET: "market.editComment",
    Section.BOARD: "board.editComment",
}
_DELETE = {
    Section.WALL: "wall.deleteComment",
    Section.PHOTO: "photos.deleteComment",
    Section.VIDEO: "video.deleteComment",
    Section.MARKET: "market.deleteComment",
    Section.BOARD: "board.deleteComment",
}


class Moderator:
    """Every act here may be repeated without harm."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def edit(self, place: Place, remote_id: RemoteId, text: str) -> None:
        """Replace the text of our own message or comment; files on it are kept."""
        key = parse_message(remote_id)
        if key is not None and peer_of(place) is not None:
            await self._edit_message(key, text)
            return
        section, params = self._comment(place, remote_id)
        params["message"] = text
        kept = await self._kept_on_comment(section, params, place)
        if kept:
            params["attachments"] = kept
        await self._act(_EDIT[section], params)

    async def delete(self, place: Place, remote_id: RemoteId) -> None:
        """Delete for everybody; what is gone already is fine."""
        key = parse_message(remote_id)
        if key is not None and peer_of(place) is not None:
            await self._delete_message(key)
            return
        section, params = self._comment(place, remote_id)
        # Photos and goods answer 0 for a comment that is not there: the wish is fulfilled.
        await self._act(_DELETE[section], params)

    async def mark_read(self, place: Place) -> None:
        """Mark a private conversation as read; comments have no such mark."""
        peer = peer_of(place)
        if peer is not None and place.kind is Kind.DIRECT:
            await self._account.api.call(
                "messages.markAsRead", {"peer_id": peer, "mark_conversation_as_read": 1}
            )

    async def typing(self, place: Place) -> None:
        """Show "is typing" in a private conversation or chat."""
        peer = peer_of(place)
        if peer is not None:
            await self._account.api.call(
                "messages.setActivity", {"peer_id": peer, "type": "typing"}
            )

    async def _edit_message(self, key: MessageKey, text: str) -> None:
        params: dict[str, object] = {
            "peer_id": key.peer,
            **_which(key, "conversation_message_id", "message_id"),
            "message": text,
            "keep_forward_messages": 1,
            "keep_snippets": 1,
        }
        kept = attachment_names(await self._current(key))
        if kept:
            params["attachment"] = kept
        await self._act("messages.edit", params)

    async def _current(self, key: MessageKey) -> Raw:
        """The message as it is: VK drops the files of an edited message unless told again."""
        if key.cmid is not None:
            answer = await self._account.api.call(
                "messages.getByConversationMessageId",
                {"peer_id": key.peer, "conversation_message_ids": key.cmid},
                lane=OPERATOR,
            )
        else:
            answer = await self._account.api.call(
                "messages.getById", {"message_ids": key.id}, lane=OPERATOR
            )
        return next(iter(raw.items(raw.obj(answer).get("items"))), {})

    async def _kept_on_comment(self, section: Section, params: Params, place: Place) -> str:
        number = params["comment_id"]
        if section is Section.WALL:
            method = "wall.getComment"
            query: Params = {"owner_id": params["owner_id"], "comment_id": number}
        else:
            target = place_of_comments(place)
            method = target.read_method
            query = {**target.where(), "start_comment_id": number, "count": 1}
        try:
            answer = raw.obj(await self._account.api.call(method, query, lane=OPERATOR))
        except ChannelError as error:
            _log.info("files of a comment are not known: %s", type(error).__name__)
            return ""
        found = (entry for entry in raw.items(answer.get("items")) if entry.get("id") == number)
        return attachment_names(next(found, {}))

    async def _delete_message(self, key: MessageKey) -> None:
        answer = await self._account.api.act(
            "messages.delete",
            {"peer_id": key.peer, **_which(key, "cmids", "message_ids"), "delete_for_all": 1},
            repeatable=True,
        )
        for entry in raw.items(answer):
            told = raw.obj(entry.get("error"))
            code = raw.integer(told.get("code"))
            if code is None or code == _GONE:
                continue
            description = told.get("description")
            failure = ApiFailure(code, description if isinstance(description, str) else "")
            raise errors.translate(failure, effect=False, now=self._account.context.clock.now())

    def _comment(self, place: Place, remote_id: RemoteId) -> tuple[Section, dict[str, object]]:
        found = parse_comment(remote_id)
        if found is None:
            raise Rejected(tr("This cannot be changed from here: do it on VK itself."))
        section, owner, number = found
        if section is not Section.BOARD:
            return section, {"owner_id": owner, "comment_id": number}
        thread = parse_thread(str(place.conversation))
        subject = thread[0] if thread else parse_root(str(place.root or ""))
        if subject is None:
            raise Rejected(tr("This cannot be changed from here: do it on VK itself."))
        topic = {"group_id": abs(owner), "topic_id": subject.id, "comment_id": number}
        return section, dict(topic)

    async def _act(self, method: str, params: Params) -> None:
        try:
            await self._account.api.act(method, params, repeatable=True)
        except errors.Gone:
            if method not in _DELETE.values():
                raise


def _which(key: MessageKey, by_cmid: str, by_id: str) -> dict[str, object]:
    return {by_cmid: key.cmid} if key.cmid is not None else {by_id: key.id}
