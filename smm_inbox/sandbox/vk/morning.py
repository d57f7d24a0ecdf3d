"""The cafe's morning before the operator sits down: forty conversations of every kind."""

from __future__ import annotations

from collections.abc import Sequence

from smm_inbox.sandbox.common import letters
from smm_inbox.sandbox.vk.customers import Customers
from smm_inbox.sandbox.vk.model import BOARD, MARKET, PHOTO, VIDEO, Comment, Item, Json, Post, User
from smm_inbox.sandbox.vk.world import POST_ID

MINUTE = 60


class Morning:
    """Writes the past into the network, every time counted back from now."""

    def __init__(self, vk: Customers, people: dict[str, User]) -> None:
        self._vk = vk
        self._people = people
        self._now = vk.state.now()

    def write(self) -> None:
        """Everything that happened before the app's first connect."""
        with self._vk.state.lock:
            for person in self._people.values():
                self._vk.add_user(person)
            self._newcomers_ask()
            self._bookings()
            self._files_and_voices()
            self._finished_talks()
            self._odd_texts()
            self._under_posts()
            self._under_other_things()
            self._elsewhere()
            self._settle()

    def _settle(self) -> None:
        """Number messages by time, as a network that lived through it would have."""
        state = self._vk.state
        ordered = sorted(state.messages.values(), key=lambda message: message.date)
        for number, message in enumerate(ordered, 3001):
            message.id = number
        state.messages = {message.id: message for message in ordered}
        state.last_message_id = 3000 + len(ordered)
        state.events.forget()

    def _id(self, who: str) -> int:
        return self._people[who].id

    def _ago(self, minutes: float) -> float:
        return self._now - minutes * MINUTE

    def _direct(
        self, who: str, minutes: float, text: str = "", *files: Json, extra: Json | None = None
    ) -> int:
        """One private message; gives its conversation id."""
        return self._vk.customer_writes(
            self._id(who), text, attachments=files, extra=extra, at=self._ago(minutes)
        ).cmid

    def _ours(self, who: str, minutes: float, text: str) -> None:
        """What a colleague answered from their phone."""
        self._vk.admin_replies(self._id(who), text, at=self._ago(minutes))

    def _newcomers_ask(self) -> None:
        self._direct("katya", 12, "Здравствуйте! А вы сегодня до скольки?")
        self._direct("gleb", 47, "добрый день, есть что нибудь без глютена?")
        self._direct("lida", 71, "Подскажите, у вас детские стульчики есть? Нам 1,5 годика)")
        self._direct("pavel", 95, "wi-fi есть? и розетки. хочу с ноутом посидеть часа 3")
        self._direct("tonya", 33, "Доброе утро. Скажите пожалуста, пенсионерам скидка бывает?")
        self._direct("timur", 26, "Салам! Мясо в сэндвичах халяль?")
        self._direct("misha", 4, "парковка рядом бесплатная?")
        self._direct("vera", 132, "Здравствуйте, делаете ли вы торты на заказ? Нужен к субботе.")
        self._direct("vera", 131, "На 8 человек, без орехов, у внучки аллергия")

    def _bookings(self) -> None:
        self._direct("dmitry", 18, "Добрый день, столик на двоих сегодня на 19:00 найдётся?")
        self._direct("nastya", 58, "Хотим отметить день рождения в пятницу, нас 12. Возможно?")
        self._direct("nastya", 57, "и можно ли со своим тортом?")
        self._direct("ruslan", 150, letters.BANQUET)
        edited = self._vk.customer_writes(
            self._id("oleg"), "Забронируйте стол на 18:00, Олег", at=self._ago(22)
        )
        self._vk.customer_edits(edited, "Забронируйте стол на 18:30 на троих, Олег")
        edited.update_time = int(self._ago(21))

    def _files_and_voices(self) -> None:
        media = self._vk.media
        self._direct("masha", 39, "", media.voice(self._id("masha"), 14))
        self._direct(
            "sonya",
            64,
            "Можете сделать вот такой? только с малиной",
            media.photo(self._id("sonya")),
        )
        self._direct("yana", 8, "", media.sticker())
        resume = media.doc(self._id("artyom"), "Резюме Снегирёв бариста.pdf", size=96_300)
        self._direct("artyom", 84, "Добрый день! Увидел, что ищете бариста. Резюме вложил.", resume)
        point: Json = {"type": "point", "coordinates": {"latitude": 55.765, "longitude": 37.616}}
        self._direct("semyon", 15, "я тут, а вы где? хожу кругами", extra={"geo": point})
        self._direct("tolya", 110, "это вам, с наступающим", media.gift())
        self._direct("kira", 29, "смотрите что нашла", media.unknown())
        self._direct(
            "inna",
            52,
            "Чек за вчера, посчитали два раза раф 🙁",
            media.photo(self._id("inna")),
            media.photo(self._id("inna")),
        )
        quote: Json = {
            "date": int(self._ago(1500)),
            "from_id": self._id("lena"),
            "text": "Девочки, там сырники до 12, потом не готовят!",
            "attachments": [],
            "conversation_message_id": 44,
            "id": 0,
            "peer_id": self._id("lena"),
        }
        self._vk.customer_writes(
            self._id("lena"), "Это правда?", forwards=[quote], at=self._ago(36)
        )

    def _finished_talks(self) -> None:
        self._direct("andrey", 300, "Привет! Забыл у вас вчера зонт, чёрный, с деревянной ручкой")
        self._ours("andrey", 290, "Здравствуйте, Андрей! Зонт у нас, за стойкой. Ждём вас 🙂")
        self._direct("andrey", 288, "ура, спасибо!! заскочу после шести")
        self._direct("galina", 240, "Здравствуйте. Как к вам проехать от вокзала?")
        self._ours("galina", 228, "Добрый день! Автобус 14, остановка «Садовая», это минут десять.")
        self._direct("egor", 205, "А можно оплатить сертификатом, если он на другую фамилию?")
        self._ours("egor", 200, "Здравствуйте! Уточню у управляющей и вернусь с ответом.")
        self._direct("egor", 20, "Здравствуйте, ну что там с сертификатом?")
        self._direct("gone", 2900, "здраствуйте, а вы доставляете?")
        self._direct("zoya", 175, "Спасибо за вечер, всё было чудесно! Музыканты — огонь 🔥")
        self._direct("stas", 62, "верните деньги. ждал заказ час и ушёл")
        self._direct("stas", 44, "??")

    def _odd_texts(self) -> None:
        self._direct("prankster", 41, letters.HOSTILE)
        self._direct("vlad", 6, "👨‍👩‍👧‍👦👩🏽‍🍳☕️🥐 этим составом завтра к вам! ждите))")

    def _under_posts(self) -> None:
        soup, job = self._posts()
        friday = self._line(POST_ID, "lev", 310, "Капучино за 99 всем или по одному в руки?")
        self._answer(friday, 295, "Лев, первым десяти гостям по чашке 🙂")
        thanks = "[club999000001|Тёплый угол], понял, занимаю очередь с ночи"
        self._line(POST_ID, "lev", 293, thanks, under=friday)
        early = "А в 8 утра реально успеть? Вечно очередь до двери…"
        queue = self._line(POST_ID, "rita", 88, early)
        self._line(POST_ID, "nikita", 80, "я в прошлый раз в 7:50 был третьим", to=queue)
        self._line(POST_ID, "rita", 77, "значит надо в 7:30. А парковка там есть?", under=queue)

        cold = self._line(soup.id, "oksana", 104, letters.COLD_SOUP)
        same = self._line(soup.id, "ilya", 75, "у нас в среду было так же, один в один", to=cold)
        self._line(soup.id, "darya", 68, "странно, а нам всё горячее принесли", to=same)
        self._line(soup.id, "marat", 49, "а порция большая? мужику хватит?)")
        self._line(soup.id, "ksenia", 55, "Вкуснотища 😍 взяла рецепт бы, да не дадите")
        film = "[club999000001|@warm_corner_cafe] хочу снять про вас ролик, с кем обсудить?"
        self._line(soup.id, "alisa", 24, film)
        self._line(soup.id, "gosha", 31, "", photo=True)
        spam = self._line(soup.id, "fedor", 140, "Зароботок на дому без вложений, пишите в лс")
        self._vk.delete_comment(spam, by=self._vk.state.admin_id)

        self._line(job.id, "timur", 66, "Какая зарплата и график? Без опыта берёте?")
        shift = self._line(job.id, "yana", 160, "Работала у вас летом, коллектив золотой ❤️")
        self._answer(shift, 150, "Яна, мы тоже скучаем! Забегайте на кофе.")

    def _line(
        self,
        post_id: int,
        who: str,
        minutes: float,
        text: str,
        *,
        under: Comment | None = None,
        to: Comment | None = None,
        photo: bool = False,
    ) -> Comment:
        """A comment; `to` also names the one answered, as VK's own page does."""
        if to is not None:
            name = self._vk.state.users[to.from_id].first_name
            text = f"[id{to.from_id}|{name}], {text}"
        pictures = [self._vk.media.photo(self._id(who))] if photo else []
        return self._vk.customer_comments(
            post_id,
            self._id(who),
            text,
            reply_to=to or under,
            attachments=pictures,
            at=self._ago(minutes),
        )

    def _answer(self, comment: Comment, minutes: float, text: str) -> None:
        """What a colleague answered under a comment."""
        self._vk.admin_comments(comment.object_id, text, reply_to=comment, at=self._ago(minutes))

    def _posts(self) -> tuple[Post, Post]:
        vk = self._vk
        soup = vk.publish_post(letters.SOUP_POST, at=self._ago(1300))
        soup.attachments = [vk.media.photo(vk.state.owner)]
        soup.likes, soup.views = 131, 4820
        job = vk.publish_post(letters.JOB_POST, at=self._ago(2600))
        job.likes, job.views = 24, 3110
        return soup, job

    def _under_other_things(self) -> None:
        vk = self._vk
        vk.photo_comment(
            self._id("polina"),
            "Какая подача! Это какая кружка, у вас же и купить можно?",
            at=self._ago(92),
        )
        self._talk(
            PHOTO,
            [
                ("sonya", 43, "на фото точно Эфиопия? цвет светлый"),
                ("lev", 37, "это фильтр, он такой и есть"),
            ],
        )
        vk.video_comment(self._id("egor"), "Что за музыка в ролике?", at=self._ago(118))
        self._talk(VIDEO, [("masha", 27, "а раф на овсяном так же варите?")])
        vk.product_comment(
            self._id("lida"), "Набор ещё в наличии? Мне два, можно без печенья?", at=self._ago(61)
        )
        self._talk(MARKET, [("ruslan", 16, "в Казань отправите? сколько доставка")])
        vk.topic_comment(
            self._id("vera"),
            "Предлагаю вернуть завтраки по будням, хотя бы до 12.",
            at=self._ago(190),
        )
        self._talk(
            BOARD, [("pavel", 83, "Поддержу, и поставьте пожалуйста вторую вешалку у входа")]
        )

    def _talk(self, kind: str, lines: Sequence[tuple[str, float, str]]) -> None:
        """A few comments under one thing, each answering the one before."""
        before: Comment | None = None
        for who, minutes, text in lines:
            before = self._vk.comment_on(
                kind, None, self._id(who), text, reply_to=before, at=self._ago(minutes)
            )

    def _elsewhere(self) -> None:
        vk = self._vk
        vk.visitor_post(
            self._id("inna"),
            letters.PUMPKIN,
            at=self._ago(125),
        )
        vk.mention_elsewhere(self._id("polina"), letters.REVIEW, at=self._ago(180))
        self._vk.chat_message(
            self._id("ilya"), "ребят кто в субботу играет в настолки?", at=self._ago(59)
        )
        self._vk.chat_message(
            self._id("darya"),
            "[club999000001|@warm_corner_cafe] а можно у вас занять большой стол с 16 до 20?",
            at=self._ago(53),
        )


def extra_things(vk: Customers) -> None:
    """One more video and product, so that not everything happens in one place."""
    state = vk.state
    with state.lock:
        for item in (
            Item(VIDEO, state.owner, 456239101, state.now() - 9000, "Утро на кухне", duration=51),
            Item(MARKET, state.owner, 7700013, state.now() - 9000, "Сертификат", price=2000),
        ):
            state.items[item.kind, item.owner_id, item.id] = item
