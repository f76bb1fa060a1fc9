"""What somebody sees in the tables of a page, and what a file should hold for it; with the code of neither."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from html.parser import HTMLParser


class Tables(HTMLParser):
    """Every table of a page as rows of texts, the head first, by the id of its caption."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.rows = []
        elif tag == "caption":
            self.found[str(dict(attrs).get("id"))] = self.rows
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = []

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(" ".join("".join(self.cell).split()))
            self.cell = None


NUMBER = re.compile(r"(?:✓ )?([+-]?\d+(?:\.\d+)?)(?:%(?: \w[\w ]*)?)?")


def in_a_file(text: str) -> str:
    """What a file holds for a cell of a page: the number alone, a day as ISO 8601, else the same text."""
    if number := NUMBER.fullmatch(text):
        return f"{float(number[1]):g}"
    try:
        return datetime.strptime(text, "%d %b %Y").date().isoformat()
    except ValueError:
        return text


def csv_rows(data: bytes) -> list[list[str]]:
    """The lines of a CSV file with its byte order mark."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def csv_tables(data: bytes) -> dict[str, list[list[str]]]:
    """The tables of a CSV file that holds several, by title."""
    found: dict[str, list[list[str]]] = {}
    title = ""
    for row in csv_rows(data):
        if not row:
            title = ""
        elif not title:
            title = row[0]
            found[title] = []
        else:
            found[title].append(row)
    return found
