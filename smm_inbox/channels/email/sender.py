"""The writing half of a mailbox: answers leave exactly once, or a person is asked."""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from smm_inbox.channels.bridge import Unfinished
from smm_inbox.domain.errors import ChannelError, Rejected, Unsupported
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import NEW_LETTER, REPLY_ALL, LocalFile, Outgoing, SendReceipt
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

from . import compose, errors, login, mapping, posting
from .account import OWN, Account
from .copies import Copies
from .failures import Failure, LoginRefused, Lost
from .fates import Fate
from .index import Known
from .letter import Address

_log = logging.getLogger(__name__)

MOST_BYTES = 25 * 2**20
"""Of all files of a letter: in Base64 they stay under the 35 MB that Gmail takes; others take less
and say so."""


class Sender:
    """Sends, and looks for what became of it."""

    def __init__(self, account: Account, copies: Copies) -> None:
        self._account = account
        self._copies = copies
        self._login_refused = False
        """SMTP refused the login last time."""

    # --- sending ----------------------------------------------------------------------------------

    async def send(self, message: Outgoing) -> SendReceipt:
        """Hand an answer to the mail server. Returns when the server took it."""
        account = self._account
        token = str(message.token)
        settled = await self._receipt(token)
        if settled is not None:
            return settled
        answered = await account.own(partial(self._answered, message))
        sender, people, letter = await self._letter(message, answered)
        message_id = mapping.message_id(token, account.context.account, account.settings)
        await account.own(
            partial(
                account.fates.prepare,
                token,
                message_id,
                str(message.place.conversation),
                answered.remote_id if answered is not None else "",
                account.now(),
            )
        )
        await account.own(partial(self._copies.keep, token, letter))
        note = await self._hand_over(token, sender, people, letter)
        sent_at = account.now()
        try:
            await account.own(partial(account.fates.settle, token, Fate.ACCEPTED, note))
        except ChannelError:
            _log.warning("mail %s: a sent answer was not noted", account.context.account)
        else:
            await self._copies.finish()
        return SendReceipt(RemoteId(message_id.strip("<>")), sent_at)

    async def _hand_over(
        self, token: str, sender: str, people: Sequence[str], letter: bytes
    ) -> str:
        """Returns a sentence about recipients that were refused; empty when there were none."""
        account = self._account
        submission = await account.submission()
        settle = partial(account.fates.settle, token)

        async def before_data() -> None:
            await account.own(partial(settle, Fate.HANDED))

        try:
            credentials = await self._credentials()
            refused = await submission.submit(
                credentials, sender, people, letter, before_data=before_data
            )
        except Failure as failure:
            if not (isinstance(failure, Lost) and failure.effect):
                await account.own(partial(settle, Fate.REFUSED))
            raise self._refusal(failure) from None
        except Unfinished as late:
            raise errors.unfinished(started=late.started, effect=False) from None
        self._login_refused = False
        return errors.refusals(refused) if refused else ""

    def _refusal(self, failure: Failure) -> ChannelError:
        account = self._account
        error = errors.translate(failure, account.settings.provider, account.now())
        if isinstance(failure, LoginRefused) and failure.code >= 500:
            if self._login_refused:
                # Since the last time IMAP let us in, or we would not be here: no login loop.
                return Rejected(error.sentence)
            self._login_refused = True
        return error

    async def _credentials(self) -> login.Credentials:
        fetch = partial(login.fetch, self._account.settings)
        return await self._account.bridge.call(fetch, lane=OWN, within=30.0)

    async def check(self) -> None:
        """Log in to SMTP and leave; raises domain errors."""
        account = self._account
        submission = await account.submission()
        try:
            await submission.check(await self._credentials())
        except Failure as failure:
            raise errors.translate(failure, account.settings.provider, account.now()) from None
        except Unfinished as late:
            raise errors.unfinished(started=late.started, effect=False) from None

    # --- the letter -------------------------------------------------------------------------------

    def _answered(self, message: Outgoing) -> Known | None:
        """The letter this answers: the one named, else the newest of the one spoken to."""
        index = self._account.index
        thread = str(message.place.conversation)
        if message.reply_to is not None:
            named = index.get(str(message.reply_to))
            if named is not None and not named.outgoing:
                return named
        spoken_to = str(message.addressee or message.place.contact or "")
        return index.latest(thread, spoken_to) or index.latest(thread)

    async def _letter(
        self, message: Outgoing, answered: Known | None
    ) -> tuple[str, list[str], bytes]:
        """Sender, recipients and bytes of the answer."""
        account, settings = self._account, self._account.settings
        contact = str(message.addressee or message.place.contact or "")
        name = ""
        if answered is not None:
            contact, name = answered.contact, answered.name
        if not mapping.has_address(contact):
            raise Rejected(
                tr("The letter gives no address to answer to: call, or write a new letter.")
            )
        text = str(message.text)
        if not _begins(message):
            text = compose.dress(message.text, settings.template, name=name.split(" ")[0])
        if settings.quote and answered is not None:
            text = await self._quoted(text, answered)
        everybody = message.extra.get(REPLY_ALL, "1" if settings.reply_all else "0") == "1"
        cc = answered.people if everybody and answered is not None else ()
        references: tuple[str, ...] = ()
        if answered is not None:
            references = tuple(dict.fromkeys((*answered.references, answered.message_id)))
        letter = compose.OutgoingLetter(
            message_id=mapping.message_id(str(message.token), account.context.account, settings),
            sender=Address(SafeText(settings.name), settings.address),
            to=(Address(clean_line(name), contact),),
            cc=tuple(Address(SafeText(""), address) for address in cc),
            subject=self._subject(message, answered),
            text=text,
            # The same letter gives the same bytes, however often it is tried.
            sent_at=message.first_attempt_at or account.now(),
            in_reply_to=answered.message_id if answered is not None else "",
            references=tuple(item for item in references if item),
        )
        raw = await account.own(partial(_build, letter, message.files))
        return settings.address, [contact, *cc], raw

    def _subject(self, message: Outgoing, answered: Known | None) -> str:
        if answered is not None and answered.subject:
            return compose.reply_subject(answered.subject)
        if _begins(message):
            return clean_line(message.place.title)
        return compose.reply_subject(message.place.title)

    async def _quoted(self, text: str, answered: Known) -> str:
        """The answer with the letter below it; without it when it is gone or out of reach."""
        account = self._account
        try:
            quote = await account.visit(
                lambda imap, layout: posting.text_of(
                    imap, layout, account.index, answered.remote_id, account.settings.ours
                )
            )
        except ChannelError:
            return text
        author = Address(clean_line(answered.name), answered.contact)
        said = compose.Quoted(author, answered.sent_at, quote)
        local = answered.sent_at.astimezone().tzinfo or UTC
        return compose.with_quote(text, said, local) if quote else text

    # --- what became of it ------------------------------------------------------------------------

    async def find_sent(self, message: Outgoing) -> SendReceipt | None:
        """Whether an answer left: by our own notes, then by the sent folder."""
        account = self._account
        token = str(message.token)
        sending = await account.own(partial(account.fates.sending, token))
        if sending is None:
            return await self._unknown(message, token)
        match sending.fate:
            case Fate.PREPARED | Fate.REFUSED:
                return None
            case Fate.ACCEPTED | Fate.DONE:
                return await self._receipt(token)
            case Fate.HANDED:
                return await self._search(token, sending.message_id, trust_absence=True)

    async def _unknown(self, message: Outgoing, token: str) -> SendReceipt | None:
        """No note: nothing was handed over, unless our notes are younger than the attempt."""
        account = self._account
        born = datetime.fromtimestamp(int(await account.own(self._born)) / 1_000_000, UTC)
        if message.first_attempt_at is None or message.first_attempt_at >= born:
            return None
        message_id = mapping.message_id(token, account.context.account, account.settings)
        return await self._search(token, message_id, trust_absence=False)

    def _born(self) -> str:
        return self._account.fates.fact("born") or "0"

    async def _search(
        self, token: str, message_id: str, *, trust_absence: bool
    ) -> SendReceipt | None:
        account = self._account
        when = account.timing.look
        found = await account.visit(
            lambda imap, layout: posting.patiently(
                lambda: posting.in_sent(imap, layout, message_id), when
            ),
            within=account.timing.command + sum(when),
        )
        if found:
            await account.own(partial(account.fates.settle, token, Fate.ACCEPTED))
            self._copies.start()
            return SendReceipt(RemoteId(message_id.strip("<>")))
        if trust_absence and await account.own(self._copies.files_sent) is True:
            await account.own(partial(account.fates.settle, token, Fate.PREPARED))
            return None
        raise Unsupported(errors.unsure())

    async def _receipt(self, token: str) -> SendReceipt | None:
        sending = await self._account.own(partial(self._account.fates.sending, token))
        if sending is None or sending.fate not in {Fate.ACCEPTED, Fate.DONE}:
            return None
        return SendReceipt(RemoteId(sending.message_id.strip("<>")), sending.at)


def _begins(message: Outgoing) -> bool:
    """Whether the letter answers nobody."""
    return message.extra.get(NEW_LETTER) == "1"


def _build(letter: compose.OutgoingLetter, files: Sequence[LocalFile]) -> bytes:
    """The bytes of a letter with its files; blocking."""
    read: list[compose.OutgoingFile] = []
    if sum(file.size for file in files) > MOST_BYTES:
        raise Rejected(
            tr("The files are too big for one letter: {limit} MB together. Send a link.").format(
                limit=MOST_BYTES // 2**20
            )
        )
    for file in files:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        try:
            read.append(compose.OutgoingFile(file.name, file.path.read_bytes(), kind))
        except OSError:
            raise Rejected(
                tr("The file cannot be read any more: {name}").format(name=file.name)
            ) from None
    try:
        return compose.build(replace(letter, files=tuple(read)))
    except compose.CannotWrite as error:
        raise Rejected(
            tr("The answer cannot be written as a letter: {why}.").format(
                why=clean_line(str(error), limit=160)
            )
        ) from None
