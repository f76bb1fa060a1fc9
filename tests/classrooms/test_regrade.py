"""Regrading after a key was corrected: who would change, what is kept, who is told; races."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from classrooms.deciding import DecidedMeanwhileError, decide
from classrooms.marks import cell
from classrooms.models import Assignment, Classroom, MarkChange, Member, Sitting
from classrooms.regrade import RegradedMeanwhileError, preview, regrade
from curriculum.models import Course
from quizzes import contested, editing, papers
from quizzes.memory import differences
from quizzes.models import Grading, MemoryState, Notice, Question, Response
from quizzes.regrading import with_key_of
from quizzes.wording import edited
from tests.classrooms.marked import sit
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_user
from tests.quizzes.contents import actors, principles, roles
from tests.quizzes.keepers import of_kind, stored_bank
from tests.races import at_once, several_writers

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
FIRST, KEY = {"choice": ["0"]}, {"choice": ["1"]}
CHOICE = "choice-F1-1"


@pytest.fixture
def classroom() -> Classroom:
    return make_classroom(make_user("owner"))


@pytest.fixture
def assignment(classroom: Classroom) -> Assignment:
    return make_assignment(classroom, points=12)


@pytest.fixture
def member(classroom: Classroom) -> Member:
    return make_member(classroom, make_user("learner"), name="Lin")


@pytest.fixture
def owner(classroom: Classroom) -> User:
    found: User = classroom.members.get(role="owner").user
    return found


def correct(classroom: Classroom, key: str = CHOICE, at: int = 0) -> Question:
    """The key of a choice question is another option from now on."""
    question = Question.objects.select_related("current", "course").get(course=classroom.course, key=key)
    content = question.current.content
    fresh = edited(content, key=content.options[at])
    editing.save_wording(question, fresh, actor=None, reason="wrong key", findings=[])
    return question


def everything() -> list[list[Any]]:
    return [
        list(model.objects.order_by("pk").values()) for model in (Grading, Sitting, MarkChange, Notice, MemoryState)
    ]


def test_the_preview_says_who_would_change_from_what_to_what_and_writes_nothing(
    classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    other, third = make_member(classroom, name="Wang"), make_member(classroom, name="Zhou")
    sit(assignment, member, NOW, {CHOICE: FIRST})
    sit(assignment, other, NOW, {CHOICE: KEY, "choice-F1-2": KEY})
    sit(assignment, third, NOW, {"choice-F1-2": KEY})
    assert preview(assignment).changes == ()
    correct(classroom)
    before = everything()
    found = preview(assignment)
    assert [(row.sitting.member, row.before, row.after) for row in found.changes] == [
        (member, 0, 1 / 12),
        (other, 2 / 12, 1 / 12),
    ]
    (answer,) = found.changes[0].answers
    assert (answer.given, answer.key_before, answer.key_after) == ("事項1甲1乙", "事項1甲1", "事項1甲1乙")
    assert (answer.before, answer.after) == (0.0, 1.0)
    assert everything() == before


def test_a_confirmed_regrade_keeps_the_old_gradings_and_rewrites_scores_marks_and_memory(
    classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sitting = sit(assignment, member, NOW, {CHOICE: FIRST})
    correct(classroom)
    responses = list(Response.objects.values())
    old = Grading.objects.get()
    seen = preview(assignment).digest
    assert regrade(assignment, seen=seen, author=owner, reason="wrong key", now=LATER) == 1
    assert list(Response.objects.values()) == responses
    new = Grading.objects.standing().get()
    assert (new.supersedes, new.is_correct, new.score) == (old, True, 1.0)
    sitting.refresh_from_db()
    assert sitting.score == papers.score(sitting.attempt) == 1 / 12
    change = assignment.mark_changes.get()
    assert (change.action, change.before, change.points, change.author, change.reason) == (
        "regrade",
        0.0,
        1.0,
        owner,
        "wrong key",
    )
    assert cell(assignment, member, LATER).mark.points == 1.0
    assert differences(member.user) == []
    assert [(row.learner, row.answer) for row in Notice.objects.all()] == [(member.user, "事項1甲1乙")]


def test_regrading_twice_is_regrading_once(
    classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sit(assignment, member, NOW, {CHOICE: FIRST})
    correct(classroom)
    seen = preview(assignment).digest
    regrade(assignment, seen=seen, author=owner, reason="", now=LATER)
    before = everything()
    assert regrade(assignment, seen=seen, author=owner, reason="", now=LATER) == 0
    assert everything() == before


def test_a_key_put_back_gives_back_what_was_earned(
    classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sitting = sit(assignment, member, NOW, {CHOICE: KEY})
    for at in (0, 1):
        correct(classroom, at=at)
        regrade(assignment, seen=preview(assignment).digest, author=owner, reason="", now=LATER)
    sitting.refresh_from_db()
    assert sitting.score == 1 / 12
    assert [(row.before, row.points) for row in assignment.mark_changes.order_by("pk")] == [(1.0, 0.0), (0.0, 1.0)]


def test_what_is_not_what_was_seen_is_not_done(
    classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sit(assignment, member, NOW, {CHOICE: FIRST, "choice-F1-2": FIRST})
    correct(classroom)
    seen = preview(assignment).digest
    correct(classroom, "choice-F1-2")
    before = everything()
    with pytest.raises(RegradedMeanwhileError):
        regrade(assignment, seen=seen, author=owner, reason="", now=LATER)
    assert everything() == before


def test_a_mark_by_hand_stays_and_its_history_says_what_was_computed(
    classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sit(assignment, member, NOW, {CHOICE: FIRST})
    decide(assignment, member, action="override", author=owner, seen=None, now=NOW, points=11)
    correct(classroom)
    regrade(assignment, seen=preview(assignment).digest, author=owner, reason="", now=LATER)
    found = cell(assignment, member, LATER)
    assert (found.mark.points, found.mark.computed) == (11.0, 1.0)
    assert assignment.mark_changes.latest("pk").previous.action == "override"


def test_a_decision_between_seeing_and_confirming_does_not_stop_a_regrade_and_is_not_lost(
    classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sit(assignment, member, NOW, {CHOICE: FIRST})
    correct(classroom)
    seen = preview(assignment).digest
    first = decide(assignment, member, action="override", author=owner, seen=None, now=NOW, points=11)
    regrade(assignment, seen=seen, author=owner, reason="", now=LATER)
    with pytest.raises(DecidedMeanwhileError) as told:
        decide(assignment, member, action="clear", author=owner, seen=first.pk, now=LATER)
    assert told.value.newest is not None
    assert told.value.newest.action == "regrade"
    assert cell(assignment, member, LATER).mark.points == 11.0


def test_nobody_is_told_before_the_result_is(
    classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sit(assignment, member, NOW, {CHOICE: FIRST}, feedback="later")
    correct(classroom)
    regrade(assignment, seen=preview(assignment).digest, author=owner, reason="", now=LATER)
    assert not Notice.objects.exists()
    assert assignment.mark_changes.count() == 1


def test_only_the_attempt_that_counts_changes_the_mark(
    classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sit(assignment, member, NOW, {CHOICE: FIRST})
    sit(assignment, member, NOW, {"choice-F1-2": KEY, "choice-F1-3": KEY})
    correct(classroom)
    assert regrade(assignment, seen=preview(assignment).digest, author=owner, reason="", now=LATER) == 1
    assert not assignment.mark_changes.exists()


def test_a_question_that_was_suspended_counts_for_nobody(
    classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sitting = sit(assignment, member, NOW, {CHOICE: KEY})
    editing.suspend(Question.objects.get(key="choice-F1-2"), actor=None)
    (change,) = preview(assignment).changes
    assert (change.before, change.after, change.answers) == (1 / 12, 1 / 11, [])
    regrade(assignment, seen=preview(assignment).digest, author=owner, reason="", now=LATER)
    sitting.refresh_from_db()
    assert sitting.score == 1 / 11


def test_an_answer_to_options_that_are_gone_keeps_what_it_earned(
    classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    sit(assignment, member, NOW, {CHOICE: KEY})
    question = Question.objects.select_related("current", "course").get(key=CHOICE)
    fresh = edited(question.current.content, key="別的", options=("別的", "其他", "再者"))
    editing.save_wording(question, fresh, actor=None, reason="new", findings=[])
    found = preview(assignment)
    assert (found.changes, found.apart) == ((), (question.versions.get(number=1).content.stem,))


def test_an_answer_accepted_in_the_bank_reaches_scores_and_marks_at_once(white_paper: Course) -> None:
    classroom = make_classroom(course=stored_bank(white_paper))
    assignment, member = make_assignment(classroom, points=10), make_member(classroom)
    owner = classroom.members.get(role="owner").user
    question = of_kind(white_paper, "short_answer", key="3d38d0213538")
    sitting = sit(assignment, member, NOW, {question.key: {"text": ["主要渠道的功能"]}})
    assert sitting.score == 0
    assert contested.accept(question, "主要渠道的功能", actor=owner, now=LATER, reason="the same") == 1
    sitting.refresh_from_db()
    assert sitting.score == papers.score(sitting.attempt) == 1 / sitting.attempt.items.count()
    change = assignment.mark_changes.get()
    assert (change.action, change.before, change.author) == ("regrade", 0.0, owner)
    assert change.points == cell(assignment, member, LATER).mark.points
    assert change.points > 0
    assert preview(assignment).changes == ()


@pytest.mark.parametrize("learners", [1, 5])
def test_the_preview_asks_the_same_for_any_number(
    classroom: Classroom, assignment: Assignment, django_assert_num_queries: DjangoAssertNumQueries, learners: int
) -> None:
    for _n in range(learners):
        sit(assignment, make_member(classroom), NOW, {CHOICE: FIRST, "choice-F2-1": KEY, "choice-F2-2": KEY})
    correct(classroom)
    with django_assert_num_queries(4):
        assert len(preview(assignment).changes) == learners


# Which old wordings can be compared.


def test_a_set_is_compared_pair_by_pair_and_an_order_item_by_item() -> None:
    pairs, order = roles(), principles()
    first, second, *rest = pairs.key
    swapped = edited(pairs, key=[[first[0], second[1]], [second[0], first[1]], *rest])
    assert with_key_of(pairs, swapped).key == swapped.key  # type: ignore[union-attr]
    assert with_key_of(pairs, edited(pairs, key=[["?", first[1]], second, *rest])) is None
    turned = edited(order, key=list(reversed(order.key)))
    assert with_key_of(order, turned).key == turned.key  # type: ignore[union-attr]
    assert with_key_of(order, edited(order, key=[*order.key, "?"])) is None
    assert with_key_of(order, actors()) is None


# The page.


def page_of(assignment: Assignment) -> str:
    return f"/classes/{assignment.classroom_id}/gradebook/{assignment.pk}/regrade/"


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_an_instructor_sees_who_changes_confirms_and_the_learner_reads_why(
    client: Client, classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sit(assignment, member, NOW, {CHOICE: FIRST})
    decide(assignment, member, action="override", author=owner, seen=None, now=NOW, points=11)
    correct(classroom)
    client.force_login(owner)
    page = client.get(page_of(assignment)).content.decode()
    assert "1 attempt would change" in page
    assert "Attempt 1: 0 % → 8.3 % · The mark was set by hand and stays." in plain(page)
    assert "Answered 事項1甲1乙 Key then 事項1甲1 Key now 事項1甲1乙 Worth 0 % → 100 %" in plain(page)
    seen = re.findall(r'name="seen" value="([0-9a-f]{64})"', page)[0]
    assert client.post(page_of(assignment), {"seen": seen}).status_code == 422
    assert client.post(page_of(assignment), {"seen": "0" * 64, "reason": "x"}).status_code == 409
    assert not assignment.mark_changes.filter(action="regrade").exists()
    answer = client.post(page_of(assignment), {"seen": seen, "reason": "The key was wrong."}, follow=True)
    assert "1 attempt was regraded." in answer.content.decode()
    assert "Nothing would change" in answer.content.decode()
    client.force_login(member.user)
    mine = plain(client.get(f"/classes/{classroom.pk}/marks/").content.decode())
    assert "Points after regrading: 1, before 0. The key was wrong." in mine


# At the same moment, on a database that serves several writers.


def together(*verbs: Any) -> list[Any]:
    """What each verb returns or raises, called at the same moment."""

    def run(number: int) -> Any:
        try:
            return verbs[number]()
        except (DecidedMeanwhileError, RegradedMeanwhileError) as meanwhile:
            return meanwhile

    return at_once(run, len(verbs))


@several_writers
@pytest.mark.django_db(transaction=True)
def test_of_two_overrides_at_once_one_stands_and_the_other_is_told(
    assignment: Assignment, member: Member, owner: User
) -> None:
    def override(points: float) -> Any:
        return lambda: decide(
            assignment, member, action="override", author=owner, seen=None, now=NOW, points=points, reason="r"
        )

    found = together(*[override(points) for points in range(8)])
    kept = [row for row in found if isinstance(row, MarkChange)]
    assert len(kept) == 1
    assert all(row.newest == kept[0] for row in found if isinstance(row, DecidedMeanwhileError))
    assert assignment.mark_changes.get() == kept[0]


@several_writers
@pytest.mark.django_db(transaction=True)
def test_a_regrade_and_an_override_at_once_leave_one_unbroken_history(
    classroom: Classroom, assignment: Assignment, member: Member, owner: User
) -> None:
    sit(assignment, member, NOW, {CHOICE: FIRST})
    correct(classroom)
    seen = preview(assignment).digest
    together(
        lambda: regrade(assignment, seen=seen, author=owner, reason="", now=LATER),
        lambda: decide(assignment, member, action="override", author=owner, seen=None, now=NOW, points=11),
        lambda: regrade(assignment, seen=seen, author=owner, reason="", now=LATER),
    )
    changes = list(assignment.mark_changes.order_by("pk"))
    assert [row.previous_id for row in changes] == [None, *(row.pk for row in changes[:-1])]
    assert [row.action for row in changes].count("regrade") == 1
    assert Grading.objects.standing().count() == 1
    assert cell(assignment, member, LATER).mark.computed == 1.0
