"""A quiz while it is taken: whose turn it is and what is answered so far. Reads only; `quizzes.papers` writes."""

from __future__ import annotations

from dataclasses import dataclass

from classrooms.models import Sitting
from quizzes import papers
from quizzes.content import Content
from quizzes.models import AttemptItem

UNFINISHED = ("missing_place", "duplicate_place", "used_twice")
"""What is wrong with an answer that is kept as it is, but would not count yet; a blank one is kept too."""


@dataclass(frozen=True, slots=True)
class Line:
    """One question in the overview. `state` is "answered", "unfinished", "blank" or, for good, "final"."""

    position: int
    content: Content
    state: str
    is_current: bool = False

    @property
    def is_missing(self) -> bool:
        return self.state in ("unfinished", "blank")


@dataclass(frozen=True, slots=True)
class Sheet:
    """All questions of a sitting. `turn`: where a learner who may not go back stands; 0 where going back is allowed."""

    lines: tuple[Line, ...]
    turn: int

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def done(self) -> int:
        return sum(not line.is_missing for line in self.lines)

    @property
    def missing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_missing)

    @property
    def first(self) -> int:
        """Where to go on: one's turn, or the first question without an answer."""
        return self.turn or next((line.position for line in self.lines if line.is_missing), 1)

    def may_see(self, position: int) -> bool:
        return not self.turn or position == self.turn


def sheet(sitting: Sitting) -> Sheet:
    """What is answered so far. One query."""
    items = list(sitting.attempt.items.select_related("version").order_by("position"))
    is_free = sitting.policy.get("is_free", True)
    seen = max((item.position for item in items if item.shown_at), default=1)
    return Sheet(tuple(_line(item) for item in items), 0 if is_free else seen)


def _line(item: AttemptItem) -> Line:
    content = item.version.content
    if item.is_answered:
        return Line(item.position, content, "final")
    problem = papers.problem(content, item.saved)
    state = "answered" if problem is None else "unfinished" if problem.code in UNFINISHED else "blank"
    return Line(item.position, content, state)
