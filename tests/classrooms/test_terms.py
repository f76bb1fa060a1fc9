"""Deadlines, lateness, and typed times on the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from classrooms.terms import NoSuchTimeError, Terms, instant, is_late
from quizzes.papers import GRACE

BUDAPEST, NEW_YORK, TAIPEI, LORD_HOWE = map(
    ZoneInfo, ("Europe/Budapest", "America/New_York", "Asia/Taipei", "Australia/Lord_Howe")
)
DUE = datetime(2026, 3, 10, 12, tzinfo=UTC)


def terms(**fields: Any) -> Terms:
    plain: dict[str, Any] = {"opens_at": None, "due_at": DUE, "closes_when_due": True, "attempts": 1}
    return Terms(**plain | fields)


@pytest.mark.parametrize(
    ("typed", "zone", "expected"),
    [
        ("2026-03-10 23:59", NEW_YORK, "2026-03-11T03:59"),
        ("2026-03-07 23:59", NEW_YORK, "2026-03-08T04:59"),
        ("2026-03-29 01:59", BUDAPEST, "2026-03-29T00:59"),
        ("2026-03-29 03:00", BUDAPEST, "2026-03-29T01:00"),
        ("2026-10-25 01:59", BUDAPEST, "2026-10-24T23:59"),
        ("2026-10-25 03:00", BUDAPEST, "2026-10-25T02:00"),
        ("2026-03-29 02:30", TAIPEI, "2026-03-28T18:30"),
        ("2028-02-29 12:00", TAIPEI, "2028-02-29T04:00"),
    ],
)
def test_a_typed_time_is_that_of_the_class(typed: str, zone: ZoneInfo, expected: str) -> None:
    assert instant(datetime.fromisoformat(typed), zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone", "code"),
    [
        ("2026-03-29 02:00", BUDAPEST, "missing"),
        ("2026-03-29 02:30", BUDAPEST, "missing"),
        ("2026-03-08 02:30", NEW_YORK, "missing"),
        ("2026-10-25 02:00", BUDAPEST, "twice"),
        ("2026-10-25 02:30", BUDAPEST, "twice"),
        ("2026-11-01 01:30", NEW_YORK, "twice"),
        ("2026-04-05 01:45", LORD_HOWE, "twice"),
        ("9999-12-31 23:59", NEW_YORK, "year"),
        ("1970-01-01 00:00", TAIPEI, "year"),
    ],
)
def test_a_time_that_does_not_exist_or_exists_twice_is_refused(typed: str, zone: ZoneInfo, code: str) -> None:
    with pytest.raises(NoSuchTimeError) as problem:
        instant(datetime.fromisoformat(typed), zone)
    assert problem.value.code == code


@pytest.mark.parametrize(
    ("fields", "before_due", "expected"),
    [
        ({}, 60, DUE),
        ({"closes_when_due": False}, 60, None),
        ({"minutes": 20}, 60, DUE - timedelta(minutes=40)),
        ({"minutes": 20}, 10, DUE),
        ({"minutes": 20, "closes_when_due": False}, 10, DUE + timedelta(minutes=10)),
        ({"minutes": 20, "factor": Decimal("1.5")}, 60, DUE - timedelta(minutes=30)),
        ({"minutes": 20, "factor": Decimal("1.25"), "closes_when_due": False}, 0, DUE + timedelta(minutes=25)),
        ({"minutes": 20, "due_at": None}, 60, DUE - timedelta(minutes=40)),
    ],
)
def test_an_attempt_ends_with_its_time_or_with_the_quiz(
    fields: dict[str, Any], before_due: int, expected: datetime | None
) -> None:
    assert terms(**fields).deadline(DUE - timedelta(minutes=before_due)) == expected


def test_a_time_limit_across_the_change_of_clocks_is_as_long_as_on_any_day() -> None:
    start = datetime(2026, 3, 29, 1, 50, tzinfo=BUDAPEST)
    ends = terms(minutes=20, due_at=None).deadline(start.astimezone(UTC))
    assert ends is not None
    assert ends.astimezone(BUDAPEST).strftime("%H:%M") == "03:10"


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, False), (30, False), (31, True)])
def test_late_begins_after_the_grace_of_the_network(seconds: int, late: bool) -> None:
    assert is_late(DUE + timedelta(seconds=seconds), DUE, grace=GRACE) is late


def test_what_has_no_due_time_is_never_late() -> None:
    assert is_late(DUE, None, grace=GRACE) is False


@pytest.mark.parametrize(("attempts", "used", "left"), [(1, 0, 1), (1, 1, 0), (1, 3, 0), (None, 40, None)])
def test_attempts_left(attempts: int | None, used: int, left: int | None) -> None:
    assert terms(attempts=attempts).left(used) == left


def test_it_is_open_from_its_opening_until_it_closes() -> None:
    rules = terms(opens_at=DUE - timedelta(hours=1))
    moments = [DUE - timedelta(hours=2), DUE - timedelta(hours=1), DUE - timedelta(seconds=1), DUE]
    assert [rules.is_open(at) for at in moments] == [False, True, True, False]
