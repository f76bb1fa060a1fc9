"""Rows of the authorization matrix for reports. Columns: A G L C X I J K S (see tests/authorization.py)."""

from __future__ import annotations

from tests.authorization import Row

MATRIX: list[Row] = [
    Row("reports:learner", "GET", "loooooooo"),
    Row("reports:class_learner", "GET", "lnnfnoonn", ("classroom", "member")),
]
