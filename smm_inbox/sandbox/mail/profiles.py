"""What a mail provider's servers can do and how they call things, as seen in public logs."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of provider."""

    name: str
    capabilities: str
    """What IMAP answers to CAPABILITY after the login."""
    folders: dict[str, str]
    """Folder name to its special use (`\\Sent` …) or an empty text."""
    separator: str = "/"
    files_sent: bool = False
    """SMTP puts a copy into Sent by itself."""
    refuses: frozenset[str] = frozenset()
    """SEARCH keys that are answered NO."""
    initial_response: bool = True
    """AUTHENTICATE takes the first answer on its line; otherwise BAD."""
    tells_uidnext: bool = True
    """SELECT names the next UID; a few old servers do not."""
    wrong_login: str = "[AUTHENTICATIONFAILED] Authentication failed."
    imap_off: str = "[AUTHENTICATIONFAILED] IMAP access is disabled for this user."
    needs_app_login: str = "[AUTHENTICATIONFAILED] Application-specific password required."
    smtp_wrong: str = "5.7.8 Error: authentication failed"
    smtp_needs_app: str = "5.7.9 Application-specific password required"
    smtp_extensions: tuple[str, ...] = ("8BITMIME", "ENHANCEDSTATUSCODES")
    smtp_auth: str = "PLAIN LOGIN XOAUTH2"
    max_size: int = 35_651_584

    @property
    def has(self) -> frozenset[str]:
        """Capabilities as words."""
        return frozenset(self.capabilities.split())

    @property
    def before_login(self) -> str:
        """Capabilities before the login: the ways to log in and little else."""
        kept = ("IMAP4rev1", "SASL-IR", "ID", "LITERAL+", "LITERAL-", "IDLE")
        words = [word for word in self.capabilities.split() if word in kept]
        return " ".join([*words, "AUTH=PLAIN", "AUTH=XOAUTH2"])

    def special(self, use: str) -> str:
        r"""The folder with a special use, such as `\Sent`."""
        return next(name for name, flag in self.folders.items() if flag == use)


PLAIN = Profile(
    "plain",
    "IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE CONDSTORE MOVE UIDPLUS UNSELECT SPECIAL-USE "
    "NAMESPACE CHILDREN",
    {"INBOX": "", "Sent": r"\Sent", "Trash": r"\Trash", "Junk": r"\Junk", "Drafts": r"\Drafts"},
)

# imapclient #234 and later logs: no CONDSTORE, no SPECIAL-USE, XLIST alone tells the uses.
YANDEX = Profile(
    "yandex",
    "IMAP4rev1 CHILDREN UNSELECT LITERAL+ NAMESPACE XLIST UIDPLUS ENABLE ID IDLE MOVE",
    {
        "INBOX": "",
        "Отправленные": r"\Sent",
        "Удаленные": r"\Trash",
        "Спам": r"\Spam",
        "Черновики": r"\Drafts",
    },
    separator="|",
    initial_response=False,
    wrong_login="[AUTHENTICATIONFAILED] AUTHENTICATE invalid credentials or IMAP is disabled",
    imap_off="[AUTHENTICATIONFAILED] AUTHENTICATE invalid credentials or IMAP is disabled",
    needs_app_login="[AUTHENTICATIONFAILED] AUTHENTICATE invalid credentials or IMAP is disabled",
    smtp_wrong="5.7.8 Error: authentication failed: Invalid user or password!",
    smtp_needs_app=(
        "5.7.8 Error: authentication failed: This user does not have access rights to this service"
    ),
)

# chatmail/core #1868, MailKit #1234: no IDLE, no CONDSTORE, SEARCH by header refused.
MAILRU = Profile(
    "mailru",
    "IMAP4rev1 ID XLIST UIDPLUS UNSELECT MOVE LIST-STATUS",
    {
        "INBOX": "",
        "Отправленные": r"\Sent",
        "Корзина": r"\Trash",
        "Спам": r"\Junk",
        "Черновики": r"\Drafts",
    },
    refuses=frozenset({"FROM", "TO", "CC", "SUBJECT", "HEADER", "TEXT", "BODY"}),
    initial_response=False,
    needs_app_login=(
        "[AUTHENTICATIONFAILED] NEOBHODIM parol prilozheniya "
        "https://help.mail.ru/mail/security/protection/external / Application password is REQUIRED"
    ),
    smtp_needs_app=(
        "5.7.0 NEOBHODIM parol prilozheniya "
        "https://help.mail.ru/mail/security/protection/external / Application password is REQUIRED"
    ),
)

GMAIL = Profile(
    "gmail",
    "IMAP4rev1 UNSELECT IDLE NAMESPACE ID XLIST CHILDREN UIDPLUS ENABLE MOVE CONDSTORE "
    "LIST-STATUS LITERAL- SASL-IR SPECIAL-USE APPENDLIMIT=35651584",
    {
        "INBOX": "",
        "[Gmail]/Отправленные": r"\Sent",
        "[Gmail]/Корзина": r"\Trash",
        "[Gmail]/Спам": r"\Junk",
        "[Gmail]/Черновики": r"\Drafts",
    },
    files_sent=True,
    wrong_login="[AUTHENTICATIONFAILED] Invalid credentials (Failure)",
    imap_off=(
        "[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page "
        "and enable your account for IMAP access. (Failure)"
    ),
    needs_app_login=(
        "[ALERT] Application-specific password required: "
        "https://support.google.com/accounts/answer/185833 (Failure)"
    ),
    smtp_wrong="5.7.8 Username and Password not accepted.",
    smtp_needs_app=(
        "5.7.9 Application-specific password required. For more information, go to "
        "https://support.google.com/mail/?p=InvalidSecondFactor"
    ),
)

PROFILES: dict[str, Profile] = {profile.name: profile for profile in (PLAIN, YANDEX, MAILRU, GMAIL)}


@dataclass(slots=True)
class Access:
    """How a user may log in."""

    password: str = "letmein"  # noqa: S105 - of the sandbox
    token: str = "sandbox-token"  # noqa: S105
    token_valid: bool = True
    imap_enabled: bool = True
    main_password: str = "main-password"  # noqa: S105
    """The password of the web interface, which mail programs may not use."""
    logins: list[tuple[str, str, bool]] = field(default_factory=list)
    """Every attempt: (protocol, mechanism, success)."""
