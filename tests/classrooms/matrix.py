"""Rows of the authorization matrix for classes. Columns: A G L C X I J K S (see tests/authorization.py)."""

from __future__ import annotations

from tests.authorization import Row

CLASSES: list[Row] = []
"""Classes, joining, people, roster."""

WORK: list[Row] = []
"""Assignments, sittings, calendar."""

MARKS: list[Row] = [
    Row("classrooms:gradebook", "GET", "lnnfnoonn", ("classroom",)),
    Row("classrooms:gradebook_export", "GET", "lnnfnoonn", ("classroom", "csv")),
    Row("classrooms:gradebook_export", "GET", "lnnfnnnnn", ("classroom", "lesson")),
    Row("classrooms:mark", "GET", "lnnfnoonn", ("classroom", "assignment", "member")),
    Row("classrooms:mark", "GET", "lnnfnnnnn", ("classroom", "assignment", "other_member")),
    Row("classrooms:mark", "GET", "lnnfnnnnn", ("classroom", "other_assignment", "member")),
    Row("classrooms:mark", "GET", "lnnfnnnnn", ("classroom", "assignment", "removed_member")),
    Row("classrooms:mark", "GET", "lnnfnnnnn", ("classroom", "assignment", "waiting_member")),
    Row("classrooms:mark", "GET", "lnnfnnnnn", ("classroom", "draft_assignment", "member")),
    Row("classrooms:mark", "POST", "lnnfniinn", ("classroom", "assignment", "member"), (("action", "override"),)),
    Row("classrooms:mark", "POST", "lnnfnnnnn", ("classroom", "assignment", "other_member"), (("action", "excuse"),)),
    Row("classrooms:own_marks", "GET", "lnnonffnn", ("classroom",)),
]
"""Gradebook."""

TODAY: list[Row] = [
    Row("classrooms:classroom", "GET", "lnnonoonn", ("classroom",)),
    Row("classrooms:live", "GET", "lnnonoonn", ("classroom",)),
]
"""The class page, live, present."""

MATRIX = [*CLASSES, *WORK, *MARKS, *TODAY]
