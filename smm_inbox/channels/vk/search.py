"""Looking for an answer of ours whose fate is unknown."""

from __future__ import annotations

from datetime import datetime, timedelta

from smm_inbox.domain.errors import Unsupported
from smm_inbox.domain.message import Outgoing, SendReceipt
from smm_inbox.locale import tr

from .account import Account
from .backfill import read_history
from .mapping import messages, raw
from .mapping.keys import MessageKey, Section
from .mapping.mentions import readable
from .mapping.raw import Raw
from .targets import CommentTarget

_PAGE = 100
_MOST_PAGES = 5
_SKEW = timedelta(minutes=2)
"""VK's clock and ours may differ by this much."""


async def find_message(account: Account, message: Outgoing, peer: int) -> SendReceipt | None:
    """Find a private message by its random_id, or by text where VK does not give one."""
    since = _since(account, message)
    for page in range(_MOST_PAGES):
        answer = await read_history(account, peer, offset=page * _PAGE, count=_PAGE)
        entries = raw.items(answer.get("items"))
        for entry in entries:
            if _is_ours(entry, message, account.us.owner, since):
                cmid = raw.positive(entry.get("conversation_message_id"))
                number = raw.positive(entry.get("id"))
                if cmid is None and number is None:
                    continue
                return SendReceipt(
                    MessageKey(peer, cmid, number).remote_id,
                    raw.moment(entry.get("date")),
                    messages.place(peer, account.us).url,
                )
        if len(entries) < _PAGE or _reaches(entries, since):
            return None
    raise Unsupported(_look_yourself())


async def find_comment(
    account: Account, message: Outgoing, target: CommentTarget, text: str
) -> SendReceipt | None:
    """Find a comment of ours by its text; ``None`` when it surely is not there."""
    since = _since(account, message)
    params: dict[str, object] = {**target.where(), "count": _PAGE, "sort": "desc"}
    if target.subject.section is Section.WALL:
        params |= {"preview_length": 0, "thread_items_count": 0}
        if target.root is not None:
            params["comment_id"] = target.root
    wanted = _normal(text)
    for page in range(_MOST_PAGES):
        answer = await account.api.call(target.read_method, {**params, "offset": page * _PAGE})
        entries = raw.items(raw.obj(answer).get("items"))
        for entry in entries:
            number = raw.positive(entry.get("id"))
            moment = raw.moment(entry.get("date"))
            if (
                number is not None
                and raw.integer(entry.get("from_id")) == account.us.owner
                and (moment is None or moment >= since)
                and _normal(entry.get("text")) == wanted
                and _files(entry) == len(message.files)
            ):
                subject = target.subject
                url = subject.comment_url(number, target.root)
                return SendReceipt(subject.comment(number), moment, url)
        if len(entries) < _PAGE or _reaches(entries, since):
            return None
    raise Unsupported(_look_yourself())


def _is_ours(entry: Raw, message: Outgoing, owner: int, since: datetime) -> bool:
    if raw.integer(entry.get("from_id")) != owner:
        return False
    random_id = raw.integer(entry.get("random_id"))
    if random_id:
        return str(random_id) == message.token
    # A colleague may have written the very same words in the browser: that is not our message.
    if raw.positive(entry.get("admin_author_id")) is not None:
        return False
    moment = raw.moment(entry.get("date"))
    return (
        (moment is None or moment >= since)
        and _normal(entry.get("text")) == _normal(str(message.text))
        and _files(entry) == len(message.files)
    )


def _since(account: Account, message: Outgoing) -> datetime:
    offset = account.api.now() - account.context.clock.now()
    first = message.first_attempt_at or account.context.clock.now()
    return first + offset - _SKEW


def _reaches(entries: list[Raw], since: datetime) -> bool:
    moments = [raw.moment(entry.get("date")) for entry in entries]
    return any(moment is not None and moment < since for moment in moments)


def _normal(text: object) -> str:
    """A text as compared: VK trims it and shows mentions its own way."""
    return " ".join(readable(text).split())


def _files(entry: Raw) -> int:
    """Files among the attachments: a link in the text makes VK add a preview of its own."""
    return sum(1 for found in raw.items(entry.get("attachments")) if found.get("type") != "link")


def _look_yourself() -> str:
    return tr("Too much has been written since: look on VK whether the answer is there.")
