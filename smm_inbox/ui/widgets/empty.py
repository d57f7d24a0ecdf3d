"""What an empty list says: what it would hold, and which key fills it or leads on."""

from __future__ import annotations

from collections.abc import Callable

from smm_inbox.domain.listing import View
from smm_inbox.locale import tr


def empty_words(view: View, key: Callable[[str], str]) -> tuple[str, ...]:
    """A heading and sentences for an empty list; ``key`` gives the key of a command."""
    others = tr("{key} — everybody who waits").format(key=key("view.awaiting"))
    if view is View.AWAITING:
        return (
            tr("Nobody is waiting for an answer"),
            tr("New messages will appear here by themselves."),
            tr("{key} — all open conversations").format(key=key("view.open")),
        )
    if view is View.OPEN:
        health = tr("{closed} — closed ones, {health} — are the accounts connected?")
        return (
            tr("No open conversations"),
            tr("Everything that is not closed will stand here."),
            health.format(closed=key("view.closed"), health=key("app.health")),
        )
    return (*_title_and_sentence(view, key), others)


def found_nothing(key: Callable[[str], str]) -> tuple[str, ...]:
    """The same for a list of a search."""
    return (
        tr("Nothing found"),
        tr("Conversations will appear here by themselves as soon as they match."),
        tr("{key} — search").format(key=key("search.open")),
        tr("{key} — everybody who waits").format(key=key("view.awaiting")),
    )


def _title_and_sentence(view: View, key: Callable[[str], str]) -> tuple[str, str]:
    if view is View.DIRECT:
        return (
            tr("No private messages"),
            tr("Letters to the business that nobody else reads will stand here."),
        )
    if view is View.COMMENTS:
        return (
            tr("No comments"),
            tr("Comments under posts, photos, videos and products will stand here."),
        )
    if view is View.MENTIONS:
        return (
            tr("No mentions"),
            tr("Posts and comments that name us and what visitors post on our wall stand here."),
        )
    if view is View.REVIEWS:
        return tr("No reviews"), tr("Reviews from the networks will stand here.")
    if view is View.SNOOZED:
        return tr("Nothing is put off"), tr("Conversations put off until later wait here.")
    if view is View.STARRED:
        stars = tr("Press {key} on a conversation to find it here again.")
        return tr("Nothing has a star"), stars.format(key=key("star.toggle"))
    if view is View.DRAFTS:
        kept = tr("Press {key} on a conversation and leave with {leave}: the draft waits here.")
        return (
            tr("No unfinished answers"),
            kept.format(key=key("reply.in_place"), leave=key("composer.leave")),
        )
    if view is View.NOT_SENT:
        return (
            tr("Everything was sent"),
            tr("Answers that could not be delivered will stand here, with the reason."),
        )
    if view is View.CLOSED:
        moves = tr("Press {key} on a conversation that needs nothing more: it moves here.")
        return tr("Nothing is closed yet"), moves.format(key=key("status.close"))
    puts = tr("Press {key} on a conversation to put it here.")
    return tr("No spam"), puts.format(key=key("spam.toggle"))
