"""What leaves for another program comes back the same, or the report says what was lost."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import suppress
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.content import BLANK
from quizzes.interchange import FORMATS, Portable
from quizzes.interchange.portable import UnreadableBankError
from quizzes.interchange.table import cell

QUOTE = "開放是開展網絡空間合作的前提,也是構建網絡空間命運共同體的重要條件。"
QUESTIONS = (
    Portable("cloze", f"開放是開展網絡空間合作的{BLANK}", "前提", id="a1", lesson="L3", quote=QUOTE),
    Portable(
        "short_answer", "依文件，什麼是前提？", "開放", id="a2", lesson="L3", accepted=("開放政策", "a*b"), quote=QUOTE
    ),
    Portable(
        "choice", "下列何者？ {=~#:}", "甲 = 1", id="a3", lesson="L3", options=("乙", "甲 = 1", "丙 {x}"), quote=QUOTE
    ),
    Portable("cloze", f"＿的{BLANK}條件", "重要", id="a4", lesson="L3", options=("重要", "一般", "其他"), quote=QUOTE),
    Portable(
        "enumeration", "列出各項", ["政府", "互聯網企業"], id="a5", lesson="L5", accepted=([], ["企業"]), quote=QUOTE
    ),
    Portable("ordering", "排成順序", ["一", "二", "三"], id="a6", lesson="L3", quote=QUOTE),
    Portable(
        "matching",
        "配對 <b>",
        [["政府", "主導"], ["聯合國", "主渠道"], ["互聯網", "橋梁"]],
        id="a7",
        lesson="L5",
        responses=("橋梁", "主導", "引擎", "主渠道"),
        quote=QUOTE,
    ),
)


def without_order(question: Portable) -> dict[str, Any]:
    """What a format that keeps no fact ids, versions and stored orders must still give back."""
    return {name: getattr(question, name) for name in ("id", "kind", "lesson", "stem", "key", "options", "quote")} | {
        "responses": sorted(question.responses),
        "accepted": [form or [] for form in question.accepted],
    }


def test_jingdu_json_loses_nothing() -> None:
    questions = tuple(replace(question, version=3, facts=("F1",)) for question in QUESTIONS)
    parsed = FORMATS["json"].parse(FORMATS["json"].export(questions, "課程").data)
    assert parsed.questions == questions
    assert parsed.refused == ()


def test_moodle_xml_brings_every_kind_back() -> None:
    exported = FORMATS["moodle"].export(QUESTIONS, "課程/一")
    parsed = FORMATS["moodle"].parse(exported.data)
    assert (exported.refused, parsed.refused) == ((), ())
    assert [without_order(question) for question in parsed.questions] == [
        without_order(question) for question in QUESTIONS
    ]


def test_moodle_xml_says_what_moodle_needs() -> None:
    quiz = fromstring(FORMATS["moodle"].export(QUESTIONS, "課程/一").data)
    assert [node.get("type") for node in quiz.findall("question")] == [
        "category", "shortanswer", "shortanswer", "multichoice", "multichoice", "cloze", "ordering", "matching",
    ]  # fmt: skip
    assert quiz.findtext("question/category/text") == "$course$/top/課程//一"
    matching = quiz.findall("question")[-1]
    assert [pair.findtext("text") for pair in matching.findall("subquestion")] == ["政府", "聯合國", "互聯網", ""]
    assert matching.findall("subquestion")[-1].findtext("answer/text") == "引擎"
    assert [answer.get("fraction") for answer in quiz.findall("question")[3].findall("answer")] == ["0", "100", "0"]


def test_gift_brings_back_what_it_can_carry_and_names_the_rest() -> None:
    exported = FORMATS["gift"].export(QUESTIONS, "課程")
    parsed = FORMATS["gift"].parse(exported.data)
    assert {refusal.question for refusal in exported.refused} == {"a5", "a6", "a7"}
    carried = [question for question in QUESTIONS if question.id not in {"a5", "a6"}]
    expected = [
        replace(question, responses=("主導", "主渠道", "橋梁")) if question.kind == "matching" else question
        for question in carried
    ]
    assert [without_order(question) for question in parsed.questions] == [without_order(q) for q in expected]


@pytest.mark.parametrize(
    ("gift", "kind", "key"),
    [
        ("Two plus two? {=four =4}", "short_answer", "four"),
        ("::Q1:: Who? {~Tom =Ann ~Sue}", "choice", "Ann"),
        ("The capital is {=Paris} of France.", "short_answer", "Paris"),
        ("Match. {=a -> 1 =b -> 2 =c -> 3}", "matching", [["a", "1"], ["b", "2"], ["c", "3"]]),
    ],
)
def test_gift_written_by_others_is_read(gift: str, kind: str, key: Any) -> None:
    (question,) = FORMATS["gift"].parse(gift.encode()).questions
    assert (question.kind, question.key) == (kind, key)


@pytest.mark.parametrize(
    "gift", ["No braces", "True? {T}", "Essay {}", "Half {~%50%a ~%50%b}", "Two {=a =b ~c}", "{=a -> 1 =b -> 2}"]
)
def test_gift_that_cannot_be_taken_is_refused_with_a_reason(gift: str) -> None:
    parsed = FORMATS["gift"].parse(gift.encode())
    assert parsed.questions == ()
    assert [refusal.question for refusal in parsed.refused] == ["1"]
    assert str(parsed.refused[0].reason)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<question type="essay"><questiontext><text>x</text></questiontext></question>', "essay"),
        ('<question type="shortanswer"><answer fraction="100"><text>a*</text></answer></question>', "Wildcards"),
        ('<question type="multichoice"><answer fraction="50"><text>a</text></answer></question>', "exactly one"),
        ('<question type="matching"><subquestion><text>a</text></subquestion></question>', "three pairs"),
        ('<question type="ordering"><answer fraction="1"><text>a</text></answer></question>', "three steps"),
    ],
)
def test_moodle_questions_that_cannot_be_taken_are_refused_with_a_reason(body: str, reason: str) -> None:
    parsed = FORMATS["moodle"].parse(f"<quiz>{body}</quiz>".encode())
    assert parsed.questions == ()
    assert reason in str(parsed.refused[0].reason)


@pytest.mark.parametrize(
    "data", [b"", b"text", b"<quiz>", b"<other/>", b'<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>']
)
def test_a_file_that_is_no_moodle_xml_is_refused_whole(data: bytes) -> None:
    with pytest.raises(UnreadableBankError):
        FORMATS["moodle"].parse(data)


@given(st.binary(max_size=200), st.sampled_from(["json", "moodle", "gift"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    with suppress(UnreadableBankError):
        assert all(question.key for question in FORMATS[name].parse(data).questions)


def test_the_qti_package_lists_each_item_and_each_item_its_key() -> None:
    with zipfile.ZipFile(io.BytesIO(FORMATS["qti"].export(QUESTIONS, "課程").data)) as archive:
        manifest = fromstring(archive.read("imsmanifest.xml"))
        hrefs = [node.get("href") for node in manifest.iter() if node.tag.endswith("}resource")]
        assert hrefs == [f"items/{question.id}.xml" for question in QUESTIONS]
        correct = {
            href: [node.text for node in fromstring(archive.read(href)).iter() if node.tag.endswith("}qti-value")]
            for href in hrefs
        }
    assert correct["items/a3.xml"] == ["o1"]
    assert correct["items/a6.xml"] == ["s0", "s2", "s1"]
    assert correct["items/a7.xml"] == ["p0 r1", "p1 r3", "p2 r0"]
    assert FORMATS["qti"].export(QUESTIONS, "課程").data == FORMATS["qti"].export(QUESTIONS, "課程").data


def test_the_anki_file_has_its_headers_and_four_columns() -> None:
    lines = FORMATS["anki"].export(QUESTIONS, "課程").data.decode().splitlines()
    assert lines[:5] == ["#separator:tab", "#html:true", "#guid column:1", "#notetype:Basic", "#deck:課程"]
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert [row[0] for row in rows] == [f"jingdu-{question.id}" for question in QUESTIONS]
    assert {len(row) for row in rows} == {4}
    assert rows[-1][1].startswith("配對 &lt;b&gt;")


def test_the_table_opens_right_in_a_spreadsheet() -> None:
    data = FORMATS["csv"].export([replace(QUESTIONS[0], stem="=1+1")], "課程").data
    assert data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert (row["stem"], row["key"], row["quote"]) == ("'=1+1", "前提", QUOTE)


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "|a", "%a", "\t=1", "\r=1", " =1", "＝1", "＋1", "－1", "＠a"]
)
def test_nothing_in_the_table_can_be_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
