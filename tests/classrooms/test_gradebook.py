"""The pages of the gradebook: what an instructor sees and decides, what the files say, what a learner sees."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from classrooms.models import Assignment, Classroom, MarkChange, Member
from classrooms.views.marks import PER_PAGE
from tests.classrooms.marked import make_sitting, sit
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.classrooms.test_spreadsheets import csv_cells, xlsx_cells
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def classroom() -> Classroom:
    return make_classroom(make_user("owner"), name="History 3")


@pytest.fixture
def assignment(classroom: Classroom) -> Assignment:
    return make_assignment(classroom, title="First quiz", points=10)


@pytest.fixture
def member(classroom: Classroom) -> Member:
    return make_member(classroom, make_user("learner"), name="Lin")


@pytest.fixture
def owner(client: Client, classroom: Classroom) -> Client:
    client.force_login(classroom.members.get(role="owner").user)
    return client


@pytest.fixture
def learner(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def book(classroom: Classroom, query: str = "") -> str:
    return f"/classes/{classroom.pk}/gradebook/{query}"


def url(assignment: Assignment, member: Member) -> str:
    return f"/classes/{assignment.classroom_id}/gradebook/{assignment.pk}/{member.pk}/"


def plain(fragment: str) -> str:
    """The text of a piece of HTML, spaces made one."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r'<span class="vh">.*?</span>', "", fragment)))
    return " ".join(text.split())


def table(page: str) -> list[list[str]]:
    """The cells of the table on the page as text, row by row."""
    (inside,) = re.findall(r"<table>(.*?)</table>", page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", inside, re.DOTALL)
    return [[plain(cell) for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def a_full_class(classroom: Classroom, assignment: Assignment, member: Member) -> None:
    """Every sort of mark: late, by hand, excused, missing, under way, not begun; and names that could be formulas."""
    now = timezone.now()
    second = make_assignment(classroom, title="=Second", points=20, due_at=now - timedelta(days=1))
    red = classroom.groups.create(name="@Red")
    others = [make_member(classroom, name=name, number=name[-1]) for name in ("=1+1", "Chen", "Wang", "Zhou")]
    others[1].group = red
    others[1].save()
    make_sitting(assignment, member, now, score=0.725, is_late=True)
    make_sitting(assignment, others[0], now, score=1.0)
    make_sitting(assignment, others[1], now)
    make_sitting(second, others[1], now, score=1 / 3)
    decide(second, member, "excuse")
    decide(assignment, others[2], "override", points=7.5, reason="spoken")


def decide(assignment: Assignment, member: Member, action: str, **fields: Any) -> MarkChange:
    change: MarkChange = assignment.mark_changes.create(member=member, action=action, made_at=timezone.now(), **fields)
    return change


def test_the_table_says_each_mark_in_figures_and_words(
    owner: Client, classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    a_full_class(classroom, assignment, member)
    rows = table(owner.get(book(classroom)).content.decode())
    assert rows[1:] == [
        ["=1+1", "1", "", "10 of 30 33.3 %, 2 marks", "0 missing", "10"],
        ["Chen", "n", "@Red", "6.67 of 20 33.4 %, 1 mark", "6.67", "under way"],
        ["Lin", "", "", "7.25 of 10 72.5 %, 1 mark", "excused", "7.25 late"],
        ["Wang", "g", "", "7.50 of 30 25 %, 2 marks", "0 missing", "7.50 set by hand"],
        ["Zhou", "u", "", "0 of 20 0 %, 1 mark", "0 missing", "–"],
        ["Class mean", "", "", "32.8 % n = 5", "8.3 % n = 4", "82.5 % n = 3"],
    ]


@pytest.mark.parametrize("query", ["", "?sort=-total", "?group=GROUP", "?sort=nonsense&group=99999"])
def test_the_files_say_what_the_page_says_cell_by_cell(
    owner: Client, classroom: Classroom, assignment: Assignment, member: Member, query: str
) -> None:
    a_full_class(classroom, assignment, member)
    query = query.replace("GROUP", str(classroom.groups.get().pk))
    shown = table(owner.get(book(classroom, query)).content.decode())[1:]
    as_csv = csv_cells(owner.get(book(classroom, f"export/csv/{query}")).content)
    as_xlsx = xlsx_cells(owner.get(book(classroom, f"export/xlsx/{query}")).content)
    assert len(shown) == len(as_csv) - 1 == len(as_xlsx) - 1
    for line, row, other in zip(shown[:-1], as_csv[1:-1], as_xlsx[1:-1], strict=True):
        assert [cell.removeprefix("'") for cell in row[:3]] == line[:3]
        assert [said(row[at], row[at + 1]) for at in (7, 9)] == line[4:]
        points, out_of, percent, n = row[3:7]
        marks = "mark" if n == "1" else "marks"
        assert line[3] == f"{shown_number(points)} of {shown_number(out_of)} {percent} %, {n} {marks}"
        assert [text_of(value) for value in other] == [cell.removeprefix("'") for cell in row]
    foot = as_csv[-1]
    means = [(foot[5], f"n = {foot[6]}"), (foot[7], foot[8]), (foot[9], foot[10])]
    assert [f"{percent} % {n}" if percent else "–" for percent, n in means] == shown[-1][3:]


def said(points: str, remarks: str) -> str:
    return " ".join(filter(None, [shown_number(points), remarks.replace("; ", " ")])) or "–"


def shown_number(text: str) -> str:
    """A number of the file as the page writes it: two places, or none for a whole one."""
    return f"{float(text):.2f}".removesuffix(".00") if text else ""


def text_of(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:g}"


def test_who_has_no_attempt_is_a_row_with_empty_marks(
    owner: Client, classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    rows = csv_cells(owner.get(book(classroom, "export/csv/")).content)
    assert rows == [
        ["Learner", "Points", "Out of", "Percent", "Marks that count", "First quiz (of 10)", "Remarks on First quiz"],
        ["Lin", "", "", "", "0", "", ""],
        ["Class mean, percent", "", "", "", "0", "", "n = 0"],
    ]


def test_heads_sort_and_say_so(owner: Client, classroom: Classroom, assignment: Assignment, member: Member) -> None:
    page = owner.get(book(classroom, "?sort=total")).content.decode()
    assert page.count('aria-sort="ascending"') == 1
    assert 'href="?sort=-total"' in page
    assert 'aria-sort="descending"' in owner.get(book(classroom, f"?sort=-{assignment.pk}")).content.decode()


def test_one_assignment_or_one_learner_is_a_list(
    owner: Client, classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    a_full_class(classroom, assignment, member)
    page = owner.get(book(classroom, f"?assignment={assignment.pk}")).content.decode()
    lines = [plain(line) for line in re.findall(r"<li>(.*?)</li>", page, re.DOTALL)]
    assert lines == ["=1+1 10 of 10", "Chen under way", "Lin 7.25 of 10 late", "Wang 7.50 of 10 set by hand", "Zhou –"]
    page = owner.get(book(classroom, f"?learner={member.pk}")).content.decode()
    lines = [plain(line) for line in re.findall(r"<li>(.*?)</li>", page, re.DOTALL)]
    lines = [re.sub(r" due [^,]+, \S+", "", line) for line in lines]
    assert lines == ["=Second excused", "First quiz 7.25 of 10 late"]


def test_an_empty_class_and_a_class_without_work_say_what_is_missing(owner: Client, classroom: Classroom) -> None:
    assert b"Nothing is set yet." in owner.get(book(classroom)).content
    make_assignment(classroom)
    assert b"No learner is in the class yet." in owner.get(book(classroom)).content


# One mark.


def test_a_mark_is_set_by_hand_with_a_reason_that_stays(owner: Client, assignment: Assignment, member: Member) -> None:
    answer = owner.post(url(assignment, member), {"action": "override", "points": "7.5", "reason": "spoken"})
    assert (answer.status_code, answer["Location"]) == (302, url(assignment, member))
    page = plain(owner.get(url(assignment, member)).content.decode())
    assert "Mark 7.50 of 10 Computed –" in page
    assert "mark set by hand: 7.50 · spoken owner ·" in page


@pytest.mark.parametrize("points", ["", "-1", "10.01", "nan", "inf", "1e400", "ten"])
def test_points_that_cannot_be_are_refused_and_what_was_typed_stays(
    owner: Client, assignment: Assignment, member: Member, points: str
) -> None:
    answer = owner.post(url(assignment, member), {"action": "override", "points": points, "reason": "because"})
    assert answer.status_code == 422
    assert b"There is a problem" in answer.content
    assert 'value="because"' in answer.content.decode()
    assert not assignment.mark_changes.exists()


def test_what_is_not_offered_is_not_taken(owner: Client, assignment: Assignment, member: Member) -> None:
    for action in ("regrade", "", "delete"):
        assert owner.post(url(assignment, member), {"action": action, "points": "1"}).status_code == 422
    extra = {"author": "99", "points": "9", "made_at": "2000-01-01", "member": "99"}
    owner.post(url(assignment, member), {"action": "excuse", "reason": ""} | extra)
    change = assignment.mark_changes.get()
    assert (change.points, change.member, change.author.username) == (None, member, "owner")


def test_the_second_of_two_instructors_sees_both_values_and_loses_nothing(
    owner: Client, assignment: Assignment, member: Member
) -> None:
    theirs = {"action": "override", "points": "4", "reason": "half", "seen": ""}
    mine = {"action": "override", "points": "8", "reason": "nearly all", "seen": ""}
    owner.post(url(assignment, member), theirs)
    answer = owner.post(url(assignment, member), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this mark meanwhile" in page
    assert "mark set by hand: 4 · half" in plain(page)
    assert 'value="8"' in page
    assert 'value="nearly all"' in page
    seen = assignment.mark_changes.get().pk
    assert f'name="seen" value="{seen}"' in page
    assert owner.post(url(assignment, member), mine | {"seen": seen}).status_code == 302
    assert [row.points for row in assignment.mark_changes.order_by("pk")] == [4.0, 8.0]


def test_a_comment_is_kept_shown_again_and_taken_back(owner: Client, assignment: Assignment, member: Member) -> None:
    owner.post(url(assignment, member), {"action": "comment", "comment": "<b>Well</b> done"})
    page = owner.get(url(assignment, member)).content.decode()
    assert "&lt;b&gt;Well&lt;/b&gt; done</textarea>" in page
    assert "<b>Well</b>" not in page
    seen = assignment.mark_changes.get().pk
    owner.post(url(assignment, member), {"action": "comment", "comment": "", "seen": seen})
    assert "<blockquote" not in owner.get(url(assignment, member)).content.decode()


def test_an_instructor_reads_the_learners_own_answers_question_by_question(
    owner: Client, assignment: Assignment, member: Member
) -> None:
    given = {"typed-F1-1": {"text": ["事項1甲1"]}, "choice-F1-1": {"choice": ["0"]}}
    sit(assignment, member, timezone.now(), given)
    page = owner.get(url(assignment, member)).content.decode()
    cards = [plain(card) for card in re.findall(r'<li class="card">(.*?)</li>', page, re.DOTALL)]
    assert len(cards) == 12
    assert cards[0].startswith("1. 依第1章，第1句說明什麼？ ✗ Not quite Answered 事項1甲1乙 Right 事項1甲1")
    assert "Left blank" in cards[1]
    assert "✓ Correct Answered 事項1甲1 Right 事項1甲1 Worth 100 % of the question" in cards[6]
    assert "Judged so because It is the expected answer." in cards[6]
    assert "第1章第1句說明事項1甲1。" in cards[6]


def test_an_open_attempt_shows_no_answers(owner: Client, assignment: Assignment, member: Member) -> None:
    make_sitting(assignment, member, timezone.now())
    page = plain(owner.get(url(assignment, member)).content.decode())
    assert "Attempt 1: under way" in page
    assert "事項" not in page


# What a learner sees.


def own(classroom: Classroom) -> str:
    return f"/classes/{classroom.pk}/marks/"


def test_a_learner_sees_the_own_marks_and_nobody_elses(
    owner: Client, learner: Client, classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    now = timezone.now()
    make_sitting(assignment, member, now, score=0.5)
    other = make_member(classroom, name="CANARY-NAME")
    make_sitting(assignment, other, now, score=0.9317)
    decide(assignment, other, "comment", comment="CANARY-COMMENT")
    decide(assignment, member, "comment", comment="Read on")
    page = plain(learner.get(own(classroom)).content.decode())
    assert "Points: 5 of 10 (50 %), from 1 mark that counts so far." in page
    assert "Comment: Read on" in page
    assert "CANARY" not in page
    assert "9.3" not in page
    assert "mean" not in page


def test_the_mark_of_a_quiz_that_is_set_for_others_by_now_leads_nowhere(
    learner: Client, classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    make_sitting(assignment, member, timezone.now(), score=0.5)
    way = f'href="/classes/{classroom.pk}/work/{assignment.pk}/"'
    assert way in learner.get(own(classroom)).content.decode()
    assignment.members.add(make_member(classroom))
    page = learner.get(own(classroom)).content.decode()
    assert "Points: 5 of 10" in plain(page)
    assert way not in page


def test_a_result_that_is_not_told_yet_is_nowhere_on_the_learners_page(
    learner: Client, classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    make_sitting(assignment, member, timezone.now(), score=0.4321, feedback="later")
    decide(assignment, member, "override", points=7.77, reason="SECRET")
    page = learner.get(own(classroom)).content.decode()
    assert "Handed in. You will see the result when it is released." in page
    assert [text for text in ("4.32", "7.77", "SECRET", "set by") if text in page] == []


@pytest.mark.parametrize(
    ("action", "words"),
    [("excuse", "You are excused: this does not count."), ("", "Missing: it was due and nothing was handed in")],
)
def test_excused_and_missing_are_said_in_plain_words(
    learner: Client, classroom: Classroom, assignment: Assignment, member: Member, action: str, words: str
) -> None:
    assignment.due_at = timezone.now() - timedelta(days=1)
    assignment.save()
    if action:
        decide(assignment, member, action, reason="SECRET illness")
    page = plain(learner.get(own(classroom)).content.decode())
    assert words in page
    assert "SECRET" not in page


def test_a_learner_may_not_see_the_gradebook_or_change_a_mark(
    learner: Client, classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    make_sitting(assignment, member, timezone.now(), score=0.5)
    asked = [book(classroom), book(classroom, "export/csv/"), book(classroom, "export/xlsx/"), url(assignment, member)]
    assert [learner.get(address).status_code for address in asked] == [403] * 4
    assert learner.post(url(assignment, member), {"action": "override", "points": "10"}).status_code == 403
    assert not assignment.mark_changes.exists()


def test_a_stranger_and_an_instructor_of_another_class_find_nothing(
    classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    colleague, other = make_user(), Client()
    elsewhere = make_classroom(colleague, course=classroom.course)
    theirs = make_assignment(elsewhere)
    other.force_login(colleague)
    mixed = f"/classes/{elsewhere.pk}/gradebook/{assignment.pk}/{make_member(elsewhere).pk}/"
    foreign = f"/classes/{elsewhere.pk}/gradebook/{theirs.pk}/{member.pk}/"
    asked = [book(classroom), book(classroom, "export/csv/"), url(assignment, member), own(classroom), mixed, foreign]
    assert [other.get(address).status_code for address in asked] == [404] * 6


def test_a_group_of_another_class_filters_nothing(
    owner: Client, classroom: Classroom, assignment: Assignment, member: Member
) -> None:
    group = make_classroom(course=classroom.course).groups.create(name="Theirs")
    page = owner.get(book(classroom, f"?group={group.pk}")).content.decode()
    assert [row[0] for row in table(page)[1:-1]] == ["Lin"]
    assert "Theirs" not in page


def test_a_large_class_has_pages_with_the_means_of_everybody(
    owner: Client, classroom: Classroom, assignment: Assignment
) -> None:
    names = [f"P{at:03}" for at in range(PER_PAGE + 1)]
    for name in names:
        decide(assignment, make_member(classroom, make_user(name.lower()), name=name), "override", points=5)
    for page, shown in (("", names[:-1]), ("?page=2", names[-1:])):
        rows = table(owner.get(book(classroom, page)).content.decode())
        assert [row[0] for row in rows[1:-1]] == shown
        assert rows[-1][1:] == [f"50 % n = {len(names)}"] * 2
    assert len(csv_cells(owner.get(book(classroom, "export/csv/?page=2")).content)) == len(names) + 2


def test_one_learner_of_the_last_page_has_a_list_without_pages(
    owner: Client, classroom: Classroom, assignment: Assignment
) -> None:
    members = [make_member(classroom, make_user(f"p{at}"), name=f"P{at:03}") for at in range(PER_PAGE + 1)]
    page = owner.get(book(classroom, f"?learner={members[-1].pk}")).content.decode()
    assert f"{members[-1].name}</" in page
    assert "page=2" not in page
    assert "page=2" in owner.get(book(classroom, f"?assignment={assignment.pk}")).content.decode()
