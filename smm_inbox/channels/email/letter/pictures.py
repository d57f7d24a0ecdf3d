"""Name the pictures that stand inside a letter's text, and list its attachments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from smm_inbox.domain.message import Attachment, AttachmentKind
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

from .model import PartInfo

_KINDS = {
    "image": AttachmentKind.PHOTO,
    "video": AttachmentKind.VIDEO,
    "audio": AttachmentKind.AUDIO,
}
_ENDINGS = {
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/zip": "zip",
    "application/ms-tnef": "dat",
    "application/vnd.ms-tnef": "dat",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "message/rfc822": "eml",
}
_SMALL = 30 * 1024
"""Bytes in transfer encoding under which a picture of a signature or quote is a logo."""
_CID_IN_TEXT = re.compile(
    r"\[cid:([^\]\s]{1,300})\]|\[(?:image|изображение|картинка): ([^\]\n]{1,200})\]"
)


class Pictures:
    """The pictures a letter brings along, and which of them its text names."""

    def __init__(self, parts: Sequence[PartInfo]) -> None:
        self._by_id = {part.content_id: part for part in parts if part.content_id}
        self._by_name: dict[str, PartInfo] = {}
        for part in parts:
            if part.type.startswith("image/") and part.name:
                self._by_name.setdefault(part.name, part)
        self._marks: dict[str, str] = {}

    def show(self, source: str, alt: str) -> str:
        """What stands in the text for an HTML image; remote ones only by their description."""
        if source.lower().startswith("cid:"):
            part = self._by_id.get(unquote(source[4:])) or self._by_id.get(source[4:])
            if part is not None:
                return self._mark(part)
            return mark(clean_line(alt, limit=80))
        alt = clean_line(alt, limit=80)
        return mark(alt) if alt else ""

    def show_in_plain(self, text: str) -> str:
        """Replace the ``[cid:…]`` of Outlook and the ``[image: …]`` of Gmail by our own mark."""
        return _CID_IN_TEXT.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        part = self._by_id.get(match[1]) if match[1] else self._by_name.get(match[2])
        if part is not None:
            return self._mark(part)
        return mark(clean_line(match[2] or "", limit=80))

    def _mark(self, part: PartInfo) -> str:
        shown = mark(part_name(part))
        self._marks[part.number] = shown
        return shown

    def only_in(self, folded: str, text: str) -> frozenset[str]:
        """Part numbers of small pictures that only the folded text names: logos of signatures."""
        sizes = {part.number: part.size for part in self._by_id.values()}
        return frozenset(
            number
            for number, shown in self._marks.items()
            if shown in folded and shown not in text and sizes.get(number, _SMALL) < _SMALL
        )


def mark(name: str) -> str:
    """The mark of a picture in running text."""
    return tr("[picture: {name}]").format(name=name) if name else tr("[picture]")


def part_name(part: PartInfo) -> SafeText:
    """Name of a part; a made-up one with the fitting ending when the letter gives none."""
    if part.name:
        return part.name
    if part.type in {"application/ms-tnef", "application/vnd.ms-tnef"}:
        return SafeText("winmail.dat")
    ending = _ENDINGS.get(part.type, "bin")
    return SafeText(f"{_stem(part)}-{part.number}.{ending}")


def _stem(part: PartInfo) -> str:
    if part.type == "message/rfc822":
        return tr("letter")
    return tr("picture") if part.type.startswith("image/") else tr("file")


def attachment(part: PartInfo) -> Attachment:
    """A part as one line under the letter."""
    kind = _KINDS.get(part.type.partition("/")[0], AttachmentKind.DOCUMENT)
    if part.type == "message/rfc822":
        kind = AttachmentKind.FORWARD
    return Attachment(kind=kind, name=part_name(part), size=content_size(part), ref=part.number)


def content_size(part: PartInfo) -> int:
    """Bytes of the decoded content, as near as its transfer encoding tells."""
    if part.encoding == "base64":
        # Lines of 76 characters with CR LF carry 57 bytes.
        return part.size * 57 // 78 if part.size > 78 else part.size * 3 // 4
    return part.size
