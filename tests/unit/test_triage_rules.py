"""Which messages only thank, so that nobody waits for an answer to them."""

from __future__ import annotations

import pytest

from smm_inbox.domain.message import Attachment, AttachmentKind
from smm_inbox.domain.triage import is_bare_thanks

THANKS = [
    "Спасибо",
    "спасибо!",
    "Спасибо большое 😊",
    "СПАСИБО ОГРОМНОЕ!!!",
    "большое спасибо за ответ",
    "Благодарю вас",
    "благодарим за быстрый ответ",
    "спс",
    "спасибочки)))",
    "пасиб",
    "Мерси :)",
    "Хорошо, спасибо",
    "Поняла, спасибо за помощь.",
    "ок, спасибо",
    "Супер, спасибо вам!",
    "Спасибо, до встречи!",
    "спасибо, хорошего дня",
    "thanks",
    "Thank you very much!",
    "thx",
    "ок",
    "Ок!",
    "Хорошо.",
    "Понятно",
    "ок, поняла",
    "Договорились!",
    "👍",
    "🙏🙏",
    "❤️",
    "👍🏽",
    "👩‍❤️‍👨",
    ")))",
    ":)",
]
REAL = [
    "",
    "   ",
    "спасибо?",
    "Спасибо, а во сколько вы закрываетесь?",
    "Спасибо, а можно ещё скидку",
    "Спасибо, а можно ещё…",
    "не спасибо",
    "Ну спасибо",
    "нет, спасибо",
    "Спасибо, но суп был холодный",
    "спасибо за холодный суп",
    "спасибо за ничего",
    "Спасибо, буду ждать звонка",
    "Спасибо, ждём",
    "жду",
    "да",
    "Да, спасибо",
    "нет",
    "Спасибо, столик на 19",
    "ок, тогда в 7",
    "+",
    "...",
    "!!!",
    "—",
    "Хорошо, запишите меня на завтра",
    "Здравствуйте",
    "спасибо 😡",
    "👎",
    "😢",
    "иди за ты",
    "оквам",
    "благодаря вам я отравился",
    "Спасибо " * 20,
]


@pytest.mark.parametrize("text", THANKS)
def test_a_bare_thanks_does_not_queue(text: str) -> None:
    assert is_bare_thanks(text)


@pytest.mark.parametrize("text", REAL)
def test_everything_else_waits_for_an_answer(text: str) -> None:
    assert not is_bare_thanks(text)


def test_a_sticker_thanks_and_any_other_attachment_does_not() -> None:
    sticker, photo = Attachment(AttachmentKind.STICKER), Attachment(AttachmentKind.PHOTO)
    assert is_bare_thanks("", (sticker,))
    assert is_bare_thanks("Спасибо", (sticker,))
    assert not is_bare_thanks("", (photo,))
    assert not is_bare_thanks("Спасибо", (sticker, photo))
    assert not is_bare_thanks("Где мой заказ", (sticker,))
