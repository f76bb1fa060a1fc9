"""Queries, bytes and time of each page for a learner with a month of history.

    .venv/bin/python benchmarks/pages.py

Makes its own data folder and removes it. Time is the median of nine in-process requests, without a server.
"""

from __future__ import annotations

import gzip
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 9
DAYS = 30


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"JINGDU_DATA": data, "DJANGO_SETTINGS_MODULE": "config.settings", "ALLOWED_HOSTS": "testserver"}
        sys.path.insert(0, str(ROOT))
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 - only after setup

        call_command("setup", verbosity=0)
        report()


def report() -> None:
    from django.test import Client  # noqa: PLC0415 - only after setup

    from accounts.models import User  # noqa: PLC0415
    from curriculum.models import Course  # noqa: PLC0415

    course = Course.objects.get(slug="cyberspace-2019")
    learner = User.objects.create_user("benchmark", password="a long pass phrase")
    answered = practise(learner, course)
    client = Client(headers={"accept-language": "zh-TW"})
    client.force_login(learner)
    attempt = learner.attempts.order_by("-id")[0]
    lesson = course.lessons.get(slug="paths")
    print(f"{answered} answers over {DAYS} days")
    print(f"{'page':34}{'queries':>8}{'bytes':>9}{'gzip':>8}{'ms':>7}")
    for path in (
        "/",
        "/courses/",
        course.get_absolute_url(),
        lesson.get_absolute_url(),
        f"{lesson.get_absolute_url()}?tint=1",
        f"{attempt.get_absolute_url()}1/",
        f"{attempt.get_absolute_url()}summary/",
        "/progress/",
        "/account/",
    ):
        row(path, lambda path=path: client.get(path))


def practise(learner: Any, course: Any) -> int:
    """A run a day for DAYS days, two answers in three right, through the code that the pages use."""
    from django.utils import timezone  # noqa: PLC0415 - only after setup

    from benchmarks.history import right_answer  # noqa: PLC0415
    from quizzes import practice  # noqa: PLC0415

    today = timezone.now()
    count = 0
    for back in range(DAYS, -1, -1):
        now = today - timedelta(days=back)
        attempt = practice.start(learner, course, scope="course", now=now)
        if attempt is None:
            continue
        for item in attempt.items.select_related("version"):
            give_up = count % 3 == 0
            practice.submit(
                item,
                answer=None if give_up else right_answer(item.version.content),
                gave_up=give_up,
                try_number=1,
                elapsed_ms=9_000,
                now=now,
            )
            count += 1
    return count


def row(path: str, ask: Callable[[], Any]) -> None:
    from django.db import connection  # noqa: PLC0415 - only after setup
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    ask()
    with CaptureQueriesContext(connection) as queries:
        body = ask().content
        count = len(queries)  # now: the log is emptied by the next request
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    packed = len(gzip.compress(body, 6))
    print(f"{path:34}{count:>8}{len(body):>9}{packed:>8}{statistics.median(times) * 1000:>7.0f}")


if __name__ == "__main__":
    main()
