"""What lies beyond one PostgreSQL: responses partitioned by learner, and reading from a replica that lags.

    .venv/bin/python -m benchmarks.beyond [--rows 1000000] [--lag 2]

Partitions: gradings of 5,000 learners in one table and in one with 16 hash partitions, both with the site's index; the
three statements of the hot path are timed on each. Replica: a streaming standby that applies changes `lag` seconds late
(recovery_min_apply_delay); the row that was just written is asked of it until it is there.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from benchmarks.serving import Postgres, postgres

LEARNERS, FACTS, PARTITIONS = 5_000, 170, 16
ROUNDS = 200

TABLE = """
CREATE TABLE {name} (id bigint GENERATED ALWAYS AS IDENTITY, learner_id integer NOT NULL, fact_id integer NOT NULL,
  rating smallint, is_correct boolean NOT NULL, answered_at timestamptz NOT NULL) {tail}
"""
FILL = """
INSERT INTO {name} (learner_id, fact_id, rating, is_correct, answered_at)
SELECT 1 + n % {learners}, 1 + (n * 7919) % {facts}, 1 + n % 3, n % 3 > 0, now() - n * interval '1 second'
FROM generate_series(1, {rows}) n
"""
STATEMENTS = {
    "history of one fact": "SELECT * FROM {name} WHERE learner_id = %(learner)s AND fact_id = %(fact)s"
    " ORDER BY answered_at",
    "a learner's newest 200": "SELECT * FROM {name} WHERE learner_id = %(learner)s ORDER BY answered_at DESC LIMIT 200",
    "one more answer": "INSERT INTO {name} (learner_id, fact_id, rating, is_correct, answered_at)"
    " VALUES (%(learner)s, %(fact)s, 3, true, now())",
}


def partitions(connection: psycopg.Connection[Any], rows: int) -> None:
    """One table beside sixteen."""
    for name, tail in (("plain", ""), ("split", "PARTITION BY HASH (learner_id)")):
        connection.execute(TABLE.format(name=name, tail=tail))
        for at in range(PARTITIONS if tail else 0):
            of = f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {at})"
            connection.execute(f"CREATE TABLE {name}_{at} PARTITION OF {name} {of}")
        connection.execute(FILL.format(name=name, learners=LEARNERS, facts=FACTS, rows=rows))
        connection.execute(f"CREATE INDEX ON {name} (learner_id, fact_id, answered_at)")
        connection.execute(f"ANALYZE {name}")
    print(f"{rows} gradings, median of {ROUNDS}, ms\n{'':26}{'one table':>10}{'16 parts':>10}")
    for what, statement in STATEMENTS.items():
        times = [median_ms(connection, statement.format(name=name)) for name in ("plain", "split")]
        print(f"{what:26}{times[0]:10.3f}{times[1]:10.3f}")


def median_ms(connection: psycopg.Connection[Any], statement: str) -> float:
    spent = []
    for at in range(ROUNDS):
        began = time.perf_counter()
        cursor = connection.execute(statement, {"learner": 1 + at * 37 % LEARNERS, "fact": 1 + at * 11 % FACTS})
        if cursor.description:
            cursor.fetchall()
        spent.append(1000 * (time.perf_counter() - began))
    return statistics.median(spent)


@contextmanager
def standby(primary: Postgres, lag: float) -> Iterator[Postgres]:
    """A streaming replica of `primary` that applies everything `lag` seconds late."""
    with TemporaryDirectory() as folder:
        made = Postgres(Path(folder))
        subprocess.run(["chown", "nobody", folder], check=False)
        source = f"host=127.0.0.1 port={primary.port} user=jingdu"
        made.run(["pg_basebackup", "-d", source, "-D", f"{folder}/data", "-R", "--checkpoint=fast"])
        with Path(folder, "data", "postgresql.auto.conf").open("a") as settings:
            settings.write(f"recovery_min_apply_delay = '{int(1000 * lag)}ms'\n")
        made.control("start")
        try:
            yield made
        finally:
            made.control("stop", "-m", "immediate")


def replica(primary: Postgres, lag: float) -> None:
    """How long an answer that was just given is not on the replica."""
    with psycopg.connect(primary.url, autocommit=True) as writer:
        writer.execute("CREATE TABLE written (id integer PRIMARY KEY)")
        with standby(primary, lag) as second, psycopg.connect(second.url, autocommit=True) as reader:
            waits = []
            for at in range(5):
                writer.execute("INSERT INTO written VALUES (%s)", [at])
                began = time.monotonic()
                while not reader.execute("SELECT 1 FROM written WHERE id = %s", [at]).fetchone():
                    if time.monotonic() - began > lag + 30:
                        raise SystemExit("the replica never saw the row")
                    time.sleep(0.01)
                waits.append(time.monotonic() - began)
    print(f"replica set to lag {lag:g} s: a row just written is there after {min(waits):.2f} to {max(waits):.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--lag", type=float, default=2.0)
    options = parser.parse_args()
    with postgres() as primary:
        with psycopg.connect(primary.url, autocommit=True) as connection:
            partitions(connection, options.rows)
        replica(primary, options.lag)


if __name__ == "__main__":
    main()
