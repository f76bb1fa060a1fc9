"""What holds for one learner and one assignment, and typed times of a class's zone. Pure: no database, no clock.

A deadline once given is kept: it is worked out at the start, min(start + minutes x factor, closing time), and stands in
the run. After it the network has `papers.GRACE`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


class NoSuchTimeError(ValueError):
    """The clocks of the zone do not show this time on that day, or show it twice. `code`: "missing" or "twice"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Terms:
    """`due_at` is the learner's own; `attempts` None: any number. `minutes` is without the learner's `factor`."""

    opens_at: datetime | None
    due_at: datetime | None
    closes_when_due: bool
    attempts: int | None
    minutes: int | None = None
    factor: Decimal = Decimal(1)

    @property
    def closes_at(self) -> datetime | None:
        """When nothing is taken any more; None: late work is taken."""
        return self.due_at if self.closes_when_due else None

    @property
    def time_limit(self) -> timedelta | None:
        """How long an attempt may take, with the learner's factor, in whole seconds."""
        return None if self.minutes is None else timedelta(seconds=int(self.minutes * 60 * self.factor))

    def is_open(self, now: datetime) -> bool:
        return not self.is_early(now) and not self.is_closed(now)

    def is_early(self, now: datetime) -> bool:
        return self.opens_at is not None and now < self.opens_at

    def is_closed(self, now: datetime) -> bool:
        return self.closes_at is not None and now >= self.closes_at

    def deadline(self, start: datetime) -> datetime | None:
        """Until when an attempt begun at `start` takes answers; None: as long as the learner likes."""
        limit = self.time_limit
        ends = [at for at in (start + limit if limit is not None else None, self.closes_at) if at is not None]
        return min(ends, default=None)

    def left(self, used: int) -> int | None:
        """How many attempts may still begin after `used`; None: any number."""
        return None if self.attempts is None else max(0, self.attempts - used)


def is_late(at: datetime, due_at: datetime | None, *, grace: timedelta) -> bool:
    """Whether something handed in at `at` is late; the network's grace is on time."""
    return due_at is not None and at > due_at + grace


def instant(typed: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the clocks of `zone` show `typed` (naive). Raises NoSuchTimeError.

    >>> instant(datetime(2026, 3, 29, 2, 30), ZoneInfo("Europe/Budapest"))
    Traceback (most recent call last):
    classrooms.terms.NoSuchTimeError: missing
    """
    if not EARLIEST_YEAR <= typed.year <= LATEST_YEAR:
        raise NoSuchTimeError("year")
    first, second = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed:
        raise NoSuchTimeError("missing")
    if first.utcoffset() != second.utcoffset():
        raise NoSuchTimeError("twice")
    return first.astimezone(UTC)
