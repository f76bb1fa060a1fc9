"""A page that is old while the right is gone, and forms that are sent more than they show. What may be seen by whom, in
every page and file: tests/attacks/test_a_classes.py."""

from __future__ import annotations

import pytest
from django.db import models
from django.utils import timezone

from classrooms.models import Classroom, Member
from tests.authorization import World, make_world
from tests.classrooms.matrix import MATRIX
from tests.test_authorization import address


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.mark.parametrize("name", ["people", "classroom_edit", "code", "gradebook", "roster_export"])
@pytest.mark.parametrize(
    "change",
    [{"status": Member.Status.REMOVED}, {"status": Member.Status.LEFT}, {"role": Member.Role.LEARNER}],
    ids=["removed", "left", "demoted"],
)
def test_an_instructor_who_is_none_any_more_reaches_nothing(change: dict[str, str], name: str, world: World) -> None:
    row = next(row for row in MATRIX if row.name == f"classrooms:{name}" and row.args == ("classroom",))
    client = world.client("J")
    assert client.get(address(row, world.objects)).status_code == 200
    Member.objects.filter(pk=world.objects["instructor"]).update(**change)
    expected = 403 if "role" in change else 404
    assert client.get(address(row, world.objects)).status_code == expected


def test_a_deactivated_account_is_sent_to_log_in(world: World) -> None:
    client = world.client("I")
    owner = world.people["I"]
    assert owner is not None
    owner.is_active = False
    owner.save()
    assert client.get(f"/classes/{world.objects['classroom']}/people/").status_code == 302


@pytest.mark.parametrize("name", ["classroom_edit", "member", "groups", "invitation_new", "classroom_copy"])
def test_no_form_takes_a_field_that_it_does_not_show(name: str, world: World) -> None:
    """Every column of classes and places, posted to every form: what no field offers stays as it was."""
    row = next(row for row in MATRIX if row.name == f"classrooms:{name}")
    everything = {field.name: "1" for model in (Classroom, Member) for field in model._meta.concrete_fields}
    posted = everything | {"name": "Posted", "owner": "1", "is_staff": "1", "label": "x", "archived_at": "2020-01-01"}
    before = locked(world)
    world.client("I").post(address(row, world.objects), posted)
    assert locked(world) == before


def locked(world: World) -> list[dict[str, object]]:
    """The columns that no form may write, of everybody and every class that was there."""
    places = ("pk", "user", "classroom", "role", "status", "is_managed", "joined_at", "left_at")
    classes = ("pk", "code", "is_demo", "created_at", "archived_at")
    known = models.Q(classroom__in=[world.objects["classroom"], world.objects["other_classroom"]])
    of = Classroom.objects.filter(pk__in=[world.objects["classroom"], world.objects["other_classroom"]])
    return [*Member.objects.filter(known).order_by("pk").values(*places), *of.order_by("pk").values(*classes)]


def test_archived_classes_let_nobody_in_by_an_old_page(world: World) -> None:
    client = world.client("L")
    url = f"/classes/join/{world.objects['code']}/"
    assert client.get(url).status_code == 200
    Classroom.objects.update(archived_at=timezone.now())
    assert client.post(url, {"name": "L"}).status_code == 422
    assert not Member.objects.filter(user=world.people["L"]).exists()
