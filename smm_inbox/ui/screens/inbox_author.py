"""The author card: who this is and what else they wrote, on every channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from smm_inbox.domain.feed import ConversationCard
from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.locale import tr

from .. import format as fmt
from ..safe import clip
from ..widgets.painted import Line
from .inbox_pick import PickScreen

_WIDTH = 74


@dataclass(frozen=True, slots=True)
class AuthorChoice:
    """What a line of the card leads to: another conversation or a page."""

    conversation: ConversationId | None = None
    url: str = ""


def author_screen(
    card: ConversationCard,
    channels: Mapping[AccountId, str],
    now: datetime,
    zone: tzinfo,
    browsable: Callable[[str], bool],
) -> PickScreen[AuthorChoice]:
    """Build the card."""
    contact = card.contact
    name = (contact.name if contact else "") or card.row.name or tr("No name")
    lines: list[tuple[Line, AuthorChoice | None]] = []

    def fact(title: str, value: str) -> None:
        lines.append((Line(((f"{title:<14}", "quiet"), (value or fmt.UNKNOWN, "plain"))), None))

    def page(title: str, url: str) -> None:
        if browsable(url):
            shown = clip(url, _WIDTH - 18)
            lines.append((Line(((f"{title:<14}", "quiet"), (shown, "key"))), AuthorChoice(url=url)))
        else:
            fact(title, clip(url, _WIDTH - 18))

    fact(tr("Channel"), channels.get(card.row.account, ""))
    handle = contact.handle if contact else card.row.handle
    fact(tr("Handle"), fmt.handle(handle) if handle else "")
    fact(tr("Followers"), fmt.followers(contact.followers if contact else card.row.followers))
    fact(tr("City"), (contact.city if contact else "") or card.row.city)
    if contact and contact.note:
        fact(tr("Account"), contact.note)
    page(tr("Page"), contact.url if contact else "")
    page(tr("Photo"), contact.photo_url if contact else "")
    lines.append((Line(), None))
    if not card.others:
        lines.append((Line(((tr("There are no other conversations."), "quiet"),)), None))
    else:
        heading = tr("Other conversations: {count}").format(count=len(card.others))
        lines.append((Line(((heading, "strong"),)), None))
    for other in card.others:
        place = f"{channels.get(other.account, '')} {fmt.kind_word(other.kind)}  "
        when = fmt.moment(other.last_at, now, zone)
        waiting = ((tr("waiting"), "warn"), ("  ", "plain")) if other.awaiting else ()
        left = (
            (place, "quiet"),
            *waiting,
            (clip(other.preview or tr("no text"), _WIDTH - 34), "plain"),
        )
        lines.append((Line(left, ((when, "quiet"),)), AuthorChoice(other.id)))
    return PickScreen(name, lines)
