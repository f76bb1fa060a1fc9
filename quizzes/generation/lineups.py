"""A key among candidates for its wrong options: each text is looked at once, then sets of them are judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from itertools import combinations
from operator import and_, or_

from quizzes.chinese import edit_distance, normal
from quizzes.generation.measures import bigrams, text_length

WIDEST = 2.0
WIDE = 1.5
LIST_MARK = "、"
KEY = 0
Chosen = tuple[int, ...]
"""Places of wrong options among the texts of a line-up, ascending; the key has the place before them all."""


def contains(a: str, b: str) -> bool:
    """Whether one text is inside the other."""
    left, right = normal(a), normal(b)
    return left in right or right in left


def overlaps(a: str, b: str) -> bool:
    """Whether two options are one inside the other or only one character apart."""
    return contains(a, b) or edit_distance(a, b) <= 1


def are_balanced(sizes: Sequence[int], *, widest: float = WIDEST) -> bool:
    """Whether no option stands out by length: longest to shortest at most `widest`, key near the mean of the rest.

    `sizes`: the lengths of the key and of the others.
    """
    ratio = sizes[0] * (len(sizes) - 1) / max(sum(sizes[1:]), 1)
    return max(sizes) / max(min(sizes), 1) <= widest and 1 / WIDE <= ratio <= WIDE


def rank(values: Sequence[float]) -> float:
    """Share of the others that lie below the first value, ties half: 0 lowest, 1 highest."""
    first, rest = values[0], values[1:]
    return sum(1.0 if value < first else 0.5 if value == first else 0.0 for value in rest) / len(rest)


class LineUp:
    """The key at place 0, its candidates behind it.

    `verbs`, `endings`: how a key may not alone begin or end.
    """

    def __init__(
        self, key: str, others: Sequence[str], *, verbs: tuple[str, ...] = (), endings: Sequence[str] = ()
    ) -> None:
        self.texts = (key, *others)
        self.sizes = [text_length(text) for text in self.texts]
        self.marks = [text.count(LIST_MARK) for text in self.texts]
        self.bigrams = [bigrams(text) for text in self.texts]
        self._opens = [text.startswith(verbs) for text in self.texts]
        self._ends = [sum(text.endswith(end) << at for at, end in enumerate(endings)) for text in self.texts]

    def sets(self, count: int) -> Iterator[Chosen]:
        """Every choice of so many candidates of which no two overlap, in the order of `itertools.combinations`."""
        return self._longer((), frozenset(self._apart), count)

    def _longer(self, chosen: Chosen, free: frozenset[int], count: int) -> Iterator[Chosen]:
        for place in sorted(free):
            if len(chosen) + 1 == count:
                yield (*chosen, place)
            else:
                yield from self._longer((*chosen, place), free & self._apart[place], count)

    @cached_property
    def _apart(self) -> dict[int, frozenset[int]]:
        """For each candidate those behind it that it does not overlap."""
        places, texts = range(1, len(self.texts)), self.texts
        return {a: frozenset(b for b in places if b > a and not overlaps(texts[a], texts[b])) for a in places}

    def are_balanced(self, chosen: Chosen) -> bool:
        """Whether no option stands out by length."""
        return are_balanced([self.sizes[KEY], *(self.sizes[at] for at in chosen)])

    def converge(self, chosen: Chosen) -> bool:
        """Whether the parts that options share meet in the key alone: 共同關切 between 共同期待 and 高度關切."""
        met = [self._with_key[at] for at in chosen if self._with_key[at]]
        is_between = len(met) > 1 and not frozenset.intersection(*met)
        return is_between and not any(self._shared[a][b] for a, b in combinations(chosen, 2))

    def are_alike(self, chosen: Chosen) -> bool:
        """Whether the key does not alone begin with a verb or end like a class of words, nor alone fail to."""
        openings = {self._opens[at] for at in chosen}
        if len(openings) == 1 and self._opens[KEY] not in openings:
            return False
        key, ends = self._ends[KEY], [self._ends[at] for at in chosen]
        of_any = reduce(or_, ends)
        of_most = reduce(or_, (reduce(and_, some) for some in combinations(ends, len(ends) // 2 + 1)))
        return not (key & ~of_any or of_most & ~key)

    def off_rank(self, chosen: Chosen, *, length: float, centre: float) -> float:
        """How far the key is from the ranks that are wanted, by length and by likeness to the others."""
        sizes, row = [self.sizes[at] for at in (KEY, *chosen)], (KEY, *chosen)
        alone = sum(self._likeness[KEY][at] for at in chosen) / len(chosen)
        likeness = (sum(self._likeness[a][b] for b in row) / len(row) for a in chosen)
        return 2.0 * abs(rank(sizes) - length) + abs(rank([alone, *likeness]) - centre)

    def spread(self, chosen: Chosen) -> float:
        """What wide spreads of length and differing lists cost."""
        places = (KEY, *chosen)
        sizes, marks = [self.sizes[at] for at in places], [self.marks[at] for at in places]
        spread = max(sizes) / max(min(sizes), 1)
        return max(0.0, spread - WIDE) * 4 + spread + 3.0 * (max(marks) - min(marks) > 1)

    @cached_property
    def _with_key(self) -> list[frozenset[str]]:
        """What each text shares with the key."""
        return [self.bigrams[KEY] & other for other in self.bigrams]

    @cached_property
    def _shared(self) -> list[list[int]]:
        """How many bigrams each two texts share."""
        return [[len(a & b) for b in self.bigrams] for a in self.bigrams]

    @cached_property
    def _likeness(self) -> list[list[float]]:
        """Share of common bigrams of each two texts (Jaccard 1912); 0 when neither has one."""
        sizes = list(map(len, self.bigrams))
        return [
            [n / (sizes[a] + sizes[b] - n) if sizes[a] + sizes[b] else 0.0 for b, n in enumerate(row)]
            for a, row in enumerate(self._shared)
        ]
