"""Suggestions: scripts that fit a message, ranked locally; none of them is ever sent by itself.

Two witnesses: the words of the scripts themselves, and what was answered to similar messages, where
the answers of the operator on duty count more. Asked for beside a message, never on a key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smm_inbox.domain.conversation import MessageType
from smm_inbox.domain.feed import ConversationCard, MessageRow
from smm_inbox.domain.ids import ConversationId, MessageId, ScriptId
from smm_inbox.domain.message import Direction
from smm_inbox.domain.prepared import INTERIM_FOLDER, Script
from smm_inbox.domain.ranking import Index, telling
from smm_inbox.domain.text import SafeText, one_line
from smm_inbox.locale import tr
from smm_inbox.storage import memory
from smm_inbox.storage.database import Database
from smm_inbox.storage.memory import Remembered

from .duty import Duty
from .feed import Feed
from .scripts import Scripts

MOST = 3
_MEMORY = 1.5
"""What the nearest answer given before counts, beside 1 for the best script by its words."""
_OTHERS = 0.6
"""What an answer of another operator counts beside one's own."""
_TYPE = 1.3
_LEAST = 0.25
"""Share of the best score below which a script has nothing to do with the message."""
_FEW_WORDS = 2.0
"""Scores below this say only that a common word is shared."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reply that may fit: a script, or an answer that was written by hand before."""

    name: SafeText
    source: Script | str
    """The script, or an earlier answer as a template."""

    @property
    def script(self) -> ScriptId | None:
        """The script it is; ``None`` for an earlier answer."""
        return self.source.id if isinstance(self.source, Script) else None


class Suggest:
    """Ranks scripts for messages."""

    def __init__(self, db: Database, feed: Feed, scripts: Scripts, duty: Duty) -> None:
        self._db = db
        self._feed = feed
        self._scripts = scripts
        self._duty = duty
        self._index: tuple[tuple[Script, ...], Index] | None = None

    async def for_message(
        self, conversation: ConversationId, message: MessageId | None
    ) -> tuple[Suggestion, ...]:
        """The best replies to a message (to the newest waiting one, without one), at most three."""
        card = await self._feed.card(conversation)
        if card is None:
            return ()
        target = message or card.reply_target
        row = None if target is None else await self._feed.message(target)
        if row is None or row.direction is not Direction.IN:
            return ()
        return await self._ranked(card, row)

    async def inside(self, folder: str) -> tuple[Suggestion, ...]:
        """The first scripts of a folder."""
        scripts = [one for one in await self._scripts.all() if one.folder == folder]
        return tuple(map(_of, scripts[:MOST]))

    async def _ranked(self, card: ConversationCard, row: MessageRow) -> tuple[Suggestion, ...]:
        scripts = await self._scripts.all()
        words = telling(f"{card.title}\n{row.text}")
        remembered = await memory.similar(self._db, words)
        scores = self._by_words(scripts, words)
        by_hand: dict[str, float] = {}
        for answer, weight in self._weighed(remembered):
            for which in answer.scripts:
                scores[which] = scores.get(which, 0.0) + weight
            if answer.answer:
                by_hand[answer.answer] = by_hand.get(answer.answer, 0.0) + weight
        known = {one.id: one for one in scripts}
        ranked: list[tuple[float, float, Suggestion]] = []
        for which, score in scores.items():
            one = known.get(which)
            if one is not None:
                fits = one.actions.type is not None and one.actions.type is card.row.type
                ranked.append((score * (_TYPE if fits else 1), one.uses, _of(one)))
        ranked += [
            (score, 0.0, Suggestion(_first_words(text), text)) for text, score in by_hand.items()
        ]
        ranked.sort(key=lambda item: item[:2], reverse=True)
        best = [item[2] for item in ranked if item[0] >= ranked[0][0] * _LEAST][:MOST]
        return (*best, *self._interim(scripts, best, card))[:MOST]

    def _by_words(
        self, scripts: tuple[Script, ...], words: tuple[str, ...]
    ) -> dict[ScriptId, float]:
        """How well each script fits by its own words: 1 for the best one."""
        if self._index is None or self._index[0] is not scripts:
            self._index = (scripts, Index(scripts))
        found = self._index[1].scores(words)
        most = max(found.values(), default=0.0)
        if most < _FEW_WORDS:
            return {}
        return {which: score / most for which, score in found.items()}

    def _weighed(self, remembered: tuple[Remembered, ...]) -> Iterable[tuple[Remembered, float]]:
        """Earlier answers with what they count: nearer ones and one's own count more."""
        most = max((one.score for one in remembered), default=0.0)
        if most <= 0:
            return
        for one in remembered:
            own = 1.0 if one.operator == self._duty.operator else _OTHERS
            share = (one.score / most) ** 2
            yield one, _MEMORY * own * share * min(1.0, one.score / _FEW_WORDS) / 2

    @staticmethod
    def _interim(
        scripts: tuple[Script, ...], best: list[Suggestion], card: ConversationCard
    ) -> Iterable[Suggestion]:
        """When little fits: a word that somebody works on it is better than silence."""
        if card.row.awaiting and card.row.type is not MessageType.THANKS and len(best) < MOST:
            taken = {one.script for one in best}
            rest = [s for s in scripts if s.folder == INTERIM_FOLDER and s.id not in taken]
            yield from map(_of, rest[:1])


def _of(script: Script) -> Suggestion:
    return Suggestion(script.name, script)


def _first_words(text: str) -> SafeText:
    line = one_line(text.replace("{имя}", "…"))
    short = line if len(line) <= 28 else line[:27].rstrip() + "…"
    return SafeText(tr("As before: {words}").replace("{words}", short))
