"""Delete guests who have not come back, with everything kept about them. For a daily timer."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import GUEST_LIFETIME, User
from accounts.personal_data import erase


class Command(BaseCommand):
    help = f"Delete guests without a visit for {GUEST_LIFETIME.days} days, and sessions that have ended."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = list(User.objects.guests().last_seen_before(timezone.now() - GUEST_LIFETIME))
        for guest in gone:
            erase(guest)
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
        self.stdout.write(f"{len(gone)} guests deleted.")
