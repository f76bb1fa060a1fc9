"""B. Sending to classes more than their forms offer. Every column of every table, posted to every form of a class."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

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
EVERYTHING: dict[str, Any] = {
    field.name: "1"
    for model in apps.get_models()
    if model._meta.app_label in OURS
    for field in model._meta.concrete_fields
} | {"is_staff": "1", "is_superuser": "1", "archived_at": "2020-01-01", "started_at": "2020-01-01T00:00"}

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
VALUES: dict[str, dict[str, str]] = {
    "mark": {"points": "5", "reason": "Handed in on paper.", "seen": ""},
    "extensions": {"extra_attempts": "1"},
}


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
    posted = EVERYTHING | VALUES.get(name, {}) | world.data(row)
    if name == "extensions":
        posted["member"] = world.objects["member"]
    for role in "CI":
        with taken_back():
            world.client(role).post(address(row, world.objects), posted)
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


def test_19_the_forms_were_taken(world: World) -> None:
    """The fields that are offered do arrive among all the others."""
    client, objects = world.client("I"), world.objects
    mark = f"/classes/{objects['classroom']}/gradebook/{objects['assignment']}/{objects['member']}/"
    posted = EVERYTHING | VALUES["mark"] | {"action": "override"}
    assert client.post(mark, posted).status_code == 302
    (change,) = MarkChange.objects.all()
    assert (change.points, change.author, change.member_id) == (5, world.people["I"], objects["member"])
    extensions = f"/classes/{objects['classroom']}/work/{objects['assignment']}/extensions/"
    posted = EVERYTHING | VALUES["extensions"] | {"member": objects["member"], "due_at": ""}
    assert client.post(extensions, posted).status_code in (302, 303)
    assert Extension.objects.get().extra_attempts == 1


@pytest.mark.parametrize("number", ["-1", "NaN", "inf", "1e30", str(2**40), "11", "x", "", "0x1"])
def test_23_a_mark_out_of_range(world: World, number: str) -> None:
    objects = world.objects
    Assignment.objects.filter(pk=objects["assignment"]).update(points=10)
    page = f"/classes/{objects['classroom']}/gradebook/{objects['assignment']}/{objects['member']}/"
    posted = {"action": "override", "points": number, "reason": "?", "seen": ""}
    assert world.client("I").post(page, posted).status_code == 422
    assert not MarkChange.objects.exists()
