"""Which questions a paper gets: distinct facts, fair shares, nothing given away, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.content import Content, Evidence
from quizzes.drawing import arranged, draw, draw_forms
from quizzes.sequence import LEAK_DISTANCE, Candidate


def question(number: int, *, fact: str = "", lesson: str = "L1", kind: str = "choice", sentence: str = "") -> Candidate:
    fact = fact or f"F{number}"
    content = Content(
        id=f"Q{number:03}",
        kind=kind,
        lesson=lesson,
        rule="test",
        direction="",
        seed="",
        stem=f"stem {number}",
        key="key",
        facts=(fact,),
        evidence=(Evidence(sentence or f"S-{fact}", 0, 1, "x"),),
        options=("key", "other") if kind == "choice" else None,
    )
    return Candidate(number, number, content, kind != "choice")


def ids(candidates: list[Candidate]) -> list[str]:
    return [candidate.content.id for candidate in candidates]


def test_each_fact_is_asked_once_while_there_are_others() -> None:
    bank = [question(n, fact=f"F{n % 10}") for n in range(30)]
    drawn = draw(bank, count=10, seed="a", edges={})
    assert len({row.content.facts for row in drawn}) == 10


def test_a_small_bank_gives_all_it_has() -> None:
    bank = [question(n, fact=f"F{n % 2}") for n in range(4)]
    assert sorted(ids(draw(bank, count=10, seed="a", edges={}))) == ["Q000", "Q001", "Q002", "Q003"]


def test_lessons_share_the_paper_by_what_they_hold() -> None:
    bank = [question(n, lesson="long" if n < 30 else "short") for n in range(40)]
    drawn = draw(bank, count=8, seed="a", edges={})
    assert Counter(row.content.lesson for row in drawn) == {"long": 6, "short": 2}


def test_kinds_share_the_paper_by_what_they_hold() -> None:
    bank = [question(n, kind="choice" if n % 2 else "short_answer") for n in range(40)]
    assert Counter(row.content.kind for row in draw(bank, count=8, seed="a", edges={})) == {
        "choice": 4,
        "short_answer": 4,
    }


def test_a_question_that_gives_another_away_stays_off_the_paper() -> None:
    bank = [question(n) for n in range(12)]
    edges = {"Q000": frozenset(row.content.id for row in bank[1:])}
    assert "Q000" not in ids(draw(bank, count=10, seed="a", edges=edges))


def test_what_must_stand_on_one_paper_stands_after_what_it_gives_away_or_far_from_it() -> None:
    bank = [question(n) for n in range(12)]
    edges = {"Q000": frozenset({"Q001"})}
    for seed in "abcdefgh":
        order = ids(arranged(bank, seed=seed, edges=edges))
        assert not 0 < order.index("Q001") - order.index("Q000") < LEAK_DISTANCE


def test_two_questions_on_one_sentence_are_not_neighbours() -> None:
    bank = [question(n, sentence=f"S{n % 3}") for n in range(9)]
    order = arranged(bank, seed="a", edges={})
    assert not any(one.sentences & other.sentences for one, other in pairwise(order))


@given(st.permutations(range(25)), st.text(max_size=3))
@settings(max_examples=25, deadline=None)
def test_the_same_seed_draws_the_same_paper_from_a_bank_in_any_order(order: list[int], seed: str) -> None:
    bank = [question(n, lesson=f"L{n % 3}") for n in range(25)]
    assert ids(draw([bank[n] for n in order], count=9, seed=seed, edges={})) == ids(
        draw(bank, count=9, seed=seed, edges={})
    )


def test_another_seed_draws_another_paper() -> None:
    bank = [question(n) for n in range(25)]
    assert ids(draw(bank, count=9, seed="a", edges={})) != ids(draw(bank, count=9, seed="b", edges={}))


def test_each_fact_of_parallel_forms_is_asked_in_both_by_different_questions() -> None:
    bank = [question(n, fact=f"F{n % 10}", kind="choice" if n < 10 else "short_answer") for n in range(20)]
    forms = draw_forms(bank, count=6, seed="a", edges={})
    assert forms.paired == len(forms.a) == len(forms.b) == 6
    assert [row.content.facts for row in forms.a] == [row.content.facts for row in forms.b]
    assert not set(ids(list(forms.a))) & set(ids(list(forms.b)))
    assert Counter(row.content.kind for row in forms.a) == Counter(row.content.kind for row in forms.b)


def test_facts_with_one_question_fill_up_parallel_forms_and_are_not_counted_as_paired() -> None:
    bank = [question(n, fact=f"F{n % 4}") for n in range(8)] + [question(n) for n in range(10, 15)]
    forms = draw_forms(bank, count=6, seed="a", edges={})
    assert (forms.paired, len(forms.a), len(forms.b)) == (4, 6, 6)
    assert len({*ids(list(forms.a)), *ids(list(forms.b))}) == 12


@pytest.mark.parametrize("count", [1, 5, 40])
def test_parallel_forms_are_equally_long_and_share_no_question(count: int) -> None:
    bank = [question(n, fact=f"F{n % 7}", lesson=f"L{n % 2}") for n in range(17)]
    forms = draw_forms(bank, count=count, seed="a", edges={})
    assert len(forms.a) == len(forms.b) <= count
    assert not set(ids(list(forms.a))) & set(ids(list(forms.b)))
