"""Words of texts in Latin script: what stands there for the pairs of characters by which Chinese texts are compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

LETTER = "A-Za-z\\u00c0-\\u024f"
_LETTER = re.compile(f"[{LETTER}]")
_WORD = re.compile(f"[{LETTER}]+(?:[\\u2010\\u2011'’-][{LETTER}]+)*")
_SYMBOL = re.compile(f"{_WORD.pattern}|[^{LETTER}\\s]+")
_VOWEL = re.compile("(?!eu|uni|use|one|once)[aeiou]|hono|hour|heir")
_JOINTS = str.maketrans("", "", "\u2010\u2011'’-")
LETTERS_PER_CHARACTER = 4
"""Latin letters that count as much as one Chinese character: a word is about one and a half."""
SHORTEST_STEM = 3
MOST_TYPED_WORDS = 4
BOUNDARY = "|"
FUNCTION_WORDS = frozenset(
    "a an the of to in on at by for from with and or nor as is are be been being it its this that these those "
    "which who whom whose he she his her him they their them has have had shall should may must can will would "
    "not no any all such other than into upon under both among between through towards one if so do does what "
    "where when according following words order item right left side".split()
)
"""Words that tie a text together, or that the stems of questions are full of: sharing them tells nothing."""
_ENDINGS = (
    *("alities", "ality", "izations", "ization", "ations", "ation", "ities", "ity", "ments", "ment", "ings", "ing"),
    *(
        "ances",
        "ance",
        "ences",
        "ence",
        "ions",
        "ion",
        "ness",
        "doms",
        "dom",
        "ably",
        "able",
        "ally",
        "al",
        "ied",
        "ies",
    ),
    *("ive", "ed", "es", "ly", "s", "y", "e"),
)


def words(text: str) -> list[str]:
    """The words in order, lower-case, inner hyphens and apostrophes dropped: co-operation is cooperation."""
    return [word.translate(_JOINTS).lower() for word in _WORD.findall(text)]


def letters(text: str) -> int:
    """How many Latin letters the text has."""
    return len(_LETTER.findall(text))


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The word without its endings, at least three letters: nations, national and nationality are nat.

    A light cutter of endings (compare Porter 1980): it errs towards taking two words for one, as the checks that use
    it err towards seeing a cue.
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return stem(word[: -len(ending)])
    return word


@lru_cache(maxsize=4096)
def content_stems(text: str) -> frozenset[str]:
    """Stems of the words that carry content."""
    return frozenset(stem(word) for word in words(text) if word not in FUNCTION_WORDS)


def agrees(before: str, text: str) -> bool:
    """Whether a text can follow: behind “a” a consonant, behind “an” a vowel (judged by letters, not by sound)."""
    last = words(before)[-1:]
    is_vowel = bool(_VOWEL.match(text.lower()))
    return last not in (["a"], ["an"]) or is_vowel == (last == ["an"])


def counted_words(text: str) -> int:
    """How many words there are to type, articles aside."""
    return sum(word not in ("a", "an", "the") for word in words(text))


def count(text: str, part: str) -> int:
    """How often the words of `part` stand in the text one after the other; 0 when it has none."""
    whole, wanted = words(text), words(part)
    return sum(whole[i : i + len(wanted)] == wanted for i in range(len(whole) - len(wanted) + 1)) if wanted else 0


def symbols(text: str) -> list[str]:
    """Words and, for every run of other marks but spaces, one boundary."""
    found = (match.group() for match in _SYMBOL.finditer(text))
    return [piece.translate(_JOINTS).lower() if _LETTER.match(piece) else BOUNDARY for piece in found]


def filler(symbols: Sequence[str], start: int, after: Sequence[str], *, longest: int) -> Sequence[str]:
    """The run of at most `longest` words, without a boundary, from `start` to the next `after`; empty if none."""
    for end in range(start + 1, min(start + longest, len(symbols) - 1) + 1):
        if symbols[end - 1] == BOUNDARY:
            break
        if symbols[end : end + len(after)] == after:
            return symbols[start:end]
    return ()
