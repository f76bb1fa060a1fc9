"""F. Clocks and zones of a class: the nights on which clocks change, learners elsewhere, and a clock set back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from classrooms.models import Assignment, Classroom, Extension, Member, Sitting
from tests.classrooms.rows import make_classroom, make_member
from tests.classrooms.test_assignment_pages import typed
from tests.classrooms.test_sitting_pages import at, begin, make_quiz, saved, url
from tests.quizzes.every_kind import make_every_kind

pytestmark = pytest.mark.django_db
WHEN_MISSING, WHEN_TWICE = "The clocks skip this time on that day", "The clocks show this time twice on that day"


@pytest.fixture
def classroom(db: None) -> Classroom:
    return make_classroom(course=make_every_kind())


@pytest.fixture
def owner(classroom: Classroom) -> Client:
    client = Client()
    client.force_login(classroom.members.get(role="owner").user)
    return client


@pytest.fixture
def member(classroom: Classroom, learner: User) -> Member:
    return make_member(classroom, learner)


@pytest.mark.parametrize(
    ("zone", "text", "expected"),
    [
        ("Europe/Berlin", "2026-03-29T02:30", WHEN_MISSING),
        ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25T02:00", WHEN_TWICE),
        ("Europe/Berlin", "2026-10-25T02:30", WHEN_TWICE),
        ("Europe/Berlin", "2026-10-25T02:59", WHEN_TWICE),
        ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00"),
        ("Asia/Shanghai", "2026-03-29T02:30", "2026-03-28T18:30"),
        ("Asia/Shanghai", "2026-10-25T02:30", "2026-10-24T18:30"),
        ("America/Sao_Paulo", "2026-11-01T00:30", "2026-11-01T03:30"),
        ("America/New_York", "2026-11-01T01:30", WHEN_TWICE),
        ("America/Santiago", "2026-09-06T00:30", WHEN_MISSING),
        ("Australia/Lord_Howe", "2026-10-04T02:15", WHEN_MISSING),
        ("Pacific/Kiritimati", "2026-12-31T23:59", "2026-12-31T09:59"),
        ("Asia/Kathmandu", "2026-06-01T12:00", "2026-06-01T06:15"),
    ],
)
@pytest.mark.parametrize("form", ["work", "extension"])
def test_63_a_due_time_in_the_night_of_the_change(
    classroom: Classroom, owner: Client, member: Member, zone: str, text: str, expected: str, form: str
) -> None:
    """Sao Paulo has not changed its clocks since 2019; Lord Howe changes them by half an hour."""
    Classroom.objects.update(time_zone=zone)
    with time_machine.travel("2026-01-15T12:00Z"):
        owner.force_login(classroom.members.get(role="owner").user)
        if form == "work":
            response = owner.post(f"/classes/{classroom.pk}/work/new/quiz/", typed(due_at=text))
            rows = Assignment.objects.values_list("due_at", flat=True)
        else:
            page = f"{make_quiz(classroom).get_absolute_url()}extensions/"
            response = owner.post(page, {"member": member.pk, "due_at": text, "extra_attempts": "0"})
            rows = Extension.objects.values_list("due_at", flat=True)
    if expected in (WHEN_MISSING, WHEN_TWICE):
        assert response.status_code == 422
        assert expected in response.content.decode()
        assert list(rows) == []
    else:
        assert response.status_code in (302, 303)
        assert list(rows) == [datetime.fromisoformat(expected).replace(tzinfo=UTC)]


def test_63_a_quiz_that_closes_after_the_hour_that_comes_twice(classroom: Classroom, member: Member) -> None:
    """It is due at 03:00 in Berlin: half past two is before that, both times. (The network has thirty seconds.)"""
    Classroom.objects.update(time_zone="Europe/Berlin")
    due_at = datetime(2026, 10, 25, 3, tzinfo=ZoneInfo("Europe/Berlin"))
    quiz = make_quiz(classroom, late="close", due_at=due_at, attempts=None)
    statuses = []
    for moment in ("00:30", "01:30", "01:59:59", "02:00:31"):
        with time_machine.travel(f"2026-10-25T{moment}+00:00", tick=False):
            client = Client()
            client.force_login(member.user)
            statuses.append(client.post(quiz.get_absolute_url()).status_code)
    assert statuses == [303, 303, 303, 422]


def test_63_ten_minutes_are_ten_minutes_while_the_clocks_change(classroom: Classroom, member: Member) -> None:
    Classroom.objects.update(time_zone="Europe/Berlin")
    quiz = make_quiz(classroom, minutes=10)
    client = Client()
    with time_machine.travel("2026-03-29T00:55+00:00", tick=False) as clock:  # 01:55, five minutes before 03:00
        client.force_login(member.user)
        sitting = begin(client, quiz)
        (left,) = re.findall(r'data-ms="(\d+)"', client.get(at(sitting, 1)).content.decode())
        assert int(left) == 600_000
        clock.shift(timedelta(minutes=9))
        client.post(at(sitting, 3), {"choice": "1", "go": "next"})
        clock.shift(timedelta(minutes=2))
        client.post(at(sitting, 4), {"text": "x", "go": "next"})
    assert (saved(sitting, 3), saved(sitting, 4)) == ({"choice": ["1"]}, None)


def test_64_the_same_moment_for_a_class_in_new_york_and_a_learner_in_budapest(
    classroom: Classroom, owner: Client, member: Member
) -> None:
    """The learner reads both clocks; the quiz closes at the class's."""
    Classroom.objects.update(time_zone="America/New_York")
    User.objects.filter(pk=member.user_id).update(time_zone="Europe/Budapest")
    with time_machine.travel("2026-03-08T12:00Z", tick=False) as clock:
        owner.force_login(classroom.members.get(role="owner").user)
        sent = typed(due_at="2026-03-10T23:59", late="close", publish="1")
        owner.post(f"/classes/{classroom.pk}/work/new/quiz/", sent)
        quiz = Assignment.objects.get()
        assert quiz.due_at == datetime(2026, 3, 11, 3, 59, tzinfo=UTC)
        client = Client()
        client.force_login(member.user)
        page = re.sub(r"\s+", " ", client.get(quiz.get_absolute_url()).content.decode())
        assert 'datetime="2026-03-10T23:59:00-04:00"' in page or 'datetime="2026-03-11T04:59:00+01:00"' in page
        assert re.search(r"America/New_York; where you are: [^)]*0?4:59", page)
        clock.move_to(datetime(2026, 3, 11, 3, 58, 59, tzinfo=UTC))
        assert client.post(quiz.get_absolute_url()).status_code == 303
        Sitting.objects.all().delete()
        clock.move_to(datetime(2026, 3, 11, 3, 59, tzinfo=UTC))
        assert client.post(quiz.get_absolute_url()).status_code == 422


def test_67_a_clock_set_back_during_a_quiz_loses_nothing_and_gives_no_attempt_more(
    classroom: Classroom, member: Member
) -> None:
    quiz = make_quiz(classroom, minutes=10, attempts=1, late="close", due_at=timezone.now() + timedelta(hours=2))
    client = Client()
    client.force_login(member.user)
    sitting = begin(client, quiz)
    client.post(at(sitting, 3), {"choice": "1", "go": "next"})
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        client.force_login(member.user)
        assert client.post(quiz.get_absolute_url())["Location"].startswith(url(sitting)[:-1])
        client.post(at(sitting, 4), {"text": "自然延伸", "go": "next"})
        client.post(url(sitting, "hand_in"))
        assert client.post(quiz.get_absolute_url()).status_code == 422
    sitting.refresh_from_db()
    assert sitting.submitted_at == sitting.started_at
    assert (sitting.is_late, sitting.is_automatic, Sitting.objects.count()) == (False, False, 1)
    assert (saved(sitting, 3), saved(sitting, 4)) == ({"choice": ["1"]}, {"text": ["自然延伸"]})
