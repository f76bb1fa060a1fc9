"""A class for a load test: an instructor and learners, each with a session and an open attempt at one quiz.

python -m benchmarks.classes LEARNERS     (with the environment of the site; prints one line of JSON)
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

QUESTIONS = 10


def main(count: int) -> dict[str, Any]:
    from django.conf import settings  # noqa: PLC0415 - only after setup
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415
    from benchmarks.people import form  # noqa: PLC0415
    from classrooms import publishing, sittings  # noqa: PLC0415
    from classrooms.models import Classroom, Member  # noqa: PLC0415
    from curriculum.models import Course  # noqa: PLC0415

    def session(user: Any) -> str:
        kept = SessionStore()
        kept[SESSION_KEY] = str(user.pk)
        kept[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        kept[HASH_SESSION_KEY] = user.get_session_auth_hash()
        kept.create()
        return str(kept.session_key)

    now = timezone.now()
    with transaction.atomic():
        course = Course.objects.get(slug="cyberspace-2019")
        classroom = Classroom.objects.create(name="Load", course=course)
        teacher = User.objects.create(username="load-instructor")
        classroom.members.create(user=teacher, role=Member.Role.OWNER, joined_at=now)
        quiz = classroom.assignments.create(title="Load", sort="quiz", count=QUESTIONS, minutes=60)
        quiz.lessons.set(course.lessons.all())
        publishing.publish(quiz, now=now)
        people = []
        for number in range(count):
            learner = User.objects.create(username=f"load-{number}")
            member = classroom.members.create(user=learner, joined_at=now, name=f"Learner {number}")
            sitting = sittings.start(quiz, member, now=now)
            items = sitting.attempt.items.select_related("version").order_by("position")
            fields = [form(item.version.content) for item in items]
            people.append({"session": session(learner), "sitting": sitting.pk, "fields": fields})
        return {
            "cookie": settings.SESSION_COOKIE_NAME,
            "classroom": classroom.pk,
            "instructor": session(teacher),
            "people": people,
        }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]))))
