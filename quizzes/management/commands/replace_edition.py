"""manage.py replace_edition OLD NEW [--dry-run] | --undo NEW: let one course replace another as its newer edition."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from curriculum.models import Course
from quizzes.editions import EditionError, preview, replace, undo


class Command(BaseCommand):
    help = "Lets a course replace an older edition: unchanged facts keep what learners remember, others are marked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="+", metavar="SLUG", help="the older and the newer course; only NEW to undo")
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument("--undo", action="store_true", help="let the newer course stand for itself again")

    def handle(self, *args: Any, slugs: list[str], dry_run: bool, undo: bool, **options: Any) -> None:
        courses = [_course(slug) for slug in slugs]
        if len(courses) != (1 if undo else 2):
            raise CommandError("Name the newer course." if undo else "Name the older and the newer course.")
        try:
            self.stdout.write(_undone(courses[-1], dry_run) if undo else _replaced(courses[0], courses[1], dry_run))
        except EditionError as error:
            raise CommandError(str(error.message)) from error


def _replaced(old: Course, new: Course, is_dry: bool) -> str:
    counts = preview(old, new) if is_dry else replace(old, new)
    kinds = f"{counts.unchanged} unchanged, {counts.reworded} reworded, {counts.new} new, {counts.dropped} dropped"
    return f"{new.slug} {'would replace' if is_dry else 'replaces'} {old.slug}: {kinds}"


def _undone(new: Course, is_dry: bool) -> str:
    if not is_dry:
        undo(new)
    return f"{new.slug} {'would stand' if is_dry else 'stands'} for itself"


def _course(slug: str) -> Course:
    found = Course.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"No such course: {slug}")
    return found
