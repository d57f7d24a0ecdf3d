"""Private messages: what customers and colleagues do."""

from __future__ import annotations

from collections.abc import Sequence

from smm_inbox.sandbox.telegram.model import (
    Forward,
    Media,
    Message,
    is_channel,
    private,
)
from smm_inbox.sandbox.telegram.pushing import tell
from smm_inbox.sandbox.telegram.script import Attached, Script, Who, number
from smm_inbox.sandbox.telegram.tl import types
from smm_inbox.sandbox.telegram.traffic import Draft, delete, edit, put, read_by_them
from smm_inbox.sandbox.telegram.world import ME


class PrivateScript(Script):
    """Customers write to an account, and the account's owner answers from a phone."""

    def customer_writes(
        self,
        who: Who,
        text: str = "",
        *,
        media: Attached = None,
        reply_to: Message | None = None,
        forward_of: str = "",
        to: int = ME,
        at: float | None = None,
    ) -> Message:
        """A private message to an account; `forward_of` names a hidden original author."""
        with self.state.lock:
            return put(
                self.state,
                Draft(
                    chat=private(number(who), to),
                    author=number(who),
                    text=text,
                    media=self._media(media),
                    reply_to=reply_to.uid if reply_to else 0,
                    forward=Forward(self.state.now(), name=forward_of) if forward_of else None,
                    at=at,
                ),
            )

    def customer_sends_album(
        self,
        who: Who,
        media: Sequence[Media],
        caption: str = "",
        *,
        to: int = ME,
        at: float | None = None,
    ) -> list[Message]:
        """Several pictures as one message."""
        with self.state.lock:
            album = self.state.number()
            return [
                put(
                    self.state,
                    Draft(
                        chat=private(number(who), to),
                        author=number(who),
                        text=caption if place == 0 else "",
                        media=item,
                        album=album,
                        at=at,
                    ),
                )
                for place, item in enumerate(media)
            ]

    def customer_edits(self, message: Message, text: str) -> None:
        """A message changes, in whatever chat it stands."""
        with self.state.lock:
            edit(self.state, message, text)

    def customer_deletes(self, *messages: Message) -> None:
        """Messages of one chat go, for everybody."""
        with self.state.lock:
            delete(self.state, messages)

    def customer_reads(self, who: Who, *, of: int = ME) -> None:
        """The customer read everything we wrote."""
        with self.state.lock:
            chat = private(number(who), of)
            newest = self.state.history(chat, of)
            if newest:
                read_by_them(self.state, chat, of, newest[0].ids[str(of)])

    def customer_types(self, who: Who, *, to: int = ME) -> None:
        """Show our account that they are typing."""
        with self.state.lock:
            action = types.SendMessageTypingAction()
            tell(self.state, to, types.UpdateUserTyping(number(who), action))

    def customer_reacts(self, message: Message, sign: str = "👍") -> None:
        """A reaction under a message."""
        from smm_inbox.sandbox.telegram import shapes  # noqa: PLC0415

        with self.state.lock:
            message.reactions[sign] = message.reactions.get(sign, 0) + 1
            self.state.dirty = True
            for viewer in self.state.audience(message.chat):
                where = shapes.peer(message.chat, viewer)
                name = self.state.box_name(message.chat, viewer)
                shown = shapes.reactions(message)
                update = types.UpdateMessageReactions(where, message.ids[name], shown)
                tell(self.state, viewer, update)

    def admin_replies_from_phone(
        self,
        who: Who,
        text: str = "",
        *,
        media: Attached = None,
        reply_to: Message | None = None,
        at: float | None = None,
    ) -> Message:
        """Our account answers from another device."""
        with self.state.lock:
            return put(
                self.state,
                Draft(
                    chat=private(number(who), ME),
                    author=ME,
                    text=text,
                    media=self._media(media),
                    reply_to=reply_to.uid if reply_to else 0,
                    at=at,
                ),
            )

    def admin_edits_from_phone(self, message: Message, text: str) -> None:
        """Our account changes its message on another device."""
        with self.state.lock:
            edit(self.state, message, text)

    def admin_deletes_from_phone(self, message: Message, *, for_all: bool = True) -> None:
        """Our account deletes a message on another device."""
        with self.state.lock:
            alone = 0 if for_all or is_channel(message.chat) else ME
            delete(self.state, [message], only=alone)
