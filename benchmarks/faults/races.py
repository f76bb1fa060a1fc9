"""Sends the same answer many times at once: double click, two tabs, a client that sends again. P6.

    .venv/bin/python -m benchmarks.faults.races [--rounds 50] [--postgres]

Demanded: of 20 copies one row, every reply the same redirect.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from contextlib import nullcontext
from typing import Any

from benchmarks.load import TOKEN, Connection
from benchmarks.people import place
from benchmarks.serving import Site, postgres, site

COPIES = 20


async def storm(base: Site, crowd: dict[str, Any], rounds: int) -> Counter[tuple[int, bool]]:
    """(status, whether it leads to the question's page) of every reply."""
    person = crowd["people"][0]
    cookies = {crowd["cookie"]: person["session"], "csrf": TOKEN}
    connections = [Connection(base.port, cookies, timeout=30) for _ in range(COPIES)]
    replies: Counter[tuple[int, bool]] = Counter()
    for position in range(1, rounds + 1):
        path = "/practice/{attempt}/{position}/".format(**place(person, position - 1))
        form = crowd["fields"][position - 1] | {"try": "1", "csrfmiddlewaretoken": TOKEN}
        found = await asyncio.gather(*(connection.ask("POST", path, form) for connection in connections))
        replies.update((status, headers.get("location") == path) for status, headers, _data in found)
    for connection in connections:
        connection.close()
    return replies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    cluster_or_none = postgres() if options.postgres else nullcontext()
    with cluster_or_none as cluster, site(database=cluster.url if cluster else "") as base:
        crowd = base.people(1, items=options.rounds + 1)
        base.start()
        replies = asyncio.run(storm(base, crowd, options.rounds))
        base.stop()
        places = [place(crowd["people"][0], number) for number in range(options.rounds)]
        seen = base.audit((row["attempt"], row["position"]) for row in places)
    is_one_each = seen["kept"] == options.rounds and set(replies) == {(303, True)}
    print(json.dumps(seen | {"replies": {str(key): count for key, count in replies.items()}, "ok": is_one_each}))
    raise SystemExit(not (is_one_each and seen["ok"]))


if __name__ == "__main__":
    main()
