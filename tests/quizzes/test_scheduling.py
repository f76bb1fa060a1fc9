"""What an answer is worth, when a fact comes back, and when it counts as secure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from quizzes.content import Content
from quizzes.kinds.base import Outcome, Part
from quizzes.scheduling import (
    AGAIN,
    GOOD,
    HARD,
    FactState,
    Memory,
    day_begins,
    fact_state,
    is_rapid,
    rating_for,
    retrievability,
    review,
    study_day,
    usable_latency,
)

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
NEW_YORK = ZoneInfo("America/New_York")


def content(kind: str = "short_answer", **fields: object) -> Content:
    plain = {"id": "q", "lesson": "L", "rule": "r", "direction": "d", "seed": "s", "stem": "問", "evidence": ()}
    return Content(**{**plain, "kind": kind, "key": "答", "facts": ("F",), **fields})  # type: ignore[arg-type]


def outcome(verdict: str = "correct", *, may_retry: bool = False, **details: object) -> Outcome:
    part = Part("F", verdict == "correct", "答", "答")
    return Outcome(verdict, float(verdict == "correct"), "rule", may_retry, (part,), dict(details))


def rate(question: Content, result: Outcome, **how: object) -> int | None:
    plain = {"try_number": 1, "hints_taken": 0, "is_rapid": False, "gave_up": False}
    return rating_for(question, result, result.parts[0], **{**plain, **how})  # type: ignore[arg-type]


TYPED = content(hints=("first_character", "choices"))
CHOICES_FIRST = content(hints=("choices",))
PICKED = content("choice", options=("甲", "答", "丙", "丁"), hints=("fifty_fifty",))
PICKED_CLOZE = content("cloze", options=("甲", "答", "丙"))
FOUR = content("enumeration", key=["甲", "乙", "丙", "丁"], hints=("first_characters", "one_member"))
THREE = content("enumeration", key=["甲", "乙", "丙"])
ORDER = content("ordering", key=["甲", "乙", "丙"], items=("乙", "甲", "丙"))
PAIRS = content("matching", key=[["甲", "答"]])
ONE_SHORT = outcome("partial", missing=["丁"], extras=[])


@pytest.mark.parametrize(
    ("question", "result", "how", "rating"),
    [
        (TYPED, outcome(), {}, GOOD),
        (TYPED, outcome("near", may_retry=True), {}, None),
        (TYPED, outcome(), {"try_number": 2}, HARD),
        (TYPED, outcome("near"), {"try_number": 2}, AGAIN),
        (TYPED, outcome(), {"hints_taken": 1}, HARD),
        (TYPED, outcome(), {"hints_taken": 1, "try_number": 2}, HARD),
        (TYPED, outcome(), {"hints_taken": 2}, AGAIN),
        (CHOICES_FIRST, outcome(), {"hints_taken": 1}, AGAIN),
        (TYPED, outcome("wrong"), {}, AGAIN),
        (TYPED, outcome("confusion"), {}, AGAIN),
        (TYPED, outcome("blank", may_retry=True), {}, None),
        (TYPED, outcome("blank", may_retry=True), {"gave_up": True}, AGAIN),
        (TYPED, outcome("wrong"), {"gave_up": True, "is_rapid": True}, AGAIN),
        (FOUR, outcome(missing=[], extras=[]), {}, GOOD),
        (FOUR, ONE_SHORT, {}, HARD),
        (FOUR, ONE_SHORT, {"hints_taken": 1}, HARD),
        (FOUR, ONE_SHORT, {"hints_taken": 2}, AGAIN),
        (FOUR, outcome("partial", missing=["丁"], extras=[{"text": "戊"}]), {}, AGAIN),
        (FOUR, outcome("partial", missing=["丙", "丁"], extras=[]), {}, AGAIN),
        (FOUR, outcome("partial", missing=[], extras=[{"text": "戊"}]), {}, AGAIN),
        (THREE, outcome("partial", missing=["丙"], extras=[]), {}, AGAIN),
        (PICKED, outcome(), {}, GOOD),
        (PICKED, outcome(), {"hints_taken": 1}, HARD),
        (PICKED, outcome(), {"try_number": 2}, AGAIN),
        (PICKED, outcome("wrong"), {}, AGAIN),
        (PICKED, outcome(), {"is_rapid": True}, None),
        (PICKED, outcome("wrong"), {"is_rapid": True}, None),
        (PICKED_CLOZE, outcome(), {}, GOOD),
        (PICKED_CLOZE, outcome(), {"try_number": 2}, AGAIN),
        (PAIRS, outcome(), {}, GOOD),
        (PAIRS, outcome("partial"), {}, AGAIN),
        (ORDER, outcome(tau=1.0), {}, GOOD),
        (ORDER, outcome("partial", tau=0.6), {}, HARD),
        (ORDER, outcome("wrong", tau=0.33), {}, AGAIN),
    ],
)
def test_an_answer_is_rated(question: Content, result: Outcome, how: dict[str, object], rating: int | None) -> None:
    assert rate(question, result, **how) == rating


def test_each_pair_of_a_set_is_rated_on_its_own() -> None:
    right, wrong = Part("F1", True, "甲", "甲"), Part("F2", False, "乙", "丙")
    result = Outcome("partial", 0.5, "some_pairs", False, (right, wrong))
    how = {"try_number": 1, "hints_taken": 0, "is_rapid": False, "gave_up": False}
    assert [rating_for(PAIRS, result, part, **how) for part in result.parts] == [GOOD, AGAIN]


@pytest.mark.parametrize(
    ("elapsed", "length", "rapid"),
    [(1_499, 10, True), (1_500, 10, False), (2_999, 60, True), (3_000, 60, False), (None, 60, False)],
)
def test_a_rapid_guess(elapsed: int | None, length: int, rapid: bool) -> None:
    assert is_rapid(elapsed, length=length) is rapid


def test_the_time_of_an_idle_learner_is_not_used() -> None:
    assert [usable_latency(ms) for ms in (None, 120_000, 120_001)] == [None, 120_000, None]


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        (datetime(2026, 3, 1, 19, 59, tzinfo=UTC), HONG_KONG, date(2026, 3, 1)),
        (datetime(2026, 3, 1, 20, 0, tzinfo=UTC), HONG_KONG, date(2026, 3, 2)),
        (datetime(2026, 3, 8, 7, 59, tzinfo=UTC), NEW_YORK, date(2026, 3, 7)),  # 03:59; the clocks went forward
        (datetime(2026, 3, 8, 8, 0, tzinfo=UTC), NEW_YORK, date(2026, 3, 8)),
        (datetime(2026, 11, 1, 8, 59, tzinfo=UTC), NEW_YORK, date(2026, 10, 31)),  # back again
        (datetime(2026, 11, 1, 9, 0, tzinfo=UTC), NEW_YORK, date(2026, 11, 1)),
    ],
)
def test_a_study_day_begins_at_four_on_the_learners_clock(at: datetime, zone: ZoneInfo, day: date) -> None:
    assert study_day(at, zone) == day
    assert day_begins(day, zone) <= at < day_begins(day + timedelta(days=1), zone)


def after(*ratings: int, kind: str = "short_answer", is_productive: bool = True, at: datetime = START) -> Memory:
    """The memory after reviews with these ratings, each on the day when it is due."""
    memory: Memory | None = None
    for rating in ratings:
        at = memory.due_at if memory else at
        memory = review(
            memory, rating=rating, at=at, day=at.date(), kind=kind, is_productive=is_productive, question_id=1
        )
    assert memory is not None
    return memory


def intervals(*ratings: int) -> list[int]:
    memories = [after(*ratings[: count + 1]) for count in range(len(ratings))]
    return [(memory.due_at - memory.last_review_at).days for memory in memories]


@pytest.mark.parametrize(
    ("ratings", "days"),
    [
        ([GOOD] * 6, [2, 11, 46, 163, 180, 180]),
        ([HARD, *[GOOD] * 4], [1, 5, 17, 50, 133]),
        ([AGAIN, *[GOOD] * 4], [1, 2, 6, 17, 44]),
    ],
)
def test_intervals_are_those_published_for_the_default_parameters(ratings: list[int], days: list[int]) -> None:
    assert intervals(*ratings) == days


@pytest.mark.parametrize(("rating", "stability"), [(AGAIN, 0.212), (HARD, 1.2931), (GOOD, 2.3065)])
def test_the_first_stability_is_the_published_one(rating: int, stability: float) -> None:
    assert after(rating).stability == stability


@pytest.mark.parametrize(("days", "stability"), [(1, 13.0), (3, 18.4), (5, 22.9), (10, 32.0), (20, 44.7)])
def test_an_early_review_earns_little(days: int, stability: float) -> None:
    memory = replace(after(GOOD), stability=10.0, difficulty=5.0)
    at = START + timedelta(days=days)
    assert reviewed(memory, GOOD, at=at).stability == pytest.approx(stability, abs=0.06)


def reviewed(memory: Memory | None, rating: int, *, at: datetime, **how: object) -> Memory:
    plain = {"day": at.date(), "kind": "short_answer", "is_productive": True, "question_id": 1}
    return review(memory, rating=rating, at=at, **{**plain, **how})  # type: ignore[arg-type]


def test_only_the_first_rating_of_a_day_moves_a_fact() -> None:
    first = after(AGAIN)
    later = reviewed(first, GOOD, at=START + timedelta(hours=2), question_id=2)
    assert later == replace(first, last_question=2)


def test_a_journey_westwards_does_not_count_a_day_twice() -> None:
    first = after(GOOD)
    again = reviewed(first, AGAIN, at=START + timedelta(hours=20), day=first.last_review_day - timedelta(days=1))
    assert again == first


def test_a_review_a_little_earlier_in_the_evening_is_still_a_day_later() -> None:
    evening = START.replace(hour=22)
    memory = after(GOOD, at=evening)
    earlier = reviewed(memory, GOOD, at=evening + timedelta(days=2, hours=-3))
    assert earlier.stability == reviewed(memory, GOOD, at=evening + timedelta(days=2)).stability


def test_recall_is_nine_in_ten_when_the_stability_has_passed_and_falls_within_a_day() -> None:
    memory = after(GOOD)
    assert retrievability(memory, START) == 1
    assert retrievability(memory, START + timedelta(days=memory.stability)) == pytest.approx(0.9)
    assert 0.9 < retrievability(memory, START + timedelta(hours=6)) < 1
    assert retrievability(memory, START - timedelta(days=1)) == 1


@pytest.mark.parametrize(("days", "recall"), [(7, 0.957), (30, 0.874)])
def test_recall_of_a_stability_of_three_weeks(days: int, recall: float) -> None:
    memory = replace(after(GOOD), stability=21.0)
    assert retrievability(memory, START + timedelta(days=days)) == pytest.approx(recall, abs=0.0005)


def test_recognising_what_was_nearly_forgotten_earns_two_days_at_most() -> None:
    memory, late = after(GOOD, GOOD), START + timedelta(days=400)
    assert retrievability(memory, late) < 0.6
    recognised = reviewed(memory, GOOD, at=late, kind="choice", is_productive=False)
    recalled = reviewed(memory, GOOD, at=late)
    assert recognised.due_at == late + timedelta(days=2)
    assert recalled.due_at > late + timedelta(days=30)
    assert recognised.stability == recalled.stability


def test_recognising_what_is_remembered_counts_in_full() -> None:
    memory = after(GOOD, GOOD)
    soon = memory.due_at
    recognised = reviewed(memory, GOOD, at=soon, kind="choice", is_productive=False)
    assert recognised.due_at == reviewed(memory, GOOD, at=soon).due_at


def test_a_fact_missed_six_times_rests_for_three_days() -> None:
    five = after(*[AGAIN] * 5)
    six = reviewed(five, AGAIN, at=five.due_at)
    assert five.suspended_until is None
    assert six.suspended_until == six.last_review_at + timedelta(days=3)
    assert reviewed(six, GOOD, at=six.due_at).suspended_until is None


def test_a_fact_is_new_then_learning_then_consolidating_then_secure() -> None:
    first, second = after(GOOD), after(GOOD, GOOD)
    third = reviewed(second, GOOD, at=second.due_at, kind="cloze")
    states = [fact_state(memory, has_productive=True) for memory in (None, first, second, third)]
    assert states == [FactState.NEW, FactState.LEARNING, FactState.CONSOLIDATING, FactState.SECURE]


def test_one_kind_alone_never_makes_a_fact_secure() -> None:
    memory = after(*[GOOD] * 5)
    assert memory.stability > 100
    assert fact_state(memory, has_productive=True) == FactState.CONSOLIDATING


def test_recognising_alone_makes_a_fact_secure_only_if_it_cannot_be_asked_otherwise() -> None:
    memory = after(*[GOOD] * 3, kind="choice", is_productive=False)
    memory = reviewed(memory, GOOD, at=memory.due_at, kind="matching", is_productive=False)
    assert fact_state(memory, has_productive=True) == FactState.CONSOLIDATING
    assert fact_state(memory, has_productive=False) == FactState.SECURE


def test_a_weak_pass_is_not_a_success() -> None:
    memory = after(GOOD, HARD)
    assert (memory.reviews, memory.success_days, memory.last_success_day) == (2, 1, START.date())


ratings = st.lists(st.tuples(st.sampled_from([AGAIN, HARD, GOOD]), st.integers(1, 60)), min_size=1, max_size=12)


def walked(steps: list[tuple[int, int]]) -> tuple[Memory, datetime]:
    memory, at = None, START
    for rating, days in steps:
        memory, at = reviewed(memory, rating, at=at), at + timedelta(days=days)
    assert memory is not None
    return memory, at


@given(ratings)
def test_a_history_always_gives_the_same_memory(steps: list[tuple[int, int]]) -> None:
    assert walked(steps) == walked(steps)


@given(ratings)
def test_the_library_agrees_when_it_replays_the_same_reviews(steps: list[tuple[int, int]]) -> None:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=180)
    card, at = Card(card_id=1), START
    for rating, days in steps:
        card, _ = scheduler.review_card(card, Rating(rating), review_datetime=at)
        at += timedelta(days=days)
    memory, _ = walked(steps)
    assert (memory.stability, memory.difficulty, memory.due_at) == (card.stability, card.difficulty, card.due)


@given(ratings)
def test_a_better_answer_never_brings_a_fact_back_sooner(steps: list[tuple[int, int]]) -> None:
    memory, at = walked(steps)
    outcomes = [reviewed(memory, rating, at=at) for rating in (AGAIN, HARD, GOOD)]
    assert [moved.due_at for moved in outcomes] == sorted(moved.due_at for moved in outcomes)
    assert [moved.stability for moved in outcomes] == sorted(moved.stability for moved in outcomes)
    assert all(timedelta(days=1) <= moved.due_at - at <= timedelta(days=180) for moved in outcomes)


@given(ratings, st.integers(0, 10**7), st.integers(0, 10**7))
def test_recall_only_falls_with_time(steps: list[tuple[int, int]], one: int, other: int) -> None:
    memory, at = walked(steps)
    sooner, later = sorted((one, other))
    first, second = (retrievability(memory, at + timedelta(seconds=seconds)) for seconds in (sooner, later))
    assert 0 < second <= first <= 1


@given(ratings)
def test_counts_stay_within_what_the_database_allows(steps: list[tuple[int, int]]) -> None:
    memory, _ = walked(steps)
    assert memory.lapses + memory.success_days <= memory.reviews == len(steps)
    assert memory.stability > 0
