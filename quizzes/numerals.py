"""Numbers as people write them in Chinese answers: 2015年, 二〇一五, 第二屆, 兩個 and so on, from 0 to 9999."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from quizzes.chinese import normal

_DIGITS = "零一二三四五六七八九"
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟两", "一二三四五六七八九十百千二")
_UNITS = ((1000, "千"), (100, "百"), (10, "十"), (1, ""))
_SPOKEN = re.compile(
    "(?:([一-九])千)?零?(?:([一-九])百)?零?(?:([一-九])?(十))?零?([一-九])?".replace("一-九", _DIGITS[1:])
)
_NUMERAL = "0-9" + _DIGITS + "十百千两壹贰叁肆伍陆柒捌玖拾佰仟"
_NUMERAL_RUN = re.compile(f"([{_NUMERAL}]+)(.?)")
_QUANTITY = re.compile(f"(第?)([{_NUMERAL}o]+)([^{_NUMERAL}]{{0,2}})")
_YEAR = re.compile(f"[{_DIGITS}]{{4}}(?=年)")
COUNTERS = frozenset("年届个项条章节次位点种名类部人天日月号级款编页倍")
"""Measure words (normal form) that may follow a number without changing it, where the question speaks of them."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """第二屆 is (2, is_ordinal=True, counter="届"); 二 is (2, False, "")."""

    value: int
    is_ordinal: bool
    counter: str


def spoken(value: int) -> str:
    """Chinese words for 0..9999: 15 -> 十五, 2015 -> 二千零一十五."""
    if value == 0:
        return "零"
    words, is_gap = "", False
    for unit, name in _UNITS:
        digit = value // unit % 10
        if digit:
            words += ("零" if is_gap and words else "") + _DIGITS[digit] + name
        is_gap = not digit
    return words[1:] if words.startswith("一十") else words


def positional(value: int) -> str:
    """Digit by digit, as years are written: 2015 -> 二零一五."""
    return "".join(_DIGITS[int(digit)] for digit in str(value))


def parse(numeral: str) -> int | None:
    """Value of a bare numeral in normal form, or None. A careless 二百五 (205? 250?) has none."""
    if numeral.isascii():
        return int(numeral) if numeral.isdigit() and len(numeral) <= 4 else None
    if len(numeral) > 9:
        return None
    if len(numeral) > 1 and all(char in _DIGITS for char in numeral.replace("o", "零")):
        return _by_position(numeral.replace("o", "零"))
    words = numeral.translate(_FORMAL)
    found = _SPOKEN.fullmatch(words)
    if found is None:
        return 0 if words == "零" else None
    thousands, hundreds, tens, ten, ones = found.groups()
    parts = (thousands, hundreds, tens or ("一" if ten else None), ones)
    value = sum(_DIGITS.index(digit) * unit for digit, (unit, _) in zip(parts, _UNITS, strict=True) if digit)
    return value if words.removeprefix("一" if words.startswith("一十") else "") == spoken(value) else None


def _by_position(numeral: str) -> int | None:
    return int("".join(str(_DIGITS.index(char)) for char in numeral)) if len(numeral) <= 4 else None


def quantity(text: str, *, counters: Iterable[str] = ()) -> Quantity | None:
    """The number that a whole text is, with its ordinal mark and measure word; None when it says anything more."""
    found = _QUANTITY.fullmatch(normal(text))
    if found is None:
        return None
    mark, numeral, counter = found.groups()
    value = parse(numeral)
    if value is None or (counter and counter not in COUNTERS and counter not in {normal(c) for c in counters}):
        return None
    return Quantity(value, bool(mark), counter)


def is_same_number(given: str, key: str, *, context: str = "", counters: Iterable[str] = ()) -> bool:
    """Whether both are the same number: 2015 for 2015年, 第2屆 for 二.

    A measure word that the key lacks must be declared in `counters` or occur in `context` (the stem); 第 may be left
    out, and may be added unless the key is a plain count (四項 is not 第四項).
    """
    declared = tuple(counters)
    mine, wanted = quantity(given, counters=declared), quantity(key, counters=declared)
    if mine is None or wanted is None or mine.value != wanted.value:
        return False
    if mine.is_ordinal and not wanted.is_ordinal and wanted.counter:
        return False
    if mine.counter in ("", wanted.counter):
        return True
    is_known = mine.counter in normal(context) or mine.counter in {normal(c) for c in declared}
    return not wanted.counter and is_known


def number_forms(text: str) -> tuple[str, ...]:
    """Spellings of the number that `text` is, its own first; empty when it is no number.

    2015年 -> 2015年, 2015, 二〇一五年, 二〇一五, 二零一五年, 二○一五年 ...; 第二屆 -> 第二屆, 二, 2, 第二, 第2屆 ...
    """
    found = quantity(text)
    if found is None:
        return ()
    tail = text.strip()[-1:] if found.counter else ""
    numerals = [str(found.value), spoken(found.value)]
    if found.value > 999:
        numerals += [positional(found.value).replace("零", zero) for zero in "〇零○"]
    heads = ("第", "") if found.is_ordinal else ("",)
    forms = [head + numeral + end for head in heads for numeral in numerals for end in (tail, "")]
    return tuple(dict.fromkeys([text.strip(), *forms]))


def with_year_digits(form: str) -> str:
    """A normal form with years in digits: 二零三零年可持续… -> 2030年可持续…"""
    return _YEAR.sub(lambda year: str(_by_position(year.group())), form)


def numerals(text: str) -> list[tuple[str, str]]:
    """Every run of numeral characters in the normal form, in order, with the character after it, "" at the end."""
    return _NUMERAL_RUN.findall(normal(text))


def is_other_number(given: str, key: str) -> bool:
    """Whether numerals of one length stand in both texts and differ: 2020年議程 for 2030年議程 is no slip."""
    mine, wanted = ([run for run, _ in numerals(text)] for text in (given, key))
    return mine != wanted and [len(run) for run in mine] == [len(run) for run in wanted]


def is_among_other_measures(given: str, key: str) -> bool:
    """Whether `given` mentions the number `key` and, beside it, only numbers of other measures: 2015年11月."""
    wanted = quantity(key)
    mentioned = [(parse(run), after) for run, after in numerals(given)]
    others = [after for value, after in mentioned if wanted is None or value != wanted.value]
    is_mentioned = len(others) < len(mentioned)
    return is_mentioned and all(after in COUNTERS and (wanted is None or after != wanted.counter) for after in others)
