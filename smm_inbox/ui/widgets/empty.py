"""What an empty list says: what it would hold, and which key fills it or leads on."""

from __future__ import annotations

from smm_inbox.domain.feed import View
from smm_inbox.locale import tr


def empty_words(view: View) -> tuple[str, ...]:
    """A heading and sentences for an empty list."""
    return {
        View.AWAITING: (
            tr("Nobody is waiting for an answer"),
            tr("New messages will appear here by themselves."),
            tr("g i — all open conversations"),
        ),
        View.OPEN: (
            tr("No open conversations"),
            tr("Everything that is not closed will stand here."),
            tr("g e — closed ones, g n — are the accounts connected?"),
        ),
        View.DIRECT: (
            tr("No private messages"),
            tr("Letters to the business that nobody else reads will stand here."),
            tr("g w — everybody who waits"),
        ),
        View.COMMENTS: (
            tr("No comments"),
            tr("Comments under posts, photos, videos and products will stand here."),
            tr("g w — everybody who waits"),
        ),
        View.MENTIONS: (
            tr("No mentions"),
            tr("Posts and comments elsewhere that name the business will stand here."),
            tr("g w — everybody who waits"),
        ),
        View.REVIEWS: (
            tr("No reviews"),
            tr("Reviews from the networks will stand here."),
            tr("g w — everybody who waits"),
        ),
        View.SNOOZED: (
            tr("Nothing is put off"),
            tr("Conversations put off until later wait here."),
            tr("g w — everybody who waits"),
        ),
        View.DRAFTS: (
            tr("No unfinished answers"),
            tr("Press r on a conversation and leave with Esc: the draft waits here."),
            tr("g w — everybody who waits"),
        ),
        View.NOT_SENT: (
            tr("Everything was sent"),
            tr("Answers that could not be delivered will stand here, with the reason."),
            tr("g w — everybody who waits"),
        ),
        View.CLOSED: (
            tr("Nothing is closed yet"),
            tr("Press e on a conversation that needs nothing more: it moves here."),
            tr("g w — everybody who waits"),
        ),
        View.SPAM: (
            tr("No spam"),
            tr("Press ! on a conversation to put it here."),
            tr("g w — everybody who waits"),
        ),
    }[view]
