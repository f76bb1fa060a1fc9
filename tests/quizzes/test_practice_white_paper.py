"""The shipped course in the answer loop: a question of every rule is asked, answered rightly and explained."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from curriculum.models import Course
from quizzes.bank import store
from quizzes.content import Content
from quizzes.generation import generate
from quizzes.models import Attempt, Question

pytestmark = pytest.mark.django_db


def right_answer(content: Content) -> dict[str, Any]:
    """The key as the form of its kind posts it."""
    if content.options is not None:
        return {"choice": str(content.options.index(str(content.key)))}
    if content.kind == "matching":
        partners = dict(content.key)
        return {f"pair_{i}": str(content.responses.index(partners[text])) for i, text in enumerate(content.premises)}
    if content.kind == "ordering":
        return {f"place_{i}": str(content.key.index(text) + 1) for i, text in enumerate(content.items)}
    return {"member": content.key} if content.kind == "enumeration" else {"text": content.key}


@pytest.fixture
def attempt(learner: User, white_paper: Course) -> Attempt:
    """A run over the first question of each rule."""
    store(white_paper, generate(white_paper.knowledge()))
    by_rule = {question.rule: question for question in Question.objects.filter(course=white_paper).order_by("-key")}
    attempt = Attempt.objects.create(
        learner=learner, course=white_paper, scope="course", seed="test", started_at=timezone.now()
    )
    for position, question in enumerate(by_rule.values(), start=1):
        attempt.items.create(position=position, version=question.current)
    return attempt


def test_every_rule_of_the_course_can_be_answered_and_is_explained(client: Client, attempt: Attempt) -> None:
    client.force_login(attempt.learner)
    unlit, wrong = [], []
    items = list(attempt.items.select_related("version"))
    for item in items:
        address = reverse("quizzes:question", args=[attempt.pk, item.position])
        response = client.post(address, {"try": "1"} | right_answer(item.version.content), follow=True)
        page = response.content.decode()
        if ">Correct <span" not in page:
            wrong.append(item.version.content.rule)
        lit = "".join(re.findall(r"<mark>(.*?)</mark>", page)).replace("<strong>", "").replace("</strong>", "")
        if not lit or 'class="text evidence"' not in page:
            unlit.append(item.version.content.rule)
    assert (len(items) > 30, wrong, unlit) == (True, [], [])
