"""What others set for a learner: which lessons come first in practice, and who hears that a run is over.

`settings.PRACTICE_SETTERS` names the modules of the floors above, so that this floor need not know them (as
`settings.PERSONAL_DATA` does).
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings
from django.db import transaction

from accounts.models import User
from curriculum.models import Course
from quizzes.models import Attempt


class Setter(Protocol):
    """One app that sets work. `lessons_first` gives `Lesson.order` of lessons of the course, in one query."""

    def lessons_first(self, learner: User, course: Course, *, now: datetime) -> frozenset[int]: ...

    def run_finished(self, attempt: Attempt, *, now: datetime) -> None: ...


def setters() -> list[Setter]:
    return [cast(Setter, import_module(path)) for path in settings.PRACTICE_SETTERS]


def lessons_first(learner: User, course: Course, *, now: datetime) -> frozenset[int]:
    """The lessons (by `order`) that somebody has set for the learner and that are not done."""
    return frozenset().union(*(setter.lessons_first(learner, course, now=now) for setter in setters()))


def run_finished(attempt: Attempt, *, now: datetime) -> None:
    """Tell those who set work, once the answer is safe: what goes wrong there is logged and takes no answer back."""
    for setter in setters():

        def tell(setter: Setter = setter) -> None:  # Django logs its name, which a partial has not
            setter.run_finished(attempt, now=now)

        transaction.on_commit(tell, robust=True)
