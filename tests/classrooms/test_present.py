"""A question for the whole class at once: shown, answered once, closed, revealed; and nobody is told too early."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms import presenting
from classrooms.models import Classroom, Member, Showing, ShownAnswer
from classrooms.wall import result
from quizzes.memory import differences
from quizzes.models import Attempt, Grading, MemoryState, Question, Response
from quizzes.practice import RefusedError
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_user
from tests.quizzes.every_kind import CHOICE, LIST, ORDER, PAIRS, RIGHT, TYPED, make_every_kind
from tests.quizzes.histories import answer as past_answer
from tests.races import at_once, several_writers

MINUTE = timedelta(minutes=1)
KEYS = {
    1: "1-cloze",
    2: "2-picked",
    CHOICE: "3-choice",
    TYPED: "4-typed",
    LIST: "5-list",
    ORDER: "6-order",
    PAIRS: "7-pairs",
}


@pytest.fixture
def teacher(db: None) -> User:
    return make_user("teacher")


@pytest.fixture
def classroom(teacher: User) -> Classroom:
    return make_classroom(teacher, course=make_every_kind())


@pytest.fixture
def lin(classroom: Classroom) -> Member:
    return make_member(classroom, make_user("lin", display_name="Lin"))


def question(classroom: Classroom, position: int) -> Question:
    return classroom.course.questions.select_related("current").get(key=KEYS[position])


def show(classroom: Classroom, position: int, *, minutes_ago: int = 1) -> Any:
    current = question(classroom, position).current
    assert current is not None
    presenting.show(classroom, current, now=timezone.now() - minutes_ago * MINUTE)
    return presenting.current(classroom, timezone.now()).get()


def url(name: str, classroom: Classroom) -> str:
    return reverse(f"classrooms:{name}", args=[classroom.pk])


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, showing: Showing, position: int = TYPED, **changes: Any) -> Any:
    url = reverse("classrooms:shown_answer", args=[showing.classroom_id, showing.pk])
    return client.post(url, RIGHT[position] | changes)


@pytest.mark.parametrize("position", list(KEYS))
def test_every_kind_is_shown_answered_and_revealed(
    position: int, classroom: Classroom, teacher: User, lin: Member
) -> None:
    showing = show(classroom, position)
    assert send(as_(lin.user), showing, position).status_code == 303
    response = Response.objects.get()
    assert (response.verdict, response.item.attempt.scope) == ("correct", "live")
    as_(teacher).post(url("present", classroom), {"do": "reveal", "showing": showing.pk})
    wall, phone = as_(teacher).get(url("present", classroom)), as_(lin.user).get(url("classroom", classroom))
    assert "1 of 1" in wall.content.decode()
    assert "Correct" in phone.content.decode()


def test_an_answer_is_history_and_feeds_the_memory(classroom: Classroom, lin: Member) -> None:
    send(as_(lin.user), show(classroom, PAIRS), PAIRS)
    assert Grading.objects.filter(learner=lin.user).count() == 6
    assert MemoryState.objects.filter(learner=lin.user).count() == 6
    assert differences(lin.user) == []
    assert Attempt.objects.get().is_finished


@pytest.mark.parametrize("position", [TYPED, LIST])
@pytest.mark.parametrize("has_answered", [False, True])
def test_no_page_holds_the_key_before_it_is_revealed(
    position: int, has_answered: bool, classroom: Classroom, teacher: User, lin: Member
) -> None:
    showing = show(classroom, position)
    keys = {TYPED: ["自然延伸", "自然延展"], LIST: ["政府", "公民個人"]}[position]
    if has_answered:
        send(as_(lin.user), showing, position, text="不知道", member=["不知道"])
    presenting.close(showing, now=timezone.now())
    pages = [
        as_(person).get(url(name, classroom)).content.decode()
        for person, names in ((teacher, ("present", "present_live", "classroom")), (lin.user, ("classroom", "live")))
        for name in names
    ]
    assert [key for key in keys for page in pages if key in page] == []
    assert [word for word in ("verdict", "Not quite") for page in pages if word in page] == []
    presenting.reveal(showing, now=timezone.now())
    after = as_(lin.user).get(url("classroom", classroom)).content.decode()
    assert keys[0] in after
    assert keys[0] in as_(teacher).get(url("present", classroom)).content.decode()


def test_the_options_stand_in_the_same_order_everywhere_and_none_is_marked(
    classroom: Classroom, teacher: User, lin: Member
) -> None:
    show(classroom, CHOICE)
    wall, phone = as_(teacher).get(url("present", classroom)), as_(lin.user).get(url("classroom", classroom))
    texts = [[option["text"] for option in page.context["shown"]["options"]] for page in (wall, phone)]
    assert texts[0] == texts[1]
    assert [page for page in (wall, phone) if "is-right" in page.content.decode()] == []


def test_the_learner_may_know_only_once_it_is_revealed(classroom: Classroom, lin: Member) -> None:
    showing, now = show(classroom, TYPED), timezone.now()
    send(as_(lin.user), showing)
    run = Attempt.objects.get()
    assert (run.is_told(now), Attempt.objects.told_by(now).exists()) == (False, False)
    presenting.reveal(showing, now=now)
    run.refresh_from_db()
    assert run.is_told(now)


def test_the_wall_names_nobody(classroom: Classroom, teacher: User, lin: Member) -> None:
    showing = show(classroom, TYPED)
    send(as_(lin.user), showing, text="只有我這樣寫")
    for step in (presenting.close, presenting.reveal):
        step(showing, now=timezone.now())
        wall = as_(teacher).get(url("present", classroom)).content.decode()
        assert [word for word in ("Lin", "只有我這樣寫") if word in wall] == []


def test_a_wrong_answer_that_several_gave_is_shown(classroom: Classroom, lin: Member) -> None:
    showing = show(classroom, TYPED)
    for person in (lin, make_member(classroom), make_member(classroom)):
        send(as_(person.user), showing, text="具體體現")
    send(as_(make_member(classroom).user), showing)
    found = result(showing)
    assert [(bar.text, bar.n) for bar in found.wrong] == [("具體體現", 3)]
    assert [(bar.text, bar.n) for bar in found.bars] == [("right", 1), ("nearly", 0), ("wrong", 3)]


def test_the_bars_count_each_option(classroom: Classroom, lin: Member) -> None:
    showing = show(classroom, CHOICE)
    for person, choice in ((lin, "0"), (make_member(classroom), "1"), (make_member(classroom), "0")):
        send(as_(person.user), showing, CHOICE, choice=choice)
    bars = {bar.text: (bar.n, bar.is_key) for bar in result(showing).bars}
    assert bars["自然延伸"] == (1, True)
    assert bars["具體體現"] == (2, False)
    assert sum(n for n, _is_key in bars.values()) == 3


def test_a_learner_never_sees_what_others_answered(classroom: Classroom, lin: Member) -> None:
    showing = show(classroom, TYPED)
    for person in (lin, make_member(classroom)):
        send(as_(person.user), showing, text="具體體現")
    presenting.reveal(showing, now=timezone.now())
    page = as_(make_member(classroom).user).get(url("classroom", classroom)).content.decode()
    assert "You did not answer." in page
    assert [word for word in ("具體體現", "Lin") if word in page] == []


# One answer each, in time.


def test_the_first_answer_stands(classroom: Classroom, lin: Member) -> None:
    showing = show(classroom, TYPED)
    send(as_(lin.user), showing, text="具體體現")
    send(as_(lin.user), showing)
    assert Response.objects.get().answer == "具體體現"


@pytest.mark.parametrize("step", [presenting.close, presenting.reveal])
def test_an_answer_after_closing_is_refused(step: Any, classroom: Classroom, lin: Member) -> None:
    showing = show(classroom, TYPED)
    step(showing, now=timezone.now())
    client = as_(lin.user)
    send(client, showing)
    assert "No more answers are taken" in client.get(url("classroom", classroom)).content.decode()
    assert (Response.objects.count(), Attempt.objects.count()) == (0, 0)


def test_an_answer_to_a_question_that_is_over_is_404(classroom: Classroom, lin: Member) -> None:
    old = show(classroom, TYPED)
    show(classroom, CHOICE)
    assert send(as_(lin.user), old).status_code == 404
    assert send(as_(lin.user), Showing(pk=10**19, classroom=classroom)).status_code == 404


def test_an_empty_answer_is_explained_and_what_was_typed_stays(classroom: Classroom, lin: Member) -> None:
    showing = show(classroom, PAIRS)
    page = send(as_(lin.user), showing, PAIRS, pair_0="1", pair_1="1")
    html = page.content.decode()
    assert (page.status_code, "There is a problem" in html) == (422, True)
    assert page.context["shown"]["premises"][0]["value"] == "1"
    assert Response.objects.count() == 0


def test_a_withdrawn_question_takes_no_answer(classroom: Classroom, lin: Member) -> None:
    showing = show(classroom, TYPED)
    question(classroom, TYPED).__class__.objects.update(is_active=False)
    send(as_(lin.user), showing)
    assert Response.objects.count() == 0


def test_somebody_of_another_class_cannot_answer(classroom: Classroom) -> None:
    showing = show(classroom, TYPED)
    other = make_member(make_classroom(course=classroom.course))
    assert send(as_(other.user), showing).status_code == 404
    left = make_member(classroom, status="left")
    assert send(as_(left.user), showing).status_code == 404


def test_a_class_is_at_one_question_at_most(classroom: Classroom) -> None:
    first = show(classroom, TYPED)
    second = show(classroom, CHOICE)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert presenting.current(classroom, timezone.now()).get() == second
    with pytest.raises(IntegrityError), transaction.atomic():
        classroom.showings.create(version=first.version, seed="x", opened_at=timezone.now())


def test_a_question_forgotten_on_the_wall_is_over_after_three_hours(classroom: Classroom, lin: Member) -> None:
    current = question(classroom, TYPED).current
    assert current is not None
    presenting.show(classroom, current, now=timezone.now() - timedelta(hours=4))
    assert not presenting.current(classroom, timezone.now()).exists()
    show(classroom, CHOICE)


def test_only_questions_of_the_class_can_be_shown(classroom: Classroom, teacher: User) -> None:
    elsewhere = make_classroom().course.questions.select_related("current").earliest("pk")
    page = as_(teacher).post(url("present", classroom), {"do": "show", "question": elsewhere.pk})
    assert (page.status_code, Showing.objects.count()) == (404, 0)
    assert elsewhere.current is not None
    with pytest.raises(RefusedError):
        presenting.show(classroom, elsewhere.current, now=timezone.now())


def test_an_archived_class_shows_nothing(classroom: Classroom, teacher: User) -> None:
    Classroom.objects.filter(pk=classroom.pk).update(archived_at=timezone.now())
    page = as_(teacher).post(url("present", classroom), {"do": "hardest"}, follow=True)
    assert "This class is archived." in page.content.decode()


# Choosing.


def test_the_list_is_narrowed_by_lesson_kind_and_words_and_holds_no_key(classroom: Classroom, teacher: User) -> None:
    page = as_(teacher).get(url("present", classroom), {"kind": "short_answer", "q": "網絡主權"})
    assert [row.key for row in page.context["questions"]] == ["4-typed"]
    assert "自然延伸" not in page.content.decode()
    odd = as_(teacher).get(url("present", classroom), {"kind": "no such", "lesson": "x", "q": "沒有"})
    assert (odd.status_code, "No question fits." in odd.content.decode()) == (200, True)


def test_the_next_hardest_is_what_was_missed_most_and_not_yet_shown(classroom: Classroom, lin: Member) -> None:
    facts = {key: question(classroom, key).facts.first() for key in (TYPED, LIST)}
    now = timezone.now()
    other = make_member(classroom)
    for fact, ratings in ((facts[TYPED], (1, 3)), (facts[LIST], (1, 1))):
        for person, rating in zip((lin, other), ratings, strict=True):
            past_answer(person.user, fact, at=now - MINUTE, rating=rating, question=question(classroom, LIST))
    order = []
    for _round in range(3):
        found = presenting.next_hardest(classroom, now)
        assert found is not None
        assert found.current is not None
        order.append(found.key)
        presenting.show(classroom, found.current, now=now)
    assert order == ["5-list", "4-typed", "3-choice"]


def test_when_all_were_shown_it_is_said(classroom: Classroom, teacher: User) -> None:
    for position in KEYS:
        show(classroom, position)
    page = as_(teacher).post(url("present", classroom), {"do": "hardest"}, follow=True)
    assert "Every question has been shown." in page.content.decode()


# Live.


def test_a_phone_learns_of_the_question_and_is_left_alone_until_it_changes(classroom: Classroom, lin: Member) -> None:
    client = as_(lin.user)
    before = client.get(url("live", classroom))
    showing = show(classroom, TYPED)
    asked = client.get(url("live", classroom), headers={"If-None-Match": before.headers["ETag"]})
    assert (asked.status_code, 'name="text"' in asked.content.decode()) == (200, True)
    known = {"If-None-Match": asked.headers["ETag"]}
    send(as_(make_member(classroom).user), showing)
    assert client.get(url("live", classroom), headers=known).status_code == 304
    presenting.reveal(showing, now=timezone.now())
    assert client.get(url("live", classroom), headers=known).status_code == 200


def test_the_page_itself_carries_the_same_tag_so_that_the_first_tick_takes_nothing_away(
    classroom: Classroom, lin: Member
) -> None:
    show(classroom, TYPED)
    client = as_(lin.user)
    page = client.get(url("classroom", classroom))
    assert client.get(url("live", classroom), headers={"If-None-Match": f'"{page.context["etag"]}"'}).status_code == 304


def test_the_wall_changes_with_each_answer(classroom: Classroom, teacher: User, lin: Member) -> None:
    client = as_(teacher)
    showing = show(classroom, TYPED)
    known = {"If-None-Match": client.get(url("present_live", classroom)).headers["ETag"]}
    assert client.get(url("present_live", classroom), headers=known).status_code == 304
    send(as_(lin.user), showing)
    assert client.get(url("present_live", classroom), headers=known).status_code == 200
    presenting.end(showing, now=timezone.now())
    over = client.get(url("present_live", classroom), headers=known)
    assert (over.status_code, over.headers["HX-Refresh"]) == (204, "true")


@pytest.mark.parametrize("others", [0, 9])
def test_a_phones_poll_is_two_queries_of_ours(
    others: int, classroom: Classroom, lin: Member, django_assert_num_queries: Any
) -> None:
    showing = show(classroom, TYPED)
    for _i in range(others):
        send(as_(make_member(classroom).user), showing)
    client = as_(lin.user)
    known = {"If-None-Match": client.get(url("live", classroom)).headers["ETag"]}
    with django_assert_num_queries(4):  # session, user; membership, showing
        assert client.get(url("live", classroom), headers=known).status_code == 304


@pytest.mark.parametrize("others", [1, 9])
def test_the_wall_takes_as_many_queries_for_many_answers(
    others: int, classroom: Classroom, teacher: User, django_assert_num_queries: Any
) -> None:
    showing = show(classroom, CHOICE)
    for _i in range(others):
        send(as_(make_member(classroom).user), showing, CHOICE)
    presenting.reveal(showing, now=timezone.now())
    client = as_(teacher)
    with django_assert_num_queries(7):
        client.get(url("present", classroom))


@pytest.mark.parametrize("kept", [1, 7])
def test_the_list_takes_as_many_queries_for_many_questions(
    kept: int, classroom: Classroom, teacher: User, django_assert_num_queries: Any
) -> None:
    keep = classroom.course.questions.order_by("key").values_list("pk", flat=True)[:kept]
    classroom.course.questions.exclude(pk__in=list(keep)).update(is_active=False)
    client = as_(teacher)
    with django_assert_num_queries(6):
        assert len(client.get(url("present", classroom)).context["questions"]) == kept


# Many at once: needs a database that serves several writers.


@several_writers
@pytest.mark.django_db(transaction=True)
def test_many_copies_of_one_answer_at_once_are_one(transactional_db: None) -> None:
    classroom = make_classroom(course=make_every_kind())
    lin, showing = make_member(classroom), show(classroom, TYPED)
    found = at_once(lambda _number: presenting.answer(showing, lin, {"text": ["自然延伸"]}, now=timezone.now()))
    assert {response.pk for response in found} == {Response.objects.get().pk}
    assert (ShownAnswer.objects.count(), Attempt.objects.count(), Grading.objects.count()) == (1, 1, 1)


@several_writers
@pytest.mark.django_db(transaction=True)
def test_two_instructors_at_once_show_one_question(transactional_db: None) -> None:
    classroom = make_classroom(course=make_every_kind())
    versions = [question(classroom, position).current for position in (TYPED, CHOICE)]

    def attempt(number: int) -> str:
        version = versions[number % 2]
        assert version is not None
        try:
            return str(presenting.show(classroom, version, now=timezone.now()).pk)
        except RefusedError:
            return "refused"

    assert set(at_once(attempt)) - {"refused"} != set()
    assert Showing.objects.filter(ended_at=None).count() == 1
