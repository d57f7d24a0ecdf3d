"""What people do in the network: the script side that tests and the demo speak to."""

from __future__ import annotations

from collections.abc import Sequence

from smm_inbox.sandbox.vk import traffic
from smm_inbox.sandbox.vk.faults import Faults
from smm_inbox.sandbox.vk.media import Media
from smm_inbox.sandbox.vk.model import (
    BOARD,
    MARKET,
    PHOTO,
    VIDEO,
    WALL,
    Call,
    Comment,
    Delivery,
    Json,
    Message,
    Post,
    User,
)
from smm_inbox.sandbox.vk.state import State
from smm_inbox.sandbox.vk.tokens import TokenKind
from smm_inbox.sandbox.vk.world import (
    CHAT_PEER,
    PHOTO_ID,
    POST_ID,
    PRODUCT_ID,
    TOPIC_ID,
    VIDEO_ID,
)

DEFAULT_OBJECT = {
    WALL: POST_ID,
    PHOTO: PHOTO_ID,
    VIDEO: VIDEO_ID,
    MARKET: PRODUCT_ID,
    BOARD: TOPIC_ID,
}


class Customers:
    """Everybody who is not us: customers, visitors, colleagues in the browser, the network itself.

    Every call takes effect at once and queues the event VK would send. `at` is a Unix time for
    things that happened earlier.
    """

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self.state.faults

    @property
    def media(self) -> Media:
        """Makes attachments."""
        return self.state.media

    @property
    def sent(self) -> list[Delivery]:
        """A copy of everything that took effect in the community's name."""
        with self.state.lock:
            return list(self.state.sent)

    @property
    def calls(self) -> list[Call]:
        """A copy of the log of calls, without tokens."""
        with self.state.lock:
            return list(self.state.calls)

    # private messages and group chats

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

    # comments

    def comment_on(
        self,
        kind: str,
        object_id: int | None,
        user_id: int,
        text: str = "",
        *,
        reply_to: Comment | int | None = None,
        attachments: Sequence[Json] = (),
        likes: int = 0,
        at: float | None = None,
    ) -> Comment:
        """Somebody comments a post (`wall`), `photo`, `video`, product (`market`) or `board` topic.

        A negative `user_id` is a community, ours for instance.
        """
        with self.state.lock:
            target = reply_to
            if isinstance(target, int):
                target = self.state.comments[kind, self.state.owner, target]
            return traffic.put_comment(
                self.state,
                kind,
                DEFAULT_OBJECT[kind] if object_id is None else object_id,
                user_id,
                text,
                reply_to=target,
                attachments=attachments,
                likes=likes,
                at=at,
            )

    def customer_comments(
        self,
        post_id: int | None,
        user_id: int,
        text: str = "",
        *,
        reply_to: Comment | int | None = None,
        attachments: Sequence[Json] = (),
        at: float | None = None,
    ) -> Comment:
        """A customer comments one of our posts, in a thread when it is a reply."""
        return self.comment_on(
            WALL, post_id, user_id, text, reply_to=reply_to, attachments=attachments, at=at
        )

    def photo_comment(self, user_id: int, text: str, *, at: float | None = None) -> Comment:
        """A comment under our photo."""
        return self.comment_on(PHOTO, None, user_id, text, at=at)

    def video_comment(self, user_id: int, text: str, *, at: float | None = None) -> Comment:
        """A comment under our video."""
        return self.comment_on(VIDEO, None, user_id, text, at=at)

    def product_comment(self, user_id: int, text: str, *, at: float | None = None) -> Comment:
        """A comment under our product."""
        return self.comment_on(MARKET, None, user_id, text, at=at)

    def topic_comment(self, user_id: int, text: str, *, at: float | None = None) -> Comment:
        """A message in our discussion topic."""
        return self.comment_on(BOARD, None, user_id, text, at=at)

    def admin_comments(
        self,
        post_id: int | None,
        text: str,
        *,
        reply_to: Comment | int | None = None,
        kind: str = WALL,
        at: float | None = None,
    ) -> Comment:
        """A colleague answers a comment as the community in VK's own page."""
        return self.comment_on(kind, post_id, self.state.owner, text, reply_to=reply_to, at=at)

    def customer_edits_comment(self, comment: Comment, text: str) -> None:
        """The author changes a comment."""
        with self.state.lock:
            traffic.edit_comment(self.state, comment, text)

    def delete_comment(self, comment: Comment, *, by: int | None = None) -> None:
        """The author, or whoever `by` is, deletes a comment."""
        with self.state.lock:
            traffic.delete_comment(self.state, comment, by or comment.from_id)

    def restore_comment(self, comment: Comment) -> None:
        """A deleted comment comes back."""
        with self.state.lock:
            traffic.restore_comment(self.state, comment)

    # posts

    def post(
        self,
        from_id: int,
        text: str,
        *,
        owner_id: int | None = None,
        post_type: str = "post",
        attachments: Sequence[Json] = (),
        repost_of: int = 0,
        at: float | None = None,
    ) -> Post:
        """A post on a wall, ours unless told otherwise."""
        with self.state.lock:
            state = self.state
            owner = state.owner if owner_id is None else owner_id
            item = Post(
                owner,
                state.comment_id(WALL),
                from_id,
                int(at) if at is not None else state.now(),
                text,
                post_type,
                list(attachments),
                repost_of=(state.owner, repost_of) if repost_of else None,
            )
            return traffic.put_post(state, item)

    def publish_post(self, text: str, *, at: float | None = None) -> Post:
        """The community publishes a post."""
        return self.post(self.state.owner, text, at=at)

    def suggest_post(
        self,
        user_id: int,
        text: str,
        *,
        attachments: Sequence[Json] = (),
        at: float | None = None,
    ) -> Post:
        """A reader suggests a post."""
        return self.post(user_id, text, post_type="suggest", attachments=attachments, at=at)

    def visitor_post(self, user_id: int, text: str, *, at: float | None = None) -> Post:
        """A visitor writes on our open wall."""
        return self.post(user_id, text, at=at)

    def repost(
        self, user_id: int, text: str = "", *, post_id: int = POST_ID, at: float | None = None
    ) -> Post:
        """Somebody takes our post to their own wall."""
        return self.post(user_id, text, owner_id=user_id, repost_of=post_id, at=at)

    def mention_elsewhere(self, user_id: int, text: str, *, at: float | None = None) -> Post:
        """A post on somebody's own wall; no event, only a search finds it."""
        return self.post(user_id, text, owner_id=user_id, at=at)

    # the network itself

    def add_user(self, person: User) -> User:
        """Another person."""
        with self.state.lock:
            self.state.users[person.id] = person
            return person

    def event(self, kind: str, obj: Json) -> None:
        """Any event, also of a kind nobody knows."""
        with self.state.lock:
            self.state.events.publish(kind, obj)

    def revoke_token(self, kind: TokenKind | str, *, other_ip: bool = False) -> None:
        """Tokens of this kind stop working: revoked, or bound to another address."""
        with self.state.lock:
            for token in self.state.tokens.values():
                if token.kind == TokenKind(kind):
                    token.revoked, token.other_ip = not other_ip, other_ip

    def restore_token(self, kind: TokenKind | str) -> None:
        """Tokens of this kind work again."""
        with self.state.lock:
            for token in self.state.tokens.values():
                if token.kind == TokenKind(kind):
                    token.revoked = token.other_ip = False

    def expire_key(self) -> None:
        """The long-poll key is too old: failed 2."""
        with self.state.lock:
            self.state.events.expire_keys()

    def forget_events(self) -> None:
        """The queue's history is gone: failed 1 for whoever is behind."""
        with self.state.lock:
            self.state.events.forget()

    def restart_long_poll(self) -> None:
        """Information lost: failed 3, a new key and a new ts are needed."""
        with self.state.lock:
            self.state.events.restart()

    def redeliver(self, count: int) -> None:
        """The last events come once more with the next answer."""
        with self.state.lock:
            self.state.events.repeat(count)
