"""Reports as files: the same as on the screen, cell by cell, and the whole class."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from classrooms.models import Classroom, Member
from curriculum.models import Course
from quizzes.models import Question
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.classrooms.test_spreadsheets import sheet_names, xlsx_cells
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.histories import answer
from tests.reports.rows import make_learners, respond
from tests.reports.screen import Tables, csv_rows, csv_tables, in_a_file
from tests.reports.test_assignment_items import make_quiz, sit

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    course = make_course(slug="small", lessons=2, sentences=3)
    make_bank(course)
    return course


@pytest.fixture
def classroom(course: Course, client: Client) -> Classroom:
    """A class of seven whose names try everything; five have answered, two never."""
    classroom = make_classroom(make_user("instructor"), course=course, name="三年二班")
    names = ["陳怡君", "=1+1", "＋Bob", "@SUM(A1)", "Zoë", "Never Tried", "尚未開始"]
    members = [make_member(classroom, make_user(), name=name) for name in names]
    facts = list(course.facts.order_by("key"))
    now = timezone.now().replace(hour=12)
    for at, member in enumerate(members[:5]):
        for day in range(6 + at):
            rating = 1 if (day + at) % 3 == 0 else 3
            answer(member.user, facts[day % 4], at=now - timedelta(days=12 - day), rating=rating, confused_with="乙")
    make_assignment(classroom, title="=HYPERLINK(1)", sort="practice")
    client.force_login(classroom.members.get(role=Member.Role.OWNER).user)
    return classroom


def of_class(name: str, classroom: Classroom, *ids: Any, format: str = "csv", **query: Any) -> tuple[str, str]:
    """The addresses of the page and of its file."""
    page = reverse(f"reports:{name}", args=[classroom.pk, *ids], query=query)
    file = reverse(f"reports:{name}_export", args=[classroom.pk, *ids, format], query=query)
    return page, file


def expected(rows: list[list[str]]) -> list[list[str]]:
    """What the file must hold for a table of the page; text that could be a formula begins with an apostrophe."""
    return [[safe(text) for text in rows[0]], *([safe(in_a_file(text)) for text in row] for row in rows[1:])]


def safe(text: str) -> str:
    return f"'{text}" if text[:1] in "=＋@" and text else text


def tables_of(client: Client, address: str) -> dict[str, list[list[str]]]:
    return Tables(client.get(address).content.decode()).found


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("class_overview", {"lessons", "heat", "learners", "bands"}),
        ("class_work", {"work"}),
    ],
)
def test_a_file_holds_what_the_page_shows(client: Client, classroom: Classroom, name: str, titles: set[str]) -> None:
    page, file = of_class(name, classroom)
    shown = tables_of(client, page)
    assert {key.removeprefix("t-") for key in shown} == titles
    for key, rows in shown.items():
        assert csv_rows(client.get(file, {"table": key.removeprefix("t-")}).content) == expected(rows), key


def test_the_report_on_a_learner_is_the_same_in_a_file(client: Client, classroom: Classroom) -> None:
    member = classroom.members.get(name="陳怡君")
    page, file = of_class("class_learner", classroom, member.pk)
    shown = tables_of(client, page)
    keys = {"lessons", "weeks", "days", "kinds", "confusions", "weakest", "coming", "sentences"}
    assert {key.removeprefix("t-") for key in shown} == keys
    for key in keys:
        assert csv_rows(client.get(file, {"table": key}).content) == expected(shown[f"t-{key}"]), key


def test_confusions_are_the_same_in_a_file(client: Client, classroom: Classroom, course: Course) -> None:
    questions = [Question.objects.get(course=course, key=f"choice-F2-{at}") for at in (2, 3)]
    for at, learner in enumerate(make_learners(classroom, 6)):
        for question in questions:
            respond(learner, question, at % 3, at=timezone.now() - timedelta(hours=1))
    page, file = of_class("class_confusions", classroom)
    shown = tables_of(client, page)
    assert len(shown) == 2
    for key, rows in shown.items():
        assert csv_rows(client.get(file, {"table": key.removeprefix("t-")}).content) == expected(rows), key


def test_the_document_is_in_the_file_sentence_by_sentence(client: Client, classroom: Classroom) -> None:
    page, file = of_class("class_document", classroom, lesson="lesson-1")
    text = client.get(page).content.decode()
    head, *rows = csv_rows(client.get(file).content)
    assert head == ["Sentence", "Learners", "Estimated recall"]
    assert [row[0] for row in rows] == [f"第1章第{at}句說明事項1甲{at}。" for at in (1, 2, 3)]
    for sentence, n, recall in rows:
        said = text.split(f">{sentence}</a>")[1].split("</p>")[0]
        assert (f"{recall}%, n={n}<" if recall else f"n={n}<" if n != "0" else "") in said
    assert rows[0][2]
    (other,) = {tuple(map(tuple, csv_rows(client.get(of_class("class_document", classroom)[1]).content)))}
    assert [list(row) for row in other] == [head, *rows]


def test_two_classes_and_two_assignments_are_compared_in_a_file_too(client: Client, classroom: Classroom) -> None:
    owner = classroom.members.get(role=Member.Role.OWNER).user
    second = make_classroom(owner, course=classroom.course, name="Class B")
    make_learners(second, 2)
    works = [make_assignment(room, title=f"Work of {room.name}") for room in (classroom, second)]
    query = {"first": works[0].pk, "second": works[1].pk, "one": classroom.pk, "other": second.pk}
    shown = tables_of(client, reverse("reports:compare", query=query))
    assert set(shown) == {"t-compared-work", "t-compared-classes"}
    for key, rows in shown.items():
        file = reverse("reports:compare_export", args=["csv"], query=query | {"table": key.removeprefix("t-")})
        assert csv_rows(client.get(file).content) == expected(rows), key
    client.force_login(make_user("stranger"))
    assert client.get(reverse("reports:compare_export", args=["csv"], query=query)).content == b"\xef\xbb\xbf"


def test_a_sentence_is_in_the_file_with_who_missed_it_and_how(
    client: Client, classroom: Classroom, course: Course
) -> None:
    fact, question = course.facts.get(key="F1-1"), Question.objects.get(key="choice-F1-1")
    for learner in make_learners(classroom, 2):
        respond(learner, question, 0, at=timezone.now() - timedelta(hours=1))
    page, file = of_class("class_sentence", classroom, fact.sentence_id)
    ((key, shown),) = tables_of(client, page).items()
    assert csv_rows(client.get(file, {"table": key.removeprefix("t-")}).content) == expected(shown)
    text = client.get(page).content.decode()
    _head, (name, n, recall, missed) = csv_rows(client.get(file, {"table": "facts"}).content)
    assert f"{name}</h2>" in text
    assert f"{n} learners were asked; about {recall}% would recall it now." in text
    names = [part.rsplit(" (", 1)[0] for part in missed.split("; ")]
    assert {"Learner 0", "Learner 1"} <= set(names)
    assert all(f">{one}</a>" in text for one in names)


def test_the_questions_are_in_the_file_as_in_the_list(client: Client, classroom: Classroom, course: Course) -> None:
    questions = list(Question.objects.filter(course=course, kind="choice").order_by("key"))
    for at, learner in enumerate(make_learners(classroom, 22)):
        for question in questions[:2]:
            respond(learner, question, at % 2, at=timezone.now() - timedelta(hours=1))
    page, file = of_class("items", classroom, sort="document")
    shown = tables_of(client, page)["items-caption"]
    rows = csv_rows(client.get(file).content)
    assert len(rows) == len(shown) == 13
    assert rows[0][:5] == ["Question", "Kind", "Lesson", "Version", "Answers"]
    for seen, kept in zip(shown[1:], rows[1:], strict=True):
        stem, kind, lesson, version, n, right, low, high, wrong, share, separates, seconds, why = kept
        assert seen[0].startswith(stem[:40])
        assert seen[0].endswith(f"{kind} · {lesson}")
        assert (version, seen[1]) == ("1", n)
        assert seen[2] == (f"{right}% {low}% to {high}%" if low else right)
        assert seen[3] == (f"{wrong} {share}%" if share else wrong or "–")
        assert seen[4].removesuffix(" preliminary") == separates
        assert seen[5] == (f"{seconds} s" if seconds.isdigit() else seconds)
        assert all(part in why for part in seen[6].split(" Preliminary")[:1])
    assert any(row[9] for row in rows[1:])


def test_the_calibration_is_the_same_in_a_file(client: Client, classroom: Classroom, course: Course) -> None:
    (learner,) = make_learners(classroom, 1)
    for at in range(72):
        fact = course.facts.order_by("key")[at % 6]
        answer(learner, fact, at=timezone.now() - timedelta(days=80 - at), rating=1 if at % 4 == 0 else 3)
    page, file = of_class("class_calibration", classroom)
    shown = tables_of(client, page)["t-calibration"]
    assert sum(int(row[1]) for row in shown[1:]) >= 50
    assert csv_rows(client.get(file).content) == expected(shown)


def test_the_questions_of_a_quiz_are_in_the_file_as_on_the_page(client: Client, classroom: Classroom) -> None:
    quiz, dice = make_quiz(classroom), random.Random(7)
    for at, learner in enumerate(make_learners(classroom, 31)):
        sit(quiz, learner, at / 30, dice)
    page, file = of_class("assignment_items", classroom, quiz.pk)
    text = client.get(page).content.decode()
    (shown,) = (rows for key, rows in Tables(text).found.items() if key == "paper")
    rows = csv_rows(client.get(file, {"table": "paper"}).content)
    assert len(rows) == len(shown) == 5
    for seen, kept in zip(shown[1:], rows[1:], strict=True):
        number, stem, kind, right, low, high, blank, wrong, share, r, efficiency, weight, seconds = kept
        assert seen[0] == number
        assert seen[1].startswith(stem[:40])
        assert seen[1].endswith(kind)
        assert seen[2] == f"{right}% {low}% to {high}%"
        assert (seen[3], seen[4]) == (blank, f"{wrong} {share}%" if share else wrong or "–")
        assert f"{float(seen[5].split()[0]):g}" == r
        assert seen[6].startswith("not enough answers yet") if efficiency == "too few" else seen[6] == f"{efficiency}%"
        assert seen[7] == f"{weight}%"
        assert seen[8] == (f"{seconds} s" if seconds.isdigit() else seconds)
    figures = dict(csv_rows(client.get(file, {"table": "reliability"}).content)[1:])
    said = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^ <]+)", text))
    assert len(figures) == 6
    assert {name: in_a_file(value) for name, value in said.items()} == figures


def test_one_question_is_in_the_file_as_on_its_page(client: Client, classroom: Classroom) -> None:
    question = Question.objects.get(key="choice-F2-3")
    for at, learner in enumerate(make_learners(classroom, 30)):
        respond(learner, question, at % 3, at=timezone.now() - timedelta(hours=1))
    page, file = of_class("item", classroom, question.pk)
    text = client.get(page).content.decode()
    figures = dict(csv_rows(client.get(file, {"table": "figures-1"}).content)[1:])
    said = dict(re.findall(r"<dt>([^<]+)</dt><dd>\s*([^ <]+)", text))
    assert (figures["Answers"], figures["Right"]) == (said["Answers"], said["Right"].rstrip("%")) == ("30", "33")
    assert figures["Right, without guessing"] == said["Right, without guessing"].rstrip("%")
    assert figures["Median time in seconds"] == said["Median time"]
    shown = Tables(text).found["options-1"]
    rows = csv_rows(client.get(file, {"table": "options-1"}).content)
    assert len(rows) == len(shown) == 4
    for seen, kept in zip(shown[1:], rows[1:], strict=True):
        option, is_key, chosen, share, *_more, works = kept
        assert seen[0] == (f"{option} ✓ key" if is_key else option)
        assert (seen[1], seen[2], seen[5]) == (chosen, f"{share}%", works)


def test_with_too_few_answers_a_file_says_no_more_than_the_page(client: Client, classroom: Classroom) -> None:
    question = Question.objects.get(key="choice-F2-3")
    for learner in make_learners(classroom, 2):
        respond(learner, question, 0, at=timezone.now() - timedelta(hours=1))
    page, file = of_class("item", classroom, question.pk)
    assert "Not enough answers yet: 2 first answers." in client.get(page).content.decode()
    assert csv_rows(client.get(file).content) == [["Figure", "Value"], ["Answers", "2"]]


def test_the_filters_of_the_page_hold_for_its_file(client: Client, classroom: Classroom) -> None:
    page, _file = of_class("items", classroom, kind="choice", page="1")
    text = client.get(page).content.decode()
    (address,) = [part.split('"')[0] for part in text.split('href="') if "export/csv" in part.split('"')[0]]
    assert address.endswith("?kind=choice")
    assert {row[1] for row in csv_rows(client.get(address).content)[1:]} == {"One choice"}


@pytest.mark.parametrize("name", ["class_overview", "class_work", "class_confusions", "class_document", "items"])
def test_each_page_leads_to_its_files(client: Client, classroom: Classroom, course: Course, name: str) -> None:
    page, _file = of_class(name, classroom)
    text = client.get(page).content.decode()
    for format in ("csv", "xlsx"):
        assert f'href="{of_class(name, classroom, format=format)[1]}"' in text


def test_the_whole_class_is_in_the_file_and_not_only_the_page_shown(client: Client, classroom: Classroom) -> None:
    make_learners(classroom, 50)
    page, file = of_class("class_overview", classroom, page="2")
    assert len(tables_of(client, page)["t-learners"]) == 1 + 17
    assert len(csv_rows(client.get(file, {"table": "learners"}).content)) == 1 + 57


def test_who_never_tried_has_a_row(client: Client, classroom: Classroom) -> None:
    _head, *rows = csv_rows(client.get(of_class("class_overview", classroom)[1], {"table": "learners"}).content)
    found = {row[0]: row for row in rows}
    assert found["尚未開始"][1:] == ["not started", "too few", "too few", "", "0", "0", "0", "", ""]
    assert len(found) == 7


def test_a_book_has_the_same_cells_a_sheet_for_each_table(client: Client, classroom: Classroom) -> None:
    data = client.get(of_class("class_overview", classroom, format="xlsx")[1]).content
    assert sheet_names(data) == ["Lessons", "Estimated recall of each lesson", "Learners", "How many recall how much"]
    tables = csv_tables(client.get(of_class("class_overview", classroom)[1]).content)
    for at, rows in enumerate(tables.values(), start=1):
        found = [[as_text(value) for value in row] for row in xlsx_cells(data, number=at)]
        wanted = [[text.removeprefix("'") for text in row] for row in rows]
        assert found == [trimmed(row) for row in wanted]


def as_text(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else value


def trimmed(row: list[str]) -> list[str]:
    """Without empty cells at the end, which a sheet does not hold."""
    while row and not row[-1]:
        row = row[:-1]
    return row


def test_no_name_becomes_a_formula(client: Client, classroom: Classroom) -> None:
    rows = csv_rows(client.get(of_class("class_overview", classroom)[1], {"table": "learners"}).content)
    assert {"'=1+1", "'＋Bob", "'@SUM(A1)", "陳怡君", "Zoë"} <= {row[0] for row in rows}
    work = csv_rows(client.get(of_class("class_work", classroom)[1]).content)
    assert work[1][0] == "'=HYPERLINK(1)"


def test_a_file_is_named_and_kept_by_nobody(client: Client, classroom: Classroom) -> None:
    response = client.get(of_class("class_overview", classroom, format="xlsx")[1])
    assert response.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    assert response.headers["Content-Disposition"].endswith(f'-class-overview-{timezone.localdate()}.xlsx"')
    assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(("format", "query"), [("pdf", {}), ("csv", {"table": "nothing"})])
def test_what_there_is_not_is_not_found(
    client: Client, classroom: Classroom, format: str, query: dict[str, str]
) -> None:
    assert client.get(of_class("class_overview", classroom, format=format, **query)[1]).status_code == 404


@pytest.mark.parametrize("count", [1, 15])
def test_a_file_takes_as_many_queries_as_its_page(
    client: Client, course: Course, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    classroom = make_classroom(make_user("instructor"), course=course)
    for learner in make_learners(classroom, count):
        for fact in course.facts.all():
            answer(learner, fact, at=timezone.now() - timedelta(days=2))
    client.force_login(classroom.members.get(role=Member.Role.OWNER).user)
    address = of_class("class_overview", classroom)[1]
    client.get(address)
    with django_assert_num_queries(14):
        client.get(address)
