"""Does the memory model say what happens? Predicted recall against what was answered, in bins, and the log loss.

A review is the first rating of a fact on a study day, of a fact met before: the only answers that the model predicts.
Each is predicted from the history before it. Replaying everybody's history would cost more with every answer, so a
large class is judged by a sample of learners and facts, drawn by a fixed rule, of about SAMPLE reviews; the report says
how many there are.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from django.db.models import Sum

from classrooms.models import Classroom
from curriculum.models import Fact
from quizzes.memory import replay
from quizzes.models import Grading, MemoryState
from quizzes.scheduling import AGAIN, Memory, retrievability
from quizzes.validity.solvers import wilson

SAMPLE = 3_000
ASKED = 100
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
REPLAYED = (
    "learner",
    "fact",
    "question",
    "kind",
    "is_productive",
    "rating",
    "study_day",
    "answered_at",
)
FEWEST = 50
"""Below so many reviews nothing is said of the model."""
FEWEST_IN_BIN = 5
CLIP = 1e-6


class Prediction(NamedTuple):
    """What the model said, 0 to 1, and whether it was recalled."""

    predicted: float
    is_recalled: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Reviews predicted between `low` and `high`: `n`, the mean prediction, how many were recalled."""

    low: float
    high: float
    n: int
    predicted: float
    recalled: int

    @property
    def observed(self) -> float | None:
        return self.recalled / self.n if self.n >= FEWEST_IN_BIN else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.recalled, self.n) if self.n >= FEWEST_IN_BIN else None

    @property
    def is_off(self) -> bool:
        """Whether the mean prediction lies outside the interval of what happened."""
        found = self.interval
        return found is not None and not found[0] <= self.predicted <= found[1]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Over `n` reviews, `is_sample` when not all were replayed.

    `log_loss`: the mean of -ln of what was predicted for what happened (Good 1952); `constant`: that of a predictor
    that always says the overall share; `rmse`: root of the mean square of predicted less observed over the bins,
    weighted by their n (RMSE(bins) of the srs-benchmark). None below FEWEST reviews.
    """

    n: int
    recalled: int
    bins: tuple[Bin, ...]
    log_loss: float | None
    constant: float | None
    rmse: float | None
    is_sample: bool

    @property
    def is_enough(self) -> bool:
        return self.n >= FEWEST

    @property
    def is_better(self) -> bool:
        """Whether the model beats the constant."""
        return self.log_loss is not None and self.constant is not None and self.log_loss < self.constant


def class_calibration(classroom: Classroom) -> Calibration:
    """The reviews of the class's learners in its course. Five queries."""
    learners = list(classroom.members.active().learners().order_by("user").values_list("user", flat=True))
    facts = list(Fact.objects.filter(course=classroom.course_id).order_by("pk").values_list("pk", flat=True))
    share = min(1.0, SAMPLE / (_reviews(learners, facts) or SAMPLE)) ** 0.5
    some_facts = sampled(facts, share, salt="fact")
    some_learners = with_at_most(SAMPLE, sampled(learners, share, salt="learner"), some_facts)
    rows = Grading.objects.standing().filter(learner__in=some_learners, fact__in=some_facts).only(*REPLAYED)
    predictions = list(_predictions(rows.order_by("learner", "answered_at", "response_id", "pk")))
    return calibration(predictions, is_sample=share < 1 or len(some_learners) < len(learners))


def _reviews(learners: Sequence[int], facts: Collection[int]) -> float:
    """How many reviews there are to choose from; in a large class as many as a hundred of its learners let expect."""
    some = sampled(learners, min(1.0, ASKED / len(learners)), salt="learner") if learners else []
    states = MemoryState.objects.filter(learner__in=some, fact__in=facts)
    counted = states.aggregate(n=Sum("reviews"))["n"] or 0
    return float(counted * len(learners) / len(some)) if some else 0.0


def with_at_most(most: int, learners: Sequence[int], facts: Collection[int]) -> list[int]:
    """The first of `learners` who together have so many reviews of `facts`, at least one learner. One query."""
    states = MemoryState.objects.filter(learner__in=learners, fact__in=facts).order_by()
    reviews: dict[int, int] = dict(states.values_list("learner").annotate(Sum("reviews")))
    together = accumulate(reviews.get(learner, 0) for learner in learners)
    return [learner for at, (learner, n) in enumerate(zip(learners, together, strict=True)) if n <= most or at == 0]


def sampled(ids: Sequence[int], share: float, *, salt: str) -> list[int]:
    """About `share` of `ids`, at least one, by the digest of each: always the same ones."""
    count = max(1, math.ceil(share * len(ids)))
    return sorted(ids, key=lambda pk: hashlib.sha256(f"{salt}:{pk}".encode()).digest())[:count]


def _predictions(gradings: Iterable[Grading]) -> Iterator[Prediction]:
    """In history order, learner by learner."""
    memories: dict[int, Memory] = {}
    learner = None
    for grading in gradings:
        if grading.learner_id != learner:
            learner, memories = grading.learner_id, {}
        memory = memories.get(grading.fact_id)
        if grading.rating is not None and memory is not None and grading.study_day > memory.last_review_day:
            yield Prediction(retrievability(memory, grading.answered_at), grading.rating > AGAIN)
        memories |= replay([grading], {} if memory is None else {grading.fact_id: memory})


def calibration(predictions: Collection[Prediction], *, is_sample: bool = False) -> Calibration:
    """The figures of any predictions."""
    n, recalled = len(predictions), sum(row.is_recalled for row in predictions)
    bins = tuple(_bins(predictions))
    if n < FEWEST:
        return Calibration(n, recalled, bins, None, None, None, is_sample)
    return Calibration(
        n=n,
        recalled=recalled,
        bins=bins,
        log_loss=sum(_loss(row.predicted, row.is_recalled) for row in predictions) / n,
        constant=sum(_loss(recalled / n, row.is_recalled) for row in predictions) / n,
        rmse=math.sqrt(sum(row.n * (row.predicted - row.recalled / row.n) ** 2 for row in bins) / n),
        is_sample=is_sample,
    )


def _loss(predicted: float, happened: bool) -> float:
    share = min(1 - CLIP, max(CLIP, predicted))
    return -math.log(share if happened else 1 - share)


def _bins(predictions: Collection[Prediction]) -> Iterator[Bin]:
    for low, high in pairwise(EDGES):
        own = [row for row in predictions if low <= row.predicted < high or (high == 1.0 and row.predicted == 1.0)]
        if own:
            mean = sum(row.predicted for row in own) / len(own)
            yield Bin(low, high, len(own), mean, sum(row.is_recalled for row in own))
