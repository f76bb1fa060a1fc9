"""The gradebook: which attempt counts, late, missing, excused, by hand, practice and review; and its queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoAssertNumQueries

from classrooms.deciding import DecidedMeanwhileError, decide
from classrooms.gradebook_table import ordered, words
from classrooms.marking import State
from classrooms.marks import cell, gradebook, own_marks, own_total
from classrooms.models import Assignment, Classroom, MarkChange, Member
from quizzes.models import Attempt
from tests.classrooms.marked import make_sitting, practise, sit
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)
Action = MarkChange.Action


@pytest.fixture
def classroom() -> Classroom:
    return make_classroom(make_user("owner"))


@pytest.fixture
def member(classroom: Classroom) -> Member:
    return make_member(classroom, make_user("learner"), name="Lin")


def say(assignment: Assignment, member: Member, action: str, **fields: Any) -> MarkChange:
    """One more decision, after the newest."""
    seen = MarkChange.objects.filter(assignment=assignment, member=member).order_by("-pk").values_list("pk", flat=True)
    return decide(assignment, member, action=action, author=None, seen=seen.first(), now=NOW, **fields)


@pytest.mark.parametrize(("counts", "points"), [("best", 9.0), ("last", 4.0), ("first", 5.0), ("mean", 6.0)])
def test_the_attempt_that_was_set_counts(classroom: Classroom, member: Member, counts: str, points: float) -> None:
    assignment = make_assignment(classroom, counts=counts, points=10)
    for score in (0.5, 0.9, 0.4):
        make_sitting(assignment, member, NOW, score=score)
    assert cell(assignment, member, NOW).mark.points == points


def test_late_work_loses_what_its_own_policy_said_at_the_start(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom, late="penalty", late_penalty=50, points=10, due_at=YESTERDAY)
    policy = {"late": "penalty", "late_penalty": 20, "points": 10}
    make_sitting(assignment, member, NOW, score=1.0, is_late=True, policy=policy)
    found = cell(assignment, member, NOW)
    assert (found.mark.points, found.mark.is_late, words(found)) == (8.0, True, ("late",))


def test_late_work_that_is_accepted_loses_nothing(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom, late="accept", points=10, due_at=YESTERDAY)
    make_sitting(assignment, member, NOW, score=1.0, is_late=True, policy={"late": "accept", "late_penalty": 20})
    assert cell(assignment, member, NOW).mark.points == 10.0


def test_nothing_handed_in_is_missing_after_the_learners_own_due_time(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom, due_at=YESTERDAY)
    assert cell(assignment, member, NOW).mark.is_missing
    assert cell(assignment, member, NOW).mark.points == 0.0
    assignment.extensions.create(member=member, due_at=TOMORROW)
    assert cell(assignment, member, NOW).mark.state == State.NOTHING
    assert cell(assignment, member, NOW).mark.points is None


def test_an_open_attempt_is_under_way_and_no_mark(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom, due_at=YESTERDAY)
    make_sitting(assignment, member, NOW)
    found = cell(assignment, member, NOW)
    assert (found.mark.state, found.mark.points, words(found)) == (State.WORKING, None, ("under way",))


def test_work_for_others_is_not_set_and_does_not_count(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom, due_at=YESTERDAY)
    assignment.members.add(make_member(classroom, name="Other"))
    mine = next(row for row in gradebook(classroom, NOW).rows if row.member == member)
    assert (mine.cells[0].mark.state, mine.total.n) == (State.NOT_SET, 0)
    assert gradebook(classroom, NOW).columns[0].mean.n == 1


def test_work_for_a_group_is_set_for_its_learners_alone(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom, due_at=YESTERDAY)
    assignment.groups.add(classroom.groups.create(name="Red"))
    assert cell(assignment, member, NOW).mark.state == State.NOT_SET
    member.group = classroom.groups.get()
    assert cell(assignment, member, NOW).mark.is_missing


def test_the_newest_decision_holds_and_the_computed_mark_stays_known(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom, points=10)
    make_sitting(assignment, member, NOW, score=0.5)
    say(assignment, member, Action.OVERRIDE, points=7, reason="spoken", before=5.0)
    say(assignment, member, Action.COMMENT, comment="Well done")
    found = cell(assignment, member, NOW)
    assert (found.mark.points, found.mark.computed, found.decision.comment) == (7.0, 5.0, "Well done")
    assert words(found) == ("set by hand", "with a comment")
    say(assignment, member, Action.EXCUSE)
    assert words(cell(assignment, member, NOW)) == ("excused", "with a comment")
    assert cell(assignment, member, NOW).mark.points is None
    say(assignment, member, Action.CLEAR)
    assert cell(assignment, member, NOW).mark.points == 5.0
    assert [row.action for row in assignment.mark_changes.order_by("pk")] == ["override", "comment", "excuse", "clear"]


def test_a_regrade_decides_nothing(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom, points=10)
    make_sitting(assignment, member, NOW, score=0.5)
    say(assignment, member, Action.OVERRIDE, points=7, reason="spoken")
    say(assignment, member, Action.REGRADE, points=6)
    assert cell(assignment, member, NOW).mark.points == 7.0


def test_of_two_decisions_after_the_same_one_the_second_is_told(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom)
    first = say(assignment, member, Action.EXCUSE)
    decide(assignment, member, action=Action.CLEAR, author=None, seen=first.pk, now=NOW)
    with pytest.raises(DecidedMeanwhileError) as told:
        decide(assignment, member, action=Action.OVERRIDE, author=None, seen=first.pk, now=NOW, points=1)
    assert told.value.newest.action == Action.CLEAR
    with pytest.raises(DecidedMeanwhileError):
        decide(assignment, member, action=Action.EXCUSE, author=None, seen=None, now=NOW)
    assert assignment.mark_changes.count() == 2


def test_a_decision_about_another_mark_is_no_answer_to_this_one(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom)
    elsewhere = say(assignment, make_member(classroom), Action.EXCUSE)
    with pytest.raises(DecidedMeanwhileError) as told:
        decide(assignment, member, action=Action.EXCUSE, author=None, seen=elsewhere.pk, now=NOW)
    assert told.value.newest is None
    assert not assignment.mark_changes.filter(member=member).exists()


def test_total_and_mean_are_over_what_counts(classroom: Classroom, member: Member) -> None:
    first, second = make_assignment(classroom, points=10), make_assignment(classroom, points=30, due_at=YESTERDAY)
    make_sitting(first, member, NOW, score=0.5)
    other = make_member(classroom, name="Wang")
    make_sitting(first, other, NOW, score=1.0)
    say(second, other, Action.EXCUSE)
    book = gradebook(classroom, NOW)
    assert [column.assignment for column in book.columns] == [second, first]
    lin, wang = book.rows
    assert (lin.total.points, lin.total.out_of, lin.total.percent, lin.total.n) == (5.0, 40.0, 12.5, 2)
    assert (wang.total.points, wang.total.out_of, wang.total.percent, wang.total.n) == (10.0, 10.0, 100.0, 1)
    assert [(column.mean.percent, column.mean.n) for column in book.columns] == [(0.0, 1), (75.0, 2)]
    assert (book.mean.percent, book.mean.n) == (56.3, 2)


def test_drafts_and_people_who_left_are_not_in_it(classroom: Classroom, member: Member) -> None:
    make_assignment(classroom, is_draft=True)
    make_member(classroom, status=Member.Status.REMOVED)
    make_member(classroom, status=Member.Status.WAITING)
    book = gradebook(classroom, NOW)
    assert (book.columns, [row.member for row in book.rows]) == ((), [member])


def test_who_has_no_value_comes_last_either_way(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom)
    make_member(classroom, name="Aaron")
    wang = make_member(classroom, name="Wang")
    make_sitting(assignment, member, NOW, score=0.5)
    make_sitting(assignment, wang, NOW, score=1.0)
    book = gradebook(classroom, NOW)

    def names(order: str) -> list[str]:
        return [row.member.name for row in ordered(book, order)[0].rows]

    assert names("name") == ["Aaron", "Lin", "Wang"]
    assert names("-name") == ["Wang", "Lin", "Aaron"]
    assert names("total") == names(str(assignment.pk)) == ["Lin", "Wang", "Aaron"]
    assert names(f"-{assignment.pk}") == ["Wang", "Lin", "Aaron"]
    assert names("user__password") == ["Aaron", "Lin", "Wang"]


# Practice and review.


def test_practice_reached_in_time_earns_all_points_and_reached_late_what_the_rule_leaves(
    classroom: Classroom, member: Member
) -> None:
    assignment = make_assignment(classroom, sort="practice", due_at=YESTERDAY, late="penalty", late_penalty=25)
    reached = assignment.completions.create(member=member, reached_at=YESTERDAY - timedelta(hours=1))
    assert cell(assignment, member, NOW).mark.points == 100.0
    reached.reached_at = NOW - timedelta(hours=1)
    reached.save()
    found = cell(assignment, member, NOW)
    assert (found.mark.points, found.mark.is_late) == (75.0, True)


def test_practice_under_way_shows_its_share_and_is_a_mark_from_the_due_time(
    classroom: Classroom, member: Member
) -> None:
    assignment = make_assignment(classroom, sort="practice", due_at=TOMORROW, target="met", target_share=100)
    for fact in list(classroom.course.facts.all())[:3]:
        practise(member.user, fact, NOW - timedelta(days=2))
    found = cell(assignment, member, NOW)
    assert (found.mark.points, found.mark.share, words(found)) == (None, 0.5, ("50 % done",))
    assignment.due_at = YESTERDAY
    assert cell(assignment, member, NOW).mark.points == 50.0


def test_practice_after_work_has_closed_changes_no_mark(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(
        classroom, sort="practice", due_at=YESTERDAY, late="close", target="met", target_share=100
    )
    facts = list(classroom.course.facts.all())
    for fact in facts[:3]:
        practise(member.user, fact, YESTERDAY - timedelta(hours=1))
    for fact in facts[2:]:
        practise(member.user, fact, NOW - timedelta(hours=1))
    assert cell(assignment, member, NOW).mark.points == 50.0


def test_review_counts_the_days_with_a_finished_review(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(
        classroom, sort="review", review_days=2, published_at=NOW - timedelta(days=9), due_at=TOMORROW
    )

    def review(at: datetime) -> None:
        Attempt.objects.create(
            learner=member.user,
            course=classroom.course,
            scope=Attempt.Scope.DUE,
            seed="s",
            started_at=at,
            finished_at=at,
        )

    review(NOW - timedelta(days=20))
    review(NOW - timedelta(days=3))
    review(NOW - timedelta(days=3, minutes=5))
    assert cell(assignment, member, NOW).mark.share == 0.5
    review(NOW - timedelta(days=2))
    assert cell(assignment, member, NOW).mark.points == 100.0


# What a learner may know.


def test_a_learner_is_told_a_result_only_when_its_time_has_come(classroom: Classroom, member: Member) -> None:
    assignment = make_assignment(classroom, points=10, feedback="later")
    sitting = make_sitting(assignment, member, NOW, score=0.5, feedback="later")
    say(assignment, member, Action.COMMENT, comment="Well done")
    ((_assignment, own, is_told),) = own_marks(member, NOW)
    assert (is_told, own.mark.points, own.mark.computed, own.decision.comment) == (False, None, None, "")
    assert own_total(own_marks(member, NOW)).n == 0
    sitting.attempt.results_at = NOW
    sitting.attempt.save()
    ((_assignment, own, is_told),) = own_marks(member, NOW)
    assert (is_told, own.mark.points, own.decision.comment) == (True, 5.0, "Well done")
    assert own_total(own_marks(member, NOW)).percent == 50.0


def test_a_quiz_that_was_taken_counts_for_the_learner_too_when_it_is_set_for_others_by_now(
    classroom: Classroom, member: Member
) -> None:
    taken, other = (make_assignment(classroom, points=10, title=title) for title in ("taken", "other"))
    make_sitting(taken, member, NOW, score=0.5)
    for assignment in (taken, other):
        assignment.members.add(make_member(classroom))
    ((assignment, own, is_told),) = own_marks(member, NOW)
    assert (assignment, own.mark.points, is_told) == (taken, 5.0, True)
    (row,) = (row for row in gradebook(classroom, NOW).rows if row.member == member)
    assert own_total(own_marks(member, NOW)) == row.total


# How much it asks.


def fill(classroom: Classroom, *, learners: int, work: int) -> None:
    sorts = ["quiz", "practice", "review"]
    assignments = [
        make_assignment(classroom, sort=sorts[n % 3], title=f"Work {n}", due_at=YESTERDAY, late="close")
        for n in range(work)
    ]
    facts = list(classroom.course.facts.all())
    for _n in range(learners):
        one = make_member(classroom)
        practise(one.user, facts[0], YESTERDAY - timedelta(days=1))
        practise(one.user, facts[1], NOW - timedelta(hours=1))
        for assignment in assignments:
            say(assignment, one, Action.COMMENT, comment="!")
            if assignment.is_quiz:
                make_sitting(assignment, one, NOW, score=0.5)


@pytest.mark.parametrize(("learners", "work"), [(2, 3), (7, 9)])
def test_the_gradebook_asks_the_same_for_any_number(
    classroom: Classroom, django_assert_num_queries: DjangoAssertNumQueries, learners: int, work: int
) -> None:
    fill(classroom, learners=learners, work=work)
    with django_assert_num_queries(15):
        gradebook(Classroom.objects.select_related("course").get(pk=classroom.pk), NOW)


def test_86_the_gradebook_reads_of_each_sitting_only_what_a_mark_is_made_of(classroom: Classroom) -> None:
    """Of 500 learners and 100 quizzes, with the runs behind the sittings, the page took nearly twice as long."""
    fill(classroom, learners=2, work=3)
    with CaptureQueriesContext(connection) as asked:
        gradebook(Classroom.objects.select_related("course").get(pk=classroom.pk), NOW)
    (statement,) = (row["sql"] for row in asked if 'FROM "classrooms_sitting"' in row["sql"])
    assert "quizzes_attempt" not in statement
    assert "started_at" not in statement


@pytest.mark.parametrize(("learners", "work"), [(2, 3), (7, 9)])
def test_the_page_asks_the_same_for_any_number(
    classroom: Classroom, client: Client, django_assert_num_queries: DjangoAssertNumQueries, learners: int, work: int
) -> None:
    fill(classroom, learners=learners, work=work)
    client.force_login(classroom.members.get(role="owner").user)
    with django_assert_num_queries(19):
        client.get(f"/classes/{classroom.pk}/gradebook/")


@pytest.mark.parametrize("work", [3, 9])
def test_the_own_marks_ask_the_same_for_any_number(
    classroom: Classroom, client: Client, django_assert_num_queries: DjangoAssertNumQueries, work: int
) -> None:
    fill(classroom, learners=1, work=work)
    client.force_login(classroom.members.get(role="learner").user)
    with django_assert_num_queries(17):
        client.get(f"/classes/{classroom.pk}/marks/")


@pytest.mark.parametrize(("answers", "comments"), [(1, 1), (9, 6)])
def test_one_mark_asks_the_same_for_any_number(
    classroom: Classroom,
    member: Member,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    answers: int,
    comments: int,
) -> None:
    assignment = make_assignment(classroom)
    keys = classroom.course.questions.order_by("key").values_list("key", flat=True)[:answers]
    for _n in range(comments):
        sit(assignment, member, NOW, {key: {"choice": ["0"], "text": ["事項"]} for key in keys})
        say(assignment, member, Action.COMMENT, comment="!")
    client.force_login(classroom.members.get(role="owner").user)
    with django_assert_num_queries(19):
        client.get(f"/classes/{classroom.pk}/gradebook/{assignment.pk}/{member.pk}/")
