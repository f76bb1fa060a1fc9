"""Writers of one SQLite database take turns, and nobody keeps a turn that is over."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.db import OperationalError, connections

from config.databases import tuned
from config.queued_sqlite3.base import DatabaseWrapper, opened
from config.sqlite import SQLITE_VERSION


class Writers:
    """Connections to one file, as threads of the server have them."""

    def __init__(self, file: Path) -> None:
        plain = deepcopy(connections.settings["default"])
        plain |= tuned({"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}, SQLITE_VERSION) | {"NAME": str(file)}
        self.settings = plain
        self.made: list[DatabaseWrapper] = []

    def new(self, **options: float) -> DatabaseWrapper:
        own = deepcopy(self.settings)
        own["OPTIONS"] |= options
        made = DatabaseWrapper(own, "queued")
        made.inc_thread_sharing()
        self.made.append(made)
        return made


@pytest.fixture
def writers(tmp_path: Path, db: None) -> Iterator[Writers]:
    made = Writers(tmp_path / "turns.sqlite3")
    first = made.new()
    with first.cursor() as cursor:
        cursor.execute("CREATE TABLE taken (number INTEGER)")
    yield made
    for connection in made.made:
        connection.close()


def begin(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection: DatabaseWrapper, *, keep: bool = True) -> None:
    (connection.commit if keep else connection.rollback)()
    connection.set_autocommit(True)


def write(connection: DatabaseWrapper, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO taken VALUES (%s)", [number])


def waiting(connection: DatabaseWrapper) -> tuple[threading.Thread, threading.Event]:
    """A thread that begins, writes and commits as soon as it may; the event says that it is done."""
    done = threading.Event()

    def run() -> None:
        begin(connection)
        write(connection, 2)
        end(connection)
        done.set()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, done


@pytest.mark.parametrize("keep", [True, False], ids=["commit", "rollback"])
def test_a_writer_waits_for_the_one_before_and_then_goes_on_at_once(writers: Writers, keep: bool) -> None:
    first, second = writers.new(), writers.new()
    begin(first)
    write(first, 1)
    thread, done = waiting(second)
    assert not done.wait(0.3)
    end(first, keep=keep)
    thread.join(5)
    assert done.is_set()
    with first.cursor() as cursor:
        cursor.execute("SELECT number FROM taken ORDER BY number")
        assert [row[0] for row in cursor.fetchall()] == ([1, 2] if keep else [2])


def test_a_connection_closed_in_mid_transaction_gives_its_turn_back(writers: Writers) -> None:
    first, second = writers.new(), writers.new()
    begin(first)
    write(first, 1)
    first.close()
    thread, done = waiting(second)
    thread.join(5)
    assert done.is_set()


def test_readers_take_no_turn(writers: Writers) -> None:
    first, second = writers.new(), writers.new()
    begin(first)
    with second.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM taken")
        assert cursor.fetchone() == (0,)
    end(first)


def test_who_cannot_begin_for_another_program_keeps_no_turn(writers: Writers) -> None:
    """The lock of a program that knows no turns is SQLite's; after its time-out the turn is the next one's."""
    stranger, first, second = writers.new(), writers.new(timeout=0.05), writers.new()
    with stranger.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError):
        begin(first)
    with stranger.cursor() as cursor:
        cursor.execute("ROLLBACK")
    thread, done = waiting(second)
    thread.join(5)
    assert done.is_set()


def test_the_file_of_turns_is_open_to_whom_the_database_is(tmp_path: Path) -> None:
    database = tmp_path / "site.sqlite3"
    database.touch()
    database.chmod(0o660)
    if os.geteuid() == 0:
        os.chown(database, 65534, 65534)
    for _again in range(2):
        os.close(opened(database))
        turns, kept = Path(f"{database}-turn").stat(), database.stat()
        assert (turns.st_uid, turns.st_gid, turns.st_mode) == (kept.st_uid, kept.st_gid, kept.st_mode)
