"""Packing from many sides while answers come in. Needs a database that serves several writers: PostgreSQL."""

from __future__ import annotations

import pytest

from curriculum.models import Course, Fact
from quizzes import packing
from quizzes.memory import differences, rebuild
from quizzes.models import MemoryState
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.histories import answer, noon
from tests.races import MANY, RACES, at_once

pytestmark = RACES


@pytest.fixture
def course(transactional_db: None) -> Course:
    course = make_course(sentences=MANY)
    make_bank(course)
    return course


@pytest.fixture
def facts(course: Course) -> list[Fact]:
    return list(course.facts.order_by("key"))


def test_those_who_pack_at_the_same_moment_lose_nothing(facts: list[Fact]) -> None:
    people = [make_user() for _ in range(3)]
    for person in people:
        for fact in facts:
            answer(person, fact, at=noon())
    at_once(lambda number: packing.pack_all() if number % 2 else packing.pack_up(people[number % 3]))
    assert not MemoryState.objects.filter(is_packed=False).exists()
    assert [differences(person) for person in people] == [[], [], []]


def test_what_is_answered_while_others_pack_is_not_lost(facts: list[Fact]) -> None:
    person = make_user()
    for fact in facts:
        answer(person, fact, at=noon())

    def answer_or_pack(number: int) -> None:
        for day in range(1, 6):
            if number % 2:
                packing.pack_all()
            else:
                answer(person, facts[number + day % 2], at=noon(day), rating=1 + day % 3)

    at_once(answer_or_pack)
    assert differences(person) == []
    packing.pack_all()
    assert differences(person) == []


def test_a_memory_rebuilt_while_others_pack_is_whole(facts: list[Fact]) -> None:
    person = make_user()
    for fact in facts:
        answer(person, fact, at=noon())
    at_once(lambda number: packing.pack_all() if number % 2 else rebuild(person))
    packing.pack_all()
    assert differences(person) == []
    assert MemoryState.objects.filter(is_packed=True).count() == len(facts)
