"""Practice and review that are set: how far, when done, what comes first; and what a learner has to do."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from classrooms import personal_data, publishing, sittings
from classrooms.models import Assignment, Classroom, Completion, Extension, Member
from classrooms.work import note_completions, standing, tasks
from quizzes import memory, runs
from quizzes.editions import replace
from quizzes.models import Attempt
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.clock import NOW
from tests.factories import make_bank, make_course
from tests.quizzes.histories import answer, chosen, typed

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(days=20)


@pytest.fixture
def classroom(db: None) -> Classroom:
    course = make_course(lessons=3, sentences=4)
    make_bank(course)
    return make_classroom(course=course)


@pytest.fixture
def member(classroom: Classroom, learner: User) -> Member:
    return make_member(classroom, learner)


def set_practice(classroom: Classroom, *orders: int, **fields: Any) -> Assignment:
    fields = {"target": "met", "target_share": 100, "published_at": BEFORE} | fields
    found = make_assignment(classroom, sort="practice", **fields)
    found.lessons.set(classroom.course.lessons.filter(order__in=orders))
    return found


def practise(member: Member, order: int, *, at: Any = NOW, n: int = 4) -> None:
    facts = member.classroom.course.facts.filter(sentence__passage__lesson__order=order).order_by("key")
    for fact in facts.select_related("course")[:n]:
        answer(member.user, fact, at=at)


def state(work: Assignment, member: Member, now: Any = NOW) -> tuple[str, float]:
    found = standing(work, [member], now)[member.pk]
    return found.state, round(found.done, 2)


def test_practice_goes_from_not_begun_to_done(classroom: Classroom, member: Member) -> None:
    work = set_practice(classroom, 1)
    assert state(work, member) == ("not_started", 0.0)
    practise(member, 1, n=3)
    assert state(work, member) == ("working", 0.75)
    practise(member, 1)
    note_completions(classroom, NOW)
    assert state(work, member) == ("done", 1.0)
    assert Completion.objects.get().reached_at == NOW


def test_what_was_reached_stays_reached(classroom: Classroom, member: Member) -> None:
    work = set_practice(classroom, 1)
    practise(member, 1)
    note_completions(classroom, NOW)
    note_completions(classroom, NOW + timedelta(days=400))
    assert Completion.objects.get().reached_at == NOW
    assert state(work, member, NOW + timedelta(days=400))[0] == "done"


@pytest.mark.parametrize(("late", "expected"), [("accept", "late"), ("penalty", "late"), ("close", "missing")])
def test_practice_after_the_due_time_is_late_or_missing(
    classroom: Classroom, member: Member, late: str, expected: str
) -> None:
    work = set_practice(classroom, 1, due_at=NOW - timedelta(days=1), late=late)
    practise(member, 1)
    note_completions(classroom, NOW)
    assert state(work, member)[0] == expected


def test_more_time_for_one_is_no_lateness(classroom: Classroom, member: Member) -> None:
    work = set_practice(classroom, 1, due_at=NOW - timedelta(days=1))
    Extension.objects.create(assignment=work, member=member, due_at=NOW + timedelta(days=1))
    practise(member, 1)
    note_completions(classroom, NOW)
    assert state(work, member)[0] == "done"


def test_only_those_it_is_set_for_complete_it(classroom: Classroom, member: Member) -> None:
    work = set_practice(classroom, 1)
    work.members.add(make_member(classroom))
    practise(member, 1)
    note_completions(classroom, NOW)
    assert not Completion.objects.exists()


def test_review_counts_days_and_not_runs(classroom: Classroom, member: Member) -> None:
    work = make_assignment(classroom, sort="review", review_days=2, published_at=BEFORE)
    noon = NOW.replace(hour=12) - timedelta(days=3)
    for hours in (0, 1, 24):
        assert state(work, member, NOW)[0] != "done"
        at = noon + timedelta(hours=hours)
        Attempt.objects.create(
            learner=member.user, course=classroom.course, scope="due", seed="x", started_at=at, finished_at=at
        )
        note_completions(classroom, NOW)
    assert state(work, member)[0] == "done"


def test_the_last_answer_of_a_run_notes_what_is_done(
    classroom: Classroom, member: Member, django_capture_on_commit_callbacks: Any
) -> None:
    set_practice(classroom, 1)
    practise(member, 1)
    run = Attempt.objects.filter(finished_at=None).latest("pk")
    with django_capture_on_commit_callbacks(execute=True):
        runs.finish(run, now=NOW)
    assert Completion.objects.get().member == member


def test_a_run_ends_even_where_noting_fails(
    member: Member,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def away(*_arguments: Any, **_options: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    practise(member, 1, n=1)
    run = Attempt.objects.latest("pk")
    monkeypatch.setattr("classrooms.setting.note_completions", away)
    with django_capture_on_commit_callbacks(execute=True):
        runs.finish(run, now=NOW)
    assert Attempt.objects.get(pk=run.pk).is_finished
    assert "server closed the connection" in caplog.text


def test_new_facts_of_lessons_that_are_set_come_first(classroom: Classroom, member: Member) -> None:
    def first() -> str:
        return memory.plan(member.user, classroom.course, scope="course", now=NOW)[0].content.lesson

    assert first() == "L1"
    work = set_practice(classroom, 3)
    assert first() == "L3"
    Completion.objects.create(assignment=work, member=member, reached_at=NOW)
    assert first() == "L1"


def test_what_is_due_of_lessons_that_are_set_comes_first(classroom: Classroom, member: Member) -> None:
    for order in (1, 2, 3):
        practise(member, order, at=BEFORE - timedelta(days=order))

    def first() -> str:
        return memory.plan(member.user, classroom.course, scope="due", now=NOW)[0].content.lesson

    assert first() == "L3"
    set_practice(classroom, 2, target="secure")
    assert first() == "L2"


@pytest.mark.parametrize("case", ["draft", "not open", "another's", "archived", "left", "long ago"])
def test_what_is_not_to_be_done_changes_no_practice(classroom: Classroom, member: Member, case: str) -> None:
    work = set_practice(classroom, 3)
    if case == "draft":
        Assignment.objects.update(published_at=None)
    elif case == "not open":
        Assignment.objects.update(opens_at=NOW + timedelta(days=1))
    elif case == "another's":
        work.members.add(make_member(classroom))
    elif case == "archived":
        Classroom.objects.update(archived_at=NOW)
    elif case == "left":
        Member.objects.filter(pk=member.pk).update(status="left")
    else:
        Assignment.objects.update(due_at=NOW - timedelta(days=15))
    found = memory.plan(member.user, classroom.course, scope="course", now=NOW)
    assert found[0].content.lesson == "L1"


def test_a_review_of_one_course_is_none_of_another(classroom: Classroom, member: Member) -> None:
    other = make_classroom(course=make_course(slug="other"))
    make_member(other, member.user)
    for each in (classroom, other):
        make_assignment(each, sort="review", title=each.course.slug, review_days=1, published_at=BEFORE)
    Attempt.objects.create(
        learner=member.user, course=classroom.course, scope="due", seed="", started_at=NOW, finished_at=NOW
    )
    assert {task.assignment.title: task.standing.state for task in tasks(member.user, NOW)} == {
        classroom.course.slug: "done",
        "other": "not_started",
    }


def test_a_review_that_is_still_a_draft_is_shown_to_who_made_it(
    client: Client, classroom: Classroom, member: Member
) -> None:
    work = make_assignment(classroom, sort="review", is_draft=True)
    client.force_login(classroom.members.get(role="owner").user)
    page = client.get(reverse("classrooms:assignment", args=[classroom.pk, work.pk]))
    assert (page.status_code, state(work, member)) == (200, ("not_started", 0.0))


# To do.


def test_home_says_what_is_due_where_and_how_long_it_takes(
    client: Client, classroom: Classroom, member: Member
) -> None:
    soon = NOW + timedelta(days=1)
    quiz = make_assignment(classroom, title="Quiz on chapter 1", is_draft=True, count=8, due_at=soon)
    publishing.publish(quiz, now=BEFORE)
    done = make_assignment(classroom, title="Quiz of last week", is_draft=True, count=2)
    publishing.publish(done, now=BEFORE)
    sittings.hand_in(sittings.start(done, member, now=NOW), now=NOW)
    make_assignment(classroom, title="Not open yet", opens_at=soon)
    client.force_login(member.user)
    page = client.get(reverse("quizzes:home")).content.decode()
    assert "Quiz on chapter 1" in page
    assert '<span lang="en">Class A</span> · Quiz · about 4 minutes' in page
    assert "1 done" in page
    assert "Not open yet" not in page
    assert page.index("Quiz on chapter 1") < page.index('id="next"')


def test_home_begins_with_what_one_chooses_oneself_when_nothing_that_is_set_waits(
    client: Client, classroom: Classroom, member: Member
) -> None:
    done = make_assignment(classroom, title="Quiz of last week", is_draft=True, count=2)
    publishing.publish(done, now=BEFORE)
    sittings.hand_in(sittings.start(done, member, now=NOW), now=NOW)
    client.force_login(member.user)
    page = client.get(reverse("quizzes:home")).content.decode()
    assert page.index('id="next"') < page.index("Everything that is set is done.")


def test_the_next_due_comes_first(classroom: Classroom, member: Member) -> None:
    for days, title in ((9, "later"), (2, "sooner"), (5, "between")):
        make_assignment(classroom, title=title, due_at=NOW + timedelta(days=days))
    make_assignment(classroom, title="whenever")
    assert [task.assignment.title for task in tasks(member.user, NOW)] == ["sooner", "between", "later", "whenever"]


@pytest.mark.parametrize("times", [1, 9])
def test_home_asks_as_often_for_much_work_in_many_classes(
    client: Client, classroom: Classroom, member: Member, times: int
) -> None:
    """With a quiz that is open, practice that is begun and facts that are due."""
    for at in range(times):
        other = make_classroom(course=classroom.course)
        own = make_member(other, member.user)
        for sort in ("practice", "review"):
            make_assignment(other, sort=sort, due_at=NOW + timedelta(days=1))
        quiz = make_assignment(other, is_draft=True, count=3, due_at=NOW + timedelta(days=1))
        publishing.publish(quiz, now=BEFORE)
        sittings.start(quiz, own, now=NOW)
        practise(member, 1 + at % 3, at=BEFORE + timedelta(hours=at))
    client.force_login(member.user)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("quizzes:home")).content.decode()
    assert "to review, about" in page
    assert len(asked) == 19


@pytest.mark.parametrize("times", [1, 4])
def test_home_asks_no_more_than_twenty_times_where_everything_comes_together(
    client: Client, classroom: Classroom, member: Member, times: int
) -> None:
    """Also practice that closed half done and went on afterwards, and a course that replaces an older edition."""
    for at in range(times):
        other = make_classroom(course=classroom.course)
        own = make_member(other, member.user)
        quiz = make_assignment(other, is_draft=True, count=3, due_at=NOW + timedelta(days=1))
        publishing.publish(quiz, now=BEFORE)
        sittings.start(quiz, own, now=NOW)
        make_assignment(other, sort="review", due_at=NOW + timedelta(days=1))
        set_practice(other, 1, late="close", due_at=BEFORE + timedelta(days=1))
        old, new = make_course(sentences=3), make_course(sentences=3)
        make_bank(new)
        replace(old, new)
        practise(own, 1, at=BEFORE + timedelta(hours=at), n=2)
        practise(own, 1, at=BEFORE + timedelta(days=2, hours=at), n=3)
    client.force_login(member.user)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("quizzes:home")).content.decode()
    assert "to review, about" in page
    assert page.count("missing, 50 % done") == times
    assert len(asked) == 20


@pytest.mark.parametrize("target", Assignment.Target.values)
@pytest.mark.parametrize("seed", range(4))
def test_what_closed_shows_what_stood_at_its_due_time_however_it_goes_on(
    classroom: Classroom, member: Member, target: str, seed: int
) -> None:
    due = NOW - timedelta(days=30)
    work = set_practice(classroom, 1, 2, target=target, late="close", due_at=due, published_at=due - timedelta(days=90))
    facts, dice = list(classroom.course.facts.order_by("key")[:8]), Random(seed)
    for days in range(80, 0, -4):
        for fact in dice.sample(facts, 3):
            question = typed(fact) if dice.random() < 0.6 else chosen(fact)
            kind, is_productive = question.kind, question.kind == "short_answer"
            rating = dice.choice([1, 3, 4, 4, 4])
            at = due - timedelta(days=days, hours=1)
            answer(member.user, fact, at=at, rating=rating, question=question, kind=kind, is_productive=is_productive)
    then = state(work, member, due - timedelta(seconds=1))[1]
    for days in range(5):
        for fact in dice.sample(facts, 4):
            answer(member.user, fact, at=due + timedelta(days=1 + days), rating=dice.choice([1, 3]))
    assert state(work, member, NOW)[1] == then


def test_work_for_one_learner_goes_with_them_and_never_to_the_whole_class(classroom: Classroom, member: Member) -> None:
    other = make_member(classroom)
    alone, both = make_assignment(classroom, title="alone"), make_assignment(classroom, title="both")
    alone.members.add(member)
    both.members.add(member, other)
    make_assignment(classroom, title="all")
    personal_data.erase(member.user)
    assert {task.assignment.title for task in tasks(other.user, NOW)} == {"both", "all"}
    assert not Assignment.objects.filter(title="alone").exists()


def test_who_is_excused_has_nothing_to_do(classroom: Classroom, member: Member) -> None:
    quiz = make_assignment(classroom, due_at=NOW - timedelta(days=1))
    for action, expected in (("excuse", "excused"), ("clear", "missing")):
        newest = member.mark_changes.order_by("-pk").first()
        member.mark_changes.create(assignment=quiz, action=action, made_at=NOW, previous=newest)
        assert state(quiz, member)[0] == expected
