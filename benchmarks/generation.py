"""Import and generation for documents once to a thousand times as long as the white paper.

    .venv/bin/python -m benchmarks.generation [--most 1000] [--own]

The white paper over and over, under a heading of its own each time: its text for the import (read, cut, stored), its
lessons and facts for the generator, and with `--own` in characters of its own each time, so that no two copies say the
same. Every figure is taken in a process of its own: processor seconds, and megabytes at the peak, 60 of which are the
program.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

from benchmarks.serving import ROOT, Site

SIZES = (1, 3, 10, 30, 100, 300, 1000)
WIDTHS = (6, 12, 11, 10, 6, 10, 11, 12, 7)
HEADS = "times", "characters", "sentences", "import s", "MB", "facts", "questions", "generate s", "MB"
BODY = slice(63, 4079)
"""The white paper without its title and the notes of those who keep it."""
HAN, HOW_MANY, STEP = 0x4E00, 0x51A5, 131
NAMES = frozenset(
    "id lesson passage unit subject_entity group pool type kind family relation part_of no_kinds number".split()
)


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


def recoded(value: Any, table: dict[int, int]) -> Any:
    """The same in other characters; names by which things refer to each other stay."""
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, tuple):
        return tuple(recoded(part, table) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        own = (field.name for field in fields(value) if field.name not in NAMES)
        return replace(value, **{name: recoded(getattr(value, name), table) for name in own})
    return value


def in_own_characters(whole: Any, copies: int) -> Any:
    """Each copy of a tiled course in characters of its own."""
    tables = [{HAN + i: HAN + (i + copy * STEP) % HOW_MANY for i in range(HOW_MANY)} for copy in range(copies)]
    length, parts = len(whole.text) // copies, {}
    for name in ("lessons", "passages", "units", "entities", "facts"):
        rows = getattr(whole, name)
        each = len(rows) // copies
        parts[name] = tuple(recoded(row, tables[at // each]) for at, row in enumerate(rows))
    text = "".join(recoded(whole.text[at * length : (at + 1) * length], tables[at]) for at in range(copies))
    return replace(whole, text=text, **parts)


def imported(copies: int) -> dict[str, float]:
    """Read, cut and store the text so many times over."""
    from curriculum.importing import create_draft  # noqa: PLC0415 - only after setup
    from curriculum.management.commands.import_document import MOST_LINES  # noqa: PLC0415
    from curriculum.models import Sentence  # noqa: PLC0415
    from curriculum.outline import read_outline  # noqa: PLC0415
    from curriculum.sources import BY_COMMAND, read_source  # noqa: PLC0415

    text = (ROOT / "fixtures" / "cyberspace-2019.txt").read_text()
    parts = (f"第{copy}部分\n\n{text[BODY]}\n" for copy in range(1, copies + 1))
    data = (text[: BODY.start] + "".join(parts)).encode()
    began = time.process_time()
    source = read_source(data, "a.txt", limits=BY_COMMAND)
    create_draft(read_outline(source.text, most_lines=MOST_LINES), source)
    spent = time.process_time() - began
    return {"characters": len(source.text), "sentences": Sentence.objects.count(), "seconds": spent}


def generated(copies: int, *, is_own: bool) -> dict[str, float]:
    """Make the questions of the course so many times over."""
    from curriculum.fixture import load_fixture  # noqa: PLC0415 - only after setup
    from quizzes.generation.bank import generate  # noqa: PLC0415

    whole = tiled(load_fixture(ROOT / "fixtures" / "cyberspace-2019.json"), copies)
    whole = in_own_characters(whole, copies) if is_own else whole
    began = time.process_time()
    bank = generate(whole)
    return {"facts": len(whole.facts), "questions": len(bank), "seconds": time.process_time() - began}


def in_a_process(what: str, copies: int) -> dict[str, float]:
    """One figure, taken on an empty site."""
    with TemporaryDirectory() as folder:
        site = Site(Path(folder))
        site.manage("migrate", "--verbosity=0")
        command = [sys.executable, "-m", "benchmarks.generation", "--take", what, "--most", str(copies)]
        done = subprocess.run(command, env=site.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def take(what: str, copies: int) -> None:
    """Print one figure as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    found = imported(copies) if what == "import" else generated(copies, is_own=what == "own")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found | {"megabytes": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--own", action="store_true", help="each copy in characters of its own")
    parser.add_argument("--take", choices=("import", "same", "own"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.take:
        take(options.take, options.most)
        return
    print("".join(f"{head:>{width}}" for head, width in zip(HEADS, WIDTHS, strict=True)))
    for copies in (size for size in SIZES if size <= options.most):
        read = in_a_process("import", copies)
        made = in_a_process("own" if options.own else "same", copies)
        left = (
            f"{copies:6d}{read['characters']:12,}{read['sentences']:11,}{read['seconds']:10.2f}{read['megabytes']:6.0f}"
        )
        right = f"{made['facts']:10,}{made['questions']:11,}{made['seconds']:12.2f}{made['megabytes']:7.0f}"
        print(left + right, flush=True)


if __name__ == "__main__":
    main()
