"""The page of a class, for those who teach it and for those who learn in it, and the part of it that is live."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms.activity import activity
from classrooms.models import Classroom, MarkChange, Member, Sitting
from tests.classrooms.crowd import make_crowd
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.histories import answer, make_run

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def teacher(db: None) -> User:
    return make_user("teacher", display_name="Ms Chen")


@pytest.fixture
def classroom(teacher: User) -> Classroom:
    course = make_course(sentences=6, lessons=2)
    make_bank(course)
    return make_classroom(teacher, course=course)


@pytest.fixture
def lin(classroom: Classroom) -> Member:
    return make_member(classroom, make_user("lin", display_name="Lin"))


def page(classroom: Classroom, query: str = "") -> str:
    return reverse("classrooms:classroom", args=[classroom.pk]) + query


def live(classroom: Classroom, query: str = "") -> str:
    return reverse("classrooms:live", args=[classroom.pk]) + query


def miss(member: Member, n: int = 6) -> None:
    for at, fact in enumerate(member.classroom.course.facts.filter(key__startswith="F1-")[:n]):
        answer(member.user, fact, at=timezone.now() - (at + 1) * MINUTE, rating=1)


@pytest.mark.parametrize("name", ["classrooms:classroom", "classrooms:live"])
def test_only_people_of_the_class_get_in(name: str, client: Client, classroom: Classroom, stranger: User) -> None:
    url = reverse(name, args=[classroom.pk])
    assert client.get(url).headers["Location"].startswith(reverse("account_login"))
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    assert client.get(reverse(name, args=[2**63])).status_code == 404
    assert client.post(url).status_code == 405


def test_a_class_without_learners_shows_its_code(client: Client, classroom: Classroom, teacher: User) -> None:
    client.force_login(teacher)
    assert classroom.shown_code in client.get(page(classroom)).content.decode()


def test_the_first_glance_says_who_needs_help_and_why(
    client: Client, classroom: Classroom, teacher: User, lin: Member
) -> None:
    miss(lin)
    client.force_login(teacher)
    html = client.get(page(classroom)).content.decode()
    assert "1 of 1 learner is here now" in html
    assert "1 needs help" in html
    assert "0 of 6 answers right in" in html
    assert "of at least 6 answers in a lesson fewer than half were right" in html


def test_who_needs_help_leads_to_what_they_know(
    client: Client, classroom: Classroom, teacher: User, lin: Member
) -> None:
    miss(lin)
    client.force_login(teacher)
    report = reverse("reports:class_learner", args=[classroom.pk, lin.pk])
    html = client.get(page(classroom)).content.decode()
    assert f'<a id="hl-{lin.pk}" href="{report}"' in html  # of those who need help
    assert f'<a id="wl-{lin.pk}" href="{report}"' in html  # of those who are at work


def test_a_learner_sees_their_own_work_and_nobody_else(
    client: Client, classroom: Classroom, teacher: User, lin: Member
) -> None:
    miss(lin)
    mine = make_member(classroom, make_user("wu", display_name="Wu"))
    make_assignment(classroom, title="Quiz on chapter one", due_at=timezone.now() + DAY)
    only_lin = make_assignment(classroom, title="For Lin alone")
    only_lin.members.add(lin)
    make_assignment(classroom, title="A draft", is_draft=True)
    client.force_login(mine.user)
    html = client.get(page(classroom)).content.decode()
    assert "Quiz on chapter one" in html
    assert [word for word in ("Lin", "A draft", "needs help", classroom.shown_code) if word in html] == []


def test_a_page_seen_by_a_learner_is_noted_once_in_two_minutes(
    client: Client, classroom: Classroom, lin: Member, django_assert_num_queries: Any
) -> None:
    client.force_login(lin.user)
    client.get(page(classroom))
    lin.refresh_from_db()
    first = lin.seen_at
    client.get(page(classroom))
    lin.refresh_from_db()
    assert first is not None
    assert lin.seen_at == first


def test_names_and_single_results_do_not_belong_on_the_wall(
    client: Client, classroom: Classroom, teacher: User, lin: Member
) -> None:
    miss(lin)
    client.force_login(teacher)
    assert "Lin" in client.get(page(classroom)).content.decode()
    for query in ("?projector=1", "?names=hidden"):
        for url in (page(classroom, query), live(classroom, query)):
            html = client.get(url).content.decode()
            assert "Lin" not in html
            assert "1 needs help" in html
    assert "Lin" in client.get(page(classroom, "?projector=1&names=shown")).content.decode()


def test_paused_updates_ask_for_nothing(client: Client, classroom: Classroom, teacher: User, lin: Member) -> None:
    client.force_login(teacher)
    running, paused = (client.get(page(classroom, query)).content.decode() for query in ("", "?updates=off"))
    assert ('hx-trigger="tick' in running, "Pause updates" in running) == (True, True)
    assert ('hx-trigger="tick' in paused, "Resume updates" in paused) == (False, True)


def test_the_projector_view_is_one_press_away_and_back(client: Client, classroom: Classroom, teacher: User) -> None:
    client.force_login(teacher)
    plain, wall = (client.get(page(classroom, query)).content.decode() for query in ("", "?projector=1"))
    assert f'href="{page(classroom)}?projector=1">Show on projector' in plain
    assert f'href="{page(classroom)}?">Leave the projector view' in wall


@pytest.mark.parametrize("pieces", [1, 4])
def test_a_learners_page_takes_as_many_queries_for_much_work_as_for_little(
    pieces: int, client: Client, classroom: Classroom, lin: Member, django_assert_num_queries: Any
) -> None:
    for at in range(pieces):
        make_assignment(classroom, title=f"Quiz {at}")
        make_assignment(classroom, title=f"Reading {at}", sort="practice")
    client.force_login(lin.user)
    client.get(page(classroom))  # notes that the learner is here
    with django_assert_num_queries(13):
        client.get(page(classroom))


# The live part.


def test_nothing_new_is_304_and_an_answer_is_new(
    client: Client, classroom: Classroom, teacher: User, lin: Member
) -> None:
    client.force_login(teacher)
    first = client.get(live(classroom))
    known = {"If-None-Match": first.headers["ETag"]}
    assert (first.status_code, "<html" in first.content.decode()) == (200, False)
    again = client.get(live(classroom), headers=known)
    assert (again.status_code, again.content) == (304, b"")
    miss(lin, 1)
    assert client.get(live(classroom), headers=known).status_code == 200


def test_what_is_a_moment_old_does_not_hide_what_came_since(
    client: Client, classroom: Classroom, teacher: User, lin: Member
) -> None:
    client.force_login(teacher)
    old = client.get(live(classroom))
    miss(lin)
    within = client.get(live(classroom), headers={"If-None-Match": old.headers["ETag"]})
    later = client.get(live(classroom), headers={"If-None-Match": within.headers["ETag"]})
    assert (within.status_code, later.status_code) == (200, 200)  # never "unchanged" while something is missing


@pytest.mark.parametrize("change", ["joined", "handed_in", "published"])
def test_what_happens_in_the_class_changes_the_live_part(
    change: str, client: Client, classroom: Classroom, teacher: User, lin: Member
) -> None:
    client.force_login(teacher)
    quiz = make_assignment(classroom)
    known = {"If-None-Match": client.get(live(classroom)).headers["ETag"]}
    if change == "joined":
        make_member(classroom)
    elif change == "published":
        make_assignment(classroom)
    else:
        now = timezone.now()
        run = make_run(lin.user, classroom.course, at=now, scope="quiz")
        Sitting.objects.create(assignment=quiz, member=lin, attempt=run, number=1, started_at=now)
    assert client.get(live(classroom), headers=known).status_code == 200


def test_another_language_or_look_is_another_part(client: Client, classroom: Classroom, teacher: User) -> None:
    client.force_login(teacher)
    known = {"If-None-Match": client.get(live(classroom)).headers["ETag"]}
    assert client.get(live(classroom, "?names=hidden"), headers=known).status_code == 200
    assert client.get(live(classroom), headers=known | {"Accept-Language": "zh-hant"}).status_code == 200


@pytest.mark.parametrize("learners", [1, 60])
def test_a_poll_without_news_is_two_queries_of_ours(
    learners: int, client: Client, classroom: Classroom, teacher: User, django_assert_num_queries: Any
) -> None:
    make_crowd(classroom, learners, now=timezone.now())
    client.force_login(teacher)
    known = {"If-None-Match": client.get(live(classroom)).headers["ETag"]}
    with django_assert_num_queries(4):  # session, user; membership, stamp
        assert client.get(live(classroom), headers=known).status_code == 304


@pytest.mark.parametrize("learners", [2, 300])
def test_the_page_is_small_and_takes_as_many_queries_for_300_learners_as_for_two(
    learners: int, client: Client, classroom: Classroom, teacher: User, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    members = make_crowd(classroom, learners, now=now)
    for at in range(3):
        quiz = make_assignment(classroom, title=f"Quiz {at}", due_at=now + DAY)
        quiz.members.set(members[:5])
    client.force_login(teacher)
    with django_assert_num_queries(16):  # session, user; membership; eight of `today`; four for the map; activity
        response = client.get(page(classroom))
    assert len(response.content) < 80_000
    assert (f"of {learners} learner" in response.content.decode()) is True


def test_the_map_goes_on_on_further_pages(client: Client, classroom: Classroom, teacher: User) -> None:
    make_crowd(classroom, 41, now=timezone.now())
    client.force_login(teacher)
    first, second, beyond = (client.get(page(classroom, query)).context["heat"] for query in ("", "?page=2", "?page=9"))
    assert (len(first), len(second), len(beyond)) == (40, 1, 1)
    assert {row.learner.member for row in first} & {row.learner.member for row in second} == set()


# What happened.


def test_the_feed_tells_what_happened_newest_first(classroom: Classroom, lin: Member) -> None:
    now = timezone.now()
    Member.objects.filter(pk=lin.pk).update(joined_at=now - 5 * DAY)
    quiz = make_assignment(classroom, title="Quiz 1", published_at=now - 4 * DAY)
    lesson = classroom.course.lessons.earliest("order")
    make_run(lin.user, classroom.course, at=now - 3 * DAY, finished_at=now - 3 * DAY, scope="lesson", lesson=lesson)
    run = make_run(lin.user, classroom.course, at=now - 2 * DAY, finished_at=now - 2 * DAY, scope="quiz")
    Sitting.objects.create(
        assignment=quiz, member=lin, attempt=run, number=1, started_at=now, submitted_at=now - 2 * DAY
    )
    MarkChange.objects.create(assignment=quiz, member=lin, action="override", points=3, made_at=now - DAY)
    gone = make_member(classroom, make_user("wu", display_name="Wu"), status="left", joined_at=now - 40 * DAY)
    Member.objects.filter(pk=gone.pk).update(left_at=now)
    told = [(event.sort, event.name, event.about) for event in activity(classroom, now)]
    assert told == [
        ("left", "Wu", ""),
        ("mark", "Lin", "Quiz 1"),
        ("handed_in", "Lin", "Quiz 1"),
        ("run", "Lin", lesson.heading),
        ("published", "-", "Quiz 1"),
        ("joined", "Lin", ""),
    ]


def test_the_feed_leaves_out_what_is_not_the_classs_business(classroom: Classroom, lin: Member) -> None:
    now = timezone.now()
    Member.objects.filter(pk=lin.pk).update(joined_at=now - 5 * DAY)
    elsewhere = make_course()
    make_run(lin.user, elsewhere, at=now - DAY, finished_at=now - DAY)
    make_run(lin.user, classroom.course, at=now - 9 * DAY, finished_at=now - 9 * DAY)  # before joining
    make_run(make_user(), classroom.course, at=now - DAY, finished_at=now - DAY)  # of somebody else
    other = make_classroom(course=classroom.course)
    make_member(other, make_user("x", display_name="Somebody"))
    assert [event.sort for event in activity(classroom, now)] == ["joined"]


def test_the_feed_is_one_query_and_thirty_lines(classroom: Classroom, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    make_crowd(classroom, 40, now=now)
    with django_assert_num_queries(1):
        assert len(activity(classroom, now)) == 30


def test_a_name_is_shown_escaped(client: Client, classroom: Classroom, teacher: User) -> None:
    bad = make_member(classroom, make_user("bad", display_name="<img src=x>"))
    Member.objects.filter(pk=bad.pk).update(joined_at=timezone.now())
    miss(bad)
    client.force_login(teacher)
    html = client.get(page(classroom)).content.decode()
    assert "<img" not in html
    assert "&lt;img src=x&gt;" in html
