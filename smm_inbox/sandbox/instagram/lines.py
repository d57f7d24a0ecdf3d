"""What people say on Instagram in the live part of the demo, as data."""

from __future__ import annotations

from smm_inbox.sandbox.common.lines import Arrival

OPENING = (
    Arrival("story", "а торт на заказ такой же можно? к пятнице", "olga"),
    Arrival("photo", "Вот такой хочу, только без свечек. Сколько будет стоить?", "polya"),
    Arrival("comment", "Сколько стоит круассан с фисташкой?", "timur"),
)
"""Things that happen as soon as the app listens."""

WRITTEN = (
    Arrival("thread", "и я хотела спросить! в директ только не надо 😅", "nina"),
    Arrival("rude", "Отрава и хамство. Не ходите сюда, тараканы бегают!!!", "rude"),
    Arrival("direct", "Здравствуйте, столик у окна на субботу к 12 найдётся?", "marina"),
    Arrival("story_mention", "", "vera"),
    Arrival("direct", "Коллаб интересен? 48 тысяч подписчиков, люблю круассаны)", "liza"),
    Arrival("voice", "", "arsen"),
    Arrival("comment", "@teply_ugol_cafe а веганское что-нибудь появится?", "kira"),
    Arrival("token", ""),
    Arrival("direct", "Вы сегодня до скольки? не могу дозвониться", "zina"),
    Arrival("comment", "Как добраться от метро?", "egor"),
    Arrival("edited", "нас будет пятеро", "guram"),
    Arrival("tag", "Самое уютное утро этой осени ☕️", "kira"),
    Arrival("unsupported", "", "lesha"),
    Arrival("unsent", "ой, это не вам, простите", "egor"),
)
STORIES = ("огонь 🔥 это новый десерт?", "а сколько стоит?", "Можно к вам с собакой?")
"""Answers to a story by people nobody wrote."""
