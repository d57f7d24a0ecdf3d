"""Search over the whole archive, and saved searches that stay true by themselves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date
from typing import Final

from smm_inbox.config.model import Settings
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.fold import fold
from smm_inbox.domain.found import FoundKey, FoundPage, Ranking, SavedSearch
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId, SearchId
from smm_inbox.domain.query import MAX_QUERY, SearchQuery, parse
from smm_inbox.domain.query_words import Vocabulary
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr
from smm_inbox.storage import search as reading
from smm_inbox.storage import search_index, searches
from smm_inbox.storage.database import Database, Transaction

from .accounts import Accounts
from .bus import Bus, Event, FeedChanged
from .search_words import sentence
from .tasks import TaskSet
from .undo import Undo, Undone

_log = logging.getLogger(__name__)

_PAUSE = 0.1
"""Seconds between two looks: what arrives in a burst is indexed together."""
_BREATH = 0.01
"""Seconds between two chunks: whoever wants to write comes first."""
_LONGEST_NAP = 60.0
_AFTER_FAILURE = 5.0
_AT_ONCE: Final = 5 * search_index.CHUNK
"""With fewer messages than this missing in the index they are added before an answer."""
_MANY: Final = 400
"""Changed conversations that are cheaper to look through all at once."""
_NAME: Final = 40

# What operators call the channels, whatever the accounts are called.
_CHANNEL_NAMES: dict[str, tuple[str, ...]] = {
    "vk": ("вк", "вконтакте", "vk"),
    "telegram": ("тг", "телеграм", "телега", "tg", "telegram"),
    "instagram": ("инста", "инстаграм", "ig", "instagram"),
    "email": ("почта", "письма", "mail", "email"),
    "manual": ("вручную", "manual"),
}


class Search:
    """What is looked for; indexes in the background once started."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        accounts: Accounts,
        bus: Bus,
        undo: Undo,
    ) -> None:
        self._zone = settings.hours.zone
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._bus = bus
        self._undo = undo
        self._tasks = TaskSet()
        self._indexing = asyncio.Lock()
        self._noting = asyncio.Lock()
        self._news = asyncio.Event()
        self._touched: set[ConversationId] = set()
        self._day: date | None = None
        """The day every list was last looked through; ``None``: that is due."""
        self._telling = False
        self._unsubscribe: Callable[[], None] | None = None

    # --- Life -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Keep the index and the saved searches true from now on."""
        if self._unsubscribe is None:
            self._unsubscribe = self._bus.subscribe(self._heard)
            self._news.set()
            self._tasks.spawn(self._keep_up(), "search index")

    async def stop(self) -> None:
        """End; what is not indexed waits in the file."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        await self._tasks.stop(0.5)

    def _heard(self, event: Event) -> None:
        if not isinstance(event, FeedChanged) or self._telling:
            return
        self._touched |= event.conversations
        if not event.conversations:
            self._day = None  # a tag has another name: any list may have changed
        self._news.set()

    async def _keep_up(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_LONGEST_NAP):
                    await self._news.wait()
            except TimeoutError:
                pass  # nothing was told, but a day may have begun
            await asyncio.sleep(_PAUSE)
            self._news.clear()
            try:
                await self.catch_up()
                await self._note_changes()
            except InboxError as error:
                _log.warning("the search index has to wait: %s", error)
                self._news.set()
                await asyncio.sleep(_AFTER_FAILURE)

    async def catch_up(self, at_most: int | None = None) -> int:
        """Index what is stored and not indexed yet; how many messages that were."""
        done = 0
        while at_most is None or done < at_most:
            async with self._indexing:
                count, conversations = await search_index.fill(self._db)
            self._touched |= conversations
            if conversations:
                self._news.set()  # also when a search has indexed them: lists look again
            done += count
            if count < search_index.CHUNK:
                break
            await asyncio.sleep(_BREATH)
        return done

    # --- Looking for messages ---------------------------------------------------------------------

    async def read(self, text: str, *, typing: bool = True) -> SearchQuery:
        """Understand a query; never fails for what was typed."""
        return parse(
            text,
            await self._vocabulary(),
            now=self._clock.now(),
            zone=self._zone,
            typing=typing,
        )

    async def page(
        self,
        query: SearchQuery,
        ranking: Ranking = Ranking.RELEVANCE,
        *,
        after: FoundKey | None = None,
        limit: int = 50,
    ) -> FoundPage:
        """Hits behind ``after``. What was stored a moment ago is among them."""
        missing = await search_index.backlog(self._db)
        if 0 < missing <= _AT_ONCE:
            await self.catch_up(_AT_ONCE)
            missing = 0
        found = await reading.page(self._db, query, ranking, after=after, limit=limit)
        return FoundPage(found.hits, found.next, self.slips(query), missing)

    async def depth(self, conversation: ConversationId, message: MessageId) -> int:
        """How many messages of a conversation are as new as this one or newer."""
        return await reading.depth(self._db, conversation, message)

    def slips(self, query: SearchQuery) -> tuple[str, ...]:
        """Sentences about what was not understood."""
        return tuple(filter(None, map(sentence, query.problems)))

    async def _vocabulary(self) -> Vocabulary:
        channels: dict[str, set[AccountId]] = {}
        for account in self._accounts.list():
            names = {account.id, account.title, account.channel, account.short}
            names |= set(_CHANNEL_NAMES.get(account.channel, ()))
            for name in names:
                if name:
                    channels.setdefault(fold(name), set()).add(account.id)
        return Vocabulary(
            {name: frozenset(ids) for name, ids in channels.items()},
            await reading.tag_names(self._db),
        )

    # --- Saved searches ---------------------------------------------------------------------------

    async def saved(self) -> tuple[SavedSearch, ...]:
        """Saved searches with their counts."""
        return await searches.saved(self._db)

    async def ensure(self, text: str) -> None:
        """Make the list of a query ready to be paged by the feed."""
        async with self._db.transaction() as tx:
            search = await searches.open_for(tx, text)
        ready = {one: ready for one, _, ready in await searches.every(self._db)}
        if not ready.get(search):
            await self.catch_up(_AT_ONCE)
            async with self._noting:
                await self._note_all(search, text)

    async def save(self, name: str, text: str) -> SavedSearch:
        """Keep a query under a name; saving one that is kept already gives it the new name.

        Raises ``InboxError`` when the name is empty or taken, or the query is.
        """
        query = " ".join(text.split())[:MAX_QUERY]
        if (await self.read(query, typing=False)).empty:
            raise InboxError(tr("There is nothing to save yet: type what to look for."))
        async with self._db.transaction() as tx:
            search = await searches.open_for(tx, query)
            before = await self._name(tx, search, name)
        await self.ensure(query)
        self._changed()
        self._undo.push(lambda: self._named_back(search, query, before))
        return next(one for one in await self.saved() if one.id == search)

    async def rename(self, search: SearchId, name: str) -> None:
        """Give another name. Raises ``InboxError`` when it is empty or taken."""
        async with self._db.transaction() as tx:
            query = await searches.query_of(tx, search)
            before = await self._name(tx, search, name)
        self._changed()
        self._undo.push(lambda: self._named_back(search, query, before))

    async def remove(self, search: SearchId) -> None:
        """Take off the list; the conversations stay where they are."""
        async with self._db.transaction() as tx:
            query = await searches.query_of(tx, search)
            before = await searches.rename(tx, search, "")
        self._changed()
        self._undo.push(lambda: self._named_back(search, query, before))

    async def _name(self, tx: Transaction, search: SearchId, name: str) -> str:
        cleaned = clean_line(name, limit=_NAME)
        if not cleaned:
            raise InboxError(tr("A list needs a name."))
        taken = await searches.named(tx, cleaned)
        if taken is not None and taken != search:
            raise InboxError(tr("There is a list “{name}” already.").format(name=cleaned))
        return await searches.rename(tx, search, cleaned)

    async def _named_back(self, search: SearchId, query: str, before: str) -> Undone | None:
        async with self._db.transaction() as tx:
            taken = await searches.named(tx, before) if before else None
            if not query or taken not in {None, search}:
                return None
            await searches.bring_back(tx, search, query, before)
        if before:
            await self.ensure(query)
        self._changed()
        return Undone(SafeText(tr("Taken back: the lists are as they were.")))

    def _changed(self) -> None:
        self._telling = True
        try:
            self._bus.publish(FeedChanged(frozenset()))
        finally:
            self._telling = False

    # --- Keeping them true ------------------------------------------------------------------------

    async def _note_changes(self) -> None:
        """Look again at the conversations that changed, or at all of them on a new day."""
        touched, self._touched = self._touched, set()
        today = self._clock.now().astimezone(self._zone).date()
        anew = today != self._day
        if not touched and not anew:
            return
        news = False
        self._day = today
        try:
            async with self._noting:
                for search, text, ready in await searches.every(self._db):
                    if anew or not ready or len(touched) > _MANY:
                        news |= await self._note_all(search, text)
                    else:
                        news |= await self._note_some(search, text, touched)
        except BaseException:
            self._touched |= touched
            self._day = None
            raise
        if news:
            self._changed()

    async def _note_all(self, search: SearchId, text: str) -> bool:
        query = await self.read(text, typing=False)
        found = await reading.conversations_of(self._db, query)
        known = await searches.hits(self._db, search)
        news = await searches.note(self._db, search, found - known, known - found)
        await searches.set_ready(self._db, search)
        return news

    async def _note_some(self, search: SearchId, text: str, touched: set[ConversationId]) -> bool:
        query = await self.read(text, typing=False)
        found = await reading.conversations_of(self._db, query, sorted(touched))
        return await searches.note(self._db, search, found, touched - found)
