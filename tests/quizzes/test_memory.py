"""What is kept about a learner's memory is what the history says, whatever happened in between."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from curriculum.models import Course, Fact
from quizzes import packing
from quizzes.memory import as_value, differences, rebuild, record, replay
from quizzes.models import Grading, LessonMemory, MemoryState
from quizzes.packed import pack, records
from tests.factories import make_bank, make_course, make_learner, make_stranger
from tests.quizzes.histories import answer, chosen, graded, make_run, noon, typed


@pytest.fixture
def course(db: None) -> Course:
    course = make_course(sentences=4)
    make_bank(course)
    return course


@pytest.fixture
def facts(course: Course) -> list[Fact]:
    return list(course.facts.order_by("key"))


@pytest.fixture
def learner(db: None) -> User:
    return make_learner()


def kept(learner: User, fact: Fact) -> MemoryState:
    return MemoryState.objects.get(learner=learner, fact=fact)


def test_an_answer_is_remembered(learner: User, facts: list[Fact]) -> None:
    answer(learner, facts[0], at=noon())
    row = kept(learner, facts[0])
    assert (row.stability, row.due_at, row.reviews, row.lapses) == (2.3065, noon(2), 1, 0)
    assert (row.kinds, row.last_question, row.success_days) == (["short_answer"], typed(facts[0]), 1)


def test_an_answer_that_says_nothing_leaves_no_trace(learner: User, facts: list[Fact]) -> None:
    answer(learner, facts[0], at=noon(), rating=None)
    assert not MemoryState.objects.exists()


def test_practice_on_the_same_day_only_notes_the_question(learner: User, facts: list[Fact]) -> None:
    answer(learner, facts[0], at=noon(), rating=1)
    before = kept(learner, facts[0])
    answer(learner, facts[0], at=noon(), question=chosen(facts[0]))
    after = kept(learner, facts[0])
    assert (after.last_question, before.last_question) == (chosen(facts[0]), typed(facts[0]))
    assert (after.stability, after.due_at, after.reviews) == (before.stability, before.due_at, before.reviews)


def test_a_history_replayed_in_two_parts_arrives_at_the_same(learner: User, facts: list[Fact]) -> None:
    for day, fact in enumerate([*facts[:3], *facts[:2]]):
        answer(learner, fact, at=noon(day), rating=1 + day % 3)
    history = list(Grading.objects.in_history_order())
    whole = replay(history)
    assert [replay(history[at:], replay(history[:at])) for at in range(len(history))] == [whole] * len(history)


def test_a_second_verdict_replaces_the_first(learner: User, facts: list[Fact]) -> None:
    wrong = answer(learner, facts[0], at=noon(), rating=1)
    answer(learner, facts[0], at=noon(3))
    how = {"at": noon(), "question": typed(facts[0])}
    graded(learner, facts[0], wrong.response, rating=3, supersedes=wrong, **how)
    assert kept(learner, facts[0]).lapses == 0
    assert kept(learner, facts[0]).success_days == 2
    assert differences(learner) == []


def test_a_verdict_taken_back_leaves_nothing(learner: User, facts: list[Fact]) -> None:
    guess = answer(learner, facts[0], at=noon(), rating=1)
    graded(learner, facts[0], guess.response, at=noon(), rating=None, question=typed(facts[0]), supersedes=guess)
    assert not MemoryState.objects.exists()


def test_an_answer_that_arrives_late_finds_its_place(learner: User, facts: list[Fact]) -> None:
    answer(learner, facts[0], at=noon(5))
    answer(learner, facts[0], at=noon(1), rating=1)
    assert kept(learner, facts[0]).first_seen_at == noon(1)
    assert differences(learner) == []


def test_nobody_elses_memory_moves(learner: User, facts: list[Fact]) -> None:
    stranger = make_stranger()
    answer(stranger, facts[0], at=noon())
    before = as_value(kept(stranger, facts[0]))
    answer(learner, facts[0], at=noon(1), rating=1)
    assert as_value(kept(stranger, facts[0])) == before


@pytest.mark.parametrize("count", [1, 4])
def test_recording_takes_three_queries_however_many_facts(learner: User, facts: list[Fact], count: int) -> None:
    run = make_run(learner, facts[0].course, at=noon())
    gradings = [answer(learner, fact, at=noon(), run=run, is_recorded=False) for fact in facts[:count]]
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        record(gradings)
    assert len(queries) == 3
    assert MemoryState.objects.count() == count


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is worded as SQLite words it")
def test_recording_reads_the_history_by_its_index(learner: User, facts: list[Fact]) -> None:
    history = Grading.objects.standing().filter(learner=learner, fact__in=facts).in_history_order()
    assert "USING INDEX quizzes_gra_learner_" in history.explain()


def test_a_damaged_cache_is_found_and_mended(learner: User, facts: list[Fact]) -> None:
    answer(learner, facts[0], at=noon())
    answer(learner, facts[1], at=noon())
    MemoryState.objects.filter(fact=facts[0]).update(stability=99.0)
    MemoryState.objects.filter(fact=facts[1]).delete()
    found = differences(learner)
    assert [difference.fact for difference in found] == [facts[0].pk, facts[1].pk]
    assert found[1].kept is None
    rebuild(learner)
    assert differences(learner) == []


def test_a_damaged_copy_is_found_and_mended(learner: User, facts: list[Fact]) -> None:
    for fact in facts:
        answer(learner, fact, at=noon())
    packing.pack_up(learner)
    copy = LessonMemory.objects.get()
    first, *others = records(bytes(copy.facts))
    LessonMemory.objects.update(facts=pack([first._replace(stability=99.0), *others[1:]]))
    assert [difference.fact for difference in differences(learner)] == [facts[0].pk, facts[1].pk]
    rebuild(learner)
    assert differences(learner) == []
    assert LessonMemory.objects.get().facts == copy.facts


def test_the_copy_has_each_lesson_in_a_row(learner: User) -> None:
    course = make_course(slug="two", lessons=2, sentences=2)
    make_bank(course)
    facts = list(course.facts.order_by("key"))
    for fact in facts:
        answer(learner, fact, at=noon())
    assert not LessonMemory.objects.exists()
    packing.pack_up(learner)
    rows = LessonMemory.objects.order_by("lesson__order")
    assert [row.lesson.order for row in rows] == [1, 2]
    assert [record.fact for row in rows for record in records(bytes(row.facts))] == [fact.pk for fact in facts]


def test_what_is_forgotten_leaves_the_copy(learner: User, facts: list[Fact]) -> None:
    answer(learner, facts[1], at=noon())
    guess = answer(learner, facts[0], at=noon(), rating=3)
    packing.pack_up(learner)
    graded(learner, facts[0], guess.response, at=noon(), rating=None, question=typed(facts[0]), supersedes=guess)
    assert [record.fact for record in records(bytes(LessonMemory.objects.get().facts))] == [facts[1].pk]
    assert differences(learner) == []


def test_the_check_changes_nothing_and_fails_on_a_difference(learner: User, facts: list[Fact]) -> None:
    answer(learner, facts[0], at=noon())
    call_command("rebuild_progress", "--check", stdout=StringIO())
    MemoryState.objects.update(stability=99.0)
    said = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("rebuild_progress", "--check", stdout=said)
    assert failure.value.returncode == 1
    assert f"{learner.username}: 1 facts differ" in said.getvalue()
    assert kept(learner, facts[0]).stability == 99.0


def test_the_command_mends_everybody_or_one_learner(learner: User, facts: list[Fact]) -> None:
    stranger = make_stranger()
    for person in (learner, stranger):
        answer(person, facts[0], at=noon())
    MemoryState.objects.update(stability=99.0)
    call_command("rebuild_progress", "--learner", "learner", stdout=StringIO())
    assert (len(differences(learner)), len(differences(stranger))) == (0, 1)
    call_command("rebuild_progress", stdout=StringIO())
    assert differences(stranger) == []


def test_an_unknown_learner_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("rebuild_progress", "--learner", "nobody", stdout=StringIO())


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([None, 1, 2, 3]), st.integers(0, 20), st.booleans()), max_size=14
)


class AnyHistory(TestCase):
    """Hypothesis with the database."""

    @settings(max_examples=25, deadline=None)
    @given(steps=STEPS)
    def test_what_was_written_answer_by_answer_is_what_a_replay_arrives_at(
        self, steps: list[tuple[int, int | None, int, bool]]
    ) -> None:
        course = make_course()
        make_bank(course)
        facts, learner, day = list(course.facts.all()), make_learner(), 0
        for index, rating, pause, is_typed in steps:
            day += pause
            fact = facts[index]
            answer(learner, fact, at=noon(day), rating=rating, question=typed(fact) if is_typed else chosen(fact))
        rows = {row.fact_id: as_value(row) for row in MemoryState.objects.filter(learner=learner)}
        assert rows == replay(Grading.objects.in_history_order())
        assert differences(learner) == []
        rebuild(learner)
        assert {row.fact_id: as_value(row) for row in MemoryState.objects.all()} == rows
