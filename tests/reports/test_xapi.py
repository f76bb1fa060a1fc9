"""xAPI statements: what a record store would take, about the right people, with ids that stay."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from classrooms.models import Classroom, Member
from curriculum.models import Course
from quizzes.models import Attempt
from reports import xapi
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_bank, make_course, make_learner, make_stranger, make_user
from tests.quizzes.every_kind import CLOZE, PAIRS, RIGHT, item_at, make_every_kind, make_run
from tests.quizzes.histories import answer
from tests.reports.xapi_rules import broken

pytestmark = pytest.mark.django_db
VERB = "http://adlnet.gov/expapi/verbs/"
HOME = "https://jingdu.example.org/"


@pytest.fixture
def course() -> Course:
    course = make_course(slug="small")
    make_bank(course)
    return course


@pytest.fixture
def learner() -> User:
    return make_learner(display_name="陳怡君", email="yi-chun@example.org")


def statements_of(client: Client, person: User, name: str, *ids: Any) -> list[dict[str, Any]]:
    client.force_login(person)
    response = client.get(reverse(f"reports:{name}", args=ids))
    assert response.headers["Content-Type"] == "application/json"
    found: list[dict[str, Any]] = json.loads(response.getvalue())
    assert [fault for statement in found for fault in broken(statement)] == []
    return found


def test_a_run_is_attempted_answered_and_completed(client: Client, learner: User, course: Course) -> None:
    at = timezone.now().replace(microsecond=0)
    run = Attempt.objects.create(learner=learner, course=course, scope="course", seed="x", started_at=at)
    answer(learner, course.facts.get(key="F1-1"), at=at + timedelta(minutes=1), run=run)
    answer(learner, course.facts.get(key="F1-2"), at=at + timedelta(minutes=2), run=run, rating=1)
    Attempt.objects.filter(pk=run.pk).update(finished_at=at + timedelta(minutes=3))
    attempted, first, second, completed = statements_of(client, learner, "learner_xapi")
    assert [row["verb"]["id"] for row in (attempted, first, second, completed)] == [
        f"{VERB}{verb}" for verb in ("attempted", "answered", "answered", "completed")
    ]
    assert first["result"] == {
        "score": {"scaled": 1.0},
        "success": True,
        "completion": True,
        "response": "答案",
        "duration": "PT12.00S",
    }
    assert (second["result"]["score"], second["result"]["success"]) == ({"scaled": 0.0}, False)
    assert completed["result"] == {"completion": True, "duration": "PT24.00S"}
    assert (
        attempted["object"]["id"]
        == completed["object"]["id"]
        == first["context"]["contextActivities"]["parent"][0]["id"]
    )
    (grouping,) = first["context"]["contextActivities"]["grouping"]
    assert grouping["id"] == "http://testserver/courses/small/"
    assert list(grouping["definition"]["extensions"].values()) == [course.sha256]
    assert first["object"]["definition"]["name"] == {"zh-Hant": "依第1章，第1句說明什麼？"}
    assert len({row["context"]["registration"] for row in (attempted, first, second, completed)}) == 1


def test_somebody_is_an_account_and_never_an_address(client: Client, learner: User, course: Course) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=timezone.now())
    found = statements_of(client, learner, "learner_xapi")
    assert found[0]["actor"] == {
        "objectType": "Agent",
        "name": "陳怡君",
        "account": {"homePage": "http://testserver/", "name": f"person-{learner.pk}"},
    }
    assert "yi-chun@example.org" not in json.dumps(found)
    User.objects.filter(pk=learner.pk).update(display_name="yi-chun@example.org")
    assert "@" not in json.dumps(statements_of(client, learner, "learner_xapi"))


def test_the_same_history_has_the_same_ids(client: Client, learner: User, course: Course) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=timezone.now())
    before = [row["id"] for row in statements_of(client, learner, "learner_xapi")]
    answer(learner, course.facts.get(key="F1-2"), at=timezone.now())
    after = [row["id"] for row in statements_of(client, learner, "learner_xapi")]
    assert after[: len(before)] == before
    assert len(set(after)) == len(after) == 4


def test_results_that_are_not_told_yet_are_left_out_for_the_learner(
    client: Client, learner: User, course: Course
) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=timezone.now())
    later = {"scope": Attempt.Scope.QUIZ, "feedback": "later", "results_at": timezone.now() + timedelta(days=1)}
    run = Attempt.objects.create(learner=learner, course=course, seed="x", started_at=timezone.now(), **later)
    answer(learner, course.facts.get(key="F1-2"), at=timezone.now(), run=run, rating=1)
    classroom = make_classroom(make_user("instructor"), course=course)
    make_member(classroom, learner)
    own = statements_of(client, learner, "learner_xapi")
    theirs = statements_of(client, owner_of(classroom), "class_xapi", classroom.pk)
    assert (len(own), len(theirs)) == (2, 4)


def owner_of(classroom: Classroom) -> User:
    return classroom.members.get(role=Member.Role.OWNER).user


def test_a_class_gives_its_learners_in_its_course_under_their_names_in_the_class(
    client: Client, learner: User, course: Course
) -> None:
    other = make_course(slug="other")
    make_bank(other)
    classroom = make_classroom(make_user("instructor"), course=course)
    make_member(classroom, learner, name="Number 12")
    make_member(classroom, (removed := make_user()), status=Member.Status.REMOVED)
    for person in (learner, removed, make_stranger()):
        answer(person, course.facts.get(key="F1-1"), at=timezone.now())
        answer(person, other.facts.get(key="F1-2"), at=timezone.now())
    found = statements_of(client, owner_of(classroom), "class_xapi", classroom.pk)
    assert {row["actor"]["name"] for row in found} == {"Number 12"}
    assert [row["verb"]["display"]["en-US"] for row in found] == ["attempted", "answered"]


def test_every_kind_of_question_makes_a_statement_that_a_store_takes(learner: User) -> None:
    run = make_run(learner, make_every_kind())
    client = Client()
    client.force_login(learner)
    for position in range(CLOZE, PAIRS + 1):
        data = {**RIGHT[position], "try": "1"}
        assert client.post(reverse("quizzes:question", args=[run.pk, position]), data).status_code == 303
    found = statements_of(client, learner, "learner_xapi")
    answers = [row for row in found if row["verb"]["id"] == f"{VERB}answered"]
    assert len(answers) == PAIRS
    assert all(row["result"]["response"] and row["result"]["success"] for row in answers)
    assert item_at(run, 1).attempt_id == run.pk


def test_nothing_yet_is_an_empty_array(client: Client, course: Course) -> None:
    classroom = make_classroom(make_user("instructor"), course=course)
    assert statements_of(client, owner_of(classroom), "class_xapi", classroom.pk) == []


@pytest.mark.parametrize("count", [1, 12])
def test_a_block_of_runs_takes_the_same_queries(
    learner: User, course: Course, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _run in range(count):
        answer(learner, course.facts.get(key="F1-1"), at=timezone.now())
    runs = xapi.runs([learner.pk], course, now=timezone.now(), is_told=True)
    actors = {learner.pk: xapi.actor(HOME, learner.pk, "L")}
    with django_assert_num_queries(4):
        assert len(list(xapi.statements(runs, course, actors, home=HOME))) == 2 * count
