"""The demonstration: plausible, repeatable, named as one, through the real grading, and gone without a trace."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from classrooms.demonstration import assigned, cast, doubts, term
from classrooms.demonstration.answers import GAVE_UP, mistaken, right
from classrooms.demonstration.minds import CHARACTERS, STEADY, Character, Mind
from classrooms.management.commands.demo import PASSWORD, first_morning
from classrooms.models import Classroom, Sitting
from curriculum.models import Course
from quizzes.counting import uncounted
from quizzes.kinds import KINDS
from quizzes.memory import differences
from quizzes.models import Attempt, AttemptItem, Flag, QuestionVersion, Response
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.every_kind import make_every_kind
from tests.quizzes.histories import answer, noon

THEN = "2026-11-25 12:00:00Z"
BEGAN = datetime(2026, 10, 5, tzinfo=ZoneInfo(cast.ZONE))


@pytest.fixture
def course(db: None) -> Course:
    course = make_course(slug="small", lessons=5, sentences=3)
    make_bank(course)
    return course


def demo(*arguments: str) -> str:
    out = StringIO()
    with time_machine.travel(THEN, tick=False):
        call_command("demo", "--course", "small", *arguments, stdout=out)
    return out.getvalue()


def test_it_makes_a_class_with_a_history_that_the_memory_agrees_with(course: Course) -> None:
    words = demo("--learners", "2")
    classroom = Classroom.objects.get()
    assert (classroom.is_demo, classroom.members.learners().count()) == (True, 2)
    assert cast.INSTRUCTOR in words
    assert PASSWORD in words
    assert Response.objects.count() > 20
    assert Sitting.objects.submitted().exists()
    assert [differences(member.user) for member in classroom.members.learners()] == [[], []]


def test_made_again_it_takes_the_place_of_the_older_one(course: Course) -> None:
    demo("--learners", "1")
    older = Classroom.objects.get()
    people, work = list(older.members.values_list("name")), list(older.assignments.values_list("title", "due_at"))
    demo("--learners", "1")
    newer = Classroom.objects.get()
    assert newer != older
    assert list(newer.members.values_list("name")) == people
    assert list(newer.assignments.values_list("title", "due_at")) == work
    assert User.objects.count() == 2


def test_it_touches_nothing_else_and_goes_without_a_trace(course: Course) -> None:
    person = make_user("somebody")
    mine = Classroom.objects.create(name="Mine", course=course)
    answer(person, course.facts.get(key="F1-1"), at=noon())
    demo("--learners", "1")
    demo("--remove")
    assert list(Classroom.objects.all()) == [mine]
    assert list(User.objects.all()) == [person]
    assert Response.objects.count() == 1
    assert set(Attempt.objects.values_list("learner", flat=True)) == {person.pk}


def test_some_contest_a_question_and_every_answer_is_in_the_sums(course: Course) -> None:
    demo("--learners", "6")
    assert not uncounted(course.pk).exists()
    flags = Flag.objects.select_related("item__version__question")
    assert {flag.reason for flag in flags} == {"my_answer"}
    assert len({flag.item.version.question for flag in flags}) == 1
    assert 1 <= len({flag.learner for flag in flags}) == flags.count() <= doubts.DOUBTERS
    assert all(flag.item.responses.filter(verdict="wrong").exists() for flag in flags)


@pytest.mark.parametrize("seconds", [-715, -60, 1, 45])
def test_a_learner_in_the_middle_of_practice_has_answered_nothing_later_than_now(course: Course, seconds: int) -> None:
    def sessions(until: datetime) -> list[tuple[datetime, Callable[[datetime], int]]]:
        mind = Mind(STEADY, random.Random(1))
        return list(term.sessions(term.Learner(person, mind), course, lessons, began=BEGAN, until=until))

    person, lessons = make_user(), list(course.lessons.all())
    moments = [at for at, _act in sessions(BEGAN + timedelta(days=50))]
    now = moments[-1] + timedelta(seconds=seconds)
    for at, act in sessions(now):
        act(at)
    assert not Attempt.objects.filter(started_at__gt=now).exists()
    assert not AttemptItem.objects.filter(shown_at__gt=now).exists()
    assert not Response.objects.filter(answered_at__gt=now).exists()
    assert Response.objects.filter(answered_at__gt=BEGAN).exists()


def test_a_learner_in_the_middle_of_a_quiz_has_not_handed_it_in(course: Course) -> None:
    classroom, (learner,) = cast.gather(course, password=PASSWORD, count=1, began=BEGAN, seed=1)
    lessons = list(course.lessons.all())
    quiz = assigned.set_work(classroom, lessons, began=BEGAN, until=BEGAN + timedelta(days=60))[0]
    at = BEGAN + timedelta(days=1, hours=12)
    now = at + timedelta(minutes=1)
    answered = assigned.sit(learner, quiz, BEGAN, now, at)
    kept = AttemptItem.objects.exclude(saved=None)
    assert 0 < answered == kept.filter(saved_at__lte=now).count() == kept.count() < 12
    assert not Sitting.objects.submitted().exists()


@pytest.mark.parametrize("local", ["2026-11-30 00:05", "2026-11-30 23:55", "2026-12-01 00:05", "2028-02-29 12:00"])
def test_at_the_turn_of_a_day_or_week_no_work_was_set_later_than_now(course: Course, local: str) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(cast.ZONE))
    classroom, _learners = cast.gather(course, password=PASSWORD, count=1, began=first_morning(now), seed=1)
    assigned.set_work(classroom, list(course.lessons.all()), began=first_morning(now), until=now)
    assert classroom.assignments.filter(published_at__lte=now).count() == 8
    assert classroom.assignments.published().count() == 8


def test_its_people_can_sign_in(course: Course, client: Client) -> None:
    demo("--learners", "1")
    for username in (cast.INSTRUCTOR, "demo-01"):
        assert client.login(username=username, password=PASSWORD)


def test_without_the_course_it_says_what_to_do(db: None) -> None:
    with pytest.raises(CommandError, match=r"manage\.py setup"):
        call_command("demo")


def test_behind_https_the_password_is_nobodys_guess(course: Course, settings: pytest.FixtureRequest) -> None:
    settings.HTTPS = True  # type: ignore[attr-defined]
    assert PASSWORD not in demo("--learners", "1")


# Minds and answers.


@pytest.mark.django_db
def test_right_answers_are_right_and_mistakes_are_not() -> None:
    make_every_kind()
    for version in QuestionVersion.objects.filter(current_for__is_active=True):
        content = version.content
        kind = KINDS[content.kind]
        assert kind.grade(content, right(content), is_final=True).is_correct, content.kind
        for seed in range(8):
            wrong = mistaken(content, random.Random(seed))
            assert wrong is GAVE_UP or not kind.grade(content, wrong, is_final=True).is_correct, (content.kind, wrong)


def test_a_mind_remembers_what_it_learned_and_forgets_it_again() -> None:
    def share(at: float) -> float:
        mind = Mind(Character(knows=0.0, slip=0.0), random.Random(1))
        mind.learn("F", at=10, was_right=True)
        return sum(mind.knows("F", at=at, guess=0.0) for _ in range(400)) / 400

    assert share(10.1) > 0.9
    assert share(10.1) > share(25) > share(80)
    unlearned = Mind(Character(knows=0.0, slip=0.0), random.Random(1))
    assert not any(unlearned.knows("F", at=20, guess=0.0) for _ in range(50))


def test_thirty_learners_are_of_eight_kinds() -> None:
    assert (len(CHARACTERS), len(set(CHARACTERS))) == (30, 8)
