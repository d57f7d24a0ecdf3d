"""One round of each loop: pages are fetched, followed, and digested."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection, Iterable
from datetime import datetime, timedelta

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import ChannelError, Rejected, Retry, Unsupported
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Removal

from . import errors, selection
from .account import Account
from .digest import Digest, Suspect
from .mapping import people, raw
from .mapping.harvest import Harvest
from .memory import seconds

_log = logging.getLogger(__name__)

TALKS = 25
POSTS = 10
OLDER_POSTS = 100
_DEEPEST = 40
"""Pages followed in one round: a service that names a next page for ever must not hold us."""
_CHECKS = 5
"""Missing messages looked for in one round."""
_PROFILES = 4
_SPARE = 60
"""Calls of the hour that profiles and checks leave alone."""
_FETCHED_POSTS = 10


class Rounds:
    """Reads one account."""

    def __init__(self, account: Account, *, replayed: bool) -> None:
        self._account = account
        self._api = account.api
        self._replayed = replayed
        self._sure = False
        """Whether all talks were looked at in this run."""
        self._people: list[str] = []
        self._suspects: list[Suspect] = []
        self._looked_for: set[str] = set()
        """Of talks that are not listed: asked about once, until the talk is listed again."""
        self.private_news = False

    async def talks(self, since: datetime) -> AsyncIterator[Harvest]:
        """Conversations that changed after ``since``, newest first, a page at a time."""
        wanted = ("id", "updated_time", "participants", selection.messages())
        limit, after = TALKS, ""
        met: set[str] = set()
        for page_number in range(_DEEPEST):
            if page_number:
                await self._api.pause(1.0)  # slower than a call a second behind the first page
            page, limit = await self._page("me/conversations", wanted, limit, after, direct=True)
            digest = self._digest()
            changed: list[datetime] = []
            for entry in raw.data(page):
                met.add(digest.talk(await self._with_messages(entry)))
                at = raw.moment(entry.get("updated_time"))
                if at is not None:
                    changed.append(at)
            yield await self._finish(digest)
            after = raw.after(page)
            if not after or (changed and min(changed) < since):
                if changed:
                    self._miss(met, seconds(min(changed)) if after else 0)
                break
        self._sure = True

    def _miss(self, met: Collection[str], bound: int) -> None:
        """Talks with news after ``bound`` that are not listed: perhaps all was unsent in them."""
        for person, thread in self._account.memory.talks.items():
            if person in met:
                self._looked_for.difference_update(thread.seen)
                continue
            newest = max((seen.at for seen in thread.seen.values()), default=0)
            if newest > bound:
                keys = thread.seen.keys() - self._looked_for
                self._suspect(Suspect(Kind.DIRECT, key, thread, whole=True) for key in keys)

    def _suspect(self, found: Iterable[Suspect]) -> None:
        known = {suspect.key for suspect in self._suspects}
        self._suspects += [suspect for suspect in found if suspect.key not in known]

    async def newest_posts(self, since: datetime) -> Harvest:
        """The newest posts with their comments, in one call."""
        digest = self._digest()
        await self._posts(digest, since, pages=1)
        return await self._finish(digest)

    async def all_posts(self, since: datetime) -> Harvest:
        """The same for a hundred posts."""
        digest = self._digest()
        await self._posts(digest, since, pages=OLDER_POSTS // POSTS)
        return await self._finish(digest)

    async def older_posts(self, since: datetime) -> Harvest:
        """Posts whose number of comments changed; one call when none did."""
        page = await self._api.read("me/media", ("id", "comments_count"), limit=OLDER_POSTS)
        digest = self._digest()
        fetched = 0
        for entry in raw.data(page)[POSTS:]:
            key, counted = raw.identifier(entry.get("id")), raw.count(entry.get("comments_count"))
            known = self._account.memory.posts.get(key)
            if not key or (counted or 0) == (known.count if known else 0):
                continue
            if fetched == _FETCHED_POSTS:
                break
            fetched += 1
            media = await self._api.read(key, (*selection.ROOT, selection.comments()))
            digest.post(await self._whole(media, since))
        return await self._finish(digest)

    async def tags(self, *, deep: bool) -> Harvest:
        """Photos we are tagged in. This edge never names a next page: it ends when it is empty."""
        digest = self._digest()
        after = ""
        for _ in range(_DEEPEST if deep else 1):
            page = await self._api.read("me/tags", selection.TAG, limit=25, after=after)
            entries = raw.data(page)
            for entry in entries:
                digest.tag(entry)
            following = raw.cursor(page)
            if not entries or not following or following == after:
                break
            after = following
        return await self._finish(digest)

    async def profiles(self) -> Harvest:
        """A few profiles of people who wrote; a refusal is remembered."""
        found = Harvest()
        for _ in range(min(_PROFILES, len(self._people))):
            if self._api.room() <= _SPARE:
                break
            who = self._people.pop(0)
            known = self._account.memory.person(who)
            try:
                answer = await self._api.read(who, selection.PROFILE)
            except (Rejected, Unsupported):
                known.refused = True
            except Retry:
                continue
            else:
                contact = people.profile(who, answer)
                found.contacts[RemoteId(who)] = contact
                known.username = str(contact.handle) or known.username
            known.fetched_at = seconds(self._api.now())
            self._account.memory.changed = True
        return found

    async def missing(self) -> Harvest:
        """Make sure that what is not listed any more is gone, a few at a time."""
        found = Harvest()
        for _ in range(min(_CHECKS, len(self._suspects))):
            if self._api.room() <= _SPARE:
                break
            suspect = self._suspects.pop(0)
            if suspect.key not in suspect.thread.seen:
                continue
            if suspect.whole:
                self._looked_for.add(suspect.key)
            try:
                await self._api.read(suspect.key, ("id",))
            except errors.Gone:
                found.removals.append(Removal(suspect.kind, RemoteId(suspect.key), self._api.now()))
            except ChannelError as error:
                _log.info("a missing message cannot be looked for: %s", type(error).__name__)
                continue
            else:
                if suspect.whole:
                    continue
            suspect.thread.seen.pop(suspect.key, None)
            self._account.memory.changed = True
        return found

    # --- pages ------------------------------------------------------------------------------------

    def _digest(self) -> Digest:
        return Digest(self._account, unsure=not self._sure, replayed=self._replayed)

    async def _finish(self, digest: Digest) -> Harvest:
        self._people += [who for who in digest.wanted if who not in self._people]
        self._suspect(digest.suspects)
        self.private_news |= digest.private_news
        return digest.into

    async def _page(
        self,
        path: str,
        wanted: selection.Selection,
        limit: int,
        after: str,
        *,
        direct: bool = False,
    ) -> tuple[raw.Raw, int]:
        """A page and the limit it took: Instagram may ask for less."""
        platform = "instagram" if direct else ""
        while True:
            try:
                page = await self._api.read(
                    path, wanted, direct=direct, limit=limit, after=after, platform=platform
                )
            except errors.TooMuch:
                if limit == 1:
                    raise
                limit = max(1, limit // 2)
            except errors.DeadCursor:
                if not after:
                    raise
                after = ""  # the item behind the cursor is gone: begin at the top
            else:
                return page, limit

    async def _with_messages(self, entry: raw.Raw) -> raw.Raw:
        """The messages of a talk, where the list does not bring them along."""
        key = raw.identifier(entry.get("id"))
        if "messages" in entry or "messages" not in self._api.missing or not key:
            return entry
        page = await self._api.read(f"{key}/messages", selection.MESSAGE, direct=True, limit=20)
        return {**entry, "messages": page}

    async def _posts(self, digest: Digest, since: datetime, *, pages: int) -> None:
        wanted = (*selection.ROOT, selection.comments())
        limit, after = POSTS, ""
        counted = shown = 0
        for _ in range(pages):
            page, limit = await self._page("me/media", wanted, limit, after)
            for entry in raw.data(page):
                whole = await self._whole(entry, since)
                counted += raw.count(entry.get("comments_count")) or 0
                shown += len(raw.data(whole.get("comments")))
                digest.post(whole)
            after = raw.after(page)
            if not after:
                break
        if counted:
            self._account.comments_withheld = not shown

    async def _whole(self, media: raw.Raw, since: datetime) -> raw.Raw:
        """A post with all comments newer than ``since``, and with all their replies."""
        listed = raw.data(media.get("comments"))
        after = raw.after(media.get("comments"))
        key = raw.identifier(media.get("id"))
        for _ in range(_DEEPEST):
            oldest = [at for entry in listed if (at := raw.moment(entry.get("timestamp")))]
            if not after or not key or (oldest and min(oldest) < since):
                break
            page, _ = await self._page(f"{key}/comments", selection.comments().fields, 50, after)
            listed += raw.data(page)
            following = raw.after(page)
            after = following if following != after else ""
        listed = [await self._with_replies(entry) for entry in listed]
        told = raw.obj(media.get("comments"))
        paging = told.get("paging") if after else {}
        return {**media, "comments": {"data": listed, "paging": paging}}

    async def _with_replies(self, entry: raw.Raw) -> raw.Raw:
        after, key = raw.after(entry.get("replies")), raw.identifier(entry.get("id"))
        if not after or not key:
            return entry
        listed = raw.data(entry.get("replies"))
        for _ in range(_DEEPEST):
            page, _ = await self._page(f"{key}/replies", selection.COMMENT, 50, after)
            listed += raw.data(page)
            after = raw.after(page)
            if not after:
                break
        return {**entry, "replies": {"data": listed}}


def overlap(since: datetime) -> datetime:
    """Look back a little further: clocks differ and Instagram shows some things late."""
    return since - timedelta(minutes=10)


__all__ = ["Rounds", "overlap"]
