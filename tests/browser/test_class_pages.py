"""Pages of classes and reports in a browser, for those who teach and those who learn: no barrier, error or overflow.

The names, titles and groups are Chinese, so that nothing of what people typed is without its language.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from classrooms import publishing, sittings
from classrooms.models import Assignment, Classroom, Member
from quizzes.models import Question
from tests.browser.conftest import MakePage
from tests.browser.test_every_page import Opener, look_over, named
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_user
from tests.quizzes.every_kind import make_every_kind
from tests.quizzes.histories import answer

NAMES = ("王小明", "李雅婷", "張俊傑", "劉怡君", "陳志偉", "楊美玲")


SAVED = "2 × [role=status]"
"""An item of a quiz has a status line of its own: when the answer was saved."""


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def classroom(transactional_db: None, now: datetime) -> Classroom:
    """Six learners in a group, who missed much for a week; a quiz that one handed in and one has open, work of each
    other sort, a draft."""
    classroom = make_classroom(make_user("林老師"), course=make_every_kind(), name="國文一甲")
    group = classroom.groups.create(name="甲組")
    members = [make_member(classroom, make_user(name), name=name, group=group) for name in NAMES]
    for at, member in enumerate(members):
        study(member, now=now, rating=3 if at % 3 == 0 else 1)
    quiz = make_assignment(classroom, title="小考一", is_draft=True, count=3, minutes=20)
    publishing.publish(quiz, now=now - timedelta(days=2))
    sittings.hand_in(sittings.start(quiz, members[0], now=now), now=now)
    sittings.start(quiz, members[1], now=now)
    make_assignment(classroom, title="讀與練", sort="practice", due_at=now - timedelta(days=3))
    make_assignment(classroom, title="複習週", sort="review", due_at=now + timedelta(days=3))
    make_assignment(classroom, title="期末考", is_draft=True)
    return classroom


def study(member: Member, *, now: datetime, rating: int) -> None:
    """Every question that takes one text once, on the days of the week before, `rating` given to most of them."""
    asked = Question.objects.filter(course=member.classroom.course, kind__in=["choice", "cloze", "short_answer"])
    for at, question in enumerate(asked.order_by("key")):
        fact = question.facts.earliest("pk")
        when = now - timedelta(days=1 + at % 6)
        answer(member.user, fact, at=when, rating=rating if at % 4 else 3, question=question)


def seen_by(open_as: MakePage, user: User) -> Callable[..., Page]:
    return lambda **options: open_as(user, **options)


def teacher_of(classroom: Classroom) -> User:
    return classroom.members.teachers().get().user


def learner_of(classroom: Classroom, name: str) -> Member:
    return classroom.members.get(name=name)


def room(classroom: Classroom, *names: str) -> list[Opener]:
    return [named(f"classrooms:{name}", classroom.pk) for name in names]


def test_the_due_time_of_work_stands_beside_its_title(open_as: MakePage, classroom: Classroom) -> None:
    page = open_as(teacher_of(classroom))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(reverse("classrooms:assignments", args=[classroom.pk]))
    for row in page.locator(".rows > li > a:has(time)").all():
        title, due, whole = [row.locator(part).bounding_box() for part in ("b", "time", ":scope")]
        assert title is not None
        assert due is not None
        assert whole is not None
        assert due["x"] > title["x"] + title["width"]
        assert abs(due["y"] + due["height"] / 2 - whole["y"] - whole["height"] / 2) < 4
    assert page.locator(".rows > li > a:has(time)").count() > 0


def test_the_rooms_of_a_class_have_no_fault(open_as: MakePage, classroom: Classroom) -> None:
    group, member = classroom.groups.get(), learner_of(classroom, NAMES[0])
    pages = [named("quizzes:home"), named("classrooms:classes"), named("classrooms:classroom_new")]
    pages += room(classroom, "classroom", "people", "groups", "roster_import", "code", "classroom_edit", "present")
    pages += room(classroom, "classroom_copy", "classroom_transfer", "classroom_delete")
    pages += [named("classrooms:group", classroom.pk, group.pk), named("classrooms:member", classroom.pk, member.pk)]
    assert look_over(seen_by(open_as, teacher_of(classroom)), pages) == []


def test_a_list_and_its_cards_have_no_fault(open_as: MakePage, classroom: Classroom) -> None:
    def paste(page: Page) -> None:
        page.goto(reverse("classrooms:roster_import", args=[classroom.pk]))
        page.locator("main textarea").fill("趙家豪\tz@example.org\n黃淑芬\n壞人\tnowhere@")
        page.locator("main form button.main").click()
        page.wait_for_url("**/import/*/")

    assert look_over(seen_by(open_as, teacher_of(classroom)), [paste]) == []


def test_the_work_of_a_class_has_no_fault(open_as: MakePage, classroom: Classroom) -> None:
    quiz = Assignment.objects.get(title="小考一")
    pages = room(classroom, "assignments")
    pages += [named("classrooms:assignment_new", classroom.pk, sort) for sort in ("quiz", "practice", "review")]
    names = ["assignment", "assignment_edit", "assignment_preview", "assignment_questions", "extensions"]
    pages += [named(f"classrooms:{name}", classroom.pk, quiz.pk) for name in [*names, "assignment_delete"]]
    assert look_over(seen_by(open_as, teacher_of(classroom)), pages) == []


def test_the_marks_of_a_class_have_no_fault(open_as: MakePage, classroom: Classroom) -> None:
    quiz, member = Assignment.objects.get(title="小考一"), learner_of(classroom, NAMES[0])
    teacher = teacher_of(classroom)
    decide(teacher, quiz, member)
    pages = room(classroom, "gradebook")
    pages += [named("classrooms:gradebook", classroom.pk, query=f"?assignment={quiz.pk}")]
    pages += [named("classrooms:gradebook", classroom.pk, query=f"?learner={member.pk}")]
    pages += [named("classrooms:mark", classroom.pk, quiz.pk, member.pk)]
    pages += [named("classrooms:regrade", classroom.pk, quiz.pk)]
    assert look_over(seen_by(open_as, teacher), pages) == []


def decide(teacher: User, quiz: Assignment, member: Member) -> None:
    """Set the mark by hand, with a reason, as the form does."""
    client = Client()
    client.force_login(teacher)
    address = reverse("classrooms:mark", args=[quiz.classroom_id, quiz.pk, member.pk])
    data = {"action": "override", "points": "80", "reason": "口試", "seen": ""}
    assert client.post(address, data).status_code == 302


def test_the_reports_on_a_class_have_no_fault(open_as: MakePage, classroom: Classroom) -> None:
    names = ["class_overview", "class_document", "class_confusions", "class_calibration", "class_work", "items"]
    pages = [named(f"reports:{name}", classroom.pk) for name in names]
    pages += [named("reports:class_learner", classroom.pk, learner_of(classroom, NAMES[1]).pk)]
    fact = classroom.course.facts.earliest("pk")
    pages += [named("reports:class_sentence", classroom.pk, fact.sentence_id), named("reports:compare")]
    assert look_over(seen_by(open_as, teacher_of(classroom)), pages) == []


def test_what_a_learner_sees_of_a_class_has_no_fault(open_as: MakePage, classroom: Classroom) -> None:
    quiz = Assignment.objects.get(title="小考一")
    done, working = learner_of(classroom, NAMES[0]), learner_of(classroom, NAMES[1])
    sitting = quiz.sittings.get(member=done)
    pages = [named("quizzes:home"), *room(classroom, "classroom", "assignments", "own_marks", "leave")]
    pages += [named("classrooms:assignment", classroom.pk, quiz.pk), named("reports:learner")]
    pages += [named("classrooms:sitting_review", classroom.pk, sitting.pk)]
    found = look_over(seen_by(open_as, done.user), pages)
    under_way = quiz.sittings.get(member=working)
    pages = [named("classrooms:sitting_item", classroom.pk, under_way.pk, 1)]
    pages += [named("classrooms:sitting", classroom.pk, under_way.pk)]
    found += look_over(seen_by(open_as, working.user), pages)
    assert [fault for fault in found if fault[2] != SAVED] == []


def test_the_door_of_a_class_has_no_fault(open_as: MakePage, classroom: Classroom) -> None:
    pages = [named("classrooms:join"), named("classrooms:join_code", classroom.code)]
    assert look_over(open_as, pages) == []


FITS = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"""
CUT = """() => [...document.querySelectorAll('main *')].filter(one => one.checkVisibility())
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(one => `${one.tagName}.${one.className} ${Math.round(one.getBoundingClientRect().right)}`).slice(0, 5)"""
PAPER = 703
"""A4 less its margins, in CSS pixels."""


def test_reports_fit_a_tablet_and_paper(open_as: MakePage, classroom: Classroom) -> None:
    names = ["class_overview", "class_document", "class_confusions", "class_calibration", "class_work", "items"]
    addresses = [reverse(f"reports:{name}", args=[classroom.pk]) for name in names]
    addresses += [reverse("reports:class_learner", args=[classroom.pk, learner_of(classroom, NAMES[1]).pk])]
    page = open_as(teacher_of(classroom), locale="zh-TW", color_scheme="dark")
    for address in addresses:
        page.set_viewport_size({"width": 820, "height": 1180})
        page.goto(address)
        assert page.evaluate(FITS), address
        page.set_viewport_size({"width": PAPER, "height": 1000})
        page.emulate_media(media="print")
        assert page.evaluate(CUT) == [], address
        assert not page.locator("nav, button").first.is_visible()
        assert page.pdf(format="A4").startswith(b"%PDF")
        page.emulate_media(media="screen")
