"""Delete guests who have not come back, with everything kept about them. For a daily timer.

Not those whom a class still counts among its learners.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import GUEST_LIFETIME, User
from accounts.personal_data import erase, is_held


class Command(BaseCommand):
    help = f"Delete guests without a visit for {GUEST_LIFETIME.days} days, and sessions that have ended."

    def handle(self, *args: Any, **options: Any) -> None:
        stayed_away = User.objects.guests().last_seen_before(timezone.now() - GUEST_LIFETIME)
        gone = [guest for guest in stayed_away if not is_held(guest)]
        for guest in gone:
            erase(guest)
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
        self.stdout.write(f"{len(gone)} guests deleted.")
