"""HTML letters: layout, hidden text, links, quotes and signatures by class."""

# ruff: noqa: E501 - the letters themselves have long lines

from __future__ import annotations

from .build import Case, page

_NEW = "<div>Да, подходит.</div>"
_OLD = "Подойдёт ли вам суббота?"


def _shows(name: str, markup: str, text: str) -> Case:
    return Case(f"html-{name}", page(markup), text)


def _folds(name: str, markup: str, folded: str, text: str = "Да, подходит.") -> Case:
    return Case(f"html-{name}", page(markup), text, folded)


CASES = [
    _shows("paragraphs", "<p>Раз</p><p>Два</p>", "Раз\n\nДва"),
    _shows("breaks", "Раз<br>два<br><br>три", "Раз\nдва\n\nтри"),
    _shows("divs", "<div>Раз</div><div><br></div><div>Два</div>", "Раз\n\nДва"),
    _shows(
        "word-paragraphs",
        '<p class="MsoNormal">Раз</p><p class="MsoNormal">Два</p><p class="MsoNormal">&nbsp;</p><p class="MsoNormal">Три</p>',
        "Раз\nДва\n\nТри",
    ),
    _shows("spaces", "<p>Раз\n   два&nbsp;три &amp; четыре</p>", "Раз два три & четыре"),
    _shows(
        "list", "<p>Нужно:</p><ul><li>торт</li><li>свечи</li></ul>", "Нужно:\n\n- торт\n- свечи"
    ),
    _shows("numbers", "<ol><li>торт</li><li>свечи</li></ol>", "1. торт\n2. свечи"),
    _shows(
        "table",
        "<table><tr><td>Торт</td><td>2 шт.</td></tr><tr><td>Суп</td><td>1 шт.</td></tr></table>",
        "Торт  2 шт.\nСуп  1 шт.",
    ),
    _shows("heading", "<h1>Жалоба</h1><p>Суп холодный</p>", "Жалоба\n\nСуп холодный"),
    _shows(
        "script", "<script>alert(1)</script><style>p{}</style><title>x</title><p>Текст</p>", "Текст"
    ),
    _shows("comment", "<!-- тайна --><p>Текст</p><!--[if mso]><p>mso</p><![endif]-->", "Текст"),
    _shows("entities", "<p>&lt;b&gt; &#1055;&#x440;&quot;</p>", '<b> Пр"'),
    _shows("unclosed", "<p>Раз<p>Два<b>три", "Раз\n\nДватри"),
    _shows("escape", "<p>a&#27;[2Jb&#155;c</p>", "a[2Jb›c"),
    _shows("bidi", "<p>abc&#8238;def</p>", "abcdef"),
    _shows("markup-words", "<p>[/] [@click=app.quit]x</p>", "[/] [@click=app.quit]x"),
    _shows("no-tags", "Просто текст без тегов", "Просто текст без тегов"),
    _shows("zero-width", "<p>Сло\u200bво и ещё\u00ad раз</p>", "Слово и ещё раз"),
    # hidden preheaders
    _shows("hidden-display", '<div style="display:none">Скидка 50%</div><p>Текст</p>', "Текст"),
    _shows(
        "hidden-spaced-style",
        '<div style="color:#fff; DISPLAY : none !important">Скидка</div><p>Текст</p>',
        "Текст",
    ),
    _shows(
        "hidden-visibility", '<span style="visibility:hidden">Скидка</span><p>Текст</p>', "Текст"
    ),
    _shows("hidden-mso", '<div style="mso-hide:all">Скидка</div><p>Текст</p>', "Текст"),
    _shows(
        "hidden-height",
        '<div style="max-height:0;overflow:hidden">Скидка</div><p>Текст</p>',
        "Текст",
    ),
    _shows("hidden-opacity", '<div style="opacity:0">Скидка</div><p>Текст</p>', "Текст"),
    _shows("hidden-font", '<div style="font-size:0px">Скидка</div><p>Текст</p>', "Текст"),
    _shows(
        "hidden-font-one", '<div style="font-size:1px;color:#fff">Скидка</div><p>Текст</p>', "Текст"
    ),
    _shows("hidden-attribute", "<div hidden>Скидка</div><p>Текст</p>", "Текст"),
    _shows("hidden-fillers", "<div>&zwnj;&nbsp;&zwnj;&nbsp;&#847;</div><p>Текст</p>", "Текст"),
    _shows("shown-opacity", '<div style="opacity:0.9">Скидка</div>', "Скидка"),
    _shows(
        "shown-font-inside",
        '<td style="font-size:0px"><div style="font-size:14px">Текст</div></td>',
        "Текст",
    ),
    _shows(
        "shown-max-height", '<div style="max-height:0.5em">Да</div>'.replace("0.5em", "20px"), "Да"
    ),
    # links
    _shows(
        "link", '<a href="https://cafe.example/menu">Меню</a>', "Меню <https://cafe.example/menu>"
    ),
    _shows(
        "link-same",
        '<a href="https://cafe.example/">https://cafe.example</a>',
        "https://cafe.example",
    ),
    _shows(
        "link-same-short",
        '<a href="https://www.cafe.example/menu">cafe.example/menu</a>',
        "cafe.example/menu",
    ),
    _shows(
        "link-false",
        '<a href="https://evil.example/">https://bank.example</a>',
        "https://bank.example <https://evil.example/>",
    ),
    _shows("link-mail", '<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
    _shows(
        "link-mail-name",
        '<a href="mailto:a@b.example?subject=x">Пишите</a>',
        "Пишите <a@b.example>",
    ),
    _shows("link-phone", '<a href="tel:+79160000000">+7 916 000-00-00</a>', "+7 916 000-00-00"),
    _shows("link-script", '<a href="javascript:alert(1)">Жмите</a>', "Жмите"),
    _shows("link-anchor", '<a href="#top">Наверх</a>', "Наверх"),
    _shows("link-empty", 'Раз<a href="https://x.example/"></a>два', "Раздва"),
    _shows(
        "link-in-sentence",
        'Смотрите <a href="https://x.example/a">тут</a>, пожалуйста.',
        "Смотрите тут <https://x.example/a>, пожалуйста.",
    ),
    _shows(
        "link-picture",
        '<a href="https://x.example/a"><img src="https://x.example/b.png" alt="Баннер"></a>',
        "[picture: Баннер] <https://x.example/a>",
    ),
    # quotes
    _folds(
        "gmail",
        f'{_NEW}<div class="gmail_quote"><div class="gmail_attr">пн, 21 сент. 2026 г. в 09:54, Анна &lt;info@cafe.example&gt;:<br></div><blockquote class="gmail_quote"><div>{_OLD}</div></blockquote></div>',
        f"пн, 21 сент. 2026 г. в 09:54, Анна <info@cafe.example>:\n\n> {_OLD}",
    ),
    _folds(
        "gmail-unknown-words",
        f'{_NEW}<div class="gmail_quote"><div class="gmail_attr">Неизвестный язык 2026<br></div><blockquote class="gmail_quote">{_OLD}</blockquote></div>',
        f"Неизвестный язык 2026\n\n> {_OLD}",
    ),
    Case(
        "html-gmail-interleaved",
        page(
            '<div class="gmail_quote"><div class="gmail_attr">пн, 21 сент. 2026 г. в 09:54, Анна &lt;info@cafe.example&gt;:</div><blockquote class="gmail_quote">Суббота?</blockquote><div>Да.</div><blockquote class="gmail_quote">Двое?</blockquote><div>Трое.</div></div>'
        ),
        "> Суббота?\n\nДа.\n\n> Двое?\n\nТрое.",
        "пн, 21 сент. 2026 г. в 09:54, Анна <info@cafe.example>:",
    ),
    _folds(
        "mailru-web",
        f'{_NEW}<div class="mail-quote-collapse">Понедельник, 21 сентября 2026, 9:54 +03:00 от Анна:<blockquote>{_OLD}</blockquote></div>',
        f"Понедельник, 21 сентября 2026, 9:54 +03:00 от Анна:\n\n> {_OLD}",
    ),
    _folds(
        "mailru-app",
        f'{_NEW}<div id="mail-app-auto-quote">что угодно<br>{_OLD}</div>',
        f"что угодно\n{_OLD}",
    ),
    _folds(
        "yandex",
        f'{_NEW}<div>----------------</div><div>Кому: Мария;</div><div>Тема: Бронь;</div><div>21.09.2026, 09:54, "Анна" &lt;info@cafe.example&gt;:</div><blockquote>{_OLD}</blockquote>',
        f'----------------\nКому: Мария;\nТема: Бронь;\n21.09.2026, 09:54, "Анна" <info@cafe.example>:\n\n> {_OLD}',
    ),
    _folds(
        "outlook",
        f'<p class="MsoNormal">Да, подходит.</p><div style="border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Анна &lt;info@cafe.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Мария<br><b>Subject:</b> Бронь</p></div><p class="MsoNormal">{_OLD}</p>',
        f"From: Анна <info@cafe.example>\nSent: Monday\nTo: Мария\nSubject: Бронь\n{_OLD}",
    ),
    _folds(
        "owa",
        f'{_NEW}<hr><div id="divRplyFwdMsg"><b>Von wem:</b> Анна<br></div><div>{_OLD}</div>',
        f"Von wem: Анна\n{_OLD}",
    ),
    _folds(
        "owa-append",
        f'{_NEW}<div id="appendonsend"></div><div>чужое<p>{_OLD}</p></div>',
        f"чужое\n\n{_OLD}",
    ),
    _folds("outlook-x-prefix", f'{_NEW}<div class="x_yahoo_quoted">{_OLD}</div>', _OLD),
    _folds(
        "thunderbird",
        f'<p>Да, подходит.</p><div class="moz-cite-prefix">21.09.2026 09:54, Анна пишет:<br></div><blockquote type="cite"><p>{_OLD}</p></blockquote>',
        f"21.09.2026 09:54, Анна пишет:\n\n> {_OLD}",
    ),
    _folds(
        "apple",
        f'{_NEW}<div><blockquote type="cite"><div>21 сент. 2026 г., в 09:54, Анна &lt;info@cafe.example&gt; написал(а):</div><div>{_OLD}</div></blockquote></div>',
        f"> 21 сент. 2026 г., в 09:54, Анна <info@cafe.example> написал(а):\n> {_OLD}",
    ),
    _folds(
        "yahoo",
        f'{_NEW}<div class="yahoo_quoted">On Monday Anna wrote:<div>{_OLD}</div></div>',
        f"On Monday Anna wrote:\n{_OLD}",
    ),
    _folds(
        "proton",
        f'{_NEW}<div class="protonmail_quote">On Monday Anna wrote:<blockquote>{_OLD}</blockquote></div>',
        f"On Monday Anna wrote:\n\n> {_OLD}",
    ),
    _folds(
        "roundcube",
        f'{_NEW}<p id="reply-intro">Анна писал 2026-09-21 09:54:</p><blockquote type="cite">{_OLD}</blockquote>',
        f"Анна писал 2026-09-21 09:54:\n\n> {_OLD}",
    ),
    _folds("bare-blockquote", f"{_NEW}<blockquote>{_OLD}</blockquote>", f"> {_OLD}"),
    _shows(
        "indent-is-no-quote",
        f'{_NEW}<blockquote style="margin:0 0 0 40px;border:none;padding:0px">Отступ</blockquote>',
        "Да, подходит.\nОтступ",
    ),
    # signatures
    _folds(
        "gmail-signature",
        f'{_NEW}<div class="gmail_signature">Мария<br>Дизайнер</div>',
        "Мария\nДизайнер",
    ),
    _folds("moz-signature", f'{_NEW}<div class="moz-signature">-- <br>Мария</div>', "--\nМария"),
    _folds(
        "outlook-mobile-signature",
        f'{_NEW}<div id="ms-outlook-mobile-signature">Get it</div>',
        "Get it",
    ),
    _folds(
        "mailru-signature", f'{_NEW}<div data-signature-widget="container">Мария</div>', "Мария"
    ),
    _folds(
        "signature-by-words",
        f"{_NEW}<div>С уважением,</div><div>Мария</div>",
        "С уважением,\nМария",
    ),
    # forwards
    Case(
        "html-forward-gmail",
        page(
            '<div>Смотрите</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>От: Игорь</div>Хотим столик</div>',
            subject="Fwd: x",
        ),
        "Смотрите\n---------- Forwarded message ---------\nОт: Игорь\nХотим столик",
        subject="Fwd: x",
    ),
    Case(
        "html-forward-mailru",
        page(
            '<div>Смотрите</div><div class="mail-quote-collapse">-------- Пересылаемое сообщение --------<br>От кого: Игорь<br>Хотим столик</div>',
            subject="Fwd: x",
        ),
        "Смотрите\n-------- Пересылаемое сообщение --------\nОт кого: Игорь\nХотим столик",
        subject="Fwd: x",
    ),
    Case(
        "html-forward-owa",
        page(
            '<div>Смотрите</div><hr><div id="divRplyFwdMsg"><b>От:</b> Игорь<br><b>Отправлено:</b> вчера<br><b>Кому:</b> Мария<br><b>Тема:</b> x</div><div>Хотим столик</div>',
            subject="FW: x",
        ),
        "Смотрите\nОт: Игорь\nОтправлено: вчера\nКому: Мария\nТема: x\nХотим столик",
        subject="FW: x",
    ),
]
