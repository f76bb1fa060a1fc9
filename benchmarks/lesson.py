"""300 learners finish a quiz within a minute while 60 live pages of their class are open.

    .venv/bin/python -m benchmarks.lesson [--learners 300] [--pages 60] [--seconds 60] [--postgres]

Each learner saves the last three answers and hands in, at a moment of their own within the time. The live pages ask
every ten seconds with the ETag they have. Afterwards every sitting must be handed in once, with the answers that were
acknowledged.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from benchmarks.load import TOKEN, Connection, quantile
from benchmarks.serving import ROOT, Site, postgres, site

EVERY = 10.0
SAVED = 3


@dataclass
class Seen:
    """Times in seconds by what was asked, and the statuses."""

    times: dict[str, list[float]] = field(default_factory=lambda: {"save": [], "hand in": [], "live": []})
    statuses: Counter[str] = field(default_factory=Counter)

    async def ask(self, name: str, connection: Connection, *request: Any) -> dict[str, str]:
        began = time.monotonic()
        try:
            status, headers, _data = await connection.ask(*request)
        except ConnectionError as error:
            self.statuses[f"{name} {error}"] += 1
            return {}
        self.times[name].append(time.monotonic() - began)
        self.statuses[f"{name} {status}"] += 1
        return headers


async def learner(base: Site, crowd: dict[str, Any], person: dict[str, Any], seconds: float, seen: Seen) -> None:
    """Save the last answers and hand in, within the time."""
    dice = random.Random(person["sitting"])
    await asyncio.sleep(dice.uniform(0, seconds))
    connection = Connection(base.port, {crowd["cookie"]: person["session"], "csrf": TOKEN}, timeout=30)
    path = f"/classes/{crowd['classroom']}/sittings/{person['sitting']}/"
    for position in range(len(person["fields"]) - SAVED + 1, len(person["fields"]) + 1):
        form = person["fields"][position - 1] | {"csrfmiddlewaretoken": TOKEN}
        await seen.ask("save", connection, "POST", f"{path}{position}/", form)
        await asyncio.sleep(dice.uniform(0.2, 1.0))
    await seen.ask("hand in", connection, "POST", f"{path}hand-in/", {"csrfmiddlewaretoken": TOKEN, "sure": "1"})
    connection.close()


async def live_page(base: Site, crowd: dict[str, Any], number: int, until: float, seen: Seen) -> None:
    """Ask for news every ten seconds, as an open page does."""
    connection = Connection(base.port, {crowd["cookie"]: crowd["instructor"]}, timeout=30)
    etag = ""
    await asyncio.sleep(EVERY * (number % 60) / 60)
    while time.monotonic() < until:
        headers = {"HX-Request": "true"} | ({"If-None-Match": etag} if etag else {})
        answer = await seen.ask("live", connection, "GET", f"/classes/{crowd['classroom']}/live/", None, headers)
        etag = answer.get("etag", etag)
        await asyncio.sleep(EVERY)
    connection.close()


async def minute(base: Site, crowd: dict[str, Any], pages: int, seconds: float) -> Seen:
    seen = Seen()
    until = time.monotonic() + seconds + 5
    await asyncio.gather(
        *(learner(base, crowd, person, seconds, seen) for person in crowd["people"]),
        *(live_page(base, crowd, number, until, seen) for number in range(pages)),
    )
    return seen


CHECK = """
from classrooms.models import Sitting
from quizzes.models import Response
done = Sitting.objects.submitted()
twice = Response.objects.count() - Response.objects.values("item").distinct().count()
print(done.count(), Response.objects.count(), twice, done.filter(score=None).count())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    cluster_or_none = postgres() if options.postgres else nullcontext()
    with cluster_or_none as cluster, site(database=cluster.url if cluster else "") as base:
        command = [sys.executable, "-m", "benchmarks.classes", str(options.learners)]
        made = subprocess.run(command, env=base.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        crowd = json.loads(made.stdout.splitlines()[-1])
        base.start()
        seen = asyncio.run(minute(base, crowd, options.pages, options.seconds))
        print(f"memory: {base.memory_megabytes:.0f} MB")
        base.stop()
        done, answers, twice, unscored = map(int, base.manage("shell", "--no-imports", "-c", CHECK).split())
    print(f"{'':10}{'n':>7}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    for name, times in seen.times.items():
        times.sort()
        row = "".join(f"{1000 * quantile(times, share):9.1f}" for share in (0.5, 0.95, 1.0))
        print(f"{name:10}{len(times):7d}{row}")
    print(dict(seen.statuses))
    print(f"{done} handed in, {answers} answers, {twice} counted twice, {unscored} without a score")
    refused = sum(n for name, n in seen.statuses.items() if not name.split()[-1].startswith(("2", "3")))
    expected = options.learners, options.learners * SAVED
    raise SystemExit(bool(refused or twice or unscored or (done, answers) != expected))


if __name__ == "__main__":
    main()
