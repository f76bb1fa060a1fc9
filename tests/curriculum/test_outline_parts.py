"""The parts of the outline, each by a table: sentences, numbers, language, doubts."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.outline import OutlineError, listing, read_outline, split_sentences
from curriculum.outline.language import detect
from curriculum.outline.numbering import Numbers
from curriculum.outline.numerals import as_roman, roman, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It ends. It begins.", ["It ends.", "It begins."]),
        ("See Art. 9 and No. 5, p. 3, para. 2.", ["See Art. 9 and No. 5, p. 3, para. 2."]),
        ("Mr. A. B. Smith met Dr. Jones. They left.", ["Mr. A. B. Smith met Dr. Jones.", "They left."]),
        ("The U.N. Charter binds the U.S. The rest follows.", ["The U.N. Charter binds the U.S.", "The rest follows."]),
        ("Fruit, e.g. Apples, i.e. Food, counts.", ["Fruit, e.g. Apples, i.e. Food, counts."]),
        ("It costs 2.5 crowns. Pay.", ["It costs 2.5 crowns.", "Pay."]),
        ("Rule 1.1 applies. Rule 1.2 does not.", ["Rule 1.1 applies.", "Rule 1.2 does not."]),
        ('He said "No." Then he left.', ['He said "No."', "Then he left."]),
        ("(It is so.) It was so.", ["(It is so.)", "It was so."]),
        ("Really? Yes! Good.", ["Really?", "Yes!", "Good."]),
        ("Apples, pears, etc. The rest is cider.", ["Apples, pears, etc.", "The rest is cider."]),
        ("No. The answer is no.", ["No.", "The answer is no."]),
        ("It is listed in Annex A. The list is long.", ["It is listed in Annex A.", "The list is long."]),
        ("one; two; three.", ["one; two; three."]),
        ("應遵守；不得違反。違者罰。", ["應遵守；不得違反。", "違者罰。"]),
        ("包括網絡、數據等。另有規定者，從其規定。", ["包括網絡、數據等。", "另有規定者，從其規定。"]),
        ("（但書不適用。）其餘準用。", ["（但書不適用。）", "其餘準用。"]),
        ("他說：「好！」眾人笑了。", ["他說：「好！」", "眾人笑了。"]),
        ("依U.N. Charter第2.1條辦理. 完畢.", ["依U.N. Charter第2.1條辦理.", "完畢."]),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(text: str, expected: list[str]) -> None:
    assert [span.text for span in split_sentences(text, 0, len(text))] == expected


@given(st.text(alphabet='甲乙。.!?」") aAeg,;\n', max_size=60))
def test_sentences_lose_nothing_but_spaces_between_them(text: str) -> None:
    spans = list(split_sentences(text, 0, len(text)))
    assert [text[span.start : span.end] for span in spans] == [span.text for span in spans]
    assert "".join("".join(span.text for span in spans).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        *(
            ("十二", 12),
            ("一百零三", 103),
            ("廿一", 21),
            ("二〇二一", 2021),
            ("兩", 2),
            ("１２", 12),
            ("XIV", 14),
            ("iv", 4),
        ),
        *(("Two", 2), ("First", 1), ("b", 2), ("bb", 28), ("③", 3), ("丙", 3), ("IIX", 0), ("百千x", 0), ("", 0)),
    ],
)
def test_a_numeral_counts_the_same_in_whatever_it_is_written(numeral: str, number: int) -> None:
    assert value(numeral) == number


@given(st.integers(1, 3000))
def test_roman_numerals_come_back(number: int) -> None:
    assert roman(as_roman(number)) == number


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["第十二條之一 甲", "第 15-1 條", "第三條規定者"], ["條 第十二條之一", "條 第15-1條", ""]),
        (["Article 1", "Article 2 applies to all.", "Art. 2. It is."], ["Article Article 1", "", "Article Art. 2"]),
        (["(h) eight", "(i) nine", "(j) ten"], ["(a) (h)", "(a) (i)", "(a) (j)"]),
        (["(a) one", "(i) first", "(ii) second", "(b) two"], ["(a) (a)", "(i) (i)", "(i) (ii)", "(a) (b)"]),
        (
            ["1. one", "1.1 one", "1.2 two", "2.5 million people", "2019.10"],
            ["1. 1", "1.1 1.1", "1.1 1.2", "1.1 2.5", ""],
        ),
        (["B. Hale went.", "A. Terms", "B. Insurance"], ["", "A. A", "A. B"]),
        (["2015年，某事", "一、二、三都是數字。", "甲、乙都去", "乙、次項"], ["", "", "甲、 甲", "甲、 乙"]),
        (["PART I", "Part Two", "Chapter 3", "§ 4. Four", "Section 5 shall apply."], None),
    ],
)
def test_a_number_is_read_only_where_it_heads_the_line(lines: list[str], expected: list[str] | None) -> None:
    numbers = Numbers()
    found = [numbers.read(line) for line in lines]
    read = [f"{one.scheme} {one.text}" if one else "" for one in found]
    assert read == (expected or ["Part PART I", "Part Part Two", "Chapter Chapter 3", "Section § 4", ""])


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("網絡主權是國家主權的延伸。", "zh-Hant"),
        ("网络主权是国家主权的延伸。", "zh-Hans"),
        ("皇后在台北里面看到了干面。", "zh-Hant"),
        ("All people are equal.", "en"),
        ("The term 網絡 means network in this long English sentence.", "en"),
        ("本法所稱 API 指 application programming interface，由主管機關公告之各類介面。", "zh-Hant"),
    ],
)
def test_the_script_is_told_by_the_characters_that_only_one_of_them_has(text: str, tag: str) -> None:
    assert detect(text).tag == tag


def test_a_text_without_telling_characters_says_that_it_is_a_guess() -> None:
    assert not detect("人人平等。").is_certain
    assert "script unclear" in [doubt.what for doubt in read_outline("人人平等。").doubts]


def doubts_of(text: str, **options: object) -> list[str]:
    return [doubt.what for doubt in read_outline(text, **options).doubts]  # type: ignore[arg-type]


def test_a_very_long_sentence_is_pointed_out() -> None:
    assert doubts_of(f"標題\n\n一、總則\n\n{'本會應網' * 100}。\n\n二、附則\n\n施行。\n") == ["long sentence"]


def test_numbering_that_restarts_or_leaves_out_is_pointed_out() -> None:
    text = "規則\n\n第一條　甲為會員。\n第三條　乙為會員。\n第一條　丙為會員。\n"
    assert doubts_of(text) == ["articles grouped", "number gap", "numbering restarts"]


def test_doubts_of_one_kind_are_counted_after_a_hundred() -> None:
    text = "規則\n\n" + "".join(f"第{2 * number}條　甲為會員。\n" for number in range(1, 203))
    doubts = [doubt for doubt in read_outline(text).doubts if doubt.what == "number gap"]
    assert len(doubts) == 101
    assert doubts[-1].why == "The same 102 times more after this."


def test_marks_come_before_the_forms_of_the_words() -> None:
    text = "憲章\n\n第一章 總則\n\n宗旨\n\n本會推廣閱讀。\n\n會員\n\n會員應繳會費。\n"
    marks = [(text.index("憲章"), "h1"), (text.index("宗旨"), "h3"), (text.index("會員\n"), "h3")]
    marked = read_outline(text, marks=[*marks, (text.index("第一章"), "h2")])
    assert [lesson.heading for lesson in marked.lessons] == ["第一章 總則"]
    assert [passage.label for passage in marked.lessons[0].passages if passage.kind == "body"] == ["宗旨", "會員"]


def test_a_long_law_takes_a_bounded_memory() -> None:
    article = "第{}條　為保障人民權益，應遵守下列規定：\n（一）不得濫權；\n（二）不得徇私。\n"
    text = "大法典\n\n" + "".join(
        f"第{chapter}章　標題{chapter}\n" + "".join(article.format(20 * chapter - 19 + i) for i in range(20))
        for chapter in range(1, 600)
    )
    assert len(text) > 500_000
    tracemalloc.start()
    outline = read_outline(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(outline.lessons), outline.doubts) == (599, ())
    assert peak < 100_000_000


def test_a_text_of_too_many_lines_is_refused() -> None:
    with pytest.raises(OutlineError, match="more than 60,000 lines"):
        read_outline("甲\n" * 60_001)


def test_the_listing_of_the_white_paper_has_its_67_sentences_and_5_excluded_lines(white_paper_text: str) -> None:
    listed = listing(read_outline(white_paper_text))
    assert sum(len(passage["sentences"]) for lesson in listed["lessons"] for passage in lesson["passages"]) == 67
    assert len(listed["excluded"]) == 5
    assert [doubt.split(":")[0] for doubt in listed["doubts"]] == ["heading supplied", "conclusion supplied"]


@pytest.fixture
def white_paper_text() -> str:
    return (Path(__file__).resolve().parents[2] / "fixtures" / "cyberspace-2019.txt").read_bytes().decode()
