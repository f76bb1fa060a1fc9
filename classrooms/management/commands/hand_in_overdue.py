"""Hand in every quiz whose time is up, and note who has done what was set. For cron, every few minutes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from classrooms.models import Classroom
from classrooms.sittings import hand_in, overdue
from classrooms.work import note_completions


class Command(BaseCommand):
    help = "Hands in quizzes whose time is up and notes finished practice. Pages do the same when they are looked at."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        handed = sum(hand_in(sitting, now=now) for sitting in overdue(now))
        noted = sum(note_completions(classroom, now) for classroom in Classroom.objects.current())
        self.stdout.write(f"{handed} handed in, {noted} completed")
