"""``tags``: listing, renaming, merging and deleting tags from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smm_inbox.config.problems import nearest
from smm_inbox.domain.tag import Tag, TagCount, tag_name
from smm_inbox.domain.text import fold
from smm_inbox.locale import ntr, tr

from .exits import Exit, UsageError
from .output import Asker, say, say_json

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

_NAMES = {"list": 0, "rename": 2, "merge": 2, "delete": 1}
"""How many names follow a word."""


@dataclass(frozen=True, slots=True)
class TagWishes:
    """What is asked for."""

    what: str
    names: tuple[str, ...]
    yes: bool
    """Do not ask before what cannot be taken back."""
    as_json: bool


def check(wishes: TagWishes) -> None:
    """Raise ``UsageError`` when the names do not fit the word in front of them."""
    if len(wishes.names) != _NAMES[wishes.what]:
        raise UsageError(
            {
                "list": tr("“tags list” takes no name."),
                "rename": tr("“tags rename” takes two names: the present and the new one."),
                "merge": tr("“tags merge” takes two names: what goes and what stays."),
                "delete": tr("“tags delete” takes one name."),
            }[wishes.what]
        )


async def run(services: Services, wishes: TagWishes) -> Exit:
    """Do it and print the outcome.

    Raises ``UsageError`` when there is no such tag, or when the answer was no: nothing changed.
    """
    if wishes.what == "list":
        _list(await services.tags.all(), as_json=wishes.as_json)
        return Exit.FINE
    known = await services.tags.all()
    first = _named(known, wishes.names[0])
    if wishes.what == "rename":
        await _rename(services, first.tag, wishes)
    elif wishes.what == "merge":
        await _merge(services, first, _named(known, wishes.names[1]), wishes)
    else:
        await _delete(services, first, wishes)
    return Exit.FINE


def _list(known: Sequence[TagCount], *, as_json: bool) -> None:
    if as_json:
        say_json([_object(one) for one in known])
        return
    if not known:
        say(tr("There are no tags yet."))
    for one in known:
        numbers = tr("waiting {awaiting}, open {open}, all {all}")
        shown = numbers.format(awaiting=one.awaiting, open=one.open, all=one.uses)
        say(f"#{one.tag.name:<24}  {shown}")


def _object(one: TagCount) -> dict[str, object]:
    return {
        "id": one.tag.id,
        "name": one.tag.name,
        "colour": one.tag.colour or None,
        "awaiting": one.awaiting,
        "open": one.open,
        "conversations": one.uses,
    }


def _named(known: Sequence[TagCount], name: str) -> TagCount:
    wanted = fold(tag_name(name))
    for one in known:
        if fold(one.tag.name) == wanted:
            return one
    hint = nearest(name, [one.tag.name for one in known])
    raise UsageError(tr("There is no tag “{name}”.").replace("{name}", name) + f" {hint}".rstrip())


async def _rename(services: Services, tag: Tag, wishes: TagWishes) -> None:
    from smm_inbox.services.tags import TagRefused  # noqa: PLC0415 - database library

    try:
        new = await services.tags.rename(tag.id, wishes.names[1])
    except TagRefused as refused:
        raise UsageError(refused.sentence) from None
    _done(wishes, tr("Now it is #{name}.").replace("{name}", new.name), 0)


async def _merge(services: Services, source: TagCount, target: TagCount, wishes: TagWishes) -> None:
    if source.tag == target.tag:
        raise UsageError(tr("These two are the same tag."))
    question = ntr(
        "#{name} on {count} conversation becomes #{other}. This cannot be taken back. Go on?",
        "#{name} on {count} conversations becomes #{other}. This cannot be taken back. Go on?",
        source.uses,
    ).format(name=source.tag.name, count=source.uses, other=target.tag.name)
    _ask(question, wishes)
    changed = await services.tags.merge(source.tag.id, target.tag.id)
    _done(wishes, tr("Merged into #{name}.").replace("{name}", target.tag.name), changed)


async def _delete(services: Services, one: TagCount, wishes: TagWishes) -> None:
    question = ntr(
        "#{name} is taken off {count} conversation. This cannot be taken back. Go on?",
        "#{name} is taken off {count} conversations. This cannot be taken back. Go on?",
        one.uses,
    ).format(name=one.tag.name, count=one.uses)
    _ask(question, wishes)
    changed = await services.tags.delete(one.tag.id)
    _done(wishes, tr("#{name} is deleted.").replace("{name}", one.tag.name), changed)


def _ask(question: str, wishes: TagWishes) -> None:
    if wishes.yes:
        return
    with Asker() as ask:
        if not ask(question):
            raise UsageError(tr("Nothing was changed. With --yes nothing is asked."))


def _done(wishes: TagWishes, sentence: str, changed: int) -> None:
    if wishes.as_json:
        say_json({"done": wishes.what, "conversations": changed})
    else:
        say(sentence)
