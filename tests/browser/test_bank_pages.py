"""The pages of the bank, the import, the facts and the editions in a browser: no barrier, error or overflow."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from curriculum.models import Course, Fact
from quizzes.editing import suspend
from quizzes.interchange import FORMATS
from quizzes.interchange.portable import portable
from quizzes.models import Flag, Question, QuestionImport, Response
from tests.browser.conftest import MakePage
from tests.browser.test_every_page import Opener, at, look_over, named
from tests.factories import make_learner, make_user
from tests.quizzes.keepers import answered, of_kind, stored_bank
from tests.quizzes.test_contested import GIVEN, ROLE
from tests.quizzes.test_importing_pages import TEXT

KINDS = ("choice", "cloze", "enumeration", "matching", "ordering", "short_answer")


@pytest.fixture
def staff(transactional_db: None) -> User:
    return make_user("keeper", is_staff=True)


@pytest.fixture
def course(transactional_db: None) -> Course:
    call_command("loaddata", "cyberspace-2019", "udhr", verbosity=0)
    return stored_bank(Course.objects.get(slug="cyberspace-2019"))


def unfolded(opener: Opener) -> Opener:
    """With everything open that can be opened."""

    def unfold(page: Page) -> None:
        opener(page)
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")

    return unfold


def test_the_bank_has_no_fault(open_as: MakePage, staff: User, course: Course) -> None:
    suspend(of_kind(course, "choice"), actor=staff, reason="Doubtful.")
    response = answered(make_learner(), of_kind(course, "short_answer"), "完全不同的答案")
    Flag.objects.create(item=response.item, learner=response.item.attempt.learner, reason="my_answer", comment="Right.")
    names = ["bank", "bank_report", "bank_new", "bank_contested", "bank_export", "bank_import", "edition"]
    pages = [unfolded(named(f"quizzes:{name}", course.slug)) for name in names]
    pages += [named("quizzes:bank_courses"), named("quizzes:bank", course.slug, query="?kind=ordering&lesson=L9")]
    assert look_over(lambda **options: open_as(staff, **options), pages) == []


def test_a_question_of_each_kind_has_no_fault_in_the_bank(open_as: MakePage, staff: User, course: Course) -> None:
    suspend(of_kind(course, "cloze"), actor=staff, reason="Doubtful.")
    pages = [unfolded(named("quizzes:bank_question", course.slug, of_kind(course, kind).pk)) for kind in KINDS]
    assert look_over(lambda **options: open_as(staff, **options), pages) == []


def test_the_form_of_each_kind_has_no_fault(open_as: MakePage, staff: User, course: Course) -> None:
    pages = [named("quizzes:bank_edit", course.slug, of_kind(course, kind).pk) for kind in KINDS]
    lesson = course.lessons.get(key="L3").key
    pages += [named("quizzes:bank_new", course.slug, query=f"?kind={kind}&lesson={lesson}") for kind in KINDS[:3]]
    assert look_over(lambda **options: open_as(staff, **options), [*pages, refused(course)]) == []


def refused(course: Course) -> Opener:
    """A wording that breaks rules: the page says which."""

    def send(page: Page) -> None:
        page.goto(reverse("quizzes:bank_edit", args=[course.slug, of_kind(course, "short_answer").pk]))
        page.locator("main textarea").first.fill("為何此方案最先進？")
        page.locator("main form button.main").first.click()
        page.locator(".problem").first.wait_for()

    return send


def test_questions_of_a_file_have_no_fault(open_as: MakePage, staff: User, course: Course) -> None:
    client = Client()
    client.force_login(staff)
    versions = [question.current for question in Question.objects.filter(course=course)[:8] if question.current]
    rows = [portable(version.content, version.number) for version in versions]
    file = SimpleUploadedFile("bank.xml", FORMATS["moodle"].export(rows, course.title).data)
    client.post(reverse("quizzes:bank_import", args=[course.slug]), {"format": "moodle", "file": file})
    arrival = QuestionImport.objects.get()
    pages = [unfolded(named("quizzes:bank_arrival", course.slug, arrival.pk))]
    assert look_over(lambda **options: open_as(staff, **options), pages) == []


def test_the_import_has_no_fault(open_as: MakePage, transactional_db: None) -> None:
    owner = make_learner()
    draft = drafted(owner)
    lesson = draft.lessons.order_by("order")[1]
    pages = [named("quizzes:import_document"), unfolded(named("quizzes:import_outline", draft.slug)), nothing_given]
    pages += [unfolded(named("quizzes:import_outline", draft.slug, query=f"?lesson={lesson.key}"))]
    pages += [named("quizzes:facts", draft.slug), unfolded(named("quizzes:lesson_facts", draft.slug, lesson.key))]
    pages += [named("quizzes:fact", draft.slug, draft.facts.earliest("pk").pk)]
    pages += [named("quizzes:fact_new", draft.slug, lesson.passages.latest("order").sentences.latest("start").pk)]
    pages += [named("quizzes:confirm", draft.slug), unfolded(made(draft)), at(draft.get_absolute_url())]
    assert look_over(lambda **options: open_as(owner, **options), pages) == []


def drafted(owner: User) -> Course:
    """A document given by its owner, with the facts that rules propose; those of the first lesson are accepted."""
    client = Client()
    client.force_login(owner)
    client.post(reverse("quizzes:import_document"), {"text": TEXT})
    draft = Course.objects.get(owner=owner)
    client.post(reverse("quizzes:propose", args=[draft.slug]))
    draft.facts.filter(sentence__passage__lesson__order=0).update(status=Fact.Status.ACCEPTED)
    return draft


def nothing_given(page: Page) -> None:
    page.goto(reverse("quizzes:import_document"))
    page.locator("main form button.main").first.click()
    page.locator(".problem").first.wait_for()


def made(draft: Course) -> Opener:
    def make(page: Page) -> None:
        page.goto(reverse("quizzes:confirm", args=[draft.slug]))
        page.locator("main form button").first.click()
        page.locator("main .card").first.wait_for()

    return make


def test_a_weak_draft_is_not_published_without_a_choice(open_as: MakePage, staff: User) -> None:
    draft = drafted(make_learner())

    def publish(page: Page) -> None:
        page.goto(reverse("quizzes:confirm", args=[draft.slug]))
        page.locator("main form button").first.click()
        page.locator("form[action$='/publish/'] button").click()
        page.locator(".problem").first.wait_for()

    assert look_over(lambda **options: open_as(staff, **options), [publish]) == []


def test_a_newer_edition_has_no_fault(open_as: MakePage, transactional_db: None) -> None:
    owner = make_learner()
    older = drafted(owner)
    client = Client()
    client.force_login(owner)
    client.post(reverse("quizzes:import_document"), {"text": TEXT.replace("三十日", "六十日")})
    newer = Course.objects.filter(owner=owner).exclude(pk=older.pk).get()
    looked = [named("quizzes:edition", newer.slug), named("quizzes:edition", newer.slug, query=f"?older={older.slug}")]
    found = look_over(lambda **options: open_as(owner, **options), looked)
    client.post(reverse("quizzes:edition", args=[newer.slug]), {"older": older.slug})
    after = [named("curriculum:changes", newer.slug), named("quizzes:edition", newer.slug)]
    assert found + look_over(lambda **options: open_as(owner, **options), after) == []


def test_an_answer_is_contested_accepted_and_its_learner_told(open_as: MakePage, course: Course) -> None:
    """The whole way in the browser, for the owner of a course who is no staff."""
    owner, learner = make_user("teacher"), make_learner()
    course.owner = owner
    course.save(update_fields=["owner"])
    question = Question.objects.get(course=course, key=ROLE)
    response = answered(learner, question, GIVEN)
    run = response.item.attempt
    page = open_as(learner)
    page.goto(reverse("quizzes:question", args=[run.pk, response.item.position]))
    page.get_by_text("Something wrong with this question?").click()
    page.get_by_label("What seems wrong?").select_option("my_answer")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("somebody will look at it").wait_for()
    keeper = open_as(owner)
    keeper.goto(reverse("quizzes:bank_contested", args=[course.slug]))
    keeper.get_by_text("contested 1 time").wait_for()
    keeper.get_by_role("button", name="Let it count").first.click()
    keeper.get_by_text("It counts now").wait_for()
    latest = Response.objects.get(pk=response.pk).gradings.latest("pk")
    assert (latest.is_correct, latest.supersedes_id is None) == (True, False)
    page.goto(reverse("quizzes:home"))
    assert page.get_by_text(GIVEN).count() == 1
