"""Which SQLite the site uses: a fixed one, also where the system's has the WAL-reset bug.

Debian 12's SQLite may corrupt a database in WAL mode (see `config.databases`). Without WAL every reader and the writer
wait for each other, which more than halves what one machine serves. The wheel `pysqlite3` brings a fixed SQLite; Django
asks for the module `sqlite3`, so the wheel's takes that name before Django is asked for a database. Without the wheel
the system's stays, with the slower journal.
"""

from __future__ import annotations

import sqlite3
import sys
from importlib import import_module
from importlib.util import find_spec

from config.databases import has_wal_reset_fix


def prefer_fixed() -> tuple[int, ...]:
    """Put the fixed SQLite in the place of a faulty one; returns the version in use."""
    if not has_wal_reset_fix(sqlite3.sqlite_version_info) and find_spec("pysqlite3") is not None:
        fixed = import_module("pysqlite3")
        sys.modules["sqlite3"] = fixed
        sys.modules["sqlite3.dbapi2"] = import_module("pysqlite3.dbapi2")
    version: tuple[int, ...] = sys.modules["sqlite3"].sqlite_version_info
    return version


SQLITE_VERSION = prefer_fixed()
