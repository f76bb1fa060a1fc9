"""The pages of the question bank: what its keepers see, and that nothing is lost or done twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from curriculum.models import Course
from quizzes.editing import edited, save_wording, suspend
from quizzes.models import Flag, Kind, Question, QuestionChange, QuestionVersion
from quizzes.wording import lines
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.every_kind import make_every_kind
from tests.quizzes.keepers import answered, of_kind, stored_bank

ROLE = "3d38d0213538"


@pytest.fixture
def staff(db: None) -> User:
    return make_user("staff", is_staff=True)


@pytest.fixture
def keeper(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def course(white_paper: Course) -> Course:
    return stored_bank(white_paper)


@pytest.fixture
def question(course: Course) -> Question:
    return Question.objects.select_related("current", "course").get(course=course, key=ROLE)


def address(name: str, *args: Any) -> str:
    return reverse(f"quizzes:{name}", args=args)


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(address(name, *args), query)
    assert response.status_code == 200
    return response.content.decode()


# Who.


def test_an_owner_keeps_the_own_course_and_no_other(client: Client, learner: User) -> None:
    mine, other = make_course(slug="mine", owner=learner), make_course(slug="other")
    for each in (mine, other):
        make_bank(each)
    client.force_login(learner)
    assert "mine/" in page(client, "bank_courses")
    assert "other/" not in page(client, "bank_courses")
    assert client.get(address("bank", "mine")).status_code == 200
    assert client.get(address("bank", "other")).status_code == 404
    theirs = other.questions.earliest("pk")
    assert client.get(address("bank_question", "mine", theirs.pk)).status_code == 404
    assert client.post(address("bank_suspend", "mine", theirs.pk)).status_code == 404


def test_the_course_page_leads_its_keepers_there(client: Client, staff: User, learner: User) -> None:
    course = make_course(slug="small")
    for person, is_shown in ((staff, True), (learner, False)):
        client.force_login(person)
        assert (address("bank", "small") in client.get(course.get_absolute_url()).content.decode()) == is_shown


# Looking through.


def found(client: Client, **query: Any) -> set[str]:
    response = client.get(address("bank", "every-kind"), query)
    return {question.key for question in response.context["page"]}


def test_filters_narrow_the_list(keeper: Client, staff: User, learner: User) -> None:
    make_every_kind()
    by_key = {question.key: question for question in Question.objects.select_related("current", "course")}
    suspend(by_key["3-choice"], actor=staff)
    Question.objects.filter(key="4-typed").update(is_edited=True)
    Question.objects.filter(key="6-order").update(is_active=False)
    item = answered(learner, by_key["5-list"], "無").item
    Flag.objects.create(item=item, learner=learner, reason="my_answer")
    assert len(found(keeper)) == 7
    assert found(keeper, kind="cloze") == {"1-cloze", "2-picked"}
    assert found(keeper, status="suspended") == {"3-choice"}
    assert found(keeper, status="retired") == {"6-order"}
    assert found(keeper, origin="edited") == {"4-typed"}
    assert found(keeper, flag="flagged") == found(keeper, flag="contested") == {"5-list"}
    assert found(keeper, fact="F1-1") == {"1-cloze"}
    assert found(keeper, q="四類主體") == {"5-list"}
    assert found(keeper, lesson="L1", kind="matching", status="active") == {"7-pairs"}
    assert found(keeper, q="%", kind="nonsense", page="-1") == set()


def test_the_list_asks_the_same_for_one_and_for_many(
    keeper: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for slug, sentences in (("one", 1), ("many", 30)):
        make_bank(make_course(slug=slug, sentences=sentences))
        with django_assert_num_queries(7):
            assert page(keeper, "bank", slug)


def test_long_lists_come_in_pages(keeper: Client) -> None:
    make_bank(make_course(slug="many", sentences=30))
    assert "Page 1 of 2" in page(keeper, "bank", "many")
    assert "Page 2 of 2" in page(keeper, "bank", "many", page="99999999999999999999")


# One question.


def test_every_kind_has_its_page(keeper: Client) -> None:
    course = make_every_kind()
    for question in course.questions.all():
        text = page(keeper, "bank_question", course.slug, question.pk)
        assert "As learners see it" in text
        assert "<mark>" in text
        assert "Not enough answers yet" in text


@pytest.mark.parametrize("kind", Kind.values)
def test_an_answer_is_there_to_be_read_not_as_it_is_put_into_the_form(
    keeper: Client, course: Course, kind: str
) -> None:
    question = of_kind(course, kind)
    assert question.current is not None
    text = page(keeper, "bank_question", course.slug, question.pk)
    answer = text.split('<dl class="answers')[1].split("</dl>")[0]
    assert re.findall("on each line|key of the fact", answer) == []
    given = question.current.content.key
    whole = " ".join(re.sub(r"<[^>]+>", " ", answer).split())
    for part in [given] if isinstance(given, str) else given:
        assert (part if isinstance(part, str) else " → ".join(part)) in whole


def test_the_page_says_how_learners_fared(keeper: Client) -> None:
    course = make_every_kind()
    question = course.questions.select_related("current", "course").get(key="4-typed")
    for number in range(6):
        answered(make_user(), question, "自然延伸" if number < 4 else "自然風光好看得很")
    text = page(keeper, "bank_question", course.slug, question.pk)
    assert "4 of 6 first answers right: 67%; with 95 % certainty between 30% and 90%." in text
    assert re.search(r"自然風光好看得很</span> × 2", text)


def test_the_page_shows_who_changed_what(keeper: Client, question: Question, staff: User) -> None:
    content = edited(question.current.content, accepted=("主要渠道作用",))
    save_wording(question, content, actor=staff, reason="<b>said so</b>")
    text = page(keeper, "bank_question", question.course.slug, question.pk)
    assert "&lt;b&gt;said so&lt;/b&gt;" in text
    assert '<ins class="lines">主要渠道作用</ins>' in text


def test_a_question_is_suspended_and_restored(keeper: Client, question: Question) -> None:
    args = (question.course.slug, question.pk)
    keeper.post(address("bank_suspend", *args), {"reason": "unclear"})
    question.refresh_from_db()
    assert question.is_active is False
    keeper.post(address("bank_restore", *args))
    question.refresh_from_db()
    assert question.is_active is True
    assert [change.reason for change in QuestionChange.objects.order_by("pk")] == ["unclear", ""]


# Editing.


def edit(client: Client, question: Question, **changes: str) -> Any:
    assert question.current is not None
    data = lines(question.current.content) | {"version": str(question.current.number)} | changes
    return client.post(address("bank_edit", question.course.slug, question.pk), data)


def test_an_edit_is_saved(keeper: Client, question: Question, staff: User) -> None:
    response = edit(keeper, question, accepted="主要渠道作用\n主渠道功能")
    assert response.status_code == 302
    question.refresh_from_db()
    assert question.current.content.accepted == ("主要渠道作用", "主渠道功能")
    assert question.current.author == staff


def test_a_preview_saves_nothing(keeper: Client, question: Question) -> None:
    response = edit(keeper, question, accepted="主要渠道作用", preview="1")
    text = response.content.decode()
    assert "As learners would see it" in text
    assert "No rule objects." in text
    assert question.versions.count() == 1


def test_what_a_rule_refuses_is_said_at_the_form_and_nothing_is_lost(keeper: Client, question: Question) -> None:
    response = edit(keeper, question, key="引擎作用", reason="I mean it", overrule="on")
    text = response.content.decode()
    assert response.status_code == 422
    assert "Not saved: the rules object" in text
    assert 'value="引擎作用"' in text
    assert 'value="I mean it"' in text
    assert 'name="overrule"' not in text
    assert question.versions.count() == 1


def test_a_form_without_sense_is_explained(keeper: Client, question: Question) -> None:
    response = edit(keeper, question, stem="", accepted="主渠道\n主渠道。")
    assert response.status_code == 422
    text = response.content.decode()
    assert "There is a problem" in text
    assert "This field is required." in text


def test_a_warning_is_overruled_with_a_reason_only(keeper: Client, course: Course) -> None:
    question = Question.objects.select_related("current", "course").get(course=course, key="98fb3e0599d9")
    fields = {"is_without_hints": "", "stem": question.current.content.stem}
    options = list(question.current.content.options)
    fields["options"] = "\n".join(options[1:] + options[:1])
    first = edit(keeper, question, **fields)
    assert (first.status_code, 'name="overrule"' in first.content.decode()) == (422, True)
    assert edit(keeper, question, **fields, overrule="on").status_code == 422
    assert edit(keeper, question, **fields, overrule="on", reason="so it stands there").status_code == 302
    assert QuestionChange.objects.get().reason == "[V21] so it stands there"


def test_two_who_edit_at_once_see_both_texts(keeper: Client, question: Question, stranger: User) -> None:
    seen = Question.objects.select_related("current", "course").get(pk=question.pk)
    save_wording(question, edited(question.current.content, accepted=("他人之說",)), actor=stranger, findings=())
    response = edit(keeper, seen, accepted="主要渠道作用")
    text = response.content.decode()
    assert response.status_code == 409
    assert "他人之說" in text
    assert "主要渠道作用" in text
    assert QuestionVersion.objects.filter(question=question).count() == 2
    question.refresh_from_db()
    data = lines(seen.current.content) | {"accepted": "主要渠道作用", "version": "2"}
    assert keeper.post(address("bank_edit", question.course.slug, question.pk), data).status_code == 302


def test_fields_that_are_not_offered_change_nothing(keeper: Client, question: Question) -> None:
    edit(keeper, question, accepted="主要渠道作用", kind="choice", rule="x", is_active="", lesson="L0", author="1")
    question.refresh_from_db()
    assert (question.kind, question.is_active, question.lesson.key) == ("short_answer", True, "L4")
    assert question.current.content.rule != "x"


# Writing.

NEW: dict[str, dict[str, str]] = {
    "short_answer": {"stem": "第1句說明什麼？", "key": "事項1甲1", "facts": "F1-1"},
    "cloze": {"stem": "第1章第1句說明＿＿＿＿。", "key": "事項1甲1", "facts": "F1-1"},
    "choice": {"stem": "下列何者？", "options": "事項1甲1\n事項1甲2\n事項1甲3", "key": "事項1甲1", "facts": "F1-1"},
    "enumeration": {"stem": "哪些？", "members": "事項1甲1 | 甲一\n事項1甲2\n事項1甲3", "facts": "F1-1 F1-2 F1-3"},
    "ordering": {"stem": "排序。", "steps": "事項1甲1\n事項1甲2\n事項1甲3", "facts": "F1-1 F1-2 F1-3"},
    "matching": {"stem": "配對。", "pairs": "第1句 | 事項1甲1 | F1-1\n第2句｜事項1甲2｜F1-2\n第3句 | 事項1甲3 | F1-3"},
}


@pytest.mark.parametrize("kind", NEW)
def test_a_question_of_each_kind_can_be_put_together(keeper: Client, kind: str) -> None:
    make_course(slug="small")
    start = address("bank_new", "small") + f"?kind={kind}&sentence=L1-01+L1-02+L1-03"
    assert keeper.get(start).status_code == 200
    data = NEW[kind] | {"evidence": "L1-01 | 事項1甲1\nL1-02\nL1-03", "preview": "1"}
    response = keeper.post(start, data)
    assert response.status_code == 200
    content = response.context["content"]
    assert (content.kind, content.lesson) == (kind, "L1")
    assert (content.evidence[0].quote, content.evidence[0].start) == ("事項1甲1", 8)
    assert set(content.facts) <= {"F1-1", "F1-2", "F1-3"}
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"evidence": "L9-99"}, "There is no sentence L9-99."),
        ({"evidence": "L1-01 | 不在這裡"}, "These words do not stand in sentence L1-01."),
        ({"facts": "F9"}, "There is no fact F9."),
        ({"facts": ""}, "A question asks about at least one fact."),
        ({"accepted": "事項1甲1。"}, "“事項1甲1。” stands here twice."),
    ],
)
def test_what_a_new_question_lacks_is_said(keeper: Client, changes: dict[str, str], words: str) -> None:
    make_course(slug="small")
    start = address("bank_new", "small") + "?kind=short_answer&sentence=L1-01"
    response = keeper.post(start, NEW["short_answer"] | {"evidence": "L1-01"} | changes)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_new_question_begins_with_its_kind_and_sentences(keeper: Client) -> None:
    make_course(slug="small")
    response = keeper.get(address("bank_new", "small"), {"kind": "poem", "sentence": "L9"})
    assert response.status_code == 422
    assert "There is no sentence L9." in response.content.decode()


# Proof and contested answers.


def test_the_proof_is_that_of_check_questions(keeper: Client, course: Course) -> None:
    text = page(keeper, "bank_report", course.slug)
    assert "longest option" in text
    assert "95 % interval" in text
    assert "Every sentence and heading is evidence" in text
    assert re.findall(r"(?:sentences|headings): (\d+ of \d+)", text) == ["38 of 67", "9 of 14"]


def test_an_answer_is_accepted_from_its_page(keeper: Client, question: Question, learner: User) -> None:
    answered(learner, question, "主要渠道的功能")
    slug = question.course.slug
    assert "主要渠道的功能" in page(keeper, "bank_contested", slug)
    keeper.post(address("bank_accept", slug), {"question": question.pk, "answer": "主要渠道的功能"})
    assert "Every typed answer so far was right" in page(keeper, "bank_contested", slug)


def test_a_refused_answer_is_explained(keeper: Client, question: Question, learner: User) -> None:
    rival = question.current.content.confusions[0].text
    data = {"question": question.pk, "answer": rival}
    response = keeper.post(address("bank_accept", question.course.slug), data)
    assert response.status_code == 422
    assert "is graded correct, not wrong" in response.content.decode()


def test_an_answer_stands_for_no_member_that_a_list_has_not(keeper: Client, course: Course) -> None:
    question = of_kind(course, "enumeration")
    past = len(question.current.content.key)
    data = {"question": question.pk, "answer": "某某機構", "member": past, "overrule": "on", "reason": "please"}
    assert keeper.post(address("bank_accept", course.slug), data).status_code == 422
    assert question.versions.count() == 1


def test_a_question_of_another_course_cannot_be_named(keeper: Client, question: Question) -> None:
    make_course(slug="small")
    response = keeper.post(address("bank_accept", "small"), {"question": question.pk, "answer": "甲"})
    assert response.status_code == 422
    assert question.versions.count() == 1
