"""What waits to be packed is laid over what is packed: a reader misses nothing, at any moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from curriculum.models import Course, Fact
from quizzes import packing
from quizzes.memory import differences, rebuild
from quizzes.models import LessonMemory, MemoryState
from quizzes.packed import Packed, Record, records
from tests.factories import make_bank, make_course, make_learner, make_stranger
from tests.quizzes.histories import answer, noon


@pytest.fixture
def course(db: None) -> Course:
    course = make_course(lessons=2, sentences=3)
    make_bank(course)
    return course


@pytest.fixture
def facts(course: Course) -> list[Fact]:
    return list(course.facts.order_by("sentence__passage__lesson__order", "key"))


@pytest.fixture
def learner(db: None) -> User:
    return make_learner()


def read(course: Course, *learners: User) -> dict[tuple[int, int], Packed]:
    lessons = list(course.lessons.values_list("pk", flat=True))
    found = packing.remembered([learner.pk for learner in learners], lessons)
    return {(learner, lesson): packed for learner, lesson, packed in found}


def as_kept(*learners: User) -> set[tuple[int, Record]]:
    rows = MemoryState.objects.filter(learner__in=learners)
    return {(row.learner_id, Record.of(row.fact_id, row)) for row in rows}


def as_read(course: Course, *learners: User) -> set[tuple[int, Record]]:
    found = read(course, *learners)
    return {(pair[0], record) for pair, packed in found.items() for record in records(packed.packed)}


def test_what_waits_is_read_and_so_is_what_is_packed(course: Course, facts: list[Fact], learner: User) -> None:
    stranger = make_stranger()
    for at, fact in enumerate(facts):
        answer(learner, fact, at=noon(at))
        assert as_read(course, learner, stranger) == as_kept(learner, stranger)
        if at == 3:
            packing.pack_up(learner)
    answer(learner, facts[0], at=noon(9), rating=1)
    answer(stranger, facts[4], at=noon(9))
    assert as_read(course, learner, stranger) == as_kept(learner, stranger)
    assert MemoryState.objects.filter(is_packed=True).count() == 3
    packing.pack_all()
    assert MemoryState.objects.filter(is_packed=False).count() == 0
    assert as_read(course, learner, stranger) == as_kept(learner, stranger)


def test_only_the_lessons_and_people_asked_for_are_read(course: Course, facts: list[Fact], learner: User) -> None:
    stranger = make_stranger()
    for fact in (facts[0], facts[-1]):
        answer(learner, fact, at=noon())
        answer(stranger, fact, at=noon())
    lesson = facts[0].sentence.passage.lesson_id
    for _time in range(2):
        found = [(pair, packed.facts) for *pair, packed in packing.remembered([learner.pk], [lesson])]
        assert found == [([learner.pk, lesson], (facts[0].pk,))]
        packing.pack_all()


def test_reading_writes_nothing_until_much_waits(
    course: Course,
    facts: list[Fact],
    learner: User,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    stranger = make_stranger()
    for fact in facts:
        answer(learner, fact, at=noon())
    with django_assert_num_queries(3):  # lessons; what waits, what is packed
        read(course, learner, stranger)
    assert not LessonMemory.objects.exists()
    monkeypatch.setattr(packing, "MUCH", len(facts) - 1)
    assert as_read(course, learner, stranger) == as_kept(learner)
    assert (LessonMemory.objects.count(), MemoryState.objects.filter(is_packed=False).count()) == (2, 0)
    assert as_read(course, learner, stranger) == as_kept(learner)


def test_a_reader_goes_on_where_nothing_can_be_written(
    course: Course, facts: list[Fact], learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_rows: Any) -> int:
        raise OperationalError("database or disk is full")

    answer(learner, facts[0], at=noon())
    monkeypatch.setattr(packing, "MUCH", 0)
    monkeypatch.setattr(packing, "_pack", full)
    assert as_read(course, learner, make_stranger()) == as_kept(learner)


def test_packing_everybody_goes_on_until_nothing_waits(
    course: Course, facts: list[Fact], learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for fact in facts:
        answer(learner, fact, at=noon())
        answer(make_stranger(), fact, at=noon()) if fact == facts[0] else None
    monkeypatch.setattr(packing, "AT_ONCE", 2)
    assert packing.pack_all() == 7
    assert packing.pack_all() == 0
    assert differences(learner) == []


def test_a_rebuilt_memory_is_packed(course: Course, facts: list[Fact], learner: User) -> None:
    for day, fact in enumerate(facts):
        answer(learner, fact, at=noon() + timedelta(days=day))
    rebuild(learner)
    copied = {record for row in LessonMemory.objects.all() for record in records(bytes(row.facts))}
    assert {(learner.pk, record) for record in copied} == as_kept(learner)
    assert not MemoryState.objects.filter(is_packed=False).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is worded as SQLite words it")
def test_what_waits_is_found_by_its_small_index(learner: User) -> None:
    waiting = packing._waiting()
    for rows in (waiting[:10], waiting.filter(learner__in=User.objects.values("pk"), lesson__in=[1]).order_by()):
        assert "USING INDEX memory_not_packed" in rows.explain()


def test_a_reader_packs_a_bounded_number_and_reads_all(
    course: Course, facts: list[Fact], learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for fact in facts:
        answer(learner, fact, at=noon())
    for name, value in {"MUCH": 0, "AT_ONCE": 2, "TIMES": 2}.items():
        monkeypatch.setattr(packing, name, value)
    assert as_read(course, learner, make_stranger()) == as_kept(learner)
    assert MemoryState.objects.filter(is_packed=True).count() == 4
