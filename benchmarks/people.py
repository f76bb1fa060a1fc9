"""Learners for a load test: each with a session, and open runs with the form fields of the right answers.

python -m benchmarks.people COUNT ITEMS     (with the environment of the site; prints one line of JSON)
"""

from __future__ import annotations

import itertools
import json
import sys
from typing import Any

import django

RUN = 20
"""Questions in one run, as in practice."""


def place(person: dict[str, Any], number: int) -> dict[str, int]:
    """Where the question with this number, from 0, stands: its run and its position there."""
    return {"attempt": person["attempts"][number // RUN], "position": number % RUN + 1}


def main(count: int, items: int) -> list[dict[str, Any]]:
    from django.conf import settings  # noqa: PLC0415 - only after setup
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415
    from curriculum.models import Course  # noqa: PLC0415
    from quizzes.models import Attempt, AttemptItem, QuestionVersion  # noqa: PLC0415
    from quizzes.runs import prepared  # noqa: PLC0415

    course = Course.objects.get(slug="cyberspace-2019")
    bank = list(QuestionVersion.objects.filter(current_for__course=course, current_for__is_active=True).order_by("pk"))
    versions = list(itertools.islice(itertools.cycle(bank), items))
    fields = [form(version.content) for version in versions]
    found = []
    with transaction.atomic():
        for number in range(count):
            learner = User.objects.create(username=f"load-{User.objects.count()}-{number}")
            attempts = [
                Attempt(learner=learner, course=course, scope="course", seed="load", started_at=timezone.now())
                for _run in range(-(-items // RUN))
            ]
            Attempt.objects.bulk_create(attempts)
            rows = [prepared(attempts[at // RUN], at % RUN + 1, version) for at, version in enumerate(versions)]
            AttemptItem.objects.bulk_create(rows)
            session = SessionStore()
            session[SESSION_KEY] = str(learner.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = learner.get_session_auth_hash()
            session.create()
            runs = [attempt.pk for attempt in attempts]
            found.append({"session": session.session_key, "attempts": runs, "learner": learner.pk})
    return [{"fields": fields, "cookie": settings.SESSION_COOKIE_NAME, "people": found}]


def form(content: Any) -> dict[str, str]:
    """The right answer as the page posts it."""
    if content.options is not None:
        return {"choice": str(content.options.index(content.key))}
    if content.kind == "matching":
        return {f"pair_{at}": str(content.responses.index(pair[1])) for at, pair in enumerate(content.key)}
    if content.kind == "ordering":
        return {f"place_{at}": str(content.key.index(item) + 1) for at, item in enumerate(content.items)}
    return {"text": "\n".join(content.key) if content.kind == "enumeration" else content.key}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))[0]))
