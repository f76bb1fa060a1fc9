"""What the shipped course may never get wrong: places in the text, and the traps of this document."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from curriculum.fixture import knowledge_from_fixture, load_fixture
from curriculum.knowledge import Fact, Knowledge, Member
from curriculum.models import Course, Entity, Lesson, Passage, Sentence
from curriculum.models import Fact as FactRow

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PATH = FIXTURES / "cyberspace-2019.json"
SHA256 = "9ddf0a53c1a1fff281fd1120e60f12d9b5b44a0df0412194f6a2c6d3919f8ad0"
INVENTORY = 229
KINDS = {"cloze", "choice", "short_answer", "enumeration", "ordering", "matching"}
PARTICLES = "的了和與及等是在為對將把應要着之也而以"
SIX_ACTORS = ["政府", "國際組織", "互聯網企業", "技術社群", "社會組織", "公民個人"]


def read_objects() -> list[dict[str, Any]]:
    objects: list[dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))
    return objects


@pytest.fixture(scope="module")
def course() -> Knowledge:
    return load_fixture(PATH)


def han(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff0-9]", "", text)


def spans_of(fact: Fact) -> list[Member]:
    left = [fact.left] if fact.left else []
    return [Member(fact.text, fact.start, fact.end), *left, *fact.members, *fact.anchors]


def by_relation(course: Knowledge, relation: str) -> list[Fact]:
    return [fact for fact in course.facts if fact.relation == relation]


# --- the text and its pieces


def test_the_text_is_the_pinned_edition_byte_for_byte(course: Knowledge) -> None:
    data = (FIXTURES / "cyberspace-2019.txt").read_bytes()
    assert course.text.encode() == data
    assert hashlib.sha256(data).hexdigest() == course.sha256
    assert course.sha256 == SHA256


def test_a_changed_text_is_refused() -> None:
    objects = read_objects()
    objects[0]["fields"]["text"] += "!"
    with pytest.raises(ValueError, match="digest"):
        knowledge_from_fixture(objects)


def test_a_fixture_without_a_course_is_refused() -> None:
    with pytest.raises(ValueError, match="exactly one course"):
        knowledge_from_fixture([])


def test_units_are_slices_in_document_order_without_overlap(course: Knowledge) -> None:
    for unit in course.units:
        assert course.text[unit.start : unit.end] == unit.text
    assert all(one.end <= two.start for one, two in zip(course.units, course.units[1:], strict=False))
    assert Counter(unit.kind for unit in course.units) == {"sentence": 67, "heading": 9, "chapter": 5, "meta": 4}


def test_units_passages_and_lessons_belong_to_each_other(course: Knowledge) -> None:
    assert [lesson.id for lesson in course.lessons] == ["L0", "L1", "L2", "L3", "L4", "L5", "L6"]
    sentences = Counter(unit.lesson for unit in course.units if unit.kind == "sentence")
    assert [sentences[lesson.id] for lesson in course.lessons] == [5, 2, 8, 17, 19, 14, 2]
    for unit in course.units:
        assert course.passage_by_id[unit.passage].lesson == unit.lesson


def test_ids_are_unique(course: Knowledge) -> None:
    for things in (course.lessons, course.passages, course.units, course.entities, course.facts):
        ids = [thing.id for thing in things]
        assert len(ids) == len(set(ids))


# --- facts


def test_every_span_of_a_fact_is_a_slice_of_its_unit(course: Knowledge) -> None:
    for fact in course.facts:
        unit = course.unit_by_id[fact.unit]
        for span in spans_of(fact):
            assert course.text[span.start : span.end] == span.text, fact.id
            assert unit.start <= span.start < span.end <= unit.end, fact.id


def test_members_fill_the_object_in_order(course: Knowledge) -> None:
    for fact in course.facts:
        if fact.members:
            assert (fact.members[0].start, fact.members[-1].end) == (fact.start, fact.end), fact.id
            assert all(a.end <= b.start for a, b in zip(fact.members, fact.members[1:], strict=False)), fact.id


def test_the_left_half_of_a_pair_stands_before_its_object(course: Knowledge) -> None:
    pairs = [fact for fact in course.facts if fact.left]
    assert len(pairs) > 30
    assert all(fact.left and fact.left.end <= fact.start for fact in pairs)


def test_anchors_are_content_words_that_occur_once_in_their_sentence(course: Knowledge) -> None:
    for fact in course.facts:
        for anchor in fact.anchors:
            word = han(anchor.text)
            assert 2 <= len(word) <= 12, fact.id
            assert course.unit_by_id[fact.unit].text.count(anchor.text) == 1, fact.id
            assert word[0] not in PARTICLES, fact.id
            assert word[-1] not in PARTICLES or word == "個人行為", fact.id


def test_every_sentence_and_numbered_heading_carries_a_fact(course: Knowledge) -> None:
    covered = {fact.unit for fact in course.facts}
    assert {unit.id for unit in course.units} - covered == {"L0.sig17"}


def test_every_row_of_the_inventory_is_accounted_for(course: Knowledge) -> None:
    facts = [item["fields"] for item in read_objects() if item["model"] == "curriculum.fact"]
    found = {fields["key"] for fields in facts} | {fields["group"] for fields in facts}
    found |= {anchor["id"] for fields in facts for anchor in fields["anchors"] if "id" in anchor}
    assert {f"F{number:03d}" for number in range(1, INVENTORY + 1)} <= found


def test_subjects_are_named_and_entities_exist(course: Knowledge) -> None:
    for fact in course.facts:
        assert fact.subject, fact.id
        assert "@" not in fact.subject, fact.id
        assert not fact.subject_entity or fact.subject_entity in course.entity_by_id, fact.id
    for entity in course.entities:
        assert {*entity.part_of, *entity.members} <= course.entity_by_id.keys(), entity.id


def test_scopes_name_the_part_in_which_the_fact_stands(course: Knowledge) -> None:
    scopes = {lesson.scope for lesson in course.lessons}
    items = {f"「{one.label}」一項" for one in course.passages if one.lesson == "L3" and one.label}
    items |= {f"第三章第{ordinal}項" for ordinal in "一二三四五"}
    assert {fact.scope for fact in course.facts} <= scopes | items | {"第三章各項標題", "文件各章標題", "文件標題"}


def test_kinds_that_are_forbidden_exist(course: Knowledge) -> None:
    assert all(set(fact.no_kinds) <= KINDS for fact in course.facts)


def test_objects_that_stand_in_two_units_are_marked(course: Knowledge) -> None:
    for fact in course.facts:
        texts = [han(text) for text in [fact.text, *(one.text for one in fact.members)]]
        often = any(sum(text in han(unit.text) for unit in course.units) > 1 for text in texts)
        assert fact.multi_true or not often, fact.id


def test_modals_are_verbatim(course: Knowledge) -> None:
    assert all(fact.modal in course.unit_by_id[fact.unit].text for fact in course.facts)


def test_about_120_facts_are_worth_remembering_and_may_be_asked(course: Knowledge) -> None:
    core = [fact for fact in course.facts if fact.core]
    assert 100 <= len(core) <= 150
    assert all(len(KINDS - set(fact.no_kinds)) >= 2 for fact in core)


# --- sets from which matching questions are made


@pytest.mark.parametrize(
    ("relation", "subjects"),
    [
        ("role_primary", ["政府", "國際組織", "互聯網企業", "技術社群和社會組織", "個人"]),
        ("function", ["互聯網", "數字經濟", "聯合國", "政府", "技術社群和社會組織", "中國"]),
        ("principle_content", ["尊重網絡主權", "維護和平安全", "促進開放合作", "構建良好秩序"]),
        ("actor_task", ["各國政府", "互聯網企業", "技術社群", "社會組織", "公民個人"]),
    ],
)
def test_a_relation_says_one_thing_of_each_subject(course: Knowledge, relation: str, subjects: list[str]) -> None:
    assert [fact.subject for fact in by_relation(course, relation)] == subjects


@pytest.mark.parametrize("relation", ["path_goal", "path_measure"])
def test_each_path_has_one_goal_and_one_measure(course: Knowledge, relation: str) -> None:
    paths = {entity.id for entity in course.entities if entity.type == "path"}
    found = [fact.subject_entity for fact in by_relation(course, relation)]
    assert (len(found), set(found)) == (5, paths)


@pytest.mark.parametrize(
    ("group", "pairs"),
    [
        ("F063", ["發展→共同推進", "安全→共同維護", "治理→共同參與", "成果→共同分享"]),
        ("F046", ["和平→建設者", "發展→貢獻者", "秩序→維護者"]),
        ("F150", ["生產要素→有序流動", "資源→高效配置", "市場→深度融合"]),
        ("F107", ["資源→共享", "責任→共擔", "合作→共治"]),
    ],
)
def test_pairs_are_facts_of_one_group(course: Knowledge, group: str, pairs: list[str]) -> None:
    facts = [fact for fact in course.facts if fact.group == group]
    assert [f"{fact.left.text if fact.left else ''}→{fact.text}" for fact in facts] == pairs


# --- traps of this document


def test_lists_that_end_in_an_etcetera_are_open_and_others_closed(course: Knowledge) -> None:
    for fact in course.facts:
        if len(fact.members) > 2 or fact.family == "ENUM":
            follows = course.text[fact.end] == "等"
            assert fact.closed is not follows, fact.id


def test_only_numbered_things_have_an_order(course: Knowledge) -> None:
    ordered = {fact.group or fact.id for fact in course.facts if fact.ordered}
    assert ordered == {"F016", "chapters", "principles", "paths"}
    six = [fact for fact in course.facts if [one.text for one in fact.members] == SIX_ACTORS]
    assert [(fact.id, fact.ordered, "ordering" in fact.no_kinds) for fact in six] == [
        ("F166", False, True),
        ("F172", False, True),
    ]


def test_what_is_said_of_two_actors_jointly_is_not_said_of_one(course: Knowledge) -> None:
    joint = course.entity_by_id["e.techsoc"]
    assert (joint.distributive, joint.members) == (False, ("e.tech", "e.soc"))
    holders = {fact.subject_entity for fact in course.facts if "不可替代" in fact.text}
    assert holders == {"e.techsoc"}


def test_parts_of_groups_and_other_names_are_known(course: Knowledge) -> None:
    entities = course.entity_by_id
    assert "e.igo" in entities["e.un"].part_of
    assert "e.gov" in entities["e.govs"].part_of
    assert "公民個人" in entities["e.person"].aliases
    assert "企業" in entities["e.corp"].aliases


def test_the_subject_is_the_one_of_the_sentence_not_the_topic_of_the_paragraph(course: Knowledge) -> None:
    assert (course.fact_by_id["F185"].subject, course.fact_by_id["F186"].subject) == ("各國", "各國")
    assert course.passage_by_id[course.unit_by_id["L5-05"].passage].label == "國際組織"


def test_a_soft_duty_keeps_its_modal(course: Knowledge) -> None:
    assert course.fact_by_id["F187"].modal == "宜"


@pytest.mark.parametrize("text", ["遵守法律法規", "促進交流合作"])
def test_duties_of_two_subjects_are_never_asked_alone(course: Knowledge, text: str) -> None:
    shared = [fact for fact in course.facts if fact.text == text]
    assert shared
    assert all(set(fact.no_kinds) == KINDS and fact.multi_true for fact in shared)


@pytest.mark.parametrize("key", ["F024", "F089", "F162", "F182", "F188", "F212"])
def test_twin_phrases_are_never_a_key(course: Knowledge, key: str) -> None:
    assert set(course.fact_by_id[key].no_kinds) == KINDS


def test_the_year_on_the_wiki_page_is_never_a_key(course: Knowledge) -> None:
    years = {fact.text: set(fact.no_kinds) == KINDS for fact in course.facts if fact.pool == "year"}
    assert years == {"2015年": False, "2019年": True, "2030年": False}


def test_the_four_principles_of_the_preface_are_not_listed(course: Knowledge) -> None:
    named = [fact for fact in course.facts if "四項原則" in fact.text]
    assert [fact.id for fact in named] == ["F008", "F009"]
    assert all("enumeration" in fact.no_kinds for fact in named)


def test_excluded_text_is_kept_in_the_note_and_nowhere_else(course: Knowledge) -> None:
    note = read_objects()[0]["fields"]["source_note"]
    assert "Public domainPublic domainfalsefalse" in note
    assert "本作品是中華人民共和國的法律法規" in note
    assert not any("Public domain" in unit.text for unit in course.units)


# --- the database


def sort_by_id(course: Knowledge) -> Knowledge:
    """Databases differ in how they order keys; what the course says does not depend on it."""
    entities = tuple(sorted(course.entities, key=lambda one: one.id))
    return replace(course, entities=entities, facts=tuple(sorted(course.facts, key=lambda one: one.id)))


@pytest.mark.django_db
def test_loading_twice_gives_the_same_rows_and_the_same_knowledge(course: Knowledge) -> None:
    models = (Course, Lesson, Passage, Sentence, Entity, FactRow)
    call_command("loaddata", "cyberspace-2019", verbosity=0)
    first = [model.objects.count() for model in models]
    call_command("loaddata", "cyberspace-2019", verbosity=0)
    assert [model.objects.count() for model in models] == first
    assert first == [1, 7, len(course.passages), 85, len(course.entities), len(course.facts)]
    row = Course.objects.get(slug=course.course)
    assert row.is_pinned
    assert row.is_published
    assert sort_by_id(row.knowledge()) == sort_by_id(course)
