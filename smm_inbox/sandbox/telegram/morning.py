"""The cafe's morning on Telegram before the operator sits down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smm_inbox.sandbox.common import letters
from smm_inbox.sandbox.telegram.customers import Customers
from smm_inbox.sandbox.telegram.model import Message, channel_chat, private
from smm_inbox.sandbox.telegram.people import Guest
from smm_inbox.sandbox.telegram.script import Attached
from smm_inbox.sandbox.telegram.traffic import read_by_us
from smm_inbox.sandbox.telegram.world import (
    CHANNEL_ID,
    COLLEAGUE,
    DISCUSSION_ID,
    ME,
    NEIGHBOURS_ID,
    OTHER_CHANNEL_ID,
    SHIFT_ID,
)

MINUTE = 60


@dataclass(frozen=True, slots=True)
class _Step:
    minutes: float
    play: Callable[[float], None]


class Morning:
    """Writes the past into the network, every time counted back from now.

    Things are told in any order and happen in the order of their times, because on Telegram the
    ids and the sequence of updates grow with the time.
    """

    def __init__(self, tg: Customers, people: dict[str, Guest]) -> None:
        self._tg = tg
        self._people = people
        self._steps: list[_Step] = []
        self._said: dict[str, Message] = {}
        self._now = float(tg.state.now())

    def write(self) -> None:
        """Everything that happened before the app's first connect."""
        self._move_in()
        self._asked_today()
        self._files_and_voices()
        self._finished_talks()
        self._odd_ones()
        self._under_posts()
        self._in_groups()
        for step in sorted(self._steps, key=lambda step: -step.minutes):
            step.play(self._now - step.minutes * MINUTE)
        self._settle()

    def _move_in(self) -> None:
        with self._tg.state.lock:
            everybody = [guest.user for guest in self._people.values()]
            for user in everybody:
                self._tg.add_user(user)
            for number in (CHANNEL_ID, DISCUSSION_ID, NEIGHBOURS_ID):
                members = self._tg.state.channels[number].members
                members.extend(user.id for user in everybody if not user.deleted)

    def _settle(self) -> None:
        """Finished talks were read on the phone; there is nobody to push the past to."""
        with self._tg.state.lock:
            for who in ("viktor", "katyusha", "timofey"):
                chat = private(self._id(who), ME)
                newest = self._tg.state.history(chat, ME)[0]
                read_by_us(self._tg.state, chat, ME, newest.ids[str(ME)])
            self._tg.state.pushes.clear()

    def _id(self, who: str) -> int:
        return self._people[who].user.id

    def _keep(self, key: str, message: Message) -> None:
        if key:
            self._said[key] = message

    def _direct(
        self,
        who: str,
        minutes: float,
        text: str = "",
        *,
        media: Attached = None,
        key: str = "",
        forward_of: str = "",
    ) -> None:
        def play(at: float) -> None:
            said = self._tg.customer_writes(
                self._id(who), text, media=media, forward_of=forward_of, at=at
            )
            self._keep(key, said)

        self._steps.append(_Step(minutes, play))

    def _ours(self, who: str, minutes: float, text: str) -> None:
        """What a colleague answered from the phone."""

        def play(at: float) -> None:
            self._tg.admin_replies_from_phone(self._id(who), text, at=at)

        self._steps.append(_Step(minutes, play))

    def _later(self, minutes: float, action: Callable[[], None]) -> None:
        self._steps.append(_Step(minutes, lambda _: action()))

    def _asked_today(self) -> None:
        self._direct("tanya", 14, "Добрый день! Столик на двоих на 19:30 сегодня найдётся?")
        self._direct("liza", 37, "привет! а миндальное молоко есть? 🌰")
        self._direct("denis", 63, "Здравствуйте, во сколько закрываетесь в воскресенье?")
        self._direct("nadezhda", 96, "Добрый день. Внучке 8 лет, хотим праздник на 10 детей.")
        self._direct("nadezhda", 95, "Можно ли своего аниматора? И торт без арахиса.")
        self._direct("stepan", 128, "верните деньги за доставку. приехало холодное и без салата")
        self._direct("stepan", 71, "ау")
        self._direct("sasha", 9, "это же у вас Марина бариста? передайте что она лучшая ❤️")
        self._direct("maxim", 52, "стол на 18:00 на имя Максим", key="table")
        self._steps.append(_Step(51, self._change_of_mind))

    def _change_of_mind(self, at: float) -> None:
        table = self._said["table"]
        self._tg.customer_edits(table, "стол на 18:30 на имя Максим, нас трое")
        table.edited = int(at)

    def _files_and_voices(self) -> None:
        media = self._tg.media
        self._direct("alla", 45, media=media.voice(19))
        self._direct("mila", 58, "сможете испечь такой? на 2 кг", media=media.photo())
        self._direct("arseny", 22, media=media.round(11))
        self._direct("zhanna", 7, media=media.sticker("😍"))
        self._direct(
            "george",
            83,
            "Коммерческое предложение по зерну",
            media=media.document("Прайс Туманян обжарка.pdf", size=214_700),
        )
        self._direct("ilyas", 17, "стою тут, где вход?", media=media.geo(55.7651, 37.6162))
        self._direct("regina", 150, "наш новый администратор, свяжитесь", media=media.contact())
        self._direct("roman", 104, "Это про вас? 🙂", forward_of="Вечерняя Садовая")
        self._direct("fyodor", 41, media=media.poll("Куда идём?", "Тёплый угол", "Шашлычная"))
        self._steps.append(_Step(66, self._album))

    def _album(self, at: float) -> None:
        pictures = [self._tg.media.photo() for _ in range(3)]
        self._tg.customer_sends_album(
            self._id("vika"), pictures, "Вот так у вас на полу в зале. Это нормально?", at=at
        )

    def _finished_talks(self) -> None:
        self._direct("viktor", 310, "Добрый день, оставил у вас вчера портфель")
        self._ours("viktor", 301, "Здравствуйте, Виктор Палыч! Портфель у нас, за стойкой.")
        self._direct("viktor", 299, "Спасибо, заеду к пяти")
        self._direct("katyusha", 260, "Ребята, возьмёте мои капкейки на реализацию?")
        self._ours("katyusha", 248, "Катюша, приносите на пробу в среду до обеда!")
        self._direct("katyusha", 246, "ура 🥳")
        self._direct("timofey", 220, "а дискотеки у вас бывают")
        self._ours("timofey", 214, "Пока только джаз по пятницам 🙂")

    def _odd_ones(self) -> None:
        self._direct("jester", 43, letters.HOSTILE)
        self._direct("ghost", 2700, "а вы где находитесь")
        self._direct("spammer", 170, "Заработок от 5000 в день! Пиши +", key="spam")
        self._direct("regina", 12, "👩🏽‍🍳🧑‍🤝‍🧑☕️🥐 мы к вам на съёмку в субботу!")
        self._direct("fyodor", 33, "не то отправил", key="mistake")
        self._later(32, lambda: self._tg.customer_deletes(self._said["mistake"]))

    def _post(self, key: str, minutes: float, text: str, media: Attached = None) -> None:
        def play(at: float) -> None:
            self._said[key] = self._tg.publish_post(text, media=media, at=at)
            self._said[key].views = int(400 + minutes)

        self._steps.append(_Step(minutes, play))

    def _line(
        self,
        post: str,
        who: str,
        minutes: float,
        text: str = "",
        *,
        to: str = "",
        key: str = "",
        media: Attached = None,
        as_channel: int = 0,
    ) -> None:
        """A comment under a post, or under the comment kept as ``to``."""

        def play(at: float) -> None:
            said = self._tg.customer_comments(
                self._said[post],
                self._id(who),
                text,
                reply_to=self._said.get(to),
                media=media,
                as_channel=as_channel,
                at=at,
            )
            self._keep(key, said)

        self._steps.append(_Step(minutes, play))

    def _answer(self, to: str, minutes: float, text: str, as_channel: int = 0) -> None:
        def play(at: float) -> None:
            self._tg.admin_comments_from_phone(self._said[to], text, as_channel=as_channel, at=at)

        self._steps.append(_Step(minutes, play))

    def _under_posts(self) -> None:
        self._post("soup", 1290, letters.SOUP_POST, self._tg.media.photo())
        self._post("job", 2500, letters.JOB_POST)
        self._line("soup", "vika", 280, "Ммм, а сливки там есть?", key="cream")
        self._answer("cream", 268, "Вика, есть, но сварим и без них 🙂", as_channel=CHANNEL_ID)
        self._line("soup", "vika", 265, "вы лучшие!", to="cream")
        self._line("soup", "stepan", 109, letters.COLD_SOUP, key="cold")
        self._line("soup", "timofey", 90, "и у нас в среду так же", to="cold")
        self._line("soup", "liza", 76, "странно, нам всё горячее принесли", to="cold")
        self._line("soup", "george", 48, "порция большая?", media=self._tg.media.photo())
        self._line("soup", "roman", 25, "приходите к нам на афишу!", as_channel=OTHER_CHANNEL_ID)
        self._line("soup", "spammer", 160, "Заработок на дому, пиши в личку", key="ad")
        self._later(158, lambda: self._tg.customer_deletes(self._said["ad"]))
        self._line("job", "ilyas", 87, "Без опыта возьмёте? Мне 17, но я быстрый")
        self._line("job", "alla", 190, "Работала у вас дочка, очень довольна", key="praise")
        self._answer("praise", 181, "Алла Борисовна, спасибо! Привет дочке", as_channel=CHANNEL_ID)

    def _in_groups(self) -> None:
        self._steps.append(_Step(74, self._suggestion))
        self._talk(NEIGHBOURS_ID, "maxim", 140, "соседи, посоветуйте где позавтракать")
        self._talk(
            NEIGHBOURS_ID, "tanya", 136, "в @warm_corner_cafe сырники отличные, но очередь", "tip"
        )
        self._talk(NEIGHBOURS_ID, "zhanna", 39, "@warm_corner_cafe а завтраки весь день?", "all")
        self._talk(NEIGHBOURS_ID, "denis", 30, "на Садовой опять воду отключили")
        self._talk(SHIFT_ID, "", 65, "круассаны кончились, больше не обещайте")

    def _suggestion(self, at: float) -> None:
        text = "Предлагаю пост: рисунки детей с воскресного мастер-класса"
        self._tg.customer_suggests(self._id("regina"), text, media="photo", at=at)

    def _talk(self, group: int, who: str, minutes: float, text: str, key: str = "") -> None:
        """Something said in a group, by somebody of the cast or by the colleague."""

        def play(at: float) -> None:
            author = self._id(who) if who else COLLEAGUE
            said = self._tg.group_message(author, text, group=group, at=at)
            self._keep(key, said)

        self._steps.append(_Step(minutes, play))


def posts(tg: Customers) -> list[Message]:
    """Living posts of the cafe's channel, oldest first."""
    with tg.state.lock:
        chat = channel_chat(CHANNEL_ID)
        return [
            item
            for item in tg.state.messages.values()
            if item.chat == chat and not item.deleted and not item.service
        ]
