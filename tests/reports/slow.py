"""What a learner remembers, worked out slowly from the responses alone: the fsrs library, and nothing of ours."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from fsrs import Card, Rating, Scheduler, State

from accounts.models import User
from quizzes.models import Response

SCHEDULER = Scheduler(
    desired_retention=0.9, learning_steps=(), relearning_steps=(), maximum_interval=180, enable_fuzzing=False
)
DECAY = SCHEDULER.parameters[20]


@dataclass
class Remembered:
    """One fact: the first answer of each day counts. `due_at`, `last` and `last_day` are those of the newest such day;
    `said`: of each later day what was predicted, 0 to 1, and whether it came true."""

    card: Card
    last: datetime
    last_day: date
    due_at: datetime
    rests_until: datetime | None = None
    reviews: int = 0
    lapses: int = 0
    right_days: int = 0
    kinds: set[str] = field(default_factory=set)
    said: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def stability(self) -> float:
        assert self.card.stability is not None
        return self.card.stability

    def predicted(self, at: datetime) -> float:
        days = max(0.0, (at - self.last).total_seconds() / 86_400)
        return float((1 + (0.9 ** (-1 / DECAY) - 1) * days / self.stability) ** -DECAY)

    def recall(self, at: datetime) -> float:
        """0 for what was never right."""
        return self.predicted(at) if self.right_days else 0.0

    @property
    def state(self) -> str:
        """Every fact of these tests has a typed question and a choice."""
        if self.stability < 7:
            return "learning"
        is_secure = self.stability >= 21 and self.right_days >= 3 and self.kinds == {"choice", "short_answer"}
        return "secure" if is_secure else "consolidating"

    def is_due(self, now: datetime, day_ends: datetime) -> bool:
        return self.due_at < day_ends and (self.rests_until is None or self.rests_until <= now)


def remembered(learner: User, *, before: datetime | None = None) -> dict[int, Remembered]:
    """By fact (row id), from the answers given before a time."""
    by_fact: dict[int, list[Response]] = defaultdict(list)
    rows = Response.objects.filter(item__attempt__learner=learner).order_by("answered_at", "pk")
    for row in rows.select_related("item__version__question"):
        if before is None or row.answered_at < before:
            by_fact[row.item.version.question.facts.get().pk].append(row)
    return {fact: _remembered(own) for fact, own in by_fact.items()}


def _remembered(rows: list[Response]) -> Remembered:
    found: Remembered | None = None
    for row in rows:
        if found is None or row.study_day > found.last_day:
            found = _reviewed(found, row)
    assert found is not None
    return found


def _reviewed(before: Remembered | None, row: Response) -> Remembered:
    is_right, kind, at = row.verdict == "correct", row.item.version.question.kind, row.answered_at
    noon = datetime.combine(row.study_day, time(12), tzinfo=UTC)
    expected = None if before is None else before.predicted(at)
    card = Card(card_id=0) if before is None else before.card
    card, _log = SCHEDULER.review_card(card, Rating.Good if is_right else Rating.Again, review_datetime=noon)
    card.state = State.Review
    interval = card.due - noon
    if is_right and kind == "choice" and (expected is None or expected < 0.6):
        interval = min(interval, timedelta(days=2))  # it may have been a guess
    found = before or Remembered(card, at, row.study_day, at)
    found.said += [] if expected is None else [(expected, is_right)]
    found.card, found.last, found.last_day, found.due_at = card, at, row.study_day, at + interval
    found.reviews, found.lapses = found.reviews + 1, found.lapses + (not is_right)
    found.right_days += is_right
    found.kinds |= {kind} if is_right else set()
    found.rests_until = at + timedelta(days=3) if not is_right and found.lapses >= 6 else None
    return found
