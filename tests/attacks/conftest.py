"""A learner with a run, a stranger with one, staff, and clients that meet errors as a browser does."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.models import User
from curriculum.models import Course
from quizzes.models import Attempt
from tests.factories import make_attempt, make_bank, make_course, make_learner, make_stranger, make_user


@dataclass
class Site:
    course: Course
    hidden: Course
    learner: User
    stranger: User
    staff: User
    attempt: Attempt
    other: Attempt

    def client(self, person: User | None = None, **options: object) -> Client:
        client = Client(raise_request_exception=False, **options)
        if person is not None:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture
def site(db: None) -> Site:
    course = make_course(slug="small")
    learner, stranger = make_learner(), make_stranger()
    hidden = make_course(slug="hidden", is_published=False, owner=stranger, title="CANARY-hidden-course")
    for each in (course, hidden):
        make_bank(each)
    staff = make_user("staff", is_staff=True, is_superuser=True)
    return Site(course, hidden, learner, stranger, staff, make_attempt(learner, course), make_attempt(stranger, course))
