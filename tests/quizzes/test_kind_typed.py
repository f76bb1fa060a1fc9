"""Typed answers, cloze and short answer: the ladder of decisions, and what the page may say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.chinese import normal
from quizzes.content import Content, Distractor
from quizzes.kinds import KINDS, InvalidAnswer, Outcome
from tests.quizzes import contents
from tests.quizzes.contents import TYPED, agenda, charter, extension, openness, ordinal, role, tenure, year

SIMPLIFIED = opencc.OpenCC("t2s")
ROUNDABOUT = str.maketrans({**{chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}, " ": "\u3000"})
typed = st.sampled_from([make() for make in TYPED])


def grade(content: Content, text: str, *, is_final: bool = False) -> Outcome:
    return KINDS[content.kind].grade(content, text, is_final=is_final)


CORRECT = [
    (year, "2015年", "key"),
    (year, " 2015年。", "key"),
    (year, "２０１５年", "width"),
    (year, "2015", "number"),
    (year, "二〇一五年", "number"),
    (year, "二零一五", "number"),
    (year, "二○一五年", "number"),
    (ordinal, "二", "key"),
    (ordinal, "2", "number"),
    (ordinal, "第二", "number"),
    (ordinal, "第2屆", "number"),
    (ordinal, "第二届", "number"),
    (extension, "自然延伸", "key"),
    (extension, "「自然延伸」", "key"),
    (role, "主渠道作用", "key"),
    (role, "主渠道", "affix"),
    (role, "主渠道的作用", "affix"),
    (role, "主要渠道作用", "variant"),
    (role, "主要渠道", "affix"),
    (agenda, "2030年可持续发展议程", "script"),
    (agenda, "可持續發展議程", "variant"),
    (agenda, "聯合國2030年可持續發展議程", "affix"),
    (agenda, "二〇三〇年可持續發展議程", "affix"),
    (charter, "聯合國憲章", "key"),
    (charter, "〈联合国宪章〉", "script"),
    (openness, "开放", "script"),
    (tenure, "The president", "width"),
    (tenure, "president", "affix"),
    (tenure, "a  PRESIDENT.", "affix"),
]


@pytest.mark.parametrize(("make", "text", "rule"), CORRECT)
def test_right_answers_and_why(make: Callable[[], Content], text: str, rule: str) -> None:
    outcome = grade(make(), text)
    assert (outcome.verdict, outcome.score, outcome.rule, outcome.may_retry) == ("correct", 1.0, rule, False)
    assert [part.is_correct for part in outcome.parts] == [True]
    assert outcome.details == ({} if rule == "key" else {"wording": make().key})


@pytest.mark.parametrize(
    ("make", "text", "verdict", "rule"),
    [
        (extension, "", "blank", "blank"),
        (extension, " 。\u3000", "blank", "blank"),
        (extension, "自然延長", "near", "one_character"),
        (extension, "自燃延伸", "near", "one_character"),
        (extension, "自然伸延", "near", "one_character"),
        (extension, "自然延", "near", "one_character"),
        (extension, "自由延長", "wrong", "different"),
        (extension, "國家主權的自然延伸", "overfull", "contains_key"),
        (extension, "不自然延伸嗎", "wrong", "different"),
        (extension, "自然", "partial", "part_of_key"),
        (extension, "然", "wrong", "different"),
        (extension, "具體體現、自然延伸", "wrong", "hedged"),
        (extension, "自然延伸或基本準則", "wrong", "hedged"),
        (extension, "延伸", "partial", "part_of_key"),
        (extension, "自然延伸" + "很" * 9, "wrong", "different"),
        (agenda, "2030年可持續發展的議成", "near", "two_characters"),
        (agenda, "2020年可持續發展議程", "wrong", "different"),
        (agenda, "發展議程", "partial", "part_of_key"),
        (openness, "開方", "wrong", "different"),
        (openness, "不開放", "wrong", "different"),
        (openness, "開放理念", "overfull", "contains_key"),
        (year, "2016", "wrong", "different"),
        (year, "201", "wrong", "different"),
        (year, "12015", "wrong", "different"),
        (year, "2015或2016", "wrong", "different"),
        (year, "在2015年", "near", "one_character"),
        (year, "2015年11月", "overfull", "contains_key"),
        (year, "2015、2016年", "wrong", "different"),
        (year, "不知道", "wrong", "different"),
        (ordinal, "三", "wrong", "different"),
        (ordinal, "十二", "wrong", "different"),
        (ordinal, "二十", "wrong", "different"),
        (tenure, "presidant", "near", "one_character"),
        (tenure, "President and Congress", "wrong", "hedged"),
        (tenure, "the elected President", "overfull", "contains_key"),
        (tenure, "senate", "wrong", "different"),
    ],
)
def test_other_answers_and_why(make: Callable[[], Content], text: str, verdict: str, rule: str) -> None:
    outcome = grade(make(), text)
    assert (outcome.verdict, outcome.rule, outcome.score) == (verdict, rule, 0.0)
    assert outcome.may_retry == (verdict in ("blank", "near", "overfull", "partial"))
    assert [part.is_correct for part in outcome.parts] == [False]


@pytest.mark.parametrize(
    ("make", "text", "named"),
    [
        (extension, "具体体现", {"text": "具體體現", "subject": "構建網絡空間命運共同體", "sentence": "L0-02"}),
        (role, "橋梁", {"text": "橋梁作用", "subject": "互聯網", "sentence": "L4-07"}),
        (year, "二〇一九", {"text": "2019年", "subject": "本文件", "sentence": "L0-02"}),
        (tenure, "Congress", {"text": "the Congress", "subject": "legislative power", "sentence": "A1-01"}),
    ],
)
def test_an_answer_of_another_fact_is_named(make: Callable[[], Content], text: str, named: dict[str, str]) -> None:
    outcome = grade(make(), text)
    assert (outcome.verdict, outcome.rule, outcome.may_retry) == ("confusion", "confusion", False)
    assert outcome.details == {"confusion": named}
    assert (outcome.parts[0].confused_with, outcome.parts[0].note) == (named["text"], named["subject"])


def test_a_confusion_one_character_from_the_key_is_not_near() -> None:
    content = role(confusions=(contents.confusion("主管道作用", "某事"),))
    assert grade(content, "主管道作用").verdict == "confusion"


def test_a_confusion_that_equals_the_key_without_its_suffix_stays_a_confusion() -> None:
    content = role(key="主體作用", confusions=(contents.confusion("主體", "個人"),), accepted=())
    assert grade(content, "主體").verdict == "confusion"
    assert grade(content, "主體作用").verdict == "correct"


def test_a_slip_in_another_fact_s_answer_is_not_nearly_right() -> None:
    content = role(
        key="網絡空間國際規則進程",
        accepted=(),
        suffixes=(),
        confusions=(contents.confusion("網絡空間國際治理進程", "中國"),),
    )
    assert grade(content, "網絡空間國際規理進程").verdict == "near"
    assert grade(content, "網絡空間國際治里進程").verdict == "wrong"


def test_a_distractor_without_a_subject_is_wrong_and_not_near() -> None:
    outcome = grade(extension(distractors=(Distractor("自然延續", "F9"),)), "自然延續")
    assert (outcome.verdict, outcome.rule, outcome.parts[0].confused_with) == ("wrong", "distractor", "自然延續")


def test_near_says_how_many_characters_differ_but_not_which_before_the_retry() -> None:
    first, last = (grade(extension(), "自然延長", is_final=is_final) for is_final in (False, True))
    assert (first.details, first.may_retry) == ({"distance": 1}, True)
    assert last.details == {"distance": 1, "difference": [["自然延", True], ["長", False]]}
    assert (last.verdict, last.may_retry) == ("near", False)


def test_wrong_shows_the_difference() -> None:
    assert grade(extension(), "自由延長").details == {
        "difference": [["自", True], ["由", False], ["延", True], ["長", False]]
    }


def test_partial_says_how_much_is_missing() -> None:
    assert grade(extension(), "延伸").details == {"missing": 2}


@pytest.mark.parametrize(
    ("make", "text", "has_wrong_part"),
    [
        (extension, "網絡空間的自然延伸", False),
        (extension, "一種自然延伸的", True),
        (extension, "即是自然延伸", True),
        (extension, "經濟的自然延伸", True),
        (year, "2015年11月", True),
    ],
)
def test_overfull_tells_harmless_words_from_wrong_ones(
    make: Callable[[], Content], text: str, has_wrong_part: bool
) -> None:
    assert grade(make(), text).details == {"has_wrong_part": has_wrong_part}


def test_each_fact_of_the_question_is_graded() -> None:
    outcome = grade(extension(facts=("F1", "F2")), "自然延伸")
    assert [part.fact for part in outcome.parts] == ["F1", "F2"]


@given(typed)
def test_the_key_is_right_in_any_script_width_and_punctuation(content: Content) -> None:
    for text in (content.key, *content.accepted):
        for way in (text, SIMPLIFIED.convert(text), text.translate(ROUNDABOUT), f" 「{text}」。\n", text.upper()):
            assert grade(content, way).verdict == "correct"


@given(typed, st.data())
def test_one_wrong_character_is_never_right(content: Content, data: st.DataObject) -> None:
    key = str(content.key)
    place = data.draw(st.integers(0, len(key) - 1))
    other = data.draw(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5))
    text = key[:place] + other + key[place + 1 :]
    is_harmless = any(normal(text).removesuffix(normal(s)) == normal(key).removesuffix(normal(s)) for s in ("", "年"))
    verdict = grade(content, text).verdict
    if normal(text) == normal(key):
        assert verdict == "correct"
    elif content.kind == "cloze" and key == "自然延伸":
        assert verdict == "near"
    elif not is_harmless and len(key) > 1 and other not in "的作用第二两":
        assert verdict != "correct"


@given(typed)
def test_answers_of_other_facts_are_never_right(content: Content) -> None:
    for other in content.confusions:
        for way in (other.text, SIMPLIFIED.convert(other.text), other.text.translate(ROUNDABOUT)):
            assert grade(content, way).verdict == "confusion"


@given(typed, st.text(max_size=60), st.booleans())
def test_whatever_is_typed_is_graded(content: Content, text: str, is_final: bool) -> None:
    outcome = grade(content, text, is_final=is_final)
    json.dumps(outcome.details)
    assert outcome.verdict != "blank" or not normal(text)
    assert not (is_final and outcome.may_retry and outcome.verdict != "blank")


@given(typed, st.integers(0, 1))
def test_the_page_never_holds_the_key(content: Content, hints: int) -> None:
    kind = KINDS[content.kind]
    shown = kind.present(content, order=kind.shuffle(content, 3), hints=hints)
    page = json.dumps(shown | {"stem": ""}, ensure_ascii=False)
    assert len(str(content.key)) == 1 or str(content.key) not in page
    assert set(shown) <= {"kind", "stem", "hints", "next_hint", "widget", "max_length", "before", "after"}


def test_hints_climb_from_one_character_to_choices() -> None:
    kind, content = KINDS["cloze"], extension()
    assert kind.hint(content, 1) == {"code": "first_character", "text": "自"}
    texts = kind.hint(content, 2)["texts"]
    assert len(texts) == 4
    assert "自然延伸" in texts
    assert kind.hint(content, 2) == kind.hint(content, 2)
    assert kind.hint(content, 3) == kind.hint(content, 0) == {}
    assert [kind.present(content, order={}, hints=n)["next_hint"] for n in (0, 1, 2)] == [
        "first_character",
        "choices",
        "",
    ]


@pytest.mark.parametrize(
    ("content", "level"),
    [
        (ordinal(hints=("first_character",)), 1),
        (charter(hints=("choices",)), 1),
        (extension(hints=()), 1),
        (extension(hints=("first_character",)), 2),
    ],
)
def test_a_hint_that_would_tell_all_or_is_not_offered_is_not_given(content: Content, level: int) -> None:
    assert KINDS[content.kind].hint(content, level) == {}
    assert KINDS[content.kind].present(content, order={}, hints=level - 1)["next_hint"] == ""


@pytest.mark.parametrize(("make", "text"), [(charter, "聯"), (tenure, "P"), (year, "2")])
def test_first_character_passes_over_marks_and_articles(make: Callable[..., Content], text: str) -> None:
    assert KINDS["short_answer"].hint(make(hints=("first_character",)), 1)["text"] == text


def test_the_choices_hold_no_second_right_answer() -> None:
    content = role(distractors=(Distractor("主要渠道作用", "F1"),), hints=("choices",))
    assert sorted(KINDS["short_answer"].hint(content, 1)["texts"]) == sorted(["主渠道作用", "橋梁作用", "引擎作用"])


def test_a_typed_cloze_is_productive_and_says_where_the_gap_is() -> None:
    kind, content = KINDS["cloze"], extension()
    shown: dict[str, Any] = kind.present(content, order={}, hints=0)
    assert kind.is_productive(content)
    assert (shown["before"][-3:], shown["after"]) == ("空間的", "。")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"text": ["a", "b"]}, "two_values"),
        ({"text": 5}, "type"),
        ({"text": "字" * 501}, "too_long"),
        ({"text": "a\0"}, "characters"),
        ({"text": "\ud800"}, "characters"),
        (None, "type"),
        (["text"], "type"),
    ],
)
def test_malformed_answers_are_refused(data: Any, code: str) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        KINDS["short_answer"].read(charter(), data)
    assert refusal.value.code == code
    assert str(refusal.value.message)


def test_the_raw_answer_is_kept() -> None:
    assert KINDS["short_answer"].read(charter(), {"text": " 《联合国宪章》 ", "other": 3}) == " 《联合国宪章》 "
    assert KINDS["short_answer"].read(charter(), {}) == ""
