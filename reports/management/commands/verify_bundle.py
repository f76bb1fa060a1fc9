"""manage.py verify_bundle FILE: whether a bundle of evidence is as it was made. The same by hand: docs/evidence.md."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.bundle import MANIFEST, faults, manifest_hash


class Command(BaseCommand):
    help = "Says whether a bundle of evidence is as it was made; exits with an error where it is not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as problem:
            raise CommandError(str(problem)) from problem
        found = faults(data)
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"Whole and unchanged. SHA-256 of {MANIFEST}: {manifest_hash(data)}")
