"""The morning on Instagram before the app connects: talks, posts, comments and tags."""

from __future__ import annotations

from smm_inbox.sandbox.common import letters
from smm_inbox.sandbox.instagram.customers import Customers
from smm_inbox.sandbox.instagram.model import Comment, Json, Media
from smm_inbox.sandbox.instagram.people import Guest

_MINUTE = 60.0


class Morning:
    """Writes the past into the network, every time counted back from now."""

    def __init__(self, ig: Customers, people: dict[str, Guest]) -> None:
        self._ig = ig
        self._people = people
        self._now = ig.state.now()

    def write(self) -> None:
        """Everything that happened before the app's first connect."""
        with self._ig.state.lock:
            croissant, filtered = self._posts()
            self._talks()
            self._under(croissant, filtered)
            self._ig.tags_us("vera.v.kadre", "Завтрак в тёплом углу", at=self._ago(170))

    def _ago(self, minutes: float) -> float:
        return self._now - minutes * _MINUTE

    def _posts(self) -> tuple[Media, Media]:
        ig = self._ig
        ig.publish("Ищем бариста в команду!", likes=61, at=self._ago(9000))
        filtered = ig.publish(
            "Как мы варим фильтр. Вопросы — в комментарии",
            kind="VIDEO",
            product="REELS",
            likes=980,
            at=self._ago(2900),
        )
        croissant = ig.publish(
            "Новый круассан с фисташкой 🥐 Ждём с 8:00!", likes=143, at=self._ago(1200)
        )
        ig.publish("Торт дня: медовик", product="STORY", kind="VIDEO", at=self._ago(300))
        return croissant, filtered

    def _says(self, who: str, minutes: float, text: str = "", **more: object) -> None:
        self._ig.customer_writes(
            self._people[who].id,
            text,
            at=self._ago(minutes),
            **more,  # type: ignore[arg-type]
        )

    def _talks(self) -> None:
        ig, people = self._ig, self._people
        story = ig.state.own_media("STORY")[0]
        ig.replies_to_story(people["nina"].id, "Медовик ещё есть?", story.id, at=self._ago(46))
        self._says("marina", 95, "Здравствуйте! У вас можно посидеть с ноутбуком?")
        ig.owner_writes(people["marina"].id, "Добрый день! Да, розетки у окна.", at=self._ago(88))
        self._says("marina", 87, "супер, спасибо!!")
        self._says("arsen", 64, "Сколько гостей влезает в зал? хотим корпоратив на 30")
        self._says("arsen", 63, "", attachments=[ig.photo(), ig.file("plan-zala.pdf")])
        self._says("lesha", 33, "", attachments=[ig.file("audioclip-1795163400.m4a")])
        self._says("kira", 27, "", unsupported=True)
        share: Json = {"link": "https://www.instagram.com/p/DCinvented01/", "id": "17912345678"}
        self._says("polya", 52, "это же вы готовили?", shares=[share])
        self._says("zina", 1400, "Добрый день. Можно ли у вас отметить юбилей на 12 человек?")
        self._says("egor", 1700, "велик можно внутрь закатить?")
        self._says("hostile", 41, letters.HOSTILE)

    def _under(self, croissant: Media, filtered: Media) -> None:
        gluten = self._line(croissant, "olga", 130, "А без глютена бывает?")
        self._ig.owner_comments(
            gluten, "Пока нет, но готовим вариант к декабрю 🙂", at=self._ago(120)
        )
        self._line(croissant, "olga", 118, "ура, ждём!", under=gluten)
        queue = self._line(croissant, "egor", 75, "В субботу простоял 20 минут, и не досталось(")
        self._line(croissant, "nina", 58, "у меня так же было, обидно", under=queue)
        self._line(croissant, "kira", 22, "😍😍😍")
        self._line(filtered, "timur", 39, "Какой помол? И температура?")
        self._line(filtered, "guram", 12, "@teply_ugol_cafe зёрна продаёте?")

    def _line(
        self, media: Media, who: str, minutes: float, text: str, *, under: Comment | None = None
    ) -> Comment:
        who_id = self._people[who].id
        return self._ig.comments(media, who_id, text, reply_to=under, at=self._ago(minutes))
