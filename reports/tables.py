"""Tables as values: a report's figures once, for the page, for print and for files. Pure but for the translations.

A cell holds what is shown (`text`) and the same as a number where it is one (`value`, rounded as shown), so that an
export cannot differ from the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Value = str | float | int | None
"""What may stand in a cell of a file; None is an empty one."""

FEWEST = 5
"""Below so many answers no share is shown: neither reliable nor private (QUESTIONS.md 6.5)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`lang`: of a text that is not the page's; `shade`: 0 (not begun) to 5 for a cell of a heat map; `url`: a link."""

    text: str
    value: Value = None
    lang: str = ""
    shade: int | None = None
    url: str = ""
    is_number: bool = False
    is_date: bool = False

    @property
    def exported(self) -> Value:
        """What stands in a file: the number, else the text."""
        return self.value if self.value is not None else self.text or None


@dataclass(frozen=True, slots=True)
class Table:
    """`key` names it in addresses and ids; the first cell of each row is its head."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    is_heat: bool = False

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Column titles, and whether numbers stand below."""
        first: Sequence[Cell] = self.rows[0] if self.rows else ()
        return [(title, at < len(first) and first[at].is_number) for at, title in enumerate(self.columns)]

    def as_rows(self) -> list[list[Value]]:
        """For `classrooms.spreadsheets.as_file`: the head first."""
        return [list(self.columns), *([cell.exported for cell in row] for row in self.rows)]


def words(text: str | Promise, *, lang: str = "", url: str = "") -> Cell:
    """A cell with a text."""
    return Cell(str(text), lang=lang, url=url)


def count(number: int, *, url: str = "") -> Cell:
    """A whole number."""
    return Cell(str(number), number, url=url, is_number=True)


def decimal(number: float | None, *, digits: int = 1) -> Cell:
    """A number with so many decimals; empty for None."""
    if number is None:
        return Cell("", is_number=True)
    rounded = round(number, digits)
    return Cell(f"{rounded:.{digits}f}", rounded, is_number=True)


def percent(share: float | None, *, shade: int | None = None, url: str = "") -> Cell:
    """A share of 0 to 1 as whole percent; "too few" for None."""
    if share is None:
        return Cell(_("too few"), shade=shade, url=url, is_number=True)
    return Cell(f"{share:.0%}", round(share * 100), shade=shade, url=url, is_number=True)


def interval(bounds: tuple[float, float] | None) -> Cell:
    """A 95 % interval of a share, in percent."""
    if bounds is None:
        return Cell("")
    low, high = bounds
    return Cell(f"{low:.0%} – {high:.0%}", is_number=True)


def day(moment: date | datetime | None) -> Cell:
    """A day in words; datetimes in the reader's zone."""
    if moment is None:
        return Cell("")
    at = localtime(moment).date() if isinstance(moment, datetime) else moment
    return Cell(date_format(at, pgettext("form of a date", "j M Y")), at.isoformat(), is_date=True)
