"""Commands for answers: beginning, writing, scripts, and what did not leave."""

from __future__ import annotations

from ..commands import Command, Group
from .places import BOTH, COMPOSER, TALK

ANSWER = (
    Command(
        "reply.in_place",
        "Answer",
        "Answer where the customer wrote.",
        ("r",),
        BOTH,
        Group.ANSWER,
        show_in_footer=True,
    ),
    Command(
        "reply.private",
        "Answer privately",
        "Answer the author of a public message in private.",
        ("R",),
        BOTH,
        Group.ANSWER,
        show_in_footer=True,
    ),
    Command(
        "message.edit",
        "Edit the answer",
        "Change our answer that is already on the network.",
        ("y",),
        TALK,
        Group.ANSWER,
    ),
    Command(
        "message.delete",
        "Delete",
        "Delete the message on the network; asks first.",
        ("#", "delete"),
        TALK,
        Group.ANSWER,
    ),
    Command(
        "message.hide",
        "Hide or show",
        "Hide the comment on the network from everybody, or show it again; it is not deleted.",
        ("H",),
        TALK,
        Group.ANSWER,
    ),
    Command(
        "message.react",
        "Reaction",
        "Put an emoji on the customer's message, or take it back; that is no answer.",
        ("+",),
        TALK,
        Group.ANSWER,
    ),
    Command(
        "undo",
        "Undo",
        "Take back the last thing done: an answer on its way, closing, tags, spam, many at once.",
        ("z",),
        BOTH,
        Group.ANSWER,
        show_in_footer=True,
    ),
)

SCRIPTS = (
    Command(
        "script.open",
        "Scripts",
        "Answer with a prepared reply; a digit takes a suggestion.",
        ("a",),
        BOTH,
        Group.ANSWER,
        show_in_footer=True,
    ),
    Command(
        "composer.scripts",
        "Scripts",
        "Put a prepared reply in at the cursor, or keep the answer as one.",
        ("f2",),
        COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
    Command(
        "composer.blank",
        "Next blank",
        "Go to the next blank {?…} and fill it in.",
        ("f3",),
        COMPOSER,
        Group.COMPOSER,
    ),
    Command(
        "composer.check",
        "Check",
        "Look the answer over before it is sent; forbids nothing.",
        ("f9",),
        COMPOSER,
        Group.COMPOSER,
    ),
)

WRITING = (
    Command(
        "composer.send",
        "Send",
        "Send the answer.",
        ("ctrl+s", "ctrl+enter", "f5"),
        COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
    Command(
        "composer.send_close",
        "Send and close",
        "Send the answer and close the conversation.",
        ("f8",),
        COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
    Command(
        "composer.reply_all",
        "To all / to one",
        "Answer everybody the letter was addressed to, or its author alone.",
        ("ctrl+t",),
        COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
    Command(
        "composer.attach",
        "Attach a file",
        "Attach a file to the answer.",
        ("ctrl+o",),
        COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
    Command(
        "composer.detach",
        "Remove the file",
        "Remove the last attached file.",
        ("ctrl+r",),
        COMPOSER,
        Group.COMPOSER,
    ),
    Command(
        "composer.editor",
        "External editor",
        "Write the answer in your own editor ($EDITOR).",
        ("ctrl+g",),
        COMPOSER,
        Group.COMPOSER,
    ),
    Command(
        "composer.leave",
        "Leave",
        "Leave the answer; the draft is kept.",
        ("escape",),
        COMPOSER,
        Group.COMPOSER,
        show_in_footer=True,
    ),
)

DELIVERY = (
    Command(
        "delivery.retry",
        "Send again",
        "Try to send the answer again.",
        ("s",),
        BOTH,
        Group.DELIVERY,
    ),
    Command(
        "delivery.confirm",
        "It did arrive",
        "You saw the answer on the network: stop asking.",
        ("S",),
        BOTH,
        Group.DELIVERY,
    ),
    Command(
        "delivery.take_back",
        "Back to the draft",
        "Take the answer back into the composer to change it.",
        ("Z",),
        BOTH,
        Group.DELIVERY,
    ),
    Command(
        "delivery.discard",
        "Drop",
        "Drop an answer that was not sent.",
        ("D",),
        BOTH,
        Group.DELIVERY,
    ),
)
