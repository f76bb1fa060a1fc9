"""A person imports a document, reviews it and practises it, in a browser without JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from curriculum.models import Course
from tests.browser.conftest import PHONE, MakePage, follow
from tests.factories import make_learner
from tests.quizzes.test_importing_pages import TEXT


def test_a_document_is_imported_reviewed_and_practised_without_script(open_as: MakePage, complaints: list[str]) -> None:
    page = open_as(make_learner(), java_script_enabled=False, **PHONE)
    page.goto("/import/")
    page.get_by_label("Or the text itself").fill(TEXT)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Lessons as understood")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    follow(page.get_by_role("button", name="Continue: look for facts"))
    for lesson in Course.objects.get().lessons.order_by("order"):
        page.goto(f"/import/{Course.objects.get().slug}/facts/of/{lesson.key}/")
        for _ in range(8):
            accept = page.get_by_role("button", name=re.compile("^Accept"))
            if not accept.count():
                break
            follow(accept.first)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("link", name="Continue: make the questions").click()
    page.get_by_role("button", name="Make the questions").click()
    expect(page.get_by_role("heading", name="questions made")).to_be_visible()
    follow(page.get_by_role("link", name="Read and practise"))
    page.locator("main a", has_text="总则").first.click()
    page.get_by_role("button", name="Practise this lesson").first.click()
    expect(page.locator("#position")).to_contain_text("Question 1 of")
    assert complaints == []
