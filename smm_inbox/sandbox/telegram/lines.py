"""What people say on Telegram in the live part of the demo, as data."""

from __future__ import annotations

from smm_inbox.sandbox.common.lines import Arrival

OPENING = (
    Arrival("mention", "@warm_corner_cafe а вы сегодня работаете? соседка говорит закрыто", "alla"),
    Arrival("direct", "Здравствуйте! Большой стол на семерых завтра в 15 есть?", "roman"),
    Arrival("comment", "А этот суп постный?", "vika"),
)
"""Things that happen as soon as the app listens: one of each kind."""

WRITTEN = (
    Arrival("voice", "", "nadezhda"),
    Arrival("comment", "вчера пробовал[а], перца многовато", "george"),
    Arrival("direct", "Привет! Можно к вам с велосипедом внутрь?)", "denis"),
    Arrival("photo", "Нашл[а] у вас на подоконнике, не вашего гостя кольцо?", "mila"),
    Arrival("thread", "поддержу вопрос", "stepan"),
    Arrival("mention", "кто знает, у @warm_corner_cafe веранда ещё открыта?", "maxim"),
    Arrival("edited", "нас будет пятеро", "zhanna"),
    Arrival("sticker", "", "liza"),
    Arrival("direct", "сколько стоит торт «Медовик» целиком?", "timofey"),
    Arrival("answer", "а мне у них понравилось, но вай-фай слабый", "ilyas"),
    Arrival("document", "Договор на фотосъёмку, как обещал[а]. Посмотрите?", "regina"),
    Arrival("comment", "Где можно посмотреть всё меню с ценами?", "sasha"),
    Arrival("deleted", "ой, не туда, простите", "fyodor"),
    Arrival("suggest", "Мы у вас познакомились год назад! Опубликуете наше фото?", "katyusha"),
    Arrival("round", "", "arseny"),
    Arrival("direct", "Я писал[а] час назад про столик…", "tanya"),
)
POSTS = (
    "Дождь за окном — повод для какао. До конца дня второй какао за полцены ☕️",
    "Штрудель только что из печи. Осталось десять кусков, бежим 🥐",
)
SHIFT = (
    "овсяное молоко на исходе, два пакета осталось",
    "на третьем столике просят счёт",
    "кто брал ключ от кладовки?",
)
CHATTER = (
    "у кого-нибудь есть контакт сантехника?",
    "на Садовой опять перекопали",
    "отдам котёнка в добрые руки",
)
