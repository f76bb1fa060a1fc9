"""Time and queries of each report for one class of 1,000 learners whose history grows a hundredfold.

    .venv/bin/python benchmarks/reports.py [--learners 1000] [--responses 10000,100000,1000000] [--most 1.5]

Makes its own data folder and removes it, or uses DATABASE_URL, which must be a database of no other use. The history is
simulated (a strength for each learner, a difficulty for each question) and written straight into the tables; what is
kept of it is then rebuilt from it as `manage.py rebuild_progress` does. Time is the best of nine in-process requests,
without a server, so that what else the machine does matters least; the ratio is to the first column. Fails if a page
asks more than 20 queries or a ratio exceeds --most.

A later page is one more entry of `PAGES`.
"""

from __future__ import annotations

import argparse
import logging
import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 9
MOST_QUERIES = 20
RUN = 20
DAYS = 120
CHUNK = 10_000

PAGES = [
    # (name, its arguments by name, see `History.argument`); `OWN` are seen by a learner, all others by the teacher
    ("reports:items", ("classroom",)),
    ("reports:item", ("classroom", "choice")),
    ("reports:item", ("classroom", "matching")),
    ("reports:item", ("classroom", "short_answer")),
    ("reports:class_overview", ("classroom",)),
    ("reports:class_document", ("classroom",)),
    ("reports:class_confusions", ("classroom",)),
    ("reports:class_calibration", ("classroom",)),
    ("reports:class_work", ("classroom",)),
    ("reports:learner", ()),
    ("reports:class_learner", ("classroom", "member")),
    ("reports:course_items", ("course",)),
    ("reports:course_item", ("course", "choice")),
]
OWN = ("reports:learner",)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=1_000)
    parser.add_argument("--responses", default="10000,100000,1000000")
    parser.add_argument("--most", type=float, default=1.5, help="the highest ratio that passes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"JINGDU_DATA": data, "DJANGO_SETTINGS_MODULE": "config.settings", "ALLOWED_HOSTS": "testserver"}
        sys.path.insert(0, str(ROOT))
        django.setup()
        logging.disable(logging.WARNING)
        from django.core.management import call_command  # noqa: PLC0415 - only after setup

        call_command("setup", verbosity=0)
        sizes = sorted(int(size) for size in options.responses.split(","))
        sys.exit(0 if report(options.learners, sizes, options.most) else 1)


def report(learners: int, sizes: list[int], most: float) -> bool:
    """Fill the class up to each size, measure every page, print a table; whether all passed."""
    history = History(learners)
    measured: list[dict[str, tuple[int, float]]] = []
    for size in sizes:
        began = time.perf_counter()
        history.grow_to(size)
        print(f"{size:,} responses: written and rebuilt in {time.perf_counter() - began:.0f} s", flush=True)
        measured.append(history.measure())
    print(f"\n{'page':44}{'queries':>8}" + "".join(f"{size:>12,}" for size in sizes) + f"{'ratio':>8}")
    is_good = True
    for name in measured[0]:
        queries = max(column[name][0] for column in measured)
        times = [column[name][1] for column in measured]
        ratio = times[-1] / times[0]
        is_good = is_good and queries <= MOST_QUERIES and ratio <= most
        print(f"{name:44}{queries:>8}" + "".join(f"{ms:>9.0f} ms" for ms in times) + f"{ratio:>8.2f}")
    return is_good


class History:
    """One class and its growing history."""

    def __init__(self, learners: int) -> None:
        from accounts.models import User  # noqa: PLC0415 - only after setup
        from classrooms.models import Classroom, Member  # noqa: PLC0415
        from curriculum.models import Course  # noqa: PLC0415

        self.dice = random.Random(7)
        self.now = datetime.now(UTC)
        self.course = Course.objects.get(slug="cyberspace-2019")
        self.teacher = User.objects.create_user("benchmark-teacher", password="a long pass phrase", is_staff=True)
        self.classroom = Classroom.objects.create(course=self.course, name="Benchmark")
        self.classroom.members.create(user=self.teacher, role=Member.Role.OWNER, joined_at=self.now)
        people = [User(username=f"benchmark-{at}", password="!") for at in range(learners)]
        self.people = User.objects.bulk_create(people, batch_size=500)
        Member.objects.bulk_create(
            [
                Member(classroom=self.classroom, user=person, name=f"Learner {at}", joined_at=self.now)
                for at, person in enumerate(self.people)
            ],
            batch_size=500,
        )
        self.strength = [self.dice.gauss(0.3, 1) for _ in self.people]
        self.asked = [Simulated(question, self.dice) for question in self._questions()]
        self.size = 0

    def _questions(self) -> list[Any]:
        from quizzes.models import Question  # noqa: PLC0415 - only after setup

        rows = Question.objects.active().for_course(self.course).select_related("current").prefetch_related("facts")
        return list(rows.order_by("lesson__order", "key"))

    def grow_to(self, size: int) -> None:
        """Add runs of twenty answers, learner by learner and day by day, until there are so many responses."""
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
        return self.now - timedelta(days=DAYS) + timedelta(days=2 * turn, minutes=person % 600)

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
        """Twenty answers to questions drawn for this learner: every question comes once before one comes again."""
        person, turn = run
        order = list(range(len(self.asked)))
        random.Random(f"{person}:{turn * RUN // len(order)}").shuffle(order)
        for place in range(RUN):
            asked = self.asked[order[(turn * RUN + place) % len(order)]]
            at = attempt.started_at + timedelta(seconds=25 * (place + 1))
            yield asked.answered(attempt, place + 1, self.strength[person] + 0.1 * turn, at, self.dice)

    def _rebuild(self) -> None:
        from classrooms import cohorts  # noqa: PLC0415 - only after setup
        from quizzes import counting  # noqa: PLC0415
        from quizzes.memory import rebuild  # noqa: PLC0415

        for person in self.people:
            rebuild(person)
        counting.rebuild(self.course.pk)
        cohorts.of_class(self.classroom, at_most=None)
        cohorts.of_course(self.course, at_most=None)

    def measure(self) -> dict[str, tuple[int, float]]:
        """Queries and milliseconds of each page."""
        from django.db import connection  # noqa: PLC0415 - only after setup
        from django.test import Client  # noqa: PLC0415
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415
        from django.urls import reverse  # noqa: PLC0415

        teacher, learner = (Client(headers={"accept-language": "zh-TW"}) for _ in range(2))
        teacher.force_login(self.teacher)
        learner.force_login(self.people[0])
        found = {}
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        for name, wanted in PAGES:
            client = learner if name in OWN else teacher
            url = reverse(name, args=[self.argument(part) for part in wanted])
            assert client.get(url).status_code == 200, url
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
                count = len(queries)
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                client.get(url)
                times.append((time.perf_counter() - began) * 1000)
            found[f"{name} {' '.join(wanted)}"] = count, min(times)
        return found

    def argument(self, name: str) -> Any:
        """What a page's address needs: the class, the course, a question by its kind, a member."""
        if name == "classroom":
            return self.classroom.pk
        if name == "course":
            return self.course.slug
        if name == "member":
            return self.classroom.members.learners().earliest("pk").pk
        return next(asked.question.pk for asked in self.asked if asked.question.kind == name)


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


if __name__ == "__main__":
    main()
