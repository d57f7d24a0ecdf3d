"""What the config file says about a mailbox; light to import."""

from __future__ import annotations

from smm_inbox.config.options import OptionKind, OptionSpec

SECURITY = ("tls", "starttls", "none")

_SERVER = (
    OptionSpec("host", OptionKind.TEXT, "Name of the server."),
    OptionSpec("port", OptionKind.INTEGER, "Port of the server.", minimum=1),
    OptionSpec(
        "security",
        OptionKind.TEXT,
        "tls (from the start), starttls (required) or none (this machine only).",
        choices=SECURITY,
    ),
)

OPTIONS: tuple[OptionSpec, ...] = (
    OptionSpec(
        "address",
        OptionKind.TEXT,
        "Address of the mailbox: info@cafe.example.",
        required=True,
        unique=True,
    ),
    OptionSpec(
        "provider",
        OptionKind.TEXT,
        "Fills in the servers: yandex, mailru or gmail; found by the address when absent.",
        choices=("yandex", "mailru", "gmail"),
    ),
    OptionSpec(
        "password",
        OptionKind.SECRET,
        "Password for mail programs (app password), not the one of the web page.",
    ),
    OptionSpec(
        "token",
        OptionKind.RENEWABLE,
        "Access token (XOAUTH2) instead of a password; cmd: fetches it anew at every login.",
    ),
    OptionSpec("login", OptionKind.TEXT, "User name, when it is not the address."),
    OptionSpec("imap", OptionKind.TABLE, "Server that letters are read from.", fields=_SERVER),
    OptionSpec("smtp", OptionKind.TABLE, "Server that answers leave through.", fields=_SERVER),
    OptionSpec("name", OptionKind.TEXT, "Name customers see as the sender."),
    OptionSpec("aliases", OptionKind.LIST, "Other addresses that are ours: never a customer's."),
    OptionSpec("folders", OptionKind.LIST, "More folders with letters of customers."),
    OptionSpec("sent_folder", OptionKind.TEXT, "Folder of sent letters, when it is not found."),
    OptionSpec("greeting", OptionKind.LINES, "Stands above every answer."),
    OptionSpec("signature", OptionKind.LINES, "Stands at the end of every answer."),
    OptionSpec("promo", OptionKind.LINES, "Offer under the answer."),
    OptionSpec("channels", OptionKind.LINES, "Other ways to reach us, under the offer."),
    OptionSpec("quote", OptionKind.BOOLEAN, "Quote the letter under the answer.", default=False),
    OptionSpec(
        "reply_all",
        OptionKind.BOOLEAN,
        "Answer everybody who got the letter, not its author alone.",
        default=False,
    ),
    OptionSpec("ca_file", OptionKind.TEXT, "File with the certificate authority of an own server."),
    OptionSpec("proxy", OptionKind.PROXY, "Proxy for this account: http:// or socks5://host:port."),
)
