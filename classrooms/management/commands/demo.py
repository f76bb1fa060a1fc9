"""manage.py demo: a class to look around in, made of people who never were. `--remove` takes it away again."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from classrooms.demonstration import assigned, cast, doubts, term
from classrooms.demonstration.term import Learner
from classrooms.work import note_completions
from curriculum.models import Course, Lesson
from quizzes import packing
from quizzes.counting import catch_up

PASSWORD = "read it closely"
DEFAULT_COURSE = "cyberspace-2019"


class Command(BaseCommand):
    help = (
        "Make a demonstration: an instructor and a class of 30 with eight weeks of simulated practice. "
        "A demonstration that is already there is replaced; nothing else is touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="only take an older demonstration away")
        parser.add_argument("--learners", type=int, default=30, help="how many learners (1 to 300)")
        parser.add_argument("--course", default=DEFAULT_COURSE, help="slug of the course that the class reads")
        parser.add_argument("--seed", type=int, default=2019, help="another number, another class")
        parser.add_argument("--password", help="for all its people; behind HTTPS a random one unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["learners"] <= 300:
            raise CommandError("A demonstration has 1 to 300 learners.")
        removed = cast.remove()
        if removed:
            self.stdout.write(f"Took away the older demonstration ({removed} people).")
        if options["remove"]:
            return
        course = Course.objects.filter(slug=options["course"]).first()
        if course is None or not course.questions.active().exists():
            raise CommandError(f"There is no course {options['course']} with questions; run `manage.py setup` first.")
        password = options["password"] or (secrets.token_urlsafe(9) if settings.HTTPS else PASSWORD)
        self.make(course, password=password, count=options["learners"], seed=options["seed"])
        self.stdout.write(f"Sign in as {cast.INSTRUCTOR} or {cast.PREFIX}01 … with the password: {password}")

    def make(self, course: Course, *, password: str, count: int, seed: int) -> None:
        """The people first, then the eight weeks up to now, one learner after the other."""
        now = timezone.now()
        began = first_morning(now)
        classroom, learners = cast.gather(course, password=password, count=count, began=began, seed=seed)
        lessons = list(course.lessons.filter(questions__is_active=True).distinct())
        quizzes = assigned.set_work(classroom, lessons, began=began, until=now)
        answers = 0
        for number, learner in enumerate(learners, start=1):
            answers += live_through(learner, course, lessons, quizzes, began=began, until=now)
            self.stdout.write(f"\r{number} of {count} learners, {answers} answers", ending="")
            self.stdout.flush()
        doubts.contest(course, [learner.user for learner in learners])
        note_completions(classroom, now)
        catch_up(course.pk, at_most=None)
        packing.pack_all()
        self.stdout.write("")


@transaction.atomic
def live_through(
    learner: Learner,
    course: Course,
    lessons: list[Lesson],
    quizzes: list[assigned.Set],
    *,
    began: datetime,
    until: datetime,
) -> int:
    """Everything that one learner did, in the order of time; returns how many answers that were."""
    own = list(term.sessions(learner, course, lessons, began=began, until=until))
    for at, row in assigned.moments(quizzes, learner.mind, began=began, until=until):
        own.append((at, partial(assigned.sit, learner, row, began, until)))
    return sum(act(at) for at, act in sorted(own, key=lambda event: event[0]))


def first_morning(now: datetime) -> datetime:
    """Midnight of the class on the Monday eight weeks before this week's."""
    local = now.astimezone(ZoneInfo(cast.ZONE))
    monday = local - timedelta(days=local.weekday(), weeks=term.WEEKS - 1)
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)
