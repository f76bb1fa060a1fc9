"""Import and generation for documents once to a thousand times as long as the white paper.

    .venv/bin/python -m benchmarks.generation [--most 100] [--seconds 600]

The white paper repeated: its text for the import (an upload may have 1,000,000 characters; larger ones are refused),
its lessons and facts, each copy with names of its own, for the generator. Stops before a size that would take longer
than `seconds` if the time grew as it did last.
"""

from __future__ import annotations

import argparse
import os
import time
import tracemalloc
from dataclasses import replace
from typing import Any

import django

from benchmarks.serving import ROOT

SIZES = (1, 3, 10, 30, 100, 300, 1000)
WIDTHS = (6, 12, 10, 7, 8, 11, 12, 7)


def tiled(knowledge: Any, copies: int) -> Any:
    """The same course `copies` times over, one after the other."""
    length = len(knowledge.text)
    lessons, passages, units, entities, facts = [], [], [], [], []
    for copy in range(copies):
        at, mark = copy * length, f"~{copy}" if copy else ""
        lessons += [replace(row, id=row.id + mark, order=row.order + copy * 100) for row in knowledge.lessons]
        passages += [replace(row, id=row.id + mark, lesson=row.lesson + mark) for row in knowledge.passages]
        units += [
            replace(
                row,
                id=row.id + mark,
                lesson=row.lesson + mark,
                passage=row.passage + mark,
                start=row.start + at,
                end=row.end + at,
            )
            for row in knowledge.units
        ]
        entities += [
            replace(
                row,
                id=row.id + mark,
                part_of=tuple(key + mark for key in row.part_of),
                members=tuple(key + mark for key in row.members),
            )
            for row in knowledge.entities
        ]
        facts += [moved(row, at, mark) for row in knowledge.facts]
    parts = {"lessons": lessons, "passages": passages, "units": units, "entities": entities, "facts": facts}
    return replace(knowledge, text=knowledge.text * copies, **{name: tuple(rows) for name, rows in parts.items()})


def moved(fact: Any, at: int, mark: str) -> Any:
    """A fact of one copy."""

    def span(row: Any) -> Any:
        return None if row is None else replace(row, start=row.start + at, end=row.end + at)

    return replace(
        fact,
        id=fact.id + mark,
        unit=fact.unit + mark,
        start=fact.start + at,
        end=fact.end + at,
        left=span(fact.left),
        members=tuple(span(row) for row in fact.members),
        anchors=tuple(span(row) for row in fact.anchors),
        subject_entity=fact.subject_entity + mark if fact.subject_entity else "",
        group=fact.group + mark if fact.group else "",
        pool=fact.pool + mark if fact.pool else "",
    )


def measured(run: Any) -> tuple[float, float, Any]:
    """Seconds, peak megabytes, and what came of it."""
    began = time.perf_counter()
    found = run()
    spent = time.perf_counter() - began
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return spent, peak, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=600)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from curriculum.fixture import load_fixture  # noqa: PLC0415 - only after setup
    from curriculum.outline import read_outline  # noqa: PLC0415
    from curriculum.sources import UnreadableSourceError, read_source  # noqa: PLC0415
    from quizzes.generation.bank import generate  # noqa: PLC0415

    knowledge = load_fixture(ROOT / "fixtures" / "cyberspace-2019.json")
    heads = "times", "characters", "import s", "MB", "facts", "questions", "generate s", "MB"
    print("".join(f"{head:>{width}}" for head, width in zip(heads, WIDTHS, strict=True)))
    before: tuple[int, float] | None = None
    for copies in (size for size in SIZES if size <= options.most):
        if before and before[1] * (copies / before[0]) ** 2 > options.seconds:
            print(f"{copies:6d}: not tried, it could take longer than {options.seconds:g} s")
            break
        data = (knowledge.text * copies).encode()
        try:
            spent, peak, _outline = measured(lambda data=data: read_outline(read_source(data, "a.txt").text))
            imported = f"{spent:10.2f}{peak:7.0f}"
        except UnreadableSourceError:
            imported = f"{'refused':>10}{'':7}"
        whole = tiled(knowledge, copies)
        generated, size, bank = measured(lambda whole=whole: generate(whole))
        before = copies, generated
        made = f"{len(whole.facts):8,}{len(bank):11,}{generated:12.2f}{size:7.0f}"
        print(f"{copies:6d}{len(whole.text):12,}{imported}{made}", flush=True)


if __name__ == "__main__":
    main()
