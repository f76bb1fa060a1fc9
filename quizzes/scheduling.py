"""When to ask a fact again: the memory model, what an answer is worth, and what "secure" means. No database, no clock.

The model is FSRS-6 with its published default parameters (Ye et al., "A Stochastic Shortest Path Algorithm for
Optimizing Spaced Repetition Scheduling", KDD 2022, and the `fsrs` library), without learning steps and without random
fuzz. It counts whole study days, as its authors do: the time between two reviews is the difference of their study days,
so that practising at nine in the evening and at eight the next day is one day apart. Only the first rating of a fact on
a study day moves it; what follows on that day is practice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from fsrs import Card, Rating, Scheduler
from fsrs import State as CardState

from quizzes.content import Content
from quizzes.kinds import KINDS
from quizzes.kinds.base import Outcome, Part

AGAIN, HARD, GOOD = 1, 2, 3

DAY_BEGINS = time(4)
DESIRED_RETENTION = 0.9
MAX_INTERVAL_DAYS = 180
RECOGNITION_INTERVAL_DAYS = 2
RECOGNITION_RECALL = 0.6
LEECH_LAPSES = 6
LEECH_PAUSE = timedelta(days=3)
CONSOLIDATING_DAYS, SECURE_DAYS = 7.0, 21.0
SECURE_SUCCESS_DAYS, SECURE_KINDS = 3, 2
IDLE_MS = 120_000
RAPID_FLOOR_MS, RAPID_MS_PER_CHARACTER = 1_500, 50
HARD_TAU = 0.6
NEARLY_WHOLE_LIST = 4

SCHEDULER = Scheduler(
    desired_retention=DESIRED_RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=MAX_INTERVAL_DAYS,
    enable_fuzzing=False,
)
DECAY = SCHEDULER.parameters[20]
FACTOR = 0.9 ** (-1 / DECAY) - 1


class FactState(StrEnum):
    """How well a fact stands, from never asked to secure; in this order."""

    NEW = "new"
    LEARNING = "learning"
    CONSOLIDATING = "consolidating"
    SECURE = "secure"

    @property
    def rank(self) -> int:
        return list(FactState).index(self)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the history of one learner says about one fact; `quizzes.models.MemoryState` keeps the same fields.

    `stability` is in days: after that long, recall is predicted at 90 %. `last_question` is a question's row id.
    """

    stability: float
    difficulty: float
    due_at: datetime
    first_seen_at: datetime
    last_review_at: datetime
    last_review_day: date
    last_question: int | None
    reviews: int = 0
    lapses: int = 0
    success_days: int = 0
    last_success_day: date | None = None
    kinds: tuple[str, ...] = ()
    has_productive_success: bool = False
    suspended_until: datetime | None = None


def study_day(at: datetime, zone: ZoneInfo) -> date:
    """The learner's day that `at` (aware) belongs to; a day begins at 04:00 on the learner's own clock."""
    local = at.astimezone(zone)
    return local.date() if local.time() >= DAY_BEGINS else local.date() - timedelta(days=1)


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which a study day begins."""
    return datetime.combine(day, DAY_BEGINS, tzinfo=zone).astimezone(UTC)


def is_rapid(elapsed_ms: int | None, *, length: int) -> bool:
    """Whether an answer came too soon to have been read: below 1.5 s, or 50 ms a character of what was shown.

    `length` is in Chinese characters, four Latin letters counting as one. It misjudges some, so it only skips, never
    marks. A share of the mean time (NT10 of Wise & Ma, 2012) would need a query on the answer path and would seldom
    decide: a tenth of the usual 15 to 50 s is rarely more than the time to read.
    """
    return elapsed_ms is not None and elapsed_ms < max(RAPID_FLOOR_MS, RAPID_MS_PER_CHARACTER * length)


def usable_latency(elapsed_ms: int | None) -> int | None:
    """The time to answer in ms, or None where the learner was idle for more than two minutes."""
    return None if elapsed_ms is None or elapsed_ms > IDLE_MS else elapsed_ms


def rating_for(
    content: Content,
    outcome: Outcome,
    part: Part,
    *,
    try_number: int,
    hints_taken: int,
    is_rapid: bool,
    gave_up: bool,
) -> int | None:
    """AGAIN, HARD or GOOD for the fact of `part`; None where the answer says nothing yet.

    None: a rapid guess, nothing answered, or a second try still to come. "I don't know" is an answer: AGAIN.
    """
    if gave_up:
        return AGAIN
    if is_rapid or outcome.verdict == "blank" or outcome.may_retry:
        return None
    return _lowered(content, _unaided(content, outcome, part), try_number=try_number, hints_taken=hints_taken)


def _unaided(content: Content, outcome: Outcome, part: Part) -> int:
    """The rating of an answer given at once and without hints."""
    if part.is_correct:
        return GOOD
    if content.kind == "ordering":
        return HARD if outcome.details.get("tau", -1.0) >= HARD_TAU else AGAIN
    if content.kind == "enumeration" and len(content.key) >= NEARLY_WHOLE_LIST:
        is_one_short = len(outcome.details.get("missing", ())) == 1 and not outcome.details.get("extras")
        return HARD if is_one_short else AGAIN
    return AGAIN


def _lowered(content: Content, rating: int, *, try_number: int, hints_taken: int) -> int:
    """The rating after what help and second tries take from it; a second guess among given choices proves nothing."""
    is_told = hints_taken >= 2 or "choices" in content.hints[:hints_taken]
    is_second_guess = try_number > 1 and not KINDS[content.kind].is_productive(content)
    if is_told or is_second_guess:
        return AGAIN
    return min(rating, HARD) if hints_taken or try_number > 1 else rating


def retrievability(memory: Memory, at: datetime) -> float:
    """Predicted probability of recall at `at`, 0 to 1: FSRS-6, R = (1 + F·t/S)^(-w20), t in days and parts of days."""
    days = max(0.0, (at - memory.last_review_at).total_seconds() / 86_400)
    return float((1 + FACTOR * days / memory.stability) ** -DECAY)


def review(
    memory: Memory | None,
    *,
    rating: int,
    at: datetime,
    day: date,
    kind: str,
    is_productive: bool,
    question_id: int | None,
) -> Memory:
    """The memory after one rating. A second rating on the same study day only notes which question was asked."""
    if memory is not None and day <= memory.last_review_day:
        return replace(memory, last_question=question_id)
    card = _reviewed(memory, rating=rating, day=day)
    before = memory or Memory(0.0, 0.0, at, at, at, day, None)
    lapses = before.lapses + (rating == AGAIN)
    moved = replace(
        before,
        stability=card.stability or 0.0,
        difficulty=card.difficulty or 0.0,
        due_at=min(card.due - _noon(day), _longest(memory, rating, at, is_productive)) + at,
        last_review_at=at,
        last_review_day=day,
        last_question=question_id,
        reviews=before.reviews + 1,
        lapses=lapses,
        suspended_until=at + LEECH_PAUSE if rating == AGAIN and lapses >= LEECH_LAPSES else None,
    )
    return _with_success(moved, kind, is_productive) if rating >= GOOD else moved


def _longest(memory: Memory | None, rating: int, at: datetime, is_productive: bool) -> timedelta:
    """The longest interval that a rating may earn: what was recognised and hardly known may have been guessed."""
    is_recognised = rating > AGAIN and not is_productive
    if is_recognised and (memory is None or retrievability(memory, at) < RECOGNITION_RECALL):
        return timedelta(days=RECOGNITION_INTERVAL_DAYS)
    return timedelta(days=MAX_INTERVAL_DAYS)


def _reviewed(memory: Memory | None, *, rating: int, day: date) -> Card:
    """The card of the fsrs library after a review; it sees only days, because it counts whole ones."""
    card = Card(card_id=0, due=_noon(day))
    if memory is not None:
        last = _noon(memory.last_review_day)
        card = Card(0, CardState.Review, None, memory.stability, memory.difficulty, due=last, last_review=last)
    reviewed, _ = SCHEDULER.review_card(card, Rating(rating), review_datetime=_noon(day))
    return reviewed


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def _with_success(moved: Memory, kind: str, is_productive: bool) -> Memory:
    """Count the day and the kind of a good answer; a weak pass is not a success."""
    return replace(
        moved,
        success_days=moved.success_days + 1,
        last_success_day=moved.last_review_day,
        kinds=tuple(sorted({*moved.kinds, kind})),
        has_productive_success=moved.has_productive_success or is_productive,
    )


def fact_state(memory: Memory | None, *, has_productive: bool) -> FactState:
    """The state of a fact. `has_productive`: whether it has a question that must be answered from memory.

    Secure needs a stability of 21 days, good answers on three days and in two kinds, one of them productive where there
    is one: so it cannot be reached in one evening, nor by recognising alone.
    """
    if memory is None:
        return FactState.NEW
    if memory.stability < CONSOLIDATING_DAYS:
        return FactState.LEARNING
    is_proven = memory.success_days >= SECURE_SUCCESS_DAYS and len(memory.kinds) >= SECURE_KINDS
    is_recalled = memory.has_productive_success or not has_productive
    if memory.stability >= SECURE_DAYS and is_proven and is_recalled:
        return FactState.SECURE
    return FactState.CONSOLIDATING
