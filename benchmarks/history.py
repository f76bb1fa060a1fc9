"""A class and its growing history, simulated: what the benchmarks of reports and of query plans measure.

Each learner has a strength, each question a difficulty. Answers are written straight into the tables; what is kept of
them is then rebuilt from them as `manage.py rebuild_progress` does.

The history grows into the past: the last two weeks are always the same, a run of ten answers for each learner, and each
further run is of one day earlier. So what pages read of the last days (who needs help, what is hard now) is the same in
every column, and what is compared is the length of the history alone. With `is_busy` there is no such quiet end: a run
a day until now, so that a longer history also has more answers in the last days.
"""

from __future__ import annotations

import logging
import math
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent
RUN = 10
QUIET = timedelta(days=14)
CHUNK = 10_000

TEACHERS = [
    "reports:items class",
    "reports:item class choice",
    "reports:item class matching",
    "reports:item class short_answer",
    "reports:class_overview class",
    "reports:class_document class",
    "reports:class_confusions class",
    "reports:class_calibration class",
    "reports:class_work class",
    "reports:class_learner class member",
    "reports:course_items course",
    "reports:course_item course choice",
    "classrooms:classroom class",
    "classrooms:gradebook class",
]
LEARNERS = ["reports:learner", "quizzes:home", "classrooms:own_marks class", "quizzes:progress"]
"""Pages as `History.address` reads them. A later page is one more line."""

GAIN = 0.015
"""What a learner's strength grows by from run to run."""


@contextmanager
def site(data: str | None) -> Iterator[None]:
    """Django with the shipped courses, in a folder of its own that is removed; in `data`, if given, which is kept.

    DATABASE_URL is honoured; it must name a database of no other use.
    """
    with tempfile.TemporaryDirectory() as folder:
        own = {
            "JINGDU_DATA": data or folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ALLOWED_HOSTS": "testserver",
        }
        os.environ |= own
        sys.path.insert(0, str(ROOT))
        django.setup()
        logging.disable(logging.WARNING)
        from django.core.management import call_command  # noqa: PLC0415 - only after setup

        call_command("setup", verbosity=0)
        yield


class History:
    """One class and its growing history."""

    def __init__(self, learners: int, *, is_busy: bool = False) -> None:
        from classrooms.models import Classroom, Member  # noqa: PLC0415 - only after setup
        from curriculum.models import Course  # noqa: PLC0415
        from quizzes.models import Response  # noqa: PLC0415

        self.is_busy = is_busy
        self.dice = random.Random(7)
        self.now = datetime.now(UTC)
        self.course = Course.objects.get(slug="cyberspace-2019")
        self.teacher = self._people(["benchmark-teacher"], is_staff=True)[0]
        self.people = self._people([f"benchmark-{at:04}" for at in range(learners)])
        self.classroom = Classroom.objects.get_or_create(course=self.course, name="Benchmark")[0]
        roles = [Member.Role.OWNER, *(Member.Role.LEARNER for _ in self.people)]
        rows = [
            Member(
                classroom=self.classroom, user=user, role=role, name=f"Learner {at}" if at else "", joined_at=self.now
            )
            for at, (user, role) in enumerate(zip([self.teacher, *self.people], roles, strict=True))
        ]
        Member.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        self._set_work()
        self.strength = [self.dice.gauss(0.3, 1) for _ in self.people]
        self.asked = [Simulated(question, self.dice) for question in self._questions()]
        self.size = Response.objects.count()

    def _people(self, names: list[str], **fields: Any) -> list[Any]:
        from accounts.models import User  # noqa: PLC0415 - only after setup

        rows = [User(username=name, password="!", **fields) for name in names]
        User.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        found = {row.username: row for row in User.objects.filter(username__startswith="benchmark-")}
        return [found[name] for name in names]

    def _set_work(self) -> None:
        """Practice and review, due and not yet due."""
        from classrooms import publishing  # noqa: PLC0415 - only after setup

        if self.classroom.assignments.exists():
            return
        lessons = list(self.course.lessons.order_by("order"))
        for sort, of, due in (("practice", lessons[:3], -5), ("practice", lessons[3:6], 5), ("review", lessons, 9)):
            due_at = self.now + timedelta(days=due)
            work = self.classroom.assignments.create(sort=sort, title=f"Due in {due} days", due_at=due_at)
            work.lessons.set(of)
            publishing.publish(work, now=self.now - timedelta(days=20))

    def _questions(self) -> list[Any]:
        from quizzes.models import Question  # noqa: PLC0415 - only after setup

        rows = Question.objects.active().for_course(self.course).select_related("current").prefetch_related("facts")
        return list(rows.order_by("lesson__order", "key"))

    def grow_to(self, size: int) -> None:
        """Add runs of ten answers, learner by learner and further and further back, up to so many responses."""
        wanted: list[tuple[int, int]] = []
        while self.size + RUN * len(wanted) < size:
            number = self.size // RUN + len(wanted)
            wanted.append((number % len(self.people), number // len(self.people)))
        self._write(wanted)
        self.size += RUN * len(wanted)
        self._rebuild()

    def _write(self, runs: list[tuple[int, int]]) -> None:
        from quizzes.models import Attempt, AttemptItem, Grading, Response  # noqa: PLC0415 - only after setup

        per = CHUNK // RUN
        for at in range(0, len(runs), per):
            part = runs[at : at + per]
            attempts = Attempt.objects.bulk_create([self._attempt(*run) for run in part], batch_size=500)
            answers = [
                answer for run, attempt in zip(part, attempts, strict=True) for answer in self._run(run, attempt)
            ]
            AttemptItem.objects.bulk_create([answer[0] for answer in answers], batch_size=500)
            Response.objects.bulk_create([answer[1] for answer in answers], batch_size=500)
            gradings = [grading for answer in answers for grading in answer[2]]
            Grading.objects.bulk_create(gradings, batch_size=500)

    def _begin(self, person: int, turn: int) -> datetime:
        if self.is_busy or turn:
            return self.now - (timedelta() if self.is_busy else QUIET) - timedelta(days=turn, minutes=10 + person % 600)
        return self.now - timedelta(minutes=10) - person / len(self.people) * (QUIET - timedelta(minutes=10))

    def _attempt(self, person: int, turn: int) -> Any:
        from quizzes.models import Attempt  # noqa: PLC0415 - only after setup

        at = self._begin(person, turn)
        return Attempt(
            learner=self.people[person],
            course=self.course,
            scope="course",
            seed="benchmark",
            started_at=at,
            finished_at=at + timedelta(minutes=10),
        )

    def _run(self, run: tuple[int, int], attempt: Any) -> Iterator[tuple[Any, Any, list[Any]]]:
        """Ten answers to questions drawn for this learner: every question comes once before one comes again."""
        person, turn = run
        order = list(range(len(self.asked)))
        random.Random(f"{person}:{turn * RUN // len(order)}").shuffle(order)
        for place in range(RUN):
            asked = self.asked[order[(turn * RUN + place) % len(order)]]
            at = attempt.started_at + timedelta(seconds=25 * (place + 1))
            yield asked.answered(attempt, place + 1, self.strength[person] - GAIN * turn, at, self.dice)

    def _rebuild(self) -> None:
        from classrooms import cohorts  # noqa: PLC0415 - only after setup
        from classrooms.work import note_completions  # noqa: PLC0415
        from quizzes import counting, weeks  # noqa: PLC0415
        from quizzes.memory import rebuild  # noqa: PLC0415
        from quizzes.models import KnowledgeWeek  # noqa: PLC0415

        KnowledgeWeek.objects.all().delete()
        for person in self.people:
            rebuild(person)
            weeks.note(person, now=self.now)
        counting.rebuild(self.course.pk)
        cohorts.of_class(self.classroom, at_most=None)
        cohorts.of_course(self.course, at_most=None)
        note_completions(self.classroom, self.now)

    @property
    def remembered(self) -> int:
        """Rows of a learner and a fact: what reports read."""
        from quizzes.models import MemoryState  # noqa: PLC0415 - only after setup

        return MemoryState.objects.filter(learner__in=self.classroom.members.values("user")).count()

    def visitors(self) -> tuple[Any, Any]:
        """Clients of the teacher and of the first learner."""
        from django.test import Client  # noqa: PLC0415 - only after setup

        teacher, learner = (Client(headers={"accept-language": "zh-TW"}) for _ in range(2))
        teacher.force_login(self.teacher)
        learner.force_login(self.people[0])
        return teacher, learner

    def run_of(self, count: int) -> tuple[Any, list[dict[str, str]]]:
        """A new run of the first learner, of always the same questions, and what a browser posts for right answers."""
        from benchmarks.people import form  # noqa: PLC0415 - only after setup
        from quizzes.models import Attempt, AttemptItem  # noqa: PLC0415
        from quizzes.runs import prepared  # noqa: PLC0415

        versions = [asked.question.current for asked in self.asked[:: len(self.asked) // count][:count]]
        own = {"learner": self.people[0], "course": self.course}
        attempt = Attempt.objects.create(scope="course", seed="benchmark", started_at=datetime.now(UTC), **own)
        AttemptItem.objects.bulk_create([prepared(attempt, at + 1, version) for at, version in enumerate(versions)])
        return attempt, [form(version.content) for version in versions]

    def forget(self, attempt: Any) -> None:
        """As if the run had not been."""
        from quizzes.memory import rebuild  # noqa: PLC0415 - only after setup

        attempt.delete()
        rebuild(self.people[0])

    def address(self, page: str) -> str:
        """Of a page as `PAGES` have it: the name of its URL, then "class", "course", "member" or a kind of question."""
        from django.urls import reverse  # noqa: PLC0415 - only after setup

        name, *parts = page.split()
        return reverse(name, args=[self._argument(part) for part in parts])

    def _argument(self, part: str) -> Any:
        if part == "class":
            return self.classroom.pk
        if part == "course":
            return self.course.slug
        if part == "member":
            return self.classroom.members.learners().earliest("pk").pk
        return next(asked.question.pk for asked in self.asked if asked.question.kind == part)


class Simulated:
    """A question with its difficulty, and a few ready answers: the right one first, then wrong ones, then none."""

    def __init__(self, question: Any, dice: random.Random) -> None:
        from quizzes.judging import judge  # noqa: PLC0415 - only after setup

        self.question = question
        self.difficulty = dice.gauss(0, 1)
        content = question.current.content
        self.guess = 1 / len(content.options) if content.options else 0.0
        self.facts = {fact.key: fact.pk for fact in question.facts.all()}
        now = datetime(2026, 1, 1, tzinfo=UTC)
        how = {"try_number": 1, "elapsed_ms": None, "is_only": True, "now": now}
        answers = [right_answer(content), *wrong_answers(content, dice)]
        self.ready = [judge(content, answer, gave_up=False, **how) for answer in answers]
        self.ready.append(judge(content, None, gave_up=True, **how))

    def answered(
        self, attempt: Any, position: int, strength: float, at: datetime, dice: random.Random
    ) -> tuple[Any, Any, list[Any]]:
        """An item, its response and gradings, not yet saved."""
        from dataclasses import replace  # noqa: PLC0415
        from zoneinfo import ZoneInfo  # noqa: PLC0415

        from quizzes.judging import as_gradings, as_response  # noqa: PLC0415 - only after setup
        from quizzes.models import AttemptItem  # noqa: PLC0415

        is_right = dice.random() < self.guess + (1 - self.guess) / (1 + math.exp(self.difficulty - strength))
        chosen = self.ready[0] if is_right else dice.choice(self.ready[1:])
        elapsed = round(1000 * min(119, dice.lognormvariate(2.5, 0.5)))
        zone = ZoneInfo("UTC")
        judged = replace(chosen, now=at, elapsed_ms=elapsed, is_rapid=dice.random() < 0.02)
        shown = at - timedelta(milliseconds=elapsed)
        item = AttemptItem(
            attempt=attempt, position=position, version=self.question.current, shown_at=shown, answered_at=at
        )
        item.version.question = self.question
        response = as_response(item, judged, zone)
        gradings = as_gradings(item, judged, self.facts, learner_id=attempt.learner_id, zone=zone)
        for grading in gradings:
            grading.response = response
        return item, response, gradings


def right_answer(content: Any) -> Any:
    """The answer that a form would send, as the kind's `read` returns it."""
    if content.options is not None:
        return content.options.index(content.key)
    if content.kind == "matching":
        return [content.responses.index(dict(map(tuple, content.key))[premise]) for premise in content.premises]
    if content.kind == "ordering":
        return [content.key.index(step) + 1 for step in content.items]
    return content.key if isinstance(content.key, str) else "\n".join(content.key)


def wrong_answers(content: Any, dice: random.Random) -> list[Any]:
    """A few that are not right."""
    if content.options is not None:
        return [at for at, text in enumerate(content.options) if text != content.key]
    right = right_answer(content)
    if isinstance(right, list):
        turned = [right[at:] + right[:at] for at in range(1, min(4, len(right)))]
        return [*turned, [right[1], right[0], *right[2:]]]
    texts = [other.text for other in content.confusions][:20]
    return [*texts, *(f"{right[:1]}{dice.choice('甲乙丙丁戊己庚辛')}{at}" for at in range(10))]
