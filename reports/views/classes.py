"""Reports on a class for those who teach it: overview, document, a sentence, confusions, calibration."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from classrooms.access import teaching
from classrooms.models import Classroom
from curriculum.models import Lesson, Sentence
from curriculum.reading import Display, display, reading
from quizzes.validity.solvers import wilson
from reports import class_tables
from reports.calibration import class_calibration
from reports.classes import class_overview
from reports.confusions import class_matrices
from reports.document import hardest_sentences, lesson_recall, sentence_facts
from reports.forms import OverviewForm
from reports.views.files import links

PER_PAGE = 40
NAMED, REASONS, WRITTEN = 5, 2, 3
"""So many people are named first, with so many reasons each; the table has WRITTEN reasons, a file has all."""


@require_safe
def overview(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Who needs help and why, who may soon, what is least known, and learners x lessons."""
    classroom = teaching(request.user, classroom_id).classroom
    form = OverviewForm(request.GET, classroom=classroom)
    found = class_overview(classroom, timezone.now(), **form.chosen())
    how = _display(request, classroom)
    page = form.page(len(found.rows), PER_PAGE)
    rows = found.rows[(page.number - 1) * PER_PAGE : page.number * PER_PAGE]
    reasons = class_tables.reasons(found, how)
    context = {
        "overview": found,
        "form": form,
        "page": page,
        "helping": [(row, reasons[row.member.pk][:REASONS]) for row in found.helping[:NAMED]],
        "further": max(0, len(found.helping) - NAMED),
        "at_risk": [
            (row, [class_tables.risk_words(*risk) for risk in row.risks])
            for row in [row for row in found.at_risk if not row.needs][:NAMED]
        ],
        "hardest": hardest_sentences(found.columns, found.recalled),
        "states": [class_tables.state_words(state, n) for state, n in found.states],
        "heat": class_tables.heat(found, how, rows),
        "lessons": class_tables.lessons(found, how),
        "learners": class_tables.learners(found, {pk: row[:WRITTEN] for pk, row in reasons.items()}, rows),
        "bands": class_tables.bands(found),
        "history_files": [(_("xAPI (JSON)"), reverse("reports:class_xapi", args=[classroom.pk]))],
    }
    return _page(request, classroom, "reports/class_overview.html", context)


@require_safe
def class_document(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """A lesson of the document, each sentence tinted by what the class recalls of it."""
    classroom = teaching(request.user, classroom_id).classroom
    lessons = list(classroom.course.lessons.order_by("order"))
    wanted = request.GET.get("lesson")
    lesson = next((row for row in lessons if row.slug == wanted), lessons[0] if lessons else None)
    context: dict[str, Any] = {"lessons": lessons, "lesson": lesson}
    if lesson is not None:
        whole = Lesson.objects.select_related("course").get(pk=lesson.pk)
        context |= {"reading": reading(whole), "recall": lesson_recall(classroom, lesson, timezone.now())}
    return _page(request, classroom, "reports/class_document.html", context)


@require_safe
def class_sentence(request: HttpRequest, classroom_id: int, sentence_id: int) -> HttpResponse:
    """One sentence: its facts, what the class knows of each, who missed it, what was said instead, its questions."""
    classroom = teaching(request.user, classroom_id).classroom
    own = Sentence.objects.filter(passage__lesson__course=classroom.course_id).select_related("passage__lesson")
    sentence = get_object_or_404(own, pk=sentence_id)
    how = _display(request, classroom)
    facts = [
        (row, class_tables.mistakes(f"mistakes-{row.fact.pk}", "", row.mistakes, how))
        for row in sentence_facts(classroom, sentence, timezone.now())
    ]
    return _page(request, classroom, "reports/class_sentence.html", {"sentence": sentence, "facts": facts})


@require_safe
def class_confusions(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """What is taken for what, by how many: a matrix for each relation that is asked by picking."""
    classroom = teaching(request.user, classroom_id).classroom
    how = _display(request, classroom)
    rows, is_complete = class_matrices(classroom)
    found = [(class_tables.matrix(row, how), class_tables.confusions(row, how), row) for row in rows]
    context = {"matrices": found, "is_complete": is_complete}
    return _page(request, classroom, "reports/class_confusions.html", context)


@require_safe
def calibration(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Whether the estimates come true."""
    classroom = teaching(request.user, classroom_id).classroom
    found = class_calibration(classroom)
    share = (found.recalled / found.n, *wilson(found.recalled, found.n)) if found.n else None
    context = {"calibration": found, "share": share, "table": class_tables.calibration(found)}
    return _page(request, classroom, "reports/class_calibration.html", context)


def _display(request: HttpRequest, classroom: Classroom) -> Display:
    return display(classroom.course, request.preferences.script)  # type: ignore[attr-defined]


def _page(request: HttpRequest, classroom: Classroom, template: str, context: dict[str, Any]) -> HttpResponse:
    shared = {
        "classroom": classroom,
        "course": classroom.course,
        "display": _display(request, classroom),
        "files": links(request),
    }
    return render(request, template, shared | context)
