"""Demands every acknowledged answer of the database, once, with what it must have brought along.

python -m benchmarks.ledger < "ATTEMPT POSITION" lines     (with the environment of the site; prints a line of JSON)
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

import django

SAMPLE = 40
"""So many learners are replayed in full and compared."""


def audit(acknowledged: Iterable[tuple[int, int]]) -> dict[str, Any]:
    """`missing`, `twice` and `ungraded` answers, learners whose memory differs from their history; `ok` if none."""
    from django.db import connection  # noqa: PLC0415 - only after setup

    from accounts.models import User  # noqa: PLC0415
    from quizzes.memory import differences  # noqa: PLC0415
    from quizzes.models import Grading, Response  # noqa: PLC0415

    rows = Response.objects.filter(try_number=1, item__attempt__seed="load")
    kept = Counter(rows.values_list("item__attempt", "item__position"))
    wanted = set(acknowledged)
    people = User.objects.filter(attempts__seed="load", gradings__isnull=False).distinct().order_by("pk")
    found: dict[str, Any] = {
        "acknowledged": len(wanted),
        "kept": sum(kept.values()),
        "missing": sum(kept[place] == 0 for place in wanted),
        "twice": sum(count - 1 for count in kept.values() if count > 1),
        "ungraded": rows.exclude(pk__in=Grading.objects.values("response")).count(),
        "forgotten": sum(bool(differences(learner)) for learner in people[:SAMPLE]),
        "integrity": "ok",
    }
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            found["integrity"] = cursor.fetchone()[0]
    wrong = found["missing"] or found["twice"] or found["ungraded"] or found["forgotten"]
    found["ok"] = not wrong and found["integrity"] == "ok"
    return found


if __name__ == "__main__":
    django.setup()
    places = (line.split() for line in sys.stdin if line.strip())
    print(json.dumps(audit((int(attempt), int(position)) for attempt, position in places)))
