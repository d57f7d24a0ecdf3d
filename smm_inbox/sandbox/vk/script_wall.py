"""What people do with comments and posts, as a script calls it."""

from __future__ import annotations

from collections.abc import Sequence

from smm_inbox.sandbox.vk import traffic
from smm_inbox.sandbox.vk.model import BOARD, MARKET, PHOTO, VIDEO, WALL, Comment, Json, Post
from smm_inbox.sandbox.vk.script import Script
from smm_inbox.sandbox.vk.world import (
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


class WallScript(Script):
    """Customers and colleagues in public."""

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
