"""The class at a glance: who is here, who needs help and why, what is hard; at the same cost for 1 learner and 300."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import User
from classrooms.heat import cells, columns
from classrooms.models import Classroom, Completion, Extension, MarkChange, Member, Sitting
from classrooms.today import Learner, today
from curriculum.models import Fact
from quizzes.models import AttemptItem, Flag, Grading
from quizzes.standings import Day, lesson_mastery
from tests.classrooms.crowd import make_crowd
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_attempt, make_bank, make_course, make_user
from tests.quizzes.histories import answer, graded, make_run, noon, typed

NOW = noon()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def classroom(db: None) -> Classroom:
    course = make_course(sentences=6, lessons=2)
    make_bank(course)
    return make_classroom(course=course)


@pytest.fixture
def lin(classroom: Classroom) -> Member:
    return make_member(classroom, make_user("lin", display_name="Lin"))


def facts(classroom: Classroom, lesson: int = 1) -> list[Fact]:
    return list(classroom.course.facts.filter(key__startswith=f"F{lesson}-").order_by("key"))


def give(member: Member, marks: str, *, lesson: int = 1, at: datetime = NOW - timedelta(hours=1)) -> list[Grading]:
    """Answers a minute apart about the facts of a lesson in turn: "x" wrong, "o" right."""
    about = facts(member.classroom, lesson)
    return [
        answer(member.user, about[i % len(about)], at=at + i * MINUTE, rating=3 if mark == "o" else 1)
        for i, mark in enumerate(marks)
    ]


def only(classroom: Classroom, now: datetime = NOW) -> Learner:
    (learner,) = today(classroom, now).learners
    return learner


def test_a_learner_with_many_wrong_answers_needs_help_and_the_reason_is_named(
    classroom: Classroom, lin: Member
) -> None:
    give(lin, "xxxxox")
    (need,) = only(classroom).needs
    assert (need.right, need.answers) == (1, 6)
    assert need.subject == facts(classroom)[0].sentence.passage.lesson_id


def test_it_clears_itself_when_later_answers_are_right(classroom: Classroom, lin: Member) -> None:
    give(lin, "xxxxxx")
    assert only(classroom).needs != ()
    give(lin, "ooo", at=NOW - 10 * MINUTE)
    assert only(classroom).needs == ()


def test_one_wrong_answer_never_makes_somebody_need_help(classroom: Classroom, lin: Member) -> None:
    give(lin, "x")
    assert only(classroom).needs == ()


def test_a_withdrawn_question_counts_against_nobody(classroom: Classroom, lin: Member) -> None:
    give(lin, "xxxxxx")
    typed(facts(classroom)[0]).__class__.objects.filter(key="typed-F1-1").update(is_active=False)
    assert only(classroom).needs == ()


def test_a_question_that_the_learner_flagged_does_not_count(classroom: Classroom, lin: Member) -> None:
    first = give(lin, "xxxxxx")[0]
    Flag.objects.create(item=first.response.item, learner=lin.user, reason="unclear")
    assert only(classroom).needs == ()


def test_a_question_that_somebody_else_flagged_still_counts(classroom: Classroom, lin: Member) -> None:
    first = give(lin, "xxxxxx")[0]
    Flag.objects.create(item=first.response.item, learner=make_member(classroom).user, reason="unclear")
    assert today(classroom, NOW).needing[0].member == lin.pk


def test_an_answer_that_was_regraded_counts_as_it_is_now(classroom: Classroom, lin: Member) -> None:
    old = give(lin, "xxxxxx")[0]
    graded(lin.user, old.fact, old.response, at=old.answered_at, rating=3, question=old.question, supersedes=old)
    (need,) = only(classroom).needs
    assert (need.right, need.answers) == (1, 6)


def test_a_guess_too_quick_to_have_been_read_does_not_count(classroom: Classroom, lin: Member) -> None:
    give(lin, "xxxxx")
    answer(lin.user, facts(classroom)[0], at=NOW - MINUTE, rating=None)
    assert only(classroom).needs == ()


def test_one_set_of_six_pairs_is_one_answer(classroom: Classroom, lin: Member) -> None:
    run = make_run(lin.user, classroom.course, at=NOW)
    first, *others = facts(classroom)
    given = answer(lin.user, first, at=NOW, rating=1, run=run)
    for fact in others:
        graded(lin.user, fact, given.response, at=NOW, rating=1, question=given.question)
    assert only(classroom).now.answers == 6
    assert only(classroom).needs == ()


def test_what_is_studied_in_another_course_is_not_the_classs_business(classroom: Classroom, lin: Member) -> None:
    other = make_course(sentences=6)
    make_bank(other)
    for fact in other.facts.all():
        answer(lin.user, fact, at=NOW - MINUTE, rating=1)
    learner = only(classroom)
    assert (learner.needs, learner.now.answers, learner.is_here) == ((), 0, False)


def test_somebody_who_left_is_not_listed(classroom: Classroom, lin: Member) -> None:
    give(lin, "xxxxxx")
    Member.objects.filter(pk=lin.pk).update(status="left", left_at=NOW)
    assert today(classroom, NOW).learners == ()


def test_who_answered_a_moment_ago_is_here(classroom: Classroom, lin: Member) -> None:
    give(lin, "o", at=NOW - 4 * MINUTE)
    assert only(classroom).is_here
    assert not only(classroom, NOW + 2 * MINUTE).is_here


def test_who_has_the_class_page_open_is_here(classroom: Classroom, lin: Member) -> None:
    Member.objects.filter(pk=lin.pk).update(seen_at=NOW - MINUTE)
    assert today(classroom, NOW).here == 1


def test_three_minutes_on_one_question_is_stuck_and_an_hour_is_away(classroom: Classroom, lin: Member) -> None:
    run = make_attempt(lin.user, classroom.course, now=NOW - 2 * timedelta(hours=1))
    shown = AttemptItem.objects.filter(attempt=run, position=1)
    for age, is_stuck in ((1, False), (4, True), (60, False)):
        shown.update(shown_at=NOW - age * MINUTE)
        assert only(classroom).is_stuck == is_stuck


def test_the_same_statement_missed_twice_is_stuck_until_it_is_right(classroom: Classroom, lin: Member) -> None:
    fact = facts(classroom)[0]
    answer(lin.user, fact, at=NOW - 3 * MINUTE, rating=1)
    assert not only(classroom).is_stuck
    answer(lin.user, fact, at=NOW - 2 * MINUTE, rating=1)
    assert only(classroom).is_stuck
    answer(lin.user, fact, at=NOW - MINUTE, rating=3)
    assert not only(classroom).is_stuck


def test_what_most_miss_comes_with_how_many_were_asked(classroom: Classroom) -> None:
    hard, easy = facts(classroom)[:2]
    for i in range(6):
        member = make_member(classroom)
        answer(member.user, hard, at=NOW - MINUTE, rating=1 if i < 4 else 3)
        answer(member.user, easy, at=NOW - MINUTE, rating=1 if i < 2 else 3)
    (row,) = today(classroom, NOW).hardest
    assert (row.fact, row.missed, row.n, row.is_today) == (hard, 4, 6, True)


def test_four_learners_are_too_few_to_say_that_something_is_hard(classroom: Classroom) -> None:
    for _i in range(4):
        answer(make_member(classroom).user, facts(classroom)[0], at=NOW - MINUTE, rating=1)
    assert today(classroom, NOW).hardest == ()


def test_on_a_quiet_day_the_last_week_says_what_is_hard(classroom: Classroom) -> None:
    for _i in range(5):
        answer(make_member(classroom).user, facts(classroom)[0], at=NOW - 3 * DAY, rating=1)
    (row,) = today(classroom, NOW).hardest
    assert (row.missed, row.n, row.is_today) == (5, 5, False)


def test_the_day_begins_where_the_class_is(classroom: Classroom, lin: Member) -> None:
    give(lin, "o", at=NOW - timedelta(hours=7))  # noon: five in the morning, UTC
    Classroom.objects.filter(pk=classroom.pk).update(time_zone="America/New_York")  # midnight there
    assert only(classroom).now.answers == 1
    classroom.refresh_from_db()
    assert only(classroom).now.answers == 0


# Work.


def hand_in(member: Member, assignment: object, *, at: datetime | None = NOW) -> None:
    attempt = make_run(member.user, member.classroom.course, at=NOW - DAY, scope="quiz")
    Sitting.objects.create(
        assignment=assignment, member=member, attempt=attempt, number=1, started_at=NOW - DAY, submitted_at=at
    )


def test_work_shows_who_is_through_and_who_is_at_it(classroom: Classroom, lin: Member) -> None:
    quiz = make_assignment(classroom, due_at=NOW + DAY, published_at=NOW - DAY)
    hand_in(lin, quiz)
    hand_in(make_member(classroom), quiz, at=None)
    make_member(classroom)
    (row,) = today(classroom, NOW).work
    assert (row.n, row.n_done, row.n_working) == (3, 1, 1)


def test_work_for_some_is_counted_among_those(classroom: Classroom, lin: Member) -> None:
    group = classroom.groups.create(name="Red")
    red = make_member(classroom, group=group)
    make_member(classroom)
    work = make_assignment(classroom, sort="practice", published_at=NOW - DAY)
    work.groups.add(group)
    work.members.add(lin)
    Completion.objects.create(assignment=work, member=red, reached_at=NOW)
    (row,) = today(classroom, NOW).work
    assert (row.members, row.done) == ({lin.pk, red.pk}, {red.pk})


def test_a_draft_is_not_shown(classroom: Classroom, lin: Member) -> None:
    make_assignment(classroom, is_draft=True)
    assert today(classroom, NOW).work == ()


def test_a_quiz_two_days_overdue_and_not_begun_is_a_reason(classroom: Classroom, lin: Member) -> None:
    quiz = make_assignment(classroom, due_at=NOW - 3 * DAY, published_at=NOW - 9 * DAY)
    (need,) = only(classroom).needs
    assert (need.reason, need.subject) == ("overdue", quiz.pk)
    hand_in(lin, quiz, at=None)
    assert only(classroom).needs == ()


def test_another_due_time_for_one_learner_is_kept_to(classroom: Classroom, lin: Member) -> None:
    quiz = make_assignment(classroom, due_at=NOW - 3 * DAY, published_at=NOW - 9 * DAY)
    Extension.objects.create(assignment=quiz, member=lin, due_at=NOW + DAY)
    assert only(classroom).needs == ()


def test_practice_counts_as_begun_with_the_first_answer_in_its_lessons(classroom: Classroom, lin: Member) -> None:
    make_assignment(classroom, sort="practice", due_at=NOW - 3 * DAY, published_at=NOW - 9 * DAY)
    assert only(classroom).needs != ()
    give(lin, "x")
    assert only(classroom).needs == ()


def test_who_is_excused_has_nothing_to_do(classroom: Classroom, lin: Member) -> None:
    quiz = make_assignment(classroom, due_at=NOW - 3 * DAY, published_at=NOW - 9 * DAY)
    first = MarkChange.objects.create(assignment=quiz, member=lin, action="excuse", made_at=NOW - DAY)
    assert only(classroom).needs == ()
    MarkChange.objects.create(assignment=quiz, member=lin, action="clear", made_at=NOW, previous=first)
    assert only(classroom).needs != ()


# The map.


def test_the_map_says_what_the_learners_own_page_says(classroom: Classroom, lin: Member) -> None:
    for days in (9, 5, 1):
        give(lin, "oxoooo", at=NOW - days * DAY)
    give(lin, "xo", lesson=2, at=NOW - DAY)
    own = lesson_mastery(lin.user, classroom.course, Day(NOW, ZoneInfo("UTC")))
    lessons = columns(classroom.course)
    found = cells(lessons, [lin.user_id], NOW)[lin.user_id]
    first, second = (found[column.lesson.pk] for column in lessons)
    assert first.recall == pytest.approx(own["L1"].recall_now, abs=1e-6)
    assert (first.met, second.met) == (own["L1"].met, own["L2"].met)
    assert own["L2"].recall_now is None  # fewer than five answers
    assert second.recall is None


def test_a_fact_that_can_no_longer_be_asked_is_left_out_of_the_map(classroom: Classroom, lin: Member) -> None:
    give(lin, "oooooo", at=NOW - DAY)
    classroom.course.questions.filter(key__endswith="F1-1").update(is_active=False)
    own = lesson_mastery(lin.user, classroom.course, Day(NOW, ZoneInfo("UTC")))
    lessons = columns(classroom.course)
    found = cells(lessons, [lin.user_id], NOW)[lin.user_id][lessons[0].lesson.pk]
    assert found.met == own["L1"].met == 5
    assert found.recall == pytest.approx(own["L1"].recall_now, abs=1e-6)


def test_a_lesson_never_begun_has_no_cell(classroom: Classroom, lin: Member) -> None:
    give(lin, "o")
    lessons = columns(classroom.course)
    assert list(cells(lessons, [lin.user_id], NOW)[lin.user_id]) == [lessons[0].lesson.pk]


# Size.


@pytest.mark.parametrize("learners", [1, 2, 300])
def test_the_class_is_read_in_eight_queries(
    classroom: Classroom, learners: int, django_assert_num_queries: object
) -> None:
    now = timezone.now()
    make_crowd(classroom, learners, now=now)
    for _i in range(learners % 7 + 1):
        make_assignment(classroom, due_at=now + DAY)
    with django_assert_num_queries(8):  # type: ignore[operator]
        found = today(classroom, now)
    assert found.n == found.here == learners
    assert len(found.needing) == (learners + 1) // 2
    assert User.objects.count() == learners + 1
