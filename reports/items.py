"""Item statistics of a class or of everybody who reads a course: queries -> frozen dataclasses.

What is read are sums (see `quizzes.counting`): the cost is that of the questions, however many answers there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from classrooms import cohorts
from classrooms.cohorts import Counted
from classrooms.models import Classroom
from curriculum.models import Course
from quizzes.contested import TYPED
from quizzes.item_statistics import mistakes
from quizzes.models import Cohort, ItemTally, Kind, Question, Response
from quizzes.models import Flag as Said
from quizzes.tallies import Tally, seconds
from reports.flags import Flag, flags
from reports.item_figures import Asked, Detail, Summary, detail, summary
from reports.psychometrics import FEWEST_FOR_OPTIONS, FEWEST_FOR_RANKING, FEWEST_FOR_SHARE, median, shrunk


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question in its current version."""

    question_id: int
    version: int
    kind: str
    kind_label: str
    lesson: str
    lesson_heading: str
    stem: str
    figures: Summary
    appeals: int
    flags: tuple[Flag, ...]
    points: float
    """For ranking by difficulty: the share right, drawn towards what is usual for the kind."""

    @property
    def is_flagged(self) -> bool:
        return bool(self.flags)


@dataclass(frozen=True, slots=True)
class ItemReport:
    """The questions that are asked now, in the order of the document. `is_complete`: every answer given is in."""

    rows: tuple[ItemRow, ...]
    is_complete: bool

    @property
    def flagged(self) -> tuple[ItemRow, ...]:
        """Those to be looked at, the gravest reason first."""
        return tuple(
            sorted((row for row in self.rows if row.flags), key=lambda row: (row.flags[0].rank, -row.figures.n))
        )

    @property
    def answered(self) -> int:
        return sum(row.figures.n > 0 for row in self.rows)

    @property
    def enough(self) -> int:
        """How many have enough answers for a share."""
        return sum(row.figures.p.is_enough for row in self.rows)


@dataclass(frozen=True, slots=True)
class Appeal:
    """What some learners say is wrong with a version, for one reason after the same answer ("" for none given)."""

    reason: str
    text: str
    learners: int
    comments: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(Said.Reason(self.reason).label)

    @property
    def is_for_the_answer(self) -> bool:
        """Whether they want their own answer to count."""
        return bool(self.text) and self.reason == Said.Reason.MY_ANSWER


@dataclass(frozen=True, slots=True)
class VersionReport:
    """One version of a question: its statistics begin anew with each edit.

    `may_be_accepted`: what was typed as wrong can be let count, since the key is still the same; `members`: those of a
    list, for one of which it could stand.
    """

    number: int
    is_current: bool
    asked: Asked
    figures: Detail
    flags: tuple[Flag, ...]
    appeals: tuple[Appeal, ...]
    may_be_accepted: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """One question: its current version first, then the older ones that somebody answered."""

    question: Question
    versions: tuple[VersionReport, ...]
    is_complete: bool


def class_items(classroom: Classroom) -> ItemReport:
    """The questions of the class's course as its learners answered them. Six queries where nothing is new."""
    return _items(classroom.course, cohorts.of_class(classroom))


def course_items(course: Course) -> ItemReport:
    """The questions of a course as everybody answered them. Six queries where nothing is new."""
    return _items(course, cohorts.of_course(course))


def class_item(classroom: Classroom, question: Question) -> QuestionReport:
    """One question of the class's course as its learners answered it. Seven queries where nothing is new."""
    return _item(question, cohorts.of_class(classroom))


def course_item(course: Course, question: Question) -> QuestionReport:
    return _item(question, cohorts.of_course(course))


def _items(course: Course, counted: Counted) -> ItemReport:
    questions = Question.objects.active().for_course(course).exclude(current=None).select_related("current", "lesson")
    tallies = _tallies(counted.cohort, version__current_for__course=course)
    appeals = _appeals(counted.cohort, item__version__current_for__course=course)
    found = []
    for question in questions.order_by("lesson__order", "key"):
        assert question.current is not None
        asked = Asked.from_body(question.current.body)
        found.append((question, asked, summary(tallies.get(question.current.pk, Tally()), asked)))
    usual = _usual_shares((question.kind, figures) for question, _asked, figures in found)
    pace = _usual_seconds((question.kind, tallies.get(question.current_id or 0, Tally())) for question, *_rest in found)
    rows = [_row(question, asked, figures, appeals, usual, pace) for question, asked, figures in found]
    return ItemReport(tuple(rows), counted.is_complete)


def _row(
    question: Question,
    asked: Asked,
    figures: Summary,
    appeals: Mapping[int, int],
    usual: Mapping[str, float],
    pace: Mapping[str, float | None],
) -> ItemRow:
    version = question.current
    assert version is not None
    said = appeals.get(version.pk, 0)
    return ItemRow(
        question_id=question.pk,
        version=version.number,
        kind=question.kind,
        kind_label=question.get_kind_display(),
        lesson=question.lesson.key,
        lesson_heading=question.lesson.heading,
        stem=version.body.get("stem", ""),
        figures=figures,
        appeals=said,
        flags=flags(figures, asked, appeals=said, usual_seconds=pace.get(question.kind)),
        points=shrunk((figures.p.value or 0.0) * figures.n, figures.n, usual=usual.get(question.kind, 0.5)),
    )


def _item(question: Question, counted: Counted) -> QuestionReport:
    tallies = _tallies(counted.cohort, version__question=question)
    said = _said(counted.cohort, question)
    alike = ItemTally.objects.filter(cohort=counted.cohort, version__current_for__kind=question.kind)
    pace = _usual_seconds((question.kind, Tally.from_json(sums, {})) for sums in alike.values_list("sums", flat=True))
    reports = []
    for version in question.versions.order_by("-number"):
        is_current = version.pk == question.current_id
        if not is_current and version.pk not in tallies:
            continue
        asked = Asked.from_body(version.body)
        figures = detail(tallies.get(version.pk, Tally()), asked)
        own = said.get(version.pk, [])
        appeals = len({learner for learner, *_rest in own})
        raised = flags(figures.summary, asked, appeals=appeals, usual_seconds=pace.get(question.kind))
        key = version.body.get("key")
        reports.append(
            VersionReport(
                number=version.number,
                is_current=is_current,
                asked=asked,
                figures=figures,
                flags=raised,
                appeals=_alike(own),
                may_be_accepted=question.kind in TYPED
                and not asked.options
                and question.current is not None
                and key == question.current.body.get("key"),
                members=tuple(key) if question.kind == Kind.ENUMERATION else (),
            )
        )
    return QuestionReport(question, tuple(reports), counted.is_complete)


def _tallies(cohort: Cohort, **wanted: Any) -> dict[int, Tally]:
    """By version (row id)."""
    rows = ItemTally.objects.filter(cohort=cohort, **wanted).order_by().values_list("version", "sums", "wrong")
    return {version: Tally.from_json(sums, wrong) for version, sums, wrong in rows}


def _appeals(cohort: Cohort, **wanted: Any) -> dict[int, int]:
    """How many learners of the cohort said that something is wrong with a version, by its row id."""
    said = Said.objects.filter(learner__cohorts=cohort, **wanted).order_by().values("item__version")
    return {row["item__version"]: row["n"] for row in said.annotate(n=Count("learner", distinct=True))}


def _said(cohort: Cohort, question: Question) -> dict[int, list[tuple[int, str, str, Any]]]:
    """(learner, reason, comment, details of the last answer) for each version by its row id, the oldest word first."""
    answer = Response.objects.filter(item=OuterRef("item")).order_by("-try_number").values("details")[:1]
    rows = Said.objects.filter(learner__cohorts=cohort, item__version__question=question).order_by("pk")
    found: dict[int, list[tuple[int, str, str, Any]]] = defaultdict(list)
    for version, *rest in rows.values_list("item__version", "learner", "reason", "comment", Subquery(answer)):
        found[version].append(tuple(rest))
    return found


def _alike(said: Iterable[tuple[int, str, str, Any]]) -> tuple[Appeal, ...]:
    """What most learners say first."""
    learners: dict[tuple[str, str], set[int]] = defaultdict(set)
    comments: dict[tuple[str, str], list[str]] = defaultdict(list)
    for learner, reason, comment, details in said:
        for text in mistakes(details or {}) or [""]:
            learners[reason, text].add(learner)
            comments[reason, text] += [comment] if comment else []
    rows = (Appeal(*key, len(who), tuple(comments[key])) for key, who in learners.items())
    return tuple(sorted(rows, key=lambda row: (-row.learners, row.reason, row.text)))


def _usual_shares(rows: Iterable[tuple[str, Summary]]) -> dict[str, float]:
    """The mean share right of each kind."""
    points: dict[str, list[float]] = defaultdict(list)
    for kind, figures in rows:
        if figures.p.value is not None:
            points[kind].append(figures.p.value)
    return {kind: sum(values) / len(values) for kind, values in points.items()}


def _usual_seconds(rows: Iterable[tuple[str, Tally]]) -> dict[str, float | None]:
    """The median time of each kind."""
    paces: dict[str, Counter[float]] = defaultdict(Counter)
    for kind, tally in rows:
        for step, n in tally.paces.items():
            paces[kind][seconds(int(step))] += n
    return {kind: median(counts).value for kind, counts in paces.items()}


# Which rows of a report, in which order.


def _unknown_last(figure: Callable[[ItemRow], float | None], fewest: int) -> Callable[[ItemRow], tuple[bool, float]]:
    """Sort by a figure; questions with fewer answers than a ranking needs come last."""

    def key(row: ItemRow) -> tuple[bool, float]:
        value = figure(row)
        return row.figures.n < fewest or value is None, 0.0 if value is None else value

    return key


SORTS: dict[str, Callable[[ItemRow], Any]] = {
    "right": _unknown_last(lambda row: row.points, FEWEST_FOR_OPTIONS),
    "separates": _unknown_last(lambda row: row.figures.r.value, FEWEST_FOR_RANKING),
    "time": _unknown_last(lambda row: -(row.figures.seconds.value or 0.0), FEWEST_FOR_SHARE),
    "n": lambda row: -row.figures.n,
}


def arranged(report: ItemReport, wanted: Mapping[str, str]) -> Sequence[ItemRow]:
    """The rows that fit `lesson`, `kind` and `flag` ("any" or a code), in the order `sort`: one of `SORTS`, "document",
    or else what should be looked at first."""
    rows: list[ItemRow] = [
        row
        for row in report.rows
        if wanted.get("lesson", row.lesson) == row.lesson
        and wanted.get("kind", row.kind) == row.kind
        and _has_flag(row, wanted.get("flag", ""))
    ]
    sort = wanted.get("sort", "")
    if sort == "document":
        return rows
    if sort in SORTS:
        return sorted(rows, key=SORTS[sort])
    return sorted(rows, key=lambda row: (not row.flags, row.flags[0].rank if row.flags else (True, 0), -row.figures.n))


def _has_flag(row: ItemRow, wanted: str) -> bool:
    return not wanted or (wanted == "any" and row.is_flagged) or any(flag.code == wanted for flag in row.flags)
