"""Actions of a script in one line of words: ``тип жалоба, тег бронь, в работе, закрыть``."""

from __future__ import annotations

from collections.abc import Mapping

from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.fold import fold
from smm_inbox.domain.prepared import Actions
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

_TYPES: Mapping[str, MessageType] = {
    **{str(one): one for one in MessageType},
    "вопрос": MessageType.QUESTION,
    "спасибо": MessageType.THANKS,
    "благодарность": MessageType.THANKS,
    "жалоба": MessageType.COMPLAINT,
    "нейтрально": MessageType.NEUTRAL,
    "нейтральное": MessageType.NEUTRAL,
}
_STATUSES: Mapping[str, Status] = {
    "в работе": Status.IN_PROGRESS,
    "in progress": Status.IN_PROGRESS,
    "новое": Status.NEW,
    "new": Status.NEW,
}
_CLOSE = frozenset({"закрыть", "close"})
_VERBS: Mapping[str, str] = {
    "тип": "type",
    "type": "type",
    "тег": "tag",
    "tag": "tag",
    "отложить": "snooze",
    "snooze": "snooze",
}


def read_actions(text: str) -> Actions | SafeText:
    """The actions a line names, or a sentence that says which part is not understood."""
    tags: list[SafeText] = []
    kind: MessageType | None = None
    status: Status | None = None
    snooze, close = SafeText(""), False
    for part in (clean_line(piece) for piece in text.split(",")):
        folded = fold(part)
        verb, _, rest = part.partition(" ")
        what, rest = _VERBS.get(fold(verb), ""), rest.strip()
        if not part:
            continue
        if folded in _CLOSE:
            close = True
        elif folded in _STATUSES:
            status = _STATUSES[folded]
        elif what == "type" and fold(rest) in _TYPES:
            kind = _TYPES[fold(rest)]
        elif what == "tag" and rest:
            tags.append(clean_line(rest.lstrip("#")))
        elif what == "snooze" and rest:
            snooze = clean_line(rest)
        else:
            sentence = tr(
                "“{found}” is not understood. Possible: type complaint, tag booking, in progress, "
                "snooze 2h, close."
            )
            return SafeText(sentence.replace("{found}", clean_line(part, limit=40)))
    return Actions(tuple(tags), kind, status, snooze, close)


def actions_in_words(actions: Actions) -> SafeText:
    """Actions as a line that ``read_actions`` reads."""
    parts: list[str] = []
    if actions.type is not None:
        word = {
            MessageType.QUESTION: tr("question"),
            MessageType.THANKS: tr("thanks"),
            MessageType.COMPLAINT: tr("complaint"),
            MessageType.NEUTRAL: tr("neutral"),
        }[actions.type]
        parts.append(tr("type {type}").replace("{type}", _known(word, actions.type)))
    parts += [tr("tag {name}").replace("{name}", name) for name in actions.tags]
    if actions.status is Status.IN_PROGRESS:
        parts.append(tr("in progress"))
    elif actions.status is Status.NEW:
        parts.append(tr("new"))
    if actions.snooze:
        parts.append(tr("snooze {until}").replace("{until}", actions.snooze))
    if actions.close or actions.status is Status.CLOSED:
        parts.append(tr("close"))
    return SafeText(", ".join(parts))


def _known(word: str, kind: MessageType) -> str:
    """The word of the interface where it can be read back, otherwise the word of the file."""
    return word if _TYPES.get(fold(word)) is kind else str(kind)
