"""System checks, run at every start: the database really is set as `config.databases` means it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from config.databases import SQLITE_WAIT_SECONDS, sqlite_pragmas


def sqlite_differences(alias: str) -> list[str]:
    """Pragmas of the open connection that differ from those meant, as `name is x, not y`."""
    wanted = sqlite_pragmas(sqlite3.sqlite_version_info)
    wanted |= {"foreign_keys": "1", "busy_timeout": str(SQLITE_WAIT_SECONDS * 1000)}
    found = {}
    with connections[alias].cursor() as cursor:
        for name in wanted:
            cursor.execute(f"PRAGMA {name}")
            found[name] = str(cursor.fetchone()[0])
    return [f"{name} is {found[name]}, not {value}" for name, value in wanted.items() if found[name] != value]


@register(Tags.database)
def database_is_durable(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a SQLite connection that could lose an answer or refuse one under load."""
    return [
        Error(f"SQLite setting: {difference}", id="jingdu.E001", hint="Close other connections and start again.")
        for alias in databases or ()
        if isinstance(connection := connections[alias], SQLite) and not connection.is_in_memory_db()
        for difference in sqlite_differences(alias)
    ]
