"""What has been kept as long as it may be goes, to the day; what has not stays."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import RequestFactory
from django.utils import timezone
from environ import Env

from accounts.limits import allow
from accounts.models import User
from accounts.retention import Rule, rules
from classrooms.models import RosterImport
from config.databases import roomy
from quizzes.models import QuestionImport
from tests.classrooms.rows import make_classroom
from tests.factories import make_course, make_guest, make_learner, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def guest(at: datetime) -> None:
    User.objects.filter(pk=make_guest().pk).update(date_joined=at, last_login=None)


def session(at: datetime) -> None:
    Session.objects.create(session_key=f"key{Session.objects.count()}", session_data="", expire_date=at)


def entry(at: datetime) -> None:
    staff = User.objects.filter(is_guest=False).first() or make_learner()
    kind = ContentType.objects.get_for_model(User)
    made = LogEntry.objects.create(user=staff, content_type=kind, object_id="1", object_repr="", action_flag=CHANGE)
    LogEntry.objects.filter(pk=made.pk).update(action_time=at)


def upload(at: datetime) -> None:
    staff = User.objects.filter(is_guest=False).first() or make_learner()
    made = QuestionImport.objects.create(course=make_course(), actor=staff, format="jingdu", questions=[], refused=[])
    QuestionImport.objects.filter(pk=made.pk).update(created_at=at)


def roster(at: datetime) -> None:
    made = RosterImport.objects.create(classroom=make_classroom(), actor=make_user(), rows=[{"name": "Yi-Chun"}])
    RosterImport.objects.filter(pk=made.pk).update(created_at=at)


KEPT: dict[str, tuple[type[Model], object]] = {
    "guests": (User, guest),
    "sessions that have ended": (Session, session),
    "log of the administration": (LogEntry, entry),
    "uploads that nobody confirmed": (QuestionImport, upload),
    "lists of learners that nobody confirmed": (RosterImport, roster),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_row_goes_on_its_day_and_not_a_second_earlier(name: str) -> None:
    rule = next(rule for rule in rules() if rule.name == name)
    model, make = KEPT[name]
    limit = NOW - timedelta(days=rule.days)
    make(limit - SECOND)  # type: ignore[operator]
    make(limit + SECOND)  # type: ignore[operator]
    before = model._default_manager.count()
    assert rule.sweep(NOW) >= 1
    assert model._default_manager.count() == before - 1
    assert rule.sweep(NOW) == 0


def test_a_confirmed_upload_stays() -> None:
    upload(NOW - timedelta(days=400))
    QuestionImport.objects.update(confirmed_at=NOW)
    call_command("sweep", stdout=io.StringIO())
    assert QuestionImport.objects.count() == 1


def test_members_stay_however_long_they_are_away() -> None:
    member = make_learner()
    User.objects.filter(pk=member.pk).update(date_joined=NOW - timedelta(days=4000), last_login=None)
    call_command("sweep", stdout=io.StringIO())
    assert User.objects.filter(pk=member.pk).exists()


def test_a_counter_that_ran_out_leaves_no_address_in_the_database(settings: LazySettings) -> None:
    settings.CACHES = {"default": roomy(Env.cache_url_config("dbcache://counters"))}
    call_command("createcachetable", verbosity=0)
    for address in ("192.0.2.1", "192.0.2.2"):
        assert allow(RequestFactory().get("/", REMOTE_ADDR=address), "password", rate="600/m")
    old = timezone.now() + timedelta(seconds=61)
    assert left(settings) == 2
    assert [rule.sweep(timezone.now()) for rule in rules() if rule.name == "counters of rate limits"] == [0]
    assert [rule.sweep(old) for rule in rules() if rule.name == "counters of rate limits"] == [2]
    assert left(settings) == 0


def left(settings: LazySettings) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {settings.CACHES['default']['LOCATION']} WHERE cache_key LIKE '%192.0.2.%'"
        )
        return int(cursor.fetchone()[0])


def test_the_command_says_what_each_rule_deleted() -> None:
    guest(NOW - timedelta(days=4000))
    said = io.StringIO()
    call_command("sweep", stdout=said)
    assert "guests: 1 deleted (kept 30 days)" in said.getvalue()
    assert len(said.getvalue().splitlines()) == len(rules())


def test_every_rule_stands_in_the_table_that_people_read() -> None:
    document = (Path(__file__).resolve().parents[2] / "SECURITY.md").read_text()
    assert all(isinstance(rule, Rule) and f"| {rule.name} |" in document for rule in rules())
