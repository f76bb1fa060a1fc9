"""Getting into a class: by code, by link, as a guest; and what is said to those who do not get in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms.models import Classroom, Member
from classrooms.views.joining import GUESSES_OF_ONE
from curriculum.models import Course
from tests.accounts.people import visit_as_guest
from tests.classrooms.rows import make_classroom, make_member
from tests.clock import NOW
from tests.factories import PASSWORD, make_bank, make_course, make_user

JOIN = "/classes/join/"


@pytest.fixture
def classroom(db: None) -> Classroom:
    return make_classroom(make_user("teacher", display_name="Ms. Lin"), name="Tuesday class", code="KDMQ2MDE")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def door(classroom: Classroom) -> str:
    return reverse("classrooms:join_code", args=[classroom.code])


def text_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.mark.parametrize("typed", ["KDMQ2MDE", "kdmq-2mde", " kdm q2m de ", "ＫＤＭＱ２ＭＤＥ", "KDMQ—2MDE"])
def test_a_code_is_read_however_it_is_typed(typed: str, classroom: Classroom, learner: User) -> None:
    assert signed_in(learner).post(JOIN, {"code": typed}).headers["Location"] == door(classroom)


def test_the_page_before_joining_names_class_instructor_and_what_is_seen(classroom: Classroom, learner: User) -> None:
    page = text_of(signed_in(learner), door(classroom))
    for words in (
        "Tuesday class",
        'Instructor: <span lang="en">Ms. Lin</span>',
        "測試文件",
        "What your instructor will see",
    ):
        assert words in page
    assert not classroom.members.filter(user=learner).exists()


def test_a_visitor_with_a_code_in_hand_finds_where_to_type_it(db: None) -> None:
    page = text_of(Client(), reverse("quizzes:home"))
    assert f'Do you have a class code? <a href="{JOIN}">Join a class</a>' in page


def test_joining_makes_a_learner_once(classroom: Classroom, learner: User) -> None:
    client = signed_in(learner)
    for _ in range(2):
        assert client.post(door(classroom), {"name": "Ann  Lee"}).status_code == 302
    member = classroom.members.get(user=learner)
    assert (member.role, member.status, member.name) == ("learner", "active", "Ann Lee")


def test_with_approval_one_waits(classroom: Classroom, learner: User) -> None:
    Classroom.objects.update(needs_approval=True)
    client = signed_in(learner)
    assert "Ask to join" in text_of(client, door(classroom))
    client.post(door(classroom))
    assert classroom.members.get(user=learner).status == "waiting"
    assert "on the list already" in client.get(door(classroom), follow=True).content.decode()
    assert "You are on the list of Tuesday class." in text_of(client, "/classes/")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_open": False}, "This class is closed to new learners."),
        ({"code_expires_at": NOW - timedelta(seconds=1)}, "This code is too old."),
        ({"archived_at": NOW}, "This class is over."),
        ({"code": "ZZZZZZZZ"}, "No class has the code KDMQ-2MDE."),
    ],
)
def test_each_reason_has_its_sentence(
    change: dict[str, object], words: str, classroom: Classroom, learner: User
) -> None:
    Classroom.objects.update(**change)
    client = signed_in(learner)
    for response in (
        client.post(JOIN, {"code": "KDMQ2MDE"}),
        client.get(door(classroom)),
        client.post(door(classroom)),
    ):
        assert response.status_code == 422
        assert words in response.content.decode()
        assert "Tuesday class" not in response.content.decode()
    assert classroom.members.count() == 1


@pytest.mark.parametrize("typed", ["", "-- --", "x" * 41, "<b>", "' OR 1=1", "%"])
def test_what_is_no_code_is_explained(typed: str, classroom: Classroom, learner: User) -> None:
    assert signed_in(learner).post(JOIN, {"code": typed}).status_code == 422


def test_who_teaches_the_class_is_told(classroom: Classroom) -> None:
    response = signed_in(User.objects.get(username="teacher")).post(door(classroom), {"name": "x"}, follow=True)
    assert "You teach this class." in response.content.decode()
    assert classroom.members.get().role == "owner"


def test_a_visitor_joins_as_a_guest_with_a_name(classroom: Classroom) -> None:
    client = Client()
    assert client.post(door(classroom)).status_code == 422
    assert not User.objects.guests().exists()
    response = client.post(door(classroom), {"name": "小明"}, follow=True)
    assert "Sign up to keep your place" in response.content.decode()
    member = classroom.members.learners().get()
    assert (member.name, member.user.is_guest) == ("小明", True)


def test_a_guest_keeps_the_history_and_the_row(classroom: Classroom) -> None:
    client = Client()
    guest = visit_as_guest(client)
    client.post(door(classroom), {"name": "Ann"})
    assert classroom.members.learners().get().user == guest


def test_a_guest_who_signs_up_keeps_the_place(classroom: Classroom) -> None:
    client = Client()
    client.post(door(classroom), {"name": "Ann"})
    client.post("/account/signup/", {"username": "ann", "password1": PASSWORD})
    member = classroom.members.learners().get()
    assert (member.user.username, member.user.is_guest, member.status) == ("ann", False, "active")


def test_after_the_last_guess_of_ten_minutes_even_the_right_code_waits(classroom: Classroom, learner: User) -> None:
    client, other = signed_in(learner), signed_in(make_user())
    for number in range(int(GUESSES_OF_ONE.split("/")[0])):
        assert client.post(JOIN, {"code": f"AAAA{number:04}"}).status_code == 422
    assert client.post(JOIN, {"code": "KDMQ2MDE"}).status_code == 429
    assert client.get(door(classroom)).status_code == 429
    assert other.post(JOIN, {"code": "KDMQ2MDE"}).status_code == 302  # from the same address


def test_a_class_of_forty_behind_one_address_gets_in(classroom: Classroom) -> None:
    for number in range(40):
        client = Client()
        assert client.post(JOIN, {"code": f"KDMQ{number:04}"}).status_code == 422
        assert client.get(door(classroom)).status_code == 200
        assert client.post(door(classroom), {"name": f"Learner {number}"}).status_code == 302
    assert classroom.members.learners().active().count() == 40


def test_leaving_keeps_the_record_and_joining_restores_it(classroom: Classroom, learner: User) -> None:
    member = make_member(classroom, learner, number="17", extra_time_factor="1.5")
    client = signed_in(learner)
    assert "What you have learned stays yours." in text_of(client, f"/classes/{classroom.pk}/leave/")
    client.post(f"/classes/{classroom.pk}/leave/")
    member.refresh_from_db()
    assert (member.status, member.left_at is None) == ("left", False)
    assert client.get(f"/classes/{classroom.pk}/leave/").status_code == 404
    client.post(door(classroom))
    back = classroom.members.get(user=learner)
    assert (back.pk, back.status, back.left_at, back.number) == (member.pk, "active", None, "17")


def test_whoever_was_removed_waits_to_be_let_in_again(classroom: Classroom, learner: User) -> None:
    make_member(classroom, learner, status=Member.Status.REMOVED)
    signed_in(learner).post(door(classroom))
    assert classroom.members.get(user=learner).status == "waiting"


def test_an_instructor_who_was_removed_comes_back_as_a_learner(classroom: Classroom, learner: User) -> None:
    make_member(classroom, learner, status=Member.Status.LEFT, role=Member.Role.INSTRUCTOR)
    signed_in(learner).post(door(classroom))
    assert classroom.members.get(user=learner).role == "learner"


def test_members_read_and_practise_the_draft_of_their_class(db: None, learner: User, stranger: User) -> None:
    owner = make_user()
    draft = make_course(slug="draft", is_published=False, owner=owner)
    make_bank(draft)
    classroom = make_classroom(owner, course=draft)
    member = make_member(classroom, learner)
    start = {"scope": "lesson", "course": "draft", "lesson": "lesson-1"}
    assert signed_in(learner).get("/courses/draft/").status_code == 200
    assert signed_in(learner).post("/practice/", start).status_code == 302
    assert signed_in(stranger).get("/courses/draft/").status_code == 404
    assert signed_in(stranger).post("/practice/", start).status_code == 422
    assert signed_in(learner).get("/bank/draft/").status_code == 404
    member.go(Member.Status.REMOVED, now=timezone.now())
    assert signed_in(learner).get("/courses/draft/").status_code == 404


def test_somebody_who_waits_does_not_read_the_draft_yet(db: None, learner: User) -> None:
    draft = make_course(slug="draft", is_published=False)
    make_member(make_classroom(course=draft), learner, status=Member.Status.WAITING)
    assert signed_in(learner).get("/courses/draft/").status_code == 404


def test_a_draft_that_a_class_reads_is_not_discarded(db: None) -> None:
    owner = make_user()
    draft = make_course(slug="draft", is_published=False, owner=owner)
    make_bank(draft)
    make_classroom(owner, course=draft)
    response = signed_in(owner).post("/import/draft/discard/", follow=True)
    assert "A class reads this course: it stays." in response.content.decode()
    assert Course.objects.get(slug="draft").questions.exists()
