"""How the database goes about each statement of the pages of a class and of an answer, over a long history.

    .venv/bin/python -m benchmarks.plans [--learners 1000] [--responses 1000000] [--quiet]

Prints every statement with its plan, for SQLite or (DATABASE_URL) PostgreSQL. Fails if one reads a table that grows
with every answer, or an index of it, from end to end. PostgreSQL may do so where it reckons that an index would take
longer; it fails if there is no index that serves. So may SQLite where there are few answers: below 1,000,000 that is
no fault. The history is that of `benchmarks.history`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.history import LEARNERS, TEACHERS, History, site

GROWING = {"quizzes_attempt", "quizzes_attemptitem", "quizzes_response", "quizzes_grading"}
SMALL = {"answered_not_counted"}
"""Indexes that hold only what is still to be done."""
WITH_A_PLAN = ("SELECT", "UPDATE", "DELETE", "WITH")

Statement = tuple[str, Any]
"""SQL and its parameters."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=1_000)
    parser.add_argument("--responses", type=int, default=1_000_000)
    parser.add_argument("--data", help="a folder to keep the database in; a history that is there goes on")
    parser.add_argument("--quiet", action="store_true", help="print only what fails")
    options = parser.parse_args()
    with site(options.data):
        history = History(options.learners)
        history.grow_to(options.responses)
        sys.exit(0 if check(history, is_quiet=options.quiet) else 1)


def check(history: History, *, is_quiet: bool) -> bool:
    """Print the plans; whether none reads a growing table from end to end."""
    from django.db import connection  # noqa: PLC0415 - only after setup

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    seen: set[str] = set()
    bad = 0
    for page, statement in _statements(history):
        if statement[0] in seen or not statement[0].lstrip().startswith(WITH_A_PLAN):
            continue
        seen.add(statement[0])
        scanned = _scanned(statement) - SMALL
        bad += bool(scanned)
        if scanned or not is_quiet:
            print(f"\n{page}\n{_shortened(statement[0])}\n" + "\n".join(f"    {line}" for line in _plan(statement)))
        if scanned:
            print(f"    READS ALL OF {', '.join(sorted(scanned))}")
    print(f"\n{history.size:,} responses, {len(seen)} statements, {bad} of them read a growing table from end to end")
    return bad == 0


def _statements(history: History) -> Iterator[tuple[str, Statement]]:
    """Each statement with the page that makes it."""
    from django.db import connection  # noqa: PLC0415 - only after setup

    teacher, learner = history.visitors()
    made: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        made.append((sql, params))
        return execute(sql, params, *rest)

    def visit(name: str, client: Any, address: str, fields: dict[str, str] | None = None) -> Iterator[Any]:
        with connection.execute_wrapper(note):
            answer = client.get(address) if fields is None else client.post(address, fields)
        assert answer.status_code < 400, address
        yield from ((name, statement) for statement in made)
        made.clear()

    for page in TEACHERS:
        yield from visit(page, teacher, history.address(page))
    for page in LEARNERS:
        yield from visit(page, learner, history.address(page))
    attempt, (fields,) = history.run_of(1)
    address = f"{attempt.get_absolute_url()}1/"
    yield from visit("a question", learner, address)
    yield from visit("an answer", learner, address, fields)
    yield from visit("its feedback", learner, address)
    history.forget(attempt)


def _plan(statement: Statement) -> list[str]:
    from django.db import connection  # noqa: PLC0415 - only after setup

    is_sqlite = connection.vendor == "sqlite"
    rows = _explained("EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN (COSTS OFF)", statement)
    return [str(row[-1]) for row in rows]


def _scanned(statement: Statement) -> set[str]:
    """The growing tables, or indexes of them, that a statement reads from end to end."""
    from django.db import connection  # noqa: PLC0415 - only after setup

    if connection.vendor == "sqlite":
        return _scanned_by_sqlite(statement)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
    (row,) = _explained("EXPLAIN (FORMAT JSON)", statement)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = on")
    found = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return set(_scanned_by_postgresql(found[0]["Plan"]))


def _scanned_by_sqlite(statement: Statement) -> set[str]:
    """From the program that SQLite makes, which has no aliases: what is opened, and rewound to be gone through."""
    from django.db import connection  # noqa: PLC0415 - only after setup

    with connection.cursor() as cursor:
        cursor.execute("SELECT rootpage, name, tbl_name FROM sqlite_master WHERE rootpage > 0")
        names = {root: name for root, name, table in cursor.fetchall() if table in GROWING}
    program = [row[1:4] for row in _explained("EXPLAIN", statement)]
    opened = {cursor: root for opcode, cursor, root in program if opcode in ("OpenRead", "OpenWrite", "ReopenIdx")}
    gone_through = {cursor for opcode, cursor, _root in program if opcode in ("Rewind", "Last")}
    return {names[opened[cursor]] for cursor in gone_through if opened.get(cursor) in names}


def _scanned_by_postgresql(node: dict[str, Any]) -> Iterator[str]:
    """Sequential scans, and those of an index without a condition."""
    is_whole = node["Node Type"] == "Seq Scan" or ("Index" in node["Node Type"] and "Index Cond" not in node)
    if is_whole and node.get("Relation Name") in GROWING:
        yield node.get("Index Name", node["Relation Name"])
    for inner in node.get("Plans", ()):
        yield from _scanned_by_postgresql(inner)


def _explained(how: str, statement: Statement) -> list[Any]:
    from django.db import connection  # noqa: PLC0415 - only after setup

    with connection.cursor() as cursor:
        cursor.execute(f"{how} {statement[0]}", statement[1])
        return list(cursor.fetchall())


def _shortened(sql: str) -> str:
    """Without the columns that are fetched and with one parameter for many."""
    while "%s, %s" in sql:
        sql = sql.replace("%s, %s", "%s")
    head, found, tail = sql.partition(" FROM ")
    return f"{head[:100]}{'…' if len(head) > 100 else ''}{found}{tail}"


if __name__ == "__main__":
    main()
