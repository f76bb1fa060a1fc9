"""A class in a browser, live: the focus stays through ticks, a hidden tab asks nothing, phones answer together."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from classrooms import presenting
from classrooms.models import Classroom, Showing
from tests.browser.conftest import PHONE, MakePage
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_user
from tests.quizzes.every_kind import make_every_kind
from tests.quizzes.histories import answer

HIDE = "Object.defineProperty(document, 'hidden', { value: true, configurable: true })"
SHOW = "Object.defineProperty(document, 'hidden', { value: false, configurable: true })"


@pytest.fixture
def teacher(transactional_db: None) -> User:
    return make_user("teacher")


@pytest.fixture
def classroom(teacher: User) -> Classroom:
    return make_classroom(teacher, course=make_every_kind())


def tick(page: Page) -> None:
    """What ui.js does every ten seconds, at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def tick_until(page: Page, selector: str, text: str) -> None:
    """Tick until the text is there: what is worked out for one page serves others for three seconds."""
    for _round in range(20):
        with page.expect_response(lambda response: "/live/" in response.url):
            tick(page)
        page.wait_for_timeout(300)
        if text in page.locator(selector).inner_text():
            return
    raise AssertionError(f"no {text!r} in {selector}")


def page_of(classroom: Classroom, name: str = "classroom") -> str:
    return reverse(f"classrooms:{name}", args=[classroom.pk])


def miss(classroom: Classroom, user: User) -> None:
    fact = classroom.course.facts.earliest("pk")
    question = classroom.course.questions.earliest("pk")
    answer(user, fact, at=timezone.now(), rating=1, question=question)


def test_the_focus_survives_three_ticks_with_news(
    open_as: MakePage, teacher: User, classroom: Classroom, complaints: list[str]
) -> None:
    people = [make_member(classroom, make_user(name)) for name in ("lin", "wu", "chen")]
    page = open_as(teacher)
    page.goto(page_of(classroom))
    page.locator("#names").focus()
    for n, person in enumerate(people, start=1):
        miss(classroom, person.user)
        tick_until(page, "#live", f"{n} of 3 learners are here now")
        assert page.evaluate("document.activeElement.id") == "names"
    assert complaints == []


def test_a_tick_without_news_is_a_304_and_changes_nothing(
    open_as: MakePage, teacher: User, classroom: Classroom, complaints: list[str]
) -> None:
    make_member(classroom)
    page = open_as(teacher)
    page.goto(page_of(classroom))
    statuses = []
    page.on("response", lambda response: statuses.append(response.status) if "/live/" in response.url else None)
    for _round in range(2):
        with page.expect_response(lambda response: "/live/" in response.url):
            tick(page)
        page.wait_for_timeout(200)
    assert statuses in ([200, 304], [200, 200])  # a minute may have begun between them
    expect(page.locator("#live h2#help")).to_be_visible()
    assert complaints == []


def test_a_hidden_tab_asks_nothing_and_asks_at_once_on_return(
    open_as: MakePage, teacher: User, classroom: Classroom
) -> None:
    page = open_as(teacher)
    page.goto(page_of(classroom))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else None)
    page.evaluate(HIDE)
    tick(page)
    page.wait_for_timeout(300)
    assert asked == []
    page.evaluate(SHOW)
    with page.expect_request(lambda request: "/live/" in request.url):
        tick(page)
    assert len(asked) == 1


def test_paused_updates_ask_nothing(open_as: MakePage, teacher: User, classroom: Classroom) -> None:
    page = open_as(teacher)
    page.goto(page_of(classroom))
    page.get_by_role("link", name="Pause updates").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else None)
    tick(page)
    page.wait_for_timeout(300)
    assert asked == []
    expect(page.get_by_role("link", name="Resume updates")).to_be_visible()


def test_it_is_said_when_more_learners_are_stuck_and_only_then(
    open_as: MakePage, teacher: User, classroom: Classroom
) -> None:
    lin = make_member(classroom, make_user("lin"))
    page = open_as(teacher)
    page.goto(page_of(classroom))
    for seen, said in (("1 practised today", ""), ("1 is stuck now", "1 learner is stuck")):
        miss(classroom, lin.user)
        tick_until(page, "#live", seen)
        expect(page.locator("#say")).to_have_text(said)


def test_offline_the_page_stays_and_says_when_it_was_last_seen(
    open_as: MakePage, teacher: User, classroom: Classroom
) -> None:
    page = open_as(teacher)
    page.goto(page_of(classroom))
    page.context.set_offline(True)
    tick(page)
    expect(page.locator("#alarm")).to_contain_text("Last seen")
    expect(page.locator("#live")).to_be_visible()
    page.context.set_offline(False)
    tick(page)
    expect(page.locator("#alarm")).to_be_empty()


def test_a_phone_is_asked_by_itself_keeps_what_is_typed_and_is_told_with_all_others(
    open_as: MakePage, teacher: User, classroom: Classroom, complaints: list[str]
) -> None:
    lin = make_member(classroom, make_user("lin"))
    phone, wall = open_as(lin.user, **PHONE), open_as(teacher)
    phone.goto(page_of(classroom))
    expect(phone.locator("#asked")).to_contain_text("Nothing is asked")
    wall.goto(page_of(classroom, "present") + "?kind=short_answer")
    wall.get_by_role("button", name="Show", exact=True).click()
    tick(phone)
    field = phone.locator("#asked input[name=text]")
    field.fill("自然")
    tick(phone)
    phone.wait_for_timeout(300)
    expect(field).to_have_value("自然")
    field.fill("自然延伸")
    phone.get_by_role("button", name="Answer").click()
    expect(phone.locator("#asked")).to_contain_text("Your answer is in")
    tick(wall)
    expect(wall.locator("#wall .count")).to_contain_text("1 of 1 answered")
    wall.get_by_role("button", name="Show the answer").click()
    expect(wall.locator("#wall")).to_contain_text("自然延伸")
    tick(phone)
    expect(phone.locator("#asked .verdict")).to_contain_text("Correct")
    assert complaints == []


def test_without_script_a_learner_looks_answers_and_looks_again(
    open_as: MakePage, teacher: User, classroom: Classroom
) -> None:
    lin = make_member(classroom, make_user("lin"))
    page = open_as(lin.user, java_script_enabled=False, **PHONE)
    page.goto(page_of(classroom))
    version = classroom.course.questions.select_related("current").get(key="3-choice").current
    assert version is not None
    showing = presenting.show(classroom, version, now=timezone.now())
    page.get_by_role("link", name="Look for a question").click()
    page.get_by_label("自然延伸").check()
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("#asked")).to_contain_text("Your answer is in")
    presenting.reveal(Showing.objects.get(pk=showing.pk), now=timezone.now())
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("#asked .verdict")).to_contain_text("Correct")
