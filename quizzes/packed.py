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
from itertools import compress
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

FACT, COLUMNS = "q", "dqqH"
"""The columns of `Packed` in the letters of `struct`, little-endian; a byte of flags comes last."""
RECORD = struct.calcsize(f"<{FACT}{COLUMNS}B")
MOST_LAYOUTS = 2_000


class Record(NamedTuple):
    """One fact (row id) in figures: moments in microseconds since 1970."""

    fact: int
    stability: float
    reviewed_at: int
    due_at: int
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


class Packed(NamedTuple):
    """Facts in ascending order of their row ids, a column each of what `Record` holds of them."""

    facts: tuple[int, ...]
    stability: tuple[float, ...]
    reviewed_at: tuple[int, ...]
    due_at: tuple[int, ...]
    reviews: tuple[int, ...]
    flags: bytes

    def recall(self, at: datetime) -> list[float]:
        """Predicted recall of each fact, as `KnownFact.recall` has it: 0 for what was missed each time."""
        then, factor = microseconds(at), FACTOR / DAY
        return [
            (1 + factor * (then - reviewed if then > reviewed else 0) / stability) ** -DECAY
            if flags & EVER_RIGHT
            else 0.0
            for stability, reviewed, flags in zip(self.stability, self.reviewed_at, self.flags, strict=True)
        ]

    def due(self, at: datetime) -> int:
        """How many facts are due."""
        then = microseconds(at)
        return sum([due <= then for due in self.due_at])

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

    def last_review_at(self) -> datetime:
        """When one of the facts was last reviewed."""
        return EPOCH + max(self.reviewed_at) * MICROSECOND

    def only(self, facts: Container[int]) -> Packed:
        """The same without facts that are not among these."""
        kept = [fact in facts for fact in self.facts]
        *columns, flags = self
        return Packed._make([*(tuple(compress(column, kept)) for column in columns), bytes(compress(flags, kept))])


def microseconds(at: datetime) -> int:
    """Since 1970."""
    return (at - EPOCH) // MICROSECOND


def pack(records: Collection[Record]) -> bytes:
    """Records of different facts as one value; their order does not matter."""
    columns = zip(*sorted(records), strict=True)
    letters = "".join(f"{len(records)}{letter}" for letter in f"{FACT}{COLUMNS}B")
    return struct.pack(f"<{letters}", *(value for column in columns for value in column))


def unpack(packed: bytes) -> Packed:
    """What was packed."""
    count = len(packed) // RECORD
    begins, layout, columns = _layout(count)
    values = layout.unpack_from(packed, begins)
    facts = _facts(packed[:begins])
    return Packed._make([facts, *[values[column] for column in columns], packed[-count:] if count else b""])


@cache
def _layout(count: int) -> tuple[int, struct.Struct, list[slice]]:
    """Of so many facts: where their row ids end, what follows, and where each column of it is."""
    layout = struct.Struct("<" + "".join(f"{count}{letter}" for letter in COLUMNS))
    return (
        struct.calcsize(f"<{count}{FACT}"),
        layout,
        [slice(at * count, (at + 1) * count) for at in range(len(COLUMNS))],
    )


@lru_cache(maxsize=MOST_LAYOUTS)
def _facts(packed: bytes) -> tuple[int, ...]:
    """The row ids; in a class that is well on its way, most learners have met the same facts of a lesson."""
    return struct.unpack(f"<{len(packed) // struct.calcsize(FACT)}{FACT}", packed)


def merged(packed: bytes, newer: Iterable[Record]) -> bytes:
    """The same with these records instead of those of the same facts."""
    found = {record.fact: record for record in records(packed)}
    return pack((found | {record.fact: record for record in newer}).values())


def without(packed: bytes, facts: Container[int]) -> bytes:
    """The same without these facts."""
    return pack([record for record in records(packed) if record.fact not in facts])


def records(packed: bytes) -> Iterable[Record]:
    """What was packed, in ascending order of facts."""
    columns: Iterable[Any] = zip(*unpack(packed), strict=True)
    return map(Record._make, columns)
