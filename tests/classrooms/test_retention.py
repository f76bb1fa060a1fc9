"""Archived classes are kept until an owner deletes them, unless the school sets a limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from classrooms.models import Classroom
from classrooms.retention import archived_classes
from quizzes.models import Response
from tests.accounts.people import give_answers
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_learner

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 7, 1, 9, 30, tzinfo=UTC)


def test_without_a_limit_nothing_goes() -> None:
    make_classroom(archived_at=NOW - timedelta(days=4000))
    assert archived_classes(NOW) == 0
    assert Classroom.objects.count() == 1


def test_with_a_limit_only_what_was_archived_before_it_goes_and_answers_stay(settings: LazySettings) -> None:
    settings.KEEP_ARCHIVED_CLASSES_DAYS = 365
    learner = make_learner()
    give_answers(learner, 2)
    old = make_classroom(archived_at=NOW - timedelta(days=365, seconds=1))
    make_member(old, learner)
    make_assignment(old)
    kept = {make_classroom(archived_at=NOW - timedelta(days=364)), make_classroom()}
    assert archived_classes(NOW) == 1
    assert set(Classroom.objects.all()) == kept
    assert Response.objects.filter(item__attempt__learner=learner).count() == 2
    assert archived_classes(NOW) == 0
