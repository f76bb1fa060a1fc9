"""Item statistics: for those who teach a class, and for those who keep a course."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from classrooms import access
from classrooms.models import Assignment, Classroom
from curriculum.models import Course
from quizzes.feedback import places
from quizzes.views.bank import as_asked, editable_course, frame, key_lines
from reports.assignment_items import assignment_items as report_of
from reports.forms import ItemFilterForm
from reports.items import (
    ItemReport,
    QuestionReport,
    arranged,
    class_item,
    class_items,
    course_item,
    course_items,
)
from reports.views.files import links
from reports.views.sheets import asked_in

PAGE_SIZE = 50
TOP = 3


@require_safe
def items(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The questions of a class's course as its learners answered them."""
    classroom = access.teaching(request.user, classroom_id).classroom
    return _list(request, class_items(classroom), classroom.course, classroom)


@require_safe
def item(request: HttpRequest, classroom_id: int, question_id: int) -> HttpResponse:
    """One question as the learners of a class answered it."""
    classroom = access.teaching(request.user, classroom_id).classroom
    question = asked_in(classroom.course, question_id)
    return _one(request, class_item(classroom, question), classroom.course, classroom)


@require_safe
def course_items_page(request: HttpRequest, course: str) -> HttpResponse:
    """The questions of a course as everybody answered them."""
    found = editable_course(request, course)
    return _list(request, course_items(found), found)


@require_safe
def course_item_page(request: HttpRequest, course: str, question_id: int) -> HttpResponse:
    """One question as everybody answered it."""
    found = editable_course(request, course)
    return _one(request, course_item(found, asked_in(found, question_id)), found)


@require_safe
def assignment_items(request: HttpRequest, classroom_id: int, assignment_id: int) -> HttpResponse:
    """How far the marks of a quiz can be trusted, and what each question adds."""
    classroom = access.teaching(request.user, classroom_id).classroom
    quizzes = classroom.assignments.filter(sort=Assignment.Sort.QUIZ).select_related("classroom")
    assignment = get_object_or_404(quizzes, pk=assignment_id)
    context = {"classroom": classroom, "assignment": assignment, "report": report_of(assignment)}
    context["files"] = links(request)
    return render(request, "reports/assignment_items.html", frame(request, classroom.course) | context)


def _list(request: HttpRequest, report: ItemReport, course: Course, classroom: Classroom | None = None) -> HttpResponse:
    framed = frame(request, course)
    form = ItemFilterForm(request.GET, course=course, display=framed["display"])
    page = Paginator(arranged(report, form.wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "report": report,
        "top": report.flagged[:TOP],
        "form": form,
        "page": page,
        "wanted": form.wanted,
        "may_edit": course.is_editable_by(request.user),
        "classroom": classroom,
        "files": links(request),
    }
    return render(request, "reports/items.html", framed | context)


def _one(
    request: HttpRequest, report: QuestionReport, course: Course, classroom: Classroom | None = None
) -> HttpResponse:
    current = report.question.current
    assert current is not None
    context: dict[str, Any] = {
        "report": report,
        "question": report.question,
        "answer": key_lines(current.content),
        "paragraphs": places(course, current.content),
        "may_edit": course.is_editable_by(request.user),
        "classroom": classroom,
        "files": links(request),
    }
    return render(request, "reports/item.html", frame(request, course) | as_asked(current.content) | context)
