"""Choosing wrong options: true elsewhere, of the same kind and length, and never recognisable by their looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from random import Random

from quizzes.chinese import edit_distance, normal
from quizzes.content import BLANK
from quizzes.generation.latin import agrees
from quizzes.generation.measures import TextMeasures, bigrams, jaccard, text_length
from quizzes.generation.spans import Span

WIDEST = 2.0
WIDE = 1.5
MOST_CANDIDATES, FEW_CANDIDATES = 14, 8
"""Texts among which sets of wrong options are sought: few where a document gives thousands of facts."""
LIST_MARK = "、"


def contains(a: str, b: str) -> bool:
    """Whether one text is inside the other."""
    left, right = normal(a), normal(b)
    return left in right or right in left


def overlaps(a: str, b: str) -> bool:
    """Whether two options are one inside the other or only one character apart."""
    return contains(a, b) or edit_distance(a, b) <= 1


def are_balanced(key: str, others: Sequence[str], *, widest: float = WIDEST) -> bool:
    """Whether no option stands out by length: longest to shortest at most `widest`, key near the mean of the rest."""
    sizes = [text_length(text) for text in (key, *others)]
    ratio = sizes[0] * len(others) / max(sum(sizes[1:]), 1)
    return max(sizes) / max(min(sizes), 1) <= widest and 1 / WIDE <= ratio <= WIDE


def converge(key: str, others: Sequence[str]) -> bool:
    """Whether the parts that options share meet in the key alone: 共同關切 between 共同期待 and 高度關切."""
    shared = [bigrams(key) & bigrams(other) for other in others]
    met = [pairs for pairs in shared if pairs]
    is_between = len(met) > 1 and not frozenset.intersection(*met)
    return is_between and not any(bigrams(a) & bigrams(b) for a, b in combinations(others, 2))


def centrality(text: str, others: Sequence[str]) -> float:
    return sum(jaccard(text, other) for other in others) / max(len(others), 1)


def shuffled(key: str, others: Sequence[str], dice: Random) -> list[str]:
    """The options with the key at any place with equal chance."""
    options = list(others)
    dice.shuffle(options)
    options.insert(dice.randrange(len(options) + 1), key)
    return options


class Chooser:
    """Picks distractors for one key out of vetoed candidates.

    `wishes`: texts to take first where all else is equal. `verbs`, `endings`: how a key may not alone begin or end.
    `order`: where options stand when they have an order of their own; the key's place is then up to the dice.
    `shortlist`: among how many candidates, the nearest in length, the options are sought.
    """

    def __init__(
        self,
        measures: TextMeasures,
        dice: Random,
        wishes: Sequence[str] = (),
        *,
        verbs: tuple[str, ...] = (),
        endings: tuple[str, ...] = (),
        order: Callable[[str], float] | None = None,
        shortlist: int = MOST_CANDIDATES,
    ) -> None:
        self.shortlist = shortlist
        self.measures = measures
        self.order = order
        self.endings = endings
        self.verbs = verbs
        self.dice = dice
        self.wishes = frozenset(wishes)
        self.noise: dict[str, float] = {}
        self.place_rank = dice.choice((0.0, 1.0))
        self.length_rank = 0.3 + 0.5 * dice.random()
        self.centre_rank = 0.2 + 0.6 * dice.random()

    def choose(
        self, stem: str, key: str, candidates: Sequence[Span], *, closed: bool = False, most: int = 3
    ) -> list[Span] | None:
        """Three distractors, else two, that satisfy every rule; None when there are no two such."""
        before = stem.partition(BLANK)[0] if BLANK in stem else ""
        usable = [span for span in candidates if not overlaps(span.text, key) and agrees(before, span.text)]
        usable = self._shortlist(key, usable)
        for count in (most, 2):
            fitting = [s for s in combinations(usable, count) if self.fits(stem, key, [x.text for x in s], closed)]
            if fitting:
                return list(min(fitting, key=lambda s: self.cost(stem, key, [x.text for x in s], closed=closed)))
        return None

    def _shortlist(self, key: str, candidates: Sequence[Span]) -> list[Span]:
        """Wishes first, then the nearest in length, ties broken by this question's dice."""
        size = text_length(key)
        rated = [
            (span.text not in self.wishes, abs(text_length(span.text) - size), self.dice.random(), i)
            for i, span in enumerate(candidates)
        ]
        return [candidates[entry[-1]] for entry in sorted(rated)[: self.shortlist]]

    def fits(self, stem: str, key: str, others: Sequence[str], closed: bool) -> bool:
        """Distinct options, like length, and a key that the words of the stem do not single out."""
        if any(overlaps(a, b) for a, b in combinations(others, 2)) or (not closed and converge(key, others)):
            return False
        if not closed and not (are_balanced(key, others) and self.are_alike(key, others)):
            return False
        cue = self.measures.cue(stem, key)
        return cue == 0 or cue <= max(self.measures.cue(stem, other) for other in others)

    def are_alike(self, key: str, others: Sequence[str]) -> bool:
        """Whether the key does not alone begin with a verb or end like a class of words, nor alone fail to."""
        openings = {other.startswith(self.verbs) for other in others}
        if len(openings) == 1 and key.startswith(self.verbs) not in openings:
            return False
        return not any(self.is_odd(ending, key, others) for ending in self.endings)

    @staticmethod
    def is_odd(ending: str, key: str, others: Sequence[str]) -> bool:
        """Whether the key alone has the ending, or lacks it where most others have it."""
        count = sum(other.endswith(ending) for other in others)
        return count == 0 if key.endswith(ending) else 2 * count > len(others)

    def cost(self, stem: str, key: str, others: Sequence[str], *, closed: bool) -> float:
        """Lower is better: wide spreads, differing lists, and a key at another rank than the dice asked for."""
        sizes = [text_length(text) for text in others]
        spread = max(*sizes, text_length(key)) / max(min(*sizes, text_length(key)), 1)
        marks = [text.count(LIST_MARK) for text in (key, *others)]
        wide = max(0.0, spread - WIDE) * 4 + spread
        lists = 3.0 * (max(marks) - min(marks) > 1)
        longer = self._rank([text_length(key), *sizes])
        centre = self._rank([centrality(key, others), *(centrality(t, [key, *others]) for t in others)])
        wished = sum(text in self.wishes for text in others)
        place = abs(self._rank([self.order(text) for text in (key, *others)]) - self.place_rank) if self.order else 0.0
        off_rank = 2.0 * abs(longer - self.length_rank) + abs(centre - self.centre_rank)
        cue = max((self.measures.cue(stem, text) for text in others), default=0.0)
        looks = place + self.jitter(others) if closed else wide + lists + off_rank
        return looks - 2.0 * wished + (0.5 if cue > 0 and self.measures.cue(stem, key) == 0 else 0)

    def jitter(self, others: Sequence[str]) -> float:
        """A little noise, the same for the same options: decides between sets of proper names."""
        return sum(self.noise.setdefault(text, self.dice.random()) for text in others) / 10

    @staticmethod
    def _rank(values: Sequence[float]) -> float:
        """Share of the others that lie below the first value, ties half: 0 lowest, 1 highest."""
        first, rest = values[0], values[1:]
        return sum(1.0 if value < first else 0.5 if value == first else 0.0 for value in rest) / len(rest)
