"""Pages of reports in a browser: every look of the item statistics is without fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from classrooms.models import Classroom
from quizzes.models import Flag, Question
from tests.browser.conftest import MakePage
from tests.browser.test_every_page import look_over, named
from tests.classrooms.rows import make_assignment, make_classroom
from tests.factories import make_user
from tests.quizzes.every_kind import OPTIONS, PARTNERS, make_every_kind
from tests.reports.rows import make_learners, respond

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def classroom(transactional_db: None) -> Classroom:
    """Twenty-two learners: enough for options, pairs, wrong texts and preliminary reasons."""
    course = make_every_kind()
    classroom = make_classroom(make_user("teacher"), course=course)
    questions = {question.key: question for question in Question.objects.filter(course=course)}
    for at, learner in enumerate(make_learners(classroom, 22)):
        pairs = list(PARTNERS) if at % 2 else [PARTNERS[1], PARTNERS[0], *PARTNERS[2:]]
        run = respond(learner, questions["3-choice"], at % len(OPTIONS))
        respond(learner, questions["4-typed"], "自然延伸" if at % 3 else "具體體現")
        respond(learner, questions["7-pairs"], pairs)
        if at < 3:
            Flag.objects.create(item=run.items.get(position=1), learner=learner, reason="two_answers")
    make_assignment(classroom, is_same_for_all=False)
    return classroom


def test_item_statistics_have_no_fault(open_as: MakePage, classroom: Classroom) -> None:
    keys = "3-choice", "4-typed", "7-pairs", "6-order"
    questions = [Question.objects.get(key=key).pk for key in keys]
    pages = [named("reports:items", classroom.pk)]
    pages += [named("reports:item", classroom.pk, pk) for pk in questions]
    pages += [named("reports:items", classroom.pk, query="?flag=slow")]
    pages += [named("reports:assignment_items", classroom.pk, classroom.assignments.get().pk)]
    teacher = classroom.members.teachers().get().user
    assert look_over(lambda **how: open_as(teacher, **how), pages) == []


def test_from_the_class_to_the_question_by_keyboard(open_as: Callable[..., Page], classroom: Classroom) -> None:
    page = open_as(classroom.members.teachers().get().user)
    page.goto(reverse("reports:items", args=[classroom.pk]))
    expect(page.locator("main")).to_contain_text("3 learners contest it.")
    page.get_by_role("link", name="Look at the answers").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Options")).to_be_visible()
