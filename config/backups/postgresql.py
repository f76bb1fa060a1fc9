"""PostgreSQL: pg_dump makes a whole copy beside writers; pg_restore and psql put one back in one transaction."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.backups.problem import BackupError

suffix = ".dump"

EMPTY = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE 'DROP TABLE IF EXISTS ' || name || ' CASCADE';
  END LOOP;
END $$;
"""


def copy(database: Mapping[str, Any], target: Path) -> None:
    run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(target), database=database)


def check(file: Path) -> None:
    """Read the whole archive as pg_restore would. Raises BackupError for one that is damaged, empty or none."""
    contents = run("pg_restore", "--list", str(file))
    run("pg_restore", "--file", os.devnull, str(file))
    if "TABLE DATA" not in contents:
        raise BackupError(f"{file.name} holds no rows.")


def put_back(database: Mapping[str, Any], file: Path) -> None:
    """Drop the tables, also those that came after the copy, and load it: all of it or, after an error, nothing."""
    script = file.with_name(f".{file.name}.{os.getpid()}.sql")
    try:
        script.touch(mode=0o600)
        run("pg_restore", "--no-owner", "--no-privileges", "--file", str(script), str(file))
        quiet = ("--no-psqlrc", "--quiet", "--output", os.devnull, "--set", "ON_ERROR_STOP=1", "--single-transaction")
        run("psql", *quiet, "--command", EMPTY, "--file", str(script), database=database)
    finally:
        script.unlink(missing_ok=True)


def run(program: str, *arguments: str, database: Mapping[str, Any] | None = None) -> str:
    """Run one of PostgreSQL's programs, the password in its environment; returns what it printed."""
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"{program} was not found: install PostgreSQL's client programs, as new as the server.")
    environment = dict(os.environ) | (access(database) if database else {})
    done = subprocess.run([path, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip() or f'exit status {done.returncode}'}")
    return done.stdout


def access(database: Mapping[str, Any]) -> dict[str, str]:
    """Where the database is and how to get in, as libpq's environment variables: no password on a command line."""
    options = database.get("OPTIONS", {})
    found = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database.get("NAME"),
        "PGSSLMODE": options.get("sslmode"),
        "PGSSLROOTCERT": options.get("sslrootcert"),
    }
    return {name: str(value) for name, value in found.items() if value}
