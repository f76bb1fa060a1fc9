"""One bad question for each rule that the catalogue of flaws does not already reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from quizzes import validity
from quizzes.content import Content, Distractor, Evidence
from quizzes.validity import WARNING, Report, check_bank, rule_table
from quizzes.validity.repeatability import stable_id
from tests.quizzes.clean_bank import choice, clean_bank, course, matching, question, quoted


def alone(content: Content) -> Report:
    return check_bank([content], course(), is_whole=False)


def found(content: Content, severity: str = "error") -> set[str]:
    return {finding.rule for finding in alone(content).findings if finding.severity == severity}


def good(kind: str, at: int = 0) -> Content:
    return [content for content in clean_bank() if content.kind == kind][at]


def test_the_table_lists_every_rule_once() -> None:
    ids = [id for id, _, _ in rule_table()]
    tens = {0: range(1, 7), 1: range(10, 19), 2: range(20, 30), 3: (30, 31, 32, 33, 34, 35, 37), 4: range(40, 45)}
    tens |= {5: range(50, 59), 6: (60,), 7: range(70, 80), 8: range(80, 83)}
    assert ids == [f"V{number:02}" for group in tens.values() for number in group]


def test_every_statement_is_one_sentence() -> None:
    assert [text for _, _, text in rule_table() if not re.fullmatch(r"[A-Z].{20,115}\.", text)] == []


def signature_as_evidence() -> Content:
    unit = course().unit_by_id["T.7"]
    content = question("cloze", "bad", "依序言：「世界互聯網大會＿＿＿＿……」", "永久主題", "F011", "L0-01")
    return replace(content, evidence=(Evidence(unit.id, unit.start, unit.end, unit.text),))


def repeated_duty_without_scope() -> Content:
    return question("short_answer", "bad", "文件說，誰應「遵守法律法規」？", "公民個人", "F204.1", "L5-14")


def a_year_among_names() -> Content:
    return choice(
        "bad",
        "依第四章，「積極建言獻策」說的是下列何者？",
        "2019年/互聯網企業/國際組織/社會組織",
        "社會組織",
        "F198",
        "L5-11",
        "F271 F189 F183",
        hide_heading=True,
    )


def an_action_among_things() -> Content:
    return choice(
        "bad",
        "依第三章第三項，文件說要打破什麼？下列何者？",
        "數字鴻溝/推動科技向善/軍備競賽/強權政治",
        "推動科技向善",
        "F146",
        "L4-11",
        "F153.2 F256 F253",
    )


def another_ending() -> Content:
    return choice(
        "bad",
        "依第三章第五項，聯合國發揮下列何者？",
        "橋梁作用/引擎作用/主渠道/積極作用",
        "主渠道",
        "F165",
        "L4-18",
        "F132 F142 F230",
        pool="function",
    )


def two_options() -> Content:
    return choice(
        "bad",
        "依第四章，「積極建言獻策」說的是下列何者？",
        "互聯網企業/社會組織",
        "社會組織",
        "F198",
        "L5-11",
        "F189",
        hide_heading=True,
    )


def stem_and_key_chime() -> Content:
    return choice(
        "bad",
        "依第三章第三項，文件說為聯合國可持續發展的哪一項提供助力？",
        "國際規則進程/可持續發展議程/國際對話交流",
        "可持續發展議程",
        "F154",
        "L4-13",
        "F185 F053",
    )


def heading_shown() -> Content:
    return replace(good("choice", 8), hide_heading=False)


def two_blanks_without_a_pair() -> Content:
    stem = "依第四章：「非政府間國際組織宜加強同＿＿＿＿的＿＿＿＿，實現優勢互補。」"
    return question("cloze", "bad", stem, "協調互動", "F187", "L5-06")


def blank_takes_most() -> Content:
    stem = "依「維護和平安全」一項：「＿＿＿＿政治化。」"
    return question("cloze", "bad", stem, "反對將網絡安全問題", "F085", "L3-09")


def long_blank_typed() -> Content:
    stem = "依「維護和平安全」一項：「各國應反對網絡空間＿＿＿＿，防止網絡空間軍備競賽……」"
    return question("cloze", "bad", stem, "敵對行動和侵略行徑", "F081", "L3-08")


def entity_cut() -> Content:
    stem = "依第四章：「技術＿＿＿＿會組織等對網絡空間技術發展和公共決策起着不可替代的作用。」"
    return question("cloze", "bad", stem, "社群和社", "F195", "L5-09")


def filled_blank_differs() -> Content:
    stem = "依第四章：「非政府間國際組織宜加強同政府間國際組織的＿＿＿＿，實現優勢互補。」"
    return question("cloze", "bad", stem, "溝通協作", "F187", "L5-06")


def response_used_twice() -> Content:
    content = good("matching")
    key = [list(pair) for pair in content.key]
    key[1][1] = key[0][1]
    return replace(content, key=key)


def no_spare_response() -> Content:
    content = good("matching")
    return replace(content, responses=tuple(pair[1] for pair in content.key), distractors=())


def two_pairs() -> Content:
    return matching(
        "bad",
        "依序言，把前後詞配對。",
        "共謀→發展福祉|共迎→安全挑戰",
        "安全挑戰|共同挑戰|發展福祉",
        "F018.1 F018.2",
        "L0-03",
    )


def uneven_responses() -> Content:
    return matching(
        "bad",
        "依第四章，下列各項分別發揮什麼作用？請配對。",
        "政府→關鍵主導作用|技術社群和社會組織→對網絡空間技術發展和公共決策起着不可替代的作用|社會組織→積極建言獻策",
        "對網絡空間技術發展和公共決策起着不可替代的作用|積極建言獻策|橋梁作用|關鍵主導作用",
        "F175 F194 F198",
        "L5-02 L5-09 L5-11",
    )


def too_much_to_read() -> Content:
    content = good("matching", 2)
    premises = tuple(premise * 3 for premise in content.premises)
    key = [[premise, pair[1]] for premise, pair in zip(premises, content.key, strict=True)]
    return replace(content, premises=premises, key=key)


def too_short_a_list() -> Content:
    stem = "依第三章第一項，文件說為哪些地區和人群提供網絡服務？（不限順序）"
    return question("enumeration", "bad", stem, ["不發達地區", "低收入人群"], "F121", "L4-01")


def ambiguous_form() -> Content:
    content = good("enumeration")
    return replace(content, accepted=(["發展"], ["發展"], ["責任"], ["利益"]))


def member_left_out() -> Content:
    content = good("enumeration")
    return replace(content, key=content.key[:3], accepted=content.accepted[:3])


def wrong_order() -> Content:
    content = good("ordering")
    return replace(content, key=list(reversed(content.key)))


def made_up_variant() -> Content:
    stem = "依引言填空：「各國人民在網絡空間＿＿＿＿、利益攸關，國際社會應加強溝通……」"
    return question("cloze", "bad", stem, "休戚與共", "F028", "L1-02", accepted=("休戚和共",))


def one_character_from_the_truth() -> Content:
    return choice(
        "bad",
        "依「促進開放合作」一項，「……促進＿＿＿＿在網絡空間包容性發展」，空格處列舉的各項之中有下列哪一項？",
        "不同制度/不同文明/不同訴求",
        "不同制度",
        "F097",
        "L3-13",
        "F315 F316",
    )


def quotation_changed() -> Content:
    content = good("choice", 9)
    return replace(content, stem=content.stem.replace("擴大", "增加"))


def quoted_from_elsewhere() -> Content:
    content = good("cloze", 1)
    return replace(content, stem=content.stem + "（參看「充分發揮數字經濟在全球經濟發展中的引擎作用」）")


BAD: tuple[tuple[str, Callable[[], Content]], ...] = (
    ("V02", signature_as_evidence),
    ("V06", quotation_changed),
    ("V10", lambda: replace(good("choice", 8), key="構建秩序")),
    ("V13", repeated_duty_without_scope),
    ("V18", filled_blank_differs),
    ("V18", made_up_variant),
    ("V18", wrong_order),
    ("V20", a_year_among_names),
    ("V22", an_action_among_things),
    ("V22", another_ending),
    ("V24", two_options),
    ("V27", one_character_from_the_truth),
    ("V30", stem_and_key_chime),
    ("V34", heading_shown),
    ("V40", entity_cut),
    ("V41", blank_takes_most),
    ("V42", two_blanks_without_a_pair),
    ("V43", long_blank_typed),
    ("V50", response_used_twice),
    ("V51", no_spare_response),
    ("V51", two_pairs),
    ("V55", uneven_responses),
    ("V56", lambda: replace(good("matching"), stem=good("matching").stem.replace("一項用", "兩項用"))),
    ("V57", too_much_to_read),
    ("V60", too_short_a_list),
    ("V60", ambiguous_form),
    ("V60", member_left_out),
    ("V81", quoted_from_elsewhere),
)


@pytest.mark.parametrize(("rule", "make"), BAD, ids=[f"{rule}-{at}" for at, (rule, _) in enumerate(BAD)])
def test_a_bad_question_breaks_its_rule(rule: str, make: Callable[[], Content]) -> None:
    assert rule in found(make())


def test_uneven_parts_and_long_texts_are_warned_of() -> None:
    uneven = choice(
        "x",
        "依第一章，下列哪一項說的是「不斷抬頭」？",
        "保護主義、單邊主義、種族主義/軍備競賽/數字鴻溝",
        "保護主義、單邊主義、種族主義",
        "F039",
        "L2-03",
        "F256 F153.2",
    )
    assert "V23" in found(uneven, WARNING)
    long = replace(good("short_answer"), stem=good("short_answer").stem + "，依序言的說法，請寫出年份" * 4)
    assert "V75" in found(long, WARNING)
    content = good("cloze", 1)
    text = course().unit_by_id["L2-06"].text.replace(",", "，")
    shown = replace(content, stem=f"依第一章：「{text}＿＿＿＿」", evidence=quoted("L2-06"))
    assert "V44" in found(shown, WARNING)


def test_options_whose_parts_meet_in_the_key_are_warned_of() -> None:
    between = choice(
        "x",
        "依結語，「各國在網絡空間既有＿＿＿＿……」，空格處是下列何者？",
        "共同期待/共同關切/高度關切",
        "共同關切",
        "F208",
        "L6-02",
        "F325 F013",
    )
    assert "V30" in found(between, WARNING)
    assert "V30" not in found(between)


def test_responses_opposite_their_premises_are_warned_of() -> None:
    content = good("matching", 6)
    straight = replace(content, responses=(*(pair[1] for pair in content.key), "參與者"))
    assert "V58" in found(straight, WARNING)


def test_headings_out_of_their_order_are_an_error() -> None:
    content = good("choice", 8)
    assert content.options is not None
    assert "V28" in found(replace(content, options=content.options[::-1]))


def test_key_always_in_the_same_place_is_an_error() -> None:
    made = []
    for at in range(40):
        content = replace(good("choice", 1), rule=f"rule{at}", options=("自然延伸", "具體體現", "重要條件", "必然選擇"))
        made.append(replace(content, id=stable_id(content)))
    report = check_bank(made, course(), is_whole=False)
    assert {"V28", "V32"} <= {finding.rule for finding in report.errors if not finding.question}
    assert "V29" in {finding.rule for finding in report.warnings}


def test_a_part_of_a_bank_lacks_coverage_only_when_it_claims_to_be_whole() -> None:
    whole = {finding.rule for finding in check_bank(clean_bank(), course()).findings}
    part = {finding.rule for finding in check_bank(clean_bank(), course(), is_whole=False).findings}
    assert whole - part == {"V72", "V73", "V74"}


def test_an_actor_group_counts_as_paired_for_its_members() -> None:
    findings = check_bank(clean_bank(), course()).findings
    unpaired = {f.data["missing"] for f in findings if f.rule == "V72" and "matching" in f.message}
    assert unpaired == set()


def test_unknown_distractor_record_is_named() -> None:
    content = good("choice", 1)
    odd = replace(content, distractors=(*content.distractors[:-1], Distractor("必然選擇", "")))
    messages = [finding.message for finding in alone(odd).errors if finding.rule == "V26"]
    assert messages == ["「必然選擇」 is recorded as true of no fact, which differs"]


def test_one_choice_in_two_disguises_is_found() -> None:
    first = good("choice", 1)
    stem = "依第二章第一項，「網絡主權是國家主權在網絡空間的＿＿＿＿，……」，空格處是下列何者？"
    again = replace(first, kind="cloze", rule="other", stem=stem, direction="context>object")
    again = replace(again, id=stable_id(again))
    report = check_bank([first, again], course(), is_whole=False)
    assert [finding.question for finding in report.errors if finding.rule == "V71"] == [again.id]


def test_another_wording_of_one_choice_is_warned_of() -> None:
    first = good("choice")
    stem = "依序言，「……得到國際社會廣泛關注和普遍認同，已經成為＿＿＿＿。」，空格處是下列何者？"
    again = replace(first, kind="cloze", rule="other", stem=stem, direction="context>object")
    again = replace(again, id=stable_id(again))
    report = check_bank([first, again], course(), is_whole=False)
    assert [finding.question for finding in report.warnings if finding.rule == "V71"] == [again.id]


def test_an_arguable_distractor_is_warned_of() -> None:
    content = choice(
        "x",
        "依第四章，「參與網絡空間規則制定等公共產品供給」說的是下列何者？",
        "國際組織/各國政府/社會組織",
        "各國政府",
        "F179",
        "L5-03",
        "F183 F198",
        hide_heading=True,
    )
    assert "V12" in found(content, WARNING)
    assert "V12" not in found(content)


def test_equal_stems_with_different_keys_are_warned_of() -> None:
    first = question("short_answer", "a", "依第二章第三項，開放是什麼？", "開展網絡空間合作的前提", "F090", "L3-11")
    second = replace(first, key="構建網絡空間命運共同體的重要條件", facts=("F091",))
    second = replace(second, id=stable_id(second))
    report = check_bank([first, second], course(), is_whole=False)
    assert [finding.question for finding in report.warnings if finding.rule == "V70"] == [second.id]


def test_six_members_without_a_hint_are_too_many() -> None:
    assert "V60" in found(replace(good("enumeration", 1), hints=()))


def test_a_blank_with_little_around_it_is_found_in_choices_too() -> None:
    content = good("choice", 1)
    assert "V41" in found(replace(content, stem="依「尊重網絡主權」一項，「……國家主權……＿＿＿＿」，空格處是下列何者？"))


EXERCISED_ELSEWHERE = {
    "V01", "V03", "V04", "V05", "V11", "V12", "V14", "V16", "V17", "V21", "V25", "V26", "V31", "V33", "V37", "V40",
    "V52", "V53", "V54", "V70", "V71", "V76", "V77", "V78", "V80",  # test_validity_mutations.py
    "V15", "V79",  # test_validity_parts.py
    "V23", "V28", "V29", "V32", "V44", "V58", "V72", "V73", "V74", "V75",  # above: warnings and rules on the whole bank
    "V35",  # test_a_key_that_everything_shows_is_warned_of
    "V82",  # the mutations themselves
}  # fmt: skip


def test_every_rule_has_a_question_that_breaks_it() -> None:
    assert {id for id, _, _ in rule_table()} == EXERCISED_ELSEWHERE | {rule for rule, _ in BAD}


def test_a_key_that_everything_shows_is_warned_of() -> None:
    bank = clean_bank()
    hub = replace(bank[0], rule="hub", key="網絡空間", accepted=(), facts=("F100",), evidence=quoted("L3-15"))
    shown = []
    for at in range(12):
        content = replace(
            good("short_answer"), rule=f"shown{at}", stem="依文件，網絡空間不是什麼？", evidence=quoted("L3-15")
        )
        shown.append(replace(content, id=stable_id(content)))
    report = check_bank([replace(hub, id=stable_id(hub)), *shown], course())
    assert "V35" in {finding.rule for finding in report.warnings}


def test_every_statement_is_there_to_be_translated() -> None:
    sources = "".join(path.read_text() for path in Path(validity.__path__[0]).glob("*.py"))
    assert [text for _, _, text in rule_table() if f'_("{text}")' not in sources] == []
