"""manage.py backup: a whole, checked copy of the database, made while the site runs. For an hourly timer."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from config.backups import DAYS, NEWEST, BackupError, back_up, backups_in, superseded


class Command(BaseCommand):
    help = f"Copy the database, check the copy, and keep the newest {NEWEST} and one a day for {DAYS} days."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BACKUP_DIR, help="the folder (BACKUP_DIR by default)")

    def handle(self, *args: Any, to: Path, **options: Any) -> None:
        now = timezone.now()
        try:
            made = back_up(connection.settings_dict, to, now=now)
        except (BackupError, OSError) as problem:
            raise CommandError(f"No copy was made. {problem}") from problem
        self.stdout.write(f"{made} ({made.stat().st_size:,} bytes, checked)")
        for old in superseded(backups_in(to), now=now):
            old.unlink()
            self.stdout.write(f"deleted {old.name}")
