"""What is packed says the same of each fact as its memory does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.mastery import KnownFact
from quizzes.packed import Packed, Record, moment, pack, records
from quizzes.scheduling import FactState, Memory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
REVIEWS = st.integers(1, 400)
MEMORIES = REVIEWS.flatmap(
    lambda reviews: st.builds(
        Memory,
        stability=st.floats(0.001, 36_500),
        difficulty=st.floats(1, 10),
        due_at=MOMENTS,
        first_seen_at=MOMENTS,
        last_review_at=MOMENTS,
        last_review_day=st.just(date(2026, 3, 2)),
        last_question=st.none(),
        reviews=st.just(reviews),
        lapses=st.integers(0, reviews),
        success_days=st.integers(0, reviews),
        kinds=st.lists(st.sampled_from(["choice", "cloze", "short_answer"]), unique=True).map(tuple),
        has_productive_success=st.booleans(),
    )
)
KNOWN = st.dictionaries(st.integers(1, 2**40), MEMORIES, min_size=1, max_size=30)


def packed(memories: dict[int, Memory]) -> Packed:
    return Packed(pack([Record.of(fact, memory) for fact, memory in memories.items()]))


def known(pk: int, memory: Memory, *, has_productive: bool) -> KnownFact:
    return KnownFact(pk, "F", 1, "L1", "S1", True, 1.0, has_productive, memory)


@given(memories=KNOWN, at=MOMENTS, is_asked_to_produce=st.booleans())
def test_the_figures_are_those_of_each_fact(
    memories: dict[int, Memory], at: datetime, is_asked_to_produce: bool
) -> None:
    found = packed(memories)
    facts = [known(pk, memories[pk], has_productive=is_asked_to_produce) for pk in sorted(memories)]
    states = [fact.state for fact in facts]
    assert found.facts == tuple(fact.pk for fact in facts)
    assert found.recall(at) == pytest.approx([fact.recall(at) for fact in facts], rel=1e-9)
    assert found.secure(dict.fromkeys(memories, is_asked_to_produce)) == states.count(FactState.SECURE)
    assert found.consolidating() == states.count(FactState.CONSOLIDATING) + states.count(FactState.SECURE)
    assert found.due(at) == sum(memory.due_at <= at for memory in memories.values())
    assert moment(found.last_review_at()) == max(memory.last_review_at for memory in memories.values())
    assert found.answers() == sum(memory.reviews for memory in memories.values())


@given(memories=KNOWN, data=st.data())
def test_facts_that_are_not_asked_for_are_left_out(memories: dict[int, Memory], data: st.DataObject) -> None:
    wanted = data.draw(st.sets(st.sampled_from(sorted(memories))))
    assert packed(memories).only(wanted).packed == packed({fact: memories[fact] for fact in wanted}).packed


@given(memories=KNOWN)
def test_what_was_packed_can_be_taken_apart_again(memories: dict[int, Memory]) -> None:
    wanted = [Record.of(fact, memories[fact]) for fact in sorted(memories)]
    assert list(records(pack(wanted[::-1]))) == wanted


def test_a_fact_that_is_due_now_is_due() -> None:
    memory = Memory(2.0, 5.0, NOON, NOON, NOON, NOON.date(), None, reviews=1)
    found = packed({1: memory})
    assert (found.due(NOON), found.due(NOON - timedelta(microseconds=1))) == (1, 0)


def test_nothing_is_packed_into_nothing() -> None:
    assert pack([]) == b""
    assert Packed(b"").facts == ()
