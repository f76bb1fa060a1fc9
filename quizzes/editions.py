"""One course replaces another: facts are tied to those they continue, and every learner's memory is replayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from curriculum.editions import Succession, successions
from curriculum.models import Course, Fact
from quizzes.memory import rebuild

BATCH = 500


class EditionError(ValueError):
    """These two courses cannot be editions of one another. `message` says why, for the person who tried."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a replacement does to the facts: how many go on unchanged or reworded, are new, or were dropped."""

    unchanged: int
    reworded: int
    new: int
    dropped: int


def preview(old: Course, new: Course) -> Replacement:
    """What `replace` would do. Raises EditionError where it would."""
    return _compared(old, new)[1]


def _compared(old: Course, new: Course) -> tuple[list[Succession], Replacement]:
    _check(old, new)
    before, after = old.knowledge(), new.knowledge()
    rows = successions(before, after)
    kinds = Counter(row.is_reworded for row in rows)
    counts = Replacement(kinds[False], kinds[True], len(after.facts) - len(rows), len(before.facts) - len(rows))
    return rows, counts


def _check(old: Course, new: Course) -> None:
    """Editions form lines: nothing replaces itself, two others, or what replaced it, and nothing is replaced twice."""
    if old.pk == new.pk:
        raise EditionError(_("A document cannot replace itself."))
    if new.replaces_id is not None:
        raise EditionError(_("This document already replaces another. Undo that first."))
    if Course.objects.filter(replaces=old).exists():
        raise EditionError(_("Another edition already replaces that document."))
    older = old
    while older.replaces is not None:
        older = older.replaces
        if older.pk == new.pk:
            raise EditionError(_("That document is itself a newer edition of this one."))


@transaction.atomic
def replace(old: Course, new: Course) -> Replacement:
    """Let `new` replace `old`. Raises EditionError.

    Answers stay with the edition they were given to; those to facts that are unchanged count for the newer ones too.
    """
    locked = {course.pk: course for course in _locked(old, new)}
    old, fresh = locked[old.pk], locked[new.pk]
    rows, counts = _compared(old, fresh)
    older = dict(old.facts.values_list("key", "pk"))
    facts = {fact.key: fact for fact in fresh.facts.all()}
    for row in rows:
        facts[row.new].older_id, facts[row.new].is_reworded = older[row.old], row.is_reworded
    tied = [facts[row.new] for row in rows]
    Fact.objects.bulk_update(tied, ["older", "is_reworded"], batch_size=BATCH)
    fresh.replaces = new.replaces = old
    fresh.save(update_fields=["replaces"])
    _replay(_learners(old))
    return counts


@transaction.atomic
def undo(new: Course) -> None:
    """Let `new` stand for itself again: what was answered in the older edition does not count for it any more."""
    (locked,) = _locked(new)
    if locked.replaces_id is None:
        raise EditionError(_("This document replaces no other."))
    learners = _learners(locked)  # before the facts are parted: what is known by answers to the older edition counts
    locked.facts.exclude(older=None).update(older=None, is_reworded=False)
    locked.replaces = new.replaces = None
    locked.save(update_fields=["replaces"])
    _replay(learners)


def _locked(*courses: Course) -> list[Course]:
    rows = Course.objects.select_for_update(of=("self",)).filter(pk__in=[course.pk for course in courses])
    return list(rows.order_by("pk"))


def _replay(learners: Iterable[User]) -> None:
    for learner in learners:
        rebuild(learner)


def _learners(course: Course) -> list[User]:
    """Everybody of whom something is known about this edition."""
    facts = Fact.objects.filter(course=course).values("pk")
    people = Q(pk__in=User.objects.filter(gradings__fact__in=facts).values("pk"))
    people |= Q(pk__in=User.objects.filter(memory__fact__in=facts).values("pk"))
    return list(User.objects.filter(people).order_by("pk"))
