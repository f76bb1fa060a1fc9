"""The document as the report: how much of each sentence a class would recall now, and who missed what in it.

Costs learners x lessons: it reads what each remembers of a lesson and the sums of first answers, never single answers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from classrooms import cohorts, heat
from classrooms.heat import STEPS, Column, Recalled
from classrooms.models import Classroom, Member
from curriculum.models import Fact, Lesson, Sentence
from quizzes.mastery import SentenceRecall
from quizzes.memory import as_value
from quizzes.models import ItemTally, MemoryState, Question
from quizzes.scheduling import retrievability
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

    Below five learners there is a step of "not begun" and no figure. Four queries.
    """
    columns = heat.columns_of(Lesson.objects.filter(pk=lesson.pk))
    recalled = Recalled()
    learners = classroom.members.active().learners().values("user")
    for _learner, _lesson, known in heat.begun({lesson.pk: columns[0].weights}, learners):
        recalled.add(known.facts, known.recall(now))
    keys = dict(Sentence.objects.filter(passage__lesson=lesson).values_list("pk", "key"))
    return {keys[pk]: row for pk, row in _by_sentence(columns, recalled).items()}


def _by_sentence(columns: Collection[Column], recalled: Recalled) -> dict[int, SentenceRecall]:
    """What the learners would recall of each sentence (row id) about which one of them was asked."""
    sentences = {fact: sentence for column in columns for fact, sentence in column.sentences.items()}
    n: Counter[int] = Counter()
    asked: Counter[int] = Counter()
    known: dict[int, float] = defaultdict(float)
    for facts, learners in recalled.learners.items():
        n.update(dict.fromkeys({sentences[fact] for fact in facts}, learners))
        for fact, recall in zip(facts, recalled.sums[facts], strict=True):
            asked[sentences[fact]] += learners
            known[sentences[fact]] += recall
    return {pk: _sentence(n[pk], known[pk] / asked[pk]) for pk in n}


def _sentence(n: int, recall: float) -> SentenceRecall:
    if n < FEWEST_LEARNERS:
        return SentenceRecall(0, n, None)
    return SentenceRecall(1 + sum(recall >= least for least in STEPS), n, recall)


def hardest_sentences(
    columns: Collection[Column], recalled: Recalled, *, most: int = 5
) -> list[tuple[Sentence, SentenceRecall]]:
    """The sentences that the learners recall least, worst first. One query."""
    found = {pk: row for pk, row in _by_sentence(columns, recalled).items() if row.recall is not None}
    worst = sorted(found, key=lambda pk: (found[pk].recall or 0.0, pk))[:most]
    sentences = Sentence.objects.select_related("passage__lesson").in_bulk(worst)
    return [(sentences[pk], found[pk]) for pk in worst]


def sentence_facts(classroom: Classroom, sentence: Sentence, now: datetime) -> tuple[FactRow, ...]:
    """What the class knows of each fact of a sentence, who missed it and what was said instead. Nine queries."""
    facts = list(Fact.objects.filter(sentence=sentence, questions__is_active=True).distinct().order_by("start", "key"))
    members = {row.user_id: row for row in classroom.members.active().learners().select_related("user")}
    states = MemoryState.objects.filter(fact__in=facts, learner__in=list(members))
    by_fact: dict[int, list[MemoryState]] = defaultdict(list)
    for state in states.order_by("-lapses", "-last_review_at", "pk"):
        by_fact[state.fact_id].append(state)
    asked = Question.objects.active().filter(facts__in=facts).select_related("current").distinct().order_by("key")
    questions = list(asked.prefetch_related("facts"))
    tallies = _tallies(classroom, questions)
    rows = []
    for fact in facts:
        own = tuple(question for question in questions if fact in question.facts.all())
        known = [_recall(state, now) for state in by_fact[fact.pk]]
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


def _recall(state: MemoryState, now: datetime) -> float:
    return 0.0 if state.lapses == state.reviews else retrievability(as_value(state), now)


def _tallies(classroom: Classroom, questions: Collection[Question]) -> dict[int, Tally]:
    """The sums of the class by version (row id)."""
    cohort = cohorts.of_class(classroom).cohort
    rows = ItemTally.objects.filter(cohort=cohort, version__in=[question.current_id for question in questions])
    return {row.version_id: Tally.from_json(row.sums, row.wrong) for row in rows}
