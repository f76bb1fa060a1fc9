"""An answer that should have counted: found, accepted, graded again for everybody, and everybody told."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from curriculum.models import Course
from quizzes import counting
from quizzes.contested import accept, groups, with_form
from quizzes.editing import FlawedQuestionError
from quizzes.memory import differences
from quizzes.models import Flag, Grading, MemoryState, Notice, Question, QuestionVersion, Response
from tests.factories import make_user
from tests.quizzes.keepers import answered, of_kind, stored_bank

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ROLE = "3d38d0213538"
GIVEN = "主要渠道的功能"
SAME = " 主要渠道的功能。"


@pytest.fixture
def course(white_paper: Course) -> Course:
    return stored_bank(white_paper)


@pytest.fixture
def question(course: Course) -> Question:
    return Question.objects.select_related("current", "course").get(course=course, key=ROLE)


@pytest.fixture
def staff(db: None) -> User:
    return make_user("staff", is_staff=True)


def is_consistent() -> bool:
    call_command("rebuild_progress", check=True, stdout=StringIO())
    return True


def test_answers_are_grouped_by_normal_form_contested_first(question: Question, learner: User, stranger: User) -> None:
    answered(learner, question, GIVEN)
    answered(stranger, question, SAME)
    answered(stranger, question, "什麼都不知道", day=1)
    answered(learner, question, "什麼都不知道", day=1)
    answered(learner, question, "什麼都不知道", day=2)
    contested = Response.objects.get(answer=GIVEN)
    Flag.objects.create(item=contested.item, learner=learner, reason="my_answer", comment="It says the same.")
    found = groups(question.course)
    assert [(group.text, group.times, len(group.learners), group.contests) for group in found] == [
        (GIVEN, 2, 2, 1),
        ("什麼都不知道", 3, 2, 0),
    ]
    assert found[0].comments == ["It says the same."]


def test_an_accepted_answer_is_right_in_the_sums_of_answers_too(
    question: Question, learner: User, stranger: User, staff: User
) -> None:
    for person, text in ((learner, GIVEN), (stranger, SAME), (make_user(), "什麼都不知道")):
        answered(person, question, text)
    cohort = counting.everybody(question.course)
    counting.keep(cohort, counting.readers(question.course))
    counting.catch_up(question.course_id)
    tally = cohort.tallies.get()
    assert tally.sums["answers"] == {":0": {"": 3}}
    accept(question, GIVEN, actor=staff, now=NOW, reason="same meaning")
    counting.catch_up(question.course_id)
    tally.refresh_from_db()
    assert (tally.sums["answers"], list(tally.wrong)) == ({":0": {"": 1}, ":10000": {"": 2}}, ["什么都不知道"])
    assert is_consistent()


def test_an_accepted_answer_counts_for_everybody_who_gave_it(
    question: Question, learner: User, stranger: User, staff: User
) -> None:
    mine, theirs = answered(learner, question, GIVEN), answered(stranger, question, SAME)
    other = answered(stranger, question, "什麼都不知道", day=1)
    before = list(Response.objects.order_by("pk").values())
    assert accept(question, GIVEN, actor=staff, now=NOW, reason="same meaning") == 2
    assert list(Response.objects.order_by("pk").values()) == before
    assert list(Grading.objects.standing().order_by("pk").values_list("response", "is_correct")) == [
        (other.pk, False),
        (mine.pk, True),
        (theirs.pk, True),
    ]
    old = Grading.objects.exclude(superseded_by=None).order_by("pk")
    assert [(row.response_id, row.is_correct, row.superseded_by.rating) for row in old] == [
        (mine.pk, False, 3),
        (theirs.pk, False, 3),
    ]
    assert MemoryState.objects.get(learner=learner).lapses == 0
    assert (differences(learner), differences(stranger)) == ([], [])
    assert is_consistent()


def test_the_question_accepts_it_from_now_on(question: Question, learner: User, staff: User) -> None:
    accept(question, GIVEN, actor=staff, now=NOW, reason="same meaning")
    question.refresh_from_db()
    assert question.current.content.accepted[-1] == GIVEN
    assert [(change.action, change.reason) for change in question.changes.all()] == [("accept", "same meaning")]
    assert answered(learner, question, GIVEN).verdict == "correct"


def test_accepting_twice_is_accepting_once(question: Question, learner: User, staff: User) -> None:
    answered(learner, question, GIVEN)
    assert accept(question, GIVEN, actor=staff, now=NOW) == 1
    rows = [model.objects.count() for model in (Grading, Notice, QuestionVersion)]
    assert accept(question, SAME, actor=staff, now=NOW) == 0
    assert [model.objects.count() for model in (Grading, Notice, QuestionVersion)] == rows


def test_an_answer_before_another_edit_is_graded_again_too(question: Question, learner: User, staff: User) -> None:
    first = answered(learner, question, GIVEN)
    accept(question, "主渠道的功能", actor=staff, now=NOW)
    question.refresh_from_db()
    assert accept(question, GIVEN, actor=staff, now=NOW) == 1
    assert first.item.version.number == 1


def test_the_answer_of_another_fact_is_never_accepted(question: Question, learner: User, staff: User) -> None:
    rival = question.current.content.confusions[0].text
    answered(learner, question, rival)
    with pytest.raises(FlawedQuestionError):
        accept(question, rival, actor=staff, now=NOW, overrule=True, reason="please")
    assert (question.versions.count(), Grading.objects.filter(is_correct=True).count()) == (1, 0)


def test_an_entry_of_a_list_stands_for_the_member_that_is_named(course: Course, learner: User, staff: User) -> None:
    question = of_kind(course, "enumeration", key="eab6e3620949")
    members = list(question.current.content.key)
    response = answered(learner, question, "\n".join(["網際網路公司", *(m for m in members if m != "互聯網企業")]))
    (group,) = groups(course)
    assert (group.text, group.members) == ("網際網路公司", members)
    accept(question, group.text, actor=staff, now=NOW, member=members.index("互聯網企業"))
    assert response.gradings.get(superseded_by=None).is_correct
    assert is_consistent()


def test_with_form_adds_no_form_twice(question: Question) -> None:
    content = question.current.content
    assert with_form(with_form(content, GIVEN), SAME) == with_form(content, GIVEN)


def test_the_learner_is_told_until_the_notice_is_put_away(
    client: Client, question: Question, learner: User, stranger: User, staff: User
) -> None:
    answered(learner, question, GIVEN)
    accept(question, GIVEN, actor=staff, now=NOW)
    notice = Notice.objects.get()
    dismiss = reverse("quizzes:notice_dismiss", args=[notice.pk])
    client.force_login(stranger)
    assert GIVEN not in client.get("/").content.decode()
    assert client.post(dismiss).status_code == 404
    client.force_login(learner)
    assert f"After review, your answer “{GIVEN}” to “{question.current.content.stem}” now counts." in (
        client.get("/").content.decode()
    )
    client.post(dismiss)
    assert GIVEN not in client.get("/").content.decode()
    notice.refresh_from_db()
    assert notice.read_at is not None
