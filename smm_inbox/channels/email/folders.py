"""Which folder is what: by the flags of LIST and XLIST, then by Russian and English names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smm_inbox.domain.text import fold

from .imap import Listed

# Special use to the flags of LIST (RFC 6154), of XLIST, and to names, best first.
_SENT = (
    ("\\sent",),
    ("отправленные", "отправленные письма", "sent", "sent items", "sent messages", "sent mail"),
)
_TRASH = (
    ("\\trash",),
    ("корзина", "удаленные", "удаленные письма", "trash", "deleted items", "deleted messages"),
)
_JUNK = (
    ("\\junk", "\\spam"),
    ("спам", "нежелательная почта", "spam", "junk", "junk e-mail", "bulk mail"),
)
_UNREADABLE = frozenset({"\\noselect", "\\nonexistent"})


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders this channel works with."""

    inbox: Listed
    sent: Listed | None
    trash: Listed | None
    junk: Listed | None
    more: tuple[Listed, ...] = ()
    """Further folders with letters of customers, as the config names them."""
    missing: tuple[str, ...] = ()
    """Names of the config that the mailbox does not have."""

    @property
    def watched(self) -> tuple[Listed, ...]:
        """Folders that are read, the inbox first."""
        found = [self.inbox, *self.more]
        if self.sent is not None and self.sent not in found:
            found.append(self.sent)
        return tuple(found)

    def named(self, name: str) -> Listed | None:
        """One of the known folders."""
        known = (*self.watched, self.trash, self.junk)
        return next((item for item in known if item is not None and item.name == name), None)


def arrange(listed: Sequence[Listed], wanted: Sequence[str], sent: str) -> Layout:
    """Work out the layout. ``wanted`` and ``sent`` are names from the config, in any case."""
    usable = [item for item in listed if not item.flags & _UNREADABLE]
    inbox = next((item for item in usable if item.name.upper() == "INBOX"), None)
    if inbox is None:  # every server has one, listed or not (RFC 3501, 5.1)
        inbox = Listed("INBOX", b"INBOX", frozenset(), "")
    more: list[Listed] = []
    missing: list[str] = []
    for name in wanted:
        found = _by_name(usable, (fold(name),), whole=True)
        if found is None:
            missing.append(name)
        elif found != inbox and found not in more:
            more.append(found)
    own = _by_name(usable, (fold(sent),), whole=True) if sent else None
    if sent and own is None:
        missing.append(sent)
    return Layout(
        inbox=inbox,
        sent=own or _special(usable, *_SENT),
        trash=_special(usable, *_TRASH),
        junk=_special(usable, *_JUNK),
        more=tuple(more),
        missing=tuple(missing),
    )


def _special(
    listed: Sequence[Listed], flags: tuple[str, ...], names: tuple[str, ...]
) -> Listed | None:
    for item in listed:
        if item.flags.intersection(flags):
            return item
    return _by_name(listed, names, whole=False)


def _by_name(listed: Sequence[Listed], names: Sequence[str], *, whole: bool) -> Listed | None:
    """The folder with the first of the names; unless ``whole``, under any parent."""
    for name in names:
        for item in listed:
            leaf = item.name.rpartition(item.separator)[2] if item.separator else item.name
            if fold(item.name) == name or (not whole and fold(leaf) == name):
                return item
    return None
