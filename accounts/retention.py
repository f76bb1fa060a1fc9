"""How long things are kept, and what deletes them. Each app that keeps something for a while has a module of rules.

`settings.RETENTION` names those modules, so that this floor need not know the floors above it. `manage.py sweep` runs
the rules daily; SECURITY.md has them as a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection

from accounts.models import GUEST_LIFETIME, User
from accounts.personal_data import erase, is_held


@dataclass(frozen=True, slots=True)
class Rule:
    """`sweep(now)` deletes what is older than `days` and says how many; a second call finds none."""

    name: str
    days: int
    sweep: Callable[[datetime], int]


def rules() -> list[Rule]:
    """Those of every app, in the order of settings.RETENTION."""
    return [rule for path in settings.RETENTION for rule in import_module(path).RULES]


def guests(now: datetime) -> int:
    """Guests who have not come back, each with everything kept about them; not those whom a class still counts."""
    gone = [guest for guest in User.objects.guests().last_seen_before(now - GUEST_LIFETIME) if not is_held(guest)]
    for guest in gone:
        erase(guest)
    return len(gone)


def sessions(now: datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def administrators_log(now: datetime) -> int:
    oldest = now - timedelta(days=settings.KEEP_ADMIN_LOG_DAYS)
    return LogEntry.objects.filter(action_time__lt=oldest).delete()[0]


def counters(now: datetime) -> int:
    """Counters of rate limits that have run out, and whatever else was kept for a while: the cache in the database
    leaves them lying until somebody asks for the same key or it is full, and in some of the keys stands an address."""
    cache = settings.CACHES["default"]
    in_database = cache["BACKEND"].endswith("DatabaseCache")
    if not in_database or cache["LOCATION"] not in connection.introspection.table_names():
        return 0
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(cache['LOCATION'])} WHERE expires < %s", [moment])
        return int(cursor.rowcount)


RULES = (
    Rule("guests", GUEST_LIFETIME.days, guests),
    Rule("sessions that have ended", 0, sessions),
    Rule("log of the administration", settings.KEEP_ADMIN_LOG_DAYS, administrators_log),
    Rule("counters of rate limits", 0, counters),
)
