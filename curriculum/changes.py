"""Two editions of a document sentence by sentence, for the page that shows what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from curriculum.editions import Row, sentence_diff
from curriculum.models import Course, Sentence
from curriculum.script import shown


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the comparison with the sentences that stand in it."""

    row: Row
    old: Sentence | None
    new: Sentence | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All sentences of both editions, in order; how many are changed, added, removed and the same."""

    changes: tuple[Change, ...]
    changed: int
    added: int
    removed: int
    same: int

    @property
    def differing(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.row.kind != "same")


def compared(old: Course, new: Course, script: str) -> Comparison:
    """Both editions as a reader of `script` ("" for a text that has one only) sees them. Two queries."""
    before, after = list(_sentences(old)), list(_sentences(new))
    rows = sentence_diff([_text(line, script) for line in before], [_text(line, script) for line in after])
    changes = tuple(_placed(rows, iter(before), iter(after)))
    counts = Counter(row.kind for row in rows)
    return Comparison(changes, counts["changed"], counts["added"], counts["removed"], counts["same"])


def _sentences(course: Course) -> QuerySet[Sentence]:
    return Sentence.objects.filter(passage__lesson__course=course).select_related("passage__lesson").order_by("start")


def _text(sentence: Sentence, script: str) -> str:
    return shown(sentence.text, script)


def _placed(rows: list[Row], before: Iterator[Sentence], after: Iterator[Sentence]) -> Iterator[Change]:
    for row in rows:
        yield Change(row, next(before) if row.old else None, next(after) if row.new else None)
