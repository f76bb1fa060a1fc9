"""What learners mix up becomes a preferred wrong answer, when asked for; else nothing changes."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from curriculum.models import Course
from quizzes import generation
from quizzes.confusions import confusions
from quizzes.models import Grading, Making, Question, QuestionVersion
from quizzes.regenerate import regenerate
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.histories import answer, noon


def confuse(
    course: Course, fact: str, text: str, *, times: int, learners: int, question: Question | None = None
) -> None:
    """So many wrong first tries by so many people."""
    people = [make_user() for _ in range(learners)]
    row = course.facts.get(key=fact)
    for number in range(times):
        fields = {"rating": 1, "confused_with": text, "question": question}
        answer(people[number % learners], row, at=noon(number), is_recorded=False, **fields)


@pytest.fixture
def course(db: None) -> Course:
    course = make_course()
    make_bank(course)
    return course


def test_only_what_enough_people_mix_up_often_enough(course: Course) -> None:
    confuse(course, "F1-1", "事項1甲2", times=5, learners=3)
    confuse(course, "F1-1", "事項1甲3", times=7, learners=3)
    confuse(course, "F1-2", "事項1甲1", times=4, learners=4)
    confuse(course, "F1-3", "事項1甲1", times=9, learners=2)
    assert confusions(course) == {"F1-1": ["事項1甲3", "事項1甲2"]}


def test_second_tries_and_other_courses_do_not_count(course: Course) -> None:
    other = make_course(slug="other")
    make_bank(other)
    confuse(other, "F1-1", "事項1甲2", times=6, learners=3)
    confuse(course, "F1-1", "事項1甲2", times=6, learners=3)
    Grading.objects.filter(fact__course=course).update(is_first_try=False)
    assert (confusions(course), confusions(other)) == ({}, {"F1-1": ["事項1甲2"]})


def unused(course: Course) -> tuple[Question, str]:
    """A choice question and a text that the generator would rather offer if learners mixed it up."""
    knowledge = course.knowledge()
    for question in Question.objects.filter(course=course, kind="choice").select_related("current").order_by("key"):
        content = question.current.content
        pool = {fact.text for fact in knowledge.facts if content.pool and fact.pool == content.pool}
        for text in sorted(pool - set(content.options) - {content.key}):
            made = generation.generate(knowledge, preferred={content.facts[0]: [text]})
            if any(row.id == content.id and text in (row.options or ()) for row in made):
                return question, text
    raise AssertionError


def test_a_confusion_is_offered_when_asked_for(white_paper: Course) -> None:
    regenerate(white_paper)
    question, text = unused(white_paper)
    fact = question.facts.get().key
    versions = QuestionVersion.objects.count()
    confuse(white_paper, fact, text, times=5, learners=3, question=question)
    call_command("generate_questions", white_paper.slug, stdout=StringIO())
    assert QuestionVersion.objects.count() == versions
    call_command("generate_questions", white_paper.slug, learn=True, stdout=StringIO())
    question.refresh_from_db()
    assert text in question.current.content.options
    assert question.current.number == 2
    assert Making.objects.get().preferred == {fact: [text]}
    assert regenerate(white_paper).changed == 0
