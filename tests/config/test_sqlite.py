"""The site uses a SQLite without the WAL-reset bug wherever it can have one."""

from __future__ import annotations

import sqlite3
import sys
from importlib.util import find_spec

import pytest
from django.db import connection

from config.databases import has_wal_reset_fix
from config.sqlite import SQLITE_VERSION, prefer_fixed


@pytest.mark.skipif(find_spec("pysqlite3") is None, reason="no wheel of a fixed SQLite for this machine")
def test_the_version_in_use_is_fixed() -> None:
    assert has_wal_reset_fix(SQLITE_VERSION)


def test_django_speaks_to_the_version_that_the_settings_were_made_for() -> None:
    assert sqlite3.sqlite_version_info == SQLITE_VERSION
    if connection.vendor == "sqlite":
        assert connection.Database.sqlite_version_info == SQLITE_VERSION


def test_a_fixed_one_is_left_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sys.modules["sqlite3"]
    monkeypatch.setattr(before, "sqlite_version_info", (3, 99, 0))
    assert prefer_fixed() == (3, 99, 0)
    assert sys.modules["sqlite3"] is before
