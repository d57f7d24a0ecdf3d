"""Find where a letter's own words end and its standing words begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .lines import Line, Mark

_DASHES = re.compile(r"^(?:(--|—|––)|_{2,}|-{3,}|\*{3,}|={3,})\s*$")
_CONTACT = re.compile(
    r"[^\s@]{1,64}@[\w-]{1,60}\.|\bwww\.|https?://|\b(?:тел|моб|tel|mob|phone)\b[.:]?|"
    r"(?:\+7|\b8)[\s(-]*\d{3}[\s)-]*\d{3}",
    re.IGNORECASE,
)
_MOBILE = re.compile(
    r"^\W{0,3}(?:отправлено (?:с|из|со|через|при помощи|от)\s.{2,80}|"
    r"отправлено с (?:моего )?\w.{0,60}|"
    r"sent from (?:my |the )?\w.{0,80}|sent (?:with|via) \w.{0,80}|"
    r"get outlook for (?:ios|android).{0,80}|"
    r"получить outlook для (?:ios|android).{0,80}|скачать outlook для .{2,60}|"
    r"mail\.ru для (?:ios|android).{0,40}|послано с .{2,60}|"
    r"письмо отправлено (?:с|из) .{2,60}|"
    r"отправлено с помощью .{2,80}|с мобильного телефона.{0,20}|написано с телефона.{0,20}|"
    r"von meinem iphone gesendet)$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W{0,3}(?:с (?:искренним |большим |глубоким |огромным |неизменным )?"
    r"(?:уважением|наилучшими пожеланиями|пожеланием хорошего дня|приветом|любовью|теплом|"
    r"благодарностью|почтением|признательностью)|всего (?:самого )?(?:доброго|наилучшего|хорошего)|"
    r"(?:заранее )?(?:с )?благодарю и всего доброго|искренне ваша?|искренне ваш\(а\)|ваша?|"
    r"(?:best|kind|warm|warmest|many)?\s?regards|best wishes|sincerely(?: yours)?|"
    r"yours (?:sincerely|faithfully|truly)|all the best|cheers|with best regards|"
    r"mit freundlichen grüßen|br|хорошего дня|с ув)[\s,.!;:–—-]*"
    r"(?P<name>[^?]{0,80})$",
    re.IGNORECASE,
)
_NAME = re.compile(r"^(?:[A-ZА-ЯЁ][\w.’'-]*[\s,.]*){0,6}$")
_NOTICE = re.compile(
    r"^\W{0,6}(?:это (?:электронное )?(?:сообщение|письмо)(?: и любые| и все| и его|, включая| "
    r"предназначен|, а также| является| может содержать| содержит)|"
    r"(?:настоящее|данное) (?:электронное )?(?:сообщение|письмо)\b.{0,80}(?:конфиденц|предназнач|"
    r"содержит|вложени)|"
    r"(?:уведомление о )?конфиденциальност|внимание!? это внешн|"
    r"confidentiality notice|this (?:e-?mail|message)(?: and any| is intended| may contain|, "
    r"including| contains| transmission)|the information (?:contained )?in this|disclaimer:|"
    r"please consider the environment|пожалуйста,? подумайте об окружающей|"
    r"без вирусов\.|это сообщение (?:было )?(?:свободно|проверено) |"
    r"virus-free\.|this email has been (?:checked|scanned)|письмо проверено|"
    r"caution: this email originated|вы получили это (?:сообщение|письмо),? (?:так как|потому|"
    r"поскольку)|you received this (?:message|email) because|чтобы отписаться|отписаться от )",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(
    r"^\W{0,2}(?:p\.?\s?s\.?|п\.?\s?с\.?|з\.?\s?ы\.?)(?:[\s.:,-]|$)", re.IGNORECASE
)
_MOST_AFTER_DASHES = 15
_MOST_AFTER_CLOSING = 12
_LONGEST_SIGNATURE_LINE = 120
_LONGEST_CLOSING = 400


def signature_start(lines: Sequence[Line], start: int, end: int) -> int:
    """Index of the first signature line of ``lines[start:end]``; ``end`` when there is none.

    Marked lines, "-- ", dashes above a few short lines, closing phrases with a name, what phones
    and antivirus programs add. A question or a postscript below is still news.
    """
    found = end
    for at in range(end - 1, start - 1, -1):
        if lines[at].blank:
            continue
        if _begins(lines, at, found, end):
            found = at
        elif found == end and end - at > _MOST_AFTER_DASHES * 2:
            break
    return _without_blanks_above(lines, start, found, end)


def _begins(lines: Sequence[Line], at: int, found: int, end: int) -> bool:
    line = lines[at]
    text = line.text
    if line.mark is Mark.SIGNATURE or text == "-- ":
        return True
    if len(text) > _LONGEST_CLOSING:
        return _NOTICE.match(text) is not None and found == end
    rest = [item for item in lines[at + 1 : found] if not item.blank]
    if _MOBILE.match(text) or _NOTICE.match(text):
        return _standing(rest, _MOST_AFTER_CLOSING)
    if match := _DASHES.match(text):
        usual = match[1] is not None
        return _standing(rest, _MOST_AFTER_DASHES) and _signs(rest, usual, found < end)
    match = _CLOSING.match(text)
    if match is None:
        return False
    name = match["name"].strip(" ,.!")
    return _NAME.match(name) is not None and _standing(rest, _MOST_AFTER_CLOSING)


def _signs(rest: Sequence[Line], usual: bool, more: bool) -> bool:
    """Whether short lines below dashes sign a letter: dashes also divide lists and orders."""
    if not rest:
        return usual and more
    if any(_CONTACT.search(line.text) for line in rest):
        return True
    first = rest[0].text.strip(" ,.")
    return usual and bool(first) and _NAME.match(first) is not None


def _standing(rest: Sequence[Line], most: int) -> bool:
    """Whether lines below a closing can be a name, a post, phones, a slogan, and nothing new."""
    if len(rest) > most:
        return False
    return not any(
        "?" in line.text.partition("://")[0]
        or len(line.text) > _LONGEST_SIGNATURE_LINE
        or _POSTSCRIPT.match(line.text)
        for line in rest
        if not _NOTICE.match(line.text)
    )


def _without_blanks_above(lines: Sequence[Line], start: int, found: int, end: int) -> int:
    if found == end:
        return end
    while found > start and lines[found - 1].blank:
        found -= 1
    return found
