"""B. Sending to classes more than their forms offer. Every column of every table, posted to every form of a class."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db.models import DateTimeField, EmailField, Field, JSONField, Model

from accounts.models import User
from classrooms.models import (
    Assignment,
    Classroom,
    Completion,
    Extension,
    MarkChange,
    Member,
    Sitting,
)
from quizzes.models import Attempt, AttemptItem, Grading, QuestionVersion, Response
from tests.authorization import Row, World, make_world
from tests.classrooms.matrix import MATRIX
from tests.test_authorization import address, named, taken_back

OURS = ("accounts", "quizzes", "classrooms", "curriculum")


def tempting(field: Field[Any, Any]) -> str:
    """A value that a form with this column would take."""
    if isinstance(field, DateTimeField):
        return "2020-01-01T00:00"
    if isinstance(field, EmailField):
        return "posted@example.org"
    return "[]" if isinstance(field, JSONField) else "1"


EVERYTHING: dict[str, Any] = {
    field.name: tempting(field)
    for model in apps.get_models()
    if model._meta.app_label in OURS
    for field in model._meta.concrete_fields
}

LOCKED: dict[type[Model], tuple[str, ...]] = {
    User: ("pk", "username", "password", "email", "is_staff", "is_superuser", "is_guest", "display_name"),
    Classroom: ("pk", "is_demo", "created_at"),
    Member: ("pk", "user", "classroom", "role", "is_managed", "joined_at", "seen_at"),
    Assignment: ("pk", "classroom", "sort", "author", "created_at"),
    Sitting: ("pk", "assignment", "member", "attempt", "number", "started_at", "form", "is_late", "score"),
    Attempt: ("pk", "learner", "course", "scope", "seed", "started_at", "deadline_at", "results_at", "feedback"),
    AttemptItem: ("pk", "attempt", "version", "position", "hints_taken", "order"),
    QuestionVersion: ("pk", "question", "body", "author"),
}
"""What no form of a class may write in a row that is there, whatever it is for."""
MADE: tuple[type[Model], ...] = (MarkChange, Extension, Completion, Response, Grading)
POSTS = [row for row in MATRIX if row.method == "POST" and set(row.outcomes) & set("oi")]
FIRST_OF = {"invitation": ("role",), "member_password": ("password",), "hand_in": ("is_late", "score")}
"""What these are for."""
EXTRA = {"extra_time_factor": "1", "extra_attempts": "0"}
WORK = {"late": "accept", "late_penalty": "10", "points": "100", "opens_at": "", "due_at": "", "expected": "1"}
QUIZ = WORK | {
    "pretest": "",
    "kinds": [],
    "members": [],
    "minutes": "",
    "title": "Posted",
    "count": "4",
    "counts": "best",
    "feedback": "end",
    "form": "",
    "attempts": "1",
}
VALUES: dict[str, dict[str, Any]] = {
    "classroom_edit": {"name": "Posted", "time_zone": "UTC", "course": "$small_course", "expires_on": ""},
    "classroom_copy": {"name": "Posted"},
    "groups": {"name": "Posted"},
    "group": {"name": "Posted"},
    "invitation_new": {"label": "Posted"},
    "member": {"name": "Posted", "number": "77", "email": "", "group": "", **EXTRA},
    "roster_import": {"text": "Posted"},
    "mark": {"action": "override", "points": "5", "reason": "Handed in on paper.", "seen": ""},
    "extensions": {"member": "$member", "due_at": "", "extra_attempts": "1"},
    "assignment_new": QUIZ,
    "assignment_edit": QUIZ,
    "join_code": {"name": "Posted"},
}
"""What makes these forms valid, for whoever may use them."""


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def rows_of(model: type[Model], known: set[int], without: tuple[str, ...]) -> list[dict[str, Any]]:
    names = [name for name in LOCKED[model] if name not in without]
    return list(model._default_manager.filter(pk__in=known).order_by("pk").values(*names))


@pytest.mark.parametrize("row", POSTS, ids=named)
def test_19_no_form_of_a_class_writes_what_it_does_not_show(row: Row, world: World) -> None:
    """As the learner of the class and as its owner; a form of a learner writes nothing under another name."""
    name = row.name.removeprefix("classrooms:")
    without = FIRST_OF.get(name, ())
    known = {model: set(model._default_manager.values_list("pk", flat=True)) for model in LOCKED}
    before = {model: rows_of(model, known[model], without) for model in LOCKED}
    valid = () if "other_" in str(row.args) else tuple(VALUES.get(name, {}).items())
    posted = EVERYTHING | world.data(row) | world.data(replace(row, data=valid))
    for role in "CI":
        with taken_back():
            response = world.client(role).post(address(row, world.objects), posted)
            if role == "I" and valid:
                assert response.status_code in (200, 302, 303), response.content.decode()
            after = {model: rows_of(model, known[model] - gone(model, known), without) for model in LOCKED}
            assert after == {
                model: [one for one in before[model] if one["pk"] not in gone(model, known)] for model in LOCKED
            }
            assert made_by_others(world, role) == []


def gone(model: type[Model], known: dict[type[Model], set[int]]) -> set[int]:
    """What the form was there to delete."""
    return known[model] - set(model._default_manager.values_list("pk", flat=True))


def made_by_others(world: World, role: str) -> list[Any]:
    """New marks that do not bear the name of who set them, and new answers of anybody but the person."""
    person = world.people[role]
    marks = MarkChange.objects.exclude(author=person)
    answers = Response.objects.exclude(item__attempt__learner=person)
    return [*marks, *answers, *Completion.objects.all(), *Extension.objects.exclude(member=world.objects["member"])]


def test_19_a_mark_bears_the_name_of_who_set_it(world: World) -> None:
    client, objects = world.client("I"), world.objects
    page = f"/classes/{objects['classroom']}/gradebook/{objects['assignment']}/{objects['member']}/"
    posted = EVERYTHING | VALUES["mark"] | {"author": world.people["J"].pk, "member": objects["other_member"]}  # type: ignore[union-attr]
    assert client.post(page, posted).status_code == 302
    (change,) = MarkChange.objects.all()
    assert (change.points, change.author, change.member_id) == (5, world.people["I"], objects["member"])
    assert change.made_at.year > 2020


@pytest.mark.parametrize("number", ["-1", "NaN", "inf", "1e30", str(2**40), "11", "x", "", "0x1"])
def test_23_a_mark_out_of_range(world: World, number: str) -> None:
    objects = world.objects
    Assignment.objects.filter(pk=objects["assignment"]).update(points=10)
    page = f"/classes/{objects['classroom']}/gradebook/{objects['assignment']}/{objects['member']}/"
    posted = {"action": "override", "points": number, "reason": "?", "seen": ""}
    assert world.client("I").post(page, posted).status_code == 422
    assert not MarkChange.objects.exists()
