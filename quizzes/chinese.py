"""Fair comparison of typed answers: what counts as the same text, and how far apart two texts are.

The document is never changed. Both sides of a comparison are brought to a *normal form* first, so that full width,
punctuation, book-title marks, spaces, letter case and Traditional or Simplified script make no difference; everything
else does. Texts without Chinese characters go through the same functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

import opencc
from rapidfuzz.distance import OSA

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN = re.compile(f"[{HAN}]")
_HAN_OR_DIGIT = re.compile(f"[{HAN}0-9]")
_FIRST_CJK = 0x2E80

EXTRA_FOLDS = {"著": "着", "妳": "你", "瞭": "了", "藉": "借", "么": "么", "○": "零", "〇": "零"}
"""Beyond OpenCC: characters it leaves alone when they stand by themselves, and the round zero of years.

么 is held in place because the tables send 麼 to 么 but the Traditional reading of 么 on to 幺.
"""

_ARTICLE = re.compile(r"^\s*(?:the|an|a)\s+(?=\w)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[、,;/|､，；／｜\r\n\u2028\u2029]+")
_WORD = re.compile(r"[^\W_]+")


class _FoldTable(dict[int, str]):
    """Character -> Simplified character, filled as characters are met; one character always gives one."""

    def __init__(self) -> None:
        super().__init__({ord(char): folded for char, folded in EXTRA_FOLDS.items()})
        self._steps = (opencc.OpenCC("tw2s"), opencc.OpenCC("hk2s"))

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if code < _FIRST_CJK or unicodedata.category(char) != "Lo":
            return char
        folded = char
        for step in self._steps:
            folded = step.convert(folded)
        if len(folded) != 1:
            folded = char
        self[code] = folded if folded == char else self[ord(folded)]
        return self[code]


_FOLDS = _FoldTable()


def fold(text: str) -> str:
    """Traditional -> Simplified, one character for one, so that offsets into the result are offsets into `text`.

    Characters are folded one at a time (OpenCC's Taiwan and Hong Kong tables, then `EXTRA_FOLDS`): unlike conversion
    by words the result of a part never depends on its neighbours. Meant for comparing, not for showing: 乾隆 becomes
    干隆 on both sides.
    """
    return text.translate(_FOLDS)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """The letters and numbers of `text` (Unicode categories L and N) after NFKC and casefold, script unchanged."""
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).replace("○", "〇")
    kept = "".join(char for char in wide if unicodedata.category(char)[0] in "LN")
    return unicodedata.normalize("NFKC", kept)


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Normal form n(s): `plain`, then `fold`. Idempotent. Two answers are the same text when these are equal."""
    return fold(plain(text))


def without_article(text: str) -> str:
    """`text` without an English article at its beginning, if something follows it."""
    return _ARTICLE.sub("", text)


def has_han(text: str) -> bool:
    """Whether a Chinese character stands in the text."""
    return _HAN.search(text) is not None


def han_length(text: str) -> int:
    """H(s): the number of Chinese characters and digits."""
    return len(_HAN_OR_DIGIT.findall(unicodedata.normalize("NFKC", text)))


def size(text: str) -> int:
    """How much there is to get right: `han_length` of Chinese text, letters and digits of any other."""
    return han_length(text) if has_han(text) else len(normal(text))


def edit_distance(a: str, b: str) -> int:
    """Optimal string alignment distance of the normal forms: insert, delete, replace, swap neighbours, each 1."""
    return OSA.distance(normal(a), normal(b))


def pieces(text: str) -> list[tuple[str, str]]:
    """Cut into visible characters (a base with its marks), each with its normal form ("" for punctuation).

    The first halves joined are `text`; the second halves joined are `normal(text)`, save where separately written
    Hangul letters compose into one syllable.
    """
    cut: list[str] = []
    for char in text:
        if cut and unicodedata.category(char)[0] == "M":
            cut[-1] += char
        else:
            cut.append(char)
    return [(piece, normal(piece)) for piece in cut]


def difference(given: str, key: str) -> list[tuple[str, bool]]:
    """`given` cut into runs (text, is_same): which characters also stand in `key`, in the same order.

    Punctuation and spaces count as the same. Joined, the runs are `given`.
    """
    mine = [(piece, form) for piece, form in pieces(given)]
    wanted = [form for _, form in pieces(key) if form]
    letters = [index for index, (_, form) in enumerate(mine) if form]
    matcher = SequenceMatcher(None, wanted, [mine[index][1] for index in letters], autojunk=False)
    same = {letters[block.b + step] for block in matcher.get_matching_blocks() for step in range(block.size)}
    return _joined((piece, index in same or not form) for index, (piece, form) in enumerate(mine))


def _joined(marked: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Neighbours with the same mark become one run."""
    runs: list[tuple[str, bool]] = []
    for piece, is_same in marked:
        if runs and runs[-1][1] == is_same:
            runs[-1] = (runs[-1][0] + piece, is_same)
        else:
            runs.append((piece, is_same))
    return runs


def split_list(text: str) -> list[str]:
    """Entries of a typed list: cut at 、 , ; / | and new lines, never at 和, 與 or 及, which stand inside words.

    Spaces are left to the caller, because an English entry may contain them. Entries without a letter or number
    are dropped.
    """
    return [entry.strip() for entry in _SEPARATOR.split(text) if normal(entry)]


def normal_words(text: str) -> tuple[str, frozenset[int]]:
    """The normal form and the positions in it (0..length) where a word may begin or end.

    Chinese text may be cut anywhere; in other text only where the writer left a gap, so that `sand` never holds `and`.
    """
    form = ""
    gaps = {0}
    for word in _WORD.findall(unicodedata.normalize("NFKC", text)):
        form += normal(word)
        gaps.add(len(form))
    han = [has_han(char) for char in form]
    gaps.update(i for i in range(1, len(form)) if han[i - 1] or han[i])
    return form, frozenset(gaps)
