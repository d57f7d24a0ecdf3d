"""What people do in private messages and group chats, as a script calls it."""

from __future__ import annotations

from collections.abc import Sequence

from smm_inbox.sandbox.vk import traffic
from smm_inbox.sandbox.vk.model import Json, Message
from smm_inbox.sandbox.vk.script import Script
from smm_inbox.sandbox.vk.world import CHAT_PEER


class MessageScript(Script):
    """Customers and colleagues in conversations with the community."""

    def customer_writes(
        self,
        user_id: int,
        text: str = "",
        *,
        attachments: Sequence[Json] = (),
        reply_to: Message | int = 0,
        forwards: Sequence[Json] = (),
        extra: Json | None = None,
        at: float | None = None,
    ) -> Message:
        """A customer writes to the community; `extra` may hold geo, payload, ref, ref_source."""
        return self.chat_message(
            user_id,
            text,
            peer_id=user_id,
            attachments=attachments,
            reply_to=reply_to,
            forwards=forwards,
            extra=extra,
            at=at,
        )

    def chat_message(
        self,
        user_id: int,
        text: str = "",
        *,
        peer_id: int = CHAT_PEER,
        attachments: Sequence[Json] = (),
        reply_to: Message | int = 0,
        forwards: Sequence[Json] = (),
        extra: Json | None = None,
        at: float | None = None,
    ) -> Message:
        """Somebody writes in a group chat the community is a member of."""
        with self.state.lock:
            return traffic.put_message(
                self.state,
                peer_id,
                user_id,
                text,
                attachments=attachments,
                reply_to=reply_to.cmid if isinstance(reply_to, Message) else reply_to,
                forwards=forwards,
                extra=extra,
                at=at,
            )

    def customer_edits(self, message: Message, text: str) -> None:
        """The author changes a message."""
        with self.state.lock:
            traffic.edit_message(self.state, message, text)

    def customer_deletes(self, message: Message) -> None:
        """The author takes a message away; VK tells nobody."""
        with self.state.lock:
            message.deleted = True

    def customer_reads(self, user_id: int) -> None:
        """The customer reads what we wrote."""
        with self.state.lock:
            dialog = self.state.dialog(user_id)
            last = dialog.messages[-1]
            dialog.out_read = last.cmid
            read: Json = {"from_id": user_id, "peer_id": user_id, "read_message_id": last.id}
            self.event("message_read", read | {"conversation_message_id": last.cmid})

    def customer_types(self, user_id: int) -> None:
        """The customer is typing."""
        state: Json = {"state": "message_typing_state", "from_id": user_id}
        self.event("message_typing_state", state | {"to_id": self.state.owner})

    def customer_reacts(self, message: Message, reaction: int = 1) -> None:
        """A reaction to a message."""
        reacted: Json = {"reacted_id": message.peer_id, "peer_id": message.peer_id}
        self.event(
            "message_reaction_event", reacted | {"cmid": message.cmid} | {"reaction_id": reaction}
        )

    def customer_allows(self, user_id: int) -> None:
        """The customer lets the community write to them."""
        with self.state.lock:
            person = self.state.users[user_id]
            person.allowed, person.can_write = True, 0
            self.event("message_allow", {"user_id": user_id, "key": ""})

    def customer_denies(self, user_id: int) -> None:
        """The customer forbids the community to write; sending answers 901."""
        with self.state.lock:
            self.state.users[user_id].can_write = 901
            self.event("message_deny", {"user_id": user_id})

    def admin_replies(
        self,
        peer_id: int,
        text: str,
        *,
        admin_id: int | None = None,
        reply_to: Message | int = 0,
        attachments: Sequence[Json] = (),
        at: float | None = None,
    ) -> Message:
        """A colleague answers a customer in VK's own page or app."""
        with self.state.lock:
            return traffic.put_message(
                self.state,
                peer_id,
                self.state.owner,
                text,
                attachments=attachments,
                reply_to=reply_to.cmid if isinstance(reply_to, Message) else reply_to,
                admin_author_id=admin_id or self.state.admin_id,
                at=at,
            )
