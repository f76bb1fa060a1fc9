"""manage.py collect: put the static files where they are served from. Part of `setup`, and of building an image."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config.management.commands.setup import collect_static


class Command(BaseCommand):
    help = "Collect and compress the static files, unless that is done."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        collect_static()
