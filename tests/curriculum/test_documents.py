"""Documents of many genres, each with the outline that a reader of it would make, compared whole."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.outline import Outline, OutlineError, listing, read_outline
from curriculum.sources import read_source

DOCUMENTS = Path(__file__).with_name("documents")
FILES = sorted(path for path in DOCUMENTS.iterdir() if path.suffix != ".json")


def outline_of(path: Path) -> Outline:
    source = read_source(path.read_bytes(), path.name)
    return read_outline(source.text, marks=[(mark.start, mark.role) for mark in source.marks])


def expected(path: Path) -> dict[str, Any]:
    return json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_document_has_the_outline_that_a_reader_would_make(path: Path) -> None:
    assert listing(outline_of(path)) == expected(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_span_is_verbatim_and_no_word_is_lost_or_told_twice(path: Path) -> None:
    check_complete(read_source(path.read_bytes(), path.name).text, outline_of(path))


def check_complete(text: str, outline: Outline) -> None:
    passages = [*outline.front, *(passage for lesson in outline.lessons for passage in lesson.passages)]
    spans = [*(span for passage in passages for span in passage.spans), *outline.excluded]
    starts = [span.start for passage in passages for span in passage.spans]
    assert starts == sorted(starts)
    assert all(text[span.start : span.end] == span.text for span in spans)
    rest = list(text)
    for span in spans:
        assert "" not in rest[span.start : span.end]
        rest[span.start : span.end] = [""] * (span.end - span.start)
    assert "".join(rest).strip() == ""


FRAGMENTS = (
    *(
        "第一章 總則",
        "第二章",
        "第一節 會員",
        "第一條",
        "第一條　本會設會員。",
        "第二條規定者，不在此限。",
        "第 3 條",
        "第三編",
    ),
    *(
        "一、目的",
        "一、為便民，訂定本辦法。",
        "（一）甲；",
        "（一）原則。應遵守。繼續。",
        "1.甲乙。丙丁。",
        "1. 甲",
        "2.1 乙",
        "①丙",
    ),
    *(
        "序 言",
        "前言",
        "附則",
        "附件一：表格",
        "附錄",
        "目錄",
        "結語",
        "鑒於甲，",
        "茲決議如下：",
        "——某某會",
        "2019年10月",
    ),
    *(
        "甲乙丙。丁戊！",
        "沒有句號",
        "短",
        "「甲。」乙。",
        "甲,乙.丙丁.",
        "——",
        "- 3 -",
        "12",
        "· · · · 4",
        "总则……… 7",
        "\f",
    ),
    *(
        "PART I",
        "Chapter 2 Boats",
        "Article 1",
        "Article 2. Name. It is so.",
        "Section 1",
        "Section 2. It is.",
        "Rule 4 is old.",
    ),
    *(
        "1. Name",
        "1.1 Purpose. To live.",
        "(a) one;",
        "(i) two;",
        "(aa) x",
        "I. FIRST",
        "A. Terms",
        "B. Hale went.",
        "• item;",
    ),
    *(
        "Preamble",
        "WHEREAS all is well;",
        "Now, therefore,",
        "The General Assembly,",
        "Annex A",
        "Contents",
        "Conclusion",
    ),
    *(
        "DONE at Oldtown, 2 June 2010.",
        "Jane Smith, Chair",
        "It ends. Mr. A. B. Smith, e.g., agreed.",
        "the end",
        "Title Line",
    ),
    *(
        "  ",
        "",
        "\u3000\u3000縮排的段落，很長很長很長很長很長很長很長很長很長很長很長很長很長很長",
        "x" * 130,
        "維基文庫,自由",
        "本作品在公有領域",
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25), st.sampled_from(["\n", "\n\n"]), st.data())
def test_whatever_the_lines_are_nothing_is_lost_and_nothing_breaks(
    lines: list[str], end: str, data: st.DataObject
) -> None:
    text = end.join(lines)
    places = [match.start() for match in re.finditer(r"^\S", text, re.MULTILINE)]
    marked = data.draw(st.lists(st.sampled_from(places), max_size=4, unique=True)) if places else []
    marks = [(place, data.draw(st.sampled_from(["h1", "h2", "h4", "li", "frame"]))) for place in sorted(marked)]
    try:
        outline = read_outline(text, marks=marks)
    except OutlineError:
        return
    check_complete(text, outline)


def test_there_are_documents_of_every_kind() -> None:
    assert len(FILES) >= 55
    assert {path.suffix for path in FILES} == {".txt", ".md", ".html", ".docx"}
    assert {expected(path)["language"] for path in FILES} == {"zh-Hant", "zh-Hans", "en"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("第一章 總則\n\n第二章 會員\n\n第三章 附則\n", "only headings"),
        ("Part I\n\nPart II\n\nPart III\n", "only headings"),
        ("會員名冊\n", "only headings"),
        ("維基文庫,自由的圖書館\n", "nothing but page chrome"),
        ("1.\n2.\n3.\n", "only headings"),
    ],
)
def test_a_text_without_sentences_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(OutlineError, match=words):
        read_outline(text)
