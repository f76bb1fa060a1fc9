"""The report on one learner: what it says, to whom, and that it costs the same however much was answered."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from classrooms.models import Classroom, Member
from curriculum.models import Course
from curriculum.reading import display
from quizzes import weeks
from quizzes.models import Attempt, Response
from quizzes.progress import Day
from reports.learner import LearnerReport, Share, learner_report
from reports.learner_tables import tables
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_bank, make_course, make_guest, make_learner, make_stranger, make_user
from tests.quizzes.histories import MONDAY, answer, chosen, make_run, noon

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")


@pytest.fixture
def course() -> Course:
    course = make_course(slug="small", lessons=2, sentences=3)
    make_bank(course)
    return course


@pytest.fixture
def learner() -> User:
    return make_learner()


def report_of(learner: User, course: Course, *, day: int = 20, **fields: Any) -> LearnerReport:
    return learner_report(learner, course, Day(noon(day), UTC), **{"for_learner": True} | fields)


def some_history(learner: User, course: Course) -> None:
    """Eight answers on three days of two weeks, five right; one confusion twice."""
    first, second = course.facts.get(key="F1-1"), course.facts.get(key="F1-2")
    for day in (0, 1, 8):
        answer(learner, first, at=noon(day))
        answer(learner, second, at=noon(day), rating=1, confused_with="另一事項" if day else "")
    answer(learner, first, at=noon(8) + timedelta(hours=1), question=chosen(first))
    answer(learner, first, at=noon(8) + timedelta(hours=2), question=chosen(first))


def test_it_counts_first_tries_by_kind_with_an_interval(learner: User, course: Course) -> None:
    some_history(learner, course)
    report = report_of(learner, course)
    assert [(kind.value, found.right, found.n) for kind, found in report.by_kind] == [
        ("choice", 2, 2),
        ("short_answer", 3, 6),
    ]
    assert report.first_tries.share == 5 / 8
    low, high = report.first_tries.interval or (0.0, 0.0)
    assert (round(low, 3), round(high, 3)) == (0.306, 0.863)


@pytest.mark.parametrize(("n", "is_shown"), [(4, False), (5, True)])
def test_below_five_answers_there_is_no_share(n: int, is_shown: bool) -> None:
    found = Share(n, n)
    assert [found.share is not None, found.interval is not None] == [is_shown] * 2


def test_days_and_minutes_are_those_with_answers(learner: User, course: Course) -> None:
    some_history(learner, course)
    report = report_of(learner, course)
    assert (report.days_practised, report.answers, report.minutes) == (3, 8, pytest.approx(8 * 12 / 60))


def test_the_weeks_begin_with_the_first_answer(learner: User, course: Course) -> None:
    some_history(learner, course)
    weeks.note(learner, now=noon(20))
    report = report_of(learner, course)
    assert [(week.monday, week.answers, week.days) for week in report.weeks] == [
        (MONDAY, 4, 2),
        (MONDAY + timedelta(days=7), 4, 1),
        (MONDAY + timedelta(days=14), 0, 0),
    ]
    known = [week.knowledge for week in report.weeks]
    assert known[0] is None
    assert 0 < (known[1] or 0) <= 2 / 6


def test_confusions_come_with_how_often(learner: User, course: Course) -> None:
    some_history(learner, course)
    (pair,) = report_of(learner, course).confusions
    assert (pair.subject, pair.key, pair.given, pair.times) == ("第2句", "事項1甲2", "另一事項", 2)


def test_recall_on_a_later_date_is_lower_than_now(learner: User, course: Course) -> None:
    some_history(learner, course)
    report = report_of(learner, course, then=MONDAY + timedelta(days=90))
    row = report.lessons[0]
    assert row.mastery.recall_now is not None
    assert row.recall_then is not None
    assert row.recall_then < row.mastery.recall_now
    assert report.lessons[1].recall_then is None


def test_answers_to_a_quiz_wait_until_the_learner_may_know(learner: User, course: Course) -> None:
    fact = course.facts.get(key="F1-1")
    later = {"scope": Attempt.Scope.QUIZ, "feedback": "later", "results_at": noon(30), "finished_at": noon(1)}
    answer(learner, fact, at=noon(1), run=make_run(learner, course, at=noon(1), **later))
    own, instructors = (report_of(learner, course, for_learner=told) for told in (True, False))
    assert (own.answers, instructors.answers) == (0, 1)
    assert report_of(learner, course, day=31).answers == 1


def test_other_peoples_answers_are_not_in_it(learner: User, course: Course) -> None:
    some_history(make_stranger(), course)
    report = report_of(learner, course)
    assert (report.answers, report.confusions, report.weakest, report.mastery.met) == (0, (), (), 0)


def test_answers_in_other_courses_are_not_in_it(learner: User, course: Course) -> None:
    other = make_course(slug="other")
    make_bank(other)
    answer(learner, other.facts.get(key="F1-1"), at=noon(1), confused_with="x")
    report = report_of(learner, course)
    assert (report.answers, report.confusions, report.days_practised) == (0, (), 0)


def test_the_calendar_of_days_leaves_other_courses_out_too(learner: User, course: Course) -> None:
    other = make_course(slug="other")
    make_bank(other)
    for at in (2, 3):
        answer(learner, other.facts.earliest("key"), at=noon(at))
    answer(learner, course.facts.earliest("key"), at=noon(3))
    report = report_of(learner, course)
    assert sum(total for _week, total in report.history.rows) == report.history.days_practised == 1


def test_what_is_to_come_today_says_nothing_of_answers_in_other_courses(learner: User, course: Course) -> None:
    learner.items_per_day = 5
    learner.save(update_fields=["items_per_day"])
    for fact in course.facts.order_by("key"):
        answer(learner, fact, at=noon(1))
    other = make_course(slug="other")
    make_bank(other)

    def today() -> int:
        return report_of(learner, course, day=20).coming[0].due

    assert today() == 5
    for _time in range(3):
        answer(learner, other.facts.earliest("key"), at=noon(20) - timedelta(hours=1))
    assert today() == 5
    answer(learner, course.facts.earliest("key"), at=noon(20) - timedelta(hours=1))
    assert today() == 4


def test_every_table_has_a_head_for_each_cell(learner: User, course: Course) -> None:
    some_history(learner, course)
    for table in tables(report_of(learner, course), display(course, "hant")).values():
        assert {len(row) for row in table.rows} <= {len(table.columns)}, table.key
        assert table.as_rows()[0] == list(table.columns)


# Pages.


def at_noon_today(days: int = 0) -> Any:
    return timezone.now().replace(hour=12) - timedelta(days=days)


@pytest.fixture
def classroom(course: Course) -> Classroom:
    return make_classroom(make_user("instructor"), course=course)


def test_a_learner_sees_the_own_report_and_can_practise_the_weakest(
    client: Client, learner: User, course: Course
) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=at_noon_today(3), rating=1)
    client.force_login(learner)
    page = client.get(reverse("reports:learner")).content.decode()
    assert "<h1>learner</h1>" in page
    assert '<input type="hidden" name="fact" value="F1-1">' in page


def test_one_day_and_one_minute_are_said_as_one(client: Client, learner: User, course: Course) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=at_noon_today(3))
    Response.objects.update(elapsed_ms=60_000)
    client.force_login(learner)
    page = client.get(reverse("reports:learner")).content.decode()
    assert "Asked so far: 1 of 6 facts; secure: 0." in page
    assert "1 day practised. 1 minute in all." in page


def test_without_a_history_the_way_leads_to_the_first_lesson(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert client.get(reverse("reports:learner")).headers["Location"] == reverse("quizzes:progress")


def test_a_day_in_the_past_is_explained_and_changes_nothing(client: Client, learner: User, course: Course) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=at_noon_today(3))
    client.force_login(learner)
    for then in ("2001-01-01", "9999-12-31", "2026-13-01"):
        response = client.get(reverse("reports:learner"), {"then": then})
        assert response.status_code == 200
        assert 'class="problem"' in response.content.decode()


def test_an_instructor_sees_a_learner_of_the_class(client: Client, classroom: Classroom, course: Course) -> None:
    member = make_member(classroom, make_learner(), name="陳怡君")
    answer(member.user, course.facts.get(key="F1-1"), at=at_noon_today(3), rating=1)
    client.force_login(classroom.members.get(role=Member.Role.OWNER).user)
    page = client.get(reverse("reports:class_learner", args=[classroom.pk, member.pk])).content.decode()
    assert re.search(r"<h1[^>]*>(<span[^>]*>)?陳怡君", page)
    assert reverse("quizzes:start") not in page.split('<main id="main"')[1]


def test_nobody_else_sees_it(client: Client, classroom: Classroom, course: Course) -> None:
    member, classmate = make_member(classroom, make_learner()), make_member(classroom)
    url = reverse("reports:class_learner", args=[classroom.pk, member.pk])
    other = make_classroom(course=course)
    outcomes = []
    for person in (classmate.user, member.user, make_stranger(), make_guest(), other.members.get().user):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        outcomes.append(client.get(url).status_code)
    assert outcomes == [403, 403, 404, 404, 404]


def test_a_learner_of_another_class_is_not_found_under_mine(client: Client, classroom: Classroom) -> None:
    theirs = make_member(make_classroom(course=classroom.course))
    client.force_login(classroom.members.get().user)
    assert client.get(reverse("reports:class_learner", args=[classroom.pk, theirs.pk])).status_code == 404


@pytest.mark.parametrize("answers", [1, 12])
def test_the_report_takes_the_same_queries_however_much_was_answered(
    learner: User, course: Course, answers: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    facts = list(course.facts.order_by("key"))
    for at in range(answers):
        answer(learner, facts[at % 6], at=noon(at), rating=1 + 2 * (at % 2), confused_with="x" * (at % 2))
    assert Response.objects.aggregate(n=Count("pk"))["n"] == answers
    with django_assert_num_queries(11):
        tables(report_of(learner, course), display(course, "hant"))
