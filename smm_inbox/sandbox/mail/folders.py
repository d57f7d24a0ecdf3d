"""IMAP commands on folders: LIST, SELECT, STATUS, CREATE, APPEND."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase

from smm_inbox.sandbox.mail.fetch import flags_list, highest
from smm_inbox.sandbox.mail.model import Folder, State, User
from smm_inbox.sandbox.mail.view import View
from smm_inbox.sandbox.mail.wire import Syntax, Value, decode_name, encode_name, text, words


class No(Exception):
    """The command is understood and refused: a tagged NO with this text."""


def find(user: User, value: Value) -> Folder:
    """The folder a command names."""
    if isinstance(value, list):
        raise Syntax("a list where a folder belongs")
    name = decode_name(value)
    if name.upper() == "INBOX":
        name = "INBOX"
    folder = user.folders.get(name)
    if folder is None:
        raise No("[TRYCREATE] No such folder")
    return folder


def listing(state: State, user: User, command: str, args: list[Value]) -> list[bytes]:
    """LIST, XLIST and LSUB."""
    reference, pattern = decode_name(_bytes(args[0])), decode_name(_bytes(args[1]))
    separator = state.profile.separator
    if not pattern:
        return [f'* {command} (\\Noselect) "{separator}" ""\r\n'.encode()]
    wanted = (reference + pattern).replace("%", "*")
    told = command == "XLIST" or "SPECIAL-USE" in state.profile.has
    out: list[bytes] = []
    for folder in user.folders.values():
        if not fnmatchcase(folder.name, wanted):
            continue
        flags = [r"\HasNoChildren"]
        if told and folder.use:
            flags.append(folder.use)
        elif command == "XLIST" and folder.name == "INBOX":
            flags.append(r"\Inbox")
        head = f'* {command} ({" ".join(flags)}) "{separator}" '.encode()
        out.append(head + _quoted(folder) + b"\r\n")
    return out


def select(state: State, user: User, args: list[Value], *, writable: bool) -> tuple[View, bytes]:
    """SELECT and EXAMINE: the view and the untagged answers."""
    folder = find(user, args[0])
    offered = "CONDSTORE" in state.profile.has
    asked = len(args) > 1 and "CONDSTORE" in [word.upper() for word in words(args[1])]
    if len(args) > 1 and not offered:
        raise Syntax("no parameters here")
    view = View(folder, writable=writable, condstore=asked and offered)
    permanent = r"\Answered \Flagged \Deleted \Seen \Draft \*" if writable else ""
    lines = [
        r"* FLAGS (\Answered \Flagged \Deleted \Seen \Draft)",
        f"* {len(view.uids)} EXISTS",
        "* 0 RECENT",
        f"* OK [PERMANENTFLAGS ({permanent})] Flags permitted.",
        f"* OK [UIDVALIDITY {folder.uidvalidity}] UIDs valid",
    ]
    if state.profile.tells_uidnext:
        lines.append(f"* OK [UIDNEXT {folder.uidnext}] Predicted next UID")
    if view.condstore:  # a fresh Dovecot tells it only to those who ask
        lines.append(f"* OK [HIGHESTMODSEQ {highest(folder)}] Highest")
    return view, "".join(line + "\r\n" for line in lines).encode()


def status(user: User, args: list[Value]) -> bytes:
    """STATUS of a folder."""
    folder = find(user, args[0])
    values = {
        "MESSAGES": len(folder.letters),
        "RECENT": 0,
        "UIDNEXT": folder.uidnext,
        "UIDVALIDITY": folder.uidvalidity,
        "UNSEEN": sum(r"\Seen" not in item.flags for item in folder.letters.values()),
        "HIGHESTMODSEQ": highest(folder),
    }
    try:
        pairs = " ".join(f"{word.upper()} {values[word.upper()]}" for word in words(args[1]))
    except KeyError as error:
        raise Syntax(f"unknown status item {error}") from error
    return b"* STATUS " + _quoted(folder) + f" ({pairs})\r\n".encode()


def create(state: State, user: User, args: list[Value]) -> None:
    """CREATE a folder."""
    name = decode_name(_bytes(args[0]))
    if name in user.folders:
        raise No("[ALREADYEXISTS] There is such a folder")
    user.folders[name] = Folder(name, uidvalidity=state.dice.randrange(1, 2**31))


def append(state: State, user: User, args: list[Value]) -> str:
    """APPEND a letter; returns the response code for UIDPLUS."""
    folder = find(user, args[0])
    flags: frozenset[str] = frozenset()
    at = state.now()
    for value in args[1:-1]:
        if isinstance(value, list):
            flags = frozenset(words(value))
        else:
            at = _moment(text(value))
    raw = _bytes(args[-1])
    if len(raw) > state.append_limit:
        raise No("[TOOBIG] The letter is too big")
    stored = folder.add(raw, flags, at)
    state.changed()
    if "UIDPLUS" not in state.profile.has:
        return ""
    return f"[APPENDUID {folder.uidvalidity} {stored.uid}] "


def store(view: View, args: list[Value], *, by_uid: bool) -> tuple[list[tuple[int, int]], bool]:
    """STORE: changes flags; returns (number, uid) of the letters and whether to show them."""
    name = text(args[1]).upper()
    match = re.fullmatch(r"([+-]?)FLAGS(\.SILENT)?", name)
    if match is None:
        raise Syntax("unknown STORE item")
    if not view.writable:
        raise No("[READ-ONLY] The folder is open for reading")
    wanted = frozenset(words(args[2]))
    touched: list[tuple[int, int]] = []
    for number, item in view.chosen(args[0], by_uid=by_uid):
        flags = {"+": item.flags | wanted, "-": item.flags - wanted}.get(match[1], wanted)
        view.folder.mark(item, flags)
        touched.append((number, item.uid))
    return touched, match[2] is None


def transfer(
    state: State, user: User, view: View, args: list[Value], *, by_uid: bool, move: bool
) -> str:
    """COPY and MOVE: returns the response code for UIDPLUS."""
    target = find(user, args[1])
    pairs: list[tuple[int, int]] = []
    for _, item in view.chosen(args[0], by_uid=by_uid):
        copy = target.add(item.raw, item.flags, item.at)
        pairs.append((item.uid, copy.uid))
        if move:
            view.folder.remove(item.uid)
    state.changed()
    if not pairs or "UIDPLUS" not in state.profile.has:
        return ""
    old, new = (",".join(str(pair[side]) for pair in pairs) for side in (0, 1))
    return f"[COPYUID {target.uidvalidity} {old} {new}] "


def expunge(state: State, view: View, only: Value | None) -> None:
    """EXPUNGE and UID EXPUNGE."""
    if not view.writable:
        raise No("[READ-ONLY] The folder is open for reading")
    chosen = view.everything() if only is None else view.chosen(only, by_uid=True)
    for _, item in chosen:
        if r"\Deleted" in item.flags:
            view.folder.remove(item.uid)
    state.changed()


def shown(view: View, touched: list[tuple[int, int]]) -> list[bytes]:
    """The FETCH lines after a STORE that was not silent."""
    out: list[bytes] = []
    for number, uid in touched:
        item = view.folder.letters[uid]
        tail = b" MODSEQ (%d)" % item.modseq if view.condstore else b""
        out.append(
            b"* %d FETCH (UID %d FLAGS %s%s)\r\n" % (number, uid, flags_list(item.flags), tail)
        )
    view.told = view.folder.modseq
    return out


def _quoted(folder: Folder) -> bytes:
    name = encode_name(folder.name).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"' + name + b'"'


def _bytes(value: Value) -> bytes:
    if isinstance(value, list):
        raise Syntax("a list where a string belongs")
    return value


def _moment(value: str) -> datetime:
    try:
        return parsedate_to_datetime(value.strip().replace("-", " ", 2)).astimezone(UTC)
    except ValueError as error:
        raise Syntax("not a date") from error
