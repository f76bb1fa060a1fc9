"""Forty clients that send their requests a byte at a time; others want pages meanwhile.

    .venv/bin/python -m benchmarks.faults.slow_clients [--nginx]

Without a proxy gunicorn's threads are taken by whoever is slow: this shows it. Behind nginx (deploy/), which collects a
request before it passes it on, everybody else must be served.
"""

from __future__ import annotations

import argparse
import json
import socket
import time
from collections import Counter
from contextlib import suppress

from benchmarks.serving import Site, nginx, site

SLOW = 40
PROBES = 20
PROBE_SECONDS = 9
"""A page may take as long on a busy machine; where the slow ones hold every thread, none comes at all."""


def trial(base: Site, port: int) -> dict[str, object]:
    """How many of the probes were answered while the slow ones hold on."""
    slow = []
    for _client in range(SLOW):
        connection = socket.create_connection(("127.0.0.1", port), timeout=5)
        connection.sendall(b"POST /account/language/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nl")
        slow.append(connection)
    probe = Site(base.data, port=port)
    began, seen = time.monotonic(), Counter[str]()
    for _visit in range(PROBES):
        seen[str(probe.get("/help/", timeout=PROBE_SECONDS))] += 1
        for connection in slow:
            with suppress(OSError):
                connection.sendall(b"a")
        if time.monotonic() - began > 30:
            break
    for connection in slow:
        connection.close()
    return {"answered": seen["200"], "of": sum(seen.values()), "statuses": dict(seen)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nginx", action="store_true")
    options = parser.parse_args()
    with site() as base:
        base.start()
        if not options.nginx:
            print(json.dumps(trial(base, base.port) | {"proxy": "none"}))
            return
        with nginx(base) as port:
            seen = trial(base, port)
        print(json.dumps(seen | {"proxy": "nginx"}))
        raise SystemExit(seen["answered"] != seen["of"])


if __name__ == "__main__":
    main()
