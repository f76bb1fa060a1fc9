"""Answers graded again: what another key says of one, the gradings that replace the old ones, and who is told.

A replaced grading is kept; the response stays as it was. Floors above keep things that follow from gradings: their
modules are named in `settings.REGRADING` and called in the same transaction, so that nothing is stale in between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

from accounts.models import User
from quizzes import memory
from quizzes.content import Content
from quizzes.item_statistics import mistakes
from quizzes.judging import credit
from quizzes.kinds import KINDS
from quizzes.models import MAX_TRIES, Attempt, Grading, Notice, QuestionVersion, Response
from quizzes.scheduling import rating_for


class Follower(Protocol):
    """A module of a floor above that keeps something which follows from gradings."""

    def follow(self, attempts: Collection[int], *, actor: User | None, reason: str, now: datetime) -> None:
        """Bring it up to date for these runs (row ids). Runs inside the transaction of the regrade."""


def with_key_of(asked: Content, current: Content) -> Content | None:
    """The wording that was asked with the key that the question has now; None where the two cannot be compared: another
    kind, other options, other things to pair or to order."""
    if asked.kind != current.kind or (asked.options is None) != (current.options is None):
        return None
    if asked.kind == "matching":
        partners = {str(pair[0]): str(pair[1]) for pair in current.key}
        if set(partners) != set(asked.premises) or not set(partners.values()) <= set(asked.responses):
            return None
        return replace(asked, key=[[str(pair[0]), partners[str(pair[0])]] for pair in asked.key])
    if asked.kind == "ordering":
        return replace(asked, key=list(current.key)) if sorted(asked.items) == sorted(current.key) else None
    if asked.options is not None:
        return replace(asked, key=current.key) if current.key in asked.options else None
    typed = ("accepted", "prefixes", "suffixes", "confusions", "distractors")
    return replace(asked, key=current.key, **{name: getattr(current, name) for name in typed})


def key_now(version: QuestionVersion) -> Content | None:
    """`with_key_of` for a version that was asked and the current one of its question (needs `question__current`)."""
    current = version.question.current
    if current is None or current.pk == version.pk:
        return version.content
    return with_key_of(version.content, current.content)


def again(old: Grading, content: Content) -> Grading | None:
    """The unsaved grading that would be made by `content` now; None where nothing changes.

    Needs `response__item__attempt` and `fact`. Of several parts about one fact the worst counts.
    """
    response = old.response
    is_only = response.item.attempt.scope in Attempt.SET_BY_OTHERS
    outcome = KINDS[content.kind].grade(content, response.answer, is_final=is_only or response.try_number == MAX_TRIES)
    parts = [part for part in outcome.parts if part.fact == old.fact.key]
    if not parts:
        return None
    part = min(parts, key=lambda one: one.is_correct)
    rating = rating_for(
        content,
        outcome,
        part,
        try_number=response.try_number,
        hints_taken=response.hints_taken,
        is_rapid=response.is_rapid,
        gave_up=response.gave_up,
    )
    score = credit(content, outcome, part)
    if (part.is_correct, rating, score) == (old.is_correct, old.rating, worth(old)):
        return None
    return Grading(
        response=response,
        learner_id=old.learner_id,
        fact=old.fact,
        question_id=old.question_id,
        kind=old.kind,
        is_productive=old.is_productive,
        is_correct=part.is_correct,
        is_first_try=old.is_first_try,
        score=score,
        rating=rating,
        confused_with=part.confused_with[:200],
        supersedes=old,
        study_day=old.study_day,
        answered_at=old.answered_at,
    )


def worth(grading: Grading) -> float:
    """What it earned; of those made before this was kept, what the whole response did."""
    return grading.response.score if grading.score is None else grading.score


def settle(fresh: Collection[Grading], *, actor: User | None, reason: str, now: datetime) -> None:
    """After new gradings were saved: memories, who is told, and what floors above keep. Run inside the transaction.

    Needs `response__item__attempt` and `response__item__version` of each.
    """
    for learner in User.objects.filter(pk__in={grading.learner_id for grading in fresh}).order_by("pk"):
        memory.rebuild(learner)
    _tell(fresh, now)
    attempts = {grading.response.item.attempt_id for grading in fresh}
    for path in settings.REGRADING:
        cast(Follower, import_module(path)).follow(attempts, actor=actor, reason=reason, now=now)


def _tell(fresh: Iterable[Grading], now: datetime) -> None:
    """One notice for each learner and question whose answer counts now, unless the result is not told yet."""
    told: dict[tuple[int, int], Notice] = {}
    for grading in fresh:
        item = grading.response.item
        if grading.is_correct and item.attempt.is_told(now):
            text, stem = _given(grading.response), item.version.content.stem
            notice = Notice(learner_id=grading.learner_id, question_id=grading.question_id, answer=text, stem=stem)
            told[grading.learner_id, grading.question_id] = notice
    Notice.objects.bulk_create(told.values())


def _given(response: Response) -> str:
    """What the learner answered that did not count at first, as it was written."""
    return "、".join(mistakes(response.details))[:500]
