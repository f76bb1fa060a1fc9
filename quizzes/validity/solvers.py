"""Test-wise solvers: what somebody can score who has read nothing.

Each solver is given what is on the screen, never the document, and its expected score is compared with chance. Ties
are shared: a solver that cannot decide between two options scores a half.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from statistics import mean
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from quizzes.generation.measures import jaccard, text_length
from quizzes.validity.findings import ERROR, WARNING, Problem, bank_rule, item_rule
from quizzes.validity.item import Bank, Item
from quizzes.validity.texts import normal

Z_ONE_SIDED = 1.64
"""95 % one-sided normal quantile: a fair bank trips one solver in twenty at most."""
Z_INTERVAL = 1.96
"""95 % two-sided quantile of the Wilson interval (Wilson 1927)."""
SLACK_STRICT = 0.25
"""A quarter of a pair above chance is the grain of small sets, not a cue."""
SLACK_LOOSE = 0.5
TRICK_LOOSE = 0.4
"""Below chance by this much, shared words mislead: that is a trick, not a test of memory."""
LARGEST_SET = 6
THREE_SIGMA = 3.0
SHOWN_OFTEN = 5
KEY_SHARE = (0.1, 0.6)
"""A text shown five times or more should be right sometimes and wrong sometimes."""
EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Expected share of right answers of one solver over `count` questions, with its Wilson interval and chance."""

    solver: str
    count: int
    correct: float
    chance: float

    @property
    def accuracy(self) -> float:
        return self.correct / self.count if self.count else 0.0

    @property
    def limit(self) -> float:
        """Highest accuracy still explained by chance: c + 1.64 * sqrt(c (1 - c) / N)."""
        if not self.count:
            return 1.0
        return self.chance + Z_ONE_SIDED * math.sqrt(self.chance * (1 - self.chance) / self.count)

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.correct, self.count)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able dict, rounded."""
        low, high = self.interval
        numbers = {"accuracy": self.accuracy, "chance": self.chance, "limit": self.limit, "low": low, "high": high}
        return {"solver": self.solver, "n": self.count, **{name: round(value, 4) for name, value in numbers.items()}}


def wilson(correct: float, count: int, *, z: float = Z_INTERVAL) -> tuple[float, float]:
    """Wilson score interval for a proportion; (0, 1) without observations."""
    if count == 0:
        return 0.0, 1.0
    share = correct / count
    centre = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def overlap_score(weights: Sequence[Sequence[float]], key: Sequence[int]) -> float:
    """Expected number of right pairs of a maximum-weight assignment, averaged over all optimal ones.

    `weights[i][j]`: cue between premise i and response j; `key[i]`: right response of premise i. Brute force over
    m! / (m - n)! assignments: meant for n <= 6, m <= 8.
    """
    rows, columns = len(key), len(weights[0])
    best, hits, ways = -1.0, 0, 0
    for chosen in permutations(range(columns), rows):
        total = math.fsum(weights[i][j] for i, j in enumerate(chosen))
        if total < best - EQUAL:
            continue
        right = sum(j == key[i] for i, j in enumerate(chosen))
        if total > best + EQUAL:
            best, hits, ways = total, right, 1
        else:
            hits, ways = hits + right, ways + 1
    return hits / ways if ways else 0.0


def key_indices(item: Item) -> list[int]:
    """Index of the right response for each premise; empty when a key is not among the responses."""
    responses = list(item.content.responses)
    return [responses.index(key) for key in item.keys] if all(key in responses for key in item.keys) else []


@item_rule(
    "V31", ERROR, _("Pairing a matching set by shared characters does no better than chance, and not much worse.")
)
def overlap_does_not_solve(item: Item) -> Iterator[Problem]:
    if item.content.kind != "matching" or len(item.content.premises) > LARGEST_SET:
        return
    key = key_indices(item)
    if not key or len(key) != len(item.content.premises):
        return
    premises, responses = item.content.premises, item.content.responses
    measures, chance = item.bank.measures, len(key) / len(responses)
    strict = overlap_score(measures.matrix(premises, responses), key)
    if strict > chance + SLACK_STRICT:
        yield Problem(
            gettext("shared characters solve %(pairs)s pairs, chance is %(chance)s")
            % {"pairs": f"{strict:.2f}", "chance": f"{chance:.2f}"},
            {"score": strict},
        )
    loose = overlap_score(measures.matrix(premises, responses, stop=item.bank.loose_stop), key)
    if loose > chance + SLACK_LOOSE or loose < chance - TRICK_LOOSE:
        words = gettext("with frequent words left in, shared characters solve %(pairs)s pairs, chance is %(chance)s")
        yield Problem(words % {"pairs": f"{loose:.2f}", "chance": f"{chance:.2f}"}, {"score": loose}, WARNING)


Score = Callable[[Item, str], float]


def by_length(item: Item, option: str) -> float:
    return text_length(option)


def by_shortness(item: Item, option: str) -> float:
    return -text_length(option)


def by_stem_overlap(item: Item, option: str) -> float:
    return item.bank.measures.cue(item.visible_stem, option)


def by_centrality(item: Item, option: str) -> float:
    return mean(jaccard(option, other) for other in item.content.options or () if other != option)


def chosen(item: Item, score: Score) -> float:
    """Expected score of picking the option with the highest value, ties shared."""
    options = item.content.options or ()
    values = [score(item, option) for option in options]
    top = [option for option, value in zip(options, values, strict=True) if value >= max(values) - EQUAL]
    return (item.key in top) / len(top)


def most_frequent_text(items: Sequence[Item]) -> list[float]:
    """Scores of picking the option shown most often in the other questions."""
    shown = Counter(normal(option) for item in items for option in item.content.options or ())
    return [chosen(item, lambda _, option: shown[normal(option)]) for item in items]


def most_frequent_position(items: Sequence[Item]) -> list[float]:
    """Scores of picking the position where the key stands most often in the other questions of that size."""
    places = Counter((len(item.content.options or ()), position(item)) for item in items)
    return [_by_position(item, places) for item in items]


def _by_position(item: Item, places: Counter[tuple[int, int]]) -> float:
    size, own = len(item.content.options or ()), position(item)
    counts = [places[size, at] - (at == own) for at in range(size)]
    top = [at for at, count in enumerate(counts) if count == max(counts)]
    return (own in top) / len(top)


def position(item: Item) -> int:
    """Index of the key among the stored options, -1 when it is none of them."""
    options = [normal(option) for option in item.content.options or ()]
    return options.index(normal(item.key)) if normal(item.key) in options else -1


def solver_accuracies(bank: Bank) -> list[Accuracy]:
    """All solvers over all questions with options."""
    items = [item for item in bank.items if item.is_choice and len(item.content.options or ()) > 1]
    if not items:
        return []
    chance = mean(1 / len(item.content.options or ()) for item in items)
    simple: dict[str, Score] = {
        _("longest option"): by_length,
        _("shortest option"): by_shortness,
        _("most overlap with the stem"): by_stem_overlap,
        _("most central option"): by_centrality,
    }
    results = {name: [chosen(item, score) for item in items] for name, score in simple.items()}
    results[_("most frequent text")] = most_frequent_text(items)
    results[_("most frequent position")] = most_frequent_position(items)
    return [Accuracy(name, len(items), math.fsum(scores), chance) for name, scores in results.items()]


@bank_rule("V32", ERROR, _("No solver that has read nothing beats chance over the bank."))
def solvers_fail(bank: Bank) -> Iterator[Problem]:
    for result in solver_accuracies(bank):
        if result.accuracy > result.limit:
            figures = {"share": f"{result.accuracy:.3f}", "limit": f"{result.limit:.3f}", "count": result.count}
            words = gettext("%(solver)s: %(share)s of %(count)s, limit %(limit)s")
            yield Problem(words % {"solver": result.solver, **figures}, result.to_dict())


def natural_order(item: Item) -> list[str] | None:
    """The options in their own order (numbers ascending, headings as printed), or None when they have none."""
    options = list(item.content.options or ())
    headings = item.bank.world.headings
    if options and all(normal(option) in headings for option in options):
        return sorted(options, key=lambda option: headings[normal(option)])
    pattern = item.bank.vocabulary.number
    if options and pattern and all(re.fullmatch(pattern, option) and leading_number(option) for option in options):
        return sorted(options, key=leading_number)
    return None


def leading_number(text: str) -> int:
    """The number at the start of a text written in digits, 0 when there is none."""
    found = re.match(r"[0-9]+", text)
    return int(found.group()) if found else 0


@bank_rule("V28", ERROR, _("Numbers and headings stand in natural order; else the key is equally often in each place."))
def positions_are_balanced(bank: Bank) -> Iterator[Problem]:
    seeded: dict[int, list[int]] = {}
    for item in bank.items:
        if not item.is_choice:
            continue
        order = natural_order(item)
        if order is None:
            seeded.setdefault(len(item.content.options or ()), []).append(position(item))
        elif order != list(item.content.options or ()):
            yield Problem(
                gettext("options not in natural order: %(order)s") % {"order": "、".join(order)},
                question=item.content.id,
            )
    for size, places in sorted(seeded.items()):
        expected, sigma = len(places) / size, math.sqrt(len(places) * (size - 1)) / size
        for at in range(size):
            count = places.count(at)
            if abs(count - expected) > THREE_SIGMA * sigma:
                yield Problem(
                    gettext("with %(size)s options the key is %(count)s times in place %(at)s, expected %(expected)s")
                    % {"size": size, "count": count, "at": at + 1, "expected": f"{expected:.1f}"}
                )


@bank_rule("V29", WARNING, _("No text shown often is nearly always or nearly never the key."))
def no_text_is_always_right(bank: Bank) -> Iterator[Problem]:
    items = [item for item in bank.items if item.is_choice]
    shown = Counter(normal(option) for item in items for option in item.content.options or ())
    right = Counter(normal(item.key) for item in items)
    for text, count in sorted(shown.items()):
        if count >= SHOWN_OFTEN and not KEY_SHARE[0] <= right[text] / count <= KEY_SHARE[1]:
            yield Problem(
                gettext("「%(text)s」 is the key in %(right)s of %(count)s")
                % {"text": text, "right": right[text], "count": count},
                {"text": text},
            )
