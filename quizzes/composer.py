"""What to ask in one session: which facts, in which order of urgency. Pure and deterministic; `sequence` orders them.

Due facts come first, the most overdue relative to their stability first. New facts follow the document, a few from one
paragraph at a time: blocked when they are first met, mixed when they come back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from quizzes.scheduling import Memory, retrievability
from quizzes.sequence import Candidate, Lineup, Rules

FEWEST, MOST = 12, 20
NEW_SHARE_OF_DAY, MOST_NEW = 0.4, 15
MOST_BACKLOG = 20
REVIEWS_PER_NEW = 3
BLOCK = 4
NEARLY_DUE = 0.8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands in its document, and whether the course insists on it."""

    lesson: int
    passage: int
    sentence: str
    start: int
    is_core: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the choice depends on. Facts are keys; `day_began` and `day_ends` bound the study day of `now`.

    `edges`: for each content id the ids that it gives away. `confused`: for each fact wrong texts the learner gave.
    `outdated`: facts of which the learner knows an older wording. `assigned`: lessons (`Place.lesson`) that
    somebody has set for the learner.
    """

    candidates: Sequence[Candidate]
    places: Mapping[str, Place]
    memories: Mapping[str, Memory]
    edges: Mapping[str, frozenset[str]]
    confused: Mapping[str, frozenset[str]]
    now: datetime
    day_began: datetime
    day_ends: datetime
    seed: str
    items_per_day: int
    outdated: frozenset[str] = frozenset()
    assigned: frozenset[int] = frozenset()


def new_allowed(*, items_per_day: int, met_today: int, backlog: int) -> int:
    """How many new facts may still be met today: 8 in a day of 20 questions, never over 15, none with a backlog."""
    if backlog > MOST_BACKLOG:
        return 0
    return max(0, min(MOST_NEW, round(NEW_SHARE_OF_DAY * items_per_day)) - met_today)


def is_due(memory: Memory, *, now: datetime, day_ends: datetime) -> bool:
    """Whether a fact is to be asked today. A fact that was missed very often rests until its pause is over."""
    is_paused = memory.suspended_until is not None and memory.suspended_until > now
    return memory.due_at < day_ends and not is_paused


def overdue(memory: Memory, now: datetime) -> float:
    """Time since a fact was due, in units of its stability."""
    return (now - memory.due_at) / timedelta(days=memory.stability)


def is_nearly_due(memory: Memory, now: datetime) -> bool:
    """Whether four fifths of the interval have passed."""
    return now >= memory.last_review_at + NEARLY_DUE * (memory.due_at - memory.last_review_at)


class Stock:
    """The facts of a situation that can be asked, sorted by what is known of them."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.by_fact: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in situation.candidates:
            for fact in candidate.content.facts:
                if fact in situation.places:
                    self.by_fact[fact].append(candidate)
        self.memories = {fact: memory for fact, memory in situation.memories.items() if fact in self.by_fact}

    @property
    def outdated(self) -> list[str]:
        """Facts never asked in their newer wording, but known in an older one, in the order of the document."""
        return sorted((self.situation.outdated & self.by_fact.keys()) - self.memories.keys(), key=self._start)

    @property
    def due(self) -> list[str]:
        """First what was learned in words that do not hold any more, then what is due of lessons that are set."""
        now, ends = self.situation.now, self.situation.day_ends
        due = {fact: memory for fact, memory in self.memories.items() if is_due(memory, now=now, day_ends=ends)}
        return [*self.outdated, *sorted(due, key=lambda fact: (self._is_free(fact), -overdue(due[fact], now), fact))]

    @property
    def weakest(self) -> list[str]:
        """Everything met before, least remembered first."""
        now = self.situation.now
        return sorted(self.memories, key=lambda fact: (retrievability(self.memories[fact], now), fact))

    @property
    def ready(self) -> frozenset[str]:
        now, ends = self.situation.now, self.situation.day_ends
        return frozenset(self.outdated) | frozenset(
            fact
            for fact, memory in self.memories.items()
            if is_due(memory, now=now, day_ends=ends) or is_nearly_due(memory, now)
        )

    @property
    def new_allowed(self) -> int:
        met_today = sum(memory.first_seen_at >= self.situation.day_began for memory in self.memories.values())
        return new_allowed(items_per_day=self.situation.items_per_day, met_today=met_today, backlog=len(self.due))

    @property
    def new(self) -> list[str]:
        """Facts never met, in the order in which to meet them: lesson by lesson, those that are set before others, what
        the course insists on first, in rounds through the paragraphs that take up to four facts from each, of different
        sentences if possible. What only a matching set asks waits until the others were met."""
        queue: list[tuple[tuple[bool, int, int, int, int], int, str]] = []
        blocks: dict[tuple[int, int, int], list[str]] = defaultdict(list)
        unmet = self.by_fact.keys() - self.memories.keys() - self.situation.outdated
        for fact in sorted(unmet, key=self._start):
            place = self.situation.places[fact]
            rank = 2 * (not place.is_core) + self._stands_only_in_sets(fact)
            blocks[self._lesson(fact), rank, place.passage].append(fact)
        for (lesson, rank, passage), facts in blocks.items():
            for index, fact in enumerate(self._spread(facts)):
                free = lesson not in self.situation.assigned
                queue.append(((free, lesson, rank, index // BLOCK, passage), index, fact))
        return [fact for _place, _index, fact in sorted(queue)]

    def _stands_only_in_sets(self, fact: str) -> bool:
        return all(candidate.content.kind == "matching" for candidate in self.by_fact[fact])

    def _lesson(self, fact: str) -> int:
        """The lesson in which a fact is met: its own, or the last that its set reaches where only sets ask it."""
        places = self.situation.places
        if not self._stands_only_in_sets(fact):
            return places[fact].lesson
        sets = (candidate.content.facts for candidate in self.by_fact[fact])
        return min(max(places[other].lesson for other in row if other in places) for row in sets)

    def _spread(self, facts: Sequence[str]) -> list[str]:
        """The first fact of each sentence, then the second of each: blocks of four, each in document order."""
        seen: dict[str, int] = defaultdict(int)
        rounds: list[tuple[int, int, str]] = []
        for fact in facts:
            sentence = self.situation.places[fact].sentence
            rounds.append((seen[sentence], self._start(fact)[0], fact))
            seen[sentence] += 1
        spread = [fact for _round, _start, fact in sorted(rounds)]
        blocks = [spread[at : at + BLOCK] for at in range(0, len(spread), BLOCK)]
        return [fact for block in blocks for fact in sorted(block, key=self._start)]

    def _is_free(self, fact: str) -> bool:
        return self.situation.places[fact].lesson not in self.situation.assigned

    def _start(self, fact: str) -> tuple[int, str]:
        return self.situation.places[fact].start, fact


def compose(situation: Situation, *, scope: str, size: int, wanted: Collection[str] = ()) -> list[Candidate]:
    """The questions of one session, in order, `size` at most; empty when there is nothing to ask.

    `scope` is "lesson" (the candidates are those of one lesson: everything may be asked, new facts first), "course"
    (what is due, and some new facts), "due" (only that) or "facts" (those `wanted`, weakest first).
    """
    stock = Stock(situation)
    rules = Rules(
        size=size,
        fewest=min(FEWEST, size),
        new=_most_new(stock, scope, size),
        seed=situation.seed,
        edges=situation.edges,
        memories=stock.memories,
        confused=situation.confused,
        ready=stock.ready,
        outdated=situation.outdated,
        is_mixed=scope != "lesson",
        may_use_sets=scope == "lesson",
        may_neighbour=scope in ("due", "facts"),
    )
    targets = _targets(stock, scope, size, wanted)
    if scope in ("due", "facts"):
        return Lineup(rules, stock.by_fact).fill(*targets)
    return _long_enough(stock, rules, targets).placed


def _long_enough(stock: Stock, rules: Rules, targets: tuple[list[str], list[str]]) -> Lineup:
    """A session that is not too short if the stock allows it, from the mildest means to the last."""
    lineups = []
    for is_sparing in (False, True):
        lineup = Lineup(replace(rules, is_sparing=is_sparing), stock.by_fact)
        lineup.fill(*targets)
        if len(lineup.fill_up(stock.weakest, only_clean=True)) >= rules.fewest:
            return lineup
        lineups.append(lineup)
    longest = max(lineups, key=lambda lineup: len(lineup.placed))
    longest.fill_up(stock.weakest, only_clean=False)
    return longest


def _targets(stock: Stock, scope: str, size: int, wanted: Collection[str]) -> tuple[list[str], list[str]]:
    """Facts to ask, the most urgent first, and others to fall back on."""
    if scope == "lesson":
        return _of_lesson(stock, size)
    if scope == "course":
        return _of_course(stock, size)
    if scope == "due":
        return stock.due, []
    return [fact for fact in (*stock.outdated, *stock.weakest, *stock.new) if fact in wanted], []


def _most_new(stock: Stock, scope: str, size: int) -> int:
    """How many facts may be met for the first time; among reviews at least one for three of them, if any may."""
    room = max(size - len(stock.due), size // (REVIEWS_PER_NEW + 1))
    return min(stock.new_allowed, room) if scope == "course" else MOST_NEW


def _of_lesson(stock: Stock, size: int) -> tuple[list[str], list[str]]:
    """Two thirds of the session for new facts, then what is due, then what is weakest; more that is new as a spare."""
    first = round(size * 2 / 3)
    return list(dict.fromkeys([*stock.new[:first], *stock.due, *stock.weakest])), stock.new[first:]


def _of_course(stock: Stock, size: int) -> tuple[list[str], list[str]]:
    """Begin with reviews, then spread new facts among them. With nothing due and nothing new allowed, the weakest."""
    due, most_new = stock.due, _most_new(stock, "course", size)
    fresh, spare = (stock.new[:most_new], stock.new[most_new:]) if most_new else ([], [])
    reviews, later = due[: size - len(fresh)], due[size - len(fresh) :]
    start = min(REVIEWS_PER_NEW, len(reviews)) / max(len(reviews), 1)
    places = [((at + 0.5) / len(reviews), 0, at, fact) for at, fact in enumerate(reviews)]
    places += [(start + (1 - start) * at / len(fresh), 1, at, fact) for at, fact in enumerate(fresh)]
    return [*(fact for *_place, fact in sorted(places)), *later] or stock.weakest, spare
