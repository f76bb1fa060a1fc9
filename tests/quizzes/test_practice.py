"""Runs and answers as rows: what is frozen, what is recorded once, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import User
from curriculum.models import Course
from quizzes import practice, runs
from quizzes.bank import store
from quizzes.feedback import places
from quizzes.kinds import KINDS
from quizzes.memory import differences
from quizzes.models import Attempt, Flag, Grading, MemoryState, Question, Response
from quizzes.scheduling import AGAIN, GOOD, HARD
from tests.factories import choice, make_course, short_answer
from tests.quizzes.every_kind import (
    CHOICE,
    LIST,
    PAIRS,
    PARTNERS,
    PICKED,
    TYPED,
    item_at,
    make_every_kind,
    make_run,
    moment,
)

pytestmark = pytest.mark.django_db


REFUSE = {
    "sqlite": "CREATE TRIGGER none_of_it BEFORE INSERT ON quizzes_memorystate BEGIN SELECT RAISE(ABORT, 'no'); END",
    "postgresql": "ALTER TABLE quizzes_memorystate ADD CONSTRAINT nothing CHECK (id < 0)",
}
"""As where a column is there that the program does not know of and that has no default."""


@pytest.fixture
def course(db: None) -> Course:
    return make_every_kind()


@pytest.fixture
def attempt(learner: User, course: Course) -> Attempt:
    return make_run(learner, course)


def submit(attempt: Attempt, position: int, answer: Any = None, **changes: Any) -> Response:
    fields = {"try_number": 1, "elapsed_ms": 20_000, "now": timezone.now()} | changes
    return practice.submit(item_at(attempt, position), answer=answer, **fields)


# Runs.


def test_a_run_freezes_versions_and_orders(learner: User, course: Course) -> None:
    attempt = practice.start(learner, course, scope="course", now=timezone.now())
    items = list(attempt.items.order_by("position").select_related("version__question"))
    assert [item.position for item in items] == list(range(1, len(items) + 1))
    assert [item.version_id for item in items] == [item.version.question.current_id for item in items]
    orders = [
        KINDS[item.version.content.kind].shuffle(item.version.content, f"{attempt.seed}:{item.position}")
        for item in items
    ]
    assert [item.order for item in items] == orders
    assert any(orders)


def test_the_same_start_again_today_goes_on_with_the_open_run(learner: User, course: Course) -> None:
    first = practice.start(learner, course, scope="course", now=moment(9))
    assert practice.start(learner, course, scope="course", now=moment(23)) == first
    lesson = course.lessons.get()
    assert practice.start(learner, course, scope="lesson", lesson=lesson, now=moment(23)) != first


def test_after_four_in_the_morning_a_new_run_begins(learner: User, course: Course) -> None:
    first = practice.start(learner, course, scope="course", now=moment(9))
    assert practice.start(learner, course, scope="course", now=moment(3, day=4)) == first
    assert practice.start(learner, course, scope="course", now=moment(5, day=4)) != first


def test_a_finished_run_is_not_gone_on_with(learner: User, course: Course) -> None:
    first = practice.start(learner, course, scope="course", now=moment(9))
    runs.finish(first, now=moment(9))
    assert practice.start(learner, course, scope="course", now=moment(10)) != first


def test_nothing_due_starts_nothing(learner: User, course: Course) -> None:
    with pytest.raises(practice.NothingToAskError):
        practice.start(learner, course, scope="due", now=timezone.now())
    assert Attempt.objects.count() == 0


# Answers.


def test_a_right_answer_is_recorded_with_its_grading_and_memory(attempt: Attempt, learner: User) -> None:
    response = submit(attempt, TYPED, "自然延伸")
    item = item_at(attempt, TYPED)
    grading = response.gradings.get()
    assert (response.verdict, response.score, item.answered_at) == ("correct", 1.0, response.answered_at)
    assert (grading.fact.key, grading.is_correct, grading.rating, grading.is_productive) == ("F1-4", True, GOOD, True)
    assert MemoryState.objects.get(learner=learner).fact_id == grading.fact_id


def test_every_pair_is_graded_on_its_own_fact(attempt: Attempt) -> None:
    swapped = [PARTNERS[1], PARTNERS[0], *PARTNERS[2:]]
    response = submit(attempt, PAIRS, swapped)
    graded = [(row.fact.key, row.is_correct, row.rating) for row in response.gradings.order_by("pk")]
    assert graded == [
        ("F1-7", False, AGAIN),
        ("F1-8", False, AGAIN),
        *[(f"F1-{n}", True, GOOD) for n in (9, 10, 11, 12)],
    ]
    assert response.details["raw"] == "4/6"


def test_the_same_answer_again_gives_what_was_recorded(attempt: Attempt) -> None:
    first = submit(attempt, TYPED, "具體體現")
    assert submit(attempt, TYPED, "自然延伸") == first
    assert (Response.objects.count(), Grading.objects.count()) == (1, 1)


def test_a_stale_copy_of_the_item_gives_what_was_recorded(attempt: Attempt, learner: User) -> None:
    item, place = runs.find(learner, attempt.pk, CHOICE)
    stale, stale_place = runs.find(learner, attempt.pk, CHOICE)
    now = timezone.now()
    first = practice.submit(item, answer=1, try_number=1, elapsed_ms=20_000, now=now, place=place)
    second = practice.submit(stale, answer=0, try_number=1, elapsed_ms=20_000, now=now, place=stale_place)
    assert second == first
    assert Response.objects.count() == 1


def test_a_near_answer_leaves_the_item_open_for_one_more_try(attempt: Attempt) -> None:
    near = submit(attempt, TYPED, "自然延申")
    assert (near.verdict, item_at(attempt, TYPED).answered_at) == ("near", None)
    assert [grading.rating for grading in near.gradings.all()] == [None]
    right = submit(attempt, TYPED, "自然延伸", try_number=2)
    assert [grading.rating for grading in right.gradings.all()] == [HARD]
    assert item_at(attempt, TYPED).answered_at == right.answered_at


def test_a_second_near_answer_is_final(attempt: Attempt) -> None:
    submit(attempt, TYPED, "自然延申")
    second = submit(attempt, TYPED, "自然延申", try_number=2)
    assert (second.verdict, second.details["difference"]) == ("near", [["自然延", True], ["申", False]])
    assert item_at(attempt, TYPED).answered_at == second.answered_at


@pytest.mark.parametrize("number", [0, 2, 3, 99, -1])
def test_a_try_that_is_not_open_is_refused(attempt: Attempt, number: int) -> None:
    with pytest.raises(practice.RefusedError):
        submit(attempt, TYPED, "自然延伸", try_number=number)
    assert Response.objects.count() == 0


def test_what_the_database_refuses_by_a_fault_of_ours_is_not_told_as_another_answer(attempt: Attempt) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REFUSE[connection.vendor])
    with pytest.raises(IntegrityError):
        submit(attempt, CHOICE, 1)
    assert not Response.objects.exists()


def test_an_answered_item_takes_no_second_try(attempt: Attempt) -> None:
    submit(attempt, TYPED, "完全不同")
    with pytest.raises(practice.RefusedError):
        submit(attempt, TYPED, "自然延伸", try_number=2)
    assert Response.objects.count() == 1


def test_a_suspended_question_takes_no_answer(attempt: Attempt) -> None:
    Question.objects.filter(key="4-typed").update(is_active=False)
    with pytest.raises(practice.RefusedError):
        submit(attempt, TYPED, "自然延伸")
    assert (Response.objects.count(), runs.open_items(attempt).count()) == (0, 6)


def test_a_finished_run_takes_no_answer(attempt: Attempt) -> None:
    runs.finish(attempt, now=timezone.now())
    with pytest.raises(practice.RefusedError):
        submit(attempt, TYPED, "自然延伸")


def test_giving_up_shows_the_key_and_counts_as_missed(attempt: Attempt) -> None:
    response = submit(attempt, LIST, gave_up=True)
    assert (response.verdict, response.rule, response.gave_up) == ("wrong", "gave_up", True)
    assert response.details["parts"][0]["key"] == "政府、國際組織、互聯網企業、公民個人"
    assert response.gradings.get().rating == AGAIN


def test_giving_up_a_matching_set_grades_every_pair(attempt: Attempt) -> None:
    response = submit(attempt, PAIRS, gave_up=True)
    assert [(part["note"], part["given"]) for part in response.details["parts"][:2]] == [("政府", ""), ("聯合國", "")]
    assert [grading.rating for grading in response.gradings.all()] == [AGAIN] * 6


def test_an_answer_that_came_too_quickly_is_kept_but_moves_no_memory(attempt: Attempt) -> None:
    response = submit(attempt, CHOICE, 1, elapsed_ms=400)
    assert (response.is_rapid, response.gradings.get().rating, MemoryState.objects.count()) == (True, None, 0)
    assert attempt.items.filter(is_repeat=True).count() == 1


def test_an_english_question_takes_its_time_to_read_too(learner: User) -> None:
    course = make_course(language="en")
    store(course, [choice(fact, stem="What does the document say? " * 12) for fact in course.facts.all()])
    attempt = practice.start(learner, course, scope="course", now=moment(9))
    assert [submit(attempt, at, 1, elapsed_ms=elapsed).is_rapid for at, elapsed in ((1, 3_000), (2, 6_000))] == [
        True,
        False,
    ]


def test_the_memory_is_what_the_history_says(attempt: Attempt, learner: User) -> None:
    submit(attempt, TYPED, "自然延申")
    submit(attempt, TYPED, "自然延伸", try_number=2)
    submit(attempt, PAIRS, [None, *PARTNERS[1:]])
    assert differences(learner) == []


# Repeats and the end.


def test_a_missed_question_comes_once_more_at_the_end(attempt: Attempt) -> None:
    submit(attempt, CHOICE, 0)
    repeat = attempt.items.get(is_repeat=True)
    assert (repeat.position, repeat.version, repeat.answered_at) == (8, item_at(attempt, CHOICE).version, None)
    submit(attempt, 8, 0)
    assert attempt.items.count() == 8


def test_the_last_answer_finishes_the_run(attempt: Attempt) -> None:
    attempt.items.exclude(position__in=(CHOICE, TYPED)).delete()
    submit(attempt, TYPED, "自然延伸")
    attempt.refresh_from_db()
    assert attempt.finished_at is None
    last = submit(attempt, CHOICE, 1)
    attempt.refresh_from_db()
    assert attempt.finished_at == last.answered_at


def test_a_run_whose_last_question_was_withdrawn_is_finished(attempt: Attempt) -> None:
    Question.objects.update(is_active=False)
    now = attempt.started_at + timedelta(minutes=9)
    assert runs.next_item(attempt, now=now) is None
    attempt.refresh_from_db()
    assert attempt.finished_at == now


# Time, hints, flags.


@pytest.mark.parametrize(("seconds", "kept"), [(0, 0), (30, 30_000), (120, 120_000), (121, None), (-5, None)])
def test_the_time_is_the_servers_and_idle_time_is_not_kept(attempt: Attempt, seconds: int, kept: int | None) -> None:
    item = item_at(attempt, TYPED)
    assert item.shown_at is not None
    at = item.shown_at + timedelta(seconds=seconds)
    assert practice.elapsed_ms(item, try_number=1, now=at) == kept


def test_time_begins_when_the_question_is_first_shown(attempt: Attempt) -> None:
    attempt.items.update(shown_at=None)
    for hour in (9, 10):
        runs.show(item_at(attempt, TYPED), now=moment(hour))
    assert item_at(attempt, TYPED).shown_at == moment(9)


def test_hints_are_taken_one_by_one_and_no_more_than_there_are(attempt: Attempt) -> None:
    taken = [practice.take_hint(item_at(attempt, TYPED)) for _ in range(3)]
    assert (taken, item_at(attempt, TYPED).hints_taken) == ([True, True, False], 2)


def test_the_same_hint_pressed_twice_is_taken_once(attempt: Attempt) -> None:
    item = item_at(attempt, TYPED)
    assert [practice.take_hint(item, level=1), practice.take_hint(item, level=1)] == [True, False]
    assert item_at(attempt, TYPED).hints_taken == 1


def test_hints_lower_the_rating(attempt: Attempt) -> None:
    practice.take_hint(item_at(attempt, TYPED))
    response = submit(attempt, TYPED, "自然延伸")
    assert (response.hints_taken, response.gradings.get().rating) == (1, HARD)


def test_a_question_without_hints_or_already_answered_gives_none(attempt: Attempt) -> None:
    submit(attempt, TYPED, "自然延伸")
    assert practice.take_hint(item_at(attempt, PICKED)) is False
    assert practice.take_hint(item_at(attempt, TYPED)) is False


def test_a_flag_is_kept_once(attempt: Attempt, learner: User) -> None:
    item = item_at(attempt, TYPED)
    practice.flag(item, learner, reason="wrong_key", comment="見第三章")
    practice.flag(item, learner, reason="other", comment="")
    assert [(flag.reason, flag.comment) for flag in Flag.objects.all()] == [("wrong_key", "見第三章")]


def test_a_question_that_was_let_through_without_evidence_shows_no_place(course: Course) -> None:
    fact = course.facts.select_related("sentence__passage__lesson").first()
    assert fact is not None
    assert places(course, replace(short_answer(fact), evidence=())) == ()


@pytest.mark.parametrize(("language", "between"), [("en", "。 "), ("zh-Hant", "。")])
def test_the_source_is_shown_with_the_spaces_of_its_language(learner: User, language: str, between: str) -> None:
    course = make_course(language=language)
    fact = course.facts.select_related("sentence__passage__lesson").get(key="F1-2")
    (paragraph,) = places(course, short_answer(fact))
    assert "".join(run[0] for run in paragraph.runs).count(f"{between}第1章") == 2
    assert [run for run in paragraph.runs if run[1]] == [
        ("第1章第2句說明", True, False),
        ("事項1甲2", True, True),
        ("。", True, False),
    ]
