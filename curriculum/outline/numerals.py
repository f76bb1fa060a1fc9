"""Numbers as documents count with them: 十二, 12, １２, XII, (b), Two, ③. Zero means "not a number"."""

from __future__ import annotations

import unicodedata

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "兩": 2, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_TENS = {"廿": 20, "卅": 30}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
STEMS = "甲乙丙丁戊己庚辛壬癸"


def value(numeral: str) -> int:
    """What a numeral counts, whatever it is written in; 0 when it cannot be told. Letters count a=1, aa=27."""
    numeral = "".join(numeral.split())
    plain = unicodedata.normalize("NFKC", numeral)
    if plain.isdecimal():
        return int(plain[:9])
    if numeral in STEMS and numeral:
        return STEMS.index(numeral) + 1
    return chinese(plain) or roman(plain) or word(plain) or letter(plain)


def chinese(numeral: str) -> int:
    """十二 -> 12, 一百零三 -> 103, 二〇二一 -> 2021, 1百 is not a number."""
    if not numeral or any(character not in _DIGITS | _UNITS | _TENS for character in numeral):
        return 0
    if all(character in _DIGITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral[:9]))
    total = digit = 0
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            total += _TENS[character]
        else:
            total, digit = total + (digit or 1) * _UNITS[character], 0
    return total + digit


def roman(numeral: str) -> int:
    """XIV -> 14, iv -> 4; 0 for letters that are no well-formed Roman numeral (IIX, ABC)."""
    upper = numeral.upper()
    if not upper or len(upper) > 12 or any(character not in _ROMAN for character in upper):
        return 0
    values = [_ROMAN[character] for character in upper]
    total = sum(-now if now < after else now for now, after in zip(values, [*values[1:], 0], strict=True))
    return total if as_roman(total) == upper else 0


def as_roman(number: int) -> str:
    """14 -> XIV."""
    signs = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    written = ""
    for worth, sign in (*signs, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        times, number = divmod(number, worth)
        written += sign * times
    return written


def word(numeral: str) -> int:
    """Two -> 2, Second -> 2."""
    lower = numeral.lower()
    return next((words.index(lower) + 1 for words in (_WORDS, _ORDINALS) if lower in words), 0)


def letter(numeral: str) -> int:
    """b -> 2, Z -> 26, bb -> 28."""
    lower = numeral.lower()
    if not lower or not lower.isascii() or not lower.isalpha() or len(set(lower)) > 1:
        return 0
    return ord(lower[0]) - ord("a") + 1 + 26 * (len(lower) - 1)
