"""A quiz from many sides at once. Needs a database that serves several writers: PostgreSQL, as in CI."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms import publishing, sittings
from classrooms.models import Assignment, Classroom, Completion, Member, Sitting
from classrooms.sittings import StartError
from classrooms.work import note_completions
from quizzes import papers
from quizzes.memory import differences
from quizzes.models import Attempt, Response
from quizzes.practice import RefusedError
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.classrooms.test_assignment_pages import typed
from tests.quizzes.histories import answer
from tests.races import RACES, at_once

pytestmark = RACES


@pytest.fixture
def classroom(transactional_db: None) -> Classroom:
    return make_classroom()


@pytest.fixture
def member(classroom: Classroom, learner: User) -> Member:
    return make_member(classroom, learner)


def make_quiz(classroom: Classroom, **fields: Any) -> Assignment:
    quiz = make_assignment(classroom, is_draft=True, **{"count": 4} | fields)
    publishing.publish(quiz, now=timezone.now())
    return quiz


def begin(quiz: Assignment, member: Member) -> int | str:
    """The number of the attempt, or why there is none."""
    try:
        fresh = Member.objects.select_related("user").get(pk=member.pk)
        return sittings.start(quiz, fresh, now=timezone.now()).number
    except StartError as refusal:
        return str(refusal.message)


def test_32_starts_at_once_begin_one_attempt(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom, attempts=1)
    assert set(at_once(lambda _n: begin(quiz, member), 32)) == {1}
    assert (Sitting.objects.count(), Attempt.objects.count()) == (1, 1)


def test_starts_and_hand_ins_at_once_never_go_over_the_limit(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom, attempts=2)
    begin(quiz, member)

    def verb(number: int) -> Any:
        if number % 2:
            return begin(quiz, member)
        for sitting in Sitting.objects.open().select_related("attempt__learner", "assignment__classroom"):
            sittings.hand_in(sitting, now=timezone.now())
        return None

    at_once(verb, 16)
    assert Sitting.objects.count() <= 2
    assert Sitting.objects.open().count() <= 1


def test_the_learner_and_the_clock_hand_in_once(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom, minutes=5)
    begin(quiz, member)
    start = timezone.now() - timedelta(minutes=10)
    Sitting.objects.update(started_at=start)
    Attempt.objects.update(started_at=start, deadline_at=start + timedelta(minutes=5))
    item = Attempt.objects.get().items.select_related("version").first()
    assert item is not None
    Attempt.objects.get().items.filter(pk=item.pk).update(saved={"choice": ["1"], "text": ["事項"]})

    def verb(_number: int) -> bool:
        sitting = Sitting.objects.select_related("attempt__learner", "assignment__classroom").get()
        return sittings.hand_in(sitting, now=timezone.now())

    assert sorted(at_once(verb, 8)) == [False] * 7 + [True]
    assert Response.objects.count() == 1
    assert Sitting.objects.get().submitted_at == start + timedelta(minutes=5)
    assert differences(member.user) == []


def test_two_tabs_keep_both_answers_or_say_that_it_was_handed_in(classroom: Classroom, member: Member) -> None:
    begin(make_quiz(classroom), member)
    items = list(Attempt.objects.get().items.select_related("version__question", "attempt__learner"))

    def verb(number: int) -> str:
        if number == 5:
            sitting = Sitting.objects.select_related("attempt__learner", "assignment__classroom").get()
            sittings.hand_in(sitting, now=timezone.now())
            return "handed in"
        try:
            papers.save(items[number % 4], {"choice": ["1"], "text": ["事項"]}, now=timezone.now())
        except RefusedError as refusal:
            return str(refusal.message)
        return "saved"

    found = at_once(verb, 8)
    assert set(found) <= {"saved", "handed in", "This quiz is handed in. Nothing was changed."}
    kept = set(Attempt.objects.get().items.exclude(saved=None).values_list("pk", flat=True))
    assert kept == set(Response.objects.values_list("item", flat=True))
    assert Sitting.objects.get().score is not None


def test_two_editors_at_once_leave_one_change_and_one_who_is_told(classroom: Classroom) -> None:
    quiz = make_quiz(classroom)
    url = reverse("classrooms:assignment_edit", args=[classroom.pk, quiz.pk])
    owner = classroom.members.get(role="owner").user
    expected = str(Assignment.objects.get().revision)

    def verb(number: int) -> int:
        client = Client()
        client.force_login(owner)
        return client.post(url, typed(title=f"Editor {number}", expected=expected)).status_code

    assert sorted(at_once(verb, 6)) == [303] + [422] * 5


def test_what_is_done_is_noted_once(classroom: Classroom, member: Member) -> None:
    make_assignment(classroom, sort="practice", target="met", target_share=10)
    for fact in classroom.course.facts.select_related("course"):
        answer(member.user, fact, at=timezone.now())
    at_once(lambda _n: note_completions(Classroom.objects.get(pk=classroom.pk), timezone.now()), 8)
    assert Completion.objects.count() == 1


def test_deleting_while_a_quiz_runs_ends_it_cleanly(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom)
    begin(quiz, member)
    items = list(Attempt.objects.get().items.select_related("version__question", "attempt__learner"))

    def verb(number: int) -> Any:
        if number == 3:
            publishing.delete(Assignment.objects.select_related("classroom").get(pk=quiz.pk), now=timezone.now())
            return None
        try:
            return papers.save(items[number % 4], {"choice": ["1"], "text": ["事項"]}, now=timezone.now())
        except RefusedError:
            return None

    at_once(verb, 8)
    assert not Assignment.objects.exists()
    assert Attempt.objects.get().is_finished
    assert differences(member.user) == []
