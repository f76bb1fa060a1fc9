"""Whole copies of the database, made while it is written to, and put back.

A copy has a new name, is checked, synced and only then renamed: what ends in `.sqlite3` or `.dump` is whole.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.backups import postgresql, sqlite
from config.backups.problem import BackupError

__all__ = ["BackupError", "back_up", "backups_in", "made_at", "restore", "superseded"]

PREFIX, STAMP = "jingdu-", "%Y%m%dT%H%M%SZ"
NEWEST = 24
DAYS = 30
"""How long a copy is kept: so long may what a person deleted still stand in one."""

Database = Mapping[str, Any]


def engine_of(database: Database) -> Any:
    """The module that copies this kind of database: `suffix`, `copy`, `check` and `put_back`."""
    return sqlite if str(database["ENGINE"]).endswith("sqlite3") else postgresql


def back_up(database: Database, folder: Path, *, now: datetime) -> Path:
    """Write a checked copy into `folder` and return its path. Raises BackupError; then no new copy is there."""
    engine = engine_of(database)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = folder / f"{PREFIX}{now.astimezone(UTC).strftime(STAMP)}{engine.suffix}"
    if final.exists():
        raise BackupError(f"{final} was made in this very second already.")
    partial = final.with_name(f".{final.name}.{os.getpid()}")
    try:
        engine.copy(database, partial)
        engine.check(partial)
        partial.chmod(0o600)
        synced(partial)
        partial.rename(final)
        synced(folder)
    finally:
        partial.unlink(missing_ok=True)
    return final


def synced(path: Path) -> None:
    """Wait until the disk has it, a file or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def restore(database: Database, file: Path) -> None:
    """Put the copy in `file` in the place of all that `database` holds, or change nothing and raise BackupError."""
    engine = engine_of(database)
    if not file.is_file():
        raise BackupError(f"{file} is not a file.")
    if file.suffix != engine.suffix:
        raise BackupError(
            f"{file.name} is not a copy of this kind of database (its name would end in {engine.suffix})."
        )
    engine.check(file)
    engine.put_back(database, file)


def made_at(file: Path) -> datetime | None:
    """When a copy was made, as its name says; None for any other file."""
    try:
        return datetime.strptime(file.stem.removeprefix(PREFIX), STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def backups_in(folder: Path) -> list[Path]:
    """The copies in a folder, newest first."""
    if not folder.is_dir():
        return []
    return sorted((file for file in folder.iterdir() if made_at(file)), key=lambda file: file.stem, reverse=True)


def superseded(files: list[Path], *, now: datetime) -> list[Path]:
    """Those to delete: all but the newest NEWEST and the last of each of the last DAYS days. One copy always stays."""
    newest_first = sorted(files, key=lambda file: file.stem, reverse=True)
    last_of_day: dict[Any, Path] = {}
    for file in newest_first:
        last_of_day.setdefault(file.stem[: len(PREFIX) + 8], file)
    kept = {*newest_first[:NEWEST], *last_of_day.values()}
    young = [file for file in newest_first if (made := made_at(file)) and (now - made).days < DAYS]
    return [file for file in newest_first[1:] if file not in kept or file not in young]
