"""What came of one run, and which facts are weakest. Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils import timezone

from curriculum.models import Fact
from quizzes.lineage import history_of_older
from quizzes.mastery import FEWEST_ANSWERS, KnownFact
from quizzes.memory import replay
from quizzes.models import Attempt, Grading
from quizzes.scheduling import GOOD, FactState, Memory, fact_state
from quizzes.standings import Day, known_facts

WEAKEST_OF_RUN = 3


@dataclass(frozen=True, slots=True)
class WeakFact:
    """A fact after so many answers, `lapses` of them wrong, and when it comes back; `recall` now only from five on."""

    fact: Fact
    recall: float | None
    answers: int
    lapses: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """What a run did to a fact: its state before and after."""

    fact: Fact
    before: FactState
    after: FactState


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """What came of one run. `right` of `asked` questions were right at the first try and without help.

    `total`: questions of the run without those that came again. `up` and `down`: facts whose state changed; `weakest`:
    up to three of those that were missed or barely known; `tomorrow` facts come back until the end of the next day,
    `later` facts after that.
    """

    asked: int
    right: int
    total: int
    up: tuple[Move, ...]
    down: tuple[Move, ...]
    weakest: tuple[WeakFact, ...]
    tomorrow: int
    later: int

    @property
    def accuracy(self) -> float | None:
        """Share right at the first try, None below five answers."""
        return self.right / self.asked if self.asked >= FEWEST_ANSWERS else None


def summary(attempt: Attempt, day: Day | None = None) -> AttemptSummary:
    """What came of a run, finished or not. Six queries; seven where its course replaces an older edition."""
    day = day or Day(timezone.now(), ZoneInfo(attempt.learner.time_zone))
    history = _history(attempt)
    mine = [grading for grading in history if grading.response.item.attempt_id == attempt.pk]
    facts = known_facts(attempt.learner, [attempt.course], pk__in={grading.fact_id for grading in mine})
    unsure = {grading.fact_id for grading in mine if grading.rating is not None and grading.rating < GOOD}
    weak = [fact for fact in weakest(facts, day) if fact.pk in unsure][:WEAKEST_OF_RUN]
    rows = texts(fact.pk for fact in facts)
    moves = _moves(facts, [*_older(attempt, history), *history], mine, rows)
    soon = Day(day.now + timedelta(days=1), day.zone).ends
    tomorrow = sum(fact.memory.due_at < soon for fact in facts if fact.memory)
    return AttemptSummary(
        **_counts(attempt),
        up=tuple(move for move in moves if move.after.rank > move.before.rank and move.fact.pk not in unsure),
        down=tuple(move for move in moves if move.after.rank < move.before.rank),
        weakest=tuple(weak_fact(rows[fact.pk], fact, day) for fact in weak),
        tomorrow=tomorrow,
        later=sum(fact.memory is not None for fact in facts) - tomorrow,
    )


def weakest(facts: Iterable[KnownFact], day: Day) -> list[KnownFact]:
    """Facts met before, those least likely to be recalled a day from now first: what was just answered is known now."""
    tomorrow = day.now + timedelta(days=1)
    return sorted((fact for fact in facts if fact.memory), key=lambda fact: (fact.recall(tomorrow), fact.pk))


def weak_fact(fact: Fact, known: KnownFact, day: Day) -> WeakFact:
    """A fact met before as a value for pages."""
    memory = known.memory
    assert memory is not None
    recall = known.recall(day.now) if memory.reviews >= FEWEST_ANSWERS else None
    return WeakFact(fact, recall, memory.reviews, memory.lapses, memory.due_at)


def texts(pks: Iterable[int]) -> dict[int, Fact]:
    """Facts with their sentence and lesson, by row id. One query."""
    return Fact.objects.select_related("sentence__passage__lesson").in_bulk(list(pks))


def _history(attempt: Attempt) -> list[Grading]:
    """All that was ever answered about the facts of this run."""
    facts = Grading.objects.filter(response__item__attempt=attempt).values("fact")
    history = Grading.objects.standing().filter(learner=attempt.learner_id, fact__in=facts)
    unread = "response__details", "response__answer", "response__item__order"
    return list(history.select_related("response__item").defer(*unread).in_history_order())


def _older(attempt: Attempt, history: Iterable[Grading]) -> list[Grading]:
    """What was answered in older editions about the facts of `history`, as far as it counts for them."""
    facts = {grading.fact_id for grading in history}
    return history_of_older(attempt.learner_id, facts) if attempt.course.replaces_id and facts else []


def _moves(
    facts: Iterable[KnownFact], history: Sequence[Grading], mine: Sequence[Grading], rows: dict[int, Fact]
) -> list[Move]:
    """The state of each fact before the run's first answer and after its last."""
    if not mine:
        return []
    history = sorted(history, key=lambda grading: (grading.answered_at, grading.response_id, grading.pk))
    began, ended = mine[0].answered_at, mine[-1].answered_at
    before = replay(grading for grading in history if grading.answered_at < began)
    after = replay((grading for grading in history if began <= grading.answered_at <= ended), before)
    return [Move(rows[fact.pk], _state(fact, before), _state(fact, after)) for fact in facts]


def _state(fact: KnownFact, memories: dict[int, Memory]) -> FactState:
    return fact_state(memories.get(fact.pk), has_productive=fact.has_productive)


def _counts(attempt: Attempt) -> dict[str, int]:
    """Questions in all, answered, and right at once without help; those that came again do not count. One query."""
    once = Q(is_repeat=False)
    first = once & Q(responses__try_number=1, responses__hints_taken=0, responses__verdict="correct")
    return attempt.items.aggregate(
        total=Count("pk", filter=once, distinct=True),
        asked=Count("pk", filter=once & Q(answered_at__isnull=False), distinct=True),
        right=Count("pk", filter=first, distinct=True),
    )
