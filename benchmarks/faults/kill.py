"""Kills the server in the middle of answers, again and again, and demands every acknowledged answer. P3, P9.

    .venv/bin/python -m benchmarks.faults.kill [--rounds 5] [--victim all|worker] [--postgres]

Each round: 32 clients answer without pause and send again what was not acknowledged; in mid-load SIGKILL hits the
master and all workers (or one worker), the server is started again, and after the load the database is audited.

Demanded of every round: nothing acknowledged is missing or there twice, and nobody gives up. Of half of them: the first
page within two seconds of the kill of all, with all clients pressing. A busy machine takes time from everybody: so up
to three more rounds are made where the half was slower.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import time
from contextlib import nullcontext
from typing import Any

from benchmarks.load import PATIENT, Plan, drive_in_background
from benchmarks.serving import Site, descendants, postgres, site

CLIENTS = 32
SECONDS = 6.0
LONGEST_DOWN = 2.0
AGAIN = 3


def one_round(base: Site, victim: str) -> dict[str, Any]:
    """One kill; what it cost."""
    crowd = base.people(CLIENTS, items=1000)
    base.start()
    load, found = drive_in_background(base.port, crowd, Plan(SECONDS, tries=PATIENT, timeout=30, warm_up=0))
    time.sleep(SECONDS * random.uniform(0.35, 0.7))
    down = 0.0
    if victim == "all":
        began = time.monotonic()
        base.kill()
        base.start()
        down = time.monotonic() - began
    else:
        assert base.server is not None
        os.kill(random.choice(descendants(base.server.pid)), signal.SIGKILL)
    load.join()
    base.kill()
    seen = base.audit(found.acknowledged)
    ok = bool(seen["ok"]) and not found.gave_up
    told = {"down_seconds": round(down, 2), "sent_again": found.replays, "gave_up": found.gave_up}
    return told | seen | {"ok": ok}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--victim", choices=["all", "worker"], default="all")
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    cluster_or_none = postgres() if options.postgres else nullcontext()
    with cluster_or_none as cluster, site(database=cluster.url if cluster else "") as base:
        rounds: list[dict[str, Any]] = []
        while len(rounds) < options.rounds or (not is_quick(rounds) and len(rounds) < options.rounds + AGAIN):
            rounds.append(one_round(base, options.victim))
            print(json.dumps(rounds[-1]), flush=True)
    raise SystemExit(not (all(row["ok"] for row in rounds) and is_quick(rounds)))


def is_quick(rounds: list[dict[str, Any]]) -> bool:
    """Whether half of the rounds had their first page in time."""
    return sorted(row["down_seconds"] for row in rounds)[(len(rounds) - 1) // 2] < LONGEST_DOWN


if __name__ == "__main__":
    main()
