"""Rows of the authorization matrix for reports. Columns: A G L C X I J K S (see tests/authorization.py)."""

from __future__ import annotations

from tests.authorization import Row

LEARNERS: list[Row] = [
    Row("reports:learner", "GET", "loooooooo"),
    Row("reports:class_learner", "GET", "lnnfnoonn", ("classroom", "member")),
]
"""One learner's report."""

ITEMS: list[Row] = [
    Row("reports:items", "GET", "lnnfnoonn", ("classroom",)),
    Row("reports:items", "GET", "lnnnfnnon", ("other_classroom",)),
    Row("reports:item", "GET", "lnnfnoonn", ("classroom", "question")),
    Row("reports:assignment_items", "GET", "lnnfnoonn", ("classroom", "assignment")),
    Row("reports:course_items", "GET", "lnnnnnnno", ("course",)),
    Row("reports:course_items", "GET", "lnonnnnno", ("owned",)),
    Row("reports:course_item", "GET", "lnnnnnnno", ("course", "question")),
    Row("reports:course_item", "GET", "lnnnnnnnn", ("owned", "question")),
]
"""Item statistics."""

MATRIX: list[Row] = [*LEARNERS, *ITEMS]
