"""manage.py setup: bring a new or an older data folder to where the site can be served. Safe to run again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import Storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from curriculum.fixture import load_fixture
from curriculum.models import Course, FactChange
from quizzes.regenerate import FlawedBankError, regenerate

STAMP = "made-from"


def collect_static() -> None:
    """Collect and compress the static files, unless none of them has changed since the last time.

    What they contain decides, not when they were written: in an image, whose root cannot be written to, the times are
    not those of the build.
    """
    files = [(name, _digest(storage, name)) for finder in get_finders() for name, storage in finder.list([])]
    made_from = hashlib.sha256(json.dumps(sorted(files)).encode()).hexdigest()
    stamp = Path(settings.STATIC_ROOT) / STAMP
    if stamp.exists() and stamp.read_text() == made_from:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(made_from)


def _digest(storage: Storage, name: str) -> str:
    with storage.open(name) as file:
        return hashlib.sha256(file.read()).hexdigest()


class Command(BaseCommand):
    help = "Migrate, load the shipped courses, make their questions, collect static files."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        collect_static()
        for fixture in sorted((Path(settings.BASE_DIR) / "fixtures").glob("*.json")):
            self.load(fixture)

    def load(self, fixture: Path) -> None:
        """Load a shipped course if the database does not hold exactly that, then bring its questions up to date."""
        shipped = load_fixture(fixture)
        course = Course.objects.filter(slug=shipped.course).first()
        if course is None or (course.knowledge() != shipped and not self.was_changed_by_people(course)):
            call_command("loaddata", fixture.stem, verbosity=0)
            course = Course.objects.get(slug=shipped.course)
        try:
            stored = regenerate(course)
        except FlawedBankError as flawed:
            raise CommandError(f"{course.slug}: {flawed}") from flawed
        self.stdout.write(f"{course.title}: {stored.total} questions ({stored.created} new, {stored.changed} changed)")

    def was_changed_by_people(self, course: Course) -> bool:
        """Whether somebody corrected a fact here: then the shipped one must not be put over it unasked."""
        is_changed = FactChange.objects.filter(fact__course=course).exists()
        if is_changed:
            self.stdout.write(f"{course.title}: facts were changed here; `manage.py loaddata` would overwrite them")
        return is_changed
