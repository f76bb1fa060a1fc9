"""Attempts at quizzes: how many, until when, and that nothing promised is taken back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from classrooms import publishing, sittings
from classrooms.models import Assignment, Classroom, Extension, Member, Sitting
from classrooms.publishing import PublishError
from classrooms.sittings import StartError
from classrooms.work import standing
from quizzes import papers
from quizzes.memory import differences
from quizzes.models import Response
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.clock import NOW

pytestmark = pytest.mark.django_db


def later(**amount: float) -> Any:
    return NOW + timedelta(**amount)


@pytest.fixture
def classroom(db: None) -> Classroom:
    return make_classroom()


@pytest.fixture
def member(classroom: Classroom, learner: User) -> Member:
    return make_member(classroom, learner)


def make_quiz(classroom: Classroom, **fields: Any) -> Assignment:
    """A quiz of six questions, published."""
    quiz = make_assignment(classroom, is_draft=True, **{"count": 6} | fields)
    publishing.publish(quiz, now=NOW - timedelta(hours=1))
    return quiz


def right(sitting: Sitting, position: int) -> dict[str, list[str]]:
    content = sitting.attempt.items.select_related("version").get(position=position).version.content
    return {"choice": ["1"]} if content.kind == "choice" else {"text": [str(content.key)]}


def answer(sitting: Sitting, position: int, *, now: Any = NOW) -> None:
    item = sitting.attempt.items.select_related("version__question", "attempt__learner").get(position=position)
    papers.save(item, right(sitting, position), now=now)


def again(sitting: Sitting) -> Sitting:
    related = "attempt__learner", "assignment__classroom", "member"
    return Sitting.objects.select_related(*related).get(pk=sitting.pk)


# Beginning.


def test_beginning_twice_goes_on_with_the_first(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom)
    first, second = (sittings.start(quiz, member, now=NOW) for _n in range(2))
    assert first.pk == second.pk
    assert first.attempt.items.count() == 6


def test_all_get_the_same_questions_when_it_is_so_set(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom, is_same_for_all=True)
    others = [sittings.start(quiz, make_member(classroom), now=NOW) for _n in range(2)]
    asked = [set(row.attempt.items.values_list("version", flat=True)) for row in others]
    assert asked == [set(quiz.paper[""])] * 2


def test_each_learner_gets_an_own_draw_when_it_is_so_set(classroom: Classroom) -> None:
    quiz = make_quiz(classroom, is_same_for_all=False, count=4)
    rows = [sittings.start(quiz, make_member(classroom), now=NOW) for _n in range(8)]
    assert len({frozenset(row.attempt.items.values_list("version", flat=True)) for row in rows}) > 1
    assert {row.attempt.items.count() for row in rows} == {4}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens_at": later(minutes=1)}, "not open yet"),
        ({"due_at": later(minutes=-1), "late": "close"}, "closed"),
        ({"due_at": NOW, "late": "close"}, "closed"),
    ],
)
def test_what_is_not_open_cannot_be_begun(
    classroom: Classroom, member: Member, fields: dict[str, Any], words: str
) -> None:
    with pytest.raises(StartError, match=words):
        sittings.start(make_quiz(classroom, **fields), member, now=NOW)
    assert not Sitting.objects.exists()


def test_late_work_can_be_begun_when_it_is_taken(classroom: Classroom, member: Member) -> None:
    begun = sittings.start(make_quiz(classroom, due_at=later(minutes=-1)), member, now=NOW)
    sittings.hand_in(begun, now=later(minutes=2))
    assert again(begun).is_late is True


def test_an_archived_class_begins_nothing(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom)
    classroom.archived_at = NOW
    with pytest.raises(StartError):
        sittings.start(quiz, member, now=NOW)


@pytest.mark.parametrize(("own", "extra", "allowed"), [(0, 0, 2), (1, 0, 3), (0, 2, 4), (1, 2, 5)])
def test_attempts_end_at_the_limit_with_what_a_learner_has_more(
    classroom: Classroom, member: Member, own: int, extra: int, allowed: int
) -> None:
    quiz = make_quiz(classroom, attempts=2)
    member.extra_attempts = own
    member.save()
    if extra:
        Extension.objects.create(assignment=quiz, member=member, extra_attempts=extra)
    for number in range(allowed):
        sittings.hand_in(sittings.start(quiz, member, now=later(minutes=number)), now=later(minutes=number))
    with pytest.raises(StartError, match="no attempt left"):
        sittings.start(quiz, member, now=later(minutes=9))
    assert list(member.sittings.values_list("number", flat=True)) == list(range(1, allowed + 1))


# Time.


def test_extra_time_multiplies_the_limit(classroom: Classroom, member: Member) -> None:
    member.extra_time_factor = Decimal("1.5")
    begun = sittings.start(make_quiz(classroom, minutes=10), member, now=NOW)
    assert begun.attempt.deadline_at == later(minutes=15)


def test_what_was_saved_is_handed_in_at_the_deadline_by_whoever_looks(classroom: Classroom, member: Member) -> None:
    begun = sittings.start(make_quiz(classroom, minutes=10), member, now=NOW)
    answer(begun, 1, now=later(minutes=10, seconds=20))
    assert not sittings.closed_if_due(again(begun), later(minutes=10, seconds=30)).is_submitted
    found = sittings.closed_if_due(again(begun), later(hours=5))
    assert (found.submitted_at, found.is_automatic, found.is_late) == (later(minutes=10), True, False)
    assert found.score == pytest.approx(1 / 6)
    assert differences(member.user) == []


def test_the_command_hands_in_what_nobody_looks_at(classroom: Classroom, member: Member) -> None:
    begun = sittings.start(make_quiz(classroom, minutes=10), member, now=NOW - timedelta(hours=1))
    open_one = sittings.start(make_quiz(classroom), member, now=NOW)
    call_command("hand_in_overdue", verbosity=0)
    assert again(begun).is_automatic is True
    assert again(open_one).is_submitted is False


def test_an_earlier_due_time_takes_nothing_from_who_has_begun(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom, due_at=later(hours=2), late="close")
    begun = sittings.start(quiz, member, now=NOW)
    Assignment.objects.filter(pk=quiz.pk).update(due_at=later(minutes=1), late_penalty=50, points=5)
    answer(begun, 1, now=later(hours=1))
    sittings.hand_in(again(begun), now=later(hours=1))
    assert again(begun).is_late is False
    assert again(begun).policy["points"] == 100


def test_more_time_given_meanwhile_moves_an_open_attempt_back(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom, due_at=later(hours=1), late="close", feedback="later")
    begun = sittings.start(quiz, member, now=NOW)
    Extension.objects.create(assignment=quiz, member=member, due_at=later(hours=3))
    sittings.prolong(quiz, member, now=NOW)
    attempt = again(begun).attempt
    assert (attempt.deadline_at, attempt.results_at) == (later(hours=3), later(hours=3))


def test_results_wait_for_whoever_has_more_time(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom, due_at=later(hours=1), feedback="later")
    begun = sittings.start(quiz, member, now=NOW)
    sittings.hand_in(begun, now=NOW)
    other = make_member(classroom)
    Extension.objects.create(assignment=quiz, member=other, due_at=later(hours=9))
    sittings.prolong(quiz, other, now=NOW)
    assert again(begun).attempt.is_told(later(hours=2)) is False
    assert again(begun).attempt.is_told(later(hours=9)) is True


def test_archiving_the_class_hands_in_what_was_saved(classroom: Classroom, member: Member) -> None:
    begun = sittings.start(make_quiz(classroom), member, now=NOW)
    answer(begun, 1)
    Classroom.objects.update(archived_at=later(minutes=3))
    found = sittings.closed_if_due(again(begun), later(minutes=5))
    assert (found.submitted_at, found.is_automatic) == (later(minutes=3), True)
    assert Response.objects.count() == 1


# Forms A and B.


def test_a_post_test_gives_each_learner_the_other_form(classroom: Classroom) -> None:
    pre = make_quiz(classroom, form="pre", count=3)
    post = make_quiz(classroom, form="post", count=3, pretest=pre)
    people = [make_member(classroom) for _n in range(4)]
    before = {person.pk: sittings.start(pre, person, now=NOW).form for person in people}
    after = {person.pk: sittings.start(post, person, now=NOW).form for person in people}
    assert sorted(before.values()) == ["A", "A", "B", "B"]
    assert all({before[pk], after[pk]} == {"A", "B"} for pk in before)
    assert not set(pre.paper["A"]) & set(pre.paper["B"])


# Publishing.


def test_a_quiz_without_questions_cannot_be_set(classroom: Classroom) -> None:
    quiz = make_assignment(classroom, is_draft=True, kinds=["matching"])
    with pytest.raises(PublishError):
        publishing.publish(quiz, now=NOW)
    quiz.refresh_from_db()
    assert quiz.is_draft


def test_what_is_picked_by_hand_is_asked_and_nothing_else(classroom: Classroom, member: Member) -> None:
    quiz = make_assignment(classroom, is_draft=True, count=1)
    picked = list(classroom.course.questions.order_by("pk")[:4])
    quiz.questions.set(picked)
    publishing.publish(quiz, now=NOW)
    begun = sittings.start(quiz, member, now=NOW)
    assert {item.version.question for item in begun.attempt.items.all()} == set(picked)


def test_work_is_taken_back_only_before_anybody_began(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom)
    publishing.withdraw(quiz)
    assert quiz.is_draft
    publishing.publish(quiz, now=NOW)
    sittings.start(quiz, member, now=NOW)
    with pytest.raises(PublishError):
        publishing.withdraw(quiz)


def test_deleting_keeps_what_learners_answered_in_their_own_history(classroom: Classroom, member: Member) -> None:
    quiz = make_quiz(classroom)
    begun = sittings.start(quiz, member, now=NOW)
    answer(begun, 1)
    publishing.delete(quiz, now=NOW)
    assert not Sitting.objects.exists()
    assert Response.objects.filter(item__attempt__learner=member.user).count() == 1
    assert differences(member.user) == []


# How it stands.


def test_the_standing_of_a_class_says_who_did_what(classroom: Classroom, django_assert_num_queries: Any) -> None:
    quiz = make_quiz(classroom, due_at=later(hours=1), count=2)
    people = [make_member(classroom) for _n in range(4)]
    sittings.start(quiz, people[0], now=NOW)
    answer(sittings.start(quiz, people[1], now=NOW), 1)
    sittings.hand_in(sittings.start(quiz, people[2], now=NOW), now=NOW)
    rows = standing(quiz, people, NOW)
    assert [rows[one.pk].state for one in people] == ["working", "working", "handed_in", "not_started"]
    assert [rows[one.pk].done for one in people] == [0.0, 0.5, 1.0, 0.0]
    with django_assert_num_queries(3):
        after = standing(quiz, people, later(hours=2))
    assert [after[one.pk].state for one in people] == ["working", "working", "handed_in", "missing"]
