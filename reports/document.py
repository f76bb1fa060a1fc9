"""The document as the report: how much of each sentence a class would recall now, and who missed what in it.

Costs learners x facts: it reads what each remembers of each fact and the sums of first answers, never single answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, FloatField, QuerySet, Sum, Value, When

from classrooms import cohorts
from classrooms.heat import EVER_RIGHT, HAS_QUESTION, STEPS, learner_by_learner, recall_at
from classrooms.models import Classroom, Member
from curriculum.models import Fact, Lesson, Sentence
from quizzes.mastery import SentenceRecall
from quizzes.models import ItemTally, MemoryState, Question
from quizzes.tallies import Tally
from reports.mistakes import Mistake, mistakes_of

FEWEST_LEARNERS = 5
"""Below so many learners no mean is shown: it would be about single people."""
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Missed:
    """A learner who missed a fact on `lapses` of `reviews` days, the last time it was asked on `last_at`."""

    member: Member
    lapses: int
    reviews: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact in the class: `n` learners were asked, `recall` is their mean, None below five. `missed`: who missed it,
    most often first; `mistakes`: what was answered instead, at the first try."""

    fact: Fact
    n: int
    recall: float | None
    missed: tuple[Missed, ...]
    mistakes: tuple[Mistake, ...]
    questions: tuple[Question, ...]


def lesson_recall(classroom: Classroom, lesson: Lesson, now: datetime) -> dict[str, SentenceRecall]:
    """Of each sentence of a lesson, by key: its step, how many learners were asked about it, their mean recall.

    Below five learners there is a step of "not begun" and no figure. Two queries.
    """
    facts = Fact.objects.filter(HAS_QUESTION, sentence__passage__lesson=lesson).order_by()
    rows = _sums(classroom, facts.values("pk"), now, by="fact__sentence__key")
    return {key: _sentence(n, (known or 0.0) / asked) for key, n, asked, known in rows}


def _sums(
    classroom: Classroom, facts: Collection[int] | QuerySet[Any, Any], now: datetime, *, by: str
) -> Iterable[tuple[Any, int, int, float | None]]:
    """By sentence: the learners of the class who were asked, how many memories they have, what they would recall."""
    figures = {"n": Count("learner", distinct=True), "asked": Count("pk"), "known": Sum(_known(now))}
    learners = classroom.members.active().learners().values("user")
    states = MemoryState.objects.filter(fact__in=facts, learner__in=learners).order_by()
    return learner_by_learner(states.values(by).annotate(**figures).values_list(by, *figures))


def _known(now: datetime) -> Case:
    return Case(When(EVER_RIGHT, then=recall_at(now)), default=Value(0.0), output_field=FloatField())


def _sentence(n: int, recall: float) -> SentenceRecall:
    if n < FEWEST_LEARNERS:
        return SentenceRecall(0, n, None)
    return SentenceRecall(1 + sum(recall >= least for least in STEPS), n, recall)


def hardest_sentences(
    classroom: Classroom, facts: Collection[int], now: datetime, *, most: int = 5
) -> list[tuple[Sentence, SentenceRecall]]:
    """The sentences of the course that the class recalls least, worst first. `facts`: those (row ids) that the course
    can ask. Two queries."""
    rows = _sums(classroom, facts, now, by="fact__sentence")
    found = {pk: _sentence(n, (known or 0.0) / asked) for pk, n, asked, known in rows if n >= FEWEST_LEARNERS}
    worst = sorted(found, key=lambda pk: (found[pk].recall or 0.0, pk))[:most]
    sentences = Sentence.objects.select_related("passage__lesson").in_bulk(worst)
    return [(sentences[pk], found[pk]) for pk in worst]


def sentence_facts(classroom: Classroom, sentence: Sentence, now: datetime) -> tuple[FactRow, ...]:
    """What the class knows of each fact of a sentence, who missed it and what was said instead. Nine queries."""
    facts = list(Fact.objects.filter(sentence=sentence, questions__is_active=True).distinct().order_by("start", "key"))
    members = {row.user_id: row for row in classroom.members.active().learners().select_related("user")}
    states = MemoryState.objects.filter(fact__in=facts, learner__in=list(members)).annotate(known=_known(now))
    by_fact: dict[int, list[MemoryState]] = defaultdict(list)
    for state in states.order_by("-lapses", "-last_review_at", "pk"):
        by_fact[state.fact_id].append(state)
    asked = Question.objects.active().filter(facts__in=facts).select_related("current").distinct().order_by("key")
    questions = list(asked.prefetch_related("facts"))
    tallies = _tallies(classroom, questions)
    rows = []
    for fact in facts:
        own = tuple(question for question in questions if fact in question.facts.all())
        known = [float(state.known) for state in by_fact[fact.pk]]  # type: ignore[attr-defined]
        rows.append(
            FactRow(
                fact=fact,
                n=len(known),
                recall=sum(known) / len(known) if len(known) >= FEWEST_LEARNERS else None,
                missed=tuple(
                    Missed(members[state.learner_id], state.lapses, state.reviews, state.last_review_at)
                    for state in by_fact[fact.pk]
                    if state.lapses
                )[:MOST_NAMED],
                mistakes=mistakes_of(fact.key, own, tallies),
                questions=own,
            )
        )
    return tuple(rows)


def _tallies(classroom: Classroom, questions: Collection[Question]) -> dict[int, Tally]:
    """The sums of the class by version (row id)."""
    cohort = cohorts.of_class(classroom).cohort
    rows = ItemTally.objects.filter(cohort=cohort, version__in=[question.current_id for question in questions])
    return {row.version_id: Tally.from_json(row.sums, row.wrong) for row in rows}
