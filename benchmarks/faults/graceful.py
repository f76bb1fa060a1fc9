"""Deploys in the middle of answers: HUP reloads, TERM stops and a start follows. P8.

    .venv/bin/python -m benchmarks.faults.graceful

Demanded: HUP breaks no request; TERM ends within 30 seconds, loses nothing, and clients at most send again.
"""

from __future__ import annotations

import json
import signal
import time

from benchmarks.load import PATIENT, Plan, drive_in_background
from benchmarks.serving import Site, site

CLIENTS = 16
SECONDS = 8.0


def trial(base: Site, name: str) -> dict[str, object]:
    crowd = base.people(CLIENTS, items=900)
    base.start()
    load, found = drive_in_background(base.port, crowd, Plan(SECONDS, tries=PATIENT, timeout=30, warm_up=0))
    time.sleep(SECONDS / 3)
    began = time.monotonic()
    if name == "HUP":
        assert base.server is not None
        base.server.send_signal(signal.SIGHUP)
    else:
        base.stop()
    spent = time.monotonic() - began
    if name == "TERM":
        base.start()
    load.join()
    base.stop()
    seen = base.audit(found.acknowledged)
    broken = {status: count for status, count in found.statuses.items() if not status.startswith(("2", "3"))}
    ok = bool(seen["ok"]) and not found.gave_up and spent < 30 and (name == "TERM" or not broken)
    return {"signal": name, "stop_seconds": round(spent, 2), "broken": broken} | seen | {"ok": ok}


def main() -> None:
    with site() as base:
        rows = [trial(base, name) for name in ("HUP", "TERM")]
    for row in rows:
        print(json.dumps(row))
    raise SystemExit(not all(row["ok"] for row in rows))


if __name__ == "__main__":
    main()
