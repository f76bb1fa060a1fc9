"""What a learner brings from older editions: answers that count for the facts of a newer one, and wordings outdated.

A fact continues one of the edition that its course replaces (`Fact.older`). Where it says the same, every answer to
the older counts for it as well; where it was reworded nothing does, but the learner is told. Editions form lines of any
length, so the database walks them: recursive queries, the same in SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from curriculum.models import Course, Fact
from quizzes.models import Grading, MemoryState

WELL_LEARNED_DAYS = 2
"""Answered well on so many days, the newer wording needs no reminder of the older."""

_TABLES = {
    "fact": Fact._meta.db_table,
    "grading": Grading._meta.db_table,
    "memory": MemoryState._meta.db_table,
}
# heir: the facts asked for and those that continue them unchanged; line: whose answers count for each.
_HISTORY = """
WITH RECURSIVE
  heir(id) AS (
    SELECT id FROM {fact} WHERE id IN ({seeds})
    UNION SELECT newer.id FROM {fact} newer JOIN heir ON newer.older_id = heir.id WHERE NOT newer.is_reworded),
  line(target, id) AS (
    SELECT id, id FROM heir
    UNION SELECT line.target, fact.older_id FROM line JOIN {fact} fact ON fact.id = line.id
    WHERE fact.older_id IS NOT NULL AND NOT fact.is_reworded)
SELECT grading.*, line.target AS counts_for
FROM line JOIN {grading} grading ON grading.fact_id = line.id AND grading.learner_id = %s
LEFT JOIN {grading} later ON later.supersedes_id = grading.id
WHERE later.id IS NULL
ORDER BY grading.answered_at, grading.response_id, grading.id, line.target
"""
# line: all that a fact continues, how far back, and whether the words changed on the way.
_LINE = """
WITH RECURSIVE line(target, id, is_reworded, steps) AS (
    SELECT id, older_id, is_reworded, 1 FROM {fact} WHERE older_id IS NOT NULL AND id IN ({seeds})
    UNION SELECT line.target, fact.older_id, line.is_reworded OR fact.is_reworded, line.steps + 1
    FROM line JOIN {fact} fact ON fact.id = line.id WHERE fact.older_id IS NOT NULL)
"""
_OLDER = f"""{_LINE}
SELECT fact.*, line.target AS target, newer.key AS newer_key, newer.sentence_id AS newer_sentence,
  own.success_days AS success_days
FROM line JOIN {{fact}} fact ON fact.id = line.id
JOIN {{fact}} newer ON newer.id = line.target
JOIN {{memory}} memory ON memory.fact_id = line.id AND memory.learner_id = %s
LEFT JOIN {{memory}} own ON own.fact_id = line.target AND own.learner_id = %s
WHERE line.is_reworded AND (own.id IS NULL OR own.success_days < %s)
ORDER BY line.target, line.steps
"""
_ASKED = f"""{_LINE}
SELECT line.target FROM line JOIN {{memory}} memory ON memory.fact_id = line.id AND memory.learner_id = %s
WHERE line.is_reworded
"""


@dataclass(frozen=True, slots=True)
class Outdated:
    """A fact, by its key, that the learner knows in an older wording. `is_met`: it was asked in the newer one, too.

    `sentence`: row id of where the newer wording stands.
    """

    key: str
    sentence: int
    older: Fact
    is_met: bool


def history(learner_id: int, facts: QuerySet[Any]) -> Iterator[Grading]:
    """The standing gradings that decide the memory of `facts` (a query of row ids) and of all that continues them
    unchanged, in history order. One query.

    A grading comes once for each fact it counts for; that fact's row id is in its attribute `counts_for`.
    """
    seeds, params = facts.query.sql_with_params()
    return _history(seeds, params, learner_id)


def history_of(learner_id: int, facts: Collection[int]) -> Iterator[Grading]:
    """The same for facts by their row ids."""
    return _history(", ".join(["%s"] * len(facts)), facts, learner_id)


def _history(seeds: str, params: Iterable[Any], learner_id: int) -> Iterator[Grading]:
    rows = Grading.objects.raw(_HISTORY.format(seeds=seeds, **_TABLES), [*params, learner_id])
    return iter(rows.iterator())


def history_of_older(learner_id: int, facts: Collection[int]) -> list[Grading]:
    """Those of the gradings that decide the memory of `facts` (row ids) that were given to older editions."""
    rows = history_of(learner_id, facts)
    return [grading for grading in rows if counts_for(grading) in facts and counts_for(grading) != grading.fact_id]


def counts_for(grading: Grading) -> int:
    """The fact (row id) for whose memory a grading is replayed: its own, unless `history` says another."""
    return int(getattr(grading, "counts_for", grading.fact_id))


def outdated(learner_id: int, facts: QuerySet[Fact]) -> dict[int, Outdated]:
    """Those of `facts` that the learner knows in an older wording, by row id: the newest that was learned. One query.

    A fact that was answered well on two days in its newer wording is not outdated any more.
    """
    seeds, params = facts.order_by().values("pk").query.sql_with_params()
    sql = _OLDER.format(seeds=seeds, **_TABLES)
    found: dict[int, Outdated] = {}
    row: Any  # a fact with the further columns of the query
    for row in Fact.objects.raw(sql, [*params, learner_id, learner_id, WELL_LEARNED_DAYS]):
        found.setdefault(row.target, Outdated(row.newer_key, row.newer_sentence, row, row.success_days is not None))
    return found


def asked_in_older_words(learner_id: int | None, courses: Collection[Course]) -> Q | Value:
    """Of a fact of these courses, within a query: whether the learner was asked it in an older wording."""
    replacing = [course.pk for course in courses if course.replaces_id]
    if learner_id is None or not replacing:
        return Value(False)
    seeds, params = Fact.objects.filter(course__in=replacing).order_by().values("pk").query.sql_with_params()
    return Q(pk__in=RawSQL(_ASKED.format(seeds=seeds, **_TABLES), [*params, learner_id]))


def outdated_in(learner_id: int | None, courses: Collection[Course]) -> dict[int, Outdated]:
    """The same for whole courses; no query where none of them replaces another."""
    replacing = [course.pk for course in courses if course.replaces_id]
    if learner_id is None or not replacing:
        return {}
    return outdated(learner_id, Fact.objects.filter(course__in=replacing))
