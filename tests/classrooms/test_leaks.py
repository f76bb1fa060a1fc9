"""What must not be seen: strings that only one person may see, looked for in every page that somebody else can open."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone

from classrooms.models import Classroom, Member
from tests.authorization import World, make_world
from tests.classrooms.matrix import MATRIX
from tests.classrooms.rows import make_member
from tests.test_authorization import address, taken_back

CANARIES = {"name": "CANARY-name", "number": "CANARY-number", "email": "canary@example.org"}
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    make_member(Classroom.objects.get(name="Class A"), **CANARIES)
    Member.objects.filter(pk=world.objects["instructor"]).update(email="staff@example.org")
    return world


def pages(client: Client, starts: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Every page that is reached from `starts` by links within classes and reports, each once, with its text."""
    waiting, seen = list(starts), set()
    while waiting and len(seen) < 200:
        url = waiting.pop().replace("&amp;", "&")
        if url in seen:
            continue
        seen.add(url)
        with taken_back():
            response = client.get(url)
        if response.status_code == 200 and not response.streaming:
            text = response.content.decode(errors="ignore")
            yield url, text
            waiting += [link for link in LINK.findall(text) if link.startswith(("/classes/", "/reports/"))]


def seen_by(role: str, world: World) -> list[tuple[str, str]]:
    """The canaries that a role finds, with the page."""
    starts = (address(row, world.objects) for row in MATRIX if row.method == "GET")
    found = pages(world.client(role), starts)
    return [(canary, url) for url, text in found for canary in CANARIES.values() if canary in text]


@pytest.mark.parametrize("role", ["G", "L", "C", "X", "K", "S"])
def test_nobody_but_its_instructors_sees_who_is_in_a_class(role: str, world: World) -> None:
    assert seen_by(role, world) == []


def test_its_instructors_do(world: World) -> None:
    assert {canary for canary, _url in seen_by("J", world)} == set(CANARIES.values())


# After the click: the page is old, the right is gone.


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
