"""Rules of triage that need no database."""

from __future__ import annotations

import re

from .message import Attachment, AttachmentKind

_THANKS = re.compile(
    r"""(?:
        (?:большое|огромное|всё|все|ок|окей|okay|ok|хорошо|отлично|супер|понял[аи]?|поняла|ясно|
           да|ага|угу|класс|здорово|круто|благодар(?:ю|им|ствую)|спасибо|спс|спасиб|спасибочки|
           пасиб|пасибо|пасибки|мерси|сенкс|thanks?|thx|ty|you|thank|very|much|a|lot|
           вам|тебе|очень|принято|договорились|огромное|большущее|и|за|ответ|помощь|
           ждём|ждем|до|встречи|хорошего|дня|приятного|вечера|всего|доброго)
        [\s!.,)(:;~^*_-]*
    )+""",
    re.VERBOSE | re.IGNORECASE,
)
_THANKING = re.compile(r"благодар|спасиб|спс|пасиб|мерси|сенкс|thank|thx|\bty\b", re.IGNORECASE)
_ACKNOWLEDGING = re.compile(
    r"^(?:ок|окей|okay|ok|хорошо|отлично|супер|понял[аи]?|ясно|ага|угу|принято|договорились|класс|"
    r"здорово|круто)$",
    re.IGNORECASE,
)
_WORDLESS = re.compile(r"[^\w?]+")
_LONGEST = 60


def is_bare_thanks(text: str, attachments: tuple[Attachment, ...] = ()) -> bool:
    """Whether a message only thanks or acknowledges, so that nobody waits for an answer.

    A question mark, a digit, or any word outside the small vocabulary makes it a real message; a
    sticker or a few emoji without text count as thanks. Used only after an answer of ours.
    """
    if any(item.kind is not AttachmentKind.STICKER for item in attachments):
        return False
    stripped = text.strip()
    if len(stripped) > _LONGEST or "?" in stripped:
        return False
    words = _WORDLESS.sub(" ", stripped).strip()
    if not words:
        return bool(stripped) or bool(attachments)
    if not _THANKS.fullmatch(words):
        return False
    return bool(_THANKING.search(words)) or bool(_ACKNOWLEDGING.match(words))
