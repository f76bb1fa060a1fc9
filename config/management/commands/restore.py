"""manage.py restore: put a copy that `manage.py backup` made in the place of the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from config.backups import STAMP, BackupError, back_up, backups_in, restore, sqlite


class Command(BaseCommand):
    help = "Put a copy in the place of the database. What is there now is copied first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the copy, or `latest` for the newest in BACKUP_DIR")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--damaged",
            action="store_true",
            help="the database cannot be copied any more: set it aside. Stop the servers before.",
        )

    def handle(self, *args: Any, file: str, yes: bool, damaged: bool, **options: Any) -> None:
        copy = self.chosen(file)
        if not yes and input(f"Replace all that the site holds now by {copy.name}? Type yes: ").strip() != "yes":
            raise CommandError("Nothing was changed.")
        before = set() if damaged else people()
        try:
            self.keep_what_is_there(is_damaged=damaged)
            connection.close()
            restore(connection.settings_dict, copy)
        except (BackupError, OSError) as problem:
            raise CommandError(f"Nothing was restored. {problem}") from problem
        self.stdout.write(f"Restored {copy}. Start the servers anew, then run `manage.py doctor`.")
        if before and (returned := sorted(people() - before)):
            self.stdout.write(f"Accounts that had been deleted since are back; delete them again: {returned}")

    @staticmethod
    def chosen(file: str) -> Path:
        if file != "latest":
            return Path(file)
        copies = backups_in(Path(settings.BACKUP_DIR))
        if not copies:
            raise CommandError(f"There is no copy in {settings.BACKUP_DIR}.")
        return copies[0]

    def keep_what_is_there(self, *, is_damaged: bool) -> None:
        """Copy the present database, or, where that is damaged, rename it. A new machine has none."""
        now = timezone.now()
        is_sqlite = connection.vendor == "sqlite"
        if is_sqlite and not Path(str(connection.settings_dict["NAME"])).exists():
            return
        if is_damaged and is_sqlite:
            for aside in sqlite.set_aside(connection.settings_dict, now.strftime(STAMP)):
                self.stdout.write(f"set aside as {aside.name}")
        elif not is_damaged and people():
            kept = back_up(connection.settings_dict, Path(settings.BACKUP_DIR), now=now)
            self.stdout.write(f"What was there is kept in {kept}")


def people() -> set[int]:
    """The ids of all accounts, guests left out; none where the tables are missing or cannot be read."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM accounts_user WHERE NOT is_guest")
            return {row[0] for row in cursor.fetchall()}
    except DatabaseError:
        return set()
