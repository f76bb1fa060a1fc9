"""The tables of a report as one file: CSV, XLSX, or data for other programs. Pure: tables in, bytes or data out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from classrooms.spreadsheets import TYPES, csv_file, xlsx_book
from reports.tables import Table, Value

__all__ = ["TYPES", "as_data", "as_file"]


def as_file(tables: Sequence[Table], format: str) -> bytes:
    """As "csv" or "xlsx". A book has a sheet for each table; CSV knows no sheets, so that several tables stand one
    below the other, each under its title. Raises KeyError for another format."""
    return {"csv": _csv, "xlsx": _xlsx}[format](tables)


def _csv(tables: Sequence[Table]) -> bytes:
    if len(tables) == 1:
        return csv_file(tables[0].as_rows())
    return csv_file(row for table in tables for row in _titled(table))


def _titled(table: Table) -> Iterable[list[Value]]:
    yield [table.title]
    yield from table.as_rows()
    yield []


def _xlsx(tables: Sequence[Table]) -> bytes:
    """A book needs a sheet, also where a report has no table yet."""
    return xlsx_book([(table.title, table.as_rows()) for table in tables] or [("", [])])


def as_data(table: Table) -> dict[str, Any]:
    """For JSON: the values are those of the files."""
    head, *rows = table.as_rows()
    return {"key": table.key, "title": table.title, "note": table.note, "columns": head, "rows": rows}
