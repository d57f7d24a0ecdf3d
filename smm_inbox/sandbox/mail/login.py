"""Who may log in: passwords and tokens, and what each provider says to those who may not."""

from __future__ import annotations

import base64
import binascii
import re

from smm_inbox.sandbox.mail.model import State, User

CHALLENGE = base64.b64encode(
    b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}'
)
"""What a failed XOAUTH2 gets before its NO: to be answered with an empty line."""


class Denied(Exception):
    """Not let in; the text is the provider's own."""


def by_password(state: State, protocol: str, mechanism: str, user: str, password: str) -> User:
    """Let in by password, or raise ``Denied``."""
    profile = state.profile
    imap = protocol == "imap"
    found = state.users.get(user.lower())
    if found is None:
        raise Denied(profile.wrong_login if imap else profile.smtp_wrong)
    access = found.access
    right = password == access.password
    allowed = right and (access.imap_enabled or not imap)
    access.logins.append((protocol, mechanism, allowed))
    if password == access.main_password:
        raise Denied(profile.needs_app_login if imap else profile.smtp_needs_app)
    if not right:
        raise Denied(profile.wrong_login if imap else profile.smtp_wrong)
    if not allowed:
        raise Denied(profile.imap_off)
    return found


def by_plain(state: State, protocol: str, answer: bytes) -> User:
    """SASL PLAIN: identity, user and password with NUL between them, in Base64."""
    pieces = unpack(answer).split(b"\0")
    if len(pieces) != 3:
        raise Denied("malformed PLAIN answer")
    user, password = (piece.decode("utf-8", "replace") for piece in pieces[1:])
    return by_password(state, protocol, "PLAIN", user, password)


def by_token(state: State, protocol: str, answer: bytes) -> User:
    """SASL XOAUTH2."""
    match = re.fullmatch(rb"user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01", unpack(answer))
    profile = state.profile
    refusal = profile.wrong_login if protocol == "imap" else profile.smtp_wrong
    if match is None:
        raise Denied(refusal)
    user = state.users.get(match[1].decode("utf-8", "replace").lower())
    if user is None:
        raise Denied(refusal)
    access = user.access
    right = access.token_valid and match[2].decode("utf-8", "replace") == access.token
    access.logins.append((protocol, "XOAUTH2", right))
    if not right:
        raise Denied(refusal)
    return user


def unpack(answer: bytes) -> bytes:
    """Base64 of a SASL answer; nonsense is empty."""
    try:
        return base64.b64decode(answer.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
