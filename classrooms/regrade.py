"""After a key was corrected: which attempts at a quiz would earn something else, and regrading them.

Seen first, then confirmed: what is confirmed is what was seen, or nothing. New gradings replace the old ones, which are
kept; memories are replayed, scores written again, and each mark that changes gets a line in its history. Marks that
were set by hand stay as they are. Twice is once.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet

from accounts.models import User
from classrooms.answer_sheets import key_text
from classrooms.marking import tenths
from classrooms.marks import Cell, cells
from classrooms.models import Assignment, MarkChange, Member, Sitting
from quizzes import papers
from quizzes.models import AttemptItem, Grading, Response
from quizzes.recap import in_words
from quizzes.regrading import again, key_now, settle

ROUNDS = 3
"""How often to begin again when somebody decided about one of the marks at the same moment."""


class RegradedMeanwhileError(Exception):
    """What would change is not what was seen any more: somebody changed a key, handed in, or was first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that would earn something else: 0 to 1 before and after, and both keys as text."""

    position: int
    stem: str
    given: str
    key_before: str
    key_after: str
    before: float
    after: float

    @property
    def percents(self) -> tuple[float, float]:
        return tenths(100 * self.before), tenths(100 * self.after)


@dataclass(slots=True)
class Change:
    """One attempt that would change. `score` 0 to 1; None where no question is left."""

    sitting: Sitting
    after: float | None = None
    answers: list[Answer] = field(default_factory=list)
    fresh: list[Grading] = field(default_factory=list)

    @property
    def before(self) -> float | None:
        return self.sitting.score

    @property
    def percents(self) -> tuple[float, float]:
        return tenths(100 * (self.before or 0)), tenths(100 * (self.after or 0))


@dataclass(frozen=True, slots=True)
class Preview:
    """What a regrade would do. `apart`: stems of questions that were changed so that old answers cannot be compared."""

    changes: tuple[Change, ...]
    apart: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Equal for the same attempts, scores and gradings."""
        rows = [
            (change.sitting.pk, change.before, change.after, [_named(grading) for grading in change.fresh])
            for change in self.changes
        ]
        return hashlib.sha256(repr(rows).encode()).hexdigest() if rows else ""


def _named(grading: Grading) -> tuple[int | None, bool, float | None, int | None]:
    return grading.supersedes_id, grading.is_correct, grading.score, grading.rating


def preview(assignment: Assignment) -> Preview:
    """Attempts that were handed in and would earn something else by the keys of now. Five queries."""
    sittings = assignment.sittings.submitted().filter(member__status=Member.Status.ACTIVE)
    found = {
        one.attempt_id: Change(one) for one in sittings.select_related("member__user").order_by("member", "number")
    }
    earned: dict[int, list[float]] = defaultdict(list)
    apart: dict[str, None] = {}
    for item in _items(list(found)):
        change, given = found[item.attempt_id], list(item.responses.all())
        worth = _regraded(item, given[-1], change, apart) if given else 0.0
        if not item.version.question.is_suspended:
            earned[item.attempt_id].append(worth)
    for pk, change in found.items():
        change.after = sum(earned[pk]) / len(earned[pk]) if earned[pk] else None
    changes = [one for one in found.values() if one.fresh or _differ(one.before, one.after)]
    return Preview(tuple(changes), tuple(apart))


def _differ(before: float | None, after: float | None) -> bool:
    """Whether two scores are different by more than the last digit."""
    return (before is None) != (after is None) or abs((before or 0.0) - (after or 0.0)) > 1e-9


def _items(attempts: Sequence[int]) -> QuerySet[AttemptItem]:
    standing = Grading.objects.standing().select_related("fact").order_by("pk")
    responses = Response.objects.select_related("item__attempt", "item__version").order_by("try_number")
    responses = responses.prefetch_related(Prefetch("gradings", standing, to_attr="standing"))
    items = AttemptItem.objects.filter(attempt__in=attempts).select_related("version__question__current")
    return items.prefetch_related(Prefetch("responses", responses)).order_by("attempt", "position")


def _regraded(item: AttemptItem, response: Response, change: Change, apart: dict[str, None]) -> float:
    """What the response earns by the key of now; what differs is noted in `change`."""
    old: list[Grading] = response.standing  # type: ignore[attr-defined]
    before = papers.earned(response) if old else response.score
    content = key_now(item.version)
    if content is None:
        apart[item.version.content.stem] = None
        return before
    for grading in old:
        grading.response = response
    pairs = [(grading, again(grading, content)) for grading in old]
    fresh = [new for _old, new in pairs if new is not None]
    if not fresh:
        return before
    response.standing = [new or known for known, new in pairs]  # type: ignore[attr-defined]
    after = papers.earned(response)
    change.fresh += fresh
    given, key_before = in_words(item.version.content, response)
    change.answers.append(Answer(item.position, content.stem, given, key_before, key_text(content), before, after))
    return after


# Confirmed.


def regrade(assignment: Assignment, *, seen: str, author: User, reason: str, now: datetime) -> int:
    """Do what the preview with the digest `seen` showed; returns how many attempts changed.

    Raises RegradedMeanwhileError, and changes nothing, when it would do something else by now.
    """
    for _round in range(ROUNDS):
        try:
            with transaction.atomic():
                return _regrade(assignment, seen=seen, author=author, reason=reason, now=now)
        except IntegrityError:
            continue
    raise RegradedMeanwhileError


def _regrade(assignment: Assignment, *, seen: str, author: User, reason: str, now: datetime) -> int:
    list(Assignment.objects.select_for_update(no_key=True).filter(pk=assignment.pk).values_list("pk"))
    found = preview(assignment)
    if not found.changes:
        return 0
    if found.digest != seen:
        raise RegradedMeanwhileError
    fresh = Grading.objects.bulk_create([grading for change in found.changes for grading in change.fresh])
    if fresh:
        settle(fresh, actor=author, reason=reason, now=now)
    follow([change.sitting.attempt_id for change in found.changes], actor=author, reason=reason, now=now)
    return len(found.changes)


def follow(attempts: Collection[int], *, actor: User | None, reason: str, now: datetime) -> None:
    """Write the scores of these runs again from the standing gradings, and a line for each mark that changes.

    See `quizzes.regrading.Follower`. Must run in the transaction of the regrade.
    """
    sittings = Sitting.objects.submitted().filter(attempt__in=attempts).select_related("assignment__classroom")
    by_work: dict[int, list[Sitting]] = defaultdict(list)
    for sitting in sittings.order_by("assignment", "pk"):
        by_work[sitting.assignment_id].append(sitting)
    scores = papers.scores([sitting.attempt_id for rows in by_work.values() for sitting in rows]) if by_work else {}
    for rows in by_work.values():
        changed = [sitting for sitting in rows if _differ(sitting.score, scores[sitting.attempt_id])]
        if changed:
            _rescore(rows[0].assignment, changed, scores, actor=actor, reason=reason, now=now)


def _rescore(
    assignment: Assignment,
    sittings: Sequence[Sitting],
    scores: dict[int, float | None],
    *,
    actor: User | None,
    reason: str,
    now: datetime,
) -> None:
    members = list(Member.objects.filter(pk__in={sitting.member_id for sitting in sittings}).select_related("user"))
    before = cells(assignment, members, now)
    for sitting in sittings:
        sitting.score = scores[sitting.attempt_id]
    Sitting.objects.bulk_update(sittings, ["score"])
    after = cells(assignment, members, now)
    MarkChange.objects.bulk_create(
        _line(assignment, before[member.pk], after[member.pk], actor=actor, reason=reason, now=now)
        for member in members
        if before[member.pk].mark.computed != after[member.pk].mark.computed
    )


def _line(
    assignment: Assignment, before: Cell, after: Cell, *, actor: User | None, reason: str, now: datetime
) -> MarkChange:
    return MarkChange(
        assignment=assignment,
        member_id=after.member_id,
        previous_id=after.decision.newest,
        action=MarkChange.Action.REGRADE,
        points=after.mark.computed,
        before=before.mark.computed,
        reason=reason[:500],
        author=actor,
        made_at=now,
    )
