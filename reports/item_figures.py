"""What the sums of first answers say of one version of a question. Pure: no database, no clock.

`summary` is what a list of hundreds needs, `detail` everything for one page. Both come from the same counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import comb
from typing import Any, NamedTuple

from quizzes.tallies import BLANK, FULL, LONGEST_TEXT, RAPID, REST_STEPS, REVIEW, Tally, seconds
from reports.psychometrics import (
    FEWEST_FOR_GROUPS,
    FEWEST_FOR_OPTIONS,
    Cell,
    Figure,
    Option,
    deviation,
    discrimination,
    efficiency,
    facility,
    guess_corrected,
    median,
    options,
    share,
    thirds,
    upper_lower,
)

COMMONEST = 10
WELL, WEAKLY = 0.3, 0.1
"""From which discrimination an item separates well, and weakly."""


class Wrong(NamedTuple):
    """A wrong answer as most wrote it, how often it was given in any spelling, and its share of all answers."""

    text: str
    times: int
    share: Figure

    @property
    def is_whole(self) -> bool:
        """Whether this is all that was written; long answers are kept by how they begin."""
        return len(self.text) < LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Asked:
    """What a version asks, as far as statistics need it: `guess` is what a blind guess earns on average."""

    kind: str
    options: tuple[str, ...]
    key: str
    premises: tuple[str, ...]
    responses: tuple[str, ...]
    partners: tuple[int, ...]
    guess: float

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Asked:
        """From the stored content; `key` is the index of the right option as a code, "" without options."""
        choices = tuple(body.get("options") or ())
        responses = tuple(body.get("responses") or ())
        is_matching = body["kind"] == "matching"
        partners = dict(map(tuple, body["key"])) if is_matching else {}
        premises = tuple(body.get("premises") or ()) if is_matching else ()
        return cls(
            kind=body["kind"],
            options=choices,
            key=str(choices.index(body["key"])) if body.get("key") in choices else "",
            premises=premises,
            responses=responses,
            partners=tuple(responses.index(partners[premise]) for premise in premises),
            guess=_guess(body["kind"], len(choices), len(responses), len(body.get("items") or ())),
        )


def _guess(kind: str, choices: int, responses: int, items: int) -> float:
    """1/k of k options, 1/m a pair of m responses, E[max(0, tau)] of an order, 0 of what is typed."""
    if choices:
        return 1 / choices
    if kind == "matching":
        return 1 / responses if responses else 0.0
    return ordering_guess(items) if kind == "ordering" else 0.0


@cache
def ordering_guess(items: int) -> float:
    """The mean of max(0, Kendall's tau) over all orders of so many items, counted by inversions (MacMahon 1916)."""
    inversions = [1]
    for size in range(2, items + 1):
        longer = [0] * (len(inversions) + size - 1)
        for at, ways in enumerate(inversions):
            for more in range(size):
                longer[at + more] += ways
        inversions = longer
    pairs = comb(items, 2)
    if not pairs:
        return 1.0
    return sum(ways * max(0.0, 1 - 2 * at / pairs) for at, ways in enumerate(inversions)) / sum(inversions)


@dataclass(frozen=True, slots=True)
class Summary:
    """First answers to one version.

    `n`: answers that count; `blank` of them without an answer or with "I don't know"; `rapid`: share of first tries
    that came too soon to have been read (left out of everything else); `r`: correlation with the rest, from the answers
    of those who had answered five others before.
    """

    n: int
    blank: int
    right: int
    p: Figure
    corrected: Figure
    r: Figure
    seconds: Figure
    rapid: Figure
    wrong: Wrong | None
    options: tuple[tuple[str, int], ...]
    strong: Mapping[str, float] | None

    @property
    def separates(self) -> str:
        """ "well", "weakly" or "no"; "" where that is not known."""
        if self.r.value is None:
            return ""
        return "well" if self.r.value >= WELL else "weakly" if self.r.value >= WEAKLY else "no"


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything about one version, besides its summary.

    `pairs`: for each premise how often each response, and none (last), was given; empty for other kinds. `times`:
    (seconds from, seconds to, answers). `reviews`: mean score where a fact had been asked before, told apart because it
    speaks of the learning. `left`: first tries left out, by why.
    """

    summary: Summary
    deviation: Figure
    efficiency: Figure
    d: Figure
    thirds: tuple[float, float, float] | None
    options: tuple[Option, ...]
    wrong: tuple[Wrong, ...]
    pairs: tuple[tuple[int, ...], ...]
    times: tuple[tuple[float, float, int], ...]
    reviews: Figure
    left: Mapping[str, int]

    @property
    def works(self) -> tuple[int, int] | None:
        """How many distractors function, of how many; None while that is not known of all."""
        judged = [option.is_functioning for option in self.options if not option.is_key and option.code != BLANK]
        return None if not judged or None in judged else (sum(map(bool, judged)), len(judged))


def summary(tally: Tally, asked: Asked) -> Summary:
    """The figures of a list. The commonest wrong answer of a typed question needs the tally's `wrong`."""
    counts: Counter[str] = Counter()
    scores: Counter[int] = Counter()
    rested: Counter[tuple[int, int]] = Counter()
    chosen: dict[int, dict[str, int]] = defaultdict(dict)
    for key, row in tally.answers.items():
        code, _, text = key.rpartition(":")
        n, score = sum(row.values()), int(text)
        counts[code] += n
        scores[score] += n
        for rest, times in row.items():
            if rest:
                step = int(rest)
                rested[score, step] += times
                chosen[step][code] = times
    n = sum(counts.values())
    p = share(sum(score * times for score, times in scores.items()) / FULL, n)
    given = tuple((code, counts[code]) for code in map(str, range(len(asked.options))))
    return Summary(
        n=n,
        blank=counts[BLANK],
        right=scores[FULL],
        p=p,
        corrected=guess_corrected(p, asked.guess),
        r=discrimination([Cell(score / FULL, step / REST_STEPS, times) for (score, step), times in rested.items()]),
        seconds=median({seconds(int(step)): times for step, times in tally.paces.items()}),
        rapid=share(tally.left.get(RAPID, 0), n + sum(tally.left.values())),
        wrong=_commonest(tally, asked, given, n),
        options=given,
        strong=_strong(chosen) if asked.options else None,
    )


def _commonest(tally: Tally, asked: Asked, given: tuple[tuple[str, int], ...], n: int) -> Wrong | None:
    """The wrong answer given most; none below the fewest answers for one."""
    if n < FEWEST_FOR_OPTIONS:
        return None
    if asked.options:
        code, count = max(((c, m) for c, m in given if c != asked.key), key=lambda row: row[1], default=("", 0))
        return Wrong(asked.options[int(code)], count, share(count, n, needed=FEWEST_FOR_OPTIONS)) if count else None
    if asked.premises:
        return _commonest_pair(tally, asked, n)
    found = wrong_texts(tally, n)
    return found[0] if found else None


def _commonest_pair(tally: Tally, asked: Asked, n: int) -> Wrong | None:
    matrix = _pairs(tally, asked)
    wrong = [
        (count, premise, response)
        for premise, row in enumerate(matrix)
        for response, count in enumerate(row[:-1])
        if count and response != asked.partners[premise]
    ]
    if not wrong:
        return None
    count, premise, response = max(wrong, key=lambda row: (row[0], -row[1], -row[2]))
    text = f"{asked.premises[premise]} → {asked.responses[response]}"
    return Wrong(text, count, share(count, n, needed=FEWEST_FOR_OPTIONS))


def _strong(chosen: Mapping[int, Mapping[str, int]]) -> Mapping[str, float] | None:
    """Share of each option in the top third by rest, ties as in `psychometrics.thirds`; None below enough answers.

    `chosen`: rest -> code -> answers.
    """
    n = sum(times for row in chosen.values() for times in row.values())
    if n < FEWEST_FOR_GROUPS:
        return None
    found: dict[str, float] = defaultdict(float)
    left = n / 3
    for rest in sorted(chosen, reverse=True):
        size = sum(chosen[rest].values())
        taken = min(left, size)
        for code, times in chosen[rest].items():
            found[code] += 3 * times * taken / (size * n)
        left -= taken
        if left <= 0:
            break
    found.pop(BLANK, None)
    return dict(found)


def _by_option(tally: Tally) -> dict[str, dict[float, int]]:
    """Code -> rest -> answers, of those with a rest."""
    found: dict[str, dict[float, int]] = defaultdict(lambda: defaultdict(int))
    for key, row in tally.answers.items():
        for rest, n in row.items():
            if rest:
                found[key.rpartition(":")[0]][int(rest) / REST_STEPS] += n
    return found


def wrong_texts(tally: Tally, n: int) -> tuple[Wrong, ...]:
    """Typed wrong answers, the commonest first; those that are the same but for writing are one."""
    if n < FEWEST_FOR_OPTIONS:
        return ()
    counted = [(sum(texts.values()), form, texts) for form, texts in tally.wrong.items()]
    rows = sorted(counted, key=lambda row: (-row[0], row[1]))
    return tuple(
        Wrong(min(texts, key=lambda text: (-texts[text], text)), count, share(count, n, needed=FEWEST_FOR_OPTIONS))
        for count, _form, texts in rows[:COMMONEST]
    )


def detail(tally: Tally, asked: Asked) -> Detail:
    """Every figure of one version."""
    short = summary(tally, asked)
    cells = [
        Cell(int(key.rpartition(":")[2]) / FULL, int(rest) / REST_STEPS if rest else -1.0, n)
        for key, row in tally.answers.items()
        for rest, n in row.items()
    ]
    rested = [cell for cell in cells if cell.r >= 0]
    counts = dict(short.options) | ({BLANK: short.blank} if short.blank else {}) if asked.options else {}
    reviewed = [Cell(int(score) / FULL, 0.0, n) for score, n in tally.reviews.items()]
    return Detail(
        summary=short,
        deviation=deviation(cells),
        efficiency=efficiency(rested),
        d=upper_lower(rested),
        thirds=thirds(rested),
        options=tuple(options(_by_option(tally), counts=counts, key=asked.key, p=short.p)),
        wrong=wrong_texts(tally, short.n),
        pairs=_pairs(tally, asked) if short.n >= FEWEST_FOR_OPTIONS else (),
        times=_times(tally) if short.seconds.is_known else (),
        reviews=facility(reviewed),
        left={why: n for why, n in sorted(tally.left.items()) if why != REVIEW},
    )


def _pairs(tally: Tally, asked: Asked) -> tuple[tuple[int, ...], ...]:
    columns = [*map(str, range(len(asked.responses))), ""]
    return tuple(
        tuple(tally.pairs.get(f"{premise}:{response}", 0) for response in columns)
        for premise in range(len(asked.premises))
    )


def _times(tally: Tally) -> tuple[tuple[float, float, int], ...]:
    """Columns of half a doubling each, from the quickest to the slowest."""
    width = 4
    columns: Counter[int] = Counter()
    for step, n in tally.paces.items():
        columns[int(step) // width] += n
    return tuple(
        (seconds(at * width), seconds((at + 1) * width), columns[at]) for at in range(min(columns), max(columns) + 1)
    )
