"""One table: what a mail server said, what to do about it, and the sentence for the operator."""

from __future__ import annotations

from datetime import datetime, timedelta

from smm_inbox.domain.errors import (
    Ambiguous,
    AuthExpired,
    ChannelError,
    NeedsHuman,
    RateLimited,
    Rejected,
    Retry,
)
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

from .failures import (
    Failure,
    Garbled,
    LoginRefused,
    Lost,
    NoSecret,
    Refusal,
    Refused,
    SmtpRefused,
    Trouble,
)
from .letter import Letter
from .providers import Provider

_PASSING = (
    "[unavailable]", "[inuse]", "[serverbug]", "temporar", "try again", "try later", "timed out",
    "internal error", "system error", "backend error",
)  # fmt: skip
_TOO_MANY = ("[limit]", "too many", "[throttled]", "rate limit", "overquota", "exceeded")
_WEB_LOGIN = ("web login required", "webalert", "via your web browser", "[webalert")
_APP_PASSWORD = (
    "application-specific password", "application password", "parol prilozheniya",
    "app password", "invalidsecondfactor",
)  # fmt: skip
_IMAP_OFF = ("not enabled for imap", "imap access is disabled", "imap is disabled", "access rights")
_PAUSE = timedelta(minutes=5)


def _(sentence: str) -> str:
    """Mark a sentence of a table for translation; it is translated when it is shown."""
    return sentence


_YANDEX = _(
    "Yandex does not let the program into the mailbox. In Yandex Mail open All settings → Mail "
    "programs, switch on IMAP, make an app password of the kind “Mail” and put it into the config "
    "file. App passwords die when the main password changes."
)
_WRONG = {
    "yandex": _YANDEX,
    "mailru": _(
        "Mail.ru does not accept the password. Make a new password for external applications "
        "(Settings → Security) and put it into the config file; the mailbox password does not fit."
    ),
    "gmail": _(
        "Gmail does not accept the password. Make a new app password in the Google account "
        "(Security → 2-Step Verification) and put it into the config file."
    ),
    "": _(
        "The mail server does not accept the user name or password: correct them in the config "
        "file."
    ),
}
_NEEDS_APP_PASSWORD = {
    "yandex": _YANDEX,
    "mailru": _(
        "Mail.ru wants a password for external applications: make one in Settings → Security and "
        "put it into the config file instead of the mailbox password."
    ),
    "gmail": _(
        "Gmail wants an app password: make one in the Google account (Security → 2-Step "
        "Verification) and put it into the config file instead of the account password."
    ),
    "": _(
        "The mail server wants a separate password for mail programs: make one in the mailbox "
        "settings and put it into the config file."
    ),
}
_SWITCHED_OFF = {
    "yandex": _YANDEX,
    "mailru": _(
        "Mail programs are switched off for this Mail.ru mailbox: allow IMAP in Settings → Mail "
        "programs and connect again."
    ),
    "gmail": _(
        "IMAP is switched off for this Gmail mailbox: switch it on in Settings → Forwarding and "
        "POP/IMAP and connect again."
    ),
    "": _(
        "Mail programs are not allowed for this mailbox: switch on IMAP in the mailbox settings "
        "and connect again."
    ),
}
_TROUBLES = {
    Trouble.UNREACHABLE: _("The mail server cannot be reached: check the internet connection."),
    Trouble.PROXY: _(
        "The proxy of this account does not answer: check the proxy in the config file."
    ),
    Trouble.CERTIFICATE: _(
        "The mail server cannot prove who it is, so nothing was sent to it: check the server's "
        "name and the computer's date, or add ca_file for an own server."
    ),
    Trouble.NO_STARTTLS: _(
        'The mail server offers no protection, so the password was not sent: use security = "tls" '
        "in the config file or ask the server's administrator."
    ),
    Trouble.TLS: _(
        "The protected connection to the mail server does not come about: check port and security "
        "in the config file."
    ),
    Trouble.TIMEOUT: _("The mail server does not answer in time; we will try again."),
    Trouble.BROKEN: _("The connection to the mail server broke off; we will try again."),
    Trouble.NONSENSE: _("Something that is not a mail server answers; we will try again."),
    Trouble.CA_FILE: _("The file in ca_file cannot be read: correct its path in the config file."),
}
# By what follows the first number of an enhanced status code (RFC 3463).
_RETURNED = (
    ("1.", _(
        "Not delivered: there is no such address, {people}. Ask the customer for the right one "
        "in another way, for example by phone."
    )),
    ("2.2", _(
        "Not delivered: the mailbox is full, {people}. Send it again later or reach the customer "
        "in another way."
    )),
    ("2.1", _(
        "Not delivered: the mailbox does not accept letters any more, {people}. Reach the "
        "customer in another way."
    )),
    ("7.", _(
        "Not delivered: the customer's mail server takes the letter for unwanted, {people}. Write "
        "it with other words and without links, or reach the customer in another way."
    )),
    ("3.4", _("Not delivered: the letter is too big for {people}. Send smaller files or a link.")),
    ("2.3", _("Not delivered: the letter is too big for {people}. Send smaller files or a link.")),
)  # fmt: skip
_RETURNED_ELSE = _(
    "Not delivered: the mail system returned the letter to {people}. Reach the customer "
    "in another way."
)
_FOR_GOOD = frozenset({Trouble.CERTIFICATE, Trouble.NO_STARTTLS, Trouble.CA_FILE})
"""A person has to change something; trying again every few seconds is of no use."""


def translate(failure: Failure, provider: Provider, now: datetime) -> ChannelError:
    """The remedy for a failure."""
    match failure:
        case Lost():
            return _lost(failure)
        case LoginRefused():
            return _login(failure, provider, now)
        case SmtpRefused():
            return smtp_refused(failure)
        case NoSecret():
            return AuthExpired(
                tr("The token for the mailbox could not be fetched: {why}.").format(
                    why=clean_line(failure.sentence).rstrip(".")
                )
            )
        case Garbled():
            return Retry(tr("The mail server answered something odd; we will try again."))
        case Refused():
            return _refused(failure, now)
        case _:
            return Retry(tr(_TROUBLES[Trouble.BROKEN]))


def is_passing(failure: Failure) -> bool:
    """Whether the server itself says that it is a matter of time, not of what was asked."""
    words = str(failure).casefold()
    return isinstance(failure, Refused) and any(sign in words for sign in (*_PASSING, *_TOO_MANY))


def _lost(failure: Lost) -> ChannelError:
    if failure.effect:
        return Ambiguous(
            tr(
                "The connection to the mail server broke off while the letter was handed over; we "
                "are checking whether it was taken."
            )
        )
    sentence = tr(_TROUBLES[failure.trouble])
    return Rejected(sentence) if failure.trouble in _FOR_GOOD else Retry(sentence)


def _login(failure: LoginRefused, provider: Provider, now: datetime) -> ChannelError:
    words = failure.text.casefold()
    if any(sign in words for sign in _WEB_LOGIN):
        link = next((word for word in failure.text.split() if word.startswith("https://")), "")
        return NeedsHuman(
            tr("The mail provider wants you to sign in on its web page first: open it."),
            clean_line(link.rstrip(")].,")),
        )
    if any(sign in words for sign in _APP_PASSWORD):
        return AuthExpired(_of(_NEEDS_APP_PASSWORD, provider))
    # Yandex says "invalid credentials or IMAP is disabled" to everybody.
    if any(sign in words for sign in _IMAP_OFF) and "invalid credentials" not in words:
        return AuthExpired(_of(_SWITCHED_OFF, provider))
    if any(sign in words for sign in _TOO_MANY):
        return RateLimited(
            tr("The mail server says that there are too many connections; we will wait a little."),
            until=now + _PAUSE,
        )
    if any(sign in words for sign in _PASSING) or 400 <= failure.code < 500:
        return Retry(tr("The mail server lets nobody in at the moment; we will try again."))
    if failure.by_token:
        return AuthExpired(
            tr(
                "The mail server does not accept the access token, it has probably expired: get a "
                "new one for the config file."
            )
        )
    return AuthExpired(_of(_WRONG, provider))


def smtp_refused(failure: SmtpRefused) -> ChannelError:
    """The letter was refused, as a whole or by every recipient."""
    if failure.refusals:
        sentence = str(refusals(failure.refusals))
    elif failure.code in {552, 523} or "too big" in failure.text.casefold():
        sentence = tr("The letter is too big for the mail server: send smaller files or a link.")
    else:
        sentence = tr("The mail server did not take the letter: {code} {why}.").format(
            code=failure.code, why=_said(failure.text)
        )
    return Retry(sentence) if 400 <= failure.code < 500 else Rejected(sentence)


def refusals(refused: tuple[Refusal, ...]) -> SafeText:
    """Sentence: to whom a letter did not go, and why."""
    listed = "; ".join(
        f"{clean_line(item.address, limit=100)} ({item.code} {_said(item.text)})"
        for item in refused
    )
    return SafeText(tr("The mail server did not take these addresses: {list}.").format(list=listed))


def returned(letter: Letter) -> str:
    """Sentence: a letter of ours came back, why, and what to do."""
    status = letter.report.status if letter.report is not None else ""
    said = letter.report.said if letter.report is not None else SafeText("")
    _, _, kind = status.partition(".")
    sentence = next((text for begin, text in _RETURNED if kind.startswith(begin)), _RETURNED_ELSE)
    people = ", ".join(clean_line(address, limit=100) for address in letter.failed[:5])
    told = tr(sentence).format(people=people)
    words = said or status
    return f"{told} ({_said(words)})" if words else told


def not_filed(why: str) -> str:
    """Sentence: an answer left, and the mailbox does not take its copy."""
    return tr(
        "The answer left, but the mailbox does not take its copy into the sent letters: {why}. Is "
        "the mailbox full?"
    ).format(why=_said(why))


def unsure() -> str:
    """Sentence: nobody can tell whether a letter left."""
    return tr(
        "The connection broke while the letter was handed over and this mail server cannot tell "
        "whether it left. Ask the customer or look at the server's log before you send it again."
    )


def unfinished(*, started: bool, effect: bool) -> ChannelError:
    """The server was given up on after a while."""
    return _lost(Lost(Trouble.TIMEOUT, effect=started and effect))


def _refused(failure: Refused, now: datetime) -> ChannelError:
    words = str(failure).casefold()
    if any(sign in words for sign in _TOO_MANY):
        return RateLimited(
            tr("The mail server asks to slow down; we will go on in a few minutes."),
            until=now + _PAUSE,
        )
    return Retry(tr("The mail server refused a request: {why}.").format(why=_said(str(failure))))


def _of(table: dict[str, str], provider: Provider) -> str:
    return tr(table.get(provider.name, table[""]))


def _said(text: str) -> SafeText:
    return SafeText(clean_line(text, limit=160).rstrip(".") or "—")
