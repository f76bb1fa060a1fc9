"""What one answer is worth: judged once, then as the rows that keep it. Reads nothing; saves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from quizzes.content import Content
from quizzes.generation.measures import text_length
from quizzes.kinds import KINDS
from quizzes.kinds.base import Outcome, Part
from quizzes.models import MAX_TRIES, AttemptItem, Grading, Response
from quizzes.scheduling import is_rapid, rating_for, study_day


@dataclass(frozen=True, slots=True)
class Judged:
    """What was submitted, and how it was judged. `now`: when it was given."""

    answer: Any
    gave_up: bool
    try_number: int
    elapsed_ms: int | None
    is_rapid: bool
    outcome: Outcome
    now: datetime

    @property
    def is_final(self) -> bool:
        return not self.outcome.may_retry or self.try_number == MAX_TRIES


def judge(
    content: Content,
    answer: Any,
    *,
    gave_up: bool,
    try_number: int,
    elapsed_ms: int | None,
    is_only: bool,
    now: datetime,
) -> Judged:
    """Everything that needs no database, so that no transaction waits for it. `is_only`: there is no second try."""
    kind = KINDS[content.kind]
    if gave_up:
        given = kind.grade(content, kind.read(content, {}), is_final=True)
        outcome = replace(given, verdict="wrong", rule="gave_up", score=0.0, may_retry=False)
        return Judged(None, True, try_number, elapsed_ms, False, outcome, now)
    outcome = kind.grade(content, answer, is_final=is_only or try_number == MAX_TRIES)
    shown = content.stem, *(content.options or ()), *content.premises, *content.responses, *content.items
    rapid = is_rapid(elapsed_ms, length=sum(text_length(text) for text in shown))
    return Judged(answer, False, try_number, elapsed_ms, rapid, outcome, now)


def as_response(item: AttemptItem, judged: Judged, zone: ZoneInfo) -> Response:
    """An unsaved response; `zone` is the learner's."""
    return Response(
        item=item,
        try_number=judged.try_number,
        answer="" if judged.answer is None else judged.answer,
        verdict=judged.outcome.verdict,
        score=judged.outcome.score,
        rule=judged.outcome.rule,
        details=judged.outcome.details | {"parts": [asdict(part) for part in judged.outcome.parts]},
        hints_taken=item.hints_taken,
        gave_up=judged.gave_up,
        elapsed_ms=judged.elapsed_ms,
        is_rapid=judged.is_rapid,
        study_day=_day(judged, zone),
        answered_at=judged.now,
    )


def as_gradings(
    item: AttemptItem, judged: Judged, facts: Mapping[str, int], *, learner_id: int, zone: ZoneInfo
) -> list[Grading]:
    """One unsaved grading per fact that still exists; of several parts about one fact the worst counts.

    `facts`: row ids by key. The response is still to be set.
    """
    content = item.version.content
    by_fact: dict[str, Part] = {}
    for part in judged.outcome.parts:
        if part.fact not in by_fact or not part.is_correct:
            by_fact[part.fact] = part
    return [
        Grading(
            learner_id=learner_id,
            fact_id=facts[key],
            question_id=item.version.question_id,
            kind=content.kind,
            is_productive=KINDS[content.kind].is_productive(content),
            is_correct=part.is_correct,
            is_first_try=judged.try_number == 1,
            score=credit(content, judged.outcome, part),
            rating=_rating(item, judged, part),
            confused_with=part.confused_with[:200],
            study_day=_day(judged, zone),
            answered_at=judged.now,
        )
        for key, part in by_fact.items()
        if key in facts
    ]


def credit(content: Content, outcome: Outcome, part: Part) -> float:
    """What the answer earns for one fact, 0 to 1: a pair of a set all or nothing, else what the whole answer earns."""
    return float(part.is_correct) if content.kind == "matching" else outcome.score


def _day(judged: Judged, zone: ZoneInfo) -> date:
    return study_day(judged.now, zone)


def _rating(item: AttemptItem, judged: Judged, part: Part) -> int | None:
    return rating_for(
        item.version.content,
        judged.outcome,
        part,
        try_number=judged.try_number,
        hints_taken=item.hints_taken,
        is_rapid=judged.is_rapid,
        gave_up=judged.gave_up,
    )
