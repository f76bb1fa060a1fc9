"""G. Files given to a class: a list of learners that is too much, is no list, or pretends to be one."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from classrooms.models import Member, RosterImport
from tests.authorization import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def book() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/media/zeros", b"\0" * 50_000_000)
    return file.getvalue()


LISTS = {
    "300 000 columns": b"a," * 300_000,
    "a million lines": b"a\n" * 499_000,
    "a field of a megabyte": b'"' + b"x" * 990_000 + b'",b',
    "five megabytes": b"x" * 5_000_000,
    "a quote that never ends": b'name\n"' + b"a\n" * 400_000,
    "a spreadsheet called CSV": book(),
    "NUL": b"name\nAnn\0Bob\n",
    "bytes that are no text": bytes(range(128, 256)) * 300,
    "only separators": b",;\t" * 300_000,
    "backslashes and marks": b"\\\"'`${}<%" * 80_000,
}


@pytest.mark.parametrize("kind", LISTS)
def test_77_what_is_no_list_of_a_class_is_refused_with_words_and_little_work(world: World, kind: str) -> None:
    before = User.objects.count(), Member.objects.count(), RosterImport.objects.count()
    page = f"/classes/{world.objects['classroom']}/people/import/"
    client = world.client("I")
    began = time.monotonic()
    response = client.post(page, {"file": SimpleUploadedFile("list.csv", LISTS[kind])})
    assert time.monotonic() - began < 5
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert (User.objects.count(), Member.objects.count(), RosterImport.objects.count()) == before


def test_78_a_list_gives_nobody_a_role_a_password_or_another_class(world: World) -> None:
    rows = (
        "name,username,role,status,password,is_staff,classroom,user_id,is_managed\nEve,eve,owner,active,owned,1,2,1,0"
    )
    client = world.client("I")
    preview = client.post(f"/classes/{world.objects['classroom']}/people/import/", {"text": rows})["Location"]
    assert client.post(preview).status_code == 200
    eve = User.objects.get(username="eve")
    place = Member.objects.get(user=eve)
    assert (place.role, place.classroom_id, place.is_managed) == ("learner", world.objects["classroom"], True)
    assert (eve.is_staff, eve.is_superuser, eve.check_password("owned")) == (False, False, False)


@pytest.mark.parametrize(
    "name", ["../../x.csv", "x" * 5_000 + ".csv", "<img src=x onerror=alert(1)>.csv", "CON", ".csv"]
)
def test_75_the_name_of_a_list_is_shown_at_most(world: World, name: str) -> None:
    file = SimpleUploadedFile("x.csv", "name\n林怡君".encode())
    file.name = name
    page = f"/classes/{world.objects['classroom']}/people/import/"
    response = world.client("I").post(page, {"file": file}, follow=True)
    assert response.status_code in (200, 422)
    assert "<img src=x" not in response.content.decode()


def test_79_confirmed_twice_is_once(world: World) -> None:
    client = world.client("I")
    page = f"/classes/{world.objects['classroom']}/people/import/"
    preview = client.post(page, {"text": "Eve\nMallory"})["Location"]
    before = Member.objects.count()
    for _press in range(2):
        client.post(preview)
    assert Member.objects.count() == before + 2
