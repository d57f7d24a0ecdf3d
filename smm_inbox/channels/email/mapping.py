"""From a letter to what the inbox stores; pure but for what the index knows of threads."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import AccountId, RemoteId, Token
from smm_inbox.domain.message import Direction, NetworkMessage, Undelivered
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

from .fates import Sending
from .fetching import ANSWERED, Fetched
from .index import Index, Known
from .letter import Address, Letter, Robot, bare_subject, normal_subject, thread_of
from .settings import MailSettings
from .tidings import Returned

_LONGEST_WAY = timedelta(days=5)
_NOBODY = "letter:"
"""Begins the remote id of an author without an address: a form that asked for a phone only."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter of the mailbox, ready for the inbox."""

    known: Known
    message: NetworkMessage
    contact: Contact | None
    aliases: tuple[str, ...]
    subject_key: str


def message_id(token: str, account: AccountId, settings: MailSettings) -> str:
    """Message-ID of an answer of ours: the token can be read back from it."""
    return f"<{token}.{account}@{settings.domain}>"


def token_of(wanted: str, account: AccountId, settings: MailSettings) -> Token | None:
    """The token in a Message-ID that this account made."""
    tail = re.escape(f".{account}@{settings.domain}")
    match = re.fullmatch(rf"<(\d{{1,20}}){tail}>", wanted)
    return Token(match[1]) if match else None


def has_address(contact: str) -> bool:
    """Whether letters can be sent to a contact."""
    return "@" in contact and not contact.startswith(_NOBODY)


def inbound(
    fetched: Fetched, letter: Letter, index: Index, settings: MailSettings, now: datetime
) -> Taken:
    """A letter of a customer."""
    remote_id = f"i{fetched.print}"
    who = letter.contact or (letter.sender if letter.form is None else None)
    if who is not None and letter.form is not None and who.key in settings.ours:
        who = None
    contact = _contact(letter, who, remote_id)
    thread = _thread(letter, remote_id, index, now)
    people = [item.key for item in (*letter.to, *letter.cc)]
    known = _known(letter, remote_id, thread, contact, now, people, settings, outgoing=False)
    begun = index.correspondent(thread)
    place = _place(thread, RemoteId(begun or contact.remote_id), letter)
    if begun and letter.automatic:
        place = replace(place, title=SafeText(""))  # "Undelivered Mail" must not rename a talk
    message = NetworkMessage(
        place=place,
        remote_id=RemoteId(remote_id),
        direction=Direction.IN,
        text=letter.text,
        folded=letter.folded,
        sent_at=known.sent_at,
        author=contact.remote_id,
        attachments=letter.attachments,
        reply_to=_parent(letter, index),
        people=_others(letter, known),
        automatic=letter.automatic,
        # Answered in webmail before we ever saw it: nobody waits.
        needs_answer=ANSWERED not in fetched.flags,
    )
    return Taken(known, message, contact, _aliases(letter), normal_subject(letter.subject))


def outbound(
    fetched: Fetched,
    letter: Letter,
    index: Index,
    settings: MailSettings,
    account: AccountId,
    now: datetime,
) -> Taken | None:
    """A letter of the sent folder; ``None`` when it went to nobody but ourselves."""
    others = [item for item in (*letter.to, *letter.cc) if item.key not in settings.ours]
    if not others:
        return None
    token = token_of(letter.message_id, account, settings)
    remote_id = _short(letter.message_id.strip("<>")) or f"o{fetched.print}"
    letter = replace(letter, contact=others[0])
    thread = _thread(letter, remote_id, index, now)
    contact = _person(others[0])
    people = [item.key for item in others[1:]]
    known = _known(letter, remote_id, thread, contact, now, people, settings, outgoing=True)
    partner = index.correspondent(thread) or contact.remote_id
    message = NetworkMessage(
        place=_place(thread, RemoteId(partner), letter),
        remote_id=RemoteId(remote_id),
        direction=Direction.OUT,
        text=letter.text,
        folded=letter.folded,
        sent_at=known.sent_at,
        attachments=letter.attachments,
        reply_to=_parent(letter, index),
        addressee=contact.remote_id,
        token=token,
        automatic=letter.automatic,
    )
    return Taken(known, message, contact, _aliases(letter), normal_subject(letter.subject))


def note(sending: Sending) -> NetworkMessage:
    """What became of an answer, told in its conversation."""
    return NetworkMessage(
        place=Place(Kind.DIRECT, RemoteId(sending.thread)),
        remote_id=RemoteId(f"{sending.message_id.strip('<>')}#note"),
        direction=Direction.IN,
        text=SafeText(sending.note),
        sent_at=sending.at,
        automatic=True,
        needs_answer=False,
    )


def answered_elsewhere(letter: Known) -> NetworkMessage:
    """The answer that another program gave, of which only the mark on the letter is known.

    It stands at the letter's own time: what came after the letter goes on waiting.
    """
    return NetworkMessage(
        place=Place(Kind.DIRECT, RemoteId(letter.thread)),
        remote_id=RemoteId(f"{letter.remote_id}#answered"),
        direction=Direction.OUT,
        text=SafeText(
            tr("Answered in another mail program; the answer itself is not among the sent letters.")
        ),
        sent_at=letter.sent_at,
        reply_to=RemoteId(letter.remote_id),
        addressee=RemoteId(letter.contact),
    )


def undelivered(item: Returned, account: AccountId, settings: MailSettings) -> Undelivered:
    """A letter of ours that the mail system returned."""
    return Undelivered(
        kind=Kind.DIRECT,
        remote_id=RemoteId(_short(item.message_id.strip("<>"))),
        token=token_of(item.message_id, account, settings),
        reason=SafeText(item.reason),
        at=item.at,
    )


def _others(letter: Letter, known: Known) -> tuple[Contact, ...]:
    """Whom an answer to all goes to besides the contact: exactly those the sender writes to."""
    named = {item.key: item for item in (*letter.cc, *letter.to)}
    return tuple(_person(named[key]) for key in known.people if key in named)


def _known(
    letter: Letter,
    remote_id: str,
    thread: str,
    contact: Contact,
    now: datetime,
    people: list[str],
    settings: MailSettings,
    *,
    outgoing: bool,
) -> Known:
    others = [key for key in people if key not in settings.ours and key != contact.remote_id]
    references = [*letter.references]
    if letter.in_reply_to and letter.in_reply_to not in references:
        references.append(letter.in_reply_to)
    return Known(
        remote_id=remote_id,
        message_id=letter.message_id,
        thread=thread,
        outgoing=outgoing,
        contact=contact.remote_id,
        name=contact.name if str(contact.name) != contact.remote_id else "",
        subject=letter.subject,
        references=tuple(references),
        people=tuple(dict.fromkeys(others)),
        sent_at=letter.sent_at or now if outgoing else _came(letter, now),
    )


def _came(letter: Letter, arrived: datetime) -> datetime:
    """When a customer began to wait: a letter held up on its way was not there to be answered.

    Mail systems give up after five days; a greater distance is a mailbox that was copied.
    """
    sent = letter.sent_at or arrived
    return arrived if sent < arrived < sent + _LONGEST_WAY else sent


def _thread(letter: Letter, remote_id: str, index: Index, now: datetime) -> str:
    known = index.get(remote_id)
    if known is not None:
        return known.thread  # it came before: the same thread, whatever we have learnt since
    own = letter.message_id
    if own and index.called(own) is None:
        # An answer to it was read before the letter itself.
        thread = index.by_message_id(own)
        if thread is not None:
            return thread
    return _short(thread_of(letter, index, now=now, fallback=remote_id))


def _short(key: str) -> str:
    return clean_line(key, limit=1000)


def _place(thread: str, contact: RemoteId, letter: Letter) -> Place:
    title = clean_line(bare_subject(letter.subject)) or SafeText(tr("(no subject)"))
    return Place(
        kind=Kind.DIRECT,
        conversation=RemoteId(thread),
        contact=contact,
        title=title,
    )


def _contact(letter: Letter, who: Address | None, remote_id: str) -> Contact:
    form = letter.form
    if who is None:
        name = (form.name or form.phone) if form is not None else SafeText("")
        return Contact(
            RemoteId(f"{_NOBODY}{remote_id}"),
            name=name or SafeText(tr("Unknown sender")),
            note=SafeText(tr("The letter gives no address to answer to.")),
        )
    person = _person(who)
    if form is None:
        return person
    note = "" if form.confirmed else tr("The address was found in the text of the form: check it.")
    return replace(person, name=form.name or person.name, note=SafeText(note))


def _person(who: Address) -> Contact:
    key = clean_line(who.key)
    return Contact(RemoteId(key), name=clean_line(who.name) or key, handle=key)


def _parent(letter: Letter, index: Index) -> RemoteId | None:
    for wanted in (letter.in_reply_to, *letter.references[-1:]):
        if wanted and wanted != letter.message_id:
            found = index.called(wanted)
            if found is not None:
                return RemoteId(found.remote_id)
    return None


def _aliases(letter: Letter) -> tuple[str, ...]:
    if letter.report is not None or letter.robot is Robot.BOUNCE:
        # Read before the letter it speaks of, it must not draw that one out of its thread.
        return (letter.message_id,)
    return tuple(
        dict.fromkeys(
            item for item in (letter.message_id, letter.in_reply_to, *letter.references) if item
        )
    )
