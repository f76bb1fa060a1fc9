"""Tables as files for a spreadsheet, CSV and XLSX, in which no text becomes a formula. Pure: rows in, bytes out.

Opening a CSV file, a spreadsheet takes text that begins with a sign like = for a formula, whatever the quotes, also
after spaces and in full width (OWASP, CSV Injection). An apostrophe before it makes it text. XLSX knows the type of
each cell: text is written as text there and stays as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from quizzes.interchange.table import cell as as_text

Value = str | float | int | None
"""What may stand in a cell; None is an empty one."""

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Media types by format."""

LONGEST_CELL = 32_767
"""Characters in a cell of XLSX."""
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f']")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDEST_COLUMN = 40


def as_file(rows: Sequence[Sequence[Value]], format: str, *, title: str = "") -> bytes:
    """`rows`, the head first, as "csv" or "xlsx" (`title` names the sheet). Raises KeyError for another format."""
    return {"csv": lambda: csv_file(rows), "xlsx": lambda: xlsx_file(rows, title=title)}[format]()


def csv_file(rows: Iterable[Iterable[Value]]) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need to read anything but ASCII; lines end with CR LF."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_csv_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(value: Value) -> Value:
    """Numbers as they are, a whole one without a fraction; text made safe."""
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def xlsx_file(rows: Sequence[Sequence[Value]], *, title: str = "") -> bytes:
    """A book of one sheet."""
    return xlsx_book([(title, rows)])


def xlsx_book(sheets: Iterable[tuple[str, Sequence[Sequence[Value]]]]) -> bytes:
    """A sheet for each (title, rows), with a bold head that stays in sight, as does the first column; text as text,
    numbers as numbers."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        taken: set[str] = set()
        for title, rows in sheets:
            _fill(book.add_worksheet(_another(_sheet_name(title), taken)), rows, bold)
    return out.getvalue()


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Value]], bold: Any) -> None:
    sheet.freeze_panes(1, 1)
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(y, x, _CONTROL.sub("", value)[:LONGEST_CELL], None if y else bold)
            elif value is not None:
                sheet.write_number(y, x, value)
    for x in range(len(rows[0]) if rows else 0):
        longest = max(len(str(row[x])) for row in rows if x < len(row) and row[x] is not None)
        sheet.set_column(x, x, min(longest + 2, _WIDEST_COLUMN))


def _another(name: str, taken: set[str]) -> str:
    """The name, numbered where a sheet of the book has it already: no two may differ in case alone."""
    found, number = name, 1
    while name and found.casefold() in taken:
        number += 1
        found = f"{name[: 30 - len(str(number))]} {number}"
    taken.add(found.casefold())
    return found


def _sheet_name(title: str) -> str:
    """At most 31 characters without those that a sheet's name may not hold, and not the one name that is taken."""
    name = _NO_SHEET_NAME.sub(" ", title).strip()[:31].strip()
    return "" if name.lower() == "history" else name
