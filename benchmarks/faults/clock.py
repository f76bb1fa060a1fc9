"""The server's clock is set back in the middle of answers, then right, then ahead, then right. P7, P23.

    .venv/bin/python -m benchmarks.faults.clock [--rounds 3] [--postgres]

Demanded: no answer is refused or breaks, every acknowledged one is kept once, memory equals its replayed history, no
answer and no run took less than no time, and no session ends. (That the clock was set back is told by
`manage.py doctor`: tests/config/test_doctor.py. Quizzes with a time limit: tests/attacks/test_f_classes.py.)
"""

from __future__ import annotations

import argparse
import json
import os
import time
from contextlib import nullcontext

from benchmarks.load import Plan, drive_in_background
from benchmarks.serving import Site, postgres, site

CLIENTS = 16
SECONDS = 9.0
STEPS = ("-3600", "0", "7200", "0")
LOOK = """
from django.db.models import F
from quizzes.models import Attempt, Response
times = list(Response.objects.order_by("pk").values_list("answered_at", flat=True))
backwards = Attempt.objects.filter(finished_at__lt=F("started_at"))
below = Response.objects.filter(elapsed_ms__lt=0)
print(sum(b < a for a, b in zip(times, times[1:])), below.count(), backwards.count())
"""
"""How often an answer has an earlier time than the one before it; answers and runs that took less than no time."""


def one_round(base: Site) -> dict[str, object]:
    """Back, right, ahead and right, under load; the site's processes have their clock from `benchmarks.faults.bent`."""
    crowd = base.people(CLIENTS, items=1200)
    clock = base.data / "clock"
    clock.write_text("0")
    os.environ["BENT_CLOCK"] = str(clock)
    base.start()
    load, found = drive_in_background(base.port, crowd, Plan(SECONDS, tries=3, timeout=30, warm_up=0))
    for step in STEPS:
        time.sleep(SECONDS / (len(STEPS) + 1))
        clock.write_text(step)
    load.join()
    base.stop()
    seen = base.audit(found.acknowledged)
    back, answers, runs = map(int, base.manage("shell", "-v", "0", "-c", LOOK).split()[-3:])
    ok = bool(seen["ok"]) and not (found.gave_up or found.errors or answers or runs) and back > 0
    told = {"statuses": dict(found.statuses), "set_back": back, "answers_below_0": answers, "runs_below_0": runs}
    return told | seen | {"ok": ok}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with (
        postgres() if options.postgres else nullcontext() as cluster,
        site(database=cluster.url if cluster else "") as base,
    ):
        base.wsgi = "benchmarks.faults.bent"
        rounds = [one_round(base) for _ in range(options.rounds)]
    for row in rounds:
        print(json.dumps(row))
    raise SystemExit(not all(row["ok"] for row in rounds))


if __name__ == "__main__":
    main()
