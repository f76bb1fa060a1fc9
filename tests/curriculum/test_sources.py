"""Whatever bytes somebody gives: text comes out right, or a clear refusal; never a crash, never a bomb."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.sources import MEGABYTE, UnreadableSourceError, read_source

CHINESE = "第一條　為維護網絡安全，保障公民的合法權益，制定本法。\n第二條　本法適用於境內建設、運營和使用網絡。\n" * 8
SIMPLIFIED = (
    "第一条　为维护网络安全，保障公民的合法权益，制定本法。\n第二条　本法适用于境内建设、运营和使用网络。\n" * 8
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(document: str, *, styles: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """A minimal DOCX with this body XML."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{document}</w:body></w:document>')
        if styles:
            archive.writestr("word/styles.xml", f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>')
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return packed.getvalue()


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"),
        (CHINESE, "utf-8-sig"),
        (CHINESE, "utf-16"),
        (CHINESE, "utf-16-le"),
        (CHINESE, "utf-16-be"),
        (CHINESE, "big5"),
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "utf-16-be"),
        ("Article 1. All are equal.\n" * 5, "ascii"),
        ("Article 1. All are equal.\n" * 5, "utf-16-le"),
    ],
)
def test_a_text_is_read_in_whatever_encoding_it_came(text: str, encoding: str) -> None:
    assert read_source(text.encode(encoding)).text == text


def test_a_wrong_guess_can_be_overruled() -> None:
    assert read_source("測試".encode("big5"), encoding="big5").text == "測試"
    with pytest.raises(UnreadableSourceError, match="not in the encoding utf-8"):
        read_source("測試".encode("big5"), encoding="utf-8")


def test_line_ends_of_every_system_become_one() -> None:
    assert read_source(b"one\r\ntwo\rthree\n").text == "one\ntwo\nthree\n"


def test_html_gives_its_words_and_headings_and_runs_nothing() -> None:
    page = (
        "<!doctype html><html><head><title>x</title><style>p{}</style></head><body><h1>Charter</h1>"
        "<script>alert(1)</script><p>One <b>bold</b>\n word.<p>Two &amp; three.<h2>Part</h2><ul><li>(a) item</li></ul>"
    )
    source = read_source(page.encode())
    assert source.text == "Charter\n\nOne bold word.\n\nTwo & three.\n\nPart\n\n(a) item\n"
    assert [(source.text[mark.start : mark.end], mark.role) for mark in source.marks] == [
        ("Charter", "h1"),
        ("Part", "h2"),
    ]


def test_markdown_gives_plain_words_and_headings() -> None:
    text = "# 憲章\n\n第一章 總則\n---\n\n這是**重點**的\n內容，見[連結](http://example.org)。\n\n1. 甲\n2. 乙\n- 丙\n"
    source = read_source(text.encode(), "a.md")
    assert source.text == "憲章\n\n第一章 總則\n\n這是重點的內容，見連結。\n\n1. 甲\n\n2. 乙\n\n丙\n"
    assert [(source.text[mark.start : mark.end], mark.role) for mark in source.marks] == [
        ("憲章", "h1"),
        ("第一章 總則", "h2"),
    ]


def test_docx_gives_paragraphs_and_heading_styles() -> None:
    styles = '<w:style w:styleId="a1"><w:name w:val="標題 2"/></w:style>'
    body = paragraph("章程", "Heading1") + paragraph("第一章", "a1") + paragraph("第一條 本會名稱。") + "<w:p/>"
    deleted = "<w:p><w:r><w:delText>gone</w:delText><w:t>kept</w:t></w:r></w:p>"
    source = read_source(docx(body + deleted, styles=styles))
    assert source.text == "章程\n\n第一章\n\n第一條 本會名稱。\n\nkept\n"
    assert [mark.role for mark in source.marks] == ["h1", "h2"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no text"),
        (b" \n\t\n", "no text"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0 old", r"\.doc"),
        (b"\x89PNG\r\n", "picture"),
        (b"text\0with zeros", "binary"),
        (b"\x80\x81\x00\xff" * 50, "binary"),
        (b"PK\x03\x04 cut off", "damaged"),
        (b"x" * (10 * MEGABYTE + 1), "larger than 10 MB"),
        (b"x" * 1_000_001, "longer than 1,000,000"),
    ],
)
def test_what_is_no_document_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableSourceError, match=words):
        read_source(data)


def test_a_zip_that_is_no_docx_says_so() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(UnreadableSourceError, match="not a DOCX"):
        read_source(packed.getvalue())


def test_a_zip_bomb_costs_neither_time_nor_memory() -> None:
    bomb = docx("", extra={"word/media/zeros.bin": b"\0" * 100_000_000})
    many = docx("", extra={f"p{i}": b"" for i in range(2_100)})
    tracemalloc.start()
    for data in (bomb, many):
        with pytest.raises(UnreadableSourceError, match="too large when unpacked"):
            read_source(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_entities_and_document_types_are_refused(prologue: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", f'{prologue}<w:document xmlns:w="{WORD}"/>')
    with pytest.raises(UnreadableSourceError, match="damaged, encrypted or not allowed"):
        read_source(packed.getvalue())


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_refusal(data: bytes) -> None:
    try:
        text = read_source(data).text
    except UnreadableSourceError:
        return
    assert "\0" not in text
    assert "\r" not in text


def test_a_row_of_short_cells_is_one_line_and_a_layout_of_paragraphs_is_not() -> None:
    page = "<table><tr><th>Zone</th><th>Limit</th></tr><tr><td>A</td><td>45 dB</td></tr></table>"
    assert read_source(page.encode(), "page.html").text == "Zone Limit\n\nA 45 dB\n"
    layout = f"<table><tr><td>{'Every street is quiet. ' * 5}</td><td><p>One.</p><p>Two.</p></td></tr></table>"
    assert read_source(layout.encode(), "page.html").text.split("\n\n")[1:] == ["One.", "Two.\n"]


def test_a_row_of_short_cells_of_a_word_file_is_one_line() -> None:
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("甲區", "45 分貝"))
    table = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    long = f"<w:tbl><w:tr><w:tc>{paragraph('第一條　' + '甲' * 80)}</w:tc><w:tc>{paragraph('乙')}</w:tc></w:tr></w:tbl>"
    found = read_source(docx(table + long), "table.docx").text.split("\n\n")
    assert found == ["甲區 45 分貝", "第一條 " + "甲" * 80, "乙\n"]


def test_menus_and_the_foot_of_a_page_are_told_apart_from_the_document() -> None:
    page = (
        "<nav><a>Home</a> <a>News</a></nav><h1>Rules</h1><article><p>It is so.</p><footer>Signed: B. Hale</footer>"
        "</article><footer>City of Lind, Town Hall</footer>"
    )
    source = read_source(page.encode(), "page.html")
    framed = [source.text[mark.start : mark.end] for mark in source.marks if mark.role == "frame"]
    assert framed == ["Home News", "City of Lind, Town Hall"]


def test_a_menu_that_nobody_closed_does_not_take_the_document_with_it() -> None:
    source = read_source(b"<nav><a>Home</a><h1>Rules</h1><p>It is so.</p>", "page.html")
    assert [mark.role for mark in source.marks] == ["frame", "h1"]
