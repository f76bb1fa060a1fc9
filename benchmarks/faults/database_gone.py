"""PostgreSQL crashes in the middle of answers and comes back, and is restarted while the site is idle. P3 for a server.

    .venv/bin/python -m benchmarks.faults.database_gone [--rounds 3]

Demanded: nothing acknowledged is lost, the answer meanwhile is 503 and never 500, clients get through by sending again,
and after a restart in idle time the first visitors meet no error.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter

from benchmarks.load import PATIENT, Plan, drive_in_background
from benchmarks.serving import Postgres, Site, postgres, site

CLIENTS = 16
SECONDS = 8.0
VISITORS = 16


def crash(base: Site, cluster: Postgres) -> dict[str, object]:
    """One crash in mid-load."""
    crowd = base.people(CLIENTS, items=900)
    base.start()
    load, found = drive_in_background(base.port, crowd, Plan(SECONDS, tries=PATIENT, timeout=30, warm_up=0))
    time.sleep(SECONDS / 3)
    cluster.control("stop", "-m", "immediate")
    time.sleep(0.5)
    ready = base.get("/readyz")
    cluster.control("start")
    load.join()
    base.stop()
    seen = base.audit(found.acknowledged)
    ok = bool(seen["ok"]) and not found.gave_up and not found.statuses["500"] and ready == 503
    return {"trial": "crash", "ready": ready, "statuses": dict(found.statuses)} | seen | {"ok": ok}


def idle(base: Site, cluster: Postgres) -> dict[str, object]:
    """A restart while nobody asks."""
    base.start()
    for _visit in range(VISITORS):
        base.get("/courses/")
    cluster.control("restart", "-m", "fast")
    visits = Counter(base.get("/courses/") for _visit in range(VISITORS))
    base.stop()
    return {"trial": "idle", "visits": {str(status): n for status, n in visits.items()}, "ok": set(visits) == {200}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with postgres() as cluster, site(database=cluster.url) as base:
        rows = [crash(base, cluster) for _ in range(options.rounds)] + [idle(base, cluster)]
    for row in rows:
        print(json.dumps(row))
    raise SystemExit(not all(row["ok"] for row in rows))


if __name__ == "__main__":
    main()
