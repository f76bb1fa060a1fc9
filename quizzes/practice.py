"""One learner answers: submissions, hints and flags; `start` begins a run.

Each verb is safe against being done twice at once. A submitted answer is decided by the database: the item is closed
by a conditional UPDATE (or locked, while a further try is open) and one response per item and try can exist, so of two
equal submissions the second finds the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from quizzes import memory
from quizzes.content import Content
from quizzes.generation.measures import text_length
from quizzes.kinds import KINDS
from quizzes.kinds.base import Outcome, Part
from quizzes.models import MAX_TRIES, AttemptItem, Flag, Grading, Response
from quizzes.runs import NothingToAskError, Place, finish, placed, prepared, start
from quizzes.scheduling import AGAIN, is_rapid, rating_for, study_day, usable_latency

__all__ = ["NothingToAskError", "RefusedError", "elapsed_ms", "flag", "start", "submit", "take_hint"]

ROUNDS = 10
"""How often to look again when another answer of the same run came between: one round per answer that did."""


class RefusedError(Exception):
    """The answer cannot be taken. `message` says why, for the learner."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


def elapsed_ms(item: AttemptItem, *, try_number: int, now: datetime) -> int | None:
    """Milliseconds from the first showing to the first answer; None when unknown, idle, or the clock went back."""
    if item.shown_at is None or try_number > 1:
        return None
    elapsed = round((now - item.shown_at).total_seconds() * 1000)
    return usable_latency(elapsed) if elapsed >= 0 else None


def take_hint(item: AttemptItem, *, level: int | None = None) -> bool:
    """Take the hint at `level` (the next one by default) unless it was taken, is not offered, or all is answered."""
    level = item.hints_taken + 1 if level is None else level
    if not KINDS[item.version.content.kind].hint(item.version.content, level):
        return False
    taken = AttemptItem.objects.filter(pk=item.pk, answered_at=None, hints_taken=level - 1).update(hints_taken=level)
    return bool(taken)


def flag(item: AttemptItem, learner: User, *, reason: str, comment: str = "") -> Flag:
    """Keep what seems wrong with the question; the first word of a learner about an item stands."""
    return Flag.objects.get_or_create(item=item, learner=learner, defaults={"reason": reason, "comment": comment})[0]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was submitted, and how it was judged."""

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


def submit(
    item: AttemptItem,
    *,
    answer: Any = None,
    gave_up: bool = False,
    try_number: int,
    elapsed_ms: int | None = None,
    now: datetime,
    place: Place | None = None,
) -> Response:
    """Judge and keep an answer; the same item and try again gives what is recorded.

    `answer` is what the kind's `read` returned. `place` spares a query when it came with the item. Raises RefusedError
    when the item takes no (such) answer any more.
    """
    judged = _judge(item.version.content, answer, gave_up, try_number, elapsed_ms, now)
    for _round in range(ROUNDS):
        if place is None:
            item, place = placed(AttemptItem.objects.filter(pk=item.pk))
        recorded = _recorded(item, place, try_number)
        if recorded is not None:
            return recorded
        try:
            return _keep(item, place, judged)
        except (IntegrityError, _ChangedMeanwhileError):
            place = None
    raise RefusedError(_("This question is being answered somewhere else. Try again."))


def _judge(
    content: Content, answer: Any, gave_up: bool, try_number: int, elapsed_ms: int | None, now: datetime
) -> _Answer:
    """Everything that needs no database, so that no transaction waits for it."""
    kind = KINDS[content.kind]
    if gave_up:
        given = kind.grade(content, kind.read(content, {}), is_final=True)
        outcome = replace(given, verdict="wrong", rule="gave_up", score=0.0, may_retry=False)
        return _Answer(None, True, try_number, elapsed_ms, False, outcome, now)
    outcome = kind.grade(content, answer, is_final=try_number == MAX_TRIES)
    shown = content.stem, *(content.options or ()), *content.premises, *content.responses, *content.items
    rapid = is_rapid(elapsed_ms, length=sum(text_length(text) for text in shown))
    return _Answer(answer, False, try_number, elapsed_ms, rapid, outcome, now)


def _recorded(item: AttemptItem, place: Place, try_number: int) -> Response | None:
    """The response that this try already has. Raises RefusedError when the item takes no further one."""
    if 1 <= try_number <= place.tries:
        return item.responses.get(try_number=try_number)
    if item.is_answered:
        raise RefusedError(_("This question is already answered. The answer recorded first stands."))
    if item.attempt.is_finished:
        raise RefusedError(_("This run is finished. Nothing was changed."))
    if not item.version.question.is_active:
        raise RefusedError(_("This question has been withdrawn. It does not count."))
    if not place.tries < try_number <= min(place.tries + 1, MAX_TRIES):
        raise RefusedError(_("This page was out of date. Answer again."))
    return None


class _ChangedMeanwhileError(Exception):
    """Somebody else's transaction was first; look again."""


@transaction.atomic
def _keep(item: AttemptItem, place: Place, judged: _Answer) -> Response:
    _lock(item, judged)
    gradings = _gradings(item, place.facts, judged)
    response = Response.objects.create(
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
        study_day=_study_day(item, judged),
        answered_at=judged.now,
    )
    for grading in gradings:
        grading.response = response
    memory.record(Grading.objects.bulk_create(gradings))
    if judged.is_final:
        item.answered_at = judged.now
        _go_on(item, place, gradings, judged)
    return response


def _lock(item: AttemptItem, judged: _Answer) -> None:
    """Close the item, or hold it while its next try stays open. Raises _ChangedMeanwhileError if it is not as read."""
    as_read = AttemptItem.objects.filter(pk=item.pk, answered_at=None, hints_taken=item.hints_taken)
    if judged.is_final:
        is_ours = as_read.update(answered_at=judged.now) == 1
    else:
        is_ours = as_read.select_for_update().first() is not None
    if not is_ours:
        raise _ChangedMeanwhileError


def _study_day(item: AttemptItem, judged: _Answer) -> date:
    return study_day(judged.now, ZoneInfo(item.attempt.learner.time_zone))


def _gradings(item: AttemptItem, facts: dict[str, int], judged: _Answer) -> list[Grading]:
    """One unsaved grading per fact that still exists; of several parts about one fact the worst counts."""
    content = item.version.content
    by_fact: dict[str, Part] = {}
    for part in judged.outcome.parts:
        if part.fact not in by_fact or not part.is_correct:
            by_fact[part.fact] = part
    return [
        Grading(
            learner_id=item.attempt.learner_id,
            fact_id=facts[key],
            question=item.version.question,
            kind=content.kind,
            is_productive=KINDS[content.kind].is_productive(content),
            is_correct=part.is_correct,
            is_first_try=judged.try_number == 1,
            rating=_rating(item, judged, part),
            confused_with=part.confused_with[:200],
            study_day=_study_day(item, judged),
            answered_at=judged.now,
        )
        for key, part in by_fact.items()
        if key in facts
    ]


def _rating(item: AttemptItem, judged: _Answer, part: Part) -> int | None:
    return rating_for(
        item.version.content,
        judged.outcome,
        part,
        try_number=judged.try_number,
        hints_taken=item.hints_taken,
        is_rapid=judged.is_rapid,
        gave_up=judged.gave_up,
    )


def _go_on(item: AttemptItem, place: Place, gradings: Sequence[Grading], judged: _Answer) -> None:
    """Ask a missed question once more at the end; otherwise close the run after its last item."""
    is_missed = judged.is_rapid or any(grading.rating == AGAIN for grading in gradings)
    if is_missed and not item.is_repeat:
        prepared(item.attempt, place.total + 1, item.version, is_repeat=True).save(force_insert=True)
    elif place.others_open == 0:
        finish(item.attempt, now=judged.now)
