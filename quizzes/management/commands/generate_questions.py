"""manage.py generate_questions [SLUG ...] [--learn]: make, check and store the questions of every course or some."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from curriculum.models import Course
from quizzes.confusions import confusions
from quizzes.regenerate import FlawedBankError, regenerate


class Command(BaseCommand):
    help = "Generate, check and store the questions of a course. Run again, it changes only what has changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="courses; all published ones where none is named")
        parser.add_argument("--learn", action="store_true", help="offer first what learners mix up most")

    def handle(self, *args: Any, **options: Any) -> None:
        for course in _courses(options["slugs"]):
            try:
                stored = regenerate(course, preferred=confusions(course) if options["learn"] else None)
            except FlawedBankError as flawed:
                raise CommandError(f"{course.slug}: {flawed}") from flawed
            self.stdout.write(
                f"{course.slug}: {stored.created} new, {stored.changed} changed, "
                f"{stored.unchanged} unchanged, {stored.retired} retired"
            )


def _courses(slugs: list[str]) -> list[Course]:
    courses = list(Course.objects.filter(slug__in=slugs) if slugs else Course.objects.published())
    missing = set(slugs) - {course.slug for course in courses}
    if missing:
        raise CommandError(f"No such course: {', '.join(sorted(missing))}")
    return courses
