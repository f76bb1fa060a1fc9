"""The site's WSGI application in a process whose clock can be set from outside, for `benchmarks.faults.clock`.

BENT_CLOCK names a file with the seconds by which the clock is off; it is looked at twenty times a second. Only the time
of day is bent, as where somebody sets a machine's clock: `time.monotonic` goes on.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from config.wsgi import application

__all__ = ["application"]

CLOCK = Path(os.environ["BENT_CLOCK"])
STARTED = time.time(), time.monotonic()


def true_now() -> datetime:
    """The time of day as it would be had nobody touched the clock."""
    wall, steady = STARTED
    return datetime.fromtimestamp(wall + time.monotonic() - steady, UTC)


def follow() -> None:
    """Set the clock of this process whenever the file says something else."""
    seconds, bent = 0.0, time_machine.travel(true_now(), tick=True)
    clock = bent.start()
    while True:
        wanted = float(CLOCK.read_text() or 0)
        if wanted != seconds:
            seconds = wanted
            clock.move_to(true_now() + timedelta(seconds=seconds))
        threading.Event().wait(0.05)


threading.Thread(target=follow, daemon=True).start()
