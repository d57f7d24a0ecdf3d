"""Channels, discussion groups and neighbourhood groups: what people do there."""

from __future__ import annotations

from smm_inbox.sandbox.telegram.model import (
    Message,
    channel_chat,
    group_chat,
    is_channel,
    number_of,
)
from smm_inbox.sandbox.telegram.script import Attached, Script, Who, number
from smm_inbox.sandbox.telegram.shapes import copy_of
from smm_inbox.sandbox.telegram.traffic import Draft, put
from smm_inbox.sandbox.telegram.world import CHANNEL_ID, ME, NEIGHBOURS_ID, SUGGESTIONS_ID


class GroupScript(Script):
    """Posts, comments under them, and talk in groups."""

    def publish_post(
        self,
        text: str,
        *,
        media: Attached = None,
        channel: int = CHANNEL_ID,
        author: int = ME,
        at: float | None = None,
    ) -> Message:
        """A post in a channel; its copy appears in the discussion group."""
        with self.state.lock:
            place = self.state.channels[channel]
            post = put(
                self.state,
                Draft(
                    chat=channel_chat(channel),
                    author=author,
                    as_channel=channel,
                    text=text,
                    media=self._media(media),
                    signature=self.state.users[author].first_name if place.signatures else "",
                    at=at,
                ),
            )
            post.views = 1
            return post

    def copy_of_post(self, post: Message) -> Message:
        """The copy of a post in the discussion group.

        Raises:
            ValueError: The channel has no discussion group.
        """
        with self.state.lock:
            copy = copy_of(self.state, post)
        if copy is None:
            raise ValueError("nothing is discussed under this post")
        return copy

    def customer_comments(
        self,
        post: Message,
        who: Who,
        text: str = "",
        *,
        reply_to: Message | None = None,
        media: Attached = None,
        as_channel: int = 0,
        at: float | None = None,
    ) -> Message:
        """A comment under a post, or under another comment.

        Args:
            post: The post in the channel.
            who: Who comments.
            text: What they write.
            reply_to: The comment they answer.
            media: What they attach.
            as_channel: They comment in the name of this channel.
            at: When.
        """
        with self.state.lock:
            target = reply_to or self.copy_of_post(post)
            return self._says(
                target.chat, who, text, media, reply_to=target, as_channel=as_channel, at=at
            )

    def group_message(
        self,
        who: Who,
        text: str = "",
        *,
        group: int = NEIGHBOURS_ID,
        media: Attached = None,
        reply_to: Message | None = None,
        at: float | None = None,
    ) -> Message:
        """Something said in a supergroup, or in a basic group."""
        with self.state.lock:
            chat = group_chat(group) if group in self.state.groups else channel_chat(group)
            return self._says(chat, who, text, media, reply_to=reply_to, at=at)

    def mention_in_group(
        self,
        who: Who,
        text: str = "",
        *,
        group: int = NEIGHBOURS_ID,
        reply_to: Message | None = None,
        at: float | None = None,
    ) -> Message:
        """Somebody names us in a group; our @username is put in front when it is missing."""
        with self.state.lock:
            name = f"@{self.state.users[ME].username}"
        text = text if name.lower() in text.lower() else f"{name} {text}"
        return self.group_message(who, text, group=group, reply_to=reply_to, at=at)

    def admin_comments_from_phone(
        self,
        reply_to: Message,
        text: str,
        *,
        as_channel: int = 0,
        at: float | None = None,
    ) -> Message:
        """Our account answers in a group or under a post from another device.

        Args:
            reply_to: A comment, a message of a group, or a post.
            text: What it writes.
            as_channel: In the name of the group (an anonymous admin) or of the channel.
            at: When.
        """
        with self.state.lock:
            target = reply_to
            if is_channel(reply_to.chat):
                place = self.state.channels[number_of(reply_to.chat)]
                target = self.copy_of_post(reply_to) if place.broadcast else reply_to
            return self._says(
                target.chat, ME, text, None, reply_to=target, as_channel=as_channel, at=at
            )

    def customer_suggests(
        self,
        who: Who,
        text: str = "",
        *,
        media: Attached = None,
        post: bool = True,
        at: float | None = None,
    ) -> Message:
        """Somebody writes to the channel itself: a suggested post, or just a message."""
        with self.state.lock:
            return put(
                self.state,
                Draft(
                    chat=channel_chat(SUGGESTIONS_ID),
                    author=number(who),
                    text=text,
                    media=self._media(media),
                    letter_of=number(who),
                    suggested=post,
                    at=at,
                ),
            )

    def service_notice(self, group: int, kind: str = "pinned", who: Who = ME) -> Message:
        """A notice in a group: `joined`, `pinned`, `created`."""
        with self.state.lock:
            chat = group_chat(group) if group in self.state.groups else channel_chat(group)
            return put(self.state, Draft(chat=chat, author=number(who), service=kind))

    def _says(
        self,
        chat: str,
        who: Who,
        text: str,
        media: Attached,
        *,
        reply_to: Message | None = None,
        as_channel: int = 0,
        at: float | None = None,
    ) -> Message:
        return put(
            self.state,
            Draft(
                chat=chat,
                author=number(who),
                text=text,
                media=self._media(media),
                reply_to=reply_to.uid if reply_to else 0,
                as_channel=as_channel,
                at=at,
            ),
        )
