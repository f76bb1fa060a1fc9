"""What a learner remembers of all facts of a lesson in one value, for the pages about whole classes. Pure.

A class of 1,000 that has met 168 facts has 168,000 rows of `MemoryState`, and to add them up takes a database longer
than all else on a page. Packed by lesson they are 7,000 (`quizzes.models.LessonMemory`). Moments and stability are
those of `Memory`, to the microsecond and the last bit; what no page about a class asks for is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Container, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from quizzes.scheduling import (
    CONSOLIDATING_DAYS,
    DECAY,
    FACTOR,
    SECURE_DAYS,
    SECURE_KINDS,
    SECURE_SUCCESS_DAYS,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1) // MICROSECOND

EVER_RIGHT, PROVEN, RECALLED = 1, 2, 4
"""Flags of a fact: it was not missed each time; answered well on as many days and in as many kinds as secure needs;
answered well from memory."""

COLUMNS = "qdddHB"
"""How `struct` writes the fields of `Record`, little-endian. First all facts, then the stability of each, and so on: a
column can be read without the others."""
RECORD = struct.calcsize(f"<{COLUMNS}")
STABILITY, REVIEWED_AT, DUE_AT, REVIEWS, FLAGS = (struct.calcsize(f"<{COLUMNS[:at]}") for at in range(1, len(COLUMNS)))
"""Bytes of a record before these fields."""
MOST_LAYOUTS = 2_000


class Record(NamedTuple):
    """One fact (row id) in figures: moments in microseconds since 1970, exact in a float until the year 2255."""

    fact: int
    stability: float
    reviewed_at: float
    due_at: float
    reviews: int
    flags: int

    @classmethod
    def of(cls, fact: int, memory: Any) -> Record:
        """`memory`: a `Memory`, or a row of `MemoryState`, which has the same fields."""
        is_proven = memory.success_days >= SECURE_SUCCESS_DAYS and len(memory.kinds) >= SECURE_KINDS
        return cls(
            fact,
            memory.stability,
            microseconds(memory.last_review_at),
            microseconds(memory.due_at),
            memory.reviews,
            (memory.lapses < memory.reviews) * EVER_RIGHT
            + is_proven * PROVEN
            + memory.has_productive_success * RECALLED,
        )


class Packed:
    """What is remembered of `facts` (row ids, ascending), read column by column as it is asked for. `stability` is in
    days."""

    __slots__ = ("facts", "packed", "stability")

    def __init__(self, packed: bytes) -> None:
        self.packed = packed
        self.facts = _facts(packed[: len(packed) // RECORD * STABILITY])
        self.stability = self._floats(STABILITY)

    def recall(self, at: datetime) -> list[float]:
        """Predicted recall of each fact, as `KnownFact.recall` has it: 0 for what was missed each time."""
        then, factor = microseconds(at), FACTOR / DAY
        return [
            (1 + factor * (then - reviewed if then > reviewed else 0.0) / stability) ** -DECAY
            if flags & EVER_RIGHT
            else 0.0
            for stability, reviewed, flags in zip(self.stability, self._floats(REVIEWED_AT), self.flags, strict=True)
        ]

    def due(self, at: datetime) -> int:
        """How many facts are due."""
        then = microseconds(at)
        return sum([due <= then for due in self._floats(DUE_AT)])

    def consolidating(self) -> int:
        """How many facts `fact_state` calls consolidating or secure."""
        return sum([stability >= CONSOLIDATING_DAYS for stability in self.stability])

    def secure(self, has_productive: Mapping[int, bool]) -> int:
        """How many facts `fact_state` calls secure; `has_productive` as there, by fact."""
        return sum(
            [
                flags & PROVEN > 0 and (flags & RECALLED > 0 or not has_productive[fact])
                for fact, stability, flags in zip(self.facts, self.stability, self.flags, strict=True)
                if stability >= SECURE_DAYS
            ]
        )

    def answers(self) -> int:
        """On how many days each fact was asked, added up."""
        return sum(self.reviews)

    def last_review_at(self) -> float:
        """When one of the facts was last reviewed, in microseconds; see `moment`."""
        return max(self._floats(REVIEWED_AT))

    def only(self, facts: Container[int]) -> Packed:
        """The same without facts that are not among these."""
        return Packed(pack([record for record in records(self.packed) if record.fact in facts]))

    @property
    def flags(self) -> bytes:
        return self.packed[len(self.facts) * FLAGS :]

    @property
    def reviews(self) -> tuple[int, ...]:
        count = len(self.facts)
        return _layout(count, "H").unpack_from(self.packed, count * REVIEWS)

    def _floats(self, column: int) -> tuple[float, ...]:
        count = len(self.facts)
        return _layout(count, "d").unpack_from(self.packed, count * column)


def microseconds(at: datetime) -> float:
    """Since 1970, a whole number."""
    return float((at - EPOCH) // MICROSECOND)


def moment(at: float) -> datetime:
    """The moment so many microseconds after 1970 began."""
    return EPOCH + int(at) * MICROSECOND


@cache
def _layout(count: int, letter: str) -> struct.Struct:
    return struct.Struct(f"<{count}{letter}")


@lru_cache(maxsize=MOST_LAYOUTS)
def _facts(packed: bytes) -> tuple[int, ...]:
    """The row ids; in a class that is well on its way, most learners have met the same facts of a lesson."""
    return struct.unpack(f"<{len(packed) // STABILITY}{COLUMNS[0]}", packed)


def pack(records: Collection[Record]) -> bytes:
    """Records of different facts as one value; their order does not matter."""
    columns = zip(*sorted(records), strict=True)
    letters = "".join(f"{len(records)}{letter}" for letter in COLUMNS)
    return struct.pack(f"<{letters}", *(value for column in columns for value in column))


def records(packed: bytes) -> list[Record]:
    """What was packed, in ascending order of facts."""
    count = len(packed) // RECORD
    values = struct.unpack("<" + "".join(f"{count}{letter}" for letter in COLUMNS), packed)
    columns = [values[at * count : (at + 1) * count] for at in range(len(COLUMNS))]
    return [Record._make(row) for row in zip(*columns, strict=True)]


def merged(packed: bytes, newer: Iterable[Record]) -> bytes:
    """The same with these records instead of those of the same facts."""
    found = {record.fact: record for record in records(packed)}
    return pack((found | {record.fact: record for record in newer}).values())


def without(packed: bytes, facts: Container[int]) -> bytes:
    """The same without these facts."""
    return pack([record for record in records(packed) if record.fact not in facts])
