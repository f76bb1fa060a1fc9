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
        parser.add_argument("--course", metavar="SLUG", help="only this course")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        courses = Course.objects.filter(slug=options["course"]) if options["course"] else Course.objects.all()
        if not courses:
            raise CommandError("No such course." if options["course"] else "No course is loaded.")
        reports = {course.slug: report(course) for course in courses}
        if options["json"]:
            plain = {slug: found.to_dict() for slug, found in reports.items()}
            self.stdout.write(json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1))
        else:
            for slug, found in reports.items():
                self.stdout.write("\n".join([slug, *found.lines(), ""]))
        if any(found.errors for found in reports.values()):
            sys.exit(1)
