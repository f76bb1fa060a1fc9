"""The item report of a class and of a course, as those see it who may."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from classrooms.models import Classroom, Member
from curriculum.models import Course
from quizzes.bank import add_versions
from quizzes.models import Cohort, Flag, Grading, Question
from quizzes.wording import edited
from reports.items import arranged, class_item, class_items, course_items
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.histories import noon
from tests.quizzes.keepers import of_kind, stored_bank
from tests.reports.rows import make_learners, respond, respond_to_all


@pytest.fixture
def course(db: None) -> Course:
    course = make_course(slug="read", sentences=8)
    make_bank(course)
    return course


@pytest.fixture
def teacher(db: None) -> User:
    return make_user("teacher")


@pytest.fixture
def classroom(course: Course, teacher: User) -> Classroom:
    return make_classroom(teacher, course=course)


@pytest.fixture
def choices(course: Course) -> list[Question]:
    return list(Question.objects.filter(course=course, kind="choice").order_by("key"))


@pytest.fixture
def member(teacher: User) -> Client:
    client = Client()
    client.force_login(teacher, backend="django.contrib.auth.backends.ModelBackend")
    return client


def numbers(report: Any) -> dict[int, int]:
    """Answers by question, of those with any."""
    return {row.question_id: row.figures.n for row in report.rows if row.figures.n}


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_class_counts_its_own_learners_only(classroom: Classroom, teacher: User, choices: list[Question]) -> None:
    mine = make_learners(classroom, 2)
    other = make_classroom(course=classroom.course, name="Class B")
    theirs = make_learners(other, 3)
    removed = make_member(classroom, make_user(), status=Member.Status.REMOVED).user
    waiting = make_member(classroom, make_user(), status=Member.Status.WAITING).user
    assistant = make_member(classroom, make_user(), role=Member.Role.INSTRUCTOR).user
    staff = make_member(classroom, make_user(is_staff=True)).user
    for person in (*mine, *theirs, removed, waiting, assistant, staff, teacher, make_user()):
        respond(person, choices[0], 1)
    assert numbers(class_items(classroom)) == {choices[0].pk: 2}
    assert numbers(class_items(other)) == {choices[0].pk: 3}
    assert numbers(course_items(classroom.course)) == {choices[0].pk: 8}


def test_who_joins_brings_answers_along_and_who_is_removed_takes_them_away(
    classroom: Classroom, choices: list[Question]
) -> None:
    person = make_user()
    respond(person, choices[0], 1)
    assert numbers(class_items(classroom)) == {}
    joined = make_member(classroom, person)
    assert numbers(class_items(classroom)) == {choices[0].pk: 1}
    Member.objects.filter(pk=joined.pk).update(status=Member.Status.REMOVED)
    assert numbers(class_items(classroom)) == {}


def test_the_first_glance_says_how_many_and_why(member: Client, classroom: Classroom, choices: list[Question]) -> None:
    for learner in make_learners(classroom, 3):
        run = respond(learner, choices[0], 0)
        Flag.objects.create(item=run.items.get(position=1), learner=learner, reason="two_answers")
        respond(learner, choices[1], 1, at=noon(1))
    html = page(member, "reports:items", classroom.pk)
    assert "1 of 2 answered questions should be looked at." in html
    assert "3 learners contest it." in html
    assert html.count("Look at the answers") == 1
    assert "Edit question" not in html


def test_what_learners_contest_stands_on_the_page_before_there_are_figures(
    member: Client, classroom: Classroom, choices: list[Question]
) -> None:
    """Three contest it long before twenty answered; who cannot mend it reads who can."""
    for at, learner in enumerate(make_learners(classroom, 4)):
        run = respond(learner, choices[0], 0)
        words = {"reason": "two_answers", "comment": "第二個也對"} if at < 3 else {"reason": "unclear"}
        Flag.objects.create(item=run.items.get(position=1), learner=learner, **words)
    stranger = make_user()
    item = respond(stranger, choices[0], 0).items.get(position=1)
    Flag.objects.create(item=item, learner=stranger, reason="other", comment="not of this class")
    html = page(member, "reports:item", classroom.pk, choices[0].pk)
    given = choices[0].current.content.options[0]
    said = re.findall(r"<li>(.*?)</li>", html[html.index("What learners say is wrong") :].split("</ul>")[0])
    assert [" ".join(re.sub("<[^>]*>", "", one).split()) for one in said] == [
        f"{given} × 3 More than one answer is right 第二個也對 第二個也對 第二個也對",
        f"{given} × 1 I cannot tell what is asked",
    ]
    assert "Not enough answers yet: 4 first answers." in html
    assert "Only the owner of the course and the staff of this site change its questions." in html
    assert "not of this class" not in html
    table = member.get(reverse("reports:item_export", args=[classroom.pk, choices[0].pk, "csv"])).content.decode()
    assert f"{given},More than one answer is right,3,第二個也對 · 第二個也對 · 第二個也對" in table


def test_who_may_edit_the_course_is_led_to_the_question(classroom: Classroom, choices: list[Question]) -> None:
    owner = make_user()
    Course.objects.filter(pk=classroom.course_id).update(owner=owner)
    for learner in make_learners(classroom, 3):
        run = respond(learner, choices[0], 0)
        Flag.objects.create(item=run.items.get(position=1), learner=learner, reason="two_answers")
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    edit = reverse("quizzes:bank_edit", args=["read", choices[0].pk])
    assert edit in page(client, "reports:course_items", "read")
    assert edit in page(client, "reports:course_item", "read", choices[0].pk)


def test_before_any_answer_the_page_says_what_will_stand_there(member: Client, classroom: Classroom) -> None:
    assert "Nothing has been answered in this class yet." in page(member, "reports:items", classroom.pk)


def test_below_five_answers_there_is_a_number_and_no_share(
    member: Client, classroom: Classroom, choices: list[Question]
) -> None:
    learners = make_learners(classroom, 5)
    for learner in learners[:4]:
        respond(learner, choices[0], 1)
    assert "Not enough answers yet: 4 first answers." in page(member, "reports:item", classroom.pk, choices[0].pk)
    assert "100%" not in page(member, "reports:items", classroom.pk)
    respond(learners[4], choices[0], 0)
    assert "80%" in page(member, "reports:item", classroom.pk, choices[0].pk)
    assert "80%" in page(member, "reports:items", classroom.pk)


EXPLAINED = {
    "Answers": "Counted:",
    "Right": "Right:",
    "Right, without guessing": "Right, without guessing:",
    "Separates strong from weak": "Separates:",
    "Of what it could separate": "Of what it could separate:",
    "Upper less lower 27 %": "Upper less lower 27 %:",
    "Spread of the scores": "Spread of the scores:",
    "Median time": "Median time:",
    "Answered too quickly to have read it": "Answered too quickly to have read it:",
    "Right when its fact had been practised before": "Right when its fact had been practised before:",
    "Option": "Counted:",
    "Chosen": "Counted:",
    "Share": "Right:",
    "Chosen by the strong": "Chosen by the strong:",
    "Low, middle, high third": "Low, middle, high third:",
    "Does its work": "Sources:",
}
"""What a figure is called, and how the sentence begins that says how it is worked out."""


def explained(html: str) -> tuple[list[str], list[str]]:
    """The names of the figures on the page of a question, and how each explanation begins."""
    shown, how = html.split('<details class="how">')
    names = re.findall(r"<dt>([^<]*)</dt>", shown.split('<dl class="item-figures">')[1])
    if 'id="options-' in shown:
        names += re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', shown.split('id="options-')[1].split("</thead>")[0])
    return names, re.findall(r"<li>([^:<]*:)", how)


def test_every_figure_of_a_question_is_explained(member: Client, classroom: Classroom, choices: list[Question]) -> None:
    practised = Question.objects.get(course=choices[0].course, key=choices[0].key.replace("choice", "typed"))
    for at, learner in enumerate(make_learners(classroom, 10)):
        if at < 5:
            respond(learner, practised, "x", at=noon(-1))
        respond(learner, choices[0], 1)
    names, reasons = explained(page(member, "reports:item", classroom.pk, choices[0].pk))
    assert names == list(EXPLAINED)
    assert [name for name in names if EXPLAINED[name] not in reasons] == []


def test_a_typed_question_is_explained_without_options_and_guesses(member: Client, classroom: Classroom) -> None:
    typed = Question.objects.filter(course=classroom.course, kind="short_answer").earliest("key")
    for learner in make_learners(classroom, 5):
        respond(learner, typed, "x")
    names, reasons = explained(page(member, "reports:item", classroom.pk, typed.pk))
    assert [name for name in names if EXPLAINED[name] not in reasons] == []
    unused = {"Right, without guessing:", "Chosen by the strong:", "Low, middle, high third:"}
    assert unused & {*names, *reasons} == set()


# Accepting a wrong answer where it is seen.

GIVEN = "主要渠道的功能"


def forms_of(html: str) -> list[dict[str, str]]:
    """What each form that accepts an answer would send."""
    found = re.findall(r'<form class="accept.*?</form>', html, re.DOTALL)
    return [dict(re.findall(r'name="(question|answer|next)" value="([^"]*)"', form)) for form in found]


@pytest.fixture
def typed(white_paper: Course) -> Question:
    return Question.objects.select_related("current").get(course=stored_bank(white_paper), key="3d38d0213538")


@pytest.fixture
def owned(typed: Question, teacher: User) -> Classroom:
    """A class of the owner of its course, in which twenty missed the question."""
    Course.objects.filter(pk=typed.course_id).update(owner=teacher)
    classroom = make_classroom(teacher, course=typed.course)
    for at, learner in enumerate(make_learners(classroom, 20)):
        respond(learner, typed, GIVEN if at < 15 else "什麼都不知道" * (1 if at < 17 else 20))
    return classroom


def test_a_wrong_answer_is_accepted_where_it_is_seen(member: Client, owned: Classroom, typed: Question) -> None:
    url = reverse("reports:item", args=[owned.pk, typed.pk])
    sent = {form.pop("answer"): form for form in forms_of(page(member, "reports:item", owned.pk, typed.pk))}
    assert list(sent) == [GIVEN, "什麼都不知道"]
    assert sent[GIVEN] == {"question": str(typed.pk), "next": url}
    accept = reverse("quizzes:bank_accept", args=[typed.course.slug])
    response = member.post(accept, {"answer": GIVEN} | sent[GIVEN], follow=True)
    assert response.redirect_chain == [(url, 302)]
    html = response.content.decode()
    assert "It counts now; 15 earlier answers too." in html
    assert [form["answer"] for form in forms_of(html)] == ["什麼都不知道"]
    assert Grading.objects.standing().filter(question=typed, is_correct=True).count() == 15


def test_a_contested_answer_is_accepted_before_there_are_figures(
    member: Client, typed: Question, teacher: User
) -> None:
    Course.objects.filter(pk=typed.course_id).update(owner=teacher)
    classroom = make_classroom(teacher, course=typed.course)
    learner = make_learners(classroom, 1)[0]
    run = respond(learner, typed, GIVEN)
    Flag.objects.create(item=run.items.get(position=1), learner=learner, reason="my_answer")
    html = page(member, "reports:item", classroom.pk, typed.pk)
    assert "Only the owner of the course" not in html
    (sent,) = forms_of(html)
    after = member.post(reverse("quizzes:bank_accept", args=[typed.course.slug]), sent, follow=True).content.decode()
    assert "It counts now; 1 earlier answer too." in after
    assert forms_of(after) == []


def test_after_accepting_one_never_leaves_the_site(member: Client, owned: Classroom, typed: Question) -> None:
    accept = reverse("quizzes:bank_accept", args=[typed.course.slug])
    sent = {"question": typed.pk, "answer": GIVEN, "next": "https://elsewhere.example/"}
    assert member.post(accept, sent).headers["Location"] == reverse("quizzes:bank_contested", args=[typed.course.slug])


def test_who_may_not_edit_the_course_is_offered_nothing_to_accept(
    member: Client, owned: Classroom, typed: Question
) -> None:
    Course.objects.filter(pk=typed.course_id).update(owner=None)
    html = page(member, "reports:item", owned.pk, typed.pk)
    assert GIVEN in html
    assert forms_of(html) == []


def test_a_wrong_entry_of_a_list_stands_for_one_of_its_members(member: Client, owned: Classroom) -> None:
    question = of_kind(owned.course, "enumeration", key="eab6e3620949")
    members = list(question.current.content.key)
    given = "\n".join(["網際網路公司", *(one for one in members if one != "互聯網企業")])
    for learner in User.objects.filter(memberships__classroom=owned, memberships__role=Member.Role.LEARNER):
        respond(learner, question, given, at=noon(1))
    html = page(member, "reports:item", owned.pk, question.pk)
    (form,) = forms_of(html)
    assert form["answer"] == "網際網路公司"
    assert re.findall(r'<option value="\d">([^<]*)', html.split('class="accept')[1]) == members


def test_of_an_older_key_nothing_is_accepted(member: Client, owned: Classroom, typed: Question) -> None:
    assert typed.current is not None
    add_versions([(typed, edited(typed.current.content, key="別的答案", accepted=()))])
    html = page(member, "reports:item", owned.pk, typed.pk)
    assert GIVEN in html
    assert forms_of(html) == []


def test_after_an_edit_the_counts_begin_again_and_the_old_stay(
    member: Client, classroom: Classroom, choices: list[Question]
) -> None:
    question = choices[0]
    learners = make_learners(classroom, 6)
    for learner in learners[:5]:
        respond(learner, question, 0)
    assert question.current is not None
    add_versions([(question, edited(question.current.content, stem="另一個問法？"))])
    respond(learners[5], question, 1)
    report = class_item(classroom, question)
    assert [(v.number, v.is_current, v.figures.summary.n) for v in report.versions] == [(2, True, 1), (1, False, 5)]
    html = page(member, "reports:item", classroom.pk, question.pk)
    assert "Answers to version 2, asked now" in html
    assert "Answers to version 1" in html
    assert html.index("Not enough answers yet: 1 first answer.") < html.index("Answers to version 1")


def test_filters_and_orders_are_addresses(member: Client, classroom: Classroom, choices: list[Question]) -> None:
    learners = make_learners(classroom, 20)
    for at, learner in enumerate(learners):
        respond_to_all(learner, choices[:2], [1 if at < 15 else 0, 1 if at < 5 else 0])
    report = class_items(classroom)
    hardest = [row.question_id for row in arranged(report, {"sort": "right"})]
    assert hardest[:2] == [choices[1].pk, choices[0].pk]
    assert {row.kind for row in arranged(report, {"kind": "short_answer"})} == {"short_answer"}
    assert arranged(report, {"flag": "contested"}) == []
    assert arranged(report, {"lesson": "L9"}) == []
    html = page(member, "reports:items", classroom.pk, sort="right", kind="choice")
    assert html.index(f"/items/{choices[1].pk}/") < html.index(f"/items/{choices[0].pk}/")
    assert "No question fits all of this." in page(member, "reports:items", classroom.pk, flag="slow")
    assert page(member, "reports:items", classroom.pk, sort="nonsense", page="x")


def test_learners_see_no_item_report_and_strangers_no_class(classroom: Classroom, choices: list[Question]) -> None:
    for person, status in ((make_learners(classroom, 1)[0], 403), (make_user(), 404)):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for name, args in (("reports:items", ()), ("reports:item", (choices[0].pk,))):
            assert client.get(reverse(name, args=[classroom.pk, *args])).status_code == status


def test_a_question_of_another_course_is_not_in_the_class(member: Client, classroom: Classroom) -> None:
    other = make_bank(make_course(sentences=1))[0]
    assert member.get(reverse("reports:item", args=[classroom.pk, other.pk])).status_code == 404


def test_htmx_gets_the_page_without_its_frame(member: Client, classroom: Classroom) -> None:
    response = member.get(reverse("reports:items", args=[classroom.pk]), headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert b"<h1>" in response.content


def asked(client: Client, url: str) -> int:
    client.get(url)  # brings the sums up to date
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


def test_the_pages_ask_as_often_at_many_answers_as_at_one(
    member: Client, classroom: Classroom, choices: list[Question]
) -> None:
    urls = [
        reverse("reports:items", args=[classroom.pk]),
        reverse("reports:item", args=[classroom.pk, choices[0].pk]),
    ]
    respond(make_learners(classroom, 1)[0], choices[0], 1)
    at_one = [asked(member, url) for url in urls]
    for learner in make_learners(classroom, 6):
        respond_to_all(learner, choices, [1, 0, 2, 1, 0, 2, 1, 0], day=1)
    assert [asked(member, url) for url in urls] == at_one == [10, 12]


def test_with_new_answers_the_pages_ask_at_most_twenty_times(
    member: Client, classroom: Classroom, choices: list[Question]
) -> None:
    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    learners = make_learners(classroom, 4)
    url = reverse("reports:items", args=[classroom.pk])
    member.get(url)
    for learner in learners:
        respond_to_all(learner, choices[:6], [1, 0, 2, 1, 0, 1])
    with CaptureQueriesContext(connection) as queries:
        member.get(url)
    made = [row["sql"] for row in queries.captured_queries if not row["sql"].startswith(control)]
    assert len(made) == 18 + connection.features.has_select_for_update


@pytest.mark.skipif(connection.vendor != "sqlite", reason="refuses to write as SQLite can be told to")
def test_where_nothing_can_be_written_the_report_shows_what_is_counted(
    member: Client, classroom: Classroom, choices: list[Question]
) -> None:
    learners = make_learners(classroom, 6)
    for learner in learners[:5]:
        respond(learner, choices[0], 1)
    page(member, "reports:items", classroom.pk)
    respond(learners[5], choices[0], 1)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        html = page(member, "reports:items", classroom.pk)
        cursor.execute("PRAGMA query_only = OFF")
    assert "still being counted" in html
    assert "100%" in html
    assert "still being counted" not in page(member, "reports:items", classroom.pk)


def test_the_timer_counts_every_class_and_course(classroom: Classroom, choices: list[Question], capsys: Any) -> None:
    for learner in make_learners(classroom, 2):
        respond(learner, choices[0], 1, at=noon() + timedelta(hours=1))
    call_command("count_answers")
    assert capsys.readouterr().out == "1 courses and 1 classes counted.\n"
    assert Cohort.objects.count() == 2
    with CaptureQueriesContext(connection) as queries:
        class_items(classroom)
    assert len(queries) == 6


def test_sums_of_a_class_that_is_gone_go_with_the_next(classroom: Classroom, course: Course) -> None:
    class_items(classroom)
    classroom.delete()
    other = make_classroom(course=course)
    class_items(other)
    assert Cohort.objects.get().classroom.classroom == other
