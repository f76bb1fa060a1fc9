"""The second shipped course: an English declaration, described by the same fixture and held to the same rules."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from curriculum.fixture import load_fixture
from curriculum.knowledge import Fact, Knowledge, Member
from curriculum.models import Course

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PATH = FIXTURES / "udhr.json"
SHA256 = "e998ec424995ee67e7d9aeee6797afc134ba56e010d70725b503237eeb72ba95"
KINDS = {"cloze", "choice", "short_answer", "enumeration", "ordering", "matching"}


@pytest.fixture(scope="module")
def course() -> Knowledge:
    return load_fixture(PATH)


def fields() -> dict[str, Any]:
    objects = json.loads(PATH.read_text(encoding="utf-8"))
    found: dict[str, Any] = next(item["fields"] for item in objects if item["model"] == "curriculum.course")
    return found


def spans_of(fact: Fact) -> list[Member]:
    left = [fact.left] if fact.left else []
    return [Member(fact.text, fact.start, fact.end), *left, *fact.members, *fact.anchors]


def by_relation(course: Knowledge, relation: str) -> list[Fact]:
    return [fact for fact in course.facts if fact.relation == relation]


# --- the text and its pieces


def test_the_text_is_the_pinned_edition_byte_for_byte(course: Knowledge) -> None:
    data = (FIXTURES / "udhr.txt").read_bytes()
    assert course.text.encode() == data
    assert hashlib.sha256(data).hexdigest() == course.sha256 == SHA256


def test_the_hyphens_of_the_source_are_kept(course: Knowledge) -> None:
    assert {char for char in course.text if ord(char) > 127} == {"\u2010"}


def test_the_note_gives_the_credit_that_the_licence_asks_for() -> None:
    note = fields()["source_note"]
    for credit in ("United Nations", "A/RES/217(III)", "udhr 6.0.0", "Titus Wormer", "MIT"):
        assert credit in note


def test_nothing_that_only_the_note_says_is_in_the_text(course: Knowledge) -> None:
    assert (course.title, course.issuer) == ("Universal Declaration of Human Rights", "The General Assembly")
    assert course.date == ""
    assert not re.search(r"1948|217", course.text)


def test_units_are_slices_in_document_order_without_overlap(course: Knowledge) -> None:
    for unit in course.units:
        assert course.text[unit.start : unit.end] == unit.text
    assert all(one.end <= two.start for one, two in zip(course.units, course.units[1:], strict=False))
    assert Counter(unit.kind for unit in course.units) == {"sentence": 69, "heading": 30, "meta": 3}


def test_nothing_of_the_text_is_left_out_but_the_numbers_of_paragraphs(course: Knowledge) -> None:
    at, rest = 0, ""
    for unit in course.units:
        rest += course.text[at : unit.start]
        at = unit.end
    assert set((rest + course.text[at:]).split()) == {"1.", "2.", "3.", "4."}


def test_the_thirty_articles_are_passages_under_headings_supplied_by_us(course: Knowledge) -> None:
    articles = [passage for passage in course.passages if passage.number]
    assert [passage.number for passage in articles] == [str(number) for number in range(1, 31)]
    assert [passage.label for passage in articles] == [f"Article {number}" for number in range(1, 31)]
    assert not any(passage.label_supplied for passage in articles)
    assert [lesson.heading_supplied for lesson in course.lessons] == [False, *[True] * 7]
    assert [lesson.scope for lesson in course.lessons[:2]] == ["the Preamble", "Articles 1–5"]


def test_a_semicolon_ends_no_sentence(course: Knowledge) -> None:
    assert course.unit_by_id["L1-06"].text.count(";") == 1
    assert sum(unit.lesson == "L6" and unit.kind == "sentence" for unit in course.units) == 9


# --- facts


def test_every_span_of_a_fact_is_a_slice_of_its_unit(course: Knowledge) -> None:
    for fact in course.facts:
        unit = course.unit_by_id[fact.unit]
        for span in spans_of(fact):
            assert course.text[span.start : span.end] == span.text, fact.id
            assert unit.start <= span.start < span.end <= unit.end, fact.id


def test_no_span_cuts_a_word_in_two(course: Knowledge) -> None:
    for fact in course.facts:
        for span in spans_of(fact):
            around = course.text[span.start - 1 : span.start], course.text[span.end : span.end + 1]
            assert not any(char.isalpha() for char in around), (fact.id, span.text)


def test_members_stand_in_the_object_in_order(course: Knowledge) -> None:
    for fact in course.facts:
        if fact.members:
            assert (fact.members[0].start, fact.members[-1].end) == (fact.start, fact.end), fact.id
            assert all(a.end <= b.start for a, b in zip(fact.members, fact.members[1:], strict=False)), fact.id


def test_every_sentence_carries_a_fact(course: Knowledge) -> None:
    covered = {fact.unit for fact in course.facts}
    assert {unit.id for unit in course.units if unit.kind == "sentence"} <= covered


def test_every_fact_may_be_asked_and_is_scoped_to_its_part(course: Knowledge) -> None:
    for fact in course.facts:
        passage = course.passage_by_id[course.unit_by_id[fact.unit].passage]
        assert fact.scope == (passage.label or "the Preamble"), fact.id
        assert set(fact.no_kinds) < KINDS, fact.id
        assert fact.subject, fact.id
        assert not fact.subject_entity or fact.subject_entity in course.entity_by_id, fact.id


def test_there_are_facts_enough_of_which_the_most_important_are_core(course: Knowledge) -> None:
    assert len(course.facts) >= 150
    assert len([fact for fact in course.facts if fact.core]) >= 50


# --- traps of this document


@pytest.mark.parametrize(
    ("subject", "access"),
    [
        ("elementary education", "compulsory"),
        ("technical and professional education", "generally available"),
        ("higher education", "equally accessible to all"),
    ],
)
def test_each_kind_of_education_has_its_own_rule(course: Knowledge, subject: str, access: str) -> None:
    assert [fact.text for fact in by_relation(course, "shall_be") if fact.subject == subject] == [access]


@pytest.mark.parametrize("unit", ["L1-03", "L5-07"])
def test_lists_that_only_give_examples_are_open(course: Knowledge, unit: str) -> None:
    assert [fact.closed for fact in course.facts if fact.unit == unit and fact.family == "ENUM"] == [False, False]


def test_the_grounds_of_article_16_are_a_closed_list(course: Knowledge) -> None:
    grounds = next(fact for fact in course.facts if fact.unit == "L3-09" and fact.family == "ENUM")
    assert (grounds.closed, [member.text for member in grounds.members]) == (True, ["race", "nationality", "religion"])


@pytest.mark.parametrize("text", ["just and favourable", "purposes and principles"])
def test_what_two_places_say_is_marked(course: Knowledge, text: str) -> None:
    facts = [fact for fact in course.facts if text in (fact.text, *(span.text for span in fact.anchors))]
    assert len(facts) == 2
    assert all(fact.multi_true for fact in facts)


@pytest.mark.parametrize("british", ["colour", "honour", "defence", "favourable", "realization", "organization"])
def test_answers_may_be_spelled_on_either_side_of_the_ocean(course: Knowledge, british: str) -> None:
    spans = [span for fact in course.facts for span in (*fact.members, *fact.anchors) if british in span.text]
    spans += [Member(f.text, f.start, f.end, f.variants) for f in course.facts if british in f.text and not f.members]
    typed = [span for span in spans if len(span.text.split()) <= 4 and " " not in british]
    assert typed
    other = {"realization": "realisation", "organization": "organisation", "defence": "defense"}
    american = other.get(british, british.replace("our", "or"))
    assert all(any(american in form for form in span.variants) for span in typed)


@pytest.mark.parametrize("relation", ["civil", "personal", "social"])
def test_only_the_articles_have_an_order(course: Knowledge, relation: str) -> None:
    assert len(by_relation(course, relation)) == 6
    assert {fact.relation for fact in course.facts if fact.ordered} == {"civil", "personal", "social"}


# --- the database


@pytest.mark.django_db
def test_loading_it_gives_the_same_knowledge(course: Knowledge) -> None:
    call_command("loaddata", "udhr", verbosity=0)
    row = Course.objects.get(slug="udhr")
    assert row.is_pinned
    assert row.knowledge() == course
