"""What a session asks and in which order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Q
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.models import Course
from quizzes.bank import store
from quizzes.composer import Place, Situation, compose, is_due, new_allowed
from quizzes.content import Content, Evidence
from quizzes.generation import generate
from quizzes.memory import plan
from quizzes.models import Question
from quizzes.scheduling import Memory
from quizzes.sequence import Candidate
from quizzes.validity.leaks import leaks_in_order
from tests.factories import choice, make_bank, make_course, make_learner, make_stranger, short_answer
from tests.quizzes.histories import MONDAY, answer, noon

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PRODUCTIVE = ("cloze", "short_answer", "enumeration")


class Stock:
    """A made-up course: lessons of one paragraph each, sentences, facts, and questions of some kinds for each fact."""

    def __init__(self, *, lessons: int = 3, sentences: int = 8, facts: int = 1, kinds: tuple[str, ...] = ("cloze",)):
        self.candidates: list[Candidate] = []
        self.places: dict[str, Place] = {}
        for lesson in range(lessons):
            for sentence in range(sentences):
                for fact in range(facts):
                    self.add_fact(lesson, sentence, fact, kinds)

    def add_fact(self, lesson: int, sentence: int, fact: int, kinds: tuple[str, ...]) -> None:
        key, unit = f"F{lesson}-{sentence:02}-{fact}", f"L{lesson}-{sentence:02}"
        start = (lesson * 100 + sentence) * 100 + fact * 10
        self.places[key] = Place(lesson, sentence // 4, unit, start, is_core=True)
        for kind in kinds:
            self.add(kind, (key,), (unit,), lesson)

    def add(self, kind: str, facts: tuple[str, ...], units: tuple[str, ...], lesson: int, **fields: Any) -> Candidate:
        number = len(self.candidates) + 1
        content = Content(
            id=f"q{number:03}",
            kind=kind,
            lesson=f"L{lesson}",
            rule="r",
            direction="d",
            seed="s",
            stem="問",
            key="答",
            facts=facts,
            evidence=tuple(Evidence(unit, 0, 1, "句") for unit in units),
            **fields,
        )
        self.candidates.append(Candidate(number, number, content, kind in PRODUCTIVE))
        return self.candidates[-1]

    @property
    def edges(self) -> dict[str, frozenset[str]]:
        """Questions on one sentence give each other away."""
        return {
            one.content.id: frozenset(
                other.content.id for other in self.candidates if other is not one and one.sentences & other.sentences
            )
            for one in self.candidates
        }

    def situation(self, memories: dict[str, Memory] | None = None, **changes: Any) -> Situation:
        began = NOW.replace(hour=4)
        plain = {
            "candidates": self.candidates,
            "places": self.places,
            "memories": memories or {},
            "edges": self.edges,
            "confused": {},
            "now": NOW,
            "day_began": began,
            "day_ends": began + timedelta(days=1),
            "seed": "1:2026-03-02",
            "items_per_day": 20,
        }
        return Situation(**plain | changes)


def met(*, due_in: float = 0.0, stability: float = 5.0, **changes: Any) -> Memory:
    """A fact last asked five days before it comes back, so many days from now."""
    due = NOW + timedelta(days=due_in)
    last = due - timedelta(days=5)
    memory = Memory(stability, 5.0, due, last, last, last.date(), None, 2, 0, 1, last.date(), ("cloze",), True)
    return replace(memory, **changes)


def facts(session: list[Candidate]) -> list[str]:
    return [fact for candidate in session for fact in candidate.content.facts]


def longest_run(session: list[Candidate]) -> int:
    longest = run = 0
    before = None
    for candidate in session:
        run = run + 1 if candidate.content.lesson == before else 1
        longest, before = max(longest, run), candidate.content.lesson
    return longest


def test_the_most_overdue_relative_to_its_stability_comes_first() -> None:
    stock = Stock(lessons=4, sentences=1)
    memories = {
        "F0-00-0": met(due_in=-1, stability=10),
        "F1-00-0": met(due_in=-3, stability=100),
        "F2-00-0": met(due_in=-2, stability=4),
        "F3-00-0": met(due_in=1),
    }
    session = compose(stock.situation(memories), scope="due", size=20)
    assert facts(session) == ["F2-00-0", "F0-00-0", "F1-00-0"]


def test_nothing_due_is_nothing_to_ask() -> None:
    stock = Stock()
    assert compose(stock.situation({"F0-00-0": met(due_in=3)}), scope="due", size=20) == []


def test_what_falls_due_later_today_is_due_and_a_resting_fact_is_not() -> None:
    ends = NOW.replace(hour=4) + timedelta(days=1)
    resting = met(suspended_until=NOW + timedelta(days=1))
    cases = [met(due_in=0.5), met(due_in=0.7), met(), resting, met(suspended_until=NOW - timedelta(days=1))]
    assert [is_due(memory, now=NOW, day_ends=ends) for memory in cases] == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("items", "today", "backlog", "new"),
    [(20, 0, 0, 8), (20, 5, 0, 3), (20, 9, 0, 0), (20, 0, 20, 8), (20, 0, 21, 0), (60, 0, 0, 15), (5, 0, 0, 2)],
)
def test_new_facts_a_day(items: int, today: int, backlog: int, new: int) -> None:
    assert new_allowed(items_per_day=items, met_today=today, backlog=backlog) == new


def test_a_learners_first_session_meets_eight_new_facts_in_the_order_of_the_document() -> None:
    session = compose(Stock().situation(), scope="course", size=20)
    assert facts(session) == [f"F0-{number:02}-0" for number in range(8)]


def test_new_facts_come_among_reviews_after_the_first_three() -> None:
    stock = Stock(lessons=4, sentences=8)
    due = {f"F{lesson}-{number:02}-0": met(due_in=-1) for lesson in (2, 3) for number in range(6)}
    session = compose(stock.situation(due), scope="course", size=20)
    new = [fact not in due for fact in facts(session)]
    assert len(session) == 20
    assert sum(new) == 8
    assert new[:3] == [False] * 3


def test_with_a_backlog_only_reviews_are_asked() -> None:
    stock = Stock(lessons=4, sentences=8)
    due = {f"F{lesson}-{number:02}-0": met(due_in=-1) for lesson in (0, 1, 2) for number in range(7)}
    session = compose(stock.situation(due), scope="course", size=20)
    assert set(facts(session)) <= set(due)
    assert len(session) == 20


def test_without_anything_due_or_new_the_weakest_are_practised() -> None:
    stock = Stock(lessons=2, sentences=2)
    memories = {fact: met(due_in=2 + index) for index, fact in enumerate(stock.places)}
    assert facts(compose(stock.situation(memories), scope="course", size=20))[0] == "F0-00-0"


def test_a_short_session_is_filled_up_with_what_is_weakest() -> None:
    stock = Stock(lessons=4, sentences=4)
    memories = {fact: met(due_in=2) for fact in stock.places} | {"F1-01-0": met(due_in=-1)}
    session = compose(stock.situation(memories), scope="course", size=20)
    assert facts(session)[0] == "F1-01-0"
    assert len(session) == 12
    assert facts(compose(stock.situation(memories), scope="due", size=20)) == ["F1-01-0"]


def test_reviews_are_mixed_across_lessons() -> None:
    stock = Stock(lessons=3, sentences=6)
    due = {fact: met(due_in=-1) for fact in stock.places}
    session = compose(stock.situation(due), scope="due", size=18)
    assert len(session) == 18
    assert longest_run(session) <= 2


def test_facts_that_are_easily_confused_come_near_each_other_but_not_next() -> None:
    stock = Stock(lessons=2, sentences=0)
    for lesson in range(2):
        for number in range(4):
            stock.add_fact(lesson, number, 0, ())
            pool = "actor" if number in (0, 3) and lesson == 0 else ""
            stock.add("cloze", (f"F{lesson}-{number:02}-0",), (f"L{lesson}-{number:02}",), lesson, pool=pool)
    due = {fact: met(due_in=-1) for fact in stock.places}
    pools = [candidate.content.pool for candidate in compose(stock.situation(due), scope="due", size=12)]
    first, second = [place for place, pool in enumerate(pools) if pool]
    assert 2 <= second - first <= 4


def test_a_paragraph_gives_four_new_facts_of_different_sentences_before_the_next() -> None:
    stock = Stock(lessons=1, sentences=8, facts=2)
    session = compose(stock.situation(), scope="lesson", size=20)
    assert facts(session)[:8] == [f"F0-{number:02}-0" for number in range(8)]


def test_a_lesson_can_be_practised_although_nothing_is_due() -> None:
    stock = Stock(lessons=1, sentences=16)
    memories = {fact: met(due_in=4) for fact in stock.places}
    session = compose(stock.situation(memories), scope="lesson", size=20)
    assert len(session) == 16


def test_questions_on_one_sentence_are_kept_apart() -> None:
    stock = Stock(lessons=3, sentences=4, facts=2)
    due = {fact: met(due_in=-1) for fact in stock.places}
    session = compose(stock.situation(due), scope="due", size=20)
    ids = [candidate.content.id for candidate in session]
    assert leaks_in_order(ids, stock.edges) == 0
    assert len(session) >= 12


def test_a_small_lesson_is_asked_although_its_sentences_give_each_other_away() -> None:
    stock = Stock(lessons=1, sentences=2, facts=3)
    session = compose(stock.situation(), scope="lesson", size=12)
    assert len(session) == 6
    assert all(not one.sentences & other.sentences for one, other in pairwise(session))


def test_certain_facts_are_asked_weakest_first_even_if_they_share_a_sentence() -> None:
    stock = Stock(lessons=1, sentences=1, facts=3)
    memories = {"F0-00-0": met(due_in=9), "F0-00-1": met(due_in=1), "F0-00-2": met(due_in=3)}
    session = compose(stock.situation(memories), scope="facts", size=12, wanted=["F0-00-0", "F0-00-1"])
    assert facts(session) == ["F0-00-1", "F0-00-0"]


def only(stock: Stock, memory: Memory, **changes: Any) -> Candidate:
    """The question chosen for the one fact that is due."""
    (candidate,) = compose(stock.situation({"F0-00-0": memory}, **changes), scope="due", size=12)
    return candidate


def test_a_due_fact_is_asked_from_memory_and_not_as_last_time() -> None:
    stock = Stock(lessons=1, sentences=1, kinds=("choice", "cloze", "short_answer"))
    memory = met(kinds=("choice", "cloze"))
    assert only(stock, memory).is_productive
    assert only(stock, replace(memory, last_question=2)).question_id == 3
    assert only(stock, replace(memory, last_question=3)).question_id == 2


def test_a_fact_that_lacks_a_second_kind_is_asked_in_another() -> None:
    stock = Stock(lessons=1, sentences=1, kinds=("cloze", "cloze", "choice"))
    assert only(stock, met(kinds=("cloze",), has_productive_success=True)).content.kind == "choice"


def test_after_recognising_it_a_fact_is_not_recognised_in_the_same_form() -> None:
    stock = Stock(lessons=1, sentences=1, kinds=("choice", "choice"))
    other = stock.add("choice", ("F0-00-0",), ("L0-00",), 0)
    other_form = replace(other, content=replace(other.content, direction="object>subject"))
    stock.candidates[-1] = other_form
    assert only(stock, met(last_question=1, has_productive_success=False)).question_id == 3


def test_the_options_that_were_confused_come_back() -> None:
    stock = Stock(lessons=1, sentences=1, kinds=())
    for wrong in ("丙", "乙", "丁"):
        stock.add("choice", ("F0-00-0",), ("L0-00",), 0, options=("答", wrong))
    memory = met(kinds=("cloze", "matching"))
    chosen = only(stock, memory, confused={"F0-00-0": frozenset({"乙"})})
    assert chosen.content.options == ("答", "乙")


def stock_with_set() -> Stock:
    stock = Stock(lessons=1, sentences=12)
    first = [f"F0-{number:02}-0" for number in range(4)]
    stock.add("matching", tuple(first), tuple(f"L0-{number:02}" for number in range(4)), 0)
    return stock


@pytest.mark.parametrize(("due", "has_set"), [(2, False), (3, True)])
def test_a_matching_set_is_asked_when_it_serves_three_facts(due: int, has_set: bool) -> None:
    stock = stock_with_set()
    memories = {f"F0-{number:02}-0": met(due_in=-1, last_question=number + 1) for number in range(due)}
    kinds = [c.content.kind for c in compose(stock.situation(memories), scope="due", size=12)]
    assert ("matching" in kinds) is has_set


def test_a_new_lesson_ends_with_a_set_over_facts_met_in_it() -> None:
    session = compose(stock_with_set().situation(), scope="lesson", size=20)
    kinds = [candidate.content.kind for candidate in session]
    assert kinds.count("matching") == 1
    assert kinds.index("matching") >= 4


def test_a_fact_that_only_a_set_asks_waits_for_the_others_of_the_set() -> None:
    stock = Stock(lessons=1, sentences=1, kinds=())
    for sentence in range(1, 9):
        stock.add_fact(0, sentence, 0, ("cloze",))
    stock.add("matching", tuple(f"F0-{n:02}-0" for n in range(4)), tuple(f"L0-{n:02}" for n in range(4)), 0)
    session = compose(stock.situation(), scope="lesson", size=20)
    asked = [candidate.content.kind for candidate in session]
    assert (len(asked), asked.count("matching")) == (9, 1)
    assert asked.index("matching") >= 4


def test_a_set_that_reaches_back_waits_for_the_lesson_that_it_belongs_to() -> None:
    stock = Stock(lessons=1, sentences=1, kinds=())
    for sentence in range(8):
        stock.add_fact(1, sentence, 0, ("cloze",))
    keys = "F0-00-0", "F1-00-0", "F1-01-0", "F1-02-0"
    stock.add("matching", keys, ("L0-00", "L1-00", "L1-01", "L1-02"), 1)
    asked = [candidate.content.kind for candidate in compose(stock.situation(), scope="lesson", size=20)]
    assert asked.index("matching") >= 4


def test_what_is_too_short_a_first_session_asks_again_eight_places_later() -> None:
    stock = Stock(lessons=2, sentences=8, kinds=("cloze", "choice"))
    asked = facts(compose(stock.situation(), scope="course", size=20))
    assert (len(asked), len(set(asked))) == (12, 8)
    assert asked[8:] == asked[:4]


def test_what_is_too_short_a_lesson_asks_again_in_another_way_after_four_others() -> None:
    stock = Stock(lessons=1, sentences=6, kinds=("cloze", "choice"))
    session = compose(stock.situation(), scope="lesson", size=20)
    asked = facts(session)
    assert asked[6:] == asked[:6]
    assert len({candidate.content.id for candidate in session}) == 12


def test_a_question_over_many_new_facts_does_not_shorten_a_first_session() -> None:
    stock = Stock(lessons=1, sentences=12, kinds=("cloze",))
    for sentence in range(6):
        stock.add_fact(0, sentence, 1, ())
    order = stock.add("ordering", tuple(f"F0-{n:02}-1" for n in range(6)), tuple(f"L0-{n:02}" for n in range(6)), 0)
    first = compose(stock.situation(), scope="lesson", size=12)
    assert (len(first), order in first) == (12, False)
    known = {fact: met() for fact in facts(first)}
    assert order in compose(stock.situation(known), scope="lesson", size=12)


def test_the_kinds_take_turns_in_a_lesson() -> None:
    stock = Stock(lessons=1, sentences=12, kinds=("cloze", "choice", "short_answer"))
    session = compose(stock.situation(), scope="lesson", size=12)
    assert Counter(candidate.content.kind for candidate in session) == {"cloze": 4, "choice": 4, "short_answer": 4}


stocks = st.builds(
    Stock,
    lessons=st.integers(1, 4),
    sentences=st.integers(1, 6),
    facts=st.integers(1, 3),
    kinds=st.sampled_from([("cloze",), ("cloze", "choice"), ("choice", "enumeration", "short_answer")]),
)


@settings(max_examples=60, deadline=None)
@given(
    stocks,
    st.sampled_from(["lesson", "course", "due"]),
    st.integers(0, 2**30),
    st.sampled_from([12, 20]),
)
def test_whatever_the_stock_a_session_keeps_its_rules(stock: Stock, scope: str, mask: int, size: int) -> None:
    keys = sorted(stock.places)
    memories = {key: met(due_in=(index % 5) - 3) for index, key in enumerate(keys) if mask >> (index % 30) & 1}
    situation = stock.situation(memories)
    session = compose(situation, scope=scope, size=size)
    ids = [candidate.content.id for candidate in session]
    assert ids == [candidate.content.id for candidate in compose(situation, scope=scope, size=size)]
    assert len(ids) == len(set(ids)) <= size
    assert scope == "lesson" or len(set(facts(session)) - memories.keys()) <= 8
    if len(ids) > 12:
        assert leaks_in_order(ids[12:], stock.edges) == 0
    if scope != "due":
        assert all(not one.sentences & other.sentences for one, other in pairwise(session))


# The plan, from rows.


@pytest.fixture
def course(db: None) -> Course:
    course = make_course(sentences=6, lessons=2)
    make_bank(course)
    return course


def keys(versions: list[Any]) -> list[str]:
    return [version.content.facts[0] for version in versions]


def test_the_same_day_plans_the_same_session(course: Course) -> None:
    learner = make_learner()
    first, second = (plan(learner, course, scope="course", now=noon()) for _ in range(2))
    assert [version.pk for version in first] == [version.pk for version in second]
    assert keys(first)[0] == "F1-1"


def test_only_the_learners_own_history_counts(course: Course) -> None:
    learner, stranger = make_learner(), make_stranger()
    fact = course.facts.get(key="F1-1")
    answer(stranger, fact, at=noon())
    assert plan(learner, course, scope="due", now=noon(5)) == []
    answer(learner, fact, at=noon())
    assert keys(plan(learner, course, scope="due", now=noon(5))) == ["F1-1"]


def test_a_due_session_ends_with_the_days_number(course: Course) -> None:
    learner = make_learner(items_per_day=5)
    for fact in course.facts.all():
        answer(learner, fact, at=noon())
    assert len(plan(learner, course, scope="due", now=noon(5))) == 5
    for fact in course.facts.all()[:4]:
        answer(learner, fact, at=noon(5))
    assert len(plan(learner, course, scope="due", now=noon(5))) == 1


@pytest.mark.parametrize(("items", "asked"), [(5, 5), (20, 12)])
def test_no_run_is_longer_than_a_day_was_meant_to_be(course: Course, items: int, asked: int) -> None:
    learner, lesson = make_learner(items_per_day=items), course.lessons.get(key="L1")
    assert len(plan(learner, course, scope="lesson", lesson=lesson, now=noon())) == asked


def test_a_lesson_asks_only_its_own_questions(course: Course) -> None:
    lesson = course.lessons.get(key="L2")
    planned = plan(make_learner(), course, scope="lesson", lesson=lesson, now=noon())
    assert {version.content.lesson for version in planned} == {"L2"}
    assert len({fact for version in planned for fact in version.content.facts}) == 6


@pytest.mark.parametrize("slug", ["cyberspace-2019", "udhr"])
def test_a_first_run_of_a_shipped_lesson_or_course_has_twelve_questions_or_more(db: None, slug: str) -> None:
    call_command("loaddata", slug, verbosity=0)
    course, learner = Course.objects.get(slug=slug), make_learner()
    store(course, generate(course.knowledge()))
    lengths = [len(plan(learner, course, scope="course", now=noon()))]
    for lesson in course.lessons.annotate(active=Count("questions", filter=Q(questions__is_active=True))):
        if lesson.active >= 12:
            lengths.append(len(plan(learner, course, scope="lesson", lesson=lesson, now=noon())))
    assert len(lengths) >= 6
    assert [length for length in lengths if not 12 <= length <= 20] == []


def test_a_withdrawn_question_is_not_planned(course: Course) -> None:
    Question.objects.filter(kind="choice").update(is_active=False)
    planned = plan(make_learner(), course, scope="course", now=noon())
    assert {version.question.kind for version in planned} == {"short_answer"}


def test_named_facts_are_asked(course: Course) -> None:
    planned = plan(make_learner(), course, scope="facts", fact_ids=["F2-3", "F1-2"], now=noon())
    assert sorted(keys(planned)) == ["F1-2", "F2-3"]


def test_a_changed_wording_is_planned_anew(course: Course) -> None:
    learner = make_learner()
    plan(learner, course, scope="course", now=noon())
    loaded = list(course.facts.select_related("sentence__passage__lesson"))
    store(course, [make(fact, stem="新問題？") for fact in loaded for make in (short_answer, choice)])
    assert {version.content.stem for version in plan(learner, course, scope="course", now=noon())} == {"新問題？"}


@pytest.mark.parametrize("lessons", [1, 4])
def test_planning_takes_six_queries_however_much_there_is(db: None, lessons: int) -> None:
    course = make_course(lessons=lessons)
    make_bank(course)
    learner = make_learner()
    for fact in course.facts.all():
        answer(learner, fact, at=noon())
    with CaptureQueriesContext(connection) as queries:
        assert plan(learner, course, scope="course", now=noon(5))
    assert len(queries) == 6
    assert noon().date() == MONDAY
