"""A client's view of its selected folder: sequence numbers and what it has been told."""

from __future__ import annotations

from smm_inbox.sandbox.mail.fetch import flags_line
from smm_inbox.sandbox.mail.model import Folder, Stored
from smm_inbox.sandbox.mail.wire import Value, number_set, within


class View:
    """Between two answers the numbers stay as they are, whatever happens to the folder."""

    def __init__(self, folder: Folder, *, writable: bool, condstore: bool) -> None:
        self.folder = folder
        self.writable = writable
        self.condstore = condstore
        self.uidvalidity = folder.uidvalidity
        self.uids = list(folder.letters)
        self.told = folder.modseq
        """Flag changes up to this mod-sequence are known to the client."""

    @property
    def stale(self) -> bool:
        """Whether the folder was numbered anew under the client's feet."""
        return self.folder.uidvalidity != self.uidvalidity

    def chosen(self, value: Value, *, by_uid: bool) -> list[tuple[int, Stored]]:
        """The letters a set names, with their sequence numbers; what is gone is left out."""
        biggest = max(self.uids, default=0) if by_uid else len(self.uids)
        ranges = number_set(value, biggest)
        found: list[tuple[int, Stored]] = []
        for number, uid in enumerate(self.uids, 1):
            stored = self.folder.letters.get(uid)
            if stored is not None and within(ranges, uid if by_uid else number):
                found.append((number, stored))
        return found

    def everything(self) -> list[tuple[int, Stored]]:
        """All letters that the client can still see."""
        letters = self.folder.letters
        return [(n, letters[uid]) for n, uid in enumerate(self.uids, 1) if uid in letters]

    def news(self, *, expunged: bool = True) -> list[bytes]:
        """What to tell: EXPUNGE (unless forbidden now), EXISTS, changed flags."""
        out: list[bytes] = []
        letters = self.folder.letters
        if expunged:
            for number in range(len(self.uids), 0, -1):
                if self.uids[number - 1] not in letters:
                    del self.uids[number - 1]
                    out.append(b"* %d EXPUNGE\r\n" % number)
        last = self.uids[-1] if self.uids else 0
        fresh = [uid for uid in letters if uid > last]
        if fresh:
            self.uids += fresh
            out.append(b"* %d EXISTS\r\n" % len(self.uids))
        for number, uid in enumerate(self.uids, 1):
            stored = letters.get(uid)
            if stored is not None and stored.modseq > self.told and uid not in fresh:
                out.append(flags_line(number, stored, modseq=self.condstore))
        self.told = self.folder.modseq
        return out
