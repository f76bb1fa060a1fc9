"""A learner's evidence of one course: the document, its facts with what became of them, and every answer.

What became of a fact is replayed from the answers in the bundle and from nothing else, so that somebody who has the
bundle can work it out again. For the learner, answers to a quiz whose results are not told yet are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from classrooms.spreadsheets import csv_file
from curriculum.models import Course, Fact
from quizzes.memory import replay
from quizzes.models import Attempt, Grading, Response
from quizzes.recap import in_words
from quizzes.scheduling import FactState, Memory, fact_state, retrievability
from quizzes.standings import known_facts

STATE_WORDS = {
    FactState.NEW: gettext_lazy("New"),
    FactState.LEARNING: gettext_lazy("Learning"),
    FactState.CONSOLIDATING: gettext_lazy("Consolidating"),
    FactState.SECURE: gettext_lazy("Secure"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A fact, its lesson, and what the answers say about it. `recall`: the estimate at the time of the bundle."""

    fact: Fact
    state: FactState
    memory: Memory | None
    recall: float | None

    @property
    def words(self) -> str:
        return str(STATE_WORDS[self.state])


@dataclass(frozen=True, slots=True)
class Evidence:
    """`answers` are responses with item, version, run and gradings, the oldest first."""

    course: Course
    at: datetime
    outcomes: tuple[Outcome, ...]
    answers: tuple[Response, ...]

    @property
    def secure(self) -> int:
        return sum(row.state == FactState.SECURE for row in self.outcomes)

    @property
    def met(self) -> int:
        return sum(row.memory is not None for row in self.outcomes)

    @property
    def rows(self) -> list[tuple[Response, str, str]]:
        """Each answer with what was given and what was right, as texts."""
        return [(row, *in_words(row.item.version.content, row)) for row in self.answers]


def answers(attempts: QuerySet[Attempt]) -> QuerySet[Response]:
    """The answers of some runs, the oldest first, with all that is said about them. Two queries."""
    gradings = Grading.objects.in_history_order().select_related("fact", "superseded_by")
    rows = Response.objects.filter(item__attempt__in=attempts).order_by("answered_at", "pk")
    whole = rows.select_related("item__attempt", "item__version__question__lesson")
    return whole.prefetch_related(Prefetch("gradings", queryset=gradings))


def runs(learner: User, course: Course, *, now: datetime, for_learner: bool) -> QuerySet[Attempt]:
    """The runs of a course of which the answers may be given out."""
    own = Attempt.objects.filter(learner=learner, course=course)
    return own.told_by(now) if for_learner else own


def evidence(learner: User, course: Course, *, now: datetime, for_learner: bool) -> Evidence:
    """Six queries, however many answers there are."""
    rows = tuple(answers(runs(learner, course, now=now, for_learner=for_learner)))
    given = [grading for row in rows for grading in row.gradings.all()]
    memories = replay(sorted(given, key=lambda row: (row.answered_at, row.response_id, row.pk)))
    known = known_facts(None, [course])
    facts = Fact.objects.select_related("sentence__passage__lesson").in_bulk([row.pk for row in known])
    outcomes = tuple(
        Outcome(
            fact=facts[row.pk],
            state=fact_state(memories.get(row.pk), has_productive=row.has_productive),
            memory=memories.get(row.pk),
            recall=retrievability(memories[row.pk], now) if row.pk in memories else None,
        )
        for row in known
    )
    return Evidence(course, now, outcomes, rows)


def event(response: Response) -> dict[str, Any]:
    """One answer as data for JSON."""
    item, version = response.item, response.item.version
    given, key = in_words(version.content, response)
    return {
        "event": "answered",
        "id": response.pk,
        "at": response.answered_at.isoformat(),
        "study_day": response.study_day.isoformat(),
        "run": item.attempt_id,
        "scope": item.attempt.scope,
        "question": version.question.key,
        "version": version.number,
        "version_sha256": version.digest,
        "kind": version.question.kind,
        "stem": version.content.stem,
        "answer": response.answer,
        "given": given,
        "right_answer": key,
        "try": response.try_number,
        "verdict": response.verdict,
        "score": response.score,
        "hints": response.hints_taken,
        "gave_up": response.gave_up,
        "is_repeat": item.is_repeat,
        "elapsed_ms": response.elapsed_ms,
        "facts": [
            {
                "fact": grading.fact.key,
                "is_correct": grading.is_correct,
                "rating": grading.rating,
                "taken_for": grading.confused_with,
                "is_superseded": hasattr(grading, "superseded_by"),
            }
            for grading in response.gradings.all()
        ],
    }


def outcome(row: Outcome) -> dict[str, Any]:
    """A fact and what became of it as data for JSON."""
    sentence, memory = row.fact.sentence, row.memory
    return {
        "fact": row.fact.key,
        "lesson": sentence.passage.lesson.key,
        "sentence": sentence.key,
        "start": row.fact.start,
        "end": row.fact.end,
        "subject": row.fact.subject,
        "text": row.fact.text,
        "state": str(row.state),
        "reviews": memory.reviews if memory else 0,
        "lapses": memory.lapses if memory else 0,
        "success_days": memory.success_days if memory else 0,
        "first_seen_at": memory.first_seen_at.isoformat() if memory else None,
        "last_review_at": memory.last_review_at.isoformat() if memory else None,
        "stability_days": round(memory.stability, 3) if memory else None,
        "recall": None if row.recall is None else round(row.recall, 4),
    }


def files(found: Evidence) -> dict[str, bytes]:
    """The files of the bundle but for its page and its events."""
    course = found.course
    about = {name: getattr(course, name) for name in ("slug", "title", "issuer", "date", "language", "sha256")}
    rows = [outcome(row) for row in found.outcomes]
    events = [event(row) for row in found.answers]
    return {
        "document.txt": course.text.encode(),
        "course.json": _json(about),
        "facts.json": _json(rows),
        "facts.csv": csv_file(_lines(rows)),
        "events.csv": csv_file(_lines(_flat(events))),
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def _flat(events: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The events for a spreadsheet: what is a list or a truth value as text."""
    for row in events:
        plain = {name: value for name, value in row.items() if name not in ("answer", "facts")}
        facts = row["facts"]
        plain["facts_right"] = " ".join(one["fact"] for one in facts if one["is_correct"] and not one["is_superseded"])
        plain["facts_wrong"] = " ".join(
            one["fact"] for one in facts if not one["is_correct"] and not one["is_superseded"]
        )
        yield {name: int(value) if isinstance(value, bool) else value for name, value in plain.items()}


def _lines(rows: Iterable[dict[str, Any]]) -> list[list[Any]]:
    rows = list(rows)
    head = list(rows[0]) if rows else []
    return [head, *(list(row.values()) for row in rows)]
