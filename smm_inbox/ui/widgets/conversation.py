"""The open conversation: its head, its messages, and the message the keys act upon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from smm_inbox.domain.ids import AccountId, ConversationId, MessageId
from smm_inbox.domain.note import Note
from smm_inbox.domain.parts import Direction
from smm_inbox.locale import tr
from smm_inbox.ui.commands import Context
from smm_inbox.ui.safe import wrap

from .message_flow import Entry, MessageFlow, entry_id, written_at
from .message_lines import is_unsent
from .painted import Line, Painted

if TYPE_CHECKING:
    from smm_inbox.domain.feed import ConversationCard, MessagePage, MessageRow
    from smm_inbox.domain.person import Margin

_WHEEL = 3
_BAR = "▌"
_MARGINS = 3
"""Selection bar, a blank column after it and one at the right edge."""


class Conversation(Painted, can_focus=True):
    """Messages of one conversation, painted inside a fixed size."""

    KEY_CONTEXT = Context.CONVERSATION

    class EarlierWanted(Message):
        """The top was reached and older messages exist."""

    class Selected(Message):
        """The keys may act upon another message now."""

    class Clicked(Message):
        """The pane was clicked: the operator means this conversation."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        zone: tzinfo,
        channels: Mapping[AccountId, str],
        keys: Callable[[str], str],
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.card: ConversationCard | None = None
        self.opened = False
        self.flow = MessageFlow(zone, keys)
        self._now = now
        self._zone = zone
        self._channels = channels
        self._keys = keys
        self.margin: Margin | None = None
        """What stands beside the messages and is never sent."""
        self._messages: tuple[MessageRow, ...] = ()
        self._earlier = False
        self._placed = False

    # Data

    @property
    def conversation(self) -> ConversationId | None:
        """The conversation shown."""
        return self.card.row.id if self.card else None

    @property
    def messages(self) -> tuple[MessageRow, ...]:
        """The loaded messages in time order."""
        return self._messages

    def show(
        self,
        card: ConversationCard | None,
        page: MessagePage | None,
        margin: Margin | None = None,
    ) -> None:
        """Show a conversation, or the same one with fresh data; the same one keeps its place."""
        same = card is not None and card.row.id == self.conversation
        anchor = self.flow.anchor() if same else None
        at_end = same and self.flow.at_end
        newest = self._newest
        self.card = card
        self.margin = margin
        self._messages = page.messages if page else ()
        self._earlier = bool(page and page.earlier)
        if not same:
            self.opened = False
            self.flow.forget()
            self._placed = False
        if self.flow.selected not in {entry_id(entry) for entry in self._entries}:
            self.flow.selected = card.reply_target if card else None
        self._relay()
        if not same:
            self._place()
        elif at_end and self._newest != newest:
            self.flow.to_the_end()
        else:
            self.flow.return_to(anchor)
        self._repaint()

    @property
    def _entries(self) -> tuple[Entry, ...]:
        """Messages with the notes between them; notes older than what is loaded wait for it."""
        since = self._messages[0].sent_at if self._earlier and self._messages else None
        beside = self.margin.notes if self.margin else ()
        notes = [one for one in beside if since is None or one.written_at >= since]
        if not notes:
            return self._messages
        return tuple(sorted((*self._messages, *notes), key=written_at))

    @property
    def _newest(self) -> object:
        entries = self._entries
        return entry_id(entries[-1]) if entries else None

    def prepend(self, page: MessagePage) -> None:
        """Add earlier messages above; what is in view stays there."""
        anchor = self.flow.anchor()
        known = {message.id for message in self._messages}
        older = tuple(message for message in page.messages if message.id not in known)
        self._messages = older + self._messages
        self._earlier = page.earlier
        self._relay()
        self.flow.return_to(anchor)
        self._repaint()

    def tick(self) -> None:
        """Repaint what counts down."""
        if self.flow.live:
            self._relay()
            self._repaint()

    @property
    def selected(self) -> MessageRow | None:
        """The message the keys act upon."""
        return self.flow.selected_message

    @property
    def selected_note(self) -> Note | None:
        """The note the keys act upon."""
        return self.flow.selected_note

    @property
    def reply_target(self) -> MessageId | None:
        """Whom an answer goes to: the selected message if it is a customer's."""
        chosen = self.selected
        if chosen is not None and chosen.direction is Direction.IN:
            return chosen.id
        return self.card.reply_target if self.card else None

    @property
    def unsent(self) -> MessageRow | None:
        """The answer that delivery keys act upon: the selected one, otherwise the last unsent."""
        chosen = self.selected
        if chosen is not None and chosen.outbox is not None:
            return chosen
        waiting = [message for message in self._messages if is_unsent(message)]
        return waiting[-1] if waiting else None

    def message(self, message: MessageId | None) -> MessageRow | None:
        """A loaded message."""
        return next((one for one in self._messages if one.id == message), None)

    def toggle_opened(self) -> None:
        """Show or fold the post, long texts and what edited messages said before."""
        anchor = self.flow.anchor()
        self.opened = not self.opened
        self._relay()
        self.flow.return_to(anchor)
        self._repaint()

    def point_at(self, message: MessageId) -> None:
        """Select a loaded message and bring it into view."""
        self.flow.selected = message
        self._placed = True
        self.flow.reveal()
        self._repaint()

    def to_the_end(self) -> None:
        """Scroll to the newest message."""
        self.flow.to_the_end()
        self._repaint()

    # Keys

    def action_move_down(self) -> None:
        """Next message; scrolls a message that is higher than the pane."""
        self._after(self.flow.step(1))

    def action_move_up(self) -> None:
        """Message above."""
        self._after(self.flow.step(-1))

    def action_move_page_down(self) -> None:
        """One page down."""
        self._after(self.flow.page(1))

    def action_move_page_up(self) -> None:
        """One page up."""
        self._after(self.flow.page(-1))

    def action_move_first(self) -> None:
        """First loaded message."""
        self.flow.pick_end(last=False)
        self._after(True)

    def action_move_last(self) -> None:
        """Newest message."""
        self.flow.pick_end(last=True)
        self._repaint()

    def action_message_earlier(self) -> None:
        """Load earlier messages."""
        if self._earlier:
            self.post_message(self.EarlierWanted())

    def action_message_unfold(self) -> None:
        """Show or fold the rest of the selected message."""
        chosen = self.flow.selected
        if chosen is None:
            return
        anchor = self.flow.anchor()
        self.flow.unfolded ^= {chosen}
        self._relay()
        self.flow.return_to(anchor)
        self._repaint()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        """Select the message under the pointer."""
        if self.flow.pick(event.y - len(self._head())):
            self.post_message(self.Selected())
            self._repaint()
        self.post_message(self.Clicked())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Wheel down."""
        event.stop()
        self._after(self.flow.scroll(_WHEEL))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Wheel up."""
        event.stop()
        self._after(self.flow.scroll(-_WHEEL))

    # Painting

    def on_resize(self) -> None:
        """Break the lines anew."""
        anchor = self.flow.anchor()
        self._relay()
        if self._placed:
            self.flow.return_to(anchor)
        else:
            self._place()
        # Painted already in the new size, but with the lines of the old one.
        self._repaint()

    def paint(self, width: int, height: int) -> Sequence[Strip]:
        """Paint the head and the visible messages."""
        if self.card is None:
            hint = wrap(tr("Here the conversation under the cursor is shown."), width - 4)
            rows = [self.strip(((f"  {row}", "quiet"),), width) for row in hint]
            return [self.strip((), width, "head"), self.strip((), width), *rows]
        strips = [self.strip_of(line, width) for line in self._head()]
        chosen = self.flow.selected if self.has_focus else None
        for entry, line in self.flow.visible():
            bar = (_BAR + " " if entry_id(entry) == chosen and line.left else "  ", "key")
            ending = (*line.right, (" ", "plain")) if line.right else ()
            strips.append(self.strip_of(Line((bar, *line.left), ending, line.ground), width))
        return strips[:height]

    def _head(self) -> list[Line]:
        if self.card is None:
            return []
        from smm_inbox.domain.person import Margin  # noqa: PLC0415 - the list comes first

        from .conversation_head import HeadLook, head_lines  # noqa: PLC0415 - the list comes first

        width, height = self.size
        look = HeadLook(
            width=width,
            now=self._now(),
            zone=self._zone,
            channel=self._channels.get(self.card.row.account, ""),
            opened=self.opened,
            room=height // 2,
            margin=self.margin or Margin(),
            key=self._keys("author.card"),
        )
        below = Line()
        if self._earlier:
            key = self._keys("message.earlier")
            words = tr("↑ there are earlier messages ({key})").format(key=key)
            below = Line(((f"  {words}", "quiet"),))
        return [*head_lines(self.card, look), below]

    # Inside

    def _relay(self) -> None:
        width, height = self.size
        size = (width - _MARGINS, height - len(self._head()))
        self.flow.lay(self._entries, size, self.opened, self._now())

    def _place(self) -> None:
        self.flow.open_place()
        # Before the first layout there is no height: the place is found again on resize.
        self._placed = self.size.height > 0

    def _after(self, top_reached: bool) -> None:
        if top_reached:
            self.action_message_earlier()
        self.post_message(self.Selected())
        self._repaint()

    def _repaint(self) -> None:
        self.refresh(Region(0, 0, *self.size))
