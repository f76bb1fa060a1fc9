"""Every page of the site in a browser: three languages, light and dark, narrow and wide; no barrier, error or overflow.

Not the full product: each page is seen in each language, in each scheme and at each width at least once (LOOKS).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from curriculum.models import Course
from quizzes.models import Attempt
from tests.accounts.people import log_in, with_second_step
from tests.browser.conftest import MakePage
from tests.browser.test_practice import EVERY, WCAG, question
from tests.factories import PASSWORD, make_bank, make_course, make_guest, make_learner, make_user
from tests.quizzes.every_kind import CHOICE, CLOZE, LIST, ORDER, PAIRS, PICKED, RIGHT, TYPED, make_every_kind, make_run
from tests.quizzes.histories import answer

LOOKS = {"en-GB": [("light", 360), ("dark", 1280)], "zh-TW": [("dark", 360)], "zh-CN": [("light", 1280)]}
"""Language of the browser: colour scheme and width in CSS pixels."""

WRONG: dict[int, dict[str, Any]] = {
    CLOZE: {"text": "具體體現"},
    PICKED: {"choice": "0"},
    CHOICE: {"choice": "0"},
    TYPED: {"text": "完全不同的答案"},
    LIST: {"member": ["政府", "學生", "互聯網企業"]},
    ORDER: {f"place_{index}": str(index + 1) for index in range(4)},
    PAIRS: {f"pair_{index}": str(partner) for index, partner in enumerate((0, 1, 2, 3, 4, 5))},
}

Opener = Callable[[Page], Any]
Fault = tuple[str, str, str]
"""Address, look, what is wrong."""

FAULTS = """() => {
  const found = [], all = selector => [...document.querySelectorAll(selector)];
  const han = /\\p{Script=Han}/u, marked = node => /^zh-Han[ts]$/.test(node.closest('[lang]').lang);
  const bare = (words, node) => {
    if (words && han.test(words) && !marked(node)) found.push('Chinese without its language: ' + words.trim());
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) bare(texts.currentNode.data, texts.currentNode.parentElement);
  for (const one of all('body [aria-label], body [alt], body [placeholder], body [title], input:not([type=hidden])'))
    for (const words of [one.ariaLabel, one.alt, one.placeholder, one.title, one.value]) bare(words, one);
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push('scrolls sideways');
  for (const once of ['h1', '[role=status]', '[role=alert]', 'main', 'title'])
    if (all(once).length !== 1) found.push(`${all(once).length} × ${once}`);
  for (const line of all('[role=status], [role=alert]'))
    if (line.textContent.trim()) found.push('speaks unasked: ' + line.textContent);
  if (new Set(all('main .main').map(one => one.textContent)).size > 1) found.push('more than one main button');
  return found;
}"""


def look_over(open_page: Callable[..., Page], states: Sequence[Opener]) -> list[Fault]:
    """What is wrong with any of the states in any of the looks."""
    found: list[Fault] = []
    for language, looks in LOOKS.items():
        page = open_page(locale=language, reduced_motion="reduce")
        listen(page, found)
        for state in states:
            show(page, *looks[0])
            state(page)
            for scheme, width in looks:
                show(page, scheme, width)
                found += [(page.url, f"{language} {scheme} {width}", fault) for fault in faults(page)]
        page.context.close()
    return found


def show(page: Page, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 740})


def listen(page: Page, found: list[Fault]) -> None:
    """Take down what goes wrong in the page: errors in the console, among them the policy's, and exceptions."""
    page.on("console", lambda message: found.extend(_complaint(page, message)))
    page.on("pageerror", lambda error: found.append((page.url, "exception", str(error))))


def _complaint(page: Page, message: ConsoleMessage) -> list[Fault]:
    """An error in the console; that the page itself answers 404 or 422 is no news."""
    is_own_status = message.text.startswith("Failed to load resource") and message.location["url"] == page.url
    return [(page.url, "console", message.text)] if message.type == "error" and not is_own_status else []


def faults(page: Page) -> list[str]:
    """Faults of the page as it stands: our own rules, then axe's."""
    violations = Axe().run(page, options=WCAG).response["violations"]
    return page.evaluate(FAULTS) + [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in violations]


def at(address: str) -> Opener:
    return lambda page: page.goto(address)


def named(name: str, *args: Any, query: str = "") -> Opener:
    return at(reverse(name, args=args) + query)


# The document: each shape of lesson that the shipped courses have.


@pytest.fixture
def papers(transactional_db: None) -> list[Course]:
    call_command("loaddata", "cyberspace-2019", "udhr", verbosity=0)
    return list(Course.objects.order_by("slug"))


def readers(course: Course, *, query: str = "") -> list[Opener]:
    """The first lesson has the title block, the last the signature, one between them numbered paragraphs."""
    lessons = list(course.lessons.order_by("order"))
    return [at(lesson.get_absolute_url() + query) for lesson in (lessons[0], lessons[2], lessons[-1])]


def test_a_visitor_sees_pages_without_fault(open_as: MakePage, papers: list[Course]) -> None:
    names = "quizzes:home", "curriculum:courses", "quizzes:progress", "quizzes:help"
    pages = [named(name) for name in names] + [at(course.get_absolute_url()) for course in papers]
    for course in papers:
        pages += readers(course)
    pages += [at("/nothing-here/"), named("curriculum:lesson", papers[0].slug, "no-such-lesson")]
    pages += [named("quizzes:start"), too_old]  # 405, 403
    assert look_over(open_as, pages) == []


def too_old(page: Page) -> None:
    """A form whose token is not the browser's any more."""
    page.goto(reverse("accounts:settings"))
    page.context.clear_cookies()
    page.locator("main form button.main").click()
    expect(page.locator("main form[action='/account/'] button.main")).to_be_visible()


def test_the_doors_have_no_fault(open_as: MakePage, transactional_db: None) -> None:
    make_learner(email="learner@example.org")
    Client().post(reverse("account_reset_password"), {"email": "learner@example.org"})
    (link,) = re.findall(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)
    names = ["account_signup", "account_login", "account_reset_password", "account_reset_password_done"]
    pages = [named(name) for name in [*names, "accounts:settings"]]
    pages += [at(link), at(link[:-5] + "xxxx/")]
    pages += [refused(name) for name in ("account_signup", "account_login", "account_reset_password")]
    assert look_over(open_as, pages) == []


def refused(name: str) -> Opener:
    """The page of a form that was sent with nothing in it."""

    def send(page: Page) -> None:
        page.goto(reverse(name))
        page.evaluate("document.querySelector('main form').noValidate = true")
        page.locator("main form button.main").click()
        expect(page.locator(".problem")).to_be_focused()

    return send


def test_a_guest_sees_pages_without_fault(open_as: MakePage, transactional_db: None) -> None:
    course, guest = make_every_kind(), make_guest()
    names = ["quizzes:home", "quizzes:progress", "accounts:settings", "accounts:delete", "account_signup"]
    pages = [named(name) for name in names]
    make_run(guest, course)
    assert look_over(lambda **options: open_as(guest, **options), [*pages, at(course.get_absolute_url())]) == []


def test_a_member_without_history_sees_pages_without_fault(open_as: MakePage, transactional_db: None) -> None:
    course, learner = make_course(lessons=2), make_learner()
    make_bank(course)
    names = ["quizzes:home", "quizzes:progress", "accounts:settings", "accounts:delete", "account_logout"]
    names += ["accounts:tokens", "accounts:digest"]
    pages = [named(name) for name in names] + readers_of_a_small_course(course)
    assert look_over(lambda **options: open_as(learner, **options), [*pages, nothing_due(course)]) == []


def readers_of_a_small_course(course: Course) -> list[Opener]:
    lesson = course.lessons.get(order=1)
    return [at(f"{lesson.get_absolute_url()}{query}") for query in ("", "?tint=1")]


def nothing_due(course: Course) -> Opener:
    """What is said when nothing is due: only an old page still offers a review then."""

    def ask(page: Page) -> None:
        page.goto(course.get_absolute_url())
        page.evaluate("document.querySelector('main form [name=scope]').value = 'due'")
        page.locator("main form button.main").click()
        page.wait_for_url(f"**{reverse('quizzes:start')}")

    return ask


def test_a_learner_with_history_sees_pages_without_fault(open_as: MakePage, papers: list[Course]) -> None:
    learner = with_history(papers[0])
    names = ["quizzes:home", "quizzes:progress", "curriculum:courses"]
    pages = [named(name) for name in names] + [unfolded("quizzes:progress"), at(papers[0].get_absolute_url())]
    pages += readers(papers[0], query="?tint=1")
    assert look_over(lambda **options: open_as(learner, **options), pages) == []


def with_history(course: Course) -> User:
    """A learner of five weeks: some facts strong, some weak, some due, one run left open."""
    make_bank(course)
    learner = make_learner()
    facts = list(course.facts.select_related("course").order_by("sentence__start")[:24])
    for days, rating in ((35, 3), (30, 1), (21, 3), (9, 3), (1, 3)):
        when = timezone.now() - timedelta(days=days)
        for index, fact in enumerate(facts):
            if index % 4 != days % 4:
                answer(learner, fact, at=when, rating=1 if index % 5 == 0 else rating)
    return learner


def unfolded(name: str) -> Opener:
    """With everything open that can be opened."""

    def unfold(page: Page) -> None:
        page.goto(reverse(name))
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")

    return unfold


def test_the_account_pages_have_no_fault(open_as: MakePage, live_server: LiveServer) -> None:
    unconfirmed, plain, secured = make_user("ann", email="ann@example.org"), make_user("ben"), make_user("cat")
    names = ["account_change_password", "account_email", "mfa_index", "mfa_activate_totp"]
    found = look_over(fresh(open_as, live_server, plain), [named(name) for name in names])
    found += look_over(lambda **options: open_as(plain, **options), [named("mfa_activate_totp")])  # asks who it is
    found += look_over(fresh(open_as, live_server, unconfirmed), [named("mfa_activate_totp")])  # sent back with words
    opener = fresh(open_as, live_server, secured)
    with_second_step(secured)
    names = ["mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes"]
    assert found + look_over(opener, [named(name) for name in names]) == []


def test_the_second_step_has_no_fault(open_as: MakePage, live_server: LiveServer) -> None:
    secured = make_user("secured")
    with_second_step(secured)
    assert look_over(fresh(open_as, live_server, secured), [named("mfa_authenticate")]) == []


def fresh(open_as: MakePage, live_server: LiveServer, user: User) -> Callable[..., Page]:
    """Opens pages in the session of somebody who has just given the password."""
    client = Client()
    log_in(client, user.username)
    session = client.cookies[settings.SESSION_COOKIE_NAME]

    def make(**options: Any) -> Page:
        page = open_as(**options)
        page.context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])
        return page

    return make


# Practice: every kind of question asking, refusing an empty answer, near, after a hint, and answered.


@pytest.fixture
def attempt(transactional_db: None) -> Attempt:
    return make_run(make_learner(), make_every_kind())


def asking(attempt: Attempt, position: int) -> Opener:
    return at(question(attempt, position))


def unanswered(attempt: Attempt, position: int) -> Opener:
    """Check pressed without an answer: swapped in by htmx with 422."""

    def press(page: Page) -> None:
        page.goto(question(attempt, position))
        page.locator("main form button.main").first.click()
        expect(page.locator(".problem")).to_be_focused()
        page.locator("[id^=flag-] a").click()
        expect(page.locator("[id^=flag-] select")).to_be_focused()

    return press


def test_a_question_asks_without_fault(open_as: MakePage, attempt: Attempt) -> None:
    states = [asking(attempt, position) for position in EVERY]
    states += [unanswered(attempt, position) for position in (CHOICE, TYPED, LIST)]
    assert look_over(lambda **options: open_as(attempt.learner, **options), states) == []


def test_an_answer_that_waited_for_the_log_in_has_no_fault(open_as: MakePage, attempt: Attempt) -> None:
    states = [signed_out(attempt, TYPED), *(signed_out(attempt, position, is_back=True) for position in (TYPED, ORDER))]
    assert look_over(lambda **options: open_as(attempt.learner, **options), states) == []


def signed_out(attempt: Attempt, position: int, *, is_back: bool = False) -> Opener:
    """The log-in page after an answer was sent too late, or the question after it."""

    def press(page: Page) -> None:
        kept = [cookie for cookie in page.context.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME]
        page.goto(question(attempt, position))
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        if position == TYPED:
            page.locator("#answer").fill("自然延")
        page.locator("main form button.main").first.click()
        page.wait_for_url("**/login/**")
        if not is_back:
            page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
            page.context.add_cookies(kept)  # type: ignore[arg-type]
            return
        page.locator("[name=login]").fill(attempt.learner.username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button.main").click()
        page.wait_for_url(f"**{question(attempt, position)}")

    return press


def send(attempt: Attempt, position: int, data: dict[str, Any], *, name: str = "question") -> None:
    """Post to a question of the run as its form does."""
    client = Client()
    client.force_login(attempt.learner)
    assert client.post(reverse(f"quizzes:{name}", args=[attempt.pk, position]), {"try": "1", **data}).status_code == 303


def test_a_hint_and_a_near_answer_have_no_fault(open_as: MakePage, attempt: Attempt) -> None:
    send(attempt, TYPED, {"text": "自然延申"})
    for position, level in ((CHOICE, "1"), (LIST, "1"), (LIST, "2"), (CLOZE, "1"), (CLOZE, "2")):
        send(attempt, position, {"hint": level}, name="hint")
    states = [asking(attempt, position) for position in (TYPED, CHOICE, LIST, CLOZE)]
    assert look_over(lambda **options: open_as(attempt.learner, **options), states) == []


@pytest.mark.parametrize("answers", [RIGHT, WRONG], ids=["rightly", "wrongly"])
def test_an_answered_question_has_no_fault(
    open_as: MakePage, attempt: Attempt, answers: dict[int, dict[str, Any]]
) -> None:
    for position in EVERY:
        send(attempt, position, answers[position])
    states = [asking(attempt, position) for position in EVERY]
    states += [named("quizzes:summary", attempt.pk), named("quizzes:home")]
    assert look_over(lambda **options: open_as(attempt.learner, **options), states) == []


def test_a_closed_question_and_an_open_summary_have_no_fault(open_as: MakePage, attempt: Attempt) -> None:
    version = attempt.items.get(position=CHOICE).version
    version.question.is_active = False
    version.question.save()
    states = [asking(attempt, CHOICE), named("quizzes:summary", attempt.pk)]
    assert look_over(lambda **options: open_as(attempt.learner, **options), states) == []
