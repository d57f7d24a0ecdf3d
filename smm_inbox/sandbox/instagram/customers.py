"""What people on the sandbox Instagram do, as calls of a test or of the demo's story."""

from __future__ import annotations

from collections.abc import Sequence

from smm_inbox.sandbox.instagram import state as world
from smm_inbox.sandbox.instagram.faults import Faults
from smm_inbox.sandbox.instagram.model import (
    Call,
    Comment,
    Delivery,
    Json,
    Media,
    Message,
    Person,
    Tag,
)
from smm_inbox.sandbox.instagram.state import State


class Customers:
    """The hands of everybody who is not the program under test."""

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def faults(self) -> Faults:
        """Trouble on demand."""
        return self.state.faults

    @property
    def sent(self) -> list[Delivery]:
        """Everything the business did that took effect, in order."""
        with self.state.lock:
            return list(self.state.sent)

    @property
    def calls(self) -> list[Call]:
        """Every request, without tokens."""
        with self.state.lock:
            return list(self.state.calls)

    # --- people -----------------------------------------------------------------------------------

    def add_person(
        self,
        username: str,
        name: str | None = None,
        *,
        followers: int = 100,
        person_id: str = "",
    ) -> str:
        """Somebody with an account; returns the id."""
        with self.state.lock:
            person = Person(person_id or self.state.number(), username, name, followers)
            self.state.people[person.id] = person
            return person.id

    # --- direct messages --------------------------------------------------------------------------

    def customer_writes(
        self,
        person_id: str,
        text: str = "",
        *,
        attachments: Sequence[Json] = (),
        shares: Sequence[Json] = (),
        story: Json | None = None,
        unsupported: bool = False,
        at: float | None = None,
    ) -> Message:
        """A direct message from somebody; opens the window anew."""
        with self.state.lock:
            state = self.state
            moment = state.now() if at is None else at
            message = Message(
                state.opaque("item"),
                person_id,
                world.USER_ID,
                text,
                moment,
                attachments=list(attachments),
                shares=list(shares),
                story=story,
                unsupported=unsupported,
            )
            talk = state.talk_with(person_id)
            talk.messages.append(message)
            talk.heard_at = max(talk.heard_at or 0.0, moment)
            talk.updated = max(talk.updated, moment)
            state.people[person_id].consented = True
            return message

    def replies_to_story(
        self, person_id: str, text: str, story_id: str, *, at: float | None = None
    ) -> Message:
        """An answer to a story of ours."""
        story: Json = {"reply_to": {"link": self._kept("2001"), "id": story_id}}
        return self.customer_writes(person_id, text, story=story, at=at)

    def mentions_in_story(self, person_id: str, *, at: float | None = None) -> Message:
        """Our name in somebody's own story."""
        story: Json = {"mention": {"link": self._kept("2002"), "id": self.state.number()}}
        return self.customer_writes(person_id, "", story=story, at=at)

    def photo(self) -> Json:
        """A picture to send along."""
        url = self._kept(self.state.number())
        picture: Json = {"width": 1080, "height": 1350, "url": url, "preview_url": url}
        return {"id": self.state.number(), "image_data": {**picture, "render_as_sticker": False}}

    def file(self, name: str) -> Json:
        """A file or a voice clip, as its name says."""
        number = self.state.number()
        return {"id": number, "name": name, "file_url": self._kept(number)}

    def expire_links(self) -> None:
        """Addresses of pictures and files die; whoever asks for a message anew gets new ones."""
        with self.state.lock:
            self.state.epoch += 1

    def _kept(self, asset: str) -> str:
        return f"{self.state.url}/{world.CDN}/{asset}"

    def owner_writes(self, person_id: str, text: str, *, at: float | None = None) -> Message:
        """The owner answers in Instagram's own app."""
        with self.state.lock:
            moment = self.state.now() if at is None else at
            message = Message(self.state.opaque("item"), world.USER_ID, person_id, text, moment)
            talk = self.state.talk_with(person_id)
            talk.messages.append(message)
            talk.updated = max(talk.updated, moment)
            return message

    def edits(self, message: Message, text: str) -> None:
        """A message gets another text in place; nothing marks it."""
        with self.state.lock:
            message.text = text

    def unsends(self, message: Message) -> None:
        """A message is taken away without a trace."""
        with self.state.lock:
            message.unsent = True

    def reacts(self, message: Message, person_id: str, emoji: str = "❤️") -> None:
        """An emoji on a message."""
        with self.state.lock:
            message.reactions[person_id] = emoji

    # --- posts and comments -----------------------------------------------------------------------

    def publish(
        self,
        caption: str,
        *,
        kind: str = "IMAGE",
        product: str = "FEED",
        likes: int = 0,
        at: float | None = None,
    ) -> Media:
        """A post, reel or story of ours."""
        with self.state.lock:
            number = self.state.number()
            moment = self.state.now() if at is None else at
            code = f"DC{number[-9:]}"
            self.state.media[number] = Media(number, caption, moment, kind, product, code, likes)
            return self.state.media[number]

    def comments(
        self,
        media: Media,
        person_id: str,
        text: str,
        *,
        reply_to: Comment | None = None,
        at: float | None = None,
    ) -> Comment:
        """A comment, or a reply that lands under the top comment."""
        with self.state.lock:
            parent = "" if reply_to is None else reply_to.parent_id or reply_to.id
            moment = self.state.now() if at is None else at
            comment = Comment(self.state.number(), media.id, person_id, text, moment, parent)
            self.state.comments[comment.id] = comment
            return comment

    def owner_comments(self, reply_to: Comment, text: str, *, at: float | None = None) -> Comment:
        """The owner answers a comment in Instagram's own app."""
        media = self.state.media[reply_to.media_id]
        return self.comments(media, world.USER_ID, text, reply_to=reply_to, at=at)

    def deletes_comment(self, comment: Comment) -> None:
        """A comment is gone, by its author's hand."""
        with self.state.lock:
            comment.deleted = True

    def tags_us(self, username: str, caption: str, *, at: float | None = None) -> Tag:
        """A photo of somebody's with our name on it."""
        with self.state.lock:
            number = self.state.number()
            moment = self.state.now() if at is None else at
            tag = Tag(number, username, caption, moment, f"DC{number[-9:]}")
            self.state.tags.append(tag)
            return tag

    # --- the token --------------------------------------------------------------------------------

    def kill_token(self, subcode: int = 463) -> None:
        """Every token stops being good, as after a change of the password."""
        with self.state.lock:
            for token in self.state.tokens.values():
                token.dead = subcode

    def revive_token(self) -> None:
        """Tokens are good again, as after a new one was made."""
        with self.state.lock:
            for token in self.state.tokens.values():
                token.dead = 0
