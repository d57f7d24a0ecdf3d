"""Divide a letter's lines into what is new and what is folded away, and lose nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .attribution import Introduction, introduction_at, is_forward_marker, reach_up
from .lines import Line, Mark, join_lines
from .signature import signature_start


class _Fate(StrEnum):
    NEW = "new"
    QUOTE = "quote"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Folded:
    """A body divided."""

    text: str
    folded: str


def fold(lines: Sequence[Line], *, forwarding: bool, may_be_empty: bool = False) -> Folded:
    """Divide ``lines``.

    ``forwarding`` tells that the subject says "Fwd": then Outlook's From/Sent/To block introduces a
    forwarded letter, which is content. Nothing is deleted, and a letter is never folded away
    whole unless ``may_be_empty`` (it has attachments to speak for it).
    """
    fates = [_Fate.NEW] * len(lines)
    end = _mark_quotes(lines, fates, forwarding)
    _mark_signatures(lines, fates, end)
    _keep_interleaved(lines, fates, end)
    _absorb_blanks(lines, fates)
    text = join_lines(line for line, fate in zip(lines, fates, strict=True) if fate is _Fate.NEW)
    if not text.strip():
        if any(fate is _Fate.SIGNATURE for fate in fates):
            # "С уважением, Анна" above a quote: the signature is all she wrote.
            fates = [_Fate.NEW if fate is _Fate.SIGNATURE else fate for fate in fates]
            text = join_lines(
                line for line, fate in zip(lines, fates, strict=True) if fate is _Fate.NEW
            )
        elif not may_be_empty:
            return Folded(join_lines(lines), "")
    rest = join_lines(
        line for line, fate in zip(lines, fates, strict=True) if fate is not _Fate.NEW
    )
    return Folded(text.strip(), rest.strip())


def _mark_quotes(lines: Sequence[Line], fates: list[_Fate], forwarding: bool) -> int:
    """Mark quoted lines; return where a forwarded letter begins (or the end)."""
    at = 0
    floor = 0
    while at < len(lines):
        line = lines[at]
        if is_forward_marker(line) and not line.depth and not _inside_quote(lines, fates, at):
            return at
        if line.depth:
            fates[at] = _Fate.QUOTE
            at += 1
            floor = at
            continue
        found = introduction_at(lines, at)
        if found is not None:
            if found.block and forwarding and not _any_quoted(fates):
                return reach_up(lines, at, floor)
            follower = _next_written(lines, found.end)
            followed = follower is not None and lines[follower].quoted
            if found.sure or followed:
                _mark_introduction(lines, fates, found, floor)
                if not followed:
                    fates[found.end :] = [_Fate.QUOTE] * (len(lines) - found.end)
                    return len(lines)
                at = floor = found.end
                continue
        if line.mark is Mark.QUOTE:
            fates[at] = _Fate.QUOTE
        at += 1
    return len(lines)


def _mark_introduction(
    lines: Sequence[Line], fates: list[_Fate], found: Introduction, floor: int
) -> None:
    first = reach_up(lines, found.first, floor)
    fates[first : found.end] = [_Fate.QUOTE] * (found.end - first)


def _inside_quote(lines: Sequence[Line], fates: list[_Fate], at: int) -> bool:
    """Whether a forward marker stands within a marked quote, not at its beginning."""
    if lines[at].mark is not Mark.QUOTE:
        return False
    above = at - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    return above >= 0 and fates[above] is _Fate.QUOTE


def _any_quoted(fates: list[_Fate]) -> bool:
    return any(fate is _Fate.QUOTE for fate in fates)


def _next_written(lines: Sequence[Line], at: int) -> int | None:
    return next((place for place in range(at, len(lines)) if not lines[place].blank), None)


def _mark_signatures(lines: Sequence[Line], fates: list[_Fate], end: int) -> None:
    """Mark the signature of every stretch of new lines: it stands above the quote or below it."""
    start = 0
    while start < end:
        if fates[start] is not _Fate.NEW:
            start += 1
            continue
        stop = start
        while stop < end and fates[stop] is _Fate.NEW:
            stop += 1
        last = stop
        while last > start and lines[last - 1].blank:
            last -= 1
        first = signature_start(lines, start, last)
        fates[first:last] = [_Fate.SIGNATURE] * (last - first)
        start = stop


def _absorb_blanks(lines: Sequence[Line], fates: list[_Fate]) -> None:
    """Empty lines between two folded lines are folded with them."""
    above: _Fate | None = None
    start = 0
    for at, line in enumerate(lines):
        if line.blank and fates[at] is _Fate.NEW:
            continue
        if fates[at] is not _Fate.NEW and above is not None and above is not _Fate.NEW:
            fates[start:at] = [_Fate.QUOTE] * (at - start)
        above = fates[at]
        start = at + 1


def _keep_interleaved(lines: Sequence[Line], fates: list[_Fate], end: int) -> None:
    """Keep quoted questions visible when answers stand between them: "да" alone says nothing."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at < end:
        if lines[at].depth and fates[at] is _Fate.QUOTE:
            start = at
            while at < end and fates[at] is _Fate.QUOTE:
                at += 1
            runs.append((start, at))
        else:
            at += 1
    answered = [
        (start, stop)
        for place, (start, stop) in enumerate(runs)
        if _has_news(lines, fates, stop, runs[place + 1][0] if place + 1 < len(runs) else end)
    ]
    if len(answered) < 2:
        return
    for start, stop in answered:
        fates[start:stop] = [_Fate.NEW] * (stop - start)


def _has_news(lines: Sequence[Line], fates: list[_Fate], start: int, stop: int) -> bool:
    return any(fates[at] is _Fate.NEW and not lines[at].blank for at in range(start, stop))
