"""Tags: putting them on conversations, and changing the tags themselves; all can be undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ConversationId, TagId
from smm_inbox.domain.tag import LONGEST_NAME, Colour, Tag, TagCount, tag_name
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import ntr, tr
from smm_inbox.storage import journal, sorting, tags
from smm_inbox.storage.database import Database, Transaction

from . import tag_searches
from .bus import Bus, FeedChanged
from .duty import Duty
from .triage import portions
from .undo import Undo, Undone


class TagRefused(InboxError):
    """The tag cannot be as asked for."""


@dataclass(slots=True)
class _Put:
    """Conversations whose tag was put on or taken off."""

    tag: TagId
    on: bool
    changed: list[ConversationId] = field(default_factory=list)


class Tags:
    """Questions about tags and commands that change them."""

    def __init__(self, db: Database, clock: Clock, bus: Bus, undo: Undo, duty: Duty) -> None:
        self._db = db
        self._clock = clock
        self._bus = bus
        self._undo = undo
        self._duty = duty

    # Questions

    async def all(self) -> tuple[TagCount, ...]:
        """Every tag by its name, with its counts."""
        return await tags.counts(self._db)

    async def named(self, name: str) -> Tag | None:
        """A tag by its name, whatever its case."""
        return await tags.named(self._db, tag_name(name))

    async def carried_by(self, ids: Collection[ConversationId]) -> dict[TagId, int]:
        """How many of the conversations carry each tag; tags on none of them are absent."""
        return await tags.carried_by(self._db, ids)

    # On conversations

    async def put(self, tag: TagId, ids: Collection[ConversationId], *, on: bool = True) -> int:
        """Put a tag on conversations, or take it off; returns how many it changed."""
        done = _Put(tag, on)
        try:
            await self._put(done, ids)
        finally:
            if done.changed:
                self._undo.push(lambda: self._put_undone(done))
                self._bus.publish(FeedChanged(frozenset(done.changed)))
        return len(done.changed)

    async def _put(self, done: _Put, ids: Collection[ConversationId]) -> None:
        event = journal.Event.TAGGED if done.on else journal.Event.UNTAGGED
        for portion in portions(ids):
            async with self._db.transaction() as tx:
                tag = await self._known(tx, done.tag)
                act = tags.put_on if done.on else tags.take_off
                changed = await act(tx, tag.id, portion)
                await self._note(tx, event, changed, tag.name)
            done.changed += changed

    async def _put_undone(self, done: _Put) -> Undone | None:
        if await tags.get(self._db, done.tag) is None:
            return None
        back = _Put(done.tag, not done.on)
        await self._put(back, done.changed)
        self._bus.publish(FeedChanged(frozenset(done.changed)))
        return Undone(_as_they_were(len(done.changed)), done.changed[0])

    # The tags themselves

    async def create(self, name: str, colour: Colour = Colour.NONE) -> Tag:
        """A new tag, or the one that has this name already.

        Raises ``TagRefused`` when there is no name or too long a one.
        """
        wanted = _checked(name)
        async with self._db.transaction() as tx:
            known = await tags.named(tx, wanted)
            if known is not None:
                return known
            tag = await tags.create(tx, wanted, colour)
        self._undo.push(lambda: self._create_undone(tag))
        self._tell()
        return tag

    async def _create_undone(self, tag: Tag) -> Undone | None:
        async with self._db.transaction() as tx:
            if await tags.get(tx, tag.id) is None:
                return None
            await tags.delete(tx, tag.id)
        self._tell()
        return Undone(_text(tr("Taken back: there is no tag #{name}."), tag))

    async def rename(self, tag: TagId, name: str) -> Tag:
        """Give a tag another name.

        Raises ``TagRefused`` when another tag has it: merging is asked for separately.
        """
        wanted = _checked(name)
        async with self._db.transaction() as tx:
            old = await self._known(tx, tag)
            other = await tags.named(tx, wanted)
            if other is not None and other.id != tag:
                raise TagRefused(
                    tr("There is a tag #{name} already: merge the two instead.").format(
                        name=other.name
                    )
                )
        return await self._change(old, replace(old, name=wanted))

    async def recolour(self, tag: TagId, colour: Colour) -> Tag:
        """Give a tag another colour."""
        async with self._db.transaction() as tx:
            old = await self._known(tx, tag)
        return await self._change(old, replace(old, colour=colour))

    async def _change(self, old: Tag, new: Tag) -> Tag:
        if new == old:
            return old
        async with self._db.transaction() as tx:
            former: tag_searches.Former = ()
            if new.name != old.name:
                former = await tag_searches.follow(tx, old.id, new.name)
            await tags.change(tx, new)
            await self._write(
                tx, journal.Event.TAG_CHANGED, tag=old.name, name=new.name, colour=new.colour
            )
        self._undo.push(lambda: self._change_undone(old, new, former))
        self._tell()
        return new

    async def _change_undone(
        self, old: Tag, new: Tag, former: tag_searches.Former
    ) -> Undone | None:
        async with self._db.transaction() as tx:
            holder = await tags.named(tx, old.name)
            if await tags.get(tx, old.id) != new or (holder and holder.id != old.id):
                return None
            await tags.change(tx, old)
            await tag_searches.go_back(tx, former)
            await self._write(tx, journal.Event.UNDONE, tag=new.name, name=old.name)
        self._tell()
        return Undone(_text(tr("Taken back: the tag #{name} is as it was."), old))

    async def merge(self, source: TagId, target: TagId) -> int:
        """Let ``target`` stand wherever ``source`` did, and forget ``source``.

        Returns how many conversations carried ``source``. One transaction: half a merge is none.
        Saved searches for ``source`` look for ``target`` from then on.
        """
        if source == target:
            return 0
        async with self._db.transaction() as tx:
            old, into = await self._known(tx, source), await self._known(tx, target)
            former = await tag_searches.follow(tx, source, into.name)
            carried = await tags.delete(tx, source)
            added = await tags.put_on(tx, target, carried)
            await self._write(tx, journal.Event.TAGS_MERGED, tag=old.name, name=into.name)
        self._undo.push(lambda: self._gone_undone(old, carried, target, added, former))
        self._tell(carried)
        return len(carried)

    async def delete(self, tag: TagId) -> int:
        """Forget a tag; returns how many conversations carried it. They stay as they are."""
        async with self._db.transaction() as tx:
            old = await self._known(tx, tag)
            carried = await tags.delete(tx, tag)
            await self._write(tx, journal.Event.TAG_DELETED, tag=old.name)
        self._undo.push(lambda: self._gone_undone(old, carried))
        self._tell(carried)
        return len(carried)

    async def _gone_undone(
        self,
        old: Tag,
        carried: list[ConversationId],
        target: TagId | None = None,
        added: Collection[ConversationId] = (),
        former: tag_searches.Former = (),
    ) -> Undone | None:
        async with self._db.transaction() as tx:
            if await tags.named(tx, old.name) is not None:
                return None  # somebody has made the name anew: two of them cannot be told apart
            await tags.put_back(tx, old)
            await tags.put_on(tx, old.id, carried)
            if target is not None:
                await tags.take_off(tx, target, added)
            await tag_searches.go_back(tx, former)
            await self._write(tx, journal.Event.UNDONE, tag=old.name)
        self._tell(carried)
        return Undone(_text(tr("Taken back: the tag #{name} is as it was."), old))

    # Inside

    async def _known(self, tx: Transaction, tag: TagId) -> Tag:
        found = await tags.get(tx, tag)
        if found is None:
            raise TagRefused(tr("This tag was deleted meanwhile."))
        return found

    async def _note(
        self,
        tx: Transaction,
        event: journal.Event,
        changed: Collection[ConversationId],
        name: SafeText,
    ) -> None:
        stand = await sorting.standing(tx, changed)
        now, operator = self._clock.now(), self._duty.operator
        await sorting.note(tx, event, stand, now, operator=operator, value=name)

    async def _write(
        self, tx: Transaction, event: journal.Event, *, tag: str, name: str = "", colour: str = ""
    ) -> None:
        """Note what happened to a tag; ``name`` is its new one, or the one it was merged into."""
        now, operator = self._clock.now(), self._duty.operator
        await journal.write(
            tx, event, journal.NO_ACCOUNT, now, operator=operator, tag=tag, name=name, colour=colour
        )

    def _tell(self, conversations: Iterable[ConversationId] = ()) -> None:
        self._bus.publish(FeedChanged(frozenset(conversations)))


def _checked(name: str) -> SafeText:
    wanted = tag_name(name)
    if not wanted:
        raise TagRefused(tr("A tag needs a name."))
    if len(wanted) > LONGEST_NAME:
        raise TagRefused(
            tr("The name of a tag has at most {count} characters.").format(count=LONGEST_NAME)
        )
    return wanted


def _text(sentence: str, tag: Tag) -> SafeText:
    return SafeText(sentence.replace("{name}", tag.name))


def _as_they_were(count: int) -> SafeText:
    return SafeText(
        ntr(
            "Taken back: the conversation is as it was.",
            "Taken back: {count} conversations are as they were.",
            count,
        ).format(count=count)
    )
