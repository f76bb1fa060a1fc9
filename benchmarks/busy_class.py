"""A class with a history, learners of it with open runs, and its instructor: each with a session, for a load test.

python -m benchmarks.busy_class LEARNERS RESPONSES PEOPLE ITEMS     (with the environment of the site; prints a line of
JSON, as `benchmarks.people`, and beside that `instructor`, a session, and `reports`, the addresses that weigh most)
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from benchmarks.history import History, site

REPORTS = (
    ("reports:class_overview",),
    ("classrooms:gradebook",),
    ("reports:items",),
    ("reports:class_overview_export", "xlsx"),
    ("classrooms:gradebook_export", "xlsx"),
    ("reports:items_export", "xlsx"),
)


def main(learners: int, responses: int, count: int, items: int) -> dict[str, Any]:
    from django.conf import settings  # noqa: PLC0415 - only after setup
    from django.urls import reverse  # noqa: PLC0415

    from benchmarks import people  # noqa: PLC0415
    from classrooms.models import Member  # noqa: PLC0415

    history = History(learners)
    history.grow_to(responses)
    crowd = people.main(count, items)[0]
    own = [person["learner"] for person in crowd["people"]]
    classroom, role = history.classroom, Member.Role.LEARNER
    rows = [Member(classroom=classroom, user_id=pk, role=role, name=f"L {pk}", joined_at=history.now) for pk in own]
    Member.objects.bulk_create(rows)
    teacher, _learner = history.visitors()
    session = teacher.cookies[settings.SESSION_COOKIE_NAME].value
    reports = [reverse(name, args=[classroom.pk, *more]) for name, *more in REPORTS]
    return crowd | {"instructor": session, "reports": reports}


if __name__ == "__main__":
    with site(os.environ["JINGDU_DATA"]):
        print(json.dumps(main(*map(int, sys.argv[1:]))))
