"""Two servers behind nginx on one PostgreSQL; one is killed in the middle of answers.

    .venv/bin/python -m benchmarks.faults.two_servers [--seconds 12]

Demanded: nothing acknowledged is lost or counted twice, and nobody gives up: what the dead server had taken is sent
again and answered by the other.
"""

from __future__ import annotations

import argparse
import json
import time

from benchmarks.load import PATIENT, Plan, drive_in_background
from benchmarks.serving import Site, nginx, postgres, site

CLIENTS = 32


def trial(first: Site, seconds: float) -> dict[str, object]:
    second = Site(first.data, first.database)
    crowd = first.people(CLIENTS, items=1200)
    first.start(workers=1)
    second.start(workers=1)
    with nginx(first, second) as port:
        load, found = drive_in_background(port, crowd, Plan(seconds, tries=PATIENT, timeout=30, warm_up=0))
        time.sleep(seconds / 2)
        before = len(found.acknowledged)
        second.kill()
        load.join()
    first.stop()
    seen = first.audit(found.acknowledged)
    after = len(found.acknowledged) - before
    row = {"before": before, "after": after, "gave_up": found.gave_up, "statuses": dict(found.statuses)} | seen
    return row | {"ok": bool(seen["ok"]) and not found.gave_up and after > 0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=12)
    options = parser.parse_args()
    with postgres() as cluster, site(database=cluster.url) as base:
        seen = trial(base, options.seconds)
    print(json.dumps(seen))
    raise SystemExit(not seen["ok"])


if __name__ == "__main__":
    main()
