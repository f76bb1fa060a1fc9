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
            self._turns = os.open(f"{self.settings_dict['NAME']}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        flock(self._turns, LOCK_EX)

    def _end_turn(self) -> None:
        if self._turns is not None:
            flock(self._turns, LOCK_UN)
