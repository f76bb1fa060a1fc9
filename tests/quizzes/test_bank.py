"""The bank keeps history through regeneration."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from curriculum.models import Course
from quizzes.bank import export_json, store, stored_contents
from quizzes.models import Question, QuestionVersion
from tests.factories import choice, make_course, short_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return make_course(slug="small")


def test_storing_the_same_bank_again_changes_nothing(course: Course) -> None:
    contents = [short_answer(fact) for fact in course.facts.all()]
    assert store(course, contents).created == 3
    before = list(QuestionVersion.objects.values_list("pk", "digest"))
    again = store(course, contents)
    assert (again.created, again.changed, again.unchanged, again.retired) == (0, 0, 3, 0)
    assert list(QuestionVersion.objects.values_list("pk", "digest")) == before


def test_a_changed_question_keeps_its_identity_and_gains_a_version(course: Course) -> None:
    fact = course.facts.first()
    store(course, [short_answer(fact)])
    question = Question.objects.get()
    first = question.current
    store(course, [short_answer(fact, accepted=("另一說法",))])
    question.refresh_from_db()
    assert (question.pk, question.current.number) == (first.question_id, 2)
    assert list(question.versions.values_list("number", flat=True)) == [1, 2]
    assert QuestionVersion.objects.get(pk=first.pk).content.accepted == ()


def test_a_question_no_longer_generated_is_retired_and_comes_back(course: Course) -> None:
    fact = course.facts.first()
    typed, options = short_answer(fact), choice(fact)
    store(course, [typed, options])
    assert store(course, [typed]).retired == 1
    assert [content.id for content in stored_contents(course)] == [typed.id]
    store(course, [typed, options])
    assert {content.id for content in stored_contents(course)} == {typed.id, options.id}
    assert Question.objects.count() == 2


def test_a_question_knows_its_facts(course: Course) -> None:
    store(course, [short_answer(fact) for fact in course.facts.all()])
    assert {question.key: [fact.key for fact in question.facts.all()] for question in Question.objects.all()} == {
        f"typed-F1-{i}": [f"F1-{i}"] for i in (1, 2, 3)
    }


def test_the_export_is_one_canonical_array(course: Course) -> None:
    fact = course.facts.first()
    store(course, [choice(fact), short_answer(fact)])
    rows = json.loads(export_json())
    assert [row["id"] for row in rows] == ["choice-F1-1", "typed-F1-1"]
    assert rows[0] == {
        "id": "choice-F1-1",
        "version": 1,
        "kind": "choice",
        "lesson": "L1",
        "stem": "依第1章，第1句說明什麼？",
        "options": ["事項1甲1乙", "事項1甲1", "事項1甲1丙"],
        "key": "事項1甲1",
        "responses": [],
        "accepted": [],
        "facts": ["F1-1"],
        "evidence": [{"sentence": "L1-01", "start": 0, "end": 14, "quote": "第1章第1句說明事項1甲1。"}],
    }
    assert rows[1]["options"] is None


def test_the_command_prints_only_the_array(course: Course) -> None:
    store(course, [short_answer(course.facts.first())])
    out = StringIO()
    call_command("export_questions", format="json", stdout=out)
    assert len(json.loads(out.getvalue())) == 1
    with pytest.raises(CommandError, match="No such course: nowhere"):
        call_command("export_questions", course="nowhere")
