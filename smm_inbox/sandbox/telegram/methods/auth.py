"""Logging in and out: code, password, QR, bot token."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from telethon import password as srp

from smm_inbox.sandbox.telegram import keys
from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import RpcError, unauthorised
from smm_inbox.sandbox.telegram.methods.login import enter, tell_code
from smm_inbox.sandbox.telegram.methods.registry import method
from smm_inbox.sandbox.telegram.model import Account
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.tl import types

CODE_LENGTH = 5
QR_SECONDS = 30
_B = int.from_bytes(hashlib.sha512(b"sandbox").digest() * 4, "big")
"""The network's half of the password exchange; secret nowhere else, and not here either."""


def digits(phone: str) -> str:
    """A phone number without signs."""
    return "".join(char for char in phone if char.isdigit())


def account_of(state: State, phone: str) -> Account | None:
    """The account with this phone number."""
    return next(
        (
            account
            for account in state.accounts.values()
            if not account.bot_token and digits(state.users[account.user_id].phone) == phone
        ),
        None,
    )


@method("auth.sendCode", open=True)
def send_code(context: Context, request: Any) -> object:
    """Send a login code."""
    phone = digits(request.phone_number)
    if not 7 <= len(phone) <= 15:
        raise RpcError("PHONE_NUMBER_INVALID")
    if not request.api_id or not request.api_hash:
        raise RpcError("API_ID_INVALID")
    state = context.state
    code = "".join(str(state.dice.randrange(10)) for _ in range(CODE_LENGTH))
    token = hashlib.sha256(f"{state.seed}{phone}{code}".encode()).hexdigest()[:18]
    state.codes[token] = (phone, code)
    state.dirty = True
    if account := account_of(state, phone):
        tell_code(state, account.user_id, code)
    return types.auth.SentCode(
        type=types.auth.SentCodeTypeApp(length=CODE_LENGTH), phone_code_hash=token, timeout=60
    )


@method("auth.resendCode", open=True)
def resend_code(context: Context, request: Any) -> object:
    """Send the same code again."""
    if request.phone_code_hash not in context.state.codes:
        raise RpcError("PHONE_CODE_EXPIRED")
    return types.auth.SentCode(
        type=types.auth.SentCodeTypeApp(length=CODE_LENGTH),
        phone_code_hash=request.phone_code_hash,
    )


@method("auth.cancelCode", open=True)
def cancel_code(context: Context, request: Any) -> object:
    """Forget a code."""
    return context.state.codes.pop(request.phone_code_hash, None) is not None


@method("auth.signIn", open=True)
def sign_in(context: Context, request: Any) -> object:
    """Log in with a code."""
    known = context.state.codes.get(request.phone_code_hash)
    if known is None or known[0] != digits(request.phone_number):
        raise RpcError("PHONE_CODE_EXPIRED")
    if not request.phone_code:
        raise RpcError("PHONE_CODE_EMPTY")
    if request.phone_code != known[1]:
        raise RpcError("PHONE_CODE_INVALID")
    account = account_of(context.state, known[0])
    if account is None:
        return types.auth.AuthorizationSignUpRequired()
    del context.state.codes[request.phone_code_hash]
    return enter(context, account.user_id)


@method("account.getPassword", open=True)
def get_password(context: Context, _: Any) -> object:
    """What a client needs to prove that it knows the password."""
    account = context.state.accounts.get(context.key.halfway or context.key.account)
    if account is None:
        raise unauthorised()
    if not account.password:
        return types.account.Password(
            new_algo=types.PasswordKdfAlgoUnknown(),
            new_secure_algo=types.SecurePasswordKdfAlgoUnknown(),
            secure_random=os.urandom(8),
            has_password=False,
        )
    algorithm = _algorithm(account)
    public = _server_public(_verifier(algorithm, account.password))
    return types.account.Password(
        new_algo=algorithm,
        new_secure_algo=types.SecurePasswordKdfAlgoUnknown(),
        secure_random=os.urandom(8),
        has_password=True,
        current_algo=algorithm,
        srp_B=public.to_bytes(256, "big"),
        srp_id=account.user_id,
        hint="",
    )


@method("auth.checkPassword", open=True)
def check_password(context: Context, request: Any) -> object:
    """Log in with the second factor."""
    account = context.state.accounts.get(context.key.halfway)
    if account is None:
        raise unauthorised()
    proof = request.password
    if not isinstance(proof, types.InputCheckPasswordSRP) or proof.srp_id != account.user_id:
        raise RpcError("SRP_ID_INVALID")
    if _expected_proof(account, proof.A) != proof.M1:
        raise RpcError("PASSWORD_HASH_INVALID")
    return enter(context, account.user_id, proven=True)


def _algorithm(account: Account) -> Any:
    salt = hashlib.sha256(str(account.user_id).encode()).digest()
    kind = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow
    return kind(salt1=salt[:8], salt2=salt[8:24], g=keys.DH_G, p=keys.number_bytes(keys.DH_PRIME))


def _verifier(algorithm: Any, password: str) -> int:
    return int.from_bytes(srp.compute_digest(algorithm, password), "big")


def _multiplier() -> int:
    prime = keys.number_bytes(keys.DH_PRIME)
    return int.from_bytes(srp.sha256(prime, srp.big_num_for_hash(keys.DH_G)), "big")


def _server_public(verifier: int) -> int:
    return (_multiplier() * verifier + pow(keys.DH_G, _B, keys.DH_PRIME)) % keys.DH_PRIME


def _expected_proof(account: Account, client: bytes) -> bytes:
    """M1 of a client that knows the password."""
    algorithm = _algorithm(account)
    verifier = _verifier(algorithm, account.password)
    public = _server_public(verifier).to_bytes(256, "big")
    mixed = int.from_bytes(srp.sha256(client, public), "big")
    base = int.from_bytes(client, "big") * pow(verifier, mixed, keys.DH_PRIME)
    shared = pow(base, _B, keys.DH_PRIME)
    prime, generator = keys.number_bytes(keys.DH_PRIME), srp.big_num_for_hash(keys.DH_G)
    proof: bytes = srp.sha256(
        srp.xor(srp.sha256(prime), srp.sha256(generator)),
        srp.sha256(algorithm.salt1),
        srp.sha256(algorithm.salt2),
        client,
        public,
        srp.sha256(srp.big_num_for_hash(shared)),
    )
    return proof


@method("auth.importBotAuthorization", open=True)
def bot(context: Context, request: Any) -> object:
    """Log in with a bot token."""
    for account in context.state.accounts.values():
        if account.bot_token and account.bot_token == request.bot_auth_token:
            return enter(context, account.user_id)
    raise RpcError("ACCESS_TOKEN_INVALID")


@method("auth.exportLoginToken", open=True)
def export_token(context: Context, request: Any) -> object:
    """A QR token, or the login it led to."""
    if context.key.scanned:
        return types.auth.LoginTokenSuccess(enter(context, context.key.scanned))
    del request
    state = context.state
    token = os.urandom(24)
    state.qr_tokens[token] = context.key.id
    return types.auth.LoginToken(expires=state.now() + QR_SECONDS, token=token)


@method("auth.importLoginToken", open=True)
def import_token(context: Context, request: Any) -> object:
    """The same after a change of data centres."""
    if context.state.qr_tokens.get(request.token) != context.key.id:
        raise RpcError("AUTH_TOKEN_INVALID")
    return export_token(context, request)


@method("auth.acceptLoginToken", people_only=True)
def accept_token(context: Context, request: Any) -> object:
    """What a phone does when it scanned the QR code of another client."""
    scan(context.state, request.token, context.me)
    return types.Authorization(
        hash=1,
        device_model="sandbox",
        platform="",
        system_version="",
        api_id=1,
        app_name="",
        app_version="",
        date_created=context.state.now(),
        date_active=context.state.now(),
        ip="127.0.0.1",
        country="",
        region="",
    )


def scan(state: State, token: bytes, account: int) -> int:
    """Let the client that showed this token in; gives the id of its key.

    Raises:
        RpcError: AUTH_TOKEN_INVALID.
    """
    shown = state.qr_tokens.pop(token, None)
    if shown is None or shown not in state.keys:
        raise RpcError("AUTH_TOKEN_INVALID")
    state.keys[shown].scanned = account
    state.dirty = True
    return shown


@method("auth.logOut", open=True)
def log_out(context: Context, _: Any) -> object:
    """End this session for good."""
    context.key.account = context.key.halfway = context.key.scanned = 0
    context.state.dirty = True
    return types.auth.LoggedOut()
