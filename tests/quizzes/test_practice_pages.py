"""The answer loop as pages: asked, answered, explained; by anybody else not found; never twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from accounts.limits import allow
from accounts.models import User
from curriculum.models import Course
from quizzes import runs
from quizzes.bank import store
from quizzes.models import Attempt, Flag, Question, Response
from tests.factories import make_course, short_answer
from tests.quizzes.every_kind import (
    CHOICE,
    CLOZE,
    LIST,
    ORDER,
    PAIRS,
    PICKED,
    RIGHT,
    TYPED,
    item_at,
    make_every_kind,
    make_run,
    matching,
)

pytestmark = pytest.mark.django_db
EVERY = [CLOZE, PICKED, CHOICE, TYPED, LIST, ORDER, PAIRS]


@pytest.fixture
def course(db: None) -> Course:
    return make_every_kind()


@pytest.fixture
def attempt(learner: User, course: Course) -> Attempt:
    return make_run(learner, course)


@pytest.fixture
def member(client: Client, learner: User) -> Client:
    """A signed-in learner's client."""
    client.force_login(learner)
    return client


def address(attempt: Attempt, position: int, name: str = "question") -> str:
    return reverse(f"quizzes:{name}", args=[attempt.pk, position])


def answer(member: Client, attempt: Attempt, position: int, data: dict[str, Any], **headers: str) -> Any:
    """Post an answer and follow to the page that shows it."""
    return member.post(address(attempt, position), {"try": "1"} | data, follow=True, headers=headers)


def text_of(response: Any) -> str:
    """The page without tags, white space joined."""
    plain = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


def statements(queries: CaptureQueriesContext) -> list[str]:
    """The statements that reached the database, without BEGIN, COMMIT and savepoints."""
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in queries.captured_queries if not query["sql"].startswith(control)]


# Starting.


def test_start_leads_to_the_first_question(member: Client, course: Course) -> None:
    response = member.post(reverse("quizzes:start"), {"scope": "course", "course": course.slug}, follow=True)
    run = Attempt.objects.get()
    assert [step for step, _status in response.redirect_chain] == [run.get_absolute_url(), address(run, 1)]
    assert f"Question 1 of {run.items.count()}" in text_of(response)


def test_a_visitor_becomes_a_guest_and_keeps_the_chosen_script(client: Client, course: Course) -> None:
    session = client.session
    session["preferences"] = {"script": "hans", "items_per_day": 10}
    session.save()
    response = client.post(reverse("quizzes:start"), {"scope": "course", "course": course.slug}, follow=True)
    guest = User.objects.get()
    assert (guest.is_guest, guest.script, guest.items_per_day) == (True, "hans", 10)
    assert Attempt.objects.get().learner == guest
    assert 'lang="zh-Hans"' in response.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"scope": "everything", "course": "every-kind"},
        {"scope": "course", "course": "nowhere"},
        {"scope": "lesson", "course": "every-kind", "lesson": "no-such-lesson"},
        {"scope": "facts", "course": "every-kind"},
        {"scope": "facts", "course": "every-kind", "fact": ["x" * 41]},
        {"scope": "facts", "course": "every-kind", "fact": ["F1"] * 61},
        {},
    ],
)
def test_a_start_that_cannot_be_is_explained(member: Client, course: Course, data: dict[str, Any]) -> None:
    response = member.post(reverse("quizzes:start"), data)
    assert (response.status_code, Attempt.objects.count()) == (422, 0)
    assert "This practice cannot be started" in text_of(response)


def test_an_address_that_starts_too_many_runs_as_a_visitor_is_told_to_wait(
    client: Client, course: Course, rf: RequestFactory
) -> None:
    for _ in range(300):
        allow(rf.get("/"), "guest")
    response = client.post(reverse("quizzes:start"), {"scope": "course", "course": course.slug})
    assert (response.status_code, User.objects.count()) == (429, 0)
    assert "Too many runs were started from here" in text_of(response)


def test_an_unpublished_course_cannot_be_started(member: Client) -> None:
    hidden = make_course(is_published=False)
    response = member.post(reverse("quizzes:start"), {"scope": "course", "course": hidden.slug})
    assert (response.status_code, Attempt.objects.count()) == (422, 0)


def test_nothing_due_says_so(member: Client, course: Course) -> None:
    response = member.post(reverse("quizzes:start"), {"scope": "due", "course": course.slug})
    assert "Nothing is due" in text_of(response)


def test_start_is_a_post(member: Client) -> None:
    assert member.get(reverse("quizzes:start")).status_code == 405


def test_the_run_leads_to_the_next_open_question(member: Client, attempt: Attempt) -> None:
    answer(member, attempt, CLOZE, RIGHT[CLOZE])
    response = member.get(attempt.get_absolute_url())
    assert response.headers["Location"] == address(attempt, PICKED)


# Who may.


@pytest.mark.parametrize("name", ["question", "hint", "flag"])
def test_another_persons_question_is_not_found(client: Client, stranger: User, attempt: Attempt, name: str) -> None:
    client.force_login(stranger)
    assert client.post(address(attempt, TYPED, name), RIGHT[TYPED]).status_code == 404
    assert (Response.objects.count(), Flag.objects.count(), item_at(attempt, TYPED).hints_taken) == (0, 0, 0)


@pytest.mark.parametrize("name", ["attempt", "summary"])
def test_another_persons_run_is_not_found(client: Client, stranger: User, attempt: Attempt, name: str) -> None:
    client.force_login(stranger)
    assert client.get(reverse(f"quizzes:{name}", args=[attempt.pk])).status_code == 404
    assert client.get(address(attempt, TYPED)).status_code == 404


def test_a_visitor_is_sent_to_log_in(client: Client, attempt: Attempt) -> None:
    response = client.get(address(attempt, TYPED))
    assert response.headers["Location"] == f"{reverse('account_login')}?next={address(attempt, TYPED)}"


@pytest.mark.parametrize("position", [0, 8, 99999, 10**30])
def test_a_position_that_does_not_exist_is_not_found(member: Client, attempt: Attempt, position: int) -> None:
    assert member.get(address(attempt, position)).status_code == 404
    assert member.post(address(attempt, position), RIGHT[TYPED]).status_code == 404


def test_a_hint_is_a_post(member: Client, attempt: Attempt) -> None:
    assert member.get(address(attempt, TYPED, "hint")).status_code == 405


# Asking.


@pytest.mark.parametrize("position", EVERY)
def test_a_question_is_asked_in_a_form_that_needs_no_script(member: Client, attempt: Attempt, position: int) -> None:
    page = member.get(address(attempt, position)).content.decode()
    fields = set(re.findall(r'name="(choice|text|member|pair_\d|place_\d)"', page))
    assert fields == set(RIGHT[position])
    assert f'<form method="post" action="{address(attempt, position)}"' in page


@pytest.mark.parametrize("position", [CLOZE, TYPED, LIST])
def test_the_key_is_not_in_the_page_while_asking(member: Client, attempt: Attempt, position: int) -> None:
    page = member.get(address(attempt, position)).content.decode()
    assert [key for key in ("自然延伸", "國際組織", "公民個人") if key in page] == []


def test_the_lesson_is_named_unless_it_gives_the_answer_away(member: Client, attempt: Attempt) -> None:
    asked = [">第1章<" in member.get(address(attempt, position)).content.decode() for position in (CLOZE, TYPED)]
    assert asked == [True, False]
    assert ">第1章<" in answer(member, attempt, TYPED, RIGHT[TYPED]).content.decode()


def test_the_text_is_shown_in_the_script_the_reader_prefers(member: Client, attempt: Attempt, learner: User) -> None:
    User.objects.filter(pk=learner.pk).update(script="hans")
    page = member.get(address(attempt, CHOICE)).content.decode()
    assert '<span lang="zh-Hans">具体体现</span>' in page
    assert (
        '<h1 class="stem" id="stem" lang="zh-Hans" tabindex="-1" autofocus>网络主权是国家主权在网络空间的什么？</h1>'
        in page
    )


def test_asking_twice_costs_the_same_and_writes_once(member: Client, attempt: Attempt) -> None:
    attempt.items.update(shown_at=None)
    member.get(address(attempt, CHOICE))
    with CaptureQueriesContext(connection) as queries:
        member.get(address(attempt, CHOICE))
    assert len(statements(queries)) == 3


# Answering.


@pytest.mark.parametrize("position", EVERY)
def test_a_right_answer_is_followed_by_correct(member: Client, attempt: Attempt, position: int) -> None:
    response = answer(member, attempt, position, RIGHT[position])
    assert response.redirect_chain == [(address(attempt, position), 303)]
    assert '<h2 id="verdict" tabindex="-1" autofocus>Correct <span' in response.content.decode()


@pytest.mark.parametrize("position", EVERY)
def test_giving_up_shows_the_key_and_the_sentence(member: Client, attempt: Attempt, position: int) -> None:
    response = answer(member, attempt, position, {"give_up": "1"})
    page = response.content.decode()
    shown = {LIST: "國際組織", ORDER: "尊重網絡主權", PAIRS: "關鍵主導作用"}.get(position, "自然延伸")
    assert ">Not quite: this is the answer <span" in page
    assert f">{shown}<" in page
    assert f"<mark>第1章第{position}句說明事項1甲{position}。</mark>" in page
    assert f'href="/courses/every-kind/lesson-1/#L1-{position:02}"' in page


@pytest.mark.parametrize("position", EVERY)
def test_an_empty_answer_is_asked_for_again(member: Client, attempt: Attempt, position: int) -> None:
    response = member.post(address(attempt, position), {"try": "1"})
    assert (response.status_code, Response.objects.count()) == (422, 0)
    assert "<title>Error: Question" in response.content.decode()
    assert "There is a problem" in text_of(response)


@pytest.mark.parametrize(
    ("position", "data"),
    [
        (CHOICE, {"choice": "9"}),
        (CHOICE, {"choice": ["0", "1"]}),
        (CHOICE, {"choice": "one"}),
        (TYPED, {"text": "延" * 501}),
        (ORDER, {"place_0": "1"}),
        (ORDER, {f"place_{index}": "1" for index in range(4)}),
        (PAIRS, {"pair_0": "99"}),
        (PAIRS, {"pair_0": "1", "pair_1": "1"}),
    ],
)
def test_an_answer_that_no_form_sends_is_refused(
    member: Client, attempt: Attempt, position: int, data: dict[str, Any]
) -> None:
    assert answer(member, attempt, position, data).status_code == 422
    assert Response.objects.count() == 0


def test_a_refused_form_comes_back_as_it_was_typed(member: Client, attempt: Attempt) -> None:
    page = answer(member, attempt, ORDER, {"place_0": "3", "place_1": "3"}).content.decode()
    assert page.count("<option selected>3</option>") == 2
    page = answer(member, attempt, PAIRS, {"pair_0": "6", "pair_1": "6"}).content.decode()
    assert page.count('<option value="6" selected>') == 2


def test_what_is_not_offered_is_not_written(member: Client, attempt: Attempt, stranger: User) -> None:
    forged = {"score": "1", "verdict": "correct", "learner": str(stranger.pk), "elapsed_ms": "1", "hints_taken": "0"}
    answer(member, attempt, TYPED, {"text": "完全不同"} | forged)
    recorded = Response.objects.get()
    assert (recorded.verdict, recorded.score, recorded.gradings.get().learner) == ("wrong", 0.0, attempt.learner)
    assert 30_000 <= recorded.elapsed_ms < 60_000


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("自然延申", "Almost: one character differs"),
        ("國家主權的自然延伸", "Almost: the answer is in there"),
        ("自然", "Partly"),
    ],
)
def test_a_close_answer_may_be_tried_again_without_seeing_the_key(
    member: Client, attempt: Attempt, given: str, words: str
) -> None:
    page = answer(member, attempt, TYPED, {"text": given}).content.decode()
    assert f'<h2 tabindex="-1" autofocus>{words}' in page
    assert f'value="{given}"' in page
    assert "自然延伸" not in page.replace(f'value="{given}"', "")
    assert '<input type="hidden" name="try" value="2">' in page
    assert (
        ">Correct, at the second try <span"
        in answer(member, attempt, TYPED, {"try": "2", "text": "自然延伸"}).content.decode()
    )


def test_a_second_close_answer_is_shown_character_by_character(member: Client, attempt: Attempt) -> None:
    answer(member, attempt, TYPED, {"text": "自然延申"})
    page = answer(member, attempt, TYPED, {"try": "2", "text": "自然延申"}).content.decode()
    assert '自然延<s class="is-missed">申</s>' in page
    assert '<dd class="is-right"><span lang="zh-Hant">自然延伸</span></dd>' in page


def test_an_answer_in_the_other_script_counts_and_the_wording_is_shown(member: Client, attempt: Attempt) -> None:
    page = text_of(answer(member, attempt, TYPED, {"text": "自然延展"}))
    assert "Correct" in page
    assert "The document writes it 自然延伸" in page


def test_a_confusion_is_named_with_its_sentence(member: Client, attempt: Attempt) -> None:
    page = answer(member, attempt, TYPED, {"text": "具體體現"}).content.decode()
    assert ">Not quite <span" in page
    given, subject = (f'<span lang="zh-Hant">{text}</span>' for text in ("「具體體現」", "構建網絡空間命運共同體"))
    assert f"In the document, {given} goes with {subject}." in page
    assert '<a href="/courses/every-kind/lesson-1/#L1-02">Sentence L1-02</a>' in page


def test_a_wrong_option_is_named_with_the_fact_of_which_it_is_true(member: Client, attempt: Attempt) -> None:
    page = text_of(answer(member, attempt, CHOICE, {"choice": "0"}))
    assert "In the document, 「具體體現」 goes with 第2句 . Sentence L1-02" in page


def test_swapped_pairs_name_their_right_owners(member: Client, attempt: Attempt) -> None:
    swapped = RIGHT[PAIRS] | {"pair_0": "2", "pair_1": "1", "pair_5": ""}
    page = text_of(answer(member, attempt, PAIRS, swapped))
    assert "Partly right: 3 of 6 pairs" in page
    assert "In the document, 「主渠道作用」 goes with 聯合國 ." in page
    assert "社會組織 ✗ left open" in page


def test_a_list_shows_hits_missing_and_extras(member: Client, attempt: Attempt) -> None:
    page = text_of(answer(member, attempt, LIST, {"member": ["政府", "媒體", "企業", ""]}))
    assert "Partly right: 2 of 4 named" in page
    named = re.findall(r"(✓ named|✗ missing|✗ does not belong here) (\S+)", page)
    assert named == [
        ("✓ named", "政府"),
        ("✗ missing", "國際組織"),
        ("✓ named", "互聯網企業"),
        ("✗ missing", "公民個人"),
        ("✗ does not belong here", "媒體"),
    ]


def test_an_order_shows_where_each_item_was_put(member: Client, attempt: Attempt) -> None:
    swapped = {"place_0": "3", "place_1": "4", "place_2": "2", "place_3": "1"}
    page = text_of(answer(member, attempt, ORDER, swapped))
    assert "Partly right: 2 of 4 in their place" in page
    assert "促進開放合作 ✗ you put it at 4" in page


def test_the_right_answer_is_bold_where_the_document_says_it(member: Client, learner: User, course: Course) -> None:
    fact = course.facts.select_related("sentence__passage__lesson").get(key="F1-2")
    store(course, [short_answer(fact)])
    attempt = make_run(learner, course, keys=["typed-F1-2"])
    page = answer(member, attempt, 1, {"give_up": "1"}).content.decode()
    lit = "<mark>第1章第2句說明</mark><mark><strong>事項1甲2</strong></mark><mark>。</mark>"
    assert f"第1章第1句說明事項1甲1。{lit}第1章第3句說明事項1甲3。" in page


# Twice, late, elsewhere.


def test_a_second_answer_shows_the_first_one(member: Client, attempt: Attempt) -> None:
    answer(member, attempt, CHOICE, {"choice": "0"})
    page = text_of(answer(member, attempt, CHOICE, {"choice": "1"}))
    assert "The answer recorded first stands." in page
    assert (Response.objects.get().answer, "Not quite" in page) == (0, True)


def test_the_same_answer_twice_is_one_answer_without_a_word(member: Client, attempt: Attempt) -> None:
    pages = [text_of(answer(member, attempt, CHOICE, {"choice": "1"})) for _ in range(2)]
    assert Response.objects.count() == 1
    assert ["recorded first" in page for page in pages] == [False, False]


def test_an_empty_answer_after_an_answer_shows_the_feedback(member: Client, attempt: Attempt) -> None:
    answer(member, attempt, CHOICE, {"choice": "1"})
    assert "Correct" in text_of(answer(member, attempt, CHOICE, {}))


@pytest.mark.parametrize("number", ["2", "3", "-1", "x", ""])
def test_a_try_number_that_is_not_ours_changes_nothing_it_should_not(
    member: Client, attempt: Attempt, number: str
) -> None:
    answer(member, attempt, TYPED, {"try": number, "text": "自然延伸"})
    assert [response.try_number for response in Response.objects.all()] == ([] if number == "2" else [1])


def test_a_suspended_question_says_so_and_is_left_out(member: Client, attempt: Attempt) -> None:
    Question.objects.filter(key="1-cloze").update(is_active=False)
    assert "This question has been withdrawn" in text_of(member.get(address(attempt, CLOZE)))
    assert "This question has been withdrawn" in text_of(answer(member, attempt, CLOZE, RIGHT[CLOZE]))
    assert Response.objects.count() == 0
    assert member.get(attempt.get_absolute_url()).headers["Location"] == address(attempt, PICKED)


def test_a_finished_run_says_so(member: Client, attempt: Attempt) -> None:
    runs.finish(attempt, now=timezone.now())
    assert "This run is finished" in text_of(member.get(address(attempt, CLOZE)))
    assert "This run is finished. Nothing was changed." in text_of(answer(member, attempt, CLOZE, RIGHT[CLOZE]))
    assert Response.objects.count() == 0


def test_the_feedback_stays_at_its_address(member: Client, attempt: Attempt) -> None:
    first = answer(member, attempt, CHOICE, {"choice": "0"})
    again = member.get(address(attempt, CHOICE))
    assert text_of(again).partition("Question 3 of")[2][:400] == text_of(first).partition("Question 3 of")[2][:400]


# Queries: a literal number, the same at one fact and at six.


def test_an_answer_takes_ten_statements_at_most(member: Client, attempt: Attempt) -> None:
    counted = []
    for position, data in (
        (TYPED, RIGHT[TYPED]),
        (PAIRS, RIGHT[PAIRS]),
        (CHOICE, {"choice": "0"}),
        (LIST, {"text": "x"}),
    ):
        with CaptureQueriesContext(connection) as queries:
            member.post(address(attempt, position), {"try": "1"} | data)
        counted.append(len(statements(queries)))
    assert counted == [9, 9, 10, 10]


def test_the_last_answer_takes_ten_statements(member: Client, attempt: Attempt) -> None:
    attempt.items.exclude(position=PAIRS).delete()
    with CaptureQueriesContext(connection) as queries:
        member.post(address(attempt, PAIRS), {"try": "1"} | RIGHT[PAIRS])
    assert len(statements(queries)) == 10


@pytest.mark.parametrize("pairs", [2, 6])
def test_feedback_asks_as_often_about_six_facts_as_about_two(
    member: Client, learner: User, course: Course, pairs: int
) -> None:
    facts = list(course.facts.select_related("sentence__passage__lesson").order_by("sentence__start")[:pairs])
    version = Question.objects.get(key="7-pairs").current
    assert version is not None
    version.__class__.objects.filter(pk=version.pk).update(body=matching(facts).to_dict())
    attempt = make_run(learner, course, keys=["7-pairs"])
    given = {f"pair_{index}": str(index) for index in range(pairs)}
    member.post(address(attempt, 1), {"try": "1"} | given)
    with CaptureQueriesContext(connection) as queries:
        member.get(address(attempt, 1))
    assert len(statements(queries)) == 6


# Hints.


def test_a_hint_is_given_and_what_was_typed_is_kept(member: Client, attempt: Attempt) -> None:
    data = {"try": "1", "text": "自燃", "hint": "1"}
    response = member.post(address(attempt, TYPED, "hint"), data, follow=True)
    assert response.redirect_chain == [(address(attempt, TYPED), 303)]
    assert "The answer begins with 自" in text_of(response)
    assert 'value="自燃"' in response.content.decode()
    assert (item_at(attempt, TYPED).hints_taken, Response.objects.count()) == (1, 0)


def test_reloading_or_sending_a_hint_again_takes_no_second_one(member: Client, attempt: Attempt) -> None:
    for _ in range(2):
        member.post(address(attempt, TYPED, "hint"), {"hint": "1"})
        member.get(address(attempt, TYPED))
    assert item_at(attempt, TYPED).hints_taken == 1


def test_fifty_fifty_rules_two_wrong_options_out(member: Client, attempt: Attempt) -> None:
    page = member.post(address(attempt, CHOICE, "hint"), {"hint": "1"}, follow=True).content.decode()
    assert len(re.findall(r'<input type="radio"[^>]* disabled>', page)) == 2
    assert 'value="hint"' not in page


def test_a_hint_with_nonsense_changes_nothing(member: Client, attempt: Attempt) -> None:
    data = {"hint": "99", "text": "x" * 10_000} | {f"pair_{n}": "1" for n in range(99)}
    response = member.post(address(attempt, ORDER, "hint"), data, follow=True)
    assert (response.status_code, item_at(attempt, ORDER).hints_taken) == (200, 0)
    assert len(str(member.session["draft"])) < 2_000


def test_after_a_hint_and_a_near_answer_the_answer_stands_in_the_field(member: Client, attempt: Attempt) -> None:
    member.post(address(attempt, TYPED, "hint"), {"hint": "1", "text": "自燃"})
    page = answer(member, attempt, TYPED, {"text": "自然延申"}).content.decode()
    assert 'value="自然延申"' in page
    assert '<h2 tabindex="-1" autofocus>Almost: one character differs</h2>' in page


# Flags.


def test_a_flag_is_taken_down_once_and_confirmed(member: Client, attempt: Attempt) -> None:
    data = {"reason": "wrong_key", "comment": "見第三章"}
    for _ in range(2):
        response = member.post(address(attempt, TYPED, "flag"), data, follow=True)
    assert [(flag.reason, flag.comment) for flag in Flag.objects.all()] == [("wrong_key", "見第三章")]
    assert "You said that something is wrong with this question" in text_of(response)


def test_the_way_to_a_flag_is_a_page_that_changes_nothing(member: Client, attempt: Attempt) -> None:
    assert f'href="{address(attempt, TYPED, "flag")}"' in member.get(address(attempt, TYPED)).content.decode()
    response = member.get(address(attempt, TYPED, "flag"))
    page = response.content.decode()
    assert f'<form method="post" action="{address(attempt, TYPED, "flag")}"' in page
    assert item_at(attempt, TYPED).version.content.stem[:8] in text_of(response)
    assert (page.count("There is a problem"), Flag.objects.count()) == (0, 0)


def test_who_flagged_already_is_led_back_from_the_page(member: Client, attempt: Attempt) -> None:
    member.post(address(attempt, TYPED, "flag"), {"reason": "other"})
    assertRedirects(member.get(address(attempt, TYPED, "flag")), address(attempt, TYPED), status_code=303)


def test_htmx_puts_the_form_under_the_question(member: Client, attempt: Attempt) -> None:
    page = member.get(address(attempt, TYPED, "flag"), headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith(f'<div id="flag-{item_at(attempt, TYPED).pk}"')
    assert ("<h1" in page, "autofocus" in page) == (False, True)


def test_htmx_gets_only_the_region_of_the_flag(member: Client, attempt: Attempt) -> None:
    response = member.post(address(attempt, TYPED, "flag"), {"reason": "other"}, headers={"HX-Request": "true"})
    assert response.content.decode().strip().startswith(f'<div id="flag-{item_at(attempt, TYPED).pk}"')
    assert "<h1" not in response.content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_flag_without_a_reason_is_asked_for_one(member: Client, attempt: Attempt, headers: dict[str, str]) -> None:
    response = member.post(address(attempt, TYPED, "flag"), {"comment": "x" * 501}, headers=headers)
    assert (response.status_code, Flag.objects.count()) == (422, 0)
    assert "There is a problem" in text_of(response)


# The frame.


@pytest.mark.parametrize("position", EVERY)
def test_htmx_gets_the_page_without_its_frame(member: Client, attempt: Attempt, position: int) -> None:
    response = answer(member, attempt, position, RIGHT[position], **{"HX-Request": "true"})
    page = response.content.decode()
    assert ("<html" in page, "<header" in page, '<div class="question">' in page) == (False, False, True)
    assert ">Correct <span" in page


def test_repeats_are_announced_and_the_bar_grows(member: Client, attempt: Attempt) -> None:
    page = answer(member, attempt, CHOICE, {"choice": "0"})
    assert "Question 3 of 8 Leave" in text_of(page)
    assert "第1章 · 1 to repeat" in text_of(page)
    assert '<progress class="bar" value="1" max="8"' in page.content.decode()
    assert "It comes once more at the end of this run." in text_of(page)


def test_what_happens_next_is_said(member: Client, attempt: Attempt) -> None:
    assert "It comes back in about 2 days." in text_of(answer(member, attempt, TYPED, RIGHT[TYPED]))


# Summary.


def summary_of(member: Client, attempt: Attempt) -> Any:
    return member.get(reverse("quizzes:summary", args=[attempt.pk]))


def test_the_last_answer_leads_to_the_summary(member: Client, attempt: Attempt) -> None:
    for position in EVERY:
        page = answer(member, attempt, position, RIGHT[position])
    assert "See how it went" in text_of(page)
    response = member.get(attempt.get_absolute_url(), follow=True)
    assert response.redirect_chain == [(reverse("quizzes:summary", args=[attempt.pk]), 302)]
    assert "<h1>7 of 7 right at the first try</h1>" in response.content.decode()


def test_the_summary_shows_missed_questions_first_with_both_answers(member: Client, attempt: Attempt) -> None:
    answer(member, attempt, CLOZE, RIGHT[CLOZE])
    answer(member, attempt, CHOICE, {"choice": "0"})
    answer(member, attempt, 8, {"choice": "1"})
    answer(member, attempt, PAIRS, RIGHT[PAIRS] | {"pair_0": "6"})
    page = text_of(summary_of(member, attempt))
    assert "2 of 3" not in page
    assert "1 of 3 right at the first try" in page
    assert re.findall(r"Question (\d) again", page) == ["3", "7", "1"]
    assert "✗ Not quite · right when it came again" in page
    assert "Your answer 具體體現 Right answer 自然延伸" in page
    assert "Your answer 政府—決定作用 Right answer 政府—關鍵主導作用" in page
    assert "3 of 7 questions answered." in page


def test_the_summary_of_an_untouched_run_gives_nothing_away(member: Client, attempt: Attempt) -> None:
    page = text_of(summary_of(member, attempt))
    assert "Nothing answered yet" in page
    assert [key for key in ("自然延伸", "國際組織", "關鍵主導作用") if key in page] == []


def test_missed_facts_can_be_practised_at_once(member: Client, attempt: Attempt) -> None:
    answer(member, attempt, CHOICE, {"choice": "0"})
    runs.finish(attempt, now=timezone.now())
    page = summary_of(member, attempt).content.decode()
    assert '<input type="hidden" name="fact" value="F1-3">' in page
    assert "Practise the 1 missed fact<" in page


def test_after_a_lesson_the_next_one_is_offered(member: Client, learner: User) -> None:
    course = make_course(lessons=2)
    attempt = make_run(learner, course)
    Attempt.objects.filter(pk=attempt.pk).update(lesson=course.lessons.first(), scope="lesson")
    member.get(attempt.get_absolute_url())
    assert '<input type="hidden" name="lesson" value="lesson-2">' in summary_of(member, attempt).content.decode()


def test_only_a_guest_is_asked_to_keep_the_progress(member: Client, attempt: Attempt, learner: User) -> None:
    answer(member, attempt, CLOZE, RIGHT[CLOZE])
    before = "Keep my progress" in text_of(summary_of(member, attempt))
    User.objects.filter(pk=learner.pk).update(is_guest=True)
    assert (before, "Keep my progress" in text_of(summary_of(member, attempt))) == (False, True)


def test_the_summary_costs_the_same_at_one_answer_and_at_seven(member: Client, attempt: Attempt) -> None:
    counted = []
    for positions in ([CLOZE], EVERY[1:]):
        for position in positions:
            answer(member, attempt, position, RIGHT[position])
        with CaptureQueriesContext(connection) as queries:
            summary_of(member, attempt)
        counted.append(len(statements(queries)))
    assert counted == [11, 11]
