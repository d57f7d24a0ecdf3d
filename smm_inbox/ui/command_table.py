"""Every command of the program as data: id, titles, default keys, where it works."""

from __future__ import annotations

from .commands import Command, Context, Group

_GLOBAL = (Context.GLOBAL,)
_FEED = (Context.FEED,)
_TALK = (Context.CONVERSATION,)
_BOTH = (Context.FEED, Context.CONVERSATION)
_COMPOSER = (Context.COMPOSER,)

_MOVE = (
    Command("move.down", "Down", "Go to the next row.", ("j", "down"), _BOTH, Group.MOVE),
    Command("move.up", "Up", "Go to the row above.", ("k", "up"), _BOTH, Group.MOVE),
    Command("move.page_down", "Page down", "Go one page down.", ("pagedown",), _BOTH, Group.MOVE),
    Command("move.page_up", "Page up", "Go one page up.", ("pageup",), _BOTH, Group.MOVE),
    Command("move.first", "To the top", "Go to the first row.", ("g g", "home"), _BOTH, Group.MOVE),
    Command("move.last", "To the end", "Go to the last row.", ("G", "end"), _BOTH, Group.MOVE),
    Command(
        "move.open",
        "Open",
        "Open the conversation under the cursor.",
        ("enter", "o"),
        _FEED,
        Group.MOVE,
        show_in_footer=True,
    ),
    Command(
        "move.back",
        "Back",
        "Go back to the list.",
        ("escape", "u"),
        _BOTH,
        Group.MOVE,
    ),
)

_VIEWS = (
    Command("view.next", "Next list", "Show the next list.", ("tab",), _BOTH, Group.VIEWS),
    Command(
        "view.previous",
        "Previous list",
        "Show the previous list.",
        ("shift+tab",),
        _BOTH,
        Group.VIEWS,
    ),
    Command(
        "view.choose",
        "All lists",
        "Choose a list, an account or a tag.",
        ("l",),
        _BOTH,
        Group.VIEWS,
    ),
    Command(
        "view.awaiting",
        "Unanswered",
        "Show everybody who waits for an answer.",
        ("g w",),
        _BOTH,
        Group.VIEWS,
    ),
    Command(
        "view.open", "All open", "Show everything that is not closed.", ("g i",), _BOTH, Group.VIEWS
    ),
    Command(
        "view.direct", "Private messages", "Show private messages.", ("g p",), _BOTH, Group.VIEWS
    ),
    Command("view.comments", "Comments", "Show comments.", ("g c",), _BOTH, Group.VIEWS),
    Command("view.mentions", "Mentions", "Show mentions of us.", ("g m",), _BOTH, Group.VIEWS),
    Command(
        "view.reviews",
        "Reviews",
        "Show reviews and what was entered by hand.",
        ("g r",),
        _BOTH,
        Group.VIEWS,
    ),
    Command(
        "view.snoozed",
        "Snoozed",
        "Show what was put off until later.",
        ("g h",),
        _BOTH,
        Group.VIEWS,
    ),
    Command("view.starred", "Starred", "Show what has a star.", ("g =",), _BOTH, Group.VIEWS),
    Command("view.drafts", "Drafts", "Show unfinished answers.", ("g d",), _BOTH, Group.VIEWS),
    Command(
        "view.not_sent",
        "Not sent",
        "Show answers that could not be sent.",
        ("g o",),
        _BOTH,
        Group.VIEWS,
    ),
    Command("view.closed", "Closed", "Show closed conversations.", ("g e",), _BOTH, Group.VIEWS),
    Command("view.spam", "Spam", "Show what was marked as spam.", ("g !",), _BOTH, Group.VIEWS),
    Command(
        "view.order",
        "Order",
        "Switch between “closest to the deadline” and “newest first”.",
        ("n",),
        _BOTH,
        Group.VIEWS,
    ),
    Command(
        "view.account",
        "Next account",
        "Show one account only, then the next one, then all of them.",
        ("A",),
        _BOTH,
        Group.VIEWS,
    ),
)

_ANSWER = (
    Command(
        "reply.in_place",
        "Answer",
        "Answer where the customer wrote.",
        ("r",),
        _BOTH,
        Group.ANSWER,
        show_in_footer=True,
    ),
    Command(
        "reply.private",
        "Answer privately",
        "Answer the author of a public message in private.",
        ("R",),
        _BOTH,
        Group.ANSWER,
        show_in_footer=True,
    ),
    Command(
        "message.edit",
        "Edit the answer",
        "Change our answer that is already on the network.",
        ("y",),
        _TALK,
        Group.ANSWER,
    ),
    Command(
        "message.delete",
        "Delete",
        "Delete the message on the network; asks first.",
        ("#", "delete"),
        _TALK,
        Group.ANSWER,
    ),
    Command(
        "message.hide",
        "Hide or show",
        "Hide the comment on the network from everybody, or show it again; it is not deleted.",
        ("H",),
        _TALK,
        Group.ANSWER,
    ),
    Command(
        "message.react",
        "Reaction",
        "Put an emoji on the customer's message, or take it back; that is no answer.",
        ("+",),
        _TALK,
        Group.ANSWER,
    ),
    Command(
        "undo",
        "Undo",
        "Take back the last thing done: an answer on its way, closing, tags, spam, many at once.",
        ("z",),
        _BOTH,
        Group.ANSWER,
        show_in_footer=True,
    ),
)

_TRIAGE = (
    Command(
        "status.close",
        "Close",
        "Close the conversation, no answer needed, and go to the next one.",
        ("e",),
        _BOTH,
        Group.TRIAGE,
        show_in_footer=True,
    ),
    Command(
        "status.in_progress",
        "In progress",
        "An interim answer was given, the result is still owed.",
        ("w",),
        _BOTH,
        Group.TRIAGE,
        show_in_footer=True,
    ),
    Command(
        "status.reopen", "Reopen", "Open a closed conversation again.", ("E",), _BOTH, Group.TRIAGE
    ),
    Command("type.question", "Question", "Mark as a question.", ("1",), _BOTH, Group.TRIAGE),
    Command("type.thanks", "Thanks", "Mark as thanks.", ("2",), _BOTH, Group.TRIAGE),
    Command("type.complaint", "Complaint", "Mark as a complaint.", ("3",), _BOTH, Group.TRIAGE),
    Command("type.neutral", "Neutral", "Mark as neutral.", ("4",), _BOTH, Group.TRIAGE),
    Command("spam.toggle", "Spam", "Mark as spam, or not spam.", ("!",), _BOTH, Group.TRIAGE),
)

_TAGS = (
    Command(
        "snooze.ask",
        "Put aside",
        "Put aside until a moment in words: “2h”, “tomorrow 10”, “until reply”.",
        ("h",),
        _BOTH,
        Group.TRIAGE,
        show_in_footer=True,
    ),
    Command(
        "tags.open",
        "Tags",
        "Put tags on and take them off; create, rename, merge and colour them.",
        ("t",),
        _BOTH,
        Group.TRIAGE,
        show_in_footer=True,
    ),
    Command(
        "star.toggle", "Star", "Mark with a star, or take it away.", ("=",), _BOTH, Group.TRIAGE
    ),
    Command(
        "select.toggle",
        "Select",
        "Select the row: what sorts then changes everything selected.",
        ("x",),
        _FEED,
        Group.TRIAGE,
    ),
    Command(
        "select.down",
        "Select downwards",
        "Select this row and the next one.",
        ("J",),
        _FEED,
        Group.TRIAGE,
    ),
    Command(
        "select.up",
        "Select upwards",
        "Select this row and the one above.",
        ("K",),
        _FEED,
        Group.TRIAGE,
    ),
    Command(
        "select.all",
        "Select all",
        "Select everything in this list; Esc selects nothing.",
        ("*",),
        _FEED,
        Group.TRIAGE,
    ),
)

_LOOK = (
    Command(
        "author.card",
        "Author",
        "Show the author and all their other conversations.",
        ("i",),
        _BOTH,
        Group.LOOK,
        show_in_footer=True,
    ),
    Command(
        "root.toggle",
        "Post and edits",
        "Show the whole post, long messages and links in full, and what was there before edits.",
        ("v",),
        _BOTH,
        Group.LOOK,
    ),
    Command(
        "message.unfold",
        "Quote and signature",
        "Show or fold the rest of the selected message: the quote, the signature, a long text.",
        ("enter", "o"),
        _TALK,
        Group.LOOK,
    ),
    Command(
        "message.files",
        "Attachments",
        "Save what came with the message, or open its page.",
        ("p",),
        _BOTH,
        Group.LOOK,
        show_in_footer=True,
    ),
    Command(
        "message.earlier", "Earlier messages", "Load earlier messages.", ("[",), _TALK, Group.LOOK
    ),
    Command(
        "browser.open",
        "Open in the browser",
        "Open the conversation on the network's own site.",
        ("b",),
        _BOTH,
        Group.LOOK,
    ),
)

_DELIVERY = (
    Command(
        "delivery.retry",
        "Send again",
        "Try to send the answer again.",
        ("s",),
        _BOTH,
        Group.DELIVERY,
    ),
    Command(
        "delivery.confirm",
        "It did arrive",
        "You saw the answer on the network: stop asking.",
        ("S",),
        _BOTH,
        Group.DELIVERY,
    ),
    Command(
        "delivery.take_back",
        "Back to the draft",
        "Take the answer back into the composer to change it.",
        ("Z",),
        _BOTH,
        Group.DELIVERY,
    ),
    Command(
        "delivery.discard",
        "Drop",
        "Drop an answer that was not sent.",
        ("D",),
        _BOTH,
        Group.DELIVERY,
    ),
)

_WRITING = (
    Command(
        "composer.send",
        "Send",
        "Send the answer.",
        ("ctrl+s", "ctrl+enter", "f5"),
        _COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
    Command(
        "composer.send_close",
        "Send and close",
        "Send the answer and close the conversation.",
        ("f8",),
        _COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
    Command(
        "composer.reply_all",
        "To all / to one",
        "Answer everybody the letter was addressed to, or its author alone.",
        ("ctrl+t",),
        _COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
    Command(
        "composer.attach",
        "Attach a file",
        "Attach a file to the answer.",
        ("ctrl+o",),
        _COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
    Command(
        "composer.detach",
        "Remove the file",
        "Remove the last attached file.",
        ("ctrl+r",),
        _COMPOSER,
        Group.COMPOSER,
    ),
    Command(
        "composer.editor",
        "External editor",
        "Write the answer in your own editor ($EDITOR).",
        ("ctrl+g",),
        _COMPOSER,
        Group.COMPOSER,
    ),
    Command(
        "composer.leave",
        "Leave",
        "Leave the answer; the draft is kept.",
        ("escape",),
        _COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
)

_PROGRAM = (
    Command(
        "app.help",
        "Keys",
        "Show the keys of this screen.",
        ("?", "f1"),
        _GLOBAL,
        Group.PROGRAM,
        show_in_footer=True,
    ),
    Command(
        "app.palette",
        "Commands",
        "Find a command by its name.",
        ("ctrl+p", "ctrl+k"),
        _GLOBAL,
        Group.PROGRAM,
    ),
    Command(
        "app.health",
        "Connections",
        "Show how the accounts are connected and what is missing.",
        ("g n",),
        _GLOBAL,
        Group.PROGRAM,
    ),
    Command(
        "accounts.retry",
        "Check for messages",
        "Ask the networks for new messages now.",
        ("ctrl+r",),
        _BOTH,
        Group.PROGRAM,
    ),
    Command(
        "app.theme",
        "Light or dark",
        "Switch between light and dark.",
        ("T",),
        _GLOBAL,
        Group.PROGRAM,
    ),
    Command("app.quit", "Quit", "Quit the program.", ("q", "ctrl+q"), _GLOBAL, Group.PROGRAM),
)

_PEOPLE = (
    Command(
        "note.write",
        "Note",
        "Write a note on the conversation that only the business sees.",
        ("m",),
        _BOTH,
        Group.ANSWER,
        show_in_footer=True,
    ),
    Command(
        "entry.add",
        "Write down",
        "Write down a call, a visit, a review or a line of the guest book, in one line.",
        ("c",),
        _BOTH,
        Group.ANSWER,
    ),
    Command(
        "composer.note",
        "Answer ↔ note",
        "Make a note of what is written instead of an answer.",
        ("f4",),
        _COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
    Command(
        "note.save",
        "Keep it",
        "Keep the note, or what was answered elsewhere; nothing is ever sent from here.",
        ("ctrl+s", "ctrl+enter", "f5"),
        (Context.NOTE,),
        Group.NOTE,
        show_in_footer=True,
    ),
    Command(
        "note.save_close",
        "Keep and close",
        "Keep it and close the conversation.",
        ("f8",),
        (Context.NOTE,),
        Group.NOTE,
        show_in_footer=True,
    ),
    Command(
        "note.switch",
        "Note ↔ answer",
        "Make an answer of what is written instead of a note.",
        ("f4",),
        (Context.NOTE,),
        Group.NOTE,
        show_in_footer=True,
    ),
    Command(
        "note.leave",
        "Leave",
        "Leave the note; what is written is kept.",
        ("escape",),
        (Context.NOTE,),
        Group.NOTE,
        show_in_footer=True,
    ),
)

COMMANDS: tuple[Command, ...] = (
    *_ANSWER,
    *_TRIAGE,
    *_TAGS,
    *_MOVE,
    *_VIEWS,
    *_LOOK,
    *_DELIVERY,
    *_WRITING,
    *_PEOPLE,
    *_PROGRAM,
)
"""In the order of the footer and of the help screen."""
