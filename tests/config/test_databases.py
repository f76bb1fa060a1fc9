"""The database is set so that an acknowledged answer stays."""

import pytest
from django.db import connection

from config.checks import database_is_durable, sqlite_differences
from config.databases import has_wal_reset_fix, sqlite_pragmas, tuned


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_wal_is_used_only_where_its_bug_is_fixed(version: tuple[int, ...], fixed: bool) -> None:
    assert has_wal_reset_fix(version) is fixed
    wanted = {"journal_mode": "wal", "synchronous": "2"} if fixed else {"journal_mode": "delete", "synchronous": "3"}
    assert sqlite_pragmas(version) == wanted | {"secure_delete": "1"}


def test_sqlite_takes_the_write_lock_at_the_start() -> None:
    database = tuned({"ENGINE": "django.db.backends.sqlite3"}, (3, 40, 1))
    assert database["ENGINE"] == "config.queued_sqlite3"
    assert database["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=delete; PRAGMA synchronous=3; PRAGMA secure_delete=1",
    }


def test_postgresql_checks_a_kept_connection() -> None:
    database = tuned({"ENGINE": "django.db.backends.postgresql"}, (3, 40, 1))
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (None, True)


@pytest.mark.django_db
def test_a_setting_that_could_lose_an_answer_is_reported() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only: PostgreSQL is durable by default")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=5")
    assert "busy_timeout is 5, not 20000" in sqlite_differences("default")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=20000")
    assert database_is_durable(databases=["default"]) == []
