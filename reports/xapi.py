"""A history as xAPI statements (ADL, Experience API 1.0.3): what was attempted, answered and completed, by whom.

Verbs and types are ADL's. An actor is an account of this site, with a number instead of a name of the account; nobody's
e-mail is given. The id of a statement follows from what it says, so that a record store that is given the same history
twice keeps it once. `version`, `stored` and `authority` are for the store to set (4.1.10 and others).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet

from curriculum.models import Course
from quizzes.models import Attempt, Response
from quizzes.recap import in_words
from reports.evidence import answers

VERBS = {name: f"http://adlnet.gov/expapi/verbs/{name}" for name in ("attempted", "answered", "completed")}
TYPES = {name: f"http://adlnet.gov/expapi/activities/{name}" for name in ("course", "assessment", "question")}
PLATFORM = "Jingdu"
AT_ONCE = 200
"""Runs that are read together."""

Data = dict[str, Any]


def runs(learners: Collection[int], course: Course, *, now: datetime, is_told: bool) -> QuerySet[Attempt]:
    """The runs of people (row ids) in a course; with `is_told` those of which the learner may know the results."""
    own = Attempt.objects.filter(learner__in=learners, course=course).order_by("started_at", "pk")
    return own.told_by(now) if is_told else own


def actor(home: str, person: int, name: str) -> Data:
    """An account of the site. A name that could be an address of e-mail is left out."""
    account = {"homePage": home, "name": f"person-{person}"}
    return {"objectType": "Agent", **({} if "@" in name else {"name": name}), "account": account}


def statements(attempts: QuerySet[Attempt], course: Course, actors: Mapping[int, Data], *, home: str) -> Iterator[Data]:
    """Run by run, each with its answers. Reads AT_ONCE runs at a time, with two queries for their answers."""
    ids = list(attempts.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = list(attempts.filter(pk__in=ids[start : start + AT_ONCE]).select_related("lesson"))
        given: dict[int, list[Response]] = {row.pk: [] for row in some}
        for response in answers(Attempt.objects.filter(pk__in=list(given))):
            given[response.item.attempt_id].append(response)
        for attempt in some:
            yield from _run(attempt, given[attempt.pk], course, actors[attempt.learner_id], home)


def _run(attempt: Attempt, responses: list[Response], course: Course, who: Data, home: str) -> Iterator[Data]:
    run = _run_activity(attempt, home)
    begun = {"actor": who, "context": _context(attempt, course, home)}
    yield _statement(home, f"attempted/{attempt.pk}", "attempted", run, attempt.started_at, **begun)
    for response in responses:
        context = _context(attempt, course, home, parent=run)
        about = {"actor": who, "context": context, "result": _result(response)}
        asked = _question(response, course, home)
        yield _statement(home, f"answered/{response.pk}", "answered", asked, response.answered_at, **about)
    if attempt.finished_at is not None:
        result = {"completion": True, "duration": duration(sum(row.elapsed_ms or 0 for row in responses))}
        yield _statement(home, f"completed/{attempt.pk}", "completed", run, attempt.finished_at, **begun, result=result)


def _statement(home: str, name: str, verb: str, activity: Data, at: datetime, **more: Any) -> Data:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{home}xapi/{name}")),
        "actor": more["actor"],
        "verb": {"id": VERBS[verb], "display": {"en-US": verb}},
        "object": activity,
        **({"result": more["result"]} if "result" in more else {}),
        "context": more["context"],
        "timestamp": at.isoformat(),
    }


def _context(attempt: Attempt, course: Course, home: str, *, parent: Data | None = None) -> Data:
    """The run as registration, the course as what it belongs to."""
    about = {"grouping": [_course(course, home)], **({"parent": [parent]} if parent else {})}
    registration = uuid.uuid5(uuid.NAMESPACE_URL, f"{home}xapi/runs/{attempt.pk}")
    return {
        "registration": str(registration),
        "contextActivities": about,
        "platform": PLATFORM,
        "language": course.language,
    }


def _course(course: Course, home: str) -> Data:
    definition = {
        "type": TYPES["course"],
        "name": {course.language: course.title},
        "extensions": {f"{home}xapi/edition-sha256": course.sha256},
    }
    return {"objectType": "Activity", "id": f"{home}courses/{quote(course.slug)}/", "definition": definition}


def _run_activity(attempt: Attempt, home: str) -> Data:
    definition = {"type": TYPES["assessment"], "name": {"en": f"{Attempt.Scope(attempt.scope).name.lower()} run"}}
    return {"objectType": "Activity", "id": f"{home}xapi/runs/{attempt.pk}", "definition": definition}


def _question(response: Response, course: Course, home: str) -> Data:
    """A question in the wording that was asked."""
    version = response.item.version
    address = f"{home}xapi/questions/{quote(course.slug)}/{quote(version.question.key)}/{version.number}"
    definition = {"type": TYPES["question"], "name": {course.language: version.content.stem}}
    return {"objectType": "Activity", "id": address, "definition": definition}


def _result(response: Response) -> Data:
    """Score, success, what was answered, and how long it took; the time where it is known."""
    given, _key = in_words(response.item.version.content, response)
    found: Data = {
        "score": {"scaled": response.score},
        "success": response.verdict == "correct",
        "completion": True,
        "response": given or ("" if response.gave_up else _plain(response.answer)),
    }
    if response.elapsed_ms is not None:
        found["duration"] = duration(response.elapsed_ms)
    return found


def _plain(answer: Any) -> str:
    """An answer of which no words are kept: text as it is, else as JSON."""
    return answer if isinstance(answer, str) else "" if answer is None else json.dumps(answer, ensure_ascii=False)


def duration(milliseconds: int) -> str:
    """ISO 8601, to the hundredth of a second (4.1.5: stores compare no finer)."""
    return f"PT{milliseconds / 1000:.2f}S"
