"""The check before sending: what the operator should know about an answer; it forbids nothing."""

from __future__ import annotations

from datetime import timedelta

from smm_inbox.config.model import Settings
from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.check import (
    Answered,
    Finding,
    Rule,
    apologises,
    called,
    look_over,
    sounds_like_complaint,
)
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.conversation import MessageType
from smm_inbox.domain.feed import ConversationCard, MessageRow
from smm_inbox.domain.ids import MessageId
from smm_inbox.domain.message import Direction
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import ntr, tr
from smm_inbox.storage.database import Database

from .feed import Feed
from .names import Names
from .scripts import Scripts

_LOOKED_AT = 50
"""Messages of the conversation that are looked at."""


class Checks:
    """Looks answers over."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        feed: Feed,
        scripts: Scripts,
        names: Names,
    ) -> None:
        self._settings = settings
        self._db = db
        self._clock = clock
        self._feed = feed
        self._scripts = scripts
        self._names = names

    async def findings(
        self,
        card: ConversationCard,
        text: str,
        kind: ReplyKind,
        reply_to: MessageId | None,
    ) -> tuple[Finding, ...]:
        """What is to be said about an answer to a message of a conversation."""
        if not text.strip():
            return ()
        known = await self._names.among(called(text))
        return look_over(
            text,
            await self._answered(card, kind, reply_to),
            self._clock.now(),
            old=timedelta(days=self._settings.check_old_days),
            is_name=known.__contains__,
        )

    async def warnings(
        self,
        card: ConversationCard,
        text: str,
        kind: ReplyKind,
        reply_to: MessageId | None,
    ) -> tuple[SafeText, ...]:
        """The findings in words."""
        found = await self.findings(card, text, kind, reply_to)
        return tuple(map(in_words, found))

    async def _answered(
        self, card: ConversationCard, kind: ReplyKind, reply_to: MessageId | None
    ) -> Answered:
        messages = (await self._feed.messages(card.row.id, limit=_LOOKED_AT)).messages
        inbound = [one for one in messages if one.direction is Direction.IN]
        target = next((one for one in messages if one.id == reply_to), None)
        if target is None and inbound:
            target = inbound[-1]
        public = card.row.public and kind is ReplyKind.IN_PLACE
        return Answered(
            public=public,
            names=_names(card, target),
            their_texts=_theirs(card, inbound) if public else (),
            our_texts=await self._ours() if public else (),
            complaint=_complains(card, target),
            apologised=any(
                one.direction is Direction.OUT and not one.automatic and apologises(one.text)
                for one in messages
            ),
            asked_at=None if target is None or not card.row.awaiting else target.sent_at,
        )

    async def _ours(self) -> tuple[str, ...]:
        """Texts the business publishes: what stands in a script is no secret of a customer."""
        return tuple(str(one.body) for one in await self._scripts.all())


def _names(card: ConversationCard, target: MessageRow | None) -> tuple[str, ...]:
    author = card.contact
    if target is not None and target.author is not None:
        author = target.author
    if author is None:
        return (card.row.name,) if card.row.name else ()
    return tuple(name for name in (author.name, author.handle) if name) if author.name else ()


def _theirs(card: ConversationCard, inbound: list[MessageRow]) -> tuple[str, ...]:
    texts = [f"{one.text}\n{one.folded}" for one in inbound]
    for who in {card.contact, *(one.author for one in inbound)}:
        if who is not None:
            texts += [who.name, who.handle, who.remote_id]
    return tuple(texts)


def _complains(card: ConversationCard, target: MessageRow | None) -> bool:
    if card.row.type is not None:
        return card.row.type is MessageType.COMPLAINT
    return target is not None and sounds_like_complaint(target.text)


def in_words(finding: Finding) -> SafeText:
    """A finding as one sentence for the operator."""
    if finding.rule is Rule.OLD:
        days = int(finding.words)
        sentence = ntr(
            "This was written {n} day ago: is it still of use?",
            "This was written {n} days ago: is it still of use?",
            days,
        )
        return SafeText(sentence.format(n=days))
    sentence = {
        Rule.BLANK: tr("Not filled in: {words}"),
        Rule.BRACES: tr("{words} leaves as it stands: braces are filled in only in scripts."),
        Rule.THEIR_CONTACT: tr("The customer's own {words} would be read by everybody."),
        Rule.CONTACT: tr("Everybody will read {words}: is it surely yours?"),
        Rule.DENIAL: tr("“{words}” sounds as if the customer was to blame."),
        Rule.MIXED: tr("Both “ты” and “вы”: {words}"),
        Rule.NO_APOLOGY: tr("A complaint, and no word of apology."),
        Rule.WRONG_NAME: tr("The customer is not called “{words}”."),
    }[finding.rule]
    return SafeText(sentence.replace("{words}", clean_line(finding.words, limit=60)))
