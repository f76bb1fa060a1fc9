"""The list of classes, making one, its settings, its code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from classrooms.codes import ALPHABET, LENGTH
from classrooms.models import Classroom, Member
from classrooms.qr import qr_code
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.classrooms.test_joining import signed_in, text_of
from tests.factories import make_course, make_user


@pytest.fixture
def teacher(db: None) -> User:
    return make_user("teacher", time_zone="Asia/Taipei")


def test_a_name_and_a_document_make_a_class(teacher: User) -> None:
    course = make_course()
    response = signed_in(teacher).post("/classes/new/", {"name": " Term  1 ", "course": course.pk}, follow=True)
    classroom = Classroom.objects.get()
    assert (classroom.name, classroom.course, classroom.time_zone) == ("Term 1", course, "Asia/Taipei")
    assert classroom.members.get().user == teacher
    assert classroom.members.get().role == "owner"
    assert classroom.shown_code in response.content.decode()


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 121, "a\u202eb"])
def test_a_class_needs_a_name_that_can_be_seen(name: str, teacher: User) -> None:
    response = signed_in(teacher).post("/classes/new/", {"name": name, "course": make_course().pk})
    assert response.status_code == 422
    assert not Classroom.objects.exists()


def test_a_draft_that_one_only_reads_as_a_learner_is_not_passed_on(teacher: User, learner: User) -> None:
    draft = make_course(is_published=False, owner=teacher)
    make_member(make_classroom(teacher, course=draft), learner)
    posted = {"name": "Mine", "course": draft.pk}
    assert signed_in(learner).post("/classes/new/", posted).status_code == 422
    assert signed_in(teacher).post("/classes/new/", posted).status_code == 302


def test_whose_draft_it_is_not_cannot_choose_it(teacher: User, stranger: User) -> None:
    draft = make_course(is_published=False, owner=teacher, title="Secret document")
    client = signed_in(stranger)
    assert "Secret document" not in text_of(client, "/classes/new/")
    assert client.post("/classes/new/", {"name": "Mine", "course": draft.pk}).status_code == 422


def test_the_list_says_who_waits_and_what_is_due(teacher: User, learner: User) -> None:
    classroom = make_classroom(teacher, name="Taught", time_zone="Asia/Taipei")
    make_member(classroom)
    make_member(classroom, learner)
    make_member(classroom, status=Member.Status.WAITING)
    make_member(classroom, status=Member.Status.REMOVED)
    make_assignment(classroom, due_at=datetime(2030, 5, 1, 10, tzinfo=UTC))
    make_assignment(classroom, title="Draft", is_draft=True, due_at=datetime(2029, 1, 1, tzinfo=UTC))
    page = text_of(signed_in(teacher), "/classes/")
    assert "2 learners · 1 waiting to be let in" in " ".join(page.split())
    assert "Next due: 1 May 2030, 18:00" in page
    page = text_of(signed_in(learner), "/classes/")
    assert "waiting to be let in" not in page
    assert "Next due: 1 May 2030, 18:00" in page


def test_what_is_set_for_others_is_not_due_for_me(teacher: User, learner: User) -> None:
    classroom = make_classroom(teacher)
    make_member(classroom, learner)
    make_assignment(classroom, due_at=timezone.now() + timedelta(days=1)).members.add(make_member(classroom))
    assert "Next due" not in text_of(signed_in(learner), "/classes/")


def test_more_time_for_me_is_when_it_is_due_for_me(teacher: User, learner: User) -> None:
    classroom = make_classroom(teacher, time_zone="Asia/Taipei")
    work = make_assignment(classroom, due_at=timezone.now() - timedelta(days=1))
    work.extensions.create(member=make_member(classroom, learner), due_at=datetime(2030, 5, 1, 10, tzinfo=UTC))
    work.extensions.create(member=make_member(classroom), due_at=datetime(2029, 5, 1, 10, tzinfo=UTC))
    assert "Next due: 1 May 2030, 18:00" in text_of(signed_in(learner), "/classes/")


def test_other_peoples_classes_are_not_listed(teacher: User, stranger: User) -> None:
    classroom = make_classroom(teacher, name="Not yours")
    make_member(classroom, stranger, status=Member.Status.REMOVED)
    assert "Not yours" not in text_of(signed_in(stranger), "/classes/")


@pytest.mark.parametrize("many", [1, 12])
def test_the_list_asks_the_same_number_of_queries(
    many: int, teacher: User, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(many):
        classroom = make_classroom(teacher, name=f"Class {number}")
        make_member(classroom)
        make_assignment(classroom, due_at=timezone.now() + timedelta(days=1))
        make_member(make_classroom(), teacher)
    client = signed_in(teacher)
    with django_assert_num_queries(13):  # type: ignore[operator]
        client.get("/classes/")


def test_the_settings_are_saved(teacher: User) -> None:
    classroom = make_classroom(teacher)
    posted = {
        "name": "Renamed",
        "course": classroom.course_id,
        "time_zone": "Asia/Taipei",
        "needs_approval": "on",
        "expires_on": "2030-06-30",
    }
    assert signed_in(teacher).post(f"/classes/{classroom.pk}/edit/", posted).status_code == 302
    classroom.refresh_from_db()
    assert (classroom.name, classroom.is_open, classroom.needs_approval) == ("Renamed", False, True)
    assert classroom.code_expires_at == datetime(2030, 6, 30, 16, tzinfo=UTC)
    page = text_of(signed_in(teacher), f"/classes/{classroom.pk}/edit/")
    assert 'value="2030-06-30"' in page


@pytest.mark.parametrize("day", ["9999-12-31", "2026-13-01", "tomorrow", "0001-01-01x"])
def test_a_day_that_is_none_is_explained(day: str, teacher: User) -> None:
    classroom = make_classroom(teacher)
    posted = {"name": "A", "course": classroom.course_id, "time_zone": "UTC", "expires_on": day}
    assert signed_in(teacher).post(f"/classes/{classroom.pk}/edit/", posted).status_code == 422


def test_the_document_stays_once_work_is_set(teacher: User) -> None:
    classroom, other = make_classroom(teacher), make_course()
    make_assignment(classroom)
    posted = {"name": "A", "course": other.pk, "time_zone": "UTC"}
    assert signed_in(teacher).post(f"/classes/{classroom.pk}/edit/", posted).status_code == 302
    classroom.refresh_from_db()
    assert classroom.course != other


def test_what_no_field_offers_is_not_taken(teacher: User, stranger: User) -> None:
    classroom = make_classroom(teacher)
    code, made_at = classroom.code, classroom.created_at
    posted = {"name": "A", "course": classroom.course_id, "time_zone": "UTC", "code": "MINE2222", "owner": stranger.pk}
    posted |= {"is_demo": "on", "archived_at": "2020-01-01", "created_at": "2020-01-01", "members": stranger.pk}
    signed_in(teacher).post(f"/classes/{classroom.pk}/edit/", posted)
    classroom.refresh_from_db()
    assert (classroom.code, classroom.is_demo, classroom.archived_at, classroom.created_at) == (
        code,
        False,
        None,
        made_at,
    )
    assert classroom.members.get().user == teacher


def test_a_new_code_ends_the_old_one(teacher: User, learner: User) -> None:
    classroom = make_classroom(teacher, is_open=False, code_expires_at=timezone.now())
    old = classroom.code
    client = signed_in(teacher)
    client.post(f"/classes/{classroom.pk}/code/new/")
    classroom.refresh_from_db()
    assert classroom.code != old
    assert len(classroom.code) == LENGTH
    assert set(classroom.code) <= set(ALPHABET)
    assert signed_in(learner).get(f"/classes/join/{old}/").status_code == 422
    assert signed_in(learner).get(f"/classes/join/{classroom.code}/").status_code == 200


def test_closing_and_opening(teacher: User) -> None:
    classroom = make_classroom(teacher)
    client, page = signed_in(teacher), f"/classes/{classroom.pk}/code/"
    assert classroom.shown_code in text_of(client, page)
    client.post(f"{page}switch/", {"is_open": "0"})
    assert "The class is closed to new learners." in text_of(client, page)
    assert classroom.shown_code not in text_of(client, page)
    client.post(f"{page}switch/", {"is_open": "1"})
    assert classroom.shown_code in text_of(client, page)


def test_the_code_page_carries_the_whole_link(teacher: User, client: Client) -> None:
    classroom = make_classroom(teacher)
    page = text_of(signed_in(teacher), f"/classes/{classroom.pk}/code/")
    link = f"http://testserver/classes/join/{classroom.code}/"
    assert f'value="{link}"' in page
    assert qr_code(link).path in page


def test_a_qr_code_has_its_three_corners_and_a_quiet_zone() -> None:
    square = qr_code("http://127.0.0.1:8000/classes/join/KDMQ2MDE/")
    assert square.size == 4 + 33 + 4  # version 4 holds 62 bytes at level M
    for corner in ("M4 4h7v1h-7z", "M30 4h7v1h-7z", "M4 36h7v1h-7z"):
        assert corner in square.path
    assert "M0 " not in square.path
