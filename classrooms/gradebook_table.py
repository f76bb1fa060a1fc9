"""The gradebook as a table: ordered, named in words, and as rows for a file. Page, print, CSV and XLSX show the same.

Pure but for the translations: no query is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from classrooms import marking
from classrooms.marking import State
from classrooms.marks import Cell, Column, Gradebook, Row
from classrooms.spreadsheets import Value
from curriculum.templatetags.document import listed


def ordered(book: Gradebook, order: str) -> tuple[Gradebook, str]:
    """The rows by "name", "number", "group", "total" or the row id of an assignment, downwards with "-" before it; and
    the order that was taken: one that there is not is "name". Learners without a value come last either way."""
    is_down, name = order.startswith("-"), order.removeprefix("-")
    value = _value(book, name)
    if value is None:
        return book, "name"
    known = [row for row in book.rows if value(row) is not None]
    unknown = [row for row in book.rows if value(row) is None]
    rows = sorted(known, key=value, reverse=is_down)
    return replace(book, rows=(*rows, *unknown)), order


def _value(book: Gradebook, name: str) -> Callable[[Row], Any] | None:
    plain: dict[str, Callable[[Row], Any]] = {
        "name": lambda row: row.member.shown_name,
        "number": lambda row: row.member.number or None,
        "group": lambda row: row.member.group.name if row.member.group else None,
        "total": lambda row: row.total.percent,
    }
    if name in plain:
        return plain[name]
    at = next((at for at, column in enumerate(book.columns) if str(column.assignment.pk) == name), None)
    return None if at is None else lambda row: marking.percent(row.cells[at].mark)


def words(cell: Cell) -> tuple[str, ...]:
    """What is to be said of a mark beside its points, in words."""
    mark, said = cell.mark, []
    if mark.state == State.NOT_SET:
        return (_("not set"),)
    if mark.is_excused:
        said.append(_("excused"))
    if mark.is_missing:
        said.append(pgettext("work", "missing"))
    if mark.state == State.WORKING:
        share = "" if mark.share is None else _("%(percent)s %% done") % {"percent": int(100 * mark.share)}
        said.append(share or _("under way"))
    if mark.state == State.WAITING:
        said.append(_("handed in"))
    if mark.is_late and not mark.is_excused:
        said.append(_("late"))
    if mark.is_override:
        said.append(_("set by hand"))
    if cell.decision.comment:
        said.append(_("with a comment"))
    return tuple(said)


def has_groups(book: Gradebook) -> bool:
    return any(row.member.group_id for row in book.rows)


def has_numbers(book: Gradebook) -> bool:
    return any(row.member.number for row in book.rows)


def file_rows(book: Gradebook) -> list[list[Value]]:
    """Everything that the page shows, in the same order, the head first and the means last. Two columns for each
    assignment: the points, and what is said beside them."""
    groups, numbers = has_groups(book), has_numbers(book)
    rows = [_head(book, groups=groups, numbers=numbers)]
    rows += [_line(row, groups=groups, numbers=numbers) for row in book.rows]
    foot: list[Value] = [_("Class mean, percent"), *[""] * (groups + numbers)]
    foot += [None, None, book.mean.percent, book.mean.n]
    foot += [value for column in book.columns for value in (column.mean.percent, f"n = {column.mean.n}")]
    return [*rows, foot]


def _head(book: Gradebook, *, groups: bool, numbers: bool) -> list[Value]:
    titles = [title for column in book.columns for title in _titles(column)]
    number, group = [_("Student number")] * numbers, [_("Group")] * groups
    return [_("Learner"), *number, *group, _("Points"), _("Out of"), _("Percent"), _("Marks that count"), *titles]


def _titles(column: Column) -> tuple[str, str]:
    named = {"title": column.assignment.title, "points": column.assignment.points}
    return _("%(title)s (of %(points)s)") % named, _("Remarks on %(title)s") % named


def _line(row: Row, *, groups: bool, numbers: bool) -> list[Value]:
    group = row.member.group.name if row.member.group else ""
    own: list[Value] = [row.member.shown_name, *[row.member.number] * numbers, *[group] * groups]
    marks: Iterable[Value] = (value for cell in row.cells for value in (cell.mark.points, listed(words(cell))))
    total = row.total
    counted: list[Value] = [total.points, total.out_of, total.percent] if total.n else [None, None, None]
    return [*own, *counted, total.n, *marks]
