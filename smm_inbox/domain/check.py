"""Rules for an answer that is about to be sent: pure, and every one only warns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .fold import fold, stem, words
from .nicknames import same_person
from .script import BLANK

_LONGEST = 20_000


class Rule(StrEnum):
    """What an answer may have against it."""

    BLANK = "blank"
    BRACES = "braces"
    """A variable of the scripts typed by hand: nobody fills it in."""
    THEIR_CONTACT = "their_contact"
    """The customer's own telephone or address, where everybody reads it."""
    CONTACT = "contact"
    """A telephone or an address that is in no script, where everybody reads it."""
    DENIAL = "denial"
    MIXED = "mixed"
    """Both ways of saying "you"."""
    NO_APOLOGY = "no_apology"
    WRONG_NAME = "wrong_name"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that an answer breaks, with the words that break it."""

    rule: Rule
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer is judged by besides its text."""

    public: bool
    names: tuple[str, ...] = ()
    """How the customer is called on the network."""
    their_texts: tuple[str, ...] = ()
    """What the customer wrote, and their handles: telephones and addresses in it are theirs."""
    our_texts: tuple[str, ...] = ()
    """Texts the business publishes anyway: telephones and addresses in them are ours."""
    complaint: bool = False
    apologised: bool = False
    """Whether an earlier answer of ours did."""
    asked_at: datetime | None = None


def look_over(
    text: str,
    answered: Answered,
    now: datetime,
    *,
    old: timedelta,
    is_name: Callable[[str], bool],
) -> tuple[Finding, ...]:
    """Everything that is to be said about an answer; nothing of it forbids anything.

    Args:
        text: The answer.
        answered: Whom and what it answers.
        now: The present moment.
        old: An answer to something older than this is worth a second look; zero: never.
        is_name: Whether a capitalised word is a first name.
    """
    text = text[:_LONGEST]
    own = _without_quotes(text)
    found = [Finding(Rule.BLANK, blank) for blank in BLANK.findall(text)]
    found += [Finding(Rule.BRACES, one) for one in _BRACES.findall(text)[:3]]
    if answered.public:
        found += _contacts(text, answered)
    if denial := _DENIAL.search(fold(own)):
        found.append(Finding(Rule.DENIAL, denial[0]))
    if mixed := _mixed(own):
        found.append(Finding(Rule.MIXED, mixed))
    if answered.complaint and not answered.apologised and text.strip() and not apologises(text):
        found.append(Finding(Rule.NO_APOLOGY))
    if answered.names:
        wrong = next((n for n in called(own) if is_name(n) and not _theirs(n, answered.names)), "")
        if wrong:
            found.append(Finding(Rule.WRONG_NAME, wrong))
    if answered.asked_at is not None and old and now - answered.asked_at > old:
        found.append(Finding(Rule.OLD, str((now - answered.asked_at).days)))
    return tuple(found)


_BRACES = re.compile(r"\{>?\w[^{}\n]{0,60}\}")

# Telephones and addresses

# Bounded everywhere: a customer's text may be made to keep a pattern busy.
_PHONE = re.compile(r"(?<![\w+])\+?(?:\d[\s()–-]{0,3}){9,14}\d(?!\w)")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")


def contacts_in(text: str) -> dict[str, str]:
    """Telephones and addresses in a text: what they are compared by, and how they are written."""
    text = text[:_LONGEST]
    found = {fold(mail): mail for mail in _MAIL.findall(text)}
    for phone in _PHONE.findall(text):
        digits = re.sub(r"\D", "", phone)
        if 10 <= len(digits) <= 15:
            # +7 916 and 8 916 are one telephone.
            found[digits[-10:]] = phone.strip()
    return found


def _contacts(text: str, answered: Answered) -> list[Finding]:
    theirs = _all_contacts(answered.their_texts)
    ours = _all_contacts(answered.our_texts)
    found: list[Finding] = []
    for key, written in contacts_in(text).items():
        if key in theirs:
            found.append(Finding(Rule.THEIR_CONTACT, written))
        elif key not in ours:
            found.append(Finding(Rule.CONTACT, written))
    return found


def _all_contacts(texts: Iterable[str]) -> set[str]:
    return {key for text in texts for key in contacts_in(text)}


# Words that make it worse

_DENIAL = re.compile(
    r"\b(?:у нас (?:все|всё) (?:работает|в порядке|хорошо|нормально|правильно)"
    r"|(?:проблема|ошибка|дело|причина)(?:[ ,]{1,2}\w+){0,2}[ ,]{1,2}(?:на вашей стороне|в вас)\b"
    r"|(?:это )?(?:ваши|ваша) (?:личные |личная )?проблем[аы]"
    r"|(?:вы )?сами? виноват[аы]?"
    r"|мы (?:тут )?(?:ни при чем|не виноваты)|не наша (?:вина|проблема)"
    r"|(?:у )?(?:остальных|других|всех) (?:все |гостей )?(?:работает|нормально|в порядке|нравится)"
    r"|никто (?:кроме вас |больше )?(?:\w+ )?не жал(?:уется|овался|овались)"
    r"|вы перв(?:ый|ая),? кто|такого (?:просто )?(?:не может быть|не было|не бывает)"
    r"|вам (?:просто )?(?:показалось|кажется)|вы (?:все |всё )?(?:придумали|выдумали|врете|лжете)"
    r"|вы (?:просто )?(?:не правы|неправы|не разобрались|не поняли|невнимательн\w+)"
    r"|читайте внимательн\w+|успокойтесь|не надо (?:нервничать|истерить)|чего вы хотели"
    r"|it works (?:fine )?(?:for us|on our side)|your (?:own )?(?:problem|fault)"
    r"|calm down|nobody else complain\w+)"
)

# Ты and вы

_QUOTED = re.compile(r"«[^»]{0,500}»|\"[^\"\n]{0,500}\"|“[^”]{0,500}”")
_CLOSE = frozenset(
    words(
        "ты тебя тебе тобой тобою твой твоя твое твои твоего твоей твоему твоим твоих твоими твою "
        "хочешь можешь знаешь будешь скажи напиши приходи заходи извини прости пиши звони подожди"
    )
)
_POLITE = frozenset(
    words(
        "вы вас вам вами ваш ваша ваше ваши вашего вашей вашему вашим ваших вашими вашу "
        "хотите можете знаете будете скажите напишите приходите заходите извините простите пишите "
        "звоните подождите"
    )
)


def _without_quotes(text: str) -> str:
    return _QUOTED.sub(" ", text)


def _mixed(text: str) -> str:
    said = words(text)
    close = next((word for word in said if word in _CLOSE), "")
    polite = next((word for word in said if word in _POLITE), "")
    return f"{close} / {polite}" if close and polite else ""


# Apologies

_APOLOGY = re.compile(
    r"извин|прости|прощени|сожале|виноват|наш[аей]{1,2} (?:вин|ошиб)|жаль"
    r"|\bsorry\b|apolog|our fault"
)
_SORE = frozenset(
    stem(word)
    for word in words(
        "ужас ужасно ужасный отвратительно отвратительный кошмар хамство нахамили хамят хамка "
        "отравились отравление обманули обсчитали жалоба жалуюсь разочарована разочарованы "
        "невкусно несвежее тухлое волос таракан грязно грязь холодный пересолено сырое "
        "безобразие возмущена возмущены отвратный мерзко недопустимо верните испортили испорчен "
        "terrible awful disgusting rude refund"
    )
)


def apologises(text: str) -> bool:
    """Whether a text says sorry."""
    return _APOLOGY.search(fold(text)) is not None


def sounds_like_complaint(text: str) -> bool:
    """Whether a message nobody has sorted yet complains, by its strongest words."""
    return any(stem(word) in _SORE for word in words(text[:4_000]))


# Names

_GREETED = re.compile(
    r"(?:здравствуйте|здравствуй|доброго \w+|добрый \w+|доброе \w+|приветствую|привет"
    r"|уважаем\w+|дорог\w+|спасибо|hello|hi|dear)[\s,]{1,3}([^\W\d_]{2,30}(?:-[^\W\d_]{2,30})?)",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"(?:^|[.!?\n]\s{0,3})([^\W\d_]{2,30}(?:-[^\W\d_]{2,30})?)(?=\s{0,3}[,!])", re.MULTILINE
)


def called(text: str) -> tuple[str, ...]:
    """Capitalised words in the place where somebody is called by name."""
    found = [*_GREETED.findall(text), *_OPENS.findall(text)]
    return tuple(dict.fromkeys(word for word in found if word[:1].isupper()))


def _theirs(name: str, names: Iterable[str]) -> bool:
    said = words(name)
    return any(
        stem(one) == stem(other) or same_person(one, other)
        for one in said
        for whole in names
        for other in words(whole)
    )
