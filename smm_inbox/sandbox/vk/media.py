"""Attachments as VK shows them, and the bytes behind their links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smm_inbox.sandbox.vk.model import Json

ACCESS_KEY = "1f2e3d4c5b6a798001"
SIZES = (("s", 75, 98), ("x", 453, 604), ("z", 960, 1280))


@dataclass(slots=True)
class Media:
    """Makes attachments whose links lead to the sandbox's own /file/ address."""

    base: str
    clock: Callable[[], float]
    next_id: int = 457_240_000

    def _take(self) -> int:
        self.next_id += 1
        return self.next_id

    def photo(self, owner: int, *, text: str = "", id: int = 0) -> Json:
        """A photo attachment."""
        return {"type": "photo", "photo": self.photo_object(owner, id or self._take(), text)}

    def photo_object(self, owner: int, id: int, text: str = "") -> Json:
        """A photo with three sizes."""
        return {
            "album_id": -3,
            "date": int(self.clock()),
            "id": id,
            "owner_id": owner,
            "access_key": ACCESS_KEY,
            "has_tags": False,
            "text": text,
            "sizes": [
                {
                    "height": height,
                    "type": letter,
                    "width": width,
                    "url": f"{self.base}/file/photo/{owner}_{id}_{letter}.png",
                }
                for letter, width, height in SIZES
            ],
        }

    def video(self, owner: int, title: str, seconds: int) -> Json:
        """A video attachment."""
        video: Json = {
            "id": self._take(),
            "owner_id": owner,
            "title": title,
            "duration": seconds,
            "date": int(self.clock()),
            "description": "",
            "access_key": "0a1b2c3d4e5f607182",
            "can_add": 1,
            "comments": 2,
            "views": 312,
            "type": "video",
        }
        return {"type": "video", "video": video}

    def doc(self, owner: int, title: str, *, size: int = 183_422, id: int = 0) -> Json:
        """A document attachment."""
        number = id or self._take()
        extension = title.rpartition(".")[2].lower() if "." in title else ""
        doc: Json = {
            "id": number,
            "owner_id": owner,
            "title": title,
            "size": size,
            "ext": extension,
            "date": int(self.clock()),
            "type": 1,
            "url": f"{self.base}/file/doc/{owner}_{number}.{extension or 'bin'}",
            "access_key": "9f8e7d6c5b4a392817",
        }
        return {"type": "doc", "doc": doc}

    def voice(self, owner: int, seconds: int, transcript: str = "", *, id: int = 0) -> Json:
        """A voice message."""
        number = id or self._take()
        voice: Json = {
            "id": number,
            "owner_id": owner,
            "duration": seconds,
            "waveform": [0, 2, 5, 9, 31, 12, 4, 0],
            "link_mp3": f"{self.base}/file/voice/{owner}_{number}.mp3",
            "link_ogg": f"{self.base}/file/voice/{owner}_{number}.ogg",
            "access_key": "aa11bb22",
        }
        if transcript:
            voice |= {"transcript": transcript, "transcript_state": "done"}
        return {"type": "audio_message", "audio_message": voice}

    def sticker(self, number: int = 9008) -> Json:
        """A sticker."""
        sticker: Json = {
            "inner_type": "base_sticker_new",
            "sticker_id": number,
            "product_id": 279,
            "is_allowed": True,
            "images": [
                {"url": f"{self.base}/file/sticker/{number}.png", "width": 64, "height": 64}
            ],
            "images_with_background": [],
        }
        return {"type": "sticker", "sticker": sticker}

    def link(self, url: str, title: str, caption: str = "") -> Json:
        """A link with its preview."""
        link: Json = {"url": url, "title": title, "caption": caption, "description": ""}
        return {"type": "link", "link": link}

    def gift(self, number: int = 1102) -> Json:
        """A gift."""
        gift: Json = {"id": number} | {
            f"thumb_{size}": f"{self.base}/file/gift/{number}_{size}.png" for size in (48, 96, 256)
        }
        return {"type": "gift", "gift": gift}

    def unknown(self, kind: str = "hologram") -> Json:
        """An attachment of a type nobody has heard of yet."""
        return {"type": kind, kind: {"id": self._take(), "depth": 3}}
