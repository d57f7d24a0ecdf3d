"""What an account can do now and what it lacks, in the words of the port."""

from __future__ import annotations

from datetime import timedelta

from smm_inbox.domain.channel import Capabilities, Limitation, ReplyKind
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.text import LengthUnit, SafeText
from smm_inbox.locale import tr

from . import errors
from .rights import Rights, Role
from .sender import TOKEN_LIFE
from .uploads import MAX_FILE

MAX_MESSAGE = 4096
"""Code points. VK's schema says 9000, clients meet error 914 above 4096: the smaller one holds."""
MAX_COMMENT = 4096
"""Code points. Not documented; kept to the length that is known to pass in messages."""
MAX_FILES = 10
"""Attachments of a private message."""
MAX_COMMENT_FILES = 2
"""Attachments of a comment; not documented, the site's own form takes two."""
OWN_WINDOW = timedelta(hours=24)
"""How long our own messages can be edited and deleted for everybody."""

_PUBLIC = frozenset({ReplyKind.IN_PLACE, ReplyKind.PRIVATE})

_LACKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("roots.read", ("wall.getById",)),
    ("comments.read", ("wall.get", "wall.getComments")),
    ("comments.delete", ("wall.deleteComment",)),
    ("comments.edit", ("wall.editComment",)),
    ("photos.reply", ("photos.createComment",)),
    ("videos.reply", ("video.createComment",)),
    ("products.reply", ("market.createComment",)),
    ("topics.reply", ("board.createComment",)),
)


def capabilities(rights: Rights) -> Capabilities:
    """What can be offered, by the tokens and by what was learnt."""
    own_comments = rights.can("wall.editComment")
    deleting = rights.can("wall.deleteComment")
    kinds = frozenset({Kind.DIRECT, Kind.COMMENT, Kind.MENTION})
    upload: dict[Kind, int] = {}
    if rights.can("docs.getMessagesUploadServer", "docs.save"):
        upload[Kind.DIRECT] = MAX_FILES
    if rights.can("docs.getWallUploadServer", "docs.save"):
        upload[Kind.COMMENT] = upload[Kind.MENTION] = MAX_COMMENT_FILES
    return Capabilities(
        kinds=kinds,
        reply_kinds={
            Kind.DIRECT: frozenset({ReplyKind.IN_PLACE}),
            Kind.COMMENT: _PUBLIC,
            Kind.MENTION: _PUBLIC,
        },
        max_text={
            Kind.DIRECT: MAX_MESSAGE,
            Kind.COMMENT: MAX_COMMENT,
            Kind.MENTION: min(MAX_MESSAGE, MAX_COMMENT),
        },
        unit=LengthUnit.CODE_POINTS,
        splits=frozenset({Kind.DIRECT}),
        idempotent_send=True,
        token_lifetime=TOKEN_LIFE,
        edit=_own(rights.can("messages.edit"), own_comments),
        edit_window=OWN_WINDOW,
        delete_own=_own(rights.can("messages.delete"), deleting),
        delete_window=OWN_WINDOW,
        delete_theirs=frozenset({Kind.COMMENT} if deleting else ()),
        mark_read=rights.can("messages.markAsRead"),
        typing=rights.can("messages.setActivity"),
        upload=upload,
        max_file_size=MAX_FILE,
    )


def limitations(rights: Rights) -> tuple[Limitation, ...]:
    """What the tokens lack, each with the token that would help."""
    found = [
        Limitation(f"{role}.token", SafeText(errors.dead(role))) for role in sorted(rights.dead)
    ]
    if not rights.can("messages.send"):
        found.append(Limitation("messages.send", SafeText(errors.needs(Role.COMMUNITY))))
    for action, methods in _LACKS:
        missing = next((method for method in methods if not rights.can(method)), None)
        if missing is not None:
            sentence = f"{_what(action)} {errors.needs(rights.lacks(missing))}"
            found.append(Limitation(action, SafeText(sentence)))
    if not (rights.can("newsfeed.search") or rights.can("newsfeed.getMentions")):
        sentence = f"{_what('mentions.poll')} {errors.needs(Role.SERVICE)}"
        found.append(Limitation("mentions.poll", SafeText(sentence)))
    return tuple(found)


def _own(private: bool, comments: bool) -> frozenset[Kind]:
    kinds: set[Kind] = set()
    if private:
        kinds |= {Kind.DIRECT}
    if comments:
        kinds |= {Kind.COMMENT}
    return frozenset(kinds)


def _what(action: str) -> str:
    match action:
        case "roots.read":
            return tr("The post a comment stands under is shown as a link only.")
        case "comments.read":
            return tr("Comments that come while the program is off cannot be fetched.")
        case "comments.delete":
            return tr("Comments cannot be deleted from here.")
        case "comments.edit":
            return tr("Our own comments cannot be edited from here.")
        case "photos.reply":
            return tr("Comments under photos cannot be answered from here.")
        case "videos.reply":
            return tr("Comments under videos cannot be answered from here.")
        case "products.reply":
            return tr("Comments under goods cannot be answered from here.")
        case "topics.reply":
            return tr("Discussions cannot be answered from here.")
        case _:
            return tr("Mentions on other pages are not looked for.")
