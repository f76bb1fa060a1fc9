"""For any history, the figures of the reports are those of a slow recomputation from the responses, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from fsrs import Card, Rating, Scheduler, State
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from classrooms.models import Classroom
from curriculum.models import Course, Fact
from quizzes.models import Grading, Response
from quizzes.progress import Day
from reports.classes import class_overview
from reports.document import lesson_recall
from reports.items import class_items
from reports.learner import learner_report
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.histories import MONDAY, answer, chosen, noon, typed

pytestmark = pytest.mark.django_db
NOW_DAY = 40
LEARNERS, FACTS = 6, 6


@dataclass(frozen=True)
class Given:
    """One answer of a random history."""

    learner: int
    fact: int
    day: int
    rating: int
    is_typed: bool
    confused: str


GIVEN = st.builds(
    Given,
    learner=st.integers(0, LEARNERS - 1),
    fact=st.integers(0, FACTS - 1),
    day=st.integers(0, NOW_DAY - 2),
    rating=st.sampled_from([1, 3]),
    is_typed=st.booleans(),
    confused=st.sampled_from(["", "甲", "乙"]),
)
HISTORIES = st.lists(GIVEN, max_size=60)


@pytest.fixture
def course() -> Course:
    course = make_course(slug="small", lessons=2, sentences=3)
    make_bank(course)
    return course


@pytest.fixture
def classroom(course: Course) -> Classroom:
    classroom = make_classroom(course=course)
    for at in range(LEARNERS):
        make_member(classroom, make_user(f"learner-{at}"), name=f"Learner {at}")
    return classroom


def live(classroom: Classroom, history: list[Given]) -> list[User]:
    """Give these answers, in the order of time, a minute apart on each day."""
    people = [member.user for member in classroom.members.learners().order_by("pk").select_related("user")]
    facts = list(classroom.course.facts.order_by("key"))
    for minute, row in enumerate(sorted(history, key=lambda row: row.day)):
        fact = facts[row.fact]
        at = noon(row.day) + timedelta(minutes=minute)
        wrong = row.confused if row.rating == 1 else ""
        question = typed(fact) if row.is_typed else chosen(fact)
        answer(people[row.learner], fact, at=at, rating=row.rating, question=question, confused_with=wrong)
    return people


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
def test_every_figure_is_that_of_the_responses(classroom: Classroom, history: list[Given]) -> None:
    with transaction.atomic():
        people = live(classroom, history)
        check_learner(people[0], classroom.course)
        check_class(classroom, people)
        check_document(classroom, people)
        check_items(classroom)
        transaction.set_rollback(True)


def check_learner(learner: User, course: Course) -> None:
    report = learner_report(learner, course, Day(noon(NOW_DAY), ZoneInfo("UTC")), for_learner=True)
    rows = list(Response.objects.filter(item__attempt__learner=learner).select_related("item__version__question"))
    kinds: dict[str, list[bool]] = defaultdict(list)
    weeks: dict[date, list[Response]] = defaultdict(list)
    for row in rows:
        kinds[row.item.version.question.kind].append(row.verdict == "correct")
        weeks[row.study_day - timedelta(days=row.study_day.weekday())].append(row)
    assert {kind.value: (own.right, own.n) for kind, own in report.by_kind} == {
        kind: (sum(own), len(own)) for kind, own in kinds.items()
    }
    assert report.days_practised == len({row.study_day for row in rows})
    assert report.minutes == pytest.approx(sum(row.elapsed_ms or 0 for row in rows) / 60_000)
    shown = {week.monday: (week.answers, week.first_tries.right) for week in report.weeks if week.answers}
    assert shown == {monday: (len(own), sum(row.verdict == "correct" for row in own)) for monday, own in weeks.items()}
    wrong = Counter(
        (row.fact.text, row.confused_with)
        for row in Grading.objects.filter(learner=learner).select_related("fact")
        if row.confused_with
    )
    assert {(row.key, row.given): row.times for row in report.confusions} == dict(wrong)


SCHEDULER = Scheduler(desired_retention=0.9, learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def recalls(learner: User, at: datetime) -> dict[int, float]:
    """What is remembered of each fact (row id), by the library alone: one review a day, its own curve by seconds."""
    by_fact: dict[int, list[Response]] = defaultdict(list)
    for row in Response.objects.filter(item__attempt__learner=learner).order_by("answered_at", "pk"):
        by_fact[row.item.version.question.facts.get().pk].append(row)
    found = {}
    for fact, rows in by_fact.items():
        card, last, ever_right = Card(card_id=0), None, False
        for row in rows:
            if last is not None and row.study_day <= last.study_day:
                continue
            is_right = row.verdict == "correct"
            on = datetime.combine(row.study_day, datetime.min.time(), tzinfo=UTC).replace(hour=12)
            card, _log = SCHEDULER.review_card(card, Rating.Good if is_right else Rating.Again, review_datetime=on)
            card.state, last, ever_right = State.Review, row, ever_right or is_right
        assert last is not None
        assert card.stability is not None
        days = (at - last.answered_at).total_seconds() / 86_400
        decay = SCHEDULER.parameters[20]
        factor = 0.9 ** (-1 / decay) - 1
        found[fact] = (1 + factor * days / card.stability) ** -decay if ever_right else 0.0
    return found


def reviewed_days(learner: User) -> Counter[int]:
    """On how many days each fact (row id) was answered."""
    days: dict[int, set[Any]] = defaultdict(set)
    for row in Response.objects.filter(item__attempt__learner=learner):
        days[row.item.version.question.facts.get().pk].add(row.study_day)
    return Counter({fact: len(own) for fact, own in days.items()})


def check_class(classroom: Classroom, people: list[User]) -> None:
    facts = list(Fact.objects.filter(course=classroom.course).select_related("sentence__passage__lesson"))
    at = noon(NOW_DAY)
    found = class_overview(classroom, at)
    assert [row.member.user for row in found.rows] == people
    for row in found.rows:
        known, days = recalls(row.member.user, at), reviewed_days(row.member.user)
        assert row.met == len(known)
        for column in found.columns:
            own = [fact.pk for fact in facts if fact.sentence.passage.lesson == column.lesson]
            is_enough = sum(days[fact] for fact in own) >= 5
            cell = row.cells.get(column.lesson.pk)
            if is_enough:
                assert cell is not None
                assert cell.recall == pytest.approx(mean(known.get(fact, 0.0) for fact in own), abs=1e-6)
            else:
                assert cell is None or cell.recall is None
        whole = mean(known.get(fact.pk, 0.0) for fact in facts)
        assert row.recall == (pytest.approx(whole, abs=1e-6) if days.total() >= 5 else None)


def check_document(classroom: Classroom, people: list[User]) -> None:
    at = noon(NOW_DAY)
    known = {person.pk: recalls(person, at) for person in people}
    for lesson in classroom.course.lessons.all():
        shown = lesson_recall(classroom, lesson, at)
        for fact in Fact.objects.filter(sentence__passage__lesson=lesson).select_related("sentence"):
            own = [row[fact.pk] for row in known.values() if fact.pk in row]
            cell = shown.get(fact.sentence.key)
            assert (cell.n if cell else 0) == len(own)
            if cell and cell.recall is not None:
                assert cell.recall == pytest.approx(mean(own), abs=1e-6)


def check_items(classroom: Classroom) -> None:
    """First answers to a fact never asked before, by question: how many, and the share right."""
    expected: dict[int, list[bool]] = defaultdict(list)
    met: set[tuple[int, int]] = set()
    rows = Response.objects.order_by("answered_at", "pk").select_related("item__attempt", "item__version__question")
    for row in rows:
        question, learner = row.item.version.question, row.item.attempt.learner_id
        fact = question.facts.get().pk
        if (learner, fact) not in met:
            met.add((learner, fact))
            expected[question.pk].append(row.verdict == "correct")
    for item in class_items(classroom).rows:
        own = expected[item.question_id]
        assert item.figures.n == len(own)
        if item.figures.p.is_enough:
            assert item.figures.p.value == pytest.approx(mean(own))


def test_the_first_day_is_a_monday() -> None:
    assert MONDAY.weekday() == 0
