"""One learner answers: submissions, hints and flags; `start` begins a run.

Each verb is safe against being done twice at once. A submitted answer is decided by the database: the item is closed
by a conditional UPDATE (or locked, while a further try is open) and one response per item and try can exist, so of two
equal submissions the second finds the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, IntegerField, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.statements import Insertion, Slot, Statement
from quizzes import memory
from quizzes.judging import Judged, as_gradings, as_response, judge
from quizzes.kinds import KINDS
from quizzes.models import MAX_TRIES, AttemptItem, Flag, Grading, Response
from quizzes.runs import NothingToAskError, Place, finish, placed, prepared, start
from quizzes.scheduling import AGAIN, usable_latency

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
    when the item takes no (such) answer any more, and IntegrityError where the database refuses it although nothing
    came between: that is a fault of ours, which must not be told as somebody else's answer.
    """
    judged = judge(
        item.version.content,
        answer,
        gave_up=gave_up,
        try_number=try_number,
        elapsed_ms=elapsed_ms,
        is_only=False,
        now=now,
    )
    refused: tuple[Place, IntegrityError] | None = None
    for _round in range(ROUNDS):
        if place is None:
            item, place = placed(item.pk)
        recorded = _recorded(item, place, try_number)
        if recorded is not None:
            return recorded
        try:
            return _keep(item, place, judged)
        except _ChangedMeanwhileError:
            refused = None
        except IntegrityError as error:
            refused = place, error
        place = None
    if refused is not None and placed(item.pk)[1] == refused[0]:
        raise refused[1]
    raise RefusedError(_("This question is being answered somewhere else. Try again."))


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
def _keep(item: AttemptItem, place: Place, judged: Judged) -> Response:
    _lock(item, judged)
    learner = item.attempt.learner
    zone = ZoneInfo(learner.time_zone)
    gradings = as_gradings(item, judged, place.facts, learner_id=learner.pk, zone=zone)
    response = as_response(item, judged, zone)
    RESPONSES.insert([response])
    for grading in gradings:
        grading.response = response
    GRADINGS.insert(gradings)
    memory.record(gradings)
    if judged.is_final:
        item.answered_at = judged.now
        _go_on(item, place, gradings, judged)
    return response


def _lock(item: AttemptItem, judged: Judged) -> None:
    """Close the item, or hold it while its next try stays open. Raises _ChangedMeanwhileError if it is not as read."""
    as_read = {"item": item.pk, "hints": item.hints_taken}
    is_ours = CLOSE.change(**as_read, now=judged.now) == 1 if judged.is_final else bool(HOLD.rows(**as_read))
    if not is_ours:
        raise _ChangedMeanwhileError


def _as_read() -> QuerySet[AttemptItem]:
    hints = Slot("hints", IntegerField())
    return AttemptItem.objects.filter(pk=Slot("item", IntegerField()), answered_at=None, hints_taken=hints)


RESPONSES, GRADINGS = Insertion(Response), Insertion(Grading)
CLOSE = Statement(_as_read, answered_at=Slot("now", DateTimeField()))
HOLD = Statement(lambda: _as_read().select_for_update())


def _go_on(item: AttemptItem, place: Place, gradings: Sequence[Grading], judged: Judged) -> None:
    """Ask a missed question once more at the end; otherwise close the run after its last item."""
    is_missed = judged.is_rapid or any(grading.rating == AGAIN for grading in gradings)
    if is_missed and not item.is_repeat:
        prepared(item.attempt, place.total + 1, item.version, is_repeat=True).save(force_insert=True)
    elif place.others_open == 0:
        finish(item.attempt, now=judged.now)
