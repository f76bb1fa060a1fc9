"""The shipped course as a bank: what a learner can count on before any question is shown."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from curriculum.fixture import load_fixture
from curriculum.knowledge import Knowledge
from quizzes.chinese import normal
from quizzes.content import BLANK, Content
from quizzes.generation import UnknownLanguageError, generate, template_words
from quizzes.generation.measures import TextMeasures, text_length
from quizzes.validity import check_bank

FIXTURE = Path(__file__).parents[2] / "fixtures" / "cyberspace-2019.json"
TYPED = {"cloze", "short_answer", "enumeration"}


@pytest.fixture(scope="module")
def course() -> Knowledge:
    return load_fixture(FIXTURE)


@pytest.fixture(scope="module")
def bank(course: Knowledge) -> tuple[Content, ...]:
    return generate(course)


def kinds_by_fact(bank: tuple[Content, ...]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for content in bank:
        for fact in content.facts:
            found[fact].add(content.kind)
    return found


def test_the_checker_finds_no_error(bank: tuple[Content, ...], course: Knowledge) -> None:
    report = check_bank(bank, course, words=template_words(course.language))
    assert [(finding.rule, finding.question, finding.message) for finding in report.errors] == []


def test_there_are_enough_questions_of_every_kind(bank: tuple[Content, ...]) -> None:
    count = Counter(content.kind for content in bank)
    assert 200 <= len(bank) <= 260
    assert count["matching"] >= 12
    assert count["enumeration"] >= 12
    assert count["ordering"] >= 3
    typed = sum(content.kind in TYPED and not content.options for content in bank)
    chosen = sum(bool(content.options) for content in bank)
    assert typed / len(bank) >= 0.4
    assert chosen / len(bank) <= 0.4


def test_no_lesson_is_neglected(bank: tuple[Content, ...], course: Knowledge) -> None:
    lessons = Counter(content.lesson for content in bank)
    assert set(lessons) == {lesson.id for lesson in course.lessons}
    assert min(lessons.values()) >= 6


def test_every_sentence_and_numbered_heading_is_evidence(bank: tuple[Content, ...], course: Knowledge) -> None:
    quoted = {evidence.sentence for content in bank for evidence in content.evidence}
    wanted = {unit.id for unit in course.units if unit.kind in ("sentence", "heading", "chapter")}
    assert wanted - quoted == set()


def test_core_facts_are_asked_in_two_kinds_and_written_from_memory_when_short(
    bank: tuple[Content, ...], course: Knowledge
) -> None:
    kinds = kinds_by_fact(bank)
    core = [fact.id for fact in course.facts if fact.core]
    assert len(core) >= 100
    assert [id for id in core if len(kinds[id]) < 2] == []
    assert sum(bool(kinds[id] & TYPED) for id in core) / len(core) > 0.85


def test_every_actor_principle_and_path_stands_in_a_set(bank: tuple[Content, ...], course: Knowledge) -> None:
    sets = [content for content in bank if content.kind == "matching"]
    shown = {normal(text) for content in sets for text in (*content.premises, *content.responses)}
    for entity in course.entities:
        if entity.type in ("actor", "principle", "path"):
            assert shown & {normal(name) for name in (entity.name, *entity.aliases)}, entity.name


def test_identities_follow_from_what_is_asked(bank: tuple[Content, ...]) -> None:
    assert len({content.id for content in bank}) == len(bank)
    for content in bank:
        name = f"{content.kind}:{content.direction}:{','.join(sorted(content.facts))}:{content.rule}"
        assert content.id == hashlib.sha1(name.encode()).hexdigest()[:12]


def test_evidence_is_the_whole_sentence(bank: tuple[Content, ...], course: Knowledge) -> None:
    for content in bank:
        for evidence in content.evidence:
            unit = course.unit_by_id[evidence.sentence]
            assert (evidence.start, evidence.end, evidence.quote) == (unit.start, unit.end, unit.text)
            assert course.text[unit.start : unit.end] == evidence.quote


def test_contents_survive_json(bank: tuple[Content, ...]) -> None:
    for content in bank:
        assert Content.from_dict(json.loads(content.canonical())) == content


def test_blanks_are_typed_only_when_short_and_do_not_show_their_length(bank: tuple[Content, ...]) -> None:
    for content in bank:
        if content.kind == "cloze":
            assert content.stem.count(BLANK) == 1
            assert "＿" not in content.stem.replace(BLANK, "")
            assert isinstance(content.key, str)
            assert text_length(content.key) <= (12 if content.options else 6)


def test_a_heading_that_tells_the_answer_is_hidden(bank: tuple[Content, ...], course: Knowledge) -> None:
    measures = TextMeasures.of(course)
    for content in bank:
        if isinstance(content.key, str):
            passage = course.passage_by_id[course.unit_by_id[course.fact_by_id[content.facts[0]].unit].passage]
            assert content.hide_heading or not measures.shares_cue(content.key, passage.label)


def test_wrong_options_are_true_of_something_else(bank: tuple[Content, ...], course: Knowledge) -> None:
    for content in bank:
        if content.options:
            assert len(content.distractors) == len(content.options) - 1 >= 2
            assert {row.text for row in content.distractors} < {
                *content.options,
                *(d.text for d in content.distractors),
            }
        for row in content.distractors:
            assert row.fact in course.fact_by_id


def test_key_positions_are_even(bank: tuple[Content, ...]) -> None:
    places = Counter(content.options.index(str(content.key)) for content in bank if content.options)
    assert max(places.values()) / places.total() < 0.35


def test_joint_actors_are_not_split(bank: tuple[Content, ...]) -> None:
    asked = [content for content in bank if "F195" in content.facts]
    assert asked
    for content in asked:
        shown = {*(content.options or ()), *content.premises, *content.responses}
        assert not shown & {"技術社群", "社會組織"}


def test_no_list_is_asked_twice(bank: tuple[Content, ...]) -> None:
    lists = [tuple(sorted(content.key)) for content in bank if content.kind == "enumeration"]
    assert len(set(lists)) == len(lists)


def test_open_lists_are_not_called_complete(bank: tuple[Content, ...], course: Knowledge) -> None:
    for content in bank:
        if content.kind == "enumeration":
            assert content.is_closed_list == course.fact_by_id[content.facts[0]].closed


def test_a_language_without_templates_is_refused(course: Knowledge) -> None:
    foreign = Knowledge("x", "x", "x", "x", "tlh", course.text)
    with pytest.raises(UnknownLanguageError):
        generate(foreign)
