"""Reading one folder step by step: what is new, what is gone. Blocking, for the reader's lane."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from . import errors, fetching, mapping
from .account import Account
from .cursor import Mark
from .failures import Garbled, Lost, Refused, Trouble
from .fetching import ANSWERED, DELETED, DRAFT, Fetched
from .imap import Imap, Listed, Selected
from .mapping import Taken

CHUNK = 20
"""Letters in one step: each step is stored before the next is read."""
WINDOW = 2000
"""UIDs asked about at once, so that no answer becomes too long for a line."""
KEPT = 500
"""Newest letters of a folder that are watched for being deleted or moved."""
_SLACK = timedelta(days=2)

_log = logging.getLogger(__name__)


class Care(IntEnum):
    """How the next letter of a folder is read: more carefully after each answer out of order."""

    NONE = 0
    BARE = 1
    """Alone and without its structure."""
    SKIP = 2
    """Only that it is there."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of reading a folder brought."""

    taken: tuple[Taken, ...]
    mark: Mark
    more: bool
    """Whether the folder has more to read at once."""


class Shelves:
    """The folders of one mailbox over one connection."""

    def __init__(self, account: Account, imap: Imap) -> None:
        self._account = account
        self._imap = imap

    def step(self, folder: Listed, mark: Mark | None, care: Care) -> Step:
        """Read the next letters of a folder."""
        selected = self._imap.select(folder)
        mark = self._checked(folder, mark, selected)
        if selected.uidnext is not None and mark.next_uid >= selected.uidnext:
            return Step((), replace(mark, first=False), more=False)
        high: int | str = "*"
        if selected.uidnext is not None:
            high = min(mark.next_uid + WINDOW, selected.uidnext) - 1
        # "n:*" names the last letter even when its UID is below n.
        found = self._imap.search("UID", f"{mark.next_uid}:{high}")
        uids = [uid for uid in found if uid >= mark.next_uid]
        chosen = uids[: CHUNK if care is Care.NONE else 1]
        fetched = self._fetch(chosen, care)
        if mark.first:
            since = self._account.context.backfill_since
            fetched = [item for item in fetched if item.arrived >= since]
        taken = self._take(folder, fetched)
        if len(chosen) < len(uids):
            next_uid = chosen[-1] + 1
        elif isinstance(high, int):
            next_uid = high + 1
        else:
            next_uid = max([*uids, mark.next_uid - 1]) + 1
        more = len(chosen) < len(uids) or (
            selected.uidnext is not None and next_uid < selected.uidnext
        )
        newest = max([mark.newest, *(int(item.arrived.timestamp()) for item in fetched)])
        moved = Mark(mark.uidvalidity, next_uid, mark.first and more, mark.modseq, newest)
        return Step(tuple(taken), moved, more=more)

    def _checked(self, folder: Listed, mark: Mark | None, selected: Selected) -> Mark:
        """The mark for this UIDVALIDITY: a new one at the first reading and after a renumbering."""
        if mark is not None and mark.uidvalidity == selected.uidvalidity:
            return mark
        index = self._account.index
        since = self._account.context.backfill_since
        newest = 0
        if mark is not None:
            _log.info("mail %s: a folder was renumbered", self._account.context.account)
            newest = mark.newest
            if newest:
                # Everything since the last letter read, however long ago that was.
                since = min(since, datetime.fromtimestamp(newest, since.tzinfo) - _SLACK)
            # Unless the UIDs are those of a new reading that was cut short and not stored.
            same = index.validity(folder.name) == mark.uidvalidity
            below = mark.next_uid if same else 0
            index.renumbered(folder.name, selected.uidvalidity, below, since + _SLACK)
        else:
            index.numbered(folder.name, selected.uidvalidity)
        found = self._imap.search("SINCE", (since - timedelta(days=1)).date())
        if found:
            next_uid = found[0]
        elif selected.uidnext is not None:
            next_uid = selected.uidnext
        else:
            next_uid = max(self._imap.search("ALL"), default=0) + 1
        return Mark(selected.uidvalidity, next_uid, mark is None, None, newest)

    def _fetch(self, uids: list[int], care: Care) -> list[Fetched]:
        if not uids:
            return []
        try:
            if care is Care.SKIP:
                return [self._named(item) for item in self._skipped(uids[0])]
            if care is Care.BARE:
                letters = self._confirmed(fetching.bare(self._imap, uids[0]))
                return [self._named(item) for item in letters]
            letters = self._confirmed(fetching.overview(self._imap, uids))
            found = [
                fetching.with_text(self._imap, letter) if self._wanted(letter) else letter
                for letter in map(self._named, letters)
            ]
            return [letter for letter in found if letter is not None]
        except (Garbled, Refused) as error:
            if errors.is_passing(error):
                raise  # no fault of the letter: it must not end up as one that cannot be read
            # Nothing on this connection can be trusted: the next one takes more care.
            raise Lost(Trouble.NONSENSE, str(error)) from None

    def _confirmed(self, letters: list[Fetched]) -> list[Fetched]:
        """The letters with those flags that are surely theirs: a customer depends on them."""
        if not letters:
            return letters
        sure = {ANSWERED: self._flagged(letters, "ANSWERED")}
        for flag, key in ((DELETED, "DELETED"), (DRAFT, "DRAFT")):
            doubtful = [item for item in letters if flag in item.flags]
            sure[flag] = self._flagged(doubtful, key) if doubtful else set()
        return [
            replace(item, flags=frozenset(flag for flag, uids in sure.items() if item.uid in uids))
            for item in letters
        ]

    def _flagged(self, letters: list[Fetched], key: str) -> set[int]:
        return set(self._imap.search("UID", ",".join(str(item.uid) for item in letters), key))

    def _skipped(self, uid: int) -> list[Fetched]:
        _log.warning("mail %s: a letter cannot be read", self._account.context.account)
        try:
            return fetching.placeholder(self._imap, uid)
        except (Garbled, Refused):
            if not self._imap.alive:
                raise
            return []

    def _named(self, letter: Fetched) -> Fetched:
        """The letter under the name it was first taken by, with or without its structure."""
        return replace(letter, known_as=self._account.index.printed(letter.rough_print))

    def _wanted(self, letter: Fetched) -> bool:
        """Whether the text is news: after a renumbering most of it is not."""
        return not self._account.index.told(f"i{letter.print}")

    def _take(self, folder: Listed, fetched: list[Fetched]) -> list[Taken]:
        with self._account.store.open():
            return self._take_all(folder, fetched)

    def _take_all(self, folder: Listed, fetched: list[Fetched]) -> list[Taken]:
        account, index = self._account, self._account.index
        sent = account.layout is not None and account.layout.sent == folder
        taken: list[Taken] = []
        places: list[tuple[int, str]] = []
        for item in fetched:
            if DRAFT in item.flags or DELETED in item.flags:
                continue
            if not self._wanted(item):
                self._here(f"i{item.print}", item.uid, places)
                continue
            one = self._one(item, sent=sent)
            if one is None:
                continue
            remote_id = one.known.remote_id
            self._here(remote_id, item.uid, places)
            index.add(one.known, aliases=one.aliases, subject_key=one.subject_key)
            index.remember_print(item.rough_print, item.print)
            taken.append(one)
            if ANSWERED in item.flags:
                account.tidings.flagged([remote_id], known=True)
        index.put(folder.name, places)
        return taken

    def _here(self, remote_id: str, uid: int, places: list[tuple[int, str]]) -> None:
        if self._account.index.is_gone(remote_id):
            self._account.index.came_back(remote_id)
        places.append((uid, remote_id))

    def _one(self, item: Fetched, *, sent: bool) -> Taken | None:
        account, settings = self._account, self._account.settings
        letter = item.read(settings.ours)
        now = item.arrived
        if sent:
            name = account.context.account
            return mapping.outbound(item, letter, account.index, settings, name, now)
        sender = letter.sender
        if sender is not None and sender.key in settings.ours and letter.message_id:
            known = account.index.called(letter.message_id)
            if (known is not None and known.outgoing) or mapping.token_of(
                letter.message_id, account.context.account, settings
            ):
                return None  # our own letter, sent to ourselves as well
        if letter.report is not None and letter.failed:
            account.tidings.bounced(
                letter.report.original, letter.failed, errors.returned(letter), now
            )
        return mapping.inbound(item, letter, account.index, settings, now)

    # --- what became of known letters -------------------------------------------------------------

    def tend(self, folder: Listed, mark: Mark, seen: Selected | None) -> tuple[Mark, Selected]:
        """Look what is gone from a folder and what was answered elsewhere.

        ``seen`` is how the folder looked the last time over this connection: where the server
        counts changes, a folder that looks the same costs nothing more. Returns the mark with the
        changes taken, and how the folder looks now.
        """
        index = self._account.index
        selected = self._imap.select(folder)
        if selected.uidvalidity != mark.uidvalidity:
            return mark, selected  # renumbered a moment ago: the next round sees to it
        if selected.modseq is None or selected != seen:
            kept = index.uids(folder.name, KEPT)
            if kept:
                span = f"{kept[0]}:{kept[-1]}"
                here = set(self._imap.search("UID", span, "UNDELETED"))
                index.drop(folder.name, [uid for uid in kept if uid not in here])
                since = mark.modseq if selected.modseq is not None else None
                answered = self._answered(span, since)
                self._account.tidings.flagged(index.at(folder.name, answered))
        return replace(mark, modseq=selected.modseq), selected

    def _answered(self, span: str, since: int | None) -> list[int]:
        r"""UIDs with ``\Answered``: of all that changed after a mod-sequence, else of ``span``."""
        if since is not None:
            try:
                return self._imap.search("ANSWERED", "MODSEQ", str(since + 1))
            except (Garbled, Refused):
                if not self._imap.alive:
                    raise
        return self._imap.search("UID", span, "ANSWERED")
