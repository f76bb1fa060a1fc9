"""Cost, queries and bytes of each page for one class of 1,000 learners whose history grows a hundredfold.

    .venv/bin/python -m benchmarks.reports [--learners 1000] [--responses 10000,100000,1000000] [--most 1.5] [--busy]

The history is that of `benchmarks.history`, with --busy without its quiet end.

The cost of a page is the least of nine in-process requests, in processor time, because what else the machine does then
matters least; SQLite works in the same process, so all its work is in it. PostgreSQL works in a process of its own, so
there the time that requests wait for its answers is added. The time on the clock stands beside it. The ratio is of the
cost, of the last column to the first. Fails if a page asks more than 20 queries, weighs more than 80 kB or has a ratio
above --most.

The last line is one answer and the page that follows it, the mean of twenty by one learner, the least of three such
runs: ten times the history (the learner's own and the class's) may cost 1.2 times as much.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from benchmarks.history import LEARNERS, TEACHERS, History, site

ROUNDS = 9
MOST_QUERIES = 20
MOST_BYTES = 80_000
ANSWERS, RUNS = 20, 3
MOST_TENFOLD = 1.2


@dataclass(frozen=True, slots=True)
class Measured:
    """`cost` and `wall` in milliseconds."""

    cost: float
    wall: float
    queries: int
    size: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=1_000)
    parser.add_argument("--responses", default="10000,100000,1000000")
    parser.add_argument("--most", type=float, default=1.5, help="the highest ratio that passes")
    parser.add_argument("--data", help="a folder to keep the database in; a history that is there goes on")
    parser.add_argument("--busy", action="store_true", help="ten answers a day of each learner until now")
    options = parser.parse_args()
    with site(options.data):
        sizes = sorted(int(size) for size in options.responses.split(","))
        sys.exit(0 if report(History(options.learners, is_busy=options.busy), sizes, options.most) else 1)


def report(history: History, sizes: list[int], most: float) -> bool:
    """Fill the class up to each size, measure every page, print a table; whether all passed."""
    columns: list[dict[str, Measured]] = []
    remembered, answers = [], []
    for size in sizes:
        began = time.perf_counter()
        history.grow_to(size)
        print(f"{size:,} responses: written and rebuilt in {time.perf_counter() - began:.0f} s", flush=True)
        remembered.append(history.remembered)
        columns.append(measure(history))
        answers.append(min(_answers(history) for _run in range(RUNS)))
    print(f"\n{'responses':38}{'':>14}" + "".join(f"{size:>16,}" for size in sizes))
    print(f"{'learner x fact rows':38}{'':>14}" + "".join(f"{rows:>16,}" for rows in remembered))
    print(f"{'page':38}{'queries':>8}{'kB':>6}" + f"{'cost / wall ms':>16}" * len(sizes) + f"{'ratio':>8}")
    passed = sum(passes(name, [column[name] for column in columns], most) for name in columns[0])
    steps = [after[0] / before[0] for before, after in pairwise(answers)]
    print(f"{'answer and feedback':52}" + "".join(f"{f'{cost:.1f} / {wall:.1f}':>16}" for cost, wall in answers))
    print(f"{'':52}{'':16}" + "".join(f"{step:>16.2f}" for step in steps))
    return passed == len(columns[0]) and all(step <= MOST_TENFOLD for step in steps)


def passes(name: str, row: list[Measured], most: float) -> bool:
    """Print a page's row; whether it keeps to the limits."""
    queries, size = max(one.queries for one in row), max(one.size for one in row)
    ratio = row[-1].cost / row[0].cost
    costs = "".join(f"{f'{one.cost:.0f} / {one.wall:.0f}':>16}" for one in row)
    print(f"{name:38}{queries:>8}{size / 1000:>6.0f}{costs}{ratio:>8.2f}")
    return queries <= MOST_QUERIES and size <= MOST_BYTES and ratio <= most


def measure(history: History) -> dict[str, Measured]:
    """Every page."""
    from django.db import connection  # noqa: PLC0415 - only after setup

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    gc.collect()
    gc.freeze()  # what the simulation holds is not in a server; the collector would go through it at every page
    teacher, learner = history.visitors()
    visits = [(page, teacher) for page in TEACHERS] + [(page, learner) for page in LEARNERS]
    return {page: _measured(client, history.address(page)) for page, client in visits}


def _measured(client: Any, url: str) -> Measured:
    from django.db import connection  # noqa: PLC0415 - only after setup
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    assert client.get(url).status_code == 200, url
    with CaptureQueriesContext(connection) as queries:
        size = len(client.get(url).content)
        count = len(queries)
    rounds = [_timed(lambda: client.get(url)) for _ in range(ROUNDS)]
    return Measured(min(cost for cost, _wall in rounds), min(wall for _cost, wall in rounds), count, size)


def _answers(history: History) -> tuple[float, float]:
    """Cost and wall time of one answer with its feedback, in milliseconds."""
    _teacher, learner = history.visitors()
    attempt, forms = history.run_of(ANSWERS)
    addresses = [f"{attempt.get_absolute_url()}{at + 1}/" for at in range(ANSWERS)]
    for address in addresses:
        assert learner.get(address).status_code == 200, address

    def answer() -> None:
        for address, form in zip(addresses, forms, strict=True):
            assert learner.post(address, form).status_code in (302, 303), address
            learner.get(address)

    cost, wall = _timed(answer)
    history.forget(attempt)
    return cost / ANSWERS, wall / ANSWERS


def _timed(ask: Callable[[], Any]) -> tuple[float, float]:
    """Cost and wall time of one request, in milliseconds."""
    from django.db import connection  # noqa: PLC0415 - only after setup

    waited = 0.0

    def wait(execute: Any, *arguments: Any) -> Any:
        nonlocal waited
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            return execute(*arguments)
        finally:
            waited += time.perf_counter() - wall - (time.process_time() - cpu)

    wall, cpu = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(wait):
        ask()
    cost = time.process_time() - cpu + (waited if connection.vendor == "postgresql" else 0)
    return cost * 1000, (time.perf_counter() - wall) * 1000


if __name__ == "__main__":
    main()
