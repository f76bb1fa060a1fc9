"""An instructor opens the heaviest reports of a class over and over while its learners answer. Attack 87.

    .venv/bin/python -m benchmarks.faults.reports_meanwhile [--postgres] [--rounds 6] [--seconds 6]

Forty learners of a class of 340 answer, each about once in a second; in turn without and with an instructor who opens
overview, gradebook, questions and their XLSX files one after the other without pause. Printed are the times of an
answer in ms, then the 95th percentiles of the quickest round of either sort and of the middle one, with their ratios.

Demanded: no answer and no report is refused, and every acknowledged answer is there. The times are printed and not
judged: reports take the processor that answers need too, and what is left depends on the machine.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from benchmarks.load import HEAD, Plan, Result, drive, quantile
from benchmarks.serving import Site, postgres, site

LEARNERS, RESPONSES = 300, 12_000
CLIENTS, THINK = 40, 1.0


@dataclass
class Instructor:
    """Opens one report after the other until told to stop; the seconds that each took, and what went wrong."""

    base: Site
    crowd: dict[str, Any]
    times: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def open_reports(self) -> None:
        cookie = {"Cookie": f"{self.crowd['cookie']}={self.crowd['instructor']}"}
        for path in cycle(self.crowd["reports"]):
            if self.ended.is_set():
                return
            began = time.monotonic()
            try:
                with urllib.request.urlopen(
                    urllib.request.Request(self.base.base + path, headers=cookie), timeout=60
                ) as response:
                    is_it = response.url.endswith(path) and bool(response.read())
            except OSError as error:
                is_it, path = False, f"{path} {error}"
            self.times.append(time.monotonic() - began)
            if not is_it:
                self.refused.append(path)


@contextmanager
def at_work(instructor: Instructor) -> Iterator[None]:
    thread = threading.Thread(target=instructor.open_reports)
    thread.start()
    try:
        yield
    finally:
        instructor.ended.set()
        thread.join()


def one_round(base: Site, crowd: dict[str, Any], seconds: float, *, is_read: bool) -> tuple[Result, Instructor]:
    """Answers for so many seconds, beside somebody who reads or not."""
    instructor = Instructor(base, crowd)
    with at_work(instructor) if is_read else nullcontext():
        found = drive(base.port, crowd, Plan(seconds, think=THINK, timeout=30, warm_up=2.0))
    return found, instructor


def trial(base: Site, rounds: int, seconds: float) -> bool:
    items = int(rounds * 2 * (seconds + 2) / THINK * 1.5)
    told = base.python("-m", "benchmarks.busy_class", *map(str, (LEARNERS, RESPONSES, CLIENTS, items)))
    crowd = json.loads(told.splitlines()[-1])
    base.start()
    print(f"{'':10}{HEAD}")
    p95: dict[str, list[float]] = {"alone": [], "reports": []}
    acknowledged, faults = [], []
    for _round in range(rounds):
        for name, times in p95.items():
            found, instructor = one_round(base, crowd, seconds, is_read=name == "reports")
            times.append(quantile(found.writes, 0.95))
            acknowledged += found.acknowledged
            faults += [*instructor.refused, *([dict(found.statuses)] if found.errors or found.gave_up else [])]
            opened = (
                f"  {len(instructor.times)} reports, {max(instructor.times):.1f} s at most" if instructor.times else ""
            )
            print(f"{name:10}{found.row()}{opened}", flush=True)
    base.stop()
    seen = base.audit(acknowledged)
    for name, share in (("quickest", 0.0), ("middle", 0.5)):
        alone, beside = (1000 * quantile(sorted(times), share) for times in p95.values())
        print(f"p95, {name} round: {alone:.1f} ms alone, {beside:.1f} ms beside reports, ratio {beside / alone:.2f}")
    print(json.dumps(seen | {"refused": faults}))
    return bool(seen["ok"]) and not faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=6)
    options = parser.parse_args()
    with (
        postgres() if options.postgres else nullcontext() as cluster,
        site(database=cluster.url if cluster else "") as base,
    ):
        ok = trial(base, options.rounds, options.seconds)
    raise SystemExit(not ok)


if __name__ == "__main__":
    main()
