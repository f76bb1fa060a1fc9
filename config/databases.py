"""Database settings that keep an acknowledged answer, on SQLite and on PostgreSQL.

SQLite: IMMEDIATE, since a transaction that reads before it writes otherwise fails at once under load; writers wait in
line (`config.queued_sqlite3`), since SQLite lets them sleep and look again. Durable, since
WAL with synchronous=NORMAL loses acknowledged answers in a power cut. WAL only where the WAL-reset bug (SQLite 3.7.0 to
3.51.2) is fixed; otherwise DELETE with EXTRA. Never mmap_size.
"""

from __future__ import annotations

from typing import Any

SQLITE_WAIT_SECONDS = 20
CACHE_ENTRIES = 50_000


def has_wal_reset_fix(version: tuple[int, ...]) -> bool:
    """Whether this SQLite may use WAL with several connections: 3.51.3, or a branch the fix was brought back to."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def sqlite_pragmas(version: tuple[int, ...]) -> dict[str, str]:
    """The journal mode and the fsync level that lose nothing on this version; and what is deleted is overwritten."""
    journal = {"journal_mode": "wal", "synchronous": "2"}
    if not has_wal_reset_fix(version):
        journal = {"journal_mode": "delete", "synchronous": "3"}
    return journal | {"secure_delete": "1"}


def tuned(database: dict[str, Any], sqlite_version: tuple[int, ...]) -> dict[str, Any]:
    """Add the options for its engine to a database read from DATABASE_URL."""
    database |= {"CONN_MAX_AGE": None, "ATOMIC_REQUESTS": False}
    options = database.setdefault("OPTIONS", {})
    if database["ENGINE"].endswith("sqlite3"):
        pragmas = sqlite_pragmas(sqlite_version)
        database["ENGINE"] = "config.queued_sqlite3"
        options["transaction_mode"] = "IMMEDIATE"
        options["timeout"] = SQLITE_WAIT_SECONDS
        options["init_command"] = "; ".join(f"PRAGMA {name}={value}" for name, value in pragmas.items())
    else:
        database["CONN_HEALTH_CHECKS"] = True
        options["connect_timeout"] = 5
        options["options"] = "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
    return database


def roomy(cache: dict[str, Any]) -> dict[str, Any]:
    """A cache read from CACHE_URL, with room for the counters of rate limits. Django's own limit of 300 entries would
    let whoever guesses push a counter out by trying some hundred other names. Redis has a limit of its own.
    """
    if "redis" not in cache["BACKEND"]:
        cache.setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", CACHE_ENTRIES)
    return cache
