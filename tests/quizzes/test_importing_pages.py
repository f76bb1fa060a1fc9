"""From a text to a course one can practise: four pages, each works without JavaScript and says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from curriculum.models import Course, Fact, FactChange, Passage
from quizzes.bank import store
from quizzes.generation import generate
from quizzes.models import Question

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
TEXT = """网络数据条例

第一章 总则

第一条 为了规范网络数据处理活动,保障网络数据安全,制定本条例。

第二条 本条例所称网络数据,是指通过网络处理和产生的各种电子数据。

第二章 附则

第三条 机关应当于三十日内书面答复申请人。任何单位不得伪造、变造、买卖许可证件。

第四条 本条例自2021年11月1日起施行。
"""


@pytest.fixture
def author(client: Client, learner: User) -> User:
    client.force_login(learner)
    return learner


@pytest.fixture
def draft(client: Client, author: User) -> Course:
    client.post(reverse("quizzes:import_document"), {"text": TEXT})
    return Course.objects.get(owner=author)


def test_pasted_text_becomes_a_private_draft(client: Client, draft: Course) -> None:
    assert (draft.title, draft.language, draft.is_published) == ("网络数据条例", "zh-Hans", False)
    page = client.get(reverse("quizzes:import_outline", args=[draft.slug])).content.decode()
    assert "第一章 总则" in page
    assert "制定本条例" in page
    assert Client().get(draft.get_absolute_url()).status_code == 404


def test_a_file_is_taken(client: Client, author: User) -> None:
    file = SimpleUploadedFile("条例.txt", TEXT.encode("gb18030"))
    client.post(reverse("quizzes:import_document"), {"file": file, "encoding": "gb18030"})
    assert Course.objects.get(owner=author).title == "网络数据条例"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose a file, or paste the text"),
        ({"text": "第一章\n\n第二章\n"}, "There is a problem"),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 ...")}, "This is a PDF"),
    ],
)
def test_what_cannot_be_read_is_said(client: Client, author: User, data: dict[str, object], words: str) -> None:
    page = client.post(reverse("quizzes:import_document"), data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Course.objects.filter(owner=author).exists()


def test_text_stays_after_a_problem(client: Client, author: User) -> None:
    page = client.post(reverse("quizzes:import_document"), {"text": "只有 標題"}).content.decode()
    assert "只有 標題" in page


def test_a_lesson_is_renamed_on_the_outline_page(client: Client, draft: Course) -> None:
    lesson = draft.lessons.earliest("order")
    data = {"do": "rename_lesson", "where": lesson.pk, "shown": lesson.key, "name": "总纲"}
    page = client.post(reverse("quizzes:arrange", args=[draft.slug]), data, follow=True)
    assert "总纲" in page.content.decode()


def test_a_change_that_cannot_be_made_is_explained(client: Client, draft: Course) -> None:
    passage = Passage.objects.filter(lesson__course=draft, kind="body").earliest("pk")
    data = {"do": "back", "where": passage.pk, "shown": passage.lesson.key}
    page = client.post(reverse("quizzes:arrange", args=[draft.slug]), data)
    assert page.status_code == 422
    assert "There is no lesson on that side." in page.content.decode()


def test_rows_of_other_courses_cannot_be_changed(client: Client, draft: Course, white_paper: Course) -> None:
    passage = Passage.objects.filter(lesson__course=white_paper).earliest("pk")
    data = {"do": "exclude", "where": passage.pk}
    assert client.post(reverse("quizzes:arrange", args=[draft.slug]), data).status_code == 404
    assert Passage.objects.filter(pk=passage.pk).exists()


@pytest.fixture
def proposed(client: Client, draft: Course) -> Course:
    client.post(reverse("quizzes:propose", args=[draft.slug]))
    return draft


def decide(client: Client, course: Course, fact: Fact, what: str) -> None:
    key = fact.sentence.passage.lesson.key
    client.post(reverse("quizzes:decide", args=[course.slug, key]), {"decide": f"{what}:{fact.pk}"})


def test_nothing_proposed_is_known_until_somebody_accepts_it(client: Client, proposed: Course) -> None:
    assert proposed.facts.count() > 5
    assert proposed.knowledge().facts == ()
    fact = proposed.facts.get(rule="definition")
    decide(client, proposed, fact, "accept")
    assert [known.id for known in proposed.knowledge().facts] == [fact.key]
    change = FactChange.objects.get(fact=fact)
    assert (change.author, change.before, change.after) == (
        proposed.owner,
        {"status": "proposed"},
        {"status": "accepted"},
    )


def test_a_rejected_fact_is_not_proposed_again(client: Client, proposed: Course) -> None:
    fact = proposed.facts.get(rule="definition")
    decide(client, proposed, fact, "reject")
    client.post(reverse("quizzes:propose", args=[proposed.slug]))
    assert [row.status for row in proposed.facts.filter(start=fact.start, end=fact.end)] == ["rejected"]


def test_all_of_one_rule_are_accepted_at_once(client: Client, proposed: Course) -> None:
    lesson = proposed.lessons.get(order=1)
    client.post(reverse("quizzes:decide", args=[proposed.slug, lesson.key]), {"decide": "accept:duty"})
    duties = proposed.facts.filter(rule="duty", sentence__passage__lesson=lesson)
    assert {fact.status for fact in duties} == {"accepted"}
    assert FactChange.objects.count() == duties.count()


def test_a_fact_is_corrected_by_quoting_the_sentence(client: Client, proposed: Course) -> None:
    fact = proposed.facts.get(rule="definition")
    url = reverse("quizzes:fact", args=[proposed.slug, fact.pk])
    data = {"relation": "IDENTITY.means", "subject": "网络数据", "quote": "电子数据", "scope": "第二条"}
    wrong = client.post(url, data | {"quote": "没有的话"})
    assert wrong.status_code == 422
    assert "does not stand in the sentence" in wrong.content.decode()
    client.post(url, data)
    fact.refresh_from_db()
    assert (fact.text, fact.status) == ("电子数据", "accepted")
    assert proposed.text[fact.start : fact.end] == "电子数据"
    assert fact.changes.get().before["text"] == "通过网络处理和产生的各种电子数据"


def test_a_fact_is_added_by_hand(client: Client, proposed: Course) -> None:
    sentence = proposed.facts.get(rule="definition").sentence
    url = reverse("quizzes:fact_new", args=[proposed.slug, sentence.pk])
    client.post(url, {"relation": "TERM.quoted", "subject": "本条例", "quote": "网络数据", "scope": "第二条"})
    assert proposed.facts.get(rule="by hand").text == "网络数据"


def test_questions_are_made_and_practised_by_the_owner_alone(client: Client, proposed: Course) -> None:
    proposed.facts.update(status=Fact.Status.ACCEPTED)
    page = client.post(reverse("quizzes:confirm", args=[proposed.slug]))
    questions = Question.objects.for_course(proposed).active()
    assert page.status_code == 200
    assert questions.count() >= 3
    assert f"{questions.count()} questions made" in page.content.decode()
    start = {"scope": "course", "course": proposed.slug}
    assert client.post(reverse("quizzes:start"), start).status_code == 302
    assert Client().post(reverse("quizzes:start"), start).status_code == 422


def test_only_staff_publish(client: Client, draft: Course) -> None:
    url = reverse("quizzes:publish", args=[draft.slug])
    assert client.post(url).status_code == 403
    User.objects.update(is_staff=True)
    client.post(url, {"anyway": "on"})
    draft.refresh_from_db()
    assert draft.is_published


def test_a_weak_draft_is_published_only_by_an_explicit_choice(client: Client, proposed: Course) -> None:
    proposed.facts.update(status=Fact.Status.ACCEPTED)
    client.post(reverse("quizzes:confirm", args=[proposed.slug]))
    User.objects.update(is_staff=True)
    url = reverse("quizzes:publish", args=[proposed.slug])
    page = client.post(url)
    text = page.content.decode()
    assert page.status_code == 422
    assert "This bank is not ready for everyone" in text
    assert "V72: " in text
    assert 'name="anyway" required' in text
    proposed.refresh_from_db()
    assert not proposed.is_published
    assert client.post(url, {"anyway": "on"}).status_code == 302
    proposed.refresh_from_db()
    assert proposed.is_published


def test_a_sound_course_is_published_at_once(client: Client, author: User, white_paper: Course) -> None:
    store(white_paper, generate(white_paper.knowledge()))
    Course.objects.filter(pk=white_paper.pk).update(is_published=False)
    User.objects.update(is_staff=True)
    assert client.post(reverse("quizzes:publish", args=[white_paper.slug])).status_code == 302
    white_paper.refresh_from_db()
    assert white_paper.is_published


def test_lessons_stay_once_there_are_questions(client: Client, proposed: Course) -> None:
    proposed.facts.update(status=Fact.Status.ACCEPTED)
    client.post(reverse("quizzes:confirm", args=[proposed.slug]))
    data = {"do": "merge_lesson", "where": proposed.lessons.earliest("order").pk}
    assert client.post(reverse("quizzes:arrange", args=[proposed.slug]), data).status_code == 422


def test_a_draft_is_deleted_with_its_questions(client: Client, proposed: Course) -> None:
    proposed.facts.update(status=Fact.Status.ACCEPTED)
    client.post(reverse("quizzes:confirm", args=[proposed.slug]))
    client.post(reverse("quizzes:discard", args=[proposed.slug]))
    assert not Course.objects.filter(pk=proposed.pk).exists()
