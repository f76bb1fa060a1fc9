"""Which language and script a text is in, told by counting characters."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

HANT, HANS, ENGLISH = "zh-Hant", "zh-Hans", "en"
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z]")
LETTERS_PER_HAN = 3
"""A Chinese character carries about as much text as three Latin letters."""
MIXED_SHARE, MIXED_LEAST = 0.05, 3


@dataclass(frozen=True, slots=True)
class Language:
    """`tag` is BCP 47. `strangers` are characters of the other script, when there are enough of them to be noticed."""

    tag: str
    strangers: frozenset[str] = frozenset()
    is_certain: bool = True


def detect(text: str) -> Language:
    """The language of a text: English, or Chinese in the script most of whose own characters occur."""
    han = Counter(_HAN.findall(text))
    letters = len(_LATIN.findall(text))
    if han.total() * LETTERS_PER_HAN < letters:
        return Language(ENGLISH)
    traditional = {character: number for character, number in han.items() if _is_traditional(character)}
    simplified = {character: number for character, number in han.items() if _is_simplified(character)}
    tag = HANS if sum(simplified.values()) > sum(traditional.values()) else HANT
    other = traditional if tag == HANS else simplified
    marked = sum(simplified.values()) + sum(traditional.values())
    few = sum(other.values()) < max(MIXED_LEAST, MIXED_SHARE * marked)
    return Language(tag, frozenset() if few else frozenset(other), is_certain=marked > 0)


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


@cache
def _is_traditional(character: str) -> bool:
    """Changed by OpenCC towards Simplified, and not one that a Simplified text may hold too (乾, 著)."""
    return _converter("t2s").convert(character) != character and not _encodes(character, "gb2312")


@cache
def _is_simplified(character: str) -> bool:
    """Changed by OpenCC towards Traditional, and not one that a Traditional text may hold too (后, 里, 台)."""
    return _converter("s2t").convert(character) != character and not _encodes(character, "big5")


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
