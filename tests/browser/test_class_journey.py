"""A class from nothing, as an instructor and a learner walk it: the roster, groups, work, a quiz on a phone, marks."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from classrooms.models import Assignment, Classroom
from tests.browser.conftest import PHONE, MakePage
from tests.factories import make_user
from tests.quizzes.every_kind import make_every_kind

NAMES = [f"{family}{given}" for family in "王李張劉陳楊趙黃" for given in ("小明", "怡君", "家豪", "雅婷", "志偉")]
PASTED = "\n".join(f"{name}\ts{at}@example.org" if at % 3 == 0 else name for at, name in enumerate(NAMES))


@pytest.fixture
def teacher_page(open_as: MakePage, transactional_db: None) -> Page:
    make_every_kind()
    return open_as(make_user("teacher"), viewport={"width": 1280, "height": 800})


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def make_class(page: Page) -> str:
    """From home to a class with its code, which is answered."""
    page.goto(reverse("quizzes:home"))
    go(page, "Classes")
    go(page, "Make a class")
    page.get_by_label("Name of the class").fill("國文一甲")
    press(page, "Make the class")
    return page.locator(".join-code").inner_text().split()[-1]


def add_learners(page: Page) -> tuple[str, str]:
    """The pasted list becomes forty cards; user name and password of the first one."""
    go(page, "Learners")
    page.get_by_role("link", name="Add learners").first.click()
    page.get_by_label("Names, one a line, or rows copied from a spreadsheet").fill(PASTED)
    press(page, "Look at the list")
    expect(page.get_by_text("so the columns are: name, e-mail, group, student number.")).to_be_visible()
    press(page, "Take 40 lines")
    expect(page.locator(".cards > li")).to_have_count(40)
    card = page.locator(".cards > li", has_text=NAMES[0]).locator("dd.typed")
    username, password = card.all_inner_texts()
    return username, password


def put_into_a_group(page: Page, *, names: list[str]) -> None:
    go(page, "To the list of learners")
    expect(page.get_by_role("heading", name="40 learners")).to_be_visible()
    go(page, "Groups")
    page.get_by_label("Name of the group").fill("甲組")
    press(page, "Make the group")
    go(page, "To the list of learners")
    for name in names:
        page.get_by_role("checkbox", name=name).check()
    page.get_by_label("Those chosen:").select_option(label="甲組")
    press(page, "Put into this group")
    expect(page.get_by_role("row", name=re.compile(f"{names[0]}.*甲組"))).to_be_visible()


def set_work(page: Page) -> None:
    """A quiz with a time limit, reading and practice, spaced review."""
    for link, fields in (
        ("New quiz", {"Number of questions": "3", "Time limit in minutes": "15"}),
        ("Set reading and practice", {}),
        ("Set spaced review", {"Days with a finished review": "3"}),
    ):
        go(page, "Work")
        go(page, link)
        for label, value in fields.items():
            page.get_by_label(label, exact=True).fill(value)
        if link == "Set reading and practice":
            press(page, "Set it")
            expect(page.locator(".problem")).to_contain_text("Choose at least one lesson.")
            page.get_by_label("第1章", exact=True).check()
        press(page, "Set it")
        expect(page.get_by_text("0 of 40 learners are through; 0 began.")).to_be_visible()


def take_the_quiz(page: Page, username: str, password: str) -> None:
    """From the log-in card over what is to do on home to the result, answering nothing."""
    page.goto(reverse("account_login"))
    page.get_by_label("User name or e-mail address").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.locator("main form button.main").click()
    page.get_by_role("link", name=re.compile("Quiz · about")).click()
    press(page, "Begin")
    for _question in range(3):
        page.locator("main form button.main").click()
    expect(page.get_by_text("0 of 3 questions answered.")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Hand in")).click()
    expect(page.get_by_role("heading", name="How it went")).to_be_visible()
    expect(page.get_by_role("link", name="Read it there")).to_have_count(3)


def marks_in_the_file(page: Page) -> dict[str, str]:
    """The mark of the quiz by name of the learner, as the file has it."""
    with page.expect_download() as download:
        go(page, "Download as CSV")
    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    quiz = Assignment.objects.get(sort="quiz")
    at = next(at for at, head in enumerate(rows[0]) if quiz.title == head.split(" (")[0])
    return {next(cell for cell in row if cell in NAMES): row[at] for row in rows if set(row) & set(NAMES)}


def test_a_class_from_nothing_to_marks_in_a_file(open_as: MakePage, teacher_page: Page, complaints: list[str]) -> None:
    page = teacher_page
    code = make_class(page)
    assert Classroom.objects.get().shown_code == code
    username, password = add_learners(page)
    put_into_a_group(page, names=NAMES[:10])
    set_work(page)
    assert len(set(Assignment.objects.values_list("title", flat=True))) == 3
    phone = open_as(java_script_enabled=False, **PHONE)
    take_the_quiz(phone, username, password)
    go(page, "Gradebook")
    expect(page.get_by_role("row", name=re.compile(f"^{NAMES[0]}"))).to_contain_text("0 of 100")
    marks = marks_in_the_file(page)
    assert (len(marks), marks[NAMES[0]], marks[NAMES[1]]) == (40, "0", "")
    assert [words for words in complaints if "422" not in words] == []  # the lesson that was missing


def test_a_visitor_joins_with_the_code_that_is_on_the_board(open_as: MakePage, teacher_page: Page) -> None:
    code = make_class(teacher_page)
    page = open_as(**PHONE)
    page.goto(reverse("quizzes:home"))
    go(page, "Join a class")
    page.get_by_label("Class code").fill(code.lower())
    press(page, "Continue")
    page.get_by_label("Your name in this class").fill("林訪客")
    press(page, "Join")
    expect(page.get_by_role("heading", name="國文一甲")).to_be_visible()
    go(teacher_page, "Learners")
    expect(teacher_page.get_by_role("row", name=re.compile("林訪客"))).to_contain_text("guest")
