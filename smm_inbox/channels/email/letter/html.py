"""Turn an HTML letter into marked lines of text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from . import css, wild
from .lines import LONGEST_BODY, Line, Mark
from .links import link_suffix

LONGEST_HTML = 1024 * 1024
_MOST_LINES = 30_000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SKIPPED = _words(
    "script style head title template noscript object svg math select textarea iframe "
    "audio video canvas map -comment -doctype"
)
_BLOCKS = _words(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody thead tfoot tr ul "
    "caption summary"
)
_SPACED = _words("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_WIDE_SPACE = re.compile(r"[\xa0\u2000-\u200a\u202f\u205f\u3000]")
_FILLERS = re.compile("[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\ufeff]")
_JOINERS = re.compile("[\\s\u200c\u200d]+")
_CELL = "\x1f"
# Between the cells of a row, until the line is tidied.

Picture = Callable[[str, str], str]
"""Given ``src`` and ``alt`` of an image, what to show in its place."""

_GAP = Line("")
"""Stands between two paragraphs until both are known."""


@dataclass(frozen=True, slots=True)
class _State:
    """What an element hands down to its content."""

    mark: Mark = Mark.NONE
    depth: int = 0
    tiny: bool = False
    pre: bool = False
    container: bool = False


@dataclass(slots=True)
class _Page:
    """Lines as they grow."""

    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    state: _State = field(default_factory=_State)
    size: int = 0
    link: list[str] | None = None
    numbers: dict[int, int] = field(default_factory=dict)
    """How many items an ordered list has had."""
    tail: bool = False
    """Past the point after which everything is quoted."""

    def write(self, text: str, state: _State) -> None:
        """Add to the current line."""
        if self.tail and state.mark is not Mark.QUOTE:
            state = replace(state, mark=Mark.QUOTE)
        if (state.mark, state.depth) != (self.state.mark, self.state.depth):
            if text.isspace() and "\xa0" not in text:
                return
            self.end_block()
            self.state = state
        self.pieces.append(text)
        self.size += len(text)
        if self.link is not None:
            self.link.append(text)

    def end_block(self) -> None:
        """Finish the line when there is anything in it, were it a hard space."""
        text = "".join(self.pieces)
        if text.strip(" \t\r\n\f\v" + _CELL):
            self.end_line()
        else:
            self.pieces = []

    def end_line(self) -> None:
        """Finish the line, empty or not."""
        text = "".join(self.pieces)
        self.pieces = []
        for row in text.split("\n"):
            tidy = _tidy(row)
            mark = Mark.QUOTE if self.tail else self.state.mark
            depth = self.state.depth
            self.lines.append(Line(tidy, depth, mark, "> " * depth))

    def gap(self) -> None:
        """Leave one empty line, but never two."""
        self.end_block()
        if self.lines and not self.lines[-1].blank:
            self.lines.append(_GAP)


def html_lines(markup: str, picture: Picture) -> list[Line]:
    """Visible text of ``markup`` as lines; quotes and signatures marked by class and id.

    Hidden text is left out, links become ``text <url>`` where the text does not tell the address.
    Too deep or too large documents lose their markup, not their words.
    """
    markup = markup[:LONGEST_HTML].replace("\0", "")
    if wild.is_wild(markup):
        return [Line(_tidy(row)) for row in wild.strip(markup)[:LONGEST_BODY].split("\n")]
    body = LexborHTMLParser(markup).body
    page = _Page()
    if body is not None:
        _walk(body, page, picture)
    page.end_block()
    return _settle_gaps(page.lines)


def _settle_gaps(lines: list[Line]) -> list[Line]:
    """Give the empty lines between paragraphs the depth and mark both neighbours share."""
    settled: list[Line] = []
    for at, line in enumerate(lines):
        if line is _GAP and settled and at + 1 < len(lines):
            above, below = settled[-1], lines[at + 1]
            depth = min(above.depth, below.depth)
            mark = above.mark if above.mark is below.mark else Mark.NONE
            settled.append(Line("", depth, mark, "> " * depth))
        else:
            settled.append(line)
    return settled


def _walk(body: LexborNode, page: _Page, picture: Picture) -> None:
    # A stack of our own: letters nest deeper than Python likes to recurse.
    stack: list[tuple[LexborNode, _State] | Callable[[], None]] = [(body, _State())]
    while stack and page.size < LONGEST_BODY and len(page.lines) < _MOST_LINES:
        step = stack.pop()
        if not isinstance(step, tuple):
            step()
            continue
        node, state = step
        tag = node.tag or ""
        if tag == "-text":
            _write_text(page, node.text_content or "", state)
        elif tag not in _SKIPPED:
            _enter(node, tag, state, page, picture, stack)


def _write_text(page: _Page, text: str, state: _State) -> None:
    if state.tiny:
        return
    if state.pre:
        page.write(text.replace("\r\n", "\n"), state)
    else:
        page.write(_SPACE.sub(" ", text), state)


def _enter(
    node: LexborNode,
    tag: str,
    state: _State,
    page: _Page,
    picture: Picture,
    stack: list[tuple[LexborNode, _State] | Callable[[], None]],
) -> None:
    attributes = node.attributes
    inside = state
    if attributes:
        look = css.look_of(attributes)
        if look.hidden:
            return
        inside = _marked(node, attributes, look, state)
        if css.starts_quoted_tail(attributes):
            page.end_block()
            page.tail = True
    if tag == "br":
        page.write("", inside)
        page.end_line()
        return
    if tag == "img":
        _write_picture(page, attributes, inside, picture)
        return
    if tag == "blockquote" and not css.is_indent(attributes):
        inside = replace(inside, depth=inside.depth + 1)
    elif tag == "pre":
        inside = replace(inside, pre=True)
    _open(node, tag, attributes, page, inside, stack)
    child = node.last_child
    while child is not None:
        stack.append((child, inside))
        child = child.prev


def _marked(node: LexborNode, attributes: css.Attributes, look: css.Look, state: _State) -> _State:
    mark = state.mark
    container = state.container
    if mark is not Mark.QUOTE:
        if css.is_quote(attributes):
            mark = Mark.QUOTE
        elif not container and css.is_quote_container(attributes):
            # Gmail: answers may stand between the blockquotes of the container.
            container = True
            if node.css_first("blockquote") is None:
                mark = Mark.QUOTE
        elif css.is_signature(attributes):
            mark = Mark.SIGNATURE
    tiny = state.tiny if look.tiny is None else look.tiny
    if (mark, tiny, container) == (state.mark, state.tiny, state.container):
        return state
    return replace(state, mark=mark, tiny=tiny, container=container)


def _open(
    node: LexborNode,
    tag: str,
    attributes: css.Attributes,
    page: _Page,
    inside: _State,
    stack: list[tuple[LexborNode, _State] | Callable[[], None]],
) -> None:
    """Do what the beginning of an element asks for and plan what its end will."""
    if tag in _BLOCKS:
        spaced = tag in _SPACED and not css.is_tight(attributes)
        leave = page.gap if spaced else page.end_block
        leave()
        stack.append(leave)
        if tag == "li":
            page.write(_bullet(node, page), inside)
    elif tag in {"td", "th"}:
        if page.pieces:
            page.pieces.append(_CELL)
    elif tag == "a" and attributes.get("href") and page.link is None:
        page.link = []
        href = attributes.get("href") or ""
        stack.append(lambda: _close_link(page, href, inside))


def _close_link(page: _Page, href: str, state: _State) -> None:
    text = "".join(page.link or [])
    page.link = None
    suffix = link_suffix(text, href)
    if suffix and not state.tiny:
        trailing = page.pieces and page.pieces[-1].endswith(" ")
        page.write(suffix.lstrip() if trailing else suffix, state)


def _bullet(node: LexborNode, page: _Page) -> str:
    parent = node.parent
    if parent is None or parent.tag != "ol":
        return "- "
    number = page.numbers.get(parent.mem_id, 0) + 1
    page.numbers[parent.mem_id] = number
    return f"{number}. "


def _write_picture(
    page: _Page, attributes: css.Attributes, state: _State, picture: Picture
) -> None:
    source = attributes.get("src") or ""
    small = {attributes.get("width"), attributes.get("height")} & {"0", "1", "2"}
    if small and not source.lower().startswith("cid:"):
        return
    label = picture(source, attributes.get("alt") or "")
    if label:
        page.write(label, state)


def _tidy(row: str) -> str:
    text = _FILLERS.sub("", _WIDE_SPACE.sub(" ", row))
    text = _SPACE.sub(" ", text)
    if _CELL in text:
        cells = [cell.strip() for cell in text.split(_CELL)]
        text = "  ".join(cell for cell in cells if cell)
    if _JOINERS.fullmatch(text):
        return ""
    return text if text == "-- " else text.strip()
