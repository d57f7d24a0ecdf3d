"""Commands for finding one's way: moving, lists, search, looking closer."""

from __future__ import annotations

from ..commands import Command, Group
from .places import BOTH, FEED, TALK

MOVE = (
    Command("move.down", "Down", "Go to the next row.", ("j", "down"), BOTH, Group.MOVE),
    Command("move.up", "Up", "Go to the row above.", ("k", "up"), BOTH, Group.MOVE),
    Command("move.page_down", "Page down", "Go one page down.", ("pagedown",), BOTH, Group.MOVE),
    Command("move.page_up", "Page up", "Go one page up.", ("pageup",), BOTH, Group.MOVE),
    Command("move.first", "To the top", "Go to the first row.", ("g g", "home"), BOTH, Group.MOVE),
    Command("move.last", "To the end", "Go to the last row.", ("G", "end"), BOTH, Group.MOVE),
    Command(
        "move.open",
        "Open",
        "Open the conversation under the cursor.",
        ("enter", "o"),
        FEED,
        Group.MOVE,
        show_in_footer=True,
    ),
    Command(
        "move.back",
        "Back",
        "Go back to the list.",
        ("escape", "u"),
        BOTH,
        Group.MOVE,
    ),
)

VIEWS = (
    Command("view.next", "Next list", "Show the next list.", ("tab",), BOTH, Group.VIEWS),
    Command(
        "view.previous",
        "Previous list",
        "Show the previous list.",
        ("shift+tab",),
        BOTH,
        Group.VIEWS,
    ),
    Command(
        "view.choose",
        "All lists",
        "Choose a list, an account or a tag.",
        ("l",),
        BOTH,
        Group.VIEWS,
    ),
    Command(
        "view.awaiting",
        "Unanswered",
        "Show everybody who waits for an answer.",
        ("g w",),
        BOTH,
        Group.VIEWS,
    ),
    Command(
        "view.open", "All open", "Show everything that is not closed.", ("g i",), BOTH, Group.VIEWS
    ),
    Command(
        "view.direct", "Private messages", "Show private messages.", ("g p",), BOTH, Group.VIEWS
    ),
    Command("view.comments", "Comments", "Show comments.", ("g c",), BOTH, Group.VIEWS),
    Command("view.mentions", "Mentions", "Show mentions of us.", ("g m",), BOTH, Group.VIEWS),
    Command(
        "view.reviews",
        "Reviews",
        "Show reviews and what was entered by hand.",
        ("g r",),
        BOTH,
        Group.VIEWS,
    ),
    Command(
        "view.snoozed",
        "Snoozed",
        "Show what was put off until later.",
        ("g h",),
        BOTH,
        Group.VIEWS,
    ),
    Command("view.starred", "Starred", "Show what has a star.", ("g =",), BOTH, Group.VIEWS),
    Command("view.drafts", "Drafts", "Show unfinished answers.", ("g d",), BOTH, Group.VIEWS),
    Command(
        "view.not_sent",
        "Not sent",
        "Show answers that could not be sent.",
        ("g o",),
        BOTH,
        Group.VIEWS,
    ),
    Command("view.closed", "Closed", "Show closed conversations.", ("g e",), BOTH, Group.VIEWS),
    Command("view.spam", "Spam", "Show what was marked as spam.", ("g !",), BOTH, Group.VIEWS),
    Command(
        "view.order",
        "Order",
        "Switch between “closest to the deadline” and “newest first”.",
        ("n",),
        BOTH,
        Group.VIEWS,
    ),
    Command(
        "view.account",
        "Next account",
        "Show one account only, then the next one, then all of them.",
        ("A",),
        BOTH,
        Group.VIEWS,
    ),
)

LOOK = (
    Command(
        "author.card",
        "Author",
        "Show the author and all their other conversations.",
        ("i",),
        BOTH,
        Group.LOOK,
        show_in_footer=True,
    ),
    Command(
        "root.toggle",
        "Post and edits",
        "Show the whole post, long messages and links in full, and what was there before edits.",
        ("v",),
        BOTH,
        Group.LOOK,
    ),
    Command(
        "message.unfold",
        "Quote and signature",
        "Show or fold the rest of the selected message: the quote, the signature, a long text.",
        ("enter", "o"),
        TALK,
        Group.LOOK,
    ),
    Command(
        "message.files",
        "Attachments",
        "Save what came with the message, or open its page.",
        ("p",),
        BOTH,
        Group.LOOK,
        show_in_footer=True,
    ),
    Command(
        "message.earlier", "Earlier messages", "Load earlier messages.", ("[",), TALK, Group.LOOK
    ),
    Command(
        "browser.open",
        "Open in the browser",
        "Open the conversation on the network's own site.",
        ("b",),
        BOTH,
        Group.LOOK,
    ),
)

FIND = (
    Command(
        "search.open",
        "Search",
        "Search the whole archive by any form of a word, by author, channel, tag or time.",
        ("/",),
        BOTH,
        Group.LOOK,
        show_in_footer=True,
    ),
    Command(
        "search.save",
        "Save as a list",
        "Keep the search that is shown as a list of its own.",
        ("g v",),
        BOTH,
        Group.VIEWS,
    ),
    Command(
        "search.rename",
        "Rename the list",
        "Give the saved list that is shown another name.",
        ("g V",),
        BOTH,
        Group.VIEWS,
    ),
    Command(
        "search.remove",
        "Remove the list",
        "Take the saved list that is shown out of the lists; the conversations stay.",
        ("g x",),
        BOTH,
        Group.VIEWS,
    ),
)
