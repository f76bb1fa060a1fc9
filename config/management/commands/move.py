"""manage.py move: put all that the site keeps into another database."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.moving import MoveError, database_at, move


class Command(BaseCommand):
    help = "Copy everything into another, empty database (SQLite to PostgreSQL, or back). Stop the servers before."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, metavar="DATABASE_URL", help="the other database; it must be empty")

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        try:
            with database_at(to) as other:
                moved = move(other)
        except MoveError as problem:
            raise CommandError(f"Nothing was moved. {problem}") from problem
        for table, rows in sorted(moved.items()):
            if rows:
                self.stdout.write(f"{rows:>12,}  {table}")
        self.stdout.write("Set DATABASE_URL to the other database, start the servers, run `manage.py doctor`.")
        self.stdout.write("The present database is as it was.")
