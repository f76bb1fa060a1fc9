"""A bank as people look through it: filtered, with what learners said about each question. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from curriculum.models import Course
from quizzes.models import Flag, Question

STATUS: dict[str, Q] = {
    "active": Q(is_active=True),
    "suspended": Q(is_suspended=True),
    "retired": Q(is_active=False, is_suspended=False),
}
ORIGIN: dict[str, Q] = {
    "generated": Q(origin=Question.Origin.GENERATED, is_edited=False),
    "edited": Q(is_edited=True),
    "human": Q(origin=Question.Origin.HUMAN),
}


def browse(course: Course, wanted: Mapping[str, Any]) -> QuerySet[Question]:
    """The questions that fit every filter in `wanted` (see `FilterForm`), in order of lessons, with their `flags`."""
    flags = Flag.objects.filter(item__version__question=OuterRef("pk"))
    counted = flags.order_by().values("item__version__question").annotate(n=Count("pk")).values("n")
    questions: QuerySet[Question] = (
        Question.objects.for_course(course)
        .select_related("current", "lesson")
        .annotate(flags=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
        .order_by("lesson__order", "kind", "key")
    )
    if "q" in wanted:
        words = wanted["q"]
        questions = questions.filter(Q(current__body__stem__icontains=words) | Q(key__startswith=words.lower()))
    for name, column in {"lesson": "lesson__key", "kind": "kind"}.items():
        if name in wanted:
            questions = questions.filter(**{column: wanted[name]})
    if "fact" in wanted:
        questions = questions.filter(Exists(_about(wanted["fact"])))
    for name, choices in {"status": STATUS, "origin": ORIGIN}.items():
        if name in wanted:
            questions = questions.filter(choices[wanted[name]])
    if "flag" in wanted:
        reasons = {"reason": Flag.Reason.MY_ANSWER} if wanted["flag"] == "contested" else {}
        questions = questions.filter(Exists(flags.filter(**reasons)))
    return questions


def _about(fact: str) -> QuerySet[Any]:
    """Links of questions to a fact or to the facts of its group."""
    links = Question.facts.through.objects.filter(question=OuterRef("pk"))
    return links.filter(Q(fact__key=fact) | Q(fact__group=fact))


def tally(course: Course) -> dict[str, int]:
    """How many questions there are by status, in one query."""
    counts = {name: Count("pk", filter=condition) for name, condition in STATUS.items()}
    return Question.objects.for_course(course).aggregate(all=Count("pk"), **counts)


def flags_of(question: Question) -> QuerySet[Flag]:
    """What learners said about a question, newest first; nobody is named."""
    return Flag.objects.filter(item__version__question=question).annotate(version=F("item__version__number"))
