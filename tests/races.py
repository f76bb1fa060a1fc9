"""The same step from many sides at the same moment, for tests of races."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

MANY = 8

several_writers = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="an SQLite database in memory has one writer at a time"
)
"""Needs a database that serves several writers: PostgreSQL, as in CI."""

RACES = [pytest.mark.django_db(transaction=True), several_writers]
"""`pytestmark` of a module of races: what threads write is committed."""


def at_once(verb: Callable[[int], Any], many: int = MANY) -> list[Any]:
    """What `verb(0)` to `verb(many - 1)` return, called at the same moment by threads with connections of their own."""
    barrier = Barrier(many)

    def run(number: int) -> Any:
        try:
            barrier.wait(timeout=20)
            return verb(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(run, range(many)))
