"""A site moves to another database: every row with its id, or nothing and why."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import User
from classrooms.models import Assignment, Group
from config.moving import database_at
from quizzes.models import Response
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_learner
from tests.quizzes.every_kind import make_every_kind
from tests.quizzes.keepers import answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'other.sqlite3'}"


@pytest.fixture
def response() -> Response:
    """One answer, in a class with work for one group, set long ago."""
    course = make_every_kind()
    member = make_member(make_classroom(course=course), make_learner())
    work = make_assignment(member.classroom, count=3)
    work.groups.add(Group.objects.create(classroom=member.classroom, name="A"))
    Assignment.objects.update(created_at="2020-02-29T03:59:58Z")
    return answered(member.user, course.questions.get(kind="short_answer"), "自然延伸")


def move(to: str) -> str:
    out = io.StringIO()
    call_command("move", to=to, stdout=out)
    return out.getvalue()


def rows(alias: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for model in apps.get_models(include_auto_created=True):
        yield model._meta.label, list(model._base_manager.using(alias).order_by("pk").values())


def test_every_row_stands_there_as_it_was(response: Response, other: str) -> None:
    printed = move(other)
    with database_at(other) as alias:
        here, there = dict(rows("default")), dict(rows(alias))
        new = make_there(alias)
    assert here == there
    assert {label for label, found in here.items() if found} > {
        "quizzes.Response",
        "quizzes.Grading",
        "classrooms.Assignment_groups",
        "auth.Permission",
    }
    assert new > max(User.objects.values_list("pk", flat=True))
    assert "1  quizzes_response" in printed
    assert Response.objects.get() == response


def make_there(alias: str) -> int:
    """The id of a person who comes after the move."""
    return User.objects.using(alias).create(username="newcomer").pk


def test_a_database_that_holds_a_site_is_left_alone(response: Response, other: str) -> None:
    move(other)
    with pytest.raises(CommandError, match=r"Nothing was moved\. The other database holds a site already"):
        move(other)
    with database_at(other) as alias:
        assert Response.objects.using(alias).count() == 1


def test_a_database_behind_its_program_does_not_move(other: str) -> None:
    newest = MigrationLoader(connection).graph.leaf_nodes("quizzes")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    with pytest.raises(CommandError, match=r"not up to date\. Run `manage.py upgrade` first"):
        move(other)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://jingdu@127.0.0.1/jingdu", "must begin with postgres:// or sqlite:///"),
        ("jingdu", "must begin with postgres:// or sqlite:///"),
        ("postgres://jingdu@127.0.0.1:1/jingdu", "The other database does not answer"),
        ("sqlite:////no/such/folder/other.sqlite3", "The other database does not answer"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(url: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        move(url)
    assert set(connections) == {"default"}


def test_a_row_that_belongs_to_nothing_moves_nothing(response: Response, other: str) -> None:
    """Databases that were written to by hand have such rows."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps no such row")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("UPDATE classrooms_member SET user_id = 999999 WHERE role = 'learner'")
    try:
        with pytest.raises(CommandError, match=r"Nothing was moved\. The other database refused"):
            move(other)
        with database_at(other) as alias:
            assert not User.objects.using(alias).exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE classrooms_member SET user_id = %s WHERE role = 'learner'", [response.item.attempt.learner_id]
            )
