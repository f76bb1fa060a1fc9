"""What the pages say about a learner: only what the learner's own answers say, and of how many."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.db.models import QuerySet
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.preferences import Preferences
from curriculum.models import Course, Fact
from quizzes.charts import columns, curve, shade
from quizzes.content import Content
from quizzes.mastery import KnownFact, forecast, knowledge, mastery, sentence_recall
from quizzes.models import Attempt, MemoryState, Question, Response
from quizzes.progress import Day, NewLesson, history, overview, pace, report, summary
from quizzes.scheduling import FactState, Memory
from quizzes.standings import known_facts, lesson_mastery, lesson_recall
from tests.factories import make_attempt, make_bank, make_course, make_guest, make_learner, make_stranger
from tests.quizzes.histories import MONDAY, answer, chosen, make_run, noon

UTC_ZONE = ZoneInfo("UTC")
NOW = noon()


def memory(*, days_ago: float = 0, **fields: Any) -> Memory:
    last = NOW - timedelta(days=days_ago)
    plain = Memory(
        10.0, 5.0, last + timedelta(days=10), last, last, last.date(), None, 1, 0, 1, last.date(), ("cloze",)
    )
    return replace(plain, **fields)


def known(key: str = "F", remembered: Memory | None = None, **fields: Any) -> KnownFact:
    plain = KnownFact(1, key, 1, "L1", "S1", True, 1.0, True, remembered)
    return replace(plain, **fields)


SECURE = memory(stability=30.0, success_days=3, kinds=("cloze", "choice"), has_productive_success=True)


# Values, without a database.


def test_knowledge_is_the_share_of_core_facts_that_would_be_recalled() -> None:
    facts = [
        known("F1", memory(days_ago=10)),
        known("F2"),
        known("F3", memory(), is_core=False),
        known("F4", memory(days_ago=10), weight=2.0),
    ]
    assert knowledge(facts, NOW) == pytest.approx(0.9 * 3 / 4)
    assert knowledge([], NOW) == 0


def test_what_was_only_ever_missed_is_not_known_although_its_answer_was_just_shown() -> None:
    missed = [known(f"F{number}", memory(stability=0.2, lapses=1, success_days=0)) for number in range(10)]
    found = mastery(missed, now=NOW, day_ends=NOW)
    assert (found.recall_now, found.recall_later, found.badge) == (0.0, 0.0, "")
    weakly = [known(f"F{number}", memory(success_days=0)) for number in range(10)]  # at a second try, or with a hint
    assert mastery(weakly, now=NOW, day_ends=NOW).recall_now == 1.0
    assert sentence_recall(missed, NOW) == (1, 10, 0.0)


def test_facts_are_counted_by_state() -> None:
    facts = [
        known("F1"),
        known("F2", memory(stability=1.0, days_ago=20)),
        known("F3", memory(reviews=4)),
        known("F4", SECURE),
    ]
    found = mastery(facts, now=NOW, day_ends=NOW + timedelta(hours=16))
    assert (found.new, found.learning, found.consolidating, found.secure) == (1, 1, 1, 1)
    assert (found.due, found.answers, found.total, found.met, found.solid) == (1, 6, 4, 3, 2)


def test_below_five_answers_nothing_is_estimated() -> None:
    found = mastery([known("F1", memory(reviews=4))], now=NOW, day_ends=NOW)
    assert (found.recall_now, found.recall_later, found.badge) == (None, None, "")


@pytest.mark.parametrize(
    ("secure", "other", "days_ago", "badge"),
    [(9, 1, 0, "mastered"), (9, 1, 400, "review"), (5, 5, 0, "familiar"), (0, 10, 30, "familiar"), (0, 10, 150, "met")],
)
def test_a_lesson_earns_its_word_and_can_lose_it(secure: int, other: int, days_ago: int, badge: str) -> None:
    aged = {"last_review_at": NOW - timedelta(days=days_ago)}
    facts = [known(f"S{number}", replace(SECURE, **aged)) for number in range(secure)]
    facts += [known(f"O{number}", memory(**aged)) for number in range(other)]
    assert mastery(facts, now=NOW, day_ends=NOW).badge == badge


@pytest.mark.parametrize(
    ("remembered", "step"),
    [
        (None, 0),
        (memory(success_days=0), 1),
        (memory(stability=0.5, days_ago=60), 2),
        (memory(stability=3.0), 3),
        (memory(), 4),
        (SECURE, 5),
    ],
)
def test_the_steps_of_a_fact(remembered: Memory | None, step: int) -> None:
    assert known("F", remembered).step(NOW) == step


def test_a_sentence_takes_its_facts_together() -> None:
    assert sentence_recall([known("F1"), known("F2")], NOW) == (0, 0, None)
    assert sentence_recall([known("F1", SECURE), known("F2")], NOW) == (2, 1, 1.0)
    assert sentence_recall([known("F1", memory(success_days=0)), known("F2"), known("F3")], NOW).step == 1


def test_what_does_not_fit_into_a_day_moves_to_the_next() -> None:
    overdue = [memory(days_ago=20) for _ in range(25)]
    later = [memory(days_ago=8)]
    loads = forecast([*overdue, *later], now=NOW, zone=UTC_ZONE, done_today=4, per_day=10)
    assert [load.due for load in loads[:4]] == [6, 10, 10, 0]
    assert (loads[0].day, len(loads)) == (MONDAY, 14)


def test_a_resting_fact_comes_back_after_its_pause() -> None:
    resting = memory(days_ago=20, suspended_until=NOW + timedelta(days=3))
    loads = forecast([resting], now=NOW, zone=UTC_ZONE, done_today=0, per_day=10)
    assert [load.due for load in loads[:5]] == [0, 0, 0, 1, 0]


def test_columns_begin_at_zero() -> None:
    assert [(column.y, column.height) for column in columns([0, 5, 10])] == [(32.0, 0.0), (16.0, 16.0), (0.0, 32.0)]
    assert columns([0])[0].height == 0
    assert columns([]) == ()


def test_a_curve_falls_from_the_top() -> None:
    assert curve([1.0, 0.5, 0.0], width=100, height=40) == "M0.0 0.0 L50.0 20.0 L100.0 40.0"
    assert [shade(value) for value in (0, 1, 4, 5, 19, 40)] == [0, 1, 1, 2, 3, 5]


# From rows.


@pytest.fixture
def course(db: None) -> Course:
    course = make_course(sentences=3, lessons=2)
    make_bank(course)
    return course


@pytest.fixture
def facts(course: Course) -> list[Fact]:
    return list(course.facts.order_by("key"))


@pytest.fixture
def learner(db: None) -> User:
    return make_learner()


def day(days: int = 0) -> Day:
    return Day(noon(days), UTC_ZONE)


def test_a_fact_knows_whether_it_can_be_asked_without_options(course: Course, learner: User) -> None:
    assert [fact.has_productive for fact in known_facts(learner, [course])] == [True] * 6
    Question.objects.filter(kind="short_answer").update(is_active=False)
    assert [fact.has_productive for fact in known_facts(learner, [course])] == [False] * 6


@pytest.mark.parametrize(("options", "expected"), [(None, True), (("甲", "乙"), False)])
def test_a_gap_with_options_is_not_productive(
    course: Course, learner: User, options: tuple[str, ...] | None, expected: bool
) -> None:
    question = Question.objects.get(key="typed-F1-1")
    assert question.current is not None
    body = replace(Content.from_dict(question.current.body), kind="cloze", options=options).to_dict()
    type(question.current).objects.filter(pk=question.current.pk).update(body=body)
    Question.objects.filter(pk=question.pk).update(kind="cloze")
    assert known_facts(learner, [course], key="F1-1")[0].has_productive is expected


def test_a_fact_without_a_question_is_not_counted(course: Course, facts: list[Fact], learner: User) -> None:
    Question.objects.filter(facts=facts[0]).update(is_active=False)
    assert [fact.key for fact in known_facts(learner, [course])] == [fact.key for fact in facts[1:]]


def test_lessons_and_sentences_before_and_after_the_first_answer(
    course: Course, facts: list[Fact], learner: User
) -> None:
    lesson = course.lessons.get(key="L1")
    assert lesson_mastery(learner, course, day()) == {}
    assert lesson_recall(learner, lesson, noon()) == {}
    answer(learner, facts[0], at=noon())
    found = lesson_mastery(learner, course, day(3))
    assert [(key, row.learning, row.new, row.due) for key, row in found.items()] == [("L1", 1, 2, 1), ("L2", 0, 3, 0)]
    recall = lesson_recall(learner, lesson, noon())
    assert {key: (row.step, row.n, row.recall) for key, row in recall.items()} == {
        "L1-01": (3, 1, 1.0),
        "L1-02": (0, 0, None),
        "L1-03": (0, 0, None),
    }


def test_nobody_elses_answers_are_shown(course: Course, facts: list[Fact], learner: User) -> None:
    stranger = make_stranger()
    for fact in facts:
        answer(stranger, fact, at=noon())
    assert lesson_mastery(learner, course, day(5)) == {}
    assert overview(learner, day(5)).load.due == 0
    assert report(learner, day(5)).courses == ()
    assert history(answers_of(learner), day(5)).days_practised == 0
    assert pace(learner).n == 0


def rendered(tag: str, user: object, **context: object) -> str:
    request = RequestFactory().get("/")
    request.user, request.preferences = user, Preferences()  # type: ignore[assignment, attr-defined]
    text = "{% load mastery %}{% " + tag + " as found %}{% for key, own in found.items %}{{ key }} {% endfor %}"
    return Template(text).render(Context({"request": request, **context}))


def test_the_tags_give_a_learner_their_own_and_a_visitor_nothing(
    course: Course, facts: list[Fact], learner: User
) -> None:
    answer(learner, facts[0], at=noon())
    lesson = course.lessons.get(key="L1")
    visitor = type("Visitor", (), {"is_authenticated": False})()
    assert rendered("lesson_mastery course", learner, course=course) == "L1 L2 "
    assert rendered("sentence_recall lesson", learner, lesson=lesson) == "L1-01 L1-02 L1-03 "
    assert rendered("lesson_mastery course", visitor, course=course) == ""
    assert rendered("sentence_recall lesson", visitor, lesson=lesson) == ""


def test_what_is_next(course: Course, facts: list[Fact], learner: User) -> None:
    first = overview(learner, day())
    assert first.new == NewLesson(course.lessons.get(key="L1"), is_begun=False)
    for fact in facts[:3]:
        answer(learner, fact, at=noon())
    Attempt.objects.update(finished_at=noon())
    second = overview(learner, day())
    assert second.running is None
    assert second.load.review is None
    assert second.new == NewLesson(course.lessons.get(key="L2"), is_begun=True)
    assert second.next_day == (MONDAY + timedelta(days=2), 3)
    third = overview(learner, day(2))
    assert third.load.review is not None
    assert (third.load.due, third.load.today, third.load.review_now, third.load.later) == (3, 3, 3, 0)


def test_no_more_is_asked_than_the_days_number(course: Course, facts: list[Fact]) -> None:
    learner = make_learner(items_per_day=5)
    for fact in facts:
        answer(learner, fact, at=noon())
    found = overview(learner, day(3))
    assert (found.load.due, found.load.today, found.load.later) == (6, 5, 1)
    assert [load.due for load in found.days[:3]] == [5, 1, 0]


def test_an_open_run_goes_on_where_it_stopped(course: Course, learner: User) -> None:
    attempt = make_attempt(learner, course, now=noon())
    attempt.items.filter(position__lte=3).update(answered_at=noon())
    running = overview(learner, day()).running
    assert running is not None
    assert (running.attempt, running.position, running.total) == (attempt, 4, 12)
    assert overview(learner, day(8)).running is None
    assert overview(make_stranger(), day()).running is None


def test_the_time_for_a_question_is_the_learners_own_median_from_five_answers_on(
    facts: list[Fact], learner: User
) -> None:
    for fact in facts[:4]:
        answer(learner, fact, at=noon())
    assert (pace(learner).n, pace(learner).seconds) == (0, 20)  # the usual time of a typed answer
    answer(learner, facts[4], at=noon())
    assert (pace(learner).n, pace(learner).seconds) == (5, 12)
    assert [pace(learner).minutes(count) for count in (0, 1, 20)] == [1, 1, 4]


def test_the_time_for_a_question_is_over_the_kinds_as_often_as_they_came(facts: list[Fact], learner: User) -> None:
    for fact in facts[:5]:
        answer(learner, fact, at=noon())
    answer(learner, facts[0], at=noon(), question=chosen(facts[0]))
    assert (pace(learner).n, pace(learner).seconds) == (5, 12.5)  # five of 12 s, a choice of usually 15 s


def test_the_pace_of_long_ago_is_forgotten(facts: list[Fact], learner: User) -> None:
    for day in range(35):
        answer(learner, facts[0], at=noon(day))
    assert pace(learner).n == 30


def test_the_report_names_the_weakest_facts_of_each_course(course: Course, facts: list[Fact], learner: User) -> None:
    answer(learner, facts[0], at=noon())
    answer(learner, facts[1], at=noon(), rating=1)
    (row,) = report(learner, day(3)).courses
    assert [(weak.fact, weak.answers, weak.lapses, weak.recall) for weak in row.weakest] == [
        (facts[1], 1, 1, None),
        (facts[0], 1, 0, None),
    ]
    assert row.fading[0][1] > row.fading[-1][1]


def answers_of(learner: User) -> QuerySet[Response]:
    return Response.objects.filter(item__attempt__learner=learner)


def test_twelve_weeks_with_a_count_for_each_day(facts: list[Fact], learner: User) -> None:
    run = make_run(learner, facts[0].course, at=noon())
    for fact in facts[:2]:
        answer(learner, fact, at=noon(), run=run)
    answer(learner, facts[0], at=noon(-100))
    weeks = history(answers_of(learner), day(2)).weeks
    assert (len(weeks), weeks[0][0].day, weeks[-1][0].day) == (12, date(2025, 12, 15), MONDAY)
    assert [cell.answers for cell in weeks[-1]] == [2, 0, 0, None, None, None, None]
    assert history(answers_of(learner), day(2)).days_practised == 1


def test_a_run_is_summed_up(course: Course, facts: list[Fact], learner: User) -> None:
    answer(learner, facts[0], at=noon(-2))
    Attempt.objects.update(finished_at=noon(-2))
    run = make_run(learner, course, at=noon())
    answer(learner, facts[0], at=noon(), run=run)
    answer(learner, facts[1], at=noon(), run=run, rating=1)
    for fact in facts[2:5]:
        answer(learner, fact, at=noon(), run=run)
    repeat = answer(learner, facts[1], at=noon(), run=run, question=chosen(facts[1])).response.item
    type(repeat).objects.filter(pk=repeat.pk).update(is_repeat=True)
    answer(make_stranger(), facts[1], at=noon(), rating=1)
    found = summary(run, day())
    assert (found.total, found.asked, found.right, found.accuracy) == (5, 5, 4, 0.8)
    assert [(move.fact, move.before, move.after) for move in found.up] == [
        (facts[0], FactState.LEARNING, FactState.CONSOLIDATING),
        *((fact, FactState.NEW, FactState.LEARNING) for fact in facts[2:5]),
    ]
    assert found.down == ()
    assert [(weak.fact, weak.lapses) for weak in found.weakest] == [(facts[1], 1)]
    assert (found.tomorrow, found.later) == (1, 4)


def test_a_fact_that_was_forgotten_moved_down(course: Course, facts: list[Fact], learner: User) -> None:
    for days in (0, 2):
        answer(learner, facts[0], at=noon(days))
    run = make_run(learner, course, at=noon(20))
    answer(learner, facts[0], at=noon(20), run=run, rating=1)
    found = summary(run, day(20))
    assert [(move.before, move.after) for move in found.down] == [(FactState.CONSOLIDATING, FactState.LEARNING)]
    assert found.accuracy is None


def test_an_unanswered_run_has_nothing_to_sum_up(course: Course, learner: User) -> None:
    found = summary(make_attempt(learner, course, now=noon()), day())
    assert (found.total, found.asked, found.up, found.weakest, found.tomorrow) == (12, 0, (), (), 0)


# Pages.


@pytest.fixture
def at_noon() -> Any:
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False):
        yield


def page(client: Client, name: str) -> str:
    response = client.get(reverse(name))
    assert response.status_code == 200
    return response.content.decode()


def test_a_visitor_can_start_lesson_one_at_once(course: Course, client: Client) -> None:
    text = page(client, "quizzes:home")
    assert "Start lesson 1" in text
    assert '<input type="hidden" name="lesson" value="lesson-1">' in text
    assert f'action="{reverse("quizzes:start")}"' in text


def test_without_a_course_the_pages_say_so(db: None, client: Client) -> None:
    assert "There is no course yet" in page(client, "quizzes:home")
    assert "There is no course yet" in page(client, "quizzes:progress")


@pytest.mark.usefixtures("at_noon")
def test_home_offers_the_one_next_thing(course: Course, facts: list[Fact], learner: User, client: Client) -> None:
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    assert "Start lesson 1" in page(client, "quizzes:home")
    for fact in facts[:3]:
        answer(learner, fact, at=noon(-3))
    Attempt.objects.update(finished_at=noon(-3))
    assert "3 to review, about 1 minute" in page(client, "quizzes:home")
    attempt = make_attempt(learner, course, now=noon())
    text = page(client, "quizzes:home")
    assert "Continue: question 1 of 12" in text
    assert f'href="{attempt.get_absolute_url()}"' in text


@pytest.mark.usefixtures("at_noon")
def test_home_says_when_all_is_done(course: Course, facts: list[Fact], learner: User, client: Client) -> None:
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    for fact in facts:
        answer(learner, fact, at=noon())
    Attempt.objects.update(finished_at=noon())
    text = page(client, "quizzes:home")
    assert "Nothing is due" in text
    assert "Next review: Wednesday, 4 March, 6 facts." in text


@pytest.mark.usefixtures("at_noon")
def test_who_asks_for_more_reviews_than_the_days_number_is_not_told_that_nothing_is_due(
    course: Course, facts: list[Fact], client: Client
) -> None:
    learner = make_learner(items_per_day=5)
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    for fact in facts:
        answer(learner, fact, at=noon(-3))
    for fact in facts[:5]:
        answer(learner, fact, at=noon())
    Attempt.objects.update(finished_at=noon())
    text = client.post(reverse("quizzes:start"), {"scope": "due", "course": course.slug}).content.decode()
    assert "<h1>Enough for today</h1>" in text
    assert "1 more fact is due; it moves to the next days." in text
    assert "You chose 5 questions a day." in text


@pytest.mark.usefixtures("at_noon")
def test_my_progress_before_and_after_the_first_answer(course: Course, facts: list[Fact], client: Client) -> None:
    assert "It begins with your first answer." in page(client, "quizzes:progress")
    guest = make_guest()
    client.force_login(guest, backend="django.contrib.auth.backends.ModelBackend")
    assert "It begins with your first answer." in page(client, "quizzes:progress")
    answer(guest, facts[0], at=noon(-3), rating=1)
    text = page(client, "quizzes:progress")
    assert "You know 0 of 6 facts securely." in text
    assert "not enough answers yet" in text
    assert facts[0].sentence.text in text
    assert '<input type="hidden" name="fact" value="F1-1">' in text


@pytest.mark.parametrize("name", ["quizzes:home", "quizzes:progress"])
def test_htmx_gets_the_page_without_its_frame(course: Course, client: Client, name: str) -> None:
    text = client.get(reverse(name), headers={"HX-Request": "true"}).content.decode()
    assert "<h1>" in text
    assert "<html" not in text


@pytest.mark.parametrize(("name", "queries"), [("quizzes:home", 10), ("quizzes:progress", 10)])
@pytest.mark.parametrize("courses", [1, 3])
def test_the_queries_of_a_page_do_not_grow(db: None, client: Client, name: str, queries: int, courses: int) -> None:
    learner = make_learner()
    for _ in range(courses):
        course = make_course(lessons=courses)
        make_bank(course)
        for fact in course.facts.all():
            answer(learner, fact, at=noon())
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(noon(5), tick=False), CaptureQueriesContext(connection) as captured:
        page(client, name)
    assert len(captured) == queries


@pytest.mark.parametrize("count", [1, 6])
def test_the_queries_of_a_summary_do_not_grow(course: Course, facts: list[Fact], learner: User, count: int) -> None:
    run = make_run(learner, course, at=noon())
    for fact in facts[:count]:
        answer(learner, fact, at=noon(), run=run)
    run = Attempt.objects.select_related("course").get(pk=run.pk)
    with CaptureQueriesContext(connection) as captured:
        summary(run)
    assert len(captured) == 6
    assert MemoryState.objects.count() == count
