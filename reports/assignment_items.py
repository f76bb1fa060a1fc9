"""A fixed quiz as a measuring instrument: how far its marks can be trusted, and what each question adds.

From each learner's first attempt that was handed in, as far as it asked the questions of the paper. Blank answers earn
0. A question that was suspended since counts for nobody, as in the marks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from classrooms.models import Assignment, Member
from quizzes import counting
from quizzes.counting import First
from quizzes.models import AttemptItem, QuestionVersion, Response
from quizzes.tallies import BLANK, FULL, USED, FirstTry, Tally
from reports.item_figures import Asked, Summary, summary
from reports.psychometrics import Figure, discrimination, efficiency
from reports.reliability import Reliability, effective_weights, reliability, rest_cells


@dataclass(frozen=True, slots=True)
class AssignmentItem:
    """One question of the paper. `figures.r` is the correlation with the rest of this quiz; `weight` its share in the
    differences between learners."""

    position: int
    question_id: int
    version: int
    kind_label: str
    stem: str
    figures: Summary
    efficiency: Figure
    weight: Figure


@dataclass(frozen=True, slots=True)
class FormReport:
    """One form of the paper: "", or A or B of parallel ones."""

    form: str
    reliability: Reliability
    items: tuple[AssignmentItem, ...]


@dataclass(frozen=True, slots=True)
class AssignmentReport:
    """`taken`: learners who handed in; `left_out` of them were asked other questions than the paper's. Without
    `is_fixed` each learner was asked other questions, and there is nothing to compare."""

    taken: int
    left_out: int
    is_fixed: bool
    forms: tuple[FormReport, ...]


@dataclass(frozen=True, slots=True)
class _Sat:
    attempt: int
    learner: int
    form: str


def assignment_items(assignment: Assignment) -> AssignmentReport:
    """The report of a quiz, from its active learners without site staff. Four queries; with regraded answers, five."""
    sat = _first_sittings(assignment)
    if not assignment.is_same_for_all or not assignment.paper:
        return AssignmentReport(len(sat), 0, is_fixed=False, forms=())
    attempts = [row.attempt for row in sat]
    asked: dict[int, set[int]] = defaultdict(set)
    for attempt, version in AttemptItem.objects.filter(attempt__in=attempts).values_list("attempt", "version"):
        asked[attempt].add(version)
    firsts = counting.given(Response.objects.filter(item__attempt__in=attempts))
    given = {(first.learner, first.given.version): first for first in firsts}
    wanted = {pk for paper in assignment.paper.values() for pk in paper}
    versions = QuestionVersion.objects.filter(question__is_suspended=False).select_related("question").in_bulk(wanted)
    forms, used = [], 0
    for form, paper in sorted(assignment.paper.items()):
        fitting = [row for row in sat if row.form == form and asked[row.attempt] == set(paper)]
        used += len(fitting)
        columns = [versions[pk] for pk in paper if pk in versions]
        forms.append(_form(form, columns, [row.learner for row in fitting], given))
    return AssignmentReport(len(sat), len(sat) - used, is_fixed=True, forms=tuple(forms))


def _first_sittings(assignment: Assignment) -> list[_Sat]:
    """The first attempt that each learner handed in."""
    inside = Member.objects.active().learners().filter(classroom=assignment.classroom_id, user__is_staff=False)
    rows = assignment.sittings.submitted().filter(member__in=inside).order_by("member", "number")
    found: dict[int, _Sat] = {}
    for member, attempt, learner, form in rows.values_list("member_id", "attempt_id", "attempt__learner_id", "form"):
        found.setdefault(member, _Sat(attempt, learner, form))
    return list(found.values())


def _form(
    form: str, versions: Sequence[QuestionVersion], learners: Sequence[int], given: Mapping[tuple[int, int], First]
) -> FormReport:
    answers = [[_answer(given.get((learner, version.pk)), version.pk) for version in versions] for learner in learners]
    scores = [[answer.score / FULL for answer in row] for row in answers]
    weights = effective_weights(scores) if scores else [Figure(0, 1)] * len(versions)
    items = []
    for at, version in enumerate(versions):
        tally, cells = Tally(), rest_cells(scores, at)
        for row in answers:
            tally.add(row[at])
        items.append(
            AssignmentItem(
                position=at + 1,
                question_id=version.question_id,
                version=version.number,
                kind_label=version.question.get_kind_display(),
                stem=version.body.get("stem", ""),
                figures=replace(summary(tally, Asked.from_body(version.body)), r=discrimination(cells)),
                efficiency=efficiency(cells),
                weight=weights[at],
            )
        )
    return FormReport(form, reliability(scores), tuple(items))


def _answer(first: First | None, version: int) -> FirstTry:
    """What a learner did with a question; nothing at all is a blank."""
    if first is None:
        return FirstTry(version, USED, 0, BLANK)
    return replace(first.given, standing=USED)
