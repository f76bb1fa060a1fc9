"""SQLite, where whoever wants to write waits in line.

SQLite lets a second writer sleep and look again, ever longer up to a tenth of a second, so that under load the lock
stood free while one that had come early still slept: one answer in a hundred took a second. Here a transaction first
takes its turn on a file beside the database (flock), which the system hands on at once. The turn only orders: what may
be written stays SQLite's decision, and its own lock still counts for statements outside a transaction and for other
programs. A process that dies gives its turn back.
"""

from __future__ import annotations

import os
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path
from stat import S_IMODE

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    _turns: int | None = None
    """The open file whose lock is the turn; each connection has its own."""

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        """After COMMIT and ROLLBACK, Django turns autocommit on again."""
        try:
            super()._set_autocommit(autocommit)  # type: ignore[misc]
        finally:
            if autocommit:
                self._end_turn()

    def _close(self) -> None:
        super()._close()  # type: ignore[misc]
        if self._turns is not None:
            os.close(self._turns)
            self._turns = None

    def _take_turn(self) -> None:
        if self.is_in_memory_db():
            return
        if self._turns is None:
            self._turns = opened(Path(self.settings_dict["NAME"]))
        flock(self._turns, LOCK_EX)

    def _end_turn(self) -> None:
        if self._turns is not None:
            flock(self._turns, LOCK_UN)


def opened(database: Path) -> int:
    """The file beside the database, open; a new one belongs to whoever the database belongs to, as SQLite does with its
    log: an upgrade run by root must not shut out the user of the site."""
    path, flags = f"{database}-turn", os.O_RDONLY | os.O_CLOEXEC
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        new = os.open(path, flags | os.O_CREAT, 0o600)
        kept = database.stat()
        os.fchmod(new, S_IMODE(kept.st_mode))
        if os.geteuid() == 0:
            os.fchown(new, kept.st_uid, kept.st_gid)
        return new
