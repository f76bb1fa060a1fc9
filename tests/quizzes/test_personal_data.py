"""A person's history can be taken away, moved and erased: all of it, and nobody else's."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from curriculum.models import Course, Fact
from quizzes import counting, packing, personal_data
from quizzes.memory import differences
from quizzes.models import (
    Attempt,
    AttemptItem,
    FirstAnswer,
    Flag,
    Grading,
    KnowledgeWeek,
    LessonMemory,
    MemoryState,
    Notice,
    Question,
    QuestionChange,
    QuestionImport,
    QuestionVersion,
    Response,
)
from tests.factories import make_bank, make_course, make_guest, make_learner, make_stranger
from tests.quizzes.histories import answer, noon

ABOUT_A_PERSON = {
    Attempt: personal_data.ATTEMPT,
    AttemptItem: personal_data.ITEM,
    Response: personal_data.RESPONSE,
    Grading: personal_data.GRADING,
    MemoryState: personal_data.MEMORY,
    FirstAnswer: personal_data.FIRST,
    KnowledgeWeek: personal_data.WEEK,
    Flag: personal_data.FLAG,
    QuestionVersion: personal_data.WORDING,
    QuestionChange: personal_data.CHANGE,
    Notice: personal_data.NOTICE,
    QuestionImport: personal_data.IMPORT,
}


@pytest.fixture
def course(db: None) -> Course:
    course = make_course()
    make_bank(course)
    return course


@pytest.fixture
def facts(course: Course) -> list[Fact]:
    return list(course.facts.order_by("key"))


def with_past(person: User, fact: Fact, *, day: int = 0, comment: str = "") -> Response:
    response = answer(person, fact, at=noon(day), confused_with=comment).response
    lesson, noted = fact.sentence.passage.lesson, {"total": 3, "met": 1, "secure": 0, "knowledge": 0.2}
    counting.catch_up(fact.course_id)
    KnowledgeWeek.objects.get_or_create(learner=person, lesson=lesson, monday=noon().date(), defaults=noted)
    Flag.objects.create(item=response.item, learner=person, reason="other", comment=comment)
    Notice.objects.create(learner=person, question=response.item.version.question, answer=comment, stem="…")
    return response


def reworded(person: User) -> QuestionVersion:
    question = Question.objects.earliest("pk")
    QuestionChange.objects.create(question=question, actor=person, action="edit", reason=f"{person.username}'s reason")
    QuestionImport.objects.create(course=question.course, actor=person, format="json", questions=[])
    number = question.versions.count() + 1
    return QuestionVersion.objects.create(question=question, number=number, body={}, digest="", author=person)


def rows(person: User) -> list[int]:
    return [
        Attempt.objects.filter(learner=person).count(),
        AttemptItem.objects.filter(attempt__learner=person).count(),
        Response.objects.filter(item__attempt__learner=person).count(),
        Grading.objects.filter(learner=person).count(),
        MemoryState.objects.filter(learner=person).count(),
        FirstAnswer.objects.filter(learner=person).count(),
        KnowledgeWeek.objects.filter(learner=person).count(),
        Flag.objects.filter(learner=person).count(),
        Notice.objects.filter(learner=person).count(),
    ]


def copies() -> list[str]:
    """Whose memory there is a packed copy of."""
    return list(LessonMemory.objects.order_by("learner__username").values_list("learner__username", flat=True))


def test_everything_kept_is_given_out_and_nothing_of_others(facts: list[Fact]) -> None:
    learner, stranger = make_learner(), make_stranger()
    with_past(learner, facts[0], comment="mine")
    with_past(stranger, facts[1], comment="a stranger's secret")
    for person in (learner, stranger):
        reworded(person)
    data = personal_data.export(learner)
    assert [len(part) for part in data.values()] == [*rows(learner), 1, 1, 1] == [1] * 12
    written = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)
    assert "mine" in written
    assert "learner's reason" in written
    assert "stranger" not in written
    assert facts[1].text not in written
    assert data["items"][0]["version__body__stem"] == "依第1章，第1句說明什麼？"


@pytest.mark.parametrize("model", ABOUT_A_PERSON, ids=lambda model: model.__name__)
def test_every_column_is_given_out(model: type[models.Model]) -> None:
    columns = {field.name for field in model._meta.concrete_fields} - {"learner", "author", "actor"}
    assert columns - {name.split("__")[0] for name in ABOUT_A_PERSON[model]} == set()


def test_every_table_that_names_a_person_is_given_out() -> None:
    naming = {
        model
        for model in apps.get_app_config("quizzes").get_models()
        if any(field.related_model is User for field in model._meta.concrete_fields)
    }
    assert naming - {LessonMemory} == ABOUT_A_PERSON.keys() - {AttemptItem, Response}


def test_questions_somebody_worded_stay_without_the_name(facts: list[Fact]) -> None:
    learner, stranger = make_learner(), make_stranger()
    mine, other = reworded(learner), reworded(stranger)
    personal_data.erase(learner)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.author, other.author) == (None, stranger)
    assert {change.actor for change in QuestionChange.objects.all()} == {None, stranger}


def test_answers_are_counted_for_one_person(facts: list[Fact]) -> None:
    learner, stranger = make_learner(), make_stranger()
    with_past(learner, facts[0])
    with_past(learner, facts[1])
    with_past(stranger, facts[0])
    assert personal_data.count(learner) == 2


def test_a_guests_history_joins_what_the_person_already_had(facts: list[Fact]) -> None:
    guest, learner, stranger = make_guest(), make_learner(), make_stranger()
    with_past(learner, facts[0], day=0)
    with_past(guest, facts[0], day=3)
    with_past(guest, facts[1], day=3)
    with_past(stranger, facts[1])
    packing.pack_all()
    with transaction.atomic():
        moved = personal_data.merge(guest, learner)
    assert moved == 2
    assert rows(guest) == [0] * 9
    assert rows(learner) == [3, 3, 3, 3, 2, 0, 0, 3, 3]
    assert rows(stranger) == [1] * 9
    memory = MemoryState.objects.get(learner=learner, fact=facts[0])
    assert (memory.reviews, memory.first_seen_at, memory.last_review_at) == (2, noon(0), noon(3))
    assert differences(learner) == []
    assert copies() == ["learner", "stranger"]


def test_a_question_flagged_by_both_keeps_the_persons_own_words(facts: list[Fact]) -> None:
    guest, learner = make_guest(), make_learner()
    item = with_past(guest, facts[0], comment="the guest's").item
    Flag.objects.create(item=item, learner=learner, reason="unclear", comment="the learner's")
    personal_data.merge(guest, learner)
    assert [flag.comment for flag in Flag.objects.all()] == ["the learner's"]


def test_erasing_one_person_leaves_the_others(facts: list[Fact]) -> None:
    learner, stranger = make_learner(), make_stranger()
    with_past(learner, facts[0])
    with_past(stranger, facts[0])
    packing.pack_all()
    personal_data.erase(learner)
    assert rows(learner) == [0] * 9
    assert rows(stranger) == [1] * 9
    assert differences(stranger) == []
    assert copies() == ["stranger"]


def test_how_a_quiz_was_judged_is_given_out_once_its_results_are_told(facts: list[Fact]) -> None:
    """Neither the verdict nor the memory of the fact, which says the same; the answer itself is the learner's own."""
    learner = make_learner()
    with_past(learner, facts[0])
    given = with_past(learner, facts[1])
    kept = {"scope": Attempt.Scope.QUIZ, "feedback": Attempt.Feedback.LATER, "finished_at": noon(1)}
    Attempt.objects.filter(pk=given.item.attempt_id).update(**kept, results_at=timezone.now() + timedelta(hours=1))

    def judged() -> list[int]:
        data = personal_data.export(learner)
        assert len(data["responses"]) == 2
        verdicts = sum("verdict" in row or "score" in row or "details" in row for row in data["responses"])
        return [verdicts, len(data["gradings"]), len(data["memory"])]

    assert judged() == [1, 1, 1]
    Attempt.objects.filter(pk=given.item.attempt_id).update(results_at=timezone.now())
    assert judged() == [2, 2, 2]
