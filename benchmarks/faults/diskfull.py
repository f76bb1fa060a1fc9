"""Fills the disk in the middle of answers, then gives room again. P5. Needs root.

    .venv/bin/python -m benchmarks.faults.diskfull

Demanded: nothing acknowledged is lost, pages are still served, the answer to a full disk is 503 and never 500, /readyz
tells the truth, and writing goes on without a restart once there is room.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.faults.powercut import make_image, mounted
from benchmarks.load import Plan, drive_in_background
from benchmarks.serving import Site

CLIENTS = 16
AT_MOST = 90.0
IMAGE_MEGABYTES = 96
FULL_SECONDS = 5.0
GIVE_UP_SECONDS = 20.0
"""How long to wait for the first answer that is taken again; it is printed, and took 0.02 s."""


def fill(path: Path) -> None:
    """Write until there is no room."""
    with path.open("wb", buffering=0) as ballast:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    ballast.write(b"\0" * size)
            except OSError:
                continue


def main() -> None:
    if os.getuid():
        raise SystemExit("A small disk needs root, to mount a file system.")
    with TemporaryDirectory() as folder:
        image = Path(folder) / "disk.img"
        make_image(image, IMAGE_MEGABYTES)
        with mounted(image, Path(folder) / "disk") as disk:
            seen = trial(Site(disk), disk)
    print(json.dumps(seen))
    raise SystemExit(not seen["ok"])


def trial(base: Site, disk: Path) -> dict[str, object]:
    base.manage("setup")
    crowd = base.people(CLIENTS, items=1600)
    base.start()
    plan = Plan(AT_MOST, think=0.05, reads=0.3, tries=1, timeout=30, warm_up=0)
    load, found = drive_in_background(base.port, crowd, plan)
    time.sleep(3)
    fill(disk / "ballast")
    before = len(found.acknowledged)
    time.sleep(FULL_SECONDS)
    while_full = {"live": base.get("/healthz"), "ready": base.get("/readyz"), "page": base.get("/courses/")}
    during = len(found.acknowledged) - before
    (disk / "ballast").unlink()
    began, before = time.monotonic(), len(found.acknowledged)
    while len(found.acknowledged) == before and time.monotonic() - began < GIVE_UP_SECONDS:
        time.sleep(0.02)
    back = time.monotonic() - began
    time.sleep(3)
    plan.ended.set()
    load.join()
    base.stop()
    seen = base.audit(found.acknowledged) | {
        "acknowledged_while_full": during,
        "while_full": while_full,
        "writing_again_after_seconds": round(back, 2),
        "statuses": dict(found.statuses),
    }
    told = while_full["page"] == 200 and while_full["ready"] == 503 and not found.statuses["500"]
    return seen | {"ok": bool(seen["ok"]) and told and back < GIVE_UP_SECONDS}


if __name__ == "__main__":
    main()
