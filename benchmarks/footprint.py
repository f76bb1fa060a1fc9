"""How soon the site answers after a start, and how much memory it takes at rest and under load.

.venv/bin/python -m benchmarks.footprint [--seconds 10]
"""

from __future__ import annotations

import argparse
import statistics
import time

from benchmarks.load import Plan, drive_in_background
from benchmarks.serving import site

STARTS = 5
CLIENTS = 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    with site() as base:
        starts = []
        for _start in range(STARTS):
            starts.append(base.start())
            base.stop()
        print(f"start to first answer: median {statistics.median(starts):.2f} s, worst {max(starts):.2f} s of {STARTS}")
        crowd = base.people(CLIENTS, items=2000)
        base.start()
        for path in ("/", "/courses/", "/account/login/"):
            base.get(path)
        print(f"memory at rest, master and two workers: {base.memory_megabytes:.0f} MB")
        load, _found = drive_in_background(base.port, crowd, Plan(options.seconds, reads=0.4))
        time.sleep(options.seconds * 0.8)
        print(f"memory under load: {base.memory_megabytes:.0f} MB")
        load.join()
        base.stop()


if __name__ == "__main__":
    main()
