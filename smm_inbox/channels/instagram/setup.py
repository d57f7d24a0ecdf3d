"""Who we are on Instagram, and what its set-up lacks."""

from __future__ import annotations

import logging

from smm_inbox.channels.base import Check
from smm_inbox.domain.channel import Identity
from smm_inbox.domain.errors import AuthExpired, ChannelError, Rejected
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import ntr, tr

from . import selection
from .account import Account
from .mapping import people, raw
from .mapping.harvest import Ourselves

_log = logging.getLogger(__name__)


async def introduce(account: Account) -> Identity:
    """Ask who we are; the first call of every connection, so a dead token shows here."""
    await keep_token(account)
    answer = await account.api.read("me", selection.ME, urgent=True)
    ours = next(iter(raw.data(answer)), answer) if "data" in answer else answer
    app_id, user_id = raw.identifier(ours.get("id")), raw.identifier(ours.get("user_id"))
    username = people.username(ours.get("username"))
    if not (user_id or app_id):
        raise Rejected(
            tr("Instagram does not tell whose token this is: make a new one in the app dashboard.")
        )
    account.us = Ourselves(user_id or app_id, app_id, username)
    name = clean_line(ours.get("name"), limit=120) or clean_line(username)
    handle = clean_line(username)
    return Identity(account.us.user_id, name, handle, people.page(username))


async def keep_token(account: Account) -> None:
    """Refresh the token when it is time; a failure other than a dead token waits."""
    if not account.credentials.due():
        return
    try:
        await account.credentials.refresh(account.client)
    except AuthExpired:
        raise
    except ChannelError as error:
        _log.info("the token could not be refreshed now: %s", type(error).__name__)


async def diagnose(account: Account) -> list[Check]:
    """Examine the token, private messages, comments and tags; changes nothing on the network."""
    try:
        identity = await introduce(account)
    except AuthExpired as error:
        return [Check("token", ok=False, sentence=error.sentence)]
    checks = [
        Check(
            "account",
            ok=True,
            sentence=tr("The token belongs to @{name}.").format(name=identity.handle),
        ),
        _age(account),
        await _talks(account),
        await _comments(account),
        await _tags(account),
        # Not a fault of the set-up: nobody has to have webhooks.
        Check("mentions", ok=True, sentence=elsewhere(hooked=account.hooked)),
    ]
    if account.sending_withheld:
        checks.append(Check("sending", ok=False, sentence=sending_withheld()))
    return checks


def elsewhere(*, hooked: bool) -> str:
    """What becomes of mentions in other people's posts."""
    if hooked:
        return tr("Mentions in other people's posts come by “smm-inbox hooks”.")
    return tr(
        "Mentions in other people's posts are told by Instagram only through a webhook: "
        "look at them on the phone, or set up “smm-inbox hooks”."
    )


def comments_withheld() -> str:
    """Comments are counted and not shown."""
    return tr(
        "Instagram counts comments under your posts and does not show them to your app: publish "
        "the app in Meta's dashboard and ask for Advanced Access to comments."
    )


def sending_withheld() -> str:
    """Answers are refused although the customer has just written."""
    return tr(
        "Instagram refuses answers although the customer wrote less than 24 hours ago: publish "
        "the app in Meta's dashboard and ask for Advanced Access to messages."
    )


def _age(account: Account) -> Check:
    left = account.credentials.days_left()
    warning = account.credentials.warning()
    if warning is not None:
        return Check("token", ok=False, sentence=warning.sentence)
    sentence = ntr(
        "The token lives {n} more day and is refreshed by itself.",
        "The token lives {n} more days and is refreshed by itself.",
        left,
    )
    return Check("token", ok=True, sentence=sentence.format(n=left))


async def _talks(account: Account) -> Check:
    try:
        await account.api.read(
            "me/conversations",
            ("id", "updated_time", selection.messages()),
            direct=True,
            urgent=True,
            limit=1,
            platform="instagram",
        )
    except ChannelError as error:
        return Check("messages", ok=False, sentence=error.sentence)
    return Check("messages", ok=True, sentence=tr("Private messages can be read."))


async def comments_shown(account: Account) -> tuple[int, int]:
    """How many comments the newest posts have, and how many of those few that were asked for came.

    Raises:
        ChannelError: no answer.
    """
    wanted = ("id", "comments_count", selection.Part("comments", ("id",), 5))
    page = await account.api.read("me/media", wanted, urgent=True, limit=10)
    posts = raw.data(page)
    counted = sum(raw.count(post.get("comments_count")) or 0 for post in posts)
    shown = sum(len(raw.data(post.get("comments"))) for post in posts)
    account.comments_withheld = bool(counted and not shown)
    return counted, shown


async def _comments(account: Account) -> Check:
    try:
        counted, _ = await comments_shown(account)
    except ChannelError as error:
        return Check("comments", ok=False, sentence=error.sentence)
    if account.comments_withheld:
        return Check("comments", ok=False, sentence=comments_withheld())
    if not counted:
        sentence = tr("There are no comments under the newest posts yet: nothing to check.")
        return Check("comments", ok=True, sentence=sentence)
    return Check("comments", ok=True, sentence=tr("Comments can be read."))


async def _tags(account: Account) -> Check:
    try:
        await account.api.read("me/tags", ("id",), urgent=True, limit=1)
    except ChannelError as error:
        return Check("tags", ok=False, sentence=error.sentence)
    return Check("tags", ok=True, sentence=tr("Photos you are tagged in can be read."))
