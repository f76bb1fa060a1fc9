"""People decide about facts: accept, reject, correct, add. Each change is kept with who, when, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from curriculum.knowledge import Fact as FactValue
from curriculum.knowledge import Member
from curriculum.models import Course, Fact, FactChange, Lesson, Sentence
from curriculum.proposing import Proposal, propose

BATCH = 500
SHORT = ("family", "relation", "subject", "start", "end", "text", "pool", "scope", "closed", "ordered", "multi_true")


@transaction.atomic
def propose_facts(course: Course) -> int:
    """Replace the proposals nobody has decided about by what the rules see now; how many there are.

    Accepted and rejected facts stay, and what they say is not proposed again.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    course.facts.filter(status=Fact.Status.PROPOSED).delete()
    decided = set(course.facts.values_list("start", "end"))
    taken = set(course.facts.values_list("key", flat=True))
    units = {row.key: row for row in Sentence.objects.filter(passage__lesson__course=course)}
    found = [p for p in propose(course.knowledge()) if (p.fact.start, p.fact.end) not in decided]
    keys = (key for number in range(1, len(found) + len(taken) + 1) if (key := f"P{number:03d}") not in taken)
    rows = [_row(course, key, proposal, units) for key, proposal in zip(keys, found, strict=False)]
    Fact.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _row(course: Course, key: str, proposal: Proposal, units: Mapping[str, Sentence]) -> Fact:
    value: FactValue = proposal.fact
    return Fact(
        course=course,
        key=key,
        sentence=units[value.unit],
        members=[span(member) for member in value.members],
        anchors=[span(anchor) for anchor in value.anchors],
        modal=value.modal,
        core=value.core,
        status=Fact.Status.PROPOSED,
        rule=proposal.rule,
        confidence=proposal.confidence,
        **{name: getattr(value, name) for name in SHORT},
    )


def span(member: Member) -> dict[str, Any]:
    """A span as JSON columns keep it."""
    return {"text": member.text, "start": member.start, "end": member.end, "variants": list(member.variants)}


@transaction.atomic
def change(fact: Fact, author: AbstractUser, **values: Any) -> Fact:
    """Set fields of a fact and write down what differs; nothing is written when nothing does."""
    row = Fact.objects.select_for_update().get(pk=fact.pk)
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not differing:
        return row
    before = {name: getattr(row, name) for name in differing}
    for name, value in differing.items():
        setattr(row, name, value)
    row.save(update_fields=list(differing))
    FactChange.objects.create(fact=row, author=author, before=before, after=differing)  # type: ignore[misc]
    return row


@transaction.atomic
def decide_all(lesson: Lesson, rule: str, status: str, author: AbstractUser) -> int:
    """Accept or reject everything that one rule proposed in a lesson; how many facts that changes."""
    proposed = Fact.objects.select_for_update().filter(
        sentence__passage__lesson=lesson, rule=rule, status=Fact.Status.PROPOSED
    )
    changes = [
        FactChange(fact=fact, author=author, before={"status": fact.status}, after={"status": status})  # type: ignore[misc]
        for fact in proposed
    ]
    Fact.objects.filter(pk__in=[row.fact_id for row in changes]).update(status=status)
    FactChange.objects.bulk_create(changes, batch_size=BATCH)
    return len(changes)


@transaction.atomic
def add(sentence: Sentence, author: AbstractUser, **values: Any) -> Fact:
    """Add a fact that a person saw in a sentence; its key says that it was made by hand."""
    course = Course.objects.select_for_update().get(pk=sentence.passage.lesson.course_id)
    taken = set(course.facts.filter(key__startswith="H").values_list("key", flat=True))
    key = next(key for number in range(1, len(taken) + 2) if (key := f"H{number:03d}") not in taken)
    fact = Fact.objects.create(course=course, key=key, sentence=sentence, rule="by hand", **values)
    FactChange.objects.create(fact=fact, author=author, after=values)  # type: ignore[misc]
    return fact
