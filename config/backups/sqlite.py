"""SQLite: VACUUM INTO makes a whole copy beside writers; the backup interface puts one back, also under open servers.

Copying the file is no backup: under load it lost acknowledged answers every time while integrity_check said ok.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from config.backups.problem import BackupError
from config.databases import SQLITE_WAIT_SECONDS

suffix = ".sqlite3"


def opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=SQLITE_WAIT_SECONDS, isolation_level=None)


def copy(database: Mapping[str, Any], target: Path) -> None:
    source = Path(str(database["NAME"]))
    if not source.is_file():
        raise BackupError(f"There is no database at {source}.")
    try:
        with closing(opened(source)) as connection:
            connection.execute("VACUUM INTO ?", [str(target)])
    except sqlite3.Error as error:
        raise BackupError(f"SQLite could not copy {source}: {error}.") from error


def check(file: Path) -> None:
    """Read every page of a copy. Raises BackupError for one that is damaged, empty or none."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{file.name} cannot be read: {error}.") from error
    if found != "ok" or loose is not None or not tables:
        raise BackupError(f"{file.name} is damaged: {found if found != 'ok' else 'rows or tables are missing'}.")


def put_back(database: Mapping[str, Any], file: Path) -> None:
    """Write the copy's pages into the database in one transaction: servers that have it open see the whole change."""
    target = Path(str(database["NAME"]))
    try:
        if not target.exists():
            target.touch(mode=0o600)
        with closing(opened(file)) as source, closing(opened(target)) as connection:
            connection.execute("PRAGMA synchronous=EXTRA")
            source.backup(connection)
    except sqlite3.Error as error:
        raise BackupError(f"SQLite could not write {target}: {error}.") from error


def set_aside(database: Mapping[str, Any], stamp: str) -> list[Path]:
    """Rename a damaged database with its journals, which belong to it, so that a copy can take its place."""
    target = Path(str(database["NAME"]))
    moved = []
    for ending in ("", "-journal", "-wal", "-shm"):
        found = target.with_name(target.name + ending)
        if found.exists():
            aside = target.with_name(f"{target.name}.damaged-{stamp}{ending}")
            os.replace(found, aside)  # noqa: PTH105 - Path.replace would read as a change of text
            moved.append(aside)
    return moved
