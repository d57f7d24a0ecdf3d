"""Makes attachments with bytes behind them, for whoever writes a script."""

from __future__ import annotations

from smm_inbox.sandbox.common.files import ogg, png
from smm_inbox.sandbox.telegram.methods.files import keep_file
from smm_inbox.sandbox.telegram.model import Media
from smm_inbox.sandbox.telegram.state import State


class MediaMaker:
    """Attachments of every kind."""

    def __init__(self, state: State) -> None:
        self._state = state

    def named(self, kind: str, **details: object) -> Media:
        """An attachment by the name of its kind.

        Raises:
            ValueError: There is no such kind.
        """
        make = getattr(self, kind, None)
        if kind.startswith("_") or kind == "named" or make is None:
            raise ValueError(f"no attachment {kind!r}")
        made: Media = make(**details)
        return made

    def photo(self, content: bytes = b"") -> Media:
        """A picture."""
        return self._file("photo", content or png(self._state.last_number), "image/png")

    def voice(self, seconds: int = 7) -> Media:
        """A voice message."""
        made = self._file("voice", ogg(), "audio/ogg")
        made.seconds = seconds
        return made

    def round(self, seconds: int = 9) -> Media:
        """A round video message."""
        made = self._file("round", bytes(2048), "video/mp4")
        made.seconds = seconds
        return made

    def video(self, seconds: int = 21, name: str = "video.mp4") -> Media:
        """A video."""
        made = self._file("video", bytes(4096), "video/mp4", name)
        made.seconds = seconds
        return made

    def audio(self, title: str = "Утренний джаз", seconds: int = 180) -> Media:
        """A piece of music."""
        made = self._file("audio", ogg(), "audio/mpeg", f"{title}.mp3")
        made.seconds, made.text = seconds, title
        return made

    def animation(self) -> Media:
        """A GIF."""
        made = self._file("animation", bytes(2048), "video/mp4", "giphy.mp4")
        made.seconds = 3
        return made

    def sticker(self, emoji: str = "😍") -> Media:
        """A sticker."""
        made = self._file("sticker", bytes(512), "image/webp", "sticker.webp")
        made.text = emoji
        return made

    def document(
        self, name: str = "меню.pdf", content: bytes = b"%PDF-1.4 demo", size: int = 0
    ) -> Media:
        """A file; ``size`` claims more bytes than there are."""
        made = self._file("document", content, "application/pdf", name)
        made.size = size or len(content)
        return made

    def geo(self, latitude: float = 55.765, longitude: float = 37.616) -> Media:
        """A point on the map."""
        return Media("geo", latitude=latitude, longitude=longitude)

    def venue(self, title: str = "Тёплый угол", address: str = "Садовая, 12") -> Media:
        """A place with a name."""
        return Media("venue", name=title, text=address, latitude=55.765, longitude=37.616)

    def contact(self, name: str = "Пётр Лугов", phone: str = "79990000055") -> Media:
        """Somebody's card."""
        return Media("contact", text=name, phone=phone)

    def poll(self, question: str = "Раф или капучино?", *choices: str) -> Media:
        """A poll."""
        return Media("poll", text=question, choices=list(choices) or ["Раф", "Капучино"])

    def dice(self) -> Media:
        """A die."""
        return Media("dice", text="🎲")

    def link(self, url: str = "https://cafe.example/menu", title: str = "Меню") -> Media:
        """A preview of a link."""
        return Media("link", url=url, text=title)

    def unsupported(self) -> Media:
        """Something newer than the client."""
        return Media("unsupported")

    def _file(self, kind: str, content: bytes, mime: str, name: str = "") -> Media:
        with self._state.lock:
            file = keep_file(self._state, content, mime, name)
        return Media(kind, file=file.id, name=name, mime=mime, size=len(content))
