"""From a draft to work that is set: the questions are drawn and kept, and what a change does is said first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from classrooms.models import Assignment, Member
from classrooms.sittings import FORMS, hand_in, pool
from quizzes import papers
from quizzes.models import QuestionVersion

DRAWN_BY = ("kinds", "count", "is_same_for_all", "form", "pretest")
"""Fields that decide which questions are asked; lessons and picked questions do too."""


class PublishError(Exception):
    """The assignment cannot be set, or not be taken back. `message` says why, for the instructor."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Paper:
    """What a quiz would ask: row ids of versions by form."""

    forms: dict[str, list[int]]

    @property
    def n(self) -> int:
        return min((len(row) for row in self.forms.values()), default=0)


def drawn(assignment: Assignment) -> Paper:
    """The questions that everybody would get, drawn now; the same until the assignment changes."""
    seed = f"{assignment.pk}:{assignment.created_at:%Y%m%d%H%M%S}"
    if assignment.form == Assignment.Form.POST and assignment.pretest and assignment.pretest.paper:
        return Paper({form: list(assignment.pretest.paper.get(form, [])) for form in FORMS})
    if assignment.form != Assignment.Form.ONE:
        a, b, _paired = papers.draw_parallel(pool(assignment), count=assignment.count, seed=seed)
        return Paper({"A": [row.pk for row in a], "B": [row.pk for row in b]})
    count = assignment.questions.count() or assignment.count
    return Paper({"": [row.pk for row in papers.draw_paper(pool(assignment), count=count, seed=seed)]})


def paired(assignment: Assignment) -> int | None:
    """How many facts both forms of what is published ask; None where there is one form. One query, if any."""
    if not all(assignment.paper.get(form) for form in FORMS):
        return None
    ids = [pk for form in FORMS for pk in assignment.paper[form]]
    asked = {row.pk: set(row.content.facts) for row in QuestionVersion.objects.filter(pk__in=ids)}
    a, b = ({fact for pk in assignment.paper[form] for fact in asked.get(pk, ())} for form in FORMS)
    return len(a & b)


def publish(assignment: Assignment, *, now: datetime) -> None:
    """Set the work; twice is once. Raises PublishError."""
    paper = _checked(assignment)
    values = {"published_at": now, "paper": paper, "revision": F("revision") + 1}
    if Assignment.objects.filter(pk=assignment.pk, published_at=None).update(**values):
        assignment.refresh_from_db(fields=list(values))


def _checked(assignment: Assignment) -> dict[str, list[int]]:
    if assignment.sort == Assignment.Sort.PRACTICE and not assignment.lessons.exists():
        raise PublishError(_("Choose at least one lesson first."))
    if not assignment.is_quiz:
        return {}
    paper = drawn(assignment)
    if not paper.n:
        raise PublishError(_("There is no question for this choice of lessons and kinds. Choose others."))
    return paper.forms if assignment.is_same_for_all or assignment.form != Assignment.Form.ONE else {}


def redraw(assignment: Assignment) -> None:
    """After what decides the questions was changed: attempts that begin from now on get the new ones."""
    if assignment.is_quiz and not assignment.is_draft:
        assignment.paper = _checked(assignment)
        Assignment.objects.filter(pk=assignment.pk).update(paper=assignment.paper, revision=F("revision") + 1)


def withdraw(assignment: Assignment) -> None:
    """Make it a draft again. Raises PublishError once somebody has begun."""
    with transaction.atomic():
        found = Assignment.objects.select_for_update().get(pk=assignment.pk)
        if found.sittings.exists() or found.completions.exists():
            raise PublishError(_("Somebody has begun. Close it by its due time, or delete it."))
        found.published_at, found.paper, found.revision = None, {}, found.revision + 1
        found.save(update_fields=["published_at", "paper", "revision"])
    assignment.refresh_from_db()


def delete(assignment: Assignment, *, now: datetime) -> None:
    """Delete it with its marks. Answers stay in the learners' own history: what is open is handed in first."""
    with transaction.atomic():
        related = "attempt__learner", "assignment__classroom", "member"
        for sitting in assignment.sittings.open().select_related(*related):
            hand_in(sitting, now=now)
        assignment.delete()


def drop_work_of(members: QuerySet[Member]) -> None:
    """Delete work that is set for one of `members` and for nobody else, before they go: without anybody it names, it
    would be set for the whole class."""
    single = Assignment.objects.filter(groups=None).annotate(n=Count("members")).filter(n=1)
    alone = single.filter(pk__in=Assignment.members.through.objects.filter(member__in=members).values("assignment"))
    Assignment.objects.filter(pk__in=list(alone.values_list("pk", flat=True))).delete()


def set_for(assignment: Assignment) -> list[Member]:
    """The learners it is set for, by name. Three queries."""
    groups = set(assignment.groups.values_list("pk", flat=True))
    members = set(assignment.members.values_list("pk", flat=True))
    learners = Member.objects.active().learners().filter(classroom=assignment.classroom_id)
    rows = learners.select_related("user").order_by("name", "user__display_name", "user__username", "pk")
    is_for_all = not groups and not members
    return [row for row in rows if is_for_all or row.pk in members or row.group_id in groups]


def begun(assignment: Assignment) -> int:
    """How many learners have begun. One query."""
    return assignment.sittings.order_by().values("member").distinct().count()


def default_title(assignment: Assignment, lessons: list[str]) -> str:
    """A title from the lessons' headings; where other work of the class has it, with the sort and, if need be, a
    number, or nobody could tell them apart in lists and files. One query."""
    classroom = assignment.classroom
    span = f"{lessons[0]} – {lessons[-1]}" if len(lessons) > 1 else "".join(lessons) or str(classroom.course.title)
    taken = set(classroom.assignments.exclude(pk=assignment.pk).values_list("title", flat=True))
    title, n = span[:120], 1
    while title in taken:
        end = f" · {assignment.get_sort_display()}" + (f" {n}" if n > 1 else "")
        title, n = span[: 120 - len(end)] + end, n + 1
    return title
