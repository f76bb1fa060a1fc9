"""Sums of first answers are what the history says, whatever happened in between."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import personal_data
from accounts.models import User
from curriculum.models import Course
from quizzes import counting, practice
from quizzes.models import Attempt, AttemptItem, Cohort, FirstAnswer, Grading, ItemTally, Question, Response
from tests.factories import make_bank, make_course, make_guest, make_user
from tests.quizzes.every_kind import CHOICE, PAIRS, RIGHT, TYPED, item_at, make_every_kind, make_run
from tests.quizzes.histories import noon


def run_over(learner: User, *questions: Question, at: Any, scope: str = "course") -> Attempt:
    """A run shown half a minute before `at`."""
    course = questions[0].course
    run = Attempt.objects.create(learner=learner, course=course, scope=scope, seed="test", started_at=at)
    for position, question in enumerate(questions, start=1):
        run.items.create(position=position, version=question.current, shown_at=at - timedelta(seconds=30))
    return run


def give(run: Attempt, position: int, answer: Any, *, at: Any, elapsed_ms: int = 8_000, **more: Any) -> None:
    practice.submit(item_at(run, position), answer=answer, try_number=1, elapsed_ms=elapsed_ms, now=at, **more)


def answer(learner: User, question: Question, given: Any, *, at: Any, **more: Any) -> None:
    give(run_over(learner, question, at=at), 1, given, at=at, **more)


def everybody(course: Course) -> Cohort:
    cohort = counting.everybody(course)
    counting.keep(cohort, counting.readers(course))
    counting.catch_up(course.pk)
    return cohort


def sums(cohort: Cohort, question: Question) -> dict[str, Any]:
    return ItemTally.objects.get(cohort=cohort, version=question.current).sums


@pytest.fixture
def course(db: None) -> Course:
    course = make_course(sentences=8)
    make_bank(course)
    return course


@pytest.fixture
def choices(course: Course) -> list[Question]:
    return list(Question.objects.filter(course=course, kind="choice").order_by("key"))


@pytest.fixture
def typed(course: Course) -> list[Question]:
    return list(Question.objects.filter(course=course, kind="short_answer").order_by("key"))


def test_a_first_answer_is_counted_once_and_no_later_one(learner: User, choices: list[Question]) -> None:
    for day, index in enumerate([0, 1, 1]):
        answer(learner, choices[0], index, at=noon(day))
    assert sums(everybody(choices[0].course), choices[0]) == {"answers": {"0:0": {"": 1}}, "paces": {"24": 1}}


def test_another_question_on_a_fact_that_was_asked_is_practice(
    learner: User, choices: list[Question], typed: list[Question]
) -> None:
    answer(learner, choices[0], 1, at=noon())
    answer(learner, typed[0], typed[0].current.content.key, at=noon(1))  # type: ignore[union-attr]
    assert sums(everybody(choices[0].course), typed[0]) == {"left": {"review": 1}, "reviews": {"10000": 1}}


def test_in_a_quiz_every_first_answer_counts(learner: User, choices: list[Question], typed: list[Question]) -> None:
    answer(learner, choices[0], 1, at=noon())
    run = run_over(learner, typed[0], at=noon(1), scope="quiz")
    give(run, 1, "錯", at=noon(1))
    assert "answers" in sums(everybody(choices[0].course), typed[0])


def test_guesses_in_no_time_and_answers_with_a_hint_are_left_out(learner: User, choices: list[Question]) -> None:
    answer(learner, choices[0], 1, at=noon(), elapsed_ms=300)
    run = run_over(learner, choices[1], at=noon(1))
    run.items.update(hints_taken=1)
    give(run, 1, 1, at=noon(1))
    cohort = everybody(choices[0].course)
    assert (sums(cohort, choices[0]), sums(cohort, choices[1])) == ({"left": {"rapid": 1}}, {"left": {"hint": 1}})


def test_not_knowing_is_blank_and_not_wrong(learner: User, choices: list[Question]) -> None:
    answer(learner, choices[0], None, at=noon(), gave_up=True)
    assert sums(everybody(choices[0].course), choices[0]) == {"answers": {"blank:0": {"": 1}}}


def test_after_five_answers_there_is_a_rest(learner: User, choices: list[Question]) -> None:
    for day, question in enumerate(choices[:6]):
        answer(learner, question, 1 if day < 4 else 0, at=noon(day))
    cohort = everybody(choices[0].course)
    assert sums(cohort, choices[4])["answers"] == {"0:0": {"": 1}}
    assert sums(cohort, choices[5])["answers"] == {"0:0": {"16": 1}}


def test_pairs_and_wrong_texts_are_kept(learner: User) -> None:
    course = make_every_kind()
    run = make_run(learner, course)
    at = run.started_at
    give(run, TYPED, "具體體現", at=at)
    pairs = [int(text) for text in RIGHT[PAIRS].values()]
    give(run, PAIRS, [pairs[1], None, *pairs[2:]], at=at)
    cohort = everybody(course)
    rows = {row.version.question.key: row for row in ItemTally.objects.filter(cohort=cohort)}
    assert rows["4-typed"].wrong == {"具体体现": {"具體體現": 1}}
    assert rows["7-pairs"].sums["pairs"] == {"0:2": 1, "1:": 1, "2:3": 1, "3:0": 1, "4:5": 1, "5:4": 1}
    assert rows["7-pairs"].sums["answers"] == {":6667": {"": 1}}


def test_staff_and_the_owner_are_not_among_the_readers(course: Course, choices: list[Question]) -> None:
    staff, owner, plain = make_user(is_staff=True), make_user(), make_user()
    Course.objects.filter(pk=course.pk).update(owner=owner)
    for person in (staff, owner, plain):
        answer(person, choices[0], 0, at=noon())
    course.refresh_from_db()
    assert sums(everybody(course), choices[0])["answers"] == {"0:0": {"": 1}}


# What changes afterwards.


def test_who_leaves_takes_the_answers_along(course: Course, choices: list[Question]) -> None:
    people = [make_user() for _ in range(3)]
    cohort = Cohort.objects.create(course=course)
    for person in people:
        answer(person, choices[0], 0, at=noon())
    counting.catch_up(course.pk)
    counting.keep(cohort, User.objects.filter(pk__in=[person.pk for person in people]))
    counting.keep(cohort, User.objects.filter(pk=people[0].pk))
    assert sums(cohort, choices[0])["answers"] == {"0:0": {"": 1}}
    counting.keep(cohort, User.objects.none())
    assert not ItemTally.objects.filter(cohort=cohort).exists()


def test_a_regraded_answer_is_counted_as_it_stands_now(learner: User, typed: list[Question]) -> None:
    answer(learner, typed[0], "別的", at=noon())
    cohort = everybody(typed[0].course)
    row = ItemTally.objects.filter(cohort=cohort)
    assert (row.get().sums["answers"], row.get().wrong) == ({":0": {"": 1}}, {"别的": {"別的": 1}})
    regrade(learner)
    counting.catch_up(typed[0].course_id)
    assert (row.get().sums["answers"], row.get().wrong) == ({":10000": {"": 1}}, {})
    assert counting.differences(typed[0].course_id) == 0


def test_an_erased_person_is_in_no_sum(learner: User, stranger: User, choices: list[Question]) -> None:
    for person in (learner, stranger):
        answer(person, choices[0], 0, at=noon())
    course = choices[0].course
    cohort = everybody(course)
    personal_data.erase(learner)
    assert sums(cohort, choices[0])["answers"] == {"0:0": {"": 1}}
    assert counting.differences(course.pk) == 0


def test_a_guest_who_signs_in_is_counted_once(learner: User, choices: list[Question]) -> None:
    guest = make_guest()
    answer(guest, choices[0], 0, at=noon())
    answer(learner, choices[0], 1, at=noon(1))
    course = choices[0].course
    cohort = everybody(course)
    personal_data.merge(guest, learner)
    everybody(course)
    assert sums(cohort, choices[0])["answers"] == {"0:0": {"": 1}}
    assert (FirstAnswer.objects.count(), counting.differences(course.pk)) == (1, 0)


def test_an_earlier_answer_that_is_counted_later_is_the_first(learner: User, choices: list[Question]) -> None:
    answer(learner, choices[0], 0, at=noon(2))
    cohort = everybody(choices[0].course)
    answer(learner, choices[0], 1, at=noon(1))
    counting.catch_up(choices[0].course_id)
    assert sums(cohort, choices[0])["answers"] == {"1:10000": {"": 1}}
    assert counting.differences(choices[0].course_id) == 0


# Cost, checking, mending.


def test_when_nothing_is_new_one_query_says_so(learner: User, choices: list[Question]) -> None:
    answer(learner, choices[0], 0, at=noon())
    course = choices[0].course
    everybody(course)
    with CaptureQueriesContext(connection) as queries:
        assert counting.catch_up(course.pk)
    assert len(queries) == 1


@pytest.mark.parametrize("learners", [1, 4])
def test_taking_in_takes_as_many_queries_for_any_number(course: Course, choices: list[Question], learners: int) -> None:
    people = [make_user() for _ in range(learners)]
    counting.everybody(course)
    for person in people:
        for question in choices[: learners + 1]:
            answer(person, question, 0, at=noon())
    counting.keep(counting.everybody(course), counting.readers(course))
    with CaptureQueriesContext(connection) as queries:
        counting.catch_up(course.pk)
    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    assert len([row for row in queries.captured_queries if not row["sql"].startswith(control)]) == TAKING_IN


TAKING_IN = 9 + 1 * connection.features.has_select_for_update


def test_a_page_takes_in_only_so_much(learner: User, choices: list[Question]) -> None:
    for day, question in enumerate(choices[:3]):
        answer(learner, question, 0, at=noon(day))
    course = choices[0].course_id
    assert [counting.catch_up(course, at_most=2), counting.catch_up(course, at_most=2)] == [False, True]
    assert FirstAnswer.objects.count() == 3


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is worded as SQLite words it")
def test_what_waits_is_found_by_its_index(course: Course) -> None:
    assert "answered_not_counted" in counting.uncounted(course.pk).explain()


def test_damaged_sums_are_found_and_mended(learner: User, choices: list[Question]) -> None:
    for day, question in enumerate(choices):
        answer(learner, question, day % 2, at=noon(day))
    course = choices[0].course
    everybody(course)
    call_command("rebuild_progress", "--check", stdout=StringIO())
    FirstAnswer.objects.filter(question=choices[0]).update(score=5_000)
    ItemTally.objects.filter(version=choices[1].current).delete()
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("rebuild_progress", "--check", stdout=said)
    assert f"{course.slug}: 2 sums of answers differ" in said.getvalue()
    call_command("rebuild_progress", stdout=StringIO())
    assert counting.differences(course.pk) == 0
    assert FirstAnswer.objects.get(question=choices[0]).score != 5_000


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),  # learner
        st.integers(0, 7),  # question
        st.sampled_from(["0", "1", "2", "skip", "hasty", "hint", "regrade", "leave", "return", "count"]),
        st.sampled_from([0, 0, 1]),  # days
    ),
    max_size=40,
)


class AnyHistory(TestCase):
    """Hypothesis with the database."""

    @settings(max_examples=20, deadline=None)
    @given(steps=STEPS)
    def test_the_sums_equal_a_slow_count_of_the_responses(self, steps: list[tuple[int, int, str, int]]) -> None:
        course = make_course(sentences=8)
        make_bank(course)
        questions = list(Question.objects.filter(course=course, kind="choice").order_by("key"))
        people = [make_user() for _ in range(3)]
        inside = {person.pk for person in people}
        cohort = Cohort.objects.create(course=course)
        hour = 0
        for who, what, how, pause in steps:
            hour += 1 + 24 * pause
            at = noon() + timedelta(hours=hour)
            person, question = people[who], questions[what]
            if how in ("leave", "return"):
                inside = inside - {person.pk} if how == "leave" else inside | {person.pk}
                counting.keep(cohort, User.objects.filter(pk__in=inside))
            elif how == "count":
                counting.catch_up(course.pk)
            elif how == "regrade":
                regrade(person)
            else:
                run = run_over(person, question, at=at)
                if how == "hint":
                    run.items.update(hints_taken=1)
                quick = 300 if how == "hasty" else 8_000
                is_given_up = how == "skip"
                chosen = int(how) if how.isdigit() else 1
                give(run, 1, None if is_given_up else chosen, at=at, elapsed_ms=quick, gave_up=is_given_up)
        counting.keep(cohort, User.objects.filter(pk__in=inside))
        counting.catch_up(course.pk)
        kept = {row.version_id: row.sums.get("answers", {}) for row in ItemTally.objects.filter(cohort=cohort)}
        assert {version: table for version, table in kept.items() if table} == slow_count(inside)
        assert counting.differences(course.pk) == 0
        counting.rebuild(course.pk)
        again = {row.version_id: row.sums.get("answers", {}) for row in ItemTally.objects.filter(cohort=cohort)}
        assert again == kept


def regrade(person: User) -> None:
    """The learner's last answer is turned round, as after a corrected key."""
    old = Grading.objects.standing().filter(learner=person).order_by("-pk").first()
    if old is None:
        return
    values = {f.attname: getattr(old, f.attname) for f in Grading._meta.concrete_fields if f.name != "id"}
    is_right = not old.is_correct
    Grading.objects.create(**values | {"supersedes_id": old.pk, "is_correct": is_right, "score": float(is_right)})
    counting.recount_regraded(person.pk)


def slow_count(people: set[int]) -> dict[int, dict[str, dict[str, int]]]:
    """From Response rows only, one learner after the other."""
    found: dict[int, dict[str, dict[str, int]]] = {}
    for person in people:
        seen: set[int] = set()
        met: set[int] = set()
        scores: list[float] = []
        for response in Response.objects.filter(item__attempt__learner=person).order_by("answered_at", "pk"):
            question = response.item.version.question
            facts = set(question.facts.values_list("pk", flat=True))
            is_first, is_new = question.pk not in seen, not facts & met
            seen.add(question.pk)
            met |= facts
            if not (is_first and is_new) or response.is_rapid or response.hints_taken:
                continue
            standing = Grading.objects.standing().get(response=response)
            points = 0.0 if response.gave_up else float(standing.is_correct)
            rest = str(round(20 * sum(scores) / len(scores))) if len(scores) >= 5 else ""
            scores.append(points)
            key = f"{'blank' if response.gave_up else response.answer}:{round(10_000 * points)}"
            row = found.setdefault(response.item.version_id, {}).setdefault(key, Counter())
            row[rest] += 1
    return {version: {key: dict(row) for key, row in table.items()} for version, table in found.items()}


def test_no_answer_is_marked_before_it_is_counted(learner: User, choices: list[Question]) -> None:
    answer(learner, choices[0], 0, at=noon())
    answered = AttemptItem.objects.exclude(answered_at=None)
    assert [item.is_counted for item in answered] == [False]
    everybody(choices[0].course)
    assert [item.is_counted for item in answered.all()] == [True]


def test_a_question_of_every_kind_is_counted_like_a_replay(learner: User) -> None:
    course = make_every_kind()
    run = make_run(learner, course)
    give(run, CHOICE, 0, at=run.started_at)
    everybody(course)
    assert counting.differences(course.pk) == 0
