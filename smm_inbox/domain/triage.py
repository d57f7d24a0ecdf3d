"""Rules of triage that need no database."""

from __future__ import annotations

import re
import unicodedata

from .message import Attachment, AttachmentKind

_THANKING = re.compile(
    r"благодар(?:ю|им|ствую|очка)|спасиб\w*|спс|пасиб\w*|мерси|сенкс|thanks?|thx|ty",
    re.IGNORECASE,
)
"""Words that thank by themselves."""

_WORD = re.compile(r"\w+")

_ACKNOWLEDGING = frozenset(
    _WORD.findall(
        "ок окей okay ok хорошо отлично супер понял поняла поняли понятно ясно ага угу принято "
        "договорились класс здорово круто"
    )
)
"""Words that, alone or together, say "I have read it". Not «да»: it answers a question of ours."""

_AROUND = frozenset(
    _WORD.findall(
        "большое большущее огромное всё все вам вас тебе очень и за ваш быстрый ответ помощь "
        "информацию оперативность до встречи хорошего доброго приятного дня вечера всего "
        "you very much a lot so"
    )
)
"""Words that change nothing beside a thanks. Not «жду», «ждём», «но», «не», «ну», «нет»."""

_UPSET = frozenset("😠😡🤬😤👎💩🤮🤢😞😢😭😒🙄😕🙁☹😑😐🖕❓❔💔")
"""An emoji that does not thank: somebody should look."""

_LONGEST = 60


def is_bare_thanks(text: str, attachments: tuple[Attachment, ...] = ()) -> bool:
    """Whether a message only thanks or acknowledges, so that nobody waits for an answer.

    A question mark, a digit, or any word outside the small vocabulary makes it a real message; a
    sticker, a smile or a few kind emoji without text count as thanks. Used only after an answer of
    ours. In doubt a message is a real one: an unneeded row costs a key, a lost customer more.
    """
    if any(item.kind is not AttachmentKind.STICKER for item in attachments):
        return False
    stripped = text.strip()
    if len(stripped) > _LONGEST or "?" in stripped or _UPSET.intersection(stripped):
        return False
    words = [word.casefold() for word in _WORD.findall(stripped)]
    if not words:
        return _is_smile(stripped) if stripped else bool(attachments)
    thanking = [word for word in words if _THANKING.fullmatch(word)]
    if thanking:
        return all(word in _AROUND or word in _ACKNOWLEDGING or word in thanking for word in words)
    return all(word in _ACKNOWLEDGING for word in words)


def _is_smile(text: str) -> bool:
    """Emoji or the Russian ``)))``; mere dots or a plus sign may mean anything."""
    return ")" in text or any(unicodedata.category(char) == "So" for char in text)
