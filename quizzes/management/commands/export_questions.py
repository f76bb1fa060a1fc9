"""manage.py export_questions --format json [--course SLUG]: the bank on standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from curriculum.models import Course
from quizzes.bank import export_json


class Command(BaseCommand):
    help = "Print the active questions as one canonical JSON array."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["json"], default="json")
        parser.add_argument("--course", metavar="SLUG", help="only this course")

    def handle(self, *args: Any, **options: Any) -> None:
        course = None
        if slug := options["course"]:
            course = Course.objects.filter(slug=slug).first()
            if course is None:
                raise CommandError(f"No such course: {slug}")
        self.stdout.write(export_json(course))
