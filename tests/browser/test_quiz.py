"""A learner takes a quiz on a phone, with and without script; what was set for them is found on home."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from classrooms.models import Assignment, Member, Sitting
from quizzes.models import Attempt, AttemptItem
from tests.browser.conftest import PHONE, MakePage, follow
from tests.browser.test_practice import tab_to
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_learner
from tests.quizzes.every_kind import MEMBERS, PARTNERS, PREMISES, RESPONSES, make_every_kind


@pytest.fixture
def member(transactional_db: None) -> Member:
    return make_member(make_classroom(course=make_every_kind(), name="1A"), make_learner())


def make_quiz(member: Member, **fields: Any) -> Assignment:
    due = timezone.now() + timedelta(days=1)
    plain = {"title": "Week 1", "is_shuffled": False, "count": 7, "minutes": 20, "due_at": due}
    quiz = make_assignment(member.classroom, **plain | fields)
    quiz.paper = {"": [row.current_id for row in member.classroom.course.questions.order_by("key")]}
    quiz.save()
    return quiz


def begin(page: Page) -> None:
    page.goto(reverse("quizzes:home"))
    page.get_by_role("link", name="Week 1").click()
    expect(page.get_by_text("Time limit: 20 minutes.")).to_be_visible()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/sittings/*/1/")


def go_on(page: Page) -> None:
    follow(page.locator("button.main"))


def saved(position: int) -> Any:
    return AttemptItem.objects.get(position=position).saved


def expect_saved(page: Page, position: int, answer: dict[str, list[str]]) -> None:
    """Soon, without another press."""
    for _ in range(150):
        if saved(position) == answer:
            return
        page.wait_for_timeout(100)
    assert saved(position) == answer


def has_no_overflow(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_a_quiz_on_a_phone_without_script_from_home_to_the_result(open_as: MakePage, member: Member) -> None:
    make_quiz(member)
    page = open_as(member.user, java_script_enabled=False, **PHONE)
    begin(page)
    page.get_by_label("What stands in the gap?").fill("自然延伸")
    go_on(page)
    for _position in (2, 3):
        page.get_by_label("自然延伸").check()
        go_on(page)
    page.get_by_label("Your answer").fill("自然延伸")
    go_on(page)
    for number, text in enumerate(MEMBERS, start=1):
        page.get_by_label(f"Item {number} of 4").fill(text)
    go_on(page)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Item 1 of 4")).to_have_value(MEMBERS[0])
    go_on(page)
    for index in range(4):
        page.locator(f"[name=place_{index}]").select_option(str(4 - index))
    go_on(page)
    page.reload()
    go_on(page)
    expect(page.get_by_text("6 of 7 questions answered.")).to_be_visible()
    expect(page.get_by_text("1 question has no finished answer and will earn nothing.")).to_be_visible()
    follow(page.get_by_role("link", name="Question 7"))
    for premise, partner in zip(PREMISES, PARTNERS, strict=True):
        page.get_by_label(premise, exact=True).select_option(label=RESPONSES[partner])
    go_on(page)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("100 %").first).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="How it went")).to_be_visible()


def test_what_is_typed_is_saved_without_pressing_anything(
    open_as: MakePage, member: Member, complaints: list[str]
) -> None:
    make_quiz(member)
    page = open_as(member.user, **PHONE)
    moments: list[int] = []
    page.on("request", lambda request: moments.extend(map(int, re.findall(r"moment=(\d+)", request.post_data or ""))))
    begin(page)
    page.get_by_label("What stands in the gap?").press_sequentially("自然延伸")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    assert saved(1) == {"text": ["自然延伸"]}
    page.get_by_label("What stands in the gap?").press_sequentially("了")
    expect_saved(page, 1, {"text": ["自然延伸了"]})
    page.get_by_label("What stands in the gap?").press("Backspace")
    expect_saved(page, 1, {"text": ["自然延伸"]})
    assert len(moments) >= 3
    assert moments == sorted(set(moments))
    assert abs(moments[-1] - timezone.now().timestamp() * 1000) < 30_000
    assert has_no_overflow(page)
    page.context.close()
    again = open_as(member.user, **PHONE)
    again.goto(Sitting.objects.get().assignment.get_absolute_url())
    again.get_by_role("button", name="Go on").click()
    expect(again.get_by_text("Question 2 of 7")).to_be_visible()
    again.get_by_role("button", name="Back").click()
    expect(again.get_by_label("What stands in the gap?")).to_have_value("自然延伸")
    assert complaints == []


def test_by_keys_alone_the_last_answer_leads_to_the_overview_and_on(open_as: MakePage, member: Member) -> None:
    make_quiz(member)
    page = open_as(member.user)
    begin(page)
    page.goto(reverse("classrooms:sitting_item", args=[member.classroom_id, Sitting.objects.get().pk, 7]))
    tab_to(page, "button.main")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look over and hand in")).to_be_focused()
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How it went")).to_be_focused()


def test_pairs_joined_by_tapping_are_saved_and_come_back(
    open_as: MakePage, member: Member, complaints: list[str]
) -> None:
    make_quiz(member)
    page = open_as(member.user, **PHONE)
    begin(page)
    page.goto(reverse("classrooms:sitting_item", args=[member.classroom_id, Sitting.objects.get().pk, 7]))
    page.get_by_role("button", name=PREMISES[0], exact=False).first.click()
    page.get_by_role("button", name=RESPONSES[PARTNERS[0]]).click()
    expect(page.locator("#saved")).to_contain_text("Saved at")
    assert saved(7)["pair_0"] == [str(PARTNERS[0])]
    page.reload()
    expect(page.locator("[name=pair_0]")).to_have_value(str(PARTNERS[0]))
    assert complaints == []


def said(page: Page) -> Callable[[], list[str]]:
    """Everything that the status line says from now on."""
    page.evaluate(
        """() => { window.spoken = []; new MutationObserver(() => window.spoken.push(
        document.getElementById('say').textContent)).observe(document.getElementById('say'), {childList: true}); }"""
    )
    return lambda: list(page.evaluate("window.spoken"))


def test_the_clock_warns_once_and_hands_in_what_was_typed_last(
    open_as: MakePage, member: Member, complaints: list[str]
) -> None:
    make_quiz(member)
    page = open_as(member.user, **PHONE)
    begin(page)
    expect(page.locator("#timer")).to_contain_text("19:")
    Attempt.objects.update(deadline_at=timezone.now() + timedelta(seconds=8))
    page.reload()
    expect(page.locator("#say")).to_have_text("1 minute left.")
    page.reload()
    spoken = said(page)
    expect(page.locator("#timer")).to_contain_text("0:0")
    assert "1 minute left." not in spoken()
    page.get_by_label("What stands in the gap?").fill("自然延伸")
    page.wait_for_url("**/review/", timeout=20_000)
    expect(page.get_by_text("The time is up. What you had answered is handed in.")).to_be_visible()
    sitting = Sitting.objects.get()
    assert (sitting.is_automatic, sitting.score) == (True, pytest.approx(1 / 7))
    assert complaints == []


@pytest.mark.parametrize("way", ["press", "key", "order"])
def test_each_way_to_answer_is_saved_once_and_without_pressing_save(
    open_as: MakePage, member: Member, complaints: list[str], way: str
) -> None:
    make_quiz(member)
    page = open_as(member.user)
    begin(page)
    position = 6 if way == "order" else 3
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(reverse("classrooms:sitting_item", args=[member.classroom_id, Sitting.objects.get().pk, position]))
    if way == "press":
        page.get_by_label("自然延伸").check()
    elif way == "key":
        page.locator("input[name=choice]").first.focus()
        page.keyboard.press("b")
    else:
        page.locator("[data-way=down]").first.click()
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.wait_for_timeout(1500)
    assert saved(position) is not None
    assert len(posts) == 1
    assert complaints == []
