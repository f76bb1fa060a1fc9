"""The answer loop against the floor, and a school of 300 learners.

    .venv/bin/python -m benchmarks.answers [--seconds 20] [--postgres] [--only floor|school]

floor: 64 clients without pause post an answer and read the page that follows, first the site's own question page, then
the same stack's bare view (session, user, one insert, a small template); the ratio is that of one run after the other,
twice in turn. school: 300 signed-in learners, 60 % answers and 40 % pages, two seconds of thought between (about 145
requests a second).
"""

from __future__ import annotations

import argparse
import json
from contextlib import nullcontext

from benchmarks.load import HEAD, Plan, Result, drive
from benchmarks.serving import Site, postgres, site

CLIENTS, LEARNERS = 64, 300
ROUNDS = 2


def floor(base: Site, seconds: float) -> None:
    """Own and bare in turn on one database."""
    bare = Site(base.data, base.database, settings="benchmarks.floor.settings", wsgi="config.wsgi")
    print(f"{CLIENTS} clients without pause, {seconds:g} s each\n{'':10}{HEAD}")
    totals = {"own": [0.0, 0.0], "bare": [0.0, 0.0]}
    for _round in range(ROUNDS):
        for name, served, path in (
            ("own", base, "/practice/{attempt}/{position}/"),
            ("bare", bare, "/bare/{attempt}/{position}/"),
        ):
            crowd = base.people(CLIENTS, items=1500)
            served.start()
            plan = Plan(seconds, answer_path=path, follows=True)
            found = drive(served.port, crowd, plan)
            served.stop()
            print(f"{name:10}{found.row()}")
            totals[name][0] += found.requests
            totals[name][1] += found.seconds
            if name == "own":
                check(base, found)
    rates = {name: requests / spent for name, (requests, spent) in totals.items()}
    print(f"own / bare: {rates['own'] / rates['bare']:.2f} of the floor's throughput")


def school(base: Site, seconds: float) -> None:
    """300 learners who think."""
    crowd = base.people(LEARNERS, items=int(seconds) + 50)
    base.start()
    found = drive(base.port, crowd, Plan(seconds, think=2.0, reads=0.4, warm_up=6.0))
    print(f"{LEARNERS} learners, two seconds of thought, {seconds:g} s\n{'':10}{HEAD}\n{'':10}{found.row()}")
    print(f"{'':10}memory under load: {base.memory_megabytes:.0f} MB")
    base.stop()
    check(base, found)


def check(base: Site, found: Result) -> None:
    """Every acknowledged answer is there, once. Leaves with 1 if not."""
    seen = base.audit(found.acknowledged)
    print(f"{'':10}{json.dumps(seen)}")
    if not seen["ok"] or found.errors:
        raise SystemExit(f"answers were lost, doubled or refused: {dict(found.statuses)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--only", choices=["floor", "school"])
    options = parser.parse_args()
    cluster_or_none = postgres() if options.postgres else nullcontext()
    with cluster_or_none as cluster, site(database=cluster.url if cluster else "") as base:
        if options.only != "school":
            floor(base, options.seconds)
        if options.only != "floor":
            school(base, options.seconds + 10)


if __name__ == "__main__":
    main()
