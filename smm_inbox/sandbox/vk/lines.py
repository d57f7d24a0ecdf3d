"""What people say on VK in the live part of the demo, as data."""

from __future__ import annotations

from smm_inbox.sandbox.common.lines import Arrival

OPENING = (
    Arrival("suggest", "Вчера была у вас — лучший раф в городе! Можно пост в ленту?", "polina"),
    Arrival("repost", "Идём в пятницу?", "kira"),
    Arrival("repost", "", "nikita"),
)
"""Things VK only tells by events: they happen as soon as the app listens."""

WRITTEN = (
    Arrival("direct", "Добрый день! А завтраки до скольки?", "rita"),
    Arrival("wall", "а на вынос кружку за 99 тоже нальёте?", "misha"),
    Arrival("direct", "Здравствуйте, я вчера шарф не у вас забыла? серый, длинный", "ksenia"),
    Arrival("thread", "вот и мне интересно", "inna"),
    Arrival("voice", "", "tolya"),
    Arrival("market", "А упаковать набор можно? это подарок начальнику", "nastya"),
    Arrival("direct", "столик на завтра на 13:00, нас четверо, один в коляске 👶", "darya"),
    Arrival("photo", "это нормально что волос в салате?!", "oleg"),
    Arrival("wall", "Были вчера, всё понравилось, особено штрудель. Так держать!", "galina"),
    Arrival("board", "А музыку можно потише по утрам? Прям долбит", "fedor"),
    Arrival("visitor", "@warm_corner_cafe вы лучшие, спасибо за спасённый понедельник", "sonya"),
    Arrival("direct", "а у вас в пятницу живая музыка будет?", "egor"),
    Arrival("sticker", "", "yana"),
    Arrival(
        "chat", "[club999000001|@warm_corner_cafe] подскажите, вы работаете 31 декабря?", "ilya"
    ),
    Arrival("video", "А можно к вам на экскурсию с классом? 18 детей, 3 «В»", "lena"),
    Arrival("direct", "Я писала ещё утром, мне кто-нибудь ответит?", "lida"),
)
