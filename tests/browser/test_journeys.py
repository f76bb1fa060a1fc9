"""Whole ways through the site: from a first visit to coming back, with keys, in plain HTML, and through mishaps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from curriculum.models import Course
from quizzes.memory import rebuild
from quizzes.models import Attempt, AttemptItem, Grading, MemoryState, Response
from tests.accounts.people import GOOD, answers_of
from tests.browser.conftest import MakePage, follow
from tests.browser.test_practice import expect_verdict, question, tab_to
from tests.factories import PASSWORD, make_learner
from tests.quizzes.every_kind import CHOICE, PAIRS, TYPED, make_every_kind, make_run


@pytest.fixture
def course(transactional_db: None) -> Course:
    return make_every_kind()


@pytest.fixture
def attempt(course: Course) -> Attempt:
    return make_run(make_learner(), course)


def days_pass(learner: User, days: int) -> None:
    """Move everything that the learner has done so far into the past."""
    past = timedelta(days=days)
    for model, whose in ((Response, "item__attempt__learner"), (Grading, "learner")):
        rows = model.objects.filter(**{whose: learner})
        rows.update(answered_at=F("answered_at") - past)
        for row in rows:
            model.objects.filter(pk=row.pk).update(study_day=row.study_day - past)
    items = AttemptItem.objects.filter(attempt__learner=learner)
    items.update(answered_at=F("answered_at") - past, shown_at=F("shown_at") - past)
    Attempt.objects.filter(learner=learner).update(started_at=F("started_at") - past)
    Attempt.objects.filter(learner=learner, finished_at__isnull=False).update(finished_at=F("finished_at") - past)
    rebuild(learner)


def answer_all(page: Page) -> int:
    """Press "I don't know" until the run is over; the number of presses."""
    presses = 0
    while page.locator("#position").count():
        follow(page.get_by_role("button", name="I don’t know"))
        presses += 1
        follow(page.locator("a.main"))
    return presses


def fill_sign_up(page: Page) -> None:
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Password").fill(GOOD)


def test_a_visitor_without_script_reads_practises_keeps_it_and_comes_back(open_as: MakePage, course: Course) -> None:
    page = open_as(java_script_enabled=False)
    page.goto(reverse("quizzes:home"))
    page.get_by_role("link", name="Read it first").click()
    expect(page.locator("article")).to_contain_text("第1章第1句說明事項1甲1")
    follow(page.get_by_role("button", name="Practise this lesson").first)
    presses = answer_all(page)
    expect(page.locator("h1")).to_contain_text("right at the first try")
    follow(page.get_by_role("link", name="Keep my progress"))
    fill_sign_up(page)
    follow(page.locator("main form button.main"))
    ann = User.objects.get(username="ann")
    assert (answers_of(ann), User.objects.count()) == (presses, 1)
    page.get_by_role("link", name="My progress").first.click()
    expect(page.locator("main")).to_contain_text("Weakest facts")
    days_pass(ann, days=3)
    page.goto(reverse("quizzes:home"))
    due = MemoryState.objects.filter(learner=ann).count()
    expect(page.locator("#next")).to_contain_text(f"{due} to review")
    follow(page.get_by_role("button", name="Start review"))
    assert answer_all(page) >= 1
    expect(page.locator("h1")).to_contain_text("right at the first try")


def test_language_and_script_change_the_page_where_it_stands(open_as: MakePage, course: Course) -> None:
    page, lesson = open_as(locale="en-GB"), course.lessons.get()
    page.goto(lesson.get_absolute_url() + "?tint=1")
    page.get_by_text("Display").click()
    page.get_by_role("button", name="Large").click()
    expect(page.locator("article")).to_have_attribute("lang", "zh-Hant")
    page.get_by_role("button", name="简体").click()
    expect(page.locator("article")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("article")).to_contain_text("说明事项")
    page.locator("details.menu summary").first.click()
    page.get_by_role("button", name="繁體中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    expect(page.locator("article.large")).to_have_attribute("lang", "zh-Hans")
    assert page.url.endswith("?tint=1")


@pytest.mark.parametrize(("width", "least", "most"), [(320, 14, 20), (360, 16, 20), (1280, 30, 38)])
def test_a_line_of_the_reader_is_neither_short_nor_long(
    open_as: MakePage, course: Course, width: int, least: int, most: int
) -> None:
    """W3C, Requirements for Chinese Text Layout, and WCAG 1.4.8: at most 40 characters; the lines evenly far apart."""
    page = open_as(viewport={"width": width, "height": 740})
    page.goto(course.lessons.get().get_absolute_url())
    measure = """() => { const p = document.querySelector('article p'), style = getComputedStyle(p);
      return [p.clientWidth, parseFloat(style.lineHeight)].map(size => size / parseFloat(style.fontSize)); }"""
    characters, leading = page.evaluate(measure)
    assert least <= int(characters) <= most
    assert leading == pytest.approx(1.9)


def test_back_after_signing_out_shows_no_private_page(
    launch_browser: Callable[..., Browser], live_server: object, attempt: Attempt
) -> None:
    browser = launch_browser(ignore_default_args=["--disable-back-forward-cache"])
    page = browser.new_page(base_url=str(live_server))
    page.goto(reverse("account_login"))
    log_in(page)
    expect(page.get_by_role("link", name="learner")).to_be_visible()
    page.goto(reverse("quizzes:summary", args=[attempt.pk]))
    page.goto(reverse("accounts:settings"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    for _ in range(2):
        page.evaluate("setTimeout(() => history.back())")
        page.wait_for_timeout(1000)
        expect(page.locator("body")).not_to_contain_text("learner")
    page.wait_for_url(f"**{reverse('account_login')}**")
    browser.close()


def log_in(page: Page) -> None:
    page.get_by_label("User name or e-mail address").fill("learner")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main form button.main").click()


def test_from_home_to_the_first_answer_by_keys_alone(open_as: MakePage, course: Course, complaints: list[str]) -> None:
    page = open_as()
    page.goto(reverse("quizzes:home"))
    tab_to(page, ".skip")
    page.keyboard.press("Enter")
    tab_to(page, "button.main")
    page.keyboard.press("Enter")
    expect(page.locator("#position")).to_contain_text("Question 1 of")
    tab_to(page, "[name=give_up]")
    page.keyboard.press("Enter")
    expect_verdict(page, "Not quite")
    tab_to(page, "a.main")
    page.keyboard.press("Enter")
    expect(page.locator("#position")).to_contain_text("Question 2 of")
    assert complaints == []


def test_a_double_press_on_sign_up_makes_one_account(open_as: MakePage, course: Course, complaints: list[str]) -> None:
    page = open_as()
    page.goto(reverse("account_signup"))
    fill_sign_up(page)
    page.locator("main form button.main").dblclick()
    expect(page.get_by_role("link", name="ann", exact=True)).to_be_visible()
    assert ([user.username for user in User.objects.all()], complaints) == (["ann"], [])


def test_a_session_that_ended_at_check_goes_on_after_logging_in(open_as: MakePage, attempt: Attempt) -> None:
    page, address = open_as(attempt.learner), question(attempt, CHOICE)
    page.goto(address)
    page.context.clear_cookies(name="session")
    page.get_by_label("自然延伸").check()
    page.get_by_role("button", name="Check").click()
    page.wait_for_url(f"**{reverse('account_login')}?next={address}")
    expect(page.locator("header.top")).to_have_count(1)
    log_in(page)
    page.wait_for_url(f"**{address}")
    expect(page.get_by_text("What you wrote before is still here.").locator("..")).to_be_focused()
    expect(page.get_by_label("自然延伸")).to_be_checked()
    page.get_by_role("button", name="Check").click()
    expect_verdict(page)
    assert Response.objects.count() == 1


def test_an_answer_from_a_tab_older_than_the_log_in_is_sent_again(open_as: MakePage, attempt: Attempt) -> None:
    """Logging in, in another tab, makes the forms of this one too old."""
    page, address = open_as(attempt.learner), question(attempt, TYPED)
    page.goto(address)
    other = page.context.new_page()
    other.goto(reverse("accounts:settings"))
    follow(other.get_by_role("button", name="Sign out"))
    other.goto(reverse("account_login"))
    log_in(other)
    expect(other.get_by_role("link", name="learner")).to_be_visible()
    page.locator("#answer").fill("自然延伸")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="This page was open too long")).to_be_focused()
    expect(page.get_by_label("What you wrote")).to_have_value("自然延伸")
    page.get_by_role("button", name="Send again").click()
    expect_verdict(page)
    assert page.url.endswith(address)


def test_pairs_made_before_the_session_ended_stand_after_logging_in(open_as: MakePage, attempt: Attempt) -> None:
    page, address = open_as(attempt.learner), question(attempt, PAIRS)
    page.goto(address)
    page.get_by_role("button", name="1 政府").click()
    page.get_by_role("button", name="A 引擎作用").click()
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Check").click()
    page.wait_for_url(f"**{reverse('account_login')}?next={address}")
    log_in(page)
    page.wait_for_url(f"**{address}")
    expect(page.get_by_role("button", name="1 引擎作用")).to_be_visible()
    kept = page.evaluate("JSON.stringify([sessionStorage, localStorage])")
    assert ("作用" in kept, "政府" in kept, len(kept) < 200) == (False, False, True)


def test_a_password_is_shown_on_wish_and_sent_all_the_same(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as()
    page.goto(reverse("account_login"))
    page.get_by_label("User name or e-mail address").fill("learner")
    password = page.get_by_label("Password", exact=True)
    password.fill(PASSWORD)
    tab_to(page, "[data-reveal] input")
    page.keyboard.press("Space")
    expect(password).to_have_attribute("type", "text")
    page.locator("main form button.main").click()
    expect(page.get_by_role("link", name="learner")).to_be_visible()


def test_the_days_of_somebody_new_are_those_of_their_browser(open_as: MakePage, course: Course) -> None:
    page = open_as(timezone_id="Asia/Taipei")
    page.goto(reverse("accounts:settings"))
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Taipei")
    page.goto(course.get_absolute_url())
    page.get_by_role("button", name="Practise this course").click()
    expect(page.locator("#position")).to_contain_text("Question 1 of")
    assert [user.time_zone for user in User.objects.all()] == ["Asia/Taipei"]


def test_a_guest_takes_the_data_along_and_clears_a_shared_computer(open_as: MakePage, course: Course) -> None:
    page = open_as()
    page.goto(course.get_absolute_url())
    page.get_by_role("button", name="Practise this course").click()
    page.get_by_role("link", name="Finish and clear").click()
    page.get_by_role("button", name="Finish and clear").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert User.objects.count() == 0
