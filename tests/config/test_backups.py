"""A copy made while people answer is whole, and comes back as it was. On SQLite and on PostgreSQL."""

from __future__ import annotations

import io
import itertools
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.utils import ConnectionHandler
from django.utils import timezone

from accounts.models import User
from config.backups import DAYS, NEWEST, BackupError, back_up, backups_in, made_at, restore, superseded
from tests.factories import make_bank, make_course, make_learner, make_stranger

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def database(transactional_db: None, tmp_path: Path) -> dict[str, Any]:
    """Settings of a database that other connections can open: on SQLite a file of its own instead of the memory."""
    make_bank(make_course())
    make_learner()
    plain = dict(connection.settings_dict)
    if connection.vendor == "sqlite":
        plain["NAME"] = str(tmp_path / "site.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [plain["NAME"]])
        plain["OPTIONS"] = {"timeout": 20, "transaction_mode": "IMMEDIATE"}
    elif not shutil.which("pg_dump"):
        pytest.fail("PostgreSQL's client programs are missing")
    return plain


@pytest.fixture
def site(database: dict[str, Any], settings: LazySettings, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """The same database as the one that commands see, and a folder for its copies."""
    settings.BACKUP_DIR = tmp_path / "backups"
    if connection.vendor != "sqlite":
        yield database
        return
    memory = connections["default"]
    connections["default"] = ConnectionHandler({"default": database})["default"]
    yield database
    connections["default"].close()
    connections["default"] = memory


@contextmanager
def opened(database: dict[str, Any]) -> Iterator[Any]:
    other = ConnectionHandler({"default": database})["default"]
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def sessions(database: dict[str, Any]) -> set[str]:
    with opened(database) as cursor:
        cursor.execute("SELECT session_key FROM django_session")
        return {row[0] for row in cursor.fetchall()}


def everything(database: dict[str, Any]) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with opened(database) as cursor:
        tables = connection.introspection.table_names(cursor)
        found = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(cursor.fetchall(), key=repr)
        return found


def write(database: dict[str, Any], key: str) -> None:
    with opened(database) as cursor:
        values = [key, "", timezone.now()]
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)", values
        )


@contextmanager
def writers(database: dict[str, Any], count: int = 3) -> Iterator[list[str]]:
    """Threads that write rows one by one; the list has those of which the database said that they are kept."""
    kept: list[str] = []
    stop = threading.Event()

    def run(number: int) -> None:
        for turn in itertools.count():
            if stop.is_set():
                return
            key = f"{number}-{turn}"
            write(database, key)
            kept.append(key)

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield kept
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def wait_for(kept: list[str], more: int) -> set[str]:
    goal = len(kept) + more
    while len(kept) < goal:
        threading.Event().wait(0.005)
    return set(kept)


def test_a_copy_made_under_writers_holds_all_that_was_acknowledged_and_comes_back(
    database: dict[str, Any], tmp_path: Path
) -> None:
    with writers(database) as kept:
        before = wait_for(kept, 20)
        copy = back_up(database, tmp_path / "backups", now=NOW)
        wait_for(kept, 20)
    after = sessions(database)
    restore(database, copy)
    restored = sessions(database)
    assert before <= restored < after
    assert User.objects.filter(username="learner").exists()


def test_a_restored_database_is_the_same_to_the_last_row(database: dict[str, Any], tmp_path: Path) -> None:
    there = everything(database)
    assert len(there["quizzes_questionversion"]) == 6
    copy = back_up(database, tmp_path, now=NOW)
    with opened(database) as cursor:
        cursor.execute("CREATE TABLE added_later (x integer)")
        cursor.execute("UPDATE accounts_user SET display_name = 'damaged'")
    write(database, "later")
    restore(database, copy)
    assert everything(database) == there
    restore(database, copy)
    assert everything(database) == there


def test_servers_that_are_connected_see_what_was_restored(database: dict[str, Any], tmp_path: Path) -> None:
    copy = back_up(database, tmp_path, now=NOW)
    with opened(database) as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        cursor.fetchall()
        write(database, "later")
        restore(database, copy)
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone()[0] == 0
    write(database, "after")
    assert sessions(database) == {"after"}


def test_a_copy_is_read_by_its_owner_only_and_nothing_half_made_stays(database: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    copy = back_up(database, folder, now=NOW)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with pytest.raises(BackupError, match="already"):
        back_up(database, folder, now=NOW)
    with pytest.raises(BackupError):
        back_up(database | {"NAME": "there-is-none-of-this-name"}, folder, now=NOW + timedelta(seconds=1))
    assert list(folder.iterdir()) == [copy]
    assert made_at(copy) == NOW


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwritten(file: Path) -> None:
    file.write_bytes(b"not a copy of anything" * 100)


@pytest.mark.parametrize("damage", [cut_short, overwritten])
def test_a_damaged_copy_is_refused_and_the_database_stays(
    database: dict[str, Any], tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    copy = back_up(database, tmp_path, now=NOW)
    damage(copy)
    there = everything(database)
    with pytest.raises(BackupError):
        restore(database, copy)
    assert everything(database) == there


def test_a_copy_of_another_kind_of_database_is_refused(database: dict[str, Any], tmp_path: Path) -> None:
    other = tmp_path / "jingdu-20260302T093000Z.tar"
    other.touch()
    with pytest.raises(BackupError, match="not a copy of this kind"):
        restore(database, other)
    with pytest.raises(BackupError, match="is not a file"):
        restore(database, tmp_path / "jingdu-1.dump")


def named(moment: datetime) -> Path:
    return Path(f"jingdu-{moment:%Y%m%dT%H%M%SZ}.sqlite3")


def test_the_newest_and_one_a_day_are_kept_and_nothing_beyond_thirty_days() -> None:
    hourly = [named(NOW - timedelta(hours=hours)) for hours in range(24 * 40)]
    dropped = set(superseded(hourly, now=NOW))
    kept = [file for file in hourly if file not in dropped]
    assert kept[:NEWEST] == hourly[:NEWEST]
    days = [made_at(file).date() for file in kept[NEWEST:]]  # type: ignore[union-attr]
    assert len(days) == len(set(days)) == DAYS - 1
    assert all(NOW - made_at(file) < timedelta(days=DAYS) for file in kept)  # type: ignore[operator]


def test_the_only_copy_stays_however_old() -> None:
    assert superseded([named(NOW - timedelta(days=400))], now=NOW) == []


def test_other_files_in_the_folder_are_not_touched(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    (tmp_path / named(NOW)).touch()
    assert backups_in(tmp_path) == [tmp_path / named(NOW)]


def test_the_commands_copy_and_put_back_and_keep_what_was_there(site: dict[str, Any], settings: LazySettings) -> None:
    said = io.StringIO()
    call_command("backup", stdout=said)
    (copy,) = backups_in(settings.BACKUP_DIR)
    assert said.getvalue().startswith(str(copy))
    old = copy.rename(copy.with_name(named(NOW).stem + copy.suffix))
    gone = User.objects.get(username="learner").pk
    User.objects.filter(pk=gone).delete()
    make_stranger()
    call_command("restore", str(old), yes=True, stdout=said)
    assert list(User.objects.values_list("username", flat=True)) == ["learner"]
    assert f"delete them again: [{gone}]" in said.getvalue()
    safety = backups_in(settings.BACKUP_DIR)[0]
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        call_command("restore", "latest", yes=True, stdout=said)
    assert list(User.objects.values_list("username", flat=True)) == ["stranger"]
    assert safety != old


def test_without_a_copy_the_command_says_so_in_one_line(site: dict[str, Any], settings: LazySettings) -> None:
    with pytest.raises(CommandError, match="There is no copy in"):
        call_command("restore", "latest", yes=True)
    with pytest.raises(CommandError, match=r"Nothing was restored\. .* is not a file"):
        call_command("restore", "nothing.dump", yes=True)


def test_a_damaged_sqlite_file_is_set_aside(site: dict[str, Any], settings: LazySettings) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only: PostgreSQL keeps its own files")
    call_command("backup", stdout=io.StringIO())
    connection.close()
    file = Path(site["NAME"])
    file.write_bytes(b"SQLite format 3\0" + b"?" * 5000)
    with pytest.raises(CommandError, match="Nothing was restored"):
        call_command("restore", "latest", yes=True)
    said = io.StringIO()
    call_command("restore", "latest", yes=True, damaged=True, stdout=said)
    assert User.objects.filter(username="learner").exists()
    assert "set aside as site.sqlite3.damaged-" in said.getvalue()
    with closing(sqlite3.connect(file)) as checked:
        assert checked.execute("PRAGMA integrity_check").fetchone() == ("ok",)
