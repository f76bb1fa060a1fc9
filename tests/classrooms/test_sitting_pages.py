"""A learner takes a quiz, page by page: nothing lost, nothing told too early, nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms import publishing
from classrooms.models import Assignment, Classroom, Member, Sitting
from quizzes.models import Attempt, AttemptItem, Flag, Response
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.quizzes.every_kind import MEMBERS, PARTNERS, PREMISES, RESPONSES, STEPS, make_every_kind

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


def make_quiz(classroom: Classroom, **fields: Any) -> Assignment:
    """All seven questions in the order of the bank."""
    quiz = make_assignment(classroom, **{"is_shuffled": False, "count": 7} | fields)
    rows = classroom.course.questions.order_by("key")
    quiz.paper = {"": [row.current_id for row in rows]}
    quiz.save()
    return quiz


def begin(client: Client, quiz: Assignment) -> Sitting:
    client.post(quiz.get_absolute_url())
    return Sitting.objects.select_related("attempt", "assignment").latest("pk")


def url(sitting: Sitting, name: str = "sitting", *place: int) -> str:
    return reverse(f"classrooms:{name}", args=[sitting.assignment.classroom_id, sitting.pk, *place])


def at(sitting: Sitting, position: int) -> str:
    return url(sitting, "sitting_item", position)


def end(sitting: Sitting, **ago: float) -> None:
    """Let the attempt's time have run out so long ago."""
    deadline = timezone.now() - timedelta(**ago)
    Attempt.objects.filter(pk=sitting.attempt_id).update(deadline_at=deadline, started_at=deadline - timedelta(hours=1))
    Sitting.objects.filter(pk=sitting.pk).update(started_at=deadline - timedelta(hours=1))


def saved(sitting: Sitting, position: int) -> Any:
    return AttemptItem.objects.get(attempt=sitting.attempt_id, position=position).saved


def test_the_start_page_says_the_rules_and_begins_nothing(client: Client, classroom: Classroom) -> None:
    quiz = make_quiz(classroom, minutes=20, attempts=2, instructions="Without the book.")
    page = client.get(quiz.get_absolute_url()).content.decode()
    for words in ("7 questions", "Time limit: 20 minutes", "2 attempts", "after handing in", "Without the book."):
        assert words in page
    assert not Sitting.objects.exists()


def test_a_quiz_from_the_first_question_to_the_result(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom))
    answers: list[dict[str, Any]] = [
        {"text": "自然延伸"},
        {"choice": "1"},
        {"choice": "1"},
        {"text": "錯的"},
        {"member": list(MEMBERS)},
        {f"place_{index}": str(4 - index) for index in range(4)},
        {f"pair_{index}": str(partner) for index, partner in enumerate(PARTNERS)},
    ]
    for position, answer in enumerate(answers, start=1):
        assert client.get(at(sitting, position)).status_code == 200
        response = client.post(at(sitting, position), answer | {"go": "next"})
        assert response.headers["Location"] == (at(sitting, position + 1) if position < 7 else url(sitting))
    assert "7 of 7 questions answered" in client.get(url(sitting)).content.decode()
    client.post(url(sitting, "hand_in"))
    page = client.get(url(sitting, "sitting_review")).content.decode()
    assert "86 %" in page
    sitting.refresh_from_db()
    assert sitting.score == pytest.approx(6 / 7)


def test_what_was_saved_is_there_after_a_reload_and_on_going_back(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom))
    client.post(at(sitting, 4), {"text": "自然延伸", "go": "previous"})
    assert 'value="自然延伸"' in client.get(at(sitting, 4)).content.decode()
    client.post(at(sitting, 3), {"choice": "2", "auto": "1"}, headers={"HX-Request": "true"})
    assert re.search(r'value="2" checked', client.get(at(sitting, 3)).content.decode())


def test_of_two_saves_that_change_places_on_the_way_the_later_typed_stands(
    client: Client, classroom: Classroom
) -> None:
    sitting = begin(client, make_quiz(classroom))
    found = re.search(r'data-moment="(\d{13})"', client.get(at(sitting, 4)).content.decode())
    assert found
    opened = int(found[1]) - 1000
    for text, moment in (("自然延伸", opened + 900), ("自然", opened + 200)):
        posted = {"text": text, "auto": "1", "moment": str(moment)}
        page = client.post(at(sitting, 4), posted, headers={"HX-Request": "true"})
        assert "Saved at" in page.content.decode()
    assert saved(sitting, 4) == {"text": ["自然延伸"]}
    client.post(at(sitting, 4), {"text": "自", "go": "next"})
    assert saved(sitting, 4) == {"text": ["自"]}


@pytest.mark.parametrize("moment", ["", "-1", "1e9", "９", "9" * 400, "now"], ids=range(6))
def test_a_moment_that_is_none_is_passed_over(client: Client, classroom: Classroom, moment: str) -> None:
    sitting = begin(client, make_quiz(classroom))
    client.post(at(sitting, 4), {"text": "自然延伸", "auto": "1", "moment": moment})
    assert saved(sitting, 4) == {"text": ["自然延伸"]}


def test_the_overview_names_what_is_not_answered(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom))
    client.post(at(sitting, 3), {"choice": "1", "go": "next"})
    client.post(at(sitting, 6), {"place_0": "2", "go": "overview"})
    page = client.get(url(sitting)).content.decode()
    assert "1 of 7 questions answered" in page
    assert "6 questions have no finished answer" in page
    assert page.count("not finished") == 1
    assert page.count(">no answer<") == 5


def test_a_question_left_blank_leads_to_its_place_in_the_document_too(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom))
    client.post(at(sitting, 3), {"choice": "1", "go": "next"})
    client.post(url(sitting, "hand_in"))
    page = client.get(url(sitting, "sitting_review")).content.decode()
    assert (page.count("No answer"), page.count("Read it there")) == (6, 7)
    assert f'<a class="button" href="{reverse("quizzes:home")}">What is next</a>' in page


SECRETS = re.compile("is-key|is-wrong|verdict|right answer|explanation")


def test_no_page_of_a_quiz_tells_a_key_before_its_results_are_told(client: Client, classroom: Classroom) -> None:
    due = timezone.now() + timedelta(hours=1)
    sitting = begin(client, make_quiz(classroom, feedback="later", due_at=due))
    for position in range(1, 8):
        client.post(at(sitting, position), {"text": "x", "choice": "0", "go": "next"})
    pages = [client.get(at(sitting, position)).content.decode() for position in range(1, 8)]
    pages.append(client.get(url(sitting)).content.decode())
    client.post(url(sitting, "hand_in"))
    pages += [client.get(url(sitting, "sitting_review") + query).content.decode() for query in ("", "?print=1")]
    pages.append(client.get(url(sitting, "sitting_review"), headers={"HX-Request": "true"}).content.decode())
    pages.append(client.get(sitting.assignment.get_absolute_url()).content.decode())
    pages.append(client.get(reverse("accounts:export")).content.decode())
    typed = [*pages[3:5], *pages[7:]]  # the fourth question has no options, the fifth asks for the members
    assert not any("自然延伸" in page or any(member in page for member in MEMBERS) for page in typed)
    assert not any(SECRETS.search(page) for page in pages[:-1])
    assert pages[2].index("具體體現") < pages[2].index("必然選擇") or "自然延伸" in pages[2]
    order = [pages[5].index(step) for step in STEPS]
    assert order != sorted(order)
    places = [pages[6].index(f">{RESPONSES[partner]}<") for partner in PARTNERS]
    assert places != sorted(places)
    Attempt.objects.update(results_at=timezone.now() - timedelta(seconds=1))
    told = client.get(url(sitting, "sitting_review")).content.decode()
    assert all(text in told for text in (*MEMBERS, *STEPS, *PREMISES))


def test_practice_addresses_do_not_open_a_quiz(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom))
    for name, place in (("attempt", []), ("summary", []), ("question", [1])):
        assert client.get(reverse(f"quizzes:{name}", args=[sitting.attempt_id, *place])).status_code == 404


def test_with_feedback_after_each_answer_the_key_is_told_when_it_is_answered_for_good(
    client: Client, classroom: Classroom
) -> None:
    sitting = begin(client, make_quiz(classroom, feedback="item"))
    assert "自然延伸" not in client.get(at(sitting, 4)).content.decode()
    client.post(at(sitting, 4), {"text": "錯的", "check": "1"})
    assert "自然延伸" in client.get(at(sitting, 4)).content.decode()
    client.post(at(sitting, 4), {"text": "自然延伸", "check": "1"})
    client.post(at(sitting, 4), {"text": "自然延伸", "auto": "1"})
    assert Response.objects.get().verdict == "wrong"


def test_one_after_the_other_there_is_no_way_back(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom, is_free=False))
    client.post(at(sitting, 1), {"text": "甲", "go": "next"})
    assert client.get(at(sitting, 1)).headers["Location"] == at(sitting, 2)
    client.post(at(sitting, 1), {"text": "乙", "go": "next"})
    assert saved(sitting, 1) == {"text": ["甲"]}
    assert client.get(at(sitting, 5)).headers["Location"] == at(sitting, 2)


def test_an_answer_at_the_end_is_taken_within_the_grace_and_hands_in(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom, minutes=10))
    end(sitting, seconds=10)
    response = client.post(at(sitting, 3), {"choice": "1", "go": "overview"})
    assert response.headers["Location"] == url(sitting, "sitting_review")
    sitting.refresh_from_db()
    assert (sitting.is_automatic, sitting.score) == (True, pytest.approx(1 / 7))


def test_an_answer_after_the_grace_is_refused_with_words_and_nothing_saved_is_lost(
    client: Client, classroom: Classroom
) -> None:
    sitting = begin(client, make_quiz(classroom, minutes=10))
    client.post(at(sitting, 3), {"choice": "1", "go": "next"})
    end(sitting, seconds=40)
    response = client.post(at(sitting, 4), {"text": "自然延伸", "go": "next"}, follow=True)
    assert "The time is up. What was saved before stands" in response.content.decode()
    assert (saved(sitting, 3), saved(sitting, 4)) == ({"choice": ["1"]}, None)
    assert Sitting.objects.get().score == pytest.approx(1 / 7)


def test_the_timer_says_the_servers_time_and_survives_a_reload(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom, minutes=10))
    Attempt.objects.update(deadline_at=timezone.now() + timedelta(minutes=4))
    page = client.get(at(sitting, 1)).content.decode()
    (left,) = re.findall(r'data-ms="(\d+)"', page)
    assert 235_000 < int(left) <= 240_000


def test_a_learner_taken_out_meanwhile_is_told_that_nothing_is_lost(
    client: Client, classroom: Classroom, member: Member
) -> None:
    sitting = begin(client, make_quiz(classroom))
    client.post(at(sitting, 3), {"choice": "1", "go": "next"})
    Member.objects.filter(pk=member.pk).update(status=Member.Status.REMOVED)
    response = client.post(at(sitting, 4), {"text": "自然延伸", "go": "next"})
    assert response.status_code == 403
    assert "Everything you saved before is kept" in response.content.decode()
    assert (saved(sitting, 3), saved(sitting, 4)) == ({"choice": ["1"]}, None)
    Member.objects.filter(pk=member.pk).update(status=Member.Status.ACTIVE)
    assert client.get(at(sitting, 4)).status_code == 200


def test_an_archived_class_hands_in_what_was_saved(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom))
    client.post(at(sitting, 3), {"choice": "1", "go": "next"})
    Classroom.objects.update(archived_at=timezone.now())
    client.post(at(sitting, 4), {"text": "自然延伸", "go": "next"})
    sitting.refresh_from_db()
    assert (sitting.is_automatic, sitting.score) == (True, pytest.approx(1 / 7))


def test_a_quiz_that_closed_between_page_and_press_says_so(client: Client, classroom: Classroom) -> None:
    quiz = make_quiz(classroom, late="close", due_at=timezone.now() + timedelta(hours=1))
    client.get(quiz.get_absolute_url())
    Assignment.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    response = client.post(quiz.get_absolute_url())
    assert response.status_code == 422
    assert "This quiz is closed." in response.content.decode()


def test_handing_in_twice_is_once(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom))
    client.post(at(sitting, 3), {"choice": "1", "go": "next"})
    for _n in range(2):
        assert client.post(url(sitting, "hand_in")).headers["Location"] == url(sitting, "sitting_review")
    assert Response.objects.count() == 1


@pytest.mark.parametrize("fields", [{"choice": "99"}, {"choice": ["0", "1"]}, {"choice": "-1"}, {"place_0": "x"}])
def test_what_no_form_of_ours_sends_is_refused_and_nothing_is_kept(
    client: Client, classroom: Classroom, fields: dict[str, Any]
) -> None:
    sitting = begin(client, make_quiz(classroom))
    position = 3 if "choice" in fields else 6
    full = fields | ({f"place_{n}": "1" for n in range(1, 4)} if position == 6 else {})
    assert client.post(at(sitting, position), full | {"go": "next"}).status_code == 422
    assert saved(sitting, position) is None


def test_saving_an_answer_asks_at_most_ten_times(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom))
    client.get(at(sitting, 3))
    with CaptureQueriesContext(connection) as asked:
        client.post(at(sitting, 3), {"choice": "1", "go": "next"})
    assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) <= 7


@pytest.mark.parametrize("times", [1, 6])
def test_the_pages_of_a_quiz_ask_as_often_for_many_learners_and_attempts(
    client: Client, classroom: Classroom, times: int
) -> None:
    quiz = make_quiz(classroom, attempts=9)
    for _n in range(times):
        make_member(classroom)
        client.post(url(begin(client, quiz), "hand_in"))
    with CaptureQueriesContext(connection) as asked:
        client.get(quiz.get_absolute_url())
    assert len(asked) == 11


def test_publishing_draws_the_paper_that_learners_get(client: Client, classroom: Classroom) -> None:
    quiz = make_assignment(classroom, is_draft=True, count=3)
    publishing.publish(quiz, now=timezone.now())
    sitting = begin(client, quiz)
    assert set(sitting.attempt.items.values_list("version", flat=True)) == set(quiz.paper[""])


def test_an_answer_can_be_contested_once_what_was_right_is_told(client: Client, classroom: Classroom) -> None:
    sitting = begin(client, make_quiz(classroom))
    client.post(at(sitting, 4), {"text": "自然延申", "go": "next"})
    contest = url(sitting, "sitting_flag", 4)
    words = {"reason": "my_answer", "comment": "Same sound."}
    client.post(contest, words)
    assert "自然延伸" not in client.get(contest, follow=True).content.decode()
    assert not Flag.objects.exists()
    client.post(url(sitting, "hand_in"))
    assert client.post(contest, {"reason": ""}).status_code == 422
    client.post(contest, words)
    assert [(flag.reason, flag.item.position) for flag in Flag.objects.all()] == [("my_answer", 4)]
