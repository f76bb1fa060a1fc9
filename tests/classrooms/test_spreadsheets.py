"""Files for spreadsheets: no text becomes a formula, numbers stay numbers."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms.spreadsheets import Value, as_file, csv_file, xlsx_book, xlsx_file

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RISKY = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "|calc",
    "%0A=1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\ufeff =1",
    "＝HYPERLINK(1)",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\tplain",
]


def csv_cells(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheet_names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return [
            one.attrib["name"] for one in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")
        ]


def xlsx_cells(data: bytes, *, number: int = 1) -> list[list[Value]]:
    """The cells of one sheet; raises if one is a formula."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
        texts = []
        if "xl/sharedStrings.xml" in book.namelist():
            strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            texts = ["".join(part.text or "" for part in one.iter(f"{SHEET}t")) for one in strings.iter(f"{SHEET}si")]
    assert list(sheet.iter(f"{SHEET}f")) == []
    rows: list[list[Value]] = []
    for line in sheet.iter(f"{SHEET}row"):
        row: list[Value] = []
        for cell in line:
            column = "".join(letter for letter in cell.attrib["r"] if letter.isalpha())
            at = sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(column))) - 1
            row += [None] * (at - len(row))
            raw = cell.findtext(f"{SHEET}v")
            is_text = cell.attrib.get("t") == "s"
            row.append(None if raw is None else texts[int(raw)] if is_text else float(raw))
        rows.append(row)
    return rows


@pytest.mark.parametrize("text", RISKY)
def test_text_that_could_be_a_formula_is_text_in_csv(text: str) -> None:
    assert csv_cells(csv_file([[text, 1]])) == [["'" + text, "1"]]


@pytest.mark.parametrize("text", ["=1+1", "＝1", " =1", "@SUM(A1)", "{=1}", "http://example.org", "12", "-5"])
def test_text_is_text_in_xlsx_as_it_is(text: str) -> None:
    assert xlsx_cells(xlsx_file([["Head"], [text]])) == [["Head"], [text]]


def test_numbers_stay_numbers_and_an_empty_cell_stays_empty() -> None:
    rows: list[list[Value]] = [["n", "x", "y"], [-5, 72.5, None], [80.0, 0, 33.33]]
    assert csv_cells(as_file(rows, "csv"))[1:] == [["-5", "72.5", ""], ["80", "0", "33.33"]]
    assert xlsx_cells(as_file(rows, "xlsx"))[1:] == [[-5.0, 72.5], [80.0, 0.0, 33.33]]


@pytest.mark.parametrize("title", ["", "History", "A/B: [x]*?", "'" * 5, "班" * 60, "\x01"])
def test_any_name_of_a_class_is_taken_for_the_sheet(title: str) -> None:
    assert xlsx_cells(xlsx_file([["Head"]], title=title)) == [["Head"]]


def test_a_book_has_a_sheet_for_each_table_and_no_name_twice() -> None:
    sheets: list[tuple[str, list[list[Value]]]] = [("班級", [["a"]]), ("Work", [["b"]]), ("work", [["c"]]), ("", [])]
    data = xlsx_book(sheets)
    assert sheet_names(data) == ["班級", "Work", "work 2", "Sheet4"]
    assert [xlsx_cells(data, number=at) for at in (1, 2, 3, 4)] == [[["a"]], [["b"]], [["c"]], []]


def test_long_names_that_differ_only_at_the_end_stay_apart() -> None:
    names = sheet_names(xlsx_book([("x" * 40, []), ("X" * 35, []), ("x" * 31, [])]))
    assert len({name.casefold() for name in names}) == 3
    assert max(map(len, names)) == 31


printable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@given(printable)
def test_whatever_a_person_is_called_the_file_says_so_and_nothing_begins_a_formula(name: str) -> None:
    ((found, _number),) = csv_cells(csv_file([[name, 1]]))
    assert found.removeprefix("'") == name.removeprefix("'")
    assert not found.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
