"""Which facts and sentences of two editions belong together: tables of cases, and what holds for any two."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.editions import Row, Run, Succession, sentence_diff, successions
from curriculum.fixture import load_fixture
from curriculum.knowledge import Fact, Knowledge, Member

EMPTY = Knowledge("k", "測試", "", "", "zh-Hant", "")


def fact(id: str, subject: str, text: str, relation: str = "duty", start: int = 0, **fields: object) -> Fact:
    plain = {"family": "F", "unit": "L1-01", "start": start, "end": start + 1}
    return Fact(id=id, relation=relation, subject=subject, text=text, **plain | fields)  # type: ignore[arg-type]


def knowing(*facts: Fact) -> Knowledge:
    return replace(EMPTY, facts=facts)


def spans(*texts: str) -> tuple[Member, ...]:
    return tuple(Member(text, 0, 1) for text in texts)


A = fact("F1", "政府", "加強網絡安全保護")
CASES = {
    "nothing moved": (A, A, False),
    "moved in the text and numbered anew": (A, replace(A, id="F9", start=90), False),
    "same subject, other words": (A, fact("F9", "政府", "推動數字經濟"), True),
    "same id, other subject, somewhat alike": (A, fact("F1", "各國政府", "加強安全合作"), True),
    "other subject, like words": (A, fact("F9", "企業", "加強網絡安全防護"), True),
    "like words of another relation": (A, replace(A, relation="goal"), None),
    "same id by chance": (A, fact("F1", "青年", "學習"), None),
    "other subject, other words": (A, fact("F9", "青年", "學習"), None),
    "a member was added": (
        fact("F1", "原則", "甲、乙", members=spans("甲", "乙")),
        fact("F1", "原則", "甲、乙、丙", members=spans("甲", "乙", "丙")),
        True,
    ),
    "members cut otherwise": (
        fact("F1", "原則", "甲、乙", members=spans("甲", "乙")),
        fact("F1", "原則", "甲、乙", members=spans("甲、乙")),
        True,
    ),
    "another left half": (
        fact("F1", "條", "丙", left=Member("甲", 0, 1)),
        fact("F1", "條", "丙", left=Member("乙", 0, 1)),
        True,
    ),
}


@pytest.mark.parametrize(("old", "new", "is_reworded"), CASES.values(), ids=CASES)
def test_a_fact_continues_another(old: Fact, new: Fact, is_reworded: bool | None) -> None:
    expected = [] if is_reworded is None else [Succession(old.id, new.id, is_reworded)]
    assert successions(knowing(old), knowing(new)) == expected


def test_of_two_wordings_the_nearer_one_continues() -> None:
    far, near = fact("F1", "政府", "推動數字經濟"), fact("F2", "政府", "加強網絡保護", start=5)
    new = fact("F7", "政府", "加強網絡安全保護")
    assert successions(knowing(far, near), knowing(new)) == [Succession("F2", "F7", True)]


def test_facts_that_say_the_same_keep_their_ids_where_they_can() -> None:
    one, two = fact("F1", "政府", "合作"), fact("F2", "政府", "合作", start=9)
    assert successions(knowing(one, two), knowing(replace(two, start=0), fact("F3", "政府", "合作", start=4))) == [
        Succession("F2", "F2", False),
        Succession("F1", "F3", False),
    ]


def test_the_shipped_course_continues_itself_unchanged() -> None:
    course = load_fixture("fixtures/cyberspace-2019.json")
    assert successions(course, course) == [Succession(fact.id, fact.id, False) for fact in course.facts]


few_facts = st.lists(
    st.builds(
        fact,
        id=st.sampled_from([f"F{n}" for n in range(9)]),
        subject=st.sampled_from(["政府", "企業", "青年"]),
        text=st.text("甲乙丙丁", min_size=1, max_size=5),
        relation=st.sampled_from(["duty", "goal"]),
        start=st.integers(0, 9),
    ),
    unique_by=lambda fact: fact.id,
    max_size=7,
)


@given(few_facts, few_facts, st.randoms(use_true_random=False))
def test_each_fact_has_one_place_whatever_the_order(old: list[Fact], new: list[Fact], dice: random.Random) -> None:
    found = successions(knowing(*old), knowing(*new))
    assert len({row.old for row in found}) == len({row.new for row in found}) == len(found)
    relations = {fact.id: fact.relation for fact in old}, {fact.id: fact.relation for fact in new}
    assert all(relations[0][row.old] == relations[1][row.new] for row in found)
    dice.shuffle(old)
    dice.shuffle(new)
    assert successions(knowing(*old), knowing(*new)) == found


@given(few_facts)
def test_an_edition_continues_itself_unchanged(facts: list[Fact]) -> None:
    found = successions(knowing(*facts), knowing(*facts))
    assert found == [Succession(id, id, False) for id in sorted(fact.id for fact in facts)]


# Sentences.


def runs(text: str) -> tuple[Run, ...]:
    """「甲[乙]」: what stands in brackets is changed."""
    parts = text.replace("]", "[").split("[")
    return tuple(Run(part, n % 2 == 1) for n, part in enumerate(parts) if part)


DIFFERENCES = {
    "one character": ("加強安全保護。", "加強安全防護。", "加強安全[保]護。", "加強安全[防]護。"),
    "words in Latin script": (
        "Everyone has the right to rest.",
        "Everyone has a right to rest.",
        "Everyone has [the] right to rest.",
        "Everyone has [a] right to rest.",
    ),
    "only an addition": ("各國合作。", "各國加強合作。", "各國合作。", "各國[加強]合作。"),
}


@pytest.mark.parametrize(("old", "new", "before", "after"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_what_differs_in_a_sentence(old: str, new: str, before: str, after: str) -> None:
    assert sentence_diff([old], [new]) == [Row("changed", runs(before), runs(after))]


def test_sentences_come_and_go() -> None:
    rows = sentence_diff(["甲乙丙。", "刪去之文。", "丁戊己。"], ["甲乙丙。", "丁戊己。", "新增內容！"])
    assert [row.kind for row in rows] == ["same", "removed", "same", "added"]
    assert (rows[1].new, rows[3].old) == ((), ())


def test_unlike_sentences_are_not_forced_together() -> None:
    assert [row.kind for row in sentence_diff(["甲乙丙丁。"], ["戊己庚辛!"])] == ["removed", "added"]


texts = st.lists(st.text("甲乙丙 ab,。", min_size=1, max_size=8), max_size=6)


@given(texts, texts)
def test_every_sentence_of_both_is_shown_once_in_order(old: list[str], new: list[str]) -> None:
    rows = sentence_diff(old, new)
    assert ["".join(run.text for run in row.old) for row in rows if row.old] == old
    assert ["".join(run.text for run in row.new) for row in rows if row.new] == new
    assert all(row.kind == "same" for row in sentence_diff(old, old))
