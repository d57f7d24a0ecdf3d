"""What a sent answer says about scripts: which it was made from, what they do, what is learned."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable

from smm_inbox.config.model import Settings
from smm_inbox.domain import snooze
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.conversation import Status
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.fold import fold, stem, words
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId
from smm_inbox.domain.prepared import Actions, Script
from smm_inbox.domain.ranking import resembles
from smm_inbox.domain.script import facts_in
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr
from smm_inbox.storage import facts, journal, memory
from smm_inbox.storage import scripts as stored
from smm_inbox.storage.database import Database, Transaction

from .composing import ReplyRefused
from .duty import Duty
from .tags import Tags
from .triage import Triage

_log = logging.getLogger(__name__)

_LONGEST = 600
_FOREIGN = re.compile(r"\d{3}|@|https?:|www\.|[{}]")
"""Numbers, addresses and links of one customer have no place in an answer to another."""
_CALLED = re.compile(
    r"(?:(?i:здравствуйте|добрый \w+|доброе \w+|привет|спасибо|hello|hi|dear)[ ,]+|^)"
    r"([А-ЯЁA-Z][а-яёa-z]+)(?=[,!.])",
    re.MULTILINE,
)
"""Somebody is called by a name: by "Маша", where the network says "Мария"."""
_NO_NAMES = frozenset(
    words(
        "да нет конечно хорошо отлично спасибо пожалуйста здравствуйте привет есть можно увы "
        "извините простите понятно договорились ждем yes no sure thanks hello sorry"
    )
)
"""Words an answer may begin with."""


class ScriptUses:
    """Counts, remembers and acts when an answer is sent."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        duty: Duty,
        triage: Triage,
        tags: Tags,
    ) -> None:
        self._db = db
        self._clock = clock
        self._duty = duty
        self._triage = triage
        self._tags = tags
        self._settings = settings

    async def used(self, conversation: ConversationId, text: str) -> tuple[Script, ...]:
        """Scripts put into the draft of a conversation whose words are still in it."""
        found = await stored.in_draft(self._db, conversation)
        return tuple(one for one in found if resembles(one.wording, text))

    async def refuse_stale(self, used: Collection[Script], text: str) -> None:
        """Raise ``ReplyRefused`` when a fact a script put in has gone out of date since."""
        if not any("{" in script.body for script in used):
            return
        texts = {fold(one.name): str(one.body) for one in await stored.every(self._db)}
        names = facts_in((str(script.body) for script in used), texts)
        now = self._clock.now()
        for fact in await facts.current(self._db):
            stands = fold(fact.name) in names and fact.value in text
            if stands and not fact.is_current(now):
                sentence = tr(
                    "“{name}: {value}” is out of date: renew it on the Today board, or take it out "
                    "of the answer."
                )
                raise ReplyRefused(
                    sentence.replace("{name}", fact.name).replace("{value}", fact.value)
                )

    async def note(
        self,
        tx: Transaction,
        account: AccountId,
        conversation: ConversationId,
        answer: MessageId,
        text: str,
        used: Collection[Script],
    ) -> None:
        """The draft became an answer: count its scripts, remember what it answered."""
        operator, now = self._duty.operator, self._clock.now()
        await stored.sent(tx, conversation, answer, used, now)
        again = "" if used else reusable(text, await _name_in(tx, answer))
        await memory.note(tx, answer, again, operator)
        for script in used:
            await journal.write(
                tx,
                journal.Event.SCRIPT_USED,
                account,
                now,
                conversation=conversation,
                message=answer,
                operator=operator,
                script=str(script.name),
            )

    async def act(self, conversation: ConversationId, used: Iterable[Script]) -> SafeText:
        """Do to the conversation what the scripts of a sent answer say; each can be undone.

        The answer is on its way by now: what fails here is told, not raised.
        """
        try:
            for script in used:
                await self._do(conversation, script.actions)
        except InboxError as error:
            _log.warning("a script could not do all it says: %s", error)
            return SafeText(error.sentence)
        return SafeText("")

    async def _do(self, conversation: ConversationId, actions: Actions) -> None:
        if actions.type is not None:
            await self._triage.set_type([conversation], actions.type)
        if actions.status is Status.IN_PROGRESS:
            await self._triage.in_progress([conversation])
        elif actions.status is Status.NEW:
            await self._triage.reopen([conversation])
        for name in actions.tags:
            tag = await self._tags.create(name)
            await self._tags.put(tag.id, [conversation])
        if actions.snooze:
            moment = snooze.parse(actions.snooze, self._clock.now(), self._settings.hours)
            if isinstance(moment, snooze.Trouble):
                sentence = tr("The script does not say until when to put it off: {found}")
                raise InboxError(sentence.replace("{found}", actions.snooze))
            await self._triage.snooze([conversation], moment.until)


async def _name_in(tx: Transaction, answer: MessageId) -> str:
    row = await tx.one(
        "SELECT c.name FROM messages m JOIN contacts c ON c.id = m.author_id "
        "WHERE m.answer_id = ? ORDER BY m.sent_at DESC LIMIT 1",
        (answer,),
    )
    return "" if row is None else row["name"]


def closes(used: Iterable[Script]) -> bool:
    """Whether a script among them closes the conversation once the answer has arrived."""
    return any(one.actions.close or one.actions.status is Status.CLOSED for one in used)


def reusable(text: str, name: str) -> str:
    """An answer as a script for the next customer; empty when it could only be meant for one.

    The customer's own name becomes ``{имя}``; an answer with another form of it, with somebody
    else's name behind a greeting, with numbers, addresses or links is not offered again.
    """
    if len(text) > _LONGEST or _FOREIGN.search(text):
        return ""
    own = words(name)
    if own:
        pattern = re.compile(rf"(?<!\w){re.escape(name.split(maxsplit=1)[0])}(?!\w)", re.IGNORECASE)
        text = pattern.sub("{имя}", text)
        related = {stem(word) for word in own if len(word) > 2}
        rest = text.replace("{имя}", " ")
        if any(stem(word) in related for word in words(rest)):
            return ""
    called = {found.casefold().replace("ё", "е") for found in _CALLED.findall(text)}
    return "" if called - _NO_NAMES else text
