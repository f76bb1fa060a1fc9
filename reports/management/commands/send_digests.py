"""manage.py send_digests: the weekly mail, for a timer. Run it daily or weekly: nobody gets two in a week."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.mailing import send_all


class Command(BaseCommand):
    help = "Sends the weekly mail to instructors, and to learners who asked for it; nobody gets two in a week."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SITE_URL:
            raise CommandError("Set SITE_URL, for example https://jingdu.example.org: the links in the mail need it.")
        done = send_all(get_connection(), site=settings.SITE_URL.rstrip("/"), now=timezone.now())
        said = f"{done.sent} sent, {done.skipped} with nothing to be told or told already, {done.failed} failed"
        if done.failed:
            raise CommandError(said)
        self.stdout.write(said)
