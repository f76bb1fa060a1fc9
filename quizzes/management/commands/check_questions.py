"""manage.py check_questions [--course SLUG] [--json]: the proof of the stored bank; exit status 1 on any error."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from curriculum.models import Course
from quizzes.regenerate import report


class Command(BaseCommand):
    help = "Check every rule on the stored questions of each course; exit 1 if one at error level is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--course", metavar="SLUG", help="this course; all published ones where none is named")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["course"]
        courses = Course.objects.filter(slug=slug) if slug else Course.objects.published()
        if not courses:
            raise CommandError("No such course." if slug else "No course is loaded.")
        reports = {course.slug: report(course) for course in courses}
        if options["json"]:
            plain = {name: found.to_dict() for name, found in reports.items()}
            self.stdout.write(json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1))
        else:
            for name, found in reports.items():
                self.stdout.write("\n".join([name, *found.lines(), ""]))
        if any(found.errors for found in reports.values()):
            sys.exit(1)
