"""Short forms of first names: Маша is Мария, so a greeting with either is right."""

from __future__ import annotations

from .fold import words

# One person a line, every form of the name that friends and passports use; folded.
_FAMILIES = """
александр александра саша сашка сашенька шура саня санек алекс alexander alexandra alex sasha
алексей алеша леша лешка алекс alexey aleksey alexei lesha
анастасия настя настенька ася стася anastasia anastasiya nastya
анатолий толя толик
андрей андрюша дрон andrey andrew
анна аня анечка анюта нюра нюша ann anna anya
антон антоша тоша anton
антонина тоня тонечка
аркадий аркаша
артем артемий тема artem
борис боря борька
вадим вадик дима vadim
валентин валентина валя
валерий валерия валера лера valeria valery lera
варвара варя
василий вася
вера верочка
вероника ника вера
виктор витя
виктория вика тори victoria vika
виталий виталик
владимир вова володя влад vladimir vova
владислав влад слава vlad
вячеслав слава
галина галя
геннадий гена
георгий юрий егор гоша жора гера юра george
григорий гриша
дарья даша дарина дашенька daria darya dasha
даниил данил данила даня данька
денис ден denis
диана ди
дмитрий дима митя димон dmitry dmitriy dima
евгений евгения женя жека evgeny evgenia eugene
екатерина катя катюша катерина катенька ekaterina katya kate katerina
елена лена леночка алена elena helen lena
елизавета лиза лизавета elizaveta liza
зинаида зина
зоя зойка
иван ваня ivan
игорь гоша игорек igor
илья илюша ilya
инна инночка
ирина ира ириша irina ira
карина кара
кирилл кира kirill
константин костя konstantin kostya
кристина кристи christina kristina
ксения оксана ксюша ксеня ksenia kseniya
лариса лара
лев лева
леонид леня
лидия лида
лилия лиля
любовь люба
людмила люда мила люся
максим макс maxim max
маргарита рита марго margarita rita
марина мариша marina
мария маша маня маруся машенька мари марья maria mariya masha mary
михаил миша мишка mikhail misha
надежда надя nadezhda nadya
наталья наталия наташа ната natalia natalya natasha
никита ника nikita
николай коля nikolay
нина ниночка
оксана ксюша ксения
олег олежка oleg
ольга оля оленька olga olya
павел паша pavel pasha
петр петя
полина поля polina
раиса рая
роман рома roman roma
руслан русик
светлана света лана svetlana sveta
семен сема
сергей сережа серега sergey sergei
софья софия соня sofia sofya sonya
станислав стас слава
степан степа
тамара тома
татьяна таня tatiana tatyana tanya
тимофей тима
федор федя fedor
эдуард эдик
элеонора эля нора
эльвира эля
юлия юля julia yulia
юрий юра yuri
яков яша
яна яночка
ярослав слава ярик
"""

_OF: dict[str, set[int]] = {}
for _number, _line in enumerate(_FAMILIES.strip().split("\n")):
    for _name in words(_line):
        _OF.setdefault(_name, set()).add(_number)


def same_person(one: str, other: str) -> bool:
    """Whether two folded first names can be one person's."""
    return not _OF.get(one, set()).isdisjoint(_OF.get(other, set()))
