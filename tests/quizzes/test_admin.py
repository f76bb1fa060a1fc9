"""Looking after the bank: pages open, history cannot be changed, a question can be suspended."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from quizzes import practice
from quizzes.models import Attempt, AttemptItem, Flag, Question, QuestionChange, QuestionVersion, Response
from tests.quizzes.every_kind import TYPED, item_at, make_every_kind, make_run

pytestmark = pytest.mark.django_db
MODELS = [Attempt, Flag, Question, QuestionChange, QuestionVersion, Response]


@pytest.fixture
def item(learner: User) -> AttemptItem:
    """An answered and flagged item."""
    item = item_at(make_run(learner, make_every_kind()), TYPED)
    practice.submit(item, answer="自然延伸", try_number=1, now=timezone.now())
    practice.flag(item, learner, reason="wrong_key")
    QuestionChange.objects.create(question=item.version.question, actor=learner, action="edit")
    return item


@pytest.fixture
def keeper(client: Client, item: AttemptItem) -> Client:
    client.force_login(User.objects.create_superuser("keeper"))
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_list_and_every_row_open(keeper: Client, model: type[Attempt]) -> None:
    name = f"admin:quizzes_{model._meta.model_name}"
    assert keeper.get(reverse(f"{name}_changelist")).status_code == 200
    for row in model._default_manager.all():
        assert keeper.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize(
    "model", [Attempt, QuestionChange, QuestionVersion, Response], ids=lambda model: model.__name__
)
def test_history_can_be_neither_changed_nor_added_nor_deleted(keeper: Client, model: type[Attempt]) -> None:
    name, pk = f"admin:quizzes_{model._meta.model_name}", model._default_manager.values_list("pk", flat=True)[0]
    asked = [reverse(f"{name}_change", args=[pk]), reverse(f"{name}_add"), reverse(f"{name}_delete", args=[pk])]
    assert [keeper.post(address, {"score": "0"}).status_code for address in asked] == [403, 403, 403]


def test_a_question_can_be_suspended_and_restored_and_nothing_else(keeper: Client, item: AttemptItem) -> None:
    question = item.version.question
    form = {"rule": "forged", "versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0"}
    stages = []
    for posted in (form | {"is_suspended": "on"}, form | {"is_suspended": "on"}, form):
        keeper.post(reverse("admin:quizzes_question_change", args=[question.pk]), posted)
        changed = Question.objects.get(pk=question.pk)
        stages.append((changed.is_active, changed.is_suspended, changed.rule))
    assert stages == [(False, True, question.rule)] * 2 + [(True, False, question.rule)]
    changes = QuestionChange.objects.exclude(action="edit").order_by("pk").values_list("action", "actor__username")
    assert list(changes) == [("suspend", "keeper"), ("restore", "keeper")]


def test_flags_are_counted_beside_the_question(keeper: Client) -> None:
    page = keeper.get(reverse("admin:quizzes_question_changelist")).content.decode()
    assert page.count('<td class="field-flag_count">1</td>') == 1
