"""manage.py upgrade: from whatever version the data is of to this one. Safe to run at every start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config.backups import BackupError, back_up
from config.upgrading import notes_for


class Command(BaseCommand):
    help = "Copy the database, migrate it, bring courses and questions up to date, and say what is left to do by hand."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        waiting = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        is_new = not executor.loader.applied_migrations
        connection.close()
        if waiting and not is_new:
            self.copy_first(len(waiting))
        call_command("setup", stdout=self.stdout)
        for note in [] if is_new else notes_for({(migration.app_label, migration.name) for migration in waiting}):
            self.stdout.write(f"To do: {note}")

    def copy_first(self, count: int) -> None:
        """The way back: nothing is migrated without a copy."""
        try:
            kept = back_up(connection.settings_dict, Path(settings.BACKUP_DIR), now=timezone.now())
        except (BackupError, OSError) as problem:
            raise CommandError(f"Nothing was changed, since no copy could be made. {problem}") from problem
        self.stdout.write(f"{count} migrations to apply. The way back: manage.py restore {kept}, with the old version.")
