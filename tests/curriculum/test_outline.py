"""The outline read from the plain text is the one that the fixture of the shipped course holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from curriculum.fixture import load_fixture
from curriculum.knowledge import Knowledge
from curriculum.outline import Outline, Overrides, Span, read_outline, role, split_sentences

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture(scope="module")
def text() -> str:
    return (FIXTURES / "cyberspace-2019.txt").read_bytes().decode()


@pytest.fixture(scope="module")
def outline(text: str) -> Outline:
    return read_outline(text)


@pytest.fixture(scope="module")
def course() -> Knowledge:
    return load_fixture(FIXTURES / "cyberspace-2019.json")


def all_spans(outline: Outline) -> list[Span]:
    passages = [*outline.front, *(passage for lesson in outline.lessons for passage in lesson.passages)]
    return [span for passage in passages for span in passage.spans]


def test_the_title_block_and_the_signature_give_title_issuer_and_date(outline: Outline, course: Knowledge) -> None:
    assert (outline.title, outline.issuer, outline.date) == (course.title, course.issuer, course.date)


def test_lessons_have_the_headings_of_the_fixture_and_two_are_supplied(outline: Outline, course: Knowledge) -> None:
    read = [(one.heading, one.title, one.scope, one.heading_supplied) for one in outline.lessons]
    assert read == [(one.heading, one.title, one.scope, one.heading_supplied) for one in course.lessons]
    assert [one.heading for one in outline.lessons if one.heading_supplied] == ["引言", "結語"]


def test_every_sentence_and_heading_stands_where_the_fixture_says(outline: Outline, course: Knowledge) -> None:
    read = [(span.kind, span.start, span.end, span.text) for span in all_spans(outline)]
    assert read == [(unit.kind, unit.start, unit.end, unit.text) for unit in course.units]


def test_there_are_67_sentences_and_9_run_in_headings(outline: Outline) -> None:
    kinds = [span.kind for span in all_spans(outline)]
    assert (kinds.count("sentence"), kinds.count("heading")) == (67, 9)


def test_passages_have_the_kinds_numbers_and_headings_of_the_fixture(outline: Outline, course: Knowledge) -> None:
    passages = [*outline.front, *(passage for lesson in outline.lessons for passage in lesson.passages)]
    written = [(one.kind, one.number, "" if one.label_supplied else one.label) for one in course.passages]
    assert [(one.kind, one.number, one.label) for one in passages] == written


def test_what_does_not_belong_to_the_document_is_excluded_with_its_text(outline: Outline, text: str) -> None:
    assert [span.text[:8] for span in outline.excluded] == [
        "攜手構建網絡空間",
        "維基文庫,自由的",
        "本作品是中華人民",
        "註:中文維基文庫",
        "Public d",
    ]
    assert not any("Public domain" in span.text or "維基" in span.text for span in all_spans(outline))


def test_nothing_but_white_space_is_lost(outline: Outline, text: str) -> None:
    rest = list(text)
    for span in [*all_spans(outline), *outline.excluded]:
        assert text[span.start : span.end] == span.text
        rest[span.start : span.end] = [""] * (span.end - span.start)
    assert "".join(rest).strip() == ""


def test_a_person_may_decide_that_there_is_no_conclusion(text: str) -> None:
    decided = read_outline(text, Overrides(has_conclusion=False))
    assert len(decided.lessons) == 6
    assert decided.lessons[-1].passages[-1].spans[0].text.startswith("構建網絡空間命運共同體關乎")


def test_supplied_headings_can_be_named(text: str) -> None:
    named = read_outline(text, Overrides(introduction="導論", conclusion="總結"))
    assert [one.heading for one in named.lessons if one.heading_supplied] == ["導論", "總結"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("序 言", "preface"),
        ("前言", "preface"),
        ("三、實踐路徑", "chapter"),
        ("第十二章 附則", "chapter"),
        ("結語", "closing"),
        ("——世界互聯網大會組委會", "signature"),
        ("2019年10月", "date"),
        ("二〇一九年十月十八日", "date"),
        ("1.尊重網絡主權。網絡空間不是法外之地。", "item"),
        ("2015年,中國國家主席習近平首次提出。", "body"),
        ("一、二、三都是數字。", "body"),
        ("維基文庫,自由的圖書館", "site"),
        ("Public domainPublic domainfalsefalse", "licence"),
    ],
)
def test_a_line_plays_the_role_that_its_form_tells(line: str, expected: str) -> None:
    assert role(line) == expected


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("甲;乙。丙!", ["甲;乙。", "丙!"]),
        ("應堅持以下原則:", ["應堅持以下原則:"]),
        ("他說「好。」然後走了。", ["他說「好。」", "然後走了。"]),
        ("甲？ 乙。", ["甲？", "乙。"]),
    ],
)
def test_sentences_end_at_full_stops_and_keep_closing_quotes(paragraph: str, expected: list[str]) -> None:
    assert [span.text for span in split_sentences(paragraph, 0, len(paragraph))] == expected


def test_a_small_document_of_numbered_chapters_needs_no_title_block() -> None:
    small = read_outline("一、總則\n\n  為了保障,制定本辦法。\n\n二、附則\n\n  本辦法自公布之日起施行。\n")
    assert [(one.heading, one.scope, len(one.passages)) for one in small.lessons] == [
        ("一、總則", "第一章", 2),
        ("二、附則", "第二章", 2),
    ]
    assert small.title == ""


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no document"):
        read_outline(" \n\n維基文庫,自由的圖書館\n")
