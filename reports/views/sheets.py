"""Every report as tables, whole: what its page shows, without the pages of a long list. For files and for programs.

Each function finds what it may show as the page of the same name does, through the person of the request, and obeys the
same address (`?since=`, `?lesson=` and so on).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from classrooms.access import learner_in, teaching
from classrooms.models import Assignment, Classroom
from curriculum.models import Course, Lesson, Sentence
from curriculum.reading import Display, display, reading
from quizzes.models import Question
from quizzes.standings import Day
from quizzes.views.bank import editable_course
from reports import class_tables, item_tables, learner_tables, question_tables, work_tables
from reports.assignment_items import assignment_items as items_of_quiz
from reports.calibration import class_calibration
from reports.classes import class_overview
from reports.confusions import class_matrices
from reports.document import lesson_recall, sentence_facts
from reports.forms import CompareForm, ItemFilterForm, OverviewForm, ThenForm
from reports.items import ItemReport, arranged, class_item, class_items, course_item, course_items
from reports.learner import learner_report
from reports.tables import Table
from reports.work import class_work, gains, work_row


@dataclass(frozen=True, slots=True)
class Sheets:
    """The tables of a report, in the order of its page. `title`: whom or what it is about; `at`: as of when; `course`:
    None where it may be about several."""

    title: str
    course: Course | None
    at: datetime
    tables: tuple[Table, ...]


def learner(request: HttpRequest) -> Sheets:
    """One's own report on the course that is named, else on the one with the newest run. Raises Http404 without one."""
    person = cast(User, request.user)
    course = chosen_course(person, own_courses(person), request.GET.get("course"))
    if course is None:
        raise Http404
    day = Day(timezone.now(), request.preferences.zone)  # type: ignore[attr-defined]
    then = ThenForm(request.GET, today=day.date).chosen()
    report = learner_report(person, course, day, then=then, for_learner=True)
    made = learner_tables.tables(report, _display(request, course))
    return Sheets(person.shown_name, course, day.now, tuple(made.values()))


def own_courses(person: User) -> list[Course]:
    """Those that the person has begun."""
    return list(Course.objects.filter(attempts__learner=person).distinct().defer("text").order_by("title"))


def chosen_course(person: User, courses: Iterable[Course], wanted: str | None) -> Course | None:
    """The one of that slug; without a slug, that of the person's newest run. None where there is no such course."""
    newest = person.attempts.order_by("-started_at", "-pk").values_list("course", flat=True)[:1]
    return next((row for row in courses if row.slug == wanted or (not wanted and row.pk in newest)), None)


def class_learner(request: HttpRequest, classroom_id: int, member_id: int) -> Sheets:
    """Of a learner who is in the class, on the class's course."""
    classroom = _classroom(request, classroom_id)
    member = learner_in(classroom, member_id)
    day = Day(timezone.now(), classroom.zone)
    then = ThenForm(request.GET, today=day.date).chosen()
    report = learner_report(member.user, classroom.course, day, then=then, for_learner=False)
    made = learner_tables.tables(report, _display(request, classroom.course))
    return Sheets(member.shown_name, classroom.course, day.now, tuple(made.values()))


def overview(request: HttpRequest, classroom_id: int) -> Sheets:
    """Learners x lessons, the lessons, everybody with the reasons, and the distribution."""
    classroom = _classroom(request, classroom_id)
    form = OverviewForm(request.GET, classroom=classroom)
    found, how = class_overview(classroom, timezone.now(), **form.chosen()), _display(request, classroom.course)
    learners = class_tables.learners(found, class_tables.reasons(found, how))
    made = class_tables.lessons(found, how), class_tables.heat(found, how), learners, class_tables.bands(found)
    return _of_class(classroom, *made)


def document(request: HttpRequest, classroom_id: int) -> Sheets:
    """The lesson that is named; without a name, the first. Raises Http404 for one that the course does not have."""
    classroom = _classroom(request, classroom_id)
    lessons, wanted = Lesson.objects.filter(course=classroom.course).order_by("order"), request.GET.get("lesson")
    lesson = (lessons.filter(slug=wanted) if wanted else lessons).select_related("course").first()
    if lesson is None:
        raise Http404
    sentences = [sentence for _number, sentence in reading(lesson).sentences]
    recall = lesson_recall(classroom, lesson, timezone.now())
    how = _display(request, classroom.course)
    return _of_class(classroom, class_tables.document(lesson, sentences, recall, how))


def sentence(request: HttpRequest, classroom_id: int, sentence_id: int) -> Sheets:
    """The facts of a sentence, and what was said instead of each."""
    classroom = _classroom(request, classroom_id)
    own = Sentence.objects.filter(passage__lesson__course=classroom.course_id)
    rows = sentence_facts(classroom, get_object_or_404(own, pk=sentence_id), timezone.now())
    how = _display(request, classroom.course)
    instead = [
        class_tables.mistakes(f"mistakes-{row.fact.pk}", class_tables.fact_words(row.fact, how), row.mistakes, how)
        for row in rows
        if row.mistakes
    ]
    return _of_class(classroom, class_tables.facts(rows, how), *instead)


def confusions(request: HttpRequest, classroom_id: int) -> Sheets:
    """Of each relation the mistakes in words, and the matrix."""
    classroom = _classroom(request, classroom_id)
    rows, _is_complete = class_matrices(classroom)
    how = _display(request, classroom.course)
    made = [make(row, how) for row in rows for make in (class_tables.confusions, class_tables.matrix)]
    return _of_class(classroom, *made)


def calibration(request: HttpRequest, classroom_id: int) -> Sheets:
    """Predicted recall against what happened; no row where there are too few answers to judge."""
    classroom = _classroom(request, classroom_id)
    return _of_class(classroom, class_tables.calibration(class_calibration(classroom)))


def work(request: HttpRequest, classroom_id: int) -> Sheets:
    """Each assignment, and the gain between two tests."""
    classroom = _classroom(request, classroom_id)
    made = [work_tables.work(class_work(classroom, timezone.now()), classroom.pk)]
    both = gains(classroom)
    return _of_class(classroom, *made, *([work_tables.gains(both)] if both else []))


def compare(request: HttpRequest) -> Sheets:
    """Two assignments, two classes, or both, of those that the person teaches; no table where nothing was chosen."""
    form, now = CompareForm(request.GET, user=request.user), timezone.now()
    made = []
    if form.is_valid():
        first, second = form.works
        if first and second:
            made.append(work_tables.compared_work((work_row(first, now), work_row(second, now))))
        one, other = form.classes
        if one and other:
            made.append(work_tables.compared_classes([class_overview(row, now) for row in (one, other)]))
    return Sheets(_("Compare"), None, now, tuple(made))


def items(request: HttpRequest, classroom_id: int) -> Sheets:
    """The questions as the class answered them."""
    classroom = _classroom(request, classroom_id)
    return _of_class(classroom, _items(request, class_items(classroom), classroom.course))


def course_items_sheets(request: HttpRequest, course: str) -> Sheets:
    """The questions as everybody answered them, for those who keep the course."""
    found = editable_course(request, course)
    table = _items(request, course_items(found), found)
    return Sheets(found.title, found, timezone.now(), (table,))


def item(request: HttpRequest, classroom_id: int, question_id: int) -> Sheets:
    """One question as the class answered it."""
    classroom = _classroom(request, classroom_id)
    found = class_item(classroom, asked_in(classroom.course, question_id))
    return _of_class(classroom, *question_tables.question(found, _display(request, classroom.course)))


def course_item_sheets(request: HttpRequest, course: str, question_id: int) -> Sheets:
    """One question as everybody answered it, for those who keep the course."""
    found = editable_course(request, course)
    made = question_tables.question(course_item(found, asked_in(found, question_id)), _display(request, found))
    return Sheets(found.title, found, timezone.now(), made)


def asked_in(course: Course, question_id: int) -> Question:
    """A question of a course with its current version. Raises Http404."""
    rows = Question.objects.for_course(course).exclude(current=None).select_related("current", "lesson")
    return get_object_or_404(rows, pk=question_id)


def assignment_items(request: HttpRequest, classroom_id: int, assignment_id: int) -> Sheets:
    """How far the marks of a quiz can be trusted, and its questions."""
    classroom = _classroom(request, classroom_id)
    quizzes = classroom.assignments.filter(sort=Assignment.Sort.QUIZ).select_related("classroom")
    assignment = get_object_or_404(quizzes, pk=assignment_id)
    made = item_tables.papers(items_of_quiz(assignment), _display(request, classroom.course))
    return Sheets(f"{classroom.name} {assignment.title}", classroom.course, timezone.now(), made)


BUILDERS: Mapping[str, Callable[..., Sheets]] = {
    "learner": learner,
    "class_learner": class_learner,
    "class_overview": overview,
    "class_document": document,
    "class_sentence": sentence,
    "class_confusions": confusions,
    "class_calibration": calibration,
    "class_work": work,
    "compare": compare,
    "items": items,
    "item": item,
    "course_item": course_item_sheets,
    "assignment_items": assignment_items,
    "course_items": course_items_sheets,
}
"""By the name of the page."""


def _classroom(request: HttpRequest, classroom_id: int) -> Classroom:
    return teaching(request.user, classroom_id).classroom


def _display(request: HttpRequest, course: Course) -> Display:
    return display(course, request.preferences.script)  # type: ignore[attr-defined]


def _of_class(classroom: Classroom, *tables: Table) -> Sheets:
    return Sheets(classroom.name, classroom.course, timezone.now(), tables)


def _items(request: HttpRequest, report: ItemReport, course: Course) -> Table:
    how = _display(request, course)
    wanted = ItemFilterForm(request.GET, course=course, display=how).wanted
    return item_tables.items(arranged(report, wanted), how)
