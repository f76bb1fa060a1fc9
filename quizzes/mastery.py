"""How well a person knows a set of facts: counts, estimates and what is to come. Pure; every estimate says of how many.

Knowledge of a set at a time t is K(t) = Σ w·R(t) / Σ w over its core facts, where R is the predicted recall of a fact
and 0 for one never met: the share that would be recalled if all were asked. What was only ever missed counts as not
known either: the model would call it remembered for some minutes, since the answer was just shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from quizzes.composer import is_due
from quizzes.scheduling import FactState, Memory, fact_state, retrievability, study_day

FEWEST_ANSWERS = 5
LATER = timedelta(days=30)
FADING_DAYS = (0, 7, 14, 21, 28, 35, 42, 49, 56)
WEAK_RECALL = 0.7
FORECAST_DAYS = 14
MASTERED_SHARE, MASTERED_RECALL, FAMILIAR_RECALL = 0.9, 0.8, 0.8
MET_SHARE, MET_RECALL = 0.7, 0.5


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact that can be asked, and one person's memory of it. `has_productive`: it can be asked without options.

    `is_outdated`: never asked in these words, but learned in those of an older edition; it is due.
    """

    pk: int
    key: str
    course_id: int
    lesson: str
    sentence: str
    is_core: bool
    weight: float
    has_productive: bool
    memory: Memory | None
    is_outdated: bool = False

    @property
    def state(self) -> FactState:
        return fact_state(self.memory, has_productive=self.has_productive)

    def recall(self, at: datetime) -> float:
        """Predicted probability of recall; 0 for a fact never met, or missed each time."""
        if self.memory is None or self.memory.lapses == self.memory.reviews:
            return 0.0
        return retrievability(self.memory, at)

    def step(self, at: datetime) -> int:
        """0 not begun; 1 new: never answered well; 2 weak: recall below 70 %; 3 fair; 4 good; 5 strong: secure."""
        if self.memory is None:
            return 0
        if not self.memory.success_days:
            return 1
        if self.recall(at) < WEAK_RECALL:
            return 2
        return {FactState.LEARNING: 3, FactState.CONSOLIDATING: 4}.get(self.state, 5)


class SentenceRecall(NamedTuple):
    """`step` as of a fact, 0 to 5; `n` facts met; their mean recall, None without any."""

    step: int
    n: int
    recall: float | None


@dataclass(frozen=True, slots=True)
class Mastery:
    """Facts by state, how many are due today, and K now and in 30 days: None with fewer than five `answers`."""

    new: int
    learning: int
    consolidating: int
    secure: int
    due: int
    answers: int
    recall_now: float | None
    recall_later: float | None

    @property
    def total(self) -> int:
        return self.new + self.met

    @property
    def met(self) -> int:
        return self.learning + self.consolidating + self.secure

    @property
    def solid(self) -> int:
        return self.consolidating + self.secure

    @property
    def badge(self) -> str:
        """ "mastered", "review" (was, but recall fell below 80 %), "familiar", "met" or ""."""
        recall = self.recall_now
        if recall is None or not self.total:
            return ""
        if self.secure >= MASTERED_SHARE * self.total:
            return "mastered" if recall >= MASTERED_RECALL else "review"
        if recall >= FAMILIAR_RECALL:
            return "familiar"
        return "met" if self.met >= MET_SHARE * self.total and recall >= MET_RECALL else ""


class DayLoad(NamedTuple):
    """How many facts a day will bring."""

    day: date
    due: int


def mastery(facts: Collection[KnownFact], *, now: datetime, day_ends: datetime) -> Mastery:
    """What is known of `facts` at `now`; `day_ends` is when the learner's day ends."""
    states = Counter(fact.state for fact in facts)
    answers = sum(fact.memory.reviews for fact in facts if fact.memory)
    has_enough = answers >= FEWEST_ANSWERS
    return Mastery(
        new=states[FactState.NEW],
        learning=states[FactState.LEARNING],
        consolidating=states[FactState.CONSOLIDATING],
        secure=states[FactState.SECURE],
        due=sum(is_due(fact.memory, now=now, day_ends=day_ends) if fact.memory else fact.is_outdated for fact in facts),
        answers=answers,
        recall_now=knowledge(facts, now) if has_enough else None,
        recall_later=knowledge(facts, now + LATER) if has_enough else None,
    )


def knowledge(facts: Collection[KnownFact], at: datetime) -> float:
    """K at a time, 0 to 1, over the core facts; over all where none is core."""
    counted = [fact for fact in facts if fact.is_core] or facts
    weight = sum(fact.weight for fact in counted)
    return sum(fact.weight * fact.recall(at) for fact in counted) / weight if weight else 0.0


def fading(facts: Collection[KnownFact], at: datetime) -> tuple[tuple[int, float], ...]:
    """How K would fall without practice: (days from `at`, K), a week apart."""
    return tuple((days, knowledge(facts, at + timedelta(days=days))) for days in FADING_DAYS)


def sentence_recall(facts: Collection[KnownFact], at: datetime) -> SentenceRecall:
    """The facts of one sentence taken together: the mean of their steps, rounded down but not to "not begun"."""
    met = [fact for fact in facts if fact.memory]
    if not met:
        return SentenceRecall(0, 0, None)
    step = max(1, sum(fact.step(at) for fact in facts) // len(facts))
    return SentenceRecall(step, len(met), sum(fact.recall(at) for fact in met) / len(met))


def forecast(
    memories: Iterable[Memory], *, now: datetime, zone: ZoneInfo, done_today: int, per_day: int, outdated: int = 0
) -> tuple[DayLoad, ...]:
    """What two weeks will bring, today first: never more than `per_day` a day, the rest moves on to the next.

    `done_today` questions of today's number are already used up; `outdated` facts without a memory are due today.
    """
    today = study_day(now, zone)
    falling = Counter(max(today, study_day(_due_at(memory), zone)) for memory in memories)
    falling[today] += outdated
    loads, waiting = [], 0
    for ahead in range(FORECAST_DAYS):
        day = today + timedelta(days=ahead)
        waiting += falling[day]
        asked = min(waiting, max(0, per_day - done_today) if day == today else per_day)
        loads.append(DayLoad(day, asked))
        waiting -= asked
    return tuple(loads)


def _due_at(memory: Memory) -> datetime:
    return max(memory.due_at, memory.suspended_until or memory.due_at)
