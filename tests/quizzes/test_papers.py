"""A quiz from the draw to the mark: saved while it runs, handed in once, graded by what was saved."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from curriculum.models import Course
from quizzes import papers, personal_data
from quizzes.kinds import InvalidAnswer
from quizzes.memory import differences
from quizzes.models import Attempt, AttemptItem, Grading, MemoryState, Question, Response
from quizzes.practice import RefusedError
from tests.clock import NOW
from tests.factories import make_bank, make_course
from tests.quizzes.every_kind import CHOICE, CLOZE, LIST, MEMBERS, ORDER, PAIRS, PICKED, RIGHT, TYPED, make_every_kind

pytestmark = pytest.mark.django_db
EVERY = [CLOZE, PICKED, CHOICE, TYPED, LIST, ORDER, PAIRS]


@pytest.fixture
def course(db: None) -> Course:
    return make_every_kind()


def posted(answer: dict[str, Any]) -> dict[str, list[str]]:
    return {name: value if isinstance(value, list) else [value] for name, value in answer.items()}


def sit(learner: User, course: Course, *, now: datetime = NOW, **options: Any) -> Attempt:
    versions = papers.on_paper([question.current_id for question in course.questions.order_by("key")])
    return papers.freeze(learner, course, versions, **{"feedback": "end", "now": now} | options)


def item_at(attempt: Attempt, position: int) -> AttemptItem:
    return attempt.items.select_related("version__question", "attempt__learner").get(position=position)


def save(attempt: Attempt, position: int, answer: dict[str, Any], *, now: datetime = NOW) -> None:
    papers.save(item_at(attempt, position), posted(answer), now=now)


def again(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_related("learner").get(pk=attempt.pk)


# Drawing from the bank.


def test_a_paper_is_drawn_from_the_lessons_and_kinds_named(db: None) -> None:
    course = make_course(lessons=3)
    make_bank(course)
    lesson = course.lessons.get(order=2)
    found = papers.draw_paper(papers.askable(course, lessons=[lesson], kinds=["choice"]), count=10, seed="a")
    assert [(v.question.lesson, v.question.kind) for v in found] == [(lesson, "choice")] * 3


def test_parallel_forms_ask_every_fact_twice_where_the_bank_has_two_questions(db: None) -> None:
    course = make_course(lessons=2)
    make_bank(course)
    a, b, paired = papers.draw_parallel(papers.askable(course), count=6, seed="a")
    assert paired == len(a) == len(b) == 6
    assert {v.content.facts for v in a} == {v.content.facts for v in b}
    assert not {v.question_id for v in a} & {v.question_id for v in b}


def test_a_withdrawn_question_is_not_drawn(course: Course) -> None:
    Question.objects.filter(key="3-choice").update(is_active=False)
    assert "3-choice" not in {v.question.key for v in papers.draw_paper(papers.askable(course), count=9, seed="a")}


def test_a_shuffled_run_asks_the_same_questions_in_its_own_order(learner: User, course: Course) -> None:
    orders = {tuple(sit(learner, course, is_shuffled=True).items.values_list("version", flat=True)) for _n in range(8)}
    assert len(orders) > 1
    assert len({frozenset(order) for order in orders}) == 1


# Handing in.


def test_everything_right_earns_all_points_and_feeds_the_memory(learner: User, course: Course) -> None:
    attempt = sit(learner, course)
    for position in EVERY:
        save(attempt, position, RIGHT[position])
    assert (Response.objects.count(), MemoryState.objects.count()) == (0, 0)
    assert papers.hand_in(again(attempt), now=NOW) is True
    assert papers.score(attempt) == 1.0
    assert Response.objects.filter(item__attempt=attempt).count() == len(EVERY)
    assert MemoryState.objects.filter(learner=learner).count() == 12
    assert differences(learner) == []


def test_a_blank_gets_no_response_and_earns_nothing(learner: User, course: Course) -> None:
    attempt = sit(learner, course)
    save(attempt, CHOICE, RIGHT[CHOICE])
    save(attempt, TYPED, {"text": "   "})
    papers.hand_in(again(attempt), now=NOW)
    assert Response.objects.count() == 1
    assert papers.score(attempt) == pytest.approx(1 / 7)


def test_part_of_a_list_and_of_the_pairs_earns_its_share(learner: User, course: Course) -> None:
    attempt = sit(learner, course)
    save(attempt, LIST, {"member": [*MEMBERS[:3], ""]})
    save(attempt, PAIRS, {**RIGHT[PAIRS], "pair_0": "0", "pair_3": "1"})
    papers.hand_in(again(attempt), now=NOW)
    assert papers.score(attempt) == pytest.approx((3 / 4 + 4 / 6) / 7)


def test_what_is_not_finished_earns_nothing_but_stays_as_it_was_typed(learner: User, course: Course) -> None:
    attempt = sit(learner, course)
    save(attempt, ORDER, {"place_0": "1"})
    papers.hand_in(again(attempt), now=NOW)
    assert Response.objects.count() == 0
    assert item_at(attempt, ORDER).saved == {"place_0": ["1"]}


def test_handing_in_twice_grades_once(learner: User, course: Course) -> None:
    attempt = sit(learner, course)
    save(attempt, CHOICE, RIGHT[CHOICE])
    one, other = again(attempt), again(attempt)
    assert papers.hand_in(one, now=NOW) is True
    assert papers.hand_in(other, now=NOW + timedelta(minutes=1)) is False
    assert other.finished_at == one.finished_at == NOW
    assert (Response.objects.count(), Grading.objects.count()) == (1, 1)


def test_the_server_hands_in_at_the_deadline_and_not_when_it_looked(learner: User, course: Course) -> None:
    attempt = sit(learner, course, deadline_at=NOW + timedelta(minutes=5))
    save(attempt, CHOICE, RIGHT[CHOICE])
    papers.hand_in(again(attempt), now=NOW + timedelta(days=2), at=attempt.deadline_at)
    assert Response.objects.get().answered_at == NOW + timedelta(minutes=5)
    assert differences(learner) == []


def test_a_guess_too_quick_to_have_read_counts_for_the_mark_and_not_for_the_memory(
    learner: User, course: Course
) -> None:
    attempt = sit(learner, course)
    attempt.items.update(shown_at=NOW)
    save(attempt, CHOICE, RIGHT[CHOICE], now=NOW + timedelta(milliseconds=300))
    papers.hand_in(again(attempt), now=NOW + timedelta(minutes=1))
    assert papers.score(attempt) == pytest.approx(1 / 7)
    assert Grading.objects.get().rating is None


@pytest.mark.parametrize("times", [2, 6])
def test_handing_in_asks_as_often_for_many_questions_as_for_few(learner: User, times: int) -> None:
    course = make_course(sentences=times * 3)
    make_bank(course)
    attempt = sit(learner, course)
    for item in attempt.items.select_related("version__question"):
        fields = {"choice": ["1"]} if item.version.content.kind == "choice" else {"text": ["事項"]}
        papers.save(item, fields, now=NOW)
    attempt = again(attempt)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        papers.hand_in(attempt, now=NOW)
    queries = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(queries) == 9


# Saving.


def test_an_answer_may_change_until_it_is_handed_in(learner: User, course: Course) -> None:
    attempt = sit(learner, course)
    save(attempt, CHOICE, {"choice": "0"})
    save(attempt, CHOICE, RIGHT[CHOICE])
    papers.hand_in(again(attempt), now=NOW)
    assert papers.score(attempt) == pytest.approx(1 / 7)
    with pytest.raises(RefusedError, match="handed in"):
        save(attempt, CHOICE, {"choice": "0"})
    assert item_at(attempt, CHOICE).saved == {"choice": ["1"]}


def test_a_save_that_was_overtaken_on_the_way_changes_nothing(learner: User, course: Course) -> None:
    item = item_at(sit(learner, course), CHOICE)
    first, second, later = (NOW + timedelta(seconds=n) for n in (1, 2, 5))
    assert papers.save(item, {"choice": ["1"]}, now=NOW + timedelta(seconds=3), typed_at=second)
    assert not papers.save(item, {"choice": ["0"]}, now=NOW + timedelta(seconds=4), typed_at=first)
    assert item_at(item.attempt, CHOICE).saved == {"choice": ["1"]}
    assert papers.save(item, {"choice": ["2"]}, now=later, typed_at=later)
    assert item_at(item.attempt, CHOICE).saved == {"choice": ["2"]}


def test_what_is_sent_by_hand_is_never_taken_for_overtaken(learner: User, course: Course) -> None:
    item = item_at(sit(learner, course), CHOICE)
    papers.save(item, {"choice": ["1"]}, now=NOW + timedelta(seconds=3))
    assert papers.save(item, {"choice": ["0"]}, now=NOW)
    assert item_at(item.attempt, CHOICE).saved == {"choice": ["0"]}


def test_a_page_that_claims_to_be_ahead_of_time_does_not_lock_out_what_follows(learner: User, course: Course) -> None:
    item = item_at(sit(learner, course), CHOICE)
    papers.save(item, {"choice": ["1"]}, now=NOW, typed_at=NOW + timedelta(days=9))
    soon = NOW + timedelta(seconds=1)
    assert papers.save(item, {"choice": ["0"]}, now=soon, typed_at=soon)
    assert item_at(item.attempt, CHOICE).saved == {"choice": ["0"]}


def test_an_overtaken_save_of_a_question_answered_for_good_is_refused(learner: User, course: Course) -> None:
    attempt = sit(learner, course)
    item = item_at(attempt, CHOICE)
    AttemptItem.objects.filter(pk=item.pk).update(answered_at=NOW, saved_at=NOW)
    with pytest.raises(RefusedError, match="already answered"):
        papers.save(item, {"choice": ["1"]}, now=NOW, typed_at=NOW - timedelta(seconds=1))


def test_an_answer_can_be_taken_back(learner: User, course: Course) -> None:
    attempt = sit(learner, course)
    save(attempt, CHOICE, RIGHT[CHOICE])
    save(attempt, CHOICE, {})
    assert item_at(attempt, CHOICE).saved is None


@pytest.mark.parametrize(
    ("seconds", "is_taken"), [(-1, True), (0, True), (1, True), (30, True), (31, False), (3600, False)]
)
def test_the_network_has_thirty_seconds_after_the_deadline(
    learner: User, course: Course, seconds: int, is_taken: bool
) -> None:
    attempt = sit(learner, course, deadline_at=NOW + timedelta(minutes=5))
    late = NOW + timedelta(minutes=5, seconds=seconds)
    if is_taken:
        save(attempt, CHOICE, RIGHT[CHOICE], now=late)
    else:
        with pytest.raises(RefusedError, match="time is up"):
            save(attempt, CHOICE, RIGHT[CHOICE], now=late)
    assert (item_at(attempt, CHOICE).saved is not None) is is_taken


def test_saving_asks_twice(learner: User, course: Course) -> None:
    item = item_at(sit(learner, course), CHOICE)
    with CaptureQueriesContext(connection) as asked:
        papers.save(item, {"choice": ["1"]}, now=NOW)
    assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) == 2


# Feedback after each answer.


def test_with_feedback_after_each_answer_there_is_one_try_and_no_repeat(learner: User, course: Course) -> None:
    attempt = sit(learner, course, feedback="item")
    first = papers.answer(item_at(attempt, TYPED), {"text": ["錯"]}, now=NOW)
    second = papers.answer(item_at(attempt, TYPED), {"text": ["自然延伸"]}, now=NOW)
    assert (first.pk, first.verdict) == (second.pk, "wrong")
    assert attempt.items.count() == 7
    assert item_at(attempt, TYPED).is_answered


def test_an_answer_for_good_must_be_one(learner: User, course: Course) -> None:
    attempt = sit(learner, course, feedback="item")
    with pytest.raises(InvalidAnswer):
        papers.answer(item_at(attempt, ORDER), {"place_0": ["1"]}, now=NOW)
    assert not item_at(attempt, ORDER).is_answered


def test_an_answer_in_the_box_counts_when_the_run_is_handed_in(learner: User, course: Course) -> None:
    attempt = sit(learner, course, feedback="item")
    papers.answer(item_at(attempt, CHOICE), posted(RIGHT[CHOICE]), now=NOW)
    save(attempt, TYPED, RIGHT[TYPED])
    papers.hand_in(again(attempt), now=NOW)
    assert papers.score(attempt) == pytest.approx(2 / 7)
    assert differences(learner) == []


# The mark moves when the key does.


def test_an_answer_accepted_later_raises_the_mark_and_keeps_the_history(learner: User, course: Course) -> None:
    attempt = sit(learner, course)
    save(attempt, LIST, {"member": [MEMBERS[0], MEMBERS[1], MEMBERS[2], "每個公民"]})
    papers.hand_in(again(attempt), now=NOW)
    before = papers.score(attempt)
    old = Grading.objects.get()
    names = ("response", "learner", "fact", "question", "kind", "is_productive", "is_first_try", "study_day")
    kept = {name: getattr(old, name) for name in names}
    Grading.objects.create(**kept, is_correct=True, score=1.0, rating=3, answered_at=old.answered_at, supersedes=old)
    assert before is not None
    assert papers.score(attempt) == pytest.approx(1 / 7)
    assert before < 1 / 7
    assert (Response.objects.count(), Grading.objects.count()) == (1, 2)


def test_a_suspended_question_counts_for_nobody(learner: User, course: Course) -> None:
    attempt = sit(learner, course)
    save(attempt, CHOICE, RIGHT[CHOICE])
    papers.hand_in(again(attempt), now=NOW)
    Question.objects.filter(key="7-pairs").update(is_suspended=True)
    assert papers.score(attempt) == pytest.approx(1 / 6)
    Question.objects.update(is_suspended=True)
    assert papers.score(attempt) is None


# What the learner may take away.


def test_the_export_tells_how_a_quiz_was_judged_only_when_its_results_are_told(learner: User, course: Course) -> None:
    attempt = sit(learner, course, feedback="later", results_at=timezone.now() + timedelta(days=1))
    save(attempt, LIST, {"member": [MEMBERS[0]]})
    papers.hand_in(again(attempt), now=NOW)
    exported = personal_data.export(learner)
    assert [row["answer"] for row in exported["responses"]] == [MEMBERS[0]]
    assert not any(member in json.dumps(exported, default=str, ensure_ascii=False) for member in MEMBERS[1:])
    Attempt.objects.update(results_at=timezone.now() - timedelta(seconds=1))
    told = personal_data.export(learner)
    assert [row["score"] for row in told["responses"]] == [0.25]
    assert len(told["gradings"]) == 1
