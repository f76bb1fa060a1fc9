"""The parts of the checker: texts, scopes, truth, solvers, leaks, reports; and that they know no language by heart."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from django.utils.translation import gettext, override

from curriculum.knowledge import Entity, Fact, Knowledge, Lesson, Passage, Unit
from quizzes import validity
from quizzes.content import Content, Distractor, Evidence
from quizzes.validity import (
    bank_digest,
    changed_identities,
    check_bank,
    determinism,
    leak_edges,
    leaks_in_order,
    table_lines,
)
from quizzes.validity.asks import Target, target_of
from quizzes.validity.closure import World, is_same_object, says_the_same
from quizzes.validity.context import quoted_part
from quizzes.validity.findings import RULES
from quizzes.validity.item import Bank, Item
from quizzes.validity.scope import number_value
from quizzes.validity.solvers import Accuracy, overlap_score, wilson
from quizzes.validity.texts import edit_distance, fragments, normal, outside_quotations, quotations
from quizzes.validity.vocabulary import EMPTY, vocabulary
from tests.quizzes.clean_bank import choices, clean_bank, course, question


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("《聯合國憲章》", "聯合國憲章"),
        ("２０１５年", "2015年"),
        ("Ａ、 b。", "ab"),
        ("「四項原則」", "四項原則"),
        ("……", ""),
    ],
)
def test_normal_form(text: str, plain: str) -> None:
    assert normal(text) == plain


def test_quotations_are_the_outermost_ones() -> None:
    text = "依序言，「提出「甲」理念」和「乙」"
    assert quotations(text) == ["提出「甲」理念", "乙"]
    assert outside_quotations(text).split() == ["依序言，", "和"]
    assert quotations("「沒有結束") == ["沒有結束"]


def test_fragments_are_the_verbatim_pieces() -> None:
    assert fragments("……任何國家……不利用＿＿＿＿內政，") == ["任何國家", "不利用", "內政"]


@pytest.mark.parametrize(
    ("stem", "part"),
    [
        ("依第三章：「推動＿＿＿＿向善。」", "推動＿＿＿＿向善。"),
        ("依序言填空：共建「＿＿＿＿」等。", "共建「＿＿＿＿」等。"),
        ("依第一項，採取＿＿＿＿的政策。", "採取＿＿＿＿的政策。"),
        ("依第一項，「為＿＿＿＿助力」，空格處是下列何者？", "為＿＿＿＿助力"),
    ],
)
def test_the_quotation_around_a_blank(stem: str, part: str) -> None:
    assert quoted_part(stem) == part


@pytest.mark.parametrize(
    ("a", "b", "distance"), [("建構", "構建", 1), ("自然延伸", "自然延長", 1), ("發展", "安全", 2)]
)
def test_edit_distance(a: str, b: str, distance: int) -> None:
    assert edit_distance(a, b) == distance


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("三", 3), ("十", 10), ("十二", 12), ("二十一", 21), ("x", 0)])
def test_ordinals(text: str, value: int) -> None:
    assert number_value(text) == value


@pytest.mark.parametrize(
    ("stem", "passages"),
    [
        ("依「維護和平安全」一項，各國應如何？", {"L3.2"}),
        ("依第三章第五項，聯合國如何？", {"L4.5"}),
        ("第三章第三項標題：「推動……」", {"L4.3"}),
        ("依第四章，「第三章」如何？", {"L5.H", "L5.0", "L5.a", "L5.b", "L5.c", "L5.d", "L5.e"}),
    ],
)
def test_the_scope_that_a_stem_names(stem: str, passages: set[str]) -> None:
    item = Item(replace(clean_bank()[0], stem=stem), Bank([], course()))
    units = course().unit_by_id
    assert {units[id].passage for id in item.scope} == passages


def test_a_stem_without_scope_means_the_whole_document() -> None:
    item = Item(replace(clean_bank()[0], stem="「維護和平安全」是什麼？"), Bank([], course()))
    assert len(item.scope) == len(course().units)
    assert not item.names_scope


def test_statements_pass_from_wholes_to_parts_and_not_from_one_to_each() -> None:
    names = World(course()).names

    def passes(stated: str, asked: str) -> bool:
        return names.passes_on(names.denoted(stated), names.denoted(asked))

    assert passes("公民個人", "個人")
    assert passes("聯合國", "國際組織")
    assert passes("各國政府", "政府")
    assert passes("各國", "中國")
    assert not passes("中國", "各國")
    assert not passes("技術社群和社會組織", "技術社群")
    assert not passes("政府", "國際組織")


def test_a_joint_group_decides_nothing_about_its_members() -> None:
    names = World(course()).names
    assert names.in_joint_group(names.denoted("技術社群"), names.denoted("技術社群和社會組織"))
    assert not names.in_joint_group(names.denoted("政府"), names.denoted("技術社群和社會組織"))


def test_texts_that_say_the_same() -> None:
    assert says_the_same("自然延伸", "國家主權在網絡空間的自然延伸")
    assert says_the_same("更加公正合理的方向", "更加公正合理")
    assert not says_the_same("數字經濟建設的關鍵主體", "建設")
    assert not says_the_same("開", "開放")
    assert is_same_object("公共政策和法律法規", "法律法規和公共政策")
    assert not is_same_object("橋梁作用", "引擎作用")


def test_what_a_key_is_of_its_fact() -> None:
    world, facts = World(course()), course().fact_by_id
    assert target_of(facts["F189"], "互聯網企業", world) is Target.SUBJECT
    assert target_of(facts["F189"], "關鍵主體", world) is Target.OBJECT
    assert target_of(facts["F046.1"], "和平", world) is Target.LEFT
    assert target_of(facts["F078.2"], "尊重網絡主權", world) is Target.SECTION
    assert target_of(facts["F189"], "引擎作用", world) is Target.NONE


def test_the_overlap_solver_takes_the_best_assignment_and_shares_ties() -> None:
    assert overlap_score([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], [0, 1]) == 2
    assert overlap_score([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [0, 1]) == pytest.approx(2 / 3)
    assert overlap_score([[0.0, 2.0, 0.0], [2.0, 0.0, 0.0]], [0, 1]) == 0
    assert overlap_score([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]], [1, 0]) == 2


def test_wilson_interval_of_a_known_case() -> None:
    low, high = wilson(6, 60)
    assert (round(low, 3), round(high, 3)) == (0.047, 0.201)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_limit_of_a_solver_shrinks_with_the_number_of_questions() -> None:
    small, large = Accuracy("x", 16, 4, 0.25), Accuracy("x", 400, 100, 0.25)
    assert round(small.limit, 4) == 0.4275
    assert round(large.limit, 4) == 0.2855


def test_leaks_follow_the_key_into_other_stems_and_feedback() -> None:
    cloze = question("cloze", "a", "依第三章：「……提高＿＿＿＿水平。」", "互聯互通", "F128", "L4-04")
    other = question("short_answer", "b", "依第三章，「擴大各方參與」？", "擴大各方參與", "F128", "L4-04")
    third = question("short_answer", "c", "依第四章，什麼？", "關鍵主導作用", "F175", "L5-02")
    edges = leak_edges([cloze, other, third])
    assert edges == {cloze.id: frozenset({other.id}), other.id: frozenset({cloze.id}), third.id: frozenset()}
    assert leaks_in_order([cloze.id, third.id, other.id], edges) == 1
    assert leaks_in_order([cloze.id, third.id, other.id], edges, distance=1) == 0


def test_everyday_words_of_a_document_leak_only_in_their_own_sentence() -> None:
    edges = leak_edges(clean_bank())
    actor = next(content for content in choices() if content.key == "互聯網企業")
    leaking = [content for content in clean_bank() if actor.id in edges[content.id]]
    assert leaking
    assert all({e.sentence for e in content.evidence} & {"L5-07"} for content in leaking)


def test_leaks_of_three_hundred_questions_are_found_quickly() -> None:
    many = [replace(content, id=f"{n}:{content.id}") for n in range(8) for content in clean_bank()]
    start = perf_counter()
    assert len(leak_edges(many)) == len(many) >= 300
    assert perf_counter() - start < 5


def make_bank(knowledge: Knowledge) -> Sequence[Content]:
    return sorted(clean_bank(), key=lambda content: content.id)


def test_a_generator_that_depends_on_order_is_found() -> None:
    def careless(knowledge: Knowledge) -> Sequence[Content]:
        return [replace(clean_bank()[0], seed=knowledge.facts[0].id)]

    assert determinism(make_bank, course()) == []
    assert [finding.rule for finding in determinism(careless, course())] == ["V79"]


def test_a_generator_that_throws_dice_is_found() -> None:
    rolls = iter(range(100))

    def dicing(knowledge: Knowledge) -> Sequence[Content]:
        return [replace(clean_bank()[0], seed=str(next(rolls)))]

    assert {finding.rule for finding in determinism(dicing, course())} == {"V79"}


def test_the_digest_ignores_the_order_of_questions() -> None:
    assert bank_digest(clean_bank()) == bank_digest(clean_bank()[::-1])
    assert bank_digest(clean_bank()) != bank_digest(clean_bank()[1:])


def test_changes_between_two_banks_are_told_by_id() -> None:
    first, second, *rest = clean_bank()
    after = [replace(second, key="2016年"), *rest, replace(first, id="new")]
    assert changed_identities(clean_bank(), after) == {"gone": [first.id], "new": ["new"], "changed": [second.id]}


def test_a_report_can_be_read_and_stored() -> None:
    spoilt = replace(clean_bank()[0], stem="你認為呢？")
    report = check_bank([spoilt, *clean_bank()[1:]], course(), is_whole=False)
    data = json.loads(json.dumps(report.to_dict(), ensure_ascii=False))
    assert data["questions"] == len(clean_bank())
    assert data["is_valid"] is False
    assert data["counts"]["error"]["V77"] == 2
    assert [solver["solver"] for solver in data["solvers"]][:2] == ["longest option", "shortest option"]
    lines = list(report.lines())
    assert lines[0].startswith(f"{len(clean_bank())} questions, ")
    assert any(spoilt.id in line and "opinion" in line for line in lines)
    assert len(table_lines()) == len(RULES)


ENGLISH = """Harbour Charter

1. Boats. Every boat shall carry a lamp after sunset. The harbour master may inspect boats.

2. Fees. A fee of 5 pounds is due within 3 days, and of 9 pounds after 30 days. Fishing boats are free of fees.
"""


def english_course() -> Knowledge:
    """A made-up English charter with two items, to show that no rule needs Chinese."""
    cuts = [
        ("1.H", "1", "heading", "1. Boats."),
        ("1-1", "1", "sentence", "Every boat shall carry a lamp after sunset."),
        ("1-2", "1", "sentence", "The harbour master may inspect boats."),
        ("2.H", "2", "heading", "2. Fees."),
        ("2-1", "2", "sentence", "A fee of 5 pounds is due within 3 days, and of 9 pounds after 30 days."),
        ("2-2", "2", "sentence", "Fishing boats are free of fees."),
    ]
    units = tuple(
        Unit(id, "E1", passage, kind, ENGLISH.index(text), ENGLISH.index(text) + len(text), text)
        for id, passage, kind, text in cuts
    )

    def fact(id: str, unit: str, subject: str, text: str, **more: str) -> Fact:
        start = ENGLISH.index(text, next(u.start for u in units if u.id == unit))
        return Fact(id, "NORM", "rule", subject, unit, start, start + len(text), text, **more)

    return Knowledge(
        course="harbour",
        title="Harbour Charter",
        issuer="",
        date="",
        language="en",
        text=ENGLISH,
        lessons=(Lesson("E1", 1, "Harbour Charter", "Harbour Charter", "the charter"),),
        passages=(Passage("1", "E1", 1, "body", "1", "Boats"), Passage("2", "E1", 2, "body", "2", "Fees")),
        units=units,
        entities=(
            Entity("boat", "thing", "every boat", aliases=("boats",)),
            Entity("fishing", "thing", "fishing boats", part_of=("boat",)),
            Entity("master", "actor", "the harbour master"),
        ),
        facts=(
            fact("E1", "1-1", "every boat", "carry a lamp", subject_entity="boat", pool="duty"),
            fact("E2", "1-2", "the harbour master", "inspect boats", subject_entity="master", pool="duty"),
            fact("E3", "2-1", "a fee", "3 days"),
            fact("E4", "2-2", "fishing boats", "free of fees", subject_entity="fishing", pool="duty"),
        ),
    )


def english_question(stem: str, key: str, fact: str, **more: object) -> Content:
    knowledge = english_course()
    unit = knowledge.unit_by_id[knowledge.fact_by_id[fact].unit]
    evidence = (Evidence(unit.id, unit.start, unit.end, unit.text),)
    kind = "choice" if more.get("options") else "short_answer"
    return Content("x", kind, "E1", "r", "object", "1", stem, key, (fact,), evidence, **more)  # type: ignore[arg-type]


def english_findings(content: Content) -> set[str]:
    report = check_bank([content], english_course(), is_whole=False)
    return {finding.rule for finding in report.errors} - {"V80"}


def test_rules_work_for_an_english_course() -> None:
    clean = english_question("According to the charter, what shall every boat do after sunset?", "carry a lamp", "E1")
    assert english_findings(clean) == set()
    assert "V76" in english_findings(replace(clean, stem="According to the charter, which is not due?"))
    assert "V77" in english_findings(replace(clean, stem="What is the best rule, in your opinion?"))


def test_options_are_judged_in_english_too() -> None:
    options = ("carry a lamp", "inspect boats", "free of fees")
    records = (Distractor("inspect boats", "E2"), Distractor("free of fees", "E4"))
    stem = "According to the charter, what shall fishing boats do after sunset?"
    found = english_findings(english_question(stem, "carry a lamp", "E1", options=options, distractors=records))
    assert "V11" not in found
    spoilt = (*options[:2], "none of the above")
    assert "V25" in english_findings(english_question(stem, "carry a lamp", "E1", options=spoilt, distractors=records))


def test_a_number_beside_another_of_its_unit_is_found() -> None:
    stem = "According to the charter, within what time is a fee of 5 pounds due?"
    assert "V15" in english_findings(english_question(stem, "3 days", "E3"))


def test_a_language_without_word_lists_switches_word_checks_off() -> None:
    assert vocabulary("xx") is EMPTY
    assert vocabulary("zh-Hans").attribution != vocabulary("zh-Hant").attribution
    nameless = replace(english_course(), language="xx")
    content = english_question("Which is not the best?", "carry a lamp", "E1")
    rules = {finding.rule for finding in check_bank([content], nameless, is_whole=False).errors}
    assert not rules & {"V76", "V77"}


def test_what_the_rules_find_can_be_said_in_every_language() -> None:
    """A sentence with places for what differs, looked up in the catalogue; nothing put together from English."""
    plain = []
    for path in sorted(Path(validity.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                message = node.args[0] if node.args else node.keywords[0].value
                if isinstance(message, ast.JoinedStr | ast.Constant):
                    plain.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "gettext":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}"
    assert plain == []


def test_a_finding_is_said_in_the_language_of_the_reader() -> None:
    first, *rest = clean_bank()
    with override("zh-hant"):
        said = [finding.message for finding in check_bank([first, first, *rest], course()).findings]
        assert gettext("two questions have this id") in said
