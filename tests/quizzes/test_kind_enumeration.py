"""Lists typed in any order."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import opencc
import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from quizzes.content import Content
from quizzes.kinds import KINDS, InvalidAnswer, Outcome
from tests.quizzes.contents import LISTS, actors, branches, communities

KIND = KINDS["enumeration"]
SIMPLIFIED = opencc.OpenCC("t2s")
lists = st.sampled_from([make() for make in LISTS])


def grade(content: Content, text: str) -> Outcome:
    return KIND.grade(content, text)


ALL = [
    (communities, "發展、安全、責任、利益"),
    (communities, "发展共同体，安全共同体，责任共同体，利益共同体"),
    (communities, "發展安全責任利益共同體"),
    (communities, "發展、安全、責任和利益共同體"),
    (communities, "利益 責任 安全 發展"),
    (communities, "1. 發展\n2. 安全\n3. 責任\n4. 利益"),
    (communities, "①發展②安全③責任④利益"),
    (communities, "發展、發展、安全、責任與利益"),
    (communities, "發展、安全、責任、利益等"),
    (actors, "政府、國際組織、互聯網企業、技術社群和社會組織、公民個人"),
    (actors, "政府 國際組織 企業 技術社群 社會組織 個人"),
    (actors, "技術 社群/社會組織|個人;企業，國際組織\n政府"),
    (actors, "政府、國際組織、企業、技術社群、社會組織、以及個人"),
    (branches, "Education, R&D and public health"),
    (branches, "Research and development; health; education"),
    (branches, "research and development\neducation\npublic  health"),
    (branches, "education and research and development and health"),
    (branches, "education, research and development, and the public health"),
]


@pytest.mark.parametrize(("make", "text"), ALL)
def test_complete_lists(make: Callable[[], Content], text: str) -> None:
    outcome = grade(make(), text)
    assert (outcome.verdict, outcome.score, outcome.rule) == ("correct", 1.0, "all_members")
    assert outcome.details == {"hits": make().key, "missing": [], "extras": [], "members": len(make().key)}


@pytest.mark.parametrize(
    ("make", "text", "hits", "extras", "score", "rule"),
    [
        (communities, "發展、安全、責任", 3, [], 0.75, "some_members"),
        (communities, "發展、安全、責任、文化", 3, ["文化"], 0.625, "some_members"),
        (communities, "發展、安全、責任、利益、文化、文化", 4, ["文化"], 0.875, "all_with_extras"),
        (communities, "文化", 0, ["文化"], 0.0, "no_member"),
        (communities, "發展、甲、乙、丙", 1, ["甲", "乙", "丙"], 0.0, "some_members"),
        (communities, "共同體", 0, ["共同體"], 0.0, "no_member"),
        (actors, "非政府組織", 0, ["非政府組織"], 0.0, "no_member"),
        (actors, "政府 非政府組織", 1, ["非政府組織"], 0.5 / 6, "some_members"),
        (actors, "政府和", 0, ["政府和"], 0.0, "no_member"),
        (branches, "aneducation", 0, ["aneducation"], 0.0, "no_member"),
        (actors, "政府和香蕉", 0, ["政府和香蕉"], 0.0, "no_member"),
        (actors, "技術社群和社會組織", 2, [], 2 / 6, "some_members"),
        (branches, "research, education", 1, ["research"], 0.5 / 3, "some_members"),
        (branches, "educational health", 0, ["educational health"], 0.0, "no_member"),
        (branches, "education and bananas", 0, ["education and bananas"], 0.0, "no_member"),
    ],
)
def test_incomplete_lists(
    make: Callable[[], Content], text: str, hits: int, extras: list[str], score: float, rule: str
) -> None:
    outcome = grade(make(), text)
    assert (len(outcome.details["hits"]), [row["text"] for row in outcome.details["extras"]]) == (hits, extras)
    assert len(outcome.details["missing"]) == len(make().key) - hits
    assert outcome.score == pytest.approx(score)
    assert outcome.rule == rule
    assert outcome.verdict == ("wrong" if rule == "no_member" else "partial")
    assert not outcome.may_retry


def test_peace_is_not_cut_at_its_and() -> None:
    content = communities(key=["和平", "發展"], accepted=((), ()), suffixes=())
    assert grade(content, "和平和發展").verdict == "correct"
    assert grade(content, "平、發展").details["hits"] == ["發展"]


def test_an_extra_that_belongs_elsewhere_says_where() -> None:
    outcome = grade(actors(), "政府、联合国")
    assert outcome.details["extras"] == [{"text": "联合国", "subject": "主渠道作用", "sentence": "L4-18"}]
    assert outcome.parts[0].confused_with == "联合国"


@pytest.mark.parametrize(
    ("text", "verdict", "score"),
    [("政府", "partial", 1 / 6), ("政府、香蕉", "partial", 0.5 / 6), ("香蕉", "wrong", 0.0)],
)
def test_of_an_open_list_what_the_document_names_is_asked_for(text: str, verdict: str, score: float) -> None:
    outcome = grade(actors(is_closed_list=False), text)
    assert (outcome.verdict, outcome.score) == (verdict, pytest.approx(score))


@pytest.mark.parametrize("text", ["", " \n、，", "。"])
def test_nothing_listed_is_blank(text: str) -> None:
    assert (grade(actors(), text).verdict, grade(actors(), text).may_retry) == ("blank", True)


def test_years_are_members_in_any_spelling() -> None:
    content = communities(key=["2015年", "2019年"], accepted=((), ()), suffixes=("年",))
    assert grade(content, "二〇一五、2019").verdict == "correct"
    assert grade(content, "2015、2018").details["missing"] == ["2019年"]


@given(st.data(), lists, st.sampled_from("、，,;；/|｜\n"), st.booleans())
def test_any_order_any_separator_any_script(
    data: st.DataObject, content: Content, separator: str, is_simplified: bool
) -> None:
    forms = [[member, *variants] for member, variants in zip(content.key, content.accepted, strict=True)]
    picked = [data.draw(st.sampled_from(form)) for form in data.draw(st.permutations(forms))]
    text = separator.join(picked)
    assert grade(content, SIMPLIFIED.convert(text) if is_simplified else text).verdict == "correct"


@given(lists, st.text(max_size=80))
def test_whatever_is_typed_is_graded(content: Content, text: str) -> None:
    outcome = grade(content, text)
    json.dumps(outcome.details)
    assert 0.0 <= outcome.score <= 1.0
    assert (outcome.score == 1.0) == (outcome.verdict == "correct")


@given(lists, st.integers(0, 1))
def test_the_page_never_holds_a_member(content: Content, hints: int) -> None:
    page = json.dumps(KIND.present(content, order={}, hints=hints) | {"stem": ""}, ensure_ascii=False)
    assert not any(member in page for member in content.key)


def test_hints() -> None:
    content = actors()
    assert KIND.hint(content, 1) == {"code": "first_characters", "texts": ["政", "國", "互", "技", "社", "公"]}
    assert KIND.hint(content, 2)["text"] in content.key
    assert KIND.hint(content, 2) == KIND.hint(content, 2)
    assert KIND.hint(content, 3) == {}


def test_the_number_of_members_is_told_for_closed_lists_only() -> None:
    assert KIND.present(actors(), order={}, hints=0)["count"] == 6
    assert KIND.present(actors(is_closed_list=False), order={}, hints=0)["count"] is None
    assert KIND.is_productive(actors())


@pytest.mark.parametrize(
    ("posted", "text"),
    [
        ({"text": "政府、企業"}, "政府、企業"),
        (QueryDict("member=a&member=&member=b"), "a\nb"),
        (QueryDict("text=c&member=a"), "c\na"),
        ({}, ""),
    ],
)
def test_read(posted: Any, text: str) -> None:
    assert KIND.read(actors(), posted) == text


@pytest.mark.parametrize(
    ("posted", "code"),
    [
        ({"text": "字" * 501}, "too_long"),
        ({"member": ["字" * 300, "字" * 300]}, "too_long"),
        ({"member": ["a", None]}, "type"),
        ({"text": "\0"}, "characters"),
    ],
)
def test_malformed_lists_are_refused(posted: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        KIND.read(actors(), posted)
    assert refusal.value.code == code


def test_a_very_long_entry_is_graded_in_no_time() -> None:
    assert grade(communities(key=["甲", "甲甲", "乙"], accepted=((), (), ())), "甲" * 499 + "丙").verdict == "wrong"
