"""Which spans may be blanked: the tests a blank must pass before it is worth asking."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

from curriculum.knowledge import Knowledge, Unit
from quizzes.generation import latin
from quizzes.generation.measures import TextMeasures, bigrams, edges, is_latin, occurrences, text_length

TYPED_LIMIT = 6
"""Longest key (Han characters and digits) that a learner is asked to type in a blank."""
CHOICE_LIMIT = 12
REMAINDER = 8
VISIBLE_SHARE = 0.25
REACH = 3
WORDS_REACH, WORDS_SLACK = 2, 3
SLACK = 6
BOUNDARY = "\n"
BREAKS = re.compile(r"[,;:。!?,;:!?\s]+")


def boundaries(text: str) -> str:
    """The text with every run of separators as one boundary symbol; enumeration commas and quotes stay."""
    return BREAKS.sub(BOUNDARY, text)


@dataclass(frozen=True)
class Contexts:
    """Knows the whole document well enough to say whether a blank can be filled in one way only."""

    knowledge: Knowledge
    measures: TextMeasures
    particles: frozenset[str]

    @cached_property
    def stream(self) -> str:
        return BOUNDARY + BOUNDARY.join(boundaries(unit.text).strip(BOUNDARY) for unit in self._units) + BOUNDARY

    @property
    def _units(self) -> list[Unit]:
        return sorted((u for u in self.knowledge.units if u.kind != "meta"), key=lambda unit: unit.start)

    def rivals(self, unit: Unit, start: int, end: int) -> Set[str]:
        """Other strings of the document that stand between the same three symbols left and right of the span."""
        text = self.knowledge.text
        key = text[start:end]
        if is_latin(key):
            return self.word_rivals(key, text[unit.start : start], text[end : unit.end])
        left = (BOUNDARY + boundaries(text[unit.start : start]).lstrip(BOUNDARY))[-REACH:]
        right = (boundaries(text[end : unit.end]).rstrip(BOUNDARY) + BOUNDARY)[:REACH]
        return self._fillings(left, right, len(key) + SLACK) - {key}

    def _fillings(self, left: str, right: str, longest: int) -> frozenset[str]:
        """What stands between `left` and the next `right`, at most so long and without a boundary; sought once."""
        if (left, right, longest) not in self._filled:
            inner = re.compile(f"{re.escape(left)}([^{BOUNDARY}]{{1,{longest}}}?){re.escape(right)}")
            found = (inner.match(self.stream, at) for at in self._starts(left, right, longest))
            self._filled[left, right, longest] = frozenset(match.group(1) for match in found if match)
        return self._filled[left, right, longest]

    @cached_property
    def _filled(self) -> dict[tuple[str, str, int], frozenset[str]]:
        return {}

    @cached_property
    def _spots(self) -> dict[str, list[int]]:
        """Where in the stream every run of three symbols begins."""
        found = defaultdict(list)
        for at in range(len(self.stream) - REACH + 1):
            found[self.stream[at : at + REACH]].append(at)
        return dict(found)

    def _starts(self, left: str, right: str, longest: int) -> Iterable[int]:
        """Where `left` may begin: sought from the rarer side, or from the one that is no end of a sentence."""
        before, after = self._spots.get(left, ()), self._spots.get(right, ())
        if len(left) == REACH and (len(right) < REACH or len(before) <= len(after)):
            return before
        if len(left) == REACH:
            return chain.from_iterable(self._before(left, at, longest) for at in after)
        if len(right) == REACH:
            return (self.stream.rfind(BOUNDARY, 0, at) for at in after)
        return range(len(self.stream))

    def _before(self, left: str, place: int, longest: int) -> Iterator[int]:
        """Where `left` stands at most `longest` characters before a place."""
        at = self.stream.find(left, max(place - longest - REACH, 0), place)
        while at >= 0:
            yield at
            at = self.stream.find(left, at + 1, place)

    def word_rivals(self, key: str, before: str, after: str) -> Set[str]:
        """Other runs of words that stand between the same two words (or boundaries) left and right of the key."""
        left = [latin.BOUNDARY, *latin.symbols(before)][-WORDS_REACH:]
        right = [*latin.symbols(after), latin.BOUNDARY][:WORDS_REACH]
        words = latin.words(key)
        return self._word_fillings(tuple(left), tuple(right), len(words) + WORDS_SLACK) - {" ".join(words)}

    def _word_fillings(self, left: tuple[str, ...], right: tuple[str, ...], longest: int) -> frozenset[str]:
        """The words between `left` and the next `right`, at most so many and without a boundary; sought once."""
        if (left, right, longest) not in self._word_filled:
            starts, after = self._word_starts(left, right, longest), list(right)
            found = (latin.filler(*start, after, longest=longest) for start in starts)
            self._word_filled[left, right, longest] = frozenset(" ".join(words) for words in found if words)
        return self._word_filled[left, right, longest]

    @cached_property
    def _word_filled(self) -> dict[tuple[tuple[str, ...], tuple[str, ...], int], frozenset[str]]:
        return {}

    @cached_property
    def _symbols(self) -> list[list[str]]:
        """The words of every unit, with boundaries."""
        return [[latin.BOUNDARY, *latin.symbols(unit.text), latin.BOUNDARY] for unit in self._units]

    @cached_property
    def _word_spots(self) -> dict[tuple[str, ...], list[tuple[list[str], int]]]:
        """In which units, and where in them, two symbols stand side by side."""
        found: dict[tuple[str, ...], list[tuple[list[str], int]]] = defaultdict(list)
        for symbols in self._symbols:
            for at, pair in enumerate(pairwise(symbols)):
                found[pair].append((symbols, at))
        return dict(found)

    def _word_starts(
        self, left: tuple[str, ...], right: tuple[str, ...], longest: int
    ) -> Iterator[tuple[list[str], int]]:
        """Units and places behind `left`: sought from the rarer side, or from the one that is no mere boundary."""
        before, after = self._word_spots.get(left, ()), self._word_spots.get(right, ())
        if len(left) == WORDS_REACH and (len(right) < WORDS_REACH or len(before) <= len(after)):
            yield from ((symbols, at + WORDS_REACH) for symbols, at in before)
        elif len(left) == WORDS_REACH:
            for symbols, at in after:
                for start in range(max(at - longest, WORDS_REACH), at):
                    if tuple(symbols[start - WORDS_REACH : start]) == left:
                        yield symbols, start
        elif len(right) == WORDS_REACH:
            for symbols, at in after:
                if at:
                    yield symbols, at - symbols[at - 1 :: -1].index(latin.BOUNDARY)
        else:
            starts = ((symbols, at) for symbols in self._symbols for at in range(1, len(symbols)))
            yield from ((symbols, at) for symbols, at in starts if symbols[at - 1] == latin.BOUNDARY)

    def is_span(self, text: str) -> bool:
        """Whether the span itself is worth a blank: length, no particle at its edges, not only frequent words."""
        if not self.is_of_good_length(text) or not self.particles.isdisjoint(edges(text)):
            return False
        pairs = bigrams(text)
        return not pairs or bool(pairs - self.measures.stop)

    @staticmethod
    def is_of_good_length(text: str) -> bool:
        """Neither a single character nor too long to type or weigh; a word is long enough."""
        return (is_latin(text) or text_length(text) >= 2) and text_length(text) <= CHOICE_LIMIT

    def leaks(self, text: str, visible: str) -> bool:
        """Whether the rest of the stem shows the key, or more than a quarter of its uncommon bigrams."""
        rare = bigrams(text) - self.measures.stop
        seen = rare & bigrams(visible)
        return occurrences(visible, text) > 0 or (bool(rare) and len(seen) / len(rare) > VISIBLE_SHARE)

    def is_askable(self, unit: Unit, start: int, end: int) -> bool:
        """Whether the span may be a blank in its sentence: once, at most half of it, enough left."""
        text = self.knowledge.text[start:end]
        whole = text_length(unit.text)
        small = text_length(text) * 2 <= whole and whole - text_length(text) >= REMAINDER
        return self.is_span(text) and small and occurrences(unit.text, text) == 1
