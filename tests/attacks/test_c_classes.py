"""C. Round the rules of a quiz: more time, more attempts, another order, results before their time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from classrooms.models import Assignment, Classroom, Extension, Member, Sitting
from quizzes.models import Attempt, AttemptItem, Response
from tests.classrooms.rows import make_classroom, make_member
from tests.classrooms.test_sitting_pages import at, begin, end, make_quiz, saved, url
from tests.factories import make_guest
from tests.quizzes.every_kind import make_every_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def classroom(db: None) -> Classroom:
    return make_classroom(course=make_every_kind())


@pytest.fixture
def member(classroom: Classroom, learner: User) -> Member:
    return make_member(classroom, learner)


@pytest.fixture
def client(client: Client, member: Member) -> Client:
    client.force_login(member.user)
    return client


def test_30_leaving_and_joining_again_gives_no_new_attempt(client: Client, classroom: Classroom) -> None:
    quiz = make_quiz(classroom, attempts=1)
    client.post(url(begin(client, quiz), "hand_in"))
    assert client.post(quiz.get_absolute_url()).status_code == 422
    client.post(f"/classes/{classroom.pk}/leave/")
    client.post(f"/classes/join/{classroom.code}/", {"name": "Again"})
    assert Member.objects.get(user__username="learner").is_active
    response = client.post(quiz.get_absolute_url())
    assert response.status_code == 422
    assert "You have no attempt left." in response.content.decode()
    assert Sitting.objects.count() == 1


def test_30_a_guests_used_attempts_come_along_to_the_account(client: Client, classroom: Classroom) -> None:
    """Taking the quiz as a guest first, and logging in for a second try."""
    quiz = make_quiz(classroom, attempts=1)
    client.post(url(begin(client, quiz), "hand_in"))
    visitor = Client()
    visitor.force_login(make_guest())
    visitor.post(f"/classes/join/{classroom.code}/", {"name": "Me again"})
    other = begin(visitor, quiz)
    visitor.post(url(other, "hand_in"))
    assert other.member.user.is_guest
    visitor.post("/account/login/", {"login": "learner", "password": "a long pass phrase"})
    assert visitor.post(quiz.get_absolute_url()).status_code == 422
    assert set(Sitting.objects.values_list("member__user__username", flat=True)) == {"learner"}


def test_31_an_attempt_that_was_handed_in_takes_nothing_more(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom))
    client.post(at(sitting, 3), {"choice": "0", "go": "next"})
    client.post(url(sitting, "hand_in"))
    before = list(AttemptItem.objects.order_by("pk").values("saved", "answered_at")), Sitting.objects.values().get()
    for posted in ({"choice": "1"}, {"choice": "1", "auto": "1"}, {"choice": "1", "check": "1"}):
        assert client.post(at(sitting, 3), posted).status_code in (200, 303)
    assert client.post(url(sitting, "hand_in")).status_code == 303
    after = list(AttemptItem.objects.order_by("pk").values("saved", "answered_at")), Sitting.objects.values().get()
    assert after == before


def test_7_asking_for_the_check_tells_nothing_where_results_come_later(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom, feedback="end"))
    client.post(at(sitting, 4), {"text": "錯的", "check": "1", "feedback": "item"})
    page = client.get(at(sitting, 4) + "?check=1&feedback=item&print=1").content.decode()
    assert "自然延伸" not in page
    assert not Response.objects.exists()


@pytest.mark.parametrize("name", ["attempt", "question", "hint", "flag", "summary"])
def test_7_the_doors_of_practice_do_not_open_a_quiz(client: Client, classroom: Classroom, name: str) -> None:
    sitting = begin(client, make_quiz(classroom))
    page = f"/practice/{sitting.attempt_id}/" + {"attempt": "", "summary": "summary/", "question": "1/"}.get(
        name, f"1/{name}/"
    )
    assert client.get(page).status_code in (404, 405)
    assert client.post(page, {"give_up": "1", "try": "1", "hint": "1", "reason": "unclear"}).status_code in (404, 405)
    assert not Response.objects.exists()
    assert set(AttemptItem.objects.values_list("hints_taken", flat=True)) == {0}


@pytest.mark.parametrize("position", [2, 5, 7])
@pytest.mark.parametrize("posted", [{}, {"auto": "1"}, {"check": "1"}, {"go": "previous"}])
def test_33_one_after_the_other_nobody_answers_ahead(
    client: Client, classroom: Classroom, position: int, posted: dict[str, str]
) -> None:
    sitting = begin(client, make_quiz(classroom, is_free=False))
    everything = {"choice": "1", "text": "x", "member": "x"} | posted
    client.post(at(sitting, position), everything)
    client.post(f"{at(sitting, position)}flag/", {"reason": "unclear"})
    assert saved(sitting, position) is None
    assert AttemptItem.objects.get(attempt=sitting.attempt_id, position=position).shown_at is None


@pytest.mark.parametrize(("seconds", "taken"), [(-1, True), (0, True), (1, True), (29, True), (31, False), (90, False)])
def test_65_at_the_limit(client: Client, classroom: Classroom, seconds: int, taken: bool) -> None:
    """A second before, at, a second after; the network has thirty seconds."""
    sitting = begin(client, make_quiz(classroom, minutes=10))
    end(sitting, seconds=seconds)
    client.post(at(sitting, 3), {"choice": "1", "go": "next"})
    assert (saved(sitting, 3) is not None) is taken


def test_65_keeping_the_page_open_or_opening_it_again_gives_no_time(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom, minutes=10, attempts=1))
    deadline = Attempt.objects.get(pk=sitting.attempt_id).deadline_at
    for _again in range(3):
        client.post(sitting.assignment.get_absolute_url(), {"deadline_at": "2099-01-01", "minutes": "999"})
        client.get(url(sitting), {"left_ms": "999999999"})
        client.post(at(sitting, 3), {"choice": "1", "left_ms": "999999999", "deadline_at": "2099-01-01"})
    assert Attempt.objects.get(pk=sitting.attempt_id).deadline_at == deadline
    assert Sitting.objects.count() == 1


def test_66_another_class_cannot_be_given_more_time_here(classroom: Classroom, client: Client) -> None:
    quiz = make_quiz(classroom, attempts=1)
    elsewhere = make_member(make_classroom())
    owner = Client()
    owner.force_login(classroom.members.get(role="owner").user)
    response = owner.post(f"{quiz.get_absolute_url()}extensions/", {"member": elsewhere.pk, "extra_attempts": "5"})
    assert response.status_code == 422
    assert not Extension.objects.exists()
    own = {"member": "", "extra_attempts": "5"}
    assert client.post(f"{quiz.get_absolute_url()}extensions/", own).status_code == 403


def test_64_the_learners_own_zone_moves_no_due_time(client: Client, classroom: Classroom) -> None:
    """Neither the zone of the settings nor a header of the browser."""
    due_at = timezone.now() - timedelta(minutes=5)
    quiz = make_quiz(classroom, late=Assignment.Late.CLOSE, due_at=due_at)
    for zone in ("Pacific/Honolulu", "Pacific/Kiritimati"):
        User.objects.filter(username="learner").update(time_zone=zone)
        headers = {"X-Timezone": zone, "Date": "Mon, 01 Jan 2024 00:00:00 GMT"}
        posted: dict[str, Any] = {"time_zone": zone, "now": "2024-01-01T00:00:00Z"}
        assert client.post(quiz.get_absolute_url(), posted, headers=headers).status_code == 422
    assert not Sitting.objects.exists()
