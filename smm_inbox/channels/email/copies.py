"""What is due after an answer left: its copy in the sent folder, and the mark on the letter."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from smm_inbox.channels.bridge import Unfinished
from smm_inbox.domain.errors import ChannelError

from . import errors, posting
from .account import Account
from .failures import Garbled, Refused
from .fates import Fate, Sending
from .folders import Layout
from .imap import Imap

_log = logging.getLogger(__name__)

_GRACE = 0.5
"""Seconds the work gets at the end."""
_LATE_COPY = 600.0
"""Seconds after which a sent copy is filed by us, though the server usually does it."""
_GIVE_UP = 3600.0
"""Seconds after which a copy that the server does not take is not offered again."""


class Copies:
    """Files the sent copies of one mailbox, each once, and marks letters as answered."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._letters = account.context.data_dir / "outgoing"

    def start(self) -> None:
        """File copies and set flags beside everything else."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work_off(), name="mail copies")

    async def finish(self) -> None:
        """Work the chores off, for a few seconds at most: a program that ends soon files them."""
        self.start()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=self._account.timing.chores)

    async def _work_off(self) -> None:
        """File the copies and set the flags that are due; what fails waits for the next time."""
        account = self._account
        while self._again:
            self._again = False
            try:
                due = await account.own(account.fates.accepted)
                if due:
                    await account.visit(partial(self._finish, due), within=300.0)
            except ChannelError as error:
                _log.info("mail %s: sent copies wait: %s", account.context.account, error)
            except Unfinished:
                return  # closing

    def _finish(self, due: Sequence[Sending], imap: Imap, layout: Layout) -> None:
        for sending in due:
            note = ""
            try:
                if not self._copied(sending, imap, layout):
                    continue  # the server will file it in a moment
            except (Refused, Garbled) as error:
                if not imap.alive:
                    raise
                # One letter that is not taken must not hold up the copies of all others.
                _log.warning("mail %s: a copy: %s", self._account.context.account, error)
                if self._age(sending) < _GIVE_UP:
                    continue
                note = errors.not_filed(str(error))
            self._mark(sending, imap, layout)
            self._account.fates.settle(sending.token, Fate.DONE, note)
            self._file(sending.token).unlink(missing_ok=True)

    def _mark(self, sending: Sending, imap: Imap, layout: Layout) -> None:
        if sending.answers:
            flags = (r"\Answered", r"\Seen")
            posting.flag(imap, layout, self._account.index, [sending.answers], *flags)

    def _age(self, sending: Sending) -> float:
        return (self._account.now() - sending.at).total_seconds()

    def _copied(self, sending: Sending, imap: Imap, layout: Layout) -> bool:
        """See that the sent folder has the letter once; false: look again later."""
        account, file = self._account, self._file(sending.token)
        files_sent = self.files_sent()
        if layout.sent is None or not file.exists():
            return True
        when = (0.0,) if files_sent is False else account.timing.copy
        if posting.patiently(lambda: posting.in_sent(imap, layout, sending.message_id), when):
            if files_sent is None:
                account.fates.learn("files_sent", "yes")
            return True
        if files_sent and self._age(sending) < _LATE_COPY:
            return False
        if files_sent is None:
            account.fates.learn("files_sent", "no")
        imap.append(layout.sent, file.read_bytes(), r"\Seen")
        return True

    def _file(self, token: str) -> Path:
        return self._letters / f"{int(token)}.eml"

    def keep(self, token: str, letter: bytes) -> None:
        """The letter as it leaves, for the sent copy: a crash must not lose it."""
        self._letters.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._file(token)
        fresh = file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(letter)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)

    async def close(self) -> None:
        """End the chores, after a moment's grace; what is left goes on at the next start."""
        task, self._task = self._task, None
        if task is not None:
            self._again = False
            await asyncio.wait({task}, timeout=_GRACE)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def files_sent(self) -> bool | None:
        """Whether this server files sent copies by itself, as far as known."""
        learnt = self._account.fates.fact("files_sent")
        return learnt == "yes" if learnt else self._account.settings.provider.files_sent
