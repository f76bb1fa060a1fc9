"""Those who teach set work: made, changed, given out, taken back, for some or for all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms import sittings
from classrooms.models import Assignment, Classroom, Extension, Sitting
from quizzes.models import Attempt, Response
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db: None) -> User:
    return make_user("owner")


@pytest.fixture
def classroom(owner: User) -> Classroom:
    return make_classroom(owner, time_zone="Europe/Budapest")


@pytest.fixture
def client(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def url(classroom: Classroom, name: str, *args: Any) -> str:
    return reverse(f"classrooms:{name}", args=[classroom.pk, *args])


def typed(**fields: Any) -> dict[str, Any]:
    """A quiz as the form sends it."""
    plain = {
        "title": "Week 1",
        "late": "accept",
        "late_penalty": "10",
        "points": "100",
        "count": "4",
        "counts": "best",
        "feedback": "end",
        "attempts": "1",
        "is_same_for_all": "on",
        "is_free": "on",
        "expected": "1",
    }
    return plain | fields


def test_a_quiz_is_set_in_one_step(client: Client, classroom: Classroom) -> None:
    make_member(classroom)
    data = typed(due_at="2030-03-10T23:59", publish="1", late="close")
    page = client.post(url(classroom, "assignment_new", "quiz"), data, follow=True).content.decode()
    quiz = Assignment.objects.get()
    assert "Set for 1 learner." in page
    assert quiz.due_at == datetime(2030, 3, 10, 22, 59, tzinfo=UTC)
    assert len(quiz.paper[""]) == 4


def test_without_a_title_it_is_named_for_its_lessons(client: Client, classroom: Classroom) -> None:
    lesson = classroom.course.lessons.get(order=2)
    client.post(
        url(classroom, "assignment_new", "practice"),
        typed(title="", lessons=[lesson.pk], target="met", target_share="90"),
    )
    assert Assignment.objects.get().title == "第2章"
    assert Assignment.objects.get().is_draft


def test_without_a_title_no_two_pieces_of_work_have_the_same_name(client: Client, classroom: Classroom) -> None:
    for sort in ("quiz", "review", "quiz", "quiz"):
        client.post(url(classroom, "assignment_new", sort), typed(title="", review_days="3"))
    titles = classroom.assignments.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["測試文件", "測試文件 · Spaced review", "測試文件 · Quiz", "測試文件 · Quiz 2"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"due_at": "2030-03-31T02:30"}, "The clocks skip this time on that day"),
        ({"due_at": "2030-10-27T02:30"}, "The clocks show this time twice on that day"),
        ({"due_at": "9999-12-31T23:59"}, "Choose a year between 2000 and 2100"),
        ({"due_at": "2026-13-01T10:00"}, "Enter a valid date/time"),
        ({"opens_at": "2030-03-10T10:00", "due_at": "2030-03-10T10:00"}, "It must be due after it opens"),
        ({"late": "close"}, "Say when it is due"),
        ({"feedback": "later"}, "Answers are shown after the due time"),
        ({"count": "0"}, "greater than or equal to 1"),
        ({"count": "1099511627776"}, "less than or equal to 100"),
        ({"points": "NaN"}, "Enter a whole number"),
        ({"form": "post"}, "Choose the pre-test"),
        ({"lessons": ["999999"]}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_kept_as_typed(
    client: Client, classroom: Classroom, fields: dict[str, Any], words: str
) -> None:
    response = client.post(url(classroom, "assignment_new", "quiz"), typed(**fields))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert 'value="Week 1"' in response.content.decode()
    assert not Assignment.objects.exists()


def test_what_is_not_offered_is_not_written(client: Client, classroom: Classroom) -> None:
    other = make_classroom()
    extra = {"classroom": other.pk, "published_at": "2026-01-01", "paper": '{"": [1]}', "author": 999, "revision": 77}
    client.post(url(classroom, "assignment_new", "quiz"), typed(**extra))
    quiz = Assignment.objects.get()
    assert (quiz.classroom, quiz.published_at, quiz.paper, quiz.revision) == (classroom, None, {}, 1)


def test_another_classs_learner_or_group_cannot_be_chosen(client: Client, classroom: Classroom) -> None:
    other = make_classroom()
    stranger = make_member(other)
    group = other.groups.create(name="Other")
    for fields in ({"members": [stranger.pk]}, {"groups": [group.pk]}):
        assert client.post(url(classroom, "assignment_new", "quiz"), typed(**fields)).status_code == 422


def test_the_second_of_two_editors_is_told_and_loses_nothing(client: Client, classroom: Classroom) -> None:
    quiz = make_assignment(classroom, count=4)
    edit = url(classroom, "assignment_edit", quiz.pk)
    assert client.post(edit, typed(title="First")).status_code == 303
    response = client.post(edit, typed(title="Second", count="3"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Somebody else changed this meanwhile" in page
    assert "First" in page
    assert 'value="Second"' in page
    quiz.refresh_from_db()
    assert quiz.title == "First"
    again = typed(title="Second", count="3", expected=str(quiz.revision))
    assert client.post(edit, again).status_code == 303
    quiz.refresh_from_db()
    assert (quiz.title, quiz.count) == ("Second", 3)


def test_changing_what_is_running_says_what_it_does_and_leaves_attempts_alone(
    client: Client, classroom: Classroom
) -> None:
    quiz = make_assignment(classroom, count=4)
    begun = sittings.start(quiz, make_member(classroom), now=timezone.now())
    before = list(begun.attempt.items.values_list("version", flat=True))
    edit = url(classroom, "assignment_edit", quiz.pk)
    assert "1 learner has begun. Their attempts keep the questions" in client.get(edit).content.decode()
    client.post(edit, typed(count="2", points="7"))
    assert list(begun.attempt.items.values_list("version", flat=True)) == before
    assert Sitting.objects.get().policy["points"] == 100
    quiz.refresh_from_db()
    assert len(quiz.paper[""]) == 2


def test_a_change_that_leaves_no_question_is_not_saved(client: Client, classroom: Classroom) -> None:
    quiz = make_assignment(classroom, count=4)
    response = client.post(url(classroom, "assignment_edit", quiz.pk), typed(kinds=["matching"], title="Changed"))
    assert response.status_code == 422
    assert "There is no question for this choice" in response.content.decode()
    quiz.refresh_from_db()
    assert (quiz.title, quiz.revision) == ("quiz 1", 1)


def test_work_for_a_group_is_nobody_elses(client: Client, classroom: Classroom) -> None:
    group = classroom.groups.create(name="North")
    inside, outside = make_member(classroom, group=group), make_member(classroom)
    quiz = make_assignment(classroom)
    quiz.groups.add(group)
    found = {}
    for member in (inside, outside):
        client.force_login(member.user)
        found[member.pk] = client.get(quiz.get_absolute_url()).status_code
    assert found == {inside.pk: 200, outside.pk: 404}


def test_questions_are_picked_by_hand_page_by_page(client: Client, classroom: Classroom) -> None:
    quiz = make_assignment(classroom, is_draft=True)
    pick = url(classroom, "assignment_questions", quiz.pk)
    rows = list(classroom.course.questions.order_by("pk")[:3])
    client.post(pick, {"shown": [row.pk for row in rows], "question": [rows[0].pk, rows[1].pk]})
    client.post(pick, {"shown": [rows[1].pk], "question": [rows[2].pk]})
    assert set(quiz.questions.all()) == {rows[0]}
    page = client.get(pick + "?kind=choice&q=第1句").content.decode()
    assert page.count('type="checkbox" name="question"') == 2


def test_a_question_of_another_document_cannot_be_picked(client: Client, classroom: Classroom) -> None:
    quiz = make_assignment(classroom, is_draft=True)
    other = make_classroom().course.questions.earliest("pk")
    pick = url(classroom, "assignment_questions", quiz.pk)
    client.post(pick, {"shown": [other.pk], "question": [other.pk]})
    assert not quiz.questions.exists()


def test_the_preview_shows_each_question_and_records_nothing(client: Client, classroom: Classroom) -> None:
    quiz = make_assignment(classroom, is_draft=True, count=3)
    preview = url(classroom, "assignment_preview", quiz.pk)
    assert "3 questions." in client.get(preview).content.decode()
    stems = {client.get(f"{preview}?question={n}").content.decode().split('id="stem"')[1][:200] for n in (1, 2, 3)}
    assert len(stems) == 3
    assert (Attempt.objects.count(), Sitting.objects.count(), Response.objects.count()) == (0, 0, 0)


def test_one_learner_gets_more_time(client: Client, classroom: Classroom) -> None:
    quiz = make_assignment(classroom, due_at=timezone.now() - timedelta(days=1), late="close")
    member = make_member(classroom, name="Ann")
    page = url(classroom, "extensions", quiz.pk)
    data = {"member": member.pk, "due_at": "2030-03-10T12:00", "extra_attempts": "1"}
    assert "Ann" in client.post(page, data, follow=True).content.decode()
    assert Extension.objects.get().due_at == datetime(2030, 3, 10, 11, tzinfo=UTC)
    assert sittings.start(quiz, member, now=timezone.now()).number == 1
    client.post(page, data | {"due_at": "2030-03-11T12:00"})
    assert Extension.objects.count() == 1
    client.post(page, {"remove": Extension.objects.get().pk})
    assert not Extension.objects.exists()


def test_deleting_says_what_goes_before_it_goes(client: Client, classroom: Classroom) -> None:
    quiz = make_assignment(classroom)
    sittings.start(quiz, make_member(classroom), now=timezone.now())
    page = url(classroom, "assignment_delete", quiz.pk)
    assert "the attempts of 1 learner (1 in all)" in client.get(page).content.decode()
    client.post(page)
    assert not Assignment.objects.exists()


def test_an_archived_class_is_read_only(client: Client, classroom: Classroom) -> None:
    quiz = make_assignment(classroom)
    Classroom.objects.update(archived_at=timezone.now())
    client.post(url(classroom, "assignment_delete", quiz.pk))
    client.post(url(classroom, "assignment_edit", quiz.pk), typed(title="Changed"))
    assert Assignment.objects.get().title == "quiz 1"


@pytest.mark.parametrize("times", [1, 12])
@pytest.mark.parametrize(
    ("name", "queries"), [("assignments", 7), ("assignment", 17), ("extensions", 6), ("assignment_questions", 9)]
)
def test_pages_ask_as_often_for_a_whole_class(
    client: Client, classroom: Classroom, name: str, queries: int, times: int
) -> None:
    quiz = make_assignment(classroom, minutes=5)
    for _n in range(times):
        member = make_member(classroom)
        make_assignment(classroom)
        sittings.start(quiz, member, now=timezone.now())
        Extension.objects.create(assignment=quiz, member=member, extra_attempts=1)
    with CaptureQueriesContext(connection) as asked:
        client.get(url(classroom, name, *([] if name == "assignments" else [quiz.pk])))
    assert len(asked) == queries


def test_parallel_forms_say_how_many_facts_both_ask(client: Client, classroom: Classroom) -> None:
    client.post(url(classroom, "assignment_new", "quiz"), typed(form="pre", count="5", publish="1"))
    quiz = Assignment.objects.get()
    assert "5 facts are asked in both forms" in client.get(quiz.get_absolute_url()).content.decode()
    assert "Drawn from 12 questions" in client.get(quiz.get_absolute_url()).content.decode()


# For some learners.


def test_the_learners_of_a_class_are_folded_until_some_are_chosen(client: Client, classroom: Classroom) -> None:
    chosen, *_others = (make_member(classroom) for _n in range(20))
    page = client.get(url(classroom, "assignment_new", "quiz")).content.decode()
    assert (
        '<details class="some" id="some-members" data-find="Find a learner" data-none="Nobody is called so.">' in page
    )
    assert page.count('name="members"') == 20
    assert "<summary>Only some learners</summary>" in page
    quiz = make_assignment(classroom, is_draft=True)
    quiz.members.add(chosen)
    page = client.get(url(classroom, "assignment_edit", quiz.pk)).content.decode()
    assert (
        '<details class="some" id="some-members" data-find="Find a learner" data-none="Nobody is called so." open>'
        in page
    )
    assert "<summary>Only some learners: 1 chosen</summary>" in page


def test_learners_chosen_stay_in_sight_when_the_form_comes_back(client: Client, classroom: Classroom) -> None:
    chosen = make_member(classroom)
    answer = client.post(url(classroom, "assignment_new", "quiz"), typed(points="none", members=[chosen.pk]))
    assert answer.status_code == 422
    assert "<summary>Only some learners: 1 chosen</summary>" in answer.content.decode()
