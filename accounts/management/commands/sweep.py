"""manage.py sweep: delete what has been kept as long as it may be. For a daily timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from accounts.retention import rules


class Command(BaseCommand):
    help = "Delete what has been kept as long as it may be (settings.RETENTION names the rules)."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for rule in rules():
            kept = f" (kept {rule.days} days)" if rule.days else ""
            self.stdout.write(f"{rule.name}: {rule.sweep(now)} deleted{kept}")
        forget_the_log()


def forget_the_log() -> None:
    """Write the log of SQLite into its file and empty it, so that what was deleted since the last time, here or by its
    person, stands in neither."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
