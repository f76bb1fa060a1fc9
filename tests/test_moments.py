"""Every page at the turns of the clock: study days, weeks, months, years, the leap day, the nights of the change."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from accounts.models import User
from classrooms.models import Classroom
from curriculum.models import Course
from tests.authorization import ROLES, make_world
from tests.quizzes.histories import answer
from tests.test_authorization import MATRIX, address, ask, named

WHO = "LCI"
"""A learner by themselves, a learner of the class, its owner."""
PAGES = [row for row in MATRIX if row.method == "GET"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "zone"),
    [
        ("2026-11-30T03:55Z", "UTC"),  # Monday, of which the study day is a Sunday
        ("2027-01-01T00:00Z", "Pacific/Kiritimati"),  # 14 hours ahead
        ("2028-02-29T12:00Z", "Asia/Taipei"),
        ("2027-03-28T00:50Z", "Europe/Berlin"),  # ten minutes before two becomes three
        ("2026-10-31T20:00Z", "Asia/Kathmandu"),  # already November there
    ],
)
def test_every_page_answers_as_ever(moment: str, zone: str) -> None:
    now = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    with time_machine.travel(now):
        world = make_world()
        User.objects.update(time_zone=zone)
        Classroom.objects.update(time_zone=zone)
        facts = Course.objects.get(slug="small").facts.order_by("key")
        for learner in User.objects.filter(username__in=["learner", "classmate"]):
            for days in (400, 30, 8, 7, 1, 0):
                for at, fact in enumerate(facts, start=1):
                    answer(learner, fact, at=now - timedelta(days=days, seconds=at), rating=1 + at % 3)
        found = {}
        for row in PAGES:
            cache.clear()  # no limit is reached by asking for all of them at once
            found[named(row)] = "".join(ask(world, role, row, address(row, world.objects)) for role in WHO)
    assert found == {named(row): "".join(row.outcomes[ROLES.index(role)] for role in WHO) for row in PAGES}
