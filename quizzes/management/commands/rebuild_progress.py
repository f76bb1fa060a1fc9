"""Replay the history into all that is kept of it, or only compare: each learner's memory, and the sums of answers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from curriculum.models import Course
from quizzes import counting
from quizzes.memory import differences, rebuild, with_history


class Command(BaseCommand):
    help = "Replays every answer and brings each learner's memory, and the sums of answers, up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything differs")
        parser.add_argument("--learner", metavar="USERNAME", help="only the memory of this learner")

    def handle(self, *args: Any, check: bool, learner: str | None, **options: Any) -> None:
        users = User.objects.filter(username=learner) if learner else with_history()
        seen = differing = 0
        for user in users:
            found = differences(user)
            seen += 1
            differing += len(found)
            if found:
                self.stdout.write(f"{user.username}: {len(found)} facts differ")
            if found and not check:
                rebuild(user)
        if learner and not seen:
            raise CommandError(f"There is no learner called {learner}.")
        self.stdout.write(f"{seen} learners, {differing} facts {'differ' if check else 'brought up to date'}")
        differing += 0 if learner else self._sums(check=check)
        if check and differing:
            raise CommandError("What is kept differs from the history.", returncode=1)

    def _sums(self, *, check: bool) -> int:
        """Compare the sums of every course, and make those that differ anew; how many differ."""
        differing = 0
        for course in Course.objects.defer("text").order_by("pk"):
            found = counting.differences(course.pk)
            differing += found
            if found:
                self.stdout.write(f"{course.slug}: {found} sums of answers differ")
            if found and not check:
                counting.rebuild(course.pk)
        return differing
