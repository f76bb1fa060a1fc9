"""manage.py doctor: say what is wrong with this installation and how to mend it. Exit status 1 if something is."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.doctor import DOUBT, FINE, WRONG, examine

MARKS = {WRONG: "WRONG ", DOUBT: "Look  ", FINE: "Fine  "}


class Command(BaseCommand):
    help = "Say what is wrong with this installation and how to mend it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = examine(timezone.now())
        for level in (WRONG, DOUBT, FINE):
            for finding in found:
                if finding.level == level:
                    self.stdout.write(f"{MARKS[level]}{finding.what}")
                    if finding.mend:
                        self.stdout.write(f"      -> {finding.mend}")
        if any(finding.level == WRONG for finding in found):
            sys.exit(1)
