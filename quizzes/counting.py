"""Keeps the sums of first answers up to date, so that item statistics never read the whole history.

Answering only leaves an item of which `is_counted` is not true yet: no further query, and no row that many learners
would write at once. Whoever reads a report, and `manage.py count_answers`, takes these items in. This way rather than
inside the answer: a class's sums are one row per question, for which thirty learners would queue; and the marker,
unlike a watermark on row ids, misses nothing that was committed late. A regrade marks its items again; the answer is
then taken out of every sum and put back as it stands now. Readers take turns at one course by its row.

What is kept equals what `replay` makes of the history: `manage.py rebuild_progress --check` compares them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value

from accounts.models import User
from curriculum.models import Course
from quizzes.item_statistics import mistakes
from quizzes.models import Attempt, AttemptItem, Cohort, FirstAnswer, Grading, ItemTally, Kind, Response
from quizzes.tallies import (
    BLANK,
    HINT,
    RAPID,
    REVIEW,
    USED,
    FirstTry,
    Tally,
    cut,
    in_ten_thousandths,
    pace,
    rests,
)

AT_ONCE = 2_000
"""Items taken in while somebody waits for a page."""
LEARNERS_AT_ONCE = 100
FIELDS = ("version_id", "standing", "score", "code", "rest", "pace", "wrong", "pairs")
NAMES = (
    "pk",
    "item",
    "item__attempt__learner",
    "item__attempt__course",
    "item__attempt__scope",
    "item__version",
    "item__version__question",
    "item__version__question__kind",
    "answer",
    "verdict",
    "score",
    "details",
    "hints_taken",
    "gave_up",
    "elapsed_ms",
    "is_rapid",
    "answered_at",
    "is_met",
)


@dataclass(frozen=True, slots=True)
class First:
    """A first answer and whose it is: what a row of `FirstAnswer` keeps."""

    learner: int
    question: int
    response: int
    answered_at: datetime
    given: FirstTry

    @property
    def place(self) -> tuple[datetime, int]:
        """Sorts a learner's answers in the order in which they were given."""
        return self.answered_at, self.response


Known = dict[tuple[int, int], First]
"""First answers by learner and question."""


# Reading history.


def _rows(responses: QuerySet[Response]) -> list[dict[str, Any]]:
    """First tries at answered items with what they earn now. One query; with regraded ones among them, two."""
    met = Grading.objects.filter(
        learner=OuterRef("item__attempt__learner"),
        answered_at__lt=OuterRef("answered_at"),
        fact__gradings__response=OuterRef("pk"),
    )
    asked = responses.filter(try_number=1, item__answered_at__isnull=False).order_by("answered_at", "pk")
    replaced = Grading.objects.filter(response=OuterRef("pk"), supersedes__isnull=False)
    rows: list[dict[str, Any]] = list(
        asked.annotate(is_met=Exists(met), is_regraded=Exists(replaced)).values(*NAMES, "is_regraded")
    )
    if any(row["is_regraded"] for row in rows):
        earned = _regraded(asked)
        rows = [row | {"score": earned.get(row["pk"], row["score"])} for row in rows]
    return rows


def _regraded(responses: QuerySet[Response]) -> dict[int, float]:
    """What each response earns of which a grading was replaced: the mean over its standing gradings."""
    replaced = Grading.objects.filter(response=OuterRef("response"), supersedes__isnull=False)
    standing = Grading.objects.standing().filter(Exists(replaced), response__in=responses.order_by().values("pk"))
    points: dict[int, list[float]] = defaultdict(list)
    for response, score, own in standing.order_by("pk").values_list("response", "response__score", "score"):
        points[response].append(score if own is None else own)
    return {response: sum(row) / len(row) for response, row in points.items()}


def _first(row: Mapping[str, Any]) -> First:
    """One row as a first answer; its rest is not known yet."""
    kind, given = row["item__version__question__kind"], row["answer"]
    is_blank = row["gave_up"] or row["verdict"] == "blank"
    is_option = isinstance(given, int) and not isinstance(given, bool)
    score = 0 if is_blank else in_ten_thousandths(row["score"])
    is_typed = not (is_blank or is_option or kind in (Kind.MATCHING, Kind.ORDERING))
    wrong = {cut(text) for text in mistakes(row["details"])} - {""} if is_typed and score < 10_000 else set()
    return First(
        learner=row["item__attempt__learner"],
        question=row["item__version__question"],
        response=row["pk"],
        answered_at=row["answered_at"],
        given=FirstTry(
            version=row["item__version"],
            standing=_standing(row),
            score=score,
            code=BLANK if is_blank else str(given) if is_option else "",
            pace=None if is_blank else pace(row["elapsed_ms"]),
            wrong=tuple(sorted(wrong)),
            pairs=tuple(given) if kind == Kind.MATCHING and not is_blank else (),
        ),
    )


def _standing(row: Mapping[str, Any]) -> str:
    if row["hints_taken"]:
        return HINT
    if row["is_rapid"]:
        return RAPID
    return REVIEW if row["is_met"] and row["item__attempt__scope"] != Attempt.Scope.QUIZ else USED


def given(responses: QuerySet[Response]) -> list[First]:
    """First tries as values, with what they earn now, whether or not they are a learner's first answer to a question:
    for a quiz, of which every answer counts. One query; with regraded ones among them, two."""
    return [_first(row) for row in _rows(responses)]


def replay(rows: Iterable[Mapping[str, Any]], known: Mapping[tuple[int, int], First] | None = None) -> Known:
    """First answers after these further rows (see `_rows`), with every rest worked out."""
    found = dict(known or {})
    for first in map(_first, rows):
        key = first.learner, first.question
        if key not in found or first.place <= found[key].place:
            found[key] = first
    by_learner: dict[int, list[First]] = defaultdict(list)
    for first in found.values():
        by_learner[first.learner].append(first)
    return {(first.learner, first.question): first for own in by_learner.values() for first in _with_rests(own)}


def _with_rests(firsts: list[First]) -> Iterator[First]:
    firsts.sort(key=lambda first: first.place)
    rest = rests([first.given.score if first.given.is_used else None for first in firsts])
    for first, step in zip(firsts, rest, strict=True):
        given = FirstTry(**_fields(first.given) | {"version": first.given.version, "rest": step})
        yield First(first.learner, first.question, first.response, first.answered_at, given)


def _fields(given: FirstTry) -> dict[str, Any]:
    return {name: getattr(given, name) for name in FIELDS if name != "version_id"}


# What is kept.


def _kept(rows: QuerySet[FirstAnswer]) -> Known:
    names = ("learner_id", "question_id", "response_id", "answered_at", *FIELDS)
    found = {}
    for learner, question, response, at, version, standing, score, code, rest, step, wrong, pairs in (
        rows.order_by().values_list(*names).iterator(chunk_size=2_000)
    ):
        given = FirstTry(version, standing, score, code, rest, step, tuple(wrong), tuple(pairs))
        found[learner, question] = First(learner, question, response, at, given)
    return found


def _hold(course_id: int) -> None:
    """Take the course's turn until the transaction ends; answers may still be given meanwhile. On SQLite a transaction
    that writes is alone anyway."""
    if connection.features.has_select_for_update:
        list(Course.objects.select_for_update(no_key=True).filter(pk=course_id).values_list("pk"))


def uncounted(course_id: int) -> QuerySet[AttemptItem]:
    """Answered items that are in no sum yet, oldest first.

    The course stands in an expression so that SQLite begins at the small index of such items, not at all runs of it.
    """
    waiting = AttemptItem.objects.filter(is_counted=False, answered_at__isnull=False)
    return waiting.alias(of=F("attempt__course") + 0).filter(of=course_id).order_by("answered_at")


def catch_up(course_id: int, *, at_most: int | None = AT_ONCE) -> bool:
    """Take in what was answered since the last time; whether all of it is in. One query where nothing was.

    However many answers there are in all: the work is that of the new ones, and of their learners' first answers.
    """
    most = at_most or AT_ONCE
    while waiting := list(uncounted(course_id).values_list("pk", flat=True)[: most + 1]):
        _take_in(course_id, waiting[:most])
        if len(waiting) <= most:
            break
        if at_most is not None:
            return False
    return True


@transaction.atomic
def _take_in(course_id: int, item_ids: Collection[int]) -> None:
    _hold(course_id)
    taken = _held(AttemptItem.objects.filter(pk__in=item_ids, is_counted=False))
    rows = _rows(Response.objects.filter(item__in=taken))
    learners = {row["item__attempt__learner"] for row in rows}
    _put_in(course_id, rows, _kept(FirstAnswer.objects.filter(course=course_id, learner__in=learners)))
    AttemptItem.objects.filter(pk__in=taken).update(is_counted=True)


def _held(items: QuerySet[AttemptItem]) -> list[int]:
    """Their row ids; nobody marks them until the transaction ends."""
    return list(items.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


def _put_in(course_id: int, rows: Iterable[Mapping[str, Any]], before: Known) -> None:
    after = replay(rows, before)
    changed = {key: first for key, first in after.items() if before.get(key) != first}
    _add(course_id, [(before.get(key), first) for key, first in changed.items()])
    _save(course_id, changed.values())


def _save(course_id: int, firsts: Iterable[First]) -> None:
    FirstAnswer.objects.bulk_create(
        [
            FirstAnswer(
                learner_id=first.learner,
                course_id=course_id,
                question_id=first.question,
                response_id=first.response,
                answered_at=first.answered_at,
                version_id=first.given.version,
                **_fields(first.given) | {"wrong": list(first.given.wrong), "pairs": list(first.given.pairs)},
            )
            for first in sorted(firsts, key=lambda first: (first.learner, first.question))
        ],
        update_conflicts=True,
        unique_fields=["learner", "question"],
        update_fields=["response", "answered_at", "version", *FIELDS[1:]],
        batch_size=1_000,
    )


def _add(course_id: int, changes: Collection[tuple[First | None, First | None]]) -> None:
    """Put changed first answers, (before, after), into the sums of every cohort that the learner is in."""
    learners = {first.learner for pair in changes for first in pair if first}
    member = Cohort.learners.through.objects.filter(cohort__course=course_id, user__in=learners)
    cohorts: dict[int, list[int]] = defaultdict(list)
    for cohort, learner in member.values_list("cohort", "user"):
        cohorts[learner].append(cohort)
    _sum_up(
        (cohort, first.given, times)
        for pair in changes
        for first, times in zip(pair, (-1, 1), strict=True)
        if first
        for cohort in cohorts[first.learner]
    )


def _sum_up(entries: Iterable[tuple[int, FirstTry, int]]) -> None:
    """Add (cohort, first answer, 1 or -1) to the sums. Two queries; with sums that came to nothing, three."""
    by_row: dict[tuple[int, int], list[tuple[FirstTry, int]]] = defaultdict(list)
    for cohort, given, times in entries:
        by_row[cohort, given.version].append((given, times))
    if not by_row:
        return
    cohorts, versions = ({key[at] for key in by_row} for at in (0, 1))
    known = ItemTally.objects.filter(cohort__in=cohorts, version__in=versions).order_by()
    rows = {(row.cohort_id, row.version_id): row for row in known}
    for key, counted in by_row.items():
        row = rows.setdefault(key, ItemTally(cohort_id=key[0], version_id=key[1]))
        tally = Tally.from_json(row.sums, row.wrong)
        for given, times in sorted(counted, key=lambda entry: -entry[1]):  # nothing falls below zero on the way
            tally.add(given, times)
        row.sums, row.wrong = tally.sums(), tally.wrong
    changed = [rows[key] for key in sorted(by_row)]
    ItemTally.objects.bulk_create(
        [ItemTally(cohort_id=r.cohort_id, version_id=r.version_id, sums=r.sums, wrong=r.wrong) for r in changed],
        update_conflicts=True,
        unique_fields=["cohort", "version"],
        update_fields=["sums", "wrong"],
        batch_size=500,
    )
    if any(not row.sums for row in changed):
        ItemTally.objects.filter(cohort__in=cohorts, sums={}).delete()


# Whose answers are summed up together.


def everybody(course: Course) -> Cohort:
    """The cohort of all who read the course; made where there is none."""
    return Cohort.objects.get_or_create(course=course, is_everybody=True)[0]


def readers(course: Course) -> QuerySet[User]:
    """Everybody who ever began a run in the course, without staff and its owner."""
    begun = Attempt.objects.filter(learner=OuterRef("pk"), course=course)
    found: QuerySet[User] = User.objects.filter(Exists(begun), is_staff=False)
    return found.exclude(pk=course.owner_id) if course.owner_id else found


def keep(cohort: Cohort, wanted: QuerySet[User]) -> None:
    """Make `wanted` the learners of the cohort. One query where they are that already."""
    if not any(_differing(cohort, wanted)):
        return
    with transaction.atomic():
        _hold(cohort.course_id)
        joining, leaving = _differing(cohort, wanted)
        link = Cohort.learners.through
        link.objects.filter(cohort=cohort, user__in=leaving).delete()
        link.objects.bulk_create(link(cohort_id=cohort.pk, user_id=learner) for learner in joining)
        for times, learners in ((1, joining), (-1, leaving)):
            for at in range(0, len(learners), LEARNERS_AT_ONCE):
                _count_all(cohort, learners[at : at + LEARNERS_AT_ONCE], times)


def _differing(cohort: Cohort, wanted: QuerySet[User]) -> tuple[list[int], list[int]]:
    """Who is to join and who is to leave."""
    inside = Cohort.learners.through.objects.filter(cohort=cohort.pk)
    joining = wanted.exclude(pk__in=inside.values("user")).order_by().values_list("pk", Value(True))
    leaving = inside.exclude(user__in=wanted.order_by().values("pk")).values_list("user", Value(False))
    found: dict[bool, list[int]] = {True: [], False: []}
    for learner, is_joining in joining.union(leaving, all=True):
        found[bool(is_joining)].append(learner)
    return sorted(found[True]), sorted(found[False])


def _count_all(cohort: Cohort, learners: Collection[int], times: int) -> None:
    known = _kept(FirstAnswer.objects.filter(course=cohort.course_id, learner__in=learners))
    _sum_up((cohort.pk, first.given, times) for first in known.values())


# When history itself changes.


def recount_regraded(learner_id: int) -> None:
    """Have every answer of which a grading was replaced counted again as it stands now. One query."""
    again = Grading.objects.filter(learner=learner_id, supersedes__isnull=False)
    AttemptItem.objects.filter(responses__in=again.values("response"), is_counted=True).update(is_counted=False)


def forget(learner: User) -> None:
    """Take everything of the learner out of all sums. Run before the history is deleted, inside the transaction."""
    member = Cohort.learners.through.objects.filter(user=learner)
    courses = set(FirstAnswer.objects.filter(learner=learner).values_list("course", flat=True))
    for course in sorted(courses | set(member.values_list("cohort__course", flat=True))):
        _hold(course)
        known = _kept(FirstAnswer.objects.filter(course=course, learner=learner))
        _add(course, [(first, None) for first in known.values()])
    FirstAnswer.objects.filter(learner=learner).delete()
    member.delete()


def take_over(learner: User) -> None:
    """Count everything of the learner again: after a guest's history came to it. Run inside the transaction."""
    member = set(Cohort.learners.through.objects.filter(user=learner).values_list("cohort", flat=True))
    forget(learner)
    link = Cohort.learners.through
    link.objects.bulk_create(link(cohort_id=cohort, user_id=learner.pk) for cohort in sorted(member))
    AttemptItem.objects.filter(attempt__learner=learner, is_counted=True).update(is_counted=False)


# Rebuilding and checking.


@transaction.atomic
def clear(course_id: int) -> None:
    """Forget every sum of the course; `catch_up` makes them anew."""
    _hold(course_id)
    ItemTally.objects.filter(cohort__course=course_id).delete()
    FirstAnswer.objects.filter(course=course_id).delete()
    AttemptItem.objects.filter(attempt__course=course_id, is_counted=True).update(is_counted=False)


def rebuild(course_id: int) -> None:
    """Make the sums of the course anew from the whole history, some learners at a time."""
    clear(course_id)
    for learners in _batches(course_id):
        _count_anew(course_id, learners)


@transaction.atomic
def _count_anew(course_id: int, learners: Collection[int]) -> None:
    _hold(course_id)
    runs = Attempt.objects.filter(course=course_id, learner__in=learners).order_by().values("pk")
    taken = _held(AttemptItem.objects.filter(attempt__in=runs, is_counted=False, answered_at__isnull=False))
    known = set(taken)
    rows = [row for row in _rows(Response.objects.filter(item__attempt__in=runs)) if row["item"] in known]
    _put_in(course_id, rows, {})
    for at in range(0, len(taken), AT_ONCE):
        AttemptItem.objects.filter(pk__in=taken[at : at + AT_ONCE]).update(is_counted=True)


def _batches(course_id: int) -> Iterator[list[int]]:
    """Everybody who ever began a run in the course, some at a time."""
    begun = Attempt.objects.filter(course=course_id).order_by("learner").values_list("learner", flat=True).distinct()
    everybody = list(begun)
    return (everybody[at : at + LEARNERS_AT_ONCE] for at in range(0, len(everybody), LEARNERS_AT_ONCE))


def differences(course_id: int) -> int:
    """How many first answers and sums are not what the counted history says. Changes nothing."""
    sums: dict[tuple[int, int], Tally] = defaultdict(Tally)
    member: dict[int, list[int]] = defaultdict(list)
    link = Cohort.learners.through.objects.filter(cohort__course=course_id)
    for cohort, learner in link.values_list("cohort", "user"):
        member[learner].append(cohort)
    found = 0
    for batch in _batches(course_id):
        counted = Response.objects.filter(item__attempt__course=course_id, item__attempt__learner__in=batch)
        expected = replay(_rows(counted.filter(item__is_counted=True)))
        kept = _kept(FirstAnswer.objects.filter(course=course_id, learner__in=batch))
        found += sum(kept.get(key) != expected.get(key) for key in kept.keys() | expected.keys())
        for first in expected.values():
            for cohort in member[first.learner]:
                sums[cohort, first.given.version].add(first.given)
    for row in ItemTally.objects.filter(cohort__course=course_id).iterator(chunk_size=500):
        expected_sums = sums.pop((row.cohort_id, row.version_id), Tally())
        found += (row.sums, row.wrong) != (expected_sums.sums(), expected_sums.wrong)
    return found + len(sums)
