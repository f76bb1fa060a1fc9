"""Rows of the authorization matrix for classes. Columns: A G L C X I J K S (see tests/authorization.py)."""

from __future__ import annotations

from tests.authorization import Row

CLASSES: list[Row] = []
"""Classes, joining, people, roster."""

WORK: list[Row] = []
"""Assignments, sittings, calendar."""

MARKS: list[Row] = []
"""Gradebook."""

TODAY: list[Row] = []
"""The class page, live, present."""

MATRIX = [*CLASSES, *WORK, *MARKS, *TODAY]
