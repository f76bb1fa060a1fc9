"""The answer loop in a browser: by keyboard, by taps on a phone, without script, twice, offline, gone and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from curriculum.models import Course
from quizzes.models import Attempt, Flag, Response
from tests.browser.conftest import PHONE, MakePage, follow
from tests.factories import make_learner
from tests.quizzes.every_kind import (
    CHOICE,
    CLOZE,
    LIST,
    MEMBERS,
    ORDER,
    PAIRS,
    PARTNERS,
    PICKED,
    PREMISES,
    RESPONSES,
    STEPS,
    TYPED,
    make_every_kind,
    make_run,
)

EVERY = [CLOZE, PICKED, CHOICE, TYPED, LIST, ORDER, PAIRS]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def learner(transactional_db: None) -> User:
    return make_learner()


@pytest.fixture
def course(transactional_db: None) -> Course:
    return make_every_kind()


@pytest.fixture
def attempt(learner: User, course: Course) -> Attempt:
    return make_run(learner, course)


def question(attempt: Attempt, position: int) -> str:
    return reverse("quizzes:question", args=[attempt.pk, position])


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element that matches has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def expect_verdict(page: Page, words: str = "Correct") -> None:
    """The verdict is there, has the focus, and begins with the words."""
    heading = page.locator("#verdict")
    expect(heading).to_be_focused()
    assert heading.inner_text().startswith(words)


# Three ways to answer rightly.


def by_keys(page: Page, position: int) -> None:
    """Without a pointer; ends with the Enter that checks."""
    if position in (CLOZE, TYPED):
        tab_to(page, "#answer")
        page.keyboard.type("自然延伸")
    elif position in (PICKED, CHOICE):
        tab_to(page, "input[name=choice]")
        page.keyboard.press("b")
        expect(page.get_by_label("自然延伸")).to_be_checked()
    elif position == LIST:
        for number, member in enumerate(MEMBERS, start=1):
            tab_to(page, f"#member-{number}")
            page.keyboard.type(member)
    elif position == ORDER:
        for times in (3, 2, 1):
            tab_to(page, ".order li:last-child [data-way=up]")
            for _ in range(times):
                page.keyboard.press("Space")
        tab_to(page, "button.main")
    else:
        tab_to(page, ".pairs button")
        page.keyboard.type("".join(f"{i}{chr(65 + partner)}" for i, partner in enumerate(PARTNERS, start=1)))
        expect(page.locator("button.main")).to_be_focused()
    page.keyboard.press("Enter")


def by_taps(page: Page, position: int) -> None:
    """With a finger; typing is the phone's own business."""
    if position in (CLOZE, TYPED):
        page.locator("#answer").fill("自然延伸")
    elif position in (PICKED, CHOICE):
        page.get_by_text("自然延伸").tap()
    elif position == LIST:
        for number, member in enumerate(MEMBERS, start=1):
            page.locator(f"#member-{number}").fill(member)
    elif position == ORDER:
        for index, step in enumerate(STEPS):
            for _ in range(3 - index):
                page.get_by_role("button", name=f"Up {step}").tap()
    else:
        for premise, partner in zip(PREMISES, PARTNERS, strict=True):
            page.locator(".pairs button", has_text=premise).first.tap()
            page.locator(".pairs ol:last-child button", has_text=RESPONSES[partner]).tap()
    page.get_by_role("button", name="Check").tap()


def without_script(page: Page, position: int) -> None:
    """With what plain HTML offers."""
    if position in (CLOZE, TYPED):
        page.locator("#answer").fill("自然延伸")
    elif position in (PICKED, CHOICE):
        page.get_by_label("自然延伸").check()
    elif position == LIST:
        for number, member in enumerate(MEMBERS, start=1):
            page.get_by_label(f"Item {number} of 4").fill(member)
    elif position == ORDER:
        for place, step in enumerate(STEPS, start=1):
            page.get_by_label(step).select_option(str(place))
    else:
        for premise, partner in zip(PREMISES, PARTNERS, strict=True):
            page.get_by_label(premise, exact=True).select_option(label=RESPONSES[partner])
    follow(page.get_by_role("button", name="Check"))


def go_through(
    page: Page, attempt: Attempt, answer: Callable[[Page, int], None], go_on: Callable[[Page], None]
) -> None:
    page.goto(attempt.get_absolute_url())
    for position in EVERY:
        expect(page).to_have_title(f"Question {position} of 7 – 測試文件 – Jingdu 精讀")
        answer(page, position)
        expect_verdict(page)
        go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("7 of 7 right at the first try")


def go_on_by_keys(page: Page) -> None:
    tab_to(page, "a.main")
    page.keyboard.press("Enter")


def test_a_session_of_every_kind_by_keyboard_alone(open_as: MakePage, attempt: Attempt, complaints: list[str]) -> None:
    page = open_as(attempt.learner)
    go_through(page, attempt, by_keys, go_on_by_keys)
    assert complaints == []
    assert [response.verdict for response in Response.objects.all()] == ["correct"] * 7


def test_a_session_of_every_kind_by_taps_on_a_phone(open_as: MakePage, attempt: Attempt, complaints: list[str]) -> None:
    page = open_as(attempt.learner, **PHONE)
    go_through(page, attempt, by_taps, lambda page: page.locator("a.main").tap())
    assert complaints == []


def test_a_session_of_every_kind_without_script(open_as: MakePage, attempt: Attempt, complaints: list[str]) -> None:
    page = open_as(attempt.learner, java_script_enabled=False)
    go_through(page, attempt, without_script, lambda page: follow(page.locator("a.main")))
    assert complaints == []


def test_a_visitor_starts_and_answers_as_a_guest(open_as: MakePage, course: Course, complaints: list[str]) -> None:
    page = open_as()
    page.goto(course.get_absolute_url())
    page.get_by_role("button", name="Practise this course").click()
    expect(page.locator("#position")).to_contain_text("Question 1 of")
    page.get_by_role("button", name="I don’t know").click()
    expect_verdict(page, "Not quite")
    assert (User.objects.get().is_guest, Response.objects.count(), complaints) == (True, 1, [])


# Once, whatever happens.


def test_a_double_click_is_one_answer(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, CHOICE))
    page.get_by_label("自然延伸").check()
    page.get_by_role("button", name="Check").dblclick()
    expect_verdict(page)
    assert Response.objects.count() == 1


def test_the_same_form_sent_from_two_tabs_is_one_answer(open_as: MakePage, attempt: Attempt) -> None:
    first = open_as(attempt.learner)
    first.goto(question(attempt, CHOICE))
    second = first.context.new_page()
    second.goto(question(attempt, CHOICE))
    first.get_by_label("具體體現").check()
    first.get_by_role("button", name="Check").click()
    expect_verdict(first, "Not quite")
    second.get_by_label("自然延伸").check()
    second.get_by_role("button", name="Check").click()
    expect_verdict(second, "Not quite")
    expect(second.locator("#messages")).to_contain_text("The answer recorded first stands.")
    assert [response.answer for response in Response.objects.all()] == [0]


def test_back_and_answering_again_shows_what_was_recorded(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner, java_script_enabled=False)
    page.goto(question(attempt, CHOICE))
    page.get_by_label("具體體現").check()
    follow(page.get_by_role("button", name="Check"))
    follow(page.get_by_role("link", name="Continue"))
    page.go_back()
    expect_verdict(page, "Not quite")
    assert Response.objects.count() == 1


def test_offline_keeps_the_answer_and_the_second_press_succeeds(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, TYPED))
    page.locator("#answer").fill("自然延伸")
    page.context.set_offline(True)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    expect(page.locator("#answer")).to_have_value("自然延伸")
    expect(page.get_by_role("button", name="Check")).to_be_focused()
    page.context.set_offline(False)
    page.get_by_role("button", name="Check").click()
    expect_verdict(page)
    expect(page.get_by_role("alert")).to_be_empty()


def test_a_busy_server_is_asked_again_and_the_answer_counts_once(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, TYPED))
    refused: list[str] = []

    def busy_twice(route: Route) -> None:
        """Refuse before the server hears of it, then once more after it has recorded the answer."""
        if route.request.method != "POST" or len(refused) == 2:
            route.continue_()
            return
        if refused:
            route.fetch(max_redirects=0)
        refused.append(route.request.post_data or "")
        route.fulfill(status=503, headers={"X-Request-ID": "abc123"}, body="busy")

    page.route("**/practice/**", busy_twice)
    page.locator("#answer").fill("自然延伸")
    page.get_by_role("button", name="Check").click()
    expect_verdict(page)
    expect(page.get_by_role("alert")).to_be_empty()
    assert len(refused) == 2
    assert Response.objects.count() == 1


def test_a_server_that_stays_busy_says_so_with_a_reference_and_keeps_the_answer(
    open_as: MakePage, attempt: Attempt
) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, TYPED))
    asked: list[str] = []

    def busy(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, headers={"X-Request-ID": "abc123"}, body="busy")

    page.route("**/practice/**", busy)
    page.locator("#answer").fill("自然延伸")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The server is busy. What you wrote is still here; press again in a moment. An answer counts only once."
        " (Reference: abc123)"
    )
    assert len(asked) == 5
    expect(page.locator("#answer")).to_have_value("自然延伸")
    page.unroute("**/practice/**")
    page.get_by_role("button", name="Check").click()
    expect_verdict(page)
    expect(page.get_by_role("alert")).to_be_empty()


def test_closing_and_coming_back_shows_the_same_question(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(attempt.get_absolute_url())
    by_keys(page, CLOZE)
    expect_verdict(page)
    page.close()
    again = open_as(attempt.learner)
    again.goto(attempt.get_absolute_url())
    expect(again.locator("#position")).to_have_text("Question 2 of 7")


def test_a_session_that_expired_leads_to_a_whole_log_in_page_and_back(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, CHOICE))
    page.context.clear_cookies(name="session")
    page.get_by_label("自然延伸").check()
    page.get_by_role("button", name="Check").click()
    page.wait_for_url(f"**{reverse('account_login')}?next={question(attempt, CHOICE)}")
    expect(page.locator("header.top")).to_have_count(1)
    assert Response.objects.count() == 0


# Focus, speech, keys.


def test_an_empty_answer_moves_the_focus_to_the_words_that_say_so(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, CHOICE))
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".problem")).to_be_focused()
    expect(page).to_have_title("Error: Question 3 of 7 – 測試文件 – Jingdu 精讀")


def test_a_near_answer_may_be_mended(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, TYPED))
    page.locator("#answer").fill("自然延申")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Almost: one character differs")).to_be_focused()
    expect(page.locator("#answer")).to_have_value("自然延申")
    page.locator("#answer").fill("自然延伸")
    page.keyboard.press("Enter")
    expect_verdict(page, "Correct, at the second try")


def test_a_hint_takes_the_focus_and_keeps_what_was_typed(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, TYPED))
    page.locator("#answer").fill("自燃")
    page.get_by_role("button", name="Hint").click()
    expect(page.locator(".hint")).to_be_focused()
    expect(page.locator(".hint")).to_contain_text("The answer begins with 自")
    expect(page.locator("#answer")).to_have_value("自燃")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect_verdict(page, "Not quite")


def test_a_flag_changes_only_its_region(open_as: MakePage, attempt: Attempt, complaints: list[str]) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, TYPED))
    page.locator("#answer").fill("打到一半")
    page.get_by_text("Something wrong with this question?").click()
    page.get_by_label("What seems wrong?").select_option("unclear")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("somebody will look at it")).to_be_focused()
    expect(page.locator("#answer")).to_have_value("打到一半")
    assert (Flag.objects.count(), complaints) == (1, [])


def test_pairs_are_spoken_moved_and_undone(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, PAIRS))
    tab_to(page, ".pairs button")
    page.keyboard.type("1A")
    expect(page.get_by_role("status")).to_have_text("政府 – 引擎作用. 1 of 6 paired")
    expect(page.locator(".pairs button", has_text="聯合國")).to_be_focused()
    page.keyboard.type("2a")
    page.get_by_role("button", name="2 引擎作用").click()
    expect(page.get_by_role("status")).to_have_text("Undone. 0 of 6 paired")
    page.get_by_role("button", name="3 互聯網").click()
    page.keyboard.press("Escape")
    expect(page.locator(".pairs [aria-pressed=true]")).to_have_count(0)
    assert page.eval_on_selector_all("select", "all => all.map(one => one.value)")[:6] == [""] * 6


def test_the_pairs_of_a_verdict_fit_a_phone(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner, **PHONE)
    page.goto(question(attempt, PAIRS))
    page.locator("button[name=give_up]").click()
    region = page.get_by_role("region", name="Your pairs and the right ones")
    expect(region.get_by_role("row")).to_have_count(len(PREMISES) + 1)
    wide, shown = region.evaluate("one => [one.scrollWidth, one.clientWidth]")
    assert wide <= shown


def test_an_item_that_moves_keeps_the_focus_and_says_its_place(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, ORDER))
    up = page.get_by_role("button", name="Up 尊重網絡主權")
    up.click()
    expect(up).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("尊重網絡主權: place 3 of 4")
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(up).to_be_focused()
    expect(up).to_have_attribute("aria-disabled", "true")


def test_single_keys_need_the_focus_the_setting_and_no_modifier(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, CHOICE))
    page.keyboard.press("b")
    expect(page.locator("input:checked")).to_have_count(0)
    tab_to(page, "input[name=choice]")
    page.keyboard.press("Control+b")
    page.locator("input[name=choice]").first.dispatch_event("keydown", {"key": "b", "isComposing": True})
    expect(page.locator("input:checked")).to_have_count(0)
    User.objects.update(has_single_keys=False)
    page.goto(question(attempt, CHOICE))
    tab_to(page, "input[name=choice]")
    page.keyboard.press("b")
    expect(page.locator("input:checked")).to_have_count(0)


def test_the_status_and_the_alert_line_are_the_same_all_along(open_as: MakePage, attempt: Attempt) -> None:
    """A live region that is replaced is not heard (WCAG 4.1.3)."""
    page = open_as(attempt.learner)
    page.goto(question(attempt, CHOICE))
    page.evaluate("window.lines = [...document.querySelectorAll('[role=status], [role=alert]')]")
    page.get_by_role("button", name="I don’t know").click()
    expect_verdict(page, "Not quite")
    page.get_by_text("Something wrong with this question?").click()
    page.get_by_label("What seems wrong?").select_option("unclear")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("somebody will look at it")).to_be_focused()
    same = "[...document.querySelectorAll('[role=status], [role=alert]')].every((line, i) => line === window.lines[i])"
    assert (page.evaluate("window.lines.length"), page.evaluate(same)) == (2, True)


def test_back_from_the_summary_shows_the_last_question_with_its_feedback(open_as: MakePage, attempt: Attempt) -> None:
    page = open_as(attempt.learner)
    page.goto(question(attempt, TYPED))
    page.locator("#answer").fill("完全不同")
    page.get_by_role("button", name="Check").click()
    expect_verdict(page, "Not quite")
    page.goto(reverse("quizzes:summary", args=[attempt.pk]))
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_url(f"**{question(attempt, TYPED)}")
    expect_verdict(page, "Not quite")
    expect(page.locator("header.top")).to_have_count(1)


# Everybody.


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_no_barrier_is_found_by_axe(
    open_as: MakePage, attempt: Attempt, scheme: str, options: dict[str, object]
) -> None:
    page = open_as(attempt.learner, color_scheme=scheme, reduced_motion="reduce", **options)
    found = []
    for position in EVERY:
        page.goto(question(attempt, position))
        page.get_by_text("Something wrong with this question?").click()
        expect(page.get_by_label("What seems wrong?")).to_be_focused()
        found += barriers(page)
        if position not in (ORDER, PAIRS):
            page.get_by_role("button", name="Check").click()
            expect(page.locator(".problem")).to_be_focused()
            found += barriers(page)
        page.get_by_role("button", name="I don’t know").click()
        expect_verdict(page, "Not quite")
        found += barriers(page)
    page.goto(reverse("quizzes:summary", args=[attempt.pk]))
    assert found + barriers(page) == []


def barriers(page: Page) -> list[tuple[str, str, str]]:
    """(address, rule, first element) of each violation; and whether the page scrolls sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    violations = Axe().run(page, options=WCAG).response["violations"]
    found = [(page.url, rule["id"], rule["nodes"][0]["html"]) for rule in violations]
    return found + ([(page.url, "scrolls sideways", "")] if wide else [])
