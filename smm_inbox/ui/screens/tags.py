"""The panel of tags: put on, take off, create, rename, merge, colour, delete."""

from __future__ import annotations

from collections.abc import Collection, Coroutine, Sequence
from enum import Enum
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ConversationId, TagId
from smm_inbox.domain.tag import Tag, TagCount, frequent, search, tag_name
from smm_inbox.domain.text import fold
from smm_inbox.locale import tr
from smm_inbox.services.tags import Tags
from smm_inbox.services.undo import Undo

from .. import format as fmt
from .. import safe
from ..layout import retype
from ..widgets.feed_row import tag_ink
from ..widgets.painted import Line, PaintedLines, Span
from ..widgets.panel_keys import PanelKey, PanelKeys
from .inbox_pick import PickLines
from .list_panel import Run

_NAME = 42


class _Mode(Enum):
    """What Enter does."""

    PUT = 1
    RENAME = 2
    MERGE = 3


class TagInput(Input):
    """A field whose digits, while it is empty, are the frequent tags."""

    class Digit(Message):
        """A digit was pressed in the empty field."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def on_key(self, event: events.Key) -> None:
        """Take a digit that begins nothing."""
        char = event.character or ""
        if not self.value and len(char) == 1 and char in "123456789":
            event.stop()
            event.prevent_default()
            self.post_message(self.Digit(int(char)))


class TagScreen(ModalScreen[None]):
    """Changes tags at once; every change is taken back by the key of undo afterwards."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("down,tab", "step(1)", show=False, priority=True),
        Binding("up,shift+tab", "step(-1)", show=False, priority=True),
        Binding("pagedown", "step(10)", show=False, priority=True),
        Binding("pageup", "step(-10)", show=False, priority=True),
        Binding("f2", "rename", show=False, priority=True),
        Binding("f3", "merge", show=False, priority=True),
        Binding("f4", "recolour", show=False, priority=True),
        Binding("f8", "delete", show=False, priority=True),
        Binding("ctrl+z", "undo", show=False, priority=True),
    ]

    def __init__(
        self,
        tags: Tags,
        undo: Undo,
        targets: Collection[ConversationId],
        known: Sequence[TagCount],
        run: Run,
    ) -> None:
        super().__init__()
        self._tags = tags
        self._undo = undo
        self._targets = targets
        self._all = tuple(known)
        self._digits = frequent(known)[:9]
        """Fixed while the panel is open: a digit must not change its tag under the finger."""
        self._on: dict[TagId, int] = {}
        self._run = run
        self._mode = _Mode.PUT
        self._about: Tag | None = None
        self._made: TagId | None = None
        """Where the cursor goes: what is made is what the next key is about."""
        self._shown: list[TagCount | None] = []
        """Behind each line; ``None``: create what is typed."""

    def compose(self) -> ComposeResult:
        """Build the panel."""
        with Vertical(classes="panel picker"):
            yield Static(id="tags-title", classes="panel-title")
            yield TagInput(id="tags-name")
            yield PickLines([], 0, id="tags-lines")
            yield PaintedLines(id="tags-said")
            yield PanelKeys(
                (
                    PanelKey("Enter", tr("on / off"), "pick"),
                    PanelKey("F2", tr("name"), "rename"),
                    PanelKey("F3", tr("merge"), "merge"),
                    PanelKey("F4", tr("colour"), "recolour"),
                    PanelKey("F8", tr("delete"), "delete"),
                    PanelKey("Ctrl+Z", tr("undo"), "undo"),
                    PanelKey("Esc", tr("ready"), "leave"),
                ),
                id="tags-keys",
            )

    def on_mount(self) -> None:
        """Show the tags that are known already; what the conversations carry is read."""
        lines = self.query_one(PickLines)
        lines.can_focus = False
        lines.styles.height = max(4, min(16, self.app.size.height - 9))
        self._enter(_Mode.PUT)
        self.run_worker(self._reload(), exit_on_error=False)

    async def _reload(self) -> None:
        try:
            self._all = await self._tags.all()
            self._on = await self._tags.carried_by(self._targets)
        except InboxError as error:
            self._say(error.sentence, "warn")
        if len(self._digits) < 9:
            held = {one.tag.id for one in self._digits}
            new = tuple(one for one in frequent(self._all) if one.tag.id not in held)
            self._digits = (*self._digits, *new)[:9]
        if self._here:
            self._fill(keep=True)

    # What is shown

    @property
    def _here(self) -> bool:
        """Whether the panel still stands: a change may end after it was left."""
        return bool(self.query(PickLines))

    @property
    def _field(self) -> TagInput:
        return self.query_one(TagInput)

    @property
    def _current(self) -> TagCount | None:
        at = self.query_one(PickLines).cursor
        return self._shown[at] if 0 <= at < len(self._shown) else None

    def _enter(self, mode: _Mode, about: Tag | None = None) -> None:
        self._mode, self._about = mode, about
        count = len(self._targets)
        title = tr("Tags") if count < 2 else tr("Tags · selected {count}").format(count=count)
        name = about.name if about else ""
        if mode is _Mode.RENAME:
            title = tr("A new name for #{name}").replace("{name}", name)
        elif mode is _Mode.MERGE:
            title = tr("Merge #{name} into which tag?").replace("{name}", name)
        self.query_one("#tags-title", Static).update(safe.content(safe.clip(title, 54)))
        field = self._field
        field.placeholder = tr("Find, or the name of a new tag")
        with self.prevent(Input.Changed):
            field.value = name if mode is _Mode.RENAME else ""
            field.cursor_position = len(field.value)
        field.focus()
        self._fill()

    def _fill(self, *, keep: bool = False) -> None:
        """Show what matches; ``keep``: with the cursor where it is."""
        before = self._current.tag.id if keep and self._current is not None else None
        if self._made is not None:
            before, self._made = self._made, None
        typed = "" if self._mode is _Mode.RENAME else self._field.value
        order = self._all if typed.strip() else (*self._frequent(), *self._others())
        found = [one for one in search(order, [typed, retype(typed)]) if self._offered(one)]
        self._shown = [*found]
        name = tag_name(typed)
        exact = any(fold(one.tag.name) == fold(name) for one in self._all)
        if name and not exact and self._mode is _Mode.PUT:
            self._shown.append(None)
        lines = [(self._line(one, name), True) for one in self._shown]
        if not lines:
            lines = [(Line(((self._nothing(), "quiet"),)), False)]
        same = (
            at for at, one in enumerate(self._shown) if one is not None and one.tag.id == before
        )
        self.query_one(PickLines).replace(lines, next(same, 0))

    def _frequent(self) -> list[TagCount]:
        fresh = {one.tag.id: one for one in self._all}
        return [fresh[one.tag.id] for one in self._digits if one.tag.id in fresh]

    def _others(self) -> list[TagCount]:
        held = {one.tag.id for one in self._digits}
        return [one for one in self._all if one.tag.id not in held]

    def _offered(self, one: TagCount) -> bool:
        if self._mode is _Mode.RENAME:
            return self._about is not None and one.tag.id == self._about.id
        return self._mode is not _Mode.MERGE or one.tag.id != (self._about and self._about.id)

    def _nothing(self) -> str:
        if self._mode is _Mode.PUT:
            return tr("There are no tags yet: write the name of the first one.")
        return tr("There is no such tag.")

    def _line(self, one: TagCount | None, typed: str) -> Line:
        if one is None:
            create = tr("Create #{name}").replace("{name}", typed)
            return Line(((" +  ", "key"), (safe.clip(create, _NAME), "key")))
        carried = self._on.get(one.tag.id, 0)
        mark = "✓" if carried and carried >= len(self._targets) else "–" if carried else " "
        digits = [digit.tag.id for digit in self._digits]
        digit = str(digits.index(one.tag.id) + 1) if one.tag.id in digits else " "
        left: tuple[Span, ...] = (
            (mark, "good"),
            (f" {digit} ", "key"),
            (safe.clip("#" + one.tag.name, _NAME), tag_ink(one.tag) if one.tag.colour else "plain"),
        )
        waits = ((fmt.number(one.awaiting), "strong"), (" / ", "quiet")) if one.awaiting else ()
        return Line(left, (*waits, (fmt.number(one.uses) + " ", "quiet")))

    def _say(self, sentence: str, ink: str = "good") -> None:
        if self._here:
            self.query_one("#tags-said", PaintedLines).show(Line(((sentence, ink),)))

    # Keys and mouse

    @on(Input.Changed, "#tags-name")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._say("")
        if self._mode is not _Mode.RENAME:
            self._fill()

    @on(Input.Submitted, "#tags-name")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_pick()

    def on_pick_lines_picked(self) -> None:
        """A line was clicked."""
        self.action_pick()

    def on_tag_input_digit(self, message: TagInput.Digit) -> None:
        """A digit: one of the frequent tags."""
        if self._mode is _Mode.PUT and message.number <= len(self._digits):
            self._toggle(self._digits[message.number - 1].tag)

    def action_step(self, step: int) -> None:
        """Move the cursor."""
        self.query_one(PickLines).move(step)

    def action_leave(self) -> None:
        """Back to the list of tags, from there to the inbox."""
        if self._mode is _Mode.PUT:
            self.dismiss(None)
        else:
            self._enter(_Mode.PUT)

    def action_pick(self) -> None:
        """Do what Enter does."""
        current, about, typed = self._current, self._about, self._field.value
        if self._mode is _Mode.RENAME and about is not None:
            self._do(self._rename(about, typed), "rename a tag")
        elif self._mode is _Mode.MERGE and about is not None and current is not None:
            self._do(self._merge(about, current.tag), "merge tags")
        elif self._mode is _Mode.PUT and current is not None:
            self._toggle(current.tag)
        elif self._mode is _Mode.PUT and self._shown:
            self._do(self._create(typed), "create a tag")

    def action_rename(self) -> None:
        """Give the tag another name."""
        if self._mode is _Mode.PUT and self._current is not None:
            self._enter(_Mode.RENAME, self._current.tag)

    def action_merge(self) -> None:
        """Let another tag stand for it."""
        if self._mode is _Mode.PUT and self._current is not None:
            self._enter(_Mode.MERGE, self._current.tag)

    def action_recolour(self) -> None:
        """The next colour."""
        if self._mode is _Mode.PUT and self._current is not None:
            self._do(self._recolour(self._current.tag), "colour a tag")

    def action_delete(self) -> None:
        """Forget the tag."""
        if self._mode is _Mode.PUT and self._current is not None:
            self._do(self._delete(self._current.tag), "delete a tag")

    def action_undo(self) -> None:
        """Take back the last change."""
        self._do(self._take_back(), "undo")

    # Changes

    def _do(self, work: Coroutine[object, object, None], name: str) -> None:
        self._run(self._told(work), name)

    async def _told(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except InboxError as error:
            self._say(error.sentence, "warn")
            return
        if self._here:
            await self._reload()

    def _toggle(self, tag: Tag) -> None:
        carried = self._on.get(tag.id, 0)
        on = carried < len(self._targets)
        self._do(self._put(tag, on=on), "tag")

    async def _put(self, tag: Tag, *, on: bool) -> None:
        if not self._targets:
            return
        await self._tags.put(tag.id, self._targets, on=on)
        said = tr("#{name} is on") if on else tr("#{name} is off")
        self._changed(said, tag)
        if self._here:
            with self.prevent(Input.Changed):
                self._field.value = ""

    async def _create(self, name: str) -> None:
        tag = await self._tags.create(name)
        self._made = tag.id
        if self._targets:
            await self._put(tag, on=True)

    async def _rename(self, tag: Tag, name: str) -> None:
        new = await self._tags.rename(tag.id, name)
        self._back()
        if new != tag:
            self._changed(tr("Now it is #{name}"), new)

    async def _recolour(self, tag: Tag) -> None:
        await self._tags.recolour(tag.id, tag.colour.next)

    async def _merge(self, tag: Tag, into: Tag) -> None:
        await self._tags.merge(tag.id, into.id)
        self._back()
        self._changed(tr("Merged into #{name}"), into)

    async def _delete(self, tag: Tag) -> None:
        await self._tags.delete(tag.id)
        self._changed(tr("#{name} is deleted, its conversations stay"), tag)

    async def _take_back(self) -> None:
        undone = await self._undo.last()
        self._say(undone.sentence if undone else tr("There is nothing to take back."))

    def _back(self) -> None:
        if self._here:
            self._enter(_Mode.PUT)

    def _changed(self, said: str, tag: Tag) -> None:
        words = said.replace("{name}", safe.clip(tag.name, 24))
        self._say(tr("{done} · Ctrl+Z — undo").replace("{done}", words))
