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

from xlsxwriter import Workbook

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
    """One sheet with a bold head that stays in sight, as does the first column; text as text, numbers as numbers."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
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
    return out.getvalue()


def _sheet_name(title: str) -> str:
    """At most 31 characters without those that a sheet's name may not hold, and not the one name that is taken."""
    name = _NO_SHEET_NAME.sub(" ", title).strip()[:31].strip()
    return "" if name.lower() == "history" else name
