"""How a quiz measures: from the sittings as learners hand them in, against numpy."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from scipy import stats

from accounts.models import User
from classrooms import publishing, sittings
from classrooms.models import Assignment, Classroom, Sitting
from quizzes import papers
from quizzes.models import AttemptItem, Question, Response
from reports.assignment_items import assignment_items
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.clock import NOW
from tests.factories import make_bank, make_course, make_user


@pytest.fixture
def teacher(db: None) -> User:
    return make_user("teacher")


@pytest.fixture
def classroom(teacher: User) -> Classroom:
    course = make_course(sentences=4)
    make_bank(course)
    return make_classroom(teacher, course=course)


@pytest.fixture
def member(teacher: User) -> Client:
    client = Client()
    client.force_login(teacher, backend="django.contrib.auth.backends.ModelBackend")
    return client


def make_quiz(classroom: Classroom, **fields: Any) -> Assignment:
    quiz = make_assignment(classroom, is_draft=True, **{"count": 4, "is_shuffled": True, "attempts": None} | fields)
    publishing.publish(quiz, now=NOW - timedelta(hours=1))
    return quiz


def sit(quiz: Assignment, person: User, strength: float, dice: random.Random) -> Sitting:
    """A learner begins, answers three questions in four, rightly by strength, and hands in."""
    found = quiz.classroom.members.filter(user=person).select_related("user", "classroom", "group").first()
    assert found is not None
    sitting = sittings.start(quiz, found, now=NOW)
    for item in sitting.attempt.items.select_related("version__question", "attempt__learner"):
        content = item.version.content
        if dice.random() < 0.25:
            continue
        is_right = dice.random() < strength
        if content.kind == "choice":
            fields = {"choice": ["1" if is_right else "0"]}
        else:
            fields = {"text": [str(content.key) if is_right else "別的"]}
        papers.save(item, fields, now=NOW)
    sittings.hand_in(sitting, now=NOW)
    sitting.refresh_from_db()
    return sitting


def sit_all(quiz: Assignment, count: int) -> None:
    dice = random.Random(3)
    for at in range(count):
        person = make_member(quiz.classroom, make_user()).user
        sit(quiz, person, (at + 1) / (count + 1), dice)


def scores_of(quiz: Assignment, paper: list[int]) -> np.ndarray:
    """One row per sitting, from Response rows only."""

    def earned(sitting: Sitting, version: int) -> float:
        given = Response.objects.filter(item__attempt=sitting.attempt, item__version=version)
        return sum(given.values_list("score", flat=True))

    return np.array([[earned(sitting, pk) for pk in paper] for sitting in quiz.sittings.order_by("member")])


def test_every_figure_of_a_quiz_is_that_of_the_answers(classroom: Classroom) -> None:
    quiz = make_quiz(classroom)
    sit_all(quiz, 32)
    report = assignment_items(quiz)
    (form,) = report.forms
    paper = quiz.paper[""]
    scores = scores_of(quiz, paper)
    totals, matrix, k = scores.sum(axis=1), np.cov(scores, rowvar=False), len(paper)
    alpha = k / (k - 1) * (1 - np.trace(matrix) / matrix.sum())
    assert (report.taken, report.left_out, form.reliability.n, form.reliability.items) == (32, 0, 32, 4)
    assert form.reliability.alpha.value == pytest.approx(alpha)
    assert form.reliability.mean.value == pytest.approx(np.mean([s.score for s in quiz.sittings.all()]))
    assert form.reliability.standard_error.value == pytest.approx(np.sqrt(1 - alpha) * totals.std(ddof=1) / k)
    for at, row in enumerate(form.items):
        assert row.figures.p.value == pytest.approx(scores[:, at].mean())
        rest = totals - scores[:, at]
        assert row.figures.r.value == pytest.approx(stats.pearsonr(scores[:, at], rest).statistic)
        items = AttemptItem.objects.filter(attempt__sitting__assignment=quiz, version=paper[at])
        assert row.figures.blank == items.filter(responses=None).count()
        assert not row.efficiency.is_enough


def test_only_the_first_attempt_of_each_learner_counts(classroom: Classroom) -> None:
    quiz = make_quiz(classroom)
    person = make_member(classroom, make_user()).user
    dice = random.Random(1)
    first, _second = sit(quiz, person, 0.0, dice), sit(quiz, person, 1.0, dice)
    (form,) = assignment_items(quiz).forms
    assert first.number == 1
    assert [row.figures.right for row in form.items] == [0] * 4


def test_a_suspended_question_counts_for_nobody(classroom: Classroom) -> None:
    quiz = make_quiz(classroom)
    sit_all(quiz, 2)
    gone = Question.objects.get(versions=quiz.paper[""][0])
    Question.objects.filter(pk=gone.pk).update(is_suspended=True)
    (form,) = assignment_items(quiz).forms
    assert gone.pk not in {row.question_id for row in form.items}
    assert form.reliability.items == 3


def test_with_few_learners_nothing_is_said_of_the_marks(member: Client, classroom: Classroom) -> None:
    quiz = make_quiz(classroom)
    sit_all(quiz, 2)
    html = member.get(reverse("reports:assignment_items", args=[classroom.pk, quiz.pk])).content.decode()
    assert "Not enough answers yet: 2 learners." in html
    assert "Cronbach" in html
    assert "50%" not in html


def test_a_quiz_drawn_for_each_learner_has_nothing_to_compare(member: Client, classroom: Classroom) -> None:
    quiz = make_quiz(classroom, is_same_for_all=False)
    sit_all(quiz, 2)
    html = member.get(reverse("reports:assignment_items", args=[classroom.pk, quiz.pk])).content.decode()
    assert "Each learner is asked other questions in this quiz" in html


def test_a_quiz_of_another_class_is_not_shown(member: Client, classroom: Classroom) -> None:
    other = make_quiz(make_classroom(course=classroom.course, name="Class B"))
    practice = make_assignment(classroom, sort="practice")
    for assignment in (other, practice):
        url = reverse("reports:assignment_items", args=[classroom.pk, assignment.pk])
        assert member.get(url).status_code == 404


def test_the_page_asks_as_often_for_many_learners_as_for_one(member: Client, classroom: Classroom) -> None:
    quiz = make_quiz(classroom)
    counted = []
    for count in (1, 5):
        sit_all(quiz, count)
        with CaptureQueriesContext(connection) as queries:
            response = member.get(reverse("reports:assignment_items", args=[classroom.pk, quiz.pk]))
        counted.append(len(queries))
        assert response.status_code == 200
    assert counted == [8, 8]
