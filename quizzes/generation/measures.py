"""Text measures shared by the generator and the checker: what two texts share and how strongly they cue each other.

What counts as shared are pairs of neighbouring Han characters and, in Latin script, stems of content words; both are
called bigrams here, after the first.

A learner who knows nothing can still pair two texts that share an uncommon pair of characters. `TextMeasures.cue`
puts a number on that: the summed inverse document frequency of the shared bigrams, with the bigrams that stand in
more than 15 % of the units of the document (the `stop` set) left out, since they say nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from curriculum.knowledge import Knowledge
from quizzes.generation import latin
from quizzes.generation.latin import LETTERS_PER_CHARACTER, content_stems, letters

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
HAN_RUN = re.compile(f"[{HAN}]+")
HAN_OR_DIGIT = re.compile(f"[{HAN}0-9]")
STOP_SHARE, LOOSE_SHARE = 0.15, 0.40
"""The smaller stop set is for a second run: frequent words in headings are still visible cues to a person."""
CONTENT_KINDS = frozenset({"sentence", "heading", "chapter"})


@lru_cache(maxsize=1 << 16)
def bigrams(text: str) -> frozenset[str]:
    """All pairs of neighbouring Han characters (never across punctuation or spaces), and stems of Latin words."""
    pairs = frozenset(run[i : i + 2] for run in HAN_RUN.findall(text) for i in range(len(run) - 1))
    return pairs | content_stems(text)


@lru_cache(maxsize=1 << 16)
def text_length(text: str) -> int:
    """How long a text is to a reader: Han characters, ASCII digits, and one more for every four Latin letters."""
    return len(HAN_OR_DIGIT.findall(text)) + math.ceil(letters(text) / LETTERS_PER_CHARACTER)


@lru_cache(maxsize=1 << 16)
def jaccard(a: str, b: str) -> float:
    """Share of common bigrams, 0..1 (Jaccard 1912); 0 when neither text has a bigram."""
    left, right = bigrams(a), bigrams(b)
    union = left | right
    return len(left & right) / len(union) if union else 0.0


@lru_cache(maxsize=1 << 14)
def is_latin(text: str) -> bool:
    """Whether a text is written in words: Latin letters and no Han character."""
    return letters(text) > 0 and HAN_RUN.search(text) is None


def occurrences(text: str, part: str) -> int:
    """How often a text holds a part: as a string of characters, or as whole words where it is written in words."""
    return latin.count(text, part) if is_latin(part) else text.count(part)


def edges(text: str) -> tuple[str, str]:
    """The first and the last symbol of a text: its characters, or its words."""
    parts = latin.words(text) if is_latin(text) else text
    return parts[0], parts[-1]


class TextMeasures:
    """Measures that depend on the document: built once from the texts of its units."""

    def __init__(self, units: Iterable[str]) -> None:
        texts = list(units)
        self.count = len(texts)
        self.frequency = Counter(pair for text in texts for pair in bigrams(text))
        self.stop, self.loose_stop = self._commoner_than(STOP_SHARE), self._commoner_than(LOOSE_SHARE)

    @classmethod
    def of(cls, knowledge: Knowledge) -> TextMeasures:
        """Measures over the sentences, run-in headings and chapter titles of a course."""
        return cls(unit.text for unit in knowledge.units if unit.kind in CONTENT_KINDS)

    def _commoner_than(self, share: float) -> frozenset[str]:
        return frozenset(pair for pair, n in self.frequency.items() if n / max(self.count, 1) > share)

    def idf(self, pair: str) -> float:
        """Smoothed inverse document frequency: ln((N + 1) / (df + 0.5))."""
        return math.log((self.count + 1) / (self.frequency[pair] + 0.5))

    def cue(self, a: str, b: str, *, stop: frozenset[str] | None = None) -> float:
        """Summed idf of the bigrams that `a` and `b` share, outside `stop` (default: the document's stop set)."""
        ignored = self.stop if stop is None else stop
        return math.fsum(sorted(self.idf(pair) for pair in (bigrams(a) & bigrams(b)) - ignored))

    def shares_cue(self, a: str, b: str) -> bool:
        """Whether the texts share a bigram outside the stop set."""
        return bool((bigrams(a) & bigrams(b)) - self.stop)

    def matrix(
        self, rows: Iterable[str], columns: Iterable[str], *, stop: frozenset[str] | None = None
    ) -> list[list[float]]:
        """`cue` of every row with every column: what a solver that only looks at characters can see."""
        right = list(columns)
        return [[self.cue(row, column, stop=stop) for column in right] for row in rows]
