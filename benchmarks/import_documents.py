"""How long an import takes, and how much memory: python benchmarks/import_documents.py [CHARACTERS]

Generated documents of each genre, 500,000 characters unless told otherwise; the best of three runs without, one run
with the memory counted. Nothing is written.
"""

from __future__ import annotations

import os
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from curriculum.outline import read_outline  # noqa: E402  (needs the settings)
from curriculum.sources import read_source  # noqa: E402


def law() -> Iterator[str]:
    article = 0
    yield "大法典\n\n"
    for chapter in range(1, 100_000):
        yield f"\n第{chapter}章　標題\n\n"
        for _ in range(20):
            article += 1
            yield f"第{article}條　為保障人民權益，機關應依法行政，並遵守下列規定：\n"
            yield "（一）不得濫權；\n（二）不得徇私。\n"


def paper() -> Iterator[str]:
    yield "白皮書\n\n前言\n\n  和平是人類的共同願望。\n\n"
    for number in range(1, 100_000):
        yield f"第{number}章 道路\n\n"
        for item in range(1, 6):
            yield f"  {item}.加強國際合作。堅持共商共建共享,推動共同發展。各方應完善機制、規則等。\n\n"


def treaty() -> Iterator[str]:
    yield "TREATY ON RIVERS\n\nThe Parties to this Treaty,\n\nRecalling the Charter,\n\nHave agreed as follows:\n\n"
    for article in range(1, 100_000):
        if article % 10 == 1:
            yield f"PART {article // 10 + 1}\n\nDUTIES\n\n"
        yield f"Article {article}\n\nDuty of care\n\n1. Each Party, e.g. a State under Art. 9, shall:\n"
        yield "(a) warn the others;\n(b) act at once.\n\n"
        yield "2. The U.N. Secretariat, c/o Mr. A. B. Smith, keeps the list. It is public.\n\n"


def one_sentence() -> Iterator[str]:
    yield "標題\n\n"
    for _ in range(1_000_000):
        yield "為人民服務，"


def points() -> Iterator[str]:
    while True:
        yield "1.1.(a) . . . "


def best(text: str) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        source = read_source(text.encode(), "a.txt")
        read_outline(source.text)
        times.append(time.perf_counter() - start)
    return min(times)


def peak(text: str) -> int:
    data = text.encode()
    tracemalloc.start()
    read_outline(read_source(data, "a.txt").text)
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size


def main() -> None:
    length = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    for genre in (law, paper, treaty, one_sentence, points):
        pieces, size = [], 0
        for piece in genre():
            pieces.append(piece)
            size += len(piece)
            if size >= length:
                break
        text = "".join(pieces)
        print(f"{genre.__name__:14} {size:9,} characters {best(text):6.2f} s {peak(text) / 1e6:6.1f} MB")


if __name__ == "__main__":
    main()
